//! The files of an embedded index: made, opened, and kept small.

use std::{
    collections::BTreeMap,
    fs::{self, DirBuilder},
    io,
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use qdrant_edge::{
    CreateIndex, Distance, EdgeConfig, EdgeOptimizersConfig, EdgeShard, EdgeSparseVectorParams,
    EdgeVectorParams, FieldIndexOperations, HnswIndexConfig, IntegerIndexParams, JsonPath,
    KeywordIndexParams, Modifier, PayloadFieldSchema, PayloadSchemaParams, UpdateOperation,
    WalOptions,
};

use super::{
    engine::{refuse_full_disk, run},
    schema::{DENSE, FIELDS, Field, SPARSE, Schema, other_dimension},
};
use crate::{
    error::{Context as _, Error, Result},
    failpoint::{Step, reach},
};

/// The folder of a whole index, below the folder that is named in the configuration.
pub(super) const SHARD: &str = "shard";
/// The folder of an index that is being created.
const UNFINISHED: &str = "shard.new";

/// Makes the shard beside its place, and moves it there when it is whole: a creation that was
/// interrupted leaves nothing that could be taken for an index.
pub(super) fn create(folder: &Path, schema: Schema) -> Result<()> {
    let (unfinished, path) = (folder.join(UNFINISHED), folder.join(SHARD));
    let what = format!("can't create an index in {}", folder.display());
    if exists(&unfinished)? {
        fs::remove_dir_all(&unfinished).context(|| what.clone())?;
    }
    create_private_folder(&unfinished).context(|| what.clone())?;
    refuse_full_disk(folder, 0)?;
    let shard = run(&what, || EdgeShard::new(&unfinished, config(schema)))?;
    let filled = run(&what, || {
        for (field, kind) in FIELDS {
            let index = CreateIndex {
                field_name: JsonPath { first_key: field.to_owned(), rest: Vec::new() },
                field_schema: Some(PayloadFieldSchema::FieldParams(on_disk(kind))),
            };
            shard.update(UpdateOperation::FieldIndexOperation(
                FieldIndexOperations::CreateIndex(index),
            ))?;
        }
        shard.flush();
        Ok(())
    });
    let closed = run(&what, || {
        drop(shard);
        Ok(())
    });
    filled.and(closed)?;
    reach(Step::IndexUnfinished);
    fs::rename(&unfinished, &path).and_then(|()| sync_folder(folder)).context(|| what)?;
    reach(Step::IndexMade);
    Ok(())
}

pub(super) fn load(path: &Path, schema: Schema) -> Result<EdgeShard> {
    let what = format!("can't open the index {}", path.display());
    let stored = match EdgeConfig::load(path) {
        Some(stored) => run(&what, || stored).map_err(damaged)?,
        None => {
            return Err(damaged(Error::failed(format!("{what}: its configuration is missing"))));
        }
    };
    let dimension = stored.vectors.get(DENSE).map(|dense| dense.size);
    if dimension != schema.dimension {
        let index = format!("the index {}", path.display());
        return Err(other_dimension(&index, dimension, schema.dimension));
    }
    forget_old_log(path);
    run(&what, || EdgeShard::load(path, Some(config(schema)))).map_err(damaged)
}

/// About how large the vectors of a segment may become: what is larger is not written anew for a few points
/// more, so that time and memory do not grow faster than the logbook.
const SEGMENT_KILOBYTES: usize = 160 << 10;
/// The same where there are only sparse vectors, which are much smaller than the text that they are of.
const SPARSE_SEGMENT_KILOBYTES: usize = 10 << 10;

/// Both kinds of vectors are read from the disk where they are needed, so that the memory does not grow
/// with the logbook. There is no graph of the dense ones: each compaction would build it anew, which takes
/// longer than embedding does, and a scan of a hundred thousand takes tens of milliseconds.
fn config(schema: Schema) -> EdgeConfig {
    let mut config = EdgeConfig::builder()
        .sparse_vector(
            SPARSE,
            EdgeSparseVectorParams::builder().modifier(Modifier::Idf).on_disk(true).build(),
        )
        .on_disk_payload(true)
        .optimizers(EdgeOptimizersConfig {
            default_segment_number: Some(1),
            max_segment_size: Some(match schema.dimension {
                Some(_) => SEGMENT_KILOBYTES,
                None => SPARSE_SEGMENT_KILOBYTES,
            }),
            ..EdgeOptimizersConfig::default()
        })
        .wal_options(WalOptions {
            segment_capacity: 1 << 20,
            segment_queue_len: 0,
            retain_closed: NonZeroUsize::MIN,
        });
    if let Some(dimension) = schema.dimension {
        let no_graph = HnswIndexConfig { m: 0, ..HnswIndexConfig::default() };
        let dense = EdgeVectorParams::builder(dimension, Distance::Cosine)
            .on_disk(true)
            .hnsw_config(no_graph);
        config = config.vector(DENSE, dense.build());
    }
    config.build()
}

/// The index of a field, read from the disk where it is needed: to have it in memory, each command would
/// read the whole of it.
fn on_disk(field: Field) -> PayloadSchemaParams {
    match field {
        Field::Integer => PayloadSchemaParams::Integer(IntegerIndexParams {
            on_disk: Some(true),
            // No day is looked up by itself: they are compared.
            lookup: Some(false),
            ..IntegerIndexParams::default()
        }),
        Field::Keyword => PayloadSchemaParams::Keyword(KeywordIndexParams {
            on_disk: Some(true),
            ..KeywordIndexParams::default()
        }),
    }
}

/// Removes the parts of the engine's log that it never reads again: all but the newest closed one,
/// by which it numbers the next. They would keep the text of deleted notes.
fn forget_old_log(path: &Path) {
    let Ok(entries) = fs::read_dir(path.join("wal")) else { return };
    let mut closed: Vec<(u64, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let number = entry.file_name().to_str()?.strip_prefix("closed-")?.parse().ok()?;
            Some((number, entry.path()))
        })
        .collect();
    closed.sort_unstable();
    closed.pop();
    for (_, file) in closed {
        if fs::remove_file(file).is_err() {
            return;
        }
    }
}

/// The BLAKE3 sum of each file below a folder, by its path there with `/` between the parts.
pub(super) fn sums(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut sums = BTreeMap::new();
    let mut folders = vec![(folder.to_owned(), String::new())];
    while let Some((folder, above)) = folders.pop() {
        let what = || format!("can't read {}", folder.display());
        for entry in fs::read_dir(&folder).context(what)? {
            let entry = entry.context(what)?;
            let name = format!("{above}{}", entry.file_name().to_string_lossy());
            if entry.file_type().context(what)?.is_dir() {
                folders.push((entry.path(), format!("{name}/")));
                continue;
            }
            let what = || format!("can't read {}", entry.path().display());
            let mut hasher = blake3::Hasher::new();
            let file = fs::File::open(entry.path()).context(what)?;
            hasher.update_reader(file).context(what)?;
            sums.insert(name, hasher.finalize().to_hex().to_string());
        }
    }
    Ok(sums)
}

fn damaged(error: Error) -> Error {
    if error.remedy().is_some() {
        return error;
    }
    error.hint("the index may be damaged; it is derived from the notes, so build it anew")
}

pub(super) fn exists(path: &Path) -> Result<bool> {
    path.try_exists().context(|| format!("can't see {}", path.display()))
}

/// Makes a folder that only its owner can read.
pub(super) fn create_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

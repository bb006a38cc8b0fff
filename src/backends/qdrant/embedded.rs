//! The index in this process: a folder of Qdrant Edge.
//!
//! The engine keeps its files open for one process alone and loses what was written since the last
//! flush when that process dies, so that whoever commits must flush first. It builds no graph here:
//! up to some hundred thousand points a scan is quick enough, and exact.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use qdrant_edge::{
    CountRequest, EdgeShard, NamedQuery, NamedVectors, PointId, PointInsertOperations,
    PointOperations, PointStruct, QueryEnum, QueryRequest, Record, ScoringQuery, ScrollRequest,
    UpdateOperation, Vector, VectorInternal, VectorStructInternal, WithPayloadInterface,
    WithVector,
};
use serde_json::Value;
use uuid::Uuid;

use super::{
    batch::{batches, bytes},
    engine::{refuse_full_disk, run},
    filter::{Conditions, edge},
    lock::{Lock, not_writable},
    query::{best_first, is_empty},
    schema::{DENSE, SPARSE, Schema, payload_from_json, payload_to_json},
    shard::{SHARD, create, create_private_folder, exists, load, sums},
};
use crate::{
    error::{Context as _, Error, Exit, Result},
    services::{Filter, Index, Payload, Point, Query, Search, SparseVector},
};

/// The most points of one write; the engine keeps each write in its log as one record.
const BATCH: usize = 256;
/// About how many bytes a write may have.
const BATCH_BYTES: usize = 4 << 20;
/// Points a page of a scroll.
const PAGE: usize = 4096;

/// An index in a folder of this machine.
#[derive(Debug)]
pub struct Embedded {
    shard: Option<EdgeShard>,
    schema: Schema,
    folder: PathBuf,
    #[expect(dead_code, reason = "held until the shard is closed")]
    lock: Lock,
}

impl Embedded {
    /// Opens the index of a folder, and creates it where there is none.
    ///
    /// While another process has it open, this waits for up to `wait`.
    ///
    /// # Errors
    /// When it is still open elsewhere, holds other vectors, or can't be written to.
    pub fn open(folder: &Path, schema: Schema, wait: Duration) -> Result<Self> {
        create_private_folder(folder).map_err(|source| not_writable(folder, source))?;
        let lock = Lock::hold(folder, wait)?;
        if !exists(&folder.join(SHARD))? {
            create(folder, schema)?;
        }
        Self::load(folder, schema, lock)
    }

    /// Opens the index of a folder where there is one.
    ///
    /// # Errors
    /// When there is none, and as [`Embedded::open`].
    pub fn open_existing(folder: &Path, schema: Schema, wait: Duration) -> Result<Self> {
        let missing =
            || Error::new(Exit::NoIndex, format!("there is no index in {}", folder.display()));
        let path = folder.join(SHARD);
        if !exists(&path)? {
            return Err(missing());
        }
        let lock = Lock::hold(folder, wait);
        // It may have been removed by the process that was waited for.
        if exists(&path)? { Self::load(folder, schema, lock?) } else { Err(missing()) }
    }

    /// Removes the index of a folder with all its points; one that is not there is no error.
    ///
    /// While another process has it open, this waits for up to `wait`.
    ///
    /// # Errors
    /// When it is still open elsewhere, or its files can't be removed.
    pub fn remove(folder: &Path, wait: Duration) -> Result<()> {
        if !exists(folder)? {
            return Ok(());
        }
        let lock = Lock::hold(folder, wait)?;
        let outcome = fs::remove_dir_all(folder);
        drop(lock);
        outcome.context(|| format!("can't remove the index {}", folder.display()))
    }

    fn load(folder: &Path, schema: Schema, lock: Lock) -> Result<Self> {
        let shard = load(&folder.join(SHARD), schema)?;
        Ok(Self { shard: Some(shard), schema, folder: folder.to_owned(), lock })
    }

    /// Flushes, and closes the files.
    ///
    /// # Errors
    /// When not everything could be brought to the disk.
    pub fn close(mut self) -> Result<()> {
        self.flush()?;
        self.shut()
    }

    fn shut(&mut self) -> Result<()> {
        let shard = self.shard.take();
        run("can't close the index", || {
            drop(shard);
            Ok(())
        })
    }

    fn shard(&self) -> Result<&EdgeShard> {
        self.shard.as_ref().ok_or_else(|| Error::failed("the index is closed"))
    }

    /// What is made of every point that passes the filter.
    fn scroll_records<T>(
        &self,
        filter: Option<&qdrant_edge::Filter>,
        with_payload: bool,
        make: &mut dyn FnMut(Record) -> Result<T>,
    ) -> Result<Vec<T>> {
        let shard = self.shard()?;
        let mut offset = None;
        let mut results = Vec::new();
        loop {
            let request = ScrollRequest {
                offset,
                limit: Some(PAGE),
                filter: filter.cloned(),
                with_payload: Some(WithPayloadInterface::Bool(with_payload)),
                with_vector: WithVector::Bool(false),
                order_by: None,
            };
            let (records, next) = run("can't read the index", || shard.scroll(request))?;
            for record in records {
                results.push(make(record)?);
            }
            offset = next;
            if offset.is_none() {
                return Ok(results);
            }
        }
    }

    /// The BLAKE3 sum of each file of the index of a folder, by its path there; none where there is
    /// no index.
    ///
    /// While another process has it open, this waits for up to `wait`.
    ///
    /// # Errors
    /// When it is still open elsewhere, or a file can't be read.
    pub fn sums(folder: &Path, wait: Duration) -> Result<BTreeMap<String, String>> {
        if !exists(&folder.join(SHARD))? {
            return Ok(BTreeMap::new());
        }
        let _lock = Lock::hold(folder, wait)?;
        sums(&folder.join(SHARD))
    }

    fn update(&self, what: &str, operation: PointOperations) -> Result<()> {
        let shard = self.shard()?;
        run(what, || shard.update(UpdateOperation::PointOperation(operation)))
    }
}

impl Index for Embedded {
    fn upsert(&mut self, points: &[Point]) -> Result<()> {
        self.schema.check_points(points)?;
        for batch in batches(points, BATCH, BATCH_BYTES, bytes) {
            refuse_full_disk(&self.folder, batch.iter().map(bytes).sum())?;
            let points = batch.iter().map(point_struct).collect::<Result<Vec<_>>>()?;
            let points =
                PointInsertOperations::PointsList(points.into_iter().map(Into::into).collect());
            self.update("can't write to the index", PointOperations::UpsertPoints(points))?;
        }
        Ok(())
    }

    fn delete(&mut self, ids: &[Uuid]) -> Result<()> {
        for batch in ids.chunks(PAGE) {
            refuse_full_disk(&self.folder, size_of_val(batch))?;
            let ids = batch.iter().copied().map(PointId::Uuid).collect();
            self.update("can't delete from the index", PointOperations::DeletePoints { ids })?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        let shard = self.shard()?;
        run("can't bring the index to the disk", || {
            shard.flush();
            Ok(())
        })
    }

    fn compact(&mut self) -> Result<()> {
        let shard = self.shard()?;
        run("can't compact the index", || shard.optimize())?;
        self.flush()
    }

    fn search(&self, search: &Search) -> Result<Vec<(Uuid, f32)>> {
        self.schema.check_search(search)?;
        if is_empty(search) {
            return Ok(Vec::new());
        }
        let query = match &search.query {
            Query::Dense(dense) => nearest(VectorInternal::Dense(dense.clone()), DENSE),
            Query::Sparse(sparse) => {
                let vector = Vector::new_sparse(sparse.indices.clone(), sparse.values.clone())
                    .context(|| "can't search for a sparse vector".to_owned())?;
                nearest(vector.0, SPARSE)
            }
        };
        let conditions = Conditions::of(&search.filter).map(edge::filter);
        let request = plain(query, conditions, search.limit);
        let shard = self.shard()?;
        let points = run("can't search the index", || shard.query(request))?;
        let ranked = points.into_iter().map(|point| Ok((uuid_of(point.id)?, point.score)));
        ranked.collect::<Result<_>>().map(best_first)
    }

    fn payloads(&self, ids: &[Uuid]) -> Result<Vec<(Uuid, Payload)>> {
        let ids: Vec<_> = ids.iter().copied().map(PointId::Uuid).collect();
        let shard = self.shard()?;
        let records = run("can't read the index", || {
            shard.retrieve(
                &ids,
                Some(WithPayloadInterface::Bool(true)),
                Some(WithVector::Bool(false)),
            )
        })?;
        records
            .into_iter()
            .map(|record| Ok((uuid_of(record.id)?, payload(record.payload)?)))
            .collect()
    }

    fn points(&self, ids: &[Uuid]) -> Result<Vec<Point>> {
        let ids: Vec<_> = ids.iter().copied().map(PointId::Uuid).collect();
        let shard = self.shard()?;
        let records = run("can't read the index", || {
            let payload = Some(WithPayloadInterface::Bool(true));
            shard.retrieve(&ids, payload, Some(WithVector::Bool(true)))
        })?;
        records.into_iter().map(whole_point).collect()
    }

    fn ids(&self) -> Result<Vec<Uuid>> {
        self.scroll_records(None, false, &mut |record| uuid_of(record.id))
    }

    fn scroll(&self, filter: &Filter) -> Result<Vec<(Uuid, Payload)>> {
        let filter = Conditions::of(filter).map(edge::filter);
        self.scroll_records(filter.as_ref(), true, &mut |record| {
            Ok((uuid_of(record.id)?, payload(record.payload)?))
        })
    }

    fn count(&self, filter: &Filter) -> Result<u64> {
        let shard = self.shard()?;
        let filter = Conditions::of(filter).map(edge::filter);
        let count =
            run("can't read the index", || shard.count(CountRequest { filter, exact: true }))?;
        Ok(count as u64)
    }
}

impl Drop for Embedded {
    /// Closes the engine, which would panic here when its last flush fails; who needs to know
    /// whether it did calls [`Embedded::close`].
    fn drop(&mut self) {
        let _ = self.shut();
    }
}

fn plain(query: ScoringQuery, filter: Option<qdrant_edge::Filter>, limit: u64) -> QueryRequest {
    QueryRequest {
        prefetches: Vec::new(),
        query: Some(query),
        filter,
        score_threshold: None,
        limit: size(limit),
        offset: 0,
        params: None,
        with_vector: WithVector::Bool(false),
        with_payload: WithPayloadInterface::Bool(false),
    }
}

fn nearest(vector: VectorInternal, name: &str) -> ScoringQuery {
    ScoringQuery::Vector(QueryEnum::Nearest(NamedQuery::new(vector, name)))
}

fn point_struct(point: &Point) -> Result<PointStruct> {
    let mut vectors = NamedVectors::default();
    if let Some(dense) = &point.dense {
        vectors = vectors.add_vector(DENSE, Vector::new_dense(dense.clone()));
    }
    let sparse = Vector::new_sparse(point.sparse.indices.clone(), point.sparse.values.clone())
        .context(|| format!("a chunk of {} has a bad sparse vector", point.payload.path))?;
    vectors = vectors.add_vector(SPARSE, sparse);
    let payload = Value::Object(payload_to_json(&point.payload)?);
    Ok(PointStruct::new(PointId::Uuid(point.id), vectors, payload))
}

fn whole_point(record: Record) -> Result<Point> {
    let mut point = Point {
        id: uuid_of(record.id)?,
        dense: None,
        sparse: SparseVector::default(),
        payload: payload(record.payload)?,
    };
    if let Some(VectorStructInternal::Named(vectors)) = record.vector {
        for (name, vector) in vectors {
            match vector {
                VectorInternal::Dense(dense) if name == DENSE => point.dense = Some(dense),
                VectorInternal::Sparse(sparse) if name == SPARSE => {
                    point.sparse = SparseVector { indices: sparse.indices, values: sparse.values };
                }
                _ => {}
            }
        }
    }
    Ok(point)
}

fn payload(stored: Option<qdrant_edge::Payload>) -> Result<Payload> {
    payload_from_json(stored.map(|payload| payload.0).unwrap_or_default())
}

fn uuid_of(id: PointId) -> Result<Uuid> {
    match id {
        PointId::Uuid(id) => Ok(id),
        PointId::NumId(number) => Err(Error::new(
            Exit::OtherIndex,
            format!("point {number} of the index was not stored by this program"),
        )),
    }
}

fn size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

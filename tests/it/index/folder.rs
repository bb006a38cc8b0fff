//! What is true of the embedded index alone: its folder, its lock and its flush.

use std::{fs, path::Path, thread, time::Duration};

use logtwin::{
    backends::qdrant::{Embedded, Schema},
    error::{Exit, Result},
    services::{Filter, Index as _},
};

use super::cases::{DIMENSION, by_words, point};

const SCHEMA: Schema = Schema { dimension: Some(DIMENSION) };

/// Opens the index of a folder without waiting.
pub(super) fn open(folder: &Path) -> Result<Embedded> {
    Embedded::open(folder, SCHEMA, Duration::ZERO)
}

#[test]
fn what_was_flushed_is_there_after_reopening() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("a").join("index");
    let mut index = open(&folder).unwrap();
    index.upsert(&[point(1), point(2)]).unwrap();
    index.flush().unwrap();
    index.delete(&[point(2).id]).unwrap();
    index.close().unwrap();
    let mut index = open(&folder).unwrap();
    assert_eq!(index.count(&Filter::default()).unwrap(), 1);
    let found = index.search(&by_words(&[(1, 1.0)])).unwrap();
    assert_eq!(found.len(), 1);
    let payloads = index.payloads(&[found[0].0]).unwrap();
    assert_eq!(payloads, [(point(1).id, point(1).payload)]);
    index.upsert(&[point(1), point(3)]).unwrap();
    drop(index);
    assert_eq!(open(&folder).unwrap().count(&Filter::default()).unwrap(), 2);
}

#[test]
fn an_index_that_is_written_to_many_times_can_be_opened_each_time() {
    let home = tempfile::tempdir().unwrap();
    for round in 0..12 {
        let mut index = open(home.path()).unwrap();
        assert_eq!(index.count(&Filter::default()).unwrap(), round * 300);
        let mut points: Vec<_> =
            (1..=300).map(|number| point(u128::from(round) * 300 + number)).collect();
        for point in &mut points {
            point.payload.text = "word ".repeat(400);
        }
        index.upsert(&points).unwrap();
        index.upsert(&points).unwrap();
        index.close().unwrap();
    }
    let index = open(home.path()).unwrap();
    assert_eq!(index.count(&Filter::default()).unwrap(), 3600);
    let log = fs::read_dir(home.path().join("shard/wal")).unwrap().count();
    assert!(log <= 4, "the log has {log} files");
}

#[test]
fn a_compacted_index_holds_the_same_points() {
    let home = tempfile::tempdir().unwrap();
    let mut index = open(home.path()).unwrap();
    let points: Vec<_> = (1..=2000).map(point).collect();
    index.upsert(&points).unwrap();
    let half: Vec<_> = points[..1000].iter().map(|point| point.id).collect();
    index.delete(&half).unwrap();
    index.compact().unwrap();
    assert_eq!(index.count(&Filter::default()).unwrap(), 1000);
    index.upsert(&points[..1]).unwrap();
    index.close().unwrap();
    let index = open(home.path()).unwrap();
    assert_eq!(index.count(&Filter::default()).unwrap(), 1001);
    assert_eq!(index.search(&by_words(&[(1, 1.0)])).unwrap().len(), 10);
}

#[test]
fn an_index_without_a_model_searches_terms_alone() {
    let home = tempfile::tempdir().unwrap();
    let schema = Schema { dimension: None };
    let mut index = Embedded::open(home.path(), schema, Duration::from_secs(30)).unwrap();
    let mut stored = point(1);
    assert_eq!(index.upsert(&[stored.clone()]).unwrap_err().exit(), Exit::OtherIndex);
    stored.dense = None;
    index.upsert(&[stored]).unwrap();
    assert_eq!(index.search(&by_words(&[(1, 1.0)])).unwrap().len(), 1);
}

/// Fault 88: another dimension.
#[test]
fn an_index_of_another_dimension_is_not_opened() {
    let home = tempfile::tempdir().unwrap();
    drop(open(home.path()).unwrap());
    for dimension in [Some(DIMENSION + 1), None] {
        let error = Embedded::open(home.path(), Schema { dimension }, Duration::ZERO).unwrap_err();
        assert_eq!(error.exit(), Exit::OtherIndex, "{error}");
        assert!(error.to_string().contains("embeddings of 4 components"), "{error}");
    }
    open(home.path()).unwrap();
}

#[test]
fn where_there_is_no_index_none_is_made_for_a_question() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("index");
    let error = Embedded::open_existing(&folder, SCHEMA, Duration::ZERO).unwrap_err();
    assert_eq!(error.exit(), Exit::NoIndex);
    assert!(!folder.exists());
}

/// Fault 77: two runs that write.
#[test]
fn a_second_opener_is_told_who_has_the_index() {
    let home = tempfile::tempdir().unwrap();
    let held = open(home.path()).unwrap();
    let error = open(home.path()).unwrap_err();
    assert_eq!(error.exit(), Exit::Locked);
    let holder = format!("process {}", std::process::id());
    assert!(error.to_string().contains(&holder), "{error}");
    drop(held);
    open(home.path()).unwrap();
}

/// Fault 78: a question while a run writes.
#[test]
fn a_lock_is_waited_for() {
    let home = tempfile::tempdir().unwrap();
    let held = open(home.path()).unwrap();
    let release = thread::spawn(move || {
        thread::sleep(Duration::from_millis(100));
        drop(held);
    });
    Embedded::open(home.path(), SCHEMA, Duration::from_mins(1)).unwrap();
    release.join().unwrap();
}

#[test]
fn an_index_is_removed_when_nobody_has_it_open() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("index");
    Embedded::remove(&folder, Duration::from_secs(30)).unwrap();
    let held = open(&folder).unwrap();
    assert_eq!(Embedded::remove(&folder, Duration::ZERO).unwrap_err().exit(), Exit::Locked);
    assert_eq!(held.count(&Filter::default()).unwrap(), 0);
    let waiting = {
        let folder = folder.clone();
        thread::spawn(move || Embedded::open_existing(&folder, SCHEMA, Duration::from_mins(1)))
    };
    thread::sleep(Duration::from_millis(50));
    // Renamed away, since who of the two gets the lock first is open.
    fs::rename(folder.join("shard"), home.path().join("shard")).unwrap();
    drop(held);
    assert_eq!(waiting.join().unwrap().unwrap_err().exit(), Exit::NoIndex);
    Embedded::remove(&folder, Duration::from_secs(30)).unwrap();
    assert!(!folder.exists());
}

/// Fault 79: the lock of a process that is no more.
#[test]
fn a_lock_file_that_nobody_holds_is_no_lock() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("lock"), "4294967295 and more").unwrap();
    open(home.path()).unwrap();
}

/// Faults 74 and 76: files left by a run that was cut off; killed while the first index is made.
#[test]
fn a_creation_that_was_interrupted_begins_anew() {
    let home = tempfile::tempdir().unwrap();
    let unfinished = home.path().join("shard.new");
    fs::create_dir_all(unfinished.join("wal")).unwrap();
    fs::create_dir_all(unfinished.join("segments/5f0e8c4e-half")).unwrap();
    fs::write(unfinished.join("wal/open-1"), "torn").unwrap();
    fs::write(unfinished.join("edge_config.json"), "").unwrap();
    let mut index = open(home.path()).unwrap();
    index.upsert(&[point(1)]).unwrap();
    assert!(!unfinished.exists());
}

/// Faults 71 and 73: a torn file that says what the index consists of; a file of the index without a
/// byte.
#[test]
fn a_damaged_index_is_an_error_with_a_remedy() {
    let home = tempfile::tempdir().unwrap();
    let mut index = open(home.path()).unwrap();
    index.upsert(&[point(1)]).unwrap();
    index.close().unwrap();
    let segments = home.path().join("shard/segments");
    let segment = fs::read_dir(segments).unwrap().next().unwrap().unwrap().path();
    fs::write(segment.join("segment.json"), "").unwrap();
    let error = open(home.path()).unwrap_err();
    assert_eq!(error.exit(), Exit::Failed);
    assert!(error.remedy().is_some_and(|hint| hint.contains("build it anew")), "{error}");
    fs::write(home.path().join("shard/edge_config.json"), "").unwrap();
    assert!(open(home.path()).unwrap_err().remedy().is_some());
    fs::write(home.path().join("shard/edge_config.json"), "{\"vectors\": {").unwrap();
    assert!(open(home.path()).unwrap_err().remedy().is_some());
}

/// Fault 80: an index that can't be written to.
#[test]
fn a_folder_that_cannot_be_written_to_is_named() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("file");
    fs::write(&file, "").unwrap();
    let error = open(&file.join("index")).unwrap_err();
    assert_eq!(error.exit(), Exit::Failed);
    let message = error.to_string();
    assert!(message.starts_with("can't write to the index folder"), "{message}");
    assert!(message.contains("file/index"), "{message}");
}

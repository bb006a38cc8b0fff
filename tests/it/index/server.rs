//! What is true of the index on a server alone, and the collections that the suite is run in.
//!
//! A server is used when `QDRANT_URL` names one, with the key of `QDRANT_API_KEY` where it asks for
//! one; otherwise these tests say that they were skipped.

use std::{
    env,
    io::{self, Write as _},
    net::TcpListener,
    process,
    sync::Once,
    time::{Duration, Instant},
};

use logtwin::{
    backends::{
        Secret,
        qdrant::{Schema, Server, ServerSettings},
    },
    error::Exit,
    services::{Filter, Index},
};
use qdrant_client::{
    Qdrant,
    qdrant::{CreateCollectionBuilder, Distance, VectorParamsBuilder},
};

use super::cases::{DIMENSION, by_words, point};

const SCHEMA: Schema = Schema { dimension: Some(DIMENSION) };

/// Runs a case in a collection of its own, where there is a server.
pub(super) fn with_collection(case: &str, run: impl FnOnce(&mut dyn Index)) {
    let Some(settings) = settings(case) else { return };
    let mut collection = Collection::open(&settings);
    run(&mut collection.server);
}

/// A collection that goes with the test that made it.
struct Collection {
    server: Server,
    settings: ServerSettings,
}

impl Collection {
    fn open(settings: &ServerSettings) -> Self {
        let server = Server::open(settings, SCHEMA).unwrap();
        Self { server, settings: settings.clone() }
    }
}

impl Drop for Collection {
    fn drop(&mut self) {
        Server::remove(&self.settings).unwrap();
    }
}

fn settings(case: &str) -> Option<ServerSettings> {
    let Some(url) = env::var_os("QDRANT_URL") else {
        say_once_that_it_is_skipped();
        return None;
    };
    let key = env::var_os("QDRANT_API_KEY");
    let key = key.map(|key| Secret::new(key.into_string().unwrap()));
    Some(at(url.to_str().unwrap(), key, &format!("logtwin-test-{}-{case}", process::id())))
}

/// Past the test runner, which shows nothing of what a passing test prints.
fn say_once_that_it_is_skipped() {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        let words = "\nthe tests on a Qdrant server are SKIPPED: QDRANT_URL names none\n";
        io::stderr().write_all(words.as_bytes()).unwrap();
    });
}

fn at(url: &str, api_key: Option<Secret>, collection: &str) -> ServerSettings {
    ServerSettings {
        url: url.to_owned(),
        api_key,
        collection: collection.to_owned(),
        shard_number: 1,
        replication_factor: 1,
        on_disk: false,
        timeout: Duration::from_secs(30),
    }
}

/// Fault 97: the server is not there.
#[test]
fn a_server_that_is_down_is_not_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = Server::open(&at(&url, None, "any"), SCHEMA).err().unwrap();
    assert_eq!(error.exit(), Exit::Unreachable, "{error}");
    assert!(error.to_string().contains(&url), "{error}");
    assert!(error.to_string().contains("refused"), "{error}");
}

/// Fault 97: the server is not there.
#[test]
fn a_server_that_says_nothing_is_waited_for_until_the_deadline() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let settings = ServerSettings { timeout: Duration::from_millis(200), ..at(&url, None, "any") };
    let started = Instant::now();
    let error = Server::open(&settings, SCHEMA).err().unwrap();
    assert_eq!(error.exit(), Exit::Unreachable, "{error}");
    assert!(started.elapsed() >= settings.timeout);
}

/// Fault 101: a key without encryption to another machine.
#[test]
fn a_key_is_not_sent_unencrypted_to_another_machine() {
    let key = Secret::new("k-12345".to_owned());
    let error = Server::open(&at("http://192.0.2.1:6334", Some(key), "any"), SCHEMA).err().unwrap();
    assert_eq!(error.exit(), Exit::Usage);
    assert!(!error.to_string().contains("k-12345"));
}

/// Fault 100: the wrong key.
#[test]
fn a_wrong_key_is_refused_and_not_printed() {
    let Some(mut settings) = settings("a_wrong_key_is_refused_and_not_printed") else { return };
    if settings.api_key.is_none() {
        println!("skipped, since QDRANT_API_KEY names no key that the server asks for");
        return;
    }
    for key in [Some(Secret::new("k-12345".to_owned())), None] {
        settings.api_key = key;
        let error = Server::open(&settings, SCHEMA).err().unwrap();
        assert_eq!(error.exit(), Exit::Usage, "{error}");
        assert!(!format!("{error} {error:?}").contains("k-12345"));
    }
}

/// Fault 102: a collection that is somebody else's.
#[test]
fn a_collection_of_another_schema_is_not_touched() {
    let Some(settings) = settings("a_collection_of_another_schema_is_not_touched") else { return };
    let mut collection = Collection::open(&settings);
    collection.server.upsert(&[point(1)]).unwrap();
    for dimension in [Some(DIMENSION + 1), None] {
        let error = Server::open(&settings, Schema { dimension }).err().unwrap();
        assert_eq!(error.exit(), Exit::OtherIndex, "{error}");
    }
    assert_eq!(Server::open(&settings, SCHEMA).unwrap().count(&Filter::default()).unwrap(), 1);
}

/// Fault 102: a collection that is somebody else's.
#[test]
fn a_collection_of_somebody_else_is_not_touched() {
    let Some(settings) = settings("a_collection_of_somebody_else") else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let key = settings.api_key.as_ref().map(Secret::expose);
    let client = Qdrant::from_url(&settings.url).api_key(key).skip_compatibility_check();
    let client = client.build().unwrap();
    let theirs = CreateCollectionBuilder::new(&settings.collection)
        .vectors_config(VectorParamsBuilder::new(DIMENSION as u64, Distance::Cosine));
    runtime.block_on(client.create_collection(theirs)).unwrap();
    let opened = Server::open(&settings, SCHEMA);
    assert!(Server::is_taken(&settings).unwrap());
    let removed = Server::remove(&settings).unwrap_err();
    runtime.block_on(client.delete_collection(&settings.collection)).unwrap();
    for error in [opened.err().unwrap(), removed] {
        assert_eq!(error.exit(), Exit::OtherIndex, "{error}");
        assert!(error.to_string().contains(&settings.collection), "{error}");
    }
}

#[test]
fn a_collection_without_a_model_searches_terms_alone() {
    let Some(settings) = settings("a_collection_without_a_model") else { return };
    let schema = Schema { dimension: None };
    let mut server = Server::open(&settings, schema).unwrap();
    let mut stored = point(1);
    stored.dense = None;
    server.upsert(&[stored]).unwrap();
    let mut server = Server::open(&settings, schema).unwrap();
    server.flush().unwrap();
    assert_eq!(server.search(&by_words(&[(1, 1.0)])).unwrap().len(), 1);
    Server::remove(&settings).unwrap();
}

/// Fault 106: the collection was deleted.
#[test]
fn a_collection_that_was_deleted_outside_is_no_index() {
    let Some(settings) = settings("a_collection_that_was_deleted_outside") else { return };
    let missing = |error: Option<logtwin::error::Error>| {
        let error = error.unwrap();
        assert_eq!(error.exit(), Exit::NoIndex, "{error}");
    };
    missing(Server::open_existing(&settings, SCHEMA).err());
    let mut collection = Collection::open(&settings);
    collection.server.upsert(&[point(1)]).unwrap();
    Server::remove(&settings).unwrap();
    assert!(!Server::is_taken(&settings).unwrap());
    let server = &mut collection.server;
    missing(server.search(&by_words(&[(1, 1.0)])).err());
    missing(server.scroll(&Filter::default()).err());
    missing(server.count(&Filter::default()).err());
    missing(server.upsert(&[point(1)]).err());
    missing(server.delete(&[point(1).id]).err());
    missing(server.flush().err());
}

#[test]
fn what_was_stored_is_there_for_the_next_connection() {
    let Some(settings) = settings("what_was_stored_is_there") else { return };
    let mut collection = Collection::open(&settings);
    let points: Vec<_> = (1..=300).map(point).collect();
    collection.server.upsert(&points).unwrap();
    collection.server.upsert(&points).unwrap();
    collection.server.flush().unwrap();
    let server = Server::open_existing(&settings, SCHEMA).unwrap();
    assert_eq!(server.count(&Filter::default()).unwrap(), 300);
    println!("warnings: {:?}", server.warnings());
}

//! A Qdrant server that does not answer.

use insta::assert_snapshot;
use qdrant_client::Qdrant;

use super::{LOGBOOK, Twin};

/// Fault 97: the server is not there.
#[test]
fn a_server_that_is_down_is_named_with_a_remedy() {
    let twin = Twin::ingested(&LOGBOOK).with("qdrant.url=http://127.0.0.1:1");
    assert_snapshot!(twin.run(&["ask", "who did I plant beans with?"]), @"
    exit 13
    ── stderr
    error: can't reach Qdrant at http://127.0.0.1:1: Connection refused

    hint: start the server, or leave its address out to use the embedded index
    ");
    assert_snapshot!(twin.run(&["search", "beans"]), @"
    exit 13
    ── stderr
    error: can't reach Qdrant at http://127.0.0.1:1: Connection refused

    hint: start the server, or leave its address out to use the embedded index
    ");
    assert_snapshot!(twin.run(&["ingest"]), @"
    exit 13
    ── stderr
    error: can't reach Qdrant at http://127.0.0.1:1: Connection refused

    hint: start the server, or leave its address out to use the embedded index
    ");
    assert_snapshot!(twin.run(&["recap", "2022"]), @"
    exit 13
    ── stderr
    error: can't reach Qdrant at http://127.0.0.1:1: Connection refused

    hint: start the server, or leave its address out to use the embedded index
    ");
}

/// Fault 97: the server is not there.
#[test]
fn an_ingest_into_a_server_that_is_down_commits_nothing() {
    let twin = Twin::new(&LOGBOOK).with("qdrant.url=http://127.0.0.1:1");
    assert_snapshot!(twin.run(&["ingest", "notes"]), @"
    exit 13
    ── stderr
    error: can't reach Qdrant at http://127.0.0.1:1: Connection refused

    hint: start the server, or leave its address out to use the embedded index
    ");
    assert_snapshot!(twin.run(&["status"]), @"
    exit 10
    ── stderr
    error: no index yet

    hint: make one with `twin ingest FOLDER`
    ");
}

#[test]
fn an_address_that_is_none_is_refused() {
    let twin = Twin::new(&LOGBOOK).with("qdrant.url=localhost");
    assert_snapshot!(twin.run(&["ingest", "notes"]), @r#"
    exit 2
    ── stderr
    error: flag: `qdrant.url`: this is no address

    hint: write it with its scheme, such as "http://127.0.0.1:6334"
    "#);
}

/// Fault 89: another chunker, on a server, and only where there is one: the new collection is made
/// beside the old.
#[test]
fn a_rebuild_on_a_server_leaves_one_collection() {
    let Some(user) = OnServer::new("a_rebuild") else { return };
    let twin = &user.twin;
    twin.run(&["ingest", "notes"]);
    twin.write("recipes.md", "# Recipes\n\nWaffles: three eggs.\n");
    let rebuilt = twin.run(&["ingest", "--rebuild"]);
    assert!(rebuilt.contains("7 chunks stored, 0 embedded"), "{rebuilt}");
    assert_eq!(user.collections(), [format!("{}-2", user.collection)]);
    assert!(twin.run(&["search", "waffles"]).contains("recipes.md:1"));
    twin.run(&["ingest", "--rebuild"]);
    assert_eq!(user.collections(), [format!("{}-3", user.collection)]);
    let status = twin.run(&["status"]);
    assert!(status.contains(&format!("{}-3 at ", user.collection)), "{status}");
}

/// A user whose index is on a server, in collections that go with the test.
pub(super) struct OnServer {
    pub(super) twin: Twin,
    pub(super) collection: String,
    pub(super) url: String,
}

impl OnServer {
    /// None where `QDRANT_URL` names no server, or it asks for a key.
    pub(super) fn new(case: &str) -> Option<Self> {
        Self::with(case, |twin| twin)
    }

    /// The same with more settings.
    pub(super) fn with(case: &str, set: impl FnOnce(Twin) -> Twin) -> Option<Self> {
        let Ok(url) = std::env::var("QDRANT_URL") else {
            println!("skipped: QDRANT_URL names no server");
            return None;
        };
        let collection = format!("logtwin-cli-{}-{case}", std::process::id());
        let twin = set(Twin::new(&LOGBOOK))
            .with(format!("qdrant.url={url}"))
            .with(format!("qdrant.collection={collection}"));
        Some(Self { twin, collection, url })
    }

    /// What a run prints whose index is in the program.
    pub(super) fn run_here(&mut self, arguments: &[&str]) -> String {
        let settings = self.twin.settings.clone();
        self.twin.settings.retain(|setting| !setting.starts_with("qdrant.url="));
        let printed = self.twin.run(arguments);
        self.twin.settings = settings;
        printed
    }

    /// The collections that were made under this name.
    pub(super) fn collections(&self) -> Vec<String> {
        let list = self.client(|client| async move { client.list_collections().await });
        let names = list.collections.into_iter().map(|collection| collection.name);
        names.filter(|name| name.starts_with(&self.collection)).collect()
    }

    fn client<T, F>(&self, call: impl FnOnce(Qdrant) -> F) -> T
    where
        F: Future<Output = Result<T, qdrant_client::QdrantError>>,
    {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let _inside = runtime.enter();
        let client = Qdrant::from_url(&self.url).skip_compatibility_check().build().unwrap();
        runtime.block_on(call(client)).unwrap()
    }
}

impl Drop for OnServer {
    fn drop(&mut self) {
        for name in self.collections() {
            self.client(|client| async move { client.delete_collection(name).await });
        }
    }
}

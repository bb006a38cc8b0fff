use std::sync::Mutex;

use serde_json::json;
use sha2::{Digest, Sha256};
use wiremock::{
    Mock, MockServer, Request, Respond, ResponseTemplate,
    matchers::{any, path, path_regex},
};

use super::{super::package::hexadecimal, *};

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const TOKEN: &str = "hf_hunter2";
const WEIGHTS: &[u8] = b"weights, many of them";

/// A hub with one model, whose weights lie on another host.
struct Fixture {
    runtime: tokio::runtime::Runtime,
    hub: MockServer,
    files: MockServer,
    folder: tempfile::TempDir,
}

/// Gives the rest of a file as it is asked for, or cuts it off.
struct Ranges {
    cut_first: Mutex<bool>,
}

impl Respond for Ranges {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let range = request.headers.get("range").and_then(|value| value.to_str().ok());
        let start = range.and_then(|text| text.strip_prefix("bytes=")?.strip_suffix('-'));
        let start: usize = start.and_then(|text| text.parse().ok()).unwrap_or(0);
        if std::mem::take(&mut *self.cut_first.lock().unwrap()) {
            return ResponseTemplate::new(503);
        }
        let status = if start > 0 { 206 } else { 200 };
        ResponseTemplate::new(status).set_body_bytes(&WEIGHTS[start..])
    }
}

impl Fixture {
    fn new(sha256: &str, cut_first: bool) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (hub, files) = runtime.block_on(async {
            let hub = MockServer::start().await;
            let files = MockServer::start().await;
            let listing = json!({"sha": COMMIT, "siblings": [
                {"rfilename": "README.md", "size": 9},
                {"rfilename": "config.json", "size": 2},
                {"rfilename": "tokenizer.json", "size": 2},
                {"rfilename": "1_Pooling/config.json", "size": 2},
                {"rfilename": "onnx/model.onnx", "size": 1_000_000},
                {"rfilename": "model.safetensors", "size": WEIGHTS.len(),
                 "lfs": {"sha256": sha256, "size": WEIGHTS.len()}},
            ]});
            let reply = ResponseTemplate::new(200);
            Mock::given(path("/api/models/a/tiny/revision/main"))
                .respond_with(reply.clone().set_body_json(listing))
                .mount(&hub)
                .await;
            Mock::given(path(format!("/a/tiny/resolve/{COMMIT}/model.safetensors")))
                .respond_with(
                    ResponseTemplate::new(302)
                        .insert_header("location", format!("{}/blob?signed=1", files.uri())),
                )
                .mount(&hub)
                .await;
            Mock::given(path_regex(r"^/a/tiny/resolve/[0-9a-f]{40}/.*json$"))
                .respond_with(reply.set_body_string("{}"))
                .mount(&hub)
                .await;
            Mock::given(any())
                .respond_with(ResponseTemplate::new(404))
                .with_priority(9)
                .mount(&hub)
                .await;
            let ranges = Ranges { cut_first: Mutex::new(cut_first) };
            Mock::given(path("/blob")).respond_with(ranges).mount(&files).await;
            (hub, files)
        });
        Self { runtime, hub, files, folder: tempfile::tempdir().unwrap() }
    }

    fn settings(&self) -> HubSettings {
        HubSettings {
            endpoint: Some(self.hub.uri()),
            token: Some(Secret::new(TOKEN.to_owned())),
            cache: self.folder.path().join("own"),
            shared_cache: Some(self.folder.path().join("shared")),
            offline: false,
        }
    }

    fn pull(&self, name: &str) -> (Result<FolderModel>, Vec<Progress>) {
        let mut steps = Vec::new();
        let hub = Hub::new(self.settings());
        let pulled = hub.pull(&name.parse().unwrap(), &mut |step| steps.push(step));
        (pulled, steps)
    }

    fn requests(&self, server: &MockServer) -> Vec<Request> {
        self.runtime.block_on(server.received_requests()).unwrap()
    }

    /// What is there of a file in the cache.
    fn place(&self, file: &str) -> PathBuf {
        let snapshot = self.folder.path().join("own/models--a--tiny/snapshots").join(COMMIT);
        fs::create_dir_all(&snapshot).unwrap();
        snapshot.join(file)
    }
}

fn sum() -> String {
    hexadecimal(&Sha256::digest(WEIGHTS))
}

fn authorised(requests: &[Request]) -> Vec<bool> {
    requests.iter().map(|request| request.headers.contains_key("authorization")).collect()
}

#[test]
fn a_model_is_fetched_once_and_the_token_stays_with_the_hub() {
    let fixture = Fixture::new(&sum(), false);
    let (pulled, steps) = fixture.pull("a/tiny");
    let pulled = pulled.unwrap();
    assert_eq!(pulled.name, "hf:a/tiny");
    assert_eq!(fs::read(pulled.folder.join("model.safetensors")).unwrap(), WEIGHTS);
    assert!(pulled.folder.join("1_Pooling/config.json").exists());
    assert!(!pulled.folder.join("README.md").exists());
    let total = WEIGHTS.len() as u64 + 6;
    assert_eq!(steps[0], Progress::Downloading(total));
    assert_eq!(steps.last(), Some(&Progress::Fetched { bytes: total, total }));
    let asked = fixture.requests(&fixture.hub);
    assert!(asked.len() == 5 && authorised(&asked).iter().all(|is| *is), "{asked:?}");
    assert_eq!(authorised(&fixture.requests(&fixture.files)), [false]);
    let (again, steps) = fixture.pull("a/tiny");
    assert_eq!((again.unwrap(), steps), (pulled, Vec::new()));
    assert_eq!(fixture.requests(&fixture.hub).len(), 5);
}

#[test]
fn a_file_that_was_cut_is_gone_on_with() {
    let fixture = Fixture::new(&sum(), true);
    fs::write(fixture.place("model.safetensors.part"), &WEIGHTS[..7]).unwrap();
    let pulled = fixture.pull("a/tiny").0.unwrap();
    assert_eq!(fs::read(pulled.folder.join("model.safetensors")).unwrap(), WEIGHTS);
    let ranges: Vec<String> = fixture
        .requests(&fixture.files)
        .iter()
        .map(|request| request.headers["range"].to_str().unwrap().to_owned())
        .collect();
    assert_eq!(ranges, ["bytes=7-", "bytes=7-"]);
}

#[test]
fn a_file_that_is_not_the_published_one_is_not_taken() {
    let fixture = Fixture::new(&"0".repeat(64), false);
    let error = fixture.pull("a/tiny").0.unwrap_err();
    assert!(error.to_string().contains("SHA-256"), "{error}");
    assert!(!fixture.place("model.safetensors").exists());
    assert!(!fixture.place("model.safetensors.part").exists());
    let model = "a/tiny".parse().unwrap();
    assert_eq!(Hub::new(fixture.settings()).find(&model), None);
}

#[test]
fn what_can_not_be_had_is_said_with_what_to_do() {
    let fixture = Fixture::new(&sum(), false);
    let error = fixture.pull("a/other").0.unwrap_err();
    assert!(error.to_string().contains("shows no model hf:a/other"), "{error}");
    assert!(error.remedy().unwrap().contains("HF_TOKEN"));
    assert!(!format!("{error} {error:?}").contains(TOKEN));

    let offline = Hub::new(HubSettings { offline: true, ..fixture.settings() });
    let asked = fixture.requests(&fixture.hub).len();
    let error = offline.pull(&"a/tiny".parse().unwrap(), &mut |_| ()).unwrap_err();
    assert_eq!(error.exit(), Exit::Unreachable);
    assert_eq!(fixture.requests(&fixture.hub).len(), asked);

    let nowhere =
        HubSettings { endpoint: Some("http://127.0.0.1:9".to_owned()), ..fixture.settings() };
    let error = Hub::new(nowhere).pull(&"a/tiny".parse().unwrap(), &mut |_| ()).unwrap_err();
    assert_eq!(error.exit(), Exit::Unreachable);
    assert!(error.remedy().unwrap().contains("dir:FOLDER"));
}

#[test]
fn the_token_never_travels_in_the_clear() {
    let fixture = Fixture::new(&sum(), false);
    let plain =
        HubSettings { endpoint: Some("http://hub.example".to_owned()), ..fixture.settings() };
    let error = Hub::new(plain).pull(&"a/tiny".parse().unwrap(), &mut |_| ()).unwrap_err();
    assert_eq!(error.exit(), Exit::Usage);
    assert!(!format!("{error} {error:?}").contains(TOKEN));
}

#[test]
fn a_model_that_another_program_fetched_is_used_when_it_is_whole() {
    let fixture = Fixture::new(&sum(), false);
    let shared = fixture.folder.path().join("shared/models--a--tiny");
    let write = |path: &str, text: &str| {
        let path = shared.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let hub = Hub::new(fixture.settings());
    let model: HubModel = "a/tiny".parse().unwrap();
    let snapshot = format!("snapshots/{COMMIT}");
    write("refs/main", COMMIT);
    for name in REQUIRED {
        write(&format!("{snapshot}/{name}"), "{}");
    }
    assert_eq!(hub.find(&model), None);
    write(&format!(".no_exist/{COMMIT}/modules.json"), "");
    assert_eq!(hub.find(&model).unwrap().folder, shared.join(&snapshot));
    let pinned: HubModel = format!("a/tiny@{COMMIT}").parse().unwrap();
    assert_eq!(hub.find(&pinned).unwrap().name, format!("hf:a/tiny@{COMMIT}"));
    assert!(fixture.requests(&fixture.hub).is_empty());
}

#[test]
fn only_names_are_names() {
    for name in ["a/b", "bert-base-uncased", "a.b/c_d-e", "a/b@v1.0"] {
        assert_eq!(name.parse::<HubModel>().unwrap().to_string(), format!("hf:{name}"));
    }
    for name in ["", "a/b/c", "../b", "a/..", "a b", "a/b@", "a/b@../x", "/a", "a/"] {
        assert!(name.parse::<HubModel>().is_err(), "{name}");
    }
}

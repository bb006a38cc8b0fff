//! Servers that answer as a test tells them to, and what it takes to ask them.

use std::{
    collections::VecDeque,
    io::{Read, Write},
    net::TcpListener,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use logtwin::{
    backends::{
        Secret,
        chat::{ChatModel, ChatSettings, Deadlines, Provider},
    },
    error::{Error, Exit},
    services::{Chat, ChatRequest, Completion, Message, Speaker, Tokens},
};
use serde_json::{Value, json};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::any};

pub(super) const KEY: &str = "sk-hunter2";
pub(super) const BOTH: [Provider; 2] = [Provider::OpenAi, Provider::Anthropic];

/// What came of a question: the pieces that were given, and the end.
pub(super) struct Outcome {
    pub(super) given: String,
    pub(super) end: Result<Completion, Error>,
}

impl Outcome {
    #[track_caller]
    pub(super) fn error(&self, exit: Exit) -> String {
        let error = self.end.as_ref().unwrap_err();
        assert_eq!(error.exit(), exit, "{error}");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(KEY) && !shown.contains("hunter2"), "{shown}");
        format!("{error}\nhint: {}", error.remedy().unwrap_or_default())
    }
}

pub(super) fn settings(provider: Provider, base_url: &str) -> ChatSettings {
    ChatSettings {
        provider,
        base_url: base_url.into(),
        model: "small".into(),
        api_key: Some(Secret::new(KEY.into())),
        key_variable: "SOME_KEY".into(),
        temperature: Some(0.5),
        proxy: None,
        deadlines: Deadlines {
            connect: Duration::from_secs(5),
            first_token: Duration::from_secs(5),
            idle: Duration::from_secs(5),
            total: Duration::from_secs(20),
            retry: Duration::from_millis(2),
            retry_max: Duration::from_millis(50),
        },
    }
}

pub(super) fn request() -> ChatRequest {
    let message = Message { role: Speaker::User, content: "When?".into() };
    ChatRequest {
        system: "Be brief.".into(),
        messages: vec![message],
        tokens_max: 50,
        schema: None,
    }
}

pub(super) fn ask(settings: ChatSettings) -> Outcome {
    let model = ChatModel::new(settings).unwrap();
    let mut given = String::new();
    let end = model.complete(&request(), &mut |text| given.push_str(text));
    Outcome { given, end }
}

/// A server that replies as a test tells it to.
pub(super) struct Server {
    runtime: tokio::runtime::Runtime,
    pub(super) server: MockServer,
}

struct Replies(Mutex<VecDeque<ResponseTemplate>>);

impl Respond for Replies {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        let mut replies = self.0.lock().unwrap();
        if replies.len() > 1 { replies.pop_front().unwrap() } else { replies[0].clone() }
    }
}

impl Server {
    /// A server that gives each reply once, in order, and the last one ever after.
    pub(super) fn new(replies: impl IntoIterator<Item = ResponseTemplate>) -> Self {
        Self::answering(Replies(Mutex::new(replies.into_iter().collect())))
    }

    /// A server that answers each request by what it says.
    pub(super) fn answering(respond: impl Respond + 'static) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let server = runtime.block_on(async {
            let server = MockServer::start().await;
            Mock::given(any()).respond_with(respond).mount(&server).await;
            server
        });
        Self { runtime, server }
    }

    pub(super) fn base_url(&self) -> String {
        format!("{}/v1", self.server.uri())
    }

    pub(super) fn ask(&self, provider: Provider) -> Outcome {
        ask(settings(provider, &self.base_url()))
    }

    pub(super) fn requests(&self) -> Vec<Request> {
        self.runtime.block_on(self.server.received_requests()).unwrap()
    }
}

pub(super) fn status(status: u16, body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(body)
}

/// A whole answer of these pieces.
pub(super) fn says(provider: Provider, texts: &[&str]) -> ResponseTemplate {
    stream(&events(provider, texts, stop(provider)))
}

pub(super) fn stream(body: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body, "text/event-stream; charset=utf-8")
}

/// A stream in the format of the provider: these texts, then its end.
pub(super) fn events(provider: Provider, texts: &[&str], stop: &str) -> String {
    let mut stream = String::new();
    let mut event = |value: Value| {
        let name = value["type"].as_str().map(|name| format!("event: {name}\n"));
        stream.extend([name.unwrap_or_default(), format!("data: {value}\n\n")]);
    };
    if provider == Provider::Anthropic {
        let usage = json!({"input_tokens": 7, "output_tokens": 1});
        event(json!({"type": "message_start", "message": {"usage": usage}}));
        event(json!({"type": "ping"}));
        for text in texts {
            let delta = json!({"type": "text_delta", "text": text});
            event(json!({"type": "content_block_delta", "delta": delta}));
        }
        let delta = json!({"stop_reason": stop});
        let usage = json!({"output_tokens": 3});
        event(json!({"type": "message_delta", "delta": delta, "usage": usage}));
        event(json!({"type": "message_stop"}));
    } else {
        event(json!({"choices": [{"delta": {"role": "assistant", "content": ""}}]}));
        for text in texts {
            event(json!({"choices": [{"delta": {"content": text}}]}));
        }
        event(json!({"choices": [{"delta": {}, "finish_reason": stop}]}));
        event(json!({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 3}}));
        stream += "data: [DONE]\n\n";
    }
    stream
}

/// The same stream without what tells its end.
pub(super) fn begun(provider: Provider, texts: &[&str]) -> String {
    let stream = events(provider, texts, "STOP");
    let end = stream.find("STOP").unwrap();
    let end = stream[..end].rfind("\n\n").unwrap() + 2;
    stream[..end].to_owned()
}

pub(super) fn stop(provider: Provider) -> &'static str {
    if provider == Provider::OpenAi { "stop" } else { "end_turn" }
}

pub(super) fn whole(provider: Provider) -> ResponseTemplate {
    stream(&events(provider, &["In ", "May."], stop(provider)))
}

#[track_caller]
pub(super) fn check_whole(outcome: &Outcome) {
    let tokens = Some(Tokens { input: 7, output: 3 });
    let expected = Completion { text: "In May.".into(), cut_off: false, tokens };
    assert_eq!(outcome.end.as_ref().unwrap(), &expected);
    assert_eq!(outcome.given, "In May.");
}

/// What a listener does after it has sent its reply.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Then {
    Close,
    Hang,
    Ping,
}

/// A listener that sends these pieces of a body as they are, to whoever asks; gives its base url
/// and the count of those who asked.
pub(super) fn listener(pieces: Vec<Vec<u8>>, then: Then) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    thread::spawn(move || {
        let mut hanging = Vec::new();
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            counted.fetch_add(1, Ordering::SeqCst);
            connection.set_nodelay(true).unwrap();
            let _ = connection.read(&mut [0; 4096]).unwrap();
            let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\
                        transfer-encoding: chunked\r\n\r\n";
            connection.write_all(head.as_bytes()).unwrap();
            for piece in &pieces {
                write!(connection, "{:x}\r\n", piece.len()).unwrap();
                connection.write_all(piece).unwrap();
                connection.write_all(b"\r\n").unwrap();
            }
            let ping = ": ping\n\ndata: {\"type\": \"ping\"}\n\n";
            let ping = format!("{:x}\r\n{ping}\r\n", ping.len());
            while then == Then::Ping && connection.write_all(ping.as_bytes()).is_ok() {
                thread::sleep(Duration::from_millis(5));
            }
            if then != Then::Close {
                hanging.push(connection);
            }
        }
    });
    (base_url, count)
}

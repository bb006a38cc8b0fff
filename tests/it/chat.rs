//! Language models over real HTTP: whole replies from wiremock, broken ones from a plain listener.

use std::{
    net::TcpListener,
    sync::atomic::Ordering,
    thread,
    time::{Duration, Instant},
};

use logtwin::{
    backends::{
        Secret,
        chat::{ChatModel, ChatSettings, Listed, LocalServer, Provider, find_local},
    },
    error::Exit,
    services::{Chat, ContextOverflow},
};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::servers::{
    BOTH, KEY, Outcome, Server, Then, ask, begun, check_whole, events, listener, request, settings,
    status, stop, stream, whole,
};

#[test]
fn an_answer_streams_in_both_formats() {
    for provider in BOTH {
        let server = Server::new([whole(provider)]);
        check_whole(&server.ask(provider));
        let requests = server.requests();
        let body: Value = requests[0].body_json().unwrap();
        assert_eq!((&body["model"], &body["stream"]), (&json!("small"), &json!(true)));
        assert_eq!((&body["max_tokens"], &body["temperature"]), (&json!(50), &json!(0.5)));
        let header =
            |name: &str| requests[0].headers.get(name).map(|value| value.to_str().unwrap());
        let user = json!({"role": "user", "content": "When?"});
        if provider == Provider::OpenAi {
            assert_eq!(requests[0].url.path(), "/v1/chat/completions");
            assert_eq!(header("authorization"), Some("Bearer sk-hunter2"));
            let system = json!({"role": "system", "content": "Be brief."});
            assert_eq!(body["messages"], json!([system, user]));
        } else {
            assert_eq!(requests[0].url.path(), "/v1/messages");
            assert_eq!(header("x-api-key"), Some(KEY));
            assert_eq!(header("anthropic-version"), Some("2023-06-01"));
            let cached = json!({"type": "ephemeral"});
            let system = json!([{"type": "text", "text": "Be brief.", "cache_control": cached}]);
            assert_eq!((&body["system"], &body["messages"]), (&system, &json!([user])));
        }
    }
}

#[test]
fn an_answer_that_does_not_stream_is_read_too() {
    let message = json!({"message": {"content": "In May."}, "finish_reason": "stop"});
    let usage = json!({"prompt_tokens": 7, "completion_tokens": 3});
    let server = Server::new([status(200, &json!({"choices": [message], "usage": usage}))]);
    check_whole(&server.ask(Provider::OpenAi));
    let content = json!([{"type": "text", "text": "In May."}]);
    let usage = json!({"input_tokens": 7, "output_tokens": 3});
    let reply = json!({"content": content, "stop_reason": "end_turn", "usage": usage});
    check_whole(&Server::new([status(200, &reply)]).ask(Provider::Anthropic));
}

#[test]
fn deadlines_may_be_without_end() {
    let server = Server::new([status(500, &json!({})), whole(Provider::OpenAi)]);
    let mut settings = settings(Provider::OpenAi, &server.base_url());
    for deadline in [
        &mut settings.deadlines.connect,
        &mut settings.deadlines.first_token,
        &mut settings.deadlines.idle,
        &mut settings.deadlines.total,
        &mut settings.deadlines.retry_max,
    ] {
        *deadline = Duration::MAX;
    }
    check_whole(&ask(settings));
}

#[test]
fn several_threads_ask_at_once() {
    let server = Server::new([whole(Provider::OpenAi).set_delay(Duration::from_millis(30))]);
    let model = ChatModel::new(settings(Provider::OpenAi, &server.base_url())).unwrap();
    thread::scope(|scope| {
        let ask = || model.complete(&request(), &mut |_| {}).unwrap().text;
        let asked: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
        for thread in asked {
            assert_eq!(thread.join().unwrap(), "In May.");
        }
    });
    assert_eq!(server.requests().len(), 8);
}

#[test]
fn a_parameter_that_is_not_taken_is_left_out() {
    let unsupported = |name: &str| {
        let message = format!("Unsupported parameter: '{name}' is not supported with this model.");
        status(400, &json!({"error": {"message": message, "param": name}}))
    };
    let refused = [unsupported("max_tokens"), unsupported("temperature")];
    let server = Server::new(refused.into_iter().chain([whole(Provider::OpenAi)]));
    check_whole(&server.ask(Provider::OpenAi));
    let body: Value = server.requests()[2].body_json().unwrap();
    assert_eq!((body.get("max_tokens"), body.get("temperature")), (None, None));
    assert_eq!(body["max_completion_tokens"], 50);
}

/// Fault 108: too many requests are waited for, within a cap.
#[test]
fn too_many_requests_are_waited_for() {
    let body = json!({"error": {"message": "slow down", "type": "rate_limit_error"}});
    let busy = |after: &str| status(429, &body).insert_header("retry-after", after);
    for provider in BOTH {
        let server = Server::new([busy("0.02"), busy("0"), whole(provider)]);
        check_whole(&server.ask(provider));
        assert_eq!(server.requests().len(), 3);
    }
    let server = Server::new([busy("0.001")]);
    let outcome = server.ask(Provider::OpenAi);
    assert!(outcome.error(Exit::OverBudget).contains("slow down"));
    assert_eq!(server.requests().len(), 4);

    let server = Server::new([busy("3600")]);
    assert!(server.ask(Provider::OpenAi).error(Exit::OverBudget).contains("again in 3600 s"));
    assert_eq!(server.requests().len(), 1, "an hour can't be waited for, so it is not begun");
}

/// Fault 109: a spent quota is not asked again.
#[test]
fn a_spent_quota_is_not_asked_again() {
    let openai =
        json!({"error": {"message": "You exceeded your quota", "code": "insufficient_quota"}});
    let anthropic = json!({"type": "error", "error": {"type": "invalid_request_error",
        "message": "Your credit balance is too low to access the API."}});
    let replies = [(Provider::OpenAi, 429, openai), (Provider::Anthropic, 400, anthropic)];
    for (provider, code, body) in replies {
        let server = Server::new([status(code, &body)]);
        assert!(server.ask(provider).error(Exit::OverBudget).contains("quota"));
        assert_eq!(server.requests().len(), 1);
    }
}

/// Fault 110: a failing endpoint is asked twice more.
#[test]
fn a_failing_endpoint_is_asked_twice_more() {
    let failing = |code| status(code, &json!({"error": {"message": "overloaded"}}));
    for provider in BOTH {
        let server = Server::new([failing(500), failing(529), whole(provider)]);
        check_whole(&server.ask(provider));
        assert_eq!(server.requests().len(), 3);

        let server = Server::new([failing(503)]);
        assert!(server.ask(provider).error(Exit::Unreachable).contains("overloaded"));
        assert_eq!(server.requests().len(), 3);
    }
}

/// Fault 111: a refused key is named by its variable.
#[test]
fn a_wrong_key_is_named_by_its_variable() {
    let body = json!({"error": {"message": "Incorrect API key provided: sk-hunter2"}});
    for provider in BOTH {
        let server = Server::new([status(401, &body)]);
        let shown = server.ask(provider).error(Exit::Usage);
        assert!(shown.contains("the key in SOME_KEY is refused"), "{shown}");
        assert_eq!(server.requests().len(), 1);
        let server = Server::new([status(403, &body)]);
        server.ask(provider).error(Exit::Usage);
        let model = format!("{:?}", settings(provider, "http://127.0.0.1/v1"));
        assert!(!model.contains("hunter2"), "{model}");
    }
}

/// Fault 111: a refused key is named by its variable.
#[test]
fn a_key_that_is_missing_is_asked_for_in_a_whole_sentence() {
    let server = Server::new([status(401, &json!({}))]);
    let mut without = settings(Provider::OpenAi, &server.base_url());
    without.api_key = None;
    let shown = ask(without.clone()).error(Exit::Usage);
    assert!(shown.ends_with("hint: set SOME_KEY to a key of this provider"), "{shown}");
    without.key_variable = String::new();
    let shown = ask(without).error(Exit::Usage);
    assert!(shown.ends_with("holds the key in `llm.key_variable`"), "{shown}");
}

#[test]
fn a_probe_asks_for_the_list_of_models_and_nothing_else() {
    for provider in BOTH {
        let probe = |reply| {
            let server = Server::new([reply]);
            let model = ChatModel::new(settings(provider, &server.base_url())).unwrap();
            let outcome = model.probe();
            let requests = server.requests();
            assert_eq!((requests.len(), requests[0].url.path()), (1, "/v1/models"));
            assert_eq!(requests[0].method.as_str(), "GET");
            outcome
        };
        let list = json!({"data": [{"id": "small"}]});
        assert_eq!(probe(status(200, &list)).unwrap(), Listed::Here);
        assert_eq!(probe(status(200, &json!({"data": []}))).unwrap(), Listed::NotHere);
        assert_eq!(probe(status(404, &json!({}))).unwrap(), Listed::Unknown);
        assert_eq!(probe(status(401, &json!({}))).unwrap_err().exit(), Exit::Usage);
        assert_eq!(probe(status(500, &json!({}))).unwrap_err().exit(), Exit::Unreachable);
    }
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let model = ChatModel::new(settings(Provider::OpenAi, &format!("http://{closed}/v1"))).unwrap();
    assert_eq!(model.probe().unwrap_err().exit(), Exit::Unreachable);
}

/// Fault 112: a prompt that is too long is made shorter, and that is said.
#[test]
fn a_prompt_that_is_too_long_is_recognised() {
    let message = "prompt is too long: 9000 tokens > 8000 maximum";
    let body = json!({"error": {"type": "invalid_request_error", "message": message}});
    for provider in BOTH {
        let inside = stream(&format!("data: {body}\n\n"));
        for reply in [status(400, &body), status(500, &body), inside] {
            let server = Server::new([reply]);
            let outcome = server.ask(provider);
            assert!(outcome.error(Exit::Failed).contains(message));
            assert!(ContextOverflow::caused(outcome.end.as_ref().unwrap_err()));
            assert_eq!(server.requests().len(), 1);
        }
    }
    let other = Server::new([status(400, &json!({"error": {"message": "no"}}))]);
    assert!(!ContextOverflow::caused(&other.ask(Provider::OpenAi).end.unwrap_err()));
}

/// Fault 113: a stall ends at its deadline.
#[test]
fn a_stall_ends_at_its_deadline() {
    for provider in BOTH {
        for then in [Then::Hang, Then::Ping] {
            let (base_url, _) = listener(vec![begun(provider, &["In "]).into()], then);
            let mut settings = settings(provider, &base_url);
            settings.deadlines.idle = Duration::from_millis(80);
            let outcome = ask(settings.clone());
            assert_eq!(outcome.given, "In ");
            assert!(outcome.error(Exit::Failed).contains("nothing came within 80ms"));

            let (base_url, count) = listener(vec![begun(provider, &[]).into()], then);
            settings.base_url = base_url;
            settings.deadlines.first_token = Duration::from_millis(80);
            assert!(ask(settings).error(Exit::Unreachable).contains("no answer came within 80ms"));
            assert_eq!(count.load(Ordering::SeqCst), 1);
        }
    }
}

/// Fault 113: a stall ends at its deadline.
#[test]
fn an_answer_that_never_ends_is_cut_at_the_total_deadline() {
    for provider in BOTH {
        let (base_url, _) = listener(vec![begun(provider, &["In "]).into()], Then::Hang);
        let mut settings = settings(provider, &base_url);
        settings.deadlines.total = Duration::from_millis(80);
        let outcome = ask(settings);
        assert!(outcome.error(Exit::Failed).contains("no whole answer came within 80ms"));
        assert_eq!(outcome.given, "In ");
    }
}

/// Fault 114: a stream without its end is incomplete.
#[test]
fn an_answer_without_its_end_is_no_answer() {
    for provider in BOTH {
        let server = Server::new([stream(&begun(provider, &["In "]))]);
        let outcome = server.ask(provider);
        assert!(outcome.error(Exit::Failed).contains("broke off"));
        assert_eq!(outcome.given, "In ");
        assert_eq!(server.requests().len(), 1, "what was given can't be taken back");

        let mut cut = begun(provider, &["In "]).into_bytes();
        cut.extend_from_slice(b"data: {\"choices\":[{\"del");
        let (base_url, _) = listener(vec![cut], Then::Close);
        let outcome = ask(settings(provider, &base_url));
        assert!(outcome.error(Exit::Failed).contains("broke off"));
        assert_eq!(outcome.given, "In ");
    }
}

/// Fault 115: an error inside a stream of status 200 is one.
#[test]
fn an_error_inside_a_stream_is_an_error() {
    let error = r#"data: {"type":"error","error":{"type":"overloaded_error","message":"busy"}}"#;
    for provider in BOTH {
        let early = stream(&format!("{}event: error\n{error}\n\n", begun(provider, &[])));
        let server = Server::new([early, whole(provider)]);
        check_whole(&server.ask(provider));
        assert_eq!(server.requests().len(), 2);

        let late = stream(&format!("{}event: error\n{error}\n\n", begun(provider, &["In "])));
        let server = Server::new([late, whole(provider)]);
        let outcome = server.ask(provider);
        assert!(outcome.error(Exit::Unreachable).contains("busy"));
        assert_eq!((outcome.given.as_str(), server.requests().len()), ("In ", 1));
    }
}

/// Fault 116: a reply may be cut anywhere.
#[test]
fn an_answer_is_the_same_when_each_byte_comes_alone() {
    for provider in BOTH {
        let events = events(provider, &["é🦀", "née \"à\""], stop(provider)).replace('\n', "\r\n");
        let pieces = events.into_bytes().into_iter().map(|byte| vec![byte]).collect();
        let (base_url, _) = listener(pieces, Then::Hang);
        let outcome = ask(settings(provider, &base_url));
        assert_eq!(outcome.given, "é🦀née \"à\"");
        assert_eq!(outcome.end.unwrap().text, outcome.given);
    }
}

/// Fault 117: an empty answer or a refusal is none.
#[test]
fn an_empty_answer_or_a_refusal_is_an_error() {
    for provider in BOTH {
        let empty = Server::new([stream(&events(provider, &[" "], stop(provider)))]);
        assert!(empty.ask(provider).error(Exit::Failed).contains("gave no text"));
        let reason = if provider == Provider::OpenAi { "content_filter" } else { "refusal" };
        let refused = Server::new([stream(&events(provider, &["I"], reason))]);
        assert!(refused.ask(provider).error(Exit::Failed).contains("refused to answer"));
        let reason = if provider == Provider::OpenAi { "length" } else { "max_tokens" };
        let spent = Server::new([stream(&events(provider, &[], reason))]);
        assert!(spent.ask(provider).error(Exit::Failed).contains("all 50 tokens"));
    }
}

/// Fault 118: an answer that was cut off says so.
#[test]
fn an_answer_that_is_cut_off_says_so() {
    for (provider, reason) in [(Provider::OpenAi, "length"), (Provider::Anthropic, "max_tokens")] {
        let server = Server::new([stream(&events(provider, &["In May"], reason))]);
        let completion = server.ask(provider).end.unwrap();
        assert_eq!((completion.text.as_str(), completion.cut_off), ("In May", true));
    }
}

/// Fault 119: a redirect is not followed.
#[test]
fn a_redirect_is_not_followed() {
    for provider in BOTH {
        for code in [301, 302, 307, 308] {
            let other = Server::new([whole(provider)]);
            let target = format!("{}/v1?token=hunter2", other.server.uri());
            let reply = ResponseTemplate::new(code).insert_header("location", target);
            let shown = Server::new([reply]).ask(provider).error(Exit::Unreachable);
            assert!(
                shown.contains(&format!("redirected to {}/v1 ", other.server.uri())),
                "{shown}"
            );
            assert_eq!(other.requests().len(), 0);
        }
    }
}

/// Fault 120: a web page is no answer.
#[test]
fn a_web_page_is_no_answer() {
    let page = "<!doctype html><title>Sign in to the network</title>";
    for provider in BOTH {
        let reply = ResponseTemplate::new(200).set_body_raw(page, "text/html; charset=utf-8");
        let shown = Server::new([reply]).ask(provider).error(Exit::Unreachable);
        assert!(shown.contains("a web page came in place of an answer"), "{shown}");
        let reply = ResponseTemplate::new(502).set_body_raw(page, "text/html");
        let shown = Server::new([reply]).ask(provider).error(Exit::Unreachable);
        assert!(shown.contains("status 502") && !shown.contains("Sign in"), "{shown}");
    }
}

/// Fault 121: what can't be reached is named.
#[test]
fn what_can_not_be_reached_is_named() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let plain = Server::new([whole(Provider::OpenAi)]);
    let secure = plain.base_url().replace("http:", "https:");
    for base_url in [format!("http://{closed}/v1"), secure, "https://none.invalid/v1".into()] {
        let host = base_url.split('/').nth(2).unwrap().to_owned();
        // A system without certificates is told so before anything is sent.
        let shown = match ChatModel::new(settings(Provider::OpenAi, &base_url)) {
            Ok(_) => ask(settings(Provider::OpenAi, &base_url)).error(Exit::Unreachable),
            Err(error) => {
                Outcome { given: String::new(), end: Err(error) }.error(Exit::Unreachable)
            }
        };
        assert!(shown.starts_with(&host), "{shown}");
    }
    assert_eq!(plain.requests().len(), 0);
}

#[test]
fn a_proxy_is_used_for_other_machines_only() {
    let proxy = Server::new([whole(Provider::OpenAi)]);
    let mut remote = settings(Provider::OpenAi, "http://model.invalid/v1");
    remote.api_key = None;
    remote.proxy = Some(Secret::new(proxy.server.uri()));
    check_whole(&ask(remote));
    assert_eq!(proxy.requests()[0].url.path(), "/v1/chat/completions");

    let here = Server::new([whole(Provider::OpenAi)]);
    let mut local = settings(Provider::OpenAi, &here.base_url());
    local.proxy = Some(Secret::new(proxy.server.uri()));
    check_whole(&ask(local));
    assert_eq!(proxy.requests().len(), 1);
}

/// Fault 122: a local model that is not there can be pulled.
#[test]
fn a_local_model_that_is_not_there_can_be_pulled() {
    let message = r#"model "small" not found, try pulling it first"#;
    let body = json!({"error": {"message": message, "type": "api_error"}});
    let server = Server::new([status(404, &body)]);
    let shown = server.ask(Provider::OpenAi).error(Exit::Usage);
    assert!(shown.contains("hint: run `ollama pull small`"), "{shown}");
    assert_eq!(server.requests().len(), 1);

    let body = json!({"error": {"message": "The model `small` does not exist", "code": 404}});
    let shown = Server::new([status(404, &body)]).ask(Provider::OpenAi).error(Exit::Usage);
    assert!(shown.contains("there is no model `small`") && !shown.contains("ollama"), "{shown}");
}

#[test]
fn a_local_server_is_found_by_its_list_of_models() {
    let models = json!([
        {"name": "nomic-embed-text:latest", "details": {"family": "nomic-bert"}},
        {"name": "qwen3:4b", "details": {"family": "qwen3"}},
    ]);
    let ollama = Server::new([status(200, &json!({"models": models}))]);
    let found = LocalServer {
        provider: Provider::Ollama,
        base_url: ollama.base_url(),
        models: vec!["qwen3:4b".into()],
    };
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let addresses = [format!("http://{closed}"), ollama.server.uri()];
    assert_eq!(find_local(&addresses), Some(found));
    assert_eq!(ollama.requests()[0].url.path(), "/api/tags");

    let models = json!({"data": [{"id": "tiny.gguf", "owned_by": "llamacpp"}]});
    let llama = Server::new([ResponseTemplate::new(404), status(200, &models)]);
    let found = LocalServer {
        provider: Provider::LlamaCpp,
        base_url: llama.base_url(),
        models: vec!["tiny.gguf".into()],
    };
    assert_eq!(find_local(&[llama.server.uri()]), Some(found));
}

#[test]
fn what_is_no_model_server_of_this_machine_is_left_alone() {
    let other = Server::new([status(200, &json!({"data": [{"id": "a", "owned_by": "shop"}]}))]);
    assert_eq!(find_local(&[other.server.uri()]), None);
    let empty = Server::new([status(200, &json!({"models": []}))]);
    assert_eq!(find_local(&[empty.server.uri()]), None);
    assert_eq!(find_local(&["http://192.0.2.1:11434".into()]), None);
}

#[test]
fn where_nothing_runs_nothing_is_waited_for() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let begun = Instant::now();
    assert_eq!(find_local(&[format!("http://{closed}"), format!("http://{closed}")]), None);
    assert!(begun.elapsed() < Duration::from_millis(50), "{:?}", begun.elapsed());

    // One that takes a connection and says nothing holds a question up for less than a second.
    let mute = TcpListener::bind("127.0.0.1:0").unwrap();
    let begun = Instant::now();
    assert_eq!(find_local(&[format!("http://{}", mute.local_addr().unwrap())]), None);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}

/// What an endpoint of another provider is sent, by the table.
#[test]
fn each_provider_is_asked_in_its_own_way() {
    let sent = |provider| {
        let server = Server::new([whole(Provider::OpenAi)]);
        check_whole(&server.ask(provider));
        server.requests()[0].body_json::<Value>().unwrap()
    };
    let usage = json!({"include_usage": true});
    for provider in [Provider::Ollama, Provider::LlamaCpp, Provider::Gemini, Provider::OpenRouter] {
        let body = sent(provider);
        assert_eq!((&body["max_tokens"], &body["stream_options"]), (&json!(50), &usage));
    }
    let body = sent(Provider::Mistral);
    assert_eq!((&body["max_tokens"], body.get("stream_options")), (&json!(50), None));
    let body = sent(Provider::Groq);
    assert_eq!(body.get("max_tokens"), None);
    assert_eq!((&body["max_completion_tokens"], &body["stream_options"]), (&json!(50), &usage));
}

#[test]
fn an_endpoint_gives_its_first_model_where_none_is_named() {
    let list = json!({"data": [{"id": "text-embedding-small"}, {"id": "large"}, {"id": "tiny"}]});
    let first = |reply: ResponseTemplate| {
        let server = Server::new([reply]);
        let unnamed =
            ChatSettings { model: String::new(), ..settings(Provider::Vllm, &server.base_url()) };
        ChatModel::new(unnamed).unwrap().first_listed()
    };
    assert_eq!(first(status(200, &list)).unwrap(), "large");
    for reply in [status(200, &json!({"data": []})), ResponseTemplate::new(404)] {
        let error = first(reply).unwrap_err();
        assert_eq!(error.exit(), Exit::Usage);
        assert!(error.to_string().contains("it lists no model"), "{error}");
    }
}

//! The connection to a model: where it is asked, and what every request carries.

use std::time::Duration;

use jiff::{Timestamp, fmt::rfc2822};
use reqwest::{
    Url,
    header::{ACCEPT, AUTHORIZATION, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER},
};

use crate::{
    backends::endpoint::Endpoint,
    error::{Error, Result},
};

use super::{anthropic, openai, profile::Wire, settings::ChatSettings};

/// Where a model is asked.
///
/// # Errors
/// When the base url is none, or a key would travel in plain text.
pub(super) fn endpoint(settings: &ChatSettings, path: &str) -> Result<Endpoint> {
    let key_variable = settings.api_key.as_ref().map(|_| settings.key_variable.as_str());
    Endpoint::new("llm", &settings.base_url, key_variable, |base| {
        let wants_version =
            settings.provider.profile().wire == Wire::Messages && !base.ends_with("/v1");
        format!("{}{path}", if wants_version { "/v1" } else { "" })
    })
}

/// The address of the list of models, beside that of the requests.
pub(super) fn models(endpoint: &Endpoint) -> Url {
    let mut url = endpoint.url.clone();
    let paths = [openai::PATH, anthropic::PATH];
    let base = paths.iter().find_map(|path| url.path().strip_suffix(path));
    let path = format!("{}/models", base.unwrap_or_default());
    url.set_path(&path);
    url
}

/// What every request carries: the key, and the versions that are spoken.
///
/// # Errors
/// When the key can't be sent.
pub(super) fn key_headers(settings: &ChatSettings) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("text/event-stream, application/json"));
    let wire = settings.provider.profile().wire;
    let (name, prefix) = match wire {
        Wire::Completions => (AUTHORIZATION, "Bearer "),
        Wire::Messages => (HeaderName::from_static("x-api-key"), ""),
    };
    if wire == Wire::Messages {
        headers.insert("anthropic-version", HeaderValue::from_static(anthropic::VERSION));
    }
    if let Some(key) = &settings.api_key {
        let value = format!("{prefix}{}", key.expose().trim());
        let mut value = HeaderValue::try_from(value).map_err(|_| {
            let message =
                format!("the key in {} has a character that no key has", settings.key_variable);
            Error::usage(message).hint("copy the key again, without line breaks")
        })?;
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    Ok(headers)
}

/// How long the endpoint asks to be left alone.
///
/// A date is compared with the reply's own, so that a wrong clock here does no harm.
pub(super) fn asked_wait(headers: &HeaderMap) -> Option<Duration> {
    let text = |value: Option<&HeaderValue>| {
        value.and_then(|value| value.to_str().ok()).map(str::trim).map(str::to_owned)
    };
    let seconds = |text: &str, scale: f64| {
        text.parse::<f64>().ok().and_then(|number| Duration::try_from_secs_f64(number * scale).ok())
    };
    let instant = |text: &str| -> Option<Timestamp> {
        rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
    };
    if let Some(wait) = text(headers.get("retry-after-ms")).and_then(|text| seconds(&text, 0.001)) {
        return Some(wait);
    }
    let asked = text(headers.get(RETRY_AFTER))?;
    seconds(&asked, 1.0).or_else(|| {
        let until = instant(&asked)?;
        let now = instant(&text(headers.get(DATE))?)?;
        Some(Duration::try_from(until.duration_since(now)).unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        backends::{
            Secret,
            chat::{Deadlines, Provider},
        },
        error::Exit,
    };

    fn endpoint(provider: Provider, base_url: &str, key: Option<&str>) -> Result<Endpoint> {
        let settings = ChatSettings {
            provider,
            base_url: base_url.into(),
            model: "m".into(),
            api_key: key.map(|key| Secret::new(key.into())),
            key_variable: "SOME_KEY".into(),
            temperature: None,
            proxy: None,
            deadlines: Deadlines::default(),
        };
        super::endpoint(&settings, "/x")
    }

    #[track_caller]
    fn check(base_url: &str, url: &str, host: &str, is_loopback: bool) {
        let endpoint = endpoint(Provider::OpenAi, base_url, None).unwrap();
        assert_eq!(endpoint.url.as_str(), url);
        assert_eq!((endpoint.host.as_str(), endpoint.is_loopback), (host, is_loopback), "{url}");
    }

    #[test]
    fn only_this_machine_is_not_remote() {
        check("http://127.0.0.1:11434/v1", "http://127.0.0.1:11434/v1/x", "127.0.0.1:11434", true);
        check("http://127.8.0.1/v1/", "http://127.8.0.1/v1/x", "127.8.0.1", true);
        check("http://localhost:1", "http://localhost:1/x", "localhost:1", true);
        check("http://[::1]:1/v1", "http://[::1]:1/v1/x", "[::1]:1", true);
        check("http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/x", "[::ffff:7f00:1]", true);
        check("http://LOCALHOST/", "http://localhost/x", "localhost", true);
        check(
            "http://localhost.example.com/",
            "http://localhost.example.com/x",
            "localhost.example.com",
            false,
        );
        check("http://127.0.0.1.nip.io/", "http://127.0.0.1.nip.io/x", "127.0.0.1.nip.io", false);
        check("http://0.0.0.0/", "http://0.0.0.0/x", "0.0.0.0", false);
        check(
            "http://192.168.0.7:8080/v1",
            "http://192.168.0.7:8080/v1/x",
            "192.168.0.7:8080",
            false,
        );
        check(
            "https://a.example/v1?api-version=2",
            "https://a.example/v1/x?api-version=2",
            "a.example",
            false,
        );
    }

    #[test]
    fn the_version_in_the_address_of_anthropic_may_be_left_out() {
        for base_url in ["https://a.example", "https://a.example/", "https://a.example/v1"] {
            let endpoint = endpoint(Provider::Anthropic, base_url, Some("k")).unwrap();
            assert_eq!(endpoint.url.as_str(), "https://a.example/v1/x");
        }
    }

    #[test]
    fn an_address_that_would_give_the_key_away_is_refused() {
        let addresses = [
            "http://a.example/v1",
            "http://192.168.0.7/v1",
            "https://u:hunter2@a.example",
            "ftp://a.example",
            "hunter2",
        ];
        for base_url in addresses {
            let error = endpoint(Provider::OpenAi, base_url, Some("hunter2")).unwrap_err();
            assert_eq!(error.exit(), Exit::Usage, "{base_url}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
        }
        assert!(endpoint(Provider::OpenAi, "http://127.0.0.1/v1", Some("k")).is_ok());
        assert!(endpoint(Provider::OpenAi, "http://192.168.0.7/v1", None).is_ok());
    }

    #[track_caller]
    fn check_wait(headers: &[(&'static str, &'static str)], expected_ms: Option<u64>) {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
            .collect();
        assert_eq!(asked_wait(&headers), expected_ms.map(Duration::from_millis), "{headers:?}");
    }

    /// Fault 108: too many requests are waited for, within a cap.
    #[test]
    fn a_wait_is_read_in_each_of_its_forms() {
        check_wait(&[("retry-after", "7")], Some(7000));
        check_wait(&[("retry-after", "0.5")], Some(500));
        check_wait(&[("retry-after", "7"), ("retry-after-ms", "20")], Some(20));
        let date = ("date", "Tue, 15 Mar 2022 10:00:00 GMT");
        check_wait(&[("retry-after", "Tue, 15 Mar 2022 10:01:00 GMT"), date], Some(60_000));
        check_wait(&[("retry-after", "Tue, 15 Mar 2022 09:00:00 GMT"), date], Some(0));
        for nonsense in ["-1", "NaN", "inf", "1e300", "soon", ""] {
            check_wait(&[("retry-after", nonsense), date], None);
        }
        check_wait(&[], None);
    }
}

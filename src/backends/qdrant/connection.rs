//! The connection to a Qdrant server: where it leads, how long it may take, and what its failures
//! mean.

use std::{future::Future, net::IpAddr, time::Duration};

use qdrant_client::{Qdrant, QdrantError};
use reqwest::Url;
use tokio::runtime::{Builder, Runtime};
use tonic::Code;

use crate::{
    backends::secret::Secret,
    error::{Context as _, Error, Exit, Result},
};

/// The port of Qdrant's gRPC interface.
const PORT: u16 = 6334;
/// The port of its other interface, which is often given by mistake.
const REST_PORT: u16 = 6333;

/// A client with a runtime of its own, since its callers block.
pub(super) struct Connection {
    runtime: Runtime,
    /// The client; its methods are called through [`Connection::call`].
    pub(super) client: Qdrant,
    address: Address,
    timeout: Duration,
}

impl Connection {
    /// Prepares a connection; the first call opens it.
    pub(super) fn new(url: &str, api_key: Option<&Secret>, timeout: Duration) -> Result<Self> {
        let address = Address::parse(url)?;
        if let Some(key) = api_key {
            address.check_key(key)?;
        }
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("qdrant")
            .enable_all()
            .build()
            .context(|| "can't start the threads of the Qdrant client".to_owned())?;
        let mut client = Qdrant::from_url(&address.url)
            .timeout(timeout)
            .connect_timeout(timeout)
            .skip_compatibility_check();
        if let Some(key) = api_key {
            client.set_api_key(key.expose());
        }
        let client =
            client.build().context(|| format!("the address {} can't be used", address.url))?;
        Ok(Self { runtime, client, address, timeout })
    }

    /// Where it leads, for messages.
    pub(super) fn address(&self) -> &str {
        &self.address.url
    }

    /// How long a call may take.
    pub(super) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Waits for an answer, for as long as the settings allow.
    pub(super) fn call<T>(
        &self,
        what: &str,
        answer: impl Future<Output = Result<T, QdrantError>>,
    ) -> Result<T, Failure> {
        let limited = async { tokio::time::timeout(self.timeout, answer).await };
        match self.runtime.block_on(limited) {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(self.failure(what, error)),
            Err(_) => {
                let reason = format!("no answer within {} s", self.timeout.as_secs_f32());
                Err(Failure::Other(self.unreachable(&reason)))
            }
        }
    }

    fn failure(&self, what: &str, error: QdrantError) -> Failure {
        let (QdrantError::ResponseError { status }
        | QdrantError::ResourceExhaustedError { status, .. }) = error
        else {
            return Failure::Other(Error::failed(what.to_owned()).caused_by(error));
        };
        let (code, message) = (status.code(), status.message());
        let address = self.address();
        match code {
            Code::NotFound => Failure::NotFound,
            Code::OutOfRange | Code::ResourceExhausted if is_about_size(message) => {
                Failure::TooLarge
            }
            Code::Unauthenticated | Code::PermissionDenied => Failure::Other(
                Error::usage(format!("Qdrant at {address} refuses the key, or the lack of one"))
                    .hint("check the key that the configuration gives for Qdrant"),
            ),
            Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled => {
                Failure::Other(self.unreachable(message))
            }
            Code::Internal | Code::Unknown if is_about_transport(message) => {
                Failure::Other(self.unreachable(innermost(message)))
            }
            _ => Failure::Other(Error::failed(format!("{what}: Qdrant at {address}: {message}"))),
        }
    }

    fn unreachable(&self, reason: &str) -> Error {
        let message = format!("can't reach Qdrant at {}: {reason}", self.address());
        let hint = if self.address.port == REST_PORT {
            format!(
                "{REST_PORT} is usually the port of its REST interface, and {PORT} that of gRPC, which is needed here"
            )
        } else {
            "start the server, or leave its address out to use the embedded index".to_owned()
        };
        Error::new(Exit::Unreachable, message).hint(hint)
    }
}

/// Why a call has no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// What it is about is not there.
    NotFound,
    /// The request is larger than the server takes.
    TooLarge,
    /// Anything else.
    Other(Error),
}

/// Where the server is.
#[derive(Debug)]
struct Address {
    /// Scheme, host and port, and nothing secret.
    url: String,
    port: u16,
    is_private: bool,
}

impl Address {
    fn parse(url: &str) -> Result<Self> {
        let refuse = |why: &str| {
            Error::usage(format!("the Qdrant address {why}"))
                .hint("write it as http://127.0.0.1:6334 or https://HOST:6334")
        };
        let parsed = Url::parse(url).map_err(|source| refuse("is no URL").caused_by(source))?;
        if !matches!(parsed.scheme(), "http" | "https") {
            return Err(refuse("begins with neither http:// nor https://"));
        }
        if !parsed.username().is_empty() || parsed.password().is_some() {
            return Err(refuse("holds a user or a password, and Qdrant has neither"));
        }
        let host = parsed.host_str().ok_or_else(|| refuse("has no host"))?;
        let port = explicit_port(url, &parsed).unwrap_or(PORT);
        let is_private = parsed.scheme() == "https" || is_loopback(host);
        Ok(Self { url: format!("{}://{host}:{port}", parsed.scheme()), port, is_private })
    }

    /// Refuses a key that others could read on its way, and one that the client would print.
    fn check_key(&self, key: &Secret) -> Result<()> {
        if !self.is_private {
            let message = format!("the key for Qdrant would go to {} unencrypted", self.url);
            return Err(Error::usage(message).hint("use https://, or a tunnel to this machine"));
        }
        let key = key.expose();
        if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::usage(
                "the key for Qdrant is empty or holds a space, a line end or another character that no key has",
            ));
        }
        Ok(())
    }
}

/// The port as it was typed: a parsed URL leaves out the usual one of its scheme.
fn explicit_port(url: &str, parsed: &Url) -> Option<u16> {
    let usual = parsed.port_or_known_default()?;
    let authority = url.split_once("://")?.1.split(['/', '?', '#']).next()?;
    let typed = authority.ends_with(&format!(":{usual}"));
    parsed.port().or_else(|| typed.then_some(usual))
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn is_about_size(message: &str) -> bool {
    ["too large", "larger than", "exceeds"].iter().any(|words| message.contains(words))
}

fn is_about_transport(message: &str) -> bool {
    ["Failed to connect", "transport error", "TLS", "h2 protocol", "error trying to connect"]
        .iter()
        .any(|words| message.contains(words))
}

/// What the operating system said, of the nested debug text in which the client reports it.
fn innermost(message: &str) -> &str {
    message
        .split_once("message: \"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .map_or(message, |(inner, _)| inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gets_the_port_of_grpc() {
        let check = |url: &str, expected: Option<&str>| {
            assert_eq!(Address::parse(url).ok().map(|address| address.url).as_deref(), expected);
        };
        check("http://localhost", Some("http://localhost:6334"));
        check("https://example.org/", Some("https://example.org:6334"));
        check("https://example.org:443", Some("https://example.org:443"));
        check("http://[::1]:7000", Some("http://[::1]:7000"));
        check("localhost:6334", None);
        check("ftp://localhost", None);
        check("http://me:secret@localhost", None);
    }

    /// Fault 101: a key without encryption to another machine.
    #[test]
    fn a_key_goes_to_another_machine_only_encrypted() {
        let check = |url: &str, expected: bool| {
            let key = Secret::new("k-12345".to_owned());
            let checked = Address::parse(url).unwrap().check_key(&key);
            assert_eq!(checked.is_ok(), expected, "{url}");
            if let Err(error) = checked {
                assert_eq!(error.exit(), Exit::Usage);
                assert!(!format!("{error:?}").contains("k-12345"));
            }
        };
        check("https://example.org", true);
        check("http://127.0.0.1:6334", true);
        check("http://[::1]", true);
        check("http://localhost", true);
        check("http://example.org:6334", false);
        check("http://192.168.1.7:6334", false);
        check("http://localhost.example.org", false);
    }

    #[test]
    fn a_key_that_the_client_would_print_is_refused() {
        let address = Address::parse("http://localhost").unwrap();
        for key in ["", "abc\n", "a b", "clé"] {
            let error = address.check_key(&Secret::new(key.to_owned())).unwrap_err();
            assert!(key.is_empty() || !error.to_string().contains(key));
        }
    }

    #[test]
    fn the_reason_is_what_the_system_said() {
        let nested =
            "Failed to connect to x: Error(Os { code: 111, message: \"Connection refused\" })";
        assert_eq!(innermost(nested), "Connection refused");
        assert_eq!(innermost("plain"), "plain");
    }
}

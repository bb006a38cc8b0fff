//! An endpoint behind HTTP: where it is, whether it may be used, and the client for it.
//!
//! Redirects are never followed, since a key in a header of its own would go along. No proxy is
//! taken from the environment.

use std::{
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use reqwest::{Client, Proxy, Url, redirect::Policy, retry};

use crate::error::{Error, Exit, Result};

/// Where requests go.
#[derive(Clone, Debug)]
pub(super) struct Endpoint {
    /// The address of the requests.
    pub(super) url: Url,
    /// The host, with its port where the address names one.
    pub(super) host: String,
    /// Whether that is this machine for certain.
    pub(super) is_loopback: bool,
}

impl Endpoint {
    /// Reads the base url and refuses what would give a key away. `section` is that of the settings
    /// to name, `key_variable` holds the key that is to be sent, and `path` makes what follows the
    /// base's own path out of it.
    ///
    /// # Errors
    /// When the base url is none, or a key would travel in plain text.
    pub(super) fn new(
        section: &str,
        base_url: &str,
        key_variable: Option<&str>,
        path: impl FnOnce(&str) -> String,
    ) -> Result<Self> {
        let address = format!("the model's address `{section}.url`");
        // The base url is not repeated when it can't be read: a password may stand in it.
        let mut url = Url::parse(base_url)
            .map_err(|error| Error::usage(format!("{address} can't be read")).caused_by(error))?;
        let Some(name) = url.host_str().filter(|_| matches!(url.scheme(), "http" | "https")) else {
            return Err(Error::usage(format!("{address} is no http or https address")));
        };
        let host = url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"));
        if !url.username().is_empty() || url.password().is_some() {
            let message = format!("{host}: a password stands in {address}");
            return Err(Error::usage(message).hint(format!(
                "take it out, and name the variable that holds the key in `{section}.key_variable`"
            )));
        }
        let is_loopback = is_loopback(&url);
        if url.scheme() == "http"
            && !is_loopback
            && let Some(variable) = key_variable
        {
            let message = format!("{host}: the key would travel there in plain text");
            return Err(Error::usage(message).hint(format!(
                "use an https address, or unset {variable} if this host needs no key"
            )));
        }
        let base = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{base}{}", path(&base)));
        Ok(Self { url, host, is_loopback })
    }

    /// The endpoint at an address that was looked at before.
    ///
    /// # Errors
    /// When the address can't be read.
    pub(super) fn at(address: &str) -> Result<Self> {
        let unread = || Error::usage("the address of a server can't be read");
        let url = Url::parse(address).map_err(|error| unread().caused_by(error))?;
        let name = url.host_str().ok_or_else(unread)?;
        let host = url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"));
        let is_loopback = is_loopback(&url);
        Ok(Self { url, host, is_loopback })
    }

    /// A client for this endpoint alone.
    ///
    /// # Errors
    /// When the proxy can't be read, or the system has no certificates.
    pub(super) fn client(&self, connect: Duration, proxy: Option<&str>) -> Result<Client> {
        // Another part of the process may have chosen a provider before; any will do.
        drop(rustls::crypto::ring::default_provider().install_default());
        let mut builder = Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .referer(false)
            .retry(retry::never())
            .connect_timeout(connect)
            .user_agent(concat!("twin/", env!("CARGO_PKG_VERSION")));
        if self.url.scheme() == "http" {
            // Without this the system's certificates are read even where none are needed.
            builder = builder.tls_certs_only([]);
        }
        if self.is_loopback {
            let loopback: [SocketAddr; 2] =
                [(Ipv4Addr::LOCALHOST, 0_u16).into(), (Ipv6Addr::LOCALHOST, 0_u16).into()];
            builder = builder.resolve_to_addrs("localhost", &loopback);
        } else if let Some(proxy) = proxy {
            let proxy = Proxy::all(proxy).map_err(|_| Error::usage("the proxy can't be read"))?;
            builder = builder.proxy(proxy);
        }
        builder.build().map_err(|error| {
            Error::new(Exit::Unreachable, format!("{}: no connection can be made", self.host))
                .caused_by(innermost(&error))
                .hint("install the system's certificates, such as the package `ca-certificates`")
        })
    }
}

/// The host of an address with its port where it names one, and whether that is this machine.
///
/// # Errors
/// When the address can't be read.
pub fn host(address: &str) -> Result<(String, bool)> {
    let Endpoint { host, is_loopback, .. } = Endpoint::at(address)?;
    Ok((host, is_loopback))
}

/// Whether the host is this machine, whatever a name server says.
pub(super) fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let address = address.parse::<std::net::IpAddr>().map(|address| address.to_canonical());
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// The first cause of an error, in its own words.
pub(super) fn innermost(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

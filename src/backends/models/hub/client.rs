//! Asks the hub for the list of a model's files, and for the files.
//!
//! Redirects lead to the hosts that hold the large files; they are followed here, one by one, and
//! the token goes to the hub alone.
//! Source: the hub's documentation of its API, `/api/models/NAME/revision/REVISION` and
//! `/NAME/resolve/REVISION/FILE`.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::Path,
    time::Duration,
};

use reqwest::{
    Response, StatusCode, Url,
    header::{LOCATION, RANGE},
    redirect::Policy,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use tokio::runtime::Runtime;

use super::{super::package::hexadecimal, HubModel, is_wanted};
use crate::{
    backends::{
        Secret,
        embed::bert::WEIGHTS,
        endpoint::{innermost, is_loopback},
    },
    error::{Context, Error, Exit, Result},
};

/// What is asked for the files.
#[derive(Debug)]
pub(super) struct Client {
    endpoint: Url,
    host: String,
    token: Option<Secret>,
    connection: reqwest::Client,
    runtime: Runtime,
}

/// The files of a model that are of use.
#[derive(Debug)]
pub(super) struct Listing {
    /// The commit that they are of.
    pub(super) commit: String,
    /// The files.
    pub(super) files: Vec<Listed>,
}

/// A file of a model.
#[derive(Debug)]
pub(super) struct Listed {
    /// Its path in the model's folder.
    pub(super) path: String,
    /// Its size.
    pub(super) bytes: u64,
    sha256: Option<String>,
}

/// The hub's own words.
#[derive(Deserialize)]
struct Answer {
    sha: String,
    siblings: Vec<Sibling>,
}

#[derive(Deserialize)]
struct Sibling {
    rfilename: String,
    #[serde(default)]
    size: Option<u64>,
    #[serde(default)]
    lfs: Option<LargeFile>,
}

#[derive(Deserialize)]
struct LargeFile {
    sha256: String,
}

const REDIRECTS_MAX: usize = 5;
const ATTEMPTS_MAX: u32 = 4;
/// Half of what is waited before the second attempt; it is doubled for each.
const RETRY: Duration = Duration::from_millis(250);
const LISTING_BYTES_MAX: usize = 16 << 20;
const CONNECT: Duration = Duration::from_secs(10);
/// How long is waited for the next bytes.
const IDLE: Duration = Duration::from_mins(1);

impl Client {
    /// Prepares to ask the hub at an address.
    pub(super) fn new(endpoint: &str, token: Option<&Secret>) -> Result<Self> {
        let address = || Error::usage(format!("the hub's address {endpoint:?} can't be read"));
        let hint = "look at HF_ENDPOINT";
        let url = Url::parse(&format!("{}/", endpoint.trim_end_matches('/')))
            .map_err(|error| address().hint(hint).caused_by(error))?;
        let host = url.host_str().filter(|_| ["http", "https"].contains(&url.scheme()));
        let host = host.ok_or_else(|| address().hint(hint))?.to_owned();
        if url.scheme() == "http" && token.is_some() && !is_loopback(&url) {
            return Err(Error::usage(format!("the token would travel in the clear to {host}"))
                .hint("use https:// in HF_ENDPOINT, or unset HF_TOKEN"));
        }
        // A provider that is there already serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let connection = reqwest::Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECT)
            .read_timeout(IDLE)
            .user_agent(concat!("twin/", env!("CARGO_PKG_VERSION")))
            .build()
            .context(|| "set up the connection to the hub".to_owned())?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context(|| "start a runtime".to_owned())?;
        Ok(Self { endpoint: url, host, token: token.cloned(), connection, runtime })
    }

    /// The host.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// The files of a model.
    pub(super) fn list(&self, model: &HubModel) -> Result<Listing> {
        let path =
            format!("api/models/{}/revision/{}?blobs=true", model.owner_and_name, model.revision);
        let body = self.runtime.block_on(async {
            let mut response = self.get(&path, 0).await?;
            if !response.status().is_success() {
                return Err(self.refused(model, response.status()));
            }
            let mut body = Vec::new();
            while let Some(bytes) =
                response.chunk().await.map_err(|error| self.unreachable(&error))?
            {
                body.extend_from_slice(&bytes);
                if body.len() > LISTING_BYTES_MAX {
                    return Err(self.failure("its list of files is too long"));
                }
            }
            Ok(body)
        })?;
        let answer: Answer = serde_json::from_slice(&body)
            .map_err(|error| self.failure("what came back is no list of files").caused_by(error))?;
        if answer.sha.is_empty() || !answer.sha.chars().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(self.failure("its list of files names no commit"));
        }
        let files = answer.siblings.into_iter().filter(|file| is_wanted(&file.rfilename));
        let files = files.map(|file| Listed {
            path: file.rfilename,
            bytes: file.size.unwrap_or(0),
            sha256: file.lfs.map(|large| large.sha256),
        });
        let mut files: Vec<Listed> = files.collect();
        // With the weights, which come last, everything is there.
        files.sort_by_key(|file| file.path == WEIGHTS);
        Ok(Listing { commit: answer.sha, files })
    }

    /// Fetches a file into a folder, from where it was cut the last time.
    pub(super) fn fetch(
        &self,
        model: &HubModel,
        commit: &str,
        file: &Listed,
        folder: &Path,
        on_bytes: &mut dyn FnMut(u64),
    ) -> Result<()> {
        let path = folder.join(&file.path);
        if path.metadata().is_ok_and(|metadata| metadata.len() == file.bytes) {
            return Ok(());
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).context(|| format!("make {}", parent.display()))?;
        }
        let part = path.with_added_extension("part");
        let from = format!("{}/resolve/{commit}/{}", model.owner_and_name, file.path);
        let mut attempt = 1;
        loop {
            match self.runtime.block_on(self.go_on(model, &from, &part, on_bytes)) {
                Ok(()) => break,
                Err(error) if attempt == ATTEMPTS_MAX || error.exit() != Exit::Unreachable => {
                    return Err(error);
                }
                Err(_) => {
                    std::thread::sleep(RETRY * 2_u32.pow(attempt));
                    attempt += 1;
                }
            }
        }
        self.check(file, &part)?;
        fs::rename(&part, &path).context(|| format!("write {}", path.display()))
    }

    /// Appends to what there is of a file until its end.
    async fn go_on(
        &self,
        model: &HubModel,
        from: &str,
        part: &Path,
        on_bytes: &mut dyn FnMut(u64),
    ) -> Result<()> {
        let here = part.metadata().map_or(0, |metadata| metadata.len());
        let mut response = self.get(from, here).await?;
        let status = response.status();
        let mut written = if status == StatusCode::PARTIAL_CONTENT { here } else { 0 };
        if status == StatusCode::RANGE_NOT_SATISFIABLE {
            // All of it is here already, or something else is; its size and hash will tell.
            return Ok(());
        }
        if !status.is_success() {
            return Err(self.refused(model, status));
        }
        let open = OpenOptions::new()
            .create(true)
            .write(true)
            .append(written > 0)
            .truncate(written == 0)
            .open(part);
        let mut file = open.context(|| format!("write {}", part.display()))?;
        while let Some(bytes) = response.chunk().await.map_err(|error| self.unreachable(&error))? {
            file.write_all(&bytes).context(|| format!("write {}", part.display()))?;
            written += bytes.len() as u64;
            on_bytes(written);
        }
        file.sync_all().context(|| format!("write {}", part.display()))
    }

    /// Makes sure that a file is the one that was published; another one is removed.
    fn check(&self, file: &Listed, part: &Path) -> Result<()> {
        let bytes = part.metadata().context(|| format!("read {}", part.display()))?.len();
        let mut wrong =
            (bytes != file.bytes).then(|| format!("{bytes} bytes came instead of {}", file.bytes));
        if let Some(sha256) = &file.sha256
            && wrong.is_none()
        {
            let found = sha256_of(part).context(|| format!("read {}", part.display()))?;
            wrong = (found != *sha256)
                .then(|| format!("it has the SHA-256 {found} instead of {sha256}"));
        }
        let Some(wrong) = wrong else { return Ok(()) };
        fs::remove_file(part).context(|| format!("remove {}", part.display()))?;
        Err(self.failure(&format!("{}: {wrong}", file.path)).hint("fetch the model again"))
    }

    /// The reply to a request, after what redirects there are.
    async fn get(&self, path: &str, from_byte: u64) -> Result<Response> {
        let mut url = self.endpoint.join(path).map_err(|error| self.failure(&error.to_string()))?;
        for _ in 0..=REDIRECTS_MAX {
            let mut request = self.connection.get(url.clone());
            if from_byte > 0 {
                request = request.header(RANGE, format!("bytes={from_byte}-"));
            }
            if let Some(token) = &self.token
                && url.origin() == self.endpoint.origin()
            {
                request = request.bearer_auth(token.expose());
            }
            let response = request.send().await.map_err(|error| self.unreachable(&error))?;
            if !response.status().is_redirection() {
                return Ok(response);
            }
            let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
            let next = location.and_then(|location| url.join(location).ok());
            let is_as_safe =
                |next: &Url| next.scheme() == "https" || next.scheme() == self.endpoint.scheme();
            url = next
                .filter(is_as_safe)
                .ok_or_else(|| self.failure("it redirects to no address that may be followed"))?;
        }
        Err(self.failure("it redirects in a circle"))
    }

    /// The hub answers so for a model that there is not, too, when it does not know who asks.
    fn refused(&self, model: &HubModel, status: StatusCode) -> Error {
        match status.as_u16() {
            401 | 403 | 404 => Error::usage(format!(
                "{} shows no model {model} ({})",
                self.host,
                status.as_u16()
            ))
            .hint(
                "look at its name and revision; for a model that is not for everyone, accept \
                   its terms there and set HF_TOKEN to your token",
            ),
            _ => Error::new(Exit::Unreachable, format!("{}: {status}", self.host))
                .hint("try again later; what was fetched is kept"),
        }
    }

    fn unreachable(&self, error: &reqwest::Error) -> Error {
        Error::new(Exit::Unreachable, format!("{} can't be reached", self.host))
            .caused_by(innermost(error))
            .hint(
                "look at the network; elsewhere the model's files can be fetched and their \
                   folder be named: embedding.model = \"dir:FOLDER\"",
            )
    }

    fn failure(&self, reason: &str) -> Error {
        Error::failed(format!("{}: {reason}", self.host))
    }
}

fn sha256_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hasher.update(&buffer[..read]);
    }
    Ok(hexadecimal(&hasher.finalize()))
}

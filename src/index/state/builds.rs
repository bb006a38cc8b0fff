//! The builds of an index: the one that serves, the one that is made beside it, and those that are
//! to be removed.
//!
//! What a new build holds is kept in temporary tables, which stand before those of the file under
//! the same names, until one transaction puts them in their place. A process that dies before that
//! leaves the state as it was, and one that dies after it leaves the new build serving. Either way
//! the state names what is left over. Embeddings are shared, so that none is made twice.

use std::fmt;

use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use super::{
    super::rows::json,
    BUILD_TABLES, State,
    seal::{EMBEDDINGS, SEAL, read_sum, write_sum},
};
use crate::{
    error::{Context as _, Result},
    failpoint::{Step, reach},
};

/// Which build of the index, from one; each has a folder or a collection of its own.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Build(u32);

impl Build {
    /// The first one.
    pub const FIRST: Self = Self(1);

    /// The one after this.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// What something is called in this build; the first one has the plain name.
    #[must_use]
    pub fn named(self, name: &str) -> String {
        if self == Self::FIRST { name.to_owned() } else { format!("{name}-{self}") }
    }
}

impl fmt::Display for Build {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A build, and where it is.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Placed {
    /// Which one.
    pub build: Build,
    /// The address of the server that has it; none when it is in this program.
    pub server: Option<String>,
}

/// The fact that names the build that serves.
const SERVING: &str = "build";
/// The fact that names the builds that are to be removed.
const LEFT_OVER: &str = "builds left over";
/// What is said of the file of the state, and never of a build.
pub(super) const INTERNAL: [&str; 4] = [SERVING, LEFT_OVER, SEAL, EMBEDDINGS];
/// The tables of a build.
pub(super) const TABLES: [&str; 5] = ["facts", "notes", "entries", "unread", "vocabulary"];

impl State {
    /// The build that questions are answered from.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn build(&self) -> Result<Build> {
        Ok(self.serving()?.map_or(Build::FIRST, |serving| serving.build))
    }

    /// The build that questions are answered from, and where it is; none before there was one.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn serving(&self) -> Result<Option<Placed>> {
        self.kept_fact(SERVING)
    }

    /// Says which build questions are answered from.
    ///
    /// # Errors
    /// When the state can't be written.
    pub fn set_serving(&self, serving: &Placed) -> Result<()> {
        keep_fact(&self.connection, SERVING, serving).context(|| "can't write the state".to_owned())
    }

    /// The builds that do not serve and are to be removed.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn left_over(&self) -> Result<Vec<Placed>> {
        Ok(self.kept_fact(LEFT_OVER)?.unwrap_or_default())
    }

    /// Says which builds are to be removed: a new one too, until it serves.
    ///
    /// # Errors
    /// When the state can't be written.
    pub fn set_left_over(&self, builds: &[Placed]) -> Result<()> {
        keep_fact(&self.connection, LEFT_OVER, &builds)
            .context(|| "can't write the state".to_owned())
    }

    /// Begins a build beside the one that serves: notes, entries and facts are from now on those of
    /// the new build, for this process alone.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn begin_beside(&self) -> Result<()> {
        let tables = BUILD_TABLES.replace("CREATE TABLE", "CREATE TEMP TABLE");
        self.connection
            .pragma_update(None, "temp_store", "memory")
            .and_then(|()| self.connection.execute_batch(&tables))
            .context(|| "can't begin a state".to_owned())
    }

    /// Has what was begun beside serve from now on, all of it or nothing; the build that served
    /// before is to be removed.
    ///
    /// # Errors
    /// When the state can't be written; then nothing has changed.
    pub fn take_over(&mut self, new: &Placed, before: Placed) -> Result<()> {
        reach(Step::BuildWhole);
        let mut left_over = self.left_over()?;
        left_over.retain(|other| other != new);
        left_over.push(before);
        let outcome = (|| {
            let transaction = self.connection.transaction()?;
            let sum = read_sum(&transaction)?;
            for table in TABLES {
                transaction.execute_batch(&format!("DROP TABLE main.{table}"))?;
            }
            transaction.execute_batch(BUILD_TABLES)?;
            for table in TABLES {
                transaction.execute_batch(&format!(
                    "INSERT INTO main.{table} SELECT * FROM temp.{table}; DROP TABLE temp.{table}"
                ))?;
            }
            write_sum(&transaction, &sum)?;
            keep_fact(&transaction, SERVING, new)?;
            keep_fact(&transaction, LEFT_OVER, &left_over)?;
            reach(Step::TakingOver);
            transaction.commit()
        })();
        outcome.context(|| "can't commit the new build to the state".to_owned())?;
        reach(Step::TakenOver);
        Ok(())
    }

    /// Reads several things as they were at one moment, whatever is committed meanwhile.
    ///
    /// # Errors
    /// When the state can't be read, and those of `read`.
    pub fn at_one_moment<T>(&self, read: impl FnOnce() -> Result<T>) -> Result<T> {
        let moment = self
            .connection
            .unchecked_transaction()
            .context(|| "can't begin to read the state".to_owned())?;
        let outcome = read();
        moment.finish().context(|| "can't read the state".to_owned())?;
        outcome
    }

    /// A fact of the file, whatever stands before it.
    pub(super) fn kept_fact<T: for<'a> Deserialize<'a>>(&self, key: &str) -> Result<Option<T>> {
        let value: Option<String> = self
            .connection
            .query_row("SELECT value FROM main.facts WHERE key = ?1", [key], |row| row.get(0))
            .optional()
            .context(|| format!("can't read {key} from the state"))?;
        value
            .map(|value| serde_json::from_str(&value).context(|| format!("unreadable {key}")))
            .transpose()
    }
}

/// Writes a fact to the file, whatever stands before it.
pub(super) fn keep_fact<T: Serialize>(
    connection: &Connection,
    key: &str,
    value: &T,
) -> rusqlite::Result<()> {
    connection
        .execute("INSERT OR REPLACE INTO main.facts VALUES (?1, ?2)", params![key, json(value)?])
        .map(drop)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{super::NoteRecord, *};
    use crate::index::NoteState;

    fn note(path: &str) -> (NoteRecord, NoteState) {
        let record = NoteRecord {
            root: "notes".to_owned(),
            path: path.to_owned(),
            size: 1,
            modified: 2,
            version: "v".to_owned(),
        };
        (record, NoteState::default())
    }

    fn placed(build: Build) -> Placed {
        Placed { build, server: None }
    }

    fn paths(state: &State) -> Vec<String> {
        state.notes().unwrap().into_iter().map(|note| note.path).collect()
    }

    /// A state with one note, and a build beside it with another.
    fn beside(file: &Path) -> State {
        let mut state = State::create(file).unwrap();
        state.commit(&[note("old.md")], &[]).unwrap();
        state.set_fact("started", "1").unwrap();
        state.set_left_over(&[placed(Build::FIRST.next())]).unwrap();
        state.begin_beside().unwrap();
        assert_eq!(paths(&state), Vec::<String>::new());
        state.commit(&[note("new.md")], &[]).unwrap();
        state.set_fact("started", "2").unwrap();
        state.keep_embeddings("model", &[([7; 32], vec![1.0])]).unwrap();
        state
    }

    /// Fault 65: before one transaction the old build serves, after it the new one.
    #[test]
    fn a_build_beside_is_seen_by_nobody_until_it_takes_over() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("state");
        let mut state = beside(&file);
        let seen = || {
            let state = State::open(&file).unwrap();
            (paths(&state), state.fact("started").unwrap(), state.build().unwrap())
        };
        let second = Build::FIRST.next();
        assert_eq!(seen(), (vec!["old.md".to_owned()], Some("1".to_owned()), Build::FIRST));
        assert_eq!(State::open(&file).unwrap().left_over().unwrap(), [placed(second)]);
        state.take_over(&placed(second), placed(Build::FIRST)).unwrap();
        let new = (vec!["new.md".to_owned()], Some("2".to_owned()), second);
        assert_eq!(seen(), new);
        assert_eq!(paths(&state), new.0);
        assert_eq!(state.left_over().unwrap(), [placed(Build::FIRST)]);
        let flip = "UPDATE embeddings SET vector = x'00000000'";
        state.connection.execute_batch(flip).unwrap();
        assert_eq!(state.faults().unwrap().len(), 1, "the sum of the embeddings stays");
        state.commit(&[note("newer.md")], &[]).unwrap();
        assert_eq!(seen().0, ["new.md", "newer.md"]);
    }

    #[test]
    fn a_build_that_never_took_over_leaves_its_embeddings_and_its_name() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("state");
        drop(beside(&file));
        let state = State::open(&file).unwrap();
        assert_eq!((paths(&state), state.build().unwrap()), (vec!["old.md".into()], Build::FIRST));
        assert_eq!(state.embedding("model", &[7; 32]).unwrap(), Some(vec![1.0]));
        assert_eq!(state.left_over().unwrap(), [placed(Build::FIRST.next())]);
    }

    #[test]
    fn what_is_read_at_one_moment_belongs_together() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("state");
        let mut writer = beside(&file);
        let reader = State::open(&file).unwrap();
        let read = reader.at_one_moment(|| {
            let before = paths(&reader);
            writer.take_over(&placed(Build::FIRST.next()), placed(Build::FIRST))?;
            Ok((before, paths(&reader), reader.build()?))
        });
        let old = vec!["old.md".to_owned()];
        assert_eq!(read.unwrap(), (old.clone(), old, Build::FIRST));
        assert_eq!(paths(&reader), ["new.md"]);
    }

    #[test]
    fn each_build_has_a_name_of_its_own() {
        let second = Build::FIRST.next();
        assert_eq!(Build::FIRST.named("index"), "index");
        assert_eq!(second.named("index"), "index-2");
        assert_eq!(second.next().named("notes"), "notes-3");
    }
}

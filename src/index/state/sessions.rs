//! The conversations that the state keeps: their plans, which follow-ups take on, and what was
//! answered, which their author may want to read again.

use rusqlite::params;
use serde::Serialize;

use super::State;
use crate::error::{Context as _, Result};

/// One turn of a conversation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Turn {
    /// The plan of its question, as JSON.
    pub plan: String,
    /// The answer in markdown, with its sources.
    pub answer: String,
    /// The day on which it was asked.
    pub day: String,
}

/// A conversation in short.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Session {
    /// Its name.
    pub name: String,
    /// How many questions it has.
    pub questions: u64,
    /// The day of the last one.
    pub day: String,
}

impl State {
    /// The turns of a conversation so far, in order.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn turns(&self, session: &str) -> Result<Vec<Turn>> {
        let query = "SELECT turns.plan, coalesce(answers.text, ''), coalesce(answers.day, '')
             FROM turns LEFT JOIN answers USING (session, ordinal)
             WHERE session = ?1 ORDER BY ordinal";
        self.connection
            .prepare(query)
            .and_then(|mut statement| {
                let turn = |row: &rusqlite::Row<'_>| {
                    Ok(Turn { plan: row.get(0)?, answer: row.get(1)?, day: row.get(2)? })
                };
                statement.query_map([session], turn)?.collect()
            })
            .context(|| format!("can't read the conversation {session}"))
    }

    /// Adds a turn to a conversation, or begins it anew with one.
    ///
    /// # Errors
    /// When the state can't be written; then nothing has changed.
    pub fn add_turn(&mut self, session: &str, turn: &Turn, begins: bool) -> Result<()> {
        let outcome = (|| {
            let transaction = self.connection.transaction()?;
            if begins {
                forget(&transaction, session)?;
            }
            let ordinal: i64 = transaction.query_row(
                "SELECT count(*) FROM turns WHERE session = ?1",
                [session],
                |row| row.get(0),
            )?;
            transaction.execute(
                "INSERT INTO turns (session, ordinal, plan) VALUES (?1, ?2, ?3)",
                params![session, ordinal, turn.plan],
            )?;
            transaction.execute(
                "INSERT INTO answers (session, ordinal, day, text) VALUES (?1, ?2, ?3, ?4)",
                params![session, ordinal, turn.day, turn.answer],
            )?;
            transaction.commit()
        })();
        outcome.context(|| format!("can't keep the conversation {session}"))
    }

    /// Every conversation, by name.
    ///
    /// # Errors
    /// When the state can't be read.
    pub fn sessions(&self) -> Result<Vec<Session>> {
        self.rows(
            "SELECT session, count(*), coalesce(max(answers.day), '')
             FROM turns LEFT JOIN answers USING (session, ordinal)
             GROUP BY session ORDER BY session",
            |row| {
                let questions = row.get::<_, i64>(1)?.unsigned_abs();
                Ok(Session { name: row.get(0)?, questions, day: row.get(2)? })
            },
        )
    }

    /// Forgets a conversation; one that is not there is no error.
    ///
    /// # Errors
    /// When the state can't be written; then nothing has changed.
    pub fn forget_session(&mut self, session: &str) -> Result<()> {
        let outcome = (|| {
            let transaction = self.connection.transaction()?;
            forget(&transaction, session)?;
            transaction.commit()
        })();
        outcome.context(|| format!("can't forget the conversation {session}"))
    }
}

fn forget(connection: &rusqlite::Connection, session: &str) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM turns WHERE session = ?1", [session])?;
    connection.execute("DELETE FROM answers WHERE session = ?1", [session])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(plan: &str) -> Turn {
        Turn { plan: plan.to_owned(), answer: format!("A {plan}"), day: "2024-06-15".to_owned() }
    }

    #[test]
    fn conversations_are_kept_apart_and_forgotten_one_by_one() {
        let mut state = State::in_memory().unwrap();
        for (session, plan, begins) in
            [("b", "1", true), ("a", "2", false), ("b", "3", false), ("a", "4", true)]
        {
            state.add_turn(session, &turn(plan), begins).unwrap();
        }
        assert_eq!(state.turns("b").unwrap(), [turn("1"), turn("3")]);
        assert_eq!(state.turns("a").unwrap(), [turn("4")]);
        let listed = || {
            let sessions = state.sessions().unwrap().into_iter();
            sessions.map(|it| (it.name, it.questions, it.day)).collect::<Vec<_>>()
        };
        let day = "2024-06-15".to_owned();
        assert_eq!(listed(), [("a".to_owned(), 1, day.clone()), ("b".to_owned(), 2, day.clone())]);
        state.forget_session("b").unwrap();
        assert_eq!(state.sessions().unwrap().len(), 1);
        assert_eq!(state.turns("b").unwrap(), []);
    }
}

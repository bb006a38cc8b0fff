//! What stands between the notes and whoever reads them: it holds entries back, masks secrets, and
//! keeps account of both.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
};

use serde::Serialize;

use super::{Entry, Rules, mask, secret_lines};
use crate::{logbook::place, services::Destination};

/// Says, before the first text goes to another machine, which one it is and what is sent.
pub type Announce = dyn Fn(&str, &str) + Send + Sync;

/// What stands between the notes and the models.
pub struct Guard {
    rules: Rules,
    masks_secrets: bool,
    announce: Box<Announce>,
    accounts: Mutex<BTreeMap<String, Account>>,
    announced: Mutex<BTreeSet<String>>,
}

/// What was kept back from one host.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Kept {
    /// The host.
    pub from: String,
    /// What was not sent.
    pub passages: Vec<KeptPassage>,
    /// The lines in which a secret was masked, as `path:line`.
    pub secrets: Vec<String>,
}

/// A passage that was not sent.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct KeptPassage {
    /// Where it stands: `path:line`.
    pub place: String,
    /// The rule that holds it back.
    pub rule: String,
}

/// What was kept back from a host so far; places in their order.
#[derive(Debug, Default)]
struct Account {
    passages: BTreeMap<(String, u32), String>,
    secrets: BTreeSet<(String, u32)>,
}

impl Default for Guard {
    fn default() -> Self {
        Self::new(Rules::default(), true, Box::new(|_, _| {}))
    }
}

impl Guard {
    /// A guard that holds to these rules.
    #[must_use]
    pub fn new(rules: Rules, masks_secrets: bool, announce: Box<Announce>) -> Self {
        Self {
            rules,
            masks_secrets,
            announce,
            accounts: Mutex::default(),
            announced: Mutex::default(),
        }
    }

    /// The rules.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Whether secrets are masked before a text goes to another machine.
    #[must_use]
    pub fn masks_secrets(&self) -> bool {
        self.masks_secrets
    }

    /// The rule that holds back what stands on a line of an entry; none when it may go there. What is
    /// held back is kept account of.
    pub fn refusal(&self, entry: Entry<'_>, line: u32, to: Destination<'_>) -> Option<String> {
        let host = to.host?;
        let rule = self.rules.refusal(entry, to)?;
        self.account(host, |account| {
            account.passages.insert((entry.path.to_owned(), line), rule.clone());
        });
        Some(rule)
    }

    /// Keeps account of the lines of an entry's text in which a secret will be masked.
    pub fn will_mask(
        &self,
        entry: Entry<'_>,
        (text, first_line): (&str, u32),
        to: Destination<'_>,
    ) {
        let Some(host) = to.host.filter(|_| self.masks(to)) else { return };
        let lines = secret_lines(text);
        if !lines.is_empty() {
            let at = |line: u32| (entry.path.to_owned(), first_line.saturating_add(line));
            self.account(host, |account| account.secrets.extend(lines.into_iter().map(at)));
        }
    }

    fn account(&self, host: &str, note: impl FnOnce(&mut Account)) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        note(accounts.entry(host.to_owned()).or_default());
    }

    /// A text as it may go there.
    #[must_use]
    pub fn masked<'t>(&self, text: &'t str, to: Destination<'_>) -> Cow<'t, str> {
        if self.masks(to) { mask(text) } else { Cow::Borrowed(text) }
    }

    fn masks(&self, to: Destination<'_>) -> bool {
        self.masks_secrets && to.is_remote
    }

    /// Says what is about to be sent to another machine, once for each of them.
    pub fn announce(&self, to: Destination<'_>, what: &str) {
        let Some(host) = to.host.filter(|_| to.is_remote) else { return };
        let mut announced = self.announced.lock().unwrap_or_else(PoisonError::into_inner);
        if announced.insert(format!("{host} {what}")) {
            (self.announce)(host, what);
        }
    }

    /// What was kept back since this was asked last, host by host.
    #[must_use]
    pub fn kept(&self) -> Vec<Kept> {
        let accounts =
            std::mem::take(&mut *self.accounts.lock().unwrap_or_else(PoisonError::into_inner));
        let kept = |(from, account): (String, Account)| Kept {
            from,
            passages: account
                .passages
                .into_iter()
                .map(|((path, line), rule)| KeptPassage { place: place(&path, line), rule })
                .collect(),
            secrets: account.secrets.into_iter().map(|(path, line)| place(&path, line)).collect(),
        };
        accounts.into_iter().map(kept).collect()
    }
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Guard").field("rules", &self.rules).finish_non_exhaustive()
    }
}

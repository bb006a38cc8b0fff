//! Calls to the model, some at a time, each kept under a hash of what it asks.

use std::{
    collections::BTreeMap,
    sync::{
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

use super::coverage::Coverage;
use crate::{
    error::{Context as _, Error, Result},
    index::State,
    privacy::GuardedChat,
    services::{ChatRequest, Completion},
};

/// How far a recap is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Progress {
    /// Calls done, those of earlier recaps included.
    pub done: usize,
    /// Calls that are known to be needed.
    pub total: usize,
}

/// What the calls are made with.
pub(super) struct Calls<'a> {
    pub chat: &'a GuardedChat<'a>,
    pub state: &'a State,
    /// How many calls are under way at once.
    pub concurrency: usize,
}

impl Calls<'_> {
    /// The completions of requests, in order; those of an earlier time are not asked for again.
    ///
    /// Each is kept as it comes, so that a run that fails or is stopped goes on from there.
    pub(super) fn complete(
        &self,
        requests: &[ChatRequest],
        coverage: &mut Coverage,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Vec<Completion>> {
        let total = requests.len();
        let mut found: BTreeMap<usize, Completion> = BTreeMap::new();
        let mut missing = Vec::new();
        for (place, request) in requests.iter().enumerate() {
            match self.kept(request)? {
                Some(completion) => {
                    found.insert(place, completion);
                }
                None => missing.push(place),
            }
        }
        coverage.cached_calls += found.len();
        progress(Progress { done: found.len(), total });
        self.ask(requests, &missing, &mut |place, completion| {
            coverage.calls += 1;
            if let Some(tokens) = completion.tokens {
                coverage.tokens.input += tokens.input;
                coverage.tokens.output += tokens.output;
            }
            self.keep(&requests[place], &completion)?;
            found.insert(place, completion);
            progress(Progress { done: found.len(), total });
            Ok(())
        })?;
        Ok(found.into_values().collect())
    }

    /// The one completion that is shown as it comes; it is kept as well.
    pub(super) fn complete_aloud(
        &self,
        request: &ChatRequest,
        coverage: &mut Coverage,
        on_text: &mut dyn FnMut(&str),
    ) -> Result<Completion> {
        if let Some(completion) = self.kept(request)? {
            coverage.cached_calls += 1;
            on_text(&completion.text);
            return Ok(completion);
        }
        let completion = answered(self.chat, request, on_text)?;
        coverage.calls += 1;
        if let Some(tokens) = completion.tokens {
            coverage.tokens.input += tokens.input;
            coverage.tokens.output += tokens.output;
        }
        self.keep(request, &completion)?;
        Ok(completion)
    }

    /// Asks from several threads; what comes back is taken on this one. A thread asks for nothing more
    /// until that is done: the process may be ended at any moment, and loses only what is under way.
    fn ask(
        &self,
        requests: &[ChatRequest],
        missing: &[usize],
        take: &mut dyn FnMut(usize, Completion) -> Result<()>,
    ) -> Result<()> {
        let next = AtomicUsize::new(0);
        let has_failed = AtomicBool::new(false);
        let (sender, receiver) = mpsc::channel();
        let chat = self.chat;
        thread::scope(|scope| {
            for _ in 0..self.concurrency.clamp(1, missing.len().max(1)) {
                let sender = sender.clone();
                let (next, has_failed) = (&next, &has_failed);
                scope.spawn(move || {
                    while !has_failed.load(Ordering::Relaxed)
                        && let Some(place) = missing.get(next.fetch_add(1, Ordering::Relaxed))
                    {
                        let outcome = answered(chat, &requests[*place], &mut |_| {});
                        if outcome.is_err() {
                            has_failed.store(true, Ordering::Relaxed);
                        }
                        let (not_taken, taken) = mpsc::channel::<()>();
                        if sender.send((*place, outcome, not_taken)).is_err() {
                            break;
                        }
                        // Nothing is ever sent: its other end is dropped once the answer is taken.
                        let _: Result<(), _> = taken.recv();
                    }
                });
            }
            drop(sender);
            let mut failure = None;
            for (place, outcome, not_taken) in receiver {
                let taken = outcome.and_then(|completion| take(place, completion));
                if let Err(error) = taken {
                    has_failed.store(true, Ordering::Relaxed);
                    failure = failure.or(Some(error));
                }
                drop(not_taken);
            }
            failure.map_or(Ok(()), Err)
        })
    }

    /// What a request was answered at an earlier time.
    pub(super) fn kept(&self, request: &ChatRequest) -> Result<Option<Completion>> {
        let kept = self.state.map(&self.content(request)?)?;
        // What can't be read any more is asked for again.
        Ok(kept.and_then(|kept| serde_json::from_str(&kept).ok()))
    }

    fn keep(&self, request: &ChatRequest, completion: &Completion) -> Result<()> {
        let kept = serde_json::to_string(completion).context(|| "can't keep a map".to_owned())?;
        self.state.keep_map(&self.content(request)?, &kept)
    }

    /// The hash of the model and of everything that it is asked.
    fn content(&self, request: &ChatRequest) -> Result<String> {
        let asked = serde_json::to_vec(request).context(|| "can't hash a request".to_owned())?;
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.chat.model().as_bytes());
        hasher.update(&[0]);
        hasher.update(&asked);
        Ok(hasher.finalize().to_hex().to_string())
    }
}

fn answered(
    chat: &GuardedChat<'_>,
    request: &ChatRequest,
    on_text: &mut dyn FnMut(&str),
) -> Result<Completion> {
    let completion = chat.complete(request, on_text)?;
    if completion.text.trim().is_empty() {
        return Err(Error::failed(format!("{} gave an empty answer", chat.model())));
    }
    Ok(completion)
}

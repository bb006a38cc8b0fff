//! What a recap would cost, before the first call: the calls that are missing and their tokens.
//!
//! What a model will write is not known before, so that every answer counts as the longest that it
//! may give. What was answered before costs nothing, and is read at its real length.

use serde::Serialize;

use super::{
    asking::{Asking, Noted, batches, noted_text, reach, weight},
    parts::{numbered, parts, total},
};
use crate::{
    ask::{
        Sending,
        prompt::{MAP, RECAP, REDUCE},
    },
    error::Result,
    logbook::Span,
    services::{ChatRequest, Completion, Tokens, count_tokens},
};

/// What is yet to be asked, at the most.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Cost {
    /// The calls that are to be made.
    pub calls: usize,
    /// The calls that an earlier recap had made already.
    pub cached_calls: usize,
    /// The tokens of the calls that are to be made, as near as they can be counted; those that are
    /// written are the most that there may be.
    pub tokens: Tokens,
}

impl std::ops::AddAssign for Cost {
    fn add_assign(&mut self, other: Self) {
        self.calls += other.calls;
        self.cached_calls += other.cached_calls;
        self.tokens.input += other.tokens.input;
        self.tokens.output += other.tokens.output;
    }
}

/// What a model's tokens cost, in whatever currency.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Prices {
    /// A million tokens that are read.
    pub input_per_million: f64,
    /// A million tokens that are written.
    pub output_per_million: f64,
}

impl Prices {
    /// The price of some tokens; none when no price is known.
    #[must_use]
    pub fn of(self, tokens: Tokens) -> Option<f64> {
        let is_known = self.input_per_million > 0.0 || self.output_per_million > 0.0;
        let input = tokens.input as f64 * self.input_per_million;
        let output = tokens.output as f64 * self.output_per_million;
        is_known.then_some((input + output) / 1e6)
    }
}

/// What a recap would ask first, and what all of it would cost.
#[derive(Debug, Default)]
pub(super) struct Expected {
    pub requests: Vec<ChatRequest>,
    pub cost: Cost,
    /// How many of the first requests were answered before.
    pub cached: usize,
    pub is_in_parts: bool,
}

/// What will be noted of some days: known, or as long as it may be.
struct Awaited {
    noted: Noted,
    is_known: bool,
    tokens: usize,
}

impl Asking<'_> {
    /// What [`Asking::written`] would ask, with nothing sent.
    pub(super) fn expected(&self, sending: &Sending) -> Result<Expected> {
        let mut expected = Expected::default();
        let passages = numbered(sending);
        if passages.is_empty() {
            return Ok(expected);
        }
        if total(&passages) <= self.room(RECAP) {
            let request = self.whole_request(&passages);
            self.awaited(&request, &mut expected.cost)?;
            expected.cached = expected.cost.cached_calls;
            expected.requests.push(request);
            return Ok(expected);
        }
        expected.is_in_parts = true;
        let mut awaited = Vec::new();
        for part in parts(self.wanted.period, passages, self.room(MAP)) {
            let request = self.map_request(&part);
            let completion = self.awaited(&request, &mut expected.cost)?;
            let text = completion.as_ref().map(|it| noted_text(&part, it));
            awaited.push(self.awaited_of(part.span, text));
            expected.requests.push(request);
        }
        expected.cached = expected.cost.cached_calls;
        self.expect_reduced(awaited, &mut expected.cost)?;
        Ok(expected)
    }

    /// Counts the calls that put together what was noted, in as many tiers as that may take.
    fn expect_reduced(&self, mut awaited: Vec<Awaited>, cost: &mut Cost) -> Result<()> {
        let room = self.room(REDUCE);
        let weight = |batch: &[Awaited]| batch.iter().map(|awaited| awaited.tokens).sum();
        loop {
            let mut batches = batches(awaited, room, &weight);
            if batches.len() > 1 && batches.iter().all(|batch| batch.len() < 2) {
                // The longest answers do not fit beside each other. Shorter ones may: the least that
                // brings the recap further is to put two together.
                batches = in_pairs(batches.into_iter().flatten());
            }
            let is_last = batches.len() == 1;
            awaited = Vec::new();
            for batch in batches {
                let is_known = batch.iter().all(|awaited| awaited.is_known);
                let unknown: usize =
                    batch.iter().filter(|it| !it.is_known).map(|it| it.tokens).sum();
                let noted: Vec<Noted> = batch.into_iter().map(|awaited| awaited.noted).collect();
                let span = if is_last { self.wanted.period } else { reach(&noted) };
                let request = self.reduce_request(&noted, span);
                let completion = if is_known {
                    self.awaited(&request, cost)?
                } else {
                    self.count(&request, unknown.min(room), cost);
                    None
                };
                let text = completion.map(|completion| completion.text);
                awaited.push(self.awaited_of(span, text));
            }
            if is_last {
                return Ok(());
            }
        }
    }

    /// What will be noted, of which the text is known or not.
    fn awaited_of(&self, span: Span, text: Option<String>) -> Awaited {
        let is_known = text.is_some();
        let noted = Noted { span, text: text.unwrap_or_default() };
        let tokens = weight(std::slice::from_ref(&noted));
        let longest = usize::try_from(self.settings.answer_tokens).unwrap_or(usize::MAX);
        let tokens = if is_known { tokens } else { tokens.saturating_add(longest) };
        Awaited { noted, is_known, tokens }
    }

    /// Counts a request, and gives its completion where it was answered before.
    fn awaited(&self, request: &ChatRequest, cost: &mut Cost) -> Result<Option<Completion>> {
        let kept = self.calls.kept(request)?;
        if kept.is_some() {
            cost.cached_calls += 1;
        } else {
            self.count(request, 0, cost);
        }
        Ok(kept)
    }

    /// Counts a request that is to be made, as it would be sent, with so many tokens more than it
    /// has yet.
    fn count(&self, request: &ChatRequest, unknown: usize, cost: &mut Cost) {
        cost.calls += 1;
        cost.tokens.input += (tokens_of(&self.calls.chat.as_sent(request)) + unknown) as u64;
        cost.tokens.output += u64::from(self.settings.answer_tokens);
    }
}

fn in_pairs<T>(mut all: impl Iterator<Item = T>) -> Vec<Vec<T>> {
    let mut pairs = Vec::new();
    while let Some(one) = all.next() {
        pairs.push([one].into_iter().chain(all.next()).collect());
    }
    pairs
}

/// The tokens of a request, as near as they can be counted.
pub(super) fn tokens_of(request: &ChatRequest) -> usize {
    let messages = request.messages.iter().map(|message| count_tokens(&message.content));
    count_tokens(&request.system) + messages.sum::<usize>()
}

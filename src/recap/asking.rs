//! What the model is asked for a recap: the whole period, or its parts and what they come to.

use super::{
    Recap, Wanted,
    map::{Calls, Progress},
    parts::{Numbered, Part, numbered, parts, total},
};
use crate::{
    ask::{
        PromptSettings, Sending, check, phrases,
        prompt::{
            MAP, RECAP, REDUCE, fenced, language_name, nonce, rendered, request, room, voice,
        },
        renumbered,
    },
    error::{Error, Result},
    logbook::{Language, Span},
    services::{ChatRequest, Completion, count_tokens},
};

/// Asking the model for the account of a period.
pub(super) struct Asking<'a> {
    pub(super) wanted: &'a Wanted,
    pub(super) settings: &'a PromptSettings,
    pub(super) calls: &'a Calls<'a>,
}

impl Asking<'_> {
    /// The account: in one call when everything fits, else from what is noted of each part.
    pub(super) fn written(
        &self,
        sending: &Sending,
        recap: &mut Recap,
        progress: &mut dyn FnMut(Progress),
        on_text: &mut dyn FnMut(&str),
    ) -> Result<Completion> {
        let passages = numbered(sending);
        if total(&passages) <= self.room(RECAP) {
            let request = self.whole_request(&passages);
            return self.calls.complete_aloud(&request, &mut recap.coverage, on_text);
        }
        let room = self.room(MAP);
        let parts = parts(self.wanted.period, passages, room);
        if parts.iter().any(|part| total(&part.passages) > room) {
            return Err(too_small(self.settings));
        }
        let requests: Vec<ChatRequest> = parts.iter().map(|part| self.map_request(part)).collect();
        let completions = self.calls.complete(&requests, &mut recap.coverage, progress)?;
        let noted: Vec<Noted> = parts
            .iter()
            .zip(&completions)
            .map(|(part, completion)| self.noted(part, completion, recap))
            .collect();
        self.reduced(noted, recap, progress, on_text)
    }

    /// What was noted of a part, with the numbers of the whole period in place of the part's own.
    ///
    /// A part is numbered from one when it is asked about, so that an entry that is new in another
    /// part leaves what is kept of this one good.
    fn noted(&self, part: &Part, completion: &Completion, recap: &mut Recap) -> Noted {
        if completion.cut_off {
            recap.notes.push(match self.wanted.language {
                Language::English => {
                    format!("The notes on {} were cut off at the limit of tokens.", part.span)
                }
                Language::French => {
                    format!("Les notes sur {} ont été coupées à la limite de jetons.", part.span)
                }
            });
        }
        Noted { span: part.span, text: noted_text(part, completion) }
    }

    /// Puts what was noted together, in several tiers where it does not fit into one call.
    fn reduced(
        &self,
        mut noted: Vec<Noted>,
        recap: &mut Recap,
        progress: &mut dyn FnMut(Progress),
        on_text: &mut dyn FnMut(&str),
    ) -> Result<Completion> {
        let room = self.room(REDUCE);
        loop {
            let batches = batches(noted, room, &weight);
            if let [only] = batches.as_slice()
                && weight(only) <= room
            {
                let request = self.reduce_request(only, self.wanted.period);
                return self.calls.complete_aloud(&request, &mut recap.coverage, on_text);
            }
            if batches.iter().any(|batch| batch.len() < 2 && weight(batch) > room)
                || batches.iter().all(|batch| batch.len() < 2)
            {
                return Err(too_small(self.settings));
            }
            let requests: Vec<ChatRequest> =
                batches.iter().map(|batch| self.reduce_request(batch, reach(batch))).collect();
            let completions = self.calls.complete(&requests, &mut recap.coverage, progress)?;
            noted = batches
                .iter()
                .zip(completions)
                .map(|(batch, completion)| Noted { span: reach(batch), text: completion.text })
                .collect();
        }
    }

    /// The tokens that passages may take in a prompt of this template.
    pub(super) fn room(&self, template: &str) -> usize {
        let (system, message) = self.rendered(template, self.wanted.period, "000000000000", "");
        room(self.settings, count_tokens(&system) + count_tokens(&message))
    }

    pub(super) fn whole_request(&self, passages: &[Numbered]) -> ChatRequest {
        let numbers = passages.iter().map(|numbered| numbered.number);
        self.passages_request(RECAP, self.wanted.period, passages, numbers)
    }

    pub(super) fn map_request(&self, part: &Part) -> ChatRequest {
        self.passages_request(MAP, part.span, &part.passages, 1..)
    }

    fn passages_request(
        &self,
        template: &str,
        part: Span,
        passages: &[Numbered],
        numbers: impl Iterator<Item = usize>,
    ) -> ChatRequest {
        let texts: Vec<&str> =
            passages.iter().map(|numbered| numbered.passage.text.as_str()).collect();
        let nonce = nonce(template, &texts);
        let text: String = passages
            .iter()
            .zip(numbers)
            .map(|(numbered, number)| fenced(number, &numbered.passage, &nonce))
            .collect();
        let (system, message) = self.rendered(template, part, &nonce, &text);
        request(system, message, self.settings.answer_tokens)
    }

    pub(super) fn reduce_request(&self, batch: &[Noted], part: Span) -> ChatRequest {
        let texts: Vec<&str> = batch.iter().map(|noted| noted.text.as_str()).collect();
        let nonce = nonce(REDUCE, &texts);
        let text: String = batch.iter().map(|noted| noted.fenced(&nonce)).collect();
        let (system, message) = self.rendered(REDUCE, part, &nonce, &text);
        request(system, message, self.settings.answer_tokens)
    }

    fn rendered(&self, template: &str, part: Span, nonce: &str, text: &str) -> (String, String) {
        let language = self.wanted.language;
        let period = if template == MAP { self.wanted.period } else { part };
        let weekdays = self.wanted.weekdays;
        let (mut period, part) = (period.to_string(), part.to_string());
        if let Some(first) = self.wanted.days.first() {
            let day = phrases::day_of_year(Language::English, first.start());
            period = format!("{day} of each year, {period}");
        }
        if !weekdays.is_empty() {
            period.push_str(&format!(", {}", weekdays.words(Language::English)));
        }
        let about = self
            .wanted
            .about
            .as_ref()
            .map_or_else(String::new, |about| format!("Only what concerns this: {about}"));
        let voice = voice(self.settings.persona.as_deref());
        let synthesis = phrases::phrase(language, "In sum.", "En somme.");
        rendered(
            template,
            &[
                ("period", &period),
                ("part", &part),
                ("about", &about),
                ("nonce", nonce),
                ("language", language_name(language)),
                ("voice", &voice),
                ("synthesis", synthesis),
                ("passages", text),
            ],
        )
    }
}

/// What was noted of some days.
#[derive(Clone, Debug)]
pub(super) struct Noted {
    pub(super) span: Span,
    pub(super) text: String,
}

impl Noted {
    fn fenced(&self, nonce: &str) -> String {
        format!("<part-{nonce}>\n{}\n{}\n</part-{nonce}>\n", self.span, self.text.trim())
    }
}

/// The words of what was noted, with the numbers of the whole period.
pub(super) fn noted_text(part: &Part, completion: &Completion) -> String {
    let own = check(&completion.text, &|number| (1..=part.passages.len()).contains(&number));
    renumbered(&own.text, &|number| {
        part.passages.get(number.checked_sub(1)?).map(|numbered| numbered.number)
    })
}

/// The tokens of what was noted between its fences.
pub(super) fn weight(batch: &[Noted]) -> usize {
    batch.iter().map(|noted| count_tokens(&noted.fenced("000000000000")) + 2).sum()
}

/// Groups what was noted, in order, into as few batches as fit.
pub(super) fn batches<T>(
    noted: Vec<T>,
    room: usize,
    weight: &dyn Fn(&[T]) -> usize,
) -> Vec<Vec<T>> {
    let mut batches: Vec<Vec<T>> = Vec::new();
    for noted in noted {
        match batches.last_mut() {
            Some(batch) if weight(batch) + weight(std::slice::from_ref(&noted)) <= room => {
                batch.push(noted);
            }
            _ => batches.push(vec![noted]),
        }
    }
    batches
}

/// The days of what was noted, together.
pub(super) fn reach(batch: &[Noted]) -> Span {
    let first = batch.iter().map(|noted| noted.span.start()).min();
    let end = batch.iter().map(|noted| noted.span.end()).max();
    first.zip(end).and_then(|(first, end)| Span::new(first, end)).unwrap_or(batch[0].span)
}

fn too_small(settings: &PromptSettings) -> Error {
    Error::usage(format!(
        "a context of {} tokens is too small for a recap",
        settings.context_tokens
    ))
    .hint("take a model that reads more, or raise its context in the configuration")
}

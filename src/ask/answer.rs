//! From what was retrieved to an answer: a "no", an extract, or a model's words once checked.

use serde::Serialize;

use super::{
    Passage, Retrieved,
    absence::Absence,
    citation::{Checked, CheckedText, Citation, CurrentText, check, taken_apart},
    claims::{Claim, claims, marked, supported},
    exact::Exact,
    extractive::{extract, known},
    lagging::stale,
    passage::in_order_of_time,
    phrases::{self, instead_of_a_model, phrase},
    prompt::{Prompt, PromptSettings, answer_prompt},
    sending::Sending,
    sentences::Unfolding,
    sieve::Sieve,
    support::{Sources, Support},
    widen::widened,
};
use crate::{
    error::{Error, Exit, Result},
    index::TermReader,
    logbook::Language,
    plan::{Asked, Intent, Plan},
    privacy::GuardedChat,
    services::{ChatRequest, Completion, ContextOverflow, Tokens},
};

/// An answer, and what it rests on.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// The answer in markdown, with citations as `[n]`.
    pub text: String,
    /// What the index says of it, exactly, where it is asked for what the index knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<Exact>,
    /// The passages that it cites, by number.
    pub citations: Vec<Citation>,
    /// The passages that a model was given, by number, where it cites none of them.
    pub given: Vec<Citation>,
    /// What the user should know about it, in sentences.
    pub notes: Vec<String>,
    /// Who wrote it.
    pub made_by: MadeBy,
    /// Why there is no answer, where there is none.
    pub absence: Option<Absence>,
    /// What a model claims, sentence by sentence, held against what it cites.
    pub claims: Vec<Claim>,
    /// The share of the claims that is borne out, of those of which words can tell; all of an
    /// extract, which is the notes' own words, and none where nothing can be told.
    pub supported: Option<f64>,
    /// The claims that cite nothing.
    pub uncited: Vec<String>,
    /// The numbers that a model cited and that stand for nothing; they are not in the text.
    pub foreign: Vec<String>,
    /// The passages that the answer was made from.
    pub passages: Vec<Passage>,
    /// How many more were found, and did not fit into what a model was given.
    pub left_out: usize,
    /// The tokens used, where the provider says so.
    pub tokens: Option<Tokens>,
    /// The error of the model in whose place the extract stands.
    pub failure: Option<Error>,
}

/// Who wrote an answer.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum MadeBy {
    /// Nobody: there is nothing to answer from.
    Absence,
    /// The notes' own sentences.
    Extract,
    /// The calendar, which knows on which weekday a day falls.
    Calendar,
    /// A language model.
    Model {
        /// The model, as its provider names it.
        model: String,
        /// Where it runs.
        host: String,
    },
}

impl Answer {
    /// The answer with a mark behind each claim that is not borne out.
    #[must_use]
    pub fn marked_text(&self) -> String {
        marked(&self.text, &self.claims)
    }

    /// The exit code that the answer ends with.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match (&self.failure, &self.absence) {
            (Some(failure), _) => failure.exit(),
            (None, Some(_)) => Exit::Nothing,
            (None, None) => Exit::Done,
        }
    }
}

/// What an answer is made with.
#[derive(Clone, Copy)]
pub struct Answering<'a> {
    /// The model; without one the answer is an extract.
    pub chat: Option<&'a GuardedChat<'a>>,
    /// Gives a note's text of today.
    pub current: &'a CurrentText<'a>,
    /// Reads terms.
    pub reader: &'a TermReader,
    /// How the model is asked.
    pub settings: &'a PromptSettings,
    /// Is given what the model reads, in the order of its numbers, before its first word.
    pub on_given: &'a dyn Fn(&[Passage]),
}

/// How often a prompt that is too long for the model is halved.
const HALVINGS_MAX: u32 = 3;

/// Answers a plan from what was retrieved for it; a model's words go to `on_text` as they come, as
/// far as their citations are known to be ones.
///
/// A model that fails leaves the extract, with its error beside it.
///
/// # Errors
/// Only when the user interrupts.
pub fn answer(
    retrieved: &Retrieved,
    plan: &Plan,
    answering: &Answering<'_>,
    on_text: &mut dyn FnMut(&str),
) -> Result<Answer> {
    if plan.intent == Intent::Weekday {
        return Ok(Answer { text: weekdays(plan), ..empty(MadeBy::Calendar) });
    }
    let mut answer = answered(retrieved, plan, answering, on_text)?;
    let is_told = matches!(&answer.absence, Some(Absence::OnlyUndated { places, .. })
        if places.len() == retrieved.undated);
    if !is_told {
        let on_topic = !plan.topic.is_empty();
        answer.notes.extend(phrases::undated(plan.language, retrieved.undated, on_topic));
    }
    Ok(answer)
}

/// Whether a model would be asked at all: what the logbook does not say, and what the calendar knows,
/// needs none.
#[must_use]
pub fn needs_model(retrieved: &Retrieved, plan: &Plan, current: &CurrentText<'_>) -> bool {
    plan.intent != Intent::Weekday
        && retrieved.absence.is_none()
        && stale(&retrieved.passages, plan.intent, current).is_none()
}

fn answered(
    retrieved: &Retrieved,
    plan: &Plan,
    answering: &Answering<'_>,
    on_text: &mut dyn FnMut(&str),
) -> Result<Answer> {
    if let Some(absence) = &retrieved.absence {
        let exact = known(retrieved, plan, answering.reader);
        return Ok(Answer { exact, ..absent(absence, plan, retrieved) });
    }
    if let Some(absence) = stale(&retrieved.passages, plan.intent, answering.current) {
        return Ok(absent(&absence, plan, retrieved));
    }
    let passages = widened(&retrieved.passages, answering.current);
    let retrieved = Retrieved { passages, ..retrieved.clone() };
    let extracted = || {
        let mut passages = retrieved.passages.clone();
        let is_ranked = matches!(plan.intent, Intent::Largest | Intent::Smallest);
        if plan.intent.enumerates() && !is_ranked {
            passages = in_order_of_time(passages);
        }
        extracted(&Retrieved { passages, ..retrieved.clone() }, plan, answering)
    };
    let Some(chat) = answering.chat else {
        return Ok(extracted());
    };
    let sending = Sending::to(chat, retrieved.passages.clone());
    if sending.is_all_refused() {
        let mut answer = extracted();
        answer.notes.push(phrases::all_kept_back(plan.language).to_owned());
        return Ok(answer);
    }
    let exact = known(&retrieved, plan, answering.reader);
    match asked(&sending, (plan, exact), answering, chat, on_text) {
        Ok(answer) => Ok(answer),
        Err(error) if error.exit() == Exit::Interrupted => Err(error),
        Err(error) => {
            let mut answer = extracted();
            answer.notes.push(instead_of_a_model(plan.language).to_owned());
            answer.failure = Some(error);
            Ok(answer)
        }
    }
}

/// `14 March 2022: **Monday**`, a line a day.
fn weekdays(plan: &Plan) -> String {
    let line = |asked: &Asked| {
        let day = asked.span.start();
        let weekday = phrases::weekday(plan.language, day.weekday());
        let day = phrases::day(plan.language, day);
        match plan.language {
            Language::English => format!("{day}: **{weekday}**"),
            Language::French => format!("{day} : **{weekday}**"),
        }
    };
    plan.spans.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn absent(absence: &Absence, plan: &Plan, retrieved: &Retrieved) -> Answer {
    Answer {
        text: absence.words(plan.language),
        absence: Some(absence.clone()),
        passages: retrieved.passages.clone(),
        ..empty(MadeBy::Absence)
    }
}

fn extracted(retrieved: &Retrieved, plan: &Plan, answering: &Answering<'_>) -> Answer {
    let extract = extract(retrieved, plan, answering.reader, answering.current);
    Answer {
        notes: stale_notes(&extract.citations, plan),
        text: extract.text,
        exact: known(retrieved, plan, answering.reader),
        citations: extract.citations,
        passages: retrieved.passages.clone(),
        supported: Some(1.0),
        ..empty(MadeBy::Extract)
    }
}

fn empty(made_by: MadeBy) -> Answer {
    Answer {
        text: String::new(),
        exact: None,
        citations: Vec::new(),
        given: Vec::new(),
        notes: Vec::new(),
        made_by,
        absence: None,
        claims: Vec::new(),
        supported: None,
        uncited: Vec::new(),
        foreign: Vec::new(),
        passages: Vec::new(),
        left_out: 0,
        tokens: None,
        failure: None,
    }
}

/// Asks the model, with a shorter prompt when the first is too long for it.
fn asked(
    sending: &Sending,
    (plan, exact): (&Plan, Option<Exact>),
    answering: &Answering<'_>,
    chat: &GuardedChat<'_>,
    on_text: &mut dyn FnMut(&str),
) -> Result<Answer> {
    let mut settings = answering.settings.clone();
    let mut halvings = 0;
    let (prompt, completion) = loop {
        let prompt = answer_prompt(plan, exact.as_ref(), sending, &settings);
        let sources = Sources::of_plan(plan, exact.as_ref(), &prompt.passages, answering.reader);
        (answering.on_given)(&prompt.passages);
        let outcome = said(&prompt.request, plan, chat, Sieve::new(&sources, on_text));
        match outcome {
            Err(error) if ContextOverflow::caused(&error) && halvings < HALVINGS_MAX => {
                halvings += 1;
                settings.context_tokens /= 2;
            }
            outcome => break (prompt, outcome?),
        }
    };
    if completion.text.trim().is_empty() {
        return Err(Error::failed(format!("{} gave an empty answer", chat.model())));
    }
    let shown = prompt.passages.len();
    let checked = check(completion.text.trim(), &|number| (1..=shown).contains(&number));
    let sources = Sources::of_plan(plan, exact.as_ref(), &prompt.passages, answering.reader);
    let claims = claims(&checked.text, &sources);
    let mut answer = Answer {
        text: checked.text.clone(),
        supported: supported(&claims),
        uncited: uncited(&claims),
        foreign: checked.foreign.clone(),
        tokens: completion.tokens,
        ..empty(MadeBy::Model { model: chat.model().to_owned(), host: chat.host().to_owned() })
    };
    let mut numbers = checked.numbers.clone();
    if let Some(exact) = exact {
        let (exact, rest) = held_against(exact, plan, &checked, &prompt);
        if let Some((text, cited)) = rest {
            on_text(&format!("\n\n{text}"));
            answer.text.push_str(&format!("\n\n{text}"));
            numbers.extend(cited);
            numbers.sort_unstable();
            numbers.dedup();
        }
        answer.exact = Some(exact);
    }
    let cited = |numbers: &mut dyn Iterator<Item = usize>| -> Vec<Citation> {
        let of = |number| Citation::of(number, &prompt.passages[number - 1], answering.current);
        numbers.map(of).collect()
    };
    answer.citations = cited(&mut numbers.into_iter());
    if answer.citations.is_empty() {
        answer.given = cited(&mut (1..=shown));
    }
    answer.notes = stale_notes(&answer.citations, plan);
    let has_cited = !checked.numbers.is_empty();
    answer.notes.extend(phrases::unchecked(plan.language, &claims, has_cited, shown));
    answer.notes.extend(limits(plan, &prompt, &completion, halvings > 0));
    answer.notes.extend(removed(plan, &checked.foreign));
    let left_out = prompt.left_out;
    Ok(Answer { claims, passages: prompt.passages, left_out, ..answer })
}

/// So many of the entries behind what the index says are cited.
const BEHIND_MAX: usize = 5;

/// What the index answers, held against a model's words: its own words and citations to put behind
/// them, where they do not say the same or cite nothing.
fn held_against(
    exact: Exact,
    plan: &Plan,
    checked: &CheckedText,
    prompt: &Prompt,
) -> (Exact, Option<(String, Vec<usize>)>) {
    let (text, _) = taken_apart(&checked.text);
    let is_said = exact.is_said(&text);
    let behind = exact.behind(&prompt.passages).into_iter().map(|place| place + 1);
    let behind: Vec<usize> = behind.take(BEHIND_MAX).collect();
    let told = (!is_said || checked.numbers.is_empty())
        .then(|| (exact.told(plan.language, &behind), behind));
    (Exact { said: Some(is_said), ..exact }, told)
}

/// What of the passages was not read, and what of the answer is missing.
fn limits(plan: &Plan, prompt: &Prompt, completion: &Completion, is_halved: bool) -> Vec<String> {
    let mut notes = Vec::new();
    // Of a fact, and of what the index knows exactly, the best passages are the answer.
    let is_of_all =
        matches!(plan.intent, Intent::Recap | Intent::List | Intent::Compare | Intent::OnThisDay);
    if prompt.is_cut || prompt.left_out > 0 && (is_of_all || is_halved) {
        let of = prompt.read + prompt.left_out;
        notes.push(left_out_note(plan, prompt.read, of, is_halved));
    }
    let read = completion.tokens.map_or(0, |tokens| tokens.input);
    if is_cut_by_server(read, prompt.tokens) {
        notes.push(cut_note(plan, read, prompt.tokens));
    }
    if completion.cut_off {
        notes.push(
            phrase(
                plan.language,
                "The answer was cut off at the limit of tokens.",
                "La réponse a été coupée à la limite de jetons.",
            )
            .to_owned(),
        );
    }
    notes
}

/// Names the citations that stand for nothing and are no longer in the text.
fn removed(plan: &Plan, foreign: &[String]) -> Option<String> {
    let numbers = foreign.join(", ");
    (!foreign.is_empty()).then(|| match plan.language {
        Language::English => {
            format!("Removed citations of passages that were not given: {numbers}.")
        }
        Language::French => {
            format!("Citations retirées, de passages qui n’étaient pas donnés : {numbers}.")
        }
    })
}

/// A model's words, given on as they come; an answer in JSON is read as one like any other.
fn said(
    request: &ChatRequest,
    plan: &Plan,
    chat: &GuardedChat<'_>,
    mut sieve: Sieve<'_>,
) -> Result<Completion> {
    if request.schema.is_none() {
        let outcome = chat.complete(request, &mut |text| sieve.take(text));
        sieve.finish();
        return outcome;
    }
    let mut unfolding = Unfolding::new(plan.intent == Intent::List);
    let outcome = chat.complete(request, &mut |text| sieve.take(&unfolding.take(text)));
    let (rest, text) = unfolding.finish();
    if outcome.is_ok() {
        sieve.take(&rest);
    }
    sieve.finish();
    Ok(Completion { text, ..outcome? })
}

/// The sentences of a model that cite nothing.
pub(crate) fn uncited(claims: &[Claim]) -> Vec<String> {
    let uncited = claims.iter().filter(|claim| claim.support == Support::Uncited);
    uncited.map(|claim| claim.text.clone()).collect()
}

fn left_out_note(plan: &Plan, shown: usize, of: usize, is_halved: bool) -> String {
    let why = if is_halved {
        phrase(
            plan.language,
            "The prompt was too long for the model and was shortened",
            "La demande était trop longue pour le modèle et a été raccourcie",
        )
    } else {
        phrase(plan.language, "Not everything fits", "Tout ne tient pas")
    };
    match plan.language {
        Language::English => format!("{why}: {shown} of {of} passages were read."),
        Language::French => format!("{why} : {shown} passages sur {of} ont été lus."),
    }
}

/// The shortest prompt that is compared with what the model says it read, in tokens.
const COMPARED_TOKENS_MIN: usize = 1_000;

/// Whether a server has cut a prompt without a word, as Ollama does: it counts less than half of the
/// tokens. Models count differently, but never by so much.
fn is_cut_by_server(read: u64, tokens: usize) -> bool {
    let read = usize::try_from(read).unwrap_or(usize::MAX);
    read > 0 && tokens >= COMPARED_TOKENS_MIN && read < tokens / 2
}

fn cut_note(plan: &Plan, read: u64, tokens: usize) -> String {
    match plan.language {
        Language::English => format!(
            "The model's server read {read} of about {tokens} tokens: it cut the question or its \
             passages. Set llm.context_tokens to what the server has, or give it more."
        ),
        Language::French => format!(
            "Le serveur du modèle a lu {read} jetons sur environ {tokens} : il a coupé la question \
             ou ses passages. Réglez llm.context_tokens sur son contexte, ou agrandissez-le."
        ),
    }
}

/// Names the cited notes that have changed since they were indexed.
fn stale_notes(citations: &[Citation], plan: &Plan) -> Vec<String> {
    citations
        .iter()
        .filter(|citation| citation.state == Checked::Stale)
        .map(|citation| {
            let place = citation.place();
            match plan.language {
                Language::English => {
                    format!("[{}] {place} has changed since it was indexed.", citation.number)
                }
                Language::French => {
                    format!("[{}] {place} a changé depuis son indexation.", citation.number)
                }
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;

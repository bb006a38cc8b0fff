//! One recap: every entry of the period, read at once or part by part.

use serde::Serialize;

use super::{
    asking::Asking,
    cost::{Cost, tokens_of},
    coverage::Coverage,
    gather::Gathered,
    map::{Calls, Progress},
    render::{Theme, themes_of},
};
use crate::{
    ask::{
        Absence, Citation, Claim, CurrentText, MadeBy, PromptSettings, Sending, Sources, check,
        claims, extract, phrases, supported, uncited,
    },
    error::{Error, Exit, Result},
    index::{State, TermReader},
    logbook::{Language, Span, Weekdays},
    privacy::GuardedChat,
    services::{ChatRequest, Completion, ContextOverflow, Tokens},
};

/// What a recap is wanted of.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The period.
    pub period: Span,
    /// The weekdays of it; none for every day.
    pub weekdays: Weekdays,
    /// The days of it, where only some count, such as the same one of each year; none for every day.
    pub days: Vec<Span>,
    /// What it is about; none for everything.
    pub about: Option<String>,
    /// The language that it is written in.
    pub language: Language,
}

/// How the model is asked.
#[derive(Clone, Debug)]
pub struct RecapSettings {
    /// The budget and the voice.
    pub prompt: PromptSettings,
    /// How many calls are under way at once.
    pub concurrency: usize,
}

/// What a recap is made with.
pub struct Recapping<'a> {
    /// Keeps what the model noted.
    pub state: &'a State,
    /// The model; without one the recap is an extract.
    pub chat: Option<&'a GuardedChat<'a>>,
    /// Gives a note's text of today.
    pub current: &'a CurrentText<'a>,
    /// How the model is asked.
    pub settings: &'a RecapSettings,
}

/// The account of a period.
#[derive(Debug, Serialize)]
pub struct Recap {
    /// The period.
    pub period: Span,
    /// The weekdays of it; none for every day.
    pub weekdays: Weekdays,
    /// The days of it, where only some count, such as the same one of each year; none for every day.
    pub days: Vec<Span>,
    /// What it is about; none for everything.
    pub about: Option<String>,
    /// The language that it is written in.
    pub language: Language,
    /// The account in markdown, with citations as `[n]`.
    pub text: String,
    /// Its numbered themes.
    pub themes: Vec<Theme>,
    /// The passages that it cites, by number.
    pub citations: Vec<Citation>,
    /// What was read.
    pub coverage: Coverage,
    /// What the user should know about it, in sentences.
    pub notes: Vec<String>,
    /// Who wrote it.
    pub made_by: MadeBy,
    /// Why there is nothing to tell, where there is not.
    pub absence: Option<Absence>,
    /// What a model claims, sentence by sentence, held against what it cites.
    pub claims: Vec<Claim>,
    /// The share of the claims that is borne out, as an answer has it.
    pub supported: Option<f64>,
    /// The claims that cite nothing.
    pub uncited: Vec<String>,
    /// The numbers that a model cited and that stand for nothing; they are not in the text.
    pub foreign: Vec<String>,
    /// The error of the model in whose place the extract stands.
    pub failure: Option<Error>,
}

impl Recap {
    /// The exit code that the recap ends with.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match (&self.failure, &self.absence) {
            (Some(failure), _) => failure.exit(),
            (None, Some(_)) => Exit::Nothing,
            (None, None) if !self.coverage.skipped.is_empty() => Exit::Partial,
            (None, None) => Exit::Done,
        }
    }

    /// The recap as any later run tells it that needs no call, so that it is the same each time.
    #[must_use]
    pub fn settled(mut self) -> Self {
        self.coverage.cached_calls += std::mem::take(&mut self.coverage.calls);
        self.coverage.tokens = Tokens::default();
        self
    }
}

/// How often the parts are made smaller for a model that reads less than the settings say.
const HALVINGS_MAX: u32 = 3;

/// Tells a period; the final text of a model goes to `on_text` as it comes.
///
/// A model that fails leaves the extract, with its error beside it; what it had noted is kept.
///
/// # Errors
/// When the state can't be read, or the user interrupts.
pub fn recap(
    wanted: &Wanted,
    gathered: Gathered,
    recapping: &Recapping<'_>,
    progress: &mut dyn FnMut(Progress),
    on_text: &mut dyn FnMut(&str),
) -> Result<Recap> {
    let mut recap = blank(wanted, gathered.coverage.clone());
    if let Some(absence) = gathered.retrieved.absence {
        recap.text = match (&absence, wanted.days.first()) {
            (Absence::NothingInPeriod { covered, .. }, Some(day)) => {
                on_no_day(wanted.language, *day, *covered)
            }
            _ => absence.words(wanted.language),
        };
        recap.absence = Some(absence);
        return Ok(recap);
    }
    recap.notes = gathered.notes;
    if let Some(chat) = recapping.chat {
        let sending = Sending::to(chat, gathered.retrieved.passages.clone());
        recap.coverage.not_sent(&sending, chat.host(), wanted.language);
        let written = if sending.is_all_refused() {
            recap.notes.push(phrases::all_kept_back(wanted.language).to_owned());
            None
        } else {
            Some(written(wanted, &sending, recapping, chat, &mut recap, progress, on_text))
        };
        match written {
            Some(Ok(completion)) => {
                finish(&completion, &sending, chat, recapping, &mut recap);
                return Ok(recap);
            }
            Some(Err(error)) if error.exit() == Exit::Interrupted => return Err(error),
            Some(Err(error)) => {
                recap.notes.push(phrases::instead_of_a_model(wanted.language).to_owned());
                recap.failure = Some(error);
            }
            None => {}
        }
    }
    let extract =
        extract(&gathered.retrieved, &gathered.plan, &TermReader::default(), recapping.current);
    recap.themes = themes_of(&extract.text);
    recap.text = extract.text;
    recap.citations = extract.citations;
    recap.made_by = MadeBy::Extract;
    recap.supported = Some(1.0);
    Ok(recap)
}

/// Says that no year has an entry of a day.
fn on_no_day(language: Language, day: Span, covered: Option<Span>) -> String {
    let day = phrases::day_of_year(language, day.start());
    let covered = covered.map(|covered| phrases::span(language, covered)).unwrap_or_default();
    match language {
        Language::English => {
            format!("No entry of {day} in any year: the logbook covers {covered}.")
        }
        Language::French => {
            format!("Aucune entrée du {day} d’aucune année : le journal couvre {covered}.")
        }
    }
}

/// The account of a model, with smaller parts when they are too long for it.
fn written(
    wanted: &Wanted,
    sending: &Sending,
    recapping: &Recapping<'_>,
    chat: &GuardedChat<'_>,
    recap: &mut Recap,
    progress: &mut dyn FnMut(Progress),
    on_text: &mut dyn FnMut(&str),
) -> Result<Completion> {
    let calls = Calls { chat, state: recapping.state, concurrency: recapping.settings.concurrency };
    let mut settings = recapping.settings.prompt.clone();
    let mut halvings = 0;
    loop {
        let asking = Asking { wanted, settings: &settings, calls: &calls };
        match asking.written(sending, recap, progress, on_text) {
            Err(error) if ContextOverflow::caused(&error) && halvings < HALVINGS_MAX => {
                halvings += 1;
                settings.context_tokens /= 2;
            }
            outcome => return outcome,
        }
    }
}

/// What a recap would ask first, and what of it is known already.
#[derive(Clone, Debug, Serialize)]
pub struct Preview {
    /// The requests: the whole account, or the parts that it is made from.
    pub requests: Vec<ChatRequest>,
    /// How many of them were answered by an earlier recap.
    pub cached: usize,
    /// Their tokens, as near as they can be counted.
    pub tokens: usize,
    /// Whether the parts are put together in one call more, or in several.
    pub is_in_parts: bool,
    /// What all calls would cost that are yet to be made.
    pub cost: Cost,
    /// What would be read.
    pub coverage: Coverage,
}

/// Says what a recap would send, and sends nothing.
///
/// # Errors
/// When the state can't be read.
pub fn preview(
    wanted: &Wanted,
    gathered: &Gathered,
    recapping: &Recapping<'_>,
    chat: &GuardedChat<'_>,
) -> Result<Preview> {
    let sending = Sending::to(chat, gathered.retrieved.passages.clone());
    let mut coverage = gathered.coverage.clone();
    coverage.not_sent(&sending, chat.host(), wanted.language);
    coverage.unread(&sending);
    let calls = Calls { chat, state: recapping.state, concurrency: 1 };
    let asking = Asking { wanted, settings: &recapping.settings.prompt, calls: &calls };
    let expected = asking.expected(&sending)?;
    let requests: Vec<ChatRequest> =
        expected.requests.iter().map(|request| chat.as_sent(request)).collect();
    Ok(Preview {
        tokens: requests.iter().map(tokens_of).sum(),
        requests,
        cached: expected.cached,
        is_in_parts: expected.is_in_parts,
        cost: expected.cost,
        coverage,
    })
}

fn blank(wanted: &Wanted, coverage: Coverage) -> Recap {
    Recap {
        period: wanted.period,
        weekdays: wanted.weekdays,
        days: wanted.days.clone(),
        about: wanted.about.clone(),
        language: wanted.language,
        text: String::new(),
        themes: Vec::new(),
        citations: Vec::new(),
        coverage,
        notes: Vec::new(),
        made_by: MadeBy::Absence,
        absence: None,
        claims: Vec::new(),
        supported: None,
        uncited: Vec::new(),
        foreign: Vec::new(),
        failure: None,
    }
}

/// Checks a model's account against the passages of the period.
fn finish(
    completion: &Completion,
    sending: &Sending,
    chat: &GuardedChat<'_>,
    recapping: &Recapping<'_>,
    recap: &mut Recap,
) {
    let passages = sending.passages();
    recap.coverage.unread(sending);
    let checked = check(completion.text.trim(), &|number| (1..=passages.len()).contains(&number));
    recap.citations = checked
        .numbers
        .iter()
        .map(|number| Citation::of(*number, &passages[number - 1], recapping.current))
        .collect();
    let about = recap.about.clone().unwrap_or_default();
    let given = format!("{about} {}", phrases::span(recap.language, recap.period));
    let reader = TermReader::default();
    let sources = Sources::new(passages, &given, recap.language, &reader);
    recap.claims = claims(&checked.text, &sources);
    recap.supported = supported(&recap.claims);
    recap.uncited = uncited(&recap.claims);
    let has_cited = !recap.citations.is_empty();
    let note = phrases::unchecked(recap.language, &recap.claims, has_cited, passages.len());
    recap.notes.extend(note);
    if completion.cut_off {
        let note = phrases::phrase(
            recap.language,
            "The account was cut off at the limit of tokens.",
            "Le bilan a été coupé à la limite de jetons.",
        );
        recap.notes.push(note.to_owned());
    }
    recap.themes = themes_of(&checked.text);
    recap.text = checked.text;
    recap.foreign = checked.foreign;
    recap.made_by = MadeBy::Model { model: chat.model().to_owned(), host: chat.host().to_owned() };
}

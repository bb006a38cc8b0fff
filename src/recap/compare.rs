//! Two periods held against each other: what is new, dropped and recurring.
//!
//! What changed is counted over every entry, whoever tells it. A model is given the lists with the
//! passages of each first and last mention, in one call, and its citations are checked against them.
//! Its lists are counted anew over what it may read, without secrets, so that neither what is
//! withheld nor a name out of it reaches a model.

use serde::Serialize;

use super::{
    Gathered, Recapping, Wanted,
    cost::{Cost, tokens_of},
    coverage::Coverage,
    map::Calls,
};
use crate::{
    ask::{
        Changes, Citation, Claim, Compared, MadeBy, Matter, Passage, Sending, Sources, changes,
        changes_told, check, claims, headings, phrases,
        prompt::{COMPARE, fenced, language_name, nonce, rendered, request, room, voice},
        supported, uncited,
    },
    error::{Context as _, Error, Exit, Result},
    index::TermReader,
    logbook::{Language, Span},
    privacy::GuardedChat,
    services::{ChatRequest, Completion},
};

/// The schema of the JSON.
const SCHEMA: &str = "logtwin/recap-comparison/1";

/// What changed from one period to another, told.
#[derive(Debug, Serialize)]
pub struct Comparison {
    /// The earlier period, and what was read of it.
    pub earlier: Side,
    /// The later period, and what was read of it.
    pub later: Side,
    /// What it is about; none for everything.
    pub about: Option<String>,
    /// The language that it is written in.
    pub language: Language,
    /// What changed, counted; the numbers are those of `mentions`.
    pub changes: Changes,
    /// The first and last mentions, by number.
    pub mentions: Vec<Citation>,
    /// What changed in markdown, with citations as `[n]`.
    pub text: String,
    /// The passages that the text cites, by number.
    pub citations: Vec<Citation>,
    /// What the user should know about it, in sentences.
    pub notes: Vec<String>,
    /// Who wrote the text.
    pub made_by: MadeBy,
    /// What a model claims, sentence by sentence, held against what it cites.
    pub claims: Vec<Claim>,
    /// The share of the claims that is borne out, as an answer has it.
    pub supported: Option<f64>,
    /// The claims that cite nothing.
    pub uncited: Vec<String>,
    /// The numbers that a model cited and that stand for nothing; they are not in the text.
    pub foreign: Vec<String>,
    /// The error of the model in whose place the lists stand.
    pub failure: Option<Error>,
}

/// A period of a comparison.
#[derive(Clone, Debug, Serialize)]
pub struct Side {
    /// The period.
    pub period: Span,
    /// What was read of it.
    pub coverage: Coverage,
}

/// A period that is wanted, with what it holds.
pub type Told = (Wanted, Gathered);

impl Comparison {
    /// The exit code that the comparison ends with.
    #[must_use]
    pub fn exit(&self) -> Exit {
        let is_empty = |side: &Side| side.coverage.entries_read == 0;
        let is_whole = |side: &Side| side.coverage.skipped.is_empty();
        match &self.failure {
            Some(failure) => failure.exit(),
            None if is_empty(&self.earlier) || is_empty(&self.later) => Exit::Nothing,
            None if is_whole(&self.earlier) && is_whole(&self.later) => Exit::Done,
            None => Exit::Partial,
        }
    }
}

/// Compares two periods, the earlier first.
///
/// # Errors
/// When the state can't be read, or the user interrupts.
pub fn comparison(earlier: &Told, later: &Told, recapping: &Recapping<'_>) -> Result<Comparison> {
    let compared = compared(earlier, later);
    let (changes, mentions) = changes(&compared, &TermReader::default(), recapping.current);
    let mut comparison = blank(earlier, later, changes, mentions);
    if comparison.exit() == Exit::Nothing {
        comparison.text = nothing(&comparison);
        return Ok(comparison);
    }
    comparison.text = changes_told(&comparison.changes, &compared);
    comparison.citations.clone_from(&comparison.mentions);
    comparison.supported = Some(1.0);
    let Some(chat) = recapping.chat else { return Ok(comparison) };
    let comparing = Comparing::new(earlier, later, recapping, chat);
    comparing.tell_withheld(&mut comparison);
    if comparing.is_without_a_side() {
        comparison.notes.push(phrases::a_period_kept_back(comparison.language).to_owned());
        return Ok(comparison);
    }
    let calls = Calls { chat, state: recapping.state, concurrency: 1 };
    // The later period stands for both in what was called.
    let mut coverage = comparison.later.coverage.clone();
    let answered = comparing.asked().and_then(|asked| {
        let completion = calls.complete_aloud(&asked.request, &mut coverage, &mut |_| {})?;
        Ok((completion, asked))
    });
    comparison.later.coverage = coverage;
    match answered {
        Ok((completion, asked)) => comparing.finish(&completion, &asked, &mut comparison),
        Err(error) if error.exit() == Exit::Interrupted => return Err(error),
        Err(error) => {
            comparison.notes.push(phrases::instead_of_a_model(comparison.language).to_owned());
            comparison.failure = Some(error);
        }
    }
    Ok(comparison)
}

/// What a comparison would ask.
#[derive(Clone, Debug)]
pub struct ComparisonPreview {
    /// The request, as it would be sent.
    pub request: ChatRequest,
    /// What it would cost.
    pub cost: Cost,
}

/// What a comparison would ask, with what it would cost; nothing when nothing would be asked.
///
/// # Errors
/// When the state can't be read.
pub fn comparison_preview(
    earlier: &Told,
    later: &Told,
    recapping: &Recapping<'_>,
    chat: &GuardedChat<'_>,
) -> Result<Option<ComparisonPreview>> {
    let is_empty = |told: &Told| told.1.coverage.entries_read == 0;
    let comparing = Comparing::new(earlier, later, recapping, chat);
    if is_empty(earlier) || is_empty(later) || comparing.is_without_a_side() {
        return Ok(None);
    }
    let request = comparing.asked()?.request;
    let calls = Calls { chat, state: recapping.state, concurrency: 1 };
    let mut cost = Cost::default();
    let is_kept = calls.kept(&request)?.is_some();
    let request = chat.as_sent(&request);
    if is_kept {
        cost.cached_calls = 1;
    } else {
        cost.calls = 1;
        cost.tokens.input = tokens_of(&request) as u64;
        cost.tokens.output = u64::from(recapping.settings.prompt.answer_tokens);
    }
    Ok(Some(ComparisonPreview { request, cost }))
}

/// The comparison as one JSON object.
///
/// # Errors
/// When it can't be written as JSON.
pub fn comparison_json(comparison: &Comparison) -> Result<String> {
    #[derive(Serialize)]
    struct Shown<'a> {
        schema: &'static str,
        #[serde(flatten)]
        comparison: &'a Comparison,
    }
    let shown = Shown { schema: SCHEMA, comparison };
    serde_json::to_string_pretty(&shown).context(|| "can't write the comparison as JSON".to_owned())
}

fn compared<'a>(earlier: &'a Told, later: &'a Told) -> Compared<'a> {
    Compared {
        earlier: (earlier.0.period, &earlier.1.retrieved.passages),
        later: (later.0.period, &later.1.retrieved.passages),
        topic: later.0.about.as_deref().unwrap_or_default(),
        language: later.0.language,
    }
}

fn blank(earlier: &Told, later: &Told, changes: Changes, mentions: Vec<Citation>) -> Comparison {
    let side = |told: &Told| Side { period: told.0.period, coverage: told.1.coverage.clone() };
    Comparison {
        earlier: side(earlier),
        later: side(later),
        about: later.0.about.clone(),
        language: later.0.language,
        changes,
        mentions,
        text: String::new(),
        citations: Vec::new(),
        notes: earlier.1.notes.iter().chain(&later.1.notes).cloned().collect(),
        made_by: MadeBy::Extract,
        claims: Vec::new(),
        supported: None,
        uncited: Vec::new(),
        foreign: Vec::new(),
        failure: None,
    }
}

/// Says that there is nothing to compare.
fn nothing(comparison: &Comparison) -> String {
    let language = comparison.language;
    let sides = [&comparison.earlier, &comparison.later];
    let empty: Vec<String> = sides
        .into_iter()
        .filter(|side| side.coverage.entries_read == 0)
        .map(|side| phrases::within(language, side.period))
        .collect();
    let empty = phrases::list(language, &empty);
    match language {
        Language::English => format!("Nothing to compare: no entry {empty}."),
        Language::French => format!("Rien à comparer : aucune entrée {empty}."),
    }
}

/// What the model is asked, and what it may cite.
struct Asked {
    request: ChatRequest,
    lists: String,
    passages: Vec<Passage>,
}

/// Asking the model what changed.
struct Comparing<'a> {
    periods: [Span; 2],
    /// What may be sent of each period.
    sending: [Sending; 2],
    /// The same without secrets, as the lists are counted in it.
    readable: [Vec<Passage>; 2],
    about: Option<&'a str>,
    language: Language,
    recapping: &'a Recapping<'a>,
    chat: &'a GuardedChat<'a>,
}

impl<'a> Comparing<'a> {
    fn new(
        earlier: &'a Told,
        later: &'a Told,
        recapping: &'a Recapping<'a>,
        chat: &'a GuardedChat<'a>,
    ) -> Self {
        let sending =
            [earlier, later].map(|told| Sending::to(chat, told.1.retrieved.passages.clone()));
        let readable = [&sending[0], &sending[1]].map(|sending| {
            sending.passages().iter().map(|passage| without_secrets(passage, chat)).collect()
        });
        Self {
            periods: [earlier.0.period, later.0.period],
            sending,
            readable,
            about: later.0.about.as_deref(),
            language: later.0.language,
            recapping,
            chat,
        }
    }

    /// Whether nothing of one period may be sent: the other would be all new, or all dropped.
    fn is_without_a_side(&self) -> bool {
        self.sending.iter().any(Sending::is_all_refused)
    }

    /// Names the entries of both periods that may not be sent.
    fn tell_withheld(&self, comparison: &mut Comparison) {
        let sides = [&mut comparison.earlier, &mut comparison.later];
        for (side, sending) in sides.into_iter().zip(&self.sending) {
            side.coverage.not_sent(sending, self.chat.host(), self.language);
        }
    }

    fn compared(&self) -> Compared<'_> {
        Compared {
            earlier: (self.periods[0], &self.readable[0]),
            later: (self.periods[1], &self.readable[1]),
            topic: self.about.unwrap_or_default(),
            language: self.language,
        }
    }

    /// The request with as many matters of each kind as fit.
    fn asked(&self) -> Result<Asked> {
        let (changes, _) = changes(&self.compared(), &TermReader::default(), &|_| None);
        let settings = &self.recapping.settings.prompt;
        let kinds = [&changes.new, &changes.dropped, &changes.recurring];
        let most = kinds.iter().map(|kind| kind.matters.len()).max().unwrap_or_default();
        let room = room(settings, 0);
        for matters_max in (1..=most).rev() {
            let asked = self.with(&changes, matters_max);
            if tokens_of(&asked.request) <= room {
                return Ok(asked);
            }
        }
        Err(Error::usage(format!(
            "a context of {} tokens is too small for a comparison",
            settings.context_tokens
        ))
        .hint("take a model that reads more, or raise its context in the configuration"))
    }

    /// The request with so many matters of each kind at the most.
    fn with(&self, changes: &Changes, matters_max: usize) -> Asked {
        let [new, dropped, recurring] = headings(&self.compared());
        let kinds =
            [(&new, &changes.new), (&dropped, &changes.dropped), (&recurring, &changes.recurring)];
        let mut places: Vec<usize> = Vec::new();
        let mut lists = String::new();
        for (heading, kind) in kinds {
            lists.push_str(&format!("{heading}:\n"));
            for matter in kind.matters.iter().take(matters_max) {
                lists.push_str(&listed(matter, &mut places));
            }
        }
        let all: Vec<&Passage> = self.sending.iter().flat_map(Sending::passages).collect();
        let passages: Vec<Passage> = places.iter().map(|place| all[*place].clone()).collect();
        let texts: Vec<&str> =
            passages.iter().map(|it| it.text.as_str()).chain([lists.as_str()]).collect();
        let nonce = nonce(COMPARE, &texts);
        let fenced: String =
            (1..).zip(&passages).map(|(number, passage)| fenced(number, passage, &nonce)).collect();
        let about = self.about.map(|about| format!("Only what concerns this: {about}"));
        let settings = &self.recapping.settings.prompt;
        let (system, message) = rendered(
            COMPARE,
            &[
                ("earlier", &self.periods[0].to_string()),
                ("later", &self.periods[1].to_string()),
                ("new", &new),
                ("dropped", &dropped),
                ("recurring", &recurring),
                ("about", &about.unwrap_or_default()),
                ("nonce", &nonce),
                ("language", language_name(self.language)),
                ("voice", &voice(settings.persona.as_deref())),
                ("synthesis", phrases::phrase(self.language, "In sum.", "En somme.")),
                ("lists", lists.trim_end()),
                ("passages", &fenced),
            ],
        );
        Asked { request: request(system, message, settings.answer_tokens), lists, passages }
    }

    /// Checks a model's account of what changed against the lists and passages that it was given.
    fn finish(&self, completion: &Completion, asked: &Asked, comparison: &mut Comparison) {
        let passages = &asked.passages;
        let sides = [&mut comparison.earlier, &mut comparison.later];
        for (side, sending) in sides.into_iter().zip(&self.sending) {
            side.coverage.unread(sending);
        }
        let checked =
            check(completion.text.trim(), &|number| (1..=passages.len()).contains(&number));
        comparison.citations = checked
            .numbers
            .iter()
            .map(|number| Citation::of(*number, &passages[number - 1], self.recapping.current))
            .collect();
        let periods = self.periods.map(|period| phrases::span(self.language, period)).join(" ");
        let given = [self.about.unwrap_or_default(), &periods, &asked.lists].join(" ");
        let reader = TermReader::default();
        let sources = Sources::new(passages, &given, self.language, &reader);
        comparison.claims = claims(&checked.text, &sources);
        comparison.supported = supported(&comparison.claims);
        comparison.uncited = uncited(&comparison.claims);
        let has_cited = !comparison.citations.is_empty();
        let note = phrases::unchecked(self.language, &comparison.claims, has_cited, passages.len());
        comparison.notes.extend(note);
        comparison.text = checked.text;
        comparison.foreign = checked.foreign;
        let (model, host) = (self.chat.model().to_owned(), self.chat.host().to_owned());
        comparison.made_by = MadeBy::Model { model, host };
    }
}

/// A passage as a model reads it, so that no list names what is masked in the text beside it.
fn without_secrets(passage: &Passage, chat: &GuardedChat<'_>) -> Passage {
    let masked = |text: &String| chat.masked(text).into_owned();
    Passage {
        text: masked(&passage.text),
        title: masked(&passage.title),
        breadcrumb: passage.breadcrumb.iter().map(masked).collect(),
        ..passage.clone()
    }
}

/// A matter in a list, with the numbers of its first and last passage among those that are given.
fn listed(matter: &Matter, places: &mut Vec<usize>) -> String {
    let mut number = |passage: usize| {
        let known = places.iter().position(|place| *place == passage);
        known.unwrap_or_else(|| {
            places.push(passage);
            places.len() - 1
        }) + 1
    };
    let (first, last) = (number(matter.first.passage), number(matter.last.passage));
    format!(
        "- {}: {} entries before, {} after; first [{first}], last [{last}]\n",
        matter.name, matter.earlier, matter.later
    )
}

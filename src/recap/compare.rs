//! Two periods held against each other: what is new, dropped and recurring.
//!
//! What changed is counted over every entry, whoever tells it. A model is given the lists with the
//! passages of each first and last mention, in one call, and its citations are checked against them.

use serde::Serialize;

use super::{
    Gathered, Recapping, Wanted,
    cost::{Cost, tokens_of},
    coverage::Coverage,
    map::Calls,
};
use crate::{
    ask::{
        Changes, Citation, Compared, MadeBy, Matter, Passage, changes, changes_told, check,
        headings, phrases,
        prompt::{COMPARE, fenced, language_name, nonce, rendered, request, room, voice},
    },
    error::{Context as _, Error, Exit, Result},
    index::TermReader,
    logbook::{Language, Span},
    services::{Chat, ChatRequest, Completion},
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
    /// The sentences of a model that cite nothing.
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
    let Some(chat) = recapping.chat else { return Ok(comparison) };
    let comparing = Comparing { compared, about: later.0.about.as_deref(), recapping };
    let asked = comparing.asked(&comparison.changes);
    let calls = Calls { chat, state: recapping.state, concurrency: 1 };
    // The later period stands for both in what was called.
    let mut coverage = comparison.later.coverage.clone();
    let answered = asked.and_then(|asked| {
        let completion = calls.complete_aloud(&asked.request, &mut coverage, &mut |_| {})?;
        Ok((completion, asked.passages))
    });
    match answered {
        Ok((completion, passages)) => {
            finish(&completion, &passages, chat, recapping, &mut comparison);
        }
        Err(error) if error.exit() == Exit::Interrupted => return Err(error),
        Err(error) => {
            comparison.notes.push(phrases::instead_of_a_model(comparison.language).to_owned());
            comparison.failure = Some(error);
        }
    }
    comparison.later.coverage = coverage;
    Ok(comparison)
}

/// What a comparison would ask, with what it would cost; nothing when nothing would be asked.
///
/// # Errors
/// When the state can't be read.
pub fn comparison_preview(
    earlier: &Told,
    later: &Told,
    recapping: &Recapping<'_>,
    chat: &dyn Chat,
) -> Result<Option<(ChatRequest, Cost)>> {
    let compared = compared(earlier, later);
    let (changes, mentions) = changes(&compared, &TermReader::default(), recapping.current);
    if blank(earlier, later, changes.clone(), mentions).exit() == Exit::Nothing {
        return Ok(None);
    }
    let comparing = Comparing { compared, about: later.0.about.as_deref(), recapping };
    let request = comparing.asked(&changes)?.request;
    let calls = Calls { chat, state: recapping.state, concurrency: 1 };
    let mut cost = Cost::default();
    if calls.kept(&request)?.is_some() {
        cost.cached_calls = 1;
    } else {
        cost.calls = 1;
        cost.tokens.input = tokens_of(&request) as u64;
        cost.tokens.output = u64::from(recapping.settings.prompt.answer_tokens);
    }
    Ok(Some((request, cost)))
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

/// What the model is asked, and the passages that it may cite.
struct Asked {
    request: ChatRequest,
    passages: Vec<Passage>,
}

/// Asking the model what changed.
struct Comparing<'a> {
    compared: Compared<'a>,
    about: Option<&'a str>,
    recapping: &'a Recapping<'a>,
}

impl Comparing<'_> {
    /// The request with as many matters of each kind as fit.
    fn asked(&self, changes: &Changes) -> Result<Asked> {
        let settings = &self.recapping.settings.prompt;
        let kinds = [&changes.new, &changes.dropped, &changes.recurring];
        let most = kinds.iter().map(|kind| kind.matters.len()).max().unwrap_or_default();
        let room = room(settings, 0);
        for matters_max in (1..=most).rev() {
            let asked = self.with(changes, matters_max);
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
        let all = [self.compared.earlier.1, self.compared.later.1].concat();
        let [new, dropped, recurring] = headings(&self.compared);
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
        let passages: Vec<Passage> = places.iter().map(|place| all[*place].clone()).collect();
        let texts: Vec<&str> =
            passages.iter().map(|it| it.text.as_str()).chain([lists.as_str()]).collect();
        let nonce = nonce(COMPARE, &texts);
        let fenced: String =
            (1..).zip(&passages).map(|(number, passage)| fenced(number, passage, &nonce)).collect();
        let language = self.compared.language;
        let about = self.about.map(|about| format!("Only what concerns this: {about}"));
        let settings = &self.recapping.settings.prompt;
        let (system, message) = rendered(
            COMPARE,
            &[
                ("earlier", &self.compared.earlier.0.to_string()),
                ("later", &self.compared.later.0.to_string()),
                ("new", &new),
                ("dropped", &dropped),
                ("recurring", &recurring),
                ("about", &about.unwrap_or_default()),
                ("nonce", &nonce),
                ("language", language_name(language)),
                ("voice", &voice(settings.persona.as_deref())),
                ("synthesis", phrases::phrase(language, "In sum.", "En somme.")),
                ("lists", lists.trim_end()),
                ("passages", &fenced),
            ],
        );
        Asked { request: request(system, message, settings.answer_tokens), passages }
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

/// Checks a model's account of what changed against the passages that it was given.
fn finish(
    completion: &Completion,
    passages: &[Passage],
    chat: &dyn Chat,
    recapping: &Recapping<'_>,
    comparison: &mut Comparison,
) {
    let checked = check(completion.text.trim(), &|number| (1..=passages.len()).contains(&number));
    comparison.citations = checked
        .numbers
        .iter()
        .map(|number| Citation::of(*number, &passages[number - 1], recapping.current))
        .collect();
    comparison.notes.extend(phrases::unchecked(comparison.language, &checked, passages.len()));
    comparison.text = checked.text;
    comparison.uncited = checked.uncited;
    comparison.foreign = checked.foreign;
    comparison.made_by =
        MadeBy::Model { model: chat.model().to_owned(), host: chat.host().to_owned() };
}

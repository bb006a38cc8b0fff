//! How each word of a question was read: as a period, as what is wanted, as the topic, as where to
//! look, or as none of these.

use std::{collections::HashSet, ops::Range};

use serde::{Deserialize, Serialize};

use super::{
    intent::wanted,
    period::{
        Today, read,
        token::{Kind, Text},
    },
    planner::periods_of,
    types::{Asked, Place, Plan},
    words::Words,
};
use crate::logbook::{Language, Span};

/// Some words of a question and how they were read.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Explained {
    /// What they were read as.
    pub role: Role,
    /// The words; empty for what no word says.
    pub text: String,
    /// The bytes of the question that they stand at; none for what it takes on or what was typed
    /// as a flag.
    pub bytes: Option<Range<usize>>,
    /// What they mean, and why.
    pub meaning: String,
}

/// What words of a question are read as.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The question, in other words than it was typed.
    Reworded,
    /// A period.
    Period,
    /// A period that is left out.
    LeftOut,
    /// A part of the logbook.
    Where,
    /// What is wanted.
    Intent,
    /// What it is about.
    Topic,
    /// Nothing.
    Ignored,
}

impl Role {
    const ALL: [(Self, &'static str); 7] = [
        (Self::Reworded, "reworded"),
        (Self::Period, "period"),
        (Self::LeftOut, "left out"),
        (Self::Where, "where"),
        (Self::Intent, "intent"),
        (Self::Topic, "topic"),
        (Self::Ignored, "ignored"),
    ];
}

/// How each word of a plan's question was read, what is read alike together.
#[must_use]
pub fn explained(plan: &Plan, today: Today) -> Vec<Explained> {
    let mut text = Text::new(plan.words());
    text.apart = plan.within.iter().filter_map(|within| within.bytes.clone()).collect();
    let mut explained = periods(plan, today);
    explained.extend(plan.reworded.as_ref().map(|reworded| {
        unsaid(Role::Reworded, &reworded.question, &format!("by {}", reworded.by))
    }));
    explained.extend(places(plan));
    let taken: Vec<Range<usize>> =
        explained.iter().filter_map(|explained| explained.bytes.clone()).collect();
    let mut rest = rest(plan, &text, today, &taken);
    if !rest.iter().any(|explained| explained.role == Role::Intent) {
        let why = if plan.follows { "as before" } else { "since no word says otherwise" };
        rest.push(unsaid(Role::Intent, "", &format!("{}, {why}", plan.intent_name())));
    }
    if !plan.topic.is_empty() && !rest.iter().any(|explained| explained.role == Role::Topic) {
        rest.push(unsaid(Role::Topic, &plan.topic, "from the question before"));
    }
    explained.extend(rest);
    explained.sort_by_key(|explained| explained.role);
    explained
}

/// One line for each role: `period: "March 2021" → 2021-03, as written`.
#[must_use]
pub fn explained_lines(explained: &[Explained]) -> Vec<String> {
    let lines = Role::ALL.into_iter().filter_map(|(role, name)| {
        let items: Vec<String> = explained
            .iter()
            .filter(|explained| explained.role == role)
            .map(|explained| match (explained.text.as_str(), explained.meaning.as_str()) {
                ("", meaning) => meaning.to_owned(),
                (text, "") => format!("\"{text}\""),
                (text, meaning) => format!("\"{text}\" → {meaning}"),
            })
            .collect();
        (!items.is_empty()).then(|| format!("{name}: {}", items.join(" · ")))
    });
    lines.collect()
}

fn unsaid(role: Role, text: &str, meaning: &str) -> Explained {
    Explained { role, text: text.to_owned(), bytes: None, meaning: meaning.to_owned() }
}

fn periods(plan: &Plan, today: Today) -> Vec<Explained> {
    let explain = |role: Role, asked: &Asked| {
        let meaning = format!("{}, {}", asked.span, reason(plan, asked, today));
        let (text, bytes) = (asked.text.clone(), asked.bytes.clone());
        Explained { role, text, bytes, meaning }
    };
    let spans = plan.spans.iter().map(|asked| explain(Role::Period, asked));
    let without = plan.without.iter().map(|asked| explain(Role::LeftOut, asked));
    spans.chain(without).chain(weekdays(plan)).collect()
}

/// The weekdays that recur, and what is on one of them.
fn weekdays(plan: &Plan) -> impl Iterator<Item = Explained> {
    plan.weekdays.iter().map(|asked| {
        let role = if asked.excluded { Role::LeftOut } else { Role::Period };
        let before = if asked.bytes.is_none() { ", from the question before" } else { "" };
        let days = asked.weekdays.words(Language::English);
        let meaning = format!("entries of a single day, {days}{before}");
        Explained { role, text: asked.text.clone(), bytes: asked.bytes.clone(), meaning }
    })
}

/// Why words mean their days.
fn reason(plan: &Plan, asked: &Asked, today: Today) -> String {
    if plan.yearly {
        return "in every year".to_owned();
    }
    if asked.bytes.is_none() {
        let flag = asked.text.starts_with("--");
        return if flag { "a flag" } else { "from the question before" }.to_owned();
    }
    let names_year = |text: &str| {
        let text = Text::new(text);
        (0..text.len()).any(|at| text.number(at).is_some_and(|(_, digits)| digits == 4))
    };
    if names_year(&asked.text) {
        return "as written".to_owned();
    }
    let is_open = asked.span.start() == Span::MIN;
    let day = if is_open { asked.span.last() } else { asked.span.start() };
    let year = day.year().to_string();
    if plan.words().contains(&year) {
        return format!("of {year}, which the question names");
    }
    let side = if asked.span.start() > today.date { "ahead of" } else { "back from" };
    format!("counted {side} {}", today.date)
}

fn places(plan: &Plan) -> impl Iterator<Item = Explained> {
    plan.within.iter().map(|within| {
        let place = match within.place {
            Place::Folder => "the folder",
            Place::Tag => "the tag",
            Place::Named => "the folder or tag",
        };
        Explained {
            role: Role::Where,
            text: within.text.clone(),
            bytes: within.bytes.clone(),
            meaning: format!("{place} {}", within.name),
        }
    })
}

/// The words that name neither a period nor a place.
fn rest(plan: &Plan, text: &Text<'_>, today: Today, named: &[Range<usize>]) -> Vec<Explained> {
    let reading = read(text, today, None);
    let words = Words::new(text, &reading);
    let told = wanted(&words, periods_of(text, &plan.spans, &reading));
    let says = |range: Range<usize>| range.map(|at| words.token(at)).collect::<HashSet<usize>>();
    let asking = if told.intent == plan.intent { says(told.words) } else { HashSet::new() };
    let topic = Text::new(&plan.topic);
    let topic: HashSet<&str> = topic.tokens.iter().map(|token| token.folded.as_str()).collect();
    let role = |at: usize| {
        let token = &text.tokens[at];
        if token.kind == Kind::Mark || named.iter().any(|bytes| bytes.contains(&token.bytes.start))
        {
            None
        } else if asking.contains(&at) {
            Some(Role::Intent)
        } else if topic.contains(token.folded.as_str()) && !words.is_timed(at) {
            Some(Role::Topic)
        } else {
            Some(Role::Ignored)
        }
    };
    let mut runs: Vec<(Role, Range<usize>)> = Vec::new();
    for at in 0..text.len() {
        let Some(role) = role(at) else { continue };
        match runs.last_mut() {
            Some((last, run)) if *last == role && joins(text, run.end..at) => run.end = at + 1,
            _ => runs.push((role, at..at + 1)),
        }
    }
    let explain = |(role, run): (Role, Range<usize>)| {
        let bytes = text.bytes(&run);
        let meaning = if role == Role::Intent { plan.intent_name() } else { String::new() };
        let words = text.source.get(bytes.clone()).unwrap_or_default().to_owned();
        Explained { role, text: words, bytes: Some(bytes), meaning }
    };
    runs.into_iter().map(explain).collect()
}

/// Whether nothing stands between two words but marks that join them.
fn joins(text: &Text<'_>, between: Range<usize>) -> bool {
    between.clone().all(|at| text.glued(at)) && (between.is_empty() || text.glued(between.end))
}

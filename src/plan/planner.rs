//! Turns a question into its plan.

use jiff::civil::Date;

use super::{
    by::by,
    follow::follow,
    intent::{Periods, Wanted, wanted},
    period::{Found, Reading, Today, Why, read, token::Text},
    topic::topic,
    types::{Asked, Intent, Plan},
    within::within,
    wording,
    words::Words,
};
use crate::logbook::{Precision, Span, language_said};

/// The plan of a question, which may follow on an earlier one.
#[must_use]
pub fn plan(question: &str, today: Today, previous: Option<&Plan>) -> Plan {
    let mut text = Text::new(question);
    let reading = read(&text, today, None);
    let within = within(&text, &reading);
    text.apart = within.iter().filter_map(|within| within.bytes.clone()).collect();
    let earlier = previous.map(|previous| previous.language);
    let language = language_said(question).or(earlier).unwrap_or_default();
    let words = Words::new(&text, &reading);
    let (spans, without) = asked(&text, &reading);
    let mut told = wanted(&words, periods_of(&text, &spans, &reading));
    let mut about = topic(&words, &told, language, 0);
    // `my notes of last Tuesday` asks for all that stands there.
    let all = Wanted { intent: Intent::Recap, ..told.clone() };
    if told.intent == Intent::Lookup
        && !spans.is_empty()
        && topic(&words, &all, language, 0).is_empty()
    {
        (told, about) = (all, String::new());
    }
    if told.intent == Intent::Lookup && about.is_empty() && previous.is_none() {
        about = topic(&Words::new(&text, &Reading::default()), &Wanted::default(), language, 0);
    }
    let (mut spans, mut without) = (spans, without);
    if told.intent.enumerates() && spans.is_empty() && without.is_empty() {
        // Of all that is asked, nothing but a period is left: `how many entries are there for 2021`.
        let rest = Text::new(&about);
        let named = read(&rest, today, None);
        let is_all = topic(&Words::new(&rest, &named), &told, language, 0).is_empty();
        if is_all && !named.found.is_empty() {
            (spans, without) = asked(&rest, &named);
            spans.iter_mut().chain(&mut without).for_each(|asked| asked.bytes = None);
            about = String::new();
        }
    }
    let own = Plan {
        question: question.to_owned(),
        resolved: question.trim().to_owned(),
        topic: about,
        intent: told.intent,
        spans,
        without,
        within,
        yearly: reading.yearly,
        by: None,
        follows: false,
        language,
        doubts: reading
            .unsure
            .iter()
            .map(|unsure| wording::doubt(unsure, question, language))
            .collect(),
        explained: Vec::new(),
    };
    let mut plan = match previous {
        Some(previous) => follow(own, &text, &reading, today, previous),
        None => own,
    };
    if plan.intent == Intent::OnThisDay {
        plan.yearly = plan.spans.iter().all(|asked| asked.bytes.is_none());
        plan.spans = this_day(today, &plan.spans);
    }
    if plan.intent == Intent::Most {
        plan.by = by(&Words::new(&text, &reading)).or(plan.by);
    }
    plan
}

/// The periods of a reading: those asked for, and those left out.
pub(super) fn asked(text: &Text<'_>, reading: &Reading) -> (Vec<Asked>, Vec<Asked>) {
    let of = |found: &Found| Asked {
        span: found.span,
        precision: found.precision,
        text: text.source.get(found.bytes.clone()).unwrap_or_default().to_owned(),
        bytes: Some(found.bytes.clone()),
    };
    let (without, spans): (Vec<_>, Vec<_>) = reading.found.iter().partition(|found| found.excluded);
    (spans.into_iter().map(of).collect(), without.into_iter().map(of).collect())
}

/// What the intent needs to know of the periods.
pub(super) fn periods_of(text: &Text<'_>, spans: &[Asked], reading: &Reading) -> Periods {
    let between = spans.windows(2).filter_map(|pair| {
        let (first, second) = (pair[0].bytes.clone()?, pair[1].bytes.clone()?);
        text.source.get(first.end..second.start)
    });
    let opposed = between
        .flat_map(str::split_whitespace)
        .any(|word| ["or", "ou", "vs", "vs.", "versus", "than"].contains(&&*word.to_lowercase()));
    // Who asks for one thing of late does not ask for all of the last weeks.
    let lately = |span: Span| reading.unsure.iter().any(|unsure| unsure.why == Why::Lately(span));
    let long = spans.iter().any(|asked| asked.span.days() > 1 && !lately(asked.span));
    Periods { count: spans.len(), long, opposed }
}

/// Today, whose month and day stand for those of every year; the same day of a year that is named.
fn this_day(today: Today, spans: &[Asked]) -> Vec<Asked> {
    let of = |span| Asked { span, precision: Precision::Day, text: String::new(), bytes: None };
    if spans.is_empty() {
        return Span::day(today.date).map(of).into_iter().collect();
    }
    let in_year = |asked: &Asked| {
        let date =
            Date::new(asked.span.start().year(), today.date.month(), today.date.day()).ok()?;
        let whole = asked.precision == Precision::Year;
        whole.then(|| {
            Some(Asked { span: Span::day(date)?, precision: Precision::Day, ..asked.clone() })
        })?
    };
    spans.iter().map(|asked| in_year(asked).unwrap_or_else(|| asked.clone())).collect()
}

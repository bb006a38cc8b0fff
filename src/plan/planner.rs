//! Turns a question into its plan.

use std::ops::Range;

use super::{
    by::by,
    follow::follow,
    intent::{Periods, Wanted, measure, wanted},
    period::{Found, Reading, Today, Weekly, Why, read, token::Text},
    topic::topic,
    types::{Asked, AskedWeekdays, By, Intent, Plan},
    within::within,
    wording,
    words::Words,
    yearly::in_each_year,
};
use crate::logbook::{Language, Precision, Span, language_said};

/// The plan of a question, which may follow on an earlier one.
#[must_use]
pub fn plan(question: &str, today: Today, previous: Option<&Plan>) -> Plan {
    let mut text = Text::new(question);
    let mut reading = read(&text, today, None);
    let within = within(&text, &reading);
    text.apart = within.iter().filter_map(|within| within.bytes.clone()).collect();
    let earlier = previous.map(|previous| previous.language);
    let language = language_said(question).or(earlier).unwrap_or_default();
    let words = Words::new(&text, &reading);
    let (mut spans, mut without) = asked(&text, &reading);
    let mut weekdays = asked_weekdays(&text, &reading);
    let mut told = wanted(&words, periods_of(&text, &spans, &reading));
    let mut about = topic(&words, &told, language, 0);
    // `my notes of last Tuesday` asks for all that stands there.
    let all = Wanted { intent: Intent::Recap, ..told.clone() };
    if told.intent == Intent::Lookup
        && (!spans.is_empty() || !weekdays.is_empty())
        && topic(&words, &all, language, 0).is_empty()
    {
        (told, about) = (all, String::new());
    }
    // `Which lorry comes on Mondays?`: an entry of any day may say it.
    if !told.intent.enumerates() && weekdays.iter().any(|asked| !asked.excluded) {
        leave_weekdays(&mut reading);
        weekdays = asked_weekdays(&text, &reading);
        about = topic(&Words::new(&text, &reading), &told, language, 0);
    }
    if told.intent == Intent::Lookup && about.is_empty() && previous.is_none() {
        about = topic(&Words::new(&text, &Reading::default()), &Wanted::default(), language, 0);
    }
    if told.intent.enumerates()
        && spans.is_empty()
        && without.is_empty()
        && let Some(left) = nothing_but_periods(&about, &told, language, today)
    {
        (spans, without) = left;
        about = String::new();
        reading.unsure.retain(|unsure| unsure.why != Why::Topic);
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
        weekdays,
        by: None,
        measure: None,
        follows: false,
        language,
        doubts: reading
            .unsure
            .iter()
            .map(|unsure| wording::doubt(unsure, question, language))
            .collect(),
        unsure: reading.unsure.iter().any(|unsure| matches!(unsure.why, Why::Unread | Why::Topic)),
        reworded: None,
        other_words: Vec::new(),
        explained: Vec::new(),
    };
    let plan = match previous {
        Some(previous) => follow(own, &text, &reading, today, previous),
        None => own,
    };
    told_by_the_calendar(plan, &Words::new(&text, &reading), today)
}

/// Leaves the weekdays that are named to the topic; those that are left out stay out.
fn leave_weekdays(reading: &mut Reading) {
    let (excluded, named): (Vec<Weekly>, Vec<Weekly>) =
        std::mem::take(&mut reading.weekly).into_iter().partition(|weekly| weekly.excluded);
    let is_named =
        |phrase: &Range<usize>| named.iter().any(|weekly| phrase.contains(&weekly.bytes.start));
    reading.phrases.retain(|phrase| !is_named(phrase));
    reading.weekly = excluded;
}

/// The periods of a topic that is nothing else: `how many entries are there for 2021`.
fn nothing_but_periods(
    about: &str,
    told: &Wanted,
    language: Language,
    today: Today,
) -> Option<(Vec<Asked>, Vec<Asked>)> {
    let rest = Text::new(about);
    let named = read(&rest, today, None);
    let is_all = topic(&Words::new(&rest, &named), told, language, 0).is_empty();
    let (mut spans, mut without) = asked(&rest, &named);
    spans.iter_mut().chain(&mut without).for_each(|asked| asked.bytes = None);
    (is_all && !named.found.is_empty()).then_some((spans, without))
}

/// The plan with what its intent takes from the calendar: this day, the unit that is counted by.
fn told_by_the_calendar(mut plan: Plan, words: &Words<'_>, today: Today) -> Plan {
    if plan.intent == Intent::OnThisDay && !plan.yearly {
        (plan.spans, plan.yearly) = this_day(today, &plan.spans);
    }
    if matches!(plan.intent, Intent::Most | Intent::When) {
        plan.by = by(words).or(plan.by);
    }
    if matches!(plan.intent, Intent::Largest | Intent::Smallest) {
        plan.measure = measure(words).or(plan.measure);
    }
    if asks_weekday(&plan) {
        plan.intent = Intent::Weekday;
    }
    plan
}

/// Whether nothing is asked but which weekday some days are: `which day was 14 March 2022`.
fn asks_weekday(plan: &Plan) -> bool {
    let is_day = |asked: &Asked| Span::day(asked.span.start()) == Some(asked.span);
    plan.intent == Intent::When
        && matches!(plan.by, Some(By::Day | By::Weekday))
        && plan.topic.is_empty()
        && !plan.yearly
        && !plan.spans.is_empty()
        && plan.spans.iter().all(is_day)
}

/// The weekdays that a reading narrows to.
pub(super) fn asked_weekdays(text: &Text<'_>, reading: &Reading) -> Vec<AskedWeekdays> {
    let of = |weekly: &Weekly| AskedWeekdays {
        weekdays: weekly.weekdays,
        excluded: weekly.excluded,
        text: text.source.get(weekly.bytes.clone()).unwrap_or_default().to_owned(),
        bytes: Some(weekly.bytes.clone()),
    };
    reading.weekly.iter().map(of).collect()
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
    let is_weekly = !reading.weekly.is_empty();
    let long = is_weekly || spans.iter().any(|asked| asked.span.days() > 1 && !lately(asked.span));
    Periods { count: spans.len().max(usize::from(is_weekly)), long, opposed }
}

/// Today, whose month and day stand for those of every year; the same day in each year of the
/// periods that are named, and whether every year is meant.
fn this_day(today: Today, named: &[Asked]) -> (Vec<Asked>, bool) {
    let of = |span| Asked { span, precision: Precision::Day, text: String::new(), bytes: None };
    let day: Vec<Asked> = Span::day(today.date).map(of).into_iter().collect();
    if named.is_empty() { (day, true) } else { (in_each_year(&day, named, today.date), false) }
}

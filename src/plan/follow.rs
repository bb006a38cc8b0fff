//! Follow-ups: what a question takes on from the one before it.

use std::ops::Range;

use super::{
    beside::{beside, merge},
    intent::{Periods, Wanted, wanted},
    period::{Reading, Today, read, token::Text},
    planner::{asked, periods_of},
    pointing::{LEADS, REFERENCES, only_more, refers_to_period},
    same::same,
    topic::topic,
    types::{Asked, AskedWeekdays, Intent, Plan, Within},
    within::is_everywhere,
    wording,
    words::Words,
};
use crate::logbook::{Precision, Span};

/// The plan of a question that may follow on another.
pub(super) fn follow(
    own: Plan,
    text: &Text<'_>,
    reading: &Reading,
    today: Today,
    previous: &Plan,
) -> Plan {
    let narrowed = !own.within.is_empty();
    let plan = taking_on(own, text, reading, today, previous);
    let plan = if plan.follows { with_weekdays(plan, previous) } else { plan };
    if narrowed || is_everywhere(text) || !plan.follows {
        return plan;
    }
    let within: Vec<Within> = previous.within.iter().map(Within::taken_on).collect();
    let places = within.iter().map(|within| format!(", {}", within.text));
    let resolved = format!("{}{}", plan.resolved, places.collect::<String>());
    Plan { resolved, within, ..plan }
}

/// The weekdays of the question before, unless this one names its own, or a day.
fn with_weekdays(plan: Plan, previous: &Plan) -> Plan {
    let names_days =
        !plan.spans.is_empty() && plan.spans.iter().all(|asked| asked.precision == Precision::Day);
    if !plan.weekdays.is_empty() || previous.weekdays.is_empty() || names_days {
        return plan;
    }
    let taken_on = |asked: &AskedWeekdays| AskedWeekdays { bytes: None, ..asked.clone() };
    let weekdays = previous.weekdays.iter().map(taken_on).collect();
    let plan = Plan { weekdays, ..plan };
    let words = wording::weekdays(&plan).unwrap_or_default();
    Plan { resolved: format!("{}, {words}", plan.resolved), ..plan }
}

fn taking_on(own: Plan, text: &Text<'_>, reading: &Reading, today: Today, previous: &Plan) -> Plan {
    let words = Words::new(text, reading);
    let lead = words.any_phrase(0, LEADS).unwrap_or(0);
    let beside = beside(text, previous, today).or_else(|| same(text, reading, previous));
    if let Some((spans, mask)) = beside {
        let mut reading = reading.clone();
        reading.phrases = merge(reading.phrases, mask);
        return with_beside(own, text, &reading, previous, spans);
    }
    if words.is_question(lead) && !only_more(&words) {
        return complete(own, &words, lead, previous);
    }
    if !own.spans.is_empty() || !own.without.is_empty() || !own.weekdays.is_empty() {
        return other_period(own, text, today, previous, lead);
    }
    if (only_more(&words) && words.len() > 0) || only_where(&own, &words, text) {
        return more(own, &words, previous);
    }
    let pointing = refers_to_period(text).map(|tokens| text.bytes(&tokens)).into_iter().collect();
    let words = Words::new(text, &Reading { phrases: pointing, ..reading.clone() });
    let about = topic(&words, &Wanted::default(), own.language, lead);
    if lead > 0 && !about.is_empty() {
        return taken(Plan { topic: about, ..own }, previous, &previous.spans, previous.intent);
    }
    if own.topic.is_empty() && own.intent != Intent::Lookup {
        let intent = own.intent;
        let about = Plan { topic: previous.topic.clone(), ..own };
        return taken(about, previous, &previous.spans, intent);
    }
    own
}

fn more(own: Plan, words: &Words<'_>, previous: &Plan) -> Plan {
    let intent = if words.is(0, &["when", "quand"]) { Intent::When } else { previous.intent };
    let about = Plan { topic: previous.topic.clone(), ..own };
    taken(about, previous, &previous.spans, intent)
}

/// Whether a turn says where to look and nothing else: `only in my work notes`.
fn only_where(own: &Plan, words: &Words<'_>, text: &Text<'_>) -> bool {
    const ONLY: &[&str] = &[
        "only",
        "and",
        "but",
        "just",
        "now",
        "look",
        "search",
        "what",
        "about",
        "et",
        "seulement",
        "mais",
        "uniquement",
        "cherche",
        "ok",
        "please",
        "then",
    ];
    (!own.within.is_empty() || is_everywhere(text))
        && (0..words.len()).all(|at| words.is(at, ONLY) || is_everywhere(text))
}

/// A question of its own: it takes on no more than it points to.
fn complete(own: Plan, words: &Words<'_>, lead: usize, previous: &Plan) -> Plan {
    let named = !own.spans.is_empty() || !own.without.is_empty();
    if let Some(tokens) = refers_to_period(words.text).filter(|_| !named) {
        return in_that_period(own, words.text, &tokens, previous);
    }
    // `when was the first?`
    let of_something = matches!(own.intent, Intent::First | Intent::Last | Intent::When);
    let refers =
        words.find(REFERENCES).is_some_and(|at| at > 0) || words.len() <= 2 || of_something;
    if own.topic.is_empty() && refers && own.intent != Intent::Recap {
        let spans = if named { own.spans.clone() } else { previous.spans.clone() };
        let intent = own.intent;
        return taken(Plan { topic: previous.topic.clone(), ..own }, previous, &spans, intent);
    }
    let going_on =
        wanted(words, periods_of(words.text, &previous.spans, &Reading::default())).intent;
    if !named && lead > 0 && words.is(0, &["and", "et"]) && going_on.enumerates() {
        return with_periods(Plan { intent: going_on, ..own }, previous);
    }
    own
}

/// `what did I read that year`: another question about the earlier period.
fn in_that_period(own: Plan, text: &Text<'_>, tokens: &Range<usize>, previous: &Plan) -> Plan {
    let reading = Reading { phrases: vec![text.bytes(tokens)], ..Reading::default() };
    let words = Words::new(text, &reading);
    let told = wanted(&words, periods_of(text, &previous.spans, &reading));
    let lead = words.any_phrase(0, LEADS).unwrap_or(0);
    let about = topic(&words, &told, own.language, lead);
    let mut plan = Plan { topic: about, intent: told.intent, ..own };
    if previous.spans.is_empty() {
        plan.doubts.push(wording::no_earlier_period(plan.language));
    }
    with_periods(plan, previous)
}

/// A question of its own in the earlier periods.
fn with_periods(mut plan: Plan, previous: &Plan) -> Plan {
    plan.follows = true;
    plan.spans = taken_on(&previous.spans);
    plan.without = taken_on(&previous.without);
    plan.resolved = wording::with_spans(&plan);
    plan
}

/// `and in 2023?`: another period, or a part of it left out; topic and intent stay.
fn other_period(own: Plan, text: &Text<'_>, today: Today, previous: &Plan, lead: usize) -> Plan {
    let year = one_year(previous);
    let reading = read(text, today, year);
    let words = Words::new(text, &reading);
    let (spans, without) = asked(text, &reading);
    let told = wanted(&words, Periods::default());
    let compares =
        words.find(&["compare", "comparer", "compared", "versus", "vs", "compares"]).is_some();
    let about = topic(&words, &told, own.language, lead);
    if compares && spans.len() == 1 && !previous.spans.is_empty() {
        let mut both = taken_on(&previous.spans);
        both.extend(spans);
        let about = Plan { topic: previous.topic.clone(), ..own };
        return taken(about, previous, &both, Intent::Compare);
    }
    if !about.is_empty() && lead == 0 {
        return own;
    }
    let about = if about.is_empty() { previous.topic.clone() } else { about };
    let intent = if told.intent == Intent::Lookup { previous.intent } else { told.intent };
    let plan = Plan { topic: about, without, ..own };
    if spans.is_empty() {
        let without = left_out(text, today, previous);
        return taken(Plan { without, ..plan }, previous, &previous.spans, intent);
    }
    taken(plan, previous, &spans, intent)
}

/// What is left out of the earlier periods: `and except August?`, in each of their years.
fn left_out(text: &Text<'_>, today: Today, previous: &Plan) -> Vec<Asked> {
    const YEARS_MAX: usize = 50;
    let years = previous
        .spans
        .iter()
        .filter(|asked| asked.span.start() > Span::MIN)
        .flat_map(|asked| asked.span.start().year()..=asked.span.last().year());
    let mut years: Vec<i16> = years.take(YEARS_MAX).collect();
    years.dedup();
    let mut without = taken_on(&previous.without);
    without
        .extend(years.into_iter().flat_map(|year| asked(text, &read(text, today, Some(year))).1));
    without.dedup_by_key(|asked| asked.span);
    without
}

/// The year that all periods of a plan lie in, when there is one.
fn one_year(plan: &Plan) -> Option<i16> {
    let year = plan.spans.first()?.span.start().year();
    let within =
        |asked: &Asked| asked.span.start().year() == year && asked.span.last().year() == year;
    plan.spans.iter().all(within).then_some(year)
}

/// A plan with these periods and this intent, written out.
fn taken(own: Plan, previous: &Plan, spans: &[Asked], intent: Intent) -> Plan {
    let same = spans == previous.spans;
    let mut plan =
        Plan { intent, follows: true, by: previous.by, measure: previous.measure, ..own };
    plan.spans = if same { taken_on(spans) } else { spans.to_vec() };
    plan.yearly = if same { previous.yearly } else { plan.yearly };
    if same && plan.without.is_empty() {
        plan.without = taken_on(&previous.without);
    }
    plan.resolved = wording::resolved(&plan);
    plan
}

/// Periods of an earlier question stand at no bytes of this one.
fn taken_on(spans: &[Asked]) -> Vec<Asked> {
    spans.iter().map(|asked| Asked { bytes: None, ..asked.clone() }).collect()
}

/// `and the year after?`, `what did I read the month before?`: a period beside the earlier one.
fn with_beside(
    own: Plan,
    text: &Text<'_>,
    reading: &Reading,
    previous: &Plan,
    spans: Vec<Asked>,
) -> Plan {
    let words = Words::new(text, reading);
    let lead = words.any_phrase(0, LEADS).unwrap_or(0);
    let told = wanted(&words, periods_of(text, &spans, reading));
    let about = topic(&words, &told, own.language, lead);
    if words.is_question(lead) {
        let mut plan = Plan {
            topic: about,
            intent: told.intent,
            spans,
            without: Vec::new(),
            follows: true,
            ..own
        };
        plan.resolved = wording::with_spans(&plan);
        return plan;
    }
    let about = if about.is_empty() { previous.topic.clone() } else { about };
    taken(Plan { topic: about, without: Vec::new(), ..own }, previous, &spans, previous.intent)
}

//! The kinds of questions, each with all that the logbook gives for it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    mention::Mention,
    reading::{Entry, Reading},
    wording::{FACT, TOPIC_IN_YEAR, WHEN, Wording, YEAR, of_another},
};
use crate::{
    eval::{Gold, random::Random},
    index::Term,
    logbook::{Language, Lines, Precision, Span},
};

/// The most entries of a year that a topic of it may have; what is in more is what all is about.
const TOPIC_ENTRIES_MAX: usize = 8;
/// The fewest entries of a year for a topic to be missing from it.
const YEAR_ENTRIES_MIN: usize = 3;
/// How many years before the first and after the last are asked for.
const YEARS_OUTSIDE: i16 = 3;
/// The most entries that one of the things that a fact is asked by may stand in.
const FACT_ENTRIES_MAX: usize = 4;

/// A question before it has a number.
pub(super) struct Draft {
    /// The question.
    pub(super) question: String,
    /// The lines that answer it; none when the logbook does not.
    pub(super) evidence: Vec<Gold>,
    /// The year that it asks about.
    pub(super) year: Option<i16>,
}

/// What a logbook speaks of in a language, by its terms, with the entries that have it.
struct Topic<'r> {
    mention: &'r Mention,
    language: Language,
    entries: BTreeSet<usize>,
}

/// A question a year that has entries: what of it?
pub(super) fn years(reading: &Reading<'_>, random: &mut Random) -> Vec<Draft> {
    let years: BTreeSet<i16> = reading.entries.iter().filter_map(Entry::year).collect();
    let mut drafts = Vec::new();
    for year in years {
        let places: Vec<usize> = of_year(reading, year).into_iter().collect();
        let language = reading.entries[*random.pick(&places)].language;
        drafts.push(Draft {
            question: YEAR.ask(language, random, "", year),
            evidence: bodies(reading, &places),
            year: Some(year),
        });
    }
    random.shuffle(&mut drafts);
    drafts
}

/// Questions about a topic that some entries of a year have.
pub(super) fn topics_in_years(reading: &Reading<'_>, random: &mut Random) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for tag in tags(reading) {
        for year in years_of(reading, &tag.entries) {
            drafts.extend(topic_in_year(
                reading,
                random,
                &tag.name,
                &tag.entries,
                tag.language,
                year,
            ));
        }
    }
    for topic in topics(reading) {
        for year in years_of(reading, &topic.entries) {
            let Topic { mention, language, entries } = &topic;
            drafts.extend(topic_in_year(
                reading,
                random,
                &mention.phrase,
                entries,
                *language,
                year,
            ));
        }
    }
    random.shuffle(&mut drafts);
    drafts
}

fn topic_in_year(
    reading: &Reading<'_>,
    random: &mut Random,
    topic: &str,
    entries: &BTreeSet<usize>,
    language: Language,
    year: i16,
) -> Option<Draft> {
    let all = of_year(reading, year);
    let places: Vec<usize> = all.intersection(entries).copied().collect();
    let speaks = places.iter().filter(|place| reading.entries[**place].language == language);
    let is_some = (2..=TOPIC_ENTRIES_MAX).contains(&places.len()) && places.len() * 2 <= all.len();
    (is_some && speaks.count() * 2 > places.len()).then(|| Draft {
        question: TOPIC_IN_YEAR.ask(language, random, topic, year),
        evidence: bodies(reading, &places),
        year: Some(year),
    })
}

/// Questions about the day of what one line of one dated entry alone speaks of.
pub(super) fn days(reading: &Reading<'_>, random: &mut Random) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for topic in topics(reading).iter().filter(|topic| topic.entries.len() == 1) {
        let place = topic.entries.first().copied().unwrap_or_default();
        let entry = &reading.entries[place];
        let lines = reading.lines_with(entry, &topic.mention.terms);
        if let ([line], Some(Precision::Day)) = (&lines[..], entry.written.precision) {
            drafts.push(Draft {
                question: WHEN.ask(topic.language, random, &topic.mention.phrase, 0),
                evidence: vec![entry.gold(Lines { first: *line, last: *line })],
                year: None,
            });
        }
    }
    random.shuffle(&mut drafts);
    drafts
}

/// Questions about a sentence, by the two rarest things that it speaks of, the later one first.
pub(super) fn facts(reading: &Reading<'_>, random: &mut Random) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (place, entry) in reading.entries.iter().enumerate() {
        for told in &entry.sentences {
            let mut rare: Vec<(usize, usize, &Mention)> = told
                .mentions
                .iter()
                .enumerate()
                .map(|(order, mention)| (reading.with_all(&mention.terms).len(), order, mention))
                .filter(|(count, ..)| (1..=FACT_ENTRIES_MAX).contains(count))
                .collect();
            rare.sort_by_key(|(count, order, _)| (*count, *order));
            rare.truncate(2);
            rare.sort_by_key(|(_, order, _)| std::cmp::Reverse(*order));
            let [(_, _, one), (_, _, other)] = rare[..] else { continue };
            let terms: Vec<Term> = one.terms.iter().chain(&other.terms).cloned().collect();
            if reading.with_all(&terms) != BTreeSet::from([place]) {
                continue;
            }
            let Some(lines) = reading.lines_of(entry, told, &terms) else { continue };
            let and = if told.language == Language::French { "et" } else { "and" };
            let topic = format!("{} {and} {}", one.phrase, other.phrase);
            drafts.push(Draft {
                question: FACT.ask(told.language, random, &topic, 0),
                evidence: vec![entry.gold(lines)],
                year: None,
            });
        }
    }
    random.shuffle(&mut drafts);
    drafts
}

/// Questions that the logbook does not answer, of three kinds in turn: a name that it knows in a
/// year that has none of it, a year that it does not cover, and a thing that was never there.
pub(super) fn unanswerable(reading: &Reading<'_>, random: &mut Random) -> Vec<Draft> {
    let mut kinds = [
        missing_in_years(reading, random),
        years_outside(reading, random),
        made_up(reading, random),
    ];
    let longest = kinds.iter().map(Vec::len).max().unwrap_or_default();
    (0..longest).flat_map(|_| kinds.each_mut().map(Vec::pop)).flatten().collect()
}

fn missing_in_years(reading: &Reading<'_>, random: &mut Random) -> Vec<Draft> {
    let years: BTreeSet<i16> = reading.entries.iter().filter_map(Entry::year).collect();
    let years: Vec<(i16, BTreeSet<usize>)> =
        years.into_iter().map(|year| (year, of_year(reading, year))).collect();
    let mut drafts = Vec::new();
    for topic in topics(reading) {
        // Of a name one knows that no other words stand for it.
        if !topic.mention.is_name || topic.entries.len() < 2 {
            continue;
        }
        for (year, entries) in &years {
            let is_missing = entries.len() >= YEAR_ENTRIES_MIN
                && topic.mention.terms.iter().all(|term| reading.with(term).is_disjoint(entries));
            if is_missing {
                let phrase = &topic.mention.phrase;
                drafts.push(unanswered(
                    &TOPIC_IN_YEAR,
                    topic.language,
                    random,
                    phrase,
                    Some(*year),
                ));
            }
        }
    }
    random.shuffle(&mut drafts);
    drafts
}

fn years_outside(reading: &Reading<'_>, random: &mut Random) -> Vec<Draft> {
    let Some((first, last)) = reading.days() else { return Vec::new() };
    let before = (1..=YEARS_OUTSIDE).map(|years| first.year() - years);
    let after = (1..=YEARS_OUTSIDE).map(|years| last.year() + years);
    let mut drafts = Vec::new();
    for year in before.chain(after) {
        let language = random.pick(&reading.entries).language;
        drafts.push(unanswered(&YEAR, language, random, "", Some(year)));
    }
    random.shuffle(&mut drafts);
    drafts
}

fn made_up(reading: &Reading<'_>, random: &mut Random) -> Vec<Draft> {
    let topics = topics(reading);
    let rare = |topic: &&Topic<'_>| topic.entries.len() == 1;
    let mut names: Vec<&Topic<'_>> = topics
        .iter()
        .filter(rare)
        .filter(|topic| topic.mention.is_name && topic.mention.parted().0.is_empty())
        .filter(|topic| !topic.mention.phrase.starts_with(['H', 'h']))
        .collect();
    let mut nouns: Vec<&Topic<'_>> =
        topics.iter().filter(rare).filter(|topic| !topic.mention.is_name).collect();
    random.shuffle(&mut names);
    random.shuffle(&mut nouns);
    let file = |topic: &Topic<'_>| {
        let place = topic.entries.first().copied().unwrap_or_default();
        &reading.entries[place].written.file
    };
    let mut drafts = Vec::new();
    for name in names {
        let Some(other) = nouns
            .iter()
            .position(|noun| noun.language == name.language && file(noun) != file(name))
        else {
            continue;
        };
        let noun = nouns.swap_remove(other);
        let thing = of_another(name.language, noun.mention.parted(), &name.mention.phrase);
        drafts.push(unanswered(&FACT, name.language, random, &thing, None));
    }
    drafts
}

fn unanswered(
    wording: &Wording,
    language: Language,
    random: &mut Random,
    topic: &str,
    year: Option<i16>,
) -> Draft {
    let question = wording.ask(language, random, topic, year.unwrap_or_default());
    Draft { question, evidence: Vec::new(), year }
}

/// What the logbook speaks of, each as it is said most often.
fn topics<'r>(reading: &'r Reading<'_>) -> Vec<Topic<'r>> {
    let mut said: BTreeMap<(&[Term], Language), BTreeMap<&Mention, usize>> = BTreeMap::new();
    for told in reading.entries.iter().flat_map(|entry| &entry.sentences) {
        for mention in &told.mentions {
            let ways = said.entry((&mention.terms, told.language)).or_default();
            *ways.entry(mention).or_default() += 1;
        }
    }
    let topics = said.into_iter().filter_map(|((terms, language), ways)| {
        // Of two ways as usual, the one with an article is the safer.
        let usual = |(mention, count): &(&Mention, usize)| (*count, mention.phrase.len());
        let (mention, _) = ways.into_iter().max_by_key(usual)?;
        Some(Topic { mention, language, entries: reading.with_all(terms) })
    });
    topics.collect()
}

/// A tag with the entries that have it as a tag or as words.
struct Tag {
    name: String,
    language: Language,
    entries: BTreeSet<usize>,
}

fn tags(reading: &Reading<'_>) -> Vec<Tag> {
    let mut tags: BTreeSet<(String, Language)> = BTreeSet::new();
    for entry in &reading.entries {
        let plain = entry
            .written
            .tags
            .iter()
            .filter(|tag| tag.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '_')));
        tags.extend(plain.map(|tag| (tag.replace(['-', '_'], " "), entry.language)));
    }
    let tags = tags.into_iter().map(|(name, language)| {
        let entries = reading.with_all(&reading.terms(&name, language));
        Tag { name, language, entries }
    });
    tags.collect()
}

fn of_year(reading: &Reading<'_>, year: i16) -> BTreeSet<usize> {
    Span::year(year).map(|period| reading.within(period)).unwrap_or_default()
}

fn years_of(reading: &Reading<'_>, entries: &BTreeSet<usize>) -> BTreeSet<i16> {
    entries.iter().filter_map(|place| reading.entries[*place].year()).collect()
}

fn bodies(reading: &Reading<'_>, places: &[usize]) -> Vec<Gold> {
    let entries = places.iter().map(|place| &reading.entries[*place]);
    entries.map(|entry| entry.gold(entry.body)).collect()
}

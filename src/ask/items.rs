//! The items of lists, each a statement of its own.
//!
//! A day is often kept as a list, and a chunk of it holds several items. Of a topic in a period, only
//! those that speak of it are wanted; the others would fill the budget.

use std::collections::HashSet;

use super::passage::Passage;
use crate::logbook::Lines;

/// Of the best part of a passage, how much another must tell to be wanted too.
pub(super) const SHARE_OF_BEST: f32 = 0.5;

/// The passages with only those items of their lists that tell the most, and what was taken out.
///
/// A passage that tells nothing by itself was found by what stands around it: it is taken out where
/// another of its entry tells more.
pub(super) fn telling(
    passages: Vec<Passage>,
    tells: &dyn Fn(&str) -> f32,
) -> (Vec<Passage>, Vec<Passage>) {
    let told: Vec<Told> = passages.iter().map(|passage| Told::of(passage, tells)).collect();
    let tell: HashSet<_> = passages
        .iter()
        .zip(&told)
        .filter(|(_, told)| told.best > 0.0 || told.above > 0.0)
        .map(|(passage, _)| passage.entry_key())
        .collect();
    let (mut wanted, mut others) = (Vec::with_capacity(passages.len()), Vec::new());
    for (passage, told) in passages.into_iter().zip(told) {
        if told.best <= 0.0 && told.above <= 0.0 {
            if tell.contains(&passage.entry_key()) { &mut others } else { &mut wanted }
                .push(passage);
        } else if told.items.len() < 2 || told.above >= SHARE_OF_BEST * told.best {
            wanted.push(passage);
        } else {
            for (part, is_wanted) in told.parts(&passage) {
                if is_wanted { &mut wanted } else { &mut others }.push(part);
            }
        }
    }
    (wanted, others)
}

/// What the items of a passage tell, and what stands over them.
struct Told {
    /// The items, from line to line, each with what it tells.
    items: Vec<((usize, usize), f32)>,
    /// What the best of them tells.
    best: f32,
    /// What the headings and the lines before the list tell.
    above: f32,
}

impl Told {
    fn of(passage: &Passage, tells: &dyn Fn(&str) -> f32) -> Self {
        let lines: Vec<&str> = passage.text.lines().collect();
        let text = |(first, end): (usize, usize)| lines[first..end].join("\n");
        let items: Vec<_> =
            items(&lines).into_iter().map(|item| (item, tells(&text(item)))).collect();
        let is_led = items.len() > 1 && !lines.first().is_some_and(|line| is_item(line));
        let lead = items.first().filter(|_| is_led).map(|(lead, _)| text(*lead));
        let above =
            format!("{} {}", passage.breadcrumb.join(" "), lead.as_deref().unwrap_or_default());
        let best = items.iter().map(|(_, told)| *told).fold(0.0, f32::max);
        Self { items, best, above: tells(&above) }
    }

    /// The items as passages, neighbours that are both wanted or both not as one.
    fn parts(&self, passage: &Passage) -> Vec<(Passage, bool)> {
        let lines: Vec<&str> = passage.text.lines().collect();
        let mut joined: Vec<((usize, usize), bool)> = Vec::new();
        for ((first, end), told) in &self.items {
            let is_wanted = *told >= SHARE_OF_BEST * self.best;
            match joined.last_mut() {
                Some(((_, last), was_wanted)) if *was_wanted == is_wanted => *last = *end,
                _ => joined.push(((*first, *end), is_wanted)),
            }
        }
        let part = |((first, end), is_wanted)| (part(passage, &lines, first, end), is_wanted);
        joined.into_iter().map(part).collect()
    }
}

/// The items of the outermost list, from line to line; what stands before the first is one too.
fn items(lines: &[&str]) -> Vec<(usize, usize)> {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let marked = || lines.iter().enumerate().filter(|(_, line)| is_item(line));
    let Some(outermost) = marked().map(|(_, line)| depth(line)).min() else {
        return vec![(0, lines.len())];
    };
    let begins = marked().filter(|(_, line)| depth(line) == outermost).map(|(index, _)| index);
    let mut starts: Vec<usize> = begins.collect();
    if starts.first().is_some_and(|first| *first > 0) {
        starts.insert(0, 0);
    }
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    starts.iter().copied().zip(ends).collect()
}

fn is_item(line: &str) -> bool {
    let text = line.trim_start();
    let after_number = text.trim_start_matches(|character: char| character.is_ascii_digit());
    ["- ", "* ", "+ "].iter().any(|mark| text.starts_with(mark))
        || after_number.len() < text.len()
            && [". ", ") "].iter().any(|mark| after_number.starts_with(mark))
}

fn part(passage: &Passage, lines: &[&str], first: usize, end: usize) -> Passage {
    let number =
        |index: usize| passage.lines.first.saturating_add(u32::try_from(index).unwrap_or(u32::MAX));
    Passage {
        lines: Lines { first: number(first), last: number(end.saturating_sub(1)) },
        text: lines[first..end].join("\n"),
        ..passage.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::test_passage;

    /// The lines that are wanted of passages of one entry, each from its first line on.
    fn check(passages: &[(u32, &str)], word: &str, expected: &[(u32, u32)]) {
        let passages = passages.iter().map(|(first, text)| {
            let passage = test_passage("a.md", "2022-03-08", text);
            let lines = Lines { first: *first, last: first + passage.lines.last - 1 };
            Passage { lines, ..passage }
        });
        let tells = |text: &str| f32::from(u8::from(text.contains(word)));
        let (wanted, others) = telling(passages.clone().collect(), &tells);
        let lines: Vec<(u32, u32)> =
            wanted.iter().map(|passage| (passage.lines.first, passage.lines.last)).collect();
        assert_eq!(lines, expected);
        let count = |passages: &[Passage]| -> usize {
            let written =
                |passage: &Passage| passage.text.lines().filter(|line| !line.is_empty()).count();
            passages.iter().map(written).sum()
        };
        assert_eq!(count(&wanted) + count(&others), count(&passages.collect::<Vec<_>>()));
    }

    #[test]
    fn of_a_list_the_items_with_the_word_are_wanted() {
        let day = "# Tuesday\n\n- ran 5 km\n- bread\n  ran out of rye\n- slept\n- ran home";
        check(&[(1, day)], "ran", &[(3, 5), (7, 7)]);
        check(&[(10, "1. bread\n2. ran")], "ran", &[(11, 11)]);
    }

    #[test]
    fn what_stands_over_a_list_speaks_for_all_of_it() {
        check(&[(1, "Where I ran:\n- the lake\n- the hill")], "ran", &[(1, 3)]);
        check(&[(1, "- the lake\n- the hill")], "2022", &[(1, 2)]);
    }

    #[test]
    fn prose_is_left_whole() {
        check(&[(1, "I ran.\nI slept.")], "ran", &[(1, 2)]);
    }

    #[test]
    fn what_tells_nothing_gives_way_to_what_does() {
        check(&[(1, "- bread\n- slept"), (3, "- ran")], "ran", &[(3, 3)]);
        check(&[(1, "- bread\n- slept")], "ran", &[(1, 2)]);
    }
}

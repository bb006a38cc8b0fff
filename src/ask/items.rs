//! The items of lists, each a statement of its own.
//!
//! A day is often kept as a list, and a chunk of it holds several items. Of a topic in a period, only
//! those that speak of it are wanted; the others would fill the budget.

use super::passage::Passage;
use crate::logbook::Lines;

/// Of the best item of a passage, how much another must tell to be wanted too.
const SHARE_OF_BEST: f32 = 0.5;

/// The passages with only those items of their lists that tell the most, and what was taken out.
pub(super) fn telling(
    passages: Vec<Passage>,
    tells: &dyn Fn(&str) -> f32,
) -> (Vec<Passage>, Vec<Passage>) {
    let (mut wanted, mut others) = (Vec::with_capacity(passages.len()), Vec::new());
    for passage in passages {
        let lines: Vec<&str> = passage.text.lines().collect();
        let items = items(&lines);
        let told: Vec<f32> =
            items.iter().map(|(first, end)| tells(&lines[*first..*end].join("\n"))).collect();
        let best = told.iter().copied().fold(0.0, f32::max);
        let lead = items.first().filter(|_| !lines.first().is_some_and(|line| is_item(line)));
        let lead = lead.map(|(first, end)| lines[*first..*end].join(" ")).unwrap_or_default();
        let above = tells(&format!("{} {lead}", passage.breadcrumb.join(" ")));
        if items.len() < 2 || best <= 0.0 || above >= SHARE_OF_BEST * best {
            wanted.push(passage);
            continue;
        }
        let parts =
            items.iter().zip(&told).map(|(item, told)| (*item, *told >= SHARE_OF_BEST * best));
        for ((first, end), is_wanted) in joined(parts) {
            let part = part(&passage, &lines, first, end);
            if is_wanted { wanted.push(part) } else { others.push(part) }
        }
    }
    (wanted, others)
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

/// Neighbours that are both wanted or both not, as one.
fn joined(parts: impl Iterator<Item = ((usize, usize), bool)>) -> Vec<((usize, usize), bool)> {
    let mut joined: Vec<((usize, usize), bool)> = Vec::new();
    for ((first, end), is_wanted) in parts {
        match joined.last_mut() {
            Some(((_, last), was_wanted)) if *was_wanted == is_wanted => *last = end,
            _ => joined.push(((first, end), is_wanted)),
        }
    }
    joined
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

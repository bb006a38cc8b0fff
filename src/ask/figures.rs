//! The numbers that a text names, however they are written.
//!
//! `2,300` and `2 300` may be the number 2300, and `3,5` is `3.5`; words such as `two` or `premier`
//! are numbers too. Each way to read a number is kept, since either side may have meant it.

use std::collections::HashSet;

use crate::index::folded;

/// A number as a text has it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Figure {
    /// How it is written.
    pub(super) text: String,
    /// What it may be: each reading is one number, or several that stand side by side.
    pub(super) readings: Vec<Vec<String>>,
}

impl Figure {
    /// Whether one of its readings is all there.
    pub(super) fn is_in(&self, numbers: &HashSet<String>) -> bool {
        self.readings.iter().any(|reading| reading.iter().all(|number| numbers.contains(number)))
    }
}

/// The numbers that a text writes in digits, in order.
pub(super) fn figures(text: &str) -> Vec<Figure> {
    let characters: Vec<char> = text.chars().collect();
    let digit = |at: usize| characters.get(at).is_some_and(char::is_ascii_digit);
    let mut figures = Vec::new();
    let mut at = 0;
    while at < characters.len() {
        if !digit(at) {
            at += 1;
            continue;
        }
        let mut end = run(&characters, at);
        let mut groups: Vec<(Option<char>, String)> =
            vec![(None, characters[at..end].iter().collect())];
        while let Some(mark) = characters.get(end).copied().filter(|_| digit(end + 1)) {
            let next = run(&characters, end + 1);
            let is_thousands = next - end == 4;
            if !(matches!(mark, '.' | ',') || (is_spacing(mark) && is_thousands)) {
                break;
            }
            groups.push((Some(mark), characters[end + 1..next].iter().collect()));
            end = next;
        }
        let written: String = characters[at..end].iter().collect();
        figures.push(Figure { text: written, readings: readings(&groups) });
        at = end;
    }
    figures
}

/// The numbers of a text, in digits and in words.
pub(super) fn numbers(text: &str) -> HashSet<String> {
    let mut numbers: HashSet<String> =
        figures(text).into_iter().flat_map(|figure| figure.readings).flatten().collect();
    let folded = folded(text);
    let mut before: Option<u32> = None;
    for word in folded.split(|character: char| !character.is_alphanumeric()) {
        let number = number_named(word);
        numbers.extend(number.map(|number| number.to_string()));
        if let (Some(tens), Some(number)) = (before, number) {
            numbers.extend(joined(tens, number).map(|number| number.to_string()));
        }
        before = match (before, number) {
            (Some(tens), Some(number)) => joined(tens, number).or(Some(number)),
            // `vingt et un`
            (before, None) if word == "et" || word.is_empty() => before,
            (_, number) => number,
        };
    }
    numbers
}

/// A number of entries that a text gives.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Count {
    /// How it is written.
    pub(super) text: String,
    /// What it may be.
    pub(super) numbers: HashSet<String>,
}

/// What entries are called where there are several, folded.
const ENTRIES: [&str; 3] = ["entries", "notes", "entrees"];
/// What may stand between the number and the entries.
const OF_A_LOGBOOK: [&str; 4] = ["journal", "logbook", "diary", "log"];

/// The numbers that a text gives for entries: `12 entries`, `twenty-one notes`.
pub(super) fn counted(text: &str) -> Vec<Count> {
    let plain =
        |word: &str| folded(word.trim_matches(|character: char| !character.is_alphanumeric()));
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut counts = Vec::new();
    for (index, _) in words.iter().enumerate().filter(|(_, word)| ENTRIES.contains(&&*plain(word)))
    {
        let is_between = |word: &&&str| OF_A_LOGBOOK.contains(&&*plain(word));
        let end = index - words[..index].iter().rev().take_while(is_between).count();
        let is_part = |word: &&&str| {
            let word = plain(word);
            let is_digits = word.starts_with(|character: char| character.is_ascii_digit());
            is_digits || word.split('-').all(|part| number_named(part).is_some())
        };
        let start = end - words[..end].iter().rev().take_while(is_part).count();
        let text = words[start..end].join(" ");
        let text = text.trim_matches(|character: char| !character.is_alphanumeric());
        if !text.is_empty() {
            counts.push(Count { text: text.to_owned(), numbers: numbers(text) });
        }
    }
    counts
}

/// The number that a folded word stands for, from nothing to a thousand.
pub(super) fn number_named(word: &str) -> Option<u32> {
    let place = NUMBERS.iter().find(|(_, words)| words.split(' ').any(|other| other == word))?;
    Some(place.0)
}

/// Numbers of several words are put together of these.
const NUMBERS: [(u32, &str); 30] = [
    (0, "zero"),
    (1, "one un une first premier premiere once"),
    (2, "two deux second seconde deuxieme twice"),
    (3, "three trois third troisieme"),
    (4, "four quatre fourth quatrieme"),
    (5, "five cinq fifth cinquieme"),
    (6, "six sixth sixieme"),
    (7, "seven sept seventh septieme"),
    (8, "eight huit eighth huitieme"),
    (9, "nine neuf ninth neuvieme"),
    (10, "ten dix tenth dixieme"),
    (11, "eleven onze"),
    (12, "twelve douze dozen douzaine"),
    (13, "thirteen treize"),
    (14, "fourteen quatorze"),
    (15, "fifteen quinze quinzaine"),
    (16, "sixteen seize"),
    (17, "seventeen"),
    (18, "eighteen"),
    (19, "nineteen"),
    (20, "twenty vingt vingts vingtaine"),
    (30, "thirty trente trentaine"),
    (40, "forty quarante"),
    (50, "fifty cinquante"),
    (60, "sixty soixante"),
    (70, "seventy septante"),
    (80, "eighty huitante"),
    (90, "ninety nonante"),
    (100, "hundred cent cents centaine"),
    (1000, "thousand mille millier"),
];

/// What two numbers are that follow each other in words: `vingt-quatre`, `quatre-vingts`.
fn joined(first: u32, second: u32) -> Option<u32> {
    match (first, second) {
        (4, 20) => Some(80),
        (20..=99, 1..=19) if first.is_multiple_of(10) => Some(first + second),
        (1..=99, 100 | 1000) => Some(first * second),
        (100.., 1..=99) if first.is_multiple_of(100) => Some(first + second),
        _ => None,
    }
}

fn run(characters: &[char], from: usize) -> usize {
    from + characters[from..].iter().take_while(|character| character.is_ascii_digit()).count()
}

/// What may stand between thousands beside a point and a comma.
fn is_spacing(mark: char) -> bool {
    matches!(mark, ' ' | '\'' | '’' | '\u{a0}' | '\u{202f}')
}

fn readings(groups: &[(Option<char>, String)]) -> Vec<Vec<String>> {
    let apart = || groups.iter().map(|(_, digits)| plain(digits)).collect::<Vec<_>>();
    if groups.len() == 1 {
        return vec![apart()];
    }
    let mut readings = Vec::new();
    if groups[0].1.len() <= 3 && groups[1..].iter().all(|(_, digits)| digits.len() == 3) {
        let whole: String = groups.iter().map(|(_, digits)| digits.as_str()).collect();
        readings.push(vec![plain(&whole)]);
    }
    match groups {
        [(_, whole), (Some('.' | ','), part)] => {
            let part = part.trim_end_matches('0');
            let point = if part.is_empty() { "" } else { "." };
            readings.push(vec![format!("{}{point}{part}", plain(whole))]);
        }
        // `12.05.2022`, or two numbers beside each other.
        _ => readings.push(apart()),
    }
    readings
}

/// Digits without the zeros that they begin with.
fn plain(digits: &str) -> String {
    let plain = digits.trim_start_matches('0');
    if plain.is_empty() { "0".to_owned() } else { plain.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, text: &str, expected: bool) {
        let numbers = numbers(text);
        let is_in = figures(written).iter().all(|figure| figure.is_in(&numbers));
        assert_eq!(is_in, expected, "{written:?} in {text:?}: {numbers:?}");
    }

    #[test]
    fn a_number_is_found_however_it_is_written() {
        check("2,300 steps", "2300 steps", true);
        check("2300 pas", "2 300 pas", true);
        check("2 300 pas", "2,300 steps", true);
        check("3.5 km", "3,50 km", true);
        check("on 14 May 2022", "2022-05-14", true);
        check("le 05/03", "5 mars, le 3", true);
        check("12.05.2022", "2022-05-12", true);
        check("24°C", "24 degrees", true);
        check("1er", "le premier", true);
        check("2 eggs", "two eggs", true);
        check("24 heures", "vingt-quatre heures", true);
        check("81", "quatre-vingt-un", true);
        check("71", "soixante et onze", true);
        check("345", "three hundred and forty five", false);
        check("300", "three hundred", true);
    }

    #[test]
    fn the_numbers_of_entries_are_those_before_them() {
        let check = |text: &str, expected: &[&str]| {
            let counted: Vec<String> = counted(text).into_iter().map(|count| count.text).collect();
            assert_eq!(counted, expected, "{text:?}");
        };
        check("You wrote **12 entries** in 2021, and 1,204 notes.", &["12", "1,204"]);
        check("Twenty-one journal entries; neuf entrées.", &["Twenty-one", "neuf"]);
        check("3 eggs, and entries of 2021. The entry is 12 lines long.", &[]);
    }

    #[test]
    fn a_number_that_is_not_there_is_not_found() {
        check("3 eggs", "two eggs", false);
        check("2022", "in 2021 and 2023", false);
        check("35 km", "3.5 km", false);
        check("7", "17 and 27", false);
    }
}

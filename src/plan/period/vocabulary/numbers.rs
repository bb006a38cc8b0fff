//! Numbers in words, in English and French: cardinals to 99, and the ordinals of a month's days.

use crate::plan::period::token::{Kind, Text};

/// The units and the irregular numbers below twenty.
const SMALL: &[(i32, &[&str])] = &[
    (1, &["one", "un", "une"]),
    (2, &["two", "deux"]),
    (3, &["three", "trois"]),
    (4, &["four", "quatre"]),
    (5, &["five", "cinq"]),
    (6, &["six"]),
    (7, &["seven", "sept"]),
    (8, &["eight", "huit"]),
    (9, &["nine", "neuf"]),
    (10, &["ten", "dix"]),
    (11, &["eleven", "onze"]),
    (12, &["twelve", "douze"]),
    (13, &["thirteen", "treize"]),
    (14, &["fourteen", "quatorze"]),
    (15, &["fifteen", "quinze"]),
    (16, &["sixteen", "seize"]),
    (17, &["seventeen"]),
    (18, &["eighteen"]),
    (19, &["nineteen"]),
];

const TENS: &[(i32, &[&str])] = &[
    (20, &["twenty", "vingt"]),
    (30, &["thirty", "trente"]),
    (40, &["forty", "quarante"]),
    (50, &["fifty", "cinquante"]),
    (60, &["sixty", "soixante"]),
    (70, &["seventy", "septante"]),
    (80, &["eighty", "huitante", "octante"]),
    (90, &["ninety", "nonante"]),
];

const ORDINALS: &[(i32, &[&str])] = &[
    (1, &["first", "premier", "premiere"]),
    (2, &["second", "seconde", "deuxieme"]),
    (3, &["third", "troisieme"]),
    (4, &["fourth", "quatrieme"]),
    (5, &["fifth", "cinquieme"]),
    (6, &["sixth", "sixieme"]),
    (7, &["seventh", "septieme"]),
    (8, &["eighth", "huitieme"]),
    (9, &["ninth", "neuvieme"]),
    (10, &["tenth", "dixieme"]),
    (11, &["eleventh", "onzieme"]),
    (12, &["twelfth", "douzieme"]),
    (13, &["thirteenth"]),
    (14, &["fourteenth"]),
    (15, &["fifteenth"]),
    (16, &["sixteenth"]),
    (17, &["seventeenth"]),
    (18, &["eighteenth"]),
    (19, &["nineteenth"]),
    (20, &["twentieth"]),
    (30, &["thirtieth"]),
];

/// The cardinal in words that begins at a place, and the place behind it: `forty`, `vingt et un`.
pub(in crate::plan::period) fn cardinal(text: &Text, at: usize) -> Option<(i32, usize)> {
    if !text.get(at).is_some_and(|token| token.kind == Kind::Word) {
        return None;
    }
    if let Some(end) = text.any_phrase(at, &["quatre - vingt", "quatre - vingts"]) {
        return Some(joined(text, 80, end, below_twenty));
    }
    if let Some(tens) = named(text, at, TENS) {
        // `soixante-dix` goes on to seventy-nine, and so on by twenties.
        let below = if tens == 60 { below_twenty } else { below_ten };
        return Some(joined(text, tens, at + 1, below));
    }
    if let Some(end) = text.any_phrase(at, &["a hundred", "one hundred", "cent"]) {
        return Some((100, end));
    }
    below_twenty(text, at)
}

/// The ordinal in words that begins at a place, and the place behind it: `twenty-first`.
pub(in crate::plan::period) fn ordinal_word(text: &Text, at: usize) -> Option<(i32, usize)> {
    if let Some(number) = named(text, at, ORDINALS) {
        return Some((number, at + 1));
    }
    let tens = named(text, at, TENS)?;
    let behind = if text.mark(at + 1, &['-']) { at + 2 } else { at + 1 };
    let unit = named(text, behind, ORDINALS).filter(|unit| *unit < 10)?;
    Some((tens + unit, behind + 1))
}

/// Tens with what is added to them, where something is.
fn joined(
    text: &Text,
    tens: i32,
    at: usize,
    below: fn(&Text, usize) -> Option<(i32, usize)>,
) -> (i32, usize) {
    let hyphen = if text.mark(at, &['-']) { at + 1 } else { at };
    let behind = text.any_phrase(hyphen, &["et -", "et"]).unwrap_or(hyphen);
    match below(text, behind) {
        Some((more, end)) => (tens + more, end),
        None => (tens, at),
    }
}

fn below_twenty(text: &Text, at: usize) -> Option<(i32, usize)> {
    let teens = [(17, "dix - sept"), (18, "dix - huit"), (19, "dix - neuf")];
    teens
        .into_iter()
        .find_map(|(number, words)| Some((number, text.phrase(at, words)?)))
        .or_else(|| Some((named(text, at, SMALL)?, at + 1)))
}

fn below_ten(text: &Text, at: usize) -> Option<(i32, usize)> {
    below_twenty(text, at).filter(|(number, _)| *number < 10)
}

fn named(text: &Text, at: usize, table: &[(i32, &[&str])]) -> Option<i32> {
    let word = text.word(at);
    // No number in words is shorter than `un` or longer than `quatorzieme`.
    if !(2..=12).contains(&word.len()) {
        return None;
    }
    table.iter().find(|(_, words)| words.contains(&word)).map(|(number, _)| *number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_words() {
        let check = |words: &str, expected: i32| {
            let text = Text::new(words);
            assert_eq!(cardinal(&text, 0), Some((expected, text.len())), "{words}");
        };
        check("seven", 7);
        check("twenty-one", 21);
        check("forty", 40);
        check("vingt et un", 21);
        check("vingt-et-un", 21);
        check("dix-sept", 17);
        check("soixante-dix", 70);
        check("soixante et onze", 71);
        check("quatre-vingt-dix-neuf", 99);
        check("quatre-vingts", 80);
        check("a hundred", 100);
        let text = Text::new("thirty-first");
        assert_eq!(ordinal_word(&text, 0), Some((31, text.len())));
    }
}

//! Text from notes, names, models and servers, made harmless for a terminal.

/// The text with its control characters shown instead of obeyed; line ends and tabs stay.
///
/// Terminal escapes, C1 controls, and the marks that turn the direction of text around are written
/// as `\u{…}`, so that no note can move the cursor, set a title or hide what it says.
#[must_use]
pub fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_harmless(character) {
            shown.push(character);
        } else {
            shown.extend(character.escape_unicode());
        }
    }
    shown
}

/// The same for what stands in one line, such as the name of a file: line ends and tabs are shown too.
#[must_use]
pub(super) fn one_line(text: &str) -> String {
    shown(text).replace('\n', "\\u{a}").replace('\t', "\\u{9}")
}

fn is_harmless(character: char) -> bool {
    match character {
        '\n' | '\t' => true,
        '\u{200e}'
        | '\u{200f}'
        | '\u{061c}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{e0000}'..='\u{e007f}' => false,
        _ => !character.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fault 126: escapes of a terminal are shown escaped.
    #[test]
    fn escapes_are_shown_and_not_obeyed() {
        let check = |text: &str, expected: &str| assert_eq!(shown(text), expected);
        check("plain été\n\tok", "plain été\n\tok");
        check("\u{1b}]0;title\u{7}", "\\u{1b}]0;title\\u{7}");
        check("\u{9b}31m", "\\u{9b}31m");
        check("a\rb", "a\\u{d}b");
    }

    /// Fault 40: a line end in a name.
    #[test]
    fn a_name_stays_in_its_line() {
        assert_eq!(one_line("a\nb\tc\u{7}"), "a\\u{a}b\\u{9}c\\u{7}");
    }

    /// Fault 42: marks that turn the direction of text around.
    #[test]
    fn marks_that_turn_text_around_are_shown() {
        assert_eq!(shown("a\u{202e}b"), "a\\u{202e}b");
    }
}

//! The notations that formats of dates are written in.
//!
//! Moment.js: <https://momentjs.com/docs/#/displaying/format/>. Java's, as Logseq uses it with
//! `do` for an ordinal day. `strftime`, of which jrnl has its time format.

use super::{DateFormat, Digits, Field};

impl DateFormat {
    /// A format of moment.js, as in Obsidian; none when a part of it is unknown.
    #[must_use]
    pub fn moment(format: &str) -> Option<Self> {
        letters(format, ('[', ']'), moment)
    }

    /// A format of Java, as in Logseq; none when a part of it is unknown.
    #[must_use]
    pub fn java(format: &str) -> Option<Self> {
        letters(format, ('\'', '\''), java)
    }

    /// A format of `strftime`, as in jrnl; none when a part of it is unknown.
    #[must_use]
    pub fn strftime(format: &str) -> Option<Self> {
        let mut fields = Vec::new();
        let mut rest = format.chars();
        while let Some(character) = rest.next() {
            if character != '%' {
                push_text(&mut fields, character);
                continue;
            }
            let mut letter = rest.next()?;
            let digits = if letter == '-' { Digits::One } else { Digits::Two };
            if letter == '-' {
                letter = rest.next()?;
            }
            strftime(letter, digits, &mut fields)?;
        }
        (!fields.is_empty()).then_some(Self(fields))
    }
}

/// Reads a notation of letters, where the same one several times is one field, and text in it
/// stands between two marks.
fn letters(
    format: &str,
    (opening, closing): (char, char),
    field: fn(&str) -> Option<Field>,
) -> Option<DateFormat> {
    let mut fields = Vec::new();
    let mut rest = format;
    while let Some(first) = rest.chars().next() {
        if first == opening {
            let (text, after) = rest[opening.len_utf8()..].split_once(closing)?;
            text.chars().for_each(|character| push_text(&mut fields, character));
            rest = after;
        } else if first.is_ascii_alphabetic() {
            let run = rest.find(|character| character != first).unwrap_or(rest.len());
            let is_ordinal = matches!(&rest[..run], "D" | "d") && rest[run..].starts_with('o');
            let length = run + usize::from(is_ordinal);
            fields.push(field(&rest[..length])?);
            rest = &rest[length..];
        } else {
            push_text(&mut fields, first);
            rest = &rest[first.len_utf8()..];
        }
    }
    (!fields.is_empty()).then_some(DateFormat(fields))
}

fn moment(letters: &str) -> Option<Field> {
    Some(match letters {
        "YYYY" | "GGGG" | "gggg" => Field::Year,
        "YY" | "GG" | "gg" => Field::ShortYear,
        "MMMM" | "MMM" => Field::MonthName,
        "MM" => Field::Month(Digits::Two),
        "M" => Field::Month(Digits::One),
        "DD" => Field::Day(Digits::Two),
        "D" => Field::Day(Digits::One),
        "Do" => Field::OrdinalDay,
        "dddd" | "ddd" => Field::WeekdayName,
        "WW" | "ww" => Field::Week(Digits::Two),
        "W" | "w" => Field::Week(Digits::One),
        "Q" => Field::Quarter,
        "HH" | "H" | "hh" | "h" | "kk" | "k" | "mm" | "m" | "ss" | "s" | "SSS" | "E" | "e"
        | "d" => Field::Time,
        "A" | "a" | "dd" => Field::Letters,
        _ => return None,
    })
}

fn java(letters: &str) -> Option<Field> {
    Some(match letters {
        "yyyy" | "YYYY" | "y" => Field::Year,
        "yy" => Field::ShortYear,
        "MMMM" | "MMM" => Field::MonthName,
        "MM" => Field::Month(Digits::Two),
        "M" => Field::Month(Digits::One),
        "dd" => Field::Day(Digits::Two),
        "d" => Field::Day(Digits::One),
        "do" => Field::OrdinalDay,
        "EEEE" | "EEE" | "EE" | "E" => Field::WeekdayName,
        "ww" => Field::Week(Digits::Two),
        "w" => Field::Week(Digits::One),
        "HH" | "H" | "hh" | "h" | "mm" | "m" | "ss" | "s" => Field::Time,
        "a" => Field::Letters,
        _ => return None,
    })
}

fn strftime(letter: char, digits: Digits, fields: &mut Vec<Field>) -> Option<()> {
    let several = match letter {
        'F' => "%Y-%m-%d",
        'D' => "%m/%d/%y",
        'T' => "%H:%M:%S",
        'R' => "%H:%M",
        'r' => "%I:%M:%S %p",
        _ => "",
    };
    if !several.is_empty() {
        fields.extend(DateFormat::strftime(several)?.0);
        return Some(());
    }
    let field = match letter {
        'Y' | 'G' => Field::Year,
        'y' => Field::ShortYear,
        'm' => Field::Month(digits),
        'B' | 'b' | 'h' => Field::MonthName,
        'd' => Field::Day(digits),
        'e' => Field::Day(Digits::One),
        'A' | 'a' => Field::WeekdayName,
        'V' => Field::Week(digits),
        'H' | 'I' | 'M' | 'S' | 'f' | 'k' | 'l' => Field::Time,
        'p' | 'P' | 'Z' => Field::Letters,
        '%' => Field::Text("%".to_owned()),
        _ => return None,
    };
    fields.push(field);
    Some(())
}

fn push_text(fields: &mut Vec<Field>, character: char) {
    if let Some(Field::Text(text)) = fields.last_mut() {
        text.push(character);
    } else {
        fields.push(Field::Text(character.to_string()));
    }
}

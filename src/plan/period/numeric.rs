//! Periods in digits: `2021-03-26`, `26/03/2021`, `2021-03`, `2022-W11`, `2022-Q3`, `2022`.

use super::{
    atom::Atom,
    shape::{Named, Shape},
    spans::is_usual_year,
    token::{Kind, Text},
};

/// The period in digits that begins at a place.
pub(super) fn read(text: &Text, at: usize) -> Option<Atom> {
    year_first(text, at).or_else(|| day_first(text, at)).or_else(|| year(text, at))
}

/// `2021-03-26`, `2021/3/26`, `2021.03.26`, `2021-03`, `2022-W11`, `2022Q3`, `2022 T3`.
fn year_first(text: &Text, at: usize) -> Option<Atom> {
    let (year, 4) = text.number(at)? else { return None };
    if let Some((named, end)) = lettered(text, text.skip_mark(at + 1, &['-'])) {
        let usual = is_usual_year(year);
        return usual.then(|| Atom::sure(Shape::new(named).in_year(year), end));
    }
    let separator = separator(text, at + 1)?;
    // `2021.3.1` is a version.
    if separator == '.' && text.get(at + 2).is_some_and(|month| month.raw.len() != 2) {
        return None;
    }
    let (month, digits @ (1 | 2)) = glued_number(text, at + 2)? else { return None };
    let month = i8::try_from(month).ok()?;
    if text.mark(at + 3, &[separator])
        && let Some((day, 1 | 2)) = glued_number(text, at + 4)
        && text.glued(at + 3)
    {
        let day = Named::Day { month: Some(month), day: i8::try_from(day).ok()? };
        let shape = Shape::new(day).in_year(year);
        return shape.is_real().then(|| Atom::sure(shape, time_of_day(text, at + 5)));
    }
    let is_month = digits == 2 && separator != '.' && (1..=12).contains(&month);
    is_month.then(|| Atom::sure(Shape::new(Named::Month(month)).in_year(year), at + 3))
}

/// `26/03/2021`, `7.8.2023`, `26-03-21`, `03/2021`; the day comes first unless that is no date.
fn day_first(text: &Text, at: usize) -> Option<Atom> {
    let (first, 1 | 2) = text.number(at)? else { return None };
    let first = i8::try_from(first).ok()?;
    let separator = separator(text, at + 1)?;
    let (second, digits) = glued_number(text, at + 2)?;
    if digits == 4 {
        let shape = Shape::new(Named::Month(first)).in_year(second);
        let real = separator != '.' && (1..=12).contains(&first) && is_usual_year(second);
        return real.then(|| Atom::sure(shape, at + 3));
    }
    let second = i8::try_from(second).ok()?;
    let whole = text.mark(at + 3, &[separator]) && text.glued(at + 3);
    let (year, digits) = glued_number(text, at + 4).filter(|_| whole)?;
    let year = match digits {
        4 => year,
        2 if separator == '/' => 2000 + year,
        _ => return None,
    };
    let date = |day, month| Shape::new(Named::Day { month: Some(month), day }).in_year(year);
    let (usual, other) = (date(first, second), date(second, first));
    let both = usual.is_real() && other.is_real() && first != second && separator == '/';
    let shape = if usual.is_real() { usual } else { other };
    shape.is_real().then(|| Atom { day_first: both, ..Atom::sure(shape, at + 5) })
}

/// Four digits that can be a year, or `'21`.
fn year(text: &Text, at: usize) -> Option<Atom> {
    if text.mark(at, &['\'', '’']) {
        let (year, 2) = glued_number(text, at + 1)? else { return None };
        return Some(Atom::loose(Shape::of_year(2000 + year), at + 2));
    }
    let (year, 4) = text.number(at)? else { return None };
    let letters = text.glued(at + 1)
        && text.get(at + 1).is_some_and(|next| next.kind == Kind::Word && next.folded != "'s");
    (is_usual_year(year) && !letters).then(|| Atom::loose(Shape::of_year(year), at + 1))
}

/// `W11`, `Q3`, `T3`, `H1`, `S1` and the place behind.
pub(super) fn lettered(text: &Text, at: usize) -> Option<(Named, usize)> {
    let (number, digits @ (1 | 2)) = glued_number(text, at + 1)? else { return None };
    let number = i8::try_from(number).ok()?;
    let named = match (text.word(at), number, digits) {
        ("w", 1..=53, _) => Named::Week(number),
        ("q" | "t", 1..=4, 1) => Named::Quarter(number),
        ("h" | "s", 1..=2, 1) => Named::Half(number),
        _ => return None,
    };
    Some((named, at + 2))
}

fn separator(text: &Text, at: usize) -> Option<char> {
    let mark = text.get(at).filter(|token| token.glued && token.kind == Kind::Mark)?;
    mark.raw.chars().next().filter(|mark| matches!(mark, '-' | '/' | '.'))
}

fn glued_number(text: &Text, at: usize) -> Option<(i16, usize)> {
    text.number(at).filter(|_| text.glued(at))
}

/// The place behind the time of an RFC 3339 date; a zone never moves its day.
fn time_of_day(text: &Text, at: usize) -> usize {
    if !(text.glued(at) && text.is(at, &["t"]) && glued_number(text, at + 1).is_some()) {
        return at;
    }
    let part = |place: &usize| {
        text.glued(*place)
            && text.get(*place).is_some_and(|token| {
                token.kind == Kind::Number || matches!(token.raw, ":" | "." | "+" | "-" | "Z")
            })
    };
    (at + 1..text.len()).take_while(part).last().map_or(at, |last| last + 1)
}

impl Text<'_> {
    /// The place behind a glued mark, when one of these stands there; else the place itself.
    fn skip_mark(&self, at: usize, marks: &[char]) -> usize {
        if self.glued(at) && self.mark(at, marks) { at + 1 } else { at }
    }
}

impl Shape {
    /// Whether the calendar has it.
    pub(super) fn is_real(self) -> bool {
        let Named::Day { month: Some(month), day } = self.named else { return true };
        jiff::civil::Date::new(self.year.unwrap_or(2000), month, day).is_ok()
    }
}

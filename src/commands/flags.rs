//! Days, years and amounts as they are typed after a flag, and what is said of those that are none.

use clap::{
    Parser as _,
    error::{ContextKind, ContextValue, ErrorKind},
};
use jiff::civil::Date;

use super::cli::Cli;
use crate::error::{Error, Exit, Result};

/// The first year that is taken for one: what is typed shorter is a slip of the pen.
const YEAR_MIN: i16 = 1000;
/// Two digits up to this are of this century, the others of the last.
const THIS_CENTURY_MAX: i16 = 50;

/// Reads the command line of this process; help and what clap itself refuses end it.
///
/// # Errors
/// When the value of a flag is refused for a reason of our own.
pub fn parse() -> Result<Cli> {
    Cli::try_parse().map_err(|error| refused(&error).unwrap_or_else(|| error.exit()))
}

/// The refusal of a value in our own words: the flag, the value and the reason.
fn refused(error: &clap::Error) -> Option<Error> {
    let reason = std::error::Error::source(error)?.downcast_ref::<Error>()?;
    let (ErrorKind::ValueValidation, Some(ContextValue::String(flag))) =
        (error.kind(), error.get(ContextKind::InvalidArg))
    else {
        return None;
    };
    let flag = flag.split(' ').next().unwrap_or_default();
    let Some(ContextValue::String(value)) = error.get(ContextKind::InvalidValue) else {
        return None;
    };
    let refusal = Error::new(Exit::Usage, format!("{flag} {value}: {reason}"));
    Some(match reason.remedy() {
        Some(remedy) => refusal.hint(remedy),
        None => refusal,
    })
}

/// A day: `2022-03-14`.
pub(super) fn day(text: &str) -> Result<Date> {
    let fields: Vec<&str> = text.split('-').collect();
    let is_number = |field: &str| field.bytes().all(|byte| byte.is_ascii_digit());
    let is_shaped = matches!(*fields, [year, month, day]
        if (year.len(), month.len(), day.len()) == (4, 2, 2))
        && fields.iter().all(|field| is_number(field));
    if !is_shaped {
        return Err(Error::usage("this is no day").hint("write it in full, such as 2022-03-14"));
    }
    let number = |field: &str| field.parse::<i16>().unwrap_or_default();
    year(fields[0])?;
    text.parse().map_err(|_| {
        let month = i8::try_from(number(fields[1])).unwrap_or_default();
        let hint = match Date::new(number(fields[0]), month, 1) {
            Ok(first) => format!("that month has {} days", first.days_in_month()),
            Err(_) => "the months are 01 to 12".to_owned(),
        };
        Error::usage("there is no such day").hint(hint)
    })
}

/// A year: `2022`.
pub(super) fn year(text: &str) -> Result<i16> {
    let year: i16 = text.parse().unwrap_or(-1);
    if (YEAR_MIN..=9999).contains(&year) {
        return Ok(year);
    }
    let refusal = Error::usage("this is no year that a logbook covers");
    if !(0..100).contains(&year) {
        return Err(refusal.hint("write it in full, such as 2022"));
    }
    let century = if year <= THIS_CENTURY_MAX { 2000 } else { 1900 };
    Err(refusal.hint(format!("did you mean {}?", century + year)))
}

/// An amount of money: `2.50`.
pub(super) fn amount(text: &str) -> Result<f64> {
    let amount = text.parse().ok().filter(|amount: &f64| amount.is_finite() && *amount >= 0.0);
    amount.ok_or_else(|| {
        Error::usage("this is no amount of money").hint("write it as a number, such as 2.50")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(arguments: &str, expected: &str) {
        let typed = ["twin", "ask", "what?"].into_iter().chain(arguments.split(' '));
        let said = match Cli::try_parse_from(typed) {
            Ok(_) => "taken".to_owned(),
            Err(error) => match refused(&error) {
                Some(error) => format!("{error} · {}", error.remedy().unwrap_or_default()),
                None => "clap's own".to_owned(),
            },
        };
        assert_eq!(said, expected, "{arguments}");
    }

    #[test]
    fn a_day_that_is_none_is_said_to_be() {
        check("--from 2022-03-14 --to 2024-02-29", "taken");
        check(
            "--from 2022-13-01",
            "--from 2022-13-01: there is no such day · the months are 01 to 12",
        );
        check("--on 2022-02-30", "--on 2022-02-30: there is no such day · that month has 28 days");
        check(
            "--to 2022-3-1",
            "--to 2022-3-1: this is no day · write it in full, such as 2022-03-14",
        );
        check("--now today", "--now today: this is no day · write it in full, such as 2022-03-14");
        check("--now", "clap's own");
    }

    #[test]
    fn a_year_is_written_in_full() {
        check("--year 2022 --year 1789", "taken");
        let none = "this is no year that a logbook covers";
        check("--year 22", &format!("--year 22: {none} · did you mean 2022?"));
        check("--year 95", &format!("--year 95: {none} · did you mean 1995?"));
        check("--year 202", &format!("--year 202: {none} · write it in full, such as 2022"));
        check("--year twenty", &format!("--year twenty: {none} · write it in full, such as 2022"));
        check("--on 0022-03-14", &format!("--on 0022-03-14: {none} · did you mean 2022?"));
    }
}

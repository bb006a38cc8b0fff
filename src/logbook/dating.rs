//! The order of evidence: which of the dates that a note gives counts for an entry.
//!
//! The strongest evidence that speaks wins. A weaker one completes it when it agrees and is more
//! exact; when it disagrees that is a warning. Two kinds of evidence are not as strong as their
//! place says: a file named with nothing but a year (`1984.md`) and a note with nothing but a year
//! for its heading may be called after a book, so any exact date beside them beats them.

use jiff::civil::Date;

use super::{
    Dating, Precision, Provenance, Source, Span, Warning,
    dates::{Completed, Form, Reading, complete, read_value, wrong_weekday},
    names::PathDates,
};

/// What a note says about itself as a whole.
#[derive(Debug, Default)]
pub(super) struct NoteDates {
    /// The evidence, the strongest first.
    evidence: Vec<Dating>,
    /// What else was found and does not count: a year that is a title, and the front matter after
    /// the first.
    passed_over: Vec<Dating>,
    /// What counts.
    pub(super) dating: Option<Dating>,
}

impl NoteDates {
    /// Weighs the path of a note and the values of its front matter, each with its line.
    pub(super) fn new(
        path: PathDates,
        values: &[(u32, String)],
        day_first: bool,
        warnings: &mut Vec<Warning>,
    ) -> Self {
        let is_bare_year = path.is_bare_year;
        let mut evidence: Vec<_> = path.name.into_iter().chain(path.folder).collect();
        let mut of_values = front_matter(values, &evidence, day_first, warnings).into_iter();
        evidence.extend(of_values.next());
        let mut passed_over = Vec::new();
        if is_bare_year && evidence[1..].iter().any(|other| !evidence[0].span.contains(other.span))
        {
            passed_over.push(evidence.remove(0));
        }
        passed_over.extend(of_values);
        let mut dating: Option<Dating> = None;
        for weaker in &evidence {
            match &dating {
                None => dating = Some(weaker.clone()),
                Some(stronger) if completes(weaker, stronger) => dating = Some(weaker.clone()),
                Some(stronger) if !stronger.span.overlaps(weaker.span) => {
                    warnings.push(disagreement(weaker, stronger));
                }
                Some(_) => {}
            }
        }
        Self { evidence, passed_over, dating }
    }

    /// All that was found but for what counts.
    pub(super) fn beside(&self, dating: Option<&Dating>) -> Vec<Dating> {
        let found = self.evidence.iter().chain(&self.passed_over);
        found.filter(|found| Some(*found) != dating).cloned().collect()
    }

    /// The day that the file name or its folder gives: the note is then a page of a diary.
    pub(super) fn day_of_path(&self) -> Option<Span> {
        let is_day = |dating: &&Dating| {
            dating.precision == Precision::Day && dating.provenance.source != Source::FrontMatter
        };
        self.evidence.iter().find(is_day).map(|dating| dating.span)
    }

    /// The one day of the note.
    pub(super) fn day(&self) -> Option<Span> {
        self.dating.as_ref().filter(|dating| dating.precision == Precision::Day).map(|day| day.span)
    }

    /// Completes a date of the note's text by the headings above it, the nearest first, and by what
    /// the note says. Nothing when that is not enough, or when there is no such day: that is a
    /// warning, as is a weekday that is not the day's.
    pub(super) fn date_text(
        &self,
        reading: &Reading,
        around: &[(Span, Precision)],
        provenance: impl FnOnce() -> Provenance,
        warnings: &mut Vec<Warning>,
    ) -> Option<Dating> {
        let latest = self.evidence.iter().map(|dating| dating.span.end()).max();
        let of_note = self.evidence.iter().map(|dating| (dating.span, dating.precision));
        let around: Vec<_> = around.iter().copied().chain(of_note).collect();
        resolve(reading, &around, latest, provenance, warnings)
    }

    /// The dating of a note's only entry, given by its text.
    pub(super) fn weigh_only(&self, own: Dating) -> Dating {
        let Some(of_note) = &self.dating else { return own };
        let is_vague = matches!(own.precision, Precision::Year | Precision::Range);
        let is_title = is_vague && of_note.precision == Precision::Day;
        if is_title || completes(of_note, &own) { of_note.clone() } else { own }
    }

    /// Warns when a date of the note's text lies outside of what its path says.
    pub(super) fn compare(&self, own: &Dating, warnings: &mut Vec<Warning>) {
        let of_path = self.evidence.iter().find(|dating| {
            dating.provenance.source == Source::FileName && dating.precision != Precision::Year
        });
        if let Some(of_path) = of_path.filter(|of_path| !of_path.span.overlaps(own.span)) {
            let reason = said(own, of_path);
            warnings.push(Warning { line_number: own.provenance.line_number, reason });
        }
    }
}

/// Whether a weaker date agrees with a stronger one and is more exact.
fn completes(weaker: &Dating, stronger: &Dating) -> bool {
    stronger.span.contains(weaker.span) && stronger.span != weaker.span
}

fn disagreement(weaker: &Dating, stronger: &Dating) -> Warning {
    Warning { line_number: weaker.provenance.line_number, reason: said(weaker, stronger) }
}

fn said(one: &Dating, other: &Dating) -> String {
    format!("`{}` disagrees with `{}`", one.provenance.text, other.provenance.text)
}

/// The values of the front matter that can be read as dates. What is wrong with one that stands
/// after the first of them is no fault, since it would not count.
fn front_matter(
    values: &[(u32, String)],
    path: &[Dating],
    day_first: bool,
    warnings: &mut Vec<Warning>,
) -> Vec<Dating> {
    let around: Vec<_> = path.iter().map(|dating| (dating.span, dating.precision)).collect();
    let mut found = Vec::new();
    for (line, text) in values {
        let provenance = || Provenance {
            source: Source::FrontMatter,
            line_number: Some(*line),
            text: text.trim().to_owned(),
        };
        let counts = found.is_empty();
        let mut faults = Vec::new();
        match read_value(text, day_first) {
            Some(reading) => {
                found.extend(resolve(&reading, &around, None, provenance, &mut faults));
            }
            None => faults.push(Warning {
                line_number: Some(*line),
                reason: format!("`{}` is not understood as a date", text.trim()),
            }),
        }
        if counts {
            warnings.extend(faults);
        }
    }
    found
}

fn resolve(
    reading: &Reading,
    around: &[(Span, Precision)],
    latest: Option<Date>,
    provenance: impl FnOnce() -> Provenance,
    warnings: &mut Vec<Warning>,
) -> Option<Dating> {
    let completed = match reading.form {
        Some(form) => complete(form, around, latest)?,
        None => Completed::Impossible,
    };
    let provenance = provenance();
    let line_number = provenance.line_number;
    let Completed::Span(span, precision) = completed else {
        let reason = format!("there is no such day: `{}`", provenance.text);
        warnings.push(Warning { line_number, reason });
        return None;
    };
    let wrong = wrong_weekday(reading.weekday, (span, precision));
    warnings.extend(wrong.map(|reason| Warning { line_number, reason }));
    Some(Dating { span, precision, provenance })
}

/// Whether a date in the text of a note counts on a page of a diary: only a day does, since anything
/// longer is what that day's page is about.
pub(super) fn is_day(form: Option<Form>) -> bool {
    matches!(
        form,
        None | Some(Form::Complete(_, Precision::Day) | Form::MonthDay(..) | Form::Day(_))
    )
}

//! What a note holds once it is read.

use std::{fmt, ops::Range};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Language, Precision, Span};

/// Lines of a note, from one, both ends included.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Lines {
    /// The first line.
    pub first: u32,
    /// The last line.
    pub last: u32,
}

/// Where a line stands, for people: `path:line`. What would end the line is shown escaped.
#[must_use]
pub fn place(path: &str, line_number: u32) -> String {
    let path = path.replace('\n', "\\u{a}").replace('\r', "\\u{d}").replace('\t', "\\u{9}");
    format!("{path}:{line_number}")
}

/// One file of the logbook.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Note {
    /// Its path below the logbook's root, with `/` between its parts.
    pub path: String,
    /// Its decoded text, without a byte order mark; every byte offset points into it.
    pub text: String,
    /// Its title: front matter, else its first heading of level one (unless that is the first of
    /// several dates), else its file name.
    pub title: String,
    /// The tags of its front matter, lowercase.
    pub tags: Vec<String>,
    /// The lines and bytes of its front matter, marks included, for the first chunk to carry; none
    /// when there is none, or when there is nothing else and it is itself the only entry.
    pub preamble: Option<(Lines, Range<usize>)>,
    /// Its headings, in order.
    pub headings: Vec<Heading>,
    /// Its entries, in order; together they cover every line that is not blank or front matter.
    pub entries: Vec<Entry>,
    /// What is wrong with it, though it could be read.
    pub warnings: Vec<Warning>,
    /// Why its front matter could not be read, where it could not; the rest was.
    pub unread: Option<Warning>,
}

/// A heading of a note.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Heading {
    /// From 1 to 6.
    pub level: u8,
    /// Its text, without its marks.
    pub text: String,
    /// The line it stands on, from one.
    pub line_number: u32,
    /// The bytes of the heading itself.
    pub bytes: Range<usize>,
}

/// The smallest dated unit of a note.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// What it is called: its heading, else the title of its note.
    pub title: String,
    /// The lines that it covers, its own heading included.
    pub lines: Lines,
    /// The bytes that it covers.
    pub bytes: Range<usize>,
    /// When it was written; none when nothing says so.
    pub dating: Option<Dating>,
    /// The weaker evidence that was weighed beside it, the strongest first.
    pub others: Vec<Dating>,
    /// Its tags, lowercase: those of the note, and `#tags` of its own text.
    pub tags: Vec<String>,
}

/// When an entry was written, and how that is known.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Dating {
    /// The days.
    pub span: Span,
    /// How exactly they were given.
    pub precision: Precision,
    /// What they were read from.
    pub provenance: Provenance,
}

impl Note {
    /// Dates the entries that nothing in the note dates.
    #[must_use]
    pub fn with_undated_on(mut self, dating: &Dating) -> Self {
        let undated = self.entries.iter_mut().filter(|entry| entry.dating.is_none());
        undated.for_each(|entry| entry.dating = Some(dating.clone()));
        self
    }
}

impl Dating {
    /// A day that is known of the note from outside of it.
    #[must_use]
    pub fn outside(source: Source, day: Date) -> Option<Self> {
        let provenance = Provenance { source, line_number: None, text: day.to_string() };
        Some(Self { span: Span::day(day)?, precision: Precision::Day, provenance })
    }

    /// Whether some day is in both.
    #[must_use]
    pub fn agrees_with(&self, other: &Self) -> bool {
        self.span.overlaps(other.span)
    }
}

/// What a date was read from, and where that stands.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Provenance {
    /// The kind of evidence.
    pub source: Source,
    /// The line it stands on, from one; none for a name.
    pub line_number: Option<u32>,
    /// The text that was read as a date.
    pub text: String,
}

/// The kinds of evidence for a date, the strongest first.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The entry's own heading, or a property below it.
    EntryHeading,
    /// The header of a jrnl entry.
    JrnlHeader,
    /// The date that a bullet begins with, or a property of it.
    Bullet,
    /// A heading above the entry.
    EnclosingHeading,
    /// The name of the file.
    FileName,
    /// The name of a folder.
    Folder,
    /// A key of the front matter.
    FrontMatter,
    /// The entry's own heading, with the year of the headings beside it.
    Neighbour,
    /// The day the note first came into its git history.
    History,
    /// The time at which its file was last changed.
    ModifiedTime,
}

/// Something wrong with a note that could be read all the same.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Warning {
    /// The line, from one; none when it is about the whole note.
    pub line_number: Option<u32>,
    /// A lowercase fragment.
    pub reason: String,
}

/// Why a note could not be read at all.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Skip {
    /// The line, from one, where one is to blame.
    pub line_number: Option<u32>,
    /// A lowercase fragment.
    pub reason: String,
    /// Whether the note itself asks for it (`twin: false`, a template): no fault, never reported
    /// as one.
    pub intended: bool,
}

/// The unit of retrieval: consecutive lines of one entry.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Chunk {
    /// Which entry of the note, from zero.
    pub entry_index: usize,
    /// The title of the note and the headings above it, outermost first.
    pub breadcrumb: Vec<String>,
    /// The text, as it stands in the note.
    pub text: String,
    /// Its lines.
    pub lines: Lines,
    /// Its bytes in the note's text.
    pub bytes: Range<usize>,
    /// The language it is most likely written in.
    pub language: Language,
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::EntryHeading => "heading",
            Self::JrnlHeader => "jrnl header",
            Self::Bullet => "bullet",
            Self::EnclosingHeading => "heading above",
            Self::FileName => "file name",
            Self::Folder => "folder",
            Self::FrontMatter => "front matter",
            Self::Neighbour => "heading with the year of its neighbours",
            Self::History => "git history",
            Self::ModifiedTime => "modified time",
        })
    }
}

impl fmt::Display for Lines {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            write!(formatter, "{}", self.first)
        } else {
            write!(formatter, "{}-{}", self.first, self.last)
        }
    }
}

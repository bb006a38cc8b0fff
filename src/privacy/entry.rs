//! An entry, as far as the rules of privacy look at it.

/// An entry of a note, by what the rules know it by.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The name of the logbook folder.
    pub root: &'a str,
    /// The note's path below it.
    pub path: &'a str,
    /// The entry's tags, lowercase.
    pub tags: &'a [String],
}

//! Where the sources of an answer are, as links that a terminal can follow.

use std::{collections::BTreeMap, path::Path};

use crate::ask::Citation;

/// The address of each source, by its place as it is shown.
#[derive(Clone, Debug, Default)]
pub struct Links(BTreeMap<String, String>);

impl Links {
    /// The links of these citations; `file` gives where the note of one is.
    #[must_use]
    pub fn new<File: AsRef<Path>>(
        citations: &[Citation],
        file: &dyn Fn(&Citation) -> Option<File>,
    ) -> Self {
        let link = |citation| Some((place(citation), address(file(citation)?.as_ref())));
        Self(citations.iter().filter_map(link).collect())
    }

    /// The address of a place.
    pub(super) fn of(&self, place: &str) -> Option<&str> {
        self.0.get(place).map(String::as_str)
    }

    /// A text that links to an address, as OSC 8 has it.
    pub(super) fn wrapped(url: &str, text: &str) -> String {
        format!("\u{1b}]8;;{url}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\")
    }
}

/// Where a citation stands: `path:line`.
pub(super) fn place(citation: &Citation) -> String {
    format!("{}:{}", citation.path, citation.lines.first)
}

/// The address of a file, every byte of it that might end a link or mean something else encoded.
fn address(file: &Path) -> String {
    let mut address = "file://".to_owned();
    for byte in file.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                address.push(char::from(*byte));
            }
            _ => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FAULTS 126.
    #[test]
    fn an_address_has_nothing_that_ends_it() {
        let check = |file: &str, expected: &str| assert_eq!(address(Path::new(file)), expected);
        check("/h/notes/2022-05-14.md", "file:///h/notes/2022-05-14.md");
        check("/h/été #1\u{1b}\\.md", "file:///h/%C3%A9t%C3%A9%20%231%1B%5C.md");
    }

    #[test]
    fn without_colour_a_link_is_its_text() {
        let linked = Links::wrapped("file:///h/a.md", "a.md:1");
        assert_eq!(anstream::adapter::strip_str(&linked).to_string(), "a.md:1");
    }
}

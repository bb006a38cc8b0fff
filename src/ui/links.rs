//! Where the sources of an answer are, as links that a terminal can follow.

use std::{collections::BTreeMap, path::Path};

use crate::ask::Citation;

/// The address of each source, by its place as it is shown and by its number.
#[derive(Clone, Debug, Default)]
pub struct Links {
    places: BTreeMap<String, String>,
    numbers: BTreeMap<usize, String>,
}

impl Links {
    /// The links of these citations, with `{path}` and `{line}` of the address replaced; `file`
    /// gives where the note of one is.
    #[must_use]
    pub fn new<File: AsRef<Path>>(
        citations: &[Citation],
        link: &str,
        file: &dyn Fn(&Citation) -> Option<File>,
    ) -> Self {
        let mut links = Self::default();
        for citation in citations {
            if let Some(file) = file(citation) {
                let address = address(link, file.as_ref(), citation.lines.first);
                links.places.insert(citation.place(), address.clone());
                links.numbers.insert(citation.number, address);
            }
        }
        links
    }

    /// The address of a place.
    pub(super) fn of(&self, place: &str) -> Option<&str> {
        self.places.get(place).map(String::as_str)
    }

    /// The address of what is cited by a number.
    pub(super) fn of_citation(&self, number: usize) -> Option<&str> {
        self.numbers.get(&number).map(String::as_str)
    }

    /// A text that links to an address, as OSC 8 has it.
    pub(super) fn wrapped(url: &str, text: &str) -> String {
        format!("\u{1b}]8;;{url}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\")
    }
}

/// The address of a line of a file, every byte of the path that might end a link or mean something
/// else encoded; so is `/` in what is asked behind a `?`.
fn address(link: &str, file: &Path, line_number: u32) -> String {
    let mut address = String::new();
    let mut rest = link;
    while let Some((before, after)) = rest.split_once("{path}") {
        address.push_str(before);
        let is_asked = address.contains('?');
        address.push_str(&encoded(file, is_asked));
        rest = after;
    }
    address.push_str(rest);
    address.replace("{line}", &line_number.to_string())
}

fn encoded(file: &Path, slashes: bool) -> String {
    let mut encoded = String::new();
    for byte in file.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' if slashes => encoded.push_str("%2F"),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(*byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fault 126: escapes of a terminal are shown escaped.
    #[test]
    fn an_address_has_nothing_that_ends_it() {
        let check = |file: &str, expected: &str| {
            assert_eq!(address("file://{path}", Path::new(file), 7), expected);
        };
        check("/h/notes/2022-05-14.md", "file:///h/notes/2022-05-14.md");
        check("/h/été #1\u{1b}\\.md", "file:///h/%C3%A9t%C3%A9%20%231%1B%5C.md");
    }

    #[test]
    fn an_address_has_the_path_and_the_line_where_it_wants_them() {
        let check = |link: &str, expected: &str| {
            assert_eq!(address(link, Path::new("/h/a {line}.md"), 7), expected);
        };
        check("vscode://file{path}:{line}", "vscode://file/h/a%20%7Bline%7D.md:7");
        check("obsidian://open?path={path}", "obsidian://open?path=%2Fh%2Fa%20%7Bline%7D.md");
    }

    #[test]
    fn without_colour_a_link_is_its_text() {
        let linked = Links::wrapped("file:///h/a.md", "a.md:1");
        assert_eq!(anstream::adapter::strip_str(&linked).to_string(), "a.md:1");
    }
}

//! The headings, the list items and the tags of a note, found in one pass of the markdown parser.
//!
//! Only headings and lists that stand by themselves count: what is quoted or nested is content.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{Heading, lines::LineIndex};

const TAG_BYTES_MAX: usize = 100;

/// What structures the body of a note.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// The headings, in order.
    pub(super) headings: Vec<Heading>,
    /// The items of lists that are not nested, in order.
    pub(super) items: Vec<Range<usize>>,
    /// The blocks of code, in order.
    pub(super) code: Vec<Range<usize>>,
    /// The tags, lowercase, each with its byte, in order.
    pub(super) tags: Vec<(usize, String)>,
    /// The properties below headings that may date them, in order.
    pub(super) properties: Vec<Property>,
}

/// A property of a heading.
#[derive(Debug)]
pub(super) struct Property {
    /// The heading, from zero.
    pub(super) heading_index: usize,
    /// The line that it stands on, from one.
    pub(super) line_number: u32,
    /// Its value.
    pub(super) value: String,
}

/// Reads the outline of the text from a byte on.
pub(super) fn read(text: &str, start: usize, lines: &LineIndex) -> Outline {
    // The parser does not take a lone `\r` for the end of a line everywhere.
    let replaced = with_line_feeds(text);
    let text = replaced.as_deref().unwrap_or(text);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_WIKILINKS;
    let mut outline = Outline::default();
    let mut depth = 0_usize;
    let mut is_code = false;
    let mut heading: Option<Heading> = None;
    for (event, bytes) in Parser::new_ext(&text[start..], options).into_offset_iter() {
        let bytes = bytes.start + start..bytes.end + start;
        match event {
            Event::Start(Tag::Heading { level, .. }) if depth == 0 => {
                let line_number = lines.line_number(bytes.start);
                heading =
                    Some(Heading { level: level as u8, text: String::new(), line_number, bytes });
            }
            Event::End(TagEnd::Heading(_)) => {
                outline.headings.extend(heading.take().map(|mut heading| {
                    heading.text.truncate(heading.text.trim_end().len());
                    heading
                }));
            }
            Event::Start(Tag::CodeBlock(_)) => {
                is_code = true;
                outline.code.push(bytes);
            }
            Event::End(TagEnd::CodeBlock) => is_code = false,
            Event::Start(Tag::Item) => {
                if depth == 1 {
                    outline.items.push(bytes);
                }
                depth += 1;
            }
            // A quote is two deep, so that the items of a list in it are nested ones.
            Event::Start(Tag::BlockQuote(_)) => depth += 2,
            Event::End(TagEnd::BlockQuote(_)) => depth -= 2,
            Event::Start(Tag::List(_)) => depth += 1,
            Event::End(TagEnd::List(_) | TagEnd::Item) => depth -= 1,
            Event::Text(content) => {
                if !is_code {
                    find_tags(text, &bytes, &mut outline.tags);
                }
                if let Some(heading) = &mut heading {
                    heading.text.push_str(&content);
                }
            }
            Event::Code(content) => {
                if let Some(heading) = &mut heading {
                    heading.text.push_str(&content);
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                if let Some(heading) = &mut heading {
                    heading.text.push(' ');
                }
            }
            _ => {}
        }
    }
    outline
}

/// The text with each lone `\r` as `\n`, so that no byte moves; none when there is no lone `\r`.
fn with_line_feeds(text: &str) -> Option<String> {
    let is_lone = |at: usize| text.as_bytes().get(at + 1) != Some(&b'\n');
    text.match_indices('\r').any(|(at, _)| is_lone(at)).then(|| {
        text.char_indices()
            .map(|(at, character)| if character == '\r' && is_lone(at) { '\n' } else { character })
            .collect()
    })
}

/// Finds `#tags`: a mark after a space or an opening, then a letter.
fn find_tags(text: &str, bytes: &Range<usize>, tags: &mut Vec<(usize, String)>) {
    for (offset, _) in text[bytes.clone()].match_indices('#') {
        let at = bytes.start + offset;
        let before = text[..at].chars().next_back();
        let opens = before.is_none_or(|before| {
            before.is_whitespace()
                || matches!(before, '(' | '{' | ',' | ';' | '"' | '\'' | '«' | '“')
        });
        let rest = &text[at + 1..];
        if !opens || !rest.starts_with(char::is_alphabetic) {
            continue;
        }
        let end = rest.find(|character| !is_tag_character(character)).unwrap_or(rest.len());
        let tag = rest[..end].trim_end_matches(['-', '/', '_']).to_lowercase();
        if tag.len() <= TAG_BYTES_MAX {
            tags.push((at, tag));
        }
    }
}

fn is_tag_character(character: char) -> bool {
    character.is_alphanumeric()
        || matches!(character, '_' | '-' | '/')
        || ('\u{300}'..='\u{36f}').contains(&character)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(text: &str) -> Outline {
        read(text, 0, &LineIndex::new(text))
    }

    fn check_headings(text: &str, expected: &[(u8, u32, &str)]) {
        let outline = outline(text);
        let headings: Vec<_> = outline
            .headings
            .iter()
            .map(|heading| (heading.level, heading.line_number, heading.text.as_str()))
            .collect();
        assert_eq!(headings, expected, "{text:?}");
    }

    #[test]
    fn headings_have_their_text_without_marks() {
        check_headings(
            "# A *b* `c`\n\nText\n====\n\n## [[2022-03-14]] {#id}\n",
            &[(1, 1, "A b c"), (1, 3, "Text"), (2, 6, "2022-03-14")],
        );
    }

    #[test]
    fn headings_end_with_a_lone_cr_too() {
        check_headings("# A\r\rtext\r## B\r", &[(1, 1, "A"), (2, 4, "B")]);
        check_headings("# A\r\n\r\ntext\r\n## B", &[(1, 1, "A"), (2, 4, "B")]);
    }

    #[test]
    fn what_is_code_or_quoted_is_no_heading() {
        check_headings("```\n# a\n```\n\n    # b\n\n> # c\n\n- # d\n", &[]);
    }

    /// Fault 25: a fence that nothing closes.
    #[test]
    fn an_unclosed_fence_reaches_to_the_end() {
        check_headings("# A\n\n```rust\n# b\n\n# c\n", &[(1, 1, "A")]);
    }

    #[test]
    fn tags_are_found_outside_of_code_and_links() {
        let text = "# A #Été\n\n#rust, (#post-gres) a#b #1 `#c` https://d.org/#e\n\n```\n#f\n```\n\n- #g_h_i/j\n#[k] # l";
        let tags: Vec<_> = outline(text).tags.into_iter().map(|(_, tag)| tag).collect();
        assert_eq!(tags, ["été", "rust", "post-gres", "g_h_i/j"]);
    }

    #[test]
    fn only_items_of_outer_lists_are_items() {
        let text = "- a\n  - b\n\n1. c\n\n> - d\n";
        let items: Vec<_> =
            outline(text).items.into_iter().map(|item| text[item].to_owned()).collect();
        assert_eq!(items, ["- a\n  - b\n\n", "1. c\n\n"]);
    }
}

//! Unicode tag characters: invisible, and read by models all the same.

/// The text without the characters of the block U+E0000 to U+E007F.
#[must_use]
pub(crate) fn removed(text: &str) -> String {
    text.chars().filter(|character| !is_tag(*character)).collect()
}

fn is_tag(character: char) -> bool {
    ('\u{e0000}'..='\u{e007f}').contains(&character)
}

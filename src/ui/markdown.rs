//! Markdown on a terminal: headings and bold, nothing more.

use anstyle::{Effects, Style};

const BOLD: Style = Style::new().effects(Effects::BOLD);

/// Markdown with `**bold**` and headings styled; the marks stay where nothing is styled.
#[must_use]
pub(super) fn styled(markdown: &str) -> String {
    let mut styled = String::with_capacity(markdown.len());
    for (line_index, line) in markdown.split('\n').enumerate() {
        if line_index > 0 {
            styled.push('\n');
        }
        let heading = line.trim_start_matches('#');
        if heading.len() < line.len() && heading.starts_with(' ') {
            styled.push_str(&format!("{BOLD}{}{BOLD:#}", heading.trim_start()));
        } else {
            styled.push_str(&bold(line));
        }
    }
    styled
}

fn bold(line: &str) -> String {
    let parts: Vec<&str> = line.split("**").collect();
    if parts.len().is_multiple_of(2) {
        return line.to_owned();
    }
    let mut styled = String::with_capacity(line.len());
    for (place, part) in parts.iter().enumerate() {
        if place % 2 == 1 {
            styled.push_str(&format!("{BOLD}{part}{BOLD:#}"));
        } else {
            styled.push_str(part);
        }
    }
    styled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bold_and_headings_are_styled() {
        assert_eq!(styled("a **b** c"), format!("a {BOLD}b{BOLD:#} c"));
        assert_eq!(styled("## b"), format!("{BOLD}b{BOLD:#}"));
        assert_eq!(styled("2 ** 3"), "2 ** 3");
        assert_eq!(styled("#tag"), "#tag");
    }
}

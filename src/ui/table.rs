//! Tables of figures, for a terminal and as markdown.

/// A table: its first column is words, the others are figures.
pub(super) struct Table {
    /// The heads of the columns, with the widths that they have on a terminal.
    columns: Vec<(String, usize)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    pub(super) fn new(columns: Vec<(String, usize)>) -> Self {
        Self { columns, rows: Vec::new() }
    }

    /// Adds a row; cells that it lacks are empty.
    pub(super) fn add(&mut self, row: Vec<String>) {
        self.rows.push(row);
    }

    /// As lines of aligned columns.
    pub(super) fn text(&self) -> String {
        let heads = self.columns.iter().map(|(head, _)| head.clone()).collect();
        let mut text = String::new();
        for row in std::iter::once(&heads).chain(&self.rows) {
            let mut line = String::new();
            for (place, (cell, (_, width))) in row.iter().zip(&self.columns).enumerate() {
                match place {
                    0 => line.push_str(&format!("{cell:<width$}")),
                    _ => line.push_str(&format!("{cell:>width$}")),
                }
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// As a table of markdown.
    pub(super) fn markdown(&self) -> String {
        let heads: Vec<&str> = self.columns.iter().map(|(head, _)| head.as_str()).collect();
        let mut page =
            format!("| {} |\n|---|{}\n", heads.join(" | "), "--:|".repeat(heads.len() - 1));
        for row in &self.rows {
            let cells = (0..heads.len()).map(|place| {
                row.get(place).map(|cell| cell.trim().replace('|', "\\|")).unwrap_or_default()
            });
            page.push_str(&format!("| {} |\n", cells.collect::<Vec<_>>().join(" | ")));
        }
        page
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_aligned_on_a_terminal_and_piped_in_markdown() {
        let mut table = Table::new(vec![("kind".to_owned(), 6), ("n".to_owned(), 4)]);
        table.add(vec!["a|b".to_owned(), "12".to_owned()]);
        table.add(vec!["none".to_owned()]);
        assert_eq!(table.text(), "kind     n\na|b     12\nnone\n");
        assert_eq!(table.markdown(), "| kind | n |\n|---|--:|\n| a\\|b | 12 |\n| none |  |\n");
    }
}

//! What an evaluation measured, and how two settings compare, for a terminal and as markdown.

use super::{escape::shown, table::Table};
use crate::eval::{Abstention, BUDGETS, Change, Comparison, Contrast, Row, Scores, TOLD_AT};

/// The width of the names of categories on a terminal.
const NAME_WIDTH: usize = 22;

/// The scores of an evaluation, for a terminal.
#[must_use]
pub fn scores_text(scores: &Scores) -> String {
    format!("{}{}", scores_table(scores).text(), rest(scores).concat())
}

/// The scores of an evaluation, as a page of markdown.
#[must_use]
pub fn scores_markdown(scores: &Scores) -> String {
    format!("# Recall\n\n{}\n- {}", scores_table(scores).markdown(), rest(scores).join("- "))
}

/// How the changed settings compare, for a terminal; and where they are wanted, so many of the
/// questions that changed.
#[must_use]
pub fn comparison_text(comparison: &Comparison, listed: Option<usize>) -> String {
    let settings = shown(&comparison.settings);
    let table = comparison_table(comparison).text();
    let mut text = format!("with {settings}\n\n{table}{}", abstention(comparison, ""));
    let Some(listed) = listed else { return text };
    let (told, changes) = listed_changes(comparison, listed);
    text.push_str(&format!("\n{told}\n"));
    for Change { id, question, recall, .. } in changes {
        let (id, question) = (shown(id), shown(question));
        text.push_str(&format!(
            "{:>6.1} → {:>5.1}  {id}  {question}\n",
            recall.before, recall.after
        ));
    }
    text
}

/// The same as a part of a page of markdown.
#[must_use]
pub fn comparison_markdown(comparison: &Comparison, listed: Option<usize>) -> String {
    let settings = shown(&comparison.settings);
    let table = comparison_table(comparison).markdown();
    let mut page = format!("## With `{settings}`\n\n{table}\n{}", abstention(comparison, "- "));
    let Some(listed) = listed else { return page };
    let (told, changes) = listed_changes(comparison, listed);
    page.push_str(&format!("\n{told}\n"));
    if changes.is_empty() {
        return page;
    }
    let heads = ["question", "before", "after"];
    let mut table = Table::new(heads.map(|head| (head.to_owned(), 0)).to_vec());
    for Change { id, question, recall, .. } in changes {
        let shares = [recall.before, recall.after].map(|share| format!("{share:.1}"));
        let question = format!("{}: {}", shown(id), shown(question));
        table.add([vec![question], shares.to_vec()].concat());
    }
    page.push_str(&format!("\n{}", table.markdown()));
    page
}

/// What is said of the questions that changed, and so many of them.
fn listed_changes(comparison: &Comparison, listed: usize) -> (String, &[Change]) {
    let changes = &comparison.changes;
    let first = &changes[..listed.min(changes.len())];
    let told = match changes.len() {
        0 => format!("no question changed its recall at {TOLD_AT} words"),
        1 => format!("1 question changed its recall at {TOLD_AT} words"),
        count if count == first.len() => {
            format!("{count} questions changed their recall at {TOLD_AT} words")
        }
        count => format!(
            "{count} questions changed their recall at {TOLD_AT} words; the {} that did most",
            first.len()
        ),
    };
    (told, first)
}

/// What was said not to be there, a line for each of the settings when that differs.
fn abstention(comparison: &Comparison, begins: &str) -> String {
    let [before, after] = [comparison.abstention.before, comparison.abstention.after].map(absent);
    if before == after {
        return format!("{begins}said not to be there, with both: {before}\n");
    }
    format!("{begins}said not to be there: {before}\n{begins}the same with the change: {after}\n")
}

fn absent(abstention: Abstention) -> String {
    format!(
        "{} of {} unanswerable, {} of {} answerable",
        abstention.rightly, abstention.unanswerable, abstention.wrongly, abstention.answerable
    )
}

/// What is told of an evaluation below its table, a line each.
fn rest(scores: &Scores) -> [String; 2] {
    [
        format!("said not to be there: {}\n", absent(scores.abstention)),
        format!("median time of a question: {:.1} ms\n", scores.latency_ms),
    ]
}

/// A table with a column for the recall at each budget and one more.
fn table(last: &str, last_width: usize) -> Table {
    let mut columns = vec![("recall, % at words".to_owned(), NAME_WIDTH), ("n".to_owned(), 5)];
    columns.extend(BUDGETS.iter().map(|budget| (budget.to_string(), 7)));
    columns.push(("all".to_owned(), 7));
    columns.push((last.to_owned(), last_width));
    Table::new(columns)
}

fn scores_table(scores: &Scores) -> Table {
    let mut table = table("outside", 9);
    for (category, row) in &scores.categories {
        table.add(score_row(category, row));
    }
    table.add(score_row("ALL", &scores.all));
    table
}

fn score_row(category: &str, row: &Row) -> Vec<String> {
    let mut cells = vec![shown(category), row.questions.to_string()];
    cells.extend(row.recall.iter().map(|share| format!("{share:.1}")));
    cells.push(format!("{:.1}", row.coverage));
    cells.extend(row.contamination.map(|share| format!("{share:.1}")));
    cells
}

fn comparison_table(comparison: &Comparison) -> Table {
    let mut table = table("ms", 8);
    for (category, contrast) in &comparison.categories {
        add_contrast(&mut table, category, contrast);
    }
    add_contrast(&mut table, "ALL", &comparison.all);
    table
}

/// The rows of a category: its recall without the change and with it, and what lies between.
fn add_contrast(table: &mut Table, category: &str, contrast: &Contrast) {
    let recall = &contrast.recall;
    let mut add = |name: &str, questions: String, cells: Vec<String>, latency: Option<f64>| {
        let mut row = vec![name.to_owned(), questions];
        row.extend(cells);
        row.extend(latency.map(|latency| format!("{latency:.1}")));
        table.add(row);
    };
    let shares = |share: &dyn Fn(usize) -> f64| -> Vec<String> {
        (0..recall.len()).map(|place| format!("{:.1}", share(place))).collect()
    };
    let points = |share: &dyn Fn(usize) -> f64| -> Vec<String> {
        (0..recall.len()).map(|place| signed(share(place))).collect()
    };
    let counts = |count: &dyn Fn(usize) -> usize| -> Vec<String> {
        (0..recall.len()).map(|place| count(place).to_string()).collect()
    };
    let latency = contrast.latency_ms;
    let name = shown(category);
    let questions = contrast.questions.to_string();
    add(&name, questions, shares(&|place| recall[place].recall.before), Some(latency.before));
    add(
        "  with the change",
        String::new(),
        shares(&|place| recall[place].recall.after),
        Some(latency.after),
    );
    add("  difference", String::new(), points(&|place| recall[place].difference), None);
    add("  95%: from", String::new(), points(&|place| recall[place].low), None);
    add("  95%: to", String::new(), points(&|place| recall[place].high), None);
    add("  questions better", String::new(), counts(&|place| recall[place].better), None);
    add("  questions worse", String::new(), counts(&|place| recall[place].worse), None);
}

/// Points with their sign; what rounds to nothing has none.
fn signed(points: f64) -> String {
    let text = format!("{points:+.1}");
    if text == "+0.0" || text == "-0.0" { "0.0".to_owned() } else { text }
}

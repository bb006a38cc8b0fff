//! `twin ask --batch`: the questions of a file, answered one after the other.
//!
//! The index and the models are opened once for all of them; with a language model, which takes its
//! time, for each one anew, so that others can ask meanwhile. What becomes of one question changes
//! nothing for the others, but for those that follow on it.

use std::{fs, io::Read as _, path::Path};

use serde::Serialize;

use super::{
    ask::{self, Asked, Asking},
    cli::AskArgs,
    workspace::{Services, Workspace, json},
};
use crate::{
    error::{Context as _, Error, Exit, Result},
    plan::Plan,
    ui,
};

/// A question of a batch.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Question {
    text: String,
    line_number: usize,
    follows: bool,
}

/// What became of a question, on one line of JSON.
#[derive(Serialize)]
struct Told<'a> {
    question: &'a str,
    line: usize,
    exit: u8,
    #[serde(flatten)]
    asked: Option<&'a Asked>,
    error: Option<&'a Error>,
}

/// Runs the command: 0 when every question was answered, if only with a "no", 3 when some failed.
pub(super) fn run(workspace: &Workspace, file: &Path, arguments: &AskArgs) -> Result<Exit> {
    let questions = questions(&text(file)?);
    if questions.is_empty() {
        let place = if is_stdin(file) { "standard input".into() } else { file.to_string_lossy() };
        return Err(Error::usage(format!("no question in {place}"))
            .hint("write one question a line; lines that begin with # are comments"));
    }
    let in_json = (arguments.jsonl || workspace.json).then(|| workspace.in_json());
    let workspace = in_json.as_ref().unwrap_or(workspace);
    // A model that can't be asked is no matter of any one question.
    let has_model = workspace.chat(&arguments.answer)?.is_some();
    let services = ask::opened(workspace, &arguments.answer)?;
    let services = (!has_model || arguments.answer.dry_run).then_some(services);
    let mut before: Option<Result<Plan, Exit>> = None;
    let mut failed = 0;
    for question in &questions {
        let asked = answer(workspace, services.as_ref(), question, before.as_ref(), arguments);
        let exit = tell(workspace, question, &asked)?;
        failed += usize::from(!matches!(exit, Exit::Done | Exit::Nothing));
        before = Some(asked.map(|asked| asked.plan).map_err(|error| error.exit()));
    }
    if failed == 0 {
        return Ok(Exit::Done);
    }
    workspace.terminal.warn(&format!("failed questions: {failed} of {}", questions.len()));
    Ok(Exit::Partial)
}

fn is_stdin(file: &Path) -> bool {
    file == Path::new("-")
}

/// The text of a file of questions; `-` is standard input.
fn text(file: &Path) -> Result<String> {
    if !is_stdin(file) {
        return fs::read_to_string(file).map_err(|error| {
            Error::usage(format!("can't read {}", file.display())).caused_by(error)
        });
    }
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .context(|| "can't read the questions from standard input".to_owned())?;
    Ok(text)
}

/// The questions of a text, one a line; blank lines and those that begin with `#` are none.
fn questions(text: &str) -> Vec<Question> {
    let text = text.trim_start_matches('\u{feff}');
    let question = |(index, line): (usize, &str)| {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return None;
        }
        let own = line.strip_prefix("> ").map(str::trim);
        Some(Question {
            text: own.unwrap_or(line).to_owned(),
            line_number: index + 1,
            follows: own.is_some(),
        })
    };
    text.lines().enumerate().filter_map(question).collect()
}

fn answer(
    workspace: &Workspace,
    services: Option<&Services>,
    question: &Question,
    before: Option<&Result<Plan, Exit>>,
    arguments: &AskArgs,
) -> Result<Asked> {
    if !workspace.json {
        let gap = if before.is_some() { "\n" } else { "" };
        workspace.terminal.print(&ui::shown(&format!("{gap}## {}\n\n", question.text)))?;
    }
    if !ask::has_words(&question.text) {
        return Err(ask::no_words());
    }
    let before = match before.filter(|_| question.follows) {
        Some(Ok(plan)) => Some(plan),
        Some(Err(exit)) => {
            return Err(Error::new(*exit, "the question that this one follows on failed"));
        }
        None if question.follows => {
            return Err(Error::usage("there is no question that this one follows on")
                .hint("leave out the > before the first question"));
        }
        None => None,
    };
    let asking = Asking {
        question: &question.text,
        before,
        period: arguments.period.clone(),
        answer: arguments.answer.clone(),
        explain: arguments.explain,
        is_last: false,
    };
    ask::answer(workspace, services, &asking)
}

/// Prints what became of a question, as far as it was not printed as it came.
///
/// # Errors
/// When nothing more is to be asked: the user interrupts, or nobody reads on.
fn tell(workspace: &Workspace, question: &Question, asked: &Result<Asked>) -> Result<Exit> {
    let (exit, error) = match asked {
        Ok(asked) => (asked.exit(), None),
        Err(error) if matches!(error.exit(), Exit::Interrupted | Exit::Done) => {
            return Err(Error::new(error.exit(), error.to_string()));
        }
        Err(error) => (error.exit(), Some(error)),
    };
    if workspace.json {
        let told = Told {
            question: &question.text,
            line: question.line_number,
            exit: exit as u8,
            asked: asked.as_ref().ok(),
            error,
        };
        let line = json("logtwin/answer/1", &told)?;
        workspace.terminal.print(&format!("{line}\n"))?;
    } else if let Some(error) = error {
        workspace.terminal.error(error);
    } else if let Ok(asked) = asked {
        asked.finish(workspace)?;
    }
    Ok(exit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(usize, &str, bool)]) {
        let read = questions(text);
        let read: Vec<_> =
            read.iter().map(|it| (it.line_number, it.text.as_str(), it.follows)).collect();
        assert_eq!(read, expected, "{text:?}");
    }

    #[test]
    fn a_line_is_a_question_unless_it_is_blank_or_a_comment() {
        check("what?\r\n\n  # why\n  when? \n", &[(1, "what?", false), (4, "when?", false)]);
        check("\u{feff}# only this\n", &[]);
        check(
            "what?\n> and in 2023?\n>no\n",
            &[(1, "what?", false), (2, "and in 2023?", true), (3, ">no", false)],
        );
    }
}

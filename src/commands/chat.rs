//! `twin chat`: question after question, each taken on from the one before.
//!
//! On a terminal lines are edited; from anywhere else they are read as they are. A line that begins
//! with `/` is a command in either case.

use std::{
    fs::File,
    io::{BufRead as _, IsTerminal as _, Stdin, Write as _},
    path::{Path, PathBuf},
};

use super::{
    ask::{self, Asked, Asking},
    cli::{ChatArgs, PeriodArgs},
    sessions::{self, LAST, last_plan, remember},
    slash::{self, Slash},
    workspace::Workspace,
};
use crate::{
    ask::{Answer, Citation, Passage},
    error::{Context as _, Error, Exit, Result},
    index::State,
    plan::Plan,
    ui::{self, Editor},
};

/// The file of what was typed, in the folder of logtwin's data.
pub(super) const HISTORY: &str = "chat-history";

/// Runs the command.
pub(super) fn run(workspace: &Workspace, arguments: &ChatArgs) -> Result<Exit> {
    // A model that can't be asked is no matter of any one question.
    drop(workspace.chat(&arguments.answer)?);
    let mut talk = Talk::begun(workspace, arguments)?;
    let mut lines = Lines::open(workspace)?;
    if matches!(lines, Lines::Edited(_)) {
        workspace.terminal.note("Ask; `/help` lists what else can be typed, Ctrl-D ends.");
    }
    while let Some(line) = lines.next(&talk.prompt())? {
        match talk.take(line.trim(), matches!(lines, Lines::Edited(_))) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) if error.exit() == Exit::Done => return Err(error),
            Err(error) => workspace.terminal.error(&error),
        }
    }
    Ok(Exit::Done)
}

/// Where lines come from.
enum Lines {
    /// A terminal.
    Edited(Box<Editor>),
    /// Anything else.
    Plain(Stdin),
}

impl Lines {
    fn open(workspace: &Workspace) -> Result<Self> {
        let stdin = std::io::stdin();
        if !stdin.is_terminal() || !workspace.terminal.is_terminal() {
            return Ok(Self::Plain(stdin));
        }
        let history = workspace.settings.paths.data.join(HISTORY);
        Ok(Self::Edited(Box::new(Editor::new(history, slash::names())?)))
    }

    /// The next line; none at the end.
    fn next(&mut self, prompt: &str) -> Result<Option<String>> {
        match self {
            Self::Edited(editor) => editor.read(prompt),
            Self::Plain(stdin) => {
                let mut line = String::new();
                let read = stdin
                    .lock()
                    .read_line(&mut line)
                    .context(|| "can't read from standard input".to_owned())?;
                Ok((read > 0).then_some(line))
            }
        }
    }
}

/// A conversation that is under way.
struct Talk<'a> {
    workspace: &'a Workspace,
    arguments: &'a ChatArgs,
    state: State,
    session: &'a str,
    period: PeriodArgs,
    before: Option<Plan>,
    last: Option<Asked>,
    /// The files that this conversation was saved to; they may be written again.
    saved: Vec<PathBuf>,
}

impl<'a> Talk<'a> {
    /// One that goes on with what was said before, where that is wanted.
    fn begun(workspace: &'a Workspace, arguments: &'a ChatArgs) -> Result<Self> {
        let state = workspace.state()?;
        let session = arguments.session.as_deref().unwrap_or(LAST);
        let goes_on = arguments.follow || arguments.session.is_some();
        let before = if goes_on { last_plan(&state, session)? } else { None };
        let period = arguments.period.clone();
        let (last, saved) = (None, Vec::new());
        Ok(Self { workspace, arguments, state, session, period, before, last, saved })
    }

    /// What stands before a line that is to be typed: the time that is asked about, if one is set.
    fn prompt(&self) -> String {
        match time(&self.period) {
            Some(time) => format!("\n{time} > "),
            None => "\n> ".to_owned(),
        }
    }

    /// Takes a line, and says whether another is wanted.
    fn take(&mut self, line: &str, is_typed: bool) -> Result<bool> {
        match Slash::read(line) {
            Some(command) => self.obey(command?),
            None if !ask::has_words(line) => Ok(true),
            None => self.ask(line, is_typed).map(|()| true),
        }
    }

    fn ask(&mut self, question: &str, is_typed: bool) -> Result<()> {
        if self.before.is_some() && !is_typed && !self.workspace.json {
            self.workspace.terminal.print("\n")?;
        }
        let asking = Asking {
            question,
            before: self.before.as_ref(),
            period: self.period.clone(),
            answer: self.arguments.answer.clone(),
            explain: false,
            is_last: false,
        };
        let asked = ask::answer(self.workspace, None, &asking)?;
        asked.finish(self.workspace)?;
        let begins = self.before.is_none();
        remember(self.workspace, &mut self.state, self.session, &asked, begins)?;
        self.before = Some(asked.plan.clone());
        self.last = Some(asked);
        Ok(())
    }

    fn obey(&mut self, command: Slash) -> Result<bool> {
        match command {
            Slash::Help => self.workspace.terminal.note(slash::help().trim_end()),
            Slash::Explain => ask::explain_again(self.workspace, self.last()?),
            Slash::Sources => self.sources()?,
            Slash::Save(file) => self.save(&file)?,
            Slash::Quit => return Ok(false),
            Slash::Year(year) => {
                (self.period.from, self.period.to, self.period.on) = (None, None, None);
                self.period.year = year;
                self.tell_time();
            }
            Slash::From(day) => {
                self.only_range();
                self.period.from = Some(day);
                self.tell_time();
            }
            Slash::To(day) => {
                self.only_range();
                self.period.to = Some(day);
                self.tell_time();
            }
            Slash::Clear => {
                let PeriodArgs { tag, path, .. } = std::mem::take(&mut self.period);
                self.period = PeriodArgs { tag, path, ..PeriodArgs::default() };
                self.tell_time();
            }
        }
        Ok(true)
    }

    /// Leaves of the time that is set what a first or a last day can stand beside.
    fn only_range(&mut self) {
        self.period.year.clear();
        self.period.on = None;
    }

    fn tell_time(&self) {
        let time = time(&self.period).unwrap_or_else(|| "any time".to_owned());
        self.workspace.terminal.note(&format!("asking about {time}"));
    }

    fn last(&self) -> Result<&Asked> {
        self.last.as_ref().ok_or_else(|| Error::usage("nothing was asked yet"))
    }

    /// Shows the passages that the last answer cites.
    fn sources(&self) -> Result<()> {
        let Some(answer) = &self.last()?.answer else { return Ok(()) };
        let cited: Vec<(&Citation, &Passage)> = cited(answer);
        if self.workspace.json {
            let passages: Vec<_> = cited
                .iter()
                .map(|(citation, passage)| serde_json::json!({ "number": citation.number, "passage": passage }))
                .collect();
            let value = serde_json::json!({ "sources": passages });
            return self.workspace.print_json("logtwin/sources/1", &value);
        }
        if cited.is_empty() {
            self.workspace.terminal.note("the last answer cites nothing");
        }
        for (citation, passage) in cited {
            let block = ui::passage_block(passage, false);
            self.workspace.terminal.print(&format!("[{}] {block}", citation.number))?;
        }
        Ok(())
    }

    /// Writes the conversation to a new file, or once more to one that it was written to.
    fn save(&mut self, file: &Path) -> Result<()> {
        if self.before.is_none() {
            return Err(Error::usage("nothing was asked yet"));
        }
        let page = sessions::markdown(&self.state.turns(self.session)?)?;
        let place = file.display();
        let is_ours = self.saved.iter().any(|saved| saved == file);
        let opened = if is_ours { File::create(file) } else { File::create_new(file) };
        let mut opened = opened.map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => {
                Error::usage(format!("{place} is there already")).hint("name a new file")
            }
            _ => Error::failed(format!("can't write {place}")).caused_by(error),
        })?;
        opened.write_all(page.as_bytes()).context(|| format!("can't write {place}"))?;
        self.saved.push(file.to_owned());
        self.workspace.terminal.note(&format!("saved to {place}"));
        Ok(())
    }
}

/// The time that flags and commands set, in short.
fn time(period: &PeriodArgs) -> Option<String> {
    if let Some(day) = period.on {
        return Some(day.to_string());
    }
    if !period.year.is_empty() {
        return Some(period.year.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "));
    }
    if period.from.is_none() && period.to.is_none() {
        return None;
    }
    let end = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    Some(format!("{}..{}", end(period.from), end(period.to)))
}

/// The citations of an answer with the passages that they stand in.
fn cited(answer: &Answer) -> Vec<(&Citation, &Passage)> {
    let is_of = |citation: &Citation, passage: &Passage| {
        (&citation.root, &citation.path) == (&passage.root, &passage.path)
            && citation.lines.first <= passage.lines.last
            && citation.lines.last >= passage.lines.first
    };
    let passage = |citation| answer.passages.iter().find(|passage| is_of(citation, passage));
    answer.citations.iter().filter_map(|citation| Some((citation, passage(citation)?))).collect()
}

//! Recaps against a small index in memory and a scripted model.

mod compare;
mod withheld;

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use jiff::civil::date;
use uuid::Uuid;

use super::cost::tokens_of;
use super::{
    Cost, Gathered, Gathering, Prices, Progress, Recap, RecapSettings, Recapping, Wanted, gather,
    json, markdown, preview, recap,
};
use crate::{
    ask::{Filters, MadeBy, PromptSettings, Retriever, Tuning, check},
    error::{Error, Exit, Result},
    index::{EntryRecord, NoteRecord, NoteState, State, TermReader, Vocabulary},
    logbook::{Language, Lines, Precision, Source, Span, Weekdays},
    privacy::{Guard, GuardedChat},
    services::{
        Chat, ChatRequest, Completion, ContextOverflow, Filter, Index, Payload, PayloadLines,
        Point, Search, Tokens,
    },
};

/// Points in a list; a search finds nothing.
struct Listed(Vec<Payload>);

impl Index for Listed {
    fn upsert(&mut self, _: &[Point]) -> Result<()> {
        Ok(())
    }

    fn delete(&mut self, _: &[Uuid]) -> Result<()> {
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }

    fn compact(&mut self) -> Result<()> {
        Ok(())
    }

    fn search(&self, _: &Search) -> Result<Vec<(Uuid, f32)>> {
        Ok(Vec::new())
    }

    fn payloads(&self, _: &[Uuid]) -> Result<Vec<(Uuid, Payload)>> {
        Ok(Vec::new())
    }

    fn points(&self, _: &[Uuid]) -> Result<Vec<Point>> {
        Ok(Vec::new())
    }

    fn ids(&self) -> Result<Vec<Uuid>> {
        Ok(Vec::new())
    }

    fn scroll(&self, filter: &Filter) -> Result<Vec<(Uuid, Payload)>> {
        let is_within = |payload: &&Payload| {
            payload
                .span()
                .is_some_and(|span| filter.spans.iter().any(|other| span.overlaps(*other)))
        };
        Ok(self.0.iter().filter(is_within).map(|payload| (Uuid::nil(), payload.clone())).collect())
    }

    fn count(&self, filter: &Filter) -> Result<u64> {
        Ok(self.scroll(filter)?.len() as u64)
    }
}

/// Cites the first passage of each request, and a passage that there is not.
#[derive(Default)]
struct Noting {
    calls: AtomicUsize,
    /// The tokens of what it was asked.
    read: AtomicUsize,
    /// All that it was asked.
    heard: Mutex<String>,
    is_remote: bool,
    fails_from: Option<usize>,
    reads_max: Option<usize>,
}

impl Chat for &Noting {
    fn model(&self) -> &'static str {
        "noting"
    }

    fn host(&self) -> &'static str {
        "localhost"
    }

    fn is_remote(&self) -> bool {
        self.is_remote
    }

    fn complete(&self, request: &ChatRequest, on_text: &mut dyn FnMut(&str)) -> Result<Completion> {
        let message = &request.messages[0].content;
        if self.reads_max.is_some_and(|most| message.len() > most) {
            let cause = ContextOverflow { says: "too long".to_owned() };
            return Err(Error::failed("too long").caused_by(cause));
        }
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        self.read.fetch_add(tokens_of(request), Ordering::SeqCst);
        self.heard.lock().unwrap().push_str(message);
        if self.fails_from.is_some_and(|from| call >= from) {
            return Err(Error::new(Exit::Unreachable, "no connection"));
        }
        let numbers: Vec<&str> = message
            .lines()
            .filter_map(|line| line.strip_prefix('[')?.split_once(']').map(|(number, _)| number))
            .collect();
        let text = if numbers.is_empty() {
            let cited = check(message, &|number| number < 900).numbers;
            let cited: Vec<String> = cited.iter().map(ToString::to_string).collect();
            format!("1. **All of it.** It was noted [{}].", cited.join(", "))
        } else {
            format!("- Something was noted that day [{}]. More of it [999].", numbers.join(", "))
        };
        on_text(&text);
        Ok(Completion { text, cut_off: false, tokens: Some(Tokens { input: 10, output: 2 }) })
    }
}

/// A logbook of one entry a week from 3 January 2022 on, but for August.
struct Logbook {
    _folder: tempfile::TempDir,
    state: State,
    index: Listed,
    guard: Arc<Guard>,
}

impl Logbook {
    fn new(words: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut state = State::create(&folder.path().join("state.db")).unwrap();
        let days: Vec<_> = (0..60)
            .map(|week| date(2022, 1, 3) + jiff::Span::new().days(week * 7))
            .filter(|day| day.month() != 8)
            .collect();
        let mut payloads = Vec::new();
        let mut notes = Vec::new();
        for day in days {
            let payload = payload(day, words);
            notes.push(note(&payload));
            payloads.push(payload);
        }
        let mut undated = note(&payloads[0]);
        undated.0.path = "undated.md".to_owned();
        undated.1.entries[0].path = "undated.md".to_owned();
        undated.1.entries[0].span = None;
        notes.push(undated);
        state.commit(&notes, &[]).unwrap();
        Self { _folder: folder, state, index: Listed(payloads), guard: Arc::default() }
    }

    fn told(&self, chat: Option<&Noting>, context_tokens: usize) -> Recap {
        self.try_told(chat, context_tokens, "2022").unwrap()
    }

    fn try_told(&self, chat: Option<&Noting>, context_tokens: usize, year: &str) -> Result<Recap> {
        let wanted = wanted(year);
        let mut seen = Vec::new();
        let outcome = self.with(chat, context_tokens, &mut |recapping| {
            let gathered = self.gathered(&wanted)?;
            recap(&wanted, gathered, recapping, &mut |progress| seen.push(progress), &mut |_| {})
        });
        assert!(seen.iter().all(|Progress { done, total }| done <= total));
        outcome
    }

    fn gathered(&self, wanted: &Wanted) -> Result<Gathered> {
        let entries = self.state.entries()?;
        let committed = self.state.committed()?;
        let retriever = Retriever {
            index: &self.index,
            entries: &entries,
            committed: &committed,
            chunks: 100,
            embedder: None,
            vocabulary: &Vocabulary::default(),
            rerank: None,
            reader: TermReader::default(),
            tuning: Tuning::default(),
        };
        gather(
            wanted,
            &Gathering {
                retriever: &retriever,
                state: &self.state,
                filters: &Filters::default(),
                current: &|passage| Some(passage.text.clone()),
            },
        )
    }

    fn with<T>(
        &self,
        chat: Option<&Noting>,
        context_tokens: usize,
        run: &mut dyn FnMut(&Recapping<'_>) -> Result<T>,
    ) -> Result<T> {
        let prompt =
            PromptSettings { context_tokens, answer_tokens: 200, ..PromptSettings::default() };
        let chat = chat.map(|chat| GuardedChat::new(Box::new(chat), Arc::clone(&self.guard)));
        run(&Recapping {
            state: &self.state,
            chat: chat.as_ref(),
            current: &|passage| Some(passage.text.clone()),
            settings: &RecapSettings { prompt, concurrency: 3 },
        })
    }
}

fn wanted(year: &str) -> Wanted {
    let period = Span::year(year.parse().unwrap()).unwrap();
    Wanted {
        period,
        weekdays: Weekdays::default(),
        days: Vec::new(),
        about: None,
        language: Language::English,
    }
}

fn payload(day: jiff::civil::Date, words: usize) -> Payload {
    let span = Span::day(day).unwrap();
    Payload {
        text: format!(
            "On this day we measured the queue again. {}",
            "So it went. ".repeat(words / 3)
        ),
        breadcrumb: vec![day.to_string()],
        root: "notes".to_owned(),
        path: format!("{day}.md"),
        version: "1".to_owned(),
        entry: 0,
        chunk: 0,
        title: day.to_string(),
        lines: PayloadLines { first: 1, last: 1 },
        entry_lines: Lines { first: 1, last: 1 },
        span_start: Some(span.start_number()),
        span_end: Some(span.end_number()),
        weekday: None,
        precision: Some(Precision::Day),
        provenance: Some(Source::FileName),
        tags: Vec::new(),
        mentions: Vec::new(),
        language: Language::English,
    }
}

fn note(payload: &Payload) -> (NoteRecord, NoteState) {
    let record = NoteRecord {
        root: payload.root.clone(),
        path: payload.path.clone(),
        size: 1,
        modified: 0,
        version: payload.version.clone(),
    };
    let entry = EntryRecord {
        root: payload.root.clone(),
        path: payload.path.clone(),
        ordinal: 0,
        title: payload.title.clone(),
        lines: payload.entry_lines,
        span: payload.span(),
        precision: payload.precision,
        source: payload.provenance,
        tags: Vec::new(),
    };
    (record, NoteState { entries: vec![entry], ..NoteState::default() })
}

#[test]
fn a_period_that_fits_is_told_in_one_call_and_kept() {
    let logbook = Logbook::new(20);
    let chat = Noting::default();
    let recap = logbook.told(Some(&chat), 32_000);
    assert_eq!((recap.coverage.calls, recap.coverage.cached_calls), (1, 0));
    assert!(recap.coverage.is_complete(), "{:?}", recap.coverage);
    assert_eq!(recap.citations.len(), recap.coverage.entries_read);
    assert_eq!(recap.foreign, ["999"]);
    let again = logbook.told(Some(&chat), 32_000);
    assert_eq!((again.coverage.calls, again.coverage.cached_calls), (0, 1));
    assert_eq!(again.text, recap.text);
}

#[test]
fn every_entry_of_the_period_is_read_and_none_outside() {
    let logbook = Logbook::new(20);
    let recap = logbook.told(None, 8_000);
    let coverage = &recap.coverage;
    let within = logbook.index.0.iter().filter(|payload| payload.path.starts_with("2022")).count();
    assert_eq!((coverage.entries_in_period, coverage.entries_read), (within, within));
    let empty: Vec<String> = coverage.empty_months.iter().map(ToString::to_string).collect();
    assert_eq!((empty, coverage.undated), (vec!["2022-08".to_owned()], 1));
    assert_eq!((recap.made_by.clone(), recap.exit()), (MadeBy::Extract, Exit::Done));
}

#[test]
fn a_long_period_is_read_by_months_and_every_passage_is_cited_under_its_own_number() {
    let logbook = Logbook::new(200);
    let chat = Noting::default();
    let recap = logbook.told(Some(&chat), 4_000);
    assert_eq!(recap.coverage.calls, 12, "eleven months and the account");
    let numbers: Vec<usize> = recap.citations.iter().map(|citation| citation.number).collect();
    assert_eq!(numbers, (1..=recap.coverage.entries_read).collect::<Vec<_>>());
    assert_eq!(recap.citations[4].path, "2022-01-31.md");
    assert_eq!(recap.coverage.tokens, Tokens { input: 120, output: 24 });
}

#[test]
fn parts_that_are_too_large_are_read_in_smaller_ones_and_put_together_in_tiers() {
    let logbook = Logbook::new(900);
    let recap = logbook.told(Some(&Noting::default()), 1_600);
    assert!(recap.failure.is_none(), "{:?}", recap.failure);
    assert!(recap.coverage.calls > 50, "{:?}", recap.coverage);
    assert_eq!(recap.citations.len(), recap.coverage.entries_read);
}

#[test]
fn a_model_that_fails_midway_leaves_the_extract_and_is_not_asked_twice_for_what_it_said() {
    let logbook = Logbook::new(200);
    let failing = Noting { fails_from: Some(5), ..Noting::default() };
    let recap = logbook.told(Some(&failing), 4_000);
    assert_eq!((recap.made_by.clone(), recap.exit()), (MadeBy::Extract, Exit::Unreachable));
    let again = logbook.told(Some(&Noting::default()), 4_000);
    assert_eq!((again.coverage.cached_calls, again.coverage.calls), (5, 7));
}

/// Fault 112: a prompt that is too long is made shorter, and that is said.
#[test]
fn a_model_that_reads_less_than_the_settings_say_is_given_smaller_parts() {
    let logbook = Logbook::new(200);
    let chat = Noting { reads_max: Some(9_000), ..Noting::default() };
    let recap = logbook.told(Some(&chat), 16_000);
    assert!(recap.failure.is_none(), "{:?}", recap.failure);
    assert_eq!(recap.citations.len(), recap.coverage.entries_read);
}

#[test]
fn a_context_that_is_too_small_is_refused_and_the_extract_stands() {
    let recap = Logbook::new(20).told(Some(&Noting::default()), 300);
    assert_eq!((recap.made_by.clone(), recap.exit()), (MadeBy::Extract, Exit::Usage));
}

#[test]
fn an_entry_without_text_in_the_index_is_named() {
    let mut logbook = Logbook::new(20);
    logbook.index.0.remove(3);
    let recap = logbook.told(None, 8_000);
    assert_eq!(recap.coverage.skipped[0].place, "2022-01-24.md:1");
    assert_eq!((recap.coverage.is_complete(), recap.exit()), (false, Exit::Partial));
}

#[test]
fn a_period_without_entries_is_told_as_one() {
    let chat = Noting::default();
    let recap = Logbook::new(20).try_told(Some(&chat), 8_000, "2031").unwrap();
    assert_eq!((recap.exit(), chat.calls.load(Ordering::SeqCst)), (Exit::Nothing, 0));
}

#[test]
fn a_preview_shows_what_would_be_sent_and_sends_nothing() {
    let logbook = Logbook::new(200);
    let chat = Noting::default();
    let shown = logbook
        .with(Some(&chat), 4_000, &mut |recapping| {
            let wanted = wanted("2022");
            preview(&wanted, &logbook.gathered(&wanted)?, recapping, recapping.chat.unwrap())
        })
        .unwrap();
    assert_eq!((shown.requests.len(), shown.cached, shown.is_in_parts), (11, 0, true));
    assert_eq!(chat.calls.load(Ordering::SeqCst), 0);
}

/// What a recap of 2022 would cost.
fn cost(logbook: &Logbook, context_tokens: usize) -> Cost {
    let chat = Noting::default();
    let shown = logbook.with(Some(&chat), context_tokens, &mut |recapping| {
        let wanted = wanted("2022");
        preview(&wanted, &logbook.gathered(&wanted)?, recapping, recapping.chat.unwrap())
    });
    assert_eq!(chat.calls.load(Ordering::SeqCst), 0);
    shown.unwrap().cost
}

#[test]
fn what_a_recap_would_cost_is_no_less_than_what_it_costs() {
    for (words, context_tokens) in [(20, 32_000), (200, 4_000), (900, 1_600)] {
        let logbook = Logbook::new(words);
        let before = cost(&logbook, context_tokens);
        let chat = Noting::default();
        let recap = logbook.told(Some(&chat), context_tokens);
        assert!(before.calls >= recap.coverage.calls, "{before:?} {:?}", recap.coverage);
        let read = chat.read.load(Ordering::SeqCst) as u64;
        assert!(before.tokens.input >= read, "{before:?}, but {read} were read");
        assert_eq!(before.tokens.output, 200 * before.calls as u64);
        let after = cost(&logbook, context_tokens);
        let calls = recap.coverage.calls;
        assert_eq!(after, Cost { cached_calls: calls, ..Cost::default() });
    }
}

#[test]
fn only_the_calls_that_are_missing_cost_anything() {
    let logbook = Logbook::new(200);
    logbook.told(Some(&Noting { fails_from: Some(5), ..Noting::default() }), 4_000);
    let cost = cost(&logbook, 4_000);
    assert_eq!((cost.cached_calls, cost.calls), (5, 7));
}

#[test]
fn a_price_is_that_of_a_million_tokens() {
    let tokens = Tokens { input: 2_000_000, output: 500_000 };
    let prices = Prices { input_per_million: 0.25, output_per_million: 2.0 };
    assert_eq!(prices.of(tokens), Some(1.5));
    assert_eq!(Prices::default().of(tokens), None);
}

#[test]
fn a_recap_without_a_new_call_is_the_same_as_the_one_before() {
    let logbook = Logbook::new(200);
    let pages =
        [(); 2].map(|()| markdown(&logbook.told(Some(&Noting::default()), 4_000).settled()));
    assert_eq!(pages[0], pages[1]);
    assert!(pages[0].ends_with("- 12 calls to the model, made before\n"), "{}", pages[0]);
}

#[test]
fn a_recap_is_rendered_with_its_proof() {
    let recap = Logbook::new(20).told(Some(&Noting::default()), 32_000);
    let page = markdown(&recap);
    assert!(page.starts_with("# 2022\n\n- Something"), "{page}");
    assert!(page.contains("- [1] 2022-01-03 · `2022-01-03.md:1`"), "{page}");
    assert!(page.contains("- nothing was written in August 2022"), "{page}");
    let value: serde_json::Value = serde_json::from_str(&json(&recap).unwrap()).unwrap();
    assert_eq!(value["schema"], "logtwin/recap/1");
    assert_eq!(value["coverage"]["entries_read"], value["coverage"]["entries_in_period"]);
    assert_eq!(value["complete"], true);
}

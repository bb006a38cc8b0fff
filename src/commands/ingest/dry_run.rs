//! `twin ingest --dry-run`: what would be done, and the very text that would be sent, and where to.

use serde::Serialize;

use super::{IngestArgs, read, roots};
use crate::{
    commands::{
        indexes::IndexPlace,
        price::{in_words, prices_of_embedding},
        wiring,
        workspace::Workspace,
    },
    error::{Context as _, Exit, Result},
    index::State,
    ingest::{DryRun, Endpoint, Report, UnsentText},
    logbook::place,
    services::{Destination, Payload, Tokens},
    ui,
};

/// What would be sent.
#[derive(Debug, Default, Serialize)]
pub(in crate::commands) struct WouldSend {
    /// To be embedded, where an endpoint does that.
    would_embed: Option<WouldEmbed>,
    /// To be stored, where another machine does that.
    would_store: Option<WouldStore>,
}

#[derive(Debug, Serialize)]
struct WouldEmbed {
    to: String,
    #[serde(skip)]
    is_remote: bool,
    tokens: usize,
    price_max: Option<f64>,
    texts: Vec<UnsentText>,
    words: Vec<String>,
}

#[derive(Debug, Serialize)]
struct WouldStore {
    to: String,
    chunks: Vec<Payload>,
}

impl WouldSend {
    /// Whether nothing of the notes would leave this process.
    pub(in crate::commands) fn is_nothing(&self) -> bool {
        self.would_embed.is_none() && self.would_store.is_none()
    }
}

/// Looks at what would be done; nothing is written, and nothing is sent.
pub(in crate::commands) fn run(
    workspace: &Workspace,
    arguments: &IngestArgs,
) -> Result<(Report, WouldSend)> {
    let mut state = workspace.state().or_else(|error| match error.exit() {
        Exit::NoIndex => State::in_memory(),
        _ => Err(error),
    })?;
    let roots = roots(workspace, &arguments.folders, Some(&state))?;
    let place = IndexPlace { build: state.build()?, dimension: None };
    if arguments.rebuild {
        state.begin_beside()?;
    }
    let embedding = wiring::embedding_endpoint(&workspace.settings)?;
    let index_host = workspace.remote_index()?;
    let dry_run = DryRun {
        endpoint: embedding.as_ref().map(|endpoint| Endpoint {
            identity: &endpoint.identity,
            prefix: &endpoint.prefix,
            at: Destination { host: Some(&endpoint.host), is_remote: endpoint.is_remote },
        }),
        shows_stored: index_host.is_some(),
    };
    let mut report = read(workspace, arguments, &roots, (None, place), Some(dry_run), &mut state)?;
    let unsent = std::mem::take(&mut report.unsent);
    let would_embed = embedding.map(|endpoint| WouldEmbed {
        to: endpoint.place(),
        is_remote: endpoint.is_remote,
        tokens: unsent.tokens,
        price_max: prices_of_embedding(workspace).of(tokens(unsent.tokens)),
        texts: unsent.to_embed,
        words: unsent.words,
    });
    let would_store = index_host.map(|to| WouldStore { to, chunks: unsent.to_store });
    Ok((report, WouldSend { would_embed, would_store }))
}

fn tokens(input: usize) -> Tokens {
    Tokens { input: input as u64, output: 0 }
}

/// Says where what would be sent goes, and prints all of it.
pub(in crate::commands) fn tell(workspace: &Workspace, would_send: &WouldSend) -> Result<()> {
    let terminal = workspace.terminal;
    if let Some(embed) = &would_send.would_embed {
        let price = format!(", {}", in_words(prices_of_embedding(workspace), tokens(embed.tokens)));
        let is_priced = embed.price_max.is_some() || embed.is_remote;
        let words = match embed.words.len() {
            0 => String::new(),
            count => format!(" and {}, each by itself", ui::counted(count, "word")),
        };
        terminal.note(&format!(
            "{}{words}, {} tokens{}, would be sent to {}, to be embedded",
            ui::counted(embed.texts.len(), "text"),
            embed.tokens,
            if is_priced { price } else { String::new() },
            embed.to
        ));
        for UnsentText { place, text } in &embed.texts {
            print(workspace, place, text)?;
        }
        if !embed.words.is_empty() {
            print(workspace, "words", &embed.words.join("\n"))?;
        }
    }
    if let Some(store) = &would_send.would_store {
        let (count, host) = (ui::counted(store.chunks.len(), "chunk"), &store.to);
        terminal.note(&format!("{count} would be sent to {host}, another machine, to be stored"));
        for chunk in &store.chunks {
            let place = format!("{}, to be stored", place(&chunk.path, chunk.lines.first));
            let text = serde_json::to_string_pretty(chunk).context(|| place.clone())?;
            print(workspace, &place, &text)?;
        }
    }
    Ok(())
}

/// Prints a text that would be sent, under where it is from.
pub(in crate::commands) fn print(workspace: &Workspace, place: &str, text: &str) -> Result<()> {
    workspace.terminal.print(&ui::shown(&format!("\n===== {place}\n\n{}\n", text.trim_end())))
}

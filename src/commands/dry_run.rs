//! `--dry-run` of a question: the very text that would be sent, and where to; nothing is sent.

use super::{
    ask::{Asking, destination, is_expanded, is_reworded, rewording},
    notes::Notes,
    price::{in_words, prices},
    reranking,
    sizes::settings_for,
    wiring,
    workspace::Workspace,
};
use crate::{
    ask::{Expansion, Prompt, Retrieved, Sending, answer_prompt, known, needs_model, widened},
    error::{Exit, Result},
    index::TermReader,
    plan::Plan,
    privacy::GuardedChat,
    services::{ChatRequest, Tokens},
    ui,
};

/// What would be sent.
struct Sent {
    /// What the model is asked of the question before anything else.
    first: Vec<ChatRequest>,
    /// Where the question would be embedded, where that is an endpoint.
    embedded_by: Option<String>,
    /// The prompt; none where the answer needs no model.
    prompt: Option<Prompt>,
    /// What it may take.
    tokens: Tokens,
}

/// Shows what would be sent, and where to.
pub(super) fn dry_run(
    workspace: &Workspace,
    plan: &Plan,
    (retrieved, notes): (&Retrieved, &Notes),
    chat: Option<&GuardedChat<'_>>,
    asking: &Asking<'_>,
) -> Result<()> {
    let sent = sent(workspace, plan, (retrieved, notes), chat, asking)?;
    let withheld = workspace.kept();
    if !workspace.json {
        return tell(workspace, &sent, chat);
    }
    let prompt = sent.prompt.as_ref();
    workspace.print_json(
        "logtwin/dry-run/1",
        &serde_json::json!({
            "plan": plan,
            "to": chat.map(destination).filter(|_| prompt.is_some() || !sent.first.is_empty()),
            "embedded_by": sent.embedded_by,
            "reranked_by": reranking::destination(&workspace.settings)?,
            "first": sent.first,
            "tokens": prompt.map_or(0, |prompt| prompt.tokens),
            "price_max": prices(workspace).of(sent.tokens).filter(|_| chat.is_some()),
            "left_out": prompt.map_or(0, |prompt| prompt.left_out),
            "request": prompt.map(|prompt| &prompt.request),
            "withheld": withheld,
        }),
    )
}

fn sent(
    workspace: &Workspace,
    plan: &Plan,
    (retrieved, notes): (&Retrieved, &Notes),
    chat: Option<&GuardedChat<'_>>,
    asking: &Asking<'_>,
) -> Result<Sent> {
    let as_sent =
        |request| chat.map_or_else(|| ChatRequest::clone(&request), |it| it.as_sent(&request));
    let mut first = Vec::new();
    if chat.is_some() && is_reworded(workspace, plan, asking) {
        first.push(as_sent(rewording(workspace, plan, asking.before).request()));
    }
    if chat.is_some() && is_expanded(workspace, plan) {
        first.push(as_sent(Expansion { plan }.request()));
    }
    let current = |passage: &_| notes.text(passage);
    let passages = widened(&retrieved.passages, &current);
    let sending = match chat {
        Some(chat) => Sending::to(chat, passages),
        None => Sending::to_nobody(passages),
    };
    let mut tokens = Tokens::default();
    let is_asked = needs_model(retrieved, plan, &current) && !sending.is_all_refused();
    let prompt = is_asked.then(|| {
        let exact = known(retrieved, plan, &TermReader::default());
        let settings = settings_for(workspace, chat);
        let prompt = answer_prompt(plan, exact.as_ref(), &sending, &settings);
        tokens.input = prompt.tokens as u64;
        tokens.output = u64::from(prompt.request.tokens_max);
        Prompt { request: as_sent(prompt.request), ..prompt }
    });
    let embedded_by = embedded_by(workspace, plan)?;
    Ok(Sent { first, embedded_by, prompt, tokens })
}

/// What a search would send: its words, to the endpoints that embed them or put passages in order.
pub(super) fn search(workspace: &Workspace, plan: &Plan) -> Result<Exit> {
    let embedded_by = embedded_by(workspace, plan)?;
    if workspace.json {
        let reranked_by = reranking::destination(&workspace.settings)?;
        let value = serde_json::json!({
            "plan": plan, "embedded_by": embedded_by, "reranked_by": reranked_by,
        });
        workspace.print_json("logtwin/search-dry-run/1", &value)?;
        return Ok(Exit::Done);
    }
    let is_some_named = tell_endpoints(workspace, embedded_by.as_deref())?;
    workspace.terminal.note(&format!("{} would be sent", nothing(is_some_named)));
    if is_some_named {
        workspace.terminal.print(&ui::shown(&format!("{}\n", plan.resolved)))?;
    }
    Ok(Exit::Done)
}

/// Where a question would be embedded, where that is an endpoint: only a topic has a meaning that is
/// looked for.
pub(super) fn embedded_by(workspace: &Workspace, plan: &Plan) -> Result<Option<String>> {
    let endpoint = wiring::embedding_endpoint(&workspace.settings)?;
    Ok(endpoint.filter(|_| !plan.topic.is_empty()).map(|endpoint| endpoint.place()))
}

/// What is sent to any other, where some were named or not.
fn nothing(is_some_named: bool) -> &'static str {
    if is_some_named { "nothing more" } else { "nothing" }
}

/// Names the endpoints beside the language model; whether there are any.
fn tell_endpoints(workspace: &Workspace, embedded_by: Option<&str>) -> Result<bool> {
    let terminal = workspace.terminal;
    let reranking = reranking::destination(&workspace.settings)?;
    if let Some(place) = embedded_by {
        terminal.note(&format!("the question would be sent to {place}, for its meaning"));
    }
    if let Some(place) = &reranking {
        let top = workspace.config().rerank.top;
        terminal.note(&format!(
            "the question, with up to {top} passages to put in order, would be sent to {place}"
        ));
    }
    Ok(embedded_by.is_some() || reranking.is_some())
}

fn tell(workspace: &Workspace, sent: &Sent, chat: Option<&GuardedChat<'_>>) -> Result<()> {
    let terminal = workspace.terminal;
    let is_some_named = tell_endpoints(workspace, sent.embedded_by.as_deref())?;
    let nothing = nothing(is_some_named || !sent.first.is_empty());
    if !sent.first.is_empty() {
        terminal.note("before the rest, the model would be asked what is meant");
    }
    let Some(prompt) = &sent.prompt else {
        terminal.note(&format!("{nothing} would be sent: this is answered without a model"));
        return print(workspace, sent);
    };
    if sent.embedded_by.is_some() {
        terminal.note("the passages here are found by words alone");
    }
    let read = format!(
        "{} tokens, {} of {} passages",
        prompt.tokens,
        prompt.read,
        prompt.read + prompt.left_out
    );
    terminal.note(&match chat {
        Some(chat) => {
            let prices = prices(workspace);
            let is_priced = chat.destination().is_remote || prices.of(sent.tokens).is_some();
            let price = is_priced.then(|| format!(", {}", in_words(prices, sent.tokens)));
            format!("would be sent to {}: {read}{}", destination(chat), price.unwrap_or_default())
        }
        None => format!("{nothing} would be sent, since no language model is set: {read}"),
    });
    print(workspace, sent)
}

/// The texts as they would be sent.
fn print(workspace: &Workspace, sent: &Sent) -> Result<()> {
    let requests = sent.first.iter().chain(sent.prompt.iter().map(|prompt| &prompt.request));
    let texts = requests.map(|request| {
        let messages = request.messages.iter().map(|message| message.content.as_str());
        [request.system.as_str()].into_iter().chain(messages).collect::<Vec<_>>().join("\n\n")
    });
    let text = texts.collect::<Vec<_>>().join("\n\n=====\n\n");
    if text.is_empty() {
        return Ok(());
    }
    workspace.terminal.print(&ui::shown(&format!("{text}\n")))
}

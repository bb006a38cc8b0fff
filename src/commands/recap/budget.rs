//! What recaps would cost: shown by a dry run, and held against the budget before the first call.

use super::super::{
    ask,
    cli::RecapArgs,
    price::{self, money, prices},
    workspace::Workspace,
};
use crate::{
    error::{Error, Exit, Result},
    logbook::Span,
    privacy::GuardedChat,
    recap::{ComparisonPreview, Cost, Gathered, Preview, Prices, Recapping, Wanted, preview},
    services::ChatRequest,
    ui,
};

/// Shows what would be sent, where to, and what it would cost.
pub(super) fn dry_run(
    workspace: &Workspace,
    wanted: &[(Wanted, Gathered)],
    recapping: &Recapping<'_>,
) -> Result<Exit> {
    let terminal = &workspace.terminal;
    let prices = prices(workspace);
    let mut all = Cost::default();
    for (wanted, gathered) in wanted {
        let Some(chat) = recapping.chat else {
            let period = wanted.period;
            terminal.note(&format!("{period}: nothing would be sent: no language model is set"));
            continue;
        };
        let preview = preview(wanted, gathered, recapping, chat)?;
        all += preview.cost;
        show(workspace, wanted.period, chat, &preview)?;
    }
    if wanted.len() > 1 && recapping.chat.is_some() && !workspace.json {
        terminal.note(&format!("all of them: {}", in_words(all, prices)));
    }
    Ok(Exit::Done)
}

/// Shows the requests for one period.
fn show(
    workspace: &Workspace,
    period: Span,
    chat: &GuardedChat<'_>,
    preview: &Preview,
) -> Result<()> {
    let terminal = &workspace.terminal;
    let prices = prices(workspace);
    let withheld = workspace.kept();
    if workspace.json {
        let value = serde_json::json!({
            "period": period.to_string(),
            "to": ask::destination(chat),
            "tokens": preview.tokens,
            "cached_calls": preview.cached,
            "cost": preview.cost,
            "price_max": prices.of(preview.cost.tokens),
            "coverage": preview.coverage,
            "requests": preview.requests,
            "withheld": withheld,
        });
        return workspace.print_json("logtwin/recap-dry-run/1", &value);
    }
    let after = if preview.is_in_parts { ", some of them for what the parts say" } else { "" };
    let to = ask::destination(chat);
    terminal.note(&format!("{period}: {}{after}, to {to}", in_words(preview.cost, prices)));
    preview.requests.iter().try_for_each(|request| print(workspace, request))
}

/// Shows the request of a comparison.
pub(super) fn show_comparison(
    workspace: &Workspace,
    periods: &str,
    chat: &GuardedChat<'_>,
    preview: &ComparisonPreview,
) -> Result<()> {
    let prices = prices(workspace);
    let withheld = workspace.kept();
    if workspace.json {
        let value = serde_json::json!({
            "periods": periods,
            "to": ask::destination(chat),
            "cost": preview.cost,
            "price_max": prices.of(preview.cost.tokens),
            "requests": [preview.request],
            "withheld": withheld,
        });
        return workspace.print_json("logtwin/recap-dry-run/1", &value);
    }
    let to = ask::destination(chat);
    workspace.terminal.note(&format!("{periods}: {}, to {to}", in_words(preview.cost, prices)));
    print(workspace, &preview.request)
}

/// Prints the text of a request.
fn print(workspace: &Workspace, request: &ChatRequest) -> Result<()> {
    let messages = request.messages.iter().map(|message| &message.content);
    [&request.system]
        .into_iter()
        .chain(messages)
        .try_for_each(|text| workspace.terminal.print(&ui::shown(&format!("{text}\n\n"))))
}

/// Makes sure, before the first call, that the recaps cost no more than they may.
///
/// # Errors
/// With [`Exit::OverBudget`] when they may cost more and nobody says that this is fine.
pub(super) fn keep(
    workspace: &Workspace,
    arguments: &RecapArgs,
    wanted: &[(Wanted, Gathered)],
    recapping: &Recapping<'_>,
) -> Result<()> {
    let Some(chat) = recapping.chat else { return Ok(()) };
    if arguments.yes || budget(workspace, arguments) == 0.0 {
        return Ok(());
    }
    let mut cost = Cost::default();
    for (wanted, gathered) in wanted {
        cost += preview(wanted, gathered, recapping, chat)?.cost;
    }
    // Nothing was sent yet: what is kept back is said when each period is told.
    drop(workspace.guard.kept());
    hold(workspace, arguments, cost)
}

/// What may be spent unasked; 0 for no limit.
fn budget(workspace: &Workspace, arguments: &RecapArgs) -> f64 {
    arguments.budget.unwrap_or(workspace.config().recap.budget)
}

/// Holds a cost against the budget, and asks who sits there when it is higher.
///
/// # Errors
/// As [`keep`].
pub(super) fn hold(workspace: &Workspace, arguments: &RecapArgs, cost: Cost) -> Result<()> {
    let budget = budget(workspace, arguments);
    if cost.calls == 0 || budget == 0.0 || arguments.yes {
        return Ok(());
    }
    let prices = prices(workspace);
    let Some(price) = prices.of(cost.tokens) else {
        return Err(Error::usage("a budget can't be kept without the prices of the model").hint(
            "set llm.price_input_per_million and llm.price_output_per_million, or --budget 0",
        ));
    };
    if price <= budget {
        return Ok(());
    }
    let over = format!("{}, over the budget of {}", in_words(cost, prices), money(budget));
    if workspace.terminal.agrees(&format!("{over}. Go on?"))? {
        return Ok(());
    }
    Err(Error::new(Exit::OverBudget, over).hint(
        "--yes goes on, --budget sets another for this run, --dry-run shows what would be sent",
    ))
}

/// `12 calls to make, 3 made before, about 12345 tokens to read and up to 12288 to write, up to 0.25`
fn in_words(cost: Cost, prices: Prices) -> String {
    let calls = if cost.calls == 1 { "call" } else { "calls" };
    let price = price::in_words(prices, cost.tokens);
    format!(
        "{} {calls} to make, {} made before, about {} tokens to read and up to {} to write, {price}",
        cost.calls, cost.cached_calls, cost.tokens.input, cost.tokens.output
    )
}

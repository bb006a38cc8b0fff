//! What tokens cost by the settings, in words.

use super::workspace::Workspace;
use crate::{recap::Prices, services::Tokens};

/// The prices of the settings.
pub(super) fn prices(workspace: &Workspace) -> Prices {
    let llm = &workspace.config().llm;
    Prices {
        input_per_million: llm.price_input_per_million,
        output_per_million: llm.price_output_per_million,
    }
}

/// The price of what an endpoint embeds.
pub(super) fn prices_of_embedding(workspace: &Workspace) -> Prices {
    let input_per_million = workspace.config().embedding.price_per_million;
    Prices { input_per_million, output_per_million: 0.0 }
}

/// `up to 0.25`, or that it is not known.
pub(super) fn in_words(prices: Prices, tokens: Tokens) -> String {
    match prices.of(tokens) {
        Some(price) => format!("up to {}", money(price)),
        None => "price unknown".to_owned(),
    }
}

/// An amount with two digits behind the point, and more where it is small.
pub(super) fn money(amount: f64) -> String {
    if amount >= 0.095 || amount == 0.0 { format!("{amount:.2}") } else { format!("{amount:.5}") }
}

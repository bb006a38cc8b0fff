//! From settings to what puts passages in order once more.

use std::sync::Arc;

#[cfg(feature = "local-embed")]
use super::local_models as local;
#[cfg(not(feature = "local-embed"))]
use super::no_local_models as local;
use super::{privacy::online, wiring, workspace::Workspace};
use crate::{
    ask::Rerank,
    backends::rerank::{self, HttpReranker, HttpRerankerSettings},
    config::{PublishedModel, RerankApi, RerankProvider, Settings},
    error::{Error, Result},
    services::{Destination, Reranker},
    ui::Terminal,
};

/// The reranker of the settings, brought here first when it is local and not yet here; none when
/// there is none.
pub(super) fn reranker(
    settings: &Settings,
    terminal: Terminal,
) -> Result<Option<Box<dyn Reranker>>> {
    let rerank = &settings.config.rerank;
    match rerank.provider {
        RerankProvider::None => Ok(None),
        RerankProvider::Http => Ok(http(settings)?.map(|it| Box::new(it) as Box<dyn Reranker>)),
        RerankProvider::Local => {
            let model = PublishedModel::named(&rerank.model)
                .ok_or_else(|| Error::usage("rerank.model names no model that can be run here"))?;
            local::reranker(settings, &model, terminal).map(Some)
        }
    }
}

/// Makes sure that a local reranker is here; doctor fetches nothing.
pub(super) fn check(settings: &Settings) -> Result<()> {
    let rerank = &settings.config.rerank;
    match PublishedModel::named(&rerank.model) {
        Some(model) if rerank.provider == RerankProvider::Local => {
            local::check_published(settings, &model)
        }
        _ => Ok(()),
    }
}

/// The endpoint of the settings, where there is one.
fn http(settings: &Settings) -> Result<Option<HttpReranker>> {
    let rerank = &settings.config.rerank;
    let Some(url) = &rerank.url else { return Ok(None) };
    let remedy = "leave the passages as they are found: rerank.provider=none";
    online(settings, "rerank.url", remedy)?;
    let key_variable = rerank.key_variable.clone().unwrap_or_default();
    let settings = HttpRerankerSettings {
        api: match rerank.api {
            RerankApi::Cohere => rerank::RerankApi::Cohere,
            RerankApi::Tei => rerank::RerankApi::Tei,
        },
        base_url: url.clone(),
        model: rerank.model.clone(),
        key: wiring::key(settings, &key_variable),
        key_variable,
        timeout: rerank.timeout,
    };
    HttpReranker::new(settings).map(Some)
}

/// The reranker for a question, which says why when it fails.
pub(super) fn rerank(workspace: &Workspace) -> Result<Option<Rerank>> {
    let terminal = workspace.terminal;
    let reranker = reranker(&workspace.settings, terminal)?;
    let told = std::cell::Cell::new(false);
    Ok(reranker.map(|reranker| Rerank {
        reranker,
        guard: Arc::clone(&workspace.guard),
        top: workspace.config().rerank.top,
        on_failure: Box::new(move |error| {
            if !told.replace(true) {
                terminal.warn(&format!("the passages stand as they were found: {error}"));
                if let Some(remedy) = error.remedy() {
                    terminal.note(&format!("hint: {remedy}"));
                }
            }
        }),
    }))
}

/// Where passages would be sent to be put in order; none when they stay in this process.
pub(super) fn destination(settings: &Settings) -> Result<Option<String>> {
    if settings.config.rerank.provider != RerankProvider::Http {
        return Ok(None);
    }
    Ok(http(settings)?.map(|reranker| place(&reranker)))
}

/// Which model passages are sent to, and whether that is on this machine.
pub(super) fn place(reranker: &dyn Reranker) -> String {
    let Destination { host: Some(host), is_remote } = reranker.destination() else {
        return format!("{}, here", reranker.model());
    };
    super::ask::place(reranker.model(), host, is_remote)
}

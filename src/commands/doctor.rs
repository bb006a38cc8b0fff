//! `twin doctor`: each part checked, with a remedy for what is not well.

use std::fs;

use super::{
    cli::Common,
    findings::{self, Finding},
    language_model, network_disk, prompts, reranking, wiring,
    workspace::{Services, Workspace},
};
use crate::{
    ask::phrases,
    backends::chat::Listed,
    config::RerankProvider,
    error::{Error, Exit, Result},
    logbook::Language,
    privacy::{Entry, Level},
    services::{Filter, Role},
};

/// Runs the command.
pub(super) fn run(workspace: &Workspace) -> Result<Exit> {
    examine(workspace, Ok(settings(workspace)))
}

/// Runs the command although the settings can't be used, as far as the defaults go.
pub(super) fn with_broken_settings(common: &Common, broken: Error) -> Result<Exit> {
    examine(&Workspace::without_files(common)?, Err(broken))
}

fn examine(workspace: &Workspace, settings: Result<String>) -> Result<Exit> {
    let mut findings = vec![
        Finding::of("settings", settings),
        Finding::of("folder", folder(workspace)),
        Finding::of("model", model(workspace)),
        Finding::of("logbook", logbook(workspace)),
        Finding::of("index", index(workspace)),
        Finding::of("privacy", privacy(workspace)),
        Finding::of("answers", answers(workspace)),
    ];
    if workspace.config().rerank.provider != RerankProvider::None {
        findings.push(Finding::of("reranking", reranking(workspace)));
    }
    if workspace.json {
        workspace.print_json("logtwin/doctor/1", &serde_json::json!({ "findings": findings }))?;
    } else {
        findings::print(workspace, &findings)?;
    }
    Ok(findings::exit(&findings))
}

fn settings(workspace: &Workspace) -> String {
    let files = &workspace.settings.files;
    if files.is_empty() {
        return "the defaults".to_owned();
    }
    files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(", ")
}

/// Whether the folder of the index can be written to.
fn folder(workspace: &Workspace) -> Result<String> {
    network_disk::warn(workspace);
    let folder = workspace.folder();
    let attempt = folder.join("doctor.tmp");
    let written = fs::create_dir_all(&folder)
        .and_then(|()| fs::write(&attempt, b"ok"))
        .and_then(|()| fs::remove_file(&attempt));
    match written {
        Ok(()) => Ok(format!("{} can be written", folder.display())),
        Err(error) => Err(Error::failed(format!("{} can't be written", folder.display()))
            .hint("free some space, or set TWIN_HOME or XDG_DATA_HOME to a folder of yours")
            .caused_by(error)),
    }
}

fn model(workspace: &Workspace) -> Result<String> {
    wiring::check_model(&workspace.settings)?;
    let Some(embedder) = workspace.embedder()? else {
        return Ok("none: search by words alone".to_owned());
    };
    let vectors = embedder.embed(Role::Query, &["a question"])?;
    if vectors.first().is_none_or(|vector| vector.len() != embedder.dimension()) {
        return Err(Error::failed(format!("{} gives no usable vector", embedder.identity()))
            .hint("fetch it again: `twin models pull`"));
    }
    Ok(format!("{}, {} dimensions", embedder.identity(), embedder.dimension()))
}

/// Whether the folders of the logbook are there.
fn logbook(workspace: &Workspace) -> Result<String> {
    let roots = workspace.state()?.roots()?;
    for (_, path) in &roots {
        if !fs::metadata(path).is_ok_and(|metadata| metadata.is_dir()) {
            return Err(Error::failed(format!("{path} is not there"))
                .hint("mount it, or name the folder again: `twin ingest FOLDER`"));
        }
    }
    Ok(roots.into_iter().map(|(_, path)| path).collect::<Vec<_>>().join(", "))
}

/// Whether the index has the points that the state says were committed.
fn index(workspace: &Workspace) -> Result<String> {
    workspace.warn_of_server()?;
    let services = Services::open(workspace)?;
    let stored = services.index().count(&Filter::default())?;
    let committed = services.chunks();
    if stored < committed {
        return Err(Error::failed(format!(
            "{} of {committed} chunks are missing",
            committed - stored
        ))
        .hint("`twin check` tells more"));
    }
    let build = workspace.state()?.build()?;
    Ok(format!("{stored} chunks, {}", workspace.index_place(build)))
}

/// Whether the reranker scores a text; none of the notes is sent.
fn reranking(workspace: &Workspace) -> Result<String> {
    reranking::check(&workspace.settings)?;
    let Some(reranker) = reranking::reranker(&workspace.settings, workspace.terminal)? else {
        return Ok("none".to_owned());
    };
    reranker.scores("a question", &["a text"])?;
    Ok(reranking::place(&*reranker))
}

/// Which machines may get something, and what is kept back from them.
fn privacy(workspace: &Workspace) -> Result<String> {
    let privacy = &workspace.config().privacy;
    if privacy.offline {
        return Ok("offline: no connection is made".to_owned());
    }
    let hosts = wiring::remote_hosts(&workspace.settings)?;
    let rules = workspace.guard.rules();
    let entries = workspace.state().and_then(|state| state.entries()).unwrap_or_default();
    let levels: Vec<Level> = entries
        .iter()
        .map(|it| rules.level(Entry { root: &it.root, path: &it.path, tags: &it.tags }).0)
        .collect();
    let kept = [(Level::Local, "for this machine only"), (Level::Private, "for no endpoint")];
    let kept = kept.map(|(level, says)| {
        let count = levels.iter().filter(|other| **other == level).count();
        let entries = phrases::entries(Language::English, count);
        if count == 0 { String::new() } else { format!("; {entries} {says}") }
    });
    let sent = if hosts.is_empty() {
        "nothing goes to another machine".to_owned()
    } else {
        let masked = if privacy.mask_secrets { "secrets masked" } else { "secrets not masked" };
        format!("text goes to {}, {masked}", hosts.join(", "))
    };
    Ok(format!("{sent}{}", kept.concat()))
}

fn answers(workspace: &Workspace) -> Result<String> {
    prompts::install(&workspace.settings)?;
    Ok(match language_model::probe(&workspace.settings)? {
        Some((chat, listed)) => {
            let says = match listed {
                Listed::Here => "answers",
                Listed::NotHere => "answers, and does not list this model",
                Listed::Unknown => "answers, and lists no models",
            };
            format!(
                "{}, which {says}",
                super::ask::place(chat.model(), chat.host(), chat.is_remote())
            )
        }
        None => "extracts, without a language model".to_owned(),
    })
}

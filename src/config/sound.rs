//! Settings that are well formed and still make no sense, alone or together.

use super::{Config, EmbeddingModel, LanguageModel, PublishedModel, RerankProvider};

/// What is wrong with a setting.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Fault {
    /// Its section and key.
    pub(super) setting: (&'static str, &'static str),
    /// The setting that asks for more of it, where it may itself have been left as it is.
    pub(super) asked_by: Option<(&'static str, &'static str)>,
    /// What is wrong.
    pub(super) message: String,
    /// What to do.
    pub(super) hint: &'static str,
}

/// The first fault of a configuration.
pub(super) fn fault(config: &Config) -> Option<Fault> {
    sizes(config)
        .or_else(|| search(config))
        .or_else(|| endpoints(config))
        .or_else(|| prices(config))
        .or_else(|| reranking(config))
        .or_else(|| privacy(config))
}

fn unless(
    is_sound: bool,
    setting: (&'static str, &'static str),
    message: impl Into<String>,
    hint: &'static str,
) -> Option<Fault> {
    (!is_sound).then(|| Fault { setting, asked_by: None, message: message.into(), hint })
}

impl Fault {
    /// Names the setting on account of which it is one.
    fn because_of(self, setting: (&'static str, &'static str)) -> Self {
        Self { asked_by: Some(setting), ..self }
    }
}

fn sizes(config: &Config) -> Option<Fault> {
    let size = config.logbook.size_max_mib;
    let chunk = &config.chunk;
    let llm = &config.llm;
    unless(
        (1..=4_096).contains(&size),
        ("logbook", "size_max_mib"),
        format!("{size} is not from 1 to 4096"),
        "the default is 16",
    )
    .or_else(|| {
        unless(
            chunk.desired_characters > 0,
            ("chunk", "desired_characters"),
            "a chunk has at least one character",
            "the default is 160",
        )
    })
    .or_else(|| {
        unless(
            chunk.desired_characters <= chunk.max_characters,
            ("chunk", "max_characters"),
            format!(
                "{} is below chunk.desired_characters, which is {}",
                chunk.max_characters, chunk.desired_characters
            ),
            "raise the one or lower the other",
        )
        .map(|fault| fault.because_of(("chunk", "desired_characters")))
    })
    .or_else(|| {
        unless(
            llm.answer_tokens > 0 && llm.answer_tokens < llm.context_tokens,
            ("llm", "answer_tokens"),
            format!(
                "{} is not from 1 to below llm.context_tokens, which is {}",
                llm.answer_tokens, llm.context_tokens
            ),
            "the answer is taken off the context, and the passages need room too",
        )
        .map(|fault| fault.because_of(("llm", "context_tokens")))
    })
    .or_else(|| {
        unless(
            llm.map_concurrency > 0,
            ("llm", "map_concurrency"),
            "at least one part has to be asked for at a time",
            "the default is 4",
        )
    })
}

fn search(config: &Config) -> Option<Fault> {
    let search = &config.search;
    unless(
        search.dense_weight.is_finite() && search.dense_weight >= 0.0,
        ("search", "dense_weight"),
        format!("{} is no weight", search.dense_weight),
        "a weight is 0 or more; the default is 0.6",
    )
    .or_else(|| {
        unless(
            search.period_weight.is_finite() && search.period_weight >= 0.0,
            ("search", "period_weight"),
            format!("{} is no weight", search.period_weight),
            "a weight is 0 or more; the default is 0.5",
        )
    })
    .or_else(|| {
        unless(
            search.limit > 0,
            ("search", "limit"),
            "a search brings at least one chunk",
            "the default is 256",
        )
    })
    .or_else(|| {
        unless(
            (0..=3_660).contains(&search.edge_days),
            ("search", "edge_days"),
            format!("{} is not from 0 to 3660", search.edge_days),
            "the default is 7",
        )
    })
}

fn endpoints(config: &Config) -> Option<Fault> {
    let Config { embedding, qdrant, llm, .. } = config;
    let has_endpoint = embedding.model != EmbeddingModel::Http;
    address(("embedding", "url"), embedding.url.as_deref())
        .or_else(|| address(("qdrant", "url"), qdrant.url.as_deref()))
        .or_else(|| address(("llm", "url"), llm.url.as_deref()))
        .or_else(|| {
            unless(
                has_endpoint || embedding.url.is_some(),
                ("embedding", "url"),
                "model \"http\" has no endpoint",
                "set embedding.url, such as \"http://127.0.0.1:11434/v1\"",
            )
            .map(|fault| fault.because_of(("embedding", "model")))
        })
        .or_else(|| {
            unless(
                has_endpoint || embedding.name.is_some(),
                ("embedding", "name"),
                "model \"http\" has no name",
                "set embedding.name to the name that the endpoint knows the model by",
            )
            .map(|fault| fault.because_of(("embedding", "model")))
        })
        .or_else(|| {
            unless(
                is_folder_name(&qdrant.collection),
                ("qdrant", "collection"),
                format!("`{}` can't name a collection and a folder", qdrant.collection),
                "use up to 100 letters, digits, `-` and `_`",
            )
        })
        .or_else(|| local_servers(llm))
        .or_else(|| {
            unless(
                llm.temperature.is_none_or(|temperature| (0.0..=2.0).contains(&temperature)),
                ("llm", "temperature"),
                "a temperature is from 0 to 2",
                "the default is 0.2; \"auto\" leaves it to the endpoint",
            )
        })
}

fn prices(config: &Config) -> Option<Fault> {
    let Config { embedding, llm, recap, .. } = config;
    let amounts = [
        (("embedding", "price_per_million"), embedding.price_per_million),
        (("llm", "price_input_per_million"), llm.price_input_per_million),
        (("llm", "price_output_per_million"), llm.price_output_per_million),
        (("recap", "budget"), recap.budget),
    ];
    amounts.into_iter().find_map(|(setting, amount)| {
        unless(
            amount.is_finite() && amount >= 0.0,
            setting,
            format!("{amount} is no amount of money"),
            "an amount is 0 or more, in whatever currency the prices are",
        )
    })
}

/// The fault of a server that is to be found on this machine and is on another.
fn local_servers(llm: &LanguageModel) -> Option<Fault> {
    let setting = ("llm", "local_servers");
    llm.local_servers.iter().find_map(|server| {
        let host = server.strip_prefix("http://").unwrap_or_default();
        let is_here = ["127.", "localhost", "[::1]"].iter().any(|start| host.starts_with(start));
        address(setting, Some(server)).or_else(|| {
            unless(
                is_here,
                setting,
                format!("`{server}` is not on this machine"),
                "name another machine in llm.url, with its provider",
            )
        })
    })
}

fn reranking(config: &Config) -> Option<Fault> {
    let rerank = &config.rerank;
    let is_local = rerank.provider == RerankProvider::Local;
    address(("rerank", "url"), rerank.url.as_deref())
        .or_else(|| {
            unless(
                rerank.provider != RerankProvider::Http || rerank.url.is_some(),
                ("rerank", "url"),
                "provider \"http\" has no endpoint",
                "set rerank.url, such as \"http://127.0.0.1:8080/v1\"",
            )
            .map(|fault| fault.because_of(("rerank", "provider")))
        })
        .or_else(|| {
            unless(
                !is_local || PublishedModel::named(&rerank.model).is_some(),
                ("rerank", "model"),
                format!("`{}` is no model that can be run here", rerank.model),
                "name a folder, dir:PATH, or a model of the hub, hf:OWNER/NAME",
            )
            .map(|fault| fault.because_of(("rerank", "provider")))
        })
        .or_else(|| {
            unless(
                (2..=1_000).contains(&rerank.top),
                ("rerank", "top"),
                format!("{} is not from 2 to 1000", rerank.top),
                "the default is 50",
            )
        })
}

/// The fault of a rule that would hold nothing back, since paths begin below a logbook's folder.
fn privacy(config: &Config) -> Option<Fault> {
    let rules = &config.privacy;
    let paths =
        [("local_only_paths", &rules.local_only_paths), ("never_paths", &rules.never_paths)];
    paths.into_iter().find_map(|(key, paths)| {
        let outside = paths.iter().find(|path| {
            let path = path.trim();
            path.is_empty() || path.starts_with(['/', '~', '\\']) || path.starts_with("..")
        })?;
        unless(
            false,
            ("privacy", key),
            format!("`{outside}` is no path below the logbook's folder"),
            "write it as sources are shown, such as \"health/\" or \"**/letters/*.md\"",
        )
    })
}

/// The fault of an address that is none, or that has a password in it, which would be shown.
fn address(setting: (&'static str, &'static str), url: Option<&str>) -> Option<Fault> {
    let url = url?;
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
    unless(
        host.is_some_and(|host| !host.is_empty() && !url.contains(char::is_whitespace)),
        setting,
        "this is no address",
        "write it with its scheme, such as \"http://127.0.0.1:6334\"",
    )
    .or_else(|| {
        unless(
            host.is_some_and(|host| !host.contains('@')),
            setting,
            "the address holds a user or a password",
            "leave it out; keys come from environment variables",
        )
    })
}

fn is_folder_name(name: &str) -> bool {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
    (1..=100).contains(&name.len()) && name.chars().all(is_plain)
}

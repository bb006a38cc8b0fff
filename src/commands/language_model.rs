//! From settings to the language model that answers: who it is, where, and with which key.

use std::sync::Once;

use super::{privacy::online, wiring::key};
use crate::{
    backends::chat::{self, ChatModel, ChatSettings, Deadlines, Listed},
    config::{LanguageModel, Provider, Settings},
    error::{Error, Result},
    services::Chat,
    ui::Terminal,
};

/// A model that answers at an address.
struct Chosen {
    provider: chat::Provider,
    base_url: String,
    /// Its name; none for the first that the endpoint lists.
    model: Option<String>,
    /// Whether it was found on this machine, rather than named.
    is_found: bool,
}

/// What a model is wanted for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Wanted {
    /// To be asked.
    ToAnswer,
    /// To be named: an endpoint that the settings name is not asked for its list of models.
    ToName,
}

/// The language model of the settings, or the one that is found on this machine; none when there is
/// none. One that was found is named to the user, once a run.
///
/// # Errors
/// When its settings can't be used, or it is to be asked and lists no model.
pub(super) fn chat(
    settings: &Settings,
    wanted: Wanted,
    terminal: Option<Terminal>,
) -> Result<Option<Box<dyn Chat>>> {
    let Some(chosen) = chosen(settings)? else { return Ok(None) };
    let model = connected(settings, &chosen, wanted)?;
    if let Some(terminal) = terminal.filter(|_| chosen.is_found) {
        static TOLD: Once = Once::new();
        TOLD.call_once(|| terminal.note(&told(&model, chosen.provider)));
    }
    Ok(Some(Box::new(model)))
}

/// What is said of a model that was found.
fn told(model: &ChatModel, provider: chat::Provider) -> String {
    let place = super::ask::place(model.model(), model.host(), model.is_remote());
    format!("{} runs here, and answers: {place}; llm.provider=none does without", provider.name())
}

/// Asks the endpoint of the language model for nothing but a sign of life; none when there is no
/// model.
///
/// # Errors
/// When it can't be reached, or refuses the key.
pub(super) fn probe(settings: &Settings) -> Result<Option<(Box<dyn Chat>, Listed)>> {
    check_key(settings)?;
    let Some(chosen) = chosen(settings)? else { return Ok(None) };
    let model = connected(settings, &chosen, Wanted::ToAnswer)?;
    let listed = model.probe()?;
    Ok(Some((Box::new(model), listed)))
}

/// Where the settings have text sent to, where they name a place.
pub(super) fn url(settings: &Settings) -> Option<&str> {
    let llm = &settings.config.llm;
    let named = named(llm)?;
    Some(llm.url.as_deref().unwrap_or_else(|| named.base_url()))
}

/// Makes sure that there is a key where one is surely needed: at a provider's own address.
pub(super) fn check_key(settings: &Settings) -> Result<()> {
    let llm = &settings.config.llm;
    let Some(variable) = named(llm).and_then(|provider| key_variable(llm, provider)) else {
        return Ok(());
    };
    if llm.url.is_some() || key(settings, &variable).is_some() {
        return Ok(());
    }
    Err(Error::usage(format!("{variable} is not set")).hint(
        "set it to your key, keep it with `twin keys set`, name another variable in \
         llm.key_variable, or do without a model: --no-llm",
    ))
}

/// The provider that the settings name; none for nobody, and for one that is yet to be found.
fn named(llm: &LanguageModel) -> Option<chat::Provider> {
    match llm.provider {
        Provider::Auto => llm.url.as_ref().map(|_| chat::Provider::OpenAi),
        provider => known(provider),
    }
}

/// The variables of all providers that want a key.
pub(super) fn key_variables() -> impl Iterator<Item = &'static str> {
    PROVIDERS.into_iter().filter_map(key_variable_of)
}

/// The variable with the key of a provider, by its name in the settings.
pub(super) fn key_variable_of(name: &str) -> Option<&'static str> {
    known(serde_json::from_value(name.into()).ok()?)?.key_variable()
}

/// The names in the settings of the providers that want a key.
const PROVIDERS: [&str; 6] = ["anthropic", "gemini", "groq", "mistral", "openai", "openrouter"];

fn known(provider: Provider) -> Option<chat::Provider> {
    Some(match provider {
        Provider::Auto | Provider::None => return None,
        Provider::OpenAi => chat::Provider::OpenAi,
        Provider::Anthropic => chat::Provider::Anthropic,
        Provider::Ollama => chat::Provider::Ollama,
        Provider::LlamaCpp => chat::Provider::LlamaCpp,
        Provider::Vllm => chat::Provider::Vllm,
        Provider::LmStudio => chat::Provider::LmStudio,
        Provider::Mistral => chat::Provider::Mistral,
        Provider::Groq => chat::Provider::Groq,
        Provider::OpenRouter => chat::Provider::OpenRouter,
        Provider::Gemini => chat::Provider::Gemini,
    })
}

/// The variable with the key.
///
/// Without one named, a provider's own key goes to the provider's own address only, so that it
/// reaches no other endpoint by default.
fn key_variable(llm: &LanguageModel, provider: chat::Provider) -> Option<String> {
    let own = provider.key_variable().filter(|_| llm.url.is_none());
    llm.key_variable.clone().or_else(|| own.map(str::to_owned))
}

fn chosen(settings: &Settings) -> Result<Option<Chosen>> {
    let llm = &settings.config.llm;
    let model = Some(llm.model.trim()).filter(|model| !model.is_empty()).map(str::to_owned);
    if let Some(provider) = named(llm) {
        online(settings, "the model of llm.url", "answer without it: --no-llm")?;
        let base_url = llm.url.clone().unwrap_or_else(|| provider.base_url().to_owned());
        let own = provider.at(&base_url).model().map(str::to_owned);
        return Ok(Some(Chosen { provider, base_url, model: model.or(own), is_found: false }));
    }
    if llm.provider == Provider::None || settings.config.privacy.offline {
        return Ok(None);
    }
    let found = chat::find_local(&llm.local_servers);
    Ok(found.map(|server| Chosen {
        provider: server.provider,
        base_url: server.base_url,
        model: model.or_else(|| server.models.into_iter().next()),
        is_found: true,
    }))
}

fn connected(settings: &Settings, chosen: &Chosen, wanted: Wanted) -> Result<ChatModel> {
    let llm = &settings.config.llm;
    // What was found needs no key, and gets none.
    let variable = key_variable(llm, chosen.provider).filter(|_| !chosen.is_found);
    let key_variable = variable.unwrap_or_default();
    let mut wire = ChatSettings {
        provider: chosen.provider,
        base_url: chosen.base_url.clone(),
        model: chosen.model.clone().unwrap_or_default(),
        api_key: key(settings, &key_variable),
        key_variable,
        temperature: llm.temperature,
        proxy: None,
        deadlines: Deadlines {
            connect: llm.connect,
            first_token: llm.first_token,
            idle: llm.idle,
            total: llm.total,
            ..Deadlines::default()
        },
    };
    if wire.model.is_empty() && wanted == Wanted::ToAnswer {
        wire.model = ChatModel::new(wire.clone())?.first_listed()?;
    }
    ChatModel::new(wire)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{config::Environment, error::Exit};

    fn settings(variables: &[(&str, &str)], overrides: &[&str]) -> Settings {
        let home = [("TWIN_HOME", "/nowhere"), ("HOME", "/nowhere")];
        let environment: Environment = home.iter().chain(variables).copied().collect();
        let overrides: Vec<String> = overrides.iter().map(ToString::to_string).collect();
        Settings::load_without_files(environment, Path::new("/nowhere"), &overrides).unwrap()
    }

    fn place(overrides: &[&str]) -> Option<(chat::Provider, String, Option<String>)> {
        let settings = settings(&[], overrides);
        let chosen = chosen(&settings).unwrap()?;
        Some((chosen.provider.at(&chosen.base_url), chosen.base_url, chosen.model))
    }

    #[test]
    fn a_provider_alone_is_enough() {
        let check = |overrides: &[&str], provider, base_url: &str, model: Option<&str>| {
            let expected = (provider, base_url.to_owned(), model.map(str::to_owned));
            assert_eq!(place(overrides), Some(expected), "{overrides:?}");
        };
        check(
            &["llm.provider=groq"],
            chat::Provider::Groq,
            "https://api.groq.com/openai/v1",
            Some("openai/gpt-oss-120b"),
        );
        check(
            &["llm.provider=mistral", "llm.model=m"],
            chat::Provider::Mistral,
            "https://api.mistral.ai/v1",
            Some("m"),
        );
        check(&["llm.provider=vllm"], chat::Provider::Vllm, "http://127.0.0.1:8000/v1", None);
        let elsewhere = "http://192.0.2.1/v1";
        let url = format!("llm.url={elsewhere}");
        check(&[&url], chat::Provider::Compatible, elsewhere, None);
        check(&["llm.provider=openai", &url], chat::Provider::Compatible, elsewhere, None);
        check(
            &["llm.provider=ollama", &url, "llm.model=m"],
            chat::Provider::Ollama,
            elsewhere,
            Some("m"),
        );
        assert_eq!(place(&["llm.provider=none", &url]), None);
    }

    #[test]
    fn every_provider_with_a_key_is_known_by_its_name() {
        assert_eq!(key_variables().count(), PROVIDERS.len());
        assert_eq!(key_variable_of("groq"), Some("GROQ_API_KEY"));
        assert_eq!(key_variable_of("ollama"), None);
        assert_eq!(key_variable_of("nobody"), None);
    }

    #[test]
    fn a_key_goes_where_it_was_named_and_to_its_own_provider_alone() {
        let check = |overrides: &[&str], expected: Option<&str>| {
            let settings = settings(&[], overrides);
            let llm = &settings.config.llm;
            let variable = named(llm).and_then(|provider| key_variable(llm, provider));
            assert_eq!(variable.as_deref(), expected, "{overrides:?}");
        };
        check(&["llm.provider=openai"], Some("OPENAI_API_KEY"));
        check(&["llm.provider=anthropic"], Some("ANTHROPIC_API_KEY"));
        check(&["llm.provider=gemini"], Some("GEMINI_API_KEY"));
        check(&["llm.provider=ollama"], None);
        check(&["llm.provider=openai", "llm.url=http://127.0.0.1/v1"], None);
        check(&["llm.url=http://127.0.0.1/v1"], None);
        check(&["llm.url=http://h/v1", "llm.key_variable=MINE"], Some("MINE"));
        check(&[], None);
    }

    #[test]
    fn a_key_that_is_surely_needed_is_missed_before_anything_is_sent() {
        let own = ["llm.provider=anthropic", "llm.model=m"];
        let error = check_key(&settings(&[], &own)).unwrap_err();
        assert_eq!(
            (error.to_string().as_str(), error.exit()),
            ("ANTHROPIC_API_KEY is not set", Exit::Usage)
        );
        assert!(error.remedy().unwrap().contains("--no-llm"));
        assert!(check_key(&settings(&[("ANTHROPIC_API_KEY", "k")], &own)).is_ok());
        let named = [&own[..], &["llm.key_variable=MINE"]].concat();
        assert_eq!(check_key(&settings(&[], &named)).unwrap_err().to_string(), "MINE is not set");
        let elsewhere = [&own[..], &["llm.url=http://127.0.0.1:1"]].concat();
        assert!(check_key(&settings(&[], &elsewhere)).is_ok());
        assert!(check_key(&settings(&[], &[])).is_ok());
    }

    #[test]
    fn nothing_is_looked_for_offline_or_when_nobody_is_to_answer() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let here = format!("llm.local_servers=http://{}", listener.local_addr().unwrap());
        let nobody: [&[&str]; 2] = [&["llm.provider=none"], &["privacy.offline=true"]];
        for overrides in nobody {
            let settings = settings(&[], &[&[here.as_str()], overrides].concat());
            assert!(chat(&settings, Wanted::ToAnswer, None).unwrap().is_none());
            assert!(listener.accept().is_err(), "{overrides:?}");
        }
    }
}

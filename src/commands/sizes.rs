//! How much is asked of a model at once: small ones get less, and in a simpler form.

use super::workspace::Workspace;
use crate::{
    ask::{PromptSettings, Size},
    config::{LanguageModel, ModelSize, Provider},
    privacy::GuardedChat,
};

/// Who speaks when an answer speaks as the author of the notes.
const PERSONA: &str = "the author of these notes";
/// From so many billions of parameters on, a model is large.
const LARGE_BILLIONS: f64 = 15.0;
/// The context of a small model: what Ollama gives one on a small machine, unless it is told
/// otherwise; what is longer is cut without a word. Source: Ollama's documentation, *Context length*.
const SMALL_CONTEXT_TOKENS: usize = 4096;
/// The longest answer of a small model.
const SMALL_ANSWER_TOKENS: u32 = 512;

/// How the model of the settings is asked.
pub(super) fn prompt_settings(workspace: &Workspace) -> PromptSettings {
    let is_small = is_small(&workspace.config().llm, None);
    fitted(as_set(workspace), is_small)
}

/// How this model is asked; without one, what it would be asked at the most.
pub(super) fn settings_for(
    workspace: &Workspace,
    chat: Option<&GuardedChat<'_>>,
) -> PromptSettings {
    let Some(chat) = chat else { return as_set(workspace) };
    let is_small = is_small(&workspace.config().llm, Some(chat.model()));
    let settings = fitted(as_set(workspace), is_small);
    PromptSettings { takes_schema: chat.takes_schema(), ..settings }
}

fn as_set(workspace: &Workspace) -> PromptSettings {
    let config = workspace.config();
    PromptSettings {
        context_tokens: usize::try_from(config.llm.context_tokens).unwrap_or(usize::MAX),
        answer_tokens: config.llm.answer_tokens,
        persona: config.answer.persona.then(|| PERSONA.to_owned()),
        ..PromptSettings::default()
    }
}

fn fitted(settings: PromptSettings, is_small: bool) -> PromptSettings {
    if !is_small {
        return settings;
    }
    PromptSettings {
        context_tokens: settings.context_tokens.min(SMALL_CONTEXT_TOKENS),
        answer_tokens: settings.answer_tokens.min(SMALL_ANSWER_TOKENS),
        size: Size::Small,
        ..settings
    }
}

/// Whether a model is small: as is set, by the number in its name, or since it was found here.
fn is_small(llm: &LanguageModel, model: Option<&str>) -> bool {
    let is_found = llm.provider == Provider::Auto && llm.url.is_none();
    match llm.size {
        Some(size) => size == ModelSize::Small,
        None => {
            billions(model.unwrap_or(&llm.model)).map_or(is_found, |size| size < LARGE_BILLIONS)
        }
    }
}

/// The billions of parameters that a model's name tells: `qwen3:4b`, `SmolLM2-135M`, `8x7b`.
fn billions(model: &str) -> Option<f64> {
    let name = model.to_ascii_lowercase();
    name.split(|it: char| !it.is_ascii_alphanumeric() && it != '.').find_map(|part| {
        let (number, unit) = part.split_at_checked(part.len().checked_sub(1)?)?;
        let scale = match unit {
            "b" => 1.0,
            "m" => 0.001,
            _ => return None,
        };
        let size = match number.split_once('x') {
            Some((experts, each)) => experts.parse::<f64>().ok()? * each.parse::<f64>().ok()?,
            None => number.parse().ok()?,
        };
        Some(size * scale)
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::{Environment, Settings};

    #[test]
    fn the_size_stands_in_the_name() {
        let check = |model: &str, expected: Option<f64>| assert_eq!(billions(model), expected);
        check("qwen3:4b", Some(4.0));
        check("qwen3:0.6b-q4_K_M", Some(0.6));
        check("meta-llama/Llama-3.1-8B-Instruct", Some(8.0));
        check("SmolLM2-135M-Instruct.gguf", Some(0.135));
        check("mixtral:8x7b", Some(56.0));
        check("openai/gpt-oss-120b", Some(120.0));
        check("gemini-flash-latest", None);
        check("gpt-4o", None);
        check("", None);
    }

    #[test]
    fn a_model_is_small_by_its_setting_its_name_or_its_place() {
        let check = |overrides: &[&str], model: Option<&str>, expected: bool| {
            let environment: Environment =
                [("TWIN_HOME", "/nowhere"), ("HOME", "/nowhere")].into_iter().collect();
            let overrides: Vec<String> = overrides.iter().map(ToString::to_string).collect();
            let settings =
                Settings::load_without_files(environment, Path::new("/nowhere"), &overrides);
            assert_eq!(is_small(&settings.unwrap().config.llm, model), expected, "{overrides:?}");
        };
        check(&[], None, true);
        check(&[], Some("phi"), true);
        check(&[], Some("llama3.3:70b"), false);
        check(&["llm.provider=openai"], Some("gpt-5-mini"), false);
        check(&["llm.provider=ollama", "llm.model=qwen3:4b"], None, true);
        check(&["llm.provider=ollama"], Some("mystery"), false);
        check(&["llm.size=large"], Some("qwen3:4b"), false);
        check(&["llm.size=small", "llm.provider=groq"], Some("openai/gpt-oss-120b"), true);
    }
}

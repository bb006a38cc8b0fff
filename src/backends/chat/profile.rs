//! The providers that are known, and how each differs from the others: one table.
//!
//! Settings override every value of it but what an endpoint understands, and what an endpoint does
//! not take is left out once it has said so; a row saves the first refusal.

/// What an endpoint speaks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Wire {
    /// `/chat/completions`, as `OpenAI` made it and most others speak it.
    Completions,
    /// `/messages`, as Anthropic made it.
    Messages,
}

/// Who answers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Provider {
    /// `OpenAI` itself; an address of another is that of whom it is known to be.
    OpenAi,
    /// Anthropic.
    Anthropic,
    /// Ollama.
    Ollama,
    /// The server of llama.cpp.
    LlamaCpp,
    /// vLLM.
    Vllm,
    /// LM Studio.
    LmStudio,
    /// Mistral.
    Mistral,
    /// Groq.
    Groq,
    /// `OpenRouter`.
    OpenRouter,
    /// Gemini's endpoint that speaks like `OpenAI`'s.
    Gemini,
    /// Another that speaks like `OpenAI`'s.
    Compatible,
}

/// What is known of a provider.
#[derive(Clone, Copy, Debug)]
pub(super) struct Profile {
    provider: Provider,
    /// What it is called in messages.
    name: &'static str,
    pub(super) wire: Wire,
    /// Where its paths begin, unless it is told otherwise; empty for no place of its own.
    base_url: &'static str,
    /// The variable that its own programs read the key from; empty where none is needed.
    key_variable: &'static str,
    /// The model where none is named; empty for the first that it lists.
    model: &'static str,
    /// The name of the parameter that bounds the answer.
    pub(super) length: &'static str,
    /// Whether it takes `stream_options`, to count the tokens of a stream.
    pub(super) takes_stream_options: bool,
    /// Whether a streamed answer can be bound to a JSON schema.
    pub(super) takes_schema: bool,
    /// How it says that the prompt is too long, in lowercase.
    overflow: &'static [&'static str],
    /// How it says that money or quota is spent, so that waiting does not help; in lowercase.
    spent: &'static [&'static str],
}

const MAX_TOKENS: &str = "max_tokens";
const MAX_COMPLETION_TOKENS: &str = "max_completion_tokens";

/// One that speaks like `OpenAI`'s, of which nothing else is known.
const COMPATIBLE: Profile = Profile {
    provider: Provider::Compatible,
    name: "the endpoint",
    wire: Wire::Completions,
    base_url: "",
    key_variable: "",
    model: "",
    length: MAX_TOKENS,
    takes_stream_options: true,
    takes_schema: true,
    overflow: &["context limit", "prompt too long", "input is too long"],
    spent: &["payment required", "billing_error", "insufficient_balance", "insufficient balance"],
};

/// The table.
///
/// Sources, read in November 2026. `OpenAI`: *API reference, Chat completions* and *Error codes*;
/// Anthropic: *Messages*, *Errors* and *Structured outputs*; Ollama: *OpenAI compatibility*;
/// llama.cpp: `tools/server/README.md`; vLLM: *OpenAI-compatible server*; LM Studio: *Structured
/// output*, and issues 237 and 2339 of its bug tracker for the words of an overflow; Mistral:
/// *Chat completion API*, and issue 2347 of avante.nvim, where `stream_options` is refused, and 231
/// of eca, where `max_completion_tokens` is; Groq: *OpenAI compatibility*, *Supported models*, and
/// *Structured outputs*, which do not stream; `OpenRouter`: *API reference* and *Errors*; Gemini:
/// *OpenAI compatibility* and *Rate limits*, and issue 8437 of gemini-cli for the words of a spent
/// quota.
const PROFILES: [Profile; 11] = [
    Profile {
        provider: Provider::OpenAi,
        name: "OpenAI",
        base_url: "https://api.openai.com/v1",
        key_variable: "OPENAI_API_KEY",
        model: "gpt-5-mini",
        length: MAX_COMPLETION_TOKENS,
        overflow: &[
            "context_length_exceeded",
            "context length",
            "context window",
            "request too large",
        ],
        spent: &["insufficient_quota", "billing_hard_limit"],
        ..COMPATIBLE
    },
    Profile {
        provider: Provider::Anthropic,
        name: "Anthropic",
        wire: Wire::Messages,
        base_url: "https://api.anthropic.com/v1",
        key_variable: "ANTHROPIC_API_KEY",
        model: "claude-sonnet-4-6",
        overflow: &["prompt is too long", "exceed context limit", "request_too_large"],
        spent: &["credit balance is too low"],
        ..COMPATIBLE
    },
    Profile {
        provider: Provider::Ollama,
        name: "Ollama",
        base_url: "http://127.0.0.1:11434/v1",
        overflow: &["exceeds context length", "exceed_context_size"],
        spent: &[],
        ..COMPATIBLE
    },
    Profile {
        provider: Provider::LlamaCpp,
        name: "llama.cpp",
        base_url: "http://127.0.0.1:8080/v1",
        overflow: &["exceed_context_size", "available context size"],
        spent: &[],
        ..COMPATIBLE
    },
    Profile {
        provider: Provider::Vllm,
        name: "vLLM",
        base_url: "http://127.0.0.1:8000/v1",
        overflow: &["maximum context length", "reduce the length"],
        spent: &[],
        ..COMPATIBLE
    },
    Profile {
        provider: Provider::LmStudio,
        name: "LM Studio",
        base_url: "http://127.0.0.1:1234/v1",
        overflow: &["when context the overflows", "context size has been exceeded"],
        spent: &[],
        ..COMPATIBLE
    },
    Profile {
        provider: Provider::Mistral,
        name: "Mistral",
        base_url: "https://api.mistral.ai/v1",
        key_variable: "MISTRAL_API_KEY",
        model: "mistral-small-latest",
        takes_stream_options: false,
        overflow: &["too large for model"],
        spent: &[],
        ..COMPATIBLE
    },
    Profile {
        provider: Provider::Groq,
        name: "Groq",
        base_url: "https://api.groq.com/openai/v1",
        key_variable: "GROQ_API_KEY",
        model: "openai/gpt-oss-120b",
        length: MAX_COMPLETION_TOKENS,
        takes_schema: false,
        overflow: &["reduce the length", "request too large for model"],
        spent: &["tokens per day", "requests per day"],
        ..COMPATIBLE
    },
    Profile {
        provider: Provider::OpenRouter,
        name: "OpenRouter",
        base_url: "https://openrouter.ai/api/v1",
        key_variable: "OPENROUTER_API_KEY",
        model: "openrouter/auto",
        overflow: &["context_length_exceeded", "maximum context length"],
        spent: &["insufficient credit", "requires more credits", "key limit exceeded"],
        ..COMPATIBLE
    },
    Profile {
        provider: Provider::Gemini,
        name: "Gemini",
        base_url: "https://generativelanguage.googleapis.com/v1beta/openai",
        key_variable: "GEMINI_API_KEY",
        model: "gemini-flash-latest",
        overflow: &["maximum number of tokens allowed"],
        spent: &["perday", "per_day", "limit: 0,"],
        ..COMPATIBLE
    },
    COMPATIBLE,
];

impl Provider {
    /// What is known of it.
    pub(super) fn profile(self) -> &'static Profile {
        PROFILES.iter().find(|profile| profile.provider == self).unwrap_or(&COMPATIBLE)
    }

    /// Where it answers unless it is told otherwise.
    #[must_use]
    pub fn base_url(self) -> &'static str {
        self.profile().base_url
    }

    /// The environment variable that its own programs read the key from.
    #[must_use]
    pub fn key_variable(self) -> Option<&'static str> {
        Some(self.profile().key_variable).filter(|variable| !variable.is_empty())
    }

    /// The model where none is named; none for the first that it lists.
    #[must_use]
    pub fn model(self) -> Option<&'static str> {
        Some(self.profile().model).filter(|model| !model.is_empty())
    }

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.profile().name
    }

    /// Who answers at an address: for one like `OpenAI`, whoever is known to be there.
    #[must_use]
    pub fn at(self, base_url: &str) -> Self {
        if self != Self::OpenAi {
            return self;
        }
        let place = |url: &str| {
            let url = url.trim_end_matches('/').replace("//localhost", "//127.0.0.1");
            let (_, place) = url.split_once("//")?;
            place.split('/').next().map(str::to_ascii_lowercase)
        };
        let known = PROFILES.iter().find(|profile| {
            profile.wire == Wire::Completions
                && !profile.base_url.is_empty()
                && place(profile.base_url) == place(base_url)
        });
        known.map_or(Self::Compatible, |profile| profile.provider)
    }
}

/// The words of all providers for a prompt that is too long; one often speaks for another.
pub(super) fn overflow_words() -> impl Iterator<Item = &'static str> {
    PROFILES.iter().flat_map(|profile| profile.overflow.iter().copied())
}

/// The words of all providers for a quota that is spent.
pub(super) fn spent_words() -> impl Iterator<Item = &'static str> {
    PROFILES.iter().flat_map(|profile| profile.spent.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_provider_has_one_row() {
        for profile in &PROFILES {
            let same = PROFILES.iter().filter(|other| other.provider == profile.provider);
            assert_eq!(same.count(), 1, "{}", profile.name);
            let is_remote = profile.base_url.starts_with("https:");
            assert_eq!(is_remote, !profile.key_variable.is_empty(), "{}", profile.name);
            assert_eq!(is_remote, !profile.model.is_empty(), "{}", profile.name);
            let words = profile.overflow.iter().chain(profile.spent);
            assert!(words.clone().all(|word| *word == word.to_lowercase()), "{}", profile.name);
        }
    }

    #[test]
    fn who_answers_at_an_address_is_known_by_it() {
        let check = |base_url: &str, expected| {
            assert_eq!(Provider::OpenAi.at(base_url), expected, "{base_url}");
            assert_eq!(Provider::Anthropic.at(base_url), Provider::Anthropic);
        };
        check("https://api.openai.com/v1", Provider::OpenAi);
        check("https://API.openai.com", Provider::OpenAi);
        check("http://localhost:11434/v1/", Provider::Ollama);
        check("http://127.0.0.1:8080", Provider::LlamaCpp);
        check("https://api.mistral.ai/v1", Provider::Mistral);
        check("https://generativelanguage.googleapis.com/v1beta/openai/", Provider::Gemini);
        check("https://api.openai.com.example.org/v1", Provider::Compatible);
        check("http://192.168.0.7:11434/v1", Provider::Compatible);
        check("", Provider::Compatible);
    }
}

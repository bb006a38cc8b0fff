//! Tokens that their issuers give a form of their own, so that they can be found.

use std::ops::Range;

/// Which characters follow the beginning of a token.
#[derive(Clone, Copy)]
enum Signs {
    /// Capital letters and digits.
    Capitals,
    /// Letters and digits.
    Letters,
    /// Letters, digits, `_` and `-`.
    Words,
}

impl Signs {
    fn has(self, byte: u8) -> bool {
        match self {
            Self::Capitals => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Self::Letters => byte.is_ascii_alphanumeric(),
            Self::Words => byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-',
        }
    }
}

/// How a token begins, what follows, and how many of it at least.
///
/// Sources: AWS, *IAM User Guide*, "IAM identifiers: unique identifiers" (`AKIA` long-term and
/// `ASIA` temporary access keys, 20 characters); GitHub, "About authentication to GitHub: token
/// formats"; GitLab, "Token overview: token prefixes"; Slack, "Tokens" and "Legacy token types";
/// Stripe, "API keys" and "Check the webhook signatures"; Google Cloud, "Manage API keys" (`AIza`);
/// Hugging Face, "User access tokens"; npm, "About access tokens"; `PyPI`, "API tokens"; age, its
/// format's `AGE-SECRET-KEY-1`.
const ISSUED: [(&str, Signs, usize); 30] = [
    ("AKIA", Signs::Capitals, 16),
    ("ASIA", Signs::Capitals, 16),
    ("ghp_", Signs::Letters, 30),
    ("gho_", Signs::Letters, 30),
    ("ghu_", Signs::Letters, 30),
    ("ghs_", Signs::Letters, 30),
    ("ghr_", Signs::Letters, 30),
    ("github_pat_", Signs::Words, 22),
    ("glpat-", Signs::Words, 20),
    ("xoxa-", Signs::Words, 10),
    ("xoxb-", Signs::Words, 10),
    ("xoxe-", Signs::Words, 10),
    ("xoxp-", Signs::Words, 10),
    ("xoxr-", Signs::Words, 10),
    ("xoxs-", Signs::Words, 10),
    ("xapp-", Signs::Words, 10),
    ("sk_live_", Signs::Letters, 10),
    ("sk_test_", Signs::Letters, 10),
    ("rk_live_", Signs::Letters, 10),
    ("rk_test_", Signs::Letters, 10),
    ("whsec_", Signs::Letters, 16),
    ("AIza", Signs::Words, 35),
    ("hf_", Signs::Letters, 30),
    ("npm_", Signs::Letters, 36),
    ("pypi-AgE", Signs::Words, 40),
    ("AGE-SECRET-KEY-1", Signs::Capitals, 50),
    ("sk-ant-", Signs::Words, 20),
    ("sk-proj-", Signs::Words, 20),
    ("sk-or-v1-", Signs::Letters, 20),
    ("dop_v1_", Signs::Letters, 40),
];

/// Where such tokens, keys of the `sk-` kind and JSON web tokens are in a line.
pub(super) fn find(line: &str) -> Vec<Range<usize>> {
    let bytes = line.as_bytes();
    let mut found = Vec::new();
    let mut start = 0;
    while start < bytes.len() {
        let begins = bytes[start].is_ascii_alphabetic()
            && (start == 0 || !bytes[start - 1].is_ascii_alphanumeric());
        let length = if begins { length(&bytes[start..]) } else { None };
        match length {
            Some(length) => {
                found.push(start..start + length);
                start += length;
            }
            None => start += 1,
        }
    }
    found
}

/// How long the token is that bytes begin with.
fn length(bytes: &[u8]) -> Option<usize> {
    let issued = ISSUED.iter().find_map(|(prefix, signs, least)| {
        let rest = bytes.strip_prefix(prefix.as_bytes())?;
        let count = rest.iter().take_while(|byte| signs.has(**byte)).count();
        (count >= *least).then_some(prefix.len() + count)
    });
    issued.or_else(|| plain_key(bytes)).or_else(|| web_token(bytes))
}

/// A key that begins with `sk-`, as `OpenAI` made it and many others do: long, and with capitals,
/// small letters and digits, which tells it from words that are joined by hyphens.
fn plain_key(bytes: &[u8]) -> Option<usize> {
    let rest = bytes.strip_prefix(b"sk-")?;
    let count = rest.iter().take_while(|byte| Signs::Words.has(**byte)).count();
    let key = &rest[..count];
    let is_mixed = key.iter().any(u8::is_ascii_uppercase)
        && key.iter().any(u8::is_ascii_lowercase)
        && key.iter().any(u8::is_ascii_digit);
    (count >= 20 && is_mixed).then_some(3 + count)
}

/// A JSON web token in its compact form: three parts in base64 without padding, the first two JSON
/// objects (RFC 7519, section 3; RFC 7515, section 3.1).
fn web_token(bytes: &[u8]) -> Option<usize> {
    let part =
        |from: usize| bytes[from..].iter().take_while(|byte| Signs::Words.has(**byte)).count();
    if !bytes.starts_with(b"eyJ") {
        return None;
    }
    let header = part(0);
    let claims_start = header + 1;
    if header < 10 || !bytes[header..].starts_with(b".eyJ") {
        return None;
    }
    let claims = part(claims_start);
    let claims_end = claims_start + claims;
    match bytes.get(claims_end) {
        Some(b'.') => Some(claims_end + 1 + part(claims_end + 1)),
        _ => Some(claims_end),
    }
}

//! What stands behind a word such as `password:` or `token =`, and passwords in addresses.

use std::ops::Range;

use super::SECRET;

/// Words behind which any short value is a secret; several words may be one.
const PASSWORDS: [&str; 12] = [
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "mot de passe",
    "motdepasse",
    "mdp",
    "phrase de passe",
    "phrase secrète",
    "code secret",
    "recovery phrase",
];

/// Words behind which a value is a secret when it looks like one.
const KEYS: [&str; 13] = [
    "token",
    "secret",
    "api key",
    "api_key",
    "api-key",
    "apikey",
    "access_key",
    "access key",
    "accesskey",
    "secret_key",
    "secret key",
    "private_key",
    "jeton",
];

/// Words behind which a number of four to eight digits is a secret.
const NUMBERS: [&str; 3] = ["pin", "pin code", "code pin"];

/// The most words of a passphrase; more are a sentence.
const WORDS_MAX: usize = 4;
/// The most words of a recovery phrase: BIP 39 has 12 to 24.
const PHRASE_WORDS_MAX: usize = 24;

/// Where such values are in a line.
pub(super) fn find(line: &str) -> Vec<Range<usize>> {
    let separators = line.char_indices().filter(|(_, sign)| matches!(sign, ':' | '='));
    let assigned = separators.filter_map(|(place, sign)| assigned(line, place, sign));
    assigned.chain(in_addresses(line)).collect()
}

/// The value behind a separator, where the word before it says that it is a secret.
fn assigned(line: &str, place: usize, sign: char) -> Option<Range<usize>> {
    let rest = &line[place + 1..];
    if rest.starts_with(['=', '>', '/']) {
        return None;
    }
    let decoration = [' ', '\t', '"', '\'', '`', '*', '_', ':', '='];
    let word = line[..place].trim_end_matches(decoration).to_lowercase();
    let start = place + 1 + (rest.len() - rest.trim_start_matches(decoration).len());
    let value = &line[start..];
    if is_placeholder(value) {
        return None;
    }
    let is_one_of = |names: &[&str]| names.iter().any(|name| word.ends_with(name));
    let length = if is_one_of(&["recovery phrase", "phrase secrète"]) {
        phrase(value, PHRASE_WORDS_MAX)
    } else if is_one_of(&PASSWORDS) {
        phrase(value, WORDS_MAX)
            .or_else(|| Some(first(value)).filter(|it| is_key(&value[..*it], 4)))
    } else if is_one_of(&KEYS) {
        Some(first(value)).filter(|it| is_key(&value[..*it], 8))
    } else if NUMBERS.iter().any(|name| ends_with_word(&word, name)) && sign == ':' {
        let digits = value.bytes().take_while(u8::is_ascii_digit).count();
        let is_alone = !value[digits..].starts_with(char::is_alphanumeric);
        Some(digits).filter(|digits| (4..=8).contains(digits) && is_alone)
    } else {
        None
    };
    length.map(|length| start..start + length)
}

/// What is said in place of a secret, and is none.
fn is_placeholder(value: &str) -> bool {
    let shown = value.trim_end();
    shown.starts_with(SECRET)
        || shown.starts_with(['$', '<', '{', '[', '(', '…', '%'])
        || shown.chars().all(|sign| matches!(sign, '*' | 'x' | 'X' | '.' | '-' | '?' | '•'))
}

/// How long the whole rest of a line is, where it has few words.
fn phrase(value: &str, words_max: usize) -> Option<usize> {
    let value = value.trim_end();
    let words = value.split_whitespace().count();
    let length = value.trim_end_matches(['"', '\'', '`', '*', ',', ';']).len();
    ((1..=words_max).contains(&words) && length > 2).then_some(length)
}

/// How long the first word is, without what closes it.
fn first(value: &str) -> usize {
    let word = value.split_whitespace().next().unwrap_or_default();
    word.split(['"', '\'', '`', ',', ';', '&', ')']).next().unwrap_or_default().len()
}

/// Whether a word looks like a key: long enough, and not of letters or of digits alone.
fn is_key(word: &str, least: usize) -> bool {
    let has = |is: fn(char) -> bool| word.chars().any(is);
    let is_mixed = has(char::is_numeric) && has(char::is_alphabetic)
        || has(|sign| sign.is_ascii_punctuation() && !matches!(sign, '.' | ',' | '!' | '?' | '/'));
    word.chars().count() >= least && is_mixed
}

fn ends_with_word(text: &str, word: &str) -> bool {
    let before = text.strip_suffix(word);
    before.is_some_and(|before| !before.ends_with(char::is_alphanumeric))
}

/// The passwords in addresses: `scheme://user:password@host` (RFC 3986, section 3.2.1).
fn in_addresses(line: &str) -> impl Iterator<Item = Range<usize>> {
    line.match_indices("://").filter_map(|(place, _)| {
        let start = place + 3;
        let authority = line[start..].split(['/', '?', '#', ' ', '\t', '<', '>', '"']).next()?;
        let user = &authority[..authority.rfind('@')?];
        let colon = user.find(':')?;
        let password = &user[colon + 1..];
        let is_secret = !password.is_empty() && password != SECRET;
        is_secret.then(|| start + colon + 1..start + user.len())
    })
}

//! Rust source as words and signs: just enough to find the paths that it names.

use std::{fmt, ops::Range};

/// A word or a sign of the source.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Token {
    /// A name, a keyword or a number.
    Word(String),
    /// A string, without its quotes.
    Text(String),
    /// One character that is neither.
    Sign(char),
}

impl Token {
    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Word(other) if other == word)
    }

    fn is_sign(&self, sign: char) -> bool {
        *self == Self::Sign(sign)
    }
}

impl fmt::Display for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(text) | Self::Text(text) => formatter.write_str(text),
            Self::Sign(sign) => write!(formatter, "{sign}"),
        }
    }
}

/// The tokens of a source.
pub(super) fn tokens(source: &str) -> Vec<Token> {
    placed(source).into_iter().map(|(token, _)| token).collect()
}

/// The names that follow a path such as `super::super`: one, or those of a group in braces.
///
/// A path that goes on before its first word (`a::crate`) or that is longer (`super` before
/// `super`) is another one.
pub(super) fn names_after(tokens: &[Token], path: &[&str]) -> Vec<String> {
    let mut names = Vec::new();
    for start in 0..tokens.len() {
        let goes_on_before = start >= 2 && tokens[start - 1].is_sign(':') && path[0] == "super";
        let mut place = start;
        let follows = path.iter().all(|word| {
            let is_there = tokens.get(place).is_some_and(|token| token.is_word(word))
                && tokens.get(place + 1).is_some_and(|token| token.is_sign(':'))
                && tokens.get(place + 2).is_some_and(|token| token.is_sign(':'));
            place += 3;
            is_there
        });
        if follows && !goes_on_before {
            names.extend(heads(tokens.get(place..).unwrap_or_default()));
        }
    }
    names.retain(|name| !["self", "super"].contains(&name.as_str()));
    names
}

/// The first word of each branch of the path that begins here.
fn heads(tokens: &[Token]) -> Vec<String> {
    match tokens.first() {
        Some(Token::Word(word)) => return vec![word.clone()],
        Some(Token::Sign('{')) => {}
        _ => return Vec::new(),
    }
    let mut heads = Vec::new();
    let mut depth = 0;
    let mut begins = true;
    for token in tokens {
        match token {
            Token::Sign('{') => depth += 1,
            Token::Sign('}') => depth -= 1,
            Token::Sign(',') => begins = begins || depth == 1,
            Token::Word(word) if depth == 1 && begins => {
                heads.push(word.clone());
                begins = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    heads
}

/// A source without the items that only tests have.
pub(super) fn without_tests(source: &str) -> String {
    let mut kept = String::new();
    let mut end = 0;
    for item in test_items(&placed(source)) {
        kept.push_str(&source[end..item.start]);
        end = item.end;
    }
    kept + &source[end..]
}

/// The files, beside this source or below it, of the modules that only tests have.
pub(super) fn exempt_modules(source: &str) -> Vec<String> {
    let placed = placed(source);
    let mut files = Vec::new();
    for item in test_items(&placed) {
        let inside = placed.iter().filter(|(_, bytes)| item.contains(&bytes.start));
        let tokens: Vec<&Token> = inside.map(|(token, _)| token).collect();
        let [.., Token::Word(keyword), Token::Word(name), Token::Sign(';')] = tokens[..] else {
            continue;
        };
        let place = tokens.windows(3).find_map(|three| match three {
            [Token::Word(path), Token::Sign('='), Token::Text(place)] if path == "path" => {
                Some(place)
            }
            _ => None,
        });
        match place {
            Some(place) if keyword == "mod" => files.push(place.clone()),
            None if keyword == "mod" => {
                files.extend([format!("{name}.rs"), format!("{name}/mod.rs")]);
            }
            _ => {}
        }
    }
    files
}

/// The bytes of every item below a `#[cfg(test)]`, the attribute included.
fn test_items(placed: &[(Token, Range<usize>)]) -> Vec<Range<usize>> {
    let mut items = Vec::new();
    let mut place = 0;
    while place < placed.len() {
        if !is_test_attribute(&placed[place..]) {
            place += 1;
            continue;
        }
        let start = placed[place].1.start;
        let mut depth = 0;
        while let Some((token, _)) = placed.get(place) {
            match token {
                Token::Sign('{' | '[' | '(') => depth += 1,
                Token::Sign('}' | ']' | ')') => depth -= 1,
                _ => {}
            }
            let ends = token.is_sign(';') || token.is_sign('}');
            if ends && depth == 0 {
                break;
            }
            place += 1;
        }
        let end = placed.get(place).or(placed.last()).map_or(start, |(_, bytes)| bytes.end);
        items.push(start..end);
        place += 1;
    }
    items
}

/// Whether `#[cfg(…)]` begins here, with the word `test` in it and without `not`.
fn is_test_attribute(placed: &[(Token, Range<usize>)]) -> bool {
    let mut tokens = placed.iter().map(|(token, _)| token);
    let begins = tokens.next().is_some_and(|token| token.is_sign('#'))
        && tokens.next().is_some_and(|token| token.is_sign('['))
        && tokens.next().is_some_and(|token| token.is_word("cfg"));
    let condition: Vec<&Token> = tokens.take_while(|token| !token.is_sign(']')).collect();
    let has = |word: &str| condition.iter().any(|token| token.is_word(word));
    begins && has("test") && !has("not")
}

/// The tokens of a source with the bytes that they stand at.
fn placed(source: &str) -> Vec<(Token, Range<usize>)> {
    let mut placed = Vec::new();
    let mut offset = 0;
    while let Some(first) = source[offset..].chars().next() {
        let rest = &source[offset..];
        let (token, length) = next(rest, first);
        if let Some(token) = token {
            placed.push((token, offset..offset + length));
        }
        offset += length;
    }
    placed
}

/// The token that a text begins with, if it is no white space and no comment, and its length.
fn next(rest: &str, first: char) -> (Option<Token>, usize) {
    if rest.starts_with("//") {
        return (None, rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return (None, comment_length(rest));
    }
    if let Some((text, length)) = string(rest) {
        return (Some(Token::Text(text.to_owned())), length);
    }
    if first == '\'' {
        return (None, quote_length(rest));
    }
    if let Some(name) = rest.strip_prefix("r#") {
        let length = word_length(name);
        return (Some(Token::Word(name[..length].to_owned())), 2 + length);
    }
    match word_length(rest) {
        0 if first.is_whitespace() => (None, first.len_utf8()),
        0 => (Some(Token::Sign(first)), first.len_utf8()),
        length => (Some(Token::Word(rest[..length].to_owned())), length),
    }
}

fn word_length(text: &str) -> usize {
    text.find(|character: char| !character.is_alphanumeric() && character != '_')
        .unwrap_or(text.len())
}

/// The length of a block comment, which may hold others.
fn comment_length(text: &str) -> usize {
    let mut depth = 0;
    let mut offset = 0;
    while offset < text.len() {
        let rest = &text[offset..];
        if rest.starts_with("/*") {
            depth += 1;
            offset += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            offset += 2;
            if depth == 0 {
                return offset;
            }
        } else {
            offset += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// What a string literal of any kind holds, and its whole length.
fn string(text: &str) -> Option<(&str, usize)> {
    let body = text.trim_start_matches(['b', 'c']);
    let prefix = text.len() - body.len();
    if prefix > 1 {
        return None;
    }
    if let Some(raw) = body.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let inside = raw[hashes..].strip_prefix('"')?;
        let close = format!("\"{}", "#".repeat(hashes));
        let end = inside.find(&close)?;
        return Some((&inside[..end], prefix + 2 + hashes + end + close.len()));
    }
    let inside = body.strip_prefix('"')?;
    let mut is_escaped = false;
    for (offset, character) in inside.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return Some((&inside[..offset], prefix + offset + 2)),
            _ => {}
        }
    }
    None
}

/// The length of a character literal, or of the quote of a lifetime.
fn quote_length(text: &str) -> usize {
    let mut characters = text.char_indices().skip(1);
    match (characters.next(), characters.next()) {
        (Some((_, '\\')), Some((escaped, _))) => {
            let after = escaped + 1;
            text[after..].find('\'').map_or(1, |end| after + end + 1)
        }
        (Some(_), Some((close, '\''))) => close + 1,
        _ => 1,
    }
}

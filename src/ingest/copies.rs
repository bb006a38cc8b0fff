//! Copies of notes: another name of the same file, and what a sync or a file manager left beside one.
//!
//! A copy that says the same, word for word, is left out, so that nothing is counted twice.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Found, Walk};

/// What file managers and syncs put behind the name of a copy, between a space and perhaps a number.
const COPY: [&str; 4] = ["copy", "- copy", "copie", "- copie"];
/// What says in brackets that a file is a copy because two were changed at once.
const CONFLICT: [&str; 2] = ["conflict", "conflit"];
/// What Syncthing puts before the time of such a copy.
const SYNCTHING: &str = ".sync-conflict-";

/// Leaves the copies that say the same out of a walk, and warns of them, and of those that a sync
/// left and that say something else.
pub(super) fn leave_out(walk: &mut Walk) {
    let mut warnings = Vec::new();
    let mut out = BTreeSet::new();
    let mut files: HashMap<(u64, u64), &Found> = HashMap::new();
    for found in &walk.notes {
        let Some(link) = found.link else { continue };
        if let Some(first) = files.get(&link) {
            warnings.push(format!("{}: the same file as {}, left out", found.path, first.path));
            out.insert((found.root.clone(), found.path.clone()));
        } else {
            files.insert(link, found);
        }
    }
    let notes: BTreeMap<(&str, &str), &Found> = walk
        .notes
        .iter()
        .map(|found| ((found.root.as_str(), found.path.as_str()), found))
        .collect();
    for found in &walk.notes {
        let Some(named) = named(&found.path) else { continue };
        let original = notes.get(&(found.root.as_str(), named.original.as_str()));
        let is_same = original.is_some_and(|original| say_the_same(original, found));
        let place = (found.root.clone(), found.path.clone());
        if is_same && !out.contains(&place) {
            warnings.push(format!("{}: a copy of {}, left out", found.path, named.original));
            out.insert(place);
        } else if named.is_of_a_sync && !is_same {
            let of = &named.original;
            let unlike = if original.is_some() { ", which says something else" } else { "" };
            warnings
                .push(format!("{}: a copy that a sync left behind of {of}{unlike}", found.path));
        }
    }
    walk.notes.retain(|found| !out.contains(&(found.root.clone(), found.path.clone())));
    walk.warnings.extend(warnings);
}

fn say_the_same(one: &Found, other: &Found) -> bool {
    one.size == other.size
        && one.size > 0
        && matches!((one.bytes(), other.bytes()), (Ok(one), Ok(other)) if one == other)
}

/// The name of a copy.
#[derive(Debug, Eq, PartialEq)]
struct Named {
    /// The path of what it would be a copy of.
    original: String,
    /// Whether a sync names the copies so of which both sides were changed.
    is_of_a_sync: bool,
}

/// Which note a path names a copy of; none when it names none.
fn named(path: &str) -> Option<Named> {
    let (stem, ending) = path.rsplit_once('.')?;
    let (original, is_of_a_sync) = of_syncthing(stem)
        .or_else(|| in_brackets(stem))
        .or_else(|| numbered(stem).map(|stem| (stem, false)))?;
    let is_name = !original.is_empty() && !original.ends_with('/');
    is_name.then(|| Named { original: format!("{original}.{ending}"), is_of_a_sync })
}

/// `a.sync-conflict-20220305-101010-ABCDEFG`.
fn of_syncthing(stem: &str) -> Option<(&str, bool)> {
    let (original, _) = stem.split_once(SYNCTHING)?;
    Some((original, true))
}

/// `a (1)`, `a (copy)`, and `a (Lena's conflicted copy 2022-03-05)`.
fn in_brackets(stem: &str) -> Option<(&str, bool)> {
    let (original, inner) = stem.strip_suffix(')')?.rsplit_once(" (")?;
    let inner = inner.to_lowercase();
    let is_of_a_sync = CONFLICT.iter().any(|word| inner.contains(word));
    let is_copy = is_of_a_sync || is_number(&inner) || COPY.contains(&inner.as_str());
    is_copy.then_some((original, is_of_a_sync))
}

/// `a 2`, `a copy`, and `a - Copy 2`.
fn numbered(stem: &str) -> Option<&str> {
    let without_number = stem.rsplit_once(' ').filter(|(_, last)| is_number(last));
    let rest = without_number.map_or(stem, |(rest, _)| rest);
    let lowercase = rest.to_lowercase();
    let copy = COPY.iter().filter(|copy| lowercase.ends_with(&format!(" {copy}")));
    // What is not of one byte a letter in another case has no such ending.
    let copy = copy.filter(|_| lowercase.len() == rest.len()).map(|copy| copy.len() + 1).max();
    match copy {
        Some(length) => Some(&rest[..rest.len() - length]),
        None => without_number.map(|(rest, _)| rest),
    }
}

/// Whether a text is a number such as copies have: of one or two digits.
fn is_number(text: &str) -> bool {
    (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: Option<(&str, bool)>) {
        let expected = expected
            .map(|(original, is_of_a_sync)| Named { original: original.to_owned(), is_of_a_sync });
        assert_eq!(named(path), expected, "{path}");
    }

    #[test]
    fn the_names_of_copies_are_known() {
        check("a/b.sync-conflict-20220305-101010-ABCDEFG.md", Some(("a/b.md", true)));
        check("b (Lena's conflicted copy 2022-03-05).md", Some(("b.md", true)));
        check("b (Copie en conflit de Léna 2022-03-05).md", Some(("b.md", true)));
        check("2022-03-04 (1).md", Some(("2022-03-04.md", false)));
        check("b (Copy).md", Some(("b.md", false)));
        check("b copy.md", Some(("b.md", false)));
        check("b copy 2.md", Some(("b.md", false)));
        check("b - Copy.md", Some(("b.md", false)));
        check("b 2.md", Some(("b.md", false)));
        check("été - copie.md", Some(("été.md", false)));
    }

    #[test]
    fn the_names_of_other_notes_are_not() {
        check("2022-03-04.md", None);
        check("2022-03-04 (Monday).md", None);
        check("4 March 2022.md", None);
        check("copy.md", None);
        check("a/ (1).md", None);
        check("hard copy", None);
        check("photocopy.md", None);
    }
}

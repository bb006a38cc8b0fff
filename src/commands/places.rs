//! From the parts of the logbook that a question names to the folders and tags that there are.

use std::collections::BTreeSet;

use crate::{
    ask::Filters,
    index::{EntryRecord, Term, TermReader},
    plan::{Place, Plan, Within},
};

/// The plan and the filters once each part that the question names is looked up in the logbook: a
/// folder or a tag becomes a filter, and what is neither counts as a word of the topic.
pub(super) fn resolved(
    plan: Plan,
    flags: &Filters,
    entries: &[EntryRecord],
    reader: &TermReader,
) -> (Plan, Filters) {
    let mut filters = flags.clone();
    let named = plan.within.clone();
    let plan = named.iter().fold(plan, |plan, within| {
        if narrowed(&mut filters, within, entries, reader) {
            plan
        } else {
            plan.without_place(within)
        }
    });
    (plan, filters)
}

/// Narrows the filters to a part of the logbook; not when there is none of that name.
fn narrowed(
    filters: &mut Filters,
    within: &Within,
    entries: &[EntryRecord],
    reader: &TermReader,
) -> bool {
    if within.place != Place::Tag {
        let roots = roots(&within.name, entries, reader);
        let folders = folders(&within.name, entries, reader);
        if !folders.is_empty() || !roots.is_empty() {
            filters.paths.extend(folders);
            filters.roots.extend(roots);
            return true;
        }
    }
    let tag = match within.place {
        Place::Folder => None,
        Place::Tag | Place::Named => tag(&within.name, entries, reader),
    };
    let found = tag.is_some();
    filters.tags.extend(tag);
    found
}

/// The folders with that name, each as the beginning of the paths below it; of two of which one lies
/// in the other, the outer one.
fn folders(name: &str, entries: &[EntryRecord], reader: &TermReader) -> Vec<String> {
    let all: BTreeSet<&str> = entries.iter().flat_map(|entry| above(&entry.path)).collect();
    let mut folders: Vec<String> = Vec::new();
    for folder in all.into_iter().filter(|folder| is_called(folder, name, reader)) {
        let prefix = format!("{folder}/");
        if !folders.iter().any(|outer| prefix.starts_with(outer.as_str())) {
            folders.push(prefix);
        }
    }
    folders
}

/// The folders of the logbook themselves with that name.
fn roots(name: &str, entries: &[EntryRecord], reader: &TermReader) -> Vec<String> {
    let all: BTreeSet<&String> = entries.iter().map(|entry| &entry.root).collect();
    all.into_iter().filter(|root| is_called(root, name, reader)).cloned().collect()
}

/// The tag with that name.
fn tag(name: &str, entries: &[EntryRecord], reader: &TermReader) -> Option<String> {
    let all: BTreeSet<&String> = entries.iter().flat_map(|entry| &entry.tags).collect();
    let exact = name.trim_start_matches('#').to_lowercase();
    let called = |tag: &&&String| ***tag == exact || are_same(tag, &exact, reader);
    all.iter().filter(called).max_by_key(|tag| ***tag == exact).map(|tag| (*tag).clone())
}

/// The folders that a path lies in, outermost first.
fn above(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(end, _)| &path[..end])
}

/// Whether a folder ends with the parts of a name: `notes/projects/rust` is called `projects/rust`.
fn is_called(folder: &str, name: &str, reader: &TermReader) -> bool {
    let name: Vec<&str> = name.split('/').filter(|part| !part.is_empty()).collect();
    let folder: Vec<&str> = folder.split('/').collect();
    let Some(start) = folder.len().checked_sub(name.len()) else { return false };
    !name.is_empty()
        && name.iter().zip(&folder[start..]).all(|(one, other)| are_same(one, other, reader))
}

/// Whether two names have the same words but for their endings; that they are notes says nothing.
fn are_same(one: &str, other: &str, reader: &TermReader) -> bool {
    let (one, other) = (words(one, reader), words(other, reader));
    let has = |words: &[Vec<Term>], word: &[Term]| {
        words.iter().any(|other| other.iter().any(|term| word.contains(term)))
    };
    !one.is_empty()
        && one.iter().all(|word| has(&other, word))
        && other.iter().all(|word| has(&one, word))
}

fn words(name: &str, reader: &TermReader) -> Vec<Vec<Term>> {
    const OF_NOTES: &[&str] =
        &["note", "journal", "log", "diari", "logbook", "folder", "vault", "dossier", "carnet"];
    let is_plain = |word: &Vec<Term>| {
        word.iter().all(|term| {
            term.chars().all(char::is_alphanumeric) && !OF_NOTES.contains(&term.as_str())
        })
    };
    reader.query_words(name).into_iter().filter(is_plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logbook::Lines;

    fn entries() -> Vec<EntryRecord> {
        let entry = |root: &str, path: &str, tags: &[&str]| EntryRecord {
            root: root.to_owned(),
            path: path.to_owned(),
            ordinal: 0,
            title: String::new(),
            lines: Lines { first: 1, last: 1 },
            span: None,
            precision: None,
            source: None,
            tags: tags.iter().map(ToString::to_string).collect(),
        };
        vec![
            entry("notes", "Work/2021/a.md", &["garden"]),
            entry("notes", "projects/rust/b.md", &["side-project", "idées"]),
            entry("notes", "old/projects/c.md", &[]),
            entry("notes", "side-projects/d.md", &[]),
            entry("travel-journal", "e.md", &["cafés"]),
        ]
    }

    #[track_caller]
    fn check(place: Place, name: &str, expected: &str) {
        let within = Within { place, name: name.to_owned(), text: String::new(), bytes: None };
        let plan = Plan { within: vec![within], ..Plan::default() };
        let (plan, filters) =
            resolved(plan, &Filters::default(), &entries(), &TermReader::default());
        let Filters { tags, paths, roots, .. } = filters;
        let narrowed = [paths, roots, tags].concat().join(" ");
        assert_eq!(narrowed, expected, "{name}");
        let kept = !narrowed.is_empty();
        assert_eq!((plan.within.len(), plan.doubts.is_empty()), (usize::from(kept), kept));
        assert_eq!(plan.topic.is_empty(), kept, "{}", plan.topic);
    }

    #[test]
    fn a_folder_or_tag_of_that_name_becomes_a_filter() {
        check(Place::Named, "work", "Work/");
        check(Place::Named, "WORKS", "Work/");
        check(Place::Named, "garden", "garden");
        check(Place::Named, "travel", "travel-journal");
        check(Place::Named, "projects", "old/projects/ projects/");
        check(Place::Named, "side project", "side-projects/");
        check(Place::Folder, "projects/rust", "projects/rust/");
        check(Place::Folder, "projects/", "old/projects/ projects/");
        check(Place::Tag, "#garden", "garden");
        check(Place::Tag, "idee", "idées");
        check(Place::Tag, "café", "cafés");
    }

    #[test]
    fn what_is_no_folder_and_no_tag_is_a_word_and_that_is_said() {
        check(Place::Named, "yoga", "");
        check(Place::Folder, "garden", "");
        check(Place::Tag, "work", "");
        check(Place::Folder, "rust/projects", "");
    }
}

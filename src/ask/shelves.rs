//! Whether a logbook is filed by topic, and what is filed under one.
//!
//! Where every entry has its tags or its folder, what someone learned about a topic is what they
//! filed under it; that a word of it stands in some other entry is a mention.

use std::collections::{HashMap, HashSet};

use crate::index::{EntryRecord, Term, TermReader};

/// So many of the entries must be filed for that to say what they are about.
const FILED_MIN: f32 = 0.9;
/// A tag or folder with more of the entries is no topic: it is where everything lies.
const SHELF_MAX: f32 = 0.5;
/// A logbook with fewer tags and folders is parted, as into `work` and `home`, rather than filed.
const SHELVES_MIN: usize = 8;

/// The entries that are filed under a topic; none when the logbook is not filed by topics, or has no
/// tag or folder of that name.
pub(super) fn filed<'a>(
    entries: &'a [EntryRecord],
    topic: &[Vec<Term>],
    reader: &TermReader,
) -> Option<Vec<&'a EntryRecord>> {
    let mut shelves: HashMap<&str, HashSet<usize>> = HashMap::new();
    for (index, entry) in entries.iter().enumerate() {
        for shelf in shelves_of(entry) {
            shelves.entry(shelf).or_default().insert(index);
        }
    }
    let part = |count: usize| count as f32 / entries.len().max(1) as f32;
    shelves.retain(|_, on_it| part(on_it.len()) <= SHELF_MAX);
    let on_any: HashSet<usize> = shelves.values().flatten().copied().collect();
    if shelves.len() < SHELVES_MIN || part(on_any.len()) < FILED_MIN {
        return None;
    }
    let named = shelves.iter().filter(|(name, _)| is_named(name, topic, reader));
    let mut on_it: Vec<usize> = named.flat_map(|(_, on_it)| on_it.iter().copied()).collect();
    on_it.sort_unstable();
    on_it.dedup();
    (!on_it.is_empty()).then(|| on_it.into_iter().map(|index| &entries[index]).collect())
}

/// The tags of an entry, and the folders of its note that have a name and not only a number.
fn shelves_of(entry: &EntryRecord) -> impl Iterator<Item = &str> {
    let folders = entry.path.rsplit_once('/').map_or("", |(folders, _)| folders).split('/');
    let folders = folders.filter(|folder| folder.chars().any(char::is_alphabetic));
    entry.tags.iter().map(String::as_str).chain(folders)
}

/// Whether a tag or folder has the words of a topic and no others.
fn is_named(shelf: &str, topic: &[Vec<Term>], reader: &TermReader) -> bool {
    let has = |words: &[Vec<Term>], word: &Vec<Term>| {
        words.iter().any(|other| other.iter().any(|term| word.contains(term)))
    };
    let name = reader.query_words(&shelf.replace(['-', '_'], " "));
    !topic.is_empty()
        && name.iter().all(|word| has(topic, word))
        && topic.iter().all(|word| has(&name, word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logbook::Lines;

    fn entry(path: &str, tags: &[&str]) -> EntryRecord {
        EntryRecord {
            root: "notes".to_owned(),
            path: path.to_owned(),
            ordinal: 0,
            title: String::new(),
            lines: Lines { first: 1, last: 1 },
            span: None,
            precision: None,
            source: None,
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        }
    }

    /// How many entries are filed under a topic.
    fn check(entries: &[EntryRecord], topic: &str, expected: Option<usize>) {
        let reader = TermReader::default();
        let found = filed(entries, &reader.query_words(topic), &reader);
        assert_eq!(found.map(|found| found.len()), expected, "{topic}");
    }

    const TOPICS: [&str; 9] =
        ["git", "vim", "react-native", "go", "css", "postgres", "chess", "bread", "running"];

    #[test]
    fn a_topic_is_a_tag_of_that_name() {
        let entries: Vec<_> = TOPICS.iter().map(|tag| entry("a.md", &[tag, "note"])).collect();
        check(&entries, "Go", Some(1));
        check(&entries, "react native", Some(1));
        check(&entries, "run", Some(1));
        check(&entries, "native", None);
        check(&entries, "git rebase", None);
        check(&entries, "note", None);
    }

    #[test]
    fn a_topic_is_a_folder_of_that_name() {
        let entries: Vec<_> =
            TOPICS.iter().map(|folder| entry(&format!("til/{folder}/2022/a.md"), &[])).collect();
        check(&entries, "postgres", Some(1));
        check(&entries, "til", None);
        check(&entries, "2022", None);
    }

    #[test]
    fn a_logbook_that_is_filed_in_part_is_not_filed() {
        let mut entries: Vec<_> = TOPICS.iter().map(|tag| entry("a.md", &[tag])).collect();
        entries.push(entry("b.md", &[]));
        check(&entries, "git", Some(1));
        entries.push(entry("c.md", &[]));
        check(&entries, "git", None);
        check(&[entry("work/a.md", &[]), entry("home/b.md", &[])], "work", None);
        check(&[], "git", None);
    }
}

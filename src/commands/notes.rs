//! The notes that citations are checked against, as they are today.

use std::{
    cell::RefCell,
    collections::HashMap,
    path::{Path, PathBuf},
};

use crate::{
    ask::{Citation, Passage},
    ingest::read_beneath,
    logbook::text,
    ui::Links,
};

/// The notes of a logbook, each read when it is first asked for, and then kept: the passages of
/// one answer are often of the same note.
pub(super) struct Notes {
    roots: HashMap<String, PathBuf>,
    /// The address that links have, with `{path}` in it; none for no links.
    link: Option<String>,
    texts: RefCell<HashMap<(String, String), Option<String>>>,
}

impl Notes {
    /// The notes below these folders, given as (name, path), and the address that links to them
    /// have.
    pub(super) fn new(roots: &[(String, String)], link: Option<&str>) -> Self {
        let roots = roots.iter().map(|(name, path)| (name.clone(), PathBuf::from(path))).collect();
        Self { roots, link: link.map(ToOwned::to_owned), texts: RefCell::default() }
    }

    /// The text of a passage's note; none when it can't be read any more.
    pub(super) fn text(&self, passage: &Passage) -> Option<String> {
        self.texts
            .borrow_mut()
            .entry((passage.root.clone(), passage.path.clone()))
            .or_insert_with(|| self.read(passage))
            .clone()
    }

    /// The files of the notes that are cited, as links.
    pub(super) fn links(&self, citations: &[Citation]) -> Links {
        let Some(link) = &self.link else { return Links::default() };
        Links::new(citations, link, &|citation| self.file(&citation.root, &citation.path))
    }

    /// The files of the passages that a model reads, as links of their numbers.
    pub(super) fn links_to(&self, passages: &[Passage]) -> Links {
        let numbered = passages.iter().zip(1..);
        // Whether a note still says so is of no matter to where it is.
        let of = |(passage, number)| Citation::of(number, passage, &|_| None);
        self.links(&numbered.map(of).collect::<Vec<_>>())
    }

    fn read(&self, passage: &Passage) -> Option<String> {
        let root = self.roots.get(&passage.root)?;
        let bytes = read_beneath(root, Path::new(&passage.path), u64::MAX).ok()?;
        text(&bytes)
    }

    /// Where a note is, by its root and its path below it.
    fn file(&self, root: &str, path: &str) -> Option<PathBuf> {
        Some(self.roots.get(root)?.join(path))
    }
}

use proptest::prelude::*;

use super::*;
use crate::logbook::{
    ReadOptions,
    generated::{path, text},
    read,
};

fn note(path: &str, text: &str) -> Note {
    read(path, text.as_bytes(), &ReadOptions::default()).unwrap()
}

/// Checks the chunks of a note, each as `lines | breadcrumb | text`.
fn check(text: &str, size: ChunkSize, expected: &[&str]) {
    let shown: Vec<String> = chunks(&note("a.md", text), size)
        .iter()
        .map(|chunk| format!("{} | {} | {}", chunk.lines, chunk.breadcrumb.join(" › "), chunk.text))
        .collect();
    assert_eq!(shown, expected, "{text}");
}

#[test]
fn a_heading_stands_with_the_text_below_it() {
    check(
        "# A\n\n## B\n\none\n\n## C\n\ntwo\n",
        ChunkSize::default(),
        &["1-5 | A › B | # A\n\n## B\n\none", "7-9 | A › C | ## C\n\ntwo"],
    );
    check("text\n\n# A\n", ChunkSize::default(), &["1 | A | text", "3 | A | # A"]);
}

/// Fault 34: a paragraph longer than the model reads.
#[test]
fn what_is_too_large_is_split_and_nothing_of_it_lost() {
    let size = ChunkSize { desired: 8, max: 12 };
    check("one two three four\n", size, &["1 | a | one two", "1 | a | three four"]);
    check("# A\n\nabcdefghijklmnop\n", size, &["1-3 | A | # A\n\nabcdefgh", "3 | A | ijklmnop"]);
}

/// Fault 29: a very large table is cut between its rows, and no row is lost.
#[test]
fn a_large_table_is_split_between_rows() {
    let rows: Vec<String> = (0..2_000).map(|row| format!("| row {row} | of many |")).collect();
    let text = format!("| a | b |\n|---|---|\n{}\n", rows.join("\n"));
    let chunks = chunks(&note("a.md", &text), ChunkSize::default());
    assert!(chunks.len() > 50, "{}", chunks.len());
    let lines: Vec<&str> = chunks.iter().flat_map(|chunk| chunk.text.lines()).collect();
    assert_eq!(lines[2..], rows);
}

/// Fault 31: a picture that stands in the text as data.
#[test]
fn data_in_the_text_is_no_part_of_a_chunk() {
    let picture =
        |size: usize| format!("![a map](data:image/png;base64,{}==)", "iVBOR".repeat(size));
    let around = &["1 | a | Before ![a map](", "1 | a | ) after"];
    for size in [1, 20, 2_000] {
        let text = format!("Before {} after\n", picture(size));
        check(&text, ChunkSize::default(), around);
    }
    let text = format!("{0} and {0}\n\n{1}\n", picture(3), picture(90));
    let shown: Vec<String> =
        chunks(&note("a.md", &text), ChunkSize::default()).into_iter().map(|it| it.text).collect();
    assert_eq!(shown, ["![a map](", ") and ![a map](", ")\n\n![a map](", ")"]);
    check("data:a;base64,;base64,b\n", ChunkSize::default(), &["1 | a | ;base64,b"]);
    check(
        "See database: x;base64,y\n",
        ChunkSize::default(),
        &["1 | a | See database: x;base64,y"],
    );
}

/// Fault 11: a line of ten megabytes is cut like any other text, in a time that grows with its length.
#[test]
fn a_very_long_line_is_split() {
    let text = "a word and another ".repeat(550_000);
    let size = ChunkSize { desired: 5_000, max: 10_000 };
    let chunks = chunks(&note("a.md", &text), size);
    let length: usize = chunks.iter().map(|chunk| chunk.text.len()).sum();
    assert!(chunks.iter().all(|chunk| chunk.text.chars().count() <= 10_000));
    assert!(length + chunks.len() >= text.trim_end().len(), "{length} of {}", text.len());
}

/// What is cut before the splitter sees it is cut where nothing is torn apart.
#[test]
fn a_long_text_is_parted_at_its_seams() {
    let check = |seam: &str, kept: &str| {
        let word = "word";
        let text = [word.repeat(3_000), word.repeat(3_000)].join(seam);
        let stretches = stretches(&text);
        assert_eq!(stretches[0].end, 12_000 + seam.len() - kept.len(), "{seam:?}");
        assert!(text[stretches[1].start..].starts_with(kept), "{seam:?}");
    };
    check("\n\n", "\n\n");
    check(" a\n", "\n");
    check(" ", " ");
    let text = format!("{}\n\n{}\n{}", "a".repeat(9_000), "b".repeat(2_000), "c d ".repeat(9_000));
    assert_eq!(stretches(&text)[0], 0..9_000);
    for character in ["é", "👩\u{200d}🚀", "e\u{301}"] {
        let unbroken = character.repeat(20_000);
        let stretches = stretches(&unbroken);
        assert!(stretches.len() > 1);
        for stretch in &stretches {
            assert!(unbroken[stretch.clone()].starts_with(character), "{character} {stretch:?}");
        }
        let whole: String = stretches.into_iter().map(|stretch| &unbroken[stretch]).collect();
        assert_eq!(whole, unbroken);
    }
}

/// Fault 41: emoji of several characters.
#[test]
fn a_cluster_of_characters_is_never_split() {
    let size = ChunkSize { desired: 4, max: 4 };
    check("👩‍🚀👩‍🚀", size, &["1 | a | 👩‍🚀", "1 | a | 👩‍🚀"]);
}

#[test]
fn a_quotation_mark_parts_nothing() {
    let size = ChunkSize { desired: 30, max: 40 };
    check(
        "We waited. One can't know who's there.\nOn s'y allonge.\n",
        size,
        &["1 | a | We waited. One can't know who's there.", "2 | a | On s'y allonge."],
    );
}

#[test]
fn front_matter_is_a_chunk_when_it_says_something_of_its_own() {
    check("---\ndate: 2022-03-14\n---\nx\n", ChunkSize::default(), &["4 | a | x"]);
    check(
        "---\nauthor: Lena\n---\nx\n",
        ChunkSize::default(),
        &["1-3 | a | ---\nauthor: Lena\n---", "4 | a | x"],
    );
}

fn size() -> impl Strategy<Value = ChunkSize> {
    (1_usize..60, 0_usize..60)
        .prop_map(|(desired, more)| ChunkSize { desired, max: desired + more })
}

/// The chunks of an entry, without the front matter.
fn of_entry(note: &Note, chunks: &[Chunk], entry_index: usize) -> Vec<Chunk> {
    let is_preamble =
        |chunk: &Chunk| note.preamble.as_ref().is_some_and(|(_, bytes)| *bytes == chunk.bytes);
    let of_entry = chunks.iter().filter(|chunk| chunk.entry_index == entry_index);
    of_entry.filter(|chunk| !is_preamble(chunk)).cloned().collect()
}

/// Where the text below the headings of a chunk begins; none when something else stands between
/// them.
fn body(note: &Note, chunk: &Chunk) -> Option<usize> {
    let mut body = chunk.bytes.start;
    for heading in headings_within(note, &chunk.bytes) {
        if !is_blank(&note.text[body..heading.bytes.start]) {
            return None;
        }
        body = heading.bytes.end.min(chunk.bytes.end);
    }
    Some(body)
}

proptest! {
    #[test]
    fn chunks_cover_every_entry_once_and_in_order(
        path in path(), text in text(), size in size(),
    ) {
        let Ok(note) = read(&path, text.as_bytes(), &ReadOptions::default()) else { return Ok(()) };
        let chunks = chunks(&note, size);
        for (entry_index, entry) in note.entries.iter().enumerate() {
            let mut covered = entry.bytes.start;
            for chunk in of_entry(&note, &chunks, entry_index) {
                prop_assert!(chunk.bytes.start >= covered, "{chunk:?} begins before {covered}");
                prop_assert!(chunk.bytes.end <= entry.bytes.end, "{chunk:?} leaves its entry");
                let left_out = &note.text[covered..chunk.bytes.start];
                prop_assert!(is_blank(left_out), "{left_out:?} is in no chunk");
                covered = chunk.bytes.end;
            }
            let left_out = &note.text[covered..entry.bytes.end];
            prop_assert!(is_blank(left_out), "{left_out:?} is in no chunk");
        }
        prop_assert!(chunks.is_sorted_by_key(|chunk| chunk.entry_index));
    }

    #[test]
    fn a_chunk_says_what_its_bytes_and_lines_say(path in path(), text in text(), size in size()) {
        let Ok(note) = read(&path, text.as_bytes(), &ReadOptions::default()) else { return Ok(()) };
        let lines = LineIndex::new(&note.text);
        for chunk in chunks(&note, size) {
            prop_assert_eq!(&chunk.text, &note.text[chunk.bytes.clone()]);
            prop_assert!(!is_blank(&chunk.text));
            prop_assert_eq!(chunk.lines.first, lines.line_number(chunk.bytes.start));
            prop_assert_eq!(chunk.lines.last, lines.line_number(chunk.bytes.end - 1));
        }
    }

    #[test]
    fn a_chunk_is_no_larger_than_its_headings_and_the_limit(
        path in path(), text in text(), size in size(),
    ) {
        let Ok(note) = read(&path, text.as_bytes(), &ReadOptions::default()) else { return Ok(()) };
        let chunks = chunks(&note, size);
        for chunk in (0..note.entries.len()).flat_map(|entry| of_entry(&note, &chunks, entry)) {
            let body = body(&note, &chunk);
            prop_assert!(body.is_some(), "{chunk:?} crosses a heading");
            let characters = note.text[body.unwrap_or_default()..chunk.bytes.end].trim().chars();
            prop_assert!(characters.count() <= size.max, "{chunk:?} is over {size:?}");
        }
    }
}

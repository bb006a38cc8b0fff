//! The file that a converted model lies in: named sections, each with its checksum.
//!
//! The small sections are read whole; of a table only the rows that a text needs, so that a first
//! question does not pay for a vocabulary. Whatever is read is checked. Positioned reads are used
//! and no memory mapping: a file that is cut short is then an error and not a signal.
//!
//! Layout, all numbers little-endian: eight bytes of magic, the length of the header in eight
//! bytes, the BLAKE3 hash of the header, the header as JSON, the sections.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{
    backends::models::PULL_HINT,
    error::{Context, Error, Result},
};

/// An open model.
#[derive(Debug)]
pub(crate) struct ModelFile {
    path: PathBuf,
    file: File,
    data_start: u64,
    sections: BTreeMap<String, Section>,
}

impl ModelFile {
    /// Opens a model and reads its header.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let mut file = File::open(path).map_err(|error| unreadable(path, &error))?;
        let mut preamble = [0; PREAMBLE_BYTES];
        file.read_exact(&mut preamble).map_err(|error| unreadable(path, &error))?;
        let (magic, rest) = preamble.split_at(MAGIC.len());
        let (length, sum) = rest.split_at(8);
        let length = length.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte));
        if magic != MAGIC || length > HEADER_BYTES_MAX {
            return Err(corrupt(path, "it is not a model of this version of twin"));
        }
        let mut header = Vec::new();
        Read::take(&file, length).read_to_end(&mut header).map_err(|e| unreadable(path, &e))?;
        if blake3::hash(&header).as_bytes() != sum {
            return Err(corrupt(path, "the checksum of its header differs"));
        }
        let sections =
            serde_json::from_slice(&header).map_err(|error| corrupt(path, &error.to_string()))?;
        let data_start = PREAMBLE_BYTES as u64 + length;
        Ok(Self { path: path.to_path_buf(), file, data_start, sections })
    }

    /// A whole section.
    pub(crate) fn bytes(&self, name: &str) -> Result<Vec<u8>> {
        let section = self.section(name)?;
        let length = usize::try_from(section.bytes)
            .map_err(|_| corrupt(&self.path, "a section is too large"))?;
        let mut bytes = vec![0; length];
        read_at(&self.file, &mut bytes, self.data_start + section.offset)
            .map_err(|error| unreadable(&self.path, &error))?;
        if blake3::hash(&bytes).to_hex().as_str() != section.blake3 {
            return Err(corrupt(&self.path, &format!("the checksum of {name} differs")));
        }
        Ok(bytes)
    }

    /// A section of numbers.
    pub(crate) fn floats(&self, name: &str) -> Result<Vec<f32>> {
        let bytes = self.bytes(name)?;
        Ok(bytes.as_chunks().0.iter().map(|number| f32::from_le_bytes(*number)).collect())
    }

    /// A section of unsigned whole numbers.
    pub(crate) fn words(&self, name: &str) -> Result<Vec<u32>> {
        let bytes = self.bytes(name)?;
        Ok(bytes.as_chunks().0.iter().map(|number| u32::from_le_bytes(*number)).collect())
    }

    /// A section whose rows are read one by one.
    pub(crate) fn table(&self, name: &str, row_bytes: usize) -> Result<Table> {
        let section = self.section(name)?;
        let checks = self.words(&checks_name(name))?;
        if section.bytes != (checks.len() * row_bytes) as u64 {
            return Err(corrupt(&self.path, &format!("{name} has another number of rows")));
        }
        let file = self.file.try_clone().map_err(|error| unreadable(&self.path, &error))?;
        let start = self.data_start + section.offset;
        Ok(Table { path: self.path.clone(), file, start, row_bytes, checks })
    }

    fn section(&self, name: &str) -> Result<&Section> {
        self.sections.get(name).ok_or_else(|| corrupt(&self.path, &format!("it has no {name}")))
    }
}

/// Rows of bytes in a model's file.
#[derive(Debug)]
pub(crate) struct Table {
    path: PathBuf,
    file: File,
    start: u64,
    row_bytes: usize,
    checks: Vec<u32>,
}

impl Table {
    /// Reads one row; the buffer has its length.
    pub(crate) fn read(&self, row: u32, buffer: &mut [u8]) -> Result<()> {
        let check = self
            .checks
            .get(row as usize)
            .ok_or_else(|| corrupt(&self.path, &format!("it has no row {row}")))?;
        let offset = self.start + u64::from(row) * self.row_bytes as u64;
        read_at(&self.file, buffer, offset).map_err(|error| unreadable(&self.path, &error))?;
        if row_check(buffer) == *check {
            Ok(())
        } else {
            Err(corrupt(&self.path, &format!("the checksum of row {row} differs")))
        }
    }
}

/// The sections of a model that is being made.
#[derive(Debug, Default)]
pub(crate) struct Sections(Vec<(String, Vec<u8>)>);

impl Sections {
    /// Adds a section as it is.
    pub(crate) fn push(&mut self, name: &str, bytes: Vec<u8>) {
        self.0.push((name.to_owned(), bytes));
    }

    /// Adds a section of unsigned whole numbers.
    pub(crate) fn push_words(&mut self, name: &str, words: &[u32]) {
        self.push(name, words.iter().flat_map(|word| word.to_le_bytes()).collect());
    }

    /// Adds a section of numbers.
    pub(crate) fn push_floats(&mut self, name: &str, floats: &[f32]) {
        self.push(name, floats.iter().flat_map(|float| float.to_le_bytes()).collect());
    }

    /// Adds a section whose rows are read one by one.
    pub(crate) fn push_table(&mut self, name: &str, row_bytes: usize, bytes: Vec<u8>) {
        let checks: Vec<u32> = bytes.chunks_exact(row_bytes).map(row_check).collect();
        self.push_words(&checks_name(name), &checks);
        self.push(name, bytes);
    }

    /// Writes the file and brings it to the disk.
    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        let mut sections = BTreeMap::new();
        let mut offset = 0;
        for (name, bytes) in &self.0 {
            let blake3 = blake3::hash(bytes).to_hex().to_string();
            let section = Section { offset, bytes: bytes.len() as u64, blake3 };
            offset += section.bytes;
            sections.insert(name, section);
        }
        let header = serde_json::to_vec(&sections).context(|| "write a header".to_owned())?;
        let write = || -> io::Result<()> {
            let mut writer = BufWriter::new(File::create(path)?);
            writer.write_all(MAGIC)?;
            writer.write_all(&(header.len() as u64).to_le_bytes())?;
            writer.write_all(blake3::hash(&header).as_bytes())?;
            writer.write_all(&header)?;
            for (_, bytes) in &self.0 {
                writer.write_all(bytes)?;
            }
            writer.into_inner()?.sync_all()
        };
        write().context(|| format!("write {}", path.display()))
    }
}

const MAGIC: &[u8; 8] = b"TWINMDL1";
const PREAMBLE_BYTES: usize = MAGIC.len() + 8 + blake3::OUT_LEN;
const HEADER_BYTES_MAX: u64 = 1 << 20;

#[derive(Debug, Deserialize, Serialize)]
struct Section {
    offset: u64,
    bytes: u64,
    blake3: String,
}

fn checks_name(table: &str) -> String {
    format!("{table}.checks")
}

fn row_check(row: &[u8]) -> u32 {
    let hash = blake3::hash(row);
    let [first, second, third, fourth, ..] = *hash.as_bytes();
    u32::from_le_bytes([first, second, third, fourth])
}

fn corrupt(path: &Path, reason: &str) -> Error {
    Error::failed(format!("the model {}: {reason}", path.display())).hint(PULL_HINT)
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    corrupt(path, &error.to_string())
}

#[cfg(unix)]
pub(super) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
}

#[cfg(windows)]
pub(super) fn read_at(file: &File, mut buffer: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !buffer.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, buffer, offset)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => {
                buffer = &mut buffer[count..];
                offset += count as u64;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write_sample(folder: &Path) -> PathBuf {
        let path = folder.join("model.bin");
        let mut sections = Sections::default();
        sections.push_floats("bias", &[0.5, -2.0]);
        sections.push_table("table", 4, b"rowArowBrowC".to_vec());
        sections.write(&path).unwrap();
        path
    }

    fn read_all(path: &Path) -> Result<(Vec<f32>, Vec<u8>)> {
        let model = ModelFile::open(path)?;
        let floats = model.floats("bias")?;
        let table = model.table("table", 4)?;
        let mut rows = vec![0; 12];
        for (row, buffer) in (0..).zip(rows.chunks_exact_mut(4)) {
            table.read(row, buffer)?;
        }
        Ok((floats, rows))
    }

    #[test]
    fn what_is_written_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let (floats, rows) = read_all(&write_sample(folder.path())).unwrap();
        assert_eq!(floats, [0.5, -2.0]);
        assert_eq!(rows, b"rowArowBrowC");
    }

    /// Faults 72 and 93: a flipped byte in any file of the index; a damaged model.
    #[test]
    fn a_flipped_byte_anywhere_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = write_sample(folder.path());
        let whole = std::fs::read(&path).unwrap();
        for index in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[index] ^= 0x10;
            std::fs::write(&path, flipped).unwrap();
            let error = read_all(&path).expect_err("a flipped byte");
            assert_eq!(error.remedy(), Some(PULL_HINT), "byte {index}: {error}");
        }
    }

    /// Faults 73 and 92: a file of the index without a byte; the download of a model is cut off.
    #[test]
    fn a_file_that_is_cut_short_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = write_sample(folder.path());
        let whole = std::fs::read(&path).unwrap();
        for length in 0..whole.len() {
            std::fs::write(&path, &whole[..length]).unwrap();
            assert!(read_all(&path).is_err(), "{length} bytes");
        }
    }
}

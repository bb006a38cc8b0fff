//! Whether the index is on a disk of another machine, where locks and mapped files can't be relied on.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::workspace::Workspace;

/// Where Linux says what is mounted.
const MOUNTS: &str = "/proc/self/mountinfo";
/// The file systems of disks that are reached over a network, by the names that Linux has for them.
const NETWORK: [&str; 14] = [
    "afs",
    "ceph",
    "cifs",
    "davfs",
    "fuse.davfs2",
    "fuse.glusterfs",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.sshfs",
    "lustre",
    "nfs",
    "nfs4",
    "smb3",
    "smbfs",
];

/// Warns when the index is on such a disk.
pub(super) fn warn(workspace: &Workspace) {
    if let Some(text) = warning(&workspace.folder()) {
        workspace.terminal.warn(&text);
    }
}

/// What is to be said of the place of the index; nothing where it is fine, or can't be known.
pub(super) fn warning(folder: &Path) -> Option<String> {
    let there = folder.ancestors().find_map(|folder| folder.canonicalize().ok())?;
    let kind = kind(&fs::read_to_string(MOUNTS).ok()?, &there)?;
    NETWORK.contains(&kind.as_str()).then(|| {
        format!(
            "the index in {} is on a network disk ({kind}), whose locks and mapped files can't be \
             relied on: set TWIN_HOME or XDG_DATA_HOME to a folder on a disk of this machine",
            folder.display()
        )
    })
}

/// The kind of file system that a folder is on, by what is mounted.
///
/// Source of the form: the manual page of `proc_pid_mountinfo`.
fn kind(mounts: &str, folder: &Path) -> Option<String> {
    let of = |line: &str| {
        let (mount, source) = line.split_once(" - ")?;
        let place = PathBuf::from(unescaped(mount.split(' ').nth(4)?));
        let kind = source.split(' ').next()?.to_owned();
        folder.starts_with(&place).then_some((place, kind))
    };
    // What is mounted later at the same place hides what was there.
    let over = mounts.lines().filter_map(of).max_by_key(|(place, _)| place.components().count());
    over.map(|(_, kind)| kind)
}

/// A path with what stands in it as three octal digits, such as `\040` for a space.
fn unescaped(path: &str) -> String {
    [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")]
        .into_iter()
        .fold(path.to_owned(), |path, (escape, character)| path.replace(escape, character))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
        22 1 253:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n\
        30 22 0:40 / /home rw,relatime shared:2 - nfs4 files:/home rw,vers=4.2\n\
        31 30 0:41 / /home/lena/on\\040here rw - tmpfs tmpfs rw\n\
        32 22 0:42 / /media/notes rw,nosuid - ext4 /dev/sdb rw\n\
        33 22 0:43 / /media/notes rw,nosuid - fuse.sshfs lena@there: rw\n";

    /// Fault 86: the index on a network disk.
    #[test]
    fn a_network_disk_is_known_by_what_is_mounted() {
        let check = |folder: &str, expected: &str, is_network: bool| {
            let kind = kind(MOUNTS, Path::new(folder)).unwrap();
            assert_eq!((kind.as_str(), NETWORK.contains(&kind.as_str())), (expected, is_network));
        };
        check("/var/lib/twin", "ext4", false);
        check("/home/lena/.local/share", "nfs4", true);
        check("/homely", "ext4", false);
        check("/home/lena/on here/twin", "tmpfs", false);
        check("/media/notes/twin", "fuse.sshfs", true);
        assert_eq!(kind("", Path::new("/home")), None);
    }

    #[test]
    fn a_disk_of_this_machine_is_fine() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(warning(&folder.path().join("not/yet")), None);
    }
}

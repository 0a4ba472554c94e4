//! A folder that only an administrator writes to.
//!
//! What is read from it decides what a PIN is presented to or whom this computer believes, so whoever can write to it must be
//! somebody who could replace this program as well: the folder, everything above it and the files in it belong to root, and nobody
//! else may write to them. No link is followed anywhere.
#![forbid(unsafe_code)]

use std::{
    ffi::{OsStr, OsString},
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use rustix::fs::{FileType, Mode, OFlags, Stat, fstat, open, openat};

/// Most entries of a folder that are looked at.
const MAX_ENTRIES: usize = 1024;
/// The administrator.
const ROOT: u32 = 0;
/// Write permission of group and others.
const OTHERS_WRITE: Mode = Mode::WGRP.union(Mode::WOTH);

/// Something in a folder, or the folder itself, that is not used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {reason}", path.display())]
pub struct FolderFault {
    /// Which file or folder.
    pub path: PathBuf,
    /// Why.
    pub reason: FaultReason,
}

/// Why something in a folder is not used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultReason {
    /// Somebody else could have written it.
    #[error(transparent)]
    Distrusted(#[from] Distrust),
    /// It is a link, a folder, a device: anything but a file.
    #[error("it is no regular file")]
    NotAFile,
    /// A part of the folder's path is a link or a file.
    #[error("it is no folder, or a link to one")]
    NotAFolder,
    /// Larger than anything of its kind.
    #[error("it has more than {most} bytes")]
    TooLarge {
        /// The most bytes.
        most: usize,
    },
    /// There are too many.
    #[error("there are more than {most} {kind}, or {MAX_ENTRIES} entries in the folder")]
    TooMany {
        /// The most that are read.
        most: usize,
        /// What they are, in the plural.
        kind: &'static str,
    },
    /// Its bytes are no text.
    #[error("it is not UTF-8")]
    NotUtf8,
    /// What is in it.
    #[error("{0}")]
    Content(String),
    /// The system.
    #[error("it cannot be read: {0}")]
    System(io::ErrorKind),
}

/// Who else could have written something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Distrust {
    /// Its owner.
    #[error("it belongs to user {owner}, and must belong to root")]
    Owner {
        /// The user's number.
        owner: u32,
    },
    /// Others than its owner.
    #[error("others than root may write to it (mode {mode:03o})")]
    Writable {
        /// Its permissions.
        mode: u32,
    },
}

/// Such a folder, opened.
#[derive(Debug)]
pub struct RootFolder {
    path: PathBuf,
    directory: File,
}

impl RootFolder {
    /// Opens a folder if it and everything above it is root's. `None` where there is none, and on systems whose files are not owned in
    /// this way.
    ///
    /// # Errors
    /// [`FolderFault`] names the folder on the way that is not believed.
    pub fn open(folder: &Path) -> Result<Option<Self>, FolderFault> {
        if !cfg!(any(target_os = "linux", target_os = "macos")) {
            return Ok(None);
        }
        let mut above: Vec<&Path> = folder.ancestors().collect();
        above.reverse();
        let mut opened = None;
        for path in above {
            // a link anywhere in the path is not followed: it could lead out of what was looked at
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            let of_path = |reason| FolderFault { path: path.to_owned(), reason };
            let directory = match open(path, flags, Mode::empty()) {
                Ok(directory) => directory,
                Err(rustix::io::Errno::NOENT) => return Ok(None),
                Err(rustix::io::Errno::NOTDIR | rustix::io::Errno::LOOP) => {
                    return Err(of_path(FaultReason::NotAFolder));
                }
                Err(error) => return Err(of_path(system(error))),
            };
            let stat = fstat(&directory).map_err(|error| of_path(system(error)))?;
            trust(&stat).map_err(|distrust| of_path(distrust.into()))?;
            opened = Some(File::from(directory));
        }
        Ok(opened.map(|directory| Self { path: folder.to_owned(), directory }))
    }

    /// Its files of one kind, by name; what cannot be read becomes a fault and leaves the others as they are.
    pub fn files(&self, kind: &FileKind, faults: &mut Vec<FolderFault>) -> Vec<(OsString, Vec<u8>)> {
        let (names, all) = match self.names(kind) {
            Ok(names) => names,
            Err(error) => {
                faults.push(self.fault(FaultReason::System(error.kind())));
                return Vec::new();
            }
        };
        if !all {
            faults.push(self.fault(FaultReason::TooMany { most: kind.most, kind: kind.plural }));
        }
        let mut files = Vec::new();
        for name in names {
            match self.read(&name, kind.max_length) {
                Ok(bytes) => files.push((name, bytes)),
                Err(reason) => faults.push(self.fault_in(&name, reason)),
            }
        }
        files
    }

    /// Reads a file that is root's.
    ///
    /// # Errors
    /// [`FaultReason`].
    pub fn read(&self, name: &OsStr, max_length: usize) -> Result<Vec<u8>, FaultReason> {
        // a pipe does not keep anybody waiting
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = openat(&self.directory, name, flags, Mode::empty()).map_err(|error| match error {
            rustix::io::Errno::LOOP | rustix::io::Errno::NXIO => FaultReason::NotAFile,
            error => system(error),
        })?;
        // of what was opened, whatever has its name by now
        let stat = fstat(&file).map_err(system)?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            return Err(FaultReason::NotAFile);
        }
        trust(&stat)?;
        let mut bytes = Vec::new();
        let limit = u64::try_from(max_length).unwrap_or(u64::MAX).saturating_add(1);
        File::from(file)
            .take(limit)
            .read_to_end(&mut bytes)
            .map_err(|error| FaultReason::System(error.kind()))?;
        if bytes.len() > max_length { Err(FaultReason::TooLarge { most: max_length }) } else { Ok(bytes) }
    }

    /// A fault of the folder itself.
    #[must_use]
    pub fn fault(&self, reason: FaultReason) -> FolderFault {
        FolderFault { path: self.path.clone(), reason }
    }

    /// A fault of a file in it.
    #[must_use]
    pub fn fault_in(&self, name: &OsStr, reason: FaultReason) -> FolderFault {
        FolderFault { path: self.path.join(name), reason }
    }

    /// The names of files of a kind, in order, and whether these are all.
    fn names(&self, kind: &FileKind) -> io::Result<(Vec<OsString>, bool)> {
        let mut names = Vec::new();
        let mut entries = 0;
        for entry in fs::read_dir(&self.path)? {
            entries += 1;
            if entries > MAX_ENTRIES {
                break;
            }
            let name = entry?.file_name();
            if Path::new(&name).extension().is_some_and(|ending| ending == kind.ending) {
                names.push(name);
            }
        }
        names.sort();
        let all = entries <= MAX_ENTRIES && names.len() <= kind.most;
        names.truncate(kind.most);
        Ok((names, all))
    }
}

/// A kind of files.
#[derive(Debug, Clone, Copy)]
pub struct FileKind {
    /// How their names end, without the dot.
    pub ending: &'static str,
    /// What they are, in the plural.
    pub plural: &'static str,
    /// Most that are read.
    pub most: usize,
    /// Most bytes of one.
    pub max_length: usize,
}

fn trust(stat: &Stat) -> Result<(), Distrust> {
    who_could_write(stat.st_uid, Mode::from_raw_mode(stat.st_mode))
}

fn who_could_write(owner: u32, mode: Mode) -> Result<(), Distrust> {
    if owner != ROOT {
        return Err(Distrust::Owner { owner });
    }
    if mode.intersects(OTHERS_WRITE) {
        return Err(Distrust::Writable { mode: mode.bits() & 0o777 });
    }
    Ok(())
}

fn system(error: rustix::io::Errno) -> FaultReason {
    FaultReason::System(io::Error::from(error).kind())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

    use super::*;

    #[test]
    fn only_what_nobody_but_root_writes_is_believed() {
        for mode in [0o644, 0o600, 0o444, 0o755, 0o1755] {
            assert_eq!(who_could_write(ROOT, Mode::from_raw_mode(mode)), Ok(()), "{mode:o}");
            let owner = Distrust::Owner { owner: 1000 };
            assert_eq!(who_could_write(1000, Mode::from_raw_mode(mode)), Err(owner), "{mode:o}");
        }
        for mode in [0o664, 0o646, 0o622, 0o777, 0o1777] {
            let writable = Distrust::Writable { mode: mode & 0o777 };
            assert_eq!(who_could_write(ROOT, Mode::from_raw_mode(mode)), Err(writable), "{mode:o}");
        }
    }

    #[test]
    fn a_folder_below_one_that_everybody_writes_to_is_not_read() {
        let folder = tempfile::tempdir_in("/tmp").unwrap();
        fs::write(folder.path().join("mine.toml"), "schema = 1").unwrap();
        let fault = RootFolder::open(folder.path()).unwrap_err();
        assert!(matches!(fault.reason, FaultReason::Distrusted(_)), "{fault}");
        assert!(folder.path().starts_with(&fault.path) && fault.path != folder.path(), "{fault}");
    }

    #[test]
    fn a_folder_that_is_not_there_is_empty() {
        assert!(RootFolder::open(Path::new("/usr/no-such-folder/profiles")).unwrap().is_none());
    }
}

//! The administrator's folder of card profiles.
//!
//! A profile decides what a PIN is presented to, so whoever can write one must be somebody who could replace this program as
//! well: the folder, everything above it and the files in it belong to root, and nobody else may write to them. The folder's
//! place is fixed; no variable, option or setting moves it.
//!
//! | system | folder |
//! |---|---|
//! | Linux | `/etc/bitaqa/profiles` |
//! | macOS | `/Library/Application Support/Bitaqa/profiles` |
//!
//! On other systems nothing is loaded.
//!
//! A file that cannot be used is a [`ProfileFault`] and leaves the others as they are. No fault ever adds a profile, and none
//! takes one away that is compiled in: a file with the name of such a profile is a fault itself.

use std::{
    ffi::OsString,
    fmt,
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use bitaqa_card::{Profile, profile::MAX_TEXT, profile::ProfileError};
use rustix::fs::{FileType, Mode, OFlags, Stat, fstat, open, openat};

/// Where the profiles are.
#[cfg(not(target_os = "macos"))]
pub const FOLDER: &str = "/etc/bitaqa/profiles";
/// Where the profiles are.
#[cfg(target_os = "macos")]
pub const FOLDER: &str = "/Library/Application Support/Bitaqa/profiles";

/// How the names of profiles end.
const ENDING: &str = "toml";
/// Most profiles that are loaded.
const MAX_PROFILES: usize = 64;
/// Most entries of the folder that are looked at.
const MAX_ENTRIES: usize = 1024;
/// The administrator.
const ROOT: u32 = 0;
/// Write permission of group and others.
const OTHERS_WRITE: Mode = Mode::WGRP.union(Mode::WOTH);

/// The profiles of this computer.
#[derive(Debug, Clone)]
pub struct CardProfiles {
    /// Those of the folder, by name, then those that are compiled in: the order in which they are tried.
    pub profiles: Vec<Profile>,
    /// How many of them come from the folder.
    pub loaded: usize,
    /// What could not be loaded, and why.
    pub faults: Vec<ProfileFault>,
}

/// Something in the folder, or the folder itself, that is not used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {reason}", path.display())]
pub struct ProfileFault {
    /// Which file or folder.
    pub path: PathBuf,
    /// Why.
    pub reason: FaultReason,
}

/// Why something in the folder is not used.
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
    /// Larger than any profile.
    #[error("it has more than {MAX_TEXT} bytes")]
    TooLarge,
    /// There are too many.
    #[error("there are more than {MAX_PROFILES} profiles, or {MAX_ENTRIES} entries in the folder")]
    TooMany,
    /// Its bytes are no text.
    #[error("it is not UTF-8")]
    NotUtf8,
    /// The profile itself.
    #[error("{0}")]
    Profile(String),
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

impl CardProfiles {
    /// Reads the folder. One that is not there is empty.
    ///
    /// # Errors
    /// [`ProfileError`] where a compiled-in profile is none; a test of the card layer proves that it does not happen.
    pub fn of_this_computer() -> Result<Self, ProfileError> {
        let mut faults = Vec::new();
        let loaded = if cfg!(any(target_os = "linux", target_os = "macos")) {
            load(Path::new(FOLDER), &mut faults)
        } else {
            Vec::new()
        };
        let count = loaded.len();
        Ok(Self { profiles: Profile::before_compiled_in(loaded)?, loaded: count, faults })
    }

    /// Whether a profile comes from the folder: the path of its file, or nothing where it is compiled in.
    #[must_use]
    pub fn source_of(&self, name: &str) -> Option<PathBuf> {
        let from_folder = self.profiles.get(..self.loaded)?.iter().any(|profile| profile.name == name);
        from_folder.then(|| Path::new(FOLDER).join(name).with_extension(ENDING))
    }
}

fn load(folder: &Path, faults: &mut Vec<ProfileFault>) -> Vec<Profile> {
    let fault = |path: &Path, reason| ProfileFault { path: path.to_owned(), reason };
    let directory = match open_folder(folder) {
        Ok(Some(directory)) => directory,
        Ok(None) => return Vec::new(),
        Err((path, reason)) => {
            faults.push(fault(&path, reason));
            return Vec::new();
        }
    };
    let (names, all) = match names(folder) {
        Ok(names) => names,
        Err(error) => {
            faults.push(fault(folder, FaultReason::System(error.kind())));
            return Vec::new();
        }
    };
    if !all {
        faults.push(fault(folder, FaultReason::TooMany));
    }
    let mut profiles = Vec::new();
    for name in names {
        match profile(&directory, &name) {
            Ok(profile) => profiles.push(profile),
            Err(reason) => faults.push(fault(&folder.join(&name), reason)),
        }
    }
    profiles
}

/// Opens the folder if it and everything above it is root's. `None` where there is none.
fn open_folder(folder: &Path) -> Result<Option<File>, (PathBuf, FaultReason)> {
    let mut above: Vec<&Path> = folder.ancestors().collect();
    above.reverse();
    let mut opened = None;
    for path in above {
        // a link anywhere in the path is not followed: it could lead out of what was looked at
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let of_path = |reason| (path.to_owned(), reason);
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
    Ok(opened)
}

/// The names of profiles in the folder, in order, and whether these are all.
fn names(folder: &Path) -> io::Result<(Vec<OsString>, bool)> {
    let mut names = Vec::new();
    let mut entries = 0;
    for entry in fs::read_dir(folder)? {
        entries += 1;
        if entries > MAX_ENTRIES {
            break;
        }
        let name = entry?.file_name();
        if Path::new(&name).extension().is_some_and(|ending| ending == ENDING) {
            names.push(name);
        }
    }
    names.sort();
    let all = entries <= MAX_ENTRIES && names.len() <= MAX_PROFILES;
    names.truncate(MAX_PROFILES);
    Ok((names, all))
}

fn profile(directory: &File, name: &OsString) -> Result<Profile, FaultReason> {
    // a pipe does not keep anybody waiting
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = openat(directory, name, flags, Mode::empty()).map_err(|error| match error {
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
    let limit = u64::try_from(MAX_TEXT + 1).unwrap_or(u64::MAX);
    File::from(file)
        .take(limit)
        .read_to_end(&mut bytes)
        .map_err(|error| FaultReason::System(error.kind()))?;
    if bytes.len() > MAX_TEXT {
        return Err(FaultReason::TooLarge);
    }
    let text = String::from_utf8(bytes).map_err(|_| FaultReason::NotUtf8)?;
    let stem = Path::new(name).file_stem().unwrap_or_default().to_string_lossy();
    Profile::load(&stem, &text).map_err(|error| FaultReason::Profile(error.reason))
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

/// The faults as lines, for whoever looks at a terminal or a log.
impl fmt::Display for CardProfiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.faults.iter().try_for_each(|fault| writeln!(f, "card profile not used: {fault}"))
    }
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
        let mut faults = Vec::new();
        assert!(load(folder.path(), &mut faults).is_empty());
        let [fault] = &faults[..] else { panic!("{faults:?}") };
        assert!(matches!(fault.reason, FaultReason::Distrusted(_)), "{fault}");
        assert!(folder.path().starts_with(&fault.path) && fault.path != folder.path(), "{fault}");
    }

    #[test]
    fn a_folder_that_is_not_there_is_empty() {
        let mut faults = Vec::new();
        assert!(load(Path::new("/usr/no-such-folder/profiles"), &mut faults).is_empty());
        assert_eq!(faults, []);
    }
}

//! The administrator's folder of card profiles.
//!
//! A profile decides what a PIN is presented to, so only files that nobody but root can write are read ([`crate::root_folder`]). The
//! folder's place is fixed; no variable, option or setting moves it.
//!
//! | system | folder |
//! |---|---|
//! | Linux | `/etc/bitaqa/profiles` |
//! | macOS | `/Library/Application Support/Bitaqa/profiles` |
//!
//! On other systems nothing is loaded.
//!
//! A file that cannot be used is a [`FolderFault`] and leaves the others as they are. No fault ever adds a profile, and none
//! takes one away that is compiled in: a file with the name of such a profile is a fault itself.

use std::{
    ffi::OsStr,
    fmt,
    path::{Path, PathBuf},
};

use bitaqa_card::{Profile, profile::MAX_TEXT, profile::ProfileError};

use crate::root_folder::{FaultReason, FileKind, FolderFault, RootFolder};

/// Where the profiles are.
#[cfg(not(target_os = "macos"))]
pub const FOLDER: &str = "/etc/bitaqa/profiles";
/// Where the profiles are.
#[cfg(target_os = "macos")]
pub const FOLDER: &str = "/Library/Application Support/Bitaqa/profiles";

const PROFILES: FileKind = FileKind { ending: "toml", plural: "profiles", most: 64, max_length: MAX_TEXT };

/// The profiles of this computer.
#[derive(Debug, Clone)]
pub struct CardProfiles {
    /// Those of the folder, by name, then those that are compiled in: the order in which they are tried.
    pub profiles: Vec<Profile>,
    /// How many of them come from the folder.
    pub loaded: usize,
    /// What could not be loaded, and why.
    pub faults: Vec<FolderFault>,
}

impl CardProfiles {
    /// Reads the folder. One that is not there is empty.
    ///
    /// # Errors
    /// [`ProfileError`] where a compiled-in profile is none; a test of the card layer proves that it does not happen.
    pub fn of_this_computer() -> Result<Self, ProfileError> {
        let mut faults = Vec::new();
        let loaded = load(Path::new(FOLDER), &mut faults);
        let count = loaded.len();
        Ok(Self { profiles: Profile::before_compiled_in(loaded)?, loaded: count, faults })
    }

    /// Whether a profile comes from the folder: the path of its file, or nothing where it is compiled in.
    #[must_use]
    pub fn source_of(&self, name: &str) -> Option<PathBuf> {
        let from_folder = self.profiles.get(..self.loaded)?.iter().any(|profile| profile.name == name);
        from_folder.then(|| Path::new(FOLDER).join(name).with_extension(PROFILES.ending))
    }
}

fn load(path: &Path, faults: &mut Vec<FolderFault>) -> Vec<Profile> {
    let folder = match RootFolder::open(path) {
        Ok(Some(folder)) => folder,
        Ok(None) => return Vec::new(),
        Err(fault) => {
            faults.push(fault);
            return Vec::new();
        }
    };
    let mut profiles = Vec::new();
    for (name, bytes) in folder.files(&PROFILES, faults) {
        match profile(&name, bytes) {
            Ok(profile) => profiles.push(profile),
            Err(reason) => faults.push(folder.fault_in(&name, reason)),
        }
    }
    profiles
}

fn profile(name: &OsStr, bytes: Vec<u8>) -> Result<Profile, FaultReason> {
    let text = String::from_utf8(bytes).map_err(|_| FaultReason::NotUtf8)?;
    let stem = Path::new(name).file_stem().unwrap_or_default().to_string_lossy();
    Profile::load(&stem, &text).map_err(|error| FaultReason::Content(error.reason))
}

/// The faults as lines, for whoever looks at a terminal or a log.
impl fmt::Display for CardProfiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.faults.iter().try_for_each(|fault| writeln!(f, "card profile not used: {fault}"))
    }
}

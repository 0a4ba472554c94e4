//! The administrator's folder of trust packs.
//!
//! A pack decides whom this computer believes, so only files that nobody but root can write are read ([`crate::root_folder`]).
//! `bitaqa trust add` puts them there. The folder's place is fixed; no variable, option or setting moves it.
//!
//! | system | folder |
//! |---|---|
//! | Linux | `/etc/bitaqa/trust` |
//! | macOS | `/Library/Application Support/Bitaqa/trust` |
//!
//! Beside the packs (`NAME.pack`) stands [`VERSIONS`], which remembers the highest version of each name that was ever installed: a
//! pack with a lower one is not used, also if somebody copied it there by hand.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fmt, io,
    path::{Path, PathBuf},
};

use bitaqa_trust::{
    TrustPack, TrustPacks,
    trust_pack::{MAX_LENGTH, PackName},
};
use serde::{Deserialize, Serialize};

use crate::root_folder::{FaultReason, FileKind, FolderFault, RootFolder};

/// Where the packs are.
#[cfg(not(target_os = "macos"))]
pub const FOLDER: &str = "/etc/bitaqa/trust";
/// Where the packs are.
#[cfg(target_os = "macos")]
pub const FOLDER: &str = "/Library/Application Support/Bitaqa/trust";

/// The file that remembers versions.
pub const VERSIONS: &str = "versions.json";

const PACKS: FileKind = FileKind { ending: "pack", plural: "trust packs", most: 64, max_length: MAX_LENGTH };
/// Most bytes of the file that remembers versions.
const MAX_VERSIONS: usize = 256 * 1024;

/// The highest version of each pack that was ever installed here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Versions {
    /// By the pack's name.
    pub highest: BTreeMap<PackName, u64>,
}

/// The trust packs of this computer.
#[derive(Debug, Clone)]
pub struct InstalledPacks {
    /// The packs, by name. Which of them count depends on the time.
    pub packs: TrustPacks,
    /// What is remembered of versions, or why that cannot be used.
    pub versions: Result<Versions, FolderFault>,
    /// What is not used, and why.
    pub faults: Vec<FolderFault>,
}

impl InstalledPacks {
    /// Reads the folder. One that is not there is empty.
    #[must_use]
    pub fn of_this_computer() -> Self {
        match RootFolder::open(Path::new(FOLDER)) {
            Ok(Some(folder)) => Self::load(&folder),
            Ok(None) => {
                Self { packs: TrustPacks::default(), versions: Ok(Versions::default()), faults: Vec::new() }
            }
            Err(fault) => {
                Self { packs: TrustPacks::default(), versions: Err(fault.clone()), faults: vec![fault] }
            }
        }
    }

    /// The file of a pack.
    #[must_use]
    pub fn file_of(name: &PackName) -> PathBuf {
        Path::new(FOLDER).join(name.as_str()).with_extension(PACKS.ending)
    }

    /// The pack of this name.
    #[must_use]
    pub fn pack(&self, name: &PackName) -> Option<&TrustPack> {
        self.packs.packs().iter().find(|pack| pack.name() == name)
    }

    fn load(folder: &RootFolder) -> Self {
        let versions = versions(folder).map_err(|reason| folder.fault_in(OsStr::new(VERSIONS), reason));
        let mut faults: Vec<FolderFault> = versions.as_ref().err().cloned().into_iter().collect();
        let mut packs = Vec::new();
        for (name, bytes) in folder.files(&PACKS, &mut faults) {
            match pack(&name, &bytes, versions.as_ref().ok()) {
                Ok(pack) => packs.push(pack),
                Err(reason) => faults.push(folder.fault_in(&name, reason)),
            }
        }
        Self { packs: TrustPacks::new(packs), versions, faults }
    }
}

/// What is remembered; nothing yet where there is no such file.
fn versions(folder: &RootFolder) -> Result<Versions, FaultReason> {
    match folder.read(OsStr::new(VERSIONS), MAX_VERSIONS) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| FaultReason::Content(error.to_string())),
        Err(FaultReason::System(io::ErrorKind::NotFound)) => Ok(Versions::default()),
        Err(reason) => Err(reason),
    }
}

fn pack(name: &OsStr, bytes: &[u8], versions: Option<&Versions>) -> Result<TrustPack, FaultReason> {
    let text = std::str::from_utf8(bytes).map_err(|_| FaultReason::NotUtf8)?;
    let pack = TrustPack::parse(text.trim_end()).map_err(|error| FaultReason::Content(error.to_string()))?;
    let own = pack.name();
    if Path::new(name).file_stem() != Some(OsStr::new(own.as_str())) {
        return Err(FaultReason::Content(format!("the pack is called {own}, and its file something else")));
    }
    let version = pack.contents().version;
    match versions.and_then(|versions| versions.highest.get(own)) {
        Some(highest) if version < *highest => Err(FaultReason::Content(format!(
            "it is version {version}, and version {highest} was installed here: a version never falls"
        ))),
        _ => Ok(pack),
    }
}

/// The faults as lines, for whoever looks at a terminal or a log.
impl fmt::Display for InstalledPacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.faults.iter().try_for_each(|fault| writeln!(f, "trust pack not used: {fault}"))
    }
}

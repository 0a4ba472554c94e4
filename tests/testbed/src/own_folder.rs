//! The folder of a test bed, and those that killed test beds left behind.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

use tempfile::TempDir;

/// Where the folders are. Clients cut the path of a socket silently at 107 bytes, so it has to be short.
const PARENT: &str = "/tmp";
/// How their names begin.
const PREFIX: &str = "bq";
/// The file in each that is locked as long as its test bed lives.
const ALIVE: &str = "alive";

/// A folder that goes with the test bed.
pub(crate) struct OwnFolder {
    folder: TempDir,
    /// The lock on [`ALIVE`] goes when the process does, however it ends.
    _alive: File,
}

impl OwnFolder {
    /// Makes a folder, and clears away those of test beds that are dead.
    pub(crate) fn create() -> io::Result<Self> {
        clear_away();
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(PARENT)?;
        let unlocked = folder.path().join("not-locked-yet");
        let alive = File::create(&unlocked)?;
        alive.lock()?;
        // under its name the file is locked from the beginning
        fs::rename(unlocked, folder.path().join(ALIVE))?;
        Ok(Self { folder, _alive: alive })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// What cannot be looked at or removed belongs to somebody else and stays.
fn clear_away() {
    let Ok(entries) = fs::read_dir(PARENT) else { return };
    for entry in entries.filter_map(Result::ok) {
        let ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX));
        if ours && is_abandoned(&entry.path()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn is_abandoned(folder: &Path) -> bool {
    File::open(folder.join(ALIVE)).is_ok_and(|alive| alive.try_lock().is_ok())
}

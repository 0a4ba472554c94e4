//! Files with personal data: for their owner's eyes only, and never over something that is there.

use std::{
    fs, io,
    io::Write as _,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

/// A folder to write to.
pub(super) struct OutputFolder(PathBuf);

impl OutputFolder {
    /// This folder; nothing is made yet.
    pub(super) fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Makes the folder if it is not there; one that is made here is the owner's alone.
    pub(super) fn create(&self) -> io::Result<()> {
        let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.0);
        made.map_err(|error| named(&self.0, &error))
    }

    /// Refuses if one of these is there: it is noticed before the card is asked for anything.
    pub(super) fn is_free_for<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> io::Result<()> {
        for name in names {
            let path = self.0.join(name);
            if path.symlink_metadata().is_ok() {
                return Err(named(&path, &io::ErrorKind::AlreadyExists.into()));
            }
        }
        Ok(())
    }

    /// Writes a new file.
    pub(super) fn write(&self, name: &str, content: &[u8]) -> io::Result<()> {
        let path = self.0.join(name);
        let mut options = fs::OpenOptions::new();
        let file = options.write(true).create_new(true).mode(0o600).open(&path);
        file.and_then(|mut file| file.write_all(content)).map_err(|error| named(&path, &error))
    }
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

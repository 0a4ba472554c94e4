//! The folder in which this user keeps what was fetched.

use std::{
    env,
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU64, Ordering},
};

/// What a file that is being written is called at its end.
pub(crate) const UNFINISHED: &str = "new";

/// A folder that belongs to the user, and that nobody else reads or writes.
#[derive(Debug, Clone)]
pub struct UserFolder {
    path: PathBuf,
}

impl UserFolder {
    /// Where this user's folder is: `$XDG_CACHE_HOME/bitaqa/validation`, or `~/.cache/bitaqa/validation`; on macOS
    /// `~/Library/Caches/bitaqa/validation`. None where there is no home.
    #[must_use]
    pub fn usual_place() -> Option<PathBuf> {
        let of_variable = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let in_home = if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" };
        let base =
            of_variable("XDG_CACHE_HOME").or_else(|| of_variable("HOME").map(|home| home.join(in_home)))?;
        Some(base.join("bitaqa/validation"))
    }

    /// Opens the folder, and makes it where it is not there.
    ///
    /// # Errors
    /// It cannot be made, is a link, belongs to somebody else, or others may write to it.
    pub fn open(path: &Path) -> io::Result<Self> {
        make_private(path)?;
        let metadata = fs::symlink_metadata(path)?;
        if !metadata.is_dir() || !is_private(&metadata) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        Ok(Self { path: path.to_owned() })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads a file of at most this many bytes; none if it is not there, or longer.
    pub(crate) fn read(&self, name: &str, most: usize) -> Option<Vec<u8>> {
        let path = self.path.join(name);
        let metadata = fs::symlink_metadata(&path).ok()?;
        let limit = u64::try_from(most).ok()?;
        if !metadata.is_file() || metadata.len() > limit {
            return None;
        }
        let mut bytes = Vec::new();
        File::open(path).ok()?.take(limit.saturating_add(1)).read_to_end(&mut bytes).ok()?;
        (bytes.len() <= most).then_some(bytes)
    }

    /// Writes a file, in whole or not at all.
    pub(crate) fn write(&self, name: &str, parts: &[&[u8]]) -> io::Result<()> {
        static COUNTER: AtomicU64 = AtomicU64::new(0);
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let unfinished = self.path.join(format!("{name}.{}-{number}.{UNFINISHED}", process::id()));
        let written = private_file(OpenOptions::new().write(true).create_new(true))
            .open(&unfinished)
            .and_then(|mut file| parts.iter().try_for_each(|part| file.write_all(part)))
            .and_then(|()| fs::rename(&unfinished, self.path.join(name)));
        if written.is_err() {
            // what is left of it goes with the next eviction if it does not go now
            let _ = fs::remove_file(&unfinished);
        }
        written
    }

    /// Removes a file, if it is there.
    pub(crate) fn remove(&self, name: &str) {
        // one that stays is replaced or runs out
        let _ = fs::remove_file(self.path.join(name));
    }

    /// Opens a file to read and write in place, and makes it where it is not there.
    pub(crate) fn open_in_place(&self, name: &str) -> io::Result<File> {
        let path = self.path.join(name);
        if fs::symlink_metadata(&path).is_ok_and(|metadata| !metadata.is_file()) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        private_file(OpenOptions::new().read(true).write(true).create(true).truncate(false)).open(path)
    }
}

#[cfg(unix)]
fn make_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
fn make_private(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

#[cfg(unix)]
fn is_private(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    metadata.uid() == rustix::process::geteuid().as_raw() && metadata.mode() & 0o022 == 0
}

/// The user's own folders are private there by what they inherit.
#[cfg(not(unix))]
fn is_private(_: &fs::Metadata) -> bool {
    true
}

#[cfg(unix)]
fn private_file(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600)
}

#[cfg(not(unix))]
fn private_file(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

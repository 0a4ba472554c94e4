use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use bitaqa_jose::{CompactJwe, JwsHeader, base64url};
use bitaqa_protocol::{Statement, identity::StatementText};
use bitaqa_trust::mediation::Joining;
use zeroize::Zeroizing;

use super::{
    HashUse, KeyStore, KeyStoreError, PublishedKey, VerifyingKey,
    key_set::{self, KeySet},
    keyed_hash,
    owners_file::{at, read_owners},
};
use crate::{
    clock::Seconds,
    secret::{Hash, random_bytes},
};

/// What the file is sealed for.
const PLACE: &str = "bitaqa-platform-keys-1";
/// Longest file, in bytes.
const MAX_LENGTH: u64 = 64 * 1024;

/// All keys in one file, encrypted with AES-256-GCM under a key that a second file holds, which only its owner may read. A process
/// that runs notices when another one writes it.
pub struct SealedFile {
    path: PathBuf,
    unsealing: Zeroizing<[u8; 32]>,
    opened: RwLock<(Version, Arc<KeySet>)>,
}

/// What tells one writing of a file from the next.
type Version = (u64, i64, i64);

impl SealedFile {
    /// Draws all keys and writes them; and the key that unseals them, where that file is not there yet.
    ///
    /// # Errors
    /// [`KeyStoreError::Exists`]: there are keys already, and everything that they sealed would be lost.
    pub fn create(path: &Path, unsealing: &Path, now: Seconds) -> Result<Self, KeyStoreError> {
        if path.try_exists().map_err(|error| at(path, error))? {
            return Err(KeyStoreError::Exists { path: path.to_owned() });
        }
        if !unsealing.try_exists().map_err(|error| at(unsealing, error))? {
            let text = Zeroizing::new(base64url::encode(&*Zeroizing::new(random_bytes::<32>())));
            write_new(unsealing, text.as_bytes())?;
        }
        write(path, &*read_unsealing(unsealing)?, &KeySet::generate(now)?)?;
        Self::open(path, unsealing)
    }

    /// Opens keys that are there.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    pub fn open(path: &Path, unsealing: &Path) -> Result<Self, KeyStoreError> {
        let unsealing = read_unsealing(unsealing)?;
        let opened = RwLock::new(read(path, &unsealing)?);
        Ok(Self { path: path.to_owned(), unsealing, opened })
    }

    /// The keys as the file has them now.
    fn keys(&self) -> Result<Arc<KeySet>, KeyStoreError> {
        let now = version(&fs::metadata(&self.path).map_err(|error| at(&self.path, error))?);
        {
            let opened = self.opened.read().unwrap_or_else(PoisonError::into_inner);
            if opened.0 == now {
                return Ok(Arc::clone(&opened.1));
            }
        }
        let fresh = read(&self.path, &self.unsealing)?;
        let keys = Arc::clone(&fresh.1);
        *self.opened.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(keys)
    }

    fn change(
        &self,
        change: impl FnOnce(&mut KeySet) -> Result<(), KeyStoreError>,
    ) -> Result<(), KeyStoreError> {
        let (_, keys) = read(&self.path, &self.unsealing)?;
        // nobody else has these yet
        let mut keys = Arc::try_unwrap(keys).map_err(|_| KeyStoreError::Signing)?;
        change(&mut keys)?;
        write(&self.path, &self.unsealing, &keys)
    }
}

impl KeyStore for SealedFile {
    fn published(&self) -> Result<Vec<VerifyingKey>, KeyStoreError> {
        Ok(self.keys()?.published())
    }

    fn encryption_keys(&self) -> Result<Vec<PublishedKey>, KeyStoreError> {
        Ok(self.keys()?.encryption_keys())
    }

    fn decrypt(&self, jwe: &CompactJwe<'_>) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
        Ok(self.keys()?.decrypt(jwe))
    }

    fn sign(&self, header: JwsHeader, payload: &[u8]) -> Result<String, KeyStoreError> {
        self.keys()?.sign(header, payload)
    }

    fn statement_keys(&self) -> Result<Vec<PublishedKey>, KeyStoreError> {
        Ok(self.keys()?.statement_keys())
    }

    fn issue_statement(&self, statement: &Statement) -> Result<String, KeyStoreError> {
        self.keys()?.issue_statement(statement)
    }

    fn issue_mediation(&self, joining: &Joining<'_>) -> Result<StatementText, KeyStoreError> {
        self.keys()?.issue_mediation(joining)
    }

    fn rotate_statement_keys(&self, now: Seconds) -> Result<(), KeyStoreError> {
        self.change(|keys| keys.rotate_statement_keys(now))
    }

    fn hash(&self, usage: HashUse, parts: &[&[u8]]) -> Result<Hash, KeyStoreError> {
        keyed_hash::hash(&*self.keys()?, usage, parts)
    }

    fn seal(&self, place: &str, content: &[u8]) -> Result<Vec<u8>, KeyStoreError> {
        keyed_hash::seal(&*self.keys()?, place, content)
    }

    fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, KeyStoreError> {
        keyed_hash::open(&*self.keys()?, place, sealed)
    }

    fn rotate(&self, now: Seconds) -> Result<(), KeyStoreError> {
        self.change(|keys| keys.rotate(now))
    }
}

fn read(path: &Path, unsealing: &[u8; 32]) -> Result<(Version, Arc<KeySet>), KeyStoreError> {
    let mut file = File::open(path).map_err(|error| at(path, error))?;
    let version = version(&file.metadata().map_err(|error| at(path, error))?);
    let mut sealed = Vec::new();
    Read::take(&mut file, MAX_LENGTH).read_to_end(&mut sealed).map_err(|error| at(path, error))?;
    let wrong = || KeyStoreError::Sealed { path: path.to_owned() };
    let text = Zeroizing::new(key_set::open(unsealing, PLACE, &sealed).ok_or_else(wrong)?);
    Ok((version, Arc::new(KeySet::read(&text).ok_or_else(wrong)?)))
}

/// Beside it first, then in its place: a reader finds the old file or the new one.
fn write(path: &Path, unsealing: &[u8; 32], keys: &KeySet) -> Result<(), KeyStoreError> {
    let text = keys.write().ok_or(KeyStoreError::Signing)?;
    let sealed = key_set::seal(unsealing, PLACE, &text).ok_or(KeyStoreError::Signing)?;
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(at(&beside, error)),
        _ => {}
    }
    write_new(&beside, &sealed)?;
    fs::rename(&beside, path).map_err(|error| at(path, error))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| at(folder, error))
}

fn write_new(path: &Path, content: &[u8]) -> Result<(), KeyStoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let written = options.open(path).and_then(|mut file| {
        file.write_all(content)?;
        file.sync_all()
    });
    written.map_err(|error| at(path, error))
}

fn read_unsealing(path: &Path) -> Result<Zeroizing<[u8; 32]>, KeyStoreError> {
    let bytes = base64url::decode(read_owners(path)?.as_str()).map(Zeroizing::new).ok();
    bytes
        .and_then(|bytes| <[u8; 32]>::try_from(bytes.as_slice()).ok())
        .map(Zeroizing::new)
        .ok_or_else(|| KeyStoreError::Unsealing { path: path.to_owned() })
}

fn version(metadata: &fs::Metadata) -> Version {
    (metadata.ino(), metadata.mtime(), metadata.mtime_nsec())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn keys(folder: &Path) -> SealedFile {
        SealedFile::create(&folder.join("keys"), &folder.join("unseal"), 1_000).unwrap()
    }

    #[test]
    fn files_that_others_can_read_or_that_were_altered_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (path, unsealing) = (folder.path().join("keys"), folder.path().join("unseal"));
        keys(folder.path());
        assert!(matches!(SealedFile::create(&path, &unsealing, 0), Err(KeyStoreError::Exists { .. })));
        for file in [&path, &unsealing] {
            assert_eq!(fs::metadata(file).unwrap().mode() & 0o777, 0o600);
        }
        fs::set_permissions(&unsealing, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(SealedFile::open(&path, &unsealing), Err(KeyStoreError::Readable { .. })));
        fs::set_permissions(&unsealing, fs::Permissions::from_mode(0o600)).unwrap();
        let mut sealed = fs::read(&path).unwrap();
        assert!(!sealed.windows(5).any(|part| part == b"P-256"));
        *sealed.last_mut().unwrap() ^= 1;
        fs::write(&path, sealed).unwrap();
        assert!(matches!(SealedFile::open(&path, &unsealing), Err(KeyStoreError::Sealed { .. })));
        fs::write(&unsealing, "too short").unwrap();
        assert!(matches!(SealedFile::open(&path, &unsealing), Err(KeyStoreError::Unsealing { .. })));
    }
}

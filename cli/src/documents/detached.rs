//! Content that is signed and stands beside the file with its signature. It is never read into memory as a whole.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    ffi::OsStr,
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use bitaqa_signature::{Hash, document::DetachedContent};

use crate::bounded_file::FileFault;

/// Bytes that are read at once.
const PIECE: usize = 256 * 1024;

/// Files that are signed.
pub(crate) struct DetachedFiles {
    paths: Vec<PathBuf>,
    /// Those that a signature asked for.
    read: RefCell<BTreeSet<PathBuf>>,
    fault: RefCell<Option<FileFault>>,
    /// What signatures call documents that are not among these; none for one that they do not name.
    missing: RefCell<BTreeSet<Option<String>>>,
}

impl DetachedFiles {
    pub(crate) fn new(paths: &[PathBuf]) -> Self {
        Self {
            paths: paths.to_vec(),
            read: RefCell::default(),
            fault: RefCell::default(),
            missing: RefCell::default(),
        }
    }

    /// A file that was given and that no signature is over: whoever gave it would take it for signed.
    pub(crate) fn unread(&self) -> Option<&PathBuf> {
        let read = self.read.borrow();
        self.paths.iter().find(|path| !read.contains(*path))
    }

    /// The names of documents that a signature asked for and that were not given.
    pub(crate) fn missing(&self) -> Vec<String> {
        self.missing.borrow().iter().flatten().cloned().collect()
    }

    /// Whether several files were given, and a signature that does not name its document could be over any of them.
    pub(crate) fn is_ambiguous(&self) -> bool {
        self.paths.len() > 1 && self.missing.borrow().contains(&None)
    }

    /// What kept a file from being read: then the question cannot be answered.
    pub(crate) fn fault(&self) -> Option<FileFault> {
        self.fault.take()
    }

    /// The file that a signature calls so, by the last part of its name; the only one where the signature names none.
    fn find(&self, name: Option<&str>) -> Option<&PathBuf> {
        match (name, &self.paths[..]) {
            (None, [only]) => Some(only),
            (None, _) => None,
            (Some(name), paths) => {
                let last = name.rsplit('/').next().unwrap_or(name);
                let unescaped = unescaped(last);
                let is_it = |own: &OsStr| own == last || unescaped.as_deref().is_some_and(|name| own == name);
                paths.iter().find(|path| path.file_name().is_some_and(is_it))
            }
        }
    }
}

impl DetachedContent for DetachedFiles {
    fn read(&self, name: Option<&str>, sink: &mut dyn FnMut(&[u8])) -> bool {
        let Some(path) = self.find(name) else {
            self.missing.borrow_mut().insert(name.map(str::to_owned));
            return false;
        };
        match read_pieces(path, sink) {
            Ok(()) => {
                self.read.borrow_mut().insert(path.clone());
                true
            }
            Err(error) => {
                *self.fault.borrow_mut() = Some(FileFault { path: path.clone(), error });
                false
            }
        }
    }
}

/// A name out of a URI reference (RFC 3986 section 2.1).
fn unescaped(name: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            let digits = std::str::from_utf8(&digits).ok()?.to_owned();
            bytes.push(u8::from_str_radix(&digits, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// The digest of a file, however long it is, and its SHA-256: both of the same bytes.
pub(crate) fn digests_of(path: &Path, hash: Hash) -> Result<(Vec<u8>, Vec<u8>), FileFault> {
    let mut hasher = (hash != Hash::Sha256).then(|| hash.hasher());
    let shown = shown_digest(path, &mut |piece| {
        if let Some(hasher) = &mut hasher {
            hasher.update(piece);
        }
    })?;
    let digest = match hasher {
        Some(hasher) => hasher.finish(),
        None => shown.clone(),
    };
    Ok((digest, shown))
}

/// The SHA-256 of a file, whose bytes the sink gets, too.
pub(crate) fn shown_digest(path: &Path, sink: &mut dyn FnMut(&[u8])) -> Result<Vec<u8>, FileFault> {
    let mut shown = Hash::Sha256.hasher();
    read_pieces(path, &mut |piece| {
        sink(piece);
        shown.update(piece);
    })
    .map_err(|error| FileFault { path: path.to_owned(), error })?;
    Ok(shown.finish())
}

fn read_pieces(path: &Path, sink: &mut dyn FnMut(&[u8])) -> io::Result<()> {
    let mut file = File::open(path)?;
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(length) => sink(piece.get(..length).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

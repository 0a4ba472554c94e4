//! Files of a chip (ISO 7816-4, section 7.2 to 7.4): a master file, dedicated files, transparent elementary files.

/// A file's place in its [`FileSystem`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileRef(usize);

/// Who may read an elementary file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Always,
    /// Nobody.
    Never,
    /// Whoever verified this reference data (its P2).
    AfterPin(u8),
    /// Whoever proved to have the issuer's key.
    AfterIssuerKey,
    /// Whoever opened the chip with basic access control or PACE.
    AfterOpening,
    /// Whoever opened the chip with PACE.
    AfterPace,
    /// A terminal that proved this right.
    WithRight(Right),
}

/// What a terminal can prove that it may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Any terminal that authenticated itself.
    Authenticated,
    /// DG3, fingerprints.
    Fingerprints,
    /// DG4, irises.
    Irises,
    /// The PIN of PACE, and whether it is in use.
    PinManagement,
}

/// Life cycle status of a file (ISO 7816-4, section 7.4.10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileLife {
    /// In use.
    Activated,
    /// Can be selected, with a warning, and not used.
    Deactivated,
}

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileKind {
    /// A dedicated file, with its name (AID) if it is an application.
    Directory {
        /// The DF name.
        name: Option<Vec<u8>>,
    },
    /// A transparent elementary file.
    Elementary {
        /// Its bytes.
        content: Vec<u8>,
        /// Its short file identifier, 1 to 30.
        short_id: Option<u8>,
        /// Who may read it.
        read: Access,
    },
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The file identifier.
    pub id: u16,
    /// The dedicated file around it; `None` for the master file.
    pub parent: Option<FileRef>,
    /// Its life cycle status.
    pub life: FileLife,
    /// What it is.
    pub kind: FileKind,
}

impl File {
    /// Is it a dedicated file?
    #[must_use]
    pub fn is_directory(&self) -> bool {
        matches!(self.kind, FileKind::Directory { .. })
    }

    /// Bytes of an elementary file.
    #[must_use]
    pub fn size(&self) -> Option<usize> {
        match &self.kind {
            FileKind::Elementary { content, .. } => Some(content.len()),
            FileKind::Directory { .. } => None,
        }
    }
}

/// The file identifier of the master file.
pub const MASTER_FILE: u16 = 0x3F00;

/// All files of a chip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSystem {
    files: Vec<File>,
}

impl FileSystem {
    /// A file system with its master file, which may itself have a name.
    #[must_use]
    pub fn new(name: Option<&[u8]>) -> Self {
        let kind = FileKind::Directory { name: name.map(<[u8]>::to_vec) };
        Self { files: vec![File { id: MASTER_FILE, parent: None, life: FileLife::Activated, kind }] }
    }

    /// The master file.
    #[must_use]
    pub const fn master_file(&self) -> FileRef {
        FileRef(0)
    }

    /// Adds a dedicated file.
    pub fn add_directory(&mut self, parent: FileRef, id: u16, name: Option<&[u8]>) -> FileRef {
        self.add(parent, id, FileKind::Directory { name: name.map(<[u8]>::to_vec) })
    }

    /// Adds an elementary file that anybody may read.
    pub fn add_file(&mut self, parent: FileRef, id: u16, content: Vec<u8>) -> FileRef {
        self.add(parent, id, FileKind::Elementary { content, short_id: None, read: Access::Always })
    }

    fn add(&mut self, parent: FileRef, id: u16, kind: FileKind) -> FileRef {
        self.files.push(File { id, parent: Some(parent), life: FileLife::Activated, kind });
        FileRef(self.files.len() - 1)
    }

    /// Adds bytes at the end of an elementary file.
    pub fn append(&mut self, file: FileRef, bytes: &[u8]) {
        if let Some(File { kind: FileKind::Elementary { content, .. }, .. }) = self.files.get_mut(file.0) {
            content.extend_from_slice(bytes);
        }
    }

    /// Writes something else into the elementary files that hold exactly these bytes; says in how many.
    pub fn rewrite(&mut self, before: &[u8], after: &[u8]) -> usize {
        let contents = self.files.iter_mut().filter_map(|file| match &mut file.kind {
            FileKind::Elementary { content, .. } if content == before => Some(content),
            _ => None,
        });
        contents.map(|content| *content = after.to_vec()).count()
    }

    /// Gives an elementary file a short file identifier.
    pub fn set_short_id(&mut self, file: FileRef, id: u8) {
        if let Some(File { kind: FileKind::Elementary { short_id, .. }, .. }) = self.files.get_mut(file.0) {
            *short_id = Some(id);
        }
    }

    /// Changes who may read an elementary file.
    pub fn set_read(&mut self, file: FileRef, access: Access) {
        if let Some(File { kind: FileKind::Elementary { read, .. }, .. }) = self.files.get_mut(file.0) {
            *read = access;
        }
    }

    /// Changes the life cycle status of a file.
    pub fn set_life(&mut self, file: FileRef, life: FileLife) {
        if let Some(file) = self.files.get_mut(file.0) {
            file.life = life;
        }
    }

    /// The file.
    #[must_use]
    pub fn get(&self, file: FileRef) -> Option<&File> {
        self.files.get(file.0)
    }

    /// The file with this identifier directly under a dedicated file.
    #[must_use]
    pub fn child(&self, directory: FileRef, id: u16) -> Option<FileRef> {
        self.find(|file| file.parent == Some(directory) && file.id == id)
    }

    /// The elementary file with this short identifier directly under a dedicated file.
    #[must_use]
    pub fn by_short_id(&self, directory: FileRef, id: u8) -> Option<FileRef> {
        self.find(|file| {
            file.parent == Some(directory)
                && matches!(file.kind, FileKind::Elementary { short_id: Some(own), .. } if own == id)
        })
    }

    /// The first dedicated file whose name begins with these bytes.
    #[must_use]
    pub fn by_name(&self, start: &[u8]) -> Option<FileRef> {
        self.find(
            |file| matches!(&file.kind, FileKind::Directory { name: Some(name) } if name.starts_with(start)),
        )
    }

    /// The file at the end of a path of identifiers that starts under `directory`.
    #[must_use]
    pub fn along(&self, directory: FileRef, path: &[u16]) -> Option<FileRef> {
        path.iter().try_fold(directory, |at, id| self.child(at, *id))
    }

    /// Identifier and bytes of each elementary file directly under the dedicated file that has a file with this identifier.
    #[must_use]
    pub fn beside(&self, id: u16) -> Vec<(u16, usize)> {
        let parent = self.files.iter().find(|file| file.id == id).and_then(|file| file.parent);
        let under = self.files.iter().filter(|file| file.parent == parent && parent.is_some());
        under.filter_map(|file| file.size().map(|size| (file.id, size))).collect()
    }

    /// Is the file `inner` the directory `outer`, or somewhere under it?
    #[must_use]
    pub fn is_within(&self, inner: FileRef, outer: FileRef) -> bool {
        let mut at = Some(inner);
        while let Some(file) = at {
            if file == outer {
                return true;
            }
            at = self.get(file).and_then(|file| file.parent);
        }
        false
    }

    fn find(&self, wanted: impl Fn(&File) -> bool) -> Option<FileRef> {
        self.files.iter().position(wanted).map(FileRef)
    }
}

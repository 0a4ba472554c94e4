//! SELECT (ISO 7816-4, section 11.2.2) and what it tells about a file (section 7.4).

use crate::{
    ber_tlv::{constructed, object},
    chip::{Answer, Chip, Refusal},
    command::Command,
    file_system::{File, FileKind, FileLife, FileRef, MASTER_FILE},
    rules::{ChildSelection, ControlInformation},
    status::StatusWord,
};

/// File control parameters, the template of P2 = 04.
const FCP_TEMPLATE: u32 = 0x62;
/// File control information, the template of P2 = 00.
const FCI_TEMPLATE: u32 = 0x6F;

impl Chip {
    pub(crate) fn select(&mut self, command: &Command) -> Result<Answer, Refusal> {
        // bits 2 and 1: first or only occurrence; bits 4 and 3: what to return (table 40)
        let template = match command.p2 {
            0x00 => Some(FCI_TEMPLATE),
            0x04 => Some(FCP_TEMPLATE),
            0x0C => None,
            0x01..=0x03 => return Err(StatusWord::FUNCTION_NOT_SUPPORTED.into()),
            _ => return Err(StatusWord::WRONG_PARAMETERS.into()),
        };
        let found = self.find(command.p1, &command.data)?;
        self.demand_opening_to_select(found)?;
        let file = self.files.get(found).ok_or(StatusWord::FILE_NOT_FOUND)?;
        let status = match file.life {
            FileLife::Activated => StatusWord::SUCCESS,
            FileLife::Deactivated => StatusWord::FILE_DEACTIVATED,
        };
        let own = self.templates.iter().find(|(directory, _)| *directory == found);
        let data = match (template, own) {
            (None, _) => Vec::new(),
            (Some(_), Some((_, own))) => own.clone(),
            (Some(template), None) => self.control_information(template, file),
        };
        match file.parent {
            Some(parent) if !file.is_directory() => {
                self.enter(parent, false);
                self.session.file = Some(found);
            }
            _ => self.enter(found, command.p1 == 0x04),
        }
        Ok(Answer { data, status, optional: true })
    }

    /// The file that P1 and the data field mean (table 39).
    fn find(&self, p1: u8, data: &[u8]) -> Result<FileRef, Refusal> {
        let here = self.session.directory;
        let master = self.files.master_file();
        let found = match p1 {
            0x00 => match identifiers(data)?.as_slice() {
                [] | [MASTER_FILE] => Some(master),
                [id] => self.by_identifier(*id),
                _ => return Err(StatusWord::LENGTH_AGAINST_PARAMETERS.into()),
            },
            0x01 => self.only_child(data)?.filter(|found| {
                self.is_directory(*found) || self.rules.child_selection == ChildSelection::AllFiles
            }),
            0x02 => self.only_child(data)?.filter(|found| !self.is_directory(*found)),
            0x03 if data.is_empty() => self.files.get(here).and_then(|file| file.parent),
            0x04 if (1..=16).contains(&data.len()) => self.files.by_name(data),
            0x03 | 0x04 => return Err(StatusWord::LENGTH_AGAINST_PARAMETERS.into()),
            0x08 => self.along(master, data)?,
            0x09 => self.along(here, data)?,
            _ => return Err(StatusWord::WRONG_PARAMETERS.into()),
        };
        found.ok_or_else(|| StatusWord::FILE_NOT_FOUND.into())
    }

    /// P1 = 00 looks at the children, the current file itself, its parent and its siblings (section 7.3.2).
    fn by_identifier(&self, id: u16) -> Option<FileRef> {
        let here = self.session.directory;
        let parent = self.files.get(here).and_then(|file| file.parent);
        let itself = [Some(here), parent].into_iter().flatten();
        self.files
            .child(here, id)
            .or_else(|| itself.clone().find(|file| self.files.get(*file).is_some_and(|file| file.id == id)))
            .or_else(|| parent.and_then(|parent| self.files.child(parent, id)))
    }

    fn only_child(&self, data: &[u8]) -> Result<Option<FileRef>, Refusal> {
        match identifiers(data)?.as_slice() {
            [id] => Ok(self.files.child(self.session.directory, *id)),
            _ => Err(StatusWord::LENGTH_AGAINST_PARAMETERS.into()),
        }
    }

    fn along(&self, start: FileRef, data: &[u8]) -> Result<Option<FileRef>, Refusal> {
        match identifiers(data)?.as_slice() {
            [] => Err(StatusWord::LENGTH_AGAINST_PARAMETERS.into()),
            // as clients of IAS-ECC cards write paths
            [MASTER_FILE, path @ ..] if self.rules.child_selection == ChildSelection::AllFiles => {
                Ok(self.files.along(self.files.master_file(), path))
            }
            path => Ok(self.files.along(start, path)),
        }
    }

    fn is_directory(&self, file: FileRef) -> bool {
        self.files.get(file).is_some_and(File::is_directory)
    }

    fn control_information(&self, template: u32, file: &File) -> Vec<u8> {
        let parts = match self.rules.control_information {
            ControlInformation::Full => full_information(file),
            ControlInformation::SizeOnly => size_only(file),
            ControlInformation::AccessRules => {
                [full_information(file), vec![self.file_access_rules(file)]].concat()
            }
        };
        constructed(template, &parts)
    }
}

/// A data field of two-byte file identifiers.
fn identifiers(data: &[u8]) -> Result<Vec<u16>, Refusal> {
    let pairs = data.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return Err(StatusWord::LENGTH_AGAINST_PARAMETERS.into());
    }
    Ok(pairs.map(|pair| pair.iter().fold(0, |id, byte| id << 8 | u16::from(*byte))).collect())
}

fn size_only(file: &File) -> Vec<Vec<u8>> {
    match &file.kind {
        FileKind::Elementary { content, .. } => vec![size_object(content)],
        FileKind::Directory { name } => name.iter().map(|name| object(0x84, name)).collect(),
    }
}

fn size_object(content: &[u8]) -> Vec<u8> {
    object(0x80, &u16::try_from(content.len()).unwrap_or(u16::MAX).to_be_bytes())
}

/// Table 10: 80 size, 82 descriptor, 83 identifier, 84 name, 88 short identifier, 8A life cycle status.
fn full_information(file: &File) -> Vec<Vec<u8>> {
    let life = match file.life {
        FileLife::Activated => 0x05,
        FileLife::Deactivated => 0x04,
    };
    let identifier = object(0x83, &file.id.to_be_bytes());
    let life = object(0x8A, &[life]);
    match &file.kind {
        FileKind::Directory { name } => {
            let name = name.as_deref().map(|name| object(0x84, name));
            [Some(object(0x82, &[0x38])), Some(identifier), name, Some(life)].into_iter().flatten().collect()
        }
        FileKind::Elementary { content, short_id, .. } => {
            // the short identifier stands in bits 8 to 4 (section 7.4.6)
            let short = short_id.map(|id| object(0x88, &[id << 3]));
            [Some(size_object(content)), Some(object(0x82, &[0x01])), Some(identifier), short, Some(life)]
                .into_iter()
                .flatten()
                .collect()
        }
    }
}

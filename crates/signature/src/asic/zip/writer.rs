//! Writing archives.

use std::io::{Read, Seek, SeekFrom, Write};

use super::{
    EntryName, ZipFault, ZipReader,
    crc32::Crc32,
    fields::{CENTRAL, DEFLATED, END, LOCAL, STORED, UTF_8},
    reader::UNSUSPICIOUS,
};

/// 1 January 1980, midnight: the first moment that the format knows. The clock is the caller's and of no use here.
const TIME_AND_DATE: [u8; 4] = [0, 0, 0x21, 0];
/// Version 2.0: folders and deflate.
const VERSION: u16 = 20;
/// Where the offset is in a record of the directory.
const OFFSET: usize = 42;

/// Most bytes unpacked for each byte of the archive, as soon as they are many: readers take more for a bomb ([`Limits::ratio`](super::Limits::ratio), and
/// other programs likewise).
const RATIO: u64 = 50;

/// How an entry is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// As it is.
    Stored,
    /// Deflated, where that is shorter, and not so much shorter that readers take it for a bomb.
    Deflated,
}

/// An archive in the making.
#[derive(Debug)]
pub struct ZipWriter<W> {
    sink: W,
    position: u64,
    /// Bytes of the entries, unpacked.
    unpacked: u64,
    directory: Vec<u8>,
    entries: u16,
}

impl<W: Write> ZipWriter<W> {
    /// An archive with nothing in it.
    #[must_use]
    pub const fn new(sink: W) -> Self {
        Self { sink, position: 0, unpacked: 0, directory: Vec::new(), entries: 0 }
    }

    /// Adds an entry. The caller sees to it that names differ.
    ///
    /// # Errors
    /// [`ZipFault`]: the archive cannot be written, or would need Zip64.
    pub fn add(
        &mut self,
        name: &EntryName,
        content: &[u8],
        compression: Compression,
    ) -> Result<(), ZipFault> {
        let mut crc = Crc32::new();
        crc.update(content);
        let packed = match compression {
            Compression::Stored => None,
            Compression::Deflated => Some(miniz_oxide::deflate::compress_to_vec(content, 6)),
        }
        .filter(|packed| packed.len() < content.len() && self.is_unsuspicious(content.len(), packed.len()));
        self.unpacked = self.unpacked.saturating_add(content.len() as u64);
        let method = if packed.is_some() { DEFLATED } else { STORED };
        let bytes = packed.as_deref().unwrap_or(content);
        let name = name.as_str().as_bytes();
        let flags = if name.is_ascii() { 0 } else { UTF_8 };
        let mut common = Vec::new();
        for number in [VERSION, flags, method] {
            common.extend(number.to_le_bytes());
        }
        common.extend(TIME_AND_DATE);
        for number in [crc.finish(), length(bytes.len())?, length(content.len())?] {
            common.extend(number.to_le_bytes());
        }
        let name_length = u16::try_from(name.len()).map_err(|_| ZipFault::Name)?;
        common.extend(name_length.to_le_bytes());
        common.extend([0; 2]); // no extra field
        let offset = self.offset()?;
        self.directory.extend(CENTRAL.to_le_bytes());
        self.directory.extend(VERSION.to_le_bytes());
        self.directory.extend(&common);
        self.directory.extend([0; 10]); // no comment, first disk, no attributes
        self.directory.extend(offset.to_le_bytes());
        self.directory.extend(name);
        self.write(&LOCAL.to_le_bytes())?;
        self.write(&common)?;
        self.write(name)?;
        self.write(bytes)?;
        self.count()
    }

    /// Copies an entry of another archive byte for byte.
    ///
    /// # Errors
    /// [`ZipFault`]: there is no such entry, or the archive cannot be written or would need Zip64.
    pub fn copy<R: Read + Seek>(&mut self, from: &mut ZipReader<R>, name: &str) -> Result<(), ZipFault> {
        let entry = from.entry(name).ok_or(ZipFault::NoSuchEntry)?.clone();
        let offset = self.offset()?;
        let mut record = entry.record;
        let place = record.get_mut(OFFSET..OFFSET + 4).ok_or(ZipFault::Damaged("a record is cut short"))?;
        place.copy_from_slice(&offset.to_le_bytes());
        self.directory.extend(record);
        from.source.seek(SeekFrom::Start(entry.start))?;
        let length = entry.end.saturating_sub(entry.start);
        let copied = std::io::copy(&mut (&mut from.source).take(length), &mut self.sink)?;
        if copied != length {
            return Err(ZipFault::Damaged("an entry is cut short"));
        }
        self.position = self.position.saturating_add(length);
        self.unpacked = self.unpacked.saturating_add(u64::from(entry.header.unpacked));
        self.count()
    }

    /// Whether no reader takes the archive for a bomb once it has such an entry.
    const fn is_unsuspicious(&self, unpacked: usize, packed: usize) -> bool {
        let unpacked = self.unpacked.saturating_add(unpacked as u64);
        unpacked <= UNSUSPICIOUS || unpacked / RATIO <= self.position.saturating_add(packed as u64)
    }

    /// Writes the directory and gives back where all was written to.
    ///
    /// # Errors
    /// [`ZipFault`]: the archive cannot be written, or would need Zip64.
    pub fn finish(mut self, comment: &[u8]) -> Result<W, ZipFault> {
        let offset = self.offset()?;
        let directory = std::mem::take(&mut self.directory);
        self.write(&directory)?;
        let mut end = END.to_le_bytes().to_vec();
        end.extend([0; 4]);
        end.extend(self.entries.to_le_bytes());
        end.extend(self.entries.to_le_bytes());
        end.extend(length(directory.len())?.to_le_bytes());
        end.extend(offset.to_le_bytes());
        end.extend(u16::try_from(comment.len()).map_err(|_| ZipFault::TooLarge)?.to_le_bytes());
        end.extend(comment);
        self.write(&end)?;
        Ok(self.sink)
    }

    fn offset(&self) -> Result<u32, ZipFault> {
        u32::try_from(self.position).ok().filter(|offset| *offset < u32::MAX).ok_or(ZipFault::TooLarge)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), ZipFault> {
        self.sink.write_all(bytes)?;
        self.position = self.position.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        Ok(())
    }

    fn count(&mut self) -> Result<(), ZipFault> {
        let entries = self.entries.checked_add(1).filter(|entries| *entries < u16::MAX);
        self.entries = entries.ok_or(ZipFault::TooLarge)?;
        Ok(())
    }
}

fn length(bytes: usize) -> Result<u32, ZipFault> {
    u32::try_from(bytes).ok().filter(|length| *length < u32::MAX).ok_or(ZipFault::TooLarge)
}

//! Reading archives.

use std::{
    collections::{BTreeSet, HashMap},
    io::{Read, Seek, SeekFrom},
};

use miniz_oxide::{
    DataFormat, MZFlush, MZStatus,
    inflate::stream::{InflateState, inflate},
};

use super::{
    EntryName, ZipFault,
    crc32::Crc32,
    fields::{
        CENTRAL_LENGTH, Central, DESCRIPTOR, END, END_LENGTH, Fields, Header, LOCAL_LENGTH, SIZES_BEHIND,
        STORED, UTF_8, local_header, local_rest,
    },
};

/// How much is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Entries.
    pub entries: usize,
    /// Bytes of all entries, unpacked.
    pub unpacked: u64,
    /// Bytes unpacked for each byte of the archive, as soon as they are more than 16 MiB.
    pub ratio: u64,
}

/// So many bytes are nothing to worry about, however well they were packed.
pub(super) const UNSUSPICIOUS: u64 = 16 * 1024 * 1024;
/// Longest directory, in bytes.
const MAX_DIRECTORY: u64 = 16 * 1024 * 1024;
/// Bytes that are read at once.
const PIECE: usize = 64 * 1024;

impl Default for Limits {
    fn default() -> Self {
        Self { entries: 10_000, unpacked: 4 * 1024 * 1024 * 1024, ratio: 100 }
    }
}

/// An entry, as header and directory describe it.
#[derive(Debug, Clone)]
pub struct Entry {
    pub(super) header: Header,
    /// Where the local header begins.
    pub(super) start: u64,
    /// Where the packed bytes begin.
    data: u64,
    /// Where the next record begins.
    pub(super) end: u64,
    /// Its record in the directory, as it stands there.
    pub(super) record: Vec<u8>,
}

impl Entry {
    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &EntryName {
        &self.header.name
    }

    /// Its bytes, unpacked.
    #[must_use]
    pub fn length(&self) -> u64 {
        u64::from(self.header.unpacked)
    }

    /// Whether its bytes stand in the archive as they are.
    #[must_use]
    pub const fn is_stored(&self) -> bool {
        self.header.method == STORED
    }

    /// Whether its local header has extra fields.
    #[must_use]
    pub const fn has_extra_field(&self) -> bool {
        self.header.has_extra
    }
}

/// An archive whose structure was checked. Entries are unpacked when they are asked for.
#[derive(Debug)]
pub struct ZipReader<R> {
    pub(super) source: R,
    entries: Vec<Entry>,
    /// Positions in `entries`, by name.
    places: HashMap<String, usize>,
    comment: Vec<u8>,
}

impl<R: Read + Seek> ZipReader<R> {
    /// Reads directory and headers.
    ///
    /// # Errors
    /// [`ZipFault`]: not an archive, or not one with exactly one reading.
    pub fn open(mut source: R, limits: Limits) -> Result<Self, ZipFault> {
        let length = source.seek(SeekFrom::End(0))?;
        let (end, comment) = end_record(&mut source, length)?;
        let directory_start = u64::from(end.offset);
        if directory_start.checked_add(u64::from(end.length)) != Some(end.position) {
            return Err(ZipFault::Stray);
        }
        if u64::from(end.length) > MAX_DIRECTORY || usize::from(end.entries) > limits.entries {
            return Err(ZipFault::TooManyEntries { max: limits.entries });
        }
        let directory =
            read_at(&mut source, directory_start, usize::try_from(end.length).unwrap_or(usize::MAX))?;
        let mut records = records(&directory, usize::from(end.entries))?;
        check_sizes(&records, length, limits)?;
        // the order of the directory is anyone's; that of the bytes is not
        records.sort_by_key(|(record, _)| record.offset);
        let mut entries = Vec::with_capacity(records.len());
        let mut position = 0;
        for (central, record) in records {
            if u64::from(central.offset) != position {
                return Err(ZipFault::Stray);
            }
            let entry = local_entry(&mut source, central, record.to_vec(), directory_start)?;
            position = entry.end;
            entries.push(entry);
        }
        if position != directory_start {
            return Err(ZipFault::Stray);
        }
        let places = entries.iter().map(|entry| entry.name().as_str().to_owned()).zip(0..).collect();
        Ok(Self { source, entries, places, comment })
    }

    /// The entries, in the order of their bytes.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry of a name.
    #[must_use]
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.get(*self.places.get(name)?)
    }

    /// The comment of the archive.
    #[must_use]
    pub fn comment(&self) -> &[u8] {
        &self.comment
    }

    /// Unpacks an entry into the sink, piece by piece. What the sink got counts only if this succeeds.
    ///
    /// # Errors
    /// [`ZipFault`]: there is no such entry, or its bytes are not those that were packed.
    pub fn read(&mut self, name: &str, sink: &mut dyn FnMut(&[u8])) -> Result<(), ZipFault> {
        let entry = self.entry(name).ok_or(ZipFault::NoSuchEntry)?.clone();
        self.source.seek(SeekFrom::Start(entry.data))?;
        let mut packed = (&mut self.source).take(u64::from(entry.header.packed));
        let mut check = Check { crc: Crc32::new(), length: 0, expected: entry.length() };
        if entry.is_stored() {
            copy(&mut packed, |piece| {
                check.take(piece)?;
                sink(piece);
                Ok(())
            })?;
        } else {
            unpack(&mut packed, |piece| {
                check.take(piece)?;
                sink(piece);
                Ok(())
            })?;
        }
        let complete = packed.limit() == 0 && check.length == check.expected;
        if complete && check.crc.finish() == entry.header.crc { Ok(()) } else { Err(ZipFault::Content) }
    }

    /// An entry's bytes, if they are not more than `max`.
    ///
    /// # Errors
    /// [`ZipFault`]: as with [`read`](Self::read), or [`ZipFault::TooLarge`].
    pub fn read_to_vec(&mut self, name: &str, max: u64) -> Result<Vec<u8>, ZipFault> {
        let length = self.entry(name).ok_or(ZipFault::NoSuchEntry)?.length();
        if length > max {
            return Err(ZipFault::TooLarge);
        }
        let mut bytes = Vec::new();
        self.read(name, &mut |piece| bytes.extend_from_slice(piece))?;
        Ok(bytes)
    }
}

/// What was unpacked so far.
struct Check {
    crc: Crc32,
    length: u64,
    expected: u64,
}

impl Check {
    /// Never takes more than the entry says it has.
    fn take(&mut self, piece: &[u8]) -> Result<(), ZipFault> {
        self.length = self.length.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        if self.length > self.expected {
            return Err(ZipFault::Content);
        }
        self.crc.update(piece);
        Ok(())
    }
}

fn copy(source: &mut impl Read, mut sink: impl FnMut(&[u8]) -> Result<(), ZipFault>) -> Result<(), ZipFault> {
    let mut buffer = vec![0; PIECE];
    loop {
        let length = source.read(&mut buffer)?;
        if length == 0 {
            return Ok(());
        }
        sink(buffer.get(..length).unwrap_or_default())?;
    }
}

fn unpack(
    source: &mut impl Read,
    mut sink: impl FnMut(&[u8]) -> Result<(), ZipFault>,
) -> Result<(), ZipFault> {
    let mut state = InflateState::new_boxed(DataFormat::Raw);
    let mut output = vec![0; PIECE];
    let mut ended = false;
    copy(source, |mut input| {
        while !input.is_empty() {
            if ended {
                // bytes after the end of the stream belong to nothing
                return Err(ZipFault::Content);
            }
            let result = inflate(&mut state, input, &mut output, MZFlush::None);
            sink(output.get(..result.bytes_written).unwrap_or_default())?;
            input = input.get(result.bytes_consumed..).unwrap_or_default();
            match result.status {
                Ok(MZStatus::StreamEnd) => ended = true,
                Ok(MZStatus::Ok) if result.bytes_consumed + result.bytes_written > 0 => {}
                _ => return Err(ZipFault::Content),
            }
        }
        Ok(())
    })?;
    while !ended {
        let result = inflate(&mut state, &[], &mut output, MZFlush::None);
        sink(output.get(..result.bytes_written).unwrap_or_default())?;
        match result.status {
            Ok(MZStatus::StreamEnd) => ended = true,
            Ok(MZStatus::Ok) if result.bytes_written > 0 => {}
            _ => return Err(ZipFault::Content),
        }
    }
    Ok(())
}

struct End {
    position: u64,
    entries: u16,
    length: u32,
    offset: u32,
}

/// The one end record (APPNOTE 4.3.16): the comment behind it must reach to the end of the file, and no other may do so too.
fn end_record<R: Read + Seek>(source: &mut R, length: u64) -> Result<(End, Vec<u8>), ZipFault> {
    if length >= u64::from(u32::MAX) {
        return Err(ZipFault::Unsupported("Zip64"));
    }
    let window = length.min(u64::from(u16::MAX) + END_LENGTH as u64);
    let start = length - window;
    let tail = read_at(source, start, usize::try_from(window).unwrap_or(usize::MAX))?;
    let mut found = None;
    for position in 0..=tail.len().checked_sub(END_LENGTH).ok_or(ZipFault::NotAnArchive)? {
        let rest = tail.get(position..).unwrap_or_default();
        let mut fields = Fields(rest);
        if fields.signature(END).is_err() {
            continue;
        }
        let numbers = [fields.u16()?, fields.u16()?, fields.u16()?, fields.u16()?];
        let (directory, offset) = (fields.u32()?, fields.u32()?);
        let comment = usize::from(fields.u16()?);
        if fields.0.len() != comment {
            continue;
        }
        let [disk, directory_disk, here, entries] = numbers;
        if disk != 0 || directory_disk != 0 || here != entries {
            return Err(ZipFault::Unsupported("several disks"));
        }
        if entries == u16::MAX || offset == u32::MAX || directory == u32::MAX {
            return Err(ZipFault::Unsupported("Zip64"));
        }
        let position = start.saturating_add(u64::try_from(position).unwrap_or(u64::MAX));
        let end = End { position, entries, length: directory, offset };
        if found.replace((end, fields.0.to_vec())).is_some() {
            return Err(ZipFault::NotAnArchive);
        }
    }
    found.ok_or(ZipFault::NotAnArchive)
}

/// The records of the directory, each with its bytes.
fn records(directory: &[u8], count: usize) -> Result<Vec<(Central, &[u8])>, ZipFault> {
    let mut records = Vec::new();
    let mut names = BTreeSet::new();
    let mut fields = Fields(directory);
    for _ in 0..count {
        if fields.0.len() < CENTRAL_LENGTH {
            return Err(ZipFault::Damaged("a record is cut short"));
        }
        let before = fields.0;
        let central = Central::read(&mut fields)?;
        let name = &central.header.name;
        if !names.insert(name.folded()) {
            return Err(ZipFault::DuplicateName);
        }
        // programs that go by the flag read a name without it in another way
        let other = (central.header.flags & UTF_8 == 0).then(|| name.in_code_page_437()).flatten();
        if other.is_some_and(|other| !names.insert(other)) {
            return Err(ZipFault::DuplicateName);
        }
        if central.header.name.is_folder() && central.header.unpacked != 0 {
            return Err(ZipFault::Name);
        }
        let length = before.len() - fields.0.len();
        records.push((central, before.get(..length).unwrap_or_default()));
    }
    if fields.0.is_empty() { Ok(records) } else { Err(ZipFault::Stray) }
}

fn check_sizes(records: &[(Central, &[u8])], length: u64, limits: Limits) -> Result<(), ZipFault> {
    let unpacked: u64 = records.iter().map(|(record, _)| u64::from(record.header.unpacked)).sum();
    let is_suspicious = unpacked > UNSUSPICIOUS && unpacked / limits.ratio.max(1) > length;
    if unpacked > limits.unpacked || is_suspicious { Err(ZipFault::TooLarge) } else { Ok(()) }
}

/// The local header of a record, compared with it, and where its bytes end.
fn local_entry<R: Read + Seek>(
    source: &mut R,
    central: Central,
    record: Vec<u8>,
    directory: u64,
) -> Result<Entry, ZipFault> {
    let start = u64::from(central.offset);
    let mut bytes = read_at(source, start, LOCAL_LENGTH)?;
    let data = start + LOCAL_LENGTH as u64;
    let rest = local_rest(&bytes)?;
    bytes.extend(read_at(source, data, rest)?);
    let data = data + rest as u64;
    let local = local_header(&mut Fields(&bytes))?;
    let header = central.header;
    let sizes = |header: &Header| (header.crc, header.packed, header.unpacked);
    let is_behind = header.flags & SIZES_BEHIND != 0;
    let same_sizes = sizes(&local) == sizes(&header) || is_behind && sizes(&local) == (0, 0, 0);
    if (local.flags, local.method, &local.name) != (header.flags, header.method, &header.name) || !same_sizes
    {
        return Err(ZipFault::HeadersDiffer);
    }
    if header.method == STORED && header.packed != header.unpacked {
        return Err(ZipFault::Damaged("a stored entry has two sizes"));
    }
    let mut end = data + u64::from(header.packed);
    if is_behind {
        end += descriptor(source, end, directory, &header)?;
    }
    if end > directory {
        return Err(ZipFault::Stray);
    }
    let header = Header { has_extra: local.has_extra, ..header };
    Ok(Entry { header, start, data, end, record })
}

/// Length of the data descriptor (APPNOTE 4.3.9), which must say what the directory says.
fn descriptor<R: Read + Seek>(
    source: &mut R,
    position: u64,
    directory: u64,
    header: &Header,
) -> Result<u64, ZipFault> {
    let available = directory.saturating_sub(position).min(16);
    let bytes = read_at(source, position, usize::try_from(available).unwrap_or_default())?;
    let numbers: Vec<u32> = bytes
        .chunks_exact(4)
        .map(|chunk| chunk.try_into().map(u32::from_le_bytes).unwrap_or_default())
        .collect();
    let expected = [header.crc, header.packed, header.unpacked];
    if numbers.first() == Some(&DESCRIPTOR) && numbers.get(1..4) == Some(&expected) {
        Ok(16)
    } else if numbers.get(..3) == Some(&expected) {
        Ok(12)
    } else {
        Err(ZipFault::HeadersDiffer)
    }
}

fn read_at<R: Read + Seek>(source: &mut R, position: u64, length: usize) -> Result<Vec<u8>, ZipFault> {
    source.seek(SeekFrom::Start(position))?;
    let mut bytes = Vec::new();
    source.take(u64::try_from(length).unwrap_or(u64::MAX)).read_to_end(&mut bytes)?;
    if bytes.len() == length { Ok(bytes) } else { Err(ZipFault::Damaged("a record is cut short")) }
}

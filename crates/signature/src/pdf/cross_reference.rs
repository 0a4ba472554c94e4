//! Where objects are (ISO 32000-1 section 7.5.4, 7.5.5, 7.5.8): tables, streams, hybrid files, and the chain of them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Dictionary, Object, PdfError, Source, StreamData, filter,
    reader::{MAX_OBJECT_BYTES, Reader},
};

/// Most sections of one file; each signature and time stamp adds one.
pub const MAX_SECTIONS: usize = 4096;
/// Most objects of one file.
pub const MAX_ENTRIES: usize = 2_000_000;
/// What an entry costs to put in its place, as if so many bytes were read: a few compressed bytes can say of a million objects that
/// they are nowhere, and that for each signature anew.
pub const ENTRY_WORK: u64 = 64;
/// Bytes of an entry of a table.
const TABLE_ENTRY: u64 = 20;
/// Where the end of a file is looked for.
const TAIL: u64 = 2048;

/// Where an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Nowhere.
    Free,
    /// At a position of the file.
    InFile {
        /// Position of its number.
        offset: u64,
        /// Its generation.
        generation: u16,
    },
    /// In an object stream.
    InStream {
        /// Number of the stream.
        stream: u32,
        /// Position in it.
        index: u32,
    },
}

/// How cross-reference data is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `xref`, for all programs.
    Table,
    /// As a stream, since PDF 1.5.
    Stream,
}

/// Cross-reference data of one revision.
#[derive(Debug, Clone)]
pub struct Section {
    /// Where it is.
    pub offset: u64,
    /// How it is written.
    pub style: Style,
    /// Its trailer.
    pub trailer: Dictionary,
}

/// All of a file's cross-reference data.
#[derive(Debug, Clone)]
pub struct CrossReference {
    /// Where each object is.
    pub entries: BTreeMap<u32, Entry>,
    /// The chain, the newest first; never empty.
    pub sections: Vec<Section>,
    /// Bytes after the last end-of-file mark that are not white space, or the mark is missing.
    pub trailing_bytes: bool,
}

impl CrossReference {
    /// Reads the chain that begins at the last `startxref`.
    pub(super) fn read(reader: &Reader<'_>) -> Result<Self, PdfError> {
        let (start, trailing_bytes) = start(reader)?;
        let mut read = Self { entries: BTreeMap::new(), sections: Vec::new(), trailing_bytes };
        let mut seen = BTreeSet::new();
        let mut next = Some(start);
        while let Some(offset) = next {
            if !seen.insert(offset) {
                return Err(PdfError::CrossReference("its chain is a circle"));
            }
            if read.sections.len() >= MAX_SECTIONS {
                return Err(PdfError::Limit("revisions"));
            }
            let section = read.section(reader, offset)?;
            next = match section.trailer.get("Prev") {
                Object::Null => None,
                value => Some(
                    value
                        .integer()
                        .and_then(|value| u64::try_from(value).ok())
                        .ok_or(PdfError::CrossReference("the position of the section before"))?,
                ),
            };
            read.sections.push(section);
        }
        Ok(read)
    }

    fn section(&mut self, reader: &Reader<'_>, offset: u64) -> Result<Section, PdfError> {
        let is_table = reader.parse(offset, |parser| Ok(parser.keyword(b"xref").then(|| parser.offset())))?;
        let mut entries = BTreeMap::new();
        let section = if let Some(after) = is_table {
            let trailer = table(reader, after, &mut entries)?;
            if let Some(hidden) = trailer.get("XRefStm").integer() {
                let mut from_stream = BTreeMap::new();
                let hidden = u64::try_from(hidden).map_err(|_| PdfError::CrossReference("XRefStm"))?;
                stream(reader, hidden, &mut from_stream)?;
                for (number, entry) in from_stream {
                    match entries.insert(number, entry) {
                        // Two programs, of which one does not know streams, would see two documents.
                        Some(before @ (Entry::InFile { .. } | Entry::InStream { .. })) if entry != before => {
                            return Err(PdfError::CrossReference("table and stream name the same object"));
                        }
                        _ => (),
                    }
                }
            }
            Section { offset, style: Style::Table, trailer }
        } else {
            let trailer = stream(reader, offset, &mut entries)?;
            Section { offset, style: Style::Stream, trailer }
        };
        reader.charge((entries.len() as u64).saturating_mul(ENTRY_WORK))?;
        for (number, entry) in entries {
            self.entries.entry(number).or_insert(entry);
        }
        if self.entries.len() > MAX_ENTRIES {
            return Err(PdfError::Limit("objects"));
        }
        Ok(section)
    }
}

/// The number after the last `startxref`.
fn start(reader: &Reader<'_>) -> Result<(u64, bool), PdfError> {
    const WORD: &[u8] = b"startxref";
    let from = reader.end.saturating_sub(TAIL);
    let tail = reader.bytes(from, usize::try_from(reader.end - from).unwrap_or_default())?;
    let missing = || PdfError::CrossReference("startxref is missing");
    let position = tail.windows(WORD.len()).rposition(|window| window == WORD).ok_or_else(missing)?;
    let rest = tail.get(position + WORD.len()..).unwrap_or_default().trim_ascii_start();
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = rest.split_at(digits);
    let number = std::str::from_utf8(number).ok().and_then(|text| text.parse().ok()).ok_or_else(missing)?;
    let mark = rest.trim_ascii_start().strip_prefix(b"%%EOF");
    let trailing =
        mark.is_none_or(|after| !after.iter().all(|byte| matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)));
    Ok((number, trailing))
}

fn table(
    reader: &Reader<'_>,
    mut offset: u64,
    entries: &mut BTreeMap<u32, Entry>,
) -> Result<Dictionary, PdfError> {
    enum Next {
        Subsection { first: u64, count: u64, offset: u64 },
        Trailer(Dictionary),
    }
    loop {
        let next = reader.parse(offset, |parser| {
            if parser.keyword(b"trailer") {
                return match parser.object()? {
                    Object::Dictionary(trailer) => Ok(Next::Trailer(trailer)),
                    _ => Err(PdfError::CrossReference("the trailer is not a dictionary")),
                };
            }
            let (first, count) = (parser.unsigned()?, parser.unsigned()?);
            parser.skip_white();
            Ok(Next::Subsection { first, count, offset: parser.offset() })
        })?;
        let (first, count) = match next {
            Next::Trailer(trailer) => return Ok(trailer),
            Next::Subsection { first, count, offset: after } => {
                offset = after;
                (first, count)
            }
        };
        if count > MAX_ENTRIES as u64 {
            return Err(PdfError::Limit("objects"));
        }
        let bytes = reader.bytes(offset, usize::try_from(count * TABLE_ENTRY).unwrap_or(usize::MAX))?;
        for (number, line) in (first..).zip(bytes.chunks(20)) {
            let number = u32::try_from(number).map_err(|_| PdfError::CrossReference("an object number"))?;
            let entry = table_entry(line).ok_or(PdfError::CrossReference("an entry of a table"))?;
            if entries.insert(number, entry).is_some() {
                return Err(PdfError::CrossReference("a table names an object twice"));
            }
        }
        offset += count * TABLE_ENTRY;
    }
}

/// `nnnnnnnnnn ggggg n` and two bytes of line end.
fn table_entry(line: &[u8]) -> Option<Entry> {
    let text = std::str::from_utf8(line).ok()?;
    let ends = matches!(text.get(18..)?, "\r\n" | " \n" | " \r");
    let digits = |range| text.get(range).filter(|part: &&str| part.bytes().all(|byte| byte.is_ascii_digit()));
    let offset = digits(0..10)?.parse().ok()?;
    let generation: u32 = digits(11..16)?.parse().ok()?;
    if !ends || text.get(10..11)? != " " || text.get(16..17)? != " " {
        return None;
    }
    match text.get(17..18)? {
        // Some programs write objects that were never used so.
        "n" if offset == 0 => Some(Entry::Free),
        "n" => Some(Entry::InFile { offset, generation: u16::try_from(generation).ok()? }),
        "f" => Some(Entry::Free),
        _ => None,
    }
}

fn stream(
    reader: &Reader<'_>,
    offset: u64,
    entries: &mut BTreeMap<u32, Entry>,
) -> Result<Dictionary, PdfError> {
    const WRONG: PdfError = PdfError::CrossReference("a cross-reference stream");
    let (_, object) = reader.object_at(offset, &|length| length.integer())?;
    let Object::Stream(stream) = object else {
        return Err(PdfError::CrossReference("neither a table nor a stream is where it should be"));
    };
    let StreamData::InFile { offset, length } = stream.data else { return Err(WRONG) };
    let dictionary = stream.dictionary;
    if !dictionary.get("Type").is_name("XRef") {
        return Err(PdfError::CrossReference("neither a table nor a stream is where it should be"));
    }
    let length = usize::try_from(length).ok().filter(|length| *length <= MAX_OBJECT_BYTES);
    let data = filter::decode(&dictionary, reader.bytes(offset, length.ok_or(WRONG)?)?)?;
    reader.charge(data.len() as u64)?;
    let unsigned = |object: &Object| object.integer().and_then(|value| u64::try_from(value).ok());
    let widths = dictionary.get("W").array().ok_or(WRONG)?;
    let widths: Vec<usize> =
        widths.iter().filter_map(unsigned).filter_map(|width| usize::try_from(width).ok()).collect();
    let &[kind_width, second_width, third_width] = widths.as_slice() else { return Err(WRONG) };
    if widths.iter().any(|width| *width > 8) || second_width == 0 {
        return Err(WRONG);
    }
    let index = match dictionary.get("Index") {
        Object::Null => vec![0, unsigned(dictionary.get("Size")).ok_or(WRONG)?],
        index => index.array().ok_or(WRONG)?.iter().map(unsigned).collect::<Option<_>>().ok_or(WRONG)?,
    };
    let mut records = data.chunks_exact(kind_width + second_width + third_width);
    for pair in index.chunks(2) {
        let &[first, count] = pair else { return Err(WRONG) };
        for number in first..first.checked_add(count).ok_or(WRONG)? {
            let record = records.next().ok_or(WRONG)?;
            let (kind, rest) = record.split_at(kind_width);
            let (second, third) = rest.split_at(second_width);
            let value = |bytes: &[u8]| bytes.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
            let kind = if kind.is_empty() { 1 } else { value(kind) };
            let entry = match kind {
                1 if value(second) != 0 => Entry::InFile {
                    offset: value(second),
                    generation: u16::try_from(value(third)).map_err(|_| WRONG)?,
                },
                2 => Entry::InStream {
                    stream: u32::try_from(value(second)).map_err(|_| WRONG)?,
                    index: u32::try_from(value(third)).map_err(|_| WRONG)?,
                },
                // Other kinds are references to the null object (section 7.5.8.3).
                _ => Entry::Free,
            };
            if entries.insert(u32::try_from(number).map_err(|_| WRONG)?, entry).is_some() {
                return Err(PdfError::CrossReference("a stream names an object twice"));
            }
        }
    }
    Ok(dictionary)
}

/// Whether the file, or the part of it, begins as a PDF does.
pub(super) fn check_header(source: &dyn Source) -> Result<(), PdfError> {
    let begins = source.length() >= 8 && source.read(0, 5)? == b"%PDF-";
    if begins { Ok(()) } else { Err(PdfError::NotPdf) }
}

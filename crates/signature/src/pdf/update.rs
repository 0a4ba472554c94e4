//! Objects appended to a file (ISO 32000-1 section 7.5.6). The bytes before stay as they are, and the cross-reference data is
//! written in the style of the file's last.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{
    Dictionary, Document, Object, PdfError, Reference, Stream, StreamData,
    cross_reference::{Entry, Style},
};

/// An update in the making.
#[derive(Debug)]
pub struct Update {
    base: u64,
    separator: bool,
    style: Style,
    previous: u64,
    trailer: Dictionary,
    next_number: u32,
    objects: BTreeMap<u32, (Reference, Vec<u8>)>,
}

/// What is to be appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Where in them the body of each object begins, by number.
    pub bodies: BTreeMap<u32, usize>,
}

impl Update {
    /// An update of a file.
    ///
    /// # Errors
    /// [`PdfError`].
    pub fn of(document: &Document<'_>) -> Result<Self, PdfError> {
        let newest = document.cross_reference().sections.first();
        let newest = newest.ok_or(PdfError::CrossReference("there is none"))?;
        let last = document.source().read(document.end().saturating_sub(1), 1)?;
        Ok(Self {
            base: document.end(),
            separator: last != b"\n" && last != b"\r",
            style: newest.style,
            previous: newest.offset,
            trailer: newest.trailer.clone(),
            next_number: document.next_number(),
            objects: BTreeMap::new(),
        })
    }

    /// A number for an object that follows.
    ///
    /// # Errors
    /// [`PdfError::Limit`]: there are no more.
    pub fn reserve(&mut self) -> Result<Reference, PdfError> {
        let number = self.next_number;
        self.next_number = number.checked_add(1).ok_or(PdfError::Limit("objects"))?;
        Ok(Reference { number, generation: 0 })
    }

    /// Adds an object.
    ///
    /// # Errors
    /// [`PdfError`].
    pub fn add(&mut self, object: &Object) -> Result<Reference, PdfError> {
        let reference = self.reserve()?;
        self.set(reference, object)?;
        Ok(reference)
    }

    /// Adds a stream.
    ///
    /// # Errors
    /// [`PdfError`].
    pub fn add_stream(&mut self, dictionary: Dictionary, bytes: Vec<u8>) -> Result<Reference, PdfError> {
        self.add(&Object::Stream(Stream { dictionary, data: StreamData::Bytes(bytes) }))
    }

    /// Writes an object under a number, in place of what has it.
    ///
    /// # Errors
    /// [`PdfError`].
    pub fn set(&mut self, reference: Reference, object: &Object) -> Result<(), PdfError> {
        let mut body = Vec::new();
        write_object(&mut body, object)?;
        self.set_body(reference, body);
        Ok(())
    }

    /// The same with an object that is written already.
    pub fn set_body(&mut self, reference: Reference, body: Vec<u8>) {
        self.objects.insert(reference.number, (reference, body));
    }

    /// Everything, with cross-reference data and trailer.
    ///
    /// # Errors
    /// [`PdfError`].
    pub fn finish(mut self) -> Result<Appended, PdfError> {
        let mut bytes = if self.separator { b"\n".to_vec() } else { Vec::new() };
        let mut bodies = BTreeMap::new();
        let mut entries = BTreeMap::new();
        for (reference, body) in self.objects.values() {
            let offset = self.base + bytes.len() as u64;
            let entry = Entry::InFile { offset, generation: reference.generation };
            entries.insert(reference.number, entry);
            bytes.extend(format!("{} {} obj\n", reference.number, reference.generation).bytes());
            bodies.insert(reference.number, bytes.len());
            bytes.extend_from_slice(body);
            bytes.extend_from_slice(b"\nendobj\n");
        }
        let start = self.base + bytes.len() as u64;
        let mut trailer = Dictionary::new();
        for key in ["Root", "Info"] {
            trailer.set(key, self.trailer.get(key).clone());
        }
        if let Some([permanent, changing]) = self.trailer.get("ID").array() {
            let changing = Sha256::new()
                .chain_update(changing.string().unwrap_or_default())
                .chain_update(&bytes)
                .finalize();
            let changing = Object::String(changing.iter().take(16).copied().collect());
            trailer.set("ID", Object::Array(vec![permanent.clone(), changing]));
        }
        let previous = i64::try_from(self.previous).map_err(|_| PdfError::Limit("bytes in the file"))?;
        trailer.set("Prev", previous);
        match self.style {
            Style::Table => {
                trailer.set("Size", i64::from(self.next_number));
                write_table(&mut bytes, &entries)?;
                bytes.extend_from_slice(b"trailer\n");
                write_object(&mut bytes, &Object::Dictionary(trailer))?;
                bytes.push(b'\n');
            }
            Style::Stream => {
                let own = self.reserve()?;
                entries.insert(own.number, Entry::InFile { offset: start, generation: 0 });
                trailer.set("Size", i64::from(self.next_number));
                let stream = cross_reference_stream(trailer, &entries);
                bytes.extend(format!("{} {} obj\n", own.number, own.generation).bytes());
                write_object(&mut bytes, &Object::Stream(stream))?;
                bytes.extend_from_slice(b"\nendobj\n");
            }
        }
        bytes.extend(format!("startxref\n{start}\n%%EOF\n").bytes());
        Ok(Appended { bytes, bodies })
    }
}

/// Runs of numbers that follow each other.
fn runs(entries: &BTreeMap<u32, Entry>) -> Vec<(u32, Vec<Entry>)> {
    let mut runs: Vec<(u32, Vec<Entry>)> = Vec::new();
    for (number, entry) in entries {
        match runs.last_mut() {
            Some((first, run)) if usize::try_from(number - *first) == Ok(run.len()) => run.push(*entry),
            _ => runs.push((*number, vec![*entry])),
        }
    }
    runs
}

fn write_table(bytes: &mut Vec<u8>, entries: &BTreeMap<u32, Entry>) -> Result<(), PdfError> {
    bytes.extend_from_slice(b"xref\n");
    for (first, run) in runs(entries) {
        bytes.extend(format!("{first} {}\n", run.len()).bytes());
        for entry in run {
            let Entry::InFile { offset, generation } = entry else { continue };
            if offset > 9_999_999_999 {
                return Err(PdfError::Limit("bytes in the file"));
            }
            bytes.extend(format!("{offset:010} {generation:05} n\r\n").bytes());
        }
    }
    Ok(())
}

fn cross_reference_stream(trailer: Dictionary, entries: &BTreeMap<u32, Entry>) -> Stream {
    let mut index = Vec::new();
    let mut data = Vec::new();
    for (first, run) in runs(entries) {
        index.push(Object::Integer(i64::from(first)));
        index.push(Object::Integer(i64::try_from(run.len()).unwrap_or(i64::MAX)));
        for entry in run {
            if let Entry::InFile { offset, generation } = entry {
                data.push(1);
                data.extend_from_slice(&offset.to_be_bytes());
                data.extend_from_slice(&generation.to_be_bytes());
            }
        }
    }
    let widths = [1, 8, 2].map(Object::Integer).to_vec();
    let dictionary = trailer
        .with("Type", Object::name("XRef"))
        .with("W", Object::Array(widths))
        .with("Index", Object::Array(index));
    Stream { dictionary, data: StreamData::Bytes(data) }
}

/// Writes an object.
///
/// # Errors
/// [`PdfError::Structure`]: a stream whose data are in a file, which is never written again.
pub fn write_object(bytes: &mut Vec<u8>, object: &Object) -> Result<(), PdfError> {
    match object {
        Object::Null => bytes.extend_from_slice(b"null"),
        Object::Boolean(value) => bytes.extend(value.to_string().bytes()),
        Object::Integer(value) => bytes.extend(value.to_string().bytes()),
        Object::Real(text) => bytes.extend(text.bytes()),
        Object::String(string) => write_string(bytes, string),
        Object::Name(name) => write_name(bytes, name),
        Object::Reference(reference) => {
            bytes.extend(format!("{} {} R", reference.number, reference.generation).bytes());
        }
        Object::Array(elements) => {
            bytes.push(b'[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    bytes.push(b' ');
                }
                write_object(bytes, element)?;
            }
            bytes.push(b']');
        }
        Object::Dictionary(dictionary) => write_dictionary(bytes, dictionary)?,
        Object::Stream(Stream { dictionary, data: StreamData::Bytes(data) }) => {
            let length = i64::try_from(data.len()).map_err(|_| PdfError::Limit("bytes in a stream"))?;
            write_dictionary(bytes, &dictionary.clone().with("Length", length))?;
            bytes.extend_from_slice(b"\nstream\n");
            bytes.extend_from_slice(data);
            bytes.extend_from_slice(b"\nendstream");
        }
        Object::Stream(_) => return Err(PdfError::Structure("a stream of the file is not written again")),
    }
    Ok(())
}

fn write_dictionary(bytes: &mut Vec<u8>, dictionary: &Dictionary) -> Result<(), PdfError> {
    bytes.extend_from_slice(b"<<");
    for (key, value) in dictionary.iter() {
        write_name(bytes, key);
        bytes.push(b' ');
        write_object(bytes, value)?;
        bytes.push(b' ');
    }
    bytes.extend_from_slice(b">>");
    Ok(())
}

fn write_name(bytes: &mut Vec<u8>, name: &[u8]) {
    bytes.push(b'/');
    for byte in name {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'+' | b':' => bytes.push(*byte),
            other => bytes.extend(format!("#{other:02X}").bytes()),
        }
    }
}

fn write_string(bytes: &mut Vec<u8>, string: &[u8]) {
    if string.iter().all(|byte| matches!(byte, 0x20..=0x7e)) {
        bytes.push(b'(');
        for byte in string {
            if matches!(byte, b'(' | b')' | b'\\') {
                bytes.push(b'\\');
            }
            bytes.push(*byte);
        }
        bytes.push(b')');
    } else {
        bytes.push(b'<');
        bytes.extend(string.iter().flat_map(|byte| format!("{byte:02X}").into_bytes()));
        bytes.push(b'>');
    }
}

//! A file, or an earlier revision of it: all objects by their number.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
    rc::Rc,
};

use super::{
    Dictionary, Object, PdfError, Reference, Source, Stream, StreamData,
    cross_reference::{CrossReference, Entry, check_header},
    filter,
    parser::Parser,
    reader::{MAX_OBJECT_BYTES, Reader},
};

/// Most objects of one object stream.
const MAX_IN_STREAM: usize = 200_000;
/// Object streams that are kept uncompressed at a time.
const KEPT_STREAMS: usize = 4;
/// Work beyond what follows from the file's length.
const BASE_WORK: u64 = 1 << 30;
/// Bytes that may be looked at for each byte of the file.
const WORK_PER_BYTE: u64 = 64;

/// What an object stream holds.
struct ObjectStream {
    number: u32,
    bytes: Vec<u8>,
    /// Number and position of each object.
    objects: Vec<(u32, usize)>,
}

/// A file, or an earlier revision of it.
pub struct Document<'s> {
    reader: Reader<'s>,
    cross_reference: CrossReference,
    kept: RefCell<Vec<Rc<ObjectStream>>>,
    opening: RefCell<BTreeSet<u32>>,
    lengths: Cell<u8>,
}

impl<'s> Document<'s> {
    /// Reads the cross-reference data of a file.
    ///
    /// # Errors
    /// [`PdfError`].
    pub fn open(source: &'s dyn Source) -> Result<Self, PdfError> {
        check_header(source)?;
        let work = BASE_WORK.saturating_add(source.length().saturating_mul(WORK_PER_BYTE));
        let (work, kept) = (Rc::new(Cell::new(work)), Rc::default());
        Self::read(Reader { source, end: source.length(), work, kept })
    }

    /// The file as it was when it ended at `end`. The work on both is counted together.
    ///
    /// # Errors
    /// [`PdfError`].
    pub fn revision(&self, end: u64) -> Result<Self, PdfError> {
        let Reader { source, end: last, work, kept } = &self.reader;
        let (work, kept) = (Rc::clone(work), Rc::clone(kept));
        Self::read(Reader { source: *source, end: end.min(*last), work, kept })
    }

    fn read(reader: Reader<'s>) -> Result<Self, PdfError> {
        let cross_reference = CrossReference::read(&reader)?;
        let document = Self {
            reader,
            cross_reference,
            kept: RefCell::new(Vec::new()),
            opening: RefCell::new(BTreeSet::new()),
            lengths: Cell::new(0),
        };
        if document.sections_have("Encrypt") {
            return Err(PdfError::Encrypted);
        }
        Ok(document)
    }

    fn sections_have(&self, key: &str) -> bool {
        self.cross_reference.sections.iter().any(|section| section.trailer.has(key))
    }

    /// Where it ends: its length, if it is not an earlier revision.
    #[must_use]
    pub const fn end(&self) -> u64 {
        self.reader.end
    }

    /// Counts work that is done on the file's bytes elsewhere.
    ///
    /// # Errors
    /// [`PdfError::Limit`]: more than is done on one file.
    pub fn charge(&self, bytes: u64) -> Result<(), PdfError> {
        self.reader.charge(bytes)
    }

    /// The file.
    #[must_use]
    pub fn source(&self) -> &'s dyn Source {
        self.reader.source
    }

    /// Cross-reference data.
    #[must_use]
    pub const fn cross_reference(&self) -> &CrossReference {
        &self.cross_reference
    }

    /// The newest trailer.
    ///
    /// # Errors
    /// None in practice: there is always one.
    pub fn trailer(&self) -> Result<&Dictionary, PdfError> {
        let newest = self.cross_reference.sections.first();
        newest.map(|section| &section.trailer).ok_or(PdfError::CrossReference("there is none"))
    }

    /// The catalog with its reference.
    ///
    /// # Errors
    /// [`PdfError`]: there is none.
    pub fn catalog(&self) -> Result<(Reference, Dictionary), PdfError> {
        let root = self.trailer()?.get("Root").reference();
        let root = root.ok_or(PdfError::Structure("the trailer has no catalog"))?;
        match self.get(root)? {
            Object::Dictionary(catalog) => Ok((root, catalog)),
            _ => Err(PdfError::Structure("the catalog is not a dictionary")),
        }
    }

    /// Where an object is; [`Entry::Free`] if nowhere.
    #[must_use]
    pub fn entry(&self, number: u32) -> Entry {
        self.cross_reference.entries.get(&number).copied().unwrap_or(Entry::Free)
    }

    /// An object; `null` where a reference leads nowhere, as the standard says.
    ///
    /// # Errors
    /// [`PdfError`]: where it should be is something else.
    pub fn get(&self, reference: Reference) -> Result<Object, PdfError> {
        match self.entry(reference.number) {
            Entry::Free => Ok(Object::Null),
            Entry::InFile { generation, .. } if generation != reference.generation => Ok(Object::Null),
            Entry::InStream { .. } if reference.generation != 0 => Ok(Object::Null),
            Entry::InFile { offset, .. } => {
                let (found, object) = self.reader.object_at(offset, &|length| self.length(length))?;
                if found == reference {
                    Ok(object)
                } else {
                    Err(PdfError::CrossReference("another object is where one should be"))
                }
            }
            Entry::InStream { stream, index } => self.get_compressed(reference.number, stream, index),
        }
    }

    /// A number, or the number that a reference leads to. Finding it may need the length of an object stream, and no more.
    fn length(&self, length: &Object) -> Option<i64> {
        let Object::Reference(reference) = length else { return length.integer() };
        let depth = self.lengths.get();
        if depth >= 3 {
            return None;
        }
        self.lengths.set(depth + 1);
        let found = self.get(*reference);
        self.lengths.set(depth);
        found.ok()?.integer()
    }

    fn get_compressed(&self, number: u32, stream: u32, index: u32) -> Result<Object, PdfError> {
        const WRONG: PdfError = PdfError::CrossReference("an object is not in its stream");
        let stream = self.object_stream(stream)?;
        let position = usize::try_from(index).ok().and_then(|index| stream.objects.get(index));
        let Some((_, start)) = position.filter(|(found, _)| *found == number) else { return Err(WRONG) };
        let bytes = stream.bytes.get(*start..).ok_or(WRONG)?;
        let mut parser = Parser::new(bytes, 0);
        let object = parser.object()?;
        self.reader.charge(parser.offset())?;
        Ok(object)
    }

    fn object_stream(&self, number: u32) -> Result<Rc<ObjectStream>, PdfError> {
        let kept = self.kept.borrow().iter().find(|stream| stream.number == number).cloned();
        if let Some(stream) = kept {
            return Ok(stream);
        }
        if !self.opening.borrow_mut().insert(number) {
            return Err(PdfError::CrossReference("object streams are in each other"));
        }
        let read = self.read_object_stream(number);
        self.opening.borrow_mut().remove(&number);
        let read = Rc::new(read?);
        let mut kept = self.kept.borrow_mut();
        if kept.len() >= KEPT_STREAMS {
            kept.remove(0);
        }
        kept.push(Rc::clone(&read));
        Ok(read)
    }

    fn read_object_stream(&self, number: u32) -> Result<ObjectStream, PdfError> {
        const WRONG: PdfError = PdfError::Structure("an object stream");
        // A stream cannot be in a stream, so that this ends.
        let Entry::InFile { generation: 0, .. } = self.entry(number) else { return Err(WRONG) };
        let object = self.get(Reference { number, generation: 0 })?;
        let Object::Stream(stream) = object else { return Err(WRONG) };
        if !stream.dictionary.get("Type").is_name("ObjStm") {
            return Err(WRONG);
        }
        let bytes = self.decoded(&stream)?;
        let size =
            |key| self.length(stream.dictionary.get(key)).and_then(|value| usize::try_from(value).ok());
        let count = size("N").filter(|count| *count <= MAX_IN_STREAM).ok_or(WRONG)?;
        let first = size("First").ok_or(WRONG)?;
        let mut header = Parser::new(bytes.get(..first).ok_or(WRONG)?, 0);
        let mut objects = Vec::new();
        for _ in 0..count {
            let number = u32::try_from(header.unsigned()?).map_err(|_| WRONG)?;
            let offset = usize::try_from(header.unsigned()?).map_err(|_| WRONG)?;
            objects.push((number, first.checked_add(offset).ok_or(WRONG)?));
        }
        Ok(ObjectStream { number, bytes, objects })
    }

    /// What a stream of objects holds, uncompressed.
    ///
    /// # Errors
    /// [`PdfError`].
    pub fn decoded(&self, stream: &Stream) -> Result<Vec<u8>, PdfError> {
        let data = self.data(stream, MAX_OBJECT_BYTES)?;
        let decoded = filter::decode(&stream.dictionary, data)?;
        self.reader.charge(decoded.len() as u64)?;
        Ok(decoded)
    }

    /// The data of a stream as they are, at most `limit` bytes.
    ///
    /// # Errors
    /// [`PdfError`].
    pub fn data(&self, stream: &Stream, limit: usize) -> Result<Vec<u8>, PdfError> {
        match &stream.data {
            StreamData::Bytes(bytes) => Ok(bytes.clone()),
            StreamData::InFile { offset, length } => {
                let length = usize::try_from(*length).ok().filter(|length| *length <= limit);
                self.reader.bytes(*offset, length.ok_or(PdfError::Limit("bytes in a stream"))?)
            }
        }
    }

    /// The object itself, or what a reference leads to. References do not lead to references.
    ///
    /// # Errors
    /// [`PdfError`].
    pub fn resolve(&self, object: &Object) -> Result<Object, PdfError> {
        match object {
            Object::Reference(reference) => match self.get(*reference)? {
                Object::Reference(_) => Err(PdfError::Structure("a reference leads to a reference")),
                other => Ok(other),
            },
            other => Ok(other.clone()),
        }
    }

    /// The dictionary that an object is or refers to; none if it is not there.
    ///
    /// # Errors
    /// [`PdfError`]: it is something else.
    pub fn dictionary(&self, object: &Object) -> Result<Option<Dictionary>, PdfError> {
        match self.resolve(object)? {
            Object::Null => Ok(None),
            Object::Dictionary(dictionary) | Object::Stream(Stream { dictionary, .. }) => {
                Ok(Some(dictionary))
            }
            _ => Err(PdfError::Structure("a dictionary is missing")),
        }
    }

    /// The elements of the array that an object is or refers to; none where it is not there.
    ///
    /// # Errors
    /// [`PdfError`]: it is something else.
    pub fn array(&self, object: &Object) -> Result<Vec<Object>, PdfError> {
        match self.resolve(object)? {
            Object::Null => Ok(Vec::new()),
            Object::Array(elements) => Ok(elements),
            _ => Err(PdfError::Structure("an array is missing")),
        }
    }

    /// Where in the file the value of a key of an indirect dictionary is written; none if the dictionary is not by itself
    /// in the file.
    ///
    /// # Errors
    /// [`PdfError`].
    pub fn locate(
        &self,
        reference: Reference,
        key: &'static [u8],
    ) -> Result<Option<std::ops::Range<u64>>, PdfError> {
        let Entry::InFile { offset, .. } = self.entry(reference.number) else { return Ok(None) };
        self.reader.parse(offset, |parser| {
            parser.object_header()?;
            parser.watch(key);
            parser.object()?;
            Ok(parser.watched())
        })
    }

    /// The number that a new object gets.
    #[must_use]
    pub fn next_number(&self) -> u32 {
        let sizes = self.cross_reference.sections.iter();
        let sizes = sizes.filter_map(|section| u32::try_from(section.trailer.get("Size").integer()?).ok());
        let highest =
            self.cross_reference.entries.keys().next_back().map_or(1, |number| number.saturating_add(1));
        sizes.max().unwrap_or(1).max(highest).max(1)
    }
}

impl std::fmt::Debug for Document<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Document").field("end", &self.reader.end).finish_non_exhaustive()
    }
}

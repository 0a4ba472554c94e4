//! Reads a file piece by piece, with every byte counted.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use super::{Object, PdfError, Reference, Source, Stream, StreamData, parser::Parser};

/// Most bytes of one object, its stream's data not counted; also of a compressed stream of objects.
pub(super) const MAX_OBJECT_BYTES: usize = 8 << 20;
/// Bytes that are read at first where an object begins.
const WINDOW: usize = 512;

/// Bytes of objects that are kept, as they stand in the file.
const MAX_KEPT: u64 = 32 << 20;
/// What it costs to take an object that was kept, as if so many bytes were read; a large one costs more.
const KEPT_WORK: u64 = 128;
/// Copying an object costs so much less than reading and parsing it.
const CHEAPER: u64 = 4;

/// Objects that were read at positions of the file. A file with many signatures is compared with each of its revisions, and most
/// objects are the same in all of them.
#[derive(Default)]
pub(super) struct Kept {
    objects: BTreeMap<u64, KeptObject>,
    bytes: u64,
}

/// An object, and all that its reading depended on.
struct KeptObject {
    reference: Reference,
    object: Object,
    /// Where the data of a stream begins.
    data: Option<u64>,
    /// Nothing from here on was looked at: a revision that ends here or later has the same object.
    looked_at: u64,
}

/// Reads a file up to an end, and counts what it reads.
pub(super) struct Reader<'s> {
    pub(super) source: &'s dyn Source,
    /// Where the revision ends.
    pub(super) end: u64,
    pub(super) work: Rc<Cell<u64>>,
    pub(super) kept: Rc<RefCell<Kept>>,
}

impl Reader<'_> {
    /// Counts work.
    pub(super) fn charge(&self, bytes: u64) -> Result<(), PdfError> {
        let left = self.work.get().checked_sub(bytes).ok_or(PdfError::Limit("work on one file"))?;
        self.work.set(left);
        Ok(())
    }

    /// Bytes of the revision.
    pub(super) fn bytes(&self, offset: u64, length: usize) -> Result<Vec<u8>, PdfError> {
        self.charge(length as u64)?;
        if offset.checked_add(length as u64).is_none_or(|end| end > self.end) {
            return Err(PdfError::CrossReference("something is said to be beyond the end"));
        }
        Ok(self.source.read(offset, length)?)
    }

    /// Parses at a position, with a window as large as it needs to be.
    pub(super) fn parse<T>(
        &self,
        offset: u64,
        parse: impl Fn(&mut Parser<'_>) -> Result<T, PdfError>,
    ) -> Result<T, PdfError> {
        self.parse_within(offset, parse).map(|(parsed, _)| parsed)
    }

    /// The same, and the end of the window; none where it was looked for something behind it.
    fn parse_within<T>(
        &self,
        offset: u64,
        parse: impl Fn(&mut Parser<'_>) -> Result<T, PdfError>,
    ) -> Result<(T, Option<u64>), PdfError> {
        let left = self.end.checked_sub(offset).filter(|left| *left > 0);
        let left = left.ok_or(PdfError::CrossReference("something is said to be beyond the end"))?;
        let mut size = WINDOW;
        loop {
            let window = usize::try_from(left).map_or(size, |left| left.min(size));
            let bytes = self.bytes(offset, window)?;
            let mut parser = Parser::new(&bytes, offset);
            let parsed = parse(&mut parser);
            if !parser.reached_end || window as u64 == left {
                let looked_at = (!parser.reached_end).then(|| offset + window as u64);
                return parsed.map(|parsed| (parsed, looked_at));
            }
            if size >= MAX_OBJECT_BYTES {
                return Err(PdfError::Limit("bytes in one object"));
            }
            size *= 4;
        }
    }

    /// The object at a position. `length_of` gives a number that the length of a stream's data stands for.
    pub(super) fn object_at(
        &self,
        offset: u64,
        length_of: &dyn Fn(&Object) -> Option<i64>,
    ) -> Result<(Reference, Object), PdfError> {
        let (reference, object, data) = self.beginning_of_object(offset)?;
        let (Object::Dictionary(dictionary), Some(offset)) = (&object, data) else {
            return Ok((reference, object));
        };
        let length = length_of(dictionary.get("Length")).and_then(|length| u64::try_from(length).ok());
        let length = length.ok_or(PdfError::Syntax { offset, what: "the length of a stream" })?;
        let after = offset.checked_add(length).ok_or(PdfError::Limit("bytes in a stream"))?;
        if !self.parse(after, |parser| Ok(parser.keyword(b"endstream")))? {
            return Err(PdfError::Syntax { offset: after, what: "a stream does not end here" });
        }
        let data = StreamData::InFile { offset, length };
        Ok((reference, Object::Stream(Stream { dictionary: dictionary.clone(), data })))
    }

    /// An object at a position; of a stream its dictionary, and where its data begins.
    fn beginning_of_object(&self, offset: u64) -> Result<(Reference, Object, Option<u64>), PdfError> {
        if let Some(kept) = self.kept.borrow().objects.get(&offset).filter(|kept| kept.looked_at <= self.end)
        {
            // before it is copied
            self.charge(KEPT_WORK + kept.looked_at.saturating_sub(offset) / CHEAPER)?;
            return Ok((kept.reference, kept.object.clone(), kept.data));
        }
        let ((reference, object, data), looked_at) = self.parse_within(offset, |parser| {
            let reference = parser.object_header()?;
            let object = parser.object()?;
            let data = match &object {
                Object::Dictionary(_) if parser.stream_begins()? => Some(parser.offset()),
                _ => None,
            };
            if data.is_none() && !parser.keyword(b"endobj") {
                return Err(PdfError::Syntax { offset: parser.offset(), what: "endobj is missing" });
            }
            Ok((reference, object, data))
        })?;
        if let Some(looked_at) = looked_at {
            let mut kept = self.kept.borrow_mut();
            let bytes = kept.bytes.saturating_add(looked_at - offset);
            if bytes <= MAX_KEPT {
                kept.bytes = bytes;
                let object = object.clone();
                kept.objects.insert(offset, KeptObject { reference, object, data, looked_at });
            }
        }
        Ok((reference, object, data))
    }
}

//! A place for a signature: a field with a signature dictionary whose contents are still empty, appended to the file.

use std::ops::Range;

use super::{
    PadesError,
    field::{Field, fields},
    form::Edits,
    permission::{LockedFields, Permission, Permissions},
};
use crate::{
    Hash,
    pdf::{
        Dictionary, Document, Object, PdfError, Reference, Source,
        source::read_in_pieces,
        text::text_string,
        update::{Update, write_object},
    },
};

/// Which field a signature goes into.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum FieldChoice {
    /// A new one with a name that no other has.
    #[default]
    New,
    /// A new one with this name.
    Named(String),
    /// One that is there and empty.
    Existing(String),
}

/// How a field shows itself.
pub(super) struct Look {
    pub(super) page: usize,
    pub(super) rectangle: [f64; 4],
    /// Makes the appearance for a page that is turned by so many degrees.
    pub(super) appearance: Option<MakeAppearance>,
}

type MakeAppearance = Box<dyn FnOnce(&mut Update, i64, [f64; 4]) -> Result<Reference, PadesError>>;

/// What is to be placed.
pub(super) struct Order {
    pub(super) field: FieldChoice,
    pub(super) certification: Option<Permission>,
    /// The signature dictionary, but for `ByteRange`, `Contents` and `Reference`.
    pub(super) signature: Dictionary,
    pub(super) look: Look,
    /// Bytes for the contents.
    pub(super) reserved: usize,
    pub(super) is_time_stamp: bool,
}

/// A piece of what is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    /// A range of the file as it was.
    File(Range<u64>),
    /// Bytes.
    Bytes(&'a [u8]),
}

/// The update with a gap for the contents.
#[derive(Debug)]
pub(super) struct Placement {
    base: u64,
    appended: Vec<u8>,
    gap: Range<usize>,
}

/// Digits of each number of `ByteRange`.
const RANGE_DIGITS: usize = 12;
/// Most bytes of a signature.
const MAX_RESERVED: usize = 4 << 20;

impl Placement {
    pub(super) fn new(source: &dyn Source, mut order: Order) -> Result<Self, PadesError> {
        if order.reserved > MAX_RESERVED {
            return Err(PdfError::Limit("bytes of a signature").into());
        }
        let document = Document::open(source)?;
        let fields = fields(&document)?;
        let permissions = Permissions::of(&document, &fields)?;
        check_permitted(&order, &fields, &permissions)?;
        let mut update = Update::of(&document)?;
        let signature = update.reserve()?;
        let mut edits = Edits::new(&document)?;
        let lock = edits.place_field(&document, &mut update, &fields, &mut order, signature)?;
        if order.certification.is_some() {
            let mut entries = document.dictionary(edits.catalog.get("Perms"))?.unwrap_or_default();
            entries.set("DocMDP", signature);
            edits.catalog.set("Perms", entries);
            edits.catalog_changed = true;
        }
        edits.write(&mut update)?;
        let references = transforms(&document, &edits, order.certification, lock.as_ref())?;
        let written = SignatureBody::write(&order, references)?;
        update.set_body(signature, written.body);
        let appended = update.finish()?;
        let start = appended.bodies.get(&signature.number).copied();
        let start = start.ok_or(PdfError::Structure("the signature was not written"))?;
        let mut placement = Self {
            base: document.end(),
            gap: start + written.contents.start..start + written.contents.end,
            appended: appended.bytes,
        };
        placement.write_range(start + written.range)?;
        Ok(placement)
    }

    fn write_range(&mut self, position: usize) -> Result<(), PadesError> {
        let before = self.base + self.gap.start as u64;
        let after = self.base + self.gap.end as u64;
        let last = (self.appended.len() - self.gap.end) as u64;
        let text = format!("[0 {before} {after} {last}]");
        let place = self.appended.get_mut(position..position + text.len());
        place.ok_or(PdfError::Limit("bytes in the file"))?.copy_from_slice(text.as_bytes());
        Ok(())
    }

    pub(super) fn pieces(&self) -> [Piece<'_>; 3] {
        [
            Piece::File(0..self.base),
            Piece::Bytes(self.appended.get(..self.gap.start).unwrap_or_default()),
            Piece::Bytes(self.appended.get(self.gap.end..).unwrap_or_default()),
        ]
    }

    pub(super) fn digest(&self, source: &dyn Source, hash: Hash) -> Result<Vec<u8>, PadesError> {
        let mut hasher = hash.hasher();
        for piece in self.pieces() {
            match piece {
                Piece::File(range) => {
                    read_in_pieces(source, range, |bytes| hasher.update(bytes)).map_err(PdfError::from)?;
                }
                Piece::Bytes(bytes) => hasher.update(bytes),
            }
        }
        Ok(hasher.finish())
    }

    /// The bytes to be appended, with the contents in their gap.
    pub(super) fn embed(mut self, contents: &[u8]) -> Result<Vec<u8>, PadesError> {
        let reserved = (self.gap.len() - 2) / 2;
        if contents.len() > reserved {
            return Err(PadesError::Room { needed: contents.len(), reserved });
        }
        let digits: Vec<u8> = contents.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect();
        let start = self.gap.start + 1;
        let place = self.appended.get_mut(start..start + digits.len());
        place.ok_or(PdfError::Structure("the signature has no place"))?.copy_from_slice(&digits);
        Ok(self.appended)
    }
}

fn check_permitted(order: &Order, fields: &[Field], permissions: &Permissions) -> Result<(), PadesError> {
    let is_signed = fields.iter().any(|field| field.is_signature() && field.dictionary.has("V"));
    if order.certification.is_some() && (is_signed || permissions.certified) {
        return Err(PadesError::CertificationFirst);
    }
    if !order.is_time_stamp && permissions.effective() == Permission::Nothing {
        return Err(PadesError::NotPermitted);
    }
    match &order.field {
        FieldChoice::Existing(name) if permissions.locks(name) => Err(PadesError::NotPermitted),
        _ => Ok(()),
    }
}

/// The signature dictionary as it is written, and where in it what follows is.
struct SignatureBody {
    body: Vec<u8>,
    range: usize,
    contents: Range<usize>,
}

impl SignatureBody {
    fn write(order: &Order, references: Vec<Object>) -> Result<Self, PdfError> {
        let mut body = b"<</ByteRange ".to_vec();
        let range = body.len();
        body.resize(range + 6 + 3 * RANGE_DIGITS, b' ');
        body.extend_from_slice(b"/Contents ");
        let start = body.len();
        body.push(b'<');
        body.resize(body.len() + 2 * order.reserved, b'0');
        body.push(b'>');
        let contents = start..body.len();
        let mut rest = order.signature.clone();
        if !references.is_empty() {
            rest.set("Reference", Object::Array(references));
        }
        let mut written = Vec::new();
        write_object(&mut written, &Object::Dictionary(rest))?;
        body.extend_from_slice(written.strip_prefix(b"<<").unwrap_or(&written));
        Ok(Self { body, range, contents })
    }
}

/// Signature references for the certification and for the lock of the field.
fn transforms(
    document: &Document<'_>,
    edits: &Edits,
    certification: Option<Permission>,
    lock: Option<&Dictionary>,
) -> Result<Vec<Object>, PdfError> {
    let reference = |method: &str, parameters: Dictionary| {
        Dictionary::new()
            .with("Type", Object::name("SigRef"))
            .with("TransformMethod", Object::name(method))
            .with("TransformParams", parameters)
    };
    let parameters =
        Dictionary::new().with("Type", Object::name("TransformParams")).with("V", Object::name("1.2"));
    let mut references = Vec::new();
    if let Some(permission) = certification {
        references.push(reference("DocMDP", parameters.clone().with("P", permission.number())).into());
    }
    if let Some(lock) = lock {
        let (action, names) = match LockedFields::from_dictionary(document, lock)? {
            LockedFields::All => ("All", None),
            LockedFields::These(names) => ("Include", Some(names)),
            LockedFields::AllBut(names) => ("Exclude", Some(names)),
        };
        let mut parameters = parameters.with("Action", Object::name(action));
        if let Some(names) = names {
            let names = names.iter().map(|name| text_string(name)).collect();
            parameters.set("Fields", Object::Array(names));
        }
        references.push(reference("FieldMDP", parameters).with("Data", edits.root).into());
    }
    Ok(references)
}

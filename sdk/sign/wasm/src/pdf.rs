//! A PDF by the ranges of it that are needed: the file itself stays where it is.

use std::{cell::RefCell, collections::BTreeMap, ops::Range};

use bitaqa_signature::{
    Signer,
    pades::{
        Appearance, FieldChoice, Image, PadesError, Permission, Piece, Placed, ShapedLine, SignatureSettings,
        Text, place as place_in,
    },
    pdf::{Source, source::SourceError},
};
use serde::{Deserialize, Serialize};

use crate::{
    refusal::{Code, Refusal},
    request::{Bytes, Request},
    signer::signer,
};

/// Most bytes of a file that are kept in a state.
const MAX_KEPT: usize = 8 << 20;

/// Field, appearance and certification of a signature in a PDF.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PdfSettings {
    /// The field; a new one if none is named.
    #[serde(default)]
    pub field: Field,
    /// What a viewer shows; nothing if it is missing.
    pub appearance: Option<VisibleSignature>,
    /// What may be changed later, if the signature certifies the document; then it must be its first.
    pub certification: Option<Certification>,
    /// The signer's name, as a viewer lists it.
    pub name: Option<String>,
    /// Why they sign. Not together with commitments.
    pub reason: Option<String>,
    /// How they are reached.
    pub contact: Option<String>,
    /// What of the file was read to find the place, so that the second step finds the same one.
    #[serde(default)]
    pub file: KeptFile,
}

/// A field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// A new one with a name that no other has.
    #[default]
    New,
    /// A new one with this name.
    Named(String),
    /// One that is there and empty.
    Existing(String),
}

/// What may be changed in a certified document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Certification {
    /// Nothing.
    Nothing,
    /// Forms may be filled, and signatures added.
    Forms,
    /// The same, and annotations.
    Annotations,
}

/// What a viewer shows of the signature.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VisibleSignature {
    /// The page, the first being 0.
    #[serde(default)]
    pub page: usize,
    /// Left, bottom, right and top, in 1/72 inch from the lower left corner.
    pub rectangle: [f64; 4],
    /// Lines of text in Helvetica: letters of western Europe.
    #[serde(default)]
    pub lines: Vec<String>,
    /// Lines of text in another font, instead.
    pub shaped: Option<ShapedText>,
    /// PNG or JPEG.
    pub image: Option<Bytes>,
}

/// Lines in a font, as the module for lettering sets them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShapedText {
    /// The font, of TrueType.
    pub font: Bytes,
    /// What was made of the lines and this font.
    pub lines: Vec<ShapedLine>,
}

/// A file of which only some ranges are here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeptFile {
    length: u64,
    /// By where they begin.
    ranges: BTreeMap<u64, Bytes>,
}

impl KeptFile {
    /// A range that lies within the one that begins last before it. What was found so once is always found so: a range is
    /// only added where it reaches beyond the one before.
    fn find(&self, offset: u64, length: usize) -> Option<Vec<u8>> {
        let (begin, bytes) = self.ranges.range(..=offset).next_back()?;
        let start = usize::try_from(offset - begin).ok()?;
        bytes.0.get(start..start.checked_add(length)?).map(<[u8]>::to_vec)
    }
}

impl Source for KeptFile {
    fn length(&self) -> u64 {
        self.length
    }

    fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>, SourceError> {
        self.find(offset, length).ok_or_else(|| SourceError::Unreadable("this range was not kept".to_owned()))
    }
}

/// Keeps what is read of another.
struct Keeping<'a> {
    source: &'a dyn Source,
    kept: RefCell<(KeptFile, usize)>,
}

impl Source for Keeping<'_> {
    fn length(&self) -> u64 {
        self.source.length()
    }

    fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>, SourceError> {
        let mut kept = self.kept.borrow_mut();
        let (file, held) = &mut *kept;
        if let Some(known) = file.find(offset, length) {
            return Ok(known);
        }
        let bytes = self.source.read(offset, length)?;
        *held += bytes.len();
        if *held > MAX_KEPT {
            return Err(SourceError::Unreadable("too much of the file is needed to sign it".to_owned()));
        }
        file.ranges.insert(offset, Bytes(bytes.clone()));
        Ok(bytes)
    }
}

/// A place for a signature: what is hashed is the file's `range`, then these bytes.
#[derive(Debug)]
pub struct Place {
    /// The request, with what of the file the second step needs.
    pub request: Request,
    /// Of the file.
    pub range: Range<u64>,
    /// What follows, without the gap for the signature.
    pub then: Vec<u8>,
}

/// Finds a place in a file, of which only what is needed is read.
///
/// # Errors
/// [`Refusal`]: the file is no PDF that can be signed, or not so.
pub fn place(mut request: Request, source: &dyn Source) -> Result<Place, Refusal> {
    request.pdf.get_or_insert_default().file = KeptFile::default();
    let kept = KeptFile { length: source.length(), ..KeptFile::default() };
    let keeping = Keeping { source, kept: RefCell::new((kept, 0)) };
    let placed = placed(&request, &signer(&request)?, &keeping)?;
    let (mut range, mut then) = (0..0, Vec::new());
    for piece in placed.pieces() {
        match piece {
            Piece::File(all) => range = all,
            Piece::Bytes(bytes) => then.extend_from_slice(bytes),
        }
    }
    request.pdf.get_or_insert_default().file = keeping.kept.into_inner().0;
    Ok(Place { request, range, then })
}

/// The same place again, from what was kept.
pub(crate) fn place_again(request: &Request, signer: &Signer) -> Result<Placed, Refusal> {
    let pdf = request.pdf.as_ref();
    let pdf = pdf.ok_or_else(|| Refusal::new(Code::DocumentMissing, "the PDF was not read"))?;
    placed(request, signer, &pdf.file)
}

fn placed(request: &Request, signer: &Signer, source: &dyn Source) -> Result<Placed, Refusal> {
    let statement = request.statement.read(None)?;
    let settings =
        request.pdf.as_ref().map_or_else(|| Ok(SignatureSettings::default()), PdfSettings::read)?;
    Ok(place_in(source, signer, &statement, &settings)?)
}

impl PdfSettings {
    fn read(&self) -> Result<SignatureSettings, PadesError> {
        Ok(SignatureSettings {
            field: match &self.field {
                Field::New => FieldChoice::New,
                Field::Named(name) => FieldChoice::Named(name.clone()),
                Field::Existing(name) => FieldChoice::Existing(name.clone()),
            },
            certification: self.certification.map(|permission| match permission {
                Certification::Nothing => Permission::Nothing,
                Certification::Forms => Permission::Forms,
                Certification::Annotations => Permission::Annotations,
            }),
            appearance: self.appearance.as_ref().map(VisibleSignature::read).transpose()?,
            name: self.name.clone(),
            reason: self.reason.clone(),
            contact: self.contact.clone(),
            ..SignatureSettings::default()
        })
    }
}

impl VisibleSignature {
    fn read(&self) -> Result<Appearance, PadesError> {
        let text = match &self.shaped {
            None => Text::Helvetica(self.lines.clone()),
            Some(shaped) if self.lines.is_empty() => {
                Text::Shaped { font: shaped.font.0.clone(), lines: shaped.lines.clone() }
            }
            Some(_) => return Err(PadesError::Appearance("lines are in one font")),
        };
        Ok(Appearance {
            page: self.page,
            rectangle: self.rectangle,
            text,
            image: self.image.as_ref().map(|image| Image::from_bytes(&image.0)).transpose()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was read once is read again from what was kept, in any order, and nothing else is.
    #[test]
    fn what_was_kept_answers_the_same_questions() {
        let file: Vec<u8> = (0..=255).cycle().take(5000).collect();
        let reads = [
            (4000, 1000),
            (0, 16),
            (100, 200),
            (150, 100),
            (150, 400),
            (100, 600),
            (120, 10),
            (699, 1),
            (50, 60),
        ];
        let kept = KeptFile { length: file.length(), ..KeptFile::default() };
        let keeping = Keeping { source: &file, kept: RefCell::new((kept, 0)) };
        for (offset, length) in reads {
            assert_eq!(keeping.read(offset, length), file.read(offset, length));
        }
        let kept = keeping.kept.into_inner().0;
        let json = serde_json::to_vec(&kept).unwrap();
        let kept: KeptFile = serde_json::from_slice(&json).unwrap();
        for (offset, length) in reads {
            assert_eq!(kept.read(offset, length), file.read(offset, length), "{offset} {length}");
        }
        for (offset, length) in [(20, 1), (4000, 1001), (699, 2), (5000, 1), (u64::MAX, 1)] {
            assert!(kept.read(offset, length).is_err(), "{offset} {length}");
        }
    }

    #[test]
    fn no_more_is_kept_than_a_state_holds() {
        let file = vec![0; MAX_KEPT + 1];
        let keeping = Keeping { source: &file, kept: RefCell::default() };
        assert!(keeping.read(0, MAX_KEPT).is_ok());
        assert!(keeping.read(1, 10).is_ok());
        assert!(keeping.read(MAX_KEPT as u64, 1).is_err());
    }
}

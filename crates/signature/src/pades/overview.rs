//! What a person, or a page that draws, should know of a document before it is signed: its pages, and its fields for signatures.

use std::ops::ControlFlow;

use serde::Serialize;

use super::{
    DocumentRisks, PadesError,
    field::{Page, each_page, fields},
    risks::inspect_document,
};
use crate::pdf::{Document, Object, PdfError, Source};

/// Most pages whose sizes are told.
const MAX_SIZES: usize = 10_000;

/// A document that may be signed.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Overview {
    /// What it has beside pages that always look the same.
    pub risks: DocumentRisks,
    /// How many pages it has.
    pub pages: usize,
    /// Their sizes, of the first 10,000.
    pub page_sizes: Vec<PageSize>,
    /// Fields for signatures.
    pub signature_fields: Vec<SignatureField>,
}

/// The rectangle of a page, before it is turned: in units of 1/72 inch by default, as rectangles of appearances are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PageSize {
    /// Left.
    pub left: f64,
    /// Bottom.
    pub bottom: f64,
    /// Right.
    pub right: f64,
    /// Top.
    pub top: f64,
    /// Degrees by which it is turned clockwise when it is shown: 0, 90, 180 or 270.
    pub rotation: i64,
}

/// A field for a signature.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SignatureField {
    /// Its fully qualified name.
    pub name: String,
    /// Whether something is in it.
    pub is_signed: bool,
}

/// US Letter, where a page does not say (ISO 32000-1 table 30 demands that it does).
const UNSTATED: [f64; 4] = [0.0, 0.0, 612.0, 792.0];

/// Looks at a document, of which only its structure is read.
///
/// # Errors
/// [`PadesError::Pdf`].
pub fn overview(source: &dyn Source) -> Result<Overview, PadesError> {
    let document = Document::open(source)?;
    let mut overview = Overview { risks: inspect_document(&document)?, ..Overview::default() };
    each_page(&document, |page| {
        overview.pages += 1;
        if overview.pages <= MAX_SIZES {
            overview.page_sizes.push(size(&document, &page)?);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    for field in fields(&document)?.into_iter().filter(super::field::Field::is_signature) {
        let is_signed = document.resolve(field.dictionary.get("V"))? != Object::Null;
        overview.signature_fields.push(SignatureField { name: field.name, is_signed });
    }
    Ok(overview)
}

fn size(document: &Document<'_>, page: &Page) -> Result<PageSize, PdfError> {
    let mut corners = UNSTATED;
    let stated = document.array(&page.media_box)?;
    if stated.len() == corners.len() {
        for (corner, stated) in corners.iter_mut().zip(&stated) {
            *corner = document.resolve(stated)?.number().unwrap_or(*corner);
        }
    }
    // any two opposite corners (ISO 32000-1 section 7.9.5)
    let [x, y, other_x, other_y] = corners;
    Ok(PageSize {
        left: x.min(other_x),
        bottom: y.min(other_y),
        right: x.max(other_x),
        top: y.max(other_y),
        rotation: page.rotation,
    })
}

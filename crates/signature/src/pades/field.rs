//! Fields of the interactive form (ISO 32000-1 section 12.7.3), and the pages that show them.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
};

use crate::pdf::{Dictionary, Document, Object, PdfError, Reference, text::text};

/// Most fields that are looked at.
pub const MAX_FIELDS: usize = 100_000;
/// Most pages that are looked at.
pub const MAX_PAGES: usize = 200_000;
/// Deepest nesting of fields and of pages.
const MAX_DEPTH: usize = 48;

/// A terminal field.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its fully qualified name.
    pub name: String,
    /// Its object.
    pub reference: Reference,
    /// What it says itself.
    pub dictionary: Dictionary,
    /// Its type, inherited or not: `Sig`, `Tx`, `Btn`, `Ch`; empty if there is none.
    pub kind: Vec<u8>,
    /// Its flags, inherited or not.
    pub flags: i64,
    /// Its widgets that are objects of their own.
    pub widgets: Vec<Reference>,
}

impl Field {
    /// Whether signatures go into it.
    #[must_use]
    pub fn is_signature(&self) -> bool {
        self.kind == b"Sig"
    }
}

struct Inherited {
    reference: Reference,
    name: String,
    kind: Vec<u8>,
    flags: i64,
    depth: usize,
}

/// All terminal fields, in the order of the form.
///
/// # Errors
/// [`PdfError`]: the tree of fields is not one.
pub fn fields(document: &Document<'_>) -> Result<Vec<Field>, PdfError> {
    let (_, catalog) = document.catalog()?;
    let Some(form) = document.dictionary(catalog.get("AcroForm"))? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let roots = document.array(form.get("Fields"))?;
    let mut waiting = Vec::new();
    for root in roots.iter().rev() {
        let reference = root.reference().ok_or(PdfError::Structure("a field is not an indirect object"))?;
        waiting.push(Inherited { reference, name: String::new(), kind: Vec::new(), flags: 0, depth: 0 });
    }
    while let Some(above) = waiting.pop() {
        if !seen.insert(above.reference.number) {
            return Err(PdfError::Structure("a field is in the form twice"));
        }
        if seen.len() > MAX_FIELDS || above.depth > MAX_DEPTH {
            return Err(PdfError::Limit("fields"));
        }
        let dictionary = document.dictionary(&Object::Reference(above.reference))?;
        let Some(dictionary) = dictionary else { continue };
        let part = document.resolve(dictionary.get("T"))?.string().map(text);
        let name = match (above.name.as_str(), part) {
            (name, None) => name.to_owned(),
            ("", Some(part)) => part,
            (name, Some(part)) => format!("{name}.{part}"),
        };
        let kind = match document.resolve(dictionary.get("FT"))? {
            Object::Name(kind) => kind,
            _ => above.kind,
        };
        let flags = document.resolve(dictionary.get("Ff"))?.integer().unwrap_or(above.flags);
        let mut children = Vec::new();
        let mut widgets = Vec::new();
        for kid in document.array(dictionary.get("Kids"))? {
            let kid = kid.reference().ok_or(PdfError::Structure("a field is not an indirect object"))?;
            let has_name = document.dictionary(&Object::Reference(kid))?.is_some_and(|kid| kid.has("T"));
            if has_name { children.push(kid) } else { widgets.push(kid) }
        }
        if !children.is_empty() && !widgets.is_empty() {
            return Err(PdfError::Structure("a field has both fields and widgets below it"));
        }
        if children.is_empty() {
            found.push(Field { name, reference: above.reference, dictionary, kind, flags, widgets });
        } else {
            for child in children.into_iter().rev() {
                let (name, kind) = (name.clone(), kind.clone());
                waiting.push(Inherited { reference: child, name, kind, flags, depth: above.depth + 1 });
            }
        }
    }
    Ok(found)
}

/// Names that more than one field has.
#[must_use]
pub fn names_in_doubt(fields: &[Field]) -> BTreeSet<&str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for field in fields {
        *counts.entry(&field.name).or_default() += 1;
    }
    counts.into_iter().filter(|(_, count)| *count > 1).map(|(name, _)| name).collect()
}

/// A page.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its object.
    pub reference: Reference,
    /// What it says itself.
    pub dictionary: Dictionary,
    /// Degrees by which it is turned clockwise when it is shown, inherited or not.
    pub rotation: i64,
    /// `MediaBox`, inherited or not; null if there is none.
    pub media_box: Object,
}

/// A page by its position, the first being 0; none if there are fewer.
///
/// # Errors
/// [`PdfError`]: the tree of pages is not one.
pub fn page(document: &Document<'_>, index: usize) -> Result<Option<Page>, PdfError> {
    let (mut passed, mut found) = (0, None);
    each_page(document, |page| {
        if passed == index {
            found = Some(page);
            return Ok(ControlFlow::Break(()));
        }
        passed += 1;
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(found)
}

/// All pages in their order, until the visitor has seen enough.
///
/// # Errors
/// [`PdfError`]: the tree of pages is not one; or the visitor's.
pub fn each_page(
    document: &Document<'_>,
    mut visit: impl FnMut(Page) -> Result<ControlFlow<()>, PdfError>,
) -> Result<(), PdfError> {
    let (_, catalog) = document.catalog()?;
    let root = catalog.get("Pages").reference().ok_or(PdfError::Structure("there are no pages"))?;
    let mut waiting = vec![(root, 0, 0, Object::Null)];
    let mut seen = BTreeSet::new();
    while let Some((reference, depth, inherited, above)) = waiting.pop() {
        if !seen.insert(reference.number) {
            return Err(PdfError::Structure("a page is in the document twice"));
        }
        if seen.len() > MAX_PAGES || depth > MAX_DEPTH {
            return Err(PdfError::Limit("pages"));
        }
        let dictionary = document.dictionary(&Object::Reference(reference))?;
        let dictionary = dictionary.ok_or(PdfError::Structure("a page is missing"))?;
        let rotation = document.resolve(dictionary.get("Rotate"))?.integer().unwrap_or(inherited);
        let media_box = if dictionary.has("MediaBox") { dictionary.get("MediaBox").clone() } else { above };
        if dictionary.has("Kids") {
            for kid in document.array(dictionary.get("Kids"))?.iter().rev() {
                let kid = kid.reference().ok_or(PdfError::Structure("a page is not an indirect object"))?;
                waiting.push((kid, depth + 1, rotation, media_box.clone()));
            }
        } else if visit(Page { reference, dictionary, rotation: rotation.rem_euclid(360), media_box })?
            .is_break()
        {
            return Ok(());
        }
    }
    Ok(())
}

//! What was changed in a file after a signature. Both revisions are walked side by side from their catalogs: wherever a change
//! is not one that later signatures, validation data or the filling in of a form need, it is a fault. An object that is used in
//! two places must satisfy the rules of both.
//!
//! Stricter than some viewers: annotations may not be added even where the certification permits them, since they can hide
//! what was signed, nor may buttons get another face.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    field::{Field, names_in_doubt},
    form_difference::FormRules,
    permission::Permissions,
};
use crate::pdf::{
    Dictionary, Document, Object, PdfError, Reference, Stream, StreamData,
    cross_reference::{ENTRY_WORK, Entry},
};

/// Most faults that are told.
const MAX_TOLD: usize = 20;
/// Bytes that are compared at a time.
const PIECE: u64 = 1 << 20;
/// Through these keys a field may be reached though it was filled in.
const WAYS_TO_FIELDS: [&str; 5] = ["Annots", "Kids", "Parent", "Obj", "CO"];

/// What is found.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub(super) faults: Vec<String>,
    pub(super) remarks: Vec<String>,
}

/// Compares a revision with the file.
pub(super) fn compare(
    old: &Document<'_>,
    old_fields: &[Field],
    new: &Document<'_>,
    new_fields: &[Field],
) -> Result<Judged, PdfError> {
    let mut comparison = Comparison {
        old,
        new,
        root: old.catalog()?.0,
        fields: BTreeSet::new(),
        new_widgets: BTreeSet::new(),
        visited: BTreeSet::new(),
        explained: BTreeSet::new(),
        streams: RefCell::default(),
        waiting: Vec::new(),
        judged: Judged::default(),
    };
    if !comparison.continues() {
        comparison.fault("the file does not continue the signed revision as an update does");
        return Ok(comparison.judged);
    }
    let permissions = Permissions::of(old, old_fields)?;
    for name in names_in_doubt(new_fields) {
        comparison.fault(&format!("several fields have the name {name:?}"));
    }
    comparison.catalogs(&permissions)?;
    comparison.information()?;
    comparison.walk()?;
    comparison.rest()?;
    Ok(comparison.judged)
}

/// The state of a comparison.
pub(super) struct Comparison<'c, 's> {
    pub(super) old: &'c Document<'s>,
    pub(super) new: &'c Document<'s>,
    root: Reference,
    /// Fields and widgets that were there, judged by their own rules.
    pub(super) fields: BTreeSet<u32>,
    /// Widgets of new signatures.
    pub(super) new_widgets: BTreeSet<u32>,
    /// Compared, or waiting to be: by number and generation, for a reference with another generation leads to nothing.
    visited: BTreeSet<(u32, u16)>,
    /// Reached where changes are permitted.
    explained: BTreeSet<u32>,
    /// Object streams, and whether they may be read in another way than before.
    streams: RefCell<BTreeMap<u32, bool>>,
    waiting: Vec<Reference>,
    judged: Judged,
}

impl Comparison<'_, '_> {
    pub(super) fn fault(&mut self, what: &str) {
        if self.judged.faults.len() < MAX_TOLD && !self.judged.faults.iter().any(|told| told == what) {
            self.judged.faults.push(what.to_owned());
        }
    }

    pub(super) fn remark(&mut self, what: &str) {
        if self.judged.remarks.len() < MAX_TOLD && !self.judged.remarks.iter().any(|told| told == what) {
            self.judged.remarks.push(what.to_owned());
        }
    }

    /// The signed revision's sections are the last of the file's chain, and all others are behind its end.
    fn continues(&self) -> bool {
        let root =
            |document: &Document<'_>| document.trailer().map(|trailer| trailer.get("Root").reference());
        if root(self.old) != root(self.new) {
            return false;
        }
        let (old, new) = (self.old.cross_reference(), self.new.cross_reference());
        let added = new.sections.len().checked_sub(old.sections.len()).filter(|added| *added > 0);
        let Some((later, earlier)) = added.and_then(|added| new.sections.split_at_checked(added)) else {
            return false;
        };
        let offsets = |section: &crate::pdf::cross_reference::Section| section.offset;
        earlier.iter().map(offsets).eq(old.sections.iter().map(offsets))
            && later.iter().all(|section| section.offset >= self.old.end())
            && !old.trailing_bytes
            && !new.trailing_bytes
    }

    /// Whether a number may mean another object than it did.
    pub(super) fn is_changed(&self, number: u32) -> bool {
        let (old, new) = (self.old.entry(number), self.new.entry(number));
        match new {
            _ if old != new => true,
            Entry::InStream { stream, .. } => {
                self.old.entry(stream) != self.new.entry(stream) || self.reads_otherwise(stream)
            }
            _ => false,
        }
    }

    /// Whether an object stream says by reference how it is read, and what it refers to may be another. Whatever cannot be told
    /// counts as changed, and is then compared.
    fn reads_otherwise(&self, stream: u32) -> bool {
        if let Some(known) = self.streams.borrow().get(&stream) {
            return *known;
        }
        let object = self.old.get(Reference { number: stream, generation: 0 });
        let reads_otherwise = match &object {
            Ok(Object::Stream(stream)) => {
                stream.dictionary.iter().any(|(_, value)| self.refers_to_changed(value, 0))
            }
            _ => true,
        };
        self.streams.borrow_mut().insert(stream, reads_otherwise);
        reads_otherwise
    }

    fn refers_to_changed(&self, object: &Object, depth: usize) -> bool {
        match object {
            Object::Reference(reference) => {
                self.old.entry(reference.number) != self.new.entry(reference.number)
                    // in an object stream again: nobody needs that for a number
                    || matches!(self.new.entry(reference.number), Entry::InStream { .. })
            }
            _ if depth > 4 => true,
            Object::Array(elements) => {
                elements.iter().any(|element| self.refers_to_changed(element, depth + 1))
            }
            Object::Dictionary(dictionary) => {
                dictionary.iter().any(|(_, value)| self.refers_to_changed(value, depth + 1))
            }
            _ => false,
        }
    }

    /// An object as it was and as it is.
    pub(super) fn both(&self, reference: Reference) -> Result<(Object, Object), PdfError> {
        let old = self.old.get(reference)?;
        let new = if self.is_changed(reference.number) { self.new.get(reference)? } else { old.clone() };
        Ok((old, new))
    }

    fn catalogs(&mut self, permissions: &Permissions) -> Result<(), PdfError> {
        self.visited.insert((self.root.number, self.root.generation));
        let (Object::Dictionary(old), Object::Dictionary(new)) = self.both(self.root)? else {
            self.fault("the catalog was replaced");
            return Ok(());
        };
        FormRules { comparison: self, permissions }.forms(old.get("AcroForm"), new.get("AcroForm"))?;
        for key in keys(&old, &new) {
            let (before, after) = (old.at(&key), new.at(&key));
            match key.as_slice() {
                b"AcroForm" => (),
                b"DSS" | b"Extensions" if *after != Object::Null => self.permit(after)?,
                b"Version" if matches!(after, Object::Name(_)) => (),
                b"Metadata" => self.metadata(before, after)?,
                _ => {
                    if !self.same(before, after, &key)? {
                        self.fault(&format!("{} of the catalog was changed", shown(&key)));
                    }
                }
            }
        }
        Ok(())
    }

    fn metadata(&mut self, before: &Object, after: &Object) -> Result<(), PdfError> {
        let changed = before != after || after.reference().is_some_and(|after| self.is_changed(after.number));
        if !changed {
            return Ok(());
        }
        match self.new.resolve(after)? {
            Object::Stream(stream) if stream.dictionary.get("Type").is_name("Metadata") => {
                self.remark("metadata were changed after the signature");
                self.permit(after)
            }
            _ => {
                self.fault("metadata were replaced by something else");
                Ok(())
            }
        }
    }

    fn information(&mut self) -> Result<(), PdfError> {
        let after = self.new.trailer()?.get("Info").clone();
        let before = self.old.trailer()?.get("Info");
        let changed =
            *before != after || after.reference().is_some_and(|after| self.is_changed(after.number));
        if changed && after != Object::Null {
            self.remark("the document's information was changed after the signature");
            self.permit(&after)?;
        }
        Ok(())
    }

    /// Whether both are the same; what they refer to is compared later. `way` is the key that led here.
    pub(super) fn same(&mut self, old: &Object, new: &Object, way: &[u8]) -> Result<bool, PdfError> {
        Ok(match (old, new) {
            (Object::Reference(before), Object::Reference(after)) => {
                if before == after {
                    self.enqueue(*before, way);
                }
                before == after
            }
            (Object::Array(before), Object::Array(after)) => {
                let mut same = before.len() == after.len();
                for (before, after) in before.iter().zip(after) {
                    same &= self.same(before, after, way)?;
                }
                same
            }
            (Object::Dictionary(before), Object::Dictionary(after)) => {
                self.same_dictionaries(before, after)?
            }
            (Object::Stream(before), Object::Stream(after)) => {
                self.same_dictionaries(&before.dictionary, &after.dictionary)?
                    && self.same_data(before, after)?
            }
            _ => old == new,
        })
    }

    fn same_dictionaries(&mut self, old: &Dictionary, new: &Dictionary) -> Result<bool, PdfError> {
        let mut same = true;
        for key in keys(old, new) {
            same &= self.same(old.at(&key), new.at(&key), &key)?;
        }
        Ok(same)
    }

    fn same_data(&self, old: &Stream, new: &Stream) -> Result<bool, PdfError> {
        if old.data == new.data {
            return Ok(true);
        }
        let (
            StreamData::InFile { offset: old_offset, length: old_length },
            StreamData::InFile { offset: new_offset, length: new_length },
        ) = (&old.data, &new.data)
        else {
            return Ok(false);
        };
        if old_length != new_length {
            return Ok(false);
        }
        self.new.charge(old_length.saturating_mul(2))?;
        let mut done = 0;
        while done < *old_length {
            let piece = usize::try_from((old_length - done).min(PIECE)).unwrap_or_default();
            let source = self.new.source();
            if source.read(old_offset + done, piece)? != source.read(new_offset + done, piece)? {
                return Ok(false);
            }
            done += piece as u64;
        }
        Ok(true)
    }

    pub(super) fn enqueue(&mut self, reference: Reference, way: &[u8]) {
        let is_way = WAYS_TO_FIELDS.iter().any(|permitted| permitted.as_bytes() == way);
        if self.fields.contains(&reference.number) && is_way {
            return;
        }
        if self.visited.insert((reference.number, reference.generation)) {
            self.waiting.push(reference);
        }
    }

    fn walk(&mut self) -> Result<(), PdfError> {
        while let Some(reference) = self.waiting.pop() {
            let (old, new) = self.both(reference)?;
            let page = |object: &Object| match object {
                Object::Dictionary(page) if page.get("Type").is_name("Page") => Some(page.clone()),
                _ => None,
            };
            if let (Some(before), Some(after)) = (page(&old), page(&new)) {
                self.pages(&before, &after)?;
            } else if !self.same(&old, &new, b"")? {
                self.fault(&format!("{} was changed after the signature", described(reference, &old)));
            }
        }
        Ok(())
    }

    fn pages(&mut self, old: &Dictionary, new: &Dictionary) -> Result<(), PdfError> {
        for key in keys(old, new) {
            let (before, after) = (old.at(&key), new.at(&key));
            if key == b"Annots" {
                self.annotations(before, after)?;
            } else if !self.same(before, after, &key)? {
                self.fault(&format!("{} of a page was changed after the signature", shown(&key)));
            }
        }
        Ok(())
    }

    fn annotations(&mut self, old: &Object, new: &Object) -> Result<(), PdfError> {
        let (before, after) = (self.old.array(old)?, self.new.array(new)?);
        self.explain_array(old, new);
        let mut before = before.iter().peekable();
        for element in &after {
            let is_next = before.peek().is_some_and(|next| *next == element);
            if is_next && let Some(next) = before.next() {
                self.same(next, element, b"Annots")?;
            } else if element.reference().is_none_or(|added| !self.new_widgets.contains(&added.number)) {
                self.fault("an annotation was added to a page after the signature");
            }
        }
        if before.next().is_some() {
            self.fault("an annotation was removed from a page after the signature");
        }
        Ok(())
    }

    /// Lists that may grow are often objects of their own; one that takes the place of another must be new.
    pub(super) fn explain_array(&mut self, old: &Object, new: &Object) {
        if let Some(reference) = new.reference() {
            if old != new && self.old.entry(reference.number) != Entry::Free {
                self.fault("a list was replaced by an object that was there");
            }
            self.explained.insert(reference.number);
        }
    }

    /// Everything below is permitted, as far as it is not used elsewhere.
    pub(super) fn permit(&mut self, object: &Object) -> Result<(), PdfError> {
        let mut waiting = vec![object.clone()];
        while let Some(object) = waiting.pop() {
            match object {
                Object::Reference(reference)
                    if self.explained.insert(reference.number) && self.is_changed(reference.number) =>
                {
                    waiting.push(self.new.get(reference)?);
                }
                Object::Array(elements) => waiting.extend(elements),
                Object::Dictionary(dictionary) | Object::Stream(Stream { dictionary, .. }) => {
                    waiting.extend(dictionary.iter().map(|(_, value)| value.clone()));
                }
                _ => (),
            }
        }
        Ok(())
    }

    pub(super) fn explain(&mut self, reference: Reference) {
        self.explained.insert(reference.number);
    }

    /// Objects that were written and that nothing above has reached.
    fn rest(&mut self) -> Result<(), PdfError> {
        let numbers: BTreeSet<u32> = self.new.cross_reference().entries.keys().copied().collect();
        self.new.charge((numbers.len() as u64).saturating_mul(ENTRY_WORK))?;
        for number in numbers {
            let generation = match self.new.entry(number) {
                Entry::Free => continue,
                Entry::InFile { generation, .. } => generation,
                Entry::InStream { .. } => 0,
            };
            let is_known = self.visited.contains(&(number, generation)) || self.explained.contains(&number);
            if is_known || self.fields.contains(&number) || !self.is_changed(number) {
                continue;
            }
            let object = self.new.get(Reference { number, generation })?;
            let kind = object.dictionary().map_or(&Object::Null, |dictionary| dictionary.get("Type"));
            if kind.is_name("XRef") || kind.is_name("ObjStm") {
                continue;
            }
            if self.old.entry(number) == Entry::Free {
                self.remark("objects that nothing uses were added after the signature");
            } else {
                self.fault("an object that nothing uses was replaced after the signature");
            }
        }
        Ok(())
    }
}

/// The keys of both.
pub(super) fn keys(old: &Dictionary, new: &Dictionary) -> BTreeSet<Vec<u8>> {
    old.iter().chain(new.iter()).map(|(key, _)| key.to_vec()).collect()
}

/// A key for people.
pub(super) fn shown(key: &[u8]) -> String {
    String::from_utf8_lossy(key).chars().filter(|c| !c.is_control()).take(40).collect()
}

fn described(reference: Reference, object: &Object) -> String {
    let kind = object.dictionary().map_or(&Object::Null, |dictionary| dictionary.get("Type"));
    let kind = if let Object::Name(name) = kind { format!(" ({})", shown(name)) } else { String::new() };
    format!("object {}{kind}", reference.number)
}

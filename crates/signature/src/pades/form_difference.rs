//! What may be changed in the form after a signature: new signature fields, values of fields, and signatures in fields that
//! were empty; none of a field that is locked (ISO 32000-1 section 12.8.2.4).

use super::{
    difference::{Comparison, keys, shown},
    permission::{Permission, Permissions},
};
use crate::pdf::{Dictionary, Object, PdfError, Reference, cross_reference::Entry, text::text};

/// A button that has no value.
const PUSH_BUTTON: i64 = 1 << 16;
const READ_ONLY: i64 = 1;
/// What a new signature field may have; no actions.
const NEW_FIELD_KEYS: [&str; 22] = [
    "DR", "Type", "Subtype", "FT", "T", "TU", "TM", "V", "F", "Ff", "P", "Rect", "AP", "Parent", "Lock",
    "SV", "MK", "DA", "BS", "Border", "M", "NM",
];
/// Deepest nesting of fields; the trees were read before, so that this is not reached.
const MAX_DEPTH: usize = 64;

const SHOWN: &str = "a later signature may be shown on a page and cover what was signed there";

/// Whether a rectangle is one that something can be shown in; what is malformed counts as one.
fn has_area(corners: &[Object]) -> bool {
    let numbers: Vec<f64> = corners.iter().filter_map(Object::number).collect();
    match numbers.as_slice() {
        &[left, bottom, right, top] => (right - left).abs() > 0.0 && (top - bottom).abs() > 0.0,
        _ => true,
    }
}

/// Compares forms.
pub(super) struct FormRules<'r, 'c, 's> {
    pub(super) comparison: &'r mut Comparison<'c, 's>,
    pub(super) permissions: &'r Permissions,
}

/// What a field has from those above it.
#[derive(Clone, Default)]
struct Inherited {
    name: String,
    kind: Vec<u8>,
    flags: i64,
    depth: usize,
}

impl FormRules<'_, '_, '_> {
    pub(super) fn forms(&mut self, old: &Object, new: &Object) -> Result<(), PdfError> {
        let before = self.comparison.old.dictionary(old)?;
        let after = self.comparison.new.dictionary(new)?;
        let Some(after) = after else {
            if before.is_some() {
                self.comparison.fault("the form was removed after the signature");
            }
            return Ok(());
        };
        self.comparison.explain_array(old, new);
        let before = before.unwrap_or_default();
        for key in keys(&before, &after) {
            let (was, is) = (before.at(&key), after.at(&key));
            match key.as_slice() {
                b"Fields" => self.lists(was, is, &Inherited::default())?,
                b"SigFlags" if is.integer().is_some() => (),
                b"DR" => self.resources(was, is, 0)?,
                b"DA" if *was == Object::Null && is.string().is_some() => (),
                // What a viewer shows of a form is then no longer made by the viewer.
                b"NeedAppearances" if *is == Object::Null || *is == Object::Boolean(false) => (),
                _ => {
                    if !self.comparison.same(was, is, &key)? {
                        let what = format!("{} of the form was changed after the signature", shown(&key));
                        self.comparison.fault(&what);
                    }
                }
            }
        }
        Ok(())
    }

    /// Default resources may get new entries.
    fn resources(&mut self, old: &Object, new: &Object, level: u8) -> Result<(), PdfError> {
        let before = self.comparison.old.dictionary(old)?.unwrap_or_default();
        let after = self.comparison.new.dictionary(new)?.unwrap_or_default();
        self.comparison.explain_array(old, new);
        for key in keys(&before, &after) {
            let (was, is) = (before.at(&key), after.at(&key));
            let is_category = |object: &Object| !matches!(object, Object::Array(_));
            if *was == Object::Null {
                self.comparison.permit(is)?;
            } else if level == 0 && is_category(was) && is_category(is) && *is != Object::Null {
                self.resources(was, is, 1)?;
            } else if !self.comparison.same(was, is, &key)? {
                self.comparison.fault("resources of the form were changed after the signature");
            }
        }
        Ok(())
    }

    /// Old elements in their order, new fields between them.
    fn lists(&mut self, old: &Object, new: &Object, above: &Inherited) -> Result<(), PdfError> {
        let before = self.comparison.old.array(old)?;
        let after = self.comparison.new.array(new)?;
        self.comparison.explain_array(old, new);
        let mut before = before.iter().peekable();
        for element in &after {
            let Some(reference) = element.reference() else {
                self.comparison.fault("a field is not an indirect object");
                continue;
            };
            if before.peek().is_some_and(|next| *next == element) {
                before.next();
                self.field(reference, above)?;
            } else {
                self.new_field(reference, above)?;
            }
        }
        if before.next().is_some() {
            self.comparison.fault("a field was removed from the form after the signature");
        }
        Ok(())
    }

    fn field(&mut self, reference: Reference, above: &Inherited) -> Result<(), PdfError> {
        if above.depth > MAX_DEPTH || !self.comparison.fields.insert(reference.number) {
            self.comparison.fault("the tree of fields is not one");
            return Ok(());
        }
        let (Object::Dictionary(before), Object::Dictionary(after)) = self.comparison.both(reference)? else {
            self.comparison.fault("a field was replaced by something else");
            return Ok(());
        };
        let inherited = self.inherit(&before, above)?;
        let changes = self.permitted_changes(&before, &after, &inherited)?;
        let mut is_filled = false;
        for key in keys(&before, &after) {
            let (was, is) = (before.at(&key), after.at(&key));
            if key == b"Kids" {
                self.kids(was, is, &inherited, changes)?;
            } else if changes.iter().any(|permitted| permitted.as_bytes() == key) {
                is_filled |= was != is;
                self.comparison.permit(is)?;
            } else if !self.comparison.same(was, is, &key)? {
                self.not_permitted(&key, &inherited.name);
            }
        }
        if is_filled && inherited.kind == b"Sig" {
            self.comparison.remark(SHOWN);
        } else if is_filled {
            let what = format!("the field {:?} was filled in after the signature", inherited.name);
            self.comparison.remark(&what);
        }
        Ok(())
    }

    fn inherit(&self, field: &Dictionary, above: &Inherited) -> Result<Inherited, PdfError> {
        let document = self.comparison.old;
        let part = document.resolve(field.get("T"))?.string().map(text);
        let name = match part {
            None => above.name.clone(),
            Some(part) if above.name.is_empty() => part,
            Some(part) => format!("{}.{part}", above.name),
        };
        let kind = match document.resolve(field.get("FT"))? {
            Object::Name(kind) => kind,
            _ => above.kind.clone(),
        };
        let flags = document.resolve(field.get("Ff"))?.integer().unwrap_or(above.flags);
        Ok(Inherited { name, kind, flags, depth: above.depth + 1 })
    }

    fn not_permitted(&mut self, key: &[u8], name: &str) {
        let what = format!("{} of the field {name:?} was changed after the signature", shown(key));
        self.comparison.fault(&what);
    }

    /// Keys of a field that may have another value than before.
    fn permitted_changes(
        &self,
        before: &Dictionary,
        after: &Dictionary,
        field: &Inherited,
    ) -> Result<&'static [&'static str], PdfError> {
        let is_locked = self.permissions.locks(&field.name);
        let permission = self.permissions.effective();
        Ok(match field.kind.as_slice() {
            b"Sig" => {
                let is_signed = self.comparison.old.resolve(before.get("V"))? != Object::Null;
                let value = self.comparison.new.dictionary(after.get("V"))?.unwrap_or_default();
                let is_stamp = is_time_stamp(&value);
                // A face without a signature would only cover what was signed.
                if is_signed || is_locked || !value.has("ByteRange") {
                    &[]
                } else if is_stamp {
                    // a time stamp is nobody's signature: it has nothing to show
                    &["V", "F", "M"]
                } else if permission == Permission::Nothing {
                    &[]
                } else {
                    &["V", "AP", "AS", "F", "M"]
                }
            }
            _ if is_locked || permission == Permission::Nothing || field.flags & READ_ONLY != 0 => &[],
            // another face without another value would say something that nobody filled in
            b"Tx" | b"Ch" if !self.has_new_value(before, after) => &["M"],
            b"Tx" | b"Ch" => &["V", "AP", "AS", "I", "M", "RV"],
            b"Btn" if field.flags & PUSH_BUTTON == 0 => &["V", "AS", "M"],
            _ => &[],
        })
    }

    fn has_new_value(&self, before: &Dictionary, after: &Dictionary) -> bool {
        let (was, is) = (before.get("V"), after.get("V"));
        was != is || is.reference().is_some_and(|value| self.comparison.is_changed(value.number))
    }

    /// Fields below, or widgets.
    fn kids(
        &mut self,
        old: &Object,
        new: &Object,
        above: &Inherited,
        changes: &'static [&'static str],
    ) -> Result<(), PdfError> {
        let document = self.comparison.old;
        let mut has_fields = false;
        for kid in document.array(old)? {
            has_fields |= document.dictionary(&kid)?.is_some_and(|kid| kid.has("T"));
        }
        if has_fields {
            return self.lists(old, new, above);
        }
        let (before, after) = (document.array(old)?, self.comparison.new.array(new)?);
        if before != after {
            self.comparison.fault("widgets of a field were changed after the signature");
            return Ok(());
        }
        self.comparison.explain_array(old, new);
        for widget in before.iter().filter_map(Object::reference) {
            self.comparison.fields.insert(widget.number);
            let (Object::Dictionary(before), Object::Dictionary(after)) = self.comparison.both(widget)?
            else {
                self.comparison.fault("a widget was replaced by something else");
                continue;
            };
            for key in keys(&before, &after) {
                let (was, is) = (before.at(&key), after.at(&key));
                let is_look = matches!(key.as_slice(), b"AP" | b"AS" | b"M" | b"F");
                if is_look && changes.iter().any(|permitted| permitted.as_bytes() == key) {
                    self.comparison.permit(is)?;
                } else if !self.comparison.same(was, is, &key)? {
                    self.not_permitted(&key, &above.name);
                }
            }
        }
        Ok(())
    }

    fn new_field(&mut self, reference: Reference, above: &Inherited) -> Result<(), PdfError> {
        let new = self.comparison.new;
        let Object::Dictionary(field) = new.get(reference)? else {
            self.comparison.fault("a new field is not there");
            return Ok(());
        };
        let is_new = self.comparison.old.entry(reference.number) == Entry::Free;
        let kind = if field.has("FT") { field.get("FT").is_name("Sig") } else { above.kind == b"Sig" };
        let named =
            field.get("T").string().map(text).is_some_and(|name| !name.is_empty() && !name.contains('.'));
        let keys_known =
            field.iter().all(|(key, _)| NEW_FIELD_KEYS.iter().any(|known| known.as_bytes() == key));
        let is_widget = !field.has("Subtype") || field.get("Subtype").is_name("Widget");
        if !is_new || !kind || !named || !keys_known || !is_widget {
            self.comparison.fault("a field that is not one for a signature was added after the signature");
            return Ok(());
        }
        let value = new.dictionary(field.get("V"))?;
        let is_stamp = value.as_ref().is_some_and(is_time_stamp);
        if self.permissions.effective() == Permission::Nothing && !is_stamp {
            self.comparison.fault("a signature was added though the certification does not permit it");
            return Ok(());
        }
        if has_area(&new.array(field.get("Rect"))?) {
            let is_signature = !is_stamp && value.is_some_and(|value| value.has("ByteRange"));
            let is_permitted = self.permissions.effective() != Permission::Nothing;
            if field.has("AP") && !(is_signature && is_permitted) {
                self.comparison.fault("a field that shows something without a signature was added");
                return Ok(());
            }
            self.comparison.remark(SHOWN);
        }
        self.comparison.new_widgets.insert(reference.number);
        self.comparison.explain(reference);
        for (_, value) in field.iter() {
            self.comparison.permit(value)?;
        }
        Ok(())
    }
}

/// Whether a value is a document time stamp, by either of the two entries that say so: whatever its reader takes for one is one.
fn is_time_stamp(value: &Dictionary) -> bool {
    value.get("Type").is_name("DocTimeStamp") || value.get("SubFilter").is_name("ETSI.RFC3161")
}

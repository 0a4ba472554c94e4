//! Changes of form and pages that a new signature needs, and no more than these.

use super::{
    PadesError,
    field::{Field, names_in_doubt, page},
    placement::{FieldChoice, Order},
};
use crate::pdf::{Dictionary, Document, Object, PdfError, Reference, text::text_string, update::Update};

/// `SignaturesExist` and `AppendOnly` (ISO 32000-1 table 219).
const SIGNATURE_FLAGS: i64 = 3;
/// `Print` and `Locked` (ISO 32000-1 table 165).
const WIDGET_FLAGS: i64 = 4 | 128;

/// Changes of the catalog, which several steps make.
pub(super) struct Edits {
    pub(super) root: Reference,
    pub(super) catalog: Dictionary,
    pub(super) catalog_changed: bool,
}

impl Edits {
    pub(super) fn new(document: &Document<'_>) -> Result<Self, PdfError> {
        let (root, catalog) = document.catalog()?;
        Ok(Self { root, catalog, catalog_changed: false })
    }

    pub(super) fn write(&self, update: &mut Update) -> Result<(), PdfError> {
        if self.catalog_changed { update.set(self.root, &self.catalog.clone().into()) } else { Ok(()) }
    }

    /// Puts the signature into its field; gives the lock of the field, if it has one.
    pub(super) fn place_field(
        &mut self,
        document: &Document<'_>,
        update: &mut Update,
        fields: &[Field],
        order: &mut Order,
        signature: Reference,
    ) -> Result<Option<Dictionary>, PadesError> {
        let name = match &order.field {
            FieldChoice::Existing(name) => {
                let name = name.clone();
                return self.fill_field(document, update, fields, order, &name, signature);
            }
            FieldChoice::Named(name) if name.is_empty() || name.contains('.') => {
                return Err(PadesError::FieldName { name: name.clone() });
            }
            FieldChoice::Named(name) => name.clone(),
            FieldChoice::New => free_name(fields),
        };
        let taken = |field: &Field| field.name == name || field.name.starts_with(&format!("{name}."));
        if fields.iter().any(taken) {
            return Err(PadesError::FieldName { name });
        }
        let page =
            page(document, order.look.page)?.ok_or(PadesError::NoSuchPage { page: order.look.page })?;
        let rectangle = order.look.rectangle;
        let mut field = Dictionary::new()
            .with("Type", Object::name("Annot"))
            .with("Subtype", Object::name("Widget"))
            .with("FT", Object::name("Sig"))
            .with("T", text_string(&name))
            .with("F", WIDGET_FLAGS)
            .with("P", page.reference)
            .with("Rect", Object::Array(rectangle.map(real).to_vec()))
            .with("V", signature);
        if let Some(make) = order.look.appearance.take() {
            let form = make(update, page.rotation, rectangle)?;
            field.set("AP", Dictionary::new().with("N", form));
        }
        let field = update.add(&field.into())?;
        add_to_page(document, update, page.reference, page.dictionary, field)?;
        self.add_to_form(document, update, field)?;
        Ok(None)
    }

    fn fill_field(
        &mut self,
        document: &Document<'_>,
        update: &mut Update,
        fields: &[Field],
        order: &mut Order,
        name: &str,
        signature: Reference,
    ) -> Result<Option<Dictionary>, PadesError> {
        let field = fields.iter().find(|field| field.name == name && field.is_signature());
        let field =
            field.filter(|field| !field.dictionary.has("V") && !names_in_doubt(fields).contains(name));
        let field = field.ok_or_else(|| PadesError::FieldName { name: name.to_owned() })?;
        let seed = document.dictionary(field.dictionary.get("SV"))?.unwrap_or_default();
        if document.resolve(seed.get("Ff"))?.integer().unwrap_or(0) != 0 {
            return Err(PadesError::SeedValue);
        }
        let mut dictionary = field.dictionary.clone().with("V", signature);
        let (widget, mut look) = match field.widgets.as_slice() {
            [] => (None, dictionary.clone()),
            [widget] => {
                let look = document.dictionary(&Object::Reference(*widget))?;
                (Some(*widget), look.ok_or(PdfError::Structure("a widget is missing"))?)
            }
            _ => return Err(PadesError::FieldName { name: name.to_owned() }),
        };
        if let Some(make) = order.look.appearance.take() {
            let corners = document.array(look.get("Rect"))?;
            let numbers: Vec<f64> = corners.iter().filter_map(Object::number).collect();
            let &[a, b, c, d] = numbers.as_slice() else {
                return Err(PdfError::Structure("a widget has no rectangle").into());
            };
            let rectangle = [a.min(c), b.min(d), a.max(c), b.max(d)];
            let on_page = document.dictionary(look.get("P"))?.unwrap_or_default();
            let rotation = document.resolve(on_page.get("Rotate"))?.integer().unwrap_or(0);
            let form = make(update, rotation.rem_euclid(360), rectangle)?;
            look.set("AP", Dictionary::new().with("N", form));
            match widget {
                Some(widget) => update.set(widget, &look.into())?,
                None => dictionary = look,
            }
        }
        update.set(field.reference, &dictionary.into())?;
        self.set_flags(document, update)?;
        Ok(document.dictionary(field.dictionary.get("Lock"))?)
    }

    fn add_to_form(
        &mut self,
        document: &Document<'_>,
        update: &mut Update,
        field: Reference,
    ) -> Result<(), PdfError> {
        let mut form = document.dictionary(self.catalog.get("AcroForm"))?.unwrap_or_default();
        let mut all = document.array(form.get("Fields"))?;
        all.push(field.into());
        match form.get("Fields").reference() {
            Some(array) => update.set(array, &Object::Array(all))?,
            None => form.set("Fields", Object::Array(all)),
        }
        self.write_form(update, form)
    }

    fn set_flags(&mut self, document: &Document<'_>, update: &mut Update) -> Result<(), PdfError> {
        let form = document.dictionary(self.catalog.get("AcroForm"))?.unwrap_or_default();
        if form.get("SigFlags").integer() == Some(SIGNATURE_FLAGS) {
            return Ok(());
        }
        self.write_form(update, form)
    }

    fn write_form(&mut self, update: &mut Update, form: Dictionary) -> Result<(), PdfError> {
        let form = form.with("SigFlags", SIGNATURE_FLAGS);
        if let Some(reference) = self.catalog.get("AcroForm").reference() {
            return update.set(reference, &form.into());
        }
        self.catalog.set("AcroForm", form);
        self.catalog_changed = true;
        Ok(())
    }
}

fn add_to_page(
    document: &Document<'_>,
    update: &mut Update,
    page: Reference,
    mut dictionary: Dictionary,
    field: Reference,
) -> Result<(), PdfError> {
    let mut annotations = document.array(dictionary.get("Annots"))?;
    annotations.push(field.into());
    match dictionary.get("Annots").reference() {
        Some(array) => update.set(array, &Object::Array(annotations)),
        None => {
            dictionary.set("Annots", Object::Array(annotations));
            update.set(page, &dictionary.into())
        }
    }
}

fn free_name(fields: &[Field]) -> String {
    let names: std::collections::BTreeSet<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    let mut number = 1_u32;
    loop {
        let name = format!("Signature{number}");
        if !names.contains(name.as_str()) {
            return name;
        }
        number += 1;
    }
}

/// A number with a fraction, or without one where it has none.
pub(super) fn real(value: f64) -> Object {
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text.is_empty() || text == "-0" {
        Object::Integer(0)
    } else {
        text.parse().map_or_else(|_| Object::Real(text.to_owned()), Object::Integer)
    }
}

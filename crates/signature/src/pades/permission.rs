//! What signatures permit to be changed after them (ISO 32000-1 section 12.8.2): DocMDP and FieldMDP.

use std::collections::BTreeSet;

use serde::Serialize;

use super::field::Field;
use crate::pdf::{Dictionary, Document, Object, PdfError, text::text};

/// What a certification permits (`P` of the transform parameters of DocMDP). Validation data and document time stamps are
/// always permitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    /// Nothing else.
    Nothing,
    /// Filling in forms and signing.
    Forms,
    /// And annotations.
    Annotations,
}

impl Permission {
    /// `P`.
    #[must_use]
    pub const fn number(self) -> i64 {
        match self {
            Self::Nothing => 1,
            Self::Forms => 2,
            Self::Annotations => 3,
        }
    }

    /// The permission with a number; 2 is the default, and what is unknown permits nothing.
    #[must_use]
    pub const fn from_number(number: Option<i64>) -> Self {
        match number {
            None | Some(2) => Self::Forms,
            Some(3) => Self::Annotations,
            Some(_) => Self::Nothing,
        }
    }
}

/// Fields that a signature locks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LockedFields {
    /// All.
    All,
    /// These and what is below them.
    These(BTreeSet<String>),
    /// All but these and what is below them.
    AllBut(BTreeSet<String>),
}

impl LockedFields {
    /// From a lock dictionary or transform parameters of FieldMDP: `Action` and `Fields`.
    ///
    /// # Errors
    /// [`PdfError`].
    pub fn from_dictionary(document: &Document<'_>, dictionary: &Dictionary) -> Result<Self, PdfError> {
        let mut names = BTreeSet::new();
        for name in document.array(dictionary.get("Fields"))? {
            names.extend(document.resolve(&name)?.string().map(text));
        }
        let action = document.resolve(dictionary.get("Action"))?;
        Ok(if action.is_name("Include") {
            Self::These(names)
        } else if action.is_name("Exclude") {
            Self::AllBut(names)
        } else {
            Self::All
        })
    }

    /// Whether a field is locked.
    #[must_use]
    pub fn locks(&self, name: &str) -> bool {
        let named = |names: &BTreeSet<String>| {
            let below =
                |above: &String| name.strip_prefix(above.as_str()).is_some_and(|rest| rest.starts_with('.'));
            names.contains(name) || names.iter().any(below)
        };
        match self {
            Self::All => true,
            Self::These(names) => named(names),
            Self::AllBut(names) => !named(names),
        }
    }
}

/// What the signatures of a document permit together.
#[derive(Debug, Clone, Default)]
pub struct Permissions {
    /// The strictest permission; none where no signature restricts.
    pub document: Option<Permission>,
    /// Locked fields.
    pub locked: Vec<LockedFields>,
    /// Whether the document is certified.
    pub certified: bool,
}

impl Permissions {
    /// Reads them from the signatures of a document.
    ///
    /// # Errors
    /// [`PdfError`].
    pub fn of(document: &Document<'_>, fields: &[Field]) -> Result<Self, PdfError> {
        let mut found = Self::default();
        for field in fields.iter().filter(|field| field.is_signature()) {
            if let Some(signature) = document.dictionary(field.dictionary.get("V"))? {
                found.add_references(document, &signature)?;
                if let Some(lock) = document.dictionary(field.dictionary.get("Lock"))? {
                    found.add_permission(document, &lock)?;
                }
            }
        }
        let (_, catalog) = document.catalog()?;
        if let Some(permissions) = document.dictionary(catalog.get("Perms"))?
            && let Some(signature) = document.dictionary(permissions.get("DocMDP"))?
        {
            found.certified = true;
            found.add_references(document, &signature)?;
            found.document = found.document.or(Some(Permission::Forms));
        }
        Ok(found)
    }

    fn add_references(&mut self, document: &Document<'_>, signature: &Dictionary) -> Result<(), PdfError> {
        for reference in document.array(signature.get("Reference"))? {
            let Some(reference) = document.dictionary(&reference)? else { continue };
            let parameters = document.dictionary(reference.get("TransformParams"))?.unwrap_or_default();
            match document.resolve(reference.get("TransformMethod"))? {
                method if method.is_name("DocMDP") => {
                    let number = document.resolve(parameters.get("P"))?.integer();
                    self.restrict(Permission::from_number(number));
                }
                method if method.is_name("FieldMDP") => {
                    self.locked.push(LockedFields::from_dictionary(document, &parameters)?);
                    self.add_permission(document, &parameters)?;
                }
                _ => (),
            }
        }
        Ok(())
    }

    /// `P` of a lock dictionary (ISO 32000-2).
    fn add_permission(&mut self, document: &Document<'_>, lock: &Dictionary) -> Result<(), PdfError> {
        if let Object::Integer(number) = document.resolve(lock.get("P"))? {
            self.restrict(Permission::from_number(Some(number)));
        }
        Ok(())
    }

    fn restrict(&mut self, permission: Permission) {
        self.document = Some(self.document.map_or(permission, |before| before.min(permission)));
    }

    /// What applies: without any, filling in forms and signing again.
    #[must_use]
    pub fn effective(&self) -> Permission {
        self.document.unwrap_or(Permission::Forms)
    }

    /// Whether a field is locked by any signature.
    #[must_use]
    pub fn locks(&self, name: &str) -> bool {
        self.locked.iter().any(|locked| locked.locks(name))
    }
}

//! What somebody writes into the form of `/register-portal`, and which of its fields are wrong.

use serde_json::{Value, json};

use crate::{
    provider::parameters::Parameters,
    registration::{Registration, RegistrationError},
    settings::Realm,
};

/// What somebody wrote into the form.
#[derive(Debug, Clone, Default)]
pub(super) struct Written {
    pub(super) name: String,
    pub(super) contact: String,
    pub(super) redirect_uris: String,
    pub(super) keys: String,
}

/// A field that is wrong.
#[derive(Debug)]
pub(super) struct Fault {
    /// Its name in the form.
    pub(super) field: &'static str,
    /// What to do, by the name of the text.
    pub(super) text: &'static str,
    /// What is wrong, for developers.
    pub(super) detail: String,
}

impl Written {
    pub(super) fn of(parameters: &Parameters) -> Self {
        let text = |name: &str| parameters.get(name).unwrap_or_default().trim().to_owned();
        Self {
            name: text("name"),
            contact: text("contact"),
            redirect_uris: text("redirect_uris"),
            keys: text("keys"),
        }
    }

    /// The same as a description: whoever needs more sends it themselves.
    pub(super) fn described(&self) -> Result<Value, RegistrationError> {
        let name = json!({ "ar": self.name, "fr": self.name, "en": self.name });
        let redirect_uris: Vec<&str> = self.redirect_uris.split_whitespace().collect();
        let mut described = json!({
            "authentication": "none",
            "redirect_uris": redirect_uris,
            "claims": ["name", "given_name", "family_name", "personal_number"],
            "require_pushed_requests": false,
            "minimum_level": "none",
            "contact": self.contact,
            "legal_basis": "sandbox",
            "legal_name": name,
            "name": name,
            "purpose": { "ar": "للتجربة", "fr": "pour essayer", "en": "to try it" },
        });
        if let (false, Value::Object(members)) = (self.keys.is_empty(), &mut described) {
            let keys: Value = serde_json::from_str(&self.keys)
                .map_err(|error| RegistrationError::Json(format!("keys: {error}")))?;
            members.insert("keys".to_owned(), keys);
            members.insert("authentication".to_owned(), "private-key-jwt".into());
        }
        Ok(described)
    }

    /// What is wrong with which field: each is tried among others that are right, so that all are named at once.
    pub(super) fn faults(&self, realm: Realm) -> Vec<Fault> {
        let right = || Self {
            name: "A".to_owned(),
            contact: "a@a.example".to_owned(),
            redirect_uris: "https://a.example/".to_owned(),
            keys: String::new(),
        };
        [
            ("name", "register-fault-name", Self { name: self.name.clone(), ..right() }),
            ("contact", "register-fault-contact", Self { contact: self.contact.clone(), ..right() }),
            (
                "redirect_uris",
                "register-fault-redirect-uris",
                Self { redirect_uris: self.redirect_uris.clone(), ..right() },
            ),
            ("keys", "register-fault-keys", Self { keys: self.keys.clone(), ..right() }),
        ]
        .into_iter()
        .filter_map(|(field, text, tried)| {
            Some(Fault { field, text, detail: tried.check(realm).err()?.to_string() })
        })
        .collect()
    }

    fn check(&self, realm: Realm) -> Result<(), RegistrationError> {
        Registration::from_json(self.described()?.to_string().as_bytes(), realm, "test").map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> Written {
        Written {
            name: "My site".to_owned(),
            contact: "dev@example.ma".to_owned(),
            redirect_uris: "http://localhost:3000/callback".to_owned(),
            keys: String::new(),
        }
    }

    #[test]
    fn every_field_that_is_wrong_is_named_and_no_other() {
        let fields = |written: &Written| -> Vec<&str> {
            written.faults(Realm::Sandbox).iter().map(|fault| fault.field).collect()
        };
        assert!(fields(&written()).is_empty());
        assert_eq!(fields(&Written { name: String::new(), ..written() }), ["name"]);
        assert_eq!(fields(&Written { contact: "dev".to_owned(), ..written() }), ["contact"]);
        assert_eq!(fields(&Written { redirect_uris: String::new(), ..written() }), ["redirect_uris"]);
        assert_eq!(fields(&Written { keys: "{".to_owned(), ..written() }), ["keys"]);
        let nothing = Written { keys: "[]".to_owned(), ..Written::default() };
        assert_eq!(fields(&nothing), ["name", "contact", "redirect_uris", "keys"]);
    }
}

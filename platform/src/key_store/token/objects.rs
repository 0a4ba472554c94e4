use bitaqa_jose::VerificationJwk;
use cryptoki::{
    mechanism::Mechanism,
    object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle},
    session::Session,
};

use super::{TokenError, kind::Kind};
use crate::{clock::Seconds, key_store::keyed_hash::Secret};

/// What the labels of our objects begin with.
const OURS: &str = "bitaqa-platform";
/// Bytes of a secret.
const SECRET_LENGTH: u64 = 32;

/// A key pair in the token.
#[derive(Clone)]
pub(super) struct KeyPair {
    pub(super) kind: Kind,
    /// Each has a greater one than those of its kind before it.
    pub(super) serial: u32,
    pub(super) published_at: Seconds,
    pub(super) private: ObjectHandle,
    public: ObjectHandle,
    pub(super) key: VerificationJwk,
}

/// The secrets in the token.
#[derive(Clone, Copy)]
pub(super) struct Secrets {
    subject: ObjectHandle,
    person: ObjectHandle,
    storage: ObjectHandle,
}

impl Secrets {
    pub(super) fn create(session: &Session) -> Result<(), TokenError> {
        for secret in [Secret::Subject, Secret::Person, Secret::Storage] {
            let template = [
                Attribute::Class(ObjectClass::SECRET_KEY),
                Attribute::KeyType(KeyType::GENERIC_SECRET),
                Attribute::Label(label(secret).into_bytes()),
                Attribute::ValueLen(SECRET_LENGTH.into()),
                Attribute::Token(true),
                Attribute::Private(true),
                Attribute::Sensitive(true),
                Attribute::Extractable(false),
                Attribute::Modifiable(false),
                Attribute::Sign(true),
                Attribute::Verify(false),
                Attribute::Derive(false),
                Attribute::Encrypt(false),
                Attribute::Decrypt(false),
                Attribute::Wrap(false),
                Attribute::Unwrap(false),
            ];
            session.generate_key(&Mechanism::GenericSecretKeyGen, &template)?;
        }
        Ok(())
    }

    pub(super) fn find(session: &Session) -> Result<Self, TokenError> {
        let one = |secret| {
            let label = label(secret);
            let template = [
                Attribute::Class(ObjectClass::SECRET_KEY),
                Attribute::Token(true),
                Attribute::Label(label.clone().into_bytes()),
            ];
            match session.find_objects(&template)?.as_slice() {
                [] => Err(TokenError::Incomplete { what: "secrets" }),
                [secret] => {
                    check_it_stays(session, *secret, &label)?;
                    Ok(*secret)
                }
                _ => Err(TokenError::Key { label, fault: "is there more than once" }),
            }
        };
        Ok(Self {
            subject: one(Secret::Subject)?,
            person: one(Secret::Person)?,
            storage: one(Secret::Storage)?,
        })
    }

    pub(super) const fn handle(&self, secret: Secret) -> ObjectHandle {
        match secret {
            Secret::Subject => self.subject,
            Secret::Person => self.person,
            Secret::Storage => self.storage,
        }
    }
}

fn label(secret: Secret) -> String {
    let name = match secret {
        Secret::Subject => "subject",
        Secret::Person => "person",
        Secret::Storage => "storage",
    };
    format!("{OURS} {name}")
}

impl KeyPair {
    pub(super) fn create(session: &Session, kind: Kind, serial: u32, now: Seconds) -> Result<(), TokenError> {
        let signs = kind != Kind::Encryption;
        let (key_type, mechanism, own) = kind.make();
        let name = |class| {
            [
                Attribute::Class(class),
                Attribute::KeyType(key_type),
                Attribute::Token(true),
                Attribute::Modifiable(false),
                Attribute::Label(format!("{OURS} {} {serial} {now}", kind.name()).into_bytes()),
                Attribute::Id(serial.to_be_bytes().to_vec()),
            ]
        };
        let public = [
            &name(ObjectClass::PUBLIC_KEY)[..],
            &own,
            &[Attribute::Private(false), Attribute::Verify(signs)],
        ];
        let private = [
            &name(ObjectClass::PRIVATE_KEY)[..],
            &[
                Attribute::Private(true),
                Attribute::Sensitive(true),
                Attribute::Extractable(false),
                Attribute::Sign(signs),
                Attribute::Derive(!signs),
                Attribute::Decrypt(false),
                Attribute::Unwrap(false),
            ],
        ];
        session.generate_key_pair(&mechanism, &public.concat(), &private.concat())?;
        Ok(())
    }

    /// Those that are there with both halves, the oldest first.
    pub(super) fn find(session: &Session) -> Result<Vec<Self>, TokenError> {
        let mut found: Vec<Self> = Vec::new();
        let template = [Attribute::Class(ObjectClass::PRIVATE_KEY), Attribute::Token(true)];
        for private in session.find_objects(&template)? {
            let label = text(session, private)?;
            let Some((kind, serial, published_at)) = parse(&label) else { continue };
            check_it_stays(session, private, &label)?;
            if found.iter().any(|key| (key.kind, key.serial) == (kind, serial)) {
                return Err(TokenError::Key { label, fault: "has the number of another one" });
            }
            let template = [
                Attribute::Class(ObjectClass::PUBLIC_KEY),
                Attribute::Token(true),
                Attribute::Label(label.clone().into_bytes()),
            ];
            match session.find_objects(&template)?.as_slice() {
                // it is being made
                [] => {}
                [public] => {
                    let Some(key) = kind.read(session, *public)? else {
                        return Err(TokenError::Key {
                            label,
                            fault: "is not of the type that its label says",
                        });
                    };
                    found.push(Self { kind, serial, published_at, private, public: *public, key });
                }
                _ => return Err(TokenError::Key { label, fault: "has more than one public half" }),
            }
        }
        found.sort_unstable_by_key(|key| key.serial);
        Ok(found)
    }

    pub(super) fn destroy(&self, session: &Session) -> Result<(), TokenError> {
        session.destroy_object(self.private)?;
        session.destroy_object(self.public)?;
        Ok(())
    }
}

/// Everything of ours, whole or not.
pub(super) fn all(session: &Session) -> Result<Vec<ObjectHandle>, TokenError> {
    let mut found = Vec::new();
    for class in [ObjectClass::SECRET_KEY, ObjectClass::PRIVATE_KEY, ObjectClass::PUBLIC_KEY] {
        for object in session.find_objects(&[Attribute::Class(class), Attribute::Token(true)])? {
            if text(session, object)?.split(' ').next() == Some(OURS) {
                found.push(object);
            }
        }
    }
    Ok(found)
}

fn text(session: &Session, object: ObjectHandle) -> Result<String, TokenError> {
    Ok(match session.get_attributes(object, &[AttributeType::Label])?.as_slice() {
        [Attribute::Label(label)] => String::from_utf8_lossy(label).into_owned(),
        _ => String::new(),
    })
}

/// Kind, number and date of a key pair, from its label.
fn parse(label: &str) -> Option<(Kind, u32, Seconds)> {
    let words: Vec<&str> = label.strip_prefix(OURS)?.strip_prefix(' ')?.split(' ').collect();
    let [name, serial, published_at] = words[..] else { return None };
    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name)?;
    Some((kind, serial.parse().ok()?, published_at.parse().ok()?))
}

/// A key that others could take out of the token is not used.
fn check_it_stays(session: &Session, key: ObjectHandle, label: &str) -> Result<(), TokenError> {
    let attributes = session.get_attributes(key, &[AttributeType::Sensitive, AttributeType::Extractable])?;
    if attributes.contains(&Attribute::Sensitive(true)) && attributes.contains(&Attribute::Extractable(false))
    {
        Ok(())
    } else {
        Err(TokenError::Key { label: label.to_owned(), fault: "could be taken out of it" })
    }
}

#[cfg(test)]
mod tests {
    use bitaqa_jose::SignatureAlgorithm;

    use super::*;

    #[test]
    fn only_labels_of_our_key_pairs_are_taken_for_one() {
        let at = 1_780_315_200;
        assert_eq!(
            parse("bitaqa-platform signing 3 1780315200"),
            Some((Kind::Signing(SignatureAlgorithm::Es256), 3, at))
        );
        let rs256 = Kind::Signing(SignatureAlgorithm::Rs256);
        assert_eq!(parse("bitaqa-platform signing-rs256 1 1780315200"), Some((rs256, 1, at)));
        assert_eq!(parse("bitaqa-platform encryption 1 1780315200"), Some((Kind::Encryption, 1, at)));
        for other in [
            "",
            "bitaqa-platform",
            "bitaqa-platform subject",
            "bitaqa-platform signing",
            "bitaqa-platform signing 3",
            "bitaqa-platform signing x 1",
            "bitaqa-platform signing 3 1 1",
            "bitaqa-platform other 3 1",
            "bitaqa-platform signing-es256 3 1",
            "bitaqa-platform signing 99999999999 1",
            "other signing 3 1780315200",
        ] {
            assert_eq!(parse(other), None, "{other}");
        }
    }
}

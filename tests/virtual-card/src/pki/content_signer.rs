//! Signatures over contents that stand elsewhere (RFC 5652), for instance over a card's identifiers.

use super::{
    Pki,
    certificate::{Certificate, Purpose, Variant},
};
use crate::{
    ber_tlv::{constructed, object, objects},
    der,
    digest::Digest,
    mechanism::Mechanism,
    person::Person,
    private_key::{KeyError, KeyKind, PrivateKey},
};

const SIGNED_DATA: &[u32] = &[1, 2, 840, 113_549, 1, 7, 2];
const CONTENT_TYPE: &[u32] = &[1, 2, 840, 113_549, 1, 9, 3];
const MESSAGE_DIGEST: &[u32] = &[1, 2, 840, 113_549, 1, 9, 4];

impl Pki {
    /// SignedData without the content, signed by a signer of contents under the issuing authority; its certificate is in it.
    ///
    /// # Errors
    /// [`KeyError`] when a key fails.
    pub fn sign_contents(&self, content_type: &[u32], content: &[u8]) -> Result<Vec<u8>, KeyError> {
        let key = PrivateKey::generate(KeyKind::P384)?;
        let certificate = self.issue(&signer(), Purpose::ContentSigning, Variant::Valid, &key)?;
        let attributes = attributes(content_type, content);
        // what is signed is the set with its own tag (section 5.4)
        let message = Digest::Sha384.of(&constructed(0x31, &attributes));
        let signature = ecdsa(&key, &message)?;
        let signer = der::sequence(&[
            der::integer(1),
            issuer_and_serial_number(&certificate).ok_or(KeyError::Length)?,
            digest_algorithm(),
            der::context(0, &attributes),
            der::sequence(&[der::oid(&[1, 2, 840, 10_045, 4, 3, 3])]),
            der::octet_string(&signature),
        ]);
        let signed_data = der::sequence(&[
            der::integer(3),
            der::set_of_one(&digest_algorithm()),
            der::sequence(&[der::oid(content_type)]),
            der::context(0, &[certificate.der()]),
            der::set_of_one(&signer),
        ]);
        Ok(der::sequence(&[der::oid(SIGNED_DATA), der::context(0, &[signed_data])]))
    }
}

/// The signer is no person, but has a name like one.
fn signer() -> Person {
    Person {
        surname: "SIGNER".to_owned(),
        given_name: "OF CONTENTS".to_owned(),
        country: "MA".to_owned(),
        serial_number: "PNOMA-SIGNER01".to_owned(),
    }
}

/// Signed attributes, in the order of a DER set.
fn attributes(content_type: &[u32], content: &[u8]) -> Vec<Vec<u8>> {
    let attribute = |name, value: Vec<u8>| der::sequence(&[der::oid(name), der::set_of_one(&value)]);
    let mut attributes = vec![
        attribute(CONTENT_TYPE, der::oid(content_type)),
        attribute(MESSAGE_DIGEST, der::octet_string(&Digest::Sha384.of(content))),
    ];
    attributes.sort();
    attributes
}

fn digest_algorithm() -> Vec<u8> {
    der::sequence(&[der::oid(&[2, 16, 840, 1, 101, 3, 4, 2, 2])])
}

fn ecdsa(key: &PrivateKey, message: &[u8]) -> Result<Vec<u8>, KeyError> {
    let plain = Mechanism::EcdsaOf(Digest::Sha384).sign(key, message)?;
    let (r, s) = plain.split_at_checked(key.size()).ok_or(KeyError::Length)?;
    Ok(der::sequence(&[der::unsigned_integer(r), der::unsigned_integer(s)]))
}

/// From the certificate itself: version `[0]`, serial number, algorithm, issuer (RFC 5280, section 4.1).
fn issuer_and_serial_number(certificate: &Certificate) -> Option<Vec<u8>> {
    let [(0x30, whole)] = objects(certificate.der())?[..] else { return None };
    let (_, body) = *objects(whole)?.first()?;
    let parts = objects(body)?;
    let [_, (0x02, serial), _, (0x30, issuer), ..] = parts.as_slice() else { return None };
    Some(der::sequence(&[object(0x30, issuer), object(0x02, serial)]))
}

//! X.509 certificates (RFC 5280; for signatures ETSI EN 319 412-2 and -5), written value by value.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;

use super::{
    AUTHENTICATION_POLICY, OTHER_POLICY, SEAL_POLICY, SIGNATURE_POLICY,
    time::{DAY, now, time},
};
use crate::{
    ber_tlv::object,
    der,
    digest::Digest,
    person::Person,
    private_key::{KeyError, PrivateKey, random},
};

/// A certificate in DER.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Certificate(Vec<u8>);

impl Certificate {
    /// A certificate that somebody else made.
    #[must_use]
    pub const fn of_der(der: Vec<u8>) -> Self {
        Self(der)
    }

    /// The bytes.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.0
    }

    /// The textual form (RFC 7468).
    #[must_use]
    pub fn pem(&self) -> String {
        let text = STANDARD.encode(&self.0);
        let lines: Vec<&str> =
            (0..text.len()).step_by(64).filter_map(|at| text.get(at..text.len().min(at + 64))).collect();
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
    }
}

/// What a holder's certificate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Signing in: digitalSignature, clientAuth, [`super::AUTHENTICATION_POLICY`].
    Authentication,
    /// Signing documents: nonRepudiation, QcStatements, [`super::SIGNATURE_POLICY`].
    Signature,
    /// Deciphering keys: keyEncipherment (RSA) or keyAgreement (EC).
    KeyManagement,
    /// Signing what issuers write into cards: digitalSignature, id-PIV-content-signing (FIPS 201-3, section 4.2.1).
    ContentSigning,
    /// Proving a card without its holder: digitalSignature, id-PIV-cardAuth (FIPS 201-3, section 4.2.2.2).
    CardAuthentication,
}

/// A certificate as it should be, or what is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Variant {
    /// As it should be.
    #[default]
    Valid,
    /// Its time ended yesterday.
    Expired,
    /// Its time begins tomorrow.
    NotYetValid,
    /// Without an extended key usage extension.
    NoExtendedKeyUsage,
    /// With the key usage of the other purpose.
    WrongKeyUsage,
    /// With the key usages of both purposes.
    BothKeyUsages,
    /// Under a policy that the issuer profile does not name.
    WrongPolicy,
    /// From an authority that the verifier does not know.
    UnknownIssuer,
    /// Signed with the holder's own key.
    SelfSigned,
    /// Of somebody else, whose card it is not.
    OtherPerson,
    /// For documents: one for seals under the law of Morocco, whose key is in no qualified device; under a policy of its own.
    Seal,
}

/// An authority: its name, key and certificate.
#[derive(Clone)]
pub(super) struct Authority {
    pub(super) subject: Vec<u8>,
    pub(super) key: PrivateKey,
    pub(super) certificate: Certificate,
}

/// One RelativeDistinguishedName.
pub(super) fn attribute(oid: &[u32], value: Vec<u8>) -> Vec<u8> {
    der::set_of_one(&der::sequence(&[der::oid(oid), value]))
}

/// country, common name, surname, given name, serial number.
pub(super) fn holder_name(person: &Person) -> Vec<u8> {
    der::sequence(&[
        attribute(&[2, 5, 4, 6], der::printable(&person.country)),
        attribute(&[2, 5, 4, 3], der::utf8(&person.common_name())),
        attribute(&[2, 5, 4, 4], der::utf8(&person.surname)),
        attribute(&[2, 5, 4, 42], der::utf8(&person.given_name)),
        attribute(&[2, 5, 4, 5], der::printable(&person.serial_number)),
    ])
}

pub(super) fn authority_certificate(
    issuer: Option<&Authority>,
    subject: &[u8],
    key: &PrivateKey,
) -> Result<Certificate, KeyError> {
    let (issuer_name, issuer_key) = issuer.map_or((subject, key), |issuer| (&issuer.subject, &issuer.key));
    // the issuing authority issues to holders only
    let constraints = match issuer {
        None => der::sequence(&[der::boolean(true)]),
        Some(_) => der::sequence(&[der::boolean(true), der::integer(0)]),
    };
    // keyCertSign and cRLSign
    let usage = der::named_bits(&[5, 6]);
    let any_policy = der::sequence(&[der::sequence(&[der::oid(&[2, 5, 29, 32, 0])])]);
    let extensions = [
        extension(&[2, 5, 29, 19], true, &constraints),
        extension(&[2, 5, 29, 15], true, &usage),
        extension(&[2, 5, 29, 32], false, &any_policy),
        extension(&[2, 5, 29, 14], false, &der::octet_string(&key_identifier(key))),
        extension(&[2, 5, 29, 35], false, &authority_key_identifier(issuer_key)),
    ];
    let validity = (now() - 30 * DAY, now() + 3650 * DAY);
    signed(issuer_name, issuer_key, subject, key, validity, &extensions)
}

pub(super) fn holder_certificate(
    issuer: &Authority,
    person: &Person,
    purpose: Purpose,
    variant: Variant,
    key: &PrivateKey,
) -> Result<Certificate, KeyError> {
    let validity = match variant {
        Variant::Expired => (now() - 1000 * DAY, now() - DAY),
        Variant::NotYetValid => (now() + DAY, now() + 1000 * DAY),
        _ => (now() - DAY, now() + 730 * DAY),
    };
    let both = [key_usage(purpose, Variant::Valid, key), key_usage(purpose, Variant::WrongKeyUsage, key)];
    let usage = match variant {
        Variant::BothKeyUsages => der::named_bits(&both),
        _ => der::named_bits(&[key_usage(purpose, variant, key)]),
    };
    let policy = match (variant, purpose) {
        (Variant::WrongPolicy, _) => der::oid(&OTHER_POLICY),
        (Variant::Seal, _) => der::oid(&SEAL_POLICY),
        (_, Purpose::Signature) => der::oid(&SIGNATURE_POLICY),
        _ => der::oid(&AUTHENTICATION_POLICY),
    };
    let own_policy = der::sequence(&[policy, practice_statement()]);
    // NCP+: the key is in a device (ETSI EN 319 411-1, section 5.3)
    let for_devices = der::sequence(&[der::oid(&[0, 4, 0, 2042, 1, 2])]);
    let mut extensions = vec![
        extension(&[2, 5, 29, 15], true, &usage),
        extension(&[2, 5, 29, 19], false, &der::sequence::<Vec<u8>>(&[])),
        extension(&[2, 5, 29, 32], false, &der::sequence(&[own_policy, for_devices])),
        extension(&[2, 5, 29, 17], false, &alternative_name(person)),
        extension(&[2, 5, 29, 31], false, &distribution_point()),
        extension(&[1, 3, 6, 1, 5, 5, 7, 1, 1], false, &authority_information()),
        extension(&[2, 5, 29, 14], false, &der::octet_string(&key_identifier(key))),
        extension(&[2, 5, 29, 35], false, &authority_key_identifier(&issuer.key)),
    ];
    let mut statements = vec![disclosure_statement()];
    match purpose {
        Purpose::Authentication if variant == Variant::NoExtendedKeyUsage => {}
        Purpose::Authentication => {
            let client_authentication = der::oid(&[1, 3, 6, 1, 5, 5, 7, 3, 2]);
            extensions.push(extension(&[2, 5, 29, 37], false, &der::sequence(&[client_authentication])));
        }
        Purpose::Signature if variant == Variant::Seal => {
            // QcCompliance, QcType with id-etsi-qct-eseal, QcCClegislation (sections 4.2.1, 4.2.3 and 4.2.4)
            let types = der::sequence(&[der::oid(&[0, 4, 0, 1862, 1, 6, 2])]);
            let laws = der::sequence(&[der::printable("MA")]);
            statements.push(der::sequence(&[der::oid(&[0, 4, 0, 1862, 1, 1])]));
            statements.push(der::sequence(&[der::oid(&[0, 4, 0, 1862, 1, 6]), types]));
            statements.push(der::sequence(&[der::oid(&[0, 4, 0, 1862, 1, 7]), laws]));
        }
        Purpose::Signature => {
            // QcCompliance and QcSSCD (EN 319 412-5, sections 4.2.1 and 4.2.2)
            statements.push(der::sequence(&[der::oid(&[0, 4, 0, 1862, 1, 1])]));
            statements.push(der::sequence(&[der::oid(&[0, 4, 0, 1862, 1, 4])]));
        }
        Purpose::KeyManagement => {}
        Purpose::ContentSigning => {
            let content_signing = der::oid(&[2, 16, 840, 1, 101, 3, 6, 7]);
            extensions.push(extension(&[2, 5, 29, 37], true, &der::sequence(&[content_signing])));
        }
        Purpose::CardAuthentication => {
            let card_authentication = der::oid(&[2, 16, 840, 1, 101, 3, 6, 8]);
            extensions.push(extension(&[2, 5, 29, 37], true, &der::sequence(&[card_authentication])));
        }
    }
    extensions.push(extension(&[1, 3, 6, 1, 5, 5, 7, 1, 3], false, &der::sequence(&statements)));
    signed(&issuer.subject, &issuer.key, &holder_name(person), key, validity, &extensions)
}

/// The one bit of the key usage (section 4.2.1.3).
fn key_usage(purpose: Purpose, variant: Variant, key: &PrivateKey) -> u32 {
    const DIGITAL_SIGNATURE: u32 = 0;
    const NON_REPUDIATION: u32 = 1;
    const KEY_ENCIPHERMENT: u32 = 2;
    const KEY_AGREEMENT: u32 = 4;
    match (purpose, variant == Variant::WrongKeyUsage) {
        (Purpose::Authentication, false)
        | (Purpose::Signature, true)
        | (Purpose::CardAuthentication | Purpose::ContentSigning, _) => DIGITAL_SIGNATURE,
        (Purpose::Authentication, true) | (Purpose::Signature, false) => NON_REPUDIATION,
        (Purpose::KeyManagement, _) if key.curve().is_some() => KEY_AGREEMENT,
        (Purpose::KeyManagement, _) => KEY_ENCIPHERMENT,
    }
}

/// A policy qualifier: where the practice statement is (section 4.2.1.4).
fn practice_statement() -> Vec<u8> {
    let qualifier = der::oid(&[1, 3, 6, 1, 5, 5, 7, 2, 1]);
    der::sequence(&[der::sequence(&[
        qualifier,
        object(0x16, b"https://www.bitaqa.example/repository/practice-statement"),
    ])])
}

/// QcPDS: where the disclosure statement is (EN 319 412-5, section 4.3.4).
fn disclosure_statement() -> Vec<u8> {
    let address = object(0x16, b"https://www.bitaqa.example/repository/disclosure-statement");
    let location = der::sequence(&[address, der::printable("en")]);
    der::sequence(&[der::oid(&[0, 4, 0, 1862, 1, 5]), der::sequence(&[location])])
}

/// An e-mail address that nobody has (section 4.2.1.6).
fn alternative_name(person: &Person) -> Vec<u8> {
    let address = format!("{}@holders.bitaqa.example", person.document_number());
    der::sequence(&[der::context_primitive(1, address.as_bytes())])
}

/// Where a list of revoked certificates would be (section 4.2.1.13). Nothing is there: `example` is nobody's domain.
fn distribution_point() -> Vec<u8> {
    let name = der::context_primitive(6, b"http://crl.bitaqa.example/test-authority.crl");
    der::sequence(&[der::sequence(&[der::context(0, &[der::context(0, &[name])])])])
}

/// Where status and issuer could be asked for (section 4.2.2.1). Nothing is there either.
fn authority_information() -> Vec<u8> {
    let access = |method: u32, address: &[u8]| {
        der::sequence(&[der::oid(&[1, 3, 6, 1, 5, 5, 7, 48, method]), der::context_primitive(6, address)])
    };
    der::sequence(&[
        access(1, b"http://status.bitaqa.example/test-authority"),
        access(2, b"http://issuer.bitaqa.example/test-authority.der.crt"),
    ])
}

fn signed(
    issuer: &[u8],
    issuer_key: &PrivateKey,
    subject: &[u8],
    key: &PrivateKey,
    (not_before, not_after): (i64, i64),
    extensions: &[Vec<u8>],
) -> Result<Certificate, KeyError> {
    let algorithm = signature_algorithm(issuer_key);
    let body = der::sequence(&[
        der::context(0, &[der::integer(2)]),
        der::unsigned_integer(&random(16)?),
        algorithm.clone(),
        issuer.to_vec(),
        der::sequence(&[time(not_before), time(not_after)]),
        subject.to_vec(),
        key.subject_public_key_info(),
        der::context(3, &[der::sequence(extensions)]),
    ]);
    let signature = sign(issuer_key, &body)?;
    Ok(Certificate(der::sequence(&[body, algorithm, der::bit_string(&signature)])))
}

/// ecdsa-with-SHA384, or sha256WithRSAEncryption for a holder who signs the own certificate with an RSA key.
fn signature_algorithm(key: &PrivateKey) -> Vec<u8> {
    match key.curve() {
        Some(_) => der::sequence(&[der::oid(&[1, 2, 840, 10_045, 4, 3, 3])]),
        None => der::sequence(&[der::oid(&[1, 2, 840, 113_549, 1, 1, 11]), der::null()]),
    }
}

fn sign(key: &PrivateKey, body: &[u8]) -> Result<Vec<u8>, KeyError> {
    use crate::mechanism::Mechanism;

    if key.curve().is_none() {
        return Mechanism::RsaPkcs1Of(Digest::Sha256).sign(key, &Digest::Sha256.of(body));
    }
    let plain = Mechanism::EcdsaOf(Digest::Sha384).sign(key, &Digest::Sha384.of(body))?;
    let (r, s) = plain.split_at_checked(key.size()).ok_or(KeyError::Length)?;
    Ok(der::sequence(&[der::unsigned_integer(r), der::unsigned_integer(s)]))
}

pub(super) fn extension(oid: &[u32], critical: bool, value: &[u8]) -> Vec<u8> {
    let mut parts = vec![der::oid(oid)];
    if critical {
        parts.push(der::boolean(true));
    }
    parts.push(der::octet_string(value));
    der::sequence(&parts)
}

/// RFC 5280, section 4.2.1.2, method 1: SHA-1 of the public key's bits.
fn key_identifier(key: &PrivateKey) -> Vec<u8> {
    Digest::Sha1.of(&key.public_key_bits())
}

fn authority_key_identifier(key: &PrivateKey) -> Vec<u8> {
    der::sequence(&[der::context_primitive(0, &key_identifier(key))])
}

//! Certificates, right or wrong in one place.

use super::{
    Key,
    der::{bit_string, integer, name, sequence, time, tlv},
    extension::{self, CERTIFICATE_AND_CRL_SIGN, CLIENT_AUTH, DIGITAL_SIGNATURE},
};

/// What a certificate will say.
#[derive(Clone)]
pub struct Template {
    /// DER of the subject.
    pub name: Vec<u8>,
    /// `YYYYMMDDhhmmssZ`.
    pub not_before: &'static str,
    /// `YYYYMMDDhhmmssZ`.
    pub not_after: &'static str,
    /// DER of each `Extension`.
    pub extensions: Vec<Vec<u8>>,
    /// Instead of the key's own.
    pub spki: Option<Vec<u8>>,
    /// Big-endian number.
    pub number: Vec<u8>,
}

/// A certificate with its key.
#[derive(Clone)]
pub struct Issued {
    pub der: Vec<u8>,
    pub name: Vec<u8>,
    pub key: Key,
}

impl Issued {
    /// PEM (RFC 7468) of the certificate.
    pub fn pem(&self) -> String {
        pem("CERTIFICATE", &self.der)
    }
}

/// A block of PEM (RFC 7468).
pub fn pem(label: &str, der: &[u8]) -> String {
    let text = bitaqa_protocol::encode_base64(der);
    let mut pem = format!("-----BEGIN {label}-----\n");
    for line in text.as_bytes().chunks(64) {
        pem.push_str(std::str::from_utf8(line).unwrap());
        pem.push('\n');
    }
    pem + &format!("-----END {label}-----\n")
}

impl Template {
    /// Anything, valid from 2020 to 2040.
    pub fn named(attributes: &[(&str, &str)]) -> Self {
        Self {
            name: name(attributes),
            not_before: "20200101000000Z",
            not_after: "20400101000000Z",
            extensions: Vec::new(),
            spki: None,
            number: vec![0x17],
        }
    }

    /// A certification authority.
    pub fn authority(common_name: &str) -> Self {
        Self::named(&[("2.5.4.6", "MA"), ("2.5.4.10", "Example State"), ("2.5.4.3", common_name)])
            .with(extension::authority(None))
            .with(extension::key_usage(CERTIFICATE_AND_CRL_SIGN))
    }

    /// Amina, who signs in.
    pub fn person() -> Self {
        Self::named(&[
            ("2.5.4.6", "MA"),
            ("2.5.4.4", "المثال"),
            ("2.5.4.42", "أمينة"),
            ("2.5.4.5", "IDCMA-BE123456"),
            ("2.5.4.3", "أمينة المثال"),
        ])
        .with(extension::not_authority())
        .with(extension::key_usage(DIGITAL_SIGNATURE))
        .with(extension::extended_key_usage(&[CLIENT_AUTH]))
    }

    /// With one more extension, in place of one of the same type.
    pub fn with(mut self, extension: Vec<u8>) -> Self {
        self.extensions.retain(|other| identifier(other) != identifier(&extension));
        self.extensions.push(extension);
        self
    }

    /// Without the extensions of a type.
    pub fn without(mut self, dotted: &str) -> Self {
        let oid = super::der::oid(dotted);
        self.extensions.retain(|extension| identifier(extension) != oid);
        self
    }

    /// With another number.
    pub fn numbered(mut self, number: &[u8]) -> Self {
        self.number = number.to_vec();
        self
    }

    /// Valid at other times.
    pub fn valid(mut self, not_before: &'static str, not_after: &'static str) -> Self {
        (self.not_before, self.not_after) = (not_before, not_after);
        self
    }

    /// Signed with its own key.
    pub fn self_signed(self, key: Key) -> Issued {
        let issuer = Issued { der: Vec::new(), name: self.name.clone(), key: key.clone() };
        self.issued_by(&issuer, key)
    }

    /// Signed by an issuer.
    pub fn issued_by(self, issuer: &Issued, key: Key) -> Issued {
        let algorithm = issuer.key.certificate_algorithm();
        let validity = sequence(&[&time(self.not_before), &time(self.not_after)]);
        let spki = self.spki.unwrap_or_else(|| key.spki());
        let extensions = tlv(0xa3, &tlv(0x30, &self.extensions.concat()));
        let tbs = sequence(&[
            &tlv(0xa0, &integer(&[2])),
            &integer(&self.number),
            &algorithm,
            &issuer.name,
            &validity,
            &self.name,
            &spki,
            if self.extensions.is_empty() { &[] } else { &extensions },
        ]);
        let signature = issuer.key.sign_certificate(&tbs);
        Issued { der: sequence(&[&tbs, &algorithm, &bit_string(&signature)]), name: self.name, key }
    }
}

/// DER of the extension's identifier: its first element.
fn identifier(extension: &[u8]) -> &[u8] {
    let start = if extension[1] < 0x80 { 2 } else { 2 + usize::from(extension[1] & 0x7f) };
    &extension[start..start + 2 + usize::from(extension[start + 1])]
}

//! Card-verifiable certificates, as the card reads them (BSI TR-03110-3, C.1 and D.2.1).

use bitaqa_curves::{Curve, ExplicitParameters, Point, ecdsa_verify};
use rsa::{BoxedUint, RsaPublicKey, hazmat::rsa_encrypt, traits::PublicKeyParts as _};

use super::{super::oid, authorization::Authorization};
use crate::{
    ber_tlv::{object, objects},
    digest::Digest,
    mechanism::pkcs1_block,
};

/// `YYMMDD`, a digit in each byte: compares as it stands.
pub(crate) type Date = [u8; 6];

/// What a signature is verified with.
#[derive(Clone)]
pub(crate) enum VerificationKey {
    Curve { digest: Digest, point: Point },
    Rsa { digest: Digest, key: Box<RsaPublicKey> },
}

impl VerificationKey {
    /// The public key data object's value. A certificate below takes the curve of the key that signed it.
    fn parse(value: &[u8], issuer: Option<&Self>) -> Option<Self> {
        let parts = objects(value)?;
        let (&(first, protocol), rest) = parts.split_first()?;
        if first != 0x06 {
            return None;
        }
        let arcs = protocol.strip_prefix(oid::TERMINAL_AUTHENTICATION)?;
        match arcs {
            [1, scheme] => {
                let digest = match scheme {
                    1 => Digest::Sha1,
                    2 => Digest::Sha256,
                    5 => Digest::Sha512,
                    // the probabilistic schemes are not known here
                    _ => return None,
                };
                let [(0x81, modulus), (0x82, exponent)] = rest else {
                    return None;
                };
                let number =
                    |bytes: &[u8]| BoxedUint::from_be_slice(bytes, u32::try_from(bytes.len() * 8).ok()?).ok();
                let key = RsaPublicKey::new(number(modulus)?, number(exponent)?).ok()?;
                Some(Self::Rsa { digest, key: Box::new(key) })
            }
            [2, hash] => {
                let digest = match hash {
                    1 => Digest::Sha1,
                    2 => Digest::Sha224,
                    3 => Digest::Sha256,
                    4 => Digest::Sha384,
                    5 => Digest::Sha512,
                    _ => return None,
                };
                let (curve, point) = point(rest, issuer)?;
                let point = curve.decode_point(point).ok()?;
                Some(Self::Curve { digest, point })
            }
            _ => None,
        }
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Curve { digest, point } => ecdsa_verify(point, &digest.of(message), signature),
            Self::Rsa { digest, key } => {
                let size = key.size();
                let recovered = u32::try_from(size * 8)
                    .ok()
                    .and_then(|bits| BoxedUint::from_be_slice(signature, bits).ok())
                    .and_then(|number| rsa_encrypt(&**key, &number).ok());
                let expected = pkcs1_block(&digest.info(&digest.of(message)), size).ok();
                let recovered = recovered.map(|number| {
                    let bytes = number.to_be_bytes();
                    bytes.get(bytes.len().saturating_sub(size)..).unwrap_or_default().to_vec()
                });
                recovered.zip(expected).is_some_and(|(recovered, expected)| recovered == expected)
            }
        }
    }
}

/// Curve and encoded point: written out, or the issuer's curve.
fn point<'a>(parts: &[(u32, &'a [u8])], issuer: Option<&VerificationKey>) -> Option<(Curve, &'a [u8])> {
    match parts {
        [(0x86, point)] => match issuer? {
            VerificationKey::Curve { point: own, .. } => Some((own.curve(), point)),
            VerificationKey::Rsa { .. } => None,
        },
        [
            (0x81, prime),
            (0x82, a),
            (0x83, b),
            (0x84, generator),
            (0x85, order),
            (0x86, point),
            (0x87, cofactor),
        ] => {
            let parameters = ExplicitParameters { prime, a, b, generator, order, cofactor: Some(cofactor) };
            Some((Curve::from_explicit(&parameters)?, point))
        }
        _ => None,
    }
}

/// A certificate whose form is right; whether its signature is, [`CardVerifiableCertificate::is_signed_by`] says.
#[derive(Clone)]
pub(crate) struct CardVerifiableCertificate {
    body: Vec<u8>,
    signature: Vec<u8>,
    /// Who signed it.
    pub(crate) authority: Vec<u8>,
    /// Whose it is.
    pub(crate) holder: Vec<u8>,
    pub(crate) key: VerificationKey,
    pub(crate) authorization: Authorization,
    pub(crate) effective: Date,
    pub(crate) expiry: Date,
    /// Hashes of the sector keys that the terminal may ask pseudonyms for (C.3.2).
    pub(crate) sectors: Vec<Vec<u8>>,
}

impl CardVerifiableCertificate {
    /// Body `7F4E` and signature `5F37`, side by side as in PSO: VERIFY CERTIFICATE.
    pub(crate) fn parse(bytes: &[u8], issuer: Option<&VerificationKey>) -> Option<Self> {
        let parts = objects(bytes)?;
        let [(0x7F4E, value), (0x5F37, signature)] = parts.as_slice() else {
            return None;
        };
        // the body as it stands, with its own length field
        let length = bytes.len().checked_sub(object(0x5F37, signature).len())?;
        let body = bytes.get(..length)?.to_vec();
        let parts = objects(value)?;
        let [
            (0x5F29, [0x00]),
            (0x42, authority),
            (0x7F49, key),
            (0x5F20, holder),
            (0x7F4C, authorization),
            (0x5F25, effective),
            (0x5F24, expiry),
            rest @ ..,
        ] = parts.as_slice()
        else {
            return None;
        };
        let sectors = match rest {
            [] => Vec::new(),
            [(0x65, extensions)] => sectors(extensions)?,
            _ => return None,
        };
        Some(Self {
            body,
            signature: signature.to_vec(),
            authority: reference(authority)?,
            holder: reference(holder)?,
            key: VerificationKey::parse(key, issuer)?,
            authorization: Authorization::parse(authorization)?,
            effective: date(effective)?,
            expiry: date(expiry)?,
            sectors,
        })
    }

    pub(crate) fn is_signed_by(&self, key: &VerificationKey) -> bool {
        key.verifies(&self.body, &self.signature)
    }
}

/// Country code, mnemonic and sequence number: 8 to 16 characters.
fn reference(value: &[u8]) -> Option<Vec<u8>> {
    (8..=16).contains(&value.len()).then(|| value.to_vec())
}

fn date(value: &[u8]) -> Option<Date> {
    let date: Date = value.try_into().ok()?;
    date.iter().all(|digit| *digit < 10).then_some(date)
}

/// The hashes in the discretionary data of id-sector; other extensions are of no concern to the card.
fn sectors(extensions: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut hashes = Vec::new();
    for (tag, value) in objects(extensions)? {
        let parts = objects(value)?;
        match (tag, parts.as_slice()) {
            (0x73, [(0x06, oid::SECTOR), rest @ ..]) => {
                hashes.extend(
                    rest.iter().filter(|(tag, _)| matches!(tag, 0x80 | 0x81)).map(|(_, hash)| hash.to_vec()),
                );
            }
            (0x73, [(0x06, _), ..]) => {}
            _ => return None,
        }
    }
    Some(hashes)
}

//! Signing in: discovery, tries, certificate, PIN and signature of each family of cards.

use bitaqa_card::{Hash, Role, SignatureAlgorithm, Signed, signature::KeySize, transport::Limits};
use bitaqa_curves::{Curve, ecdsa_verify};
use bitaqa_virtual_card::{
    CardSpec,
    private_key::KeyKind,
    rules::Protocol,
    spec::{Generation, Personality},
};
use rsa::{Pss, RsaPublicKey, pkcs1::DecodeRsaPublicKey as _};
use sha2::Sha256;

use crate::{
    flow::{Ended, Flow},
    reader::Reader,
    sign_in::{PKI, first_look_over, sign, usual},
    table::check,
};

pub(crate) const WRONG: &str = "987654";

/// What the person types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    Right,
    Wrong,
}

/// A whole sign-in: what the host does, and what a verifier says of the signature.
fn sign_in(name: &str, spec: &CardSpec, role: Role, entry: Entry) -> Flow {
    let pins = spec.pins();
    let right = if role == Role::Authentication { pins.pin } else { pins.signature_pin };
    let way = way_of(spec, role);
    let run = move |reader: &mut Reader, session: u8| {
        let atr = reader.card.atr().to_vec();
        let look = first_look_over(reader, &atr, role)?;
        let digest = vec![session; way.0.hash().length()];
        let pin = if entry == Entry::Right { right.digits() } else { WRONG };
        Ok(match sign(reader, &look, pin, way, &digest)? {
            Signed::PinRefused(verdict) => Ended::Refused(format!("{verdict:?}")),
            Signed::Signature(signature) => {
                let certificates = reader.card.certificates();
                let certificate = match role {
                    Role::Authentication => &certificates.authentication,
                    Role::Signature => &certificates.signature,
                };
                if is_signature(certificate.der(), way, &digest, &signature) {
                    Ended::With(look.certificate)
                } else {
                    Ended::NotBelieved("the signature")
                }
            }
        })
    };
    Flow::new(format!("{name}, {entry:?} PIN"), spec, run)
        .costing(u8::from(entry == Entry::Wrong))
        .proving_itself()
}

/// How such a card signs, whatever it says when it is disturbed.
fn way_of(spec: &CardSpec, role: Role) -> (SignatureAlgorithm, KeySize) {
    let card = spec.make(&PKI).unwrap();
    let atr = card.atr().to_vec();
    let mut reader = Reader::with(card, spec.protocol.unwrap_or_default(), Limits::default());
    usual(&first_look_over(&mut reader, &atr, role).unwrap())
}

/// Whether the key of this certificate signed this digest.
pub(crate) fn is_signature(
    certificate: &[u8],
    (algorithm, size): (SignatureAlgorithm, KeySize),
    digest: &[u8],
    signature: &[u8],
) -> bool {
    // the BIT STRING of the public key: an uncompressed point, or the key of PKCS#1
    let (curve, header) = match (algorithm, size) {
        (SignatureAlgorithm::Ecdsa(_), KeySize::Ec(32)) => (Curve::P256, [0x03, 0x42, 0x00, 0x04]),
        (SignatureAlgorithm::Ecdsa(_), _) => (Curve::P384, [0x03, 0x62, 0x00, 0x04]),
        (SignatureAlgorithm::RsaPss(Hash::Sha256), KeySize::Rsa(256)) => {
            return is_rsa_pss_signature(certificate, digest, signature);
        }
        _ => panic!("no card here signs with {algorithm:?}"),
    };
    let start = certificate.windows(4).position(|bytes| bytes == header).unwrap() + 3;
    let point = curve.decode_point(&certificate[start..start + 1 + 2 * curve.scalar_length()]).unwrap();
    ecdsa_verify(&point, digest, signature)
}

fn is_rsa_pss_signature(certificate: &[u8], digest: &[u8], signature: &[u8]) -> bool {
    // of 2048 bits and the usual exponent: 270 bytes of DER behind the count of unused bits
    let header = [0x03, 0x82, 0x01, 0x0F, 0x00];
    let start = certificate.windows(header.len()).position(|bytes| bytes == header).unwrap() + header.len();
    let key = RsaPublicKey::from_pkcs1_der(&certificate[start..start + 270]).unwrap();
    key.verify(Pss::<Sha256>::new(), digest, signature).is_ok()
}

fn families() -> Vec<(&'static str, CardSpec, Role)> {
    let of = CardSpec::of_generation;
    let described = |protocol| CardSpec { protocol: Some(protocol), ..CardSpec::pkcs15(KeyKind::P256) };
    let lateid = CardSpec { key: Some(KeyKind::P384), ..CardSpec::new(Personality::Lateid) };
    vec![
        ("esteid", CardSpec::esteid(), Role::Authentication),
        ("esteid thales", of(Personality::Esteid, Generation::Thales), Role::Authentication),
        // its key for signing in is of RSA, the other on a curve
        ("fineid v3", of(Personality::Fineid, Generation::V3), Role::Authentication),
        ("fineid v3, content", of(Personality::Fineid, Generation::V3), Role::Signature),
        ("fineid v4", of(Personality::Fineid, Generation::V4), Role::Authentication),
        ("lateid", lateid, Role::Authentication),
        ("iasecc", CardSpec::iasecc(KeyKind::P256), Role::Authentication),
        ("piv", CardSpec::piv(KeyKind::P256), Role::Authentication),
        ("pkcs15 over T=1", described(Protocol::T1), Role::Authentication),
        ("pkcs15 over T=0", described(Protocol::T0), Role::Authentication),
    ]
}

/// Every family.
pub(crate) fn flows(wrong_as_well: bool) -> Vec<Flow> {
    let entries: &[Entry] = if wrong_as_well { &[Entry::Right, Entry::Wrong] } else { &[Entry::Right] };
    families()
        .iter()
        .flat_map(|(name, spec, role)| entries.iter().map(|entry| sign_in(name, spec, *role, *entry)))
        .collect()
}

#[test]
fn a_sign_in_that_is_disturbed_ends_in_an_error_of_its_own_and_costs_no_try() {
    check(&flows(true));
}

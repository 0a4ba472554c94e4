//! Who certifies terminals: a card-verifying authority, a document verifier under it, and terminals (BSI TR-03110-3, C.1).

use std::sync::OnceLock;

use bitaqa_curves::Curve;
use zeroize::Zeroizing;

use crate::{
    ber_tlv::{constructed, object},
    digest::Digest,
    icao::{
        domain::{COEFFICIENTS, WRITTEN_OUT},
        oid,
        signing_key::SigningKey,
        terminal_authentication::authorization::TerminalKind,
    },
    random::Random,
};

/// The curve of all these keys, which an authority's certificate writes out.
const CURVE: Curve = WRITTEN_OUT;

/// Years from 2022 on, as `YYMMDD`.
const FROM: [u8; 6] = [2, 2, 0, 1, 0, 1];
const UNTIL: [u8; 6] = [3, 6, 1, 2, 3, 1];

/// The two highest bits of an authorisation.
const COUNTRY: u8 = 0xC0;
const DOMESTIC_VERIFIER: u8 = 0x80;
const TERMINAL: u8 = 0x00;

/// A key with a name.
#[derive(Clone)]
struct Holder {
    name: &'static [u8],
    key: SigningKey,
}

/// An authority that certifies terminals of one kind.
#[derive(Clone)]
pub struct CardVerifyingAuthority {
    kind: TerminalKind,
    root: Holder,
    verifier: Holder,
}

/// A terminal with its chain and its key.
#[derive(Clone)]
pub struct Terminal {
    chain: Vec<Vec<u8>>,
    holder: Holder,
}

/// What is to be certified of a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerminalOrder<'a> {
    /// Its rights, as the bytes of the authorisation without the role's two bits.
    pub rights: &'a [u8],
    /// When its certificate ends, `YYMMDD` with a digit in each byte.
    pub until: [u8; 6],
    /// The sector keys, whole `7F49` objects, that it may ask pseudonyms for.
    pub sectors: &'a [Vec<u8>],
}

impl<'a> TerminalOrder<'a> {
    /// A terminal with these rights, good for years.
    #[must_use]
    pub const fn with(rights: &'a [u8]) -> Self {
        Self { rights, until: UNTIL, sectors: &[] }
    }
}

static INSPECTION: OnceLock<CardVerifyingAuthority> = OnceLock::new();
static AUTHENTICATION: OnceLock<CardVerifyingAuthority> = OnceLock::new();
static SIGNATURE: OnceLock<CardVerifyingAuthority> = OnceLock::new();

impl CardVerifyingAuthority {
    /// The authority that the cards of this process believe for this kind of terminal.
    #[must_use]
    pub fn of(kind: TerminalKind) -> &'static Self {
        let shared = match kind {
            TerminalKind::Inspection => &INSPECTION,
            TerminalKind::Authentication => &AUTHENTICATION,
            TerminalKind::Signature => &SIGNATURE,
        };
        shared.get_or_init(|| Self::strange(kind))
    }

    /// An authority that no card believes, with the name of one that they do.
    #[must_use]
    pub fn strange(kind: TerminalKind) -> Self {
        let mut random = Random::default();
        let mut holder = |name| Holder { name, key: SigningKey::on_curve(CURVE, &mut random) };
        Self { kind, root: holder(b"UTBTQCVCA00001"), verifier: holder(b"UTBTQDV00001") }
    }

    /// The self-signed certificate, `7F21`.
    #[must_use]
    pub fn certificate(&self) -> Vec<u8> {
        object(0x7F21, &self.self_signed())
    }

    /// The self-signed certificate's body and signature.
    pub(crate) fn self_signed(&self) -> Vec<u8> {
        let everything = vec![0xFF; self.kind.length()];
        self.certified(&self.root, &self.root, COUNTRY, &TerminalOrder::with(&everything))
    }

    /// A terminal with its chain: the verifier's certificate and its own.
    #[must_use]
    pub fn terminal(&self, order: &TerminalOrder<'_>) -> Terminal {
        let holder =
            Holder { name: b"UTBTQTERM00001", key: SigningKey::on_curve(CURVE, &mut Random::default()) };
        let everything = vec![0xFF; self.kind.length()];
        let chain = [
            self.certified(&self.root, &self.verifier, DOMESTIC_VERIFIER, &TerminalOrder::with(&everything)),
            self.certified(&self.verifier, &holder, TERMINAL, order),
        ];
        Terminal { chain: chain.iter().map(|parts| object(0x7F21, parts)).collect(), holder }
    }

    fn certified(&self, issuer: &Holder, holder: &Holder, role: u8, order: &TerminalOrder<'_>) -> Vec<u8> {
        let mut rights = order.rights.to_vec();
        if let Some(first) = rights.first_mut() {
            *first = (*first & 0x3F) | role;
        }
        let authorization = constructed(0x7F4C, &[object(0x06, &self.kind.oid()), object(0x53, &rights)]);
        let mut parts = vec![
            object(0x5F29, &[0]),
            object(0x42, issuer.name),
            public_key(&holder.key, role == COUNTRY),
            object(0x5F20, holder.name),
            authorization,
            object(0x5F25, &FROM),
            object(0x5F24, &order.until),
        ];
        if !order.sectors.is_empty() {
            let mut extension = vec![object(0x06, oid::SECTOR)];
            extension
                .extend((0x80..).zip(order.sectors).map(|(tag, key)| object(tag, &Digest::Sha256.of(key))));
            parts.push(object(0x65, &constructed(0x73, &extension)));
        }
        let body = constructed(0x7F4E, &parts);
        let signature = sign(&issuer.key, &body);
        [body, object(0x5F37, &signature)].concat()
    }
}

impl Terminal {
    /// The certificates, `7F21` each, from the verifier's on.
    #[must_use]
    pub fn chain(&self) -> &[Vec<u8>] {
        &self.chain
    }

    /// The name in its certificate: the certificate holder reference.
    #[must_use]
    pub fn name(&self) -> &[u8] {
        self.holder.name
    }

    /// Its private key, for a terminal that signs by itself: ECPrivateKey (RFC 5915) with a named curve.
    #[must_use]
    pub fn private_key(&self) -> Option<Zeroizing<Vec<u8>>> {
        self.holder.key.ec_private_key()
    }

    /// A signature in plain format with SHA-256.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        sign(&self.holder.key, message)
    }
}

fn sign(key: &SigningKey, message: &[u8]) -> Vec<u8> {
    key.ecdsa(&Digest::Sha256.of(message), &mut Random::default()).unwrap_or_default()
}

/// The public key data object: id-TA-ECDSA-SHA-256, and of an authority the curve written out.
fn public_key(key: &SigningKey, of_authority: bool) -> Vec<u8> {
    let protocol = object(0x06, &oid::below(oid::TERMINAL_AUTHENTICATION, &[2, 3]));
    let point = object(0x86, &key.public_key_bits());
    if !of_authority {
        return constructed(0x7F49, &[protocol, point]);
    }
    constructed(
        0x7F49,
        &[
            protocol,
            object(0x81, &CURVE.prime()),
            object(0x82, &COEFFICIENTS[0]),
            object(0x83, &COEFFICIENTS[1]),
            object(0x84, &CURVE.generator().encode()),
            object(0x85, &CURVE.order()),
            point,
            object(0x87, &[1]),
        ],
    )
}

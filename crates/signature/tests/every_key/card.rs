//! The signers' software cards: the project's driver finds the key, reads its certificate, presents the PIN and has the card sign.

use std::{
    path::PathBuf,
    sync::{LazyLock, Mutex, MutexGuard, OnceLock, PoisonError},
};

use bitaqa_card::{
    Card, Hash as CardHash, PinEntry, Profile, Role, SignatureAlgorithm as CardAlgorithm, Signed, Transport,
    TransportError,
    layout::KeyUse,
    pin::SCRATCH_LENGTH,
    signature::{KeySize, Scheme},
};
use bitaqa_signature::{Hash, SignatureAlgorithm};
use bitaqa_trust::Certificate;
use bitaqa_virtual_card::{self as virtual_card, CardSpec, private_key::KeyKind, rules::Protocol};

use crate::{
    files::{Desk, SigningKey, pki},
    support::Kind,
};

/// Where the cards come from. What their makers put on them is replaced by what `openssl` issues.
static MAKER: LazyLock<virtual_card::Pki> = LazyLock::new(|| virtual_card::Pki::generate().unwrap());
/// The profiles that are shipped.
static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| Profile::compiled_in().unwrap());

/// PERFORM SECURITY OPERATION.
const SIGN: u8 = 0x2A;

/// A card whose certificate for documents is of the test's infrastructure.
pub(crate) struct SignerCard {
    pub(crate) kind: Kind,
    pub(crate) certificate: Certificate,
    pub(crate) certificate_file: PathBuf,
    size: KeySize,
    pin: String,
    reader: Mutex<Reader>,
}

impl SignerCard {
    /// The card with this kind of key; made once.
    pub(crate) fn of(kind: Kind) -> &'static Self {
        static CARDS: [OnceLock<SignerCard>; Kind::ALL.len()] = [const { OnceLock::new() }; Kind::ALL.len()];
        CARDS[kind as usize].get_or_init(|| Self::new(kind))
    }

    fn new(kind: Kind) -> Self {
        let (key, size) = match kind {
            Kind::P256 => (KeyKind::P256, KeySize::Ec(32)),
            Kind::P384 => (KeyKind::P384, KeySize::Ec(48)),
            Kind::P521 => (KeyKind::P521, KeySize::Ec(66)),
            Kind::Brainpool256 => (KeyKind::BrainpoolP256r1, KeySize::Ec(32)),
            Kind::Brainpool384 => (KeyKind::BrainpoolP384r1, KeySize::Ec(48)),
            Kind::Brainpool512 => (KeyKind::BrainpoolP512r1, KeySize::Ec(64)),
            Kind::Rsa2048 => (KeyKind::Rsa2048, KeySize::Rsa(256)),
            Kind::Rsa3072 => (KeyKind::Rsa3072, KeySize::Rsa(384)),
            Kind::RsaPss => (KeyKind::Rsa2048Pss, KeySize::Rsa(256)),
        };
        let spec = CardSpec { every_algorithm: Some(true), ..CardSpec::pkcs15(key) };
        let mut card = spec.make(&MAKER).unwrap();
        let issued = pki().issue_for_key_of(card.certificates().signature.der());
        let certificate = virtual_card::pki::Certificate::of_der(issued);
        let pem = certificate.pem();
        card.renew_signature_certificate(certificate).unwrap();
        let mut reader = Reader(card);
        let certificate = reader.certificate();
        Self {
            kind,
            certificate: Certificate::from_der(&certificate).unwrap(),
            certificate_file: pki().file(&format!("card_{kind:?}.pem"), pem.as_bytes()),
            size,
            pin: spec.pins().signature_pin.digits().to_owned(),
            reader: Mutex::new(reader),
        }
    }

    /// Its holder, about to sign with an algorithm.
    pub(crate) fn desk(&'static self, algorithm: SignatureAlgorithm) -> Desk<&'static Self> {
        Desk::of(self.certificate.clone(), self, algorithm)
    }

    fn reader(&self) -> MutexGuard<'_, Reader> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SigningKey for &SignerCard {
    /// One PIN entry and one signature of a card that was just put in.
    fn sign(&self, algorithm: SignatureAlgorithm, digest: &[u8]) -> Vec<u8> {
        let mut reader = self.reader();
        let atr = reader.insert();
        let mut card = Card::discover(&mut *reader, &atr, &PROFILES).unwrap();
        let mut credential = card.credential(Role::Signature).unwrap();
        let algorithm = known_to_driver(algorithm, &mut credential.key);
        let mut scratch = [0; SCRATCH_LENGTH];
        let entry = PinEntry::Typed { pin: self.pin.as_bytes(), scratch: &mut scratch };
        let signed = card.verify_and_sign(&credential, entry, algorithm, self.size, digest).unwrap();
        let log = reader.0.log();
        assert_eq!(log.verify_count(), 1);
        assert_eq!(log.entries().iter().filter(|entry| entry.is(SIGN)).count(), 1);
        match signed {
            Signed::Signature(signature) => signature,
            Signed::PinRefused(verdict) => panic!("{verdict:?}"),
        }
    }
}

/// The algorithm in the words of the driver. It has none for SHA-3, and needs none: a card gets a hash value and its own reference
/// of the algorithm, so the method for SHA-2 of that length gets the reference of the one for SHA-3.
fn known_to_driver(algorithm: SignatureAlgorithm, key: &mut KeyUse) -> CardAlgorithm {
    /// From the card's reference of an algorithm with SHA-2 to the same with SHA-3.
    const TO_SHA_3: u8 = 3;
    let (hash, is_sha_3) = match algorithm.hash() {
        Hash::Sha256 => (CardHash::Sha256, false),
        Hash::Sha384 => (CardHash::Sha384, false),
        Hash::Sha512 => (CardHash::Sha512, false),
        Hash::Sha3_256 => (CardHash::Sha256, true),
        Hash::Sha3_384 => (CardHash::Sha384, true),
        Hash::Sha3_512 => (CardHash::Sha512, true),
    };
    let (scheme, known) = match algorithm {
        SignatureAlgorithm::Ecdsa(_) => (Scheme::Ecdsa, CardAlgorithm::Ecdsa(hash)),
        SignatureAlgorithm::RsaPkcs1(_) => (Scheme::RsaPkcs1, CardAlgorithm::RsaPkcs1(hash)),
        SignatureAlgorithm::RsaPss(_) => (Scheme::RsaPss, CardAlgorithm::RsaPss(hash)),
    };
    if is_sha_3 {
        let of_this =
            |method: &&mut bitaqa_card::layout::Method| method.scheme == scheme && method.hash == Some(hash);
        let method = key.methods.iter_mut().find(of_this).unwrap();
        method.reference = method.reference.map(|reference| reference + TO_SHA_3);
    }
    known
}

/// A reader in this process with a card in it.
struct Reader(virtual_card::Card);

impl Reader {
    /// Puts the card in anew: the answer to reset.
    fn insert(&mut self) -> Vec<u8> {
        self.0.clear_log();
        self.0.reset().unwrap()
    }

    /// The certificate for documents, as the card gives it.
    fn certificate(&mut self) -> Vec<u8> {
        let atr = self.insert();
        let mut card = Card::discover(self, &atr, &PROFILES).unwrap();
        let credential = card.credential(Role::Signature).unwrap();
        card.certificate(&credential).unwrap()
    }
}

impl Transport for Reader {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        let exchange = self.0.transmit(Protocol::T1, command);
        answer.clear();
        answer.extend(exchange.answer.ok_or_else(|| TransportError::Fault("no answer".into()))?);
        Ok(())
    }
}

//! A reader in this process: one software card in it, and what was sent to that card.

use std::sync::{Arc, LazyLock};

use bitaqa_card::{
    Card, CardError, Credential, Hash, Layout, PinEntry, PinStatus, Profile, Role, SignatureAlgorithm,
    Signed, Transport, TransportError, pin::SCRATCH_LENGTH, signature::KeySize, transport::Limits,
};
use bitaqa_virtual_card::{self as virtual_card, CardSpec, Pki, card::Removal, rules::Protocol};

/// Authorities take time to make and can be shared.
pub(crate) static PKI: LazyLock<Pki> = LazyLock::new(|| Pki::generate().unwrap());
/// The profiles that are shipped.
pub(crate) static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| Profile::compiled_in().unwrap());

/// More commands than any sign-in needs: who sends more would never end.
const TOO_MANY: usize = 400;

/// A reader with a card in it.
pub(crate) struct Reader {
    pub(crate) card: virtual_card::Card,
    pub(crate) limits: Limits,
    /// Bytes of commands other than VERIFY, in order.
    pub(crate) sent: Vec<Vec<u8>>,
    protocol: Protocol,
    removed: bool,
}

impl Reader {
    pub(crate) fn with(spec: &CardSpec) -> Self {
        Self {
            card: spec.make(&PKI).unwrap(),
            limits: Limits::default(),
            sent: Vec::new(),
            protocol: spec.protocol.unwrap_or_default(),
            removed: false,
        }
    }

    /// The card is put in (again), with nothing selected, nothing verified, nothing ordered.
    pub(crate) fn insert_again(&mut self) {
        self.card.behave();
        self.card.reset().unwrap();
        self.card.clear_log();
        self.sent.clear();
        self.removed = false;
    }

    /// Commands that the card got.
    pub(crate) fn commands(&self) -> usize {
        self.card.log().entries().len()
    }

    /// VERIFY commands that the card got.
    pub(crate) fn verify_count(&self) -> usize {
        self.card.log().verify_count()
    }

    /// Whether a command with this INS was sent.
    pub(crate) fn was_sent(&self, instruction: u8) -> bool {
        self.card.log().entries().iter().any(|entry| entry.is(instruction))
    }
}

impl Transport for Reader {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        assert!(self.commands() < TOO_MANY, "the card is asked again and again");
        assert!(command.len() <= self.limits.command, "the reader cannot carry {} bytes", command.len());
        if self.removed {
            return Err(TransportError::Removed);
        }
        if command.get(1) != Some(&0x20) {
            self.sent.push(command.to_vec());
        }
        let exchange = self.card.transmit(self.protocol, command);
        self.removed = exchange.removal.is_some();
        if exchange.removal == Some(Removal::BeforeCommand) {
            return Err(TransportError::Removed);
        }
        let given = exchange.answer.ok_or_else(|| TransportError::Fault("no answer".into()))?;
        answer.clear();
        answer.extend_from_slice(&given);
        Ok(())
    }

    fn limits(&self) -> Limits {
        self.limits
    }
}

/// What the first transaction of a sign-in brings.
#[derive(Clone)]
pub(crate) struct FirstLook {
    pub(crate) layout: Arc<Layout>,
    pub(crate) credential: Credential,
    pub(crate) pin_status: PinStatus,
    pub(crate) certificate: Vec<u8>,
}

/// The first transaction with the card in this reader.
pub(crate) fn first_look(reader: &mut Reader, role: Role) -> Result<FirstLook, CardError> {
    let atr = reader.card.atr().to_vec();
    first_look_over(reader, &atr, role)
}

/// The first transaction, as the host does it: what is it, how many tries are left, whose is it?
pub(crate) fn first_look_over(
    transport: &mut dyn Transport,
    atr: &[u8],
    role: Role,
) -> Result<FirstLook, CardError> {
    let mut card = Card::discover(transport, atr, &PROFILES)?;
    let credential = card.credential(role)?;
    let (pin_status, certificate) = card.status_and_certificate(&credential)?;
    Ok(FirstLook { layout: Arc::clone(card.layout()), credential, pin_status, certificate })
}

/// The second transaction: PIN and signature.
pub(crate) fn sign(
    transport: &mut dyn Transport,
    look: &FirstLook,
    pin: &str,
    (algorithm, size): (SignatureAlgorithm, KeySize),
    digest: &[u8],
) -> Result<Signed, CardError> {
    let mut scratch = [0; SCRATCH_LENGTH];
    let entry = PinEntry::Typed { pin: pin.as_bytes(), scratch: &mut scratch };
    let mut card = Card::with_layout(transport, Arc::clone(&look.layout));
    let signed = card.verify_and_sign(&look.credential, entry, algorithm, size, digest);
    assert_eq!(scratch, [0; SCRATCH_LENGTH], "the VERIFY command is overwritten");
    signed
}

/// The second transaction with a message instead of its digest.
pub(crate) fn sign_message(
    transport: &mut dyn Transport,
    look: &FirstLook,
    pin: &str,
    (algorithm, size): (SignatureAlgorithm, KeySize),
    message: &[u8],
) -> Result<Signed, CardError> {
    let mut scratch = [0; SCRATCH_LENGTH];
    let entry = PinEntry::Typed { pin: pin.as_bytes(), scratch: &mut scratch };
    let mut card = Card::with_layout(transport, Arc::clone(&look.layout));
    card.verify_and_sign_message(&look.credential, entry, algorithm, size, message)
}

/// The way in which a key of this kind signs in the tests that need only one.
pub(crate) fn usual(look: &FirstLook) -> (SignatureAlgorithm, KeySize) {
    let has = |identifier: &[u8]| look.certificate.windows(identifier.len()).any(|bytes| bytes == identifier);
    // the curves by their object identifiers (RFC 5480; RFC 5639)
    if has(&[0x2B, 0x81, 0x04, 0x00, 0x22]) {
        return (SignatureAlgorithm::Ecdsa(Hash::Sha384), KeySize::Ec(48));
    }
    let on_256_bits: [&[u8]; 2] = [
        &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07],
        &[0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07],
    ];
    if on_256_bits.into_iter().any(has) {
        return (SignatureAlgorithm::Ecdsa(Hash::Sha256), KeySize::Ec(32));
    }
    let rsa = SignatureAlgorithm::RsaPkcs1(Hash::Sha256);
    let algorithm = match look.credential.key.method(rsa) {
        Some(_) => rsa,
        None => SignatureAlgorithm::RsaPss(Hash::Sha256),
    };
    (algorithm, KeySize::Rsa(256))
}

/// The signature, or the panic that says why there is none.
#[track_caller]
pub(crate) fn signature(signed: Result<Signed, CardError>) -> Vec<u8> {
    match signed.unwrap() {
        Signed::Signature(signature) => signature,
        Signed::PinRefused(verdict) => panic!("the PIN was refused: {verdict:?}"),
    }
}

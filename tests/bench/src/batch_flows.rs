//! A hundred documents under one consent, on every make of card that signs documents: how often the certificate was read, and what the
//! card was asked for each document.
//!
//! The consent is one; how often the PIN is asked for is the card's matter. A key that wants it before each use gets a whole second
//! transaction for each document, as the native host has it: selected, told which key, PIN, signature. Any other key gets all of them in
//! one, and for each document only what says which key and algorithm are meant, and what signs (ISO/IEC 7816-4 sections 11.5.3, 11.6.11;
//! ISO/IEC 7816-8; SP 800-73-5 part 2 section 3.2.4).

use std::{ops::ControlFlow, sync::Arc};

use bitaqa_card::{
    Card, Credential, Hash, Layout, PinEntry, Profile, Role, Series, SignatureAlgorithm, SignedSeries,
    chip_session::AccessKey,
    pace::Can,
    pin::SCRATCH_LENGTH,
    signature::{KeySize, ToBeSigned},
};
use bitaqa_virtual_card::{
    CardSpec, Pki,
    private_key::KeyKind,
    spec::{Generation, Hypothesis, Personality},
};
use serde::Serialize;

use crate::{
    BenchError,
    document_flows::counting,
    exchange::Tally,
    opened_flows::opened,
    recorder::{ReaderKind, Recorder},
    sign_in_flows::{IAS_ECC_PROFILE, PKCS15_PROFILE, profiles},
};

/// Documents of a batch.
pub const DOCUMENTS: usize = 100;

const SELECT: u8 = 0xA4;
const MANAGE_SECURITY_ENVIRONMENT: u8 = 0x22;
const VERIFY: u8 = 0x20;
const PERFORM_SECURITY_OPERATION: u8 = 0x2A;
/// Of PIV; PACE's is 86.
const GENERAL_AUTHENTICATE: u8 = 0x87;
/// MANAGE SECURITY ENVIRONMENT and four times GENERAL AUTHENTICATE (ICAO Doc 9303-11 section 4.4.4).
const PACE: [u8; 5] = [MANAGE_SECURITY_ENVIRONMENT, 0x86, 0x86, 0x86, 0x86];

/// What a card of a make is asked for a signature, by instructions, written down from its documentation and not taken from the reader.
struct Sequence {
    /// The first signature after the person has typed the PIN, which is in it.
    first: &'static [u8],
    /// Each further one, where the PIN is good for many.
    again: &'static [u8],
}

/// The card signs a digest, or hashes what is left of the message itself.
const SIGN_AT_ONCE: Sequence = Sequence {
    first: &[SELECT, VERIFY, MANAGE_SECURITY_ENVIRONMENT, PERFORM_SECURITY_OPERATION],
    again: &[MANAGE_SECURITY_ENVIRONMENT, PERFORM_SECURITY_OPERATION],
};
/// Cards of IDEMIA: which key is meant is said before the PIN.
const ENVIRONMENT_FIRST: Sequence = Sequence {
    first: &[SELECT, MANAGE_SECURITY_ENVIRONMENT, VERIFY, PERFORM_SECURITY_OPERATION],
    again: SIGN_AT_ONCE.again,
};
/// HASH, then COMPUTE DIGITAL SIGNATURE.
const HASH_THEN_SIGN: Sequence = Sequence {
    first: &[
        SELECT,
        VERIFY,
        MANAGE_SECURITY_ENVIRONMENT,
        PERFORM_SECURITY_OPERATION,
        PERFORM_SECURITY_OPERATION,
    ],
    again: &[MANAGE_SECURITY_ENVIRONMENT, PERFORM_SECURITY_OPERATION, PERFORM_SECURITY_OPERATION],
};
/// The same, with the hash named beside the key.
const NAME_HASH_THEN_SIGN: Sequence = Sequence {
    first: &[
        SELECT,
        VERIFY,
        MANAGE_SECURITY_ENVIRONMENT,
        MANAGE_SECURITY_ENVIRONMENT,
        PERFORM_SECURITY_OPERATION,
        PERFORM_SECURITY_OPERATION,
    ],
    again: &[
        MANAGE_SECURITY_ENVIRONMENT,
        MANAGE_SECURITY_ENVIRONMENT,
        PERFORM_SECURITY_OPERATION,
        PERFORM_SECURITY_OPERATION,
    ],
};
/// PIV: the key stands in the command.
const GENERAL: Sequence =
    Sequence { first: &[SELECT, VERIFY, GENERAL_AUTHENTICATE], again: &[GENERAL_AUTHENTICATE] };

/// A make of card.
struct Make {
    name: &'static str,
    spec: CardSpec,
    sequence: Sequence,
    /// The key wants its PIN before each use.
    each_time: bool,
    profile: Option<&'static str>,
    way: (SignatureAlgorithm, KeySize),
}

/// How a batch went.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Batch {
    /// On which card.
    pub card: &'static str,
    /// Documents that were signed.
    pub documents: usize,
    /// How often the card gave out the whole certificate, from the first command to the last.
    pub certificate_reads: usize,
    /// Whether the key wants its PIN before each use.
    pub pin_each_time: bool,
    /// How often a PIN was presented.
    pub pins: usize,
    /// Commands before the PIN was asked for: what card it is, certificate and counter.
    pub commands_before: usize,
    /// Commands that sign.
    pub commands_to_sign: usize,
    /// The least of these, the PIN with them.
    pub least_commands_to_sign: usize,
    /// All of it.
    pub all: Tally,
    /// Instructions of the commands that sign, in their order.
    #[serde(skip)]
    pub instructions: Vec<u8>,
    /// What they have to be.
    #[serde(skip)]
    pub expected: Vec<u8>,
    /// Instructions of the commands before.
    #[serde(skip)]
    pub before: Vec<u8>,
}

/// Signs so many documents on every make.
///
/// # Errors
/// [`BenchError`]; a test proves that it does not happen.
pub fn measure(pki: &Pki, documents: usize) -> Result<Vec<Batch>, BenchError> {
    makes().iter().map(|make| run(make, pki, documents)).collect()
}

fn makes() -> Vec<Make> {
    let p384 = (SignatureAlgorithm::Ecdsa(Hash::Sha384), KeySize::Ec(48));
    let p256 = (SignatureAlgorithm::Ecdsa(Hash::Sha256), KeySize::Ec(32));
    let make =
        |name, spec, sequence| Make { name, spec, sequence, each_time: true, profile: None, way: p384 };
    let many = |made: Make| Make {
        spec: CardSpec { signs_many: Some(true), ..made.spec },
        each_time: false,
        ..made
    };
    let thales = || CardSpec::of_generation(Personality::Esteid, Generation::Thales);
    let fineid = || CardSpec::of_generation(Personality::Fineid, Generation::V4);
    let lateid = || CardSpec { key: Some(KeyKind::P384), ..CardSpec::new(Personality::Lateid) };
    let pkcs15 = |name| make(name, CardSpec::pkcs15(KeyKind::P384), SIGN_AT_ONCE);
    let ias_ecc = |name| make(name, CardSpec::iasecc(KeyKind::P384), NAME_HASH_THEN_SIGN);
    let closed = |name, hypothesis, sequence| Make {
        way: p256,
        ..make(name, CardSpec::cnie_2(hypothesis, 0), sequence)
    };
    let pkcs15_behind_pace = |name| closed(name, Hypothesis::Pkcs15Gm, SIGN_AT_ONCE);
    let ias_ecc_behind_pace = |name| closed(name, Hypothesis::IasEccCam, NAME_HASH_THEN_SIGN);
    vec![
        make("EstEID (IDEMIA)", CardSpec::esteid(), ENVIRONMENT_FIRST),
        make("EstEID (Thales)", thales(), HASH_THEN_SIGN),
        make("FinEID v4", fineid(), HASH_THEN_SIGN),
        make("LatEID", lateid(), ENVIRONMENT_FIRST),
        make("PIV", CardSpec::piv(KeyKind::P384), GENERAL),
        Make { profile: Some(PKCS15_PROFILE), ..pkcs15("PKCS#15") },
        Make { profile: Some(PKCS15_PROFILE), ..many(pkcs15("PKCS#15, many")) },
        many(pkcs15("PKCS#15, unheard of, many")),
        Make { profile: Some(IAS_ECC_PROFILE), ..ias_ecc("IAS ECC") },
        Make { profile: Some(IAS_ECC_PROFILE), ..many(ias_ecc("IAS ECC, many")) },
        many(ias_ecc("IAS ECC, unheard of, many")),
        pkcs15_behind_pace("PKCS#15 behind PACE"),
        many(pkcs15_behind_pace("PKCS#15 behind PACE, many")),
        ias_ecc_behind_pace("IAS ECC behind PACE"),
        many(ias_ecc_behind_pace("IAS ECC behind PACE, many")),
    ]
}

impl Make {
    fn is_behind_pace(&self) -> bool {
        self.spec.personality == Personality::Cnie2
    }

    /// What the card has to be asked from when the person has typed the PIN: nothing but this, so often.
    fn expected(&self, documents: usize) -> Vec<u8> {
        let pace: &[u8] = if self.is_behind_pace() { &PACE } else { &[] };
        let first = [pace, self.sequence.first].concat();
        if self.each_time {
            return first.repeat(documents);
        }
        [first, self.sequence.again.repeat(documents.saturating_sub(1))].concat()
    }
}

fn run(make: &Make, pki: &Pki, documents: usize) -> Result<Batch, BenchError> {
    let mut recorder = Recorder::new(make.spec.make(pki)?, ReaderKind::Short);
    let atr = recorder.card().atr().to_vec();
    let profiles = profiles(make.profile, &atr)?;
    let key = make.is_behind_pace().then(|| access_key(make)).transpose()?;

    let mut card = match &key {
        None => Box::new(Card::discover(&mut recorder, &atr, &profiles)?),
        Some(key) => first_opening(&mut recorder, &atr, &profiles, key)?,
    };
    let credential = card.credential(Role::Signature)?;
    card.status_and_certificate(&credential)?;
    let layout = Arc::clone(card.layout());
    if credential.key.user_consent != make.each_time {
        return Err(BenchError::Order);
    }
    drop(card);
    let before = recorder.instructions();

    let texts: Vec<Vec<u8>> =
        (0..documents).map(|number| format!("document {number}").into_bytes()).collect();
    let all: Vec<_> = texts.iter().map(|text| (make.way.0, ToBeSigned::Message(text))).collect();
    let at_once = if make.each_time { 1 } else { documents.max(1) };
    let mut signed = 0;
    for some in all.chunks(at_once) {
        // after each transaction the host resets the card
        recorder.reset();
        signed += sign(&mut recorder, make, (&layout, &credential), key.as_ref(), some)?;
    }
    let instructions = recorder.instructions().split_off(before.len());
    let certificate = recorder.card().certificates().signature.der().to_vec();
    let expected = make.expected(documents);
    Ok(Batch {
        card: make.name,
        documents: signed,
        certificate_reads: recorder.card().times_given(&certificate),
        pins: recorder.card().log().verify_count(),
        commands_before: before.len(),
        commands_to_sign: instructions.len(),
        least_commands_to_sign: expected.len(),
        pin_each_time: make.each_time,
        instructions,
        expected,
        before,
        all: Tally::of(&recorder.take()),
    })
}

fn access_key(make: &Make) -> Result<AccessKey, BenchError> {
    Can::new(make.spec.can().digits()).map(AccessKey::Can).ok_or(BenchError::Order)
}

fn first_opening<'card>(
    recorder: &'card mut Recorder,
    atr: &[u8],
    profiles: &[Profile],
    key: &AccessKey,
) -> Result<Box<Card<'card>>, BenchError> {
    opened(Card::open(recorder, atr, profiles, &mut counting(), key)?)
}

/// One transaction after a PIN was typed: how many were signed.
fn sign(
    recorder: &mut Recorder,
    make: &Make,
    (layout, credential): (&Arc<Layout>, &Credential),
    key: Option<&AccessKey>,
    documents: &[(SignatureAlgorithm, ToBeSigned<'_>)],
) -> Result<usize, BenchError> {
    let pin = make.spec.pins().signature_pin;
    let mut scratch = [0; SCRATCH_LENGTH];
    let entry = PinEntry::Typed { pin: pin.digits().as_bytes(), scratch: &mut scratch };
    let mut card = match key {
        None => Box::new(Card::with_layout(recorder, Arc::clone(layout))),
        Some(key) => opened(Card::open_with_layout(recorder, Arc::clone(layout), &mut counting(), key)?)?,
    };
    let mut goes_on = |_| ControlFlow::Continue(());
    match card.verify_and_sign_each(credential, entry, make.way.1, documents, &mut goes_on)? {
        SignedSeries::Series(Series { signatures, stopped: None }) => Ok(signatures.len()),
        SignedSeries::Series(_) | SignedSeries::PinRefused(_) => Err(BenchError::Order),
    }
}

//! Signing in and signing with cards that have keys behind a PIN: two transactions as the native host has them, beside the least
//! of each make.
//!
//! The least commands of a sign-in with a card that was not met before:
//!
//! | make | first transaction | second transaction |
//! |---|---|---|
//! | EstEID (IDEMIA) | SELECT application, counter, SELECT certificate, reads | SELECT the key's application, MANAGE SECURITY ENVIRONMENT, VERIFY, INTERNAL AUTHENTICATE |
//! | EstEID (Thales), FinEID | the same; and SELECT of the file that tells these makes apart, if it is not the certificate | SELECT, MANAGE SECURITY ENVIRONMENT, VERIFY, PERFORM SECURITY OPERATION twice (hash, signature) |
//! | PIV | SELECT, discovery object, counter, certificate in parts of 256 bytes | SELECT, VERIFY, GENERAL AUTHENTICATE |
//! | PKCS#15 | SELECT, and SELECT and reads for each of its five lists and the certificate | SELECT, MANAGE SECURITY ENVIRONMENT, VERIFY, signature |
//! | IAS ECC | the same, and the counter | the same; for content also the hash and its algorithm |
//!
//! Reads are ceil(size / most bytes of an answer). These cards have no short identifiers that could be relied on, so each file is
//! selected. Between the transactions stands the person, and other programs may use the card: it is selected again. A signature
//! with the signature key is the same with that key's files, on the card of IDEMIA with one more SELECT: counter and certificate
//! are in different applications. A card that is known and was not taken out gives its counter and signs.
//!
//! Cards that describe themselves are met twice: by a profile that has their answer to reset, and as cards that nobody has heard of.
//! Such a card takes what its answer to reset does not say, and no client can know without asking:
//!
//! | make | what else has to be asked | commands |
//! |---|---|---|
//! | PKCS#15 | Finnish cards, and Estonian ones by Thales, have the same application, and present the PIN in other ways. A file of each tells them apart, and no file is on both. | 2: SELECT of each |
//! | IAS ECC | The name of the application is the issuer's own: only EF.DIR has it. Being short, it takes one READ BINARY by its short identifier. | 1 |
//!
//! Whatever else is tried is no part of the least.

use std::sync::Arc;

use bitaqa_card::{
    Card, Credential, Hash, Layout, PinEntry, Profile, Role, SignatureAlgorithm, Signed, pin::SCRATCH_LENGTH,
    signature::KeySize,
};
use bitaqa_virtual_card::{
    CardSpec, Pki,
    private_key::KeyKind,
    spec::{Generation, Personality},
};

use crate::{
    BenchError, Measured,
    recorder::{ReaderKind, Recorder},
};

/// What is signed: any digest.
const DIGEST: [u8; 48] = [7; 48];
/// Most bytes of an answer of the chip of IDEMIA.
const IDEMIA: usize = 233;
/// Of all others here.
const SHORT: usize = 256;

/// A make of card.
struct Make {
    name: &'static str,
    spec: CardSpec,
    algorithm: SignatureAlgorithm,
    size: KeySize,
    /// A profile that has the card's answer to reset, where there is none among those compiled in.
    profile: Option<&'static str>,
    least: fn(&Recorder, Role) -> Option<Least>,
}

/// The least commands.
#[derive(Clone, Copy)]
struct Least {
    first: usize,
    counter: usize,
    second: usize,
}

/// SELECT of a file that only Finnish cards have, and of one that only those by Thales have.
const APART_FROM_OTHER_MAKES: usize = 2;

/// The makes that are met without a profile that has their answer to reset.
const UNHEARD_OF: [&str; 2] = ["PKCS#15, unheard of", "IAS ECC, unheard of"];

/// Signs in and signs with every make.
///
/// # Errors
/// [`BenchError`]; a test proves that it does not happen.
pub fn measure(pki: &Pki) -> Result<Vec<Measured>, BenchError> {
    let mut all = Vec::new();
    for make in makes() {
        for role in [Role::Authentication, Role::Signature] {
            all.extend(run(&make, role, pki)?);
        }
    }
    Ok(all)
}

fn makes() -> Vec<Make> {
    let make = |name, spec, least| Make {
        name,
        spec,
        algorithm: SignatureAlgorithm::Ecdsa(Hash::Sha384),
        size: KeySize::Ec(48),
        profile: None,
        least,
    };
    let thales = CardSpec::of_generation(Personality::Esteid, Generation::Thales);
    let fineid = CardSpec::of_generation(Personality::Fineid, Generation::V4);
    let pkcs15_card = || CardSpec::pkcs15(KeyKind::P384);
    let ias_ecc_card = || CardSpec::iasecc(KeyKind::P384);
    vec![
        make("EstEID (IDEMIA)", CardSpec::esteid(), esteid),
        make("EstEID (Thales)", thales, |card, role| match role {
            Role::Authentication => hash_then_sign(card, &[0xADF1, 0x3411], 0),
            Role::Signature => hash_then_sign(card, &[0xADF2, 0x3421], 1),
        }),
        make("FinEID v4", fineid, |card, role| match role {
            Role::Authentication => hash_then_sign(card, &[0x4331], 1),
            Role::Signature => hash_then_sign(card, &[0x5016, 0x4332], 0),
        }),
        make("PIV", CardSpec::piv(KeyKind::P384), piv),
        Make { profile: Some(PKCS15_PROFILE), ..make("PKCS#15", pkcs15_card(), pkcs15) },
        make(UNHEARD_OF[0], pkcs15_card(), |card, role| {
            Some(beside(APART_FROM_OTHER_MAKES, pkcs15(card, role)?))
        }),
        Make { profile: Some(IAS_ECC_PROFILE), ..make("IAS ECC", ias_ecc_card(), ias_ecc) },
        make(UNHEARD_OF[1], ias_ecc_card(), |card, role| {
            Some(beside(reads(card.card().file_size(&[0x2F00])?, SHORT), ias_ecc(card, role)?))
        }),
    ]
}

/// Profiles as an administrator writes them for a card that describes itself.
pub(crate) const PKCS15_PROFILE: &str = r#"
schema = 1
title = "PKCS#15"
[recognise]
application = "A000000063504B43532D3135"
atr-hints = ["ATR"]
[link]
extended-length = false
chaining = true
max-response = 256
[pkcs15]
"#;
pub(crate) const IAS_ECC_PROFILE: &str = r#"
schema = 1
title = "IAS ECC"
[recognise]
application = "F04254512D494153454343"
atr-hints = ["ATR"]
[link]
extended-length = false
chaining = true
max-response = 256
[ias-ecc]
"#;

/// The profiles of a computer on which somebody has written this card's.
pub(crate) fn profiles(profile: Option<&str>, atr: &[u8]) -> Result<Vec<Profile>, BenchError> {
    let own = profile.map(|text| {
        let atr: String = atr.iter().map(|byte| format!("{byte:02X}")).collect();
        Profile::load("this-card", &text.replace("ATR\"", &format!("{atr}\"")))
    });
    let own = own.transpose().map_err(|_| BenchError::Order)?;
    Profile::before_compiled_in(own.into_iter().collect()).map_err(|_| BenchError::Order)
}

fn reads(size: usize, most: usize) -> usize {
    size.div_ceil(most)
}

fn esteid(recorder: &Recorder, role: Role) -> Option<Least> {
    let card = recorder.card();
    Some(match role {
        Role::Authentication => {
            let certificate = 1 + reads(card.file_size(&[0xADF1, 0x3401])?, IDEMIA);
            Least { first: 1 + 1 + certificate, counter: 2, second: 4 }
        }
        Role::Signature => {
            let certificate = 1 + reads(card.file_size(&[0xADF2, 0x341F])?, IDEMIA);
            Least { first: 1 + certificate + 2, counter: 2, second: 4 }
        }
    })
}

/// `apart`: commands that tell the make from others with the same application.
fn hash_then_sign(recorder: &Recorder, certificate: &[u16], apart: usize) -> Option<Least> {
    let certificate = 1 + reads(recorder.card().file_size(certificate)?, SHORT);
    Some(Least { first: 1 + apart + 1 + certificate, counter: 2, second: 5 })
}

fn piv(recorder: &Recorder, role: Role) -> Option<Least> {
    // SP 800-73-5 part 1, appendix A: 53, 70 with three bytes of length each, 71 and FE
    const AROUND: usize = 4 + 4 + 3 + 2;
    let certificates = recorder.card().certificates();
    let certificate = match role {
        Role::Authentication => &certificates.authentication,
        Role::Signature => &certificates.signature,
    };
    Some(Least { first: 3 + reads(certificate.der().len() + AROUND, SHORT), counter: 2, second: 3 })
}

/// SELECT of a file, and its reads.
fn files(recorder: &Recorder, paths: &[&[u16]]) -> Option<usize> {
    paths.iter().map(|path| recorder.card().file_size(path).map(|size| 1 + reads(size, SHORT))).sum()
}

fn pkcs15(recorder: &Recorder, role: Role) -> Option<Least> {
    let certificate = if role == Role::Authentication { 0x4301 } else { 0x4302 };
    let described = [0x5031, 0x5032, 0x4402, 0x4403, 0x4401, certificate].map(|file| [0x5015, file]);
    let read = files(recorder, &described.each_ref().map(|path| &path[..]))?;
    Some(Least { first: 1 + read, counter: 0, second: 4 })
}

fn ias_ecc(recorder: &Recorder, role: Role) -> Option<Least> {
    let certificate = if role == Role::Authentication { 0x3401 } else { 0x3402 };
    let described = [0x5031, 0x5032, 0x7001, 0x7002, 0x7003, certificate].map(|file| [0x0DF1, file]);
    let read = files(recorder, &described.each_ref().map(|path| &path[..]))?;
    // two algorithms are named for content, and the card hashes
    let second = if role == Role::Authentication { 4 } else { 6 };
    Some(Least { first: 1 + 1 + read, counter: 2, second })
}

/// What an unheard-of card is asked in its first transaction as well.
const fn beside(asked: usize, least: Least) -> Least {
    Least { first: asked + least.first, ..least }
}

fn run(make: &Make, role: Role, pki: &Pki) -> Result<Vec<Measured>, BenchError> {
    let mut recorder = Recorder::new(make.spec.make(pki)?, ReaderKind::Short);
    let least = (make.least)(&recorder, role).ok_or(BenchError::Order)?;
    let atr = recorder.card().atr().to_vec();

    let mut card = Card::discover(&mut recorder, &atr, &profiles(make.profile, &atr)?)?;
    let credential = card.credential(role)?;
    card.status_and_certificate(&credential)?;
    let layout = Arc::clone(card.layout());
    sign(&mut recorder, make, &layout, &credential)?;
    let first_use = recorder.take();
    recorder.reset();

    let pin = credential.pin.as_ref().ok_or(BenchError::Order)?;
    Card::with_layout(&mut recorder, Arc::clone(&layout)).pin_status(pin)?;
    sign(&mut recorder, make, &layout, &credential)?;
    let known = recorder.take();

    let names = match role {
        Role::Authentication => ["sign-in", "sign-in, known card"],
        Role::Signature => ["signature", "signature, known card"],
    };
    let totals = [least.first + least.second, least.counter + least.second];
    let rows = names.into_iter().zip([first_use, known]).zip(totals);
    let row = |((flow, done), least_commands)| Measured {
        flow,
        card: make.name,
        reader: ReaderKind::Short.name(),
        done,
        least_commands,
        least: None,
        least_if_lengths_were_known: least_commands,
    };
    Ok(rows.map(row).collect())
}

/// The second transaction.
fn sign(
    recorder: &mut Recorder,
    make: &Make,
    layout: &Arc<Layout>,
    credential: &Credential,
) -> Result<(), BenchError> {
    let pins = make.spec.pins();
    let pin = if credential.role == Role::Signature { pins.signature_pin } else { pins.pin };
    // on a PIV card one PIN is for both keys
    let pin = if make.spec.personality == Personality::Piv { make.spec.pins().pin } else { pin };
    let mut scratch = [0; SCRATCH_LENGTH];
    let entry = PinEntry::Typed { pin: pin.digits().as_bytes(), scratch: &mut scratch };
    let mut card = Card::with_layout(recorder, Arc::clone(layout));
    match card.verify_and_sign(credential, entry, make.algorithm, make.size, &DIGEST)? {
        Signed::Signature(_) => Ok(()),
        Signed::PinRefused(_) => Err(BenchError::Order),
    }
}

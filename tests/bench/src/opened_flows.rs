//! Signing in with a contactless card whose keys are behind PACE as well as behind a PIN: opened, found out, asked for counter and
//! certificate; then, after the person has typed the PIN, opened again and made to sign. The cards are the hypotheses of the second
//! Moroccan generation.
//!
//! The least commands of a first meeting: EF.CardAccess and the five of PACE, EF.CardSecurity, with which EF.CardAccess is compared
//! (one command, where the chip has none), EF.DIR, which alone names the application, SELECT of the application, SELECT and reads for each of the five lists and the certificate (on IAS ECC also the counter), PACE again,
//! SELECT, MANAGE SECURITY ENVIRONMENT, VERIFY, signature. Of a known card: PACE, SELECT, the counter where there is one; PACE,
//! SELECT and what signs.

use std::sync::Arc;

use bitaqa_card::{
    Card, CardOpening, Hash, PinEntry, Profile, Role, SignatureAlgorithm, Signed, chip_session::AccessKey,
    layout::StatusQuery, pace::Can, pin::SCRATCH_LENGTH, signature::KeySize,
};
use bitaqa_virtual_card::{Card as SoftwareCard, CardSpec, Pki, spec::Hypothesis};

use crate::{
    BenchError, Measured,
    document_flows::counting,
    least::{self, Maxima, Protection},
    recorder::{ReaderKind, Recorder},
};

/// Both speak AES-128.
const SESSION: Protection = Protection::Blocks(16);
/// EF.OD (ISO/IEC 7816-15, section 7.4): the only file of the application whose identifier is not drawn from a seed.
const OBJECT_DIRECTORY: u16 = 0x5031;

/// The makes.
pub const MAKES: [&str; 2] = ["PKCS#15 behind PACE", "IAS ECC behind PACE"];

/// Signs in with both makes.
///
/// # Errors
/// [`BenchError`]; a test proves that it does not happen.
pub fn measure(pki: &Pki) -> Result<Vec<Measured>, BenchError> {
    let profiles = Profile::compiled_in().map_err(|_| BenchError::Order)?;
    let mut all = Vec::new();
    for (name, hypothesis) in MAKES.into_iter().zip([Hypothesis::Pkcs15Gm, Hypothesis::IasEccCam]) {
        all.extend(run(name, hypothesis, pki, &profiles)?);
    }
    Ok(all)
}

fn run(
    name: &'static str,
    hypothesis: Hypothesis,
    pki: &Pki,
    profiles: &[Profile],
) -> Result<Vec<Measured>, BenchError> {
    let spec = CardSpec::cnie_2(hypothesis, 0);
    let mut recorder = Recorder::new(spec.make(pki)?, ReaderKind::Short);
    let atr = recorder.card().atr().to_vec();
    let key = AccessKey::Can(Can::new(spec.can().digits()).ok_or(BenchError::Order)?);

    let mut card = opened(Card::open(&mut recorder, &atr, profiles, &mut counting(), &key)?)?;
    let credential = card.credential(Role::Authentication)?;
    card.status_and_certificate(&credential)?;
    let layout = Arc::clone(card.layout());
    let pin = spec.pins().pin;
    let sign = |recorder: &mut Recorder| -> Result<(), BenchError> {
        recorder.reset();
        let mut scratch = [0; SCRATCH_LENGTH];
        let entry = PinEntry::Typed { pin: pin.digits().as_bytes(), scratch: &mut scratch };
        let opening = Card::open_with_layout(recorder, Arc::clone(&layout), &mut counting(), &key)?;
        let algorithm = SignatureAlgorithm::Ecdsa(Hash::Sha256);
        match opened(opening)?.verify_and_sign(&credential, entry, algorithm, KeySize::Ec(32), &[7; 32])? {
            Signed::Signature(_) => Ok(()),
            Signed::PinRefused(_) => Err(BenchError::Order),
        }
    };
    sign(&mut recorder)?;
    let first = recorder.take();

    recorder.reset();
    let pin_object = credential.pin.as_ref().ok_or(BenchError::Order)?;
    // where the card does not tell the tries left, nothing is asked before the PIN
    if pin_object.status != StatusQuery::None {
        let opening = Card::open_with_layout(&mut recorder, Arc::clone(&layout), &mut counting(), &key)?;
        opened(opening)?.pin_status(pin_object)?;
    }
    sign(&mut recorder)?;
    let known = recorder.take();

    let (first_least, known_least) = least_of(recorder.card(), hypothesis).ok_or(BenchError::Order)?;
    let row = |flow, done, least_commands| Measured {
        flow,
        card: name,
        reader: ReaderKind::Short.name(),
        done,
        least_commands,
        least: None,
        least_if_lengths_were_known: least_commands,
    };
    Ok(vec![row("sign-in", first, first_least), row("sign-in, known card", known, known_least)])
}

/// The least commands of a first meeting, and with a known card.
fn least_of(card: &SoftwareCard, hypothesis: Hypothesis) -> Option<(usize, usize)> {
    const PACE: usize = 5;
    let reads = |size, protection| least::read(size, Maxima::SHORT, protection).len();
    let lists_and_certificates = card.files_beside(OBJECT_DIRECTORY);
    let content = reads(card.certificates().signature.der().len(), SESSION);
    let read: usize = lists_and_certificates.iter().map(|(_, size)| 1 + reads(*size, SESSION)).sum::<usize>()
        - (1 + content);
    let (signed_copy, counter) = match hypothesis {
        Hypothesis::IasEccCam => (reads(card.file_size(&[0x011D])?, SESSION), 1),
        _ => (1, 0),
    };
    let open = reads(card.file_size(&[0x011C])?, Protection::None) + PACE;
    let directory = reads(card.file_size(&[0x2F00])?, SESSION);
    // SELECT, MANAGE SECURITY ENVIRONMENT, VERIFY, signature
    let sign = PACE + 4;
    let first = open + signed_copy + directory + 1 + read + counter + sign;
    let ask = counter * (PACE + 2);
    Some((first, ask + sign))
}

pub(crate) fn opened(opening: CardOpening<'_>) -> Result<Box<Card<'_>>, BenchError> {
    match opening {
        CardOpening::Open(card) => Ok(card),
        CardOpening::Refused(_) => Err(BenchError::Order),
    }
}

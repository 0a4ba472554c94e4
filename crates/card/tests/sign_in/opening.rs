//! Cards whose application is behind PACE: opened with what is printed on them, described by themselves, read and used under
//! protection, and never sent a PIN in the clear.

use std::sync::Arc;

use bitaqa_card::{
    Card, CardError, CardOpening, Hash, Layout, PinChangeEntry, PinEntry, PinVerdict, Role,
    SignatureAlgorithm, Signed, Transport, UnblockEntry,
    chip_session::{AccessControl, AccessKey, AccessRefusal},
    lds::Mrz,
    pace::Can,
    pin::{CHANGE_SCRATCH_LENGTH, SCRATCH_LENGTH},
    signature::KeySize,
    transport::Limits,
};
use bitaqa_virtual_card::{
    CardSpec, Effect, Misbehaviour as Fault,
    private_key::KeyKind,
    spec::{self, Hypothesis, Personality},
};

use crate::{
    openssl::{MESSAGE, digest, judge},
    reader::{FirstLook, PROFILES, Reader, first_look, sign, signature, usual},
};

/// What a reader carries that knows extended length.
const EXTENDED: Limits = Limits { command: 65_544, answer: 65_538 };
/// READ BINARY of the file with short identifier 1C, in which EF.CardAccess is (ICAO Doc 9303-10, section 3.11.3).
pub(crate) const READ_CARD_ACCESS: [u8; 3] = [0x00, 0xB0, 0x9C];
pub(crate) const MSE: u8 = 0x22;
const GET_RESPONSE: u8 = 0xC0;

/// Random bytes that are no secret.
pub(crate) fn counting() -> impl FnMut(&mut [u8]) {
    let mut next = 1_u8;
    move |out| {
        for byte in out {
            *byte = next;
            next = next.wrapping_mul(5).wrapping_add(3);
        }
    }
}

pub(crate) fn can(spec: &CardSpec) -> AccessKey {
    AccessKey::Can(Can::new(spec.can().digits()).unwrap())
}

pub(crate) fn mrz(spec: &CardSpec) -> AccessKey {
    AccessKey::Mrz(Mrz::parse(spec.mrz().unwrap().text().as_bytes()).unwrap().key())
}

/// Opens the card in this reader, as the first transaction does.
pub(crate) fn open<'t>(reader: &'t mut Reader, key: &AccessKey) -> Result<CardOpening<'t>, CardError> {
    let atr = reader.card.atr().to_vec();
    Card::open(reader, &atr, &PROFILES, &mut counting(), key)
}

/// The first transaction with a card that has to be opened.
pub(crate) fn opened_look(reader: &mut Reader, key: &AccessKey, role: Role) -> Result<FirstLook, NotDone> {
    let mut card = opened(open(reader, key)?)?;
    let credential = card.credential(role)?;
    let pin_status = card.pin_status(credential.pin.as_ref().unwrap())?;
    let certificate = card.certificate(&credential)?;
    Ok(FirstLook { layout: Arc::clone(card.layout()), credential, pin_status, certificate })
}

/// The second one.
pub(crate) fn opened_sign(
    transport: &mut dyn Transport,
    look: &FirstLook,
    key: &AccessKey,
    pin: &str,
    what: (SignatureAlgorithm, KeySize, &[u8]),
) -> Result<Signed, NotDone> {
    let mut scratch = [0; SCRATCH_LENGTH];
    let entry = PinEntry::Typed { pin: pin.as_bytes(), scratch: &mut scratch };
    let mut card =
        opened(Card::open_with_layout(transport, Arc::clone(&look.layout), &mut counting(), key)?)?;
    let (algorithm, size, message) = what;
    let signed = match look.credential.key.method(algorithm) {
        Some(_) => card.verify_and_sign(&look.credential, entry, algorithm, size, &digest(algorithm.hash())),
        None => card.verify_and_sign_message(&look.credential, entry, algorithm, size, message),
    };
    assert_eq!(scratch, [0; SCRATCH_LENGTH], "the VERIFY command is overwritten");
    Ok(signed?)
}

/// Why nothing came of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NotDone {
    Error(CardError),
    Refused(AccessRefusal),
}

impl From<CardError> for NotDone {
    fn from(error: CardError) -> Self {
        Self::Error(error)
    }
}

pub(crate) fn opened(opening: CardOpening<'_>) -> Result<Box<Card<'_>>, NotDone> {
    match opening {
        CardOpening::Open(card) => Ok(card),
        CardOpening::Refused(refusal) => Err(NotDone::Refused(refusal)),
    }
}

#[track_caller]
fn closed(reader: &mut Reader) -> AccessControl {
    match first_look(reader, Role::Authentication).map(|look| look.layout) {
        Err(CardError::Closed(control)) => control,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn signature_of(signed: Result<Signed, NotDone>) -> Vec<u8> {
    match signed {
        Ok(signed) => signature(Ok(signed)),
        Err(why) => panic!("{why:?}"),
    }
}

/// Every command after PACE is protected, and none carried a PIN before.
#[track_caller]
fn everything_is_protected_after_pace(reader: &Reader) {
    let log = reader.card.log().entries();
    let pace = log.iter().rposition(|entry| entry.is(0x86)).unwrap();
    assert!(log[..=pace].iter().all(|entry| !entry.presented));
    // what more there is of an answer is fetched below secure messaging, in a command without content
    for entry in log[pace + 1..].iter().filter(|entry| !entry.is(GET_RESPONSE)) {
        assert_eq!(&entry.header[1..2], "C", "{} is in the clear", entry.header);
    }
}

/// From the first look to the signature, judged by openssl, told nothing of the card but what is printed on it and the PIN.
#[track_caller]
fn signs_in(spec: &CardSpec, key: &AccessKey, limits: Limits) {
    let mut reader = Reader::with(spec);
    reader.limits = limits;
    let control = closed(&mut reader);
    assert!(matches!(control, AccessControl::Pace(_)), "{control:?}");
    assert_eq!((reader.verify_count(), reader.was_sent(MSE)), (0, false), "nothing was tried");
    reader.insert_again();
    let look = opened_look(&mut reader, key, Role::Authentication).unwrap();
    everything_is_protected_after_pace(&reader);
    assert_eq!(look.layout.opened.map(|opened| opened.control), Some(control));
    assert!(!look.layout.takes_pin_pad());
    assert_eq!(look.certificate, reader.card.certificates().authentication.der());
    reader.insert_again();
    let (algorithm, size) = usual(&look);
    let pin = spec.pins().pin.digits().to_owned();
    let signed = signature_of(opened_sign(&mut reader, &look, key, &pin, (algorithm, size, MESSAGE)));
    judge(&look.certificate, algorithm, &signed);
    assert_eq!(reader.verify_count(), 1, "one VERIFY");
    everything_is_protected_after_pace(&reader);
}

#[test]
fn twenty_seeds_of_each_hypothesis_sign_in_after_they_were_opened() {
    for hypothesis in [Hypothesis::IasEccCam, Hypothesis::Pkcs15Gm] {
        for seed in 0..20 {
            let kinds = [KeyKind::P256, KeyKind::Rsa2048, KeyKind::BrainpoolP256r1, KeyKind::P384];
            let kind = kinds[usize::try_from(seed).unwrap() % kinds.len()];
            let spec = CardSpec { key: Some(kind), ..CardSpec::cnie_2(hypothesis, seed) };
            let key = if seed % 2 == 0 { can(&spec) } else { mrz(&spec) };
            signs_in(&spec, &key, if seed % 3 == 0 { EXTENDED } else { Limits::default() });
        }
    }
}

#[test]
fn cards_of_other_makes_that_are_closed_sign_in_in_the_same_way() {
    for seed in 0..4 {
        let spec = CardSpec { seed: Some(seed), ..CardSpec::new(Personality::Bahrain2025) };
        signs_in(&spec, &mrz(&spec), Limits::default());
    }
    let radio = Some(spec::Interface::Contactless);
    for kind in [KeyKind::P256, KeyKind::Rsa2048] {
        let spec = CardSpec { interface: radio, ..CardSpec::iasecc(kind) };
        signs_in(&spec, &can(&spec), Limits::default());
    }
}

#[test]
fn content_is_signed_with_the_other_key_and_its_own_pin() {
    for hypothesis in [Hypothesis::IasEccCam, Hypothesis::Pkcs15Gm] {
        let spec = CardSpec::cnie_2(hypothesis, 5);
        let mut reader = Reader::with(&spec);
        let look = opened_look(&mut reader, &can(&spec), Role::Signature).unwrap();
        assert_eq!(look.certificate, reader.card.certificates().signature.der());
        reader.insert_again();
        let way = SignatureAlgorithm::Ecdsa(Hash::Sha256);
        let pin = spec.pins().signature_pin.digits().to_owned();
        let what = (way, KeySize::Ec(32), MESSAGE);
        let signed = signature_of(opened_sign(&mut reader, &look, &can(&spec), &pin, what));
        judge(&look.certificate, way, &signed);
    }
}

/// PACE, the application, and what a free card takes: no command that the second transaction could do without.
#[test]
fn the_second_transaction_is_pace_and_what_a_free_card_takes() {
    let spec = CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 1);
    let contact = CardSpec { interface: Some(spec::Interface::Contact), ..spec.clone() };
    let pin = spec.pins().pin.digits().to_owned();
    let mut free = Reader::with(&contact);
    let look = first_look(&mut free, Role::Authentication).unwrap();
    free.insert_again();
    signature(sign(&mut free, &look, &pin, usual(&look), &digest(Hash::Sha256)));
    let mut reader = Reader::with(&spec);
    let look = opened_look(&mut reader, &can(&spec), Role::Authentication).unwrap();
    reader.insert_again();
    let (algorithm, size) = usual(&look);
    signature_of(opened_sign(&mut reader, &look, &can(&spec), &pin, (algorithm, size, MESSAGE)));
    assert_eq!(reader.commands(), free.commands() + 5);
}

#[test]
fn through_contacts_the_same_card_is_not_asked_for_pace() {
    for hypothesis in [Hypothesis::IasEccCam, Hypothesis::Pkcs15Gm] {
        let spec = CardSpec { interface: Some(spec::Interface::Contact), ..CardSpec::cnie_2(hypothesis, 2) };
        let mut reader = Reader::with(&spec);
        let look = first_look(&mut reader, Role::Authentication).unwrap();
        assert_eq!(look.layout.opened, None);
        assert!(look.layout.takes_pin_pad() && !reader.was_sent(MSE));
        assert!(!reader.sent.iter().any(|command| command.starts_with(&READ_CARD_ACCESS)));
    }
}

#[test]
fn pins_are_changed_and_unblocked_under_protection() {
    for hypothesis in [Hypothesis::IasEccCam, Hypothesis::Pkcs15Gm] {
        let spec = CardSpec::cnie_2(hypothesis, 8);
        let key = can(&spec);
        let pins = spec.pins();
        let mut reader = Reader::with(&spec);
        let look = opened_look(&mut reader, &key, Role::Authentication).unwrap();
        let mut act = |act: &mut dyn FnMut(&mut Card<'_>, &mut [u8]) -> PinVerdict| {
            reader.insert_again();
            let layout: Arc<Layout> = Arc::clone(&look.layout);
            let opening = Card::open_with_layout(&mut reader, layout, &mut counting(), &key).unwrap();
            let mut card = opened(opening).unwrap_or_else(|refusal| panic!("{refusal:?}"));
            let mut scratch = [0xEE; CHANGE_SCRATCH_LENGTH];
            let verdict = act(&mut card, &mut scratch);
            assert_eq!(scratch, [0; CHANGE_SCRATCH_LENGTH], "the command is overwritten");
            everything_is_protected_after_pace(&reader);
            verdict
        };
        let mut change = |current: &str, new: &str| {
            act(&mut |card, scratch| {
                let entry =
                    PinChangeEntry::Typed { current: current.as_bytes(), new: new.as_bytes(), scratch };
                card.change_pin(&look.credential, entry).unwrap().verdict.unwrap()
            })
        };
        assert_eq!(change(pins.pin.digits(), "7777777"), PinVerdict::Correct);
        for left in [Some(2), Some(1)] {
            assert_eq!(change("999999", "8888888"), PinVerdict::Wrong { tries_left: left });
        }
        assert_eq!(change("999999", "8888888"), PinVerdict::Blocked);
        let unblocked = act(&mut |card, scratch| {
            let entry = UnblockEntry { puk: pins.puk.digits().as_bytes(), new: Some(b"6666666"), scratch };
            card.unblock_pin(&look.credential, entry).unwrap().verdict.unwrap()
        });
        assert_eq!(unblocked, PinVerdict::Correct);
        reader.insert_again();
        let (algorithm, size) = usual(&look);
        let what = (algorithm, size, MESSAGE);
        let signed = signature_of(opened_sign(&mut reader, &look, &key, "6666666", what));
        judge(&look.certificate, algorithm, &signed);
    }
}

/// Another program left the card somewhere where it does not know PACE: the master file is selected, and PACE begun again.
#[test]
fn a_card_that_was_left_elsewhere_is_opened_all_the_same() {
    let spec = CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 9);
    let key = can(&spec);
    let mut reader = Reader::with(&spec);
    let look = opened_look(&mut reader, &key, Role::Authentication).unwrap();
    reader.insert_again();
    reader.card.misbehave(Fault::at_instruction(1, MSE, Effect::Status { status: 0x6A88 }));
    let (algorithm, size) = usual(&look);
    let pin = spec.pins().pin.digits().to_owned();
    signature_of(opened_sign(&mut reader, &look, &key, &pin, (algorithm, size, MESSAGE)));
}

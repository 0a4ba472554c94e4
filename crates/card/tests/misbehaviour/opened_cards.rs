//! Signing in with cards that are opened with PACE first: opened, found out, asked and read; then opened again, and made to sign.

use std::sync::Arc;

use bitaqa_card::{
    Card, CardError, CardOpening, PinEntry, Role, SignatureAlgorithm, Signed,
    chip_session::{AccessKey, AccessRefusal},
    pace::Can,
    pin::SCRATCH_LENGTH,
    signature::KeySize,
    transport::Limits,
};
use bitaqa_virtual_card::{
    CardSpec,
    icao::{
        cipher::Cipher,
        order::{ChipAuthenticationOrder, DocumentOrder, PasswordOrder},
        pace::{Mapping, Offer},
    },
    pin::Pin,
    private_key::KeyKind,
    rules::Protocol,
    spec::{Hypothesis, Personality},
};

use crate::{
    flow::{Ended, Flow},
    opening::CHEAP,
    reader::Reader,
    sign_in::{FirstLook, PKI, PROFILES, usual},
    signing_cards::{Entry, WRONG, is_signature},
    table::check,
    terminal::counting_from,
};

/// Why nothing came of it, other than an error.
enum Stopped {
    Opening(AccessRefusal),
    Error(CardError),
}

impl From<CardError> for Stopped {
    fn from(error: CardError) -> Self {
        Self::Error(error)
    }
}

fn opened(opening: CardOpening<'_>) -> Result<Box<Card<'_>>, Stopped> {
    match opening {
        CardOpening::Open(card) => Ok(card),
        CardOpening::Refused(refusal) => Err(Stopped::Opening(refusal)),
    }
}

/// The first transaction.
fn look(reader: &mut Reader, key: &AccessKey, session: u8) -> Result<FirstLook, Stopped> {
    let atr = reader.card.atr().to_vec();
    let mut card = opened(Card::open(reader, &atr, &PROFILES, &mut counting_from(session), key)?)?;
    let credential = card.credential(Role::Authentication)?;
    let (pin_status, certificate) = card.status_and_certificate(&credential)?;
    Ok(FirstLook { layout: Arc::clone(card.layout()), credential, pin_status, certificate })
}

/// The second one, after a reset.
fn sign(
    reader: &mut Reader,
    look: &FirstLook,
    (key, pin): (&AccessKey, &str),
    (algorithm, size): (SignatureAlgorithm, KeySize),
    session: u8,
) -> Result<Signed, Stopped> {
    reader.card.power_off();
    let mut scratch = [0; SCRATCH_LENGTH];
    let entry = PinEntry::Typed { pin: pin.as_bytes(), scratch: &mut scratch };
    // whatever is drawn here is not what was drawn in the first transaction
    let random = &mut counting_from(session.wrapping_add(0x80));
    let mut card = opened(Card::open_with_layout(reader, Arc::clone(&look.layout), random, key)?)?;
    let digest = vec![session; algorithm.hash().length()];
    let signed = card.verify_and_sign(&look.credential, entry, algorithm, size, &digest);
    assert_eq!(scratch, [0; SCRATCH_LENGTH], "the VERIFY command is overwritten");
    Ok(signed?)
}

fn flow(name: &str, spec: &CardSpec, can: &str, entry: Entry) -> Flow {
    let key = AccessKey::Can(Can::new(can).unwrap());
    let pin = if entry == Entry::Right { spec.pins().pin.digits().to_owned() } else { WRONG.to_owned() };
    let way = way_of(spec);
    let run = move |reader: &mut Reader, session: u8| {
        let done = look(reader, &key, session).and_then(|look| {
            let signed = sign(reader, &look, (&key, &pin), way, session)?;
            Ok((look, signed))
        });
        Ok(match done {
            Err(Stopped::Error(error)) => return Err(error),
            Err(Stopped::Opening(refusal)) => Ended::Refused(format!("{refusal:?}")),
            Ok((_, Signed::PinRefused(verdict))) => Ended::Refused(format!("{verdict:?}")),
            Ok((look, Signed::Signature(signature))) => {
                let digest = vec![session; way.0.hash().length()];
                let certificate = reader.card.certificates().authentication.der();
                if is_signature(certificate, way, &digest, &signature) {
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

/// The first transaction alone.
fn first_transaction(name: &str, spec: &CardSpec, can: &str) -> Flow {
    let key = AccessKey::Can(Can::new(can).unwrap());
    let run = move |reader: &mut Reader, session: u8| match look(reader, &key, session) {
        Err(Stopped::Error(error)) => Err(error),
        Err(Stopped::Opening(refusal)) => Ok(Ended::Refused(format!("{refusal:?}"))),
        Ok(look) => Ok(Ended::With(look.certificate)),
    };
    Flow::new(name, spec, run)
}

/// How such a card signs, whatever it says when it is disturbed.
fn way_of(spec: &CardSpec) -> (SignatureAlgorithm, KeySize) {
    let spec = CardSpec { document: spec.document.clone().map(uncounted), ..spec.clone() };
    let key = AccessKey::Can(Can::new(spec.can().digits()).unwrap());
    let mut reader = Reader::with(spec.make(&PKI).unwrap(), Protocol::default(), Limits::default());
    match look(&mut reader, &key, 0) {
        Ok(look) => usual(&look),
        Err(Stopped::Error(error)) => panic!("{error}"),
        Err(Stopped::Opening(refusal)) => panic!("{refusal}"),
    }
}

fn uncounted(order: DocumentOrder) -> DocumentOrder {
    DocumentOrder { passwords: PasswordOrder { can_tries_left: None, ..order.passwords }, ..order }
}

/// A card of this hypothesis that is opened on a curve that costs little time.
fn card(hypothesis: Hypothesis, can_tries_left: Option<u8>) -> CardSpec {
    let mapping =
        if hypothesis == Hypothesis::IasEccCam { Mapping::ChipAuthentication } else { Mapping::Generic };
    let key = ChipAuthenticationOrder { cipher: Cipher::Aes128, domain: CHEAP };
    CardSpec { key: Some(KeyKind::P256), ..CardSpec::cnie_2(hypothesis, 11) }.with_document(DocumentOrder {
        pace: Some(vec![Offer { mapping, cipher: Cipher::Aes128, domain: CHEAP }]),
        chip_authentication: Some(vec![key]),
        passwords: PasswordOrder { can_tries_left, ..PasswordOrder::default() },
        ..DocumentOrder::default()
    })
}

fn families() -> Vec<(&'static str, CardSpec)> {
    let bahrain =
        CardSpec { seed: Some(2), key: Some(KeyKind::P256), ..CardSpec::new(Personality::Bahrain2025) };
    vec![
        ("IAS ECC behind PACE", card(Hypothesis::IasEccCam, None)),
        ("PKCS#15 behind PACE", card(Hypothesis::Pkcs15Gm, None)),
        ("bahrain 2025", bahrain),
    ]
}

/// Sign-ins with every family, and with a wrong PIN.
fn sign_ins() -> Vec<Flow> {
    let right = |(name, spec): (&str, CardSpec)| flow(name, &spec, spec.can().digits(), Entry::Right);
    let spec = card(Hypothesis::IasEccCam, None);
    let wrong = flow("IAS ECC behind PACE", &spec, spec.can().digits(), Entry::Wrong);
    families().into_iter().map(right).chain([wrong]).collect()
}

/// Card access numbers that are counted: the right one and a wrong one, with tries and with a last try that the chip does not give.
fn counted_numbers() -> Vec<Flow> {
    let states = [(3, "fresh"), (1, "suspended"), (0, "blocked")];
    let of_state = |(tries_left, state): (u8, &str)| {
        let spec = card(Hypothesis::Pkcs15Gm, Some(tries_left));
        [(spec.can(), "right"), (Pin::new(WRONG).unwrap(), "wrong")].map(|(can, number)| {
            let flow = first_transaction(&format!("{number} number, {state}"), &spec, can.digits());
            // a spoiled nonce makes a wrong number of the right one; what is suspended or blocked cannot be tried at all
            flow.costing(u8::from(tries_left > 1))
        })
    };
    states.into_iter().flat_map(of_state).collect()
}

/// All of them.
pub(crate) fn flows() -> Vec<Flow> {
    sign_ins().into_iter().chain(counted_numbers()).collect()
}

#[test]
fn a_sign_in_with_an_opened_card_that_is_disturbed_ends_in_an_error_of_its_own_and_costs_no_try() {
    check(&sign_ins());
}

#[test]
fn a_counted_card_access_number_loses_no_try_but_the_persons_own() {
    check(&counted_numbers());
}

#[test]
fn a_card_access_number_whose_last_try_the_chip_does_not_give_is_suspended_and_keeps_it() {
    for (tries_left, expected, left) in
        [(3, "CanWrong { tries_left: Some(2) }", 2), (1, "Suspended", 1), (0, "Blocked", 0)]
    {
        let spec = card(Hypothesis::Pkcs15Gm, Some(tries_left));
        let flow = first_transaction("wrong number", &spec, WRONG);
        let mut reader = flow.reader();
        assert_eq!(flow.run(&mut reader, 1), Ok(Ended::Refused(expected.to_owned())));
        assert_eq!(crate::flow::counters(&reader.card).last(), Some(&left));
    }
}

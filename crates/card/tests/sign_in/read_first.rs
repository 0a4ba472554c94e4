//! A chip that is read first, and then asked for what it signs with, in one session; and the signature in another.

use std::sync::Arc;

use bitaqa_card::{
    Card, CardError, PinEntry, Role,
    channel::Channel,
    chip_session::{AccessKey, ChipAccess, ChipSession, OpenVerdict},
    file::Selection,
    lds::DataGroup,
    pin::SCRATCH_LENGTH,
    profile::Link,
};
use bitaqa_virtual_card::{
    CardSpec,
    spec::{Hypothesis, Personality},
};

use crate::{
    opening::{can, counting, mrz, opened_look},
    openssl::{digest, judge},
    reader::{FirstLook, PROFILES, Reader, signature, usual},
};

fn session<'t>(reader: &'t mut Reader, key: &AccessKey) -> Box<ChipSession<'t>> {
    let atr = reader.card.atr().to_vec();
    let mut channel = Channel::new(reader, Link::CAUTIOUS).with_answer_to_reset(&atr);
    let mut selection = Selection::default();
    let access = ChipAccess::find(&mut channel, &mut selection).unwrap().unwrap();
    match access.open(channel, selection, &mut counting(), key).unwrap() {
        OpenVerdict::Open(session) => session,
        OpenVerdict::Refused(refusal) => panic!("{refusal}"),
    }
}

/// Reads the chip, and then finds out what it signs with.
fn read_and_look(reader: &mut Reader, key: &AccessKey) -> Result<(Vec<u8>, FirstLook), CardError> {
    let atr = reader.card.atr().to_vec();
    let mut session = session(reader, key);
    let document = session.read(&[DataGroup::DG1, DataGroup::DG14], &mut |_| {})?;
    let mut card = Card::of_chip(*session, &atr, &PROFILES)?;
    let credential = card.credential(Role::Authentication)?;
    let (pin_status, certificate) = card.status_and_certificate(&credential)?;
    let layout = Arc::clone(card.layout());
    Ok((document.sod_content.to_vec(), FirstLook { layout, credential, pin_status, certificate }))
}

#[test]
fn what_was_read_and_what_signs_are_of_one_session() {
    let cnie_2 = |hypothesis| move |seed| CardSpec::cnie_2(hypothesis, seed);
    let bahrain = |seed| CardSpec { seed: Some(seed), ..CardSpec::new(Personality::Bahrain2025) };
    let cards = (60..64).flat_map(|seed| {
        [cnie_2(Hypothesis::IasEccCam)(seed), cnie_2(Hypothesis::Pkcs15Gm)(seed), bahrain(seed)]
    });
    for (index, spec) in cards.enumerate() {
        let key = if index % 2 == 0 { can(&spec) } else { mrz(&spec) };
        let mut reader = Reader::with(&spec);
        let (sod, look) = read_and_look(&mut reader, &key).unwrap();
        assert_eq!(look.certificate, reader.card.certificates().authentication.der());
        reader.insert_again();
        // nothing else is found than without reading
        let alone = opened_look(&mut reader, &key, Role::Authentication).unwrap();
        assert_eq!((&look.layout, &look.credential), (&alone.layout, &alone.credential));
        reader.insert_again();
        // the chip says that it is the same before it gets the PIN
        let mut session = session(&mut reader, &key);
        assert_eq!(*session.sod(&mut |_| {}).unwrap().0, *sod);
        let mut card = Card::of_chip_with_layout(*session, Arc::clone(&look.layout));
        assert_eq!(card.certificate(&look.credential).unwrap(), look.certificate);
        let (algorithm, size) = usual(&look);
        let (pins, mut scratch) = (spec.pins(), [0; SCRATCH_LENGTH]);
        let entry = PinEntry::Typed { pin: pins.pin.digits().as_bytes(), scratch: &mut scratch };
        let hash = digest(algorithm.hash());
        let signed = card.verify_and_sign(&look.credential, entry, algorithm, size, &hash).unwrap();
        judge(&look.certificate, algorithm, &signature(Ok(signed)));
        assert_eq!(reader.verify_count(), 1);
    }
}

#[test]
fn a_chip_with_nothing_that_signs_is_a_document() {
    let spec = CardSpec::cnie_2(Hypothesis::IcaoOnly, 64);
    let mut reader = Reader::with(&spec);
    assert_eq!(read_and_look(&mut reader, &can(&spec)).err(), Some(CardError::DocumentOnly));
    // what basic access control opens is not behind PACE
    let spec = CardSpec::new(Personality::PassportBac);
    let mut reader = Reader::with(&spec);
    let found = read_and_look(&mut reader, &mrz(&spec)).err();
    assert!(matches!(found, Some(CardError::Unsupported(_))), "{found:?}");
}

//! What a developer sees when a run panics, or does not: a card that answers with somebody's data in every wrong place.

use std::{
    panic::{self, AssertUnwindSafe},
    sync::{Mutex, PoisonError},
};

use bitaqa_card::{
    Card, PinEntry, Profile, Role, Transport, TransportError,
    channel::Channel,
    chip_session::{AccessKey, ChipAccess, OpenVerdict},
    file::Selection,
    gcc::GccCard,
    lds::{Com, DataGroup, Dg1, Dg2, Dg11, Dg12, Dg16, DocumentNumber, MrzDate, MrzKey, Sod},
    pace::Can,
    pin::SCRATCH_LENGTH,
    profile::Link,
    signature::{Hash, KeySize, SignatureAlgorithm},
    tlv::{Tag, encode},
};

use crate::shown::holds_none;

const PERSON: &[u8] = b"QUILLFEATHER";
const PIN: &[u8] = b"58203917";
const CAN: &str = "649173";
const NUMBER: &str = "QX7739164";

/// Gives one answer again and again, and at some command nothing more.
struct Parrot<'a> {
    answer: &'a [u8],
    left: usize,
}

impl Transport for Parrot<'_> {
    fn transmit(&mut self, _: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        self.left = self.left.checked_sub(1).ok_or(TransportError::Removed)?;
        answer.clear();
        answer.extend_from_slice(self.answer);
        Ok(())
    }
}

/// Somebody's name, in every object that any of the parsers looks into.
fn answers() -> Vec<Vec<u8>> {
    let tags = [
        0x04, 0x0C, 0x13, 0x30, 0x31, 0x42, 0x4F, 0x50, 0x53, 0x5A, 0x5C, 0x5F01, 0x5F0E, 0x5F10, 0x5F1F,
        0x5F2B, 0x5F2E, 0x60, 0x61, 0x62, 0x63, 0x67, 0x6B, 0x6C, 0x6F, 0x70, 0x75, 0x77, 0x7C, 0x7F49,
        0x7F60, 0x7F61, 0x80, 0x82, 0x84, 0x86, 0x87, 0x8E, 0x99, 0xA0, 0xA1,
    ];
    let mut answers = vec![PERSON.to_vec()];
    for outer in tags {
        answers.push(encode(Tag(outer), PERSON));
        for inner in tags {
            answers.push(encode(Tag(outer), &encode(Tag(inner), PERSON)));
        }
    }
    answers.iter().map(|data| [data.as_slice(), &[0x90, 0x00]].concat()).collect()
}

fn key(is_number: bool) -> AccessKey {
    if is_number {
        return AccessKey::Can(Can::new(CAN).unwrap());
    }
    let number = DocumentNumber::new(NUMBER).unwrap();
    let date = MrzDate::new(Some(71), Some(8), Some(29)).unwrap();
    AccessKey::Mrz(MrzKey::new(&number, date, date))
}

/// Everything that is done with cards, with what it came to in words.
fn everything(answer: &[u8], profiles: &[Profile]) -> Vec<String> {
    let mut said = Vec::new();
    let mut random = |buffer: &mut [u8]| buffer.fill(7);
    for is_number in [true, false] {
        let mut card = Parrot { answer, left: 40 };
        let mut channel = Channel::new(&mut card, Link::CAUTIOUS);
        let mut selection = Selection::default();
        let found = ChipAccess::find(&mut channel, &mut selection);
        said.push(format!("{found:?}"));
        let Ok(Some(access)) = found else { continue };
        match access.open(channel, selection, &mut random, &key(is_number)) {
            Ok(OpenVerdict::Open(mut session)) => {
                said.push(format!("{session:?} {:?}", session.read(&[DataGroup::DG1], &mut |_| {})));
            }
            Ok(OpenVerdict::Refused(refusal)) => said.push(format!("{refusal} {refusal:?}")),
            Err(error) => said.push(format!("{error} {error:?}")),
        }
    }
    let mut card = Parrot { answer, left: 200 };
    match Card::discover(&mut card, &[], profiles) {
        Ok(mut card) => {
            said.push(format!("{:?}", card.layout()));
            if let Ok(credential) = card.credential(Role::Authentication) {
                let mut scratch = [0; SCRATCH_LENGTH];
                let entry = PinEntry::Typed { pin: PIN, scratch: &mut scratch };
                let algorithm = SignatureAlgorithm::Ecdsa(Hash::Sha256);
                let signed = card.verify_and_sign(&credential, entry, algorithm, KeySize::Ec(32), &[1; 32]);
                said.push(format!("{:?}", signed.map(|_| "signed")));
            }
        }
        Err(error) => said.push(format!("{error} {error:?}")),
    }
    let mut card = Parrot { answer, left: 40 };
    let mut channel = Channel::new(&mut card, Link::CAUTIOUS);
    if let Ok(Some(gcc)) = GccCard::find(&mut channel, &[]) {
        said.push(format!("{:?} {:?}", gcc.personal_data(&mut channel), gcc.address(&mut channel)));
    }
    let data = answer.strip_suffix(&[0x90, 0x00]).unwrap_or(answer);
    said.push(format!("{:?} {:?} {:?}", Dg1::parse(data), Dg2::parse(data), Dg11::parse(data)));
    said.push(format!("{:?} {:?} {:?}", Dg12::parse(data), Dg16::parse(data), Com::parse(data)));
    said.push(format!("{:?}", Sod::parse(data)));
    said
}

#[test]
fn nothing_of_a_person_is_said_or_panicked_whatever_a_card_answers() {
    static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let before = panic::take_hook();
    panic::set_hook(Box::new(|info| {
        PANICS.lock().unwrap_or_else(PoisonError::into_inner).push(info.to_string());
    }));
    let profiles = Profile::compiled_in().unwrap();
    let mut said = Vec::new();
    let mut panicked = false;
    for answer in answers() {
        match panic::catch_unwind(AssertUnwindSafe(|| everything(&answer, &profiles))) {
            Ok(words) => said.extend(words),
            Err(_) => panicked = true,
        }
    }
    panic::set_hook(before);
    let panics = PANICS.lock().unwrap_or_else(PoisonError::into_inner).join("\n");
    let secrets: [&[u8]; 5] = [PERSON, PIN, CAN.as_bytes(), NUMBER.as_bytes(), b"710829"];
    holds_none(&panics, &secrets);
    assert!(!panicked, "{panics}");
    assert!(said.len() > 1000, "the card was asked");
    holds_none(&said.join("\n"), &secrets);
}

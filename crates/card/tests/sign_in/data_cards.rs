//! Cards without keys of a person: files that anybody may read, files behind an issuer's key, and cards that nobody knows.

use aes::Aes128;
use bitaqa_card::{
    UnknownCardReport,
    apdu::StatusWord,
    channel::Channel,
    error::CardError,
    gcc::{GccCard, Generation},
    issuer_supplied::{
        CardChallenge, ClaimValue, IssuerKey, IssuerKeyError, IssuerProfile, IssuerSuppliedError, ReadClaim,
        read,
    },
    profile::Link,
    secure_messaging::SecureMessaging,
};
use bitaqa_virtual_card::{
    CardSpec, cnie_1,
    private_key::KeyKind,
    spec::{Generation as Make, Personality},
};
use cmac::{Cmac, KeyInit as _, Mac as _};
use zeroize::Zeroizing;

use crate::reader::Reader;

fn gcc(generation: Make) -> Reader {
    Reader::with(&CardSpec::of_generation(Personality::Bahrain2016, generation))
}

fn channel(reader: &mut Reader) -> Channel<'_> {
    Channel::new(reader, Link::CAUTIOUS)
}

#[test]
fn every_generation_of_gcc_card_is_found_and_read() {
    for (make, generation) in
        [(Make::V1, Generation::V1), (Make::V2, Generation::V2_1), (Make::V4, Generation::V4)]
    {
        let mut reader = gcc(make);
        let atr = reader.card.atr().to_vec();
        let channel = &mut channel(&mut reader);
        let card = GccCard::find(channel, &atr).unwrap().expect("it is one");
        assert_eq!(card.generation(), generation);
        let person = card.personal_data(channel).unwrap().into_claimed();
        assert_eq!(person.number.as_deref().map(str::len), Some(9));
        assert!(!person.names.full().is_empty());
        assert!(person.arabic_names.first.chars().all(|c| ('\u{600}'..'\u{700}').contains(&c)));
        assert!(!person.arabic_names.first.is_empty() && person.birth.is_some() && person.sex.is_some());
        let images = card.images(channel).unwrap().into_claimed();
        assert_eq!((&images.portrait[..2], &images.signature[..2]), (&[0xFF, 0xD8][..], &[0xFF, 0xD8][..]));
        let serial = card.serial_number(channel).unwrap().into_claimed();
        assert!(serial.iter().any(|byte| *byte != 0));
        if generation == Generation::V1 {
            assert!(person.expiry.is_some());
            assert!(matches!(card.card_data(channel), Err(CardError::Unsupported(_))));
            assert!(matches!(card.address(channel), Err(CardError::Unsupported(_))));
        } else {
            let data = card.card_data(channel).unwrap().into_claimed();
            assert!(data.expiry > data.issue && !data.authority.is_empty());
            let address = card.address(channel).unwrap().into_claimed();
            assert_eq!((address.road.number.as_str(), address.block.number.as_str()), ("678", "901"));
            assert_eq!(address.road.arabic_name, "طريق المثال");
        }
    }
}

#[test]
fn other_cards_are_no_gcc_cards() {
    let mut reader = Reader::with(&CardSpec::pkcs15(KeyKind::P256));
    assert!(GccCard::find(&mut channel(&mut reader), &[]).unwrap().is_none());
}

/// The issuer's module of the tests: it holds the key that everybody knows.
struct TestIssuer {
    key: [u8; 16],
    believes: bool,
}

impl IssuerKey for TestIssuer {
    fn answer(&mut self, challenge: &CardChallenge<'_>) -> Result<Zeroizing<Vec<u8>>, IssuerKeyError> {
        assert_eq!(challenge.key_reference, cnie_1::ISSUER_KEY_REFERENCE);
        let mut mac = Cmac::<Aes128>::new((&self.key).into());
        mac.update(challenge.challenge);
        Ok(Zeroizing::new(mac.finalize().into_bytes().to_vec()))
    }

    fn accept(&mut self, answer: &[u8]) -> Result<Option<SecureMessaging>, IssuerKeyError> {
        assert!(answer.is_empty(), "EXTERNAL AUTHENTICATE gives no data");
        if self.believes { Ok(None) } else { Err(IssuerKeyError::CardNotGenuine) }
    }
}

fn issuer_read(key: [u8; 16], believes: bool) -> Result<Vec<ReadClaim>, IssuerSuppliedError> {
    let profile = IssuerProfile::load("cnie-1-test", cnie_1::ISSUER_PROFILE).unwrap();
    let mut reader = Reader::with(&CardSpec::new(Personality::Cnie1));
    read(&mut channel(&mut reader), &profile, &mut TestIssuer { key, believes })
}

#[test]
fn a_card_that_its_issuer_describes_is_read_with_the_issuers_key() {
    let claims = issuer_read(cnie_1::TEST_ISSUER_KEY, true).unwrap();
    let value = |name: &str| {
        let claim = claims.iter().find(|claim| claim.name == name).unwrap();
        claim.value.as_ref().map(|value| value.claimed().clone())
    };
    assert!(matches!(value("family-name"), Some(ClaimValue::Text(name)) if !name.is_empty()));
    assert!(matches!(value("personal-number"), Some(ClaimValue::Text(_))));
    assert!(value("birth").is_none(), "the card has no such field");
    assert!(matches!(value("portrait"), Some(ClaimValue::Bytes(bytes)) if bytes.starts_with(&[0xFF, 0xD8])));
    // personal data is not printed
    assert!(!format!("{claims:?}").contains("Text"));
}

#[test]
fn without_the_issuers_key_nothing_is_read() {
    let refused = issuer_read([0; 16], true).unwrap_err();
    assert!(matches!(
        refused,
        IssuerSuppliedError::Card(CardError::Refused { command: "EXTERNAL AUTHENTICATE", .. })
    ));
    let doubted = issuer_read(cnie_1::TEST_ISSUER_KEY, false).unwrap_err();
    assert_eq!(doubted, IssuerSuppliedError::Key(IssuerKeyError::CardNotGenuine));
    let profile = IssuerProfile::load("x", cnie_1::ISSUER_PROFILE).unwrap();
    let mut reader = Reader::with(&CardSpec::pkcs15(KeyKind::P256));
    let other = read(
        &mut channel(&mut reader),
        &profile,
        &mut TestIssuer { key: cnie_1::TEST_ISSUER_KEY, believes: true },
    );
    assert_eq!(other.unwrap_err(), IssuerSuppliedError::Card(CardError::Unknown));
}

fn report(reader: &mut Reader) -> UnknownCardReport {
    let atr = reader.card.atr().to_vec();
    UnknownCardReport::collect(&mut channel(reader), &atr).unwrap()
}

#[test]
fn a_report_says_what_a_card_is_like_and_not_whose_it_is() {
    for (spec, application) in [
        (CardSpec::pkcs15(KeyKind::P256), "A000000063504B43532D3135"),
        (CardSpec::piv(KeyKind::P256), "A000000308000010000100"),
        (CardSpec::new(Personality::Bahrain2016), "D4990000010101000100000001"),
        (CardSpec::new(Personality::Fineid), "A000000063504B43532D3135"),
    ] {
        let person = spec.holder().unwrap();
        let mut reader = Reader::with(&spec);
        let report = report(&mut reader);
        let seen = report.applications.iter().find(|seen| seen.identifier == application).unwrap();
        assert_eq!(seen.status, StatusWord::OK.to_string());
        let text = format!("{report:?}");
        let hexadecimal = |text: &str| text.bytes().map(|byte| format!("{byte:02X}")).collect::<String>();
        for personal in
            [&person.surname, &person.given_name, &person.serial_number, &person.document_number()]
        {
            assert!(
                !text.contains(personal.as_str()) && !text.contains(&hexadecimal(personal)),
                "{personal}"
            );
        }
        assert_eq!(reader.verify_count(), 0);
    }
}

#[test]
fn a_report_becomes_a_profile_that_opens_the_card() {
    for spec in [CardSpec::pkcs15(KeyKind::P256), CardSpec::piv(KeyKind::P256)] {
        let mut reader = Reader::with(&spec);
        let stub = report(&mut reader).profile_stub();
        let profile = bitaqa_card::Profile::load("new-card", &stub).unwrap();
        reader.card.reset().unwrap();
        let atr = reader.card.atr().to_vec();
        let card = bitaqa_card::Card::discover(&mut reader, &atr, &[profile]).unwrap();
        assert_eq!(card.layout().credentials.len(), 2);
    }
}

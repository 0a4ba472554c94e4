//! Cards without keys of a person: files that anybody may read, files behind an issuer's key, and cards that nobody knows.

use aes::Aes128;
use bitaqa_card::{
    CardError, UnknownCardReport,
    channel::Channel,
    gcc::GccCard,
    issuer_supplied::{
        CardChallenge, ClaimValue, IssuerKey, IssuerKeyError, IssuerProfile, IssuerSuppliedError, read,
    },
    profile::Link,
    secure_messaging::SecureMessaging,
};
use bitaqa_virtual_card::{
    CardSpec, cnie_1,
    private_key::KeyKind,
    spec::{Generation, Hypothesis, Personality},
};
use cmac::{Cmac, KeyInit as _, Mac as _};
use zeroize::Zeroizing;

use crate::{
    flow::{Ended, Flow},
    reader::Reader,
    table::check,
};

/// Every file of a GCC card.
fn gcc(generation: Generation) -> Flow {
    let spec = CardSpec::of_generation(Personality::Bahrain2016, generation);
    Flow::new(format!("GCC {generation:?}"), &spec, |reader: &mut Reader, _| {
        let atr = reader.card.atr().to_vec();
        let channel = &mut Channel::new(reader, Link::CAUTIOUS);
        let card = GccCard::find(channel, &atr)?.ok_or(CardError::Unknown)?;
        let person = card.personal_data(channel)?.into_claimed();
        let mut all = format!("{:?} {:?}", person.number, person.birth).into_bytes();
        all.extend(person.names.full().bytes().chain(person.arabic_names.full().bytes()));
        let images = card.images(channel)?.into_claimed();
        all.extend(images.portrait.iter().chain(&images.signature));
        if card.generation() != bitaqa_card::gcc::Generation::V1 {
            let data = card.card_data(channel)?.into_claimed();
            all.extend(format!("{:?} {:?} {}", data.expiry, data.issue, data.authority).bytes());
            let address = card.address(channel)?.into_claimed();
            all.extend(address.road.arabic_name.bytes().chain(address.block.number.bytes()));
        }
        all.extend(card.serial_number(channel)?.into_claimed());
        Ok(Ended::With(all))
    })
}

/// It holds the key that everybody knows.
struct TestIssuer;

impl IssuerKey for TestIssuer {
    fn answer(&mut self, challenge: &CardChallenge<'_>) -> Result<Zeroizing<Vec<u8>>, IssuerKeyError> {
        let mut mac = Cmac::<Aes128>::new((&cnie_1::TEST_ISSUER_KEY).into());
        mac.update(challenge.challenge);
        Ok(Zeroizing::new(mac.finalize().into_bytes().to_vec()))
    }

    fn accept(&mut self, answer: &[u8]) -> Result<Option<SecureMessaging>, IssuerKeyError> {
        if answer.is_empty() { Ok(None) } else { Err(IssuerKeyError::CardNotGenuine) }
    }
}

fn issuer_supplied() -> Flow {
    let profile = IssuerProfile::load("cnie-1-test", cnie_1::ISSUER_PROFILE).unwrap();
    let run = move |reader: &mut Reader, _| {
        let claims = match read(&mut Channel::new(reader, Link::CAUTIOUS), &profile, &mut TestIssuer) {
            Ok(claims) => claims,
            Err(IssuerSuppliedError::Card(error)) => return Err(error),
            Err(IssuerSuppliedError::Key(_)) => return Ok(Ended::NotBelieved("the issuer's key")),
        };
        let values = claims.iter().map(|claim| {
            match claim.value.as_ref().map(bitaqa_card::Unauthenticated::claimed) {
                Some(ClaimValue::Text(text)) => text.clone().into_bytes(),
                Some(ClaimValue::Bytes(bytes)) => bytes.clone(),
                Some(ClaimValue::Date(..)) | None => Vec::new(),
            }
        });
        Ok(Ended::With(values.collect::<Vec<_>>().concat()))
    };
    Flow::new("cnie-1", &CardSpec::new(Personality::Cnie1), run)
}

fn report(name: &str, spec: &CardSpec) -> Flow {
    let run = |reader: &mut Reader, _| {
        let atr = reader.card.atr().to_vec();
        let report = UnknownCardReport::collect(&mut Channel::new(reader, Link::CAUTIOUS), &atr)?;
        Ok(Ended::With(format!("{report:?} {}", report.profile_stub()).into_bytes()))
    };
    Flow::new(format!("report of {name}"), spec, run).telling_everything()
}

/// All of them.
pub(crate) fn flows() -> Vec<Flow> {
    vec![
        gcc(Generation::V1),
        gcc(Generation::V2),
        gcc(Generation::V4),
        issuer_supplied(),
        report("pkcs15", &CardSpec::pkcs15(KeyKind::P256)),
        report("a travel document", &CardSpec::cnie_2(Hypothesis::IasEccCam, 2)),
    ]
}

#[test]
fn data_cards_that_are_disturbed_end_in_an_error_of_their_own_or_in_what_they_hold() {
    check(&flows());
}

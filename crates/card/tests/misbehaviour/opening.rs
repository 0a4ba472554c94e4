//! Opening a chip: basic access control, and PACE with each mapping and each password.

use bitaqa_card::{
    CardError,
    bac::{self, BacVerdict},
    channel::Channel,
    file::Selection,
    lds::{DataGroup, ElementaryFile, LdsReader, Mrz, MrzKey},
    pace::{self, Can, PaceVariant, PaceVerdict, Password, PasswordKind},
    profile::Link,
};
use bitaqa_curves::Curve;
use bitaqa_virtual_card::{
    CardSpec,
    icao::{
        cipher::Cipher,
        domain::Domain,
        order::{ChipAuthenticationOrder, DocumentOrder, PasswordOrder},
        pace::{Mapping, Offer},
    },
    pin::Pin,
    spec::{Hypothesis, Personality},
};

use crate::{
    flow::{Ended, Flow},
    reader::Reader,
    table::check,
    terminal::{card_access, counting_from},
};

pub(crate) const LINK: Link = Link { extended_length: true, chaining: true, max_response: 65_536 };
/// A curve that costs little time.
pub(crate) const CHEAP: Domain = Domain::Curve(Curve::P256);
const PIN: &str = "314159";
const PUK: &str = "2718281828";

pub(crate) fn zone(spec: &CardSpec) -> MrzKey {
    Mrz::parse(spec.mrz().unwrap().text().as_bytes()).unwrap().key()
}

/// Opens a chip with basic access control.
pub(crate) fn open_by_zone(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    zone: &MrzKey,
    session: u8,
) -> Result<Option<Ended>, CardError> {
    LdsReader::new(channel, selection).select_application()?;
    Ok(match bac::establish(channel, &mut counting_from(session), zone)? {
        BacVerdict::Open => None,
        BacVerdict::WrongMrz { .. } => Some(Ended::Refused("the zone is another".into())),
    })
}

/// The first group, as what an open chip gives.
fn first_group(channel: &mut Channel<'_>, selection: &mut Selection) -> Result<Ended, CardError> {
    let group = ElementaryFile::Group(DataGroup::DG1);
    Ok(Ended::With(LdsReader::new(channel, selection).read(group, &mut |_| {})?.to_vec()))
}

fn basic_access_control() -> Flow {
    let order = DocumentOrder { groups: Some(vec![1]), ..DocumentOrder::default() };
    let spec = CardSpec::new(Personality::PassportBac).with_document(order);
    let zone = zone(&spec);
    Flow::new("basic access control", &spec, move |reader: &mut Reader, session| {
        let mut channel = Channel::new(reader, LINK);
        let mut selection = Selection::default();
        match open_by_zone(&mut channel, &mut selection, &zone, session)? {
            None => first_group(&mut channel, &mut selection),
            Some(refused) => Ok(refused),
        }
    })
}

/// A chip that runs PACE in this mapping, with all four passwords.
pub(crate) fn chip(mapping: Mapping) -> CardSpec {
    let key = ChipAuthenticationOrder { cipher: Cipher::Aes128, domain: CHEAP };
    let passwords = PasswordOrder {
        pin: Some(Pin::new(PIN).unwrap()),
        puk: Some(Pin::new(PUK).unwrap()),
        ..PasswordOrder::default()
    };
    CardSpec::cnie_2(Hypothesis::IcaoOnly, 0).with_document(DocumentOrder {
        pace: Some(vec![Offer { mapping, cipher: Cipher::Aes128, domain: CHEAP }]),
        chip_authentication: (mapping == Mapping::ChipAuthentication).then(|| vec![key]),
        groups: Some(vec![1]),
        passwords,
        ..DocumentOrder::default()
    })
}

fn pace(mapping: Mapping, kind: PasswordKind) -> Flow {
    let spec = chip(mapping);
    let (zone, can) = (zone(&spec), Can::new(spec.can().digits()).unwrap());
    let flow =
        Flow::new(format!("PACE, {mapping:?}, {kind:?}"), &spec, move |reader: &mut Reader, session| {
            let password = match kind {
                PasswordKind::Mrz => Password::Mrz(&zone),
                PasswordKind::Can => Password::Can(&can),
                PasswordKind::Pin => Password::Pin(PIN.as_bytes()),
                PasswordKind::Puk => Password::Puk(PUK.as_bytes()),
            };
            let mut channel = Channel::new(reader, LINK);
            let mut selection = Selection::default();
            let access = card_access(&mut channel, &mut selection)?;
            let variant = PaceVariant::choose(&access).ok_or(CardError::Unsupported("any PACE"))?;
            let random = &mut counting_from(session);
            match pace::establish(&mut channel, random, &variant, &password, None)? {
                PaceVerdict::Open(_) => first_group(&mut channel, &mut selection),
                verdict => Ok(Ended::Refused(format!("{verdict:?}"))),
            }
        });
    // a spoiled nonce makes a wrong password of a right one, and the chip counts that
    flow.extended().costing(1)
}

#[test]
fn basic_access_control_that_is_disturbed_ends_in_an_error_of_its_own() {
    check(&[basic_access_control(), basic_access_control().extended()]);
}

#[test]
fn pace_that_is_disturbed_ends_in_an_error_of_its_own() {
    check(&flows());
}

/// Every mapping with every password.
pub(crate) fn flows() -> Vec<Flow> {
    use PasswordKind::{Can, Mrz, Pin, Puk};
    [Mapping::Generic, Mapping::Integrated, Mapping::ChipAuthentication]
        .into_iter()
        .flat_map(|mapping| [Mrz, Can, Pin, Puk].map(|kind| pace(mapping, kind)))
        .collect()
}

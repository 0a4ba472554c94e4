//! Terminals that prove themselves: version 2 and version 1 of terminal authentication, and pseudonyms.

use bitaqa_card::{
    CardError,
    channel::Channel,
    chip_authentication::{self, ChipKey},
    file::Selection,
    lds::{DataGroup, Dg14, ElementaryFile, LdsReader},
    pace::{Can, Password},
    restricted_identification::{Sector, SectorKey},
    security_infos::SecurityInfos,
    terminal_authentication::{ChipIdentifier, prepare_version_1},
};
use bitaqa_virtual_card::{
    CardSpec,
    icao::{
        cipher::Cipher,
        order::{ChipAuthenticationOrder, DocumentOrder},
        pace::{Mapping, Offer},
        terminal_authentication::authorization::TerminalKind,
    },
    spec::Personality,
};

use crate::{
    flow::{Ended, Flow},
    opening::{CHEAP, LINK, open_by_zone, zone},
    reader::Reader,
    table::check,
    terminal::{
        DG3, FINGERPRINTS, OUR_PASSWORD, PIN, PSEUDONYMS, Portal, card_access, chain, counting_from, now,
        open, portal, prove_both, sector,
    },
};

fn eac_2(terminals: TerminalKind) -> CardSpec {
    let offer = Offer { mapping: Mapping::Generic, cipher: Cipher::Aes128, domain: CHEAP };
    let key = ChipAuthenticationOrder { cipher: Cipher::Aes128, domain: CHEAP };
    CardSpec::new(Personality::Eac2).with_document(DocumentOrder {
        pace: Some(vec![offer]),
        chip_authentication: Some(vec![key]),
        terminals: Some(terminals),
        groups: Some(vec![1, 3]),
        ..DocumentOrder::default()
    })
}

/// PACE with the PIN, both prove themselves, fingerprints.
fn inspection() -> Flow {
    let portal = portal(TerminalKind::Inspection, &FINGERPRINTS, &[]);
    let spec = eac_2(TerminalKind::Inspection);
    let can = Can::new(spec.can().digits()).unwrap();
    let run = move |reader: &mut Reader, session| {
        let mut channel = Channel::new(reader, LINK);
        let mut selection = Selection::default();
        let access = card_access(&mut channel, &mut selection)?;
        let kind = TerminalKind::Inspection;
        let password = Password::Can(&can);
        let opened = match open(&mut channel, &access, &password, kind, &[0x23], session) {
            Err(OUR_PASSWORD) => return Ok(Ended::Refused("the password".into())),
            opened => opened?,
        };
        prove_both(&mut channel, &mut selection, &portal, &access, &opened, None, session)?;
        Ok(Ended::With(LdsReader::new(&mut channel, &mut selection).read(DG3, &mut |_| ())?.to_vec()))
    };
    Flow::new("terminal authentication 2, fingerprints", &spec, run).extended()
}

/// The same, and a pseudonym.
fn pseudonym() -> Flow {
    let sectors = [sector(7)];
    let portal = portal(TerminalKind::Authentication, &PSEUDONYMS, &sectors);
    let key = SectorKey::parse(&sectors[0]).unwrap();
    let spec = eac_2(TerminalKind::Authentication);
    let run = move |reader: &mut Reader, session| {
        let mut channel = Channel::new(reader, LINK);
        let mut selection = Selection::default();
        let access = card_access(&mut channel, &mut selection)?;
        let kind = TerminalKind::Authentication;
        let password = Password::Pin(PIN);
        let opened = match open(&mut channel, &access, &password, kind, &PSEUDONYMS, session) {
            Err(OUR_PASSWORD) => return Ok(Ended::Refused("the password".into())),
            opened => opened?,
        };
        let chip = prove_both(&mut channel, &mut selection, &portal, &access, &opened, None, session)?;
        Ok(Ended::With(chip.pseudonym(&mut channel, Sector::First, &key)?.to_vec()))
    };
    // a spoiled answer in PACE makes a wrong PIN of a right one
    Flow::new("restricted identification", &spec, run).extended().costing(1)
}

/// The chip first, then the terminal, after basic access control.
fn first_version() -> Flow {
    let portal = portal(TerminalKind::Inspection, &FINGERPRINTS, &[]);
    let spec = CardSpec::new(Personality::PassportBac).with_document(DocumentOrder {
        terminals: Some(TerminalKind::Inspection),
        chip_authentication: Some(vec![ChipAuthenticationOrder { cipher: Cipher::Aes128, domain: CHEAP }]),
        groups: Some(vec![1, 3]),
        ..DocumentOrder::default()
    });
    let zone = zone(&spec);
    let run = move |reader: &mut Reader, session| {
        let mut channel = Channel::new(reader, LINK);
        let mut selection = Selection::default();
        if let Some(refused) = open_by_zone(&mut channel, &mut selection, &zone, session)? {
            return Ok(refused);
        }
        let identifier = ChipIdentifier::of_basic_access_control(&zone);
        both_in_the_first_version(&mut channel, &mut selection, &portal, &identifier, session)?;
        Ok(Ended::With(LdsReader::new(&mut channel, &mut selection).read(DG3, &mut |_| ())?.to_vec()))
    };
    Flow::new("terminal authentication 1, fingerprints", &spec, run).extended()
}

fn both_in_the_first_version(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    portal: &Portal,
    identifier: &ChipIdentifier,
    session: u8,
) -> Result<(), CardError> {
    let group = ElementaryFile::Group(DataGroup::DG14);
    let file = LdsReader::new(channel, selection).read(group, &mut |_| ())?;
    let infos = SecurityInfos::parse("DG14", &Dg14::parse(&file)?.security_infos)?;
    let key = ChipKey::best(&infos)?.ok_or(CardError::Unsupported("any chip authentication"))?;
    let ephemeral = chip_authentication::run(channel, &mut counting_from(session), &key)?;
    // such chips name their authorities in EF.CVCA
    let chain = chain(portal, &[b"UTBTQCVCA00001".to_vec()])?;
    let prepared = prepare_version_1(channel, &chain, identifier, &ephemeral)?;
    now(prepared.signed_by(portal)).unwrap().authenticate(channel)
}

#[test]
fn terminal_authentication_that_is_disturbed_ends_in_an_error_of_its_own() {
    check(&[first_version(), inspection()]);
}

#[test]
fn a_pseudonym_is_the_right_one_or_none() {
    check(&[pseudonym()]);
}

/// All of them.
pub(crate) fn flows() -> Vec<Flow> {
    vec![first_version(), inspection(), pseudonym()]
}

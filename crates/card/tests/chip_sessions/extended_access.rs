//! Extended access control against the software chips: PACE, the terminal proves itself, the chip does, fingerprints and
//! pseudonyms.

use bitaqa_card::{
    CardError, Misbehaviour,
    apdu::StatusWord,
    bac::{self, BacVerdict},
    channel::Channel,
    chip_authentication::{self, AnnouncedKey, ChipKey},
    file::Selection,
    lds::{DataGroup, Dg14, ElementaryFile, LdsReader, Mrz},
    pace::{Can, Password},
    restricted_identification::{Sector, SectorKey},
    security_infos::SecurityInfos,
    terminal_authentication::{AuxiliaryData, ChipIdentifier, prepare_version_1, prepare_version_2},
};
use bitaqa_curves::Curve;
use bitaqa_virtual_card::{
    CardSpec,
    icao::{
        cipher::Cipher,
        domain::Domain,
        order::{ChipAuthenticationOrder, DocumentOrder, FaultOrder},
        terminal_authentication::authorization::TerminalKind,
    },
    pki::card_verifying_authority::{CardVerifyingAuthority, TerminalOrder},
    spec::{Hypothesis, Personality},
};

use crate::{
    chip_authentication::counting,
    model_card::LINK,
    software_chips::Reader,
    terminal::{
        DG3, FINGERPRINTS, PIN, PSEUDONYMS, Portal, both_prove_themselves, card_access, chain, now, open,
        portal, sector,
    },
};

fn inspection() -> CardSpec {
    let order = DocumentOrder { terminals: Some(TerminalKind::Inspection), ..DocumentOrder::default() };
    CardSpec::new(Personality::Eac2).with_document(order)
}

#[test]
fn fingerprints_are_read_after_both_have_proved_themselves() {
    let portal = portal(TerminalKind::Inspection, &FINGERPRINTS, &[]);
    let mut reader = Reader::holding(&inspection());
    let mut channel = Channel::new(&mut reader, LINK);
    let auxiliary = AuxiliaryData::new().valid_on(*b"20261125");
    let (_, mut selection) = both_prove_themselves(
        &mut channel,
        &portal,
        &Password::Pin(PIN),
        TerminalKind::Inspection,
        &[0x23],
        Some(&auxiliary),
    )
    .unwrap();
    let file = LdsReader::new(&mut channel, &mut selection).read(DG3, &mut |_| ()).unwrap();
    assert_eq!(file[0], 0x63);
}

#[test]
fn fingerprints_are_forbidden_to_a_terminal_without_that_right() {
    let portal = portal(TerminalKind::Inspection, &[0x02], &[]);
    let mut reader = Reader::holding(&inspection());
    let mut channel = Channel::new(&mut reader, LINK);
    let (_, mut selection) = both_prove_themselves(
        &mut channel,
        &portal,
        &Password::Pin(PIN),
        TerminalKind::Inspection,
        &[0x23],
        None,
    )
    .unwrap();
    let outcome = LdsReader::new(&mut channel, &mut selection).read(DG3, &mut |_| ());
    assert!(matches!(outcome, Err(CardError::Forbidden { file: "DG3", .. })), "{outcome:?}");
}

#[test]
fn each_sector_has_its_own_pseudonym_of_the_holder() {
    let sectors = [sector(7), sector(8)];
    let portal = portal(TerminalKind::Authentication, &PSEUDONYMS, &sectors);
    let mut reader = Reader::holding(&CardSpec::new(Personality::Eac2));
    let mut pseudonyms = Vec::new();
    for sector in [&sectors[0], &sectors[0], &sectors[1]] {
        reader.card.reset();
        let mut channel = Channel::new(&mut reader, LINK);
        let kind = TerminalKind::Authentication;
        let (chip, _) =
            both_prove_themselves(&mut channel, &portal, &Password::Pin(PIN), kind, &PSEUDONYMS, None)
                .unwrap();
        let key = SectorKey::parse(sector).unwrap();
        pseudonyms.push(chip.pseudonym(&mut channel, Sector::First, &key).unwrap());
        // a sector that is not in the terminal's certificate
        let foreign = SectorKey::parse(&self::sector(9)).unwrap();
        let outcome = chip.pseudonym(&mut channel, Sector::First, &foreign);
        assert!(matches!(outcome, Err(CardError::Refused { command: "GENERAL AUTHENTICATE", .. })));
    }
    assert_eq!(pseudonyms[0].len(), 32);
    assert!(pseudonyms[0] == pseudonyms[1] && pseudonyms[0] != pseudonyms[2]);
}

#[test]
fn a_copy_does_not_prove_itself() {
    let faults = FaultOrder { copied: true, ..FaultOrder::default() };
    let spec =
        CardSpec::new(Personality::Eac2).with_document(DocumentOrder { faults, ..DocumentOrder::default() });
    let portal = portal(TerminalKind::Authentication, &PSEUDONYMS, &[]);
    let mut reader = Reader::holding(&spec);
    let mut channel = Channel::new(&mut reader, LINK);
    let kind = TerminalKind::Authentication;
    let outcome = both_prove_themselves(&mut channel, &portal, &Password::Pin(PIN), kind, &PSEUDONYMS, None)
        .map(|_| ());
    let proof = Misbehaviour::Proof { command: "GENERAL AUTHENTICATE" };
    assert_eq!(outcome, Err(proof.into()));
}

#[test]
fn a_changed_card_access_is_seen_before_the_chip_is_asked_for_its_proof() {
    let faults = FaultOrder { card_access_differs: true, ..FaultOrder::default() };
    let spec =
        CardSpec::new(Personality::Eac2).with_document(DocumentOrder { faults, ..DocumentOrder::default() });
    let portal = portal(TerminalKind::Authentication, &PSEUDONYMS, &[]);
    let mut reader = Reader::holding(&spec);
    let mut channel = Channel::new(&mut reader, LINK);
    let kind = TerminalKind::Authentication;
    let outcome = both_prove_themselves(&mut channel, &portal, &Password::Pin(PIN), kind, &PSEUDONYMS, None)
        .map(|_| ());
    assert_eq!(outcome, Err(Misbehaviour::CardAccess { signed: "EF.CardSecurity" }.into()));
}

#[test]
fn a_terminal_that_the_chip_does_not_believe_is_refused_by_name() {
    let kind = TerminalKind::Authentication;
    let strange = Portal(CardVerifyingAuthority::strange(kind).terminal(&TerminalOrder::with(&PSEUDONYMS)));
    let mut reader = Reader::holding(&CardSpec::new(Personality::Eac2));
    let mut channel = Channel::new(&mut reader, LINK);
    let outcome = both_prove_themselves(&mut channel, &strange, &Password::Pin(PIN), kind, &PSEUDONYMS, None)
        .map(|_| ());
    let refused = CardError::Refused { command: "PSO: VERIFY CERTIFICATE", status: StatusWord(0x6A80) };
    assert_eq!(outcome, Err(refused));
    // the right certificates, another key
    reader.card.reset();
    let mut channel = Channel::new(&mut reader, LINK);
    let mut selection = Selection::default();
    let access = card_access(&mut channel, &mut selection).unwrap();
    let session = open(&mut channel, &access, &Password::Pin(PIN), kind, &PSEUDONYMS, 1).unwrap();
    let announced = AnnouncedKey::draw(&access, &mut counting()).unwrap().unwrap();
    let good = portal(kind, &PSEUDONYMS, &[]);
    let identifier = ChipIdentifier::of_pace(&session);
    let prepared = prepare_version_2(
        &mut channel,
        &chain(&good, &session.certification_authorities).unwrap(),
        &identifier,
        announced,
        None,
    )
    .unwrap();
    let outcome = now(prepared.signed_by(&strange)).unwrap().authenticate(&mut channel).map(|_| ());
    assert!(matches!(outcome, Err(CardError::Refused { command: "EXTERNAL AUTHENTICATE", .. })));
}

/// Version 1: the chip first, then the terminal.
fn first_version(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    portal: &Portal,
    known: &[Vec<u8>],
    identifier: &ChipIdentifier,
) -> SecurityInfos {
    let group = ElementaryFile::Group(DataGroup::DG14);
    let file = LdsReader::new(channel, selection).read(group, &mut |_| ()).unwrap();
    let infos = SecurityInfos::parse("DG14", &Dg14::parse(&file).unwrap().security_infos).unwrap();
    let key = ChipKey::best(&infos).unwrap().unwrap();
    let ephemeral = chip_authentication::run(channel, &mut counting(), &key).unwrap();
    let chain = chain(portal, known).unwrap();
    let prepared = prepare_version_1(channel, &chain, identifier, &ephemeral).unwrap();
    let forbidden = LdsReader::new(channel, selection).read(DG3, &mut |_| ());
    assert!(matches!(forbidden, Err(CardError::Forbidden { .. })), "{forbidden:?}");
    now(prepared.signed_by(portal)).unwrap().authenticate(channel).unwrap();
    let file = LdsReader::new(channel, selection).read(DG3, &mut |_| ()).unwrap();
    assert_eq!(file[0], 0x63);
    infos
}

fn with_terminals() -> DocumentOrder {
    let domain = Domain::Curve(Curve::BrainpoolP256r1);
    DocumentOrder {
        terminals: Some(TerminalKind::Inspection),
        chip_authentication: Some(vec![ChipAuthenticationOrder { cipher: Cipher::Aes128, domain }]),
        groups: Some(vec![1, 2, 3]),
        ..DocumentOrder::default()
    }
}

#[test]
fn the_first_version_opens_fingerprints_after_pace() {
    let spec = CardSpec::cnie_2(Hypothesis::IcaoOnly, 0).with_document(with_terminals());
    let portal = portal(TerminalKind::Inspection, &FINGERPRINTS, &[]);
    let mut reader = Reader::holding(&spec);
    let mut channel = Channel::new(&mut reader, LINK);
    let mut selection = Selection::default();
    let access = card_access(&mut channel, &mut selection).unwrap();
    let can = Can::new(spec.can().digits()).unwrap();
    let kind = TerminalKind::Inspection;
    let session = open(&mut channel, &access, &Password::Can(&can), kind, &[0x23], 1).unwrap();
    let identifier = ChipIdentifier::of_pace(&session);
    let known = &session.certification_authorities;
    let infos = first_version(&mut channel, &mut selection, &portal, known, &identifier);
    assert_eq!(access.compare_with_dg14(&infos), Ok(()));
}

#[test]
fn the_first_version_opens_fingerprints_after_basic_access_control() {
    let spec = CardSpec::new(Personality::PassportBac).with_document(with_terminals());
    let portal = portal(TerminalKind::Inspection, &FINGERPRINTS, &[]);
    let mut reader = Reader::holding(&spec);
    let mut channel = Channel::new(&mut reader, LINK);
    let mut selection = Selection::default();
    LdsReader::new(&mut channel, &mut selection).select_application().unwrap();
    let zone = Mrz::parse(spec.mrz().unwrap().text().as_bytes()).unwrap().key();
    assert_eq!(bac::establish(&mut channel, &mut counting(), &zone), Ok(BacVerdict::Open));
    let identifier = ChipIdentifier::of_basic_access_control(&zone);
    // such chips name their authorities in EF.CVCA
    let known = [b"UTBTQCVCA00001".to_vec()];
    first_version(&mut channel, &mut selection, &portal, &known, &identifier);
}

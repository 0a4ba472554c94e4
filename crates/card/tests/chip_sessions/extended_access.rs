//! Extended access control against the software chips: PACE, the terminal proves itself, the chip does, fingerprints and
//! pseudonyms.

use std::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use bitaqa_card::{
    CardError, Misbehaviour, TransportError,
    apdu::StatusWord,
    bac::{self, BacVerdict},
    channel::Channel,
    chat::Chat,
    chip_authentication::{self, AnnouncedKey, ChipKey},
    cvc::{Algorithm, Certificate, CertificateChain, Reference},
    file::Selection,
    lds::{DataGroup, Dg14, ElementaryFile, LdsReader, Mrz},
    pace::{self, Can, PaceSession, PaceVariant, PaceVerdict, Password},
    restricted_identification::{Sector, SectorKey},
    security_infos::SecurityInfos,
    terminal_authentication::{
        AuthenticatedChip, AuxiliaryData, ChipIdentifier, TerminalSigner, prepare_version_1,
        prepare_version_2,
    },
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
    pki::card_verifying_authority::{CardVerifyingAuthority, Terminal, TerminalOrder},
    spec::{Hypothesis, Personality},
};

use crate::{
    chip_authentication::counting,
    disturbed_reader::{Change, Reader},
    model_card::{LINK, object},
};

const DG3: ElementaryFile = ElementaryFile::Group(DataGroup::DG3);
const PIN: &[u8] = b"123456";
/// Rights of an authentication terminal: restricted identification.
const PSEUDONYMS: [u8; 5] = [0, 0, 0, 0, 0x04];
/// Rights of an inspection system: fingerprints.
const FINGERPRINTS: [u8; 1] = [0x01];

/// The terminal's key, somewhere else.
struct Portal(Terminal);

impl TerminalSigner for Portal {
    type Error = ();

    async fn sign(&self, holder: &Reference, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, ()> {
        assert_eq!(holder.as_bytes(), self.0.name());
        assert_eq!(algorithm.oid().last(), Some(&3), "SHA-256");
        Ok(self.0.sign(message))
    }
}

/// These futures wait for nothing.
fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("nothing to wait for"),
    }
}

fn portal(kind: TerminalKind, rights: &[u8], sectors: &[Vec<u8>]) -> Portal {
    let order = TerminalOrder { sectors, ..TerminalOrder::with(rights) };
    Portal(CardVerifyingAuthority::of(kind).terminal(&order))
}

fn chain(portal: &Portal, known: &[Vec<u8>]) -> Result<CertificateChain, CardError> {
    let certificates = portal.0.chain().iter().map(|bytes| Certificate::parse(bytes).unwrap()).collect();
    CertificateChain::arrange(certificates, known).map_err(|_| CardError::Unsupported("our authority"))
}

fn card_access(channel: &mut Channel<'_>, selection: &mut Selection) -> Result<SecurityInfos, CardError> {
    let file = LdsReader::new(channel, selection).read(ElementaryFile::CardAccess, &mut |_| ())?;
    SecurityInfos::parse("EF.CardAccess", &file)
}

fn open(
    channel: &mut Channel<'_>,
    access: &SecurityInfos,
    password: &Password<'_>,
    kind: TerminalKind,
    wanted: &[u8],
) -> Result<PaceSession, CardError> {
    let variant = PaceVariant::choose(access).ok_or(CardError::Unsupported("any PACE"))?;
    let chat = Chat::new(&kind.oid(), wanted);
    match pace::establish(channel, &mut counting(), &variant, password, Some(&chat))? {
        PaceVerdict::Open(session) => Ok(*session),
        _ => Err(CardError::Unsupported("our password")),
    }
}

/// Everything up to the chip's proof, in the order that the types allow.
fn both_prove_themselves(
    channel: &mut Channel<'_>,
    portal: &Portal,
    password: &Password<'_>,
    kind: TerminalKind,
    wanted: &[u8],
    auxiliary: Option<&AuxiliaryData>,
) -> Result<(AuthenticatedChip, Selection), CardError> {
    let mut selection = Selection::default();
    let access = card_access(channel, &mut selection)?;
    let session = open(channel, &access, password, kind, wanted)?;
    let announced = AnnouncedKey::draw(&access, &mut counting())?
        .ok_or(CardError::Unsupported("any chip authentication"))?;
    let identifier = ChipIdentifier::of_pace(&session);
    let prepared = prepare_version_2(
        channel,
        &chain(portal, &session.certification_authorities)?,
        &identifier,
        announced,
        auxiliary,
    )?;
    let terminal = now(prepared.signed_by(portal)).unwrap().authenticate(channel)?;
    let unchecked = terminal.read_card_security(channel, &mut selection, &access, &mut |_| ())?;
    let accepted = unchecked
        .accept_if(|card_security| {
            // who signed is a matter of trust anchors, which are elsewhere
            (card_security.signed_data.certificates.len() == 1).then_some(()).ok_or(CardError::Unknown)
        })
        .unwrap();
    Ok((accepted.authenticate(channel)?, selection))
}

fn inspection() -> CardSpec {
    let order = DocumentOrder { terminals: Some(TerminalKind::Inspection), ..DocumentOrder::default() };
    CardSpec::new(Personality::Eac2).with_document(order)
}

#[test]
fn fingerprints_are_read_after_both_have_proved_themselves() {
    let portal = portal(TerminalKind::Inspection, &FINGERPRINTS, &[]);
    let mut reader = Reader::with(&inspection());
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
    let mut reader = Reader::with(&inspection());
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

/// A sector's public key on the curve of the chip's, as a data object.
fn sector(seed: u8) -> Vec<u8> {
    let curve = Curve::BrainpoolP256r1;
    let point = curve.generator().mul(&curve.scalar(&[seed; 20]).unwrap()).encode();
    let identifier = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x05, 0x02, 0x03];
    let content = [object(0x06, &identifier), object(0x86, &point)].concat();
    let length = u8::try_from(content.len()).unwrap();
    [&[0x7F, 0x49, length], &content[..]].concat()
}

#[test]
fn each_sector_has_its_own_pseudonym_of_the_holder() {
    let sectors = [sector(7), sector(8)];
    let portal = portal(TerminalKind::Authentication, &PSEUDONYMS, &sectors);
    let mut reader = Reader::with(&CardSpec::new(Personality::Eac2));
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
    let mut reader = Reader::with(&spec);
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
    let mut reader = Reader::with(&spec);
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
    let mut reader = Reader::with(&CardSpec::new(Personality::Eac2));
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
    let session = open(&mut channel, &access, &Password::Pin(PIN), kind, &PSEUDONYMS).unwrap();
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

#[test]
fn a_card_taken_away_after_any_command_is_told_as_that() {
    let sectors = [sector(7)];
    let portal = portal(TerminalKind::Authentication, &PSEUDONYMS, &sectors);
    let key = SectorKey::parse(&sectors[0]).unwrap();
    let mut reader = Reader::with(&CardSpec::new(Personality::Eac2));
    for commands in 0.. {
        assert!(commands < 60, "the whole exchange has fewer commands");
        reader.card.reset();
        reader.commands_left = commands;
        let mut channel = Channel::new(&mut reader, LINK);
        let kind = TerminalKind::Authentication;
        let outcome =
            both_prove_themselves(&mut channel, &portal, &Password::Pin(PIN), kind, &PSEUDONYMS, None)
                .and_then(|(chip, _)| chip.pseudonym(&mut channel, Sector::First, &key));
        match outcome {
            Ok(_) => break,
            Err(error) => assert_eq!(error, TransportError::Removed.into(), "after {commands}"),
        }
    }
}

#[test]
fn a_changed_answer_to_any_command_is_an_error_or_changes_nothing() {
    let portal = portal(TerminalKind::Inspection, &FINGERPRINTS, &[]);
    let spec = inspection();
    let can = Can::new(spec.can().digits()).unwrap();
    let mut reader = Reader::with(&spec);
    let mut run = |change| {
        reader.card.reset();
        (reader.sent, reader.change, reader.commands_left) = (0, change, 1000);
        let mut channel = Channel::new(&mut reader, LINK);
        let kind = TerminalKind::Inspection;
        let password = Password::Can(&can);
        let file = both_prove_themselves(&mut channel, &portal, &password, kind, &[0x23], None).and_then(
            |(_, mut selection)| LdsReader::new(&mut channel, &mut selection).read(DG3, &mut |_| ()),
        );
        (file, reader.sent)
    };
    let (right, commands) = run(None);
    let right = right.unwrap();
    for at in 0..commands {
        let changes =
            [Change::Truncated, Change::Oversized, Change::WrongTag, Change::OneBit, Change::Replayed];
        for change in changes {
            let (outcome, sent) = run(Some((at, change)));
            assert!(outcome.is_err() || outcome == Ok(right.clone()), "{change:?} at {at}: another file");
            assert!(sent < 2 * commands, "{change:?} at {at}: {sent} commands");
        }
    }
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
    let mut reader = Reader::with(&spec);
    let mut channel = Channel::new(&mut reader, LINK);
    let mut selection = Selection::default();
    let access = card_access(&mut channel, &mut selection).unwrap();
    let can = Can::new(spec.can().digits()).unwrap();
    let kind = TerminalKind::Inspection;
    let session = open(&mut channel, &access, &Password::Can(&can), kind, &[0x23]).unwrap();
    let identifier = ChipIdentifier::of_pace(&session);
    let known = &session.certification_authorities;
    let infos = first_version(&mut channel, &mut selection, &portal, known, &identifier);
    assert_eq!(access.compare_with_dg14(&infos), Ok(()));
}

#[test]
fn the_first_version_opens_fingerprints_after_basic_access_control() {
    let spec = CardSpec::new(Personality::PassportBac).with_document(with_terminals());
    let portal = portal(TerminalKind::Inspection, &FINGERPRINTS, &[]);
    let mut reader = Reader::with(&spec);
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

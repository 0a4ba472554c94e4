//! Chips opened, read and made to prove themselves by the crate alone, which is told nothing of the card but what a person
//! reads on it.

use std::sync::OnceLock;

use bitaqa_card::{
    CardError, Transport, TransportError,
    channel::Channel,
    chip_session::{
        AccessControl, AccessKey, AccessRefusal, CardAccessVerdict, ChipAccess, ChipDocument, ChipSession,
        GroupState, OpenVerdict, ProofVerdict, Proofs,
    },
    file::Selection,
    lds::{DataGroup, Dg1, Dg2, Dg11, DocumentNumber, MrzDate, MrzKey},
    pace::Can,
    profile::Link,
    transport::Limits,
};
use bitaqa_virtual_card::{
    CardSpec, Effect, Misbehaviour, Pki,
    icao::{
        logical_data_structure::PortraitOrder,
        order::{DocumentOrder, FaultOrder},
    },
    rules::Protocol,
    spec::{Hypothesis, Personality},
};

use crate::{
    chip_authentication::counting,
    software_chips::{EXTENDED, Reader, passport, zone},
};

const HYPOTHESES: [Hypothesis; 3] = [Hypothesis::IasEccCam, Hypothesis::Pkcs15Gm, Hypothesis::IcaoOnly];
/// MANAGE SECURITY ENVIRONMENT.
const MSE: u8 = 0x22;

fn reader(spec: &CardSpec, limits: Limits) -> Reader {
    static PKI: OnceLock<Pki> = OnceLock::new();
    let card = spec.make(PKI.get_or_init(|| Pki::generate().unwrap())).unwrap();
    Reader { card, protocol: Protocol::T1, limits, commands: Vec::new() }
}

fn can(spec: &CardSpec) -> AccessKey {
    AccessKey::Can(Can::new(spec.can().digits()).unwrap())
}

fn mrz(spec: &CardSpec) -> AccessKey {
    AccessKey::Mrz(zone(spec))
}

fn try_to_open<'t>(
    transport: &'t mut dyn Transport,
    key: &AccessKey,
) -> Result<Option<OpenVerdict<'t>>, CardError> {
    let mut channel = Channel::new(transport, Link::CAUTIOUS);
    let mut selection = Selection::default();
    match ChipAccess::find(&mut channel, &mut selection)? {
        Some(access) => access.open(channel, selection, &mut counting(), key).map(Some),
        None => Ok(None),
    }
}

fn open<'t>(transport: &'t mut dyn Transport, key: &AccessKey) -> Box<ChipSession<'t>> {
    match try_to_open(transport, key).unwrap().unwrap() {
        OpenVerdict::Open(session) => session,
        OpenVerdict::Refused(refusal) => panic!("{refusal}"),
    }
}

fn refused(transport: &mut dyn Transport, key: &AccessKey) -> AccessRefusal {
    match try_to_open(transport, key).unwrap().unwrap() {
        OpenVerdict::Open(session) => panic!("{session:?}"),
        OpenVerdict::Refused(refusal) => refusal,
    }
}

fn read(session: &mut ChipSession<'_>, groups: &[DataGroup]) -> ChipDocument {
    session.read(groups, &mut |_| {}).unwrap()
}

fn prove(session: &mut ChipSession<'_>) -> Proofs {
    let (_, sod) = session.sod(&mut |_| {}).unwrap();
    session.authenticate(&sod, &mut counting(), &mut |_| {}).unwrap()
}

#[test]
fn twenty_seeds_of_each_hypothesis_are_read_and_prove_themselves_without_code_of_their_own() {
    let groups = [DataGroup::DG1, DataGroup::DG2, DataGroup::DG3, DataGroup::DG11];
    for hypothesis in HYPOTHESES {
        for seed in 0..20 {
            let spec = CardSpec::cnie_2(hypothesis, seed);
            let key = if seed % 2 == 0 { can(&spec) } else { mrz(&spec) };
            let mut reader = reader(&spec, if seed % 3 == 0 { Limits::default() } else { EXTENDED });
            let mut session = open(&mut reader, &key);
            assert!(matches!(session.access().control, AccessControl::Pace(_)));
            let mut told = Vec::new();
            let document = session.read(&groups, &mut |progress| told.push(progress)).unwrap();
            let states: Vec<_> = document.groups.iter().map(|reading| reading.state).collect();
            assert_eq!(
                states,
                [GroupState::Matches, GroupState::Matches, GroupState::Forbidden, GroupState::Matches],
                "{hypothesis:?} {seed}"
            );
            assert_eq!(document.card_access, CardAccessVerdict::Same, "{hypothesis:?} {seed}");
            let content = |index: usize| document.groups[index].content.as_ref().unwrap();
            assert_eq!(Dg1::parse(content(0)).unwrap().mrz.text(), spec.mrz().unwrap().text());
            assert_eq!(Dg2::parse(content(1)).unwrap().faces.len(), 1);
            assert_eq!(Dg11::parse(content(3)).unwrap().full_name.unwrap().as_str(), "مثال<<أمينة");
            assert!(told.iter().all(|progress| progress.done <= progress.total));
            assert!(told.iter().any(|progress| progress.total == content(1).len()));

            let proofs = prove(&mut session);
            assert!(proofs.is_genuine(), "{hypothesis:?} {seed}: {proofs:?}");
            let proven = [proofs.mapping, proofs.active, proofs.chip].map(|p| p == ProofVerdict::Proven);
            let expected = match hypothesis {
                Hypothesis::IasEccCam => [true, false, true],
                Hypothesis::Pkcs15Gm => [false, false, true],
                Hypothesis::IcaoOnly => [false, true, false],
            };
            assert_eq!(proven, expected, "{hypothesis:?}");
        }
    }
}

#[test]
fn basic_access_control_is_used_only_where_a_chip_offers_no_pace() {
    let spec = CardSpec::new(Personality::Bahrain2025);
    let mut both = reader(&spec, EXTENDED);
    let mut session = open(&mut both, &mrz(&spec));
    assert!(matches!(session.access().control, AccessControl::Pace(_)));
    assert!(session.pace().is_some());
    assert_eq!(prove(&mut session).active, ProofVerdict::Proven);

    let spec = passport(DocumentOrder::default());
    let mut bac = reader(&spec, EXTENDED);
    let mut session = open(&mut bac, &mrz(&spec));
    assert_eq!((session.access().control, session.pace().is_none()), (AccessControl::Bac, true));
    let document = read(&mut session, &[DataGroup::DG1, DataGroup::DG12]);
    let states: Vec<_> = document.groups.iter().map(|reading| reading.state).collect();
    assert_eq!(states, [GroupState::Matches, GroupState::NotListed]);
    assert_eq!(document.card_access, CardAccessVerdict::NotSigned);
    assert!(prove(&mut session).is_genuine());
}

#[test]
fn each_wrong_key_has_a_verdict_of_its_own() {
    let spec = CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 1);
    let mut pace = reader(&spec, EXTENDED);
    let other_can = AccessKey::Can(Can::new("654321").unwrap());
    let date = MrzDate::new(Some(90), Some(1), Some(1)).unwrap();
    let other_mrz = AccessKey::Mrz(MrzKey::new(&DocumentNumber::new("AB1234567").unwrap(), date, date));
    assert!(matches!(refused(&mut pace, &other_can), AccessRefusal::CanWrong { .. }));
    assert_eq!(refused(&mut pace, &other_mrz), AccessRefusal::MrzWrong);
    for (status, refusal) in [
        (0x6983, AccessRefusal::Blocked),
        (0x63C0, AccessRefusal::Blocked),
        (0x6283, AccessRefusal::Deactivated),
    ] {
        pace.card.misbehave(Misbehaviour::at_instruction(1, MSE, Effect::Status { status }));
        assert_eq!(refused(&mut pace, &can(&spec)), refusal);
    }
    open(&mut pace, &can(&spec));

    let spec = passport(DocumentOrder::default());
    let mut bac = reader(&spec, EXTENDED);
    assert_eq!(refused(&mut bac, &other_mrz), AccessRefusal::MrzWrong);
    assert_eq!(refused(&mut bac, &other_can), AccessRefusal::MrzNeeded);
    open(&mut bac, &mrz(&spec));
}

fn with_faults(hypothesis: Hypothesis, faults: FaultOrder) -> CardSpec {
    CardSpec::cnie_2(hypothesis, 3).with_document(DocumentOrder { faults, ..DocumentOrder::default() })
}

#[test]
fn a_copy_fails_each_proof() {
    let copied = FaultOrder { copied: true, ..FaultOrder::default() };
    for hypothesis in HYPOTHESES {
        let spec = with_faults(hypothesis, copied.clone());
        let mut reader = reader(&spec, EXTENDED);
        let proofs = prove(&mut open(&mut reader, &can(&spec)));
        let failed = [proofs.mapping, proofs.active, proofs.chip].map(|p| p == ProofVerdict::Failed);
        let expected = match hypothesis {
            Hypothesis::IasEccCam => [true, false, true],
            Hypothesis::Pkcs15Gm => [false, false, true],
            Hypothesis::IcaoOnly => [false, true, false],
        };
        assert_eq!((failed, proofs.is_genuine()), (expected, false), "{hypothesis:?} {proofs:?}");
    }
}

#[test]
fn a_card_access_file_that_differs_from_its_signed_copy_fails() {
    let faults = FaultOrder { card_access_differs: true, ..FaultOrder::default() };
    for hypothesis in HYPOTHESES {
        let spec = with_faults(hypothesis, faults.clone());
        let mut reader = reader(&spec, EXTENDED);
        let mut session = open(&mut reader, &can(&spec));
        assert_eq!(read(&mut session, &[]).card_access, CardAccessVerdict::Differs, "{hypothesis:?}");
        let proofs = prove(&mut session);
        assert_eq!((proofs.card_access, proofs.is_genuine()), (CardAccessVerdict::Differs, false));
    }
}

#[test]
fn a_card_access_file_that_somebody_hides_is_noticed() {
    /// Somebody between chip and reader, who wants basic access control, which can be listened to and guessed.
    struct Hiding(Reader);
    impl Transport for Hiding {
        fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
            // READ BINARY under the short identifier of EF.CardAccess, SELECT with its identifier
            if command.starts_with(&[0x00, 0xB0, 0x9C]) || command.ends_with(&[0x02, 0x01, 0x1C]) {
                *answer = vec![0x6A, 0x82];
                return Ok(());
            }
            self.0.transmit(command, answer)
        }
    }
    let spec = CardSpec::new(Personality::Bahrain2025);
    let mut hiding = Hiding(reader(&spec, EXTENDED));
    let mut session = open(&mut hiding, &mrz(&spec));
    assert_eq!(session.access().control, AccessControl::Bac);
    let document = read(&mut session, &[DataGroup::DG1]);
    assert_eq!(document.groups[0].state, GroupState::Matches);
    assert_eq!(document.card_access, CardAccessVerdict::Differs);
    let proofs = prove(&mut session);
    assert_eq!((proofs.active, proofs.is_genuine()), (ProofVerdict::Proven, false));
}

#[test]
fn a_group_that_is_not_the_listed_one_is_named() {
    let faults = FaultOrder { tampered_group: Some(1), ..FaultOrder::default() };
    let spec = with_faults(Hypothesis::IcaoOnly, faults);
    let mut reader = reader(&spec, EXTENDED);
    let document = read(&mut open(&mut reader, &can(&spec)), &[DataGroup::DG1, DataGroup::DG11]);
    let states: Vec<_> = document.groups.iter().map(|reading| reading.state).collect();
    assert_eq!(states, [GroupState::Differs, GroupState::Matches]);
}

#[test]
fn a_group_that_is_listed_and_hidden_is_named_and_proves_nothing() {
    let faults = FaultOrder { hidden_groups: vec![11, 14, 15], ..FaultOrder::default() };
    let spec = with_faults(Hypothesis::IcaoOnly, faults);
    let mut reader = reader(&spec, EXTENDED);
    let mut session = open(&mut reader, &can(&spec));
    let document = read(&mut session, &[DataGroup::DG1, DataGroup::DG11]);
    let states: Vec<_> = document.groups.iter().map(|reading| reading.state).collect();
    assert_eq!(states, [GroupState::Matches, GroupState::Missing]);
    let proofs = prove(&mut session);
    let states: Vec<_> = proofs.groups.iter().map(|reading| reading.state).collect();
    assert_eq!((states, proofs.is_genuine()), (vec![GroupState::Missing; 2], false));
}

#[test]
fn a_refusal_from_outside_the_session_ends_it_and_is_no_verdict() {
    let spec = CardSpec::cnie_2(Hypothesis::IcaoOnly, 1);
    let mut reader = reader(&spec, EXTENDED);
    // INTERNAL AUTHENTICATE; whoever stands between chip and reader could answer so
    reader.card.misbehave(Misbehaviour::at_instruction(1, 0x88, Effect::Status { status: 0x6985 }));
    let mut session = open(&mut reader, &can(&spec));
    let (_, sod) = session.sod(&mut |_| {}).unwrap();
    let outcome = session.authenticate(&sod, &mut counting(), &mut |_| {});
    assert!(matches!(outcome, Err(CardError::Misbehaved(_))), "{outcome:?}");
    assert!(matches!(session.sod(&mut |_| {}), Err(CardError::SessionEnded)));
}

#[test]
fn a_chip_of_extended_access_control_is_read_without_its_rights() {
    let spec = CardSpec::new(Personality::Eac2);
    let mut reader = reader(&spec, EXTENDED);
    let mut session = open(&mut reader, &can(&spec));
    let document = read(&mut session, &[DataGroup::DG1, DataGroup::DG3]);
    let states: Vec<_> = document.groups.iter().map(|reading| reading.state).collect();
    assert_eq!(states, [GroupState::Matches, GroupState::Forbidden]);
    assert_eq!(document.card_access, CardAccessVerdict::Same);
}

#[test]
fn the_greatest_length_is_asked_for_only_where_the_reader_carries_it() {
    let order = DocumentOrder {
        portrait: PortraitOrder { size: 20_000, ..Default::default() },
        ..DocumentOrder::default()
    };
    let spec = CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 5).with_document(order);
    let mut commands = Vec::new();
    for limits in [Limits::default(), EXTENDED] {
        let mut reader = reader(&spec, limits);
        read(&mut open(&mut reader, &can(&spec)), &[DataGroup::DG1, DataGroup::DG2]);
        let asked = reader.commands.iter().filter(|command| command.starts_with(&[0x00, 0xB0, 0x81])).count();
        commands.push((reader.commands.len(), asked));
    }
    let [(short, 0), (extended, 1)] = commands[..] else { panic!("{commands:?}") };
    // EF.CardAccess, EF.ATR/INFO, five of PACE, SELECT, then EF.SOD, DG1, DG2 and DG14 in one command each
    assert!(extended <= 12 && short > 90, "{short} {extended}");
}

#[test]
fn a_card_without_the_application_is_no_such_chip() {
    for spec in [CardSpec::esteid(), CardSpec::new(Personality::Bahrain2016)] {
        let mut reader = reader(&spec, EXTENDED);
        let mut channel = Channel::new(&mut reader, Link::CAUTIOUS);
        assert_eq!(ChipAccess::find(&mut channel, &mut Selection::default()), Ok(None));
    }
}

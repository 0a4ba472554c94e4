//! Chips that are open: reading under protection, and the proofs that they are no copies.
//!
//! They are opened with basic access control, which is cheap and is disturbed in flows of its own; only the chip
//! authentication mapping needs PACE.

use bitaqa_card::{
    CardError,
    channel::Channel,
    chip_authentication::{ChipKey, RelayedChipAuthentication, Verifier},
    chip_session::{
        AccessKey, CardAccessVerdict, ChipAccess, ChipSession, GroupState, OpenVerdict, ProofVerdict,
    },
    file::Selection,
    lds::{DataGroup, Dg14, ElementaryFile, LdsReader},
    pace::Can,
    profile::Link,
    security_infos::SecurityInfos,
};
use bitaqa_virtual_card::{
    CardSpec,
    icao::{
        active_authentication::ActiveAuthenticationKind, cipher::Cipher,
        logical_data_structure::PortraitOrder, order::ChipAuthenticationOrder, order::DocumentOrder,
        pace::Mapping,
    },
    spec::Personality,
};

use crate::{
    flow::{Ended, Flow},
    opening::{CHEAP, LINK, chip, open_by_zone, zone},
    reader::Reader,
    table::check,
    terminal::counting_from,
};

fn passport(order: DocumentOrder) -> CardSpec {
    CardSpec::new(Personality::PassportBac).with_document(order)
}

/// Opens the chip, which ends the prelude, and goes on with the open chip.
fn opened(
    reader: &mut Reader,
    key: &AccessKey,
    session: u8,
    go_on: impl FnOnce(&mut ChipSession<'_>) -> Result<Ended, CardError>,
) -> Result<Ended, CardError> {
    let mut channel = Channel::new(reader, Link::CAUTIOUS);
    let mut selection = Selection::default();
    let access = ChipAccess::find(&mut channel, &mut selection)?.ok_or(CardError::Unknown)?;
    match access.open(channel, selection, &mut counting_from(session), key)? {
        OpenVerdict::Open(mut session) => go_on(&mut session),
        OpenVerdict::Refused(refusal) => Ok(Ended::Refused(refusal.to_string())),
    }
}

/// The name and the portrait, compared with the signed list.
fn reading(name: &str, portrait: usize) -> Flow {
    let order = DocumentOrder {
        portrait: PortraitOrder { size: portrait, ..PortraitOrder::default() },
        ..DocumentOrder::default()
    };
    let spec = passport(order);
    let key = AccessKey::Mrz(zone(&spec));
    Flow::new(name, &spec, move |reader: &mut Reader, session| {
        opened(reader, &key, session, |open| {
            let document = open.read(&[DataGroup::DG1, DataGroup::DG2], &mut |_| {})?;
            if document.groups.iter().any(|reading| reading.state != GroupState::Matches) {
                return Ok(Ended::NotBelieved("a group differs from EF.SOD"));
            }
            if document.card_access == CardAccessVerdict::Differs {
                return Ok(Ended::NotBelieved("EF.CardAccess differs"));
            }
            let groups = document.groups.iter().filter_map(|reading| reading.content.as_ref());
            Ok(Ended::With(
                groups.fold(document.sod_content.to_vec(), |all, group| [&all, &group[..]].concat()),
            ))
        })
    })
}

/// Whatever proofs the chip offers.
fn proofs(name: &str, spec: &CardSpec, key: AccessKey) -> Flow {
    Flow::new(name, spec, move |reader: &mut Reader, session| {
        opened(reader, &key, session, |open| {
            let (_, sod) = open.sod(&mut |_| {})?;
            let proofs = open.authenticate(&sod, &mut counting_from(session), &mut |_| {})?;
            let given = [proofs.mapping, proofs.active, proofs.chip];
            Ok(if proofs.is_genuine() {
                Ended::With(format!("{given:?}").into_bytes())
            } else if let Some(ProofVerdict::Refused(status)) =
                given.iter().find(|proof| matches!(proof, ProofVerdict::Refused(_)))
            {
                Ended::Refused(format!("the proof, with {status}"))
            } else {
                Ended::NotBelieved("the chip's proofs")
            })
        })
    })
}

fn by_signature(name: &str, kind: ActiveAuthenticationKind) -> Flow {
    let spec = passport(DocumentOrder {
        active_authentication: Some(kind),
        groups: Some(vec![1]),
        ..DocumentOrder::default()
    });
    let key = AccessKey::Mrz(zone(&spec));
    proofs(name, &spec, key)
}

fn with_chip_key() -> CardSpec {
    let key = ChipAuthenticationOrder { cipher: Cipher::Aes128, domain: CHEAP };
    passport(DocumentOrder {
        chip_authentication: Some(vec![key]),
        groups: Some(vec![1]),
        ..DocumentOrder::default()
    })
}

/// For a verifier elsewhere.
fn relayed() -> Flow {
    let spec = with_chip_key();
    let zone = zone(&spec);
    Flow::new("chip authentication, relayed", &spec, move |reader: &mut Reader, session| {
        let mut channel = Channel::new(reader, LINK);
        let mut selection = Selection::default();
        if let Some(refused) = open_by_zone(&mut channel, &mut selection, &zone, session)? {
            return Ok(refused);
        }
        let group = ElementaryFile::Group(DataGroup::DG14);
        let file = LdsReader::new(&mut channel, &mut selection).read(group, &mut |_| {})?;
        let infos = SecurityInfos::parse("DG14", &Dg14::parse(&file)?.security_infos)?;
        let key = ChipKey::best(&infos)?.ok_or(CardError::Unsupported("any chip authentication"))?;
        let private = key.public_key().domain_parameters().private_key(&[session; 20]).unwrap();
        let verifier = Verifier::new(&key, &private)?;
        let relayed =
            RelayedChipAuthentication::new(&key, verifier.ephemeral(), verifier.protected_read()).unwrap();
        let answer = relayed.run(&mut channel)?;
        Ok(match verifier.check(&answer, &file) {
            Ok(()) => Ended::With(b"the verifier is convinced".to_vec()),
            Err(_) => Ended::NotBelieved("the verifier is not convinced"),
        })
    })
}

#[test]
fn reading_that_is_disturbed_ends_in_an_error_of_its_own() {
    check(&[reading("DG1, DG2, EF.SOD in short answers", 0), reading("DG1, DG2, EF.SOD", 3_000).extended()]);
}

#[test]
fn proofs_that_are_disturbed_are_none_or_end_in_an_error_of_their_own() {
    check(&flows());
}

/// Every proof.
pub(crate) fn flows() -> Vec<Flow> {
    use ActiveAuthenticationKind::{EcdsaDer, EcdsaPlain, Rsa1024Sha1};
    let local = with_chip_key();
    let local_key = AccessKey::Mrz(zone(&local));
    let mapped = chip(Mapping::ChipAuthentication);
    let can = AccessKey::Can(Can::new(mapped.can().digits()).unwrap());
    vec![
        by_signature("active authentication, RSA", Rsa1024Sha1).extended(),
        by_signature("active authentication, ECDSA plain", EcdsaPlain).extended(),
        by_signature("active authentication, ECDSA in DER", EcdsaDer).extended(),
        proofs("chip authentication", &local, local_key.clone()),
        proofs("chip authentication, extended length", &local, local_key).extended(),
        relayed(),
        relayed().extended(),
        proofs("chip authentication mapping", &mapped, can).extended().costing(1),
    ]
}

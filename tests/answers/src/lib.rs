//! Identity answers of software cards, as a host makes them: for tests and benchmarks of who verifies them. The chip is read and
//! asked for its proofs by the card layer; there is no window and no person, so everything that was asked for is agreed to.
#![forbid(unsafe_code)]

pub mod processor;
pub mod verification_time;

use std::collections::BTreeMap;

use bitaqa_card::{
    Transport, TransportError,
    active_authentication::{self, ActiveAuthenticationKey},
    bac::{self, BacVerdict},
    channel::Channel,
    chip_authentication::ChipKey,
    chip_session::{AccessControl, ChipAccess},
    file::Selection,
    lds::{DataGroup as CardGroup, Dg14, ElementaryFile, LdsReader, Mrz, Sod},
    pace::{self, PaceVerdict, Password},
    profile::Link,
    security_infos::SecurityInfos,
    transport::Limits,
};
use bitaqa_jose::{JweHeader, PublicJwk, jwe};
use bitaqa_protocol::{
    Language, Origin,
    claim::{ClaimSet, Closure, DataGroup},
    identity::{
        ChipAnswer, ChipChallenge, IdentityAnswer, IdentityRequest,
        answer::{
            Access, AnsweredRequest, Bytes, CardAccess, ChipGroup, ChipProofs, Consent, Document, FORMAT,
            HostAsserted,
        },
        header,
    },
};
use bitaqa_trust::{
    chip_proof::{ChipAuthenticationBinding, active_authentication_challenge},
    identity::binding,
};
use bitaqa_virtual_card::{Card, CardSpec, Pki, pki::DocumentAuthority, rules::Protocol};

/// Readers with room for whole files.
const LINK: Link = Link { extended_length: true, chaining: true, max_response: 65_536 };

/// What a chip gave.
#[derive(Debug, Clone)]
pub struct Dump {
    /// EF.SOD, whole.
    pub sod: Vec<u8>,
    /// The data groups that it gives to everybody who opened it.
    pub groups: Vec<(CardGroup, Vec<u8>)>,
    access: Access,
}

/// A reader with a software card in it.
pub struct Reader(Card);

impl Transport for Reader {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        *answer = self.0.transmit(Protocol::T1, command).answer.ok_or(TransportError::Removed)?;
        Ok(())
    }

    fn limits(&self) -> Limits {
        Limits { command: 65_544, answer: 65_538 }
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// The card cannot be made.
    #[error("the software card cannot be made: {0}")]
    Spec(#[from] bitaqa_virtual_card::spec::SpecError),
    /// A key cannot be made.
    #[error("a key cannot be made: {0}")]
    Key(#[from] bitaqa_virtual_card::private_key::KeyError),
    /// The card layer does not get on with it.
    #[error("the chip cannot be read: {0}")]
    Card(#[from] bitaqa_card::CardError),
    /// Something that every software chip with a document has is missing.
    #[error("the software chip has no {0}")]
    Missing(&'static str),
    /// What was asked for is no set of claims.
    #[error("these claims cannot be asked for")]
    Claims,
    /// The answer has no JSON.
    #[error("the answer cannot be written: {0}")]
    Json(#[from] serde_json::Error),
    /// The answer cannot be encrypted.
    #[error("the answer cannot be encrypted: {0}")]
    Encryption(#[from] jwe::JweError),
}

impl Reader {
    /// With a card of this make.
    ///
    /// # Errors
    /// [`AnswerError`].
    pub fn holding(spec: &CardSpec) -> Result<Self, AnswerError> {
        Ok(Self(spec.make(&Pki::generate()?)?))
    }

    /// Opens the chip with its zone, and reads everything that it gives.
    ///
    /// # Errors
    /// [`AnswerError`].
    pub fn dump(&mut self, spec: &CardSpec) -> Result<(Channel<'_>, Dump), AnswerError> {
        let zone = Mrz::parse(spec.mrz()?.text().as_bytes())
            .map_err(|_| AnswerError::Missing("readable zone"))?
            .key();
        let mut channel = Channel::new(self, Link::CAUTIOUS);
        let mut selection = Selection::default();
        let found = ChipAccess::find(&mut channel, &mut selection)?;
        let found = found.ok_or(AnswerError::Missing("access control"))?;
        channel.set_link(LINK);
        let access = match found.control {
            AccessControl::Bac => {
                LdsReader::new(&mut channel, &mut selection).select_application()?;
                match bac::establish(&mut channel, &mut drawn(), &zone)? {
                    BacVerdict::Open => Access::Bac,
                    _ => return Err(AnswerError::Missing("such zone")),
                }
            }
            AccessControl::Pace(variant) => {
                let password = Password::Mrz(&zone);
                match pace::establish(&mut channel, &mut drawn(), &variant, &password, None)? {
                    PaceVerdict::Open(_) => Access::PaceMrz,
                    _ => return Err(AnswerError::Missing("such zone")),
                }
            }
        };
        let mut files = LdsReader::new(&mut channel, &mut selection);
        let sod = files.read(ElementaryFile::Sod, &mut |_| {})?.to_vec();
        let listed: Vec<CardGroup> = Sod::parse(&sod)?.groups().collect();
        let mut groups = Vec::new();
        for group in listed {
            // fingerprints are not for everybody
            if let Ok(content) = files.read(ElementaryFile::Group(group), &mut |_| {}) {
                groups.push((group, content.to_vec()));
            }
        }
        Ok((channel, Dump { sod, groups, access }))
    }
}

/// What a host makes of a chip that is open, for a portal with this key.
///
/// # Errors
/// [`AnswerError`].
pub fn answer(
    channel: &mut Channel<'_>,
    dump: &Dump,
    (origin, request): (&Origin, &IdentityRequest),
    recipient: &PublicJwk,
) -> Result<IdentityAnswer, AnswerError> {
    let groups: Vec<DataGroup> = Closure::of(request.claims.all()).groups.into_iter().collect();
    let is_sent =
        |number: u8| matches!(number, 14 | 15) || groups.iter().any(|group| group.number() == number);
    let files: BTreeMap<ChipGroup, Bytes> = dump
        .groups
        .iter()
        .filter(|(group, _)| is_sent(group.number()))
        .filter_map(|(group, content)| Some((ChipGroup::new(group.number())?, Bytes(content.clone()))))
        .collect();
    let active_authentication = match dump.groups.iter().find(|(group, _)| *group == CardGroup::DG15) {
        Some((_, dg15)) => {
            let key = ActiveAuthenticationKey::parse(dg15)?;
            let bound = active_authentication_challenge(
                origin,
                &request.challenge,
                recipient.thumbprint().as_bytes(),
            );
            Some(active_authentication::sign(channel, &key, &bound)?.map(Bytes))
        }
        None => None,
    };
    let given = |group: &DataGroup| files.keys().any(|file| file.number() == group.number());
    let (groups, not_given) = groups.into_iter().partition(given);
    let disclosed = Closure::of(request.claims.all().filter(|claim| {
        let groups: &Vec<DataGroup> = &groups;
        groups.contains(&claim.group())
    }));
    Ok(IdentityAnswer {
        format: FORMAT.to_owned(),
        request: AnsweredRequest {
            origin: origin.clone(),
            challenge: request.challenge.clone(),
            statement_hash: binding::statement_hash(&request.statement),
            purpose: request.purpose.clone(),
            claims: request.claims.clone(),
            holder: request.holder,
            proof: request.proof,
        },
        consent: Consent {
            portal: "Example Portal".to_owned(),
            purpose: "Open an account".to_owned(),
            through: None,
            language: Language::En,
            groups,
            claims: ClaimSet::new(disclosed.claims).map_err(|_| AnswerError::Claims)?,
            sod_hash: Some(binding::sod_hash(&dump.sod)),
            at: 1_780_315_200,
        },
        document: Document::Icao { sod: Bytes(dump.sod.clone()), groups: files },
        proofs: ChipProofs { active_authentication },
        token: None,
        host_asserted: HostAsserted {
            host: "0.1.0".to_owned(),
            access: dump.access,
            card_access: CardAccess::NotSigned,
            chip_authentication: None,
            not_given,
        },
    })
}

/// Encrypts an answer to the portal's key.
///
/// # Errors
/// [`AnswerError`].
pub fn sealed(answer: &IdentityAnswer, recipient: &PublicJwk) -> Result<String, AnswerError> {
    let header = JweHeader {
        type_: Some(header::TYPE.to_owned()),
        own: binding::protected_members(&answer.request.origin, &answer.request.challenge),
        ..JweHeader::default()
    };
    Ok(jwe::encrypt(recipient, &header, &serde_json::to_vec(answer)?, &mut drawn())?)
}

/// What the chip answers to the key of a portal's server.
///
/// # Errors
/// [`AnswerError`].
pub fn chip_answer(
    channel: &mut Channel<'_>,
    dump: &Dump,
    binding: &ChipAuthenticationBinding,
    challenge: &ChipChallenge,
) -> Result<ChipAnswer, AnswerError> {
    let dg14 = dump.groups.iter().find(|(group, _)| *group == CardGroup::DG14);
    let (_, dg14) = dg14.ok_or(AnswerError::Missing("key for chip authentication"))?;
    let infos = SecurityInfos::parse("DG14", &Dg14::parse(dg14)?.security_infos)?;
    let chip = ChipKey::best(&infos)?.ok_or(AnswerError::Missing("key for chip authentication"))?;
    let relayed = binding
        .relayed(&chip, challenge.public_key(), challenge.protected_read())
        .map_err(|_| AnswerError::Missing("key that this challenge fits"))?;
    ChipAnswer::new(relayed.run(channel)?).map_err(|_| AnswerError::Missing("short answer"))
}

/// The authority of the country that signed a card's document, DER.
///
/// # Errors
/// [`AnswerError`].
pub fn authority(spec: &CardSpec) -> Result<Vec<u8>, AnswerError> {
    let kind = spec.document.as_ref().map(|order| order.country_key).unwrap_or_default();
    Ok(DocumentAuthority::of(&spec.holder()?.country, kind)?.certificate().der().to_vec())
}

/// Bytes that look random, and are the same each time.
fn drawn() -> impl FnMut(&mut [u8]) {
    let mut count = 0_u32;
    move |out: &mut [u8]| {
        for byte in out {
            count = count.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let [first, ..] = count.to_be_bytes();
            *byte = first;
        }
    }
}

//! The chip's proofs that it is no copy, judged here: they convince this computer, and nobody else.

use super::{
    access::{AccessControl, ChipAccess},
    session::{ChipSession, GroupReading, GroupState, security_infos},
};
use crate::{
    active_authentication::{self, ActiveAuthenticationKey, Challenge},
    apdu::StatusWord,
    chip_authentication::{self, ChipKey},
    error::{CardError, Misbehaviour},
    layout::OpenedBy,
    lds::{Content, DataGroup, ElementaryFile, Progress, Sod},
    pace::ChipAuthenticationData,
    random::Random,
    security_infos::{Mapping, SecurityInfos},
    signed_data::SignedData,
    tlv::{TlvError, TlvFault},
};

/// Bytes that a challenge of active authentication is made of.
const CHALLENGE_SEED: usize = 32;

/// What a chip proved, and what its signed files say of what it said unsigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proofs {
    /// Chip authentication mapping, of PACE.
    pub mapping: ProofVerdict,
    /// Active authentication.
    pub active: ProofVerdict,
    /// Chip authentication.
    pub chip: ProofVerdict,
    /// Whether EF.CardAccess says what EF.CardSecurity and DG14 say.
    pub card_access: CardAccessVerdict,
    /// The groups that the keys come from: DG14 and DG15.
    pub groups: Vec<GroupReading>,
}

/// What came of one proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofVerdict {
    /// The chip offers none.
    NotOffered,
    /// The chip has the private key.
    Proven,
    /// It does not have it: it is a copy.
    Failed,
    /// It offers the proof and refuses to give it.
    Refused(StatusWord),
    /// It offers the proof, which needs the session's keys, and those are the reader's: it was not asked for. Nothing is proven by
    /// that, and nothing speaks against the chip.
    OutOfReach,
}

impl ProofVerdict {
    /// Whether it does not speak against the chip.
    const fn is_no_objection(&self) -> bool {
        matches!(self, Self::Proven | Self::NotOffered | Self::OutOfReach)
    }
}

/// How EF.CardAccess compares with its signed copy (9303-11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardAccessVerdict {
    /// Both say the same.
    Same,
    /// They differ: somebody may have changed EF.CardAccess, or hidden it, to weaken the connection.
    Differs,
    /// There is no signed copy.
    NotSigned,
}

impl Proofs {
    /// Whether something was proven, and nothing speaks against the chip.
    #[must_use]
    pub fn is_genuine(&self) -> bool {
        self.verdicts().contains(&ProofVerdict::Proven) && self.is_without_objection()
    }

    /// Whether nothing was proven because what the chip offers is [out of reach](ProofVerdict::OutOfReach), and nothing speaks
    /// against it.
    #[must_use]
    pub fn is_out_of_reach(&self) -> bool {
        let verdicts = self.verdicts();
        verdicts.contains(&ProofVerdict::OutOfReach)
            && !verdicts.contains(&ProofVerdict::Proven)
            && self.is_without_objection()
    }

    const fn verdicts(&self) -> [ProofVerdict; 3] {
        [self.mapping, self.active, self.chip]
    }

    /// Whether nothing speaks against the chip: no proof failed, EF.CardAccess is what is signed, and every group with a key that EF.SOD
    /// lists was there and is the one that is listed.
    #[must_use]
    pub fn is_without_objection(&self) -> bool {
        self.verdicts().iter().all(ProofVerdict::is_no_objection)
            && self.card_access != CardAccessVerdict::Differs
            && self.groups.iter().all(|reading| reading.state == GroupState::Matches)
    }
}

impl ChipAccess {
    /// Compares EF.CardAccess with what the issuer signed; see [`SecurityInfos::agrees_with`].
    #[must_use]
    pub fn compare(&self, signed: Option<&SecurityInfos>) -> CardAccessVerdict {
        let Some(signed) = signed else { return CardAccessVerdict::NotSigned };
        let none = SecurityInfos::default();
        let told = self.card_access().unwrap_or(&none);
        if told.agrees_with(signed) { CardAccessVerdict::Same } else { CardAccessVerdict::Differs }
    }
}

impl ChipSession<'_> {
    /// Has the chip give every proof that it offers. After a failed one the session may have ended.
    ///
    /// # Errors
    /// As [`LdsReader::read`](crate::lds::LdsReader::read); misbehaviour of files that are none; [`CardError::Unsupported`] for
    /// keys of kinds that we do not know.
    pub fn authenticate(
        &mut self,
        sod: &Sod,
        random: &mut dyn Random,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Proofs, CardError> {
        let mapped = self.pace().and_then(|pace| pace.chip_authentication.clone());
        // only where it is needed: not every chip has it, and few give it to everybody
        let card_security = match mapped {
            Some(_) => self.card_security(progress)?,
            None => None,
        };
        let mut groups = Vec::new();
        for group in [DataGroup::DG14, DataGroup::DG15] {
            let reading = GroupReading::read(&mut self.lds(), sod, group, progress)?;
            if reading.state != GroupState::NotListed {
                groups.push(reading);
            }
        }
        // a key that is not the issuer's proves nothing, and may be of a kind made up to hide that
        let content = |group| {
            let signed =
                |reading: &&GroupReading| reading.group == group && reading.state == GroupState::Matches;
            groups.iter().find(signed)?.content.as_ref()
        };
        let dg14 = content(DataGroup::DG14).map(|content| security_infos(content)).transpose()?;

        let mut card_access = self.access.compare(dg14.as_ref());
        if let Some(signed) = &card_security
            && self.access.compare(Some(signed)) == CardAccessVerdict::Differs
        {
            card_access = CardAccessVerdict::Differs;
        }
        let mapping = if self.is_mapping_out_of_reach() {
            ProofVerdict::OutOfReach
        } else {
            mapping_proof(mapped.as_ref(), [card_security.as_ref(), dg14.as_ref()])
        };
        let active = match content(DataGroup::DG15) {
            Some(dg15) => self.active_authentication(dg15, dg14.as_ref(), random)?,
            None => ProofVerdict::NotOffered,
        };
        let key = dg14.as_ref().map(ChipKey::best).transpose()?.flatten();
        let chip = match (key, content(DataGroup::DG14)) {
            // it would change the keys of a session that the reader has
            (Some(_), Some(_)) if self.by == OpenedBy::Reader => ProofVerdict::OutOfReach,
            (Some(key), Some(dg14)) => self.chip_authentication(&key, dg14, random)?,
            _ => ProofVerdict::NotOffered,
        };
        Ok(Proofs { mapping, active, chip, card_access, groups })
    }

    /// Has the chip sign somebody else's challenge, in both rounds of active authentication, with the key of this DG15. Nothing
    /// comes where the chip refuses to.
    ///
    /// # Errors
    /// As [`active_authentication::sign`], but for a refusal; misbehaviour if it is no DG15.
    pub fn sign_challenge(
        &mut self,
        dg15: &[u8],
        challenge: &Challenge,
    ) -> Result<Option<[Vec<u8>; 2]>, CardError> {
        let key = ActiveAuthenticationKey::parse(dg15)?;
        match active_authentication::sign(&mut self.channel, &key, challenge) {
            Ok(signatures) => Ok(Some(signatures)),
            Err(CardError::Refused { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The reader has the chip's data of this mapping and keeps it.
    fn is_mapping_out_of_reach(&self) -> bool {
        self.by == OpenedBy::Reader
            && matches!(
                self.access.control,
                AccessControl::Pace(variant) if variant.protocol.mapping == Mapping::ChipAuthentication
            )
    }

    /// Compares EF.CardAccess with EF.CardSecurity alone, for chips that are opened for something else than their document.
    ///
    /// # Errors
    /// As [`LdsReader::read`](crate::lds::LdsReader::read); misbehaviour of a file that is none.
    pub(crate) fn compare_with_card_security(&mut self) -> Result<CardAccessVerdict, CardError> {
        let signed = match self.card_security(&mut |_| {}) {
            // cards of the IAS ECC family may keep another file, EF.ATR/INFO, under its short identifier
            Err(CardError::Misbehaved(Misbehaviour::Tlv {
                error: TlvError { fault: TlvFault::UnexpectedTag, position: 0 },
                ..
            })) => None,
            signed => signed?,
        };
        Ok(self.access.compare(signed.as_ref()))
    }

    /// EF.CardSecurity, where the chip gives it.
    fn card_security(
        &mut self,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Option<SecurityInfos>, CardError> {
        let file = ElementaryFile::CardSecurity;
        match self.lds().read(file, progress) {
            Ok(content) => {
                let signed = SignedData::parse(file.name(), &content)?;
                SecurityInfos::parse(file.name(), &signed.content).map(Some)
            }
            Err(CardError::NoFile { .. } | CardError::Forbidden { .. } | CardError::Refused { .. }) => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn active_authentication(
        &mut self,
        dg15: &[u8],
        dg14: Option<&SecurityInfos>,
        random: &mut dyn Random,
    ) -> Result<ProofVerdict, CardError> {
        let key = ActiveAuthenticationKey::parse(dg15)?;
        let mut seed = [0; CHALLENGE_SEED];
        random.fill(&mut seed);
        let challenge = Challenge::bound_to(&seed);
        let signatures = match active_authentication::sign(&mut self.channel, &key, &challenge) {
            Ok(signatures) => signatures,
            Err(CardError::Refused { status, .. }) => return Ok(ProofVerdict::Refused(status)),
            Err(error) => return Err(error),
        };
        let info = dg14.and_then(SecurityInfos::active_authentication);
        Ok(match key.verify_rounds(&challenge, &signatures, info) {
            Ok(_) => ProofVerdict::Proven,
            Err(_) => ProofVerdict::Failed,
        })
    }

    /// The proof is that DG14 comes again under keys that only the chip with the private key can have.
    fn chip_authentication(
        &mut self,
        key: &ChipKey,
        dg14: &Content,
        random: &mut dyn Random,
    ) -> Result<ProofVerdict, CardError> {
        match chip_authentication::run(&mut self.channel, random, key) {
            Ok(_) => {}
            Err(CardError::Refused { status, .. }) => return Ok(ProofVerdict::Refused(status)),
            Err(error) => return Err(error),
        }
        match self.lds().read(ElementaryFile::Group(DataGroup::DG14), &mut |_| {}) {
            Ok(again) if again == *dg14 => Ok(ProofVerdict::Proven),
            Ok(_) | Err(CardError::Misbehaved(Misbehaviour::SecureMessaging(_))) => Ok(ProofVerdict::Failed),
            Err(error) => Err(error),
        }
    }
}

/// The key of the mapping is in EF.CardSecurity; where a chip does not give that, DG14 may have the same key.
fn mapping_proof(data: Option<&ChipAuthenticationData>, signed: [Option<&SecurityInfos>; 2]) -> ProofVerdict {
    let Some(data) = data else { return ProofVerdict::NotOffered };
    let keys = signed.into_iter().flatten().flat_map(SecurityInfos::chip_authentication_public_keys);
    if data.proves_one_of(keys) { ProofVerdict::Proven } else { ProofVerdict::Failed }
}

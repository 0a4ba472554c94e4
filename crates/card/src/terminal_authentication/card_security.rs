//! After terminal authentication version 2: EF.CardSecurity, and the chip's proof with the key in it.

use std::fmt;

use crate::{
    channel::Channel,
    chip_authentication::{AnnouncedKey, ChipKey, run_version_2},
    error::{CardError, Misbehaviour},
    file::Selection,
    lds::{ElementaryFile, LdsReader, Personal, Progress},
    oid,
    restricted_identification::{self, Sector, SectorKey},
    security_infos::SecurityInfos,
    signed_data::SignedData,
};

const WHAT: &str = "EF.CardSecurity";

/// The chip believes the terminal, and shows EF.CardSecurity.
#[derive(Debug)]
pub struct AuthenticatedTerminal {
    pub(super) announced: AnnouncedKey,
}

impl AuthenticatedTerminal {
    /// Reads EF.CardSecurity and compares it with EF.CardAccess, from which PACE and the announced key were chosen. `progress` is
    /// told after each command.
    ///
    /// # Errors
    /// [`Misbehaviour::CardAccess`] where the two differ; no key of the announced group; refusals, misbehaviour and transport
    /// faults of reading.
    pub fn read_card_security(
        self,
        channel: &mut Channel<'_>,
        selection: &mut Selection,
        card_access: &SecurityInfos,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<UncheckedChip, CardError> {
        let file = LdsReader::new(channel, selection).read(ElementaryFile::CardSecurity, progress)?;
        let card_security = CardSecurity::parse(&file)?;
        card_access.compare_with_card_security(&card_security.infos)?;
        UncheckedChip::new(self.announced, card_security)
    }
}

/// EF.CardSecurity: SecurityInfos under a signature.
#[derive(Clone, PartialEq, Eq)]
pub struct CardSecurity {
    /// The signature, for whoever knows trust anchors and the time.
    pub signed_data: SignedData,
    /// What is signed.
    pub infos: SecurityInfos,
}

impl CardSecurity {
    /// From the file's content.
    ///
    /// # Errors
    /// Misbehaviour: what is no SignedData, or of another content.
    pub fn parse(file: &[u8]) -> Result<Self, CardError> {
        let signed_data = SignedData::parse(WHAT, file)?;
        if signed_data.content_type != oid::SECURITY_OBJECT {
            return Err(Misbehaviour::Element { what: WHAT, element: "eContentType" }.into());
        }
        let infos = SecurityInfos::parse(WHAT, &signed_data.content)?;
        Ok(Self { signed_data, infos })
    }
}

/// The keys in it may be of this one card.
impl fmt::Debug for CardSecurity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CardSecurity").field("signed_data", &self.signed_data).finish_non_exhaustive()
    }
}

/// The chip's key is read, and nobody has checked who signed it.
pub struct UncheckedChip {
    announced: AnnouncedKey,
    card_security: CardSecurity,
    chip: ChipKey,
}

impl UncheckedChip {
    pub(super) fn new(announced: AnnouncedKey, card_security: CardSecurity) -> Result<Self, CardError> {
        let chip = announced.chip_key(&card_security.infos)?;
        Ok(Self { announced, card_security, chip })
    }

    /// The file, to check its signature.
    #[must_use]
    pub const fn card_security(&self) -> &CardSecurity {
        &self.card_security
    }

    /// Goes on if the caller's check accepts the file: its signature is of a signer whom the caller trusts.
    ///
    /// # Errors
    /// The check's: the chip is not to be spoken to any more.
    pub fn accept_if<E>(self, check: impl FnOnce(&CardSecurity) -> Result<(), E>) -> Result<AcceptedChip, E> {
        check(&self.card_security)?;
        Ok(AcceptedChip { announced: self.announced, infos: self.card_security.infos, chip: self.chip })
    }
}

impl fmt::Debug for UncheckedChip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UncheckedChip").field("announced", &self.announced).finish_non_exhaustive()
    }
}

/// The chip's key is the issuer's. Whether this chip has its private half, chip authentication tells.
pub struct AcceptedChip {
    announced: AnnouncedKey,
    infos: SecurityInfos,
    chip: ChipKey,
}

impl AcceptedChip {
    /// Chip authentication version 2: the chip proves that it has the key, and the session goes on under new keys.
    ///
    /// # Errors
    /// [`Misbehaviour::Proof`] if it has not; refusals, misbehaviour, transport faults.
    pub fn authenticate(self, channel: &mut Channel<'_>) -> Result<AuthenticatedChip, CardError> {
        super::prepare::protected(channel)?;
        run_version_2(channel, &self.chip, &self.announced)?;
        Ok(AuthenticatedChip { infos: self.infos })
    }
}

impl fmt::Debug for AcceptedChip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AcceptedChip").field("announced", &self.announced).finish_non_exhaustive()
    }
}

/// Both have proved themselves: the chip gives what the terminal may have.
pub struct AuthenticatedChip {
    infos: SecurityInfos,
}

impl AuthenticatedChip {
    /// What the issuer signed of the chip's protocols.
    #[must_use]
    pub const fn infos(&self) -> &SecurityInfos {
        &self.infos
    }

    /// The holder's pseudonym in this sector, which the terminal's certificate must name.
    ///
    /// # Errors
    /// [`CardError::Unsupported`] if the chip makes none; a refusal; an answer of another length than its hash has.
    pub fn pseudonym(
        &self,
        channel: &mut Channel<'_>,
        sector: Sector,
        key: &SectorKey,
    ) -> Result<Personal<Vec<u8>>, CardError> {
        super::prepare::protected(channel)?;
        restricted_identification::run(channel, &self.infos, sector, key)
    }
}

impl fmt::Debug for AuthenticatedChip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthenticatedChip").finish_non_exhaustive()
    }
}

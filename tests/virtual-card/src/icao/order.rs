//! What can be ordered of a travel document.

use serde::Deserialize;

use super::{
    active_authentication::ActiveAuthenticationKind, cipher::Cipher, domain::Domain,
    logical_data_structure::PortraitOrder, pace::Offer, security_object::SecurityObjectVersion,
    terminal_authentication::authorization::TerminalKind,
};
use crate::{pin::Pin, pki::CountryKey};

/// The order for the contactless chip of a travel document. What is not ordered is as the make has it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct DocumentOrder {
    /// The card access number: `123456`.
    pub can: Option<Pin>,
    /// The ways to run PACE.
    pub pace: Option<Vec<Offer>>,
    /// The PIN and PUK of PACE; their states.
    pub passwords: PasswordOrder,
    /// Whether basic access control is offered.
    pub basic_access_control: Option<bool>,
    /// The key that signs challenges.
    pub active_authentication: Option<ActiveAuthenticationKind>,
    /// The keys of chip authentication.
    pub chip_authentication: Option<Vec<ChipAuthenticationOrder>>,
    /// The data groups that there are, of 1, 2, 3, 5, 7, 11, 12, 13 and 16; 14 and 15 are there where they have a use.
    pub groups: Option<Vec<u8>>,
    /// The portrait.
    pub portrait: PortraitOrder,
    /// What kind of terminal has to prove itself for what is closed to others; without it none can.
    pub terminals: Option<TerminalKind>,
    /// Whether keys and PACE write their curve out instead of naming it; brainpoolP256r1 only.
    pub explicit_parameters: bool,
    /// What is wrong with the document.
    pub faults: FaultOrder,
    /// What the country signs with.
    pub country_key: CountryKey,
    /// Version of the signed list of hashes.
    pub security_object: SecurityObjectVersion,
}

/// The passwords of PACE beside the MRZ and the CAN, and how they stand.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PasswordOrder {
    /// The PIN of PACE; without it there is none.
    pub pin: Option<Pin>,
    /// Tries left of it, of three.
    pub pin_tries_left: Option<u8>,
    /// Whether it is out of use.
    pub pin_deactivated: bool,
    /// The PUK of PACE; without it there is none.
    pub puk: Option<Pin>,
    /// Tries left of the CAN, of three, on a chip that counts them: the last is suspended until the MRZ opened the session.
    /// Without it the CAN is never blocked.
    pub can_tries_left: Option<u8>,
    /// Milliseconds that each failure with MRZ or CAN adds to the next try.
    pub delay_milliseconds: u64,
}

/// A key of chip authentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChipAuthenticationOrder {
    /// The cipher of the session that it begins.
    pub cipher: Cipher,
    /// Its domain parameters.
    pub domain: Domain,
}

/// What is wrong with a document, and should be noticed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct FaultOrder {
    /// The chip is a copy: it does not have the keys that its files tell.
    pub copied: bool,
    /// EF.CardAccess says something else than its signed copy.
    pub card_access_differs: bool,
    /// This data group is not what was signed.
    pub tampered_group: Option<u8>,
    /// This byte of a file is another one than when the document was signed.
    pub altered: Option<AlteredByte>,
    /// These data groups are listed among what was signed, and the chip does not have them.
    pub hidden_groups: Vec<u8>,
    /// The document signer's certificate.
    pub signer: SignerFault,
    /// EF.COM lists these tags, whatever there is.
    pub common_tags: Option<Vec<u8>>,
}

/// A byte of a file that was changed after the document was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AlteredByte {
    /// The data group; EF.SOD if absent.
    #[serde(default)]
    pub group: Option<u8>,
    /// Which byte of the file: 0 is the first of its tag; -1 is the last of all.
    pub at: isize,
    /// The bits that are turned over.
    pub bits: u8,
}

impl AlteredByte {
    /// Changes the content of a file; a place outside of it changes nothing.
    pub(crate) fn apply(self, content: &mut [u8]) {
        let place = match usize::try_from(self.at) {
            Ok(from_start) => Some(from_start),
            Err(_) => content.len().checked_add_signed(self.at),
        };
        if let Some(byte) = place.and_then(|place| content.get_mut(place)) {
            *byte ^= self.bits;
        }
    }
}

/// What is wrong with the document signer's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignerFault {
    /// Nothing.
    #[default]
    None,
    /// It is not valid any more.
    Expired,
    /// It is of Bahrain's authority, whatever state the zone names.
    Bahraini,
}

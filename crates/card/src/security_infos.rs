//! SecurityInfos: which protocols a chip speaks, and with which parameters (BSI TR-03110-3 section A.1, ICAO Doc 9303-11
//! section 9.2). EF.CardAccess gives them unauthenticated, DG14 and EF.CardSecurity signed.

mod algorithm_identifier;
mod chip_authentication;
mod pace;
mod public_key;
mod value;

pub use chip_authentication::{
    ChipAuthenticationDomainParameterInfo, ChipAuthenticationInfo, ChipAuthenticationProtocol,
    ChipAuthenticationPublicKeyInfo,
};
pub use pace::{Mapping, PaceDomainParameterInfo, PaceInfo, PaceProtocol};
pub use public_key::SubjectPublicKey;

use std::fmt;

use crate::{
    error::{CardError, Misbehaviour},
    oid,
    tlv::{Tag, Tlv, TlvReader},
};
use value::{Fields, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE};

const SET: Tag = Tag(0x31);
/// Most entries that are looked at; real chips have about a dozen.
const MAX_INFOS: usize = 64;

/// What a chip says of its protocols.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SecurityInfos {
    infos: Vec<SecurityInfo>,
}

/// One entry.
#[derive(Clone, PartialEq, Eq)]
pub struct SecurityInfo {
    /// What it says.
    pub content: Content,
    /// Its DER as it stands in the file, by which two files are compared.
    encoded: Vec<u8>,
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content {
    /// A variant of PACE.
    Pace(PaceInfo),
    /// Domain parameters of PACE.
    PaceDomainParameters(PaceDomainParameterInfo),
    /// A variant of chip authentication.
    ChipAuthentication(ChipAuthenticationInfo),
    /// The chip's public key.
    ChipAuthenticationPublicKey(ChipAuthenticationPublicKeyInfo),
    /// Domain parameters of chip authentication.
    ChipAuthenticationDomainParameters(ChipAuthenticationDomainParameterInfo),
    /// A version of terminal authentication.
    TerminalAuthentication(TerminalAuthenticationInfo),
    /// The algorithm of active authentication with a key on a curve.
    ActiveAuthentication(ActiveAuthenticationInfo),
    /// A variant of restricted identification.
    RestrictedIdentification(RestrictedIdentificationInfo),
    /// A copy of EF.DIR.
    EfDir(EfDirInfo),
    /// Something else.
    Unknown {
        /// Content bytes of the object identifier.
        protocol: Vec<u8>,
    },
}

/// `TerminalAuthenticationInfo` (section A.1.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerminalAuthenticationInfo {
    /// Version of the protocol: 1 or 2.
    pub version: u32,
    /// File identifier of EF.CVCA, and its short one, where it is not the default; version 1 only.
    pub ef_cvca: Option<(u16, Option<u8>)>,
}

/// `ActiveAuthenticationInfo` (9303-11 section 9.2.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveAuthenticationInfo {
    /// Content bytes of the signature algorithm's object identifier, one of `ecdsa-plain-signatures` (TR-03111).
    pub signature_algorithm: Vec<u8>,
}

/// `RestrictedIdentificationInfo` (section A.1.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestrictedIdentificationInfo {
    /// Content bytes of the protocol's object identifier.
    pub protocol: Vec<u8>,
    /// Number of the private key to use.
    pub key_id: u32,
    /// Whether the key serves authorised terminals only.
    pub authorized_only: bool,
}

/// `EFDIRInfo` (9303-11 section 9.2): what EF.DIR holds, under the signature of EF.CardSecurity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EfDirInfo {
    /// The file's content.
    pub content: Vec<u8>,
}

impl SecurityInfos {
    /// Parses the SET of SecurityInfos. `what` names the file in errors. What follows the SET in the file is
    /// ignored: chips leave filler there, and other bytes.
    ///
    /// # Errors
    /// Misbehaviour: what is no TLV, too many entries, an entry of a known kind without a required value.
    pub fn parse(what: &'static str, bytes: &[u8]) -> Result<Self, CardError> {
        let mut reader = TlvReader::new(bytes);
        let tlv = |error| CardError::from(Misbehaviour::Tlv { what, error });
        let mut entries = reader.expect(SET).map_err(tlv)?.children();
        let mut infos = Vec::new();
        while let Some(entry) = entries.read().map_err(tlv)? {
            if infos.len() == MAX_INFOS {
                return Err(Misbehaviour::Element { what, element: "number of SecurityInfos" }.into());
            }
            infos.push(SecurityInfo::parse(what, &entry)?);
        }
        Ok(Self { infos })
    }

    /// All entries, in the file's order.
    #[must_use]
    pub fn all(&self) -> &[SecurityInfo] {
        &self.infos
    }

    /// The variants of PACE.
    pub fn pace(&self) -> impl Iterator<Item = &PaceInfo> {
        self.contents().filter_map(|content| match content {
            Content::Pace(info) => Some(info),
            _ => None,
        })
    }

    /// The domain parameters of PACE.
    pub fn pace_domain_parameters(&self) -> impl Iterator<Item = &PaceDomainParameterInfo> {
        self.contents().filter_map(|content| match content {
            Content::PaceDomainParameters(info) => Some(info),
            _ => None,
        })
    }

    /// The variants of chip authentication.
    pub fn chip_authentication(&self) -> impl Iterator<Item = &ChipAuthenticationInfo> {
        self.contents().filter_map(|content| match content {
            Content::ChipAuthentication(info) => Some(info),
            _ => None,
        })
    }

    /// The chip's public keys.
    pub fn chip_authentication_public_keys(&self) -> impl Iterator<Item = &ChipAuthenticationPublicKeyInfo> {
        self.contents().filter_map(|content| match content {
            Content::ChipAuthenticationPublicKey(info) => Some(info),
            _ => None,
        })
    }

    /// The domain parameters of chip authentication.
    pub fn chip_authentication_domain_parameters(
        &self,
    ) -> impl Iterator<Item = &ChipAuthenticationDomainParameterInfo> {
        self.contents().filter_map(|content| match content {
            Content::ChipAuthenticationDomainParameters(info) => Some(info),
            _ => None,
        })
    }

    /// The versions of terminal authentication.
    pub fn terminal_authentication(&self) -> impl Iterator<Item = &TerminalAuthenticationInfo> {
        self.contents().filter_map(|content| match content {
            Content::TerminalAuthentication(info) => Some(info),
            _ => None,
        })
    }

    /// The algorithm of active authentication, where the key is on a curve.
    #[must_use]
    pub fn active_authentication(&self) -> Option<&ActiveAuthenticationInfo> {
        self.contents().find_map(|content| match content {
            Content::ActiveAuthentication(info) => Some(info),
            _ => None,
        })
    }

    /// The variants of restricted identification.
    pub fn restricted_identification(&self) -> impl Iterator<Item = &RestrictedIdentificationInfo> {
        self.contents().filter_map(|content| match content {
            Content::RestrictedIdentification(info) => Some(info),
            _ => None,
        })
    }

    /// The entries that the signed file does not have, byte for byte: what EF.CardAccess says of itself and nobody signed. Where
    /// there are any, somebody may have changed EF.CardAccess to weaken the connection (9303-11).
    #[must_use]
    pub fn missing_from<'a>(&'a self, signed: &SecurityInfos) -> Vec<&'a SecurityInfo> {
        self.infos
            .iter()
            .filter(|info| !signed.infos.iter().any(|other| other.encoded == info.encoded))
            .collect()
    }

    /// Whether EF.CardAccess, which this is, says what the issuer signed, in whichever file: nothing that is not signed, and no way
    /// to run PACE left out. The strictest of the comparisons, for who needs no more than yes or no.
    #[must_use]
    pub fn agrees_with(&self, signed: &Self) -> bool {
        self.missing_from(signed).is_empty() && !signed.missing_from(self).into_iter().any(is_of_pace)
    }

    /// Compares EF.CardAccess, which this is, with EF.CardSecurity: all that the first says must be signed in the second (TR-03110-2).
    /// Only what is for privileged terminals is left out: that is signed in EF.ChipSecurity, which they alone may
    /// read.
    ///
    /// # Errors
    /// [`Misbehaviour::CardAccess`].
    pub fn compare_with_card_security(&self, card_security: &Self) -> Result<(), Misbehaviour> {
        let for_all = |info: &&SecurityInfo| !matches!(&info.content, Content::Unknown { protocol } if protocol == oid::PRIVILEGED_TERMINAL);
        if self.missing_from(card_security).iter().any(for_all) {
            Err(Misbehaviour::CardAccess { signed: "EF.CardSecurity" })
        } else {
            Ok(())
        }
    }

    /// Compares EF.CardAccess, which this is, with DG14: all that it says of PACE must be signed there (9303-11). What
    /// else it says is of protocols that DG14 does not serve.
    ///
    /// # Errors
    /// [`Misbehaviour::CardAccess`].
    pub fn compare_with_dg14(&self, dg14: &Self) -> Result<(), Misbehaviour> {
        if self.missing_from(dg14).into_iter().any(is_of_pace) {
            Err(Misbehaviour::CardAccess { signed: "DG14" })
        } else {
            Ok(())
        }
    }

    fn contents(&self) -> impl Iterator<Item = &Content> {
        self.infos.iter().map(|info| &info.content)
    }
}

/// Whether an entry is about running PACE.
const fn is_of_pace(info: &SecurityInfo) -> bool {
    matches!(info.content, Content::Pace(_) | Content::PaceDomainParameters(_))
}

/// Without its DER, which may have a chip's own key.
impl fmt::Debug for SecurityInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.content.fmt(f)
    }
}

impl SecurityInfo {
    fn parse(what: &'static str, entry: &Tlv<'_>) -> Result<Self, CardError> {
        let mut fields = Fields::new(what, TlvReader::new(entry.encoded)).sequence("SecurityInfo")?;
        let protocol = fields.expect(OBJECT_IDENTIFIER, "protocol")?;
        Ok(Self { content: Content::parse(protocol, fields)?, encoded: entry.encoded.to_vec() })
    }

    /// Its DER as it stands in the file.
    #[must_use]
    pub fn encoded(&self) -> &[u8] {
        &self.encoded
    }
}

impl Content {
    fn parse(protocol: &[u8], mut fields: Fields<'_>) -> Result<Self, CardError> {
        if let Some(protocol) = PaceProtocol::from_oid(protocol) {
            return PaceInfo::parse(protocol, fields).map(Self::Pace);
        }
        if let Some(mapping) = pace::mapping_of(protocol) {
            return PaceDomainParameterInfo::parse(mapping, fields).map(Self::PaceDomainParameters);
        }
        if let Some(protocol) = ChipAuthenticationProtocol::from_oid(protocol) {
            return ChipAuthenticationInfo::parse(protocol, fields).map(Self::ChipAuthentication);
        }
        if let Some(agreement) = chip_authentication::key_agreement_of(protocol) {
            return ChipAuthenticationDomainParameterInfo::parse(agreement, fields)
                .map(Self::ChipAuthenticationDomainParameters);
        }
        if let Some(agreement) = chip_authentication::public_key_agreement_of(protocol) {
            return ChipAuthenticationPublicKeyInfo::parse(agreement, fields)
                .map(Self::ChipAuthenticationPublicKey);
        }
        Ok(match protocol {
            oid::TERMINAL_AUTHENTICATION => Self::TerminalAuthentication(TerminalAuthenticationInfo {
                version: fields.number("version")?,
                ef_cvca: ef_cvca(&mut fields)?,
            }),
            oid::ACTIVE_AUTHENTICATION => {
                fields.number("version")?;
                let signature_algorithm = fields.expect(OBJECT_IDENTIFIER, "signatureAlgorithm")?.to_vec();
                Self::ActiveAuthentication(ActiveAuthenticationInfo { signature_algorithm })
            }
            oid::EF_DIR => Self::EfDir(EfDirInfo { content: fields.expect(OCTET_STRING, "eFDIR")?.to_vec() }),
            // Key agreement and hash follow; without the hash it is domain parameters, which a terminal has no use for.
            _ if protocol
                .strip_prefix(oid::RESTRICTED_IDENTIFICATION)
                .is_some_and(|rest| rest.len() == 2) =>
            {
                let mut params = fields.sequence("params")?;
                params.number("version")?;
                Self::RestrictedIdentification(RestrictedIdentificationInfo {
                    protocol: protocol.to_vec(),
                    key_id: params.number("keyId")?,
                    authorized_only: params.boolean("authorizedOnly")?,
                })
            }
            _ => Self::Unknown { protocol: protocol.to_vec() },
        })
    }
}

/// `FileID`: file identifier and short file identifier.
fn ef_cvca(fields: &mut Fields<'_>) -> Result<Option<(u16, Option<u8>)>, CardError> {
    const ELEMENT: &str = "efCVCA";
    let Some(mut file) = fields.take_sequence(SEQUENCE)? else { return Ok(None) };
    let fault = file.fault(ELEMENT);
    let fid = <[u8; 2]>::try_from(file.expect(OCTET_STRING, ELEMENT)?).map_err(|_| fault.clone())?;
    let sfid = match file.take(OCTET_STRING)? {
        Some([sfid]) => Some(*sfid),
        Some(_) => return Err(fault),
        None => None,
    };
    Ok(Some((u16::from_be_bytes(fid), sfid)))
}

#[cfg(test)]
mod tests;

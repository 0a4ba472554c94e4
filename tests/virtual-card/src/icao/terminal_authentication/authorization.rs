//! Certificate holder authorisation templates: what kind of terminal, and what it may do (BSI TR-03110-3, C.1.5 and C.4).

use serde::Deserialize;

use super::super::oid;
use crate::{ber_tlv::objects, file_system::Right};

/// Kind of terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TerminalKind {
    /// Inspection system: at a border.
    Inspection,
    /// Authentication terminal: anybody's service.
    Authentication,
    /// Signature terminal.
    Signature,
}

impl TerminalKind {
    const ALL: [Self; 3] = [Self::Inspection, Self::Authentication, Self::Signature];

    /// The last arc under id-roles.
    const fn arc(self) -> u8 {
        match self {
            Self::Inspection => 1,
            Self::Authentication => 2,
            Self::Signature => 3,
        }
    }

    /// The object identifier.
    #[must_use]
    pub fn oid(self) -> Vec<u8> {
        oid::below(oid::ROLES, &[self.arc()])
    }

    /// Bytes of role and rights.
    #[must_use]
    pub const fn length(self) -> usize {
        match self {
            Self::Authentication => 5,
            Self::Inspection | Self::Signature => 1,
        }
    }
}

/// The two highest bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Country,
    DomesticVerifier,
    ForeignVerifier,
    Terminal,
}

/// Kind, role and rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Authorization {
    pub(crate) kind: TerminalKind,
    bits: Vec<u8>,
}

/// "Restricted identification" of an authentication terminal.
const RESTRICTED_IDENTIFICATION: usize = 2;
/// "PIN management" of an authentication terminal.
const PIN_MANAGEMENT: usize = 5;
/// "CAN allowed" of an authentication terminal.
const CAN_ALLOWED: usize = 4;

impl Authorization {
    /// The value of `7F4C`.
    pub(crate) fn parse(value: &[u8]) -> Option<Self> {
        let parts = objects(value)?;
        let [(0x06, kind), (0x53, bits)] = parts.as_slice() else {
            return None;
        };
        let kind = TerminalKind::ALL.into_iter().find(|own| own.oid() == *kind)?;
        (bits.len() == kind.length()).then(|| Self { kind, bits: bits.to_vec() })
    }

    pub(crate) fn role(&self) -> Role {
        match self.bits.first().map_or(0, |first| first >> 6) {
            3 => Role::Country,
            2 => Role::DomesticVerifier,
            1 => Role::ForeignVerifier,
            _ => Role::Terminal,
        }
    }

    /// What both allow, with the role of `self`; `None` for two kinds of terminals.
    pub(crate) fn limited_by(&self, other: &Self) -> Option<Self> {
        if self.kind != other.kind {
            return None;
        }
        let mut bits: Vec<u8> = self.bits.iter().zip(&other.bits).map(|(own, other)| own & other).collect();
        if let (Some(first), Some(own)) = (bits.first_mut(), self.bits.first()) {
            *first = (*first & 0x3F) | (own & 0xC0);
        }
        Some(Self { kind: self.kind, bits })
    }

    /// Bit `number`, counted from the lowest of the last byte.
    fn bit(&self, number: usize) -> bool {
        let byte = self.bits.iter().rev().nth(number / 8).copied().unwrap_or(0);
        byte >> (number % 8) & 1 == 1
    }

    pub(crate) fn allows(&self, right: Right) -> bool {
        match (right, self.kind) {
            (Right::Authenticated, _) => true,
            (Right::Fingerprints, TerminalKind::Inspection) => self.bit(0),
            (Right::Irises, TerminalKind::Inspection) => self.bit(1),
            (Right::PinManagement, TerminalKind::Authentication) => self.bit(PIN_MANAGEMENT),
            (Right::Fingerprints | Right::Irises | Right::PinManagement, _) => false,
        }
    }

    pub(crate) fn allows_pseudonym(&self) -> bool {
        self.kind == TerminalKind::Authentication && self.bit(RESTRICTED_IDENTIFICATION)
    }

    /// May PACE be run with the CAN for this terminal? An authentication terminal asks the holder for the PIN otherwise.
    pub(crate) fn allows_can(&self) -> bool {
        self.kind != TerminalKind::Authentication || self.bit(CAN_ALLOWED) || self.bit(PIN_MANAGEMENT)
    }
}

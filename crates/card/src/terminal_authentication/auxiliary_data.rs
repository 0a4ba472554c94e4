//! What the terminal wants compared on the chip (TR-03110-3).

use crate::{
    oid,
    tlv::{Tag, encode},
};

/// `67`: authentication.
const AUTHENTICATION: Tag = Tag(0x67);
/// One of the data: a discretionary data template.
const TEMPLATE: Tag = Tag(0x73);
const OBJECT_IDENTIFIER: Tag = Tag(0x06);
const DATA: Tag = Tag(0x53);

/// Auxiliary data: the terminal's signature covers it, and the chip compares with it later.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuxiliaryData {
    templates: Vec<u8>,
}

impl AuxiliaryData {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Born on or before this day, `YYYYMMDD`: age verification.
    #[must_use]
    pub fn born_by(self, date: [u8; 8]) -> Self {
        self.with(oid::DATE_OF_BIRTH, &date)
    }

    /// Valid on this day, `YYYYMMDD`: document validity verification.
    #[must_use]
    pub fn valid_on(self, date: [u8; 8]) -> Self {
        self.with(oid::DATE_OF_EXPIRY, &date)
    }

    /// Living in this community, or in one whose number starts so: community verification.
    #[must_use]
    pub fn in_community(self, number: &[u8]) -> Self {
        self.with(oid::COMMUNITY_ID, number)
    }

    fn with(mut self, kind: &[u8], data: &[u8]) -> Self {
        let fields = [encode(OBJECT_IDENTIFIER, kind), encode(DATA, data)].concat();
        self.templates.extend(encode(TEMPLATE, &fields));
        self
    }

    /// The data object.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        encode(AUTHENTICATION, &self.templates)
    }
}

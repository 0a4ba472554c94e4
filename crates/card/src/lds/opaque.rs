//! EF.DG13, EF.DG14 and EF.DG15, whose content is for others to understand: the issuer, or the protocols that prove a chip
//! (ICAO Doc 9303-10, sections on DG13, DG14 and DG15).

use std::fmt;

use super::{DataGroup, Personal, template::Template};
use crate::{error::CardError, tlv::Tag};

const SEQUENCE: Tag = Tag(0x30);
const SET: Tag = Tag(0x31);
const BIT_STRING: Tag = Tag(0x03);

/// EF.DG13: what the issuer likes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dg13 {
    /// Optional details, in no known form.
    pub details: Personal<Vec<u8>>,
}

/// EF.DG14: security options.
#[derive(Clone, PartialEq, Eq)]
pub struct Dg14 {
    /// `SecurityInfos`, as encoded.
    pub security_infos: Vec<u8>,
}

/// EF.DG15: the public key of active authentication.
#[derive(Clone, PartialEq, Eq)]
pub struct Dg15 {
    /// `SubjectPublicKeyInfo`, as encoded.
    pub subject_public_key_info: Vec<u8>,
}

/// A chip's own key names the chip, and so its holder: it is not shown.
impl fmt::Debug for Dg14 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dg14").finish_non_exhaustive()
    }
}

/// As [`Dg14`].
impl fmt::Debug for Dg15 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dg15").finish_non_exhaustive()
    }
}

impl Dg13 {
    /// Parses the file.
    ///
    /// # Errors
    /// Misbehaviour if it is not one object of its tag.
    pub fn parse(content: &[u8]) -> Result<Self, CardError> {
        let template = Template { what: DataGroup::DG13.name() };
        let details = template.open(DataGroup::DG13.tag(), content)?;
        Ok(Self { details: Personal::from(details.rest()) })
    }
}

impl Dg14 {
    /// Parses the file.
    ///
    /// # Errors
    /// Misbehaviour, with the place of the fault.
    pub fn parse(content: &[u8]) -> Result<Self, CardError> {
        let template = Template { what: DataGroup::DG14.name() };
        let mut fields = template.open(DataGroup::DG14.tag(), content)?;
        let infos = template.expect(&mut fields, SET)?;
        fields.end().map_err(|error| template.fault(error))?;
        Ok(Self { security_infos: infos.encoded.to_vec() })
    }
}

impl Dg15 {
    /// Parses the file.
    ///
    /// # Errors
    /// Misbehaviour, with the place of the fault.
    pub fn parse(content: &[u8]) -> Result<Self, CardError> {
        let template = Template { what: DataGroup::DG15.name() };
        let mut fields = template.open(DataGroup::DG15.tag(), content)?;
        let info = template.expect(&mut fields, SEQUENCE)?;
        fields.end().map_err(|error| template.fault(error))?;
        let mut parts = info.children();
        template.expect(&mut parts, SEQUENCE)?;
        template.expect(&mut parts, BIT_STRING)?;
        parts.end().map_err(|error| template.fault(error))?;
        Ok(Self { subject_public_key_info: info.encoded.to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        lds::{tr_03105_5, truncation::refused_wherever_cut},
        security_infos::SecurityInfos,
        test_hex::hex,
        tlv::encode,
    };

    #[test]
    fn the_groups_of_the_tr_03105_5_set_are_located() {
        let infos = Dg14::parse(&hex(tr_03105_5::DG14)).unwrap().security_infos;
        assert_eq!(infos, hex(tr_03105_5::DG14)[4..]);
        assert!(SecurityInfos::parse("DG14", &infos).is_ok());
        let key = Dg15::parse(&hex(tr_03105_5::DG15)).unwrap().subject_public_key_info;
        assert_eq!(key, hex(tr_03105_5::DG15)[3..]);
    }

    #[test]
    fn optional_details_are_kept_as_they_are() {
        assert_eq!(*Dg13::parse(&hex("6D03AABBCC")).unwrap().details, hex("AABBCC"));
        assert!(Dg13::parse(&hex("6B03AABBCC")).is_err());
    }

    #[test]
    fn a_file_that_is_cut_is_refused() {
        refused_wherever_cut(&hex("6D03AABBCC"), Dg13::parse);
        refused_wherever_cut(&hex(tr_03105_5::DG14), Dg14::parse);
        refused_wherever_cut(&hex(tr_03105_5::DG15), Dg15::parse);
        assert!(Dg14::parse(&hex("6E023000")).is_err());
        assert!(Dg15::parse(&hex("6F0430023000")).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_end_in_a_group_or_a_fault(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = Dg13::parse(&bytes);
            let _ = Dg14::parse(&encode(Tag(0x6E), &bytes));
            let _ = Dg15::parse(&encode(Tag(0x6F), &bytes));
        }
    }
}

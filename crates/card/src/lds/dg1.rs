//! EF.DG1: the machine readable zone (ICAO Doc 9303-10, section on DG1).

use super::{DataGroup, Mrz, template::Template};
use crate::{
    error::{CardError, Misbehaviour},
    tlv::Tag,
};

/// EF.DG1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dg1 {
    /// The zone.
    pub mrz: Mrz,
}

impl Dg1 {
    /// Parses the file.
    ///
    /// # Errors
    /// Misbehaviour, with field and position where the zone is at fault.
    pub fn parse(content: &[u8]) -> Result<Self, CardError> {
        let template = Template { what: DataGroup::DG1.name() };
        let mut fields = template.open(DataGroup::DG1.tag(), content)?;
        let zone = template.expect(&mut fields, Tag(0x5F1F))?;
        fields.end().map_err(|error| template.fault(error))?;
        Ok(Self { mrz: Mrz::parse(zone.value).map_err(Misbehaviour::from)? })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        lds::{
            mrz::{MrzError, MrzFault, MrzField},
            tr_03105_5,
            truncation::refused_wherever_cut,
        },
        test_hex::hex,
        tlv::encode,
    };

    #[test]
    fn the_zone_of_the_tr_03105_5_set_is_read() {
        let mrz = Dg1::parse(&hex(tr_03105_5::DG1)).unwrap().mrz;
        assert_eq!(mrz.number.as_str(), "C11T002JM");
        assert_eq!((mrz.name.primary.as_str(), mrz.name.secondary.as_str()), ("MUSTERMANN", "ERIKA"));
        assert_eq!((mrz.issuer.as_str(), mrz.nationality.as_str()), ("D", "D"));
        assert_eq!(mrz.key().information(), "C11T002JM496081222310314");
    }

    #[test]
    fn a_wrong_check_digit_is_named_with_its_place() {
        let mut content = hex(tr_03105_5::DG1);
        // the last character is the composite check digit
        *content.last_mut().unwrap() = b'5';
        let expected =
            MrzError { field: MrzField::CompositeDigit, position: 87, fault: MrzFault::CheckDigit };
        let error = Dg1::parse(&content).unwrap_err();
        assert_eq!(error, CardError::Misbehaved(Misbehaviour::Mrz(expected)));
        assert_eq!(
            error.to_string(),
            "the card misbehaved: DG1: the machine readable zone is wrong at character 87 (composite check digit): the check digit is wrong"
        );
    }

    #[test]
    fn a_file_that_is_cut_is_refused() {
        refused_wherever_cut(&hex(tr_03105_5::DG1), Dg1::parse);
    }

    proptest! {
        #[test]
        fn any_bytes_end_in_a_zone_or_a_fault(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
            let _ = Dg1::parse(&bytes);
            let _ = Dg1::parse(&encode(Tag(0x61), &encode(Tag(0x5F1F), &bytes)));
        }
    }
}

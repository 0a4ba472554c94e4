//! EF.DG16: persons to notify (ICAO Doc 9303-10, section on DG16).

use super::{
    DataGroup, FullDate,
    national_name::NationalName,
    template::{Template, Text},
};
use crate::{error::CardError, tlv::Tlv};

/// Most persons: their templates are A1 to AF.
const MAX_PERSONS: usize = 15;

/// EF.DG16.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dg16 {
    /// The persons.
    pub persons: Vec<PersonToNotify>,
}

/// A person to notify.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonToNotify {
    /// Date on which it was recorded (5F50).
    pub recorded: Option<FullDate>,
    /// Name (5F51).
    pub name: Option<NationalName>,
    /// Telephone (5F52).
    pub telephone: Option<Text>,
    /// Address (5F53).
    pub address: Option<Text>,
}

impl Dg16 {
    /// Parses the file.
    ///
    /// # Errors
    /// Misbehaviour, with the place of the fault or the field that is at fault.
    pub fn parse(content: &[u8]) -> Result<Self, CardError> {
        let template = Template { what: DataGroup::DG16.name() };
        let mut fields = template.open(DataGroup::DG16.tag(), content)?;
        let count = template.count(&mut fields, MAX_PERSONS)?;
        let mut persons = Vec::with_capacity(count);
        while let Some(person) = template.next(&mut fields)? {
            if !matches!(person.tag.0, 0xA1..=0xAF) || persons.len() == count {
                return Err(template.wrong("number of persons"));
            }
            persons.push(PersonToNotify::parse(template, &person)?);
        }
        if persons.len() == count { Ok(Self { persons }) } else { Err(template.wrong("number of persons")) }
    }
}

impl PersonToNotify {
    fn parse(template: Template, person: &Tlv<'_>) -> Result<Self, CardError> {
        let mut parsed = Self::default();
        let mut fields = person.children();
        while let Some(field) = template.next(&mut fields)? {
            let value = field.value;
            match field.tag.0 {
                0x5F50 => {
                    let date = template.date("date recorded", value)?;
                    template.once(&mut parsed.recorded, "date recorded", date)?;
                }
                0x5F51 => {
                    let name = NationalName(template.text("name", value)?);
                    template.once(&mut parsed.name, "name", name)?;
                }
                0x5F52 => {
                    template.once(&mut parsed.telephone, "telephone", template.text("telephone", value)?)?;
                }
                0x5F53 => {
                    template.once(&mut parsed.address, "address", template.text("address", value)?)?;
                }
                _ => {}
            }
        }
        Ok(parsed)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        lds::truncation::refused_wherever_cut,
        test_hex::hex,
        tlv::{Tag, encode},
    };

    /// Sample of 9303-10, appendix A.
    const SAMPLE: &str = concat!(
        "7081A2020102A14C5F500832303032303130315F5110534D4954483C3C434841524C45533C525F520B31393532353535313231325F53",
        "1D313233204D41504C452052443C414E59544F574E3C4D4E3C3535313030A24F5F500832303032303331355F510D42524F574E3C3C4D",
        "4152593C4A5F520B31343135353535313231325F5323343920524544574F4F44204C4E3C4F4345414E20425245455A453C43413C3934303030"
    );

    #[test]
    fn the_sample_of_9303_10_is_read() {
        let persons = Dg16::parse(&hex(SAMPLE)).unwrap().persons;
        assert_eq!(persons.len(), 2);
        let name = persons[0].name.as_ref().unwrap();
        assert_eq!((name.primary().as_str(), name.secondary().as_str()), ("SMITH", "CHARLES R"));
        assert_eq!(persons[0].telephone.as_ref().unwrap().as_str(), "19525551212");
        assert_eq!(persons[0].address.as_ref().unwrap().as_str(), "123 MAPLE RD<ANYTOWN<MN<55100");
        let recorded = persons[1].recorded.unwrap();
        assert_eq!((recorded.year, recorded.month, recorded.day), (Some(2002), Some(3), Some(15)));
        assert_eq!(persons[1].name.as_ref().unwrap().as_str(), "BROWN<<MARY<J");
    }

    #[test]
    fn another_number_of_persons_is_refused() {
        for content in ["7005020101B100", "7003020101", "7003020110", "7007020101A100A200"] {
            assert!(Dg16::parse(&hex(content)).is_err(), "{content}");
        }
        assert_eq!(Dg16::parse(&hex("7003020100")).unwrap().persons, []);
    }

    #[test]
    fn a_file_that_is_cut_is_refused() {
        refused_wherever_cut(&hex(SAMPLE), Dg16::parse);
    }

    proptest! {
        #[test]
        fn any_bytes_end_in_a_group_or_a_fault(at in any::<prop::sample::Index>(), with in any::<u8>(), bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = Dg16::parse(&bytes);
            let _ = Dg16::parse(&encode(Tag(0x70), &bytes));
            let mut content = hex(SAMPLE);
            let at = at.index(content.len());
            content[at] = with;
            let _ = Dg16::parse(&content);
        }
    }
}

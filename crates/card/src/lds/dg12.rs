//! EF.DG12: more about the document (ICAO Doc 9303-10, section on DG12).

use std::fmt;

use super::{
    DataGroup, FullDate, Image,
    national_name::NationalName,
    template::{Template, Text, digits},
};
use crate::{
    error::CardError,
    tlv::{Tag, Tlv},
};

/// Most other persons.
const MAX_OTHER_PERSONS: usize = 32;

/// EF.DG12. Every field is optional; texts are UTF-8 and kept as they stand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dg12 {
    /// Issuing authority (5F19).
    pub issuing_authority: Option<Text>,
    /// Date of issue (5F26).
    pub issued: Option<FullDate>,
    /// Names of other persons (5F1A).
    pub other_persons: Vec<NationalName>,
    /// Endorsements and observations (5F1B).
    pub endorsements: Option<Text>,
    /// Tax and exit requirements (5F1C).
    pub tax_and_exit: Option<Text>,
    /// Image of the front (5F1D).
    pub front: Option<Image>,
    /// Image of the rear (5F1E).
    pub rear: Option<Image>,
    /// Date and time of personalisation (5F55).
    pub personalised: Option<Personalisation>,
    /// Serial number of the personalisation system (5F56).
    pub system: Option<Text>,
}

/// Date and time of personalisation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Personalisation {
    /// The day.
    pub date: FullDate,
    /// Hour, minute and second.
    pub time: (u8, u8, u8),
}

impl Dg12 {
    /// Parses the file.
    ///
    /// # Errors
    /// Misbehaviour, with the place of the fault or the field that is at fault.
    pub fn parse(content: &[u8]) -> Result<Self, CardError> {
        let template = Template { what: DataGroup::DG12.name() };
        let mut fields = template.open(DataGroup::DG12.tag(), content)?;
        let mut group = Self::default();
        while let Some(field) = template.next(&mut fields)? {
            group.take(template, &field)?;
        }
        Ok(group)
    }

    fn take(&mut self, template: Template, field: &Tlv<'_>) -> Result<(), CardError> {
        let (slot, element) = match field.tag.0 {
            0x5F26 => {
                let date = template.date("date of issue", field.value)?;
                return template.once(&mut self.issued, "date of issue", date);
            }
            0xA0 => return self.take_other_persons(template, field),
            0x5F1D => {
                let image = template.image(field.value)?;
                return template.once(&mut self.front, "image of the front", image);
            }
            0x5F1E => {
                let image = template.image(field.value)?;
                return template.once(&mut self.rear, "image of the rear", image);
            }
            0x5F55 => {
                const ELEMENT: &str = "date and time of personalisation";
                let moment = Personalisation::parse(field.value).ok_or_else(|| template.wrong(ELEMENT))?;
                return template.once(&mut self.personalised, ELEMENT, moment);
            }
            0x5F19 => (&mut self.issuing_authority, "issuing authority"),
            0x5F1B => (&mut self.endorsements, "endorsements and observations"),
            0x5F1C => (&mut self.tax_and_exit, "tax and exit requirements"),
            0x5F56 => (&mut self.system, "serial number of the personalisation system"),
            // the tag list (5C) says only what follows; what else a country adds is not ours to read
            _ => return Ok(()),
        };
        template.once(slot, element, template.text(element, field.value)?)
    }

    fn take_other_persons(&mut self, template: Template, field: &Tlv<'_>) -> Result<(), CardError> {
        if !self.other_persons.is_empty() {
            return Err(template.wrong("other persons"));
        }
        self.other_persons = template.names("other persons", field, Tag(0x5F1A), MAX_OTHER_PERSONS)?;
        Ok(())
    }
}

impl Personalisation {
    /// CCYYMMDDhhmmss as fourteen characters, or as seven bytes of BCD.
    fn parse(value: &[u8]) -> Option<Self> {
        let (date, time) = match value.len() {
            14 => value.split_at_checked(8)?,
            7 => value.split_at_checked(4)?,
            _ => return None,
        };
        let [h1, h2, m1, m2, s1, s2] = digits::<6>(time)?;
        let number = |tens: Option<u8>, units: Option<u8>| Some(tens? * 10 + units?);
        let (hour, minute, second) = (number(h1, h2)?, number(m1, m2)?, number(s1, s2)?);
        if hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        Some(Self { date: FullDate::parse(date)?, time: (hour, minute, second) })
    }
}

impl fmt::Debug for Personalisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Personalisation(personal)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        error::Misbehaviour,
        lds::{image::tests::JPEG, truncation::refused_wherever_cut},
        test_hex::hex,
        tlv::encode,
    };

    fn file(fields: &[(u32, &[u8])]) -> Vec<u8> {
        let fields: Vec<u8> = fields.iter().flat_map(|(tag, value)| encode(Tag(*tag), value)).collect();
        encode(DataGroup::DG12.tag(), &fields)
    }

    fn full() -> Vec<u8> {
        let persons = [&[0x02, 0x01, 0x01][..], &encode(Tag(0x5F1A), "ليلى".as_bytes())].concat();
        file(&[
            (0x5C, &hex("5F195F26A05F1B5F1C5F1D5F1E5F555F56")),
            (0x5F19, "المديرية العامة للأمن الوطني".as_bytes()),
            (0x5F26, b"20200315"),
            (0xA0, &persons),
            (0x5F1B, b"NONE"),
            (0x5F1C, b"FREE"),
            (0x5F1D, &hex(JPEG)),
            (0x5F1E, &hex(JPEG)),
            (0x5F55, b"20200315235960"),
            (0x5F56, b"SN1"),
        ])
    }

    #[test]
    fn every_field_is_read() {
        let group = Dg12::parse(&full()).unwrap();
        assert_eq!(group.issuing_authority.as_ref().unwrap().as_str(), "المديرية العامة للأمن الوطني");
        assert_eq!(group.issued.unwrap().year, Some(2020));
        assert_eq!(group.other_persons[0].as_str(), "ليلى");
        assert_eq!(group.personalised.unwrap().time, (23, 59, 60));
        assert!(group.front.is_some() && group.rear.is_some() && group.tax_and_exit.is_some());
        assert_eq!(group.system.as_ref().unwrap().as_str(), "SN1");
        let bcd =
            Dg12::parse(&file(&[(0x5F55, &hex("20200315120000")), (0x5F26, &hex("20200315"))])).unwrap();
        assert_eq!(bcd.personalised.unwrap().date.day, Some(15));
        assert_eq!(Dg12::parse(&hex("6C00")).unwrap(), Dg12::default());
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_name() {
        let fault = |fields: &[(u32, &[u8])]| Dg12::parse(&file(fields)).unwrap_err();
        let element = |element| CardError::from(Misbehaviour::Element { what: "DG12", element });
        assert_eq!(fault(&[(0x5F26, b"2020031")]), element("date of issue"));
        assert_eq!(fault(&[(0x5F55, b"20200315240000")]), element("date and time of personalisation"));
        assert_eq!(fault(&[(0x5F55, b"202003152")]), element("date and time of personalisation"));
        assert_eq!(fault(&[(0xA0, &hex("0201015F0F0141"))]), element("other persons"));
        assert!(matches!(
            fault(&[(0x5F19, b"\xFF")]),
            CardError::Misbehaved(Misbehaviour::NotUtf8 { what: "DG12", element: "issuing authority" })
        ));
    }

    #[test]
    fn a_file_that_is_cut_is_refused() {
        refused_wherever_cut(&full(), Dg12::parse);
    }

    proptest! {
        #[test]
        fn any_bytes_end_in_a_group_or_a_fault(at in any::<prop::sample::Index>(), with in any::<u8>(), bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = Dg12::parse(&bytes);
            let _ = Dg12::parse(&encode(Tag(0x6C), &bytes));
            let mut content = full();
            let at = at.index(content.len());
            content[at] = with;
            let _ = Dg12::parse(&content);
        }
    }
}

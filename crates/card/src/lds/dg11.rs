//! EF.DG11: more about the person (ICAO Doc 9303-10, section on DG11).

use super::{
    DataGroup, FullDate, Image,
    national_name::NationalName,
    template::{Template, Text},
};
use crate::{
    error::CardError,
    tlv::{Tag, Tlv},
};

/// Most other names.
const MAX_OTHER_NAMES: usize = 32;

/// EF.DG11. Every field is optional; texts are UTF-8 and kept as they stand, parts divided by `<`
/// (see [`parts`](super::parts)).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dg11 {
    /// Full name in national characters (5F0E).
    pub full_name: Option<NationalName>,
    /// Other names (5F0F).
    pub other_names: Vec<NationalName>,
    /// Personal number (5F10).
    pub personal_number: Option<Text>,
    /// Full date of birth (5F2B).
    pub birth: Option<FullDate>,
    /// Place of birth (5F11).
    pub place_of_birth: Option<Text>,
    /// Permanent address (5F42).
    pub address: Option<Text>,
    /// Telephone (5F12).
    pub telephone: Option<Text>,
    /// Profession (5F13).
    pub profession: Option<Text>,
    /// Title (5F14).
    pub title: Option<Text>,
    /// Personal summary (5F15).
    pub summary: Option<Text>,
    /// Proof of citizenship (5F16): an image.
    pub proof_of_citizenship: Option<Image>,
    /// Numbers of other valid travel documents (5F17).
    pub other_documents: Option<Text>,
    /// Custody information (5F18).
    pub custody: Option<Text>,
}

impl Dg11 {
    /// Parses the file.
    ///
    /// # Errors
    /// Misbehaviour, with the place of the fault or the field that is at fault.
    pub fn parse(content: &[u8]) -> Result<Self, CardError> {
        let template = Template { what: DataGroup::DG11.name() };
        let mut fields = template.open(DataGroup::DG11.tag(), content)?;
        let mut group = Self::default();
        while let Some(field) = template.next(&mut fields)? {
            group.take(template, &field)?;
        }
        Ok(group)
    }

    fn take(&mut self, template: Template, field: &Tlv<'_>) -> Result<(), CardError> {
        let (slot, element) = match field.tag.0 {
            0x5F0E => {
                let name = NationalName(template.text("full name", field.value)?);
                return template.once(&mut self.full_name, "full name", name);
            }
            0xA0 => return self.take_other_names(template, field),
            0x5F2B => {
                let date = template.date("full date of birth", field.value)?;
                return template.once(&mut self.birth, "full date of birth", date);
            }
            0x5F16 => {
                let image = template.image(field.value)?;
                return template.once(&mut self.proof_of_citizenship, "proof of citizenship", image);
            }
            0x5F10 => (&mut self.personal_number, "personal number"),
            0x5F11 => (&mut self.place_of_birth, "place of birth"),
            0x5F42 => (&mut self.address, "permanent address"),
            0x5F12 => (&mut self.telephone, "telephone"),
            0x5F13 => (&mut self.profession, "profession"),
            0x5F14 => (&mut self.title, "title"),
            0x5F15 => (&mut self.summary, "personal summary"),
            0x5F17 => (&mut self.other_documents, "other travel documents"),
            0x5F18 => (&mut self.custody, "custody information"),
            // the tag list (5C) says only what follows; what else a country adds is not ours to read
            _ => return Ok(()),
        };
        template.once(slot, element, template.text(element, field.value)?)
    }

    fn take_other_names(&mut self, template: Template, field: &Tlv<'_>) -> Result<(), CardError> {
        if !self.other_names.is_empty() {
            return Err(template.wrong("other names"));
        }
        self.other_names = template.names("other names", field, Tag(0x5F0F), MAX_OTHER_NAMES)?;
        Ok(())
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

    /// Sample of 9303-10, appendix A.
    const SAMPLE: &str = concat!(
        "6B605C0A5F0E5F115F425F125F135F0E0D534D4954483C3C4A4F484E3C4A5F110A414E59544F574E3C4D4E5F4217313233204D41504C",
        "452052443C414E59544F574E3C4D4E5F120B31363132353535313231325F130C54524156454C3C4147454E54"
    );

    fn file(fields: &[(u32, &[u8])]) -> Vec<u8> {
        let fields: Vec<u8> = fields.iter().flat_map(|(tag, value)| encode(Tag(*tag), value)).collect();
        encode(DataGroup::DG11.tag(), &fields)
    }

    #[test]
    fn the_sample_of_9303_10_is_read() {
        let group = Dg11::parse(&hex(SAMPLE)).unwrap();
        let text = |text: &Option<Text>| text.as_ref().unwrap().to_string();
        assert_eq!(group.full_name.as_ref().unwrap().as_str(), "SMITH<<JOHN<J");
        assert_eq!(text(&group.place_of_birth), "ANYTOWN<MN");
        assert_eq!(text(&group.address), "123 MAPLE RD<ANYTOWN<MN");
        assert_eq!(text(&group.telephone), "16125551212");
        assert_eq!(text(&group.profession), "TRAVEL<AGENT");
        assert_eq!((&group.personal_number, &group.birth, &group.custody), (&None, &None, &None));
    }

    #[test]
    fn arabic_names_and_every_field_are_kept_as_they_stand() {
        let names = [
            &[0x02, 0x01, 0x02][..],
            &encode(Tag(0x5F0F), "ابن سينا".as_bytes()),
            &encode(Tag(0x5F0F), b"AVICENNA"),
        ];
        let group = Dg11::parse(&file(&[
            (0x5C, &hex("5F0E5F10")),
            (0x5F0E, "العلوي<<فاطمة الزهراء".as_bytes()),
            (0xA0, &names.concat()),
            (0x5F10, b"AB123456"),
            (0x5F2B, b"19740812"),
            (0x5F11, "الرباط<المغرب".as_bytes()),
            (0x5F14, "د.".as_bytes()),
            (0x5F15, b"SUMMARY"),
            (0x5F16, &hex(JPEG)),
            (0x5F17, b"X1<Y2"),
            (0x5F18, b"CUSTODY"),
            (0x5F44, b"NOT OURS"),
        ]))
        .unwrap();
        let name = group.full_name.as_ref().unwrap();
        assert_eq!((name.primary().as_str(), name.secondary().as_str()), ("العلوي", "فاطمة الزهراء"));
        assert_eq!(
            group.other_names.iter().map(NationalName::as_str).collect::<Vec<_>>(),
            ["ابن سينا", "AVICENNA"]
        );
        assert_eq!(group.birth.unwrap().year, Some(1974));
        assert_eq!(group.place_of_birth.as_ref().unwrap().as_str(), "الرباط<المغرب");
        assert!(group.proof_of_citizenship.is_some() && group.custody.is_some() && group.title.is_some());
        // nothing of it shows in debug output
        let shown = format!("{group:?}");
        assert!(
            !shown.contains("AB123456") && !shown.contains("فاطمة") && !shown.contains("1974"),
            "{shown}"
        );
    }

    #[test]
    fn what_is_no_text_date_or_count_is_refused_by_name() {
        let fault = |fields: &[(u32, &[u8])]| Dg11::parse(&file(fields)).unwrap_err();
        let element = |element| CardError::from(Misbehaviour::Element { what: "DG11", element });
        let text = |element| CardError::from(Misbehaviour::NotUtf8 { what: "DG11", element });
        // Latin-1, and a character cut in its middle
        assert_eq!(fault(&[(0x5F0E, b"M\xFCLLER")]), text("full name"));
        assert_eq!(fault(&[(0x5F42, &"ع".as_bytes()[..1])]), text("permanent address"));
        assert_eq!(fault(&[(0x5F2B, b"19741312")]), element("full date of birth"));
        assert_eq!(fault(&[(0x5F10, b"1"), (0x5F10, b"2")]), element("personal number"));
        assert_eq!(fault(&[(0x5F16, b"GIF89a")]), element("image in JPEG or JPEG 2000"));
        assert_eq!(fault(&[(0xA0, &hex("0201025F0F0141"))]), element("other names"));
        assert_eq!(fault(&[(0xA0, &hex("0201005F0F0141"))]), element("other names"));
        assert_eq!(fault(&[(0xA0, &hex("0201015F0E0141"))]), element("other names"));
        assert_eq!(fault(&[(0xA0, &hex("020121"))]), element("number of instances"));
    }

    #[test]
    fn a_file_that_is_cut_is_refused() {
        refused_wherever_cut(&hex(SAMPLE), Dg11::parse);
    }

    proptest! {
        #[test]
        fn any_bytes_end_in_a_group_or_a_fault(at in any::<prop::sample::Index>(), with in any::<u8>(), bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = Dg11::parse(&bytes);
            let _ = Dg11::parse(&encode(Tag(0x6B), &bytes));
            let mut content = hex(SAMPLE);
            let at = at.index(content.len());
            content[at] = with;
            let _ = Dg11::parse(&content);
        }
    }
}

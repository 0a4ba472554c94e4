//! EF.COM: what an application says of itself (ICAO Doc 9303-10, section 4.6).
//!
//! It is signed by nobody: informative only. What exists is what EF.SOD lists.

use super::{DataGroup, ElementaryFile, template::Template};
use crate::{error::CardError, tlv::Tag};

/// Most tags that are looked at.
const MAX_TAGS: usize = 32;

/// EF.COM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Com {
    /// Version of the data structure (5F01): version and update level.
    pub lds_version: (u8, u8),
    /// Version of Unicode (5F36): major, minor and release.
    pub unicode_version: (u8, u8, u8),
    /// Data groups that are listed (5C).
    pub groups: Vec<DataGroup>,
}

impl Com {
    /// Parses the file.
    ///
    /// # Errors
    /// Misbehaviour, with the place of the fault.
    pub fn parse(content: &[u8]) -> Result<Self, CardError> {
        let template = Template { what: ElementaryFile::Com.name() };
        let mut fields = template.open(ElementaryFile::Com.tag(), content)?;
        let lds_version = template.expect(&mut fields, Tag(0x5F01))?.value;
        let unicode_version = template.expect(&mut fields, Tag(0x5F36))?.value;
        let list = template.expect(&mut fields, Tag(0x5C))?.value;
        let (Some([version, update]), Some([major, minor, release])) =
            (numbers(lds_version), numbers(unicode_version))
        else {
            return Err(template.wrong("version"));
        };
        let mut groups = Vec::new();
        for tag in list.iter().take(MAX_TAGS).map(|tag| Tag(u32::from(*tag))) {
            groups.extend(DataGroup::from_tag(tag).filter(|group| !groups.contains(group)));
        }
        Ok(Self { lds_version: (version, update), unicode_version: (major, minor, release), groups })
    }
}

/// Pairs of decimal digits.
fn numbers<const N: usize>(digits: &[u8]) -> Option<[u8; N]> {
    let mut numbers = [0; N];
    if digits.len() != 2 * N || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    for (number, pair) in numbers.iter_mut().zip(digits.chunks(2)) {
        *number = pair.iter().fold(0, |number, digit| number * 10 + (digit - b'0'));
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{lds::truncation::refused_wherever_cut, test_hex::hex, tlv::encode};

    #[test]
    fn the_samples_of_9303_11_and_tr_03105_are_read() {
        let com = Com::parse(&hex("60145F0104303130365F36063034303030305C026175")).unwrap();
        assert_eq!(com.groups, [DataGroup::DG1, DataGroup::DG2]);
        let com = Com::parse(&hex("60175F0104303130375F36063034303030305C05617563766E")).unwrap();
        assert_eq!((com.lds_version, com.unicode_version), ((1, 7), (4, 0, 0)));
        let groups = [DataGroup::DG1, DataGroup::DG2, DataGroup::DG3, DataGroup::DG4, DataGroup::DG14];
        assert_eq!(com.groups, groups);
    }

    #[test]
    fn a_file_that_is_cut_or_spoiled_is_refused() {
        refused_wherever_cut(&hex("60145F0104303130365F36063034303030305C026175"), Com::parse);
        assert!(Com::parse(&hex("60145F0104303130415F36063034303030305C026175")).is_err());
        assert!(Com::parse(&hex("60145F0104303130365F36063034303030305C02617500")).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_end_in_a_list_or_a_fault(at in any::<prop::sample::Index>(), with in any::<u8>(), bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let mut content = hex("60145F0104303130365F36063034303030305C026175");
            let at = at.index(content.len());
            content[at] = with;
            let _ = Com::parse(&content);
            let _ = Com::parse(&bytes);
            let _ = Com::parse(&encode(Tag(0x60), &bytes));
        }
    }
}

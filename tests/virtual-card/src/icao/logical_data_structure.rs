//! The files of the travel document application (ICAO Doc 9303-10, sections 3.6, 3.11 and 4.7).

mod personal_details;
mod portrait;

pub use portrait::{BiometricEncoding, PortraitFormat, PortraitOrder};

use crate::{
    ber_tlv::{constructed, object},
    file_system::{Access, FileRef, FileSystem, Right},
    icao::mrz::Mrz,
    person::Person,
};

/// The application of a travel document.
pub const APPLICATION: [u8; 7] = [0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01];

/// The file identifier of EF.COM; its short identifier is the low byte.
const EF_COM: u16 = 0x011E;
/// The file identifier of EF.SOD.
const EF_SOD: u16 = 0x011D;

/// One data group.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct DataGroup {
    /// 1 to 16.
    pub(crate) number: u8,
    /// The file's bytes, tag and all.
    pub(crate) content: Vec<u8>,
}

/// The tags of the data groups, in order (table 37).
const TAGS: [u8; 16] =
    [0x61, 0x75, 0x63, 0x76, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70];

impl DataGroup {
    pub(crate) fn new(number: u8, value: &[u8]) -> Self {
        Self { number, content: object(tag(number), value) }
    }
}

fn tag(number: u8) -> u32 {
    let index = usize::from(number.saturating_sub(1));
    TAGS.get(index).copied().map_or(0, u32::from)
}

/// The data groups that tell about the person: 1, 2, 3, 5, 7, 11, 12, 13, 16.
pub(crate) fn personal(person: &Person, mrz: &Mrz, portrait: &PortraitOrder) -> Vec<DataGroup> {
    let picture = portrait::picture(PortraitFormat::Jpeg, 0);
    vec![
        DataGroup::new(1, &object(0x5F1F, mrz.text().as_bytes())),
        DataGroup::new(2, &portrait::faces(portrait)),
        DataGroup::new(3, &fingerprints()),
        DataGroup::new(5, &displayed(0x5F40, &picture)),
        DataGroup::new(7, &displayed(0x5F43, &picture)),
        DataGroup::new(11, &personal_details::of_person(person)),
        DataGroup::new(12, &personal_details::of_document(person)),
        DataGroup::new(13, &object(0x5F7F, b"bitaqa test document")),
        DataGroup::new(16, &personal_details::to_notify(person)),
    ]
}

/// A displayed portrait or signature: how many there are, and the image (section 4.7.5, 4.7.7).
fn displayed(tag: u32, image: &[u8]) -> Vec<u8> {
    [object(0x02, &[1]), object(tag, image)].concat()
}

/// Fingerprints that nobody has: the group is there to be refused. A template that holds none, and random-looking bytes so
/// that no two documents have the same group (section 4.7.3.1).
fn fingerprints() -> Vec<u8> {
    object(0x7F61, &[object(0x02, &[0]), object(0x53, &[0x5A; 16])].concat())
}

/// EF.COM (section 4.6.1): versions of data structure and Unicode, and the tags of the groups that are there.
fn common(tags: &[u8]) -> Vec<u8> {
    constructed(0x60, &[object(0x5F01, b"0107"), object(0x5F36, b"040000"), object(0x5C, tags)])
}

/// The tags of these groups.
pub(crate) fn tags(groups: &[DataGroup]) -> Vec<u8> {
    groups.iter().map(|group| tag(group.number).to_be_bytes()[3]).collect()
}

/// Adds the application with its files, which only an opened chip gives out.
pub(crate) fn add_application(
    files: &mut FileSystem,
    id: u16,
    groups: &[DataGroup],
    common_tags: &[u8],
    security_object: Vec<u8>,
) -> FileRef {
    let application = files.add_directory(files.master_file(), id, Some(&APPLICATION));
    let mut add = |id: u16, content: Vec<u8>, access: Access| {
        let file = files.add_file(application, id, content);
        files.set_short_id(file, id.to_be_bytes()[1]);
        files.set_read(file, access);
    };
    add(EF_COM, common(common_tags), Access::AfterOpening);
    add(EF_SOD, security_object, Access::AfterOpening);
    for group in groups {
        let access = match group.number {
            3 => Access::WithRight(Right::Fingerprints),
            4 => Access::WithRight(Right::Irises),
            _ => Access::AfterOpening,
        };
        add(0x0100 | u16::from(group.number), group.content.clone(), access);
    }
    application
}

//! A Bahraini identity card of the years before 2025: the data files of a GCC card, free to read, without PIN.
//!
//! Names of applications, identifiers, offsets and sizes are what four independent public readers agree on. What they do not tell is made up here and marked: the rest of the answer to reset (`BTQ1`), what
//! fills a field (zero bytes), the file identifiers of version 1 (those of version 2), files that nobody parsed (zeros).
//!
//! | version 2 | path | bytes |
//! |---|---|---|
//! | personal data, card, images | `0101 0001`, `0002`, `0003` | 597, 36, 6000 |
//! | address, employment | `0101 0005`, `0006` | 512, 1590 |
//! | immigration | `0301 0001`, `0002`, `0003` | 6, 47, 33 |
//! | traffic | `0201` | no file is known |
//!
//! Version 4 has the files of version 2 and tells its serial number another way.

mod record;
mod resident;

use super::{Certificates, Made};
use crate::{
    atr,
    chip::Contents,
    file_system::{FileRef, FileSystem},
    pki::Pki,
    proprietary::ProprietaryCommand,
    rules::Rules,
    spec::{CardSpec, Generation, SpecError},
};
use record::Record;
use resident::Resident;

/// The application of version 2 and later.
const GCC: [u8; 13] = [0xD4, 0x99, 0x00, 0x00, 0x01, 0x01, 0x01, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01];
/// The applications of version 1: population register, immigration.
const REGISTER_1: [u8; 11] = [0xF0, 0x00, 0x00, 0x00, 0x78, 0x01, 0x00, 0x01, 0x43, 0x50, 0x52];
const IMMIGRATION_1: [u8; 11] = [0xF0, 0x00, 0x00, 0x00, 0x78, 0x01, 0x00, 0x02, 0x49, 0x4D, 0x4D];
/// The card manager, which tells the serial number of version 2.
const CARD_MANAGER: [u8; 16] = [0xA0, 0x00, 0x00, 0x00, 0x18, 0x30, 0x03, 0x01, 0, 0, 0, 0, 0, 0, 0, 0];

const REGISTER: u16 = 0x0101;
const TRAFFIC: u16 = 0x0201;
const IMMIGRATION: u16 = 0x0301;

/// EF.DIR of version 2.1.
const DIRECTORY: [u8; 9] = [0x3F, 0x00, 0x01, 0x01, 0x9F, 0x08, 0x02, 0x03, 0x11];

/// A grey picture of 24 by 32 points (JPEG, baseline).
pub(crate) const PORTRAIT: &[u8] = include_bytes!("bahrain_2016/grey.jpg");

pub(crate) fn make(spec: &CardSpec, _: &Pki) -> Result<Made, SpecError> {
    let resident = Resident::of(&spec.holder()?);
    let contents = match spec.generation {
        Some(Generation::V1) => version_1(&resident),
        Some(Generation::V4) => version_2(&resident, atr::BAHRAIN_4.to_vec(), Generation::V4),
        _ => version_2(&resident, atr::BAHRAIN_2.to_vec(), Generation::V2),
    };
    Ok(Made { contents, certificates: Certificates::default() })
}

fn version_2(resident: &Resident, atr: Vec<u8>, generation: Generation) -> Contents {
    let mut files = FileSystem::new(None);
    let master = files.master_file();
    if generation == Generation::V2 {
        files.add_file(master, 0x2F00, DIRECTORY.to_vec());
    }
    let application = files.add_directory(master, 0x1000, Some(&GCC));
    let register = files.add_directory(application, REGISTER, None);
    for (id, content) in [
        (0x0001, resident.personal_data(0, 201).put(585, 1, resident.sex).finish(597)),
        (0x0002, resident.card()),
        (0x0003, images(0, 6000)),
        (0x0005, resident.address()),
        (0x0006, vec![0; 1590]),
    ] {
        files.add_file(register, id, content);
    }
    files.add_directory(application, TRAFFIC, None);
    let immigration = files.add_directory(application, IMMIGRATION, None);
    for (id, size) in [(0x0001, 6), (0x0002, 47), (0x0003, 33)] {
        files.add_file(immigration, id, vec![0; size]);
    }
    let number = resident.serial_number();
    let serial = if generation == Generation::V4 {
        // bytes 3 to 10 of 19 are the number
        fixed([0x80, 0xCA, 0x01, 0x01], None, [&[0; 3][..], &number, &[0; 8]].concat())
    } else {
        let manager = files.add_directory(master, 0x1001, Some(&CARD_MANAGER));
        fixed([0x80, 0xB8, 0x00, 0x00], Some(manager), number.to_vec())
    };
    Contents { proprietary: vec![serial], ..Contents::new(atr, Rules::ISO, files) }
}

/// Everything but the serial number is asked for under class `80`.
fn version_1(resident: &Resident) -> Contents {
    let mut files = FileSystem::new(None);
    let master = files.master_file();
    let register = files.add_directory(master, REGISTER, Some(&REGISTER_1));
    let personal_data = resident
        .personal_data(8, 209)
        .put(593, 1, resident.sex)
        .put(594, 8, resident.birth)
        .put(602, 8, resident.expiry);
    for (id, content) in
        [(0x0001, personal_data.finish(610)), (0x0003, images(6, 6006)), (0x0005, vec![0; 711])]
    {
        files.add_file(register, id, content);
    }
    files.add_directory(master, IMMIGRATION, Some(&IMMIGRATION_1));
    let serial = [&resident.serial_number()[..], &[0]].concat();
    let other_class = |instruction| ProprietaryCommand::OtherClass { class: 0x80, instruction };
    let proprietary =
        vec![fixed([0xD0, 0x02, 0x00, 0x00], None, serial), other_class(0xA4), other_class(0xB0)];
    Contents { proprietary, ..Contents::new(atr::BAHRAIN_1.to_vec(), Rules::ISO, files) }
}

fn fixed(header: [u8; 4], directory: Option<FileRef>, data: Vec<u8>) -> ProprietaryCommand {
    ProprietaryCommand::Fixed { header, directory, data }
}

/// Portrait and signature, 4000 and 2000 bytes of room.
fn images(start: usize, size: usize) -> Vec<u8> {
    Record::default().put_bytes(start, 4000, PORTRAIT).put_bytes(start + 4000, 2000, PORTRAIT).finish(size)
}

//! Records of an archive (APPNOTE 4.3).

use super::{EntryName, ZipFault};

/// `PK\3\4`.
pub(super) const LOCAL: u32 = 0x0403_4b50;
/// `PK\1\2`.
pub(super) const CENTRAL: u32 = 0x0201_4b50;
/// `PK\5\6`.
pub(super) const END: u32 = 0x0605_4b50;
/// `PK\7\8`, which data descriptors may begin with.
pub(super) const DESCRIPTOR: u32 = 0x0807_4b50;
pub(super) const LOCAL_LENGTH: usize = 30;
pub(super) const CENTRAL_LENGTH: usize = 46;
pub(super) const END_LENGTH: usize = 22;

pub(super) const STORED: u16 = 0;
pub(super) const DEFLATED: u16 = 8;
/// Bit 3 of the flags: sizes are behind the data.
pub(super) const SIZES_BEHIND: u16 = 1 << 3;
/// Bit 11: the name is UTF-8.
pub(super) const UTF_8: u16 = 1 << 11;
/// Bits 1 and 2 say how hard it was compressed.
const ACCEPTED_FLAGS: u16 = 0b110 | SIZES_BEHIND | UTF_8;

/// Numbers of a record, one after the other.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn bytes(&mut self, length: usize) -> Result<&'a [u8], ZipFault> {
        let (taken, rest) =
            self.0.split_at_checked(length).ok_or(ZipFault::Damaged("a record is cut short"))?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn u16(&mut self) -> Result<u16, ZipFault> {
        let bytes = self.bytes(2)?;
        bytes.try_into().map(u16::from_le_bytes).map_err(|_| ZipFault::Damaged("a record is cut short"))
    }

    pub(super) fn u32(&mut self) -> Result<u32, ZipFault> {
        let bytes = self.bytes(4)?;
        bytes.try_into().map(u32::from_le_bytes).map_err(|_| ZipFault::Damaged("a record is cut short"))
    }

    pub(super) fn signature(&mut self, expected: u32) -> Result<(), ZipFault> {
        if self.u32()? == expected {
            Ok(())
        } else {
            Err(ZipFault::Damaged("a record is not where it should be"))
        }
    }
}

/// What local header and directory both say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) crc: u32,
    pub(super) packed: u32,
    pub(super) unpacked: u32,
    pub(super) name: EntryName,
    pub(super) has_extra: bool,
}

/// A record of the directory.
#[derive(Debug, Clone)]
pub(super) struct Central {
    pub(super) header: Header,
    pub(super) offset: u32,
}

impl Central {
    pub(super) fn read(fields: &mut Fields<'_>) -> Result<Self, ZipFault> {
        fields.signature(CENTRAL)?;
        fields.u16()?; // made by
        let common = Common::read(fields)?;
        let comment = usize::from(fields.u16()?);
        if fields.u16()? != 0 {
            return Err(ZipFault::Unsupported("several disks"));
        }
        fields.bytes(6)?; // attributes
        let offset = fields.u32()?;
        let header = common.finish(fields)?;
        fields.bytes(comment)?;
        Ok(Self { header, offset })
    }
}

/// Reads a local header; the fields must hold all of it.
pub(super) fn local_header(fields: &mut Fields<'_>) -> Result<Header, ZipFault> {
    fields.signature(LOCAL)?;
    Common::read(fields)?.finish(fields)
}

/// Length of name and extra field, from the first 30 bytes of a local header.
pub(super) fn local_rest(header: &[u8]) -> Result<usize, ZipFault> {
    let mut fields = Fields(header);
    fields.bytes(26)?;
    Ok(usize::from(fields.u16()?) + usize::from(fields.u16()?))
}

struct Common {
    flags: u16,
    method: u16,
    crc: u32,
    packed: u32,
    unpacked: u32,
    name: usize,
    extra: usize,
}

impl Common {
    fn read(fields: &mut Fields<'_>) -> Result<Self, ZipFault> {
        fields.u16()?; // version needed; what it would need is seen by the other fields
        let flags = fields.u16()?;
        let method = fields.u16()?;
        fields.bytes(4)?; // time
        let (crc, packed, unpacked) = (fields.u32()?, fields.u32()?, fields.u32()?);
        if flags & !ACCEPTED_FLAGS != 0 {
            return Err(ZipFault::Unsupported("encryption or reserved flags"));
        }
        if ![STORED, DEFLATED].contains(&method) {
            return Err(ZipFault::Unsupported("another compression than deflate"));
        }
        Ok(Self {
            flags,
            method,
            crc,
            packed,
            unpacked,
            name: usize::from(fields.u16()?),
            extra: usize::from(fields.u16()?),
        })
    }

    fn finish(self, fields: &mut Fields<'_>) -> Result<Header, ZipFault> {
        let name = EntryName::from_bytes(fields.bytes(self.name)?)?;
        let extra = fields.bytes(self.extra)?;
        let wide = check_extra(extra)?;
        let Self { flags, method, crc, .. } = self;
        let [unpacked, packed] = sizes([self.unpacked, self.packed], wide)?;
        Ok(Header { flags, method, crc, packed, unpacked, name, has_extra: !extra.is_empty() })
    }
}

/// Extra fields that change what an entry is called or how long it is (APPNOTE 4.5 and 4.6). Gives the content of the one with
/// sizes in 64 bits, if it is there.
fn check_extra(extra: &[u8]) -> Result<Option<&[u8]>, ZipFault> {
    let mut fields = Fields(extra);
    let mut wide = None;
    while !fields.0.is_empty() {
        let id = fields.u16()?;
        let length = usize::from(fields.u16()?);
        let content = fields.bytes(length)?;
        match id {
            0x0001 if wide.is_none() => wide = Some(content),
            0x0001 => return Err(ZipFault::Unsupported("Zip64")),
            0x7075 => return Err(ZipFault::Unsupported("a second name of an entry")),
            0x0017 | 0x9901 => return Err(ZipFault::Unsupported("encryption or reserved flags")),
            _ => {}
        }
    }
    Ok(wide)
}

/// Sizes that are in the 64-bit field where the others say so (APPNOTE 4.5.3): some programs write it for every entry. They
/// must fit into 32 bits, and say nothing else than what stands in both places.
fn sizes(narrow: [u32; 2], wide: Option<&[u8]>) -> Result<[u32; 2], ZipFault> {
    const REFUSED: ZipFault = ZipFault::Unsupported("Zip64");
    let mut wide = Fields(wide.unwrap_or_default());
    let mut sizes = narrow;
    for (size, narrow) in sizes.iter_mut().zip(narrow) {
        if narrow == u32::MAX || wide.0.len() >= 8 {
            let (low, high) = (wide.u32().map_err(|_| REFUSED)?, wide.u32().map_err(|_| REFUSED)?);
            if high != 0 || low == u32::MAX || ![u32::MAX, low].contains(&narrow) {
                return Err(REFUSED);
            }
            *size = low;
        }
    }
    if wide.0.is_empty() { Ok(sizes) } else { Err(REFUSED) }
}

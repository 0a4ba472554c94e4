//! ZIP archives (APPNOTE 6.3), as little of them as containers need and with one reading only.
//!
//! Every byte of an archive belongs to one entry or to the directory: what is before, between or after them could be read by
//! another program. Local headers and the directory say the same. No encryption, no Zip64, no splitting; stored or deflated. What
//! entries say about their size is checked before and while they are unpacked, piece by piece.

mod crc32;
mod entry_name;
mod fault;
mod fields;
mod reader;
mod writer;

pub use entry_name::EntryName;
pub use fault::ZipFault;
pub use reader::{Entry, Limits, ZipReader};
pub use writer::{Compression, ZipWriter};

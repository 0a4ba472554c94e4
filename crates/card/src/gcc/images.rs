//! EF 0101/0003: portrait and signature, as encoded pictures. Decoding them is nobody's business here.

use super::{Generation, record::Record};
use crate::error::CardError;

const PORTRAIT: usize = 4000;
const SIGNATURE: usize = 2000;
/// What version 1 has before the first.
const VERSION_1_BEGIN: usize = 6;

/// Encoded pictures, without the zeros that fill their room; empty if there is none.
#[derive(Clone, PartialEq, Eq)]
pub struct Images {
    /// The face.
    pub portrait: Vec<u8>,
    /// The signature by hand.
    pub signature: Vec<u8>,
}

impl Images {
    pub(super) const fn size(generation: Generation) -> usize {
        begin(generation) + PORTRAIT + SIGNATURE
    }

    /// Parses the file.
    ///
    /// # Errors
    /// Misbehaviour if it is too short.
    pub fn parse(generation: Generation, content: &[u8]) -> Result<Self, CardError> {
        let record = Record::new(content, Self::size(generation))?;
        let begin = begin(generation);
        Ok(Self {
            portrait: without_filler(record.bytes(begin, PORTRAIT)),
            signature: without_filler(record.bytes(begin + PORTRAIT, SIGNATURE)),
        })
    }
}

const fn begin(generation: Generation) -> usize {
    match generation {
        Generation::V1 => VERSION_1_BEGIN,
        Generation::V2 | Generation::V2_1 | Generation::V4 => 0,
    }
}

fn without_filler(room: &[u8]) -> Vec<u8> {
    let used = room.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    room.get(..used).unwrap_or_default().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_come_without_the_zeros_behind_them() {
        for (generation, begin) in [(Generation::V1, 6), (Generation::V2, 0)] {
            let mut content = vec![0; Images::size(generation)];
            content[begin..begin + 4].copy_from_slice(&[0xFF, 0xD8, 0x00, 0xD9]);
            content[begin + 4000] = 0x42;
            let images = Images::parse(generation, &content).unwrap();
            assert_eq!((images.portrait, images.signature), (vec![0xFF, 0xD8, 0x00, 0xD9], vec![0x42]));
            assert!(Images::parse(generation, &content[1..]).is_err());
        }
        assert!(Images::parse(Generation::V2, &[0; 6000]).unwrap().portrait.is_empty());
    }
}

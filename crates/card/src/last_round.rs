//! Hashing of which the card does the end (IAS ECC, CEN/TS 15480-2, PSO: HASH): the terminal computes all but the last block
//! and hands over the state, the number of bits that went into it, and the rest of the message.

use sha2::block_api::{compress256, compress512};

use crate::{
    signature::Hash,
    tlv::{Tag, encode},
};

/// Initial values (FIPS 180-4, sections 5.3.3 to 5.3.5).
const SHA256: [u32; 8] =
    [0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19];
const SHA384: [u64; 8] = [
    0xCBBB_9D5D_C105_9ED8,
    0x629A_292A_367C_D507,
    0x9159_015A_3070_DD17,
    0x152F_ECD8_F70E_5939,
    0x6733_2667_FFC0_0B31,
    0x8EB4_4A87_6858_1511,
    0xDB0C_2E0D_64F9_8FA7,
    0x47B5_481D_BEFA_4FA4,
];
const SHA512: [u64; 8] = [
    0x6A09_E667_F3BC_C908,
    0xBB67_AE85_84CA_A73B,
    0x3C6E_F372_FE94_F82B,
    0xA54F_F53A_5F1D_36F1,
    0x510E_527F_ADE6_82D1,
    0x9B05_688C_2B3E_6C1F,
    0x1F83_D9AB_FB41_BD6B,
    0x5BE0_CD19_137E_2179,
];

/// Data field of PSO: HASH: 90 with state and bit counter (empty where the message fits the last block), 80 with the rest,
/// which is never empty unless the message is.
pub(crate) fn template(hash: Hash, message: &[u8]) -> Vec<u8> {
    let block = match hash {
        Hash::Sha256 => 64,
        Hash::Sha384 | Hash::Sha512 => 128,
    };
    // the card's round needs something to hash: a message of whole blocks keeps its last
    let hashed = message.len().saturating_sub(1) / block * block;
    let (begin, rest) = message.split_at_checked(hashed).unwrap_or((&[], message));
    let mut state = Vec::new();
    if !begin.is_empty() {
        match hash {
            Hash::Sha256 => {
                let mut words = SHA256;
                compress256(&mut words, begin.as_chunks().0);
                state.extend(words.iter().flat_map(|word| word.to_be_bytes()));
            }
            Hash::Sha384 | Hash::Sha512 => {
                let mut words = if hash == Hash::Sha384 { SHA384 } else { SHA512 };
                compress512(&mut words, begin.as_chunks().0);
                state.extend(words.iter().flat_map(|word| word.to_be_bytes()));
            }
        }
        let bits = u64::try_from(begin.len()).unwrap_or(u64::MAX).saturating_mul(8);
        state.extend_from_slice(&bits.to_be_bytes());
    }
    [encode(Tag(0x90), &state), encode(Tag(0x80), rest)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Does what the card does with the template: the last round, with the padding of FIPS 180-4, section 5.1.1.
    fn finish_sha256(template: &[u8]) -> Vec<u8> {
        let state_length = usize::from(template[1]);
        let (state, rest) = (&template[2..2 + state_length], &template[4 + state_length..]);
        let (mut words, counted) = if state.is_empty() {
            (SHA256, 0)
        } else {
            let (chunks, counter) = state.split_at(32);
            let mut words = [0; 8];
            for (word, chunk) in words.iter_mut().zip(chunks.chunks(4)) {
                *word = u32::from_be_bytes(chunk.try_into().unwrap());
            }
            (words, u64::from_be_bytes(counter.try_into().unwrap()))
        };
        let mut last = rest.to_vec();
        last.push(0x80);
        while last.len() % 64 != 56 {
            last.push(0);
        }
        last.extend((counted + 8 * rest.len() as u64).to_be_bytes());
        compress256(&mut words, last.as_chunks().0);
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    #[test]
    fn the_cards_last_round_gives_the_digest_of_the_whole_message() {
        for length in [0, 1, 55, 56, 63, 64, 65, 127, 128, 129, 1000] {
            let message: Vec<u8> = (0..length).map(|n: u32| n.to_le_bytes()[0]).collect();
            let template = template(Hash::Sha256, &message);
            assert_eq!(finish_sha256(&template), Hash::Sha256.digest(&message), "{length} bytes");
        }
    }

    #[test]
    fn a_message_of_one_block_leaves_everything_to_the_card() {
        assert_eq!(template(Hash::Sha256, b"abc"), [0x90, 0x00, 0x80, 0x03, b'a', b'b', b'c']);
        assert_eq!(template(Hash::Sha384, &[7; 128])[..4], [0x90, 0x00, 0x80, 0x81]);
        let longer = template(Hash::Sha512, &[7; 129]);
        assert_eq!(longer[..2], [0x90, 72]);
        // 1024 bits went into the state
        assert_eq!(longer[66..76], [0, 0, 0, 0, 0, 0, 4, 0, 0x80, 1]);
    }
}

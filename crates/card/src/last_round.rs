//! Hashing of which the card does the end (IAS ECC, CEN/TS 15480-2, PSO: HASH): the terminal computes all but the last block
//! and hands over the state, the number of bits that went into it, and the rest of the message. SHA-256 alone: the form is
//! defined for it and for SHA-1, which nobody should begin to use.

use sha2::block_api::compress256;

use crate::tlv::{Tag, encode};

/// Bytes of a block.
const BLOCK: usize = 64;
/// Initial value (FIPS 180-4, section 5.3.3).
const INITIAL: [u32; 8] =
    [0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19];

/// Data field of PSO: HASH: 90 with state and bit counter (empty where the message fits the last block), 80 with the rest,
/// which is never empty unless the message is.
pub(crate) fn template(message: &[u8]) -> Vec<u8> {
    // the card's round needs something to hash: a message of whole blocks keeps its last
    let hashed = message.len().saturating_sub(1) / BLOCK * BLOCK;
    let (begin, rest) = message.split_at_checked(hashed).unwrap_or((&[], message));
    let mut begun = Vec::new();
    if !begin.is_empty() {
        let mut state = INITIAL;
        compress256(&mut state, begin.as_chunks().0);
        begun.extend(state.iter().flat_map(|word| word.to_be_bytes()));
        let bits = u64::try_from(begin.len()).unwrap_or(u64::MAX).saturating_mul(8);
        begun.extend_from_slice(&bits.to_be_bytes());
    }
    [encode(Tag(0x90), &begun), encode(Tag(0x80), rest)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::Hash;

    /// Does what the card does with the template: the last round, with the padding of FIPS 180-4, section 5.1.1.
    fn finish_sha256(template: &[u8]) -> Vec<u8> {
        let state_length = usize::from(template[1]);
        let (state, rest) = (&template[2..2 + state_length], &template[4 + state_length..]);
        let (mut words, counted) = if state.is_empty() {
            (INITIAL, 0)
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
            let template = template(&message);
            assert_eq!(finish_sha256(&template), Hash::Sha256.digest(&message), "{length} bytes");
        }
    }

    #[test]
    fn a_message_of_one_block_leaves_everything_to_the_card() {
        assert_eq!(template(b"abc"), [0x90, 0x00, 0x80, 0x03, b'a', b'b', b'c']);
        assert_eq!(template(&[7; 64])[..4], [0x90, 0x00, 0x80, 0x40]);
        let longer = template(&[7; 65]);
        assert_eq!(longer[..2], [0x90, 40]);
        // 512 bits went into the state
        assert_eq!(longer[34..45], [0, 0, 0, 0, 0, 0, 2, 0, 0x80, 1, 7]);
    }
}

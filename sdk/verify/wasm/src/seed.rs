//! Random bytes of JavaScript's `node:crypto`.

use bitaqa_card::Random;
use bitaqa_trust::revocation::NonceSeed;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// Bytes of a seed.
const LENGTH: usize = 32;

/// 32 bytes that were drawn for one verification. Nonces and keys are made of them apart.
pub(crate) struct Seed(Zeroizing<[u8; LENGTH]>);

impl Seed {
    /// Nothing if there are more or fewer bytes.
    pub(crate) fn new(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    /// For the questions to responders, which everybody sees.
    pub(crate) fn nonce(&self) -> NonceSeed {
        NonceSeed::from_random(self.block("nonce", 0))
    }

    /// For keys.
    pub(crate) fn stream(self) -> Stream {
        Stream { seed: self, next: 0 }
    }

    fn block(&self, purpose: &str, number: u32) -> [u8; LENGTH] {
        let hash = Sha256::new().chain_update(&self.0[..]).chain_update(purpose);
        hash.chain_update(number.to_be_bytes()).finalize().into()
    }
}

/// As many bytes as are asked for: SHA-256 of the seed and a counter.
pub(crate) struct Stream {
    seed: Seed,
    next: u32,
}

impl Random for Stream {
    fn fill(&mut self, out: &mut [u8]) {
        for part in out.chunks_mut(LENGTH) {
            let block = Zeroizing::new(self.seed.block("key", self.next));
            self.next = self.next.wrapping_add(1);
            for (to, from) in part.iter_mut().zip(&block[..]) {
                *to = *from;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_does_not_repeat_itself_and_shows_nothing_of_its_seed() {
        assert!(Seed::new(&[7; 31]).is_none() && Seed::new(&[7; 33]).is_none());
        let mut stream = Seed::new(&[7; LENGTH]).map(Seed::stream).into_iter().next();
        let mut bytes = [0; 4 * LENGTH];
        if let Some(stream) = &mut stream {
            stream.fill(&mut bytes[..40]);
            stream.fill(&mut bytes[40..]);
        }
        let blocks: std::collections::BTreeSet<&[u8]> = bytes.chunks(8).collect();
        assert_eq!(blocks.len(), bytes.len() / 8);
        assert!(!blocks.contains(&[7; 8][..]) && !blocks.contains(&[0; 8][..]));
    }
}

//! The ciphers of secure messaging as the model of a card has them: own chaining, own padding, own checksums.

use aes::{
    Aes128, Aes192, Aes256,
    cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit},
};
use des::Des;

/// The block ciphers as the card has them: one block at a time.
pub(crate) struct CardCipher {
    pub(crate) aes: bool,
    pub(crate) key: Vec<u8>,
}

impl CardCipher {
    pub(crate) fn block(&self, block: &mut [u8], decrypt: bool) {
        macro_rules! run {
            ($cipher:ty, $key:expr) => {{
                let cipher = <$cipher>::new_from_slice($key).unwrap();
                let block: &mut Array<u8, _> = block.try_into().unwrap();
                if decrypt { cipher.decrypt_block(block) } else { cipher.encrypt_block(block) }
            }};
        }
        match (self.aes, self.key.len()) {
            (false, _) => {
                run_des(&self.key[..8], block, decrypt);
                run_des(&self.key[8..], block, !decrypt);
                run_des(&self.key[..8], block, decrypt);
            }
            (true, 16) => run!(Aes128, &self.key),
            (true, 24) => run!(Aes192, &self.key),
            (true, _) => run!(Aes256, &self.key),
        }
    }

    pub(crate) const fn size(&self) -> usize {
        if self.aes { 16 } else { 8 }
    }

    pub(crate) fn cbc(&self, iv: &[u8], data: &[u8], decrypt: bool) -> Vec<u8> {
        let mut previous = iv.to_vec();
        let mut out = Vec::new();
        for block in data.chunks(self.size()) {
            let mut work = block.to_vec();
            if decrypt {
                self.block(&mut work, true);
                xor(&mut work, &previous);
                previous = block.to_vec();
            } else {
                xor(&mut work, &previous);
                self.block(&mut work, false);
                previous.clone_from(&work);
            }
            out.extend_from_slice(&work);
        }
        out
    }

    /// Over whole blocks: retail MAC, or CMAC with its first subkey.
    pub(crate) fn mac(&self, message: &[u8]) -> Vec<u8> {
        assert!(message.len().is_multiple_of(self.size()));
        let mut state = vec![0; self.size()];
        if self.aes {
            let mut subkey = vec![0; 16];
            self.block(&mut subkey, false);
            let carry = subkey[0] >> 7;
            let shifted = u128::from_be_bytes(subkey.try_into().unwrap()) << 1;
            let subkey = (shifted ^ if carry == 1 { 0x87 } else { 0 }).to_be_bytes();
            let count = message.len() / 16;
            for (number, block) in message.chunks(16).enumerate() {
                xor(&mut state, block);
                if number + 1 == count {
                    xor(&mut state, &subkey);
                }
                self.block(&mut state, false);
            }
        } else {
            for block in message.chunks(8) {
                xor(&mut state, block);
                run_des(&self.key[..8], &mut state, false);
            }
            run_des(&self.key[8..], &mut state, true);
            run_des(&self.key[..8], &mut state, false);
        }
        state.truncate(8);
        state
    }
}

fn run_des(key: &[u8], block: &mut [u8], decrypt: bool) {
    let cipher = Des::new_from_slice(key).unwrap();
    let block: &mut Array<u8, _> = block.try_into().unwrap();
    if decrypt { cipher.decrypt_block(block) } else { cipher.encrypt_block(block) }
}

fn xor(to: &mut [u8], with: &[u8]) {
    to.iter_mut().zip(with).for_each(|(to, with)| *to ^= with);
}

pub(crate) fn padded(data: &[u8], size: usize) -> Vec<u8> {
    let mut out = data.to_vec();
    out.push(0x80);
    while !out.len().is_multiple_of(size) {
        out.push(0);
    }
    out
}

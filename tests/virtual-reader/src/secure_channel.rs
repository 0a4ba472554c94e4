//! Secure messaging as a reader does it that ran PACE itself: what its clients send in the clear, it protects, and what the card
//! answers, it checks (ICAO Doc 9303-11, section 9.8). AES-128 only, which is what the cards of the tests offer.
//!
//! Written apart from the terminal's side and from the card's: three hands, one standard.

use aes::{
    Aes128,
    cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, Key, KeyInit},
};
use cmac::{Cmac, Mac};
use sha1::{Digest, Sha1};
use zeroize::Zeroizing;

/// Bytes of a block, and of a key.
const BLOCK: usize = 16;
/// Bytes of a checksum.
const CODE: usize = 8;

/// What a derived key is for: the counter that goes into the hash (section 9.7.1).
#[derive(Clone, Copy)]
pub(crate) enum KeyUse {
    Encryption = 1,
    Authentication = 2,
    Password = 3,
}

/// The key for this use.
pub(crate) fn derive(secret: &[u8], key_use: KeyUse) -> Zeroizing<Vec<u8>> {
    let mut hash = Sha1::new();
    hash.update(secret);
    hash.update((key_use as u32).to_be_bytes());
    Zeroizing::new(hash.finalize().iter().take(BLOCK).copied().collect())
}

/// CMAC, cut to eight bytes.
pub(crate) fn checksum(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut code = Cmac::<Aes128>::new(&exact(key));
    code.update(message);
    code.finalize().into_bytes().iter().take(CODE).copied().collect()
}

/// Takes cipher block chaining apart; what is no whole block at the end is left out.
pub(crate) fn decrypt(key: &[u8], iv: &[u8], data: &[u8]) -> Zeroizing<Vec<u8>> {
    let cipher = Aes128::new(&exact(key));
    let mut plain = Zeroizing::new(Vec::with_capacity(data.len()));
    let mut before = iv;
    for part in data.chunks_exact(BLOCK) {
        let mut block: Block<Aes128> = exact_block(part);
        cipher.decrypt_block(&mut block);
        plain.extend(block.iter().zip(before).map(|(left, right)| left ^ right));
        before = part;
    }
    plain
}

fn encrypt(key: &[u8], iv: &[u8], data: &[u8]) -> Vec<u8> {
    let cipher = Aes128::new(&exact(key));
    let mut secret: Vec<u8> = Vec::with_capacity(data.len());
    let mut before = iv.to_vec();
    for part in data.chunks(BLOCK) {
        let mixed: Vec<u8> = part.iter().zip(&before).map(|(left, right)| left ^ right).collect();
        let mut block: Block<Aes128> = exact_block(&mixed);
        cipher.encrypt_block(&mut block);
        before = block.to_vec();
        secret.extend_from_slice(&before);
    }
    secret
}

/// Keys come from [`derive()`], so they have the right length.
fn exact(key: &[u8]) -> Key<Aes128> {
    let mut exact = Key::<Aes128>::default();
    exact.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    exact
}

fn exact_block(part: &[u8]) -> Block<Aes128> {
    let mut exact = Block::<Aes128>::default();
    exact.iter_mut().zip(part).for_each(|(to, from)| *to = *from);
    exact
}

/// Padding method 2 (ISO/IEC 9797-1).
fn pad(data: &[u8]) -> Vec<u8> {
    let mut padded = data.to_vec();
    padded.push(0x80);
    padded.resize(padded.len().next_multiple_of(BLOCK), 0);
    padded
}

/// A data object; values are below 64 kilobytes.
pub(crate) fn object(tag: &[u8], value: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(value.len()).unwrap_or(u16::MAX).to_be_bytes();
    let length = match (high, low) {
        (0, 0..=0x7F) => vec![low],
        (0, _) => vec![0x81, low],
        _ => vec![0x82, high, low],
    };
    [tag, &length, value].concat()
}

/// The first data object with a tag of one byte: tag, value, and what follows.
pub(crate) fn first_object(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, length, rest) = match bytes {
        [tag, 0x82, high, low, rest @ ..] => (*tag, usize::from(*high) << 8 | usize::from(*low), rest),
        [tag, 0x81, length, rest @ ..] | [tag, length @ 0..=0x7F, rest @ ..] => {
            (*tag, usize::from(*length), rest)
        }
        _ => return None,
    };
    let (value, after) = rest.split_at_checked(length)?;
    Some((tag, value, after))
}

/// The value of an object with this tag among these.
pub(crate) fn find_object(mut bytes: &[u8], wanted: u8) -> Option<&[u8]> {
    while let Some((tag, value, after)) = first_object(bytes) {
        if tag == wanted {
            return Some(value);
        }
        bytes = after;
    }
    None
}

/// The session with a card.
pub(crate) struct SecureChannel {
    encryption: Zeroizing<Vec<u8>>,
    authentication: Zeroizing<Vec<u8>>,
    counter: u128,
}

impl SecureChannel {
    /// With keys from the secret that PACE agreed on.
    pub(crate) fn new(secret: &[u8]) -> Self {
        Self {
            encryption: derive(secret, KeyUse::Encryption),
            authentication: derive(secret, KeyUse::Authentication),
            counter: 0,
        }
    }

    /// The key of PACE's tokens.
    pub(crate) fn authentication_key(&self) -> &[u8] {
        &self.authentication
    }

    /// Protects a command; `None` if it is none.
    pub(crate) fn protect(&mut self, command: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (&[class, instruction, p1, p2], field) = command.split_first_chunk::<4>()?;
        let (data, expected, extended) = field_of(field)?;
        self.counter += 1;
        let header = [class | 0x0C, instruction, p1, p2];
        let mut body = Zeroizing::new(Vec::new());
        if !data.is_empty() {
            let padded = Zeroizing::new(pad(data));
            let secret = encrypt(&self.encryption, &self.iv(), &padded);
            *body = if instruction & 1 == 1 {
                object(&[0x85], &secret)
            } else {
                object(&[0x87], &[&[0x01], secret.as_slice()].concat())
            };
        }
        if !expected.is_empty() {
            body.extend(object(&[0x97], expected));
        }
        let code = self.code(&[pad(&header).as_slice(), &body].concat());
        body.extend(object(&[0x8E], &code));
        let mut protected = Zeroizing::new(header.to_vec());
        let length = u16::try_from(body.len()).ok()?.to_be_bytes();
        match length {
            [0, short] if !extended => protected.push(short),
            [high, low] => protected.extend([0, high, low]),
        }
        let is_long = extended || length[0] != 0;
        protected.extend_from_slice(&body);
        protected.extend(if is_long { &[0, 0][..] } else { &[0] });
        Some(protected)
    }

    /// Data and status word of a protected answer; `None` if it is not to be believed.
    pub(crate) fn unprotect(&mut self, answer: &[u8]) -> Option<Vec<u8>> {
        self.counter += 1;
        let objects = answer.get(..answer.len().checked_sub(2)?)?;
        let covered = objects.get(..objects.len().checked_sub(CODE + 2)?)?;
        let code = find_object(objects, 0x8E)?;
        if code != self.code(covered) {
            return None;
        }
        let status = find_object(covered, 0x99).filter(|status| status.len() == 2)?;
        let secret = match (find_object(covered, 0x87), find_object(covered, 0x85)) {
            (Some([0x01, secret @ ..]), None) | (None, Some(secret)) => secret,
            (None, None) => return Some(status.to_vec()),
            _ => return None,
        };
        let plain = decrypt(&self.encryption, &self.iv(), secret);
        let end = plain.iter().rposition(|byte| *byte != 0).filter(|end| plain.get(*end) == Some(&0x80))?;
        Some([plain.get(..end)?, status].concat())
    }

    fn iv(&self) -> Vec<u8> {
        encrypt(&self.encryption, &[0; BLOCK], &self.counter.to_be_bytes())
    }

    fn code(&self, message: &[u8]) -> Vec<u8> {
        checksum(&self.authentication, &pad(&[&self.counter.to_be_bytes(), message].concat()))
    }
}

/// Data, Le as it stands there, and whether the lengths are extended (ISO/IEC 7816-4, section 5.2).
fn field_of(field: &[u8]) -> Option<(&[u8], &[u8], bool)> {
    match field {
        [] | [_] => Some((&[], field, false)),
        [0, expected @ ..] if expected.len() == 2 => Some((&[], expected, true)),
        [0, high, low, rest @ ..] => {
            let length = usize::from(*high) << 8 | usize::from(*low);
            rest.split_at_checked(length).map(|(data, expected)| (data, expected, true))
        }
        [length, rest @ ..] => {
            rest.split_at_checked(usize::from(*length)).map(|(data, expected)| (data, expected, false))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_the_worked_example() {
        // ICAO Doc 9303-11, appendix G.1: K_π of the machine readable zone
        let mrz = [
            0x7E, 0x2D, 0x2A, 0x41, 0xC7, 0x4E, 0xA0, 0xB3, 0x8C, 0xD3, 0x6F, 0x86, 0x39, 0x39, 0xBF, 0xA8,
            0xE9, 0x03, 0x2A, 0xAD,
        ];
        let key =
            [0x89, 0xDE, 0xD1, 0xB2, 0x66, 0x24, 0xEC, 0x1E, 0x63, 0x4C, 0x19, 0x89, 0x30, 0x28, 0x49, 0xDD];
        assert_eq!(*derive(&mrz, KeyUse::Password), key);
    }

    #[test]
    fn what_was_changed_on_the_way_is_not_believed() {
        let mut channel = SecureChannel::new(b"secret");
        assert!(channel.protect(&[0x00, 0xB0]).is_none());
        channel.counter = 1;
        let mut card = SecureChannel::new(b"secret");
        card.counter = 2;
        let covered = object(&[0x99], &[0x90, 0x00]);
        let mut answer = [covered.as_slice(), &object(&[0x8E], &card.code(&covered)), &[0x90, 0x00]].concat();
        assert_eq!(channel.unprotect(&answer), Some(vec![0x90, 0x00]));
        channel.counter = 1;
        answer[2] ^= 1;
        assert_eq!(channel.unprotect(&answer), None);
        assert_eq!(channel.unprotect(&[0x69, 0x82]), None);
    }
}

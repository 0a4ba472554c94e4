//! Secure messaging (ICAO Doc 9303-11 section 9.8, ISO/IEC 7816-4 section 10): commands and answers under session keys.
//!
//! Encrypt, then authenticate, with a send sequence counter that runs through both directions. Only what the MAC covers
//! is believed: the status word outside is not.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{
    apdu::{Response, StatusWord},
    error::CardError,
    kdf::{self, KeyUse},
    symmetric::{Cipher, MAC_LENGTH, SymmetricError, unpadded_length},
    tlv::{Tag, TlvReader, encode_header},
};

/// Cryptogram of BER-TLV data: commands with an odd instruction byte.
const CRYPTOGRAM_TLV: Tag = Tag(0x85);
/// Padding-content indicator and cryptogram.
const CRYPTOGRAM: Tag = Tag(0x87);
/// Cryptographic checksum.
const CHECKSUM: Tag = Tag(0x8E);
/// Protected Le.
const LE: Tag = Tag(0x97);
/// Protected status word.
const STATUS: Tag = Tag(0x99);
/// Padding-content indicator: padding method 2.
const PADDED: u8 = 0x01;
/// Bytes of status word and checksum in an answer.
const ANSWER_FRAME: usize = 2 + 2 + 2 + MAC_LENGTH;

/// The keys and the counter of one session. Dropped, they are overwritten.
pub struct SecureMessaging {
    cipher: Cipher,
    k_enc: Zeroizing<Vec<u8>>,
    k_mac: Zeroizing<Vec<u8>>,
    ssc: Vec<u8>,
}

/// Length form of a protected command (ISO/IEC 7816-4, section 5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LengthForm {
    /// One byte of Lc and of Le.
    Short,
    /// Three bytes of Lc, two of Le.
    Extended,
}

impl SecureMessaging {
    /// With these session keys and this send sequence counter, which the next command increments first.
    ///
    /// # Errors
    /// [`SymmetricError`] for a key or counter of another length than the cipher has.
    pub fn new(
        cipher: Cipher,
        k_enc: Zeroizing<Vec<u8>>,
        k_mac: Zeroizing<Vec<u8>>,
        ssc: &[u8],
    ) -> Result<Self, SymmetricError> {
        if k_enc.len() != cipher.key_length() || k_mac.len() != cipher.key_length() {
            return Err(SymmetricError::KeyLength);
        }
        if ssc.len() != cipher.block_length() {
            return Err(SymmetricError::IvLength);
        }
        Ok(Self { cipher, k_enc, k_mac, ssc: ssc.to_vec() })
    }

    /// With the keys of a shared secret and a counter of zero: how PACE and chip authentication start a session.
    ///
    /// # Errors
    /// None that can happen: the keys have the cipher's length.
    pub fn from_secret(cipher: Cipher, secret: &[u8]) -> Result<Self, SymmetricError> {
        let k_enc = kdf::derive(cipher, secret, KeyUse::Encryption);
        let k_mac = kdf::derive(cipher, secret, KeyUse::Mac);
        Self::new(cipher, k_enc, k_mac, cipher.zero_iv())
    }

    /// The cipher of the session.
    #[must_use]
    pub const fn cipher(&self) -> Cipher {
        self.cipher
    }

    /// Protects a command.
    ///
    /// `data` may be a secret: it is copied once, into the memory of the answer, and encrypted there.
    ///
    /// # Errors
    /// [`CardError::Unsupported`] if the protected command does not fit the length form.
    pub fn wrap(
        &mut self,
        header: [u8; 4],
        data: &[u8],
        le: Option<usize>,
        form: LengthForm,
    ) -> Result<Vec<u8>, CardError> {
        let [cla, ins, p1, p2] = header;
        let header = [protected_class(cla), ins, p1, p2];
        let field_length = self.protected_data_length(ins, data.len(), le);
        let too_long = || CardError::Unsupported("a command that is too long for this card");
        let [high, low] = u16::try_from(field_length).map_err(|_| too_long())?.to_be_bytes();
        let (lc, outer_le): (&[u8], &[u8]) = match form {
            LengthForm::Short if high == 0 => (&[low], &[0]),
            LengthForm::Short => return Err(too_long()),
            LengthForm::Extended => (&[0, high, low], &[0, 0]),
        };
        self.count();
        // Room for all of it, so that data is never moved before it is encrypted.
        let mut apdu = Zeroizing::new(Vec::with_capacity(4 + lc.len() + field_length + outer_le.len()));
        apdu.extend_from_slice(&header);
        apdu.extend_from_slice(lc);
        let objects = apdu.len();
        self.put_cryptogram(&mut apdu, ins, data)?;
        if let Some(le) = le {
            put_le(&mut apdu, le);
        }
        let mac = self.command_mac(header, apdu.get(objects..).unwrap_or_default())?;
        apdu.extend_from_slice(&encode_header(CHECKSUM, MAC_LENGTH));
        apdu.extend_from_slice(&mac);
        apdu.extend_from_slice(outer_le);
        Ok(std::mem::take(&mut *apdu))
    }

    /// Checks and opens the answer to the last command: what the chip said, with the status word it protected.
    ///
    /// # Errors
    /// [`SecureMessagingFault`]: the session must not be used any more.
    pub fn unwrap(&mut self, answer: &Response) -> Result<Response, SecureMessagingFault> {
        self.count();
        if answer.data.is_empty() {
            return Err(SecureMessagingFault::Unprotected { status: answer.status });
        }
        let mut reader = TlvReader::new(&answer.data);
        let format = |_| SecureMessagingFault::Format;
        let first = reader.read().map_err(format)?.ok_or(SecureMessagingFault::Format)?;
        let (cryptogram, status) = match first.tag {
            CRYPTOGRAM | CRYPTOGRAM_TLV => (Some(first), reader.expect(STATUS).map_err(format)?),
            STATUS => (None, first),
            _ => return Err(SecureMessagingFault::Format),
        };
        let covered = answer.data.len() - reader.rest().len();
        let covered = answer.data.get(..covered).unwrap_or_default();
        let checksum = reader.expect(CHECKSUM).map_err(format)?;
        // nothing vouches for the checksum's own tag and length, so there is one way to write them
        let is_plain = checksum.encoded.len() == 2 + checksum.value.len();
        if !is_plain || !reader.rest().is_empty() {
            return Err(SecureMessagingFault::Format);
        }
        let mac = self.answer_mac(covered).map_err(|_| SecureMessagingFault::Mac)?;
        if !bool::from(mac[..].ct_eq(checksum.value)) {
            return Err(SecureMessagingFault::Mac);
        }
        let [sw1, sw2] = *status.value else { return Err(SecureMessagingFault::Format) };
        let status = StatusWord(u16::from_be_bytes([sw1, sw2]));
        // The outer status word is not authenticated; a card may leave it at 9000, but not contradict itself.
        if answer.status != status && answer.status != StatusWord::OK {
            return Err(SecureMessagingFault::Status { outer: answer.status, inner: status });
        }
        let data = match cryptogram {
            Some(object) if object.tag == CRYPTOGRAM => match object.value.split_first() {
                Some((&PADDED, cryptogram)) => self.decrypt(cryptogram)?,
                _ => return Err(SecureMessagingFault::Format),
            },
            Some(object) => self.decrypt(object.value)?,
            None => Vec::new(),
        };
        Ok(Response { data, status })
    }

    /// Bytes of the data field of a protected command.
    #[must_use]
    pub fn protected_data_length(&self, ins: u8, data_length: usize, le: Option<usize>) -> usize {
        let cryptogram = match data_length {
            0 => 0,
            _ => object_length(self.cipher.padded_length(data_length) + usize::from(is_even(ins))),
        };
        let le = match le {
            None => 0,
            Some(0..=256) => 3,
            Some(_) => 4,
        };
        cryptogram + le + 2 + MAC_LENGTH
    }

    /// Bytes of the data field of a protected answer that carries this much.
    #[must_use]
    pub fn protected_answer_length(&self, data_length: usize) -> usize {
        match data_length {
            0 => ANSWER_FRAME,
            _ => object_length(self.cipher.padded_length(data_length) + 1) + ANSWER_FRAME,
        }
    }

    /// Most plain bytes that an answer of at most `limit` bytes (without status word) can carry.
    #[must_use]
    pub fn max_plain_response(&self, limit: usize) -> usize {
        self.max_plain(limit.saturating_sub(ANSWER_FRAME), 1)
    }

    /// Most plain bytes that one protected command can carry whose data field has at most `limit` bytes.
    #[must_use]
    pub fn max_plain_data(&self, ins: u8, le: Option<usize>, limit: usize) -> usize {
        self.max_plain(
            limit.saturating_sub(self.protected_data_length(ins, 0, le)),
            usize::from(is_even(ins)),
        )
    }

    /// Most plain bytes in one cryptogram object of at most `room` bytes.
    fn max_plain(&self, room: usize, indicator: usize) -> usize {
        // tag, and one to four bytes of length
        let values = (2..=5).filter_map(|frame| room.checked_sub(frame));
        let value =
            values.filter(|value| object_length(*value) <= room).max().unwrap_or(0).saturating_sub(indicator);
        // the padding takes at least one byte
        (value / self.cipher.block_length() * self.cipher.block_length()).saturating_sub(1)
    }

    /// Counts one command or answer. Sixteen bytes never run over; eight do as 9303-11 section 9.8.2 has them.
    fn count(&mut self) {
        for byte in self.ssc.iter_mut().rev() {
            *byte = byte.wrapping_add(1);
            if *byte != 0 {
                break;
            }
        }
    }

    /// 9303-11 section 9.8.6 and 9.8.7: zeros for 3DES, the encrypted counter for AES.
    fn iv(&self) -> Result<Vec<u8>, SymmetricError> {
        let mut iv = self.ssc.clone();
        if self.cipher == Cipher::TripleDes {
            iv.fill(0);
        } else {
            self.cipher.encrypt_block(&self.k_enc, &mut iv)?;
        }
        Ok(iv)
    }

    fn put_cryptogram(&self, apdu: &mut Vec<u8>, ins: u8, data: &[u8]) -> Result<(), SymmetricError> {
        if data.is_empty() {
            return Ok(());
        }
        let padded = self.cipher.padded_length(data.len());
        if is_even(ins) {
            apdu.extend_from_slice(&encode_header(CRYPTOGRAM, padded + 1));
            apdu.push(PADDED);
        } else {
            apdu.extend_from_slice(&encode_header(CRYPTOGRAM_TLV, padded));
        }
        let start = apdu.len();
        apdu.extend_from_slice(data);
        apdu.push(0x80);
        apdu.resize(start + padded, 0);
        let iv = self.iv()?;
        self.cipher.encrypt_cbc(&self.k_enc, &iv, apdu.get_mut(start..).unwrap_or_default())
    }

    fn decrypt(&self, cryptogram: &[u8]) -> Result<Vec<u8>, SecureMessagingFault> {
        let iv = self.iv().map_err(|_| SecureMessagingFault::Format)?;
        let mut data = cryptogram.to_vec();
        self.cipher.decrypt_cbc(&self.k_enc, &iv, &mut data).map_err(|_| SecureMessagingFault::Format)?;
        let length = unpadded_length(self.cipher, &data).ok_or(SecureMessagingFault::Padding)?;
        data.truncate(length);
        Ok(data)
    }

    /// Counter, padded header, then the data objects, padded if there are any (ISO/IEC 7816-4 section 10.2.3.1: padding
    /// ends each run of blocks, and the header is a run of its own).
    fn command_mac(&self, header: [u8; 4], objects: &[u8]) -> Result<[u8; MAC_LENGTH], SymmetricError> {
        let mut message = self.ssc.clone();
        message.extend_from_slice(&header);
        self.cipher.pad(&mut message);
        if !objects.is_empty() {
            message.extend_from_slice(objects);
            self.cipher.pad(&mut message);
        }
        self.cipher.mac8_blocks(&self.k_mac, &message)
    }

    fn answer_mac(&self, objects: &[u8]) -> Result<[u8; MAC_LENGTH], SymmetricError> {
        let mut message = self.ssc.clone();
        message.extend_from_slice(objects);
        self.cipher.pad(&mut message);
        self.cipher.mac8_blocks(&self.k_mac, &message)
    }
}

impl fmt::Debug for SecureMessaging {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecureMessaging").field("cipher", &self.cipher).finish_non_exhaustive()
    }
}

/// Whether these are data objects up to a checksum, and not a part that GET RESPONSE continues.
pub(crate) fn is_whole_answer(data: &[u8]) -> bool {
    let mut reader = TlvReader::new(data);
    let mut last = None;
    loop {
        match reader.read() {
            Ok(Some(object)) => last = Some(object.tag),
            Ok(None) => return last == Some(CHECKSUM),
            Err(_) => return false,
        }
    }
}

/// The class byte that says "secure messaging, header authenticated" (ISO/IEC 7816-4, section 5.4.1).
const fn protected_class(cla: u8) -> u8 {
    // further interindustry classes have one bit for it
    if cla & 0xC0 == 0x40 { cla | 0x20 } else { cla | 0x0C }
}

const fn is_even(ins: u8) -> bool {
    ins & 1 == 0
}

/// Bytes of a data object with a one-byte tag.
fn object_length(value: usize) -> usize {
    encode_header(CRYPTOGRAM, value).len() + value
}

fn put_le(apdu: &mut Vec<u8>, le: usize) {
    // 256 is written as 00, 65,536 as 0000
    if le <= 256 {
        apdu.extend_from_slice(&encode_header(LE, 1));
        apdu.push(u8::try_from(le).unwrap_or(0));
    } else {
        apdu.extend_from_slice(&encode_header(LE, 2));
        apdu.extend_from_slice(&u16::try_from(le).unwrap_or(0).to_be_bytes());
    }
}

/// Why a protected answer is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecureMessagingFault {
    /// The card answered outside the session.
    #[error("an unprotected answer with {status}")]
    Unprotected {
        /// What it said.
        status: StatusWord,
    },
    /// Data objects that are none, or in another order than the standard's.
    #[error("a protected answer of the wrong form")]
    Format,
    /// Another checksum than the keys and the counter give.
    #[error("a protected answer with a wrong checksum")]
    Mac,
    /// A cryptogram that ends in no padding.
    #[error("a protected answer without padding")]
    Padding,
    /// The status words inside and outside differ.
    #[error("a protected answer says {inner} inside and {outer} outside")]
    Status {
        /// Outside, unprotected.
        outer: StatusWord,
        /// Inside.
        inner: StatusWord,
    },
}

#[cfg(test)]
mod tests;

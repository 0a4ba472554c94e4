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
        if !reader.rest().is_empty() {
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

    /// 9303-11 section 9.8.6.1 and 9.8.7.1: zeros for 3DES, the encrypted counter for AES.
    fn iv(&self) -> Result<Vec<u8>, SymmetricError> {
        let mut iv = self.ssc.clone();
        match self.cipher {
            Cipher::TripleDes => iv.fill(0),
            Cipher::Aes128 | Cipher::Aes192 | Cipher::Aes256 => {
                self.cipher.encrypt_block(&self.k_enc, &mut iv)?
            }
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
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::test_hex::hex;

    fn session(cipher: Cipher, k_enc: &str, k_mac: &str, ssc: &str) -> SecureMessaging {
        SecureMessaging::new(cipher, hex(k_enc).into(), hex(k_mac).into(), &hex(ssc)).unwrap()
    }

    /// 9303-11 appendix D.4.
    fn appendix_d_4() -> SecureMessaging {
        session(
            Cipher::TripleDes,
            "979EC13B1CBFE9DCD01AB0FED307EAE5",
            "F1CB1F1FB5ADF208806B89DC579DC1F8",
            "887022120C06C226",
        )
    }

    fn answer(bytes: &str) -> Response {
        Response::parse(hex(bytes)).unwrap()
    }

    #[test]
    fn the_exchanges_of_9303_11_appendix_d_4_come_out_byte_for_byte() {
        let mut session = appendix_d_4();
        for (header, data, le, command, protected, plain) in [
            (
                [0x00, 0xA4, 0x02, 0x0C],
                "011E",
                None,
                "0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800",
                "990290008E08FA855A5D4C50A8ED9000",
                "9000",
            ),
            (
                [0x00, 0xB0, 0x00, 0x00],
                "",
                Some(4),
                "0CB000000D9701048E08ED6705417E96BA5500",
                "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000",
                "60145F019000",
            ),
            (
                [0x00, 0xB0, 0x00, 0x04],
                "",
                Some(18),
                "0CB000040D9701128E082EA28A70F3C7B53500",
                "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000",
                "04303130365F36063034303030305C0261759000",
            ),
        ] {
            assert_eq!(session.wrap(header, &hex(data), le, LengthForm::Short).unwrap(), hex(command));
            assert_eq!(session.unwrap(&answer(protected)), Ok(answer(plain)));
        }
        assert_eq!(session.ssc, hex("887022120C06C22C"));
    }

    #[test]
    fn aes_gives_the_values_of_the_worked_example_of_tr_03110() {
        // MSE:Set DST in the EACv2 example: data, cryptogram, and the answer's objects and checksum
        let mut session = session(
            Cipher::Aes128,
            "68406B4162100563D9C901A6154D2901",
            "73FF268784F72AF833FDC9464049AFC9",
            "00000000000000000000000000000000",
        );
        let command = session
            .wrap([0x00, 0x22, 0x81, 0xB6], &hex("830D44454356434141543030303031"), None, LengthForm::Short)
            .unwrap();
        assert_eq!(command[..8], hex("0C2281B61D871101"));
        assert_eq!(command[8..24], hex("BE90237EEB4BA0FF253EA246AE31C8B8"));
        assert_eq!(session.unwrap(&answer("990290008E08A89570A68664A7D69000")), Ok(answer("9000")));
    }

    #[test]
    fn a_command_without_data_and_le_is_authenticated_by_its_header_alone() {
        let mut session = appendix_d_4();
        let command = session.wrap([0x00, 0x20, 0x00, 0x01], &[], None, LengthForm::Short).unwrap();
        let mac = Cipher::TripleDes
            .mac8_blocks(&hex("F1CB1F1FB5ADF208806B89DC579DC1F8"), &hex("887022120C06C2270C20000180000000"))
            .unwrap();
        assert_eq!(command, [&hex("0C2000010A8E08")[..], &mac, &[0]].concat());
    }

    #[test]
    fn odd_instructions_and_extended_length_have_the_forms_of_iso_7816_4() {
        let mut session = appendix_d_4();
        let odd =
            session.wrap([0x00, 0xB1, 0x00, 0x00], &hex("540100"), Some(256), LengthForm::Short).unwrap();
        assert_eq!(odd[..7], hex("0CB10000178508"));
        assert_eq!(odd[15..18], hex("970100"));
        let long =
            session.wrap([0x00, 0x2A, 0x00, 0xBE], &[7; 300], Some(65_536), LengthForm::Extended).unwrap();
        // 305 bytes of DO 87 are padding indicator and 304 bytes of cryptogram
        assert_eq!(long[..12], hex("0C2A00BE000143878201310100")[..12]);
        assert_eq!(long[316..320], hex("97020000"));
        assert_eq!(long[long.len() - 2..], [0, 0]);
        assert_eq!(session.wrap([0x40, 0x84, 0, 0], &[], Some(8), LengthForm::Short).unwrap()[0], 0x60);
        assert_eq!(session.wrap([0x10, 0x86, 0, 0], &[], Some(8), LengthForm::Short).unwrap()[0], 0x1C);
    }

    #[test]
    fn answers_that_are_not_the_cards_are_refused_by_what_is_wrong() {
        let fault = |bytes: &str| {
            let mut session = appendix_d_4();
            session.wrap([0x00, 0xA4, 0x02, 0x0C], &hex("011E"), None, LengthForm::Short).unwrap();
            session.unwrap(&answer(bytes)).unwrap_err()
        };
        assert_eq!(
            fault("6988"),
            SecureMessagingFault::Unprotected { status: StatusWord(0x6988) },
            "outside the session"
        );
        assert_eq!(fault("990290008E08FA855A5D4C50A8EE9000"), SecureMessagingFault::Mac);
        assert_eq!(fault("990290008E07FA855A5D4C50A89000"), SecureMessagingFault::Mac, "a short checksum");
        assert_eq!(fault("8E08FA855A5D4C50A8ED990290009000"), SecureMessagingFault::Format, "another order");
        assert_eq!(fault("990290009000"), SecureMessagingFault::Format, "no checksum");
        assert_eq!(
            fault("990290008E08FA855A5D4C50A8ED009000"),
            SecureMessagingFault::Format,
            "more behind it"
        );
        assert_eq!(
            fault("81021234990290008E08FA855A5D4C50A8ED9000"),
            SecureMessagingFault::Format,
            "plain data"
        );
        assert_eq!(
            fault("990290008E08FA855A5D4C50A8ED6A82"),
            SecureMessagingFault::Status { outer: StatusWord(0x6A82), inner: StatusWord(0x9000) }
        );
    }

    #[test]
    fn a_session_shows_its_cipher_and_no_key() {
        assert_eq!(format!("{:?}", appendix_d_4()), "SecureMessaging { cipher: TripleDes, .. }");
    }

    #[test]
    fn the_largest_reads_are_those_that_readers_of_passports_use() {
        let aes = SecureMessaging::from_secret(Cipher::Aes256, &[1]).unwrap();
        assert_eq!((appendix_d_4().max_plain_response(256), aes.max_plain_response(256)), (231, 223));
        assert_eq!((appendix_d_4().max_plain_response(13), aes.max_plain_response(0)), (0, 0));
    }

    proptest! {
        #[test]
        fn the_largest_length_fits_and_one_byte_more_does_not(
            cipher in proptest::sample::select(&[Cipher::TripleDes, Cipher::Aes192][..]),
            limit in 60_usize..70_000, ins in any::<u8>(), le in proptest::option::of(1_usize..70_000),
        ) {
            let session = SecureMessaging::from_secret(cipher, &[1]).unwrap();
            let most = session.max_plain_response(limit);
            prop_assert!(session.protected_answer_length(most) <= limit);
            prop_assert!(session.protected_answer_length(most + 1) > limit);
            let most = session.max_plain_data(ins, le, limit);
            prop_assert!(session.protected_data_length(ins, most, le) <= limit);
            prop_assert!(session.protected_data_length(ins, most + 1, le) > limit);
        }

        #[test]
        fn the_length_told_before_is_the_length_that_comes_out(
            cipher in proptest::sample::select(&[Cipher::TripleDes, Cipher::Aes192][..]),
            data in proptest::collection::vec(any::<u8>(), 0..600), ins in any::<u8>(),
            le in proptest::option::of(1_usize..=65_536),
        ) {
            let mut session = SecureMessaging::from_secret(cipher, &[1]).unwrap();
            let told = session.protected_data_length(ins, data.len(), le);
            let apdu = session.wrap([0, ins, 0, 0], &data, le, LengthForm::Extended).unwrap();
            prop_assert_eq!(apdu.len(), 4 + 3 + told + 2);
            let short = session.wrap([0, ins, 0, 0], &data, le, LengthForm::Short);
            prop_assert_eq!(short.is_ok(), told <= 255);
        }

        #[test]
        fn any_answer_ends_in_a_fault_and_not_in_a_panic(
            data in proptest::collection::vec(any::<u8>(), 0..80), status in any::<u16>(),
        ) {
            let answer = Response { data, status: StatusWord(status) };
            prop_assert!(appendix_d_4().unwrap(&answer).is_err());
        }
    }
}

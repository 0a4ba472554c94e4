//! PACE as a reader runs it by itself (ICAO Doc 9303-11, section 4.4): generic mapping or chip authentication mapping on an
//! elliptic curve, AES-128. The chip's proof of the second mapping is left to whoever reads its files.

use bitaqa_curves::{Curve, Point};
use zeroize::Zeroizing;

use crate::{
    reader::{Reader, ReaderError},
    secure_channel::{KeyUse, SecureChannel, checksum, decrypt, derive, find_object, first_object, object},
};

/// SELECT of the master file, whatever a client selected before.
const SELECT_MASTER_FILE: [u8; 7] = [0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00];
/// READ BINARY of EF.CardAccess by its short identifier 1C.
const READ_CARD_ACCESS: [u8; 5] = [0x00, 0xB0, 0x9C, 0x00, 0x00];
/// `id-PACE`, before mapping and cipher (section 9.2.1).
const ID_PACE: [u8; 8] = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04];
/// Mappings on elliptic curves that are spoken: generic, chip authentication.
const MAPPINGS: [u8; 2] = [0x02, 0x06];
/// AES-128.
const CIPHER: u8 = 0x02;
/// Number of the card access number in data object 83.
const CAN: u8 = 0x02;

/// Result codes (BSI TR-03119, PACE in readers).
pub(crate) mod result {
    pub(crate) const SYNTAX_IN_ANSWER: u32 = 0xE000_0001;
    pub(crate) const OBJECT_IN_ANSWER: u32 = 0xE000_0002;
    pub(crate) const WRONG_TOKEN: u32 = 0xE000_0006;
    /// With the card's status word in the lower half, as the next ones.
    pub(crate) const SELECT_CARD_ACCESS: u32 = 0xF000_0000;
    pub(crate) const READ_CARD_ACCESS: u32 = 0xF001_0000;
    pub(crate) const SET_AT: u32 = 0xF002_0000;
    /// General Authenticate, first step; the next ones follow.
    pub(crate) const STEP: u32 = 0xF003_0000;
    pub(crate) const COMMUNICATION: u32 = 0xF010_0001;
    pub(crate) const NO_CARD: u32 = 0xF010_0002;
    pub(crate) const ABORTED: u32 = 0xF020_0001;
    pub(crate) const TIMEOUT: u32 = 0xF020_0002;
}

/// What came of it.
pub(crate) struct Opened {
    pub(crate) channel: SecureChannel,
    pub(crate) card_access: Vec<u8>,
    /// The card's answer to the choice of the password.
    pub(crate) set_at: [u8; 2],
}

/// A way that the card offers.
struct Offer {
    protocol: Vec<u8>,
    curve: Curve,
    parameter: u8,
}

/// Opens the card with this card access number.
///
/// # Errors
/// A result code.
pub(crate) fn open(reader: &Reader, number: &[u8]) -> Result<Opened, u32> {
    let (_, status) = send(reader, &SELECT_MASTER_FILE)?;
    if status != [0x90, 0x00] {
        return Err(result::SELECT_CARD_ACCESS | word(status));
    }
    let (card_access, status) = send(reader, &READ_CARD_ACCESS)?;
    if status != [0x90, 0x00] && status != [0x62, 0x82] {
        return Err(result::READ_CARD_ACCESS | word(status));
    }
    let Offer { protocol, curve, parameter } = offer(&card_access).ok_or(result::OBJECT_IN_ANSWER)?;
    let data = [object(&[0x80], &protocol), object(&[0x83], &[CAN]), object(&[0x84], &[parameter])].concat();
    let (_, set_at) = send(reader, &command([0x00, 0x22, 0xC1, 0xA4], &data, false))?;
    if set_at != [0x90, 0x00] && set_at[0] != 0x63 {
        return Err(result::SET_AT | word(set_at));
    }
    let encrypted = step(reader, 0, &[], 0x80)?;
    let nonce = decrypt(&derive(number, KeyUse::Password), &[0; 16], &encrypted);

    let random = |curve: Curve| curve.random_scalar(&mut |out| getrandom::fill(out).unwrap_or_default());
    let point = |bytes: &[u8]| curve.decode_point(bytes).map_err(|_| result::OBJECT_IN_ANSWER);
    let own = random(curve);
    let theirs = point(&step(reader, 1, &object(&[0x81], &curve.generator().mul(&own).encode()), 0x82)?)?;
    let factor = curve.reduced_scalar(&nonce).ok_or(result::OBJECT_IN_ANSWER)?;
    let generator = curve.generator().mul(&factor).add(&theirs.mul(&own));

    let own = random(curve);
    let public = generator.mul(&own);
    let theirs = point(&step(reader, 2, &object(&[0x83], &public.encode()), 0x84)?)?;
    let channel = SecureChannel::new(&theirs.mul(&own).x());
    let token = |key: &Point| {
        let content = [object(&[0x06], &protocol), object(&[0x86], &key.encode())].concat();
        checksum(channel.authentication_key(), &object(&[0x7F, 0x49], &content))
    };
    let answer = step(reader, 3, &object(&[0x85], &token(&theirs)), 0x86)?;
    if answer != token(&public) {
        return Err(result::WRONG_TOKEN);
    }
    Ok(Opened { channel, card_access, set_at })
}

/// One step of GENERAL AUTHENTICATE, and the object that is wanted of its answer.
fn step(reader: &Reader, number: u8, data: &[u8], wanted: u8) -> Result<Vec<u8>, u32> {
    let class = if number < 3 { 0x10 } else { 0x00 };
    let (answer, status) = send(reader, &command([class, 0x86, 0x00, 0x00], &object(&[0x7C], data), true))?;
    if status != [0x90, 0x00] {
        return Err((result::STEP + (u32::from(number) << 16)) | word(status));
    }
    let (0x7C, inside, _) = first_object(&answer).ok_or(result::SYNTAX_IN_ANSWER)? else {
        return Err(result::OBJECT_IN_ANSWER);
    };
    find_object(inside, wanted).map(<[u8]>::to_vec).ok_or(result::OBJECT_IN_ANSWER)
}

/// The first way on offer that is spoken: a sequence of protocol, version 2 and number of the domain parameters.
fn offer(card_access: &[u8]) -> Option<Offer> {
    let (0x31, mut infos, _) = first_object(card_access)? else { return None };
    while let Some((0x30, info, after)) = first_object(infos) {
        infos = after;
        let Some((0x06, protocol, values)) = first_object(info) else { continue };
        let is_spoken = protocol
            .strip_prefix(&ID_PACE)
            .is_some_and(|rest| matches!(rest, [mapping, CIPHER] if MAPPINGS.contains(mapping)));
        let Some((0x02, [2], values)) = first_object(values) else { continue };
        let Some((0x02, [parameter], _)) = first_object(values) else { continue };
        if let Some(curve) = Curve::from_parameter_id(*parameter).filter(|_| is_spoken) {
            return Some(Offer { protocol: protocol.to_vec(), curve, parameter: *parameter });
        }
    }
    None
}

fn command(header: [u8; 4], data: &[u8], answered: bool) -> Zeroizing<Vec<u8>> {
    let mut command = Zeroizing::new(header.to_vec());
    command.push(u8::try_from(data.len()).unwrap_or(u8::MAX));
    command.extend_from_slice(data);
    if answered {
        command.push(0x00);
    }
    command
}

fn send(reader: &Reader, command: &[u8]) -> Result<(Vec<u8>, [u8; 2]), u32> {
    let mut answer = reader.transmit_in_the_clear(command).map_err(|error| match error {
        ReaderError::NoCard => result::NO_CARD,
        ReaderError::NoAnswer | ReaderError::TooLong | ReaderError::Confused => result::COMMUNICATION,
    })?;
    let at = answer.len().checked_sub(2).ok_or(result::COMMUNICATION)?;
    let status = answer.split_off(at);
    status.try_into().map(|status| (answer, status)).map_err(|_| result::COMMUNICATION)
}

fn word(status: [u8; 2]) -> u32 {
    u16::from_be_bytes(status).into()
}

//! Restricted identification (BSI TR-03110, parts 2 and 3): a pseudonym of the holder for a sector of terminals, which no
//! other sector can connect with its own. It comes after both sides have proved themselves, so its way is
//! [`AuthenticatedChip::pseudonym`](crate::terminal_authentication::AuthenticatedChip::pseudonym).

use crate::{
    active_authentication::DigestAlgorithm,
    apdu::{Command, MAX_SHORT_RESPONSE, ins},
    channel::Channel,
    cvc::CvcError,
    error::{CardError, Misbehaviour},
    lds::Personal,
    oid,
    security_infos::{RestrictedIdentificationInfo, SecurityInfos},
    tlv::{Tag, TlvError, TlvReader, encode},
};

const COMMAND: &str = "GENERAL AUTHENTICATE";
/// P1 of MANAGE SECURITY ENVIRONMENT: set, for computation and internal authentication; P2: template for authentication.
const SET_AT: (u8, u8) = (0x41, 0xA4);
const PROTOCOL: Tag = Tag(0x80);
const PRIVATE_KEY: Tag = Tag(0x84);
const DYNAMIC_AUTHENTICATION_DATA: Tag = Tag(0x7C);
/// `7F49`: public key.
const PUBLIC_KEY: Tag = Tag(0x7F49);
const OBJECT_IDENTIFIER: Tag = Tag(0x06);
/// Most bytes of a sector's key with its domain parameters.
const MAX_SECTOR_KEY: usize = 2048;

/// Which of the two sectors that a terminal's certificate may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sector {
    /// The first: the pseudonym itself.
    First,
    /// The second: for revocation.
    Second,
}

impl Sector {
    /// Tags of the sector's key and of the pseudonym (part 3, B.4.2).
    const fn tags(self) -> (Tag, Tag) {
        match self {
            Self::First => (Tag(0xA0), Tag(0x81)),
            Self::Second => (Tag(0xA2), Tag(0x83)),
        }
    }
}

/// The public key of a sector. The terminal's certificate has the hash of the whole data object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectorKey {
    /// What is inside `7F49`.
    content: Vec<u8>,
}

impl SectorKey {
    /// From its data object `7F49`.
    ///
    /// # Errors
    /// [`CvcError`] for anything else, or too much of it. What is in it is for the chip to check.
    pub fn parse(encoded: &[u8]) -> Result<Self, CvcError> {
        if encoded.len() > MAX_SECTOR_KEY {
            return Err(CvcError::TooLong { bytes: encoded.len() });
        }
        let mut reader = TlvReader::new(encoded);
        let object = reader.expect(PUBLIC_KEY)?;
        reader.end()?;
        object.children().expect(OBJECT_IDENTIFIER)?;
        Ok(Self { content: object.value.to_vec() })
    }
}

/// MSE:Set AT and GENERAL AUTHENTICATE (part 3, B.11.1 and B.11.2).
pub(crate) fn run(
    channel: &mut Channel<'_>,
    infos: &SecurityInfos,
    sector: Sector,
    key: &SectorKey,
) -> Result<Personal<Vec<u8>>, CardError> {
    let (info, digest) = infos
        .restricted_identification()
        .find_map(|info| Some((info, hash(info)?)))
        .ok_or(CardError::Unsupported("restricted identification"))?;
    let bytes = info.key_id.to_be_bytes();
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count().min(3);
    let reference = encode(PRIVATE_KEY, bytes.get(zeros..).unwrap_or_default());
    let (p1, p2) = SET_AT;
    let set = Command::new(ins::MANAGE_SECURITY_ENVIRONMENT, p1, p2)
        .data([encode(PROTOCOL, &info.protocol), reference].concat());
    channel.send(&set)?.expect_ok("MSE:Set AT")?;

    let (key_tag, pseudonym_tag) = sector.tags();
    let general = Command::new(ins::GENERAL_AUTHENTICATE, 0, 0)
        .data(encode(DYNAMIC_AUTHENTICATION_DATA, &encode(key_tag, &key.content)))
        .le(MAX_SHORT_RESPONSE);
    let answer = Personal::new(channel.send(&general)?.expect_ok(COMMAND)?);
    let pseudonym =
        only(&answer, pseudonym_tag).map_err(|error| Misbehaviour::Tlv { what: COMMAND, error })?;
    if pseudonym.len() != digest.length() {
        return Err(Misbehaviour::Element { what: COMMAND, element: "sector identifier" }.into());
    }
    Ok(Personal::from(pseudonym))
}

/// The hash of this variant (part 3, A.5.1).
fn hash(info: &RestrictedIdentificationInfo) -> Option<DigestAlgorithm> {
    match *info.protocol.strip_prefix(oid::RESTRICTED_IDENTIFICATION)? {
        [_, 1] => Some(DigestAlgorithm::Sha1),
        [_, 2] => Some(DigestAlgorithm::Sha224),
        [_, 3] => Some(DigestAlgorithm::Sha256),
        [_, 4] => Some(DigestAlgorithm::Sha384),
        [_, 5] => Some(DigestAlgorithm::Sha512),
        _ => None,
    }
}

/// The one data object in dynamic authentication data.
fn only(answer: &[u8], tag: Tag) -> Result<&[u8], TlvError> {
    let mut outer = TlvReader::new(answer);
    let mut objects = outer.expect(DYNAMIC_AUTHENTICATION_DATA)?.children();
    outer.end()?;
    let value = objects.expect(tag)?.value;
    objects.end()?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        test_hex::hex,
        test_script::{CHAINING, Script},
    };

    const SECTOR: &str = "7F490F060A04007F00070202050203860104";
    const SET: &str = "002241A40F800A04007F00070202050203840101";

    /// RestrictedIdentificationInfo with ECDH and SHA-256, key 1, authorised terminals only.
    fn infos() -> SecurityInfos {
        let infos = hex("31193017060A04007F0007020205020330090201010201010101FF");
        SecurityInfos::parse("EF.CardSecurity", &infos).unwrap()
    }

    fn ask(sector: Sector, general: &str, answer: &str) -> Result<Personal<Vec<u8>>, CardError> {
        let mut script = Script::new(&[(SET, "9000"), (general, answer)]);
        let mut channel = Channel::new(&mut script, CHAINING);
        let outcome = run(&mut channel, &infos(), sector, &SectorKey::parse(&hex(SECTOR)).unwrap());
        assert!(script.is_done());
        outcome
    }

    fn general(tag: &str) -> String {
        format!("00860000137C11{tag}060A04007F0007020205020386010400")
    }

    #[test]
    fn each_sector_has_its_own_data_objects() {
        let pseudonym = "11".repeat(32);
        for (sector, key, answer) in [(Sector::First, "A00F", "81"), (Sector::Second, "A20F", "83")] {
            let answer = format!("7C22{answer}20{pseudonym}9000");
            assert_eq!(ask(sector, &general(key), &answer).unwrap()[..], [0x11; 32]);
        }
    }

    #[test]
    fn other_answers_are_misbehaviour() {
        let short = format!("7C21811F{}9000", "11".repeat(31));
        let other_sector = format!("7C228320{}9000", "11".repeat(32));
        let more = format!("7C248120{}82009000", "11".repeat(32));
        for answer in ["9000", "7C009000", &short, &other_sector, &more] {
            let outcome = ask(Sector::First, &general("A00F"), answer);
            assert!(matches!(outcome, Err(CardError::Misbehaved(_))), "{answer}: {outcome:?}");
        }
    }

    #[test]
    fn a_chip_without_pseudonyms_is_asked_nothing() {
        let mut script = Script::new(&[]);
        let mut channel = Channel::new(&mut script, CHAINING);
        let key = SectorKey::parse(&hex(SECTOR)).unwrap();
        let outcome = run(&mut channel, &SecurityInfos::default(), Sector::First, &key);
        assert_eq!(outcome, Err(CardError::Unsupported("restricted identification")));
    }

    #[test]
    fn a_sector_key_is_a_public_key_data_object() {
        for end in 0..SECTOR.len() / 2 {
            assert!(SectorKey::parse(&hex(SECTOR)[..end]).is_err());
        }
        assert!(SectorKey::parse(&hex(&format!("{SECTOR}00"))).is_err());
        assert_eq!(SectorKey::parse(&[0x7F; 2049]), Err(CvcError::TooLong { bytes: 2049 }));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_sector_key_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = SectorKey::parse(&bytes);
        }
    }
}

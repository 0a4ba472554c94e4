//! Basic access control (ICAO Doc 9303-11, section 4.3): the chip opens for whoever has read the machine readable zone.
//!
//! Its keys are as strong as the zone is hard to guess, so it is used where a chip offers no PACE.

use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{
    apdu::{Command, StatusWord, ins},
    channel::Channel,
    error::{CardError, Misbehaviour},
    kdf::{self, KeyUse},
    lds::MrzKey,
    random::Random,
    secure_messaging::SecureMessaging,
    symmetric::{Cipher, MAC_LENGTH},
};

const CIPHER: Cipher = Cipher::TripleDes;
/// Bytes of the challenges RND.IC and RND.IFD.
const CHALLENGE: usize = 8;
/// Bytes of the keying material K.IFD and K.IC.
const KEYING: usize = 16;
/// Bytes of both cryptograms: two challenges and keying material.
const CRYPTOGRAM: usize = 2 * CHALLENGE + KEYING;
/// Bytes that the key seed has of the hash of the zone (section 9.7).
const SEED: usize = 16;

/// What a chip says to the key of a machine readable zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BacVerdict {
    /// The zone is the card's: the channel is protected.
    Open,
    /// The chip refused EXTERNAL AUTHENTICATE: the number or a date is not what the card has.
    WrongMrz {
        /// What it said.
        status: StatusWord,
    },
}

/// Opens the chip's selected application and protects the channel. A wrong zone is no error.
///
/// # Errors
/// Transport faults, a refused GET CHALLENGE, an answer that does not prove that the chip knows the key.
pub fn establish(
    channel: &mut Channel<'_>,
    random: &mut dyn Random,
    mrz: &MrzKey,
) -> Result<BacVerdict, CardError> {
    if channel.is_protected() {
        return Err(CardError::Unsupported("basic access control inside a protected session"));
    }
    let keys = DocumentKeys::of(mrz);
    let rnd_ic = get_challenge(channel)?;
    let mut rnd_ifd = [0; CHALLENGE];
    let mut k_ifd = Zeroizing::new([0; KEYING]);
    random.fill(&mut rnd_ifd);
    random.fill(&mut *k_ifd);

    let own = Zeroizing::new([&rnd_ifd[..], &rnd_ic, &*k_ifd].concat());
    let answer = channel.send(
        &Command::new(ins::EXTERNAL_AUTHENTICATE, 0, 0).data(keys.seal(&own)?).le(CRYPTOGRAM + MAC_LENGTH),
    )?;
    if answer.status != StatusWord::OK {
        return refusal(answer.status);
    }
    let unproven = || CardError::from(Misbehaviour::Proof { command: "EXTERNAL AUTHENTICATE" });
    let theirs = keys.open(&answer.data)?.ok_or_else(unproven)?;
    let (challenges, k_ic) = theirs.split_at_checked(2 * CHALLENGE).ok_or_else(unproven)?;
    if !bool::from(challenges.ct_eq(&[rnd_ic, rnd_ifd].concat())) {
        return Err(unproven());
    }

    let seed: Zeroizing<Vec<u8>> = Zeroizing::new(k_ifd.iter().zip(k_ic).map(|(ifd, ic)| ifd ^ ic).collect());
    let k_enc = kdf::derive(CIPHER, &seed, KeyUse::Encryption);
    let k_mac = kdf::derive(CIPHER, &seed, KeyUse::Mac);
    // Section 9.8.6.3: the lower halves of both challenges
    let ssc: Vec<u8> = rnd_ic.iter().skip(4).chain(rnd_ifd.iter().skip(4)).copied().collect();
    channel.protect(SecureMessaging::new(CIPHER, k_enc, k_mac, &ssc)?);
    Ok(BacVerdict::Open)
}

fn get_challenge(channel: &mut Channel<'_>) -> Result<[u8; CHALLENGE], CardError> {
    let data =
        channel.send(&Command::new(ins::GET_CHALLENGE, 0, 0).le(CHALLENGE))?.expect_ok("GET CHALLENGE")?;
    data.try_into().map_err(|_| Misbehaviour::Element { what: "GET CHALLENGE", element: "RND.IC" }.into())
}

/// Chips refuse a cryptogram they cannot open with many status words; those that speak of the command itself, and not of
/// what is in it, are no verdict.
const fn refusal(status: StatusWord) -> Result<BacVerdict, CardError> {
    match (status.sw1(), status.0) {
        (0x61 | 0x67 | 0x68 | 0x6B..=0x6E, _) | (_, 0x6A81 | 0x6A86) => {
            Err(CardError::Refused { command: "EXTERNAL AUTHENTICATE", status })
        }
        _ => Ok(BacVerdict::WrongMrz { status }),
    }
}

/// K_Enc and K_MAC of the document.
struct DocumentKeys {
    k_enc: Zeroizing<Vec<u8>>,
    k_mac: Zeroizing<Vec<u8>>,
}

impl DocumentKeys {
    fn of(mrz: &MrzKey) -> Self {
        let hash: Zeroizing<[u8; 20]> = Zeroizing::new(Sha1::digest(mrz.information()).into());
        let (seed, _) = hash.split_at(SEED);
        Self {
            k_enc: kdf::derive(CIPHER, seed, KeyUse::Encryption),
            k_mac: kdf::derive(CIPHER, seed, KeyUse::Mac),
        }
    }

    /// E || M, of S or R.
    fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, CardError> {
        let mut sealed = Vec::with_capacity(CRYPTOGRAM + MAC_LENGTH);
        sealed.extend_from_slice(plain);
        CIPHER.encrypt_cbc(&self.k_enc, CIPHER.zero_iv(), &mut sealed)?;
        let mac = CIPHER.mac8(&self.k_mac, &sealed)?;
        sealed.extend_from_slice(&mac);
        Ok(sealed)
    }

    /// What [`seal`](Self::seal) took; `None` if it is not sealed with these keys.
    fn open(&self, sealed: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>, CardError> {
        let Some((cryptogram, mac)) = sealed.split_at_checked(CRYPTOGRAM) else { return Ok(None) };
        if !bool::from(CIPHER.mac8(&self.k_mac, cryptogram)?[..].ct_eq(mac)) {
            return Ok(None);
        }
        let mut plain = Zeroizing::new(cryptogram.to_vec());
        CIPHER.decrypt_cbc(&self.k_enc, CIPHER.zero_iv(), &mut plain)?;
        Ok(Some(plain))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        lds::{DocumentNumber, MrzDate},
        test_hex::hex,
        test_script::{CHAINING, Script},
    };

    const CHALLENGE_ANSWER: (&str, &str) = ("0084000008", "4608F919887022129000");
    const AUTHENTICATE: &str =
        "008200002872C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F25F1448EEA8AD90A728";
    const ANSWER: &str =
        "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D74499000";

    /// The zone of 9303-11 appendix D.
    fn appendix_d_zone() -> MrzKey {
        let date = |year, month, day| MrzDate::new(Some(year), Some(month), Some(day)).unwrap();
        MrzKey::new(&DocumentNumber::new("L898902C").unwrap(), date(69, 8, 6), date(94, 6, 23))
    }

    /// 9303-11 appendix D.2 and D.3: RND.IFD, then K.IFD.
    fn appendix_d_3(script: &mut Script) -> (Result<BacVerdict, CardError>, Channel<'_>) {
        let mut drawn = hex("781723860C06C2260B795240CB7049B01C19B33E32804F0B");
        let mut random = |out: &mut [u8]| {
            let rest = drawn.split_off(out.len());
            out.copy_from_slice(&drawn);
            drawn = rest;
        };
        let mut channel = Channel::new(script, CHAINING);
        let outcome = establish(&mut channel, &mut random, &appendix_d_zone());
        (outcome, channel)
    }

    #[test]
    fn document_keys_are_those_of_9303_11_appendix_d_2() {
        let keys = DocumentKeys::of(&appendix_d_zone());
        assert_eq!(keys.k_enc[..], hex("AB94FDECF2674FDFB9B391F85D7F76F2"));
        assert_eq!(keys.k_mac[..], hex("7962D9ECE03D1ACD4C76089DCE131543"));
    }

    #[test]
    fn the_example_of_9303_11_appendix_d_opens_and_reads() {
        let mut script = Script::new(&[
            CHALLENGE_ANSWER,
            (AUTHENTICATE, ANSWER),
            ("0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800", "990290008E08FA855A5D4C50A8ED9000"),
        ]);
        let (outcome, mut channel) = appendix_d_3(&mut script);
        assert_eq!(outcome, Ok(BacVerdict::Open));
        // D.4: SELECT EF.COM under KS_Enc, KS_MAC and the counter
        let answer = channel.send(&Command::new(ins::SELECT, 0x02, 0x0C).data([0x01, 0x1E])).unwrap();
        assert_eq!(answer.status, StatusWord::OK);
        assert!(script.is_done());
    }

    #[test]
    fn the_refusal_of_external_authenticate_is_the_verdict() {
        for status in ["6300", "6982", "6988", "63C4", "6F00"] {
            let mut script = Script::new(&[CHALLENGE_ANSWER, (AUTHENTICATE, status)]);
            let (outcome, channel) = appendix_d_3(&mut script);
            assert!(matches!(outcome, Ok(BacVerdict::WrongMrz { .. })), "{status}");
            assert!(!channel.is_protected());
        }
        for (challenge, authenticate) in [("6982", ""), ("4608F919887022129000", "6D00")] {
            let mut script = Script::new(&[(CHALLENGE_ANSWER.0, challenge), (AUTHENTICATE, authenticate)]);
            let (outcome, _) = appendix_d_3(&mut script);
            assert!(matches!(outcome, Err(CardError::Refused { .. })), "{outcome:?}");
        }
    }

    #[test]
    fn a_challenge_of_another_length_is_no_challenge() {
        let mut script = Script::new(&[(CHALLENGE_ANSWER.0, "4608F9198870229000")]);
        let misbehaviour = Misbehaviour::Element { what: "GET CHALLENGE", element: "RND.IC" };
        assert_eq!(appendix_d_3(&mut script).0, Err(misbehaviour.into()));
    }

    #[test]
    fn an_old_answer_proves_nothing() {
        // Sealed with the right keys, but over another RND.IC than this session's.
        let keys = DocumentKeys::of(&appendix_d_zone());
        let r = hex("4608F91988702213781723860C06C2260B4F80323EB3191CB04970CB4052790B");
        let old: String = keys.seal(&r).unwrap().iter().map(|byte| format!("{byte:02X}")).collect();
        let mut script = Script::new(&[CHALLENGE_ANSWER, (AUTHENTICATE, &format!("{old}9000"))]);
        let (outcome, channel) = appendix_d_3(&mut script);
        assert_eq!(outcome, Err(Misbehaviour::Proof { command: "EXTERNAL AUTHENTICATE" }.into()));
        assert!(!channel.is_protected());
    }

    proptest! {
        #[test]
        fn any_change_of_the_answer_is_seen(at in 0_usize..40, with in 1_u8.., length in 0_usize..40) {
            let mut changed = ANSWER.to_owned();
            let byte = hex(ANSWER)[at] ^ with;
            changed.replace_range(2 * at..2 * at + 2, &format!("{byte:02X}"));
            let cut = format!("{}9000", &ANSWER[..2 * length]);
            for answer in [changed, cut] {
                let mut script = Script::new(&[CHALLENGE_ANSWER, (AUTHENTICATE, &answer)]);
                let (outcome, channel) = appendix_d_3(&mut script);
                prop_assert_eq!(outcome, Err(Misbehaviour::Proof { command: "EXTERNAL AUTHENTICATE" }.into()));
                prop_assert!(!channel.is_protected());
            }
        }
    }
}

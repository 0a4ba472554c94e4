//! Chip authentication, versions 1 and 2, the card's side (ICAO Doc 9303-11, section 6.2; BSI TR-03110-1, section 3.4, and
//! -2, section 3.4).

use zeroize::Zeroizing;

use super::{
    cipher::Cipher,
    domain::{Domain, PrivateNumber, PublicElement},
    key_derivation::{KeyUse, derive},
    oid,
    pace::{cipher_arc, token},
    secure_messaging::SecureMessaging,
    security_infos::info,
};
use crate::{
    ber_tlv::{object, objects},
    chip::{Answer, Chip, Refusal},
    command::Command,
    der,
    random::Random,
    status::StatusWord,
};

/// Which version of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// The chip answers nothing; that it has the keys shows in the next answer.
    V1 = 1,
    /// After terminal authentication, with the key that the terminal announced; the chip answers a nonce and a token.
    V2 = 2,
}

/// A static key agreement key of the chip.
#[derive(Clone)]
pub(crate) struct ChipKey {
    pub(crate) version: Version,
    /// Its number, where there are several.
    pub(crate) id: Option<u8>,
    pub(crate) cipher: Cipher,
    pub(crate) domain: Domain,
    pub(crate) private: PrivateNumber,
    /// Whether the domain parameters are written out.
    pub(crate) explicit: bool,
}

impl ChipKey {
    /// A fresh key.
    pub(crate) fn draw(
        version: Version,
        id: Option<u8>,
        cipher: Cipher,
        domain: Domain,
        random: &mut Random,
    ) -> Self {
        Self { version, id, cipher, domain, private: domain.draw(random), explicit: false }
    }

    /// The protocol: kind of group and cipher.
    pub(crate) fn protocol(&self) -> Vec<u8> {
        oid::below(oid::CHIP_AUTHENTICATION, &[self.group_arc(), cipher_arc(self.cipher)])
    }

    fn group_arc(&self) -> u8 {
        if self.domain.is_curve() { 2 } else { 1 }
    }

    fn number(&self) -> Option<u32> {
        self.id.map(u32::from)
    }

    /// ChipAuthenticationInfo.
    pub(crate) fn info(&self) -> Vec<u8> {
        info(&self.protocol(), self.version as u32, self.number())
    }

    /// ChipAuthenticationDomainParameterInfo, of version 2: the key itself is told to terminals that proved themselves.
    pub(crate) fn domain_info(&self) -> Vec<u8> {
        let protocol = oid::below(oid::CHIP_AUTHENTICATION, &[self.group_arc()]);
        let mut parts = vec![object(0x06, &protocol), self.algorithm()];
        parts.extend(self.number().map(der::integer));
        der::sequence(&parts)
    }

    /// The public key.
    pub(crate) fn public(&self) -> Option<PublicElement> {
        self.domain.generator().times(&self.private)
    }

    /// SubjectPublicKeyInfo.algorithm.
    fn algorithm(&self) -> Vec<u8> {
        let explicit = if self.explicit { self.domain.explicit_algorithm() } else { None };
        explicit.unwrap_or_else(|| self.domain.algorithm())
    }

    /// ChipAuthenticationPublicKeyInfo.
    pub(crate) fn public_key_info(&self) -> Vec<u8> {
        let public = self.public();
        // a number stands as an INTEGER in its BIT STRING, a point as it is (TR-03110-3, A.2.3)
        let bits = match &public {
            Some(PublicElement::Element(element)) => der::unsigned_integer(&element.to_unsigned()),
            Some(point) => point.encode(),
            None => Vec::new(),
        };
        let key = der::sequence(&[self.algorithm(), der::bit_string(&bits)]);
        let protocol = oid::below(oid::PUBLIC_KEY, &[self.group_arc()]);
        let mut parts = vec![object(0x06, &protocol), key];
        parts.extend(self.number().map(der::integer));
        der::sequence(&parts)
    }
}

impl Chip {
    /// MSE:Set KAT (section 6.2.4.1): the terminal's ephemeral key, for 3DES; the new session begins with the next command.
    pub(crate) fn set_key_agreement(&mut self, command: &Command) -> Result<Answer, Refusal> {
        let (mut theirs, mut id) = (None, None);
        for (tag, value) in objects(&command.data).ok_or(StatusWord::WRONG_DATA)? {
            match (tag, value) {
                (0x91, value) => theirs = Some(value),
                (0x84, [number]) => id = Some(*number),
                _ => return Err(StatusWord::WRONG_DATA.into()),
            }
        }
        let key = self
            .chip_key(|key| {
                key.version == Version::V1
                    && key.cipher == Cipher::TripleDes
                    && (id.is_none() || key.id == id)
            })?
            .clone();
        self.agree_with(&key, theirs.ok_or(StatusWord::WRONG_DATA)?, &[])?;
        Ok(Answer::empty())
    }

    /// MSE:Set AT (section 6.2.4.2): which protocol and key.
    pub(crate) fn set_chip_authentication(&mut self, command: &Command) -> Result<Answer, Refusal> {
        let (mut protocol, mut id) = (None, None);
        for (tag, value) in objects(&command.data).ok_or(StatusWord::WRONG_DATA)? {
            match (tag, value) {
                (0x80, value) => protocol = Some(value),
                (0x84, [number]) => id = Some(*number),
                _ => return Err(StatusWord::WRONG_DATA.into()),
            }
        }
        let protocol = protocol.ok_or(StatusWord::WRONG_DATA)?;
        self.chip_key(|key| key.protocol() == protocol).map_err(|_| StatusWord::WRONG_DATA)?;
        let key = self.chip_key(|key| key.protocol() == protocol && (id.is_none() || key.id == id))?.clone();
        self.session.icao.choose_anew();
        self.session.icao.chip_key = Some(key);
        Ok(Answer::empty())
    }

    /// GENERAL AUTHENTICATE after [`Chip::set_chip_authentication`]: `7C {80 key}` gets an empty `7C`.
    pub(crate) fn authenticate_chip(&mut self, command: &Command) -> Result<Answer, Refusal> {
        let key = self.session.icao.chip_key.take().ok_or(StatusWord::CONDITIONS_NOT_SATISFIED)?;
        let inner = match objects(&command.data).ok_or(StatusWord::WRONG_DATA)?.as_slice() {
            [(0x7C, value)] => objects(value).ok_or(StatusWord::WRONG_DATA)?,
            _ => return Err(StatusWord::WRONG_DATA.into()),
        };
        let [(0x80, theirs)] = inner.as_slice() else {
            return Err(StatusWord::WRONG_DATA.into());
        };
        if key.version == Version::V1 {
            self.agree_with(&key, theirs, &[])?;
            return Ok(Answer::of(object(0x7C, &[])));
        }
        let theirs_decoded = key.domain.decode(theirs).ok_or(StatusWord::WRONG_DATA)?;
        let terminal = self.session.icao.terminal.authenticated.as_ref();
        let announced = terminal.and_then(|terminal| terminal.ephemeral.as_deref());
        if announced.ok_or(StatusWord::SECURITY_NOT_SATISFIED)? != theirs_decoded.compressed() {
            return Err(StatusWord::AUTHENTICATION_FAILED.into());
        }
        let nonce = self.random.bytes(8);
        let code_key = self.agree_with(&key, theirs, &nonce)?;
        let token = token(key.cipher, &code_key, &theirs_decoded.data_object(&key.protocol()));
        self.session.icao.terminal.chip_proved = true;
        Ok(Answer::of(object(0x7C, &[object(0x81, &nonce), object(0x82, &token)].concat())))
    }

    /// Only an opened chip, in the application, proves itself.
    fn chip_key(&self, wanted: impl Fn(&ChipKey) -> bool) -> Result<&ChipKey, Refusal> {
        let document = self.document.as_ref().ok_or(StatusWord::FUNCTION_NOT_SUPPORTED)?;
        if !self.session.icao.is_open() {
            return Err(StatusWord::SECURITY_NOT_SATISFIED.into());
        }
        document
            .chip_keys
            .iter()
            .find(|key| wanted(key))
            .ok_or_else(|| StatusWord::REFERENCE_NOT_FOUND.into())
    }

    /// The key agreement: what was opened stays open, under new keys and with a counter that starts again. Gives the key of
    /// codes. Of version 2 a nonce goes into the keys.
    fn agree_with(
        &mut self,
        key: &ChipKey,
        theirs: &[u8],
        nonce: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        let theirs = key.domain.decode(theirs).ok_or(StatusWord::WRONG_DATA)?;
        let shared = theirs.times(&key.private).filter(|shared| !shared.is_neutral());
        let mut secret: Zeroizing<Vec<u8>> = shared.ok_or(StatusWord::WRONG_DATA)?.secret();
        secret.extend_from_slice(nonce);
        let code_key = derive(key.cipher, &secret, KeyUse::Authentication);
        let encryption_key = derive(key.cipher, &secret, KeyUse::Encryption);
        let secure = SecureMessaging::new(key.cipher, encryption_key, code_key.clone());
        self.session.icao.restart(secure);
        self.session.icao.agreed = Some(theirs.compressed());
        Ok(code_key)
    }
}

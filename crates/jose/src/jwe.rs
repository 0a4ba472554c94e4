//! JWE in compact serialisation (RFC 7516), with ECDH-ES in direct key agreement (RFC 7518 section 4.6) and AES-GCM: no other
//! algorithm is written or read, so there is none to be talked into; and of the two ciphers a reader takes those that its rules name.
//!
//! The recipient's key is on P-256 or P-384; each message has an ephemeral key of its own.

use aes_gcm::{
    Aes128Gcm, Aes256Gcm, KeyInit as _,
    aead::{Aead as _, Payload},
};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

pub use crate::header::{ExpectedType, HeaderError};
use crate::{
    ContentEncryption, Curve, JwkError, PrivateJwk, PublicJwk, Random, base64url, concat_kdf,
    header::{self, Members},
    jwk::Operation,
};

/// The value of `alg`.
pub const ALGORITHM: &str = "ECDH-ES";

/// Bytes of the initialization vector (RFC 7518 section 5.3).
const VECTOR_LENGTH: usize = 12;
/// Bytes of the authentication tag.
const TAG_LENGTH: usize = 16;
/// Most bytes of `apu` and `apv`.
const MAX_PARTY: usize = 256;

/// The protected header, beside `alg` and `epk`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JweHeader {
    /// `enc`.
    pub encryption: ContentEncryption,
    /// `typ`.
    pub type_: Option<String>,
    /// `cty`.
    pub content_type: Option<String>,
    /// `kid`: which key of the recipient.
    pub key_id: Option<String>,
    /// `apu`, decoded: who sends; at most 256 bytes.
    pub party_u: Option<Vec<u8>>,
    /// `apv`, decoded: who receives; at most 256 bytes, and not those of `apu`.
    pub party_v: Option<Vec<u8>>,
    /// Members of the caller's own, none of which has a registered name. They are authenticated, and everybody can read them.
    pub own: Map<String, Value>,
}

impl JweHeader {
    /// "The apu and apv values MUST be distinct, when used" (RFC 7518 section 4.6.2).
    fn check_parties(&self) -> Result<(), HeaderError> {
        if self.party_u.is_some() && self.party_u == self.party_v {
            return Err(HeaderError::Member("apv"));
        }
        Ok(())
    }

    fn encode(&self, ephemeral: &PublicJwk) -> Result<String, HeaderError> {
        let mut members = Map::new();
        members.insert("alg".to_owned(), ALGORITHM.into());
        members.insert("enc".to_owned(), self.encryption.name().into());
        members.insert("epk".to_owned(), Value::Object(ephemeral.to_members()));
        header::put(&mut members, "typ", self.type_.as_deref());
        header::put(&mut members, "cty", self.content_type.as_deref());
        header::put(&mut members, "kid", self.key_id.as_deref());
        for (name, party) in [("apu", &self.party_u), ("apv", &self.party_v)] {
            if party.as_ref().is_some_and(|party| party.len() > MAX_PARTY) {
                return Err(HeaderError::Member(name));
            }
            header::put(&mut members, name, party.as_ref().map(|party| base64url::encode(party)));
        }
        self.check_parties()?;
        header::encode(members, &self.own)
    }
}

/// What a reader takes.
#[derive(Debug, Clone, Copy)]
pub struct JweRules<'a> {
    /// The `typ` there must be.
    pub type_: ExpectedType<'a>,
    /// The ciphers that are taken; any other is refused.
    pub encryptions: &'a [ContentEncryption],
    /// Longest text, in bytes.
    pub max_length: usize,
}

/// Encrypts for one recipient. `kid` is the recipient's where the header has none.
///
/// # Errors
/// [`JweError::Key`]: the recipient's key is not one for ECDH, or the generator is broken; [`JweError::Header`].
pub fn encrypt(
    recipient: &PublicJwk,
    header: &JweHeader,
    plaintext: &[u8],
    random: &mut impl Random,
) -> Result<String, JweError> {
    recipient.check(Operation::Agree)?;
    let ephemeral = PrivateJwk::draw(recipient.curve(), random)?;
    let mut vector = [0; VECTOR_LENGTH];
    random.fill(&mut vector);
    let mut header = header.clone();
    if header.key_id.is_none() {
        header.key_id = recipient.key_id().map(str::to_owned);
    }
    let protected = header.encode(ephemeral.public())?;
    let cipher = cipher(&ephemeral.agree(&recipient.key)?, &header)?;
    let payload = Payload { msg: plaintext, aad: protected.as_bytes() };
    let sealed = cipher.encrypt(vector, payload)?;
    let (content, tag) = sealed.split_at(sealed.len() - TAG_LENGTH);
    let parts = [vector.as_slice(), content, tag].map(base64url::encode);
    // the encrypted key is empty: the agreed key is used directly
    Ok(format!("{protected}..{}", parts.join(".")))
}

/// AES-GCM with the key of one message.
enum Cipher {
    A128(Box<Aes128Gcm>),
    A256(Box<Aes256Gcm>),
}

impl Cipher {
    fn encrypt(&self, vector: [u8; VECTOR_LENGTH], payload: Payload<'_, '_>) -> Result<Vec<u8>, JweError> {
        let sealed = match self {
            Self::A128(cipher) => cipher.encrypt(&vector.into(), payload),
            Self::A256(cipher) => cipher.encrypt(&vector.into(), payload),
        };
        sealed.map_err(|_| JweError::Content)
    }

    fn decrypt(&self, vector: [u8; VECTOR_LENGTH], payload: Payload<'_, '_>) -> Result<Vec<u8>, JweError> {
        let opened = match self {
            Self::A128(cipher) => cipher.decrypt(&vector.into(), payload),
            Self::A256(cipher) => cipher.decrypt(&vector.into(), payload),
        };
        opened.map_err(|_| JweError::Decryption)
    }
}

fn cipher(secret: &[u8], header: &JweHeader) -> Result<Cipher, JweError> {
    let party = |party: &Option<Vec<u8>>| party.clone().unwrap_or_default();
    let encryption = header.encryption;
    let key = concat_kdf::derive(
        secret,
        encryption.name(),
        &party(&header.party_u),
        &party(&header.party_v),
        encryption.key_bits(),
    );
    Ok(match encryption {
        ContentEncryption::A256Gcm => Cipher::A256(Box::new(Aes256Gcm::new((&*key).into()))),
        ContentEncryption::A128Gcm => {
            // one round of the derivation gives 256 bits, of which the first are the key
            let (half, _) = key.split_first_chunk::<16>().ok_or(JweError::Content)?;
            Cipher::A128(Box::new(Aes128Gcm::new(half.into())))
        }
    })
}

/// A JWE that is taken apart and not yet decrypted.
#[derive(Debug, Clone)]
pub struct CompactJwe<'a> {
    header: JweHeader,
    ephemeral: PublicJwk,
    protected: &'a str,
    vector: [u8; VECTOR_LENGTH],
    /// With the tag at its end.
    sealed: Vec<u8>,
}

impl<'a> CompactJwe<'a> {
    /// Takes the text apart.
    ///
    /// # Errors
    /// [`JweError`] says which rule it breaks.
    pub fn parse(text: &'a str, rules: &JweRules<'_>) -> Result<Self, JweError> {
        if text.len() > rules.max_length {
            return Err(JweError::TooLong { max: rules.max_length });
        }
        let mut parts = text.split('.');
        let mut part = || parts.next().ok_or(JweError::Parts);
        let (protected, key, vector, content, tag) = (part()?, part()?, part()?, part()?, part()?);
        if parts.next().is_some() {
            return Err(JweError::Parts);
        }
        let mut members = Members::parse(protected)?;
        if members.word("alg")?.as_deref() != Some(ALGORITHM) {
            return Err(JweError::Algorithm);
        }
        let encryption = members
            .word("enc")?
            .and_then(|name| ContentEncryption::from_name(&name))
            .filter(|encryption| rules.encryptions.contains(encryption))
            .ok_or(JweError::Encryption)?;
        if members.value("zip").is_some() {
            return Err(JweError::Compressed);
        }
        members.expect_type(rules.type_)?;
        let ephemeral = ephemeral_key(members.value("epk"))?;
        let header = JweHeader {
            encryption,
            type_: match rules.type_ {
                ExpectedType::Is(type_) => Some(type_.to_owned()),
                ExpectedType::Absent => None,
            },
            content_type: members.word("cty")?,
            key_id: members.word("kid")?,
            party_u: party(&mut members, "apu")?,
            party_v: party(&mut members, "apv")?,
            own: members.rest(),
        };
        header.check_parties()?;
        if !key.is_empty() {
            return Err(JweError::EncryptedKey);
        }
        let bytes = |text| base64url::decode(text).map_err(|_| JweError::Content);
        let vector = bytes(vector)?.try_into().map_err(|_| JweError::Content)?;
        let tag = bytes(tag)?;
        if tag.len() != TAG_LENGTH {
            return Err(JweError::Content);
        }
        let mut sealed = bytes(content)?;
        sealed.extend(tag);
        Ok(Self { header, ephemeral, protected, vector, sealed })
    }

    /// The header: readable by everybody, and authenticated only once the message is decrypted.
    #[must_use]
    pub const fn header(&self) -> &JweHeader {
        &self.header
    }

    /// Curve of the ephemeral key, which is that of the recipient's.
    #[must_use]
    pub const fn curve(&self) -> Curve {
        self.ephemeral.curve()
    }

    /// Decrypts.
    ///
    /// # Errors
    /// [`JweError::OtherKey`]: the header names another key; [`JweError::EphemeralKey`]: it is on another curve than this one;
    /// [`JweError::Key`]: the key is for something else; [`JweError::Decryption`]: it is not for this key, or was altered.
    pub fn decrypt(&self, key: &PrivateJwk) -> Result<Zeroizing<Vec<u8>>, JweError> {
        self.decrypt_by(key.public(), |ephemeral| Ok(key.agree(&ephemeral.key)?))
    }

    /// Decrypts with a key that stays where it is: who has it is given the sender's public key, and gives the x-coordinate of the point that
    /// both share (RFC 7518 section 4.6.2). Both keys are on the same curve.
    ///
    /// # Errors
    /// As for [`decrypt`](Self::decrypt), and what the other one says.
    pub fn decrypt_by<E: From<JweError>>(
        &self,
        key: &PublicJwk,
        agree: impl FnOnce(&PublicJwk) -> Result<Zeroizing<Vec<u8>>, E>,
    ) -> Result<Zeroizing<Vec<u8>>, E> {
        if let (Some(said), Some(own)) = (&self.header.key_id, key.key_id())
            && said != own
        {
            return Err(JweError::OtherKey.into());
        }
        if self.ephemeral.curve() != key.curve() {
            return Err(JweError::EphemeralKey.into());
        }
        let cipher = cipher(&agree(&self.ephemeral)?, &self.header)?;
        let payload = Payload { msg: &self.sealed, aad: self.protected.as_bytes() };
        Ok(cipher.decrypt(self.vector, payload).map(Zeroizing::new)?)
    }
}

fn ephemeral_key(value: Option<Value>) -> Result<PublicJwk, JweError> {
    let value = value.ok_or(JweError::EphemeralKey)?;
    let key: PublicJwk = serde_json::from_value(value).map_err(|_| JweError::EphemeralKey)?;
    key.check(Operation::Agree).map_err(|_| JweError::EphemeralKey)?;
    Ok(key)
}

fn party(members: &mut Members, name: &'static str) -> Result<Option<Vec<u8>>, HeaderError> {
    match members.bytes(name)? {
        Some(party) if party.len() > MAX_PARTY => Err(HeaderError::Member(name)),
        party => Ok(party),
    }
}

/// Why a JWE is refused, or cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JweError {
    /// Longer than the caller takes.
    #[error("longer than {max} bytes")]
    TooLong {
        /// The most that is taken, in bytes.
        max: usize,
    },
    /// Not five parts.
    #[error("not a JWE in compact serialisation: five parts with dots between them")]
    Parts,
    /// The header.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// `alg` is another.
    #[error("encrypted with another key agreement than {ALGORITHM}")]
    Algorithm,
    /// `enc` is another.
    #[error("encrypted with a cipher that is not taken here")]
    Encryption,
    /// `zip`: length of what is compressed tells about it.
    #[error("the content is compressed")]
    Compressed,
    /// `epk` is absent, not a public key on P-256 or P-384, or on another curve than the recipient's.
    #[error("the ephemeral key is not on the recipient's curve")]
    EphemeralKey,
    /// An encrypted key where the agreed one is used directly.
    #[error("there is an encrypted key, and direct key agreement has none")]
    EncryptedKey,
    /// Vector, content or tag are not base64url of the right length.
    #[error("the encrypted content is malformed")]
    Content,
    /// The header names another key.
    #[error("encrypted for another key")]
    OtherKey,
    /// The key is for something else.
    #[error(transparent)]
    Key(#[from] JwkError),
    /// The tag is wrong: another key, or something was altered.
    #[error("it does not decrypt: encrypted for another key, or altered")]
    Decryption,
}

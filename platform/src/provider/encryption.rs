//! What is encrypted on its way (RFC 7516; OpenID Connect Core sections 10.2 and 16.14): ID tokens and userinfo for relying parties that
//! registered for it, and request objects and hints for the platform. ECDH-ES with AES-GCM in both directions, and nothing else.

use std::borrow::Cow;

use bitaqa_jose::{
    CompactJwe, ContentEncryption, JweHeader, PublicJwk,
    jwe::{self, ExpectedType, JweRules},
};

use super::{RelyingParty, failure::Failure, parameters};
use crate::{Platform, Unable, secret::fill};

/// `cty` of a JWT that has another one inside (RFC 7519 section 5.2).
const NESTED: &str = "JWT";
/// Longest JWT that is decrypted, in bytes: as long as a request may be.
const MAX_LENGTH: usize = parameters::MAX_LENGTH;

const WITHOUT_KEY: Failure = Failure::request(
    "the relying party's keys have none that this answer could be encrypted for: on P-256 or P-384, with \"use\": \"enc\"",
);

/// Whom an answer is encrypted for.
pub struct Recipient {
    key: PublicJwk,
    encryption: ContentEncryption,
}

impl Recipient {
    /// Encrypts a JWT that is signed.
    ///
    /// # Errors
    /// [`Unable`].
    pub fn encrypt_signed(&self, jwt: &str) -> Result<String, Unable> {
        self.encrypt(jwt.as_bytes(), Some(NESTED.to_owned()))
    }

    /// Encrypts claims that nobody signed.
    ///
    /// # Errors
    /// [`Unable`].
    pub fn encrypt_claims(&self, claims: &[u8]) -> Result<String, Unable> {
        self.encrypt(claims, None)
    }

    fn encrypt(&self, content: &[u8], content_type: Option<String>) -> Result<String, Unable> {
        let header = JweHeader { encryption: self.encryption, content_type, ..JweHeader::default() };
        jwe::encrypt(&self.key, &header, content, &mut fill).map_err(|_| Unable::Unreadable("encryption key"))
    }
}

/// Whether answers can be encrypted for a key: it has to say that it is for that, because others stand beside it (OpenID Connect
/// Core section 10.2).
#[must_use]
pub fn encryption_key(key: &bitaqa_jose::VerificationJwk) -> Option<&PublicJwk> {
    match key {
        bitaqa_jose::VerificationJwk::Curve(key) if key.is_for_encryption() && key.agrees() => Some(key),
        _ => None,
    }
}

impl Platform {
    /// Whom an answer to a relying party is encrypted for; nothing where it is not to be.
    ///
    /// # Errors
    /// [`Failure`]: no key of the relying party is for that.
    pub async fn recipient(
        &self,
        party: &RelyingParty,
        encryption: Option<ContentEncryption>,
    ) -> Result<Option<Recipient>, Failure> {
        let Some(encryption) = encryption else { return Ok(None) };
        let keys = self.keys_of(party, None).await;
        let key = keys.iter().find_map(encryption_key).ok_or(WITHOUT_KEY)?.clone();
        Ok(Some(Recipient { key, encryption }))
    }

    /// The JWT inside of one that was encrypted for the platform; one that was not is given back as it is. Nothing where it cannot be
    /// decrypted, or has no other JWT inside. Who signed that is still to be found out.
    ///
    /// # Errors
    /// [`Unable`]: the keys.
    pub fn decrypted<'a>(&self, text: &'a str, types: &[&str]) -> Result<Option<Cow<'a, str>>, Unable> {
        if text.split('.').count() != 5 {
            return Ok(Some(Cow::Borrowed(text)));
        }
        let parse = |type_| {
            let rules = JweRules { type_, encryptions: &ContentEncryption::ALL, max_length: MAX_LENGTH };
            CompactJwe::parse(text, &rules).ok()
        };
        let mut types = types.iter().map(|type_| ExpectedType::Is(type_));
        let Some(jwe) = parse(ExpectedType::Absent).or_else(|| types.find_map(parse)) else {
            return Ok(None);
        };
        if !jwe.header().content_type.as_ref().is_some_and(|type_| type_.eq_ignore_ascii_case(NESTED)) {
            return Ok(None);
        }
        let content = self.keys.decrypt(&jwe)?;
        let inner = content.and_then(|content| String::from_utf8(content.to_vec()).ok());
        Ok(inner.map(Cow::Owned))
    }
}

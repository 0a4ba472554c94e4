//! Version 2 (BSI TR-03110, parts 2 and 3): the terminal's key is announced in terminal authentication, and the chip
//! answers with a nonce and a token.

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{
    AUTHENTICATION_TEMPLATE, ChipKey, DYNAMIC_AUTHENTICATION_DATA, EPHEMERAL_KEY_DATA, MSE_SET, PRIVATE_KEY,
    PROTOCOL, chip_key::strength,
};
use crate::{
    apdu::{Command, MAX_SHORT_RESPONSE, ins},
    channel::Channel,
    error::{CardError, Misbehaviour},
    kdf::{self, KeyUse},
    key_agreement::{BadPublicKey, DomainParameters, PrivateKey, PublicKey},
    random::Random,
    secure_messaging::SecureMessaging,
    security_infos::{ChipAuthenticationInfo, SecurityInfos},
    tlv::{Tag, TlvError, TlvReader, encode},
};

const VERSION: u32 = 2;
const COMMAND: &str = "GENERAL AUTHENTICATE";
const NONCE: Tag = Tag(0x81);
const TOKEN: Tag = Tag(0x82);
/// Bytes of r_PICC: eight in the standard; a chip that gives a few more does no harm.
const NONCE_LENGTH: std::ops::RangeInclusive<usize> = 8..=32;

/// The terminal's ephemeral key pair, drawn before terminal authentication and announced there by its compressed public key.
/// It is used once. The private half is overwritten when dropped.
pub struct AnnouncedKey {
    info: ChipAuthenticationInfo,
    private: PrivateKey,
    public: PublicKey,
}

impl AnnouncedKey {
    /// A new key for the best of what EF.CardAccess offers: the strongest cipher. `None` where it offers no chip authentication
    /// of version 2.
    ///
    /// # Errors
    /// [`CardError::Unsupported`] if it offers some, but only in groups that we do not know.
    pub fn draw(card_access: &SecurityInfos, random: &mut dyn Random) -> Result<Option<Self>, CardError> {
        let offers: Vec<_> =
            card_access.chip_authentication().filter(|info| info.version == VERSION).collect();
        if offers.is_empty() {
            return Ok(None);
        }
        let (info, parameters) = offers
            .into_iter()
            .filter_map(|info| Some((*info, domain_parameters(card_access, info)?)))
            .max_by_key(|(info, _)| strength(info.protocol.cipher))
            .ok_or(CardError::Unsupported("chip authentication in an unknown group"))?;
        let private = parameters.random_private_key(random);
        Self::of(info, parameters, private).map(Some).map_err(bad_key)
    }

    fn of(
        info: ChipAuthenticationInfo,
        parameters: DomainParameters,
        private: PrivateKey,
    ) -> Result<Self, BadPublicKey> {
        let public = parameters.generator().agree(&private)?;
        Ok(Self { info, private, public })
    }

    /// The public key.
    #[must_use]
    pub const fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The chip's key in EF.CardSecurity that this one was drawn for.
    ///
    /// # Errors
    /// Misbehaviour if there is none, or none of the announced group.
    pub(crate) fn chip_key(&self, card_security: &SecurityInfos) -> Result<ChipKey, CardError> {
        card_security
            .chip_authentication_public_keys()
            .filter(|key| self.info.key_id.is_none() || key.key_id == self.info.key_id)
            .filter(|key| key.key_agreement == self.info.protocol.key_agreement)
            .filter_map(|key| ChipKey::new(self.info.protocol, key).ok())
            .find(|key| key.public_key().domain_parameters() == self.public.domain_parameters())
            .ok_or_else(|| bad_key(BadPublicKey))
    }
}

impl std::fmt::Debug for AnnouncedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AnnouncedKey").field("info", &self.info).finish_non_exhaustive()
    }
}

/// The group in which the terminal makes its key for this variant.
fn domain_parameters(infos: &SecurityInfos, info: &ChipAuthenticationInfo) -> Option<DomainParameters> {
    infos
        .chip_authentication_domain_parameters()
        .find(|own| own.key_agreement == info.protocol.key_agreement && own.key_id == info.key_id)
        .and_then(|own| own.domain_parameters)
}

/// Agrees with the chip on new session keys, checks that it has them, and goes on under them.
pub(crate) fn run_version_2(
    channel: &mut Channel<'_>,
    chip: &ChipKey,
    announced: &AnnouncedKey,
) -> Result<(), CardError> {
    let cipher = chip.cipher();
    let protocol = chip.protocol().oid();
    let secret = chip.public_key().agree(&announced.private).map_err(bad_key)?.shared_secret();

    let reference = chip.key_reference().map(|reference| encode(PRIVATE_KEY, &reference)).unwrap_or_default();
    let data = [encode(PROTOCOL, &protocol), reference].concat();
    let set = Command::new(ins::MANAGE_SECURITY_ENVIRONMENT, MSE_SET, AUTHENTICATION_TEMPLATE).data(data);
    channel.send(&set)?.expect_ok("MSE:Set AT")?;

    let key = encode(EPHEMERAL_KEY_DATA, &announced.public.encode());
    let general = Command::new(ins::GENERAL_AUTHENTICATE, 0, 0)
        .data(encode(DYNAMIC_AUTHENTICATION_DATA, &key))
        .le(MAX_SHORT_RESPONSE);
    let answer = channel.send(&general)?.expect_ok(COMMAND)?;
    let (nonce, token) =
        nonce_and_token(&answer).map_err(|error| Misbehaviour::Tlv { what: COMMAND, error })?;
    if !NONCE_LENGTH.contains(&nonce.len()) {
        return Err(Misbehaviour::Element { what: COMMAND, element: "nonce" }.into());
    }

    // Room for both first: growing would leave the secret behind.
    let mut with_nonce = Zeroizing::new(Vec::with_capacity(secret.len() + nonce.len()));
    with_nonce.extend_from_slice(&secret);
    with_nonce.extend_from_slice(nonce);
    let k_mac = kdf::derive(cipher, &with_nonce, KeyUse::Mac);
    let expected = cipher.mac8(&k_mac, &announced.public.data_object(&protocol))?;
    if !bool::from(expected[..].ct_eq(token)) {
        return Err(Misbehaviour::Proof { command: COMMAND }.into());
    }
    channel.protect(SecureMessaging::from_secret(cipher, &with_nonce)?);
    Ok(())
}

fn nonce_and_token(answer: &[u8]) -> Result<(&[u8], &[u8]), TlvError> {
    let mut outer = TlvReader::new(answer);
    let mut objects = outer.expect(DYNAMIC_AUTHENTICATION_DATA)?.children();
    outer.end()?;
    let nonce = objects.expect(NONCE)?.value;
    let token = objects.expect(TOKEN)?.value;
    objects.end()?;
    Ok((nonce, token))
}

fn bad_key(_: BadPublicKey) -> CardError {
    Misbehaviour::Element { what: "EF.CardSecurity", element: "ChipAuthenticationPublicKey" }.into()
}

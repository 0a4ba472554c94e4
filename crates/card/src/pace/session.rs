//! The steps of PACE, in the standard's order.

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{
    chip_authentication_mapping::ChipAuthenticationData,
    mapping::{self, MappingError},
    password::{Password, PasswordKind},
    state::{PaceVerdict, PasswordState, refusal, set_authentication_template},
    variant::PaceVariant,
};
use crate::{
    apdu::{CLA_CHAINING, Command, MAX_SHORT_RESPONSE, Response, StatusWord, ins},
    channel::Channel,
    chat::Chat,
    error::{CardError, Misbehaviour},
    kdf::{self, KeyUse},
    key_agreement::{BadPublicKey, DomainParameters, PrivateKey, PublicKey},
    random::Random,
    secure_messaging::SecureMessaging,
    security_infos::Mapping,
    tlv::{Tag, Tlv, TlvReader, encode},
};

const GENERAL_AUTHENTICATE: &str = "GENERAL AUTHENTICATE";
/// Dynamic authentication data.
const DYNAMIC_DATA: Tag = Tag(0x7C);
const ENCRYPTED_NONCE: Tag = Tag(0x80);
const MAPPING_DATA: Tag = Tag(0x81);
const MAPPING_ANSWER: Tag = Tag(0x82);
const EPHEMERAL_KEY: Tag = Tag(0x83);
const EPHEMERAL_KEY_ANSWER: Tag = Tag(0x84);
const TOKEN: Tag = Tag(0x85);
const TOKEN_ANSWER: Tag = Tag(0x86);
/// Name of the newest certification authority whose terminals the chip knows (TR-03110-3 section B.14.2).
const CURRENT_AUTHORITY: Tag = Tag(0x87);
/// The one before it.
const PREVIOUS_AUTHORITY: Tag = Tag(0x88);
const ENCRYPTED_CHIP_AUTHENTICATION_DATA: Tag = Tag(0x8A);
/// Most bytes of a nonce; standards ask for 16 or 32.
const MAX_NONCE: usize = 64;
/// Most characters of a certification authority's name (TR-03110-3 section C.1.2).
const MAX_AUTHORITY: usize = 16;
/// Bytes that the data objects of an answer take beside a public key.
const FRAME: usize = 8;

/// What PACE gave, beside the session keys, which the channel has.
#[derive(Debug, Clone)]
pub struct PaceSession {
    /// The variant that was spoken.
    pub variant: PaceVariant,
    /// The password it was spoken with.
    pub password: PasswordKind,
    /// The chip's ephemeral public key, in whose name terminal authentication version 2 is done.
    pub chip_key: PublicKey,
    /// With chip authentication mapping: the chip's proof, for the caller to check.
    pub chip_authentication: Option<ChipAuthenticationData>,
    /// Names of the certification authorities whose terminals the chip accepts, the newest first; only where a CHAT was sent.
    pub certification_authorities: Vec<Vec<u8>>,
}

/// Runs PACE with this password and protects the channel. A session that is running protects it, and is replaced.
///
/// # Errors
/// Transport faults, a refusal that is no verdict on the password, public keys that are none, an answer that does not prove that
/// the chip knows the password.
pub fn establish(
    channel: &mut Channel<'_>,
    random: &mut dyn Random,
    variant: &PaceVariant,
    password: &Password<'_>,
    chat: Option<&Chat>,
) -> Result<PaceVerdict, CardError> {
    if !variant.is_defined() {
        return Err(CardError::Unsupported("a variant of PACE that the standard does not define"));
    }
    let cipher = variant.protocol.cipher;
    let k_pi = password.key(cipher).ok_or(CardError::Unsupported("a password of this length"))?;

    let mut is_last_try = false;
    match set_authentication_template(channel, variant, password.kind(), chat)? {
        PasswordState::Usable { tries_left } => is_last_try = tries_left == Some(1),
        // After PACE with the card access number the last try is given.
        PasswordState::Suspended if channel.is_protected() => {}
        PasswordState::Suspended => return Ok(PaceVerdict::Suspended),
        PasswordState::Blocked => return Ok(PaceVerdict::Blocked),
        PasswordState::Deactivated => return Ok(PaceVerdict::Deactivated),
    }

    let mut exchange = Exchange { channel, random, variant };
    let nonce = match exchange.nonce(&k_pi) {
        // a password other than the PIN whose last try the chip does not give: nothing was tried
        Err(CardError::Refused { status: StatusWord::CONDITIONS_OF_USE, .. }) if is_last_try => {
            return Ok(PaceVerdict::Suspended);
        }
        Err(CardError::Refused { status: StatusWord::METHOD_BLOCKED, .. }) => {
            return Ok(PaceVerdict::Blocked);
        }
        nonce => nonce?,
    };
    let mapped = exchange.map(&nonce)?;
    let (own_key, chip_key, secret) = exchange.agree(&mapped.generator)?;

    let k_mac = kdf::derive(cipher, &secret, KeyUse::Mac);
    let protocol = variant.protocol.oid();
    let token = cipher.mac8(&k_mac, &chip_key.data_object(&protocol))?;
    let answer = exchange.authenticate(&token)?;
    if answer.status != StatusWord::OK {
        return refusal(GENERAL_AUTHENTICATE, answer.status);
    }
    let expected = cipher.mac8(&k_mac, &own_key.data_object(&protocol))?;
    let objects = DynamicData(&answer.data);
    if !bool::from(expected[..].ct_eq(objects.expect(TOKEN_ANSWER, "authentication token")?)) {
        return Err(Misbehaviour::Proof { command: GENERAL_AUTHENTICATE }.into());
    }

    let mut chip_authentication = None;
    if let Some(mapping_key) =
        mapped.chip_key.filter(|_| variant.protocol.mapping == Mapping::ChipAuthentication)
    {
        const ELEMENT: &str = "encrypted chip authentication data";
        let k_enc = kdf::derive(cipher, &secret, KeyUse::Encryption);
        let encrypted = objects.expect(ENCRYPTED_CHIP_AUTHENTICATION_DATA, ELEMENT)?;
        let data = ChipAuthenticationData::decrypt(cipher, &k_enc, encrypted, &mapping_key)?;
        chip_authentication = Some(data.ok_or_else(|| missing(ELEMENT))?);
    }
    let certification_authorities = match chat {
        Some(_) => objects.certification_authorities()?,
        None => Vec::new(),
    };
    exchange.channel.protect(SecureMessaging::from_secret(cipher, &secret)?);
    Ok(PaceVerdict::Open(Box::new(PaceSession {
        variant: *variant,
        password: password.kind(),
        chip_key,
        chip_authentication,
        certification_authorities,
    })))
}

/// The generator of the session, and the chip's public key of a mapping by key agreement.
struct Mapped {
    generator: PublicKey,
    chip_key: Option<PublicKey>,
}

struct Exchange<'a, 't> {
    channel: &'a mut Channel<'t>,
    random: &'a mut dyn Random,
    variant: &'a PaceVariant,
}

impl Exchange<'_, '_> {
    const fn parameters(&self) -> DomainParameters {
        self.variant.domain_parameters
    }

    /// Step 1: the chip's nonce z, decrypted to s.
    fn nonce(&mut self, k_pi: &[u8]) -> Result<Zeroizing<Vec<u8>>, CardError> {
        const ELEMENT: &str = "encrypted nonce";
        let answer = self.step(CLA_CHAINING, &[])?.expect_ok(GENERAL_AUTHENTICATE)?;
        let mut nonce = Zeroizing::new(DynamicData(&answer).expect(ENCRYPTED_NONCE, ELEMENT)?.to_vec());
        let cipher = self.variant.protocol.cipher;
        let fits = nonce.len().is_multiple_of(cipher.block_length())
            && (cipher.block_length()..=MAX_NONCE).contains(&nonce.len());
        if !fits {
            return Err(missing(ELEMENT));
        }
        cipher.decrypt_cbc(k_pi, cipher.zero_iv(), &mut nonce)?;
        Ok(nonce)
    }

    /// Step 2: the generator of this session.
    fn map(&mut self, nonce: &[u8]) -> Result<Mapped, CardError> {
        if self.variant.protocol.mapping == Mapping::Integrated {
            return self.map_integrated(nonce);
        }
        let parameters = self.parameters();
        let (own, _, theirs) = self.exchange_keys(&parameters.generator(), MAPPING_DATA, MAPPING_ANSWER)?;
        let generator = mapping::generic(parameters, nonce, &own, &theirs).map_err(bad_key)?;
        Ok(Mapped { generator, chip_key: Some(theirs) })
    }

    fn map_integrated(&mut self, nonce: &[u8]) -> Result<Mapped, CardError> {
        let cipher = self.variant.protocol.cipher;
        let mut own = Zeroizing::new(vec![0; cipher.key_length()]);
        self.random.fill(&mut own);
        let answer = self.step(CLA_CHAINING, &encode(MAPPING_DATA, &own))?.expect_ok(GENERAL_AUTHENTICATE)?;
        // The chip has nothing to say here: an empty object, or none.
        if DynamicData(&answer).find(MAPPING_ANSWER)?.is_some_and(|object| !object.value.is_empty()) {
            return Err(missing("mapping data"));
        }
        let mapped = mapping::integrated(self.parameters(), cipher, nonce, &own);
        let generator = mapped.map_err(|error| match error {
            MappingError::NonceLength => missing("encrypted nonce"),
            MappingError::Undefined => bad_key(BadPublicKey),
            MappingError::Symmetric(error) => error.into(),
        })?;
        Ok(Mapped { generator, chip_key: None })
    }

    /// Step 3: our ephemeral public key, the chip's, and the secret of both.
    fn agree(
        &mut self,
        generator: &PublicKey,
    ) -> Result<(PublicKey, PublicKey, Zeroizing<Vec<u8>>), CardError> {
        let (private, public, theirs) = self.exchange_keys(generator, EPHEMERAL_KEY, EPHEMERAL_KEY_ANSWER)?;
        let secret = theirs.agree(&private).map_err(bad_key)?.shared_secret();
        Ok((public, theirs, secret))
    }

    /// Step 4: the authentication token. The answer may be a verdict.
    fn authenticate(&mut self, token: &[u8]) -> Result<Response, CardError> {
        self.step(0x00, &encode(TOKEN, token))
    }

    /// A new key pair, and the chip's public key for ours, which must be another.
    fn exchange_keys(
        &mut self,
        generator: &PublicKey,
        tag: Tag,
        answer_tag: Tag,
    ) -> Result<(PrivateKey, PublicKey, PublicKey), CardError> {
        let private = self.parameters().random_private_key(self.random);
        let public = generator.agree(&private).map_err(bad_key)?;
        let answer =
            self.step(CLA_CHAINING, &encode(tag, &public.encode()))?.expect_ok(GENERAL_AUTHENTICATE)?;
        let theirs = DynamicData(&answer).expect(answer_tag, "public key")?;
        let theirs = self.parameters().decode(theirs).map_err(bad_key)?;
        if theirs == public {
            return Err(bad_key(BadPublicKey));
        }
        Ok((private, public, theirs))
    }

    /// GENERAL AUTHENTICATE with dynamic authentication data.
    fn step(&mut self, cla: u8, content: &[u8]) -> Result<Response, CardError> {
        let key = self.parameters().generator().encode().len();
        let command = Command::new(ins::GENERAL_AUTHENTICATE, 0, 0)
            .data(encode(DYNAMIC_DATA, content))
            .le((key + FRAME).max(MAX_SHORT_RESPONSE));
        self.channel.send(&Command { cla, ..command })
    }
}

/// What a chip answers, to be taken out of `7C`.
struct DynamicData<'a>(&'a [u8]);

impl<'a> DynamicData<'a> {
    fn find(&self, tag: Tag) -> Result<Option<Tlv<'a>>, CardError> {
        let tlv = |error| Misbehaviour::Tlv { what: GENERAL_AUTHENTICATE, error };
        Ok(TlvReader::new(self.0).expect(DYNAMIC_DATA).map_err(tlv)?.children().find(tag).map_err(tlv)?)
    }

    fn expect(&self, tag: Tag, element: &'static str) -> Result<&'a [u8], CardError> {
        Ok(self.find(tag)?.ok_or_else(|| missing(element))?.value)
    }

    fn certification_authorities(&self) -> Result<Vec<Vec<u8>>, CardError> {
        let mut names = Vec::new();
        for tag in [CURRENT_AUTHORITY, PREVIOUS_AUTHORITY] {
            if let Some(name) = self.find(tag)? {
                if name.value.is_empty() || name.value.len() > MAX_AUTHORITY {
                    return Err(missing("certification authority reference"));
                }
                names.push(name.value.to_vec());
            }
        }
        Ok(names)
    }
}

fn missing(element: &'static str) -> CardError {
    Misbehaviour::Element { what: GENERAL_AUTHENTICATE, element }.into()
}

fn bad_key(_: BadPublicKey) -> CardError {
    Misbehaviour::PublicKey { command: GENERAL_AUTHENTICATE }.into()
}

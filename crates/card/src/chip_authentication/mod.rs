//! Chip authentication, version 1 (ICAO Doc 9303-11, section 6.2; BSI TR-03110-1): the chip agrees on new
//! session keys with a key that a copy does not have, and proves it by answering under them.
//!
//! Two ways: [`run`] makes the terminal's key here, which convinces this computer and nobody else. In the relayed form
//! the key is made where the proof is judged: a [`Verifier`] gives its public key and one protected READ, a
//! [`RelayedChipAuthentication`] passes both to the chip, and the chip's answer back.
//!
//! Version 2 comes after terminal authentication, with a key that the terminal announced there, an [`AnnouncedKey`]: its way
//! is [`terminal_authentication`](crate::terminal_authentication).

mod chip_key;
mod relayed;
#[cfg(test)]
mod tests;
mod verifier;
mod version_2;

pub(crate) use self::version_2::run_version_2;
pub use self::{
    chip_key::ChipKey,
    relayed::{RelayFault, RelayedChipAuthentication},
    verifier::{ChipAuthenticationFault, Verifier},
    version_2::AnnouncedKey,
};
use crate::{
    apdu::{Command, MAX_SHORT_RESPONSE, ins},
    channel::Channel,
    error::{CardError, Misbehaviour},
    key_agreement::{BadPublicKey, PublicKey},
    random::Random,
    secure_messaging::SecureMessaging,
    symmetric::Cipher,
    tlv::{Tag, TlvReader, encode},
};

/// P1 of MANAGE SECURITY ENVIRONMENT: set, for computation and internal authentication (ISO/IEC 7816-4, section 11.5.11).
const MSE_SET: u8 = 0x41;
/// P2: template for key agreement.
const KEY_AGREEMENT_TEMPLATE: u8 = 0xA6;
/// P2: template for authentication.
const AUTHENTICATION_TEMPLATE: u8 = 0xA4;
/// Reference of the protocol: its object identifier.
const PROTOCOL: Tag = Tag(0x80);
/// Reference of a private key.
const PRIVATE_KEY: Tag = Tag(0x84);
/// The terminal's public key in MSE:Set KAT.
const EPHEMERAL_KEY: Tag = Tag(0x91);
/// Dynamic authentication data of GENERAL AUTHENTICATE, and the terminal's public key in it.
const DYNAMIC_AUTHENTICATION_DATA: Tag = Tag(0x7C);
const EPHEMERAL_KEY_DATA: Tag = Tag(0x80);

/// Agrees with the chip on new session keys and goes on under them: what the chip answers from here on proves that it has
/// the key. Gives the terminal's public key, in whose name terminal authentication version 1 is done.
///
/// # Errors
/// Transport faults, a refusal, and [`CardError::Unsupported`] outside a session: the chip's answers say who it is, and are
/// not for everybody.
pub fn run(
    channel: &mut Channel<'_>,
    random: &mut dyn Random,
    chip: &ChipKey,
) -> Result<PublicKey, CardError> {
    let parameters = chip.public_key().domain_parameters();
    let private = parameters.random_private_key(random);
    let ephemeral = parameters.generator().agree(&private).map_err(bad_key)?;
    let secret = chip.public_key().agree(&private).map_err(bad_key)?;
    agree(channel, chip, &ephemeral)?;
    channel.protect(SecureMessaging::from_secret(chip.cipher(), &secret.shared_secret())?);
    Ok(ephemeral)
}

/// Gives the chip the terminal's public key. After this, the chip speaks under the new keys.
fn agree(channel: &mut Channel<'_>, chip: &ChipKey, ephemeral: &PublicKey) -> Result<(), CardError> {
    if !channel.is_protected() {
        return Err(CardError::Unsupported("chip authentication outside a protected session"));
    }
    let reference = chip.key_reference().map(|reference| encode(PRIVATE_KEY, &reference)).unwrap_or_default();
    let set = |template| Command::new(ins::MANAGE_SECURITY_ENVIRONMENT, MSE_SET, template);
    // 9303-11 section 6.2: one command with 3DES, two with AES
    if chip.cipher() == Cipher::TripleDes {
        let data = [encode(EPHEMERAL_KEY, &ephemeral.encode()), reference].concat();
        channel.send(&set(KEY_AGREEMENT_TEMPLATE).data(data))?.expect_ok("MSE:Set KAT")?;
        return Ok(());
    }
    let data = [encode(PROTOCOL, &chip.protocol().oid()), reference].concat();
    channel.send(&set(AUTHENTICATION_TEMPLATE).data(data))?.expect_ok("MSE:Set AT")?;
    let data = encode(DYNAMIC_AUTHENTICATION_DATA, &encode(EPHEMERAL_KEY_DATA, &ephemeral.encode()));
    let general = Command::new(ins::GENERAL_AUTHENTICATE, 0, 0).data(data).le(MAX_SHORT_RESPONSE);
    let answer = channel.send(&general)?.expect_ok("GENERAL AUTHENTICATE")?;
    // Version 1 answers with an empty template, or with nothing.
    let mut reader = TlvReader::new(&answer);
    let template = reader.take_if(DYNAMIC_AUTHENTICATION_DATA);
    if answer.is_empty()
        || (matches!(template, Ok(Some(template)) if template.value.is_empty()) && reader.rest().is_empty())
    {
        return Ok(());
    }
    Err(Misbehaviour::Element { what: "GENERAL AUTHENTICATE", element: "dynamic authentication data" }.into())
}

fn bad_key(_: BadPublicKey) -> CardError {
    Misbehaviour::Element { what: "DG14", element: "ChipAuthenticationPublicKey" }.into()
}

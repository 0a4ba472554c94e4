//! The commands before the signature.

use std::fmt;

use super::{AuxiliaryData, signer::Prepared};
use crate::{
    apdu::{Command, ins},
    channel::Channel,
    chip_authentication::AnnouncedKey,
    cvc::{Algorithm, CertificateChain, Reference},
    error::{CardError, Misbehaviour},
    key_agreement::PublicKey,
    lds::MrzKey,
    pace::PaceSession,
    tlv::{Tag, encode},
};

/// P1 of MANAGE SECURITY ENVIRONMENT: set, for verification and external authentication.
const SET: u8 = 0x81;
/// P2: template for digital signatures.
const SIGNATURE_TEMPLATE: u8 = 0xB6;
/// P2: template for authentication.
const AUTHENTICATION_TEMPLATE: u8 = 0xA4;
/// P1 and P2 of PERFORM SECURITY OPERATION: VERIFY CERTIFICATE with a card-verifiable certificate's content.
const VERIFY_CERTIFICATE: (u8, u8) = (0x00, 0xBE);
/// Reference of the protocol: its object identifier.
const PROTOCOL: Tag = Tag(0x80);
/// Reference of a public key: the name of its holder.
const PUBLIC_KEY: Tag = Tag(0x83);
/// The announced key, compressed.
const EPHEMERAL_KEY: Tag = Tag(0x91);
/// Bytes of r_PICC (part 3, B.11.6).
const CHALLENGE: usize = 8;

/// `ID_PICC`: what the chip is called in the terminal's signature, so that it holds for this session only.
#[derive(Clone, PartialEq, Eq)]
pub struct ChipIdentifier(Vec<u8>);

impl ChipIdentifier {
    /// After PACE: the chip's ephemeral key, compressed.
    #[must_use]
    pub fn of_pace(session: &PaceSession) -> Self {
        Self(session.chip_key.compressed())
    }

    /// After basic access control: the document number with its check digit. Version 1 only.
    #[must_use]
    pub fn of_basic_access_control(zone: &MrzKey) -> Self {
        Self(zone.number().as_bytes().to_vec())
    }
}

impl fmt::Debug for ChipIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChipIdentifier(…)")
    }
}

/// Version 1, after chip authentication version 1: up to the challenge. `terminal_key` is the terminal's public key of chip
/// authentication.
///
/// # Errors
/// [`CardError::Refused`] with the command that the chip refused: a certificate that it does not believe, an authority that
/// it does not know. Transport faults, misbehaviour, [`CardError::Unsupported`] outside a session.
pub fn prepare_version_1(
    channel: &mut Channel<'_>,
    chain: &CertificateChain,
    chip: &ChipIdentifier,
    terminal_key: &PublicKey,
) -> Result<Prepared<()>, CardError> {
    let (algorithm, holder) = present(channel, chain)?;
    let challenge = choose(channel, encode(PUBLIC_KEY, holder.as_bytes()))?;
    let to_be_signed = [&chip.0[..], &challenge, &terminal_key.compressed()].concat();
    Ok(Prepared { to_be_signed, holder, algorithm, announced: () })
}

/// Version 2, before chip authentication version 2: up to the challenge.
///
/// # Errors
/// As in [version 1](prepare_version_1).
pub fn prepare_version_2(
    channel: &mut Channel<'_>,
    chain: &CertificateChain,
    chip: &ChipIdentifier,
    announced: AnnouncedKey,
    auxiliary: Option<&AuxiliaryData>,
) -> Result<Prepared<AnnouncedKey>, CardError> {
    let (algorithm, holder) = present(channel, chain)?;
    let compressed = announced.public().compressed();
    let auxiliary = auxiliary.map(AuxiliaryData::encode).unwrap_or_default();
    let data = [
        encode(PROTOCOL, &algorithm.oid()),
        encode(PUBLIC_KEY, holder.as_bytes()),
        auxiliary.clone(),
        encode(EPHEMERAL_KEY, &compressed),
    ];
    let challenge = choose(channel, data.concat())?;
    let to_be_signed = [&chip.0[..], &challenge, &compressed, &auxiliary].concat();
    Ok(Prepared { to_be_signed, holder, algorithm, announced })
}

/// MSE:Set DST and PSO: VERIFY CERTIFICATE for each certificate (part 3, B.11.4 and B.11.5).
fn present(channel: &mut Channel<'_>, chain: &CertificateChain) -> Result<(Algorithm, Reference), CardError> {
    protected(channel)?;
    for certificate in chain.certificates() {
        let issuer = encode(PUBLIC_KEY, certificate.authority.as_bytes());
        let set = Command::new(ins::MANAGE_SECURITY_ENVIRONMENT, SET, SIGNATURE_TEMPLATE).data(issuer);
        channel.send(&set)?.expect_ok("MSE:Set DST")?;
        let (p1, p2) = VERIFY_CERTIFICATE;
        let verify = Command::new(ins::PERFORM_SECURITY_OPERATION, p1, p2).data(certificate.to_verify());
        channel.send(&verify)?.expect_ok("PSO: VERIFY CERTIFICATE")?;
    }
    let terminal = chain.terminal();
    Ok((terminal.public_key.algorithm(), terminal.holder.clone()))
}

/// MSE:Set AT and GET CHALLENGE (part 3, B.11.1 and B.11.6).
fn choose(channel: &mut Channel<'_>, data: Vec<u8>) -> Result<[u8; CHALLENGE], CardError> {
    let set = Command::new(ins::MANAGE_SECURITY_ENVIRONMENT, SET, AUTHENTICATION_TEMPLATE).data(data);
    channel.send(&set)?.expect_ok("MSE:Set AT")?;
    let challenge =
        channel.send(&Command::new(ins::GET_CHALLENGE, 0, 0).le(CHALLENGE))?.expect_ok("GET CHALLENGE")?;
    let wrong = |_| Misbehaviour::Element { what: "GET CHALLENGE", element: "challenge" }.into();
    challenge.try_into().map_err(wrong)
}

/// Outside a session anybody in between could go on in the terminal's name.
pub(super) const fn protected(channel: &Channel<'_>) -> Result<(), CardError> {
    if channel.is_protected() {
        Ok(())
    } else {
        Err(CardError::Unsupported("terminal authentication outside a protected session"))
    }
}

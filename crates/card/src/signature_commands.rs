//! The commands of one signature, all of them made before the first is sent.

use crate::{
    apdu::{Command, MAX_SHORT_RESPONSE, ins},
    channel::Channel,
    error::CardError,
    layout::{KeyUse, Method, Operation},
    piv::general_authenticate,
    signature::{KeySize, SignatureAlgorithm, ToBeSigned, hash_code},
    tlv::{self, Tag},
};

/// Control reference templates (ISO/IEC 7816-4, section 10.3.2).
const AUTHENTICATION_TEMPLATE: u8 = 0xA4;
const HASH_TEMPLATE: u8 = 0xAA;
const DIGITAL_SIGNATURE_TEMPLATE: u8 = 0xB6;

/// What the card is sent to sign once.
pub(crate) struct SignatureCommands {
    environment: Vec<Command>,
    hash: Option<Command>,
    sign: Command,
    operation: Operation,
}

impl SignatureCommands {
    pub(crate) fn new(
        key: &KeyUse,
        method: &Method,
        (algorithm, size): (SignatureAlgorithm, KeySize),
        what: ToBeSigned<'_>,
    ) -> Result<Self, CardError> {
        let input = method.input.prepare(algorithm, size, what)?;
        let le = match size {
            KeySize::Rsa(modulus) => modulus,
            // 00: as much as there is, also for cards that wrap r and s in DER
            KeySize::Ec(_) => MAX_SHORT_RESPONSE,
        };
        let pso = |p1, p2| Command::new(ins::PERFORM_SECURITY_OPERATION, p1, p2);
        let (template, hash, sign) = match method.operation {
            Operation::InternalAuthenticate => {
                let command = Command::new(ins::INTERNAL_AUTHENTICATE, 0x00, 0x00).data(input).le(le);
                (Some(AUTHENTICATION_TEMPLATE), None, command)
            }
            Operation::ComputeDigitalSignature => {
                (Some(DIGITAL_SIGNATURE_TEMPLATE), None, pso(0x9E, 0x9A).data(input).le(le))
            }
            Operation::HashThenSign => {
                // the last round is a template already; a digest becomes one
                let data = if method.input.needs_message() { input } else { hash_code(&input) };
                (Some(DIGITAL_SIGNATURE_TEMPLATE), Some(pso(0x90, 0xA0).data(data)), pso(0x9E, 0x9A).le(le))
            }
            Operation::GeneralAuthenticate => {
                let reference = key.reference.ok_or(CardError::Unsupported("a key without reference"))?;
                (None, None, general_authenticate::command(size, reference, &input)?)
            }
        };
        let mut environment = Vec::new();
        if let Some(reference) = method.hash_reference {
            environment.extend(set(HASH_TEMPLATE, &[(0x80, Some(reference))]));
        }
        if let Some(template) = template {
            environment.extend(set(template, &[(0x80, method.reference), (0x84, key.reference)]));
        }
        Ok(Self { environment, hash, sign, operation: method.operation })
    }

    /// Says which key and which algorithms are meant.
    pub(crate) fn set_environment(&self, channel: &mut Channel<'_>) -> Result<(), CardError> {
        for command in &self.environment {
            channel.send(command)?.expect_ok("MANAGE SECURITY ENVIRONMENT")?;
        }
        Ok(())
    }

    /// Signs.
    pub(crate) fn sign(&self, channel: &mut Channel<'_>) -> Result<Vec<u8>, CardError> {
        if let Some(hash) = &self.hash {
            channel.send(hash)?.expect_ok("PERFORM SECURITY OPERATION: HASH")?;
        }
        let response = channel.send(&self.sign)?;
        match self.operation {
            Operation::InternalAuthenticate => response.expect_ok("INTERNAL AUTHENTICATE"),
            Operation::ComputeDigitalSignature | Operation::HashThenSign => {
                response.expect_ok("PERFORM SECURITY OPERATION: COMPUTE DIGITAL SIGNATURE")
            }
            Operation::GeneralAuthenticate => {
                general_authenticate::response(&response.expect_ok("GENERAL AUTHENTICATE")?)
            }
        }
    }
}

/// MANAGE SECURITY ENVIRONMENT: SET (ISO/IEC 7816-4, section 11.6.11); nothing if there is nothing to say.
fn set(template: u8, references: &[(u32, Option<u8>)]) -> Option<Command> {
    let data: Vec<u8> = references
        .iter()
        .filter_map(|(tag, value)| value.map(|value| tlv::encode(Tag(*tag), &[value])))
        .flatten()
        .collect();
    // 41: computation of a signature or authentication
    (!data.is_empty()).then(|| Command::new(ins::MANAGE_SECURITY_ENVIRONMENT, 0x41, template).data(data))
}

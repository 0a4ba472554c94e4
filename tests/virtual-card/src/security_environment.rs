//! Keys and the security environment that chooses one (ISO 7816-4, section 10.3 and 11.5.11; ISO 7816-8).

use crate::{
    ber_tlv::objects,
    chip::{Answer, Chip, Refusal},
    command::Command,
    digest::Digest,
    file_system::FileRef,
    mechanism::Mechanism,
    private_key::PrivateKey,
    rules::HashTemplate,
    status::StatusWord,
};

/// The control reference templates that these chips know (ISO 7816-4, table 55).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Template {
    /// `A4`, for INTERNAL AUTHENTICATE.
    Authentication,
    /// `B6`, for PSO: COMPUTE DIGITAL SIGNATURE.
    DigitalSignature,
}

/// A private key in the chip, with what it may be used for.
#[derive(Clone)]
pub struct Key {
    /// Its reference in data object `84`.
    pub reference: u8,
    /// The dedicated file in which, and below which, it can be used.
    pub directory: FileRef,
    /// The key.
    pub private: PrivateKey,
    /// The templates that it can be named in.
    pub templates: Vec<Template>,
    /// The algorithm references (data object `80`) that go with it.
    pub algorithms: Vec<(Vec<u8>, Mechanism)>,
    /// What it does when the environment names no algorithm.
    pub implicit: Option<Mechanism>,
    /// The reference of the PIN that has to be verified, if any.
    pub pin: Option<u8>,
    /// Whether each use spends the verification (`userConsent`, ISO/IEC 7816-15).
    pub user_consent: bool,
}

/// One template of the current environment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Choice {
    key: Option<u8>,
    algorithm: Option<Vec<u8>>,
}

/// The current environment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Environment {
    authentication: Choice,
    signature: Choice,
    /// The algorithm of the hash template.
    pub(crate) hash: Option<Digest>,
}

impl Environment {
    fn choice(&self, template: Template) -> &Choice {
        match template {
            Template::Authentication => &self.authentication,
            Template::DigitalSignature => &self.signature,
        }
    }

    fn choice_mut(&mut self, template: Template) -> &mut Choice {
        match template {
            Template::Authentication => &mut self.authentication,
            Template::DigitalSignature => &mut self.signature,
        }
    }
}

impl Chip {
    /// MANAGE SECURITY ENVIRONMENT: SET (low half of P1 is 1) and RESTORE (F3).
    pub(crate) fn manage_security_environment(&mut self, command: &Command) -> Result<Answer, Refusal> {
        match command.p1 {
            0xF3 if command.data.is_empty() => self.restore_environment(command.p2),
            0xF3 => Err(StatusWord::WRONG_LENGTH.into()),
            0xF2 | 0xF4 => Err(StatusWord::FUNCTION_NOT_SUPPORTED.into()),
            // bit 7: computation, decipherment, internal authentication (table 78)
            p1 if p1 & 0x0F == 1 && p1 & 0x40 != 0 => self.set_environment(command),
            _ => Err(StatusWord::WRONG_PARAMETERS.into()),
        }
    }

    /// Environment 1 is the empty one; there is no other to restore.
    fn restore_environment(&mut self, number: u8) -> Result<Answer, Refusal> {
        if number != 1 {
            return Err(StatusWord::REFERENCE_NOT_FOUND.into());
        }
        self.session.environment = Environment::default();
        Ok(Answer::empty())
    }

    fn set_environment(&mut self, command: &Command) -> Result<Answer, Refusal> {
        let template = match command.p2 {
            0xA4 => Template::Authentication,
            0xB6 => Template::DigitalSignature,
            0xAA if self.rules.hash_template == HashTemplate::Named => return self.set_hash(&command.data),
            0xAA | 0xB4 | 0xB8 => return Err(StatusWord::FUNCTION_NOT_SUPPORTED.into()),
            _ => return Err(StatusWord::WRONG_PARAMETERS.into()),
        };
        if command.data.is_empty() {
            return Err(StatusWord::WRONG_LENGTH.into());
        }
        // SET replaces the whole template ("one component of the current environment", section 11.5.11)
        let mut choice = Choice::default();
        for (tag, value) in objects(&command.data).ok_or(StatusWord::WRONG_DATA)? {
            match (tag, value) {
                (0x80, algorithm) => choice.algorithm = Some(algorithm.to_vec()),
                (0x83 | 0x84, [reference]) => choice.key = Some(*reference),
                // usage qualifier: computation of a digital signature (table 57)
                (0x95, [0x40]) => {}
                _ => return Err(StatusWord::WRONG_DATA.into()),
            }
        }
        if let Some(reference) = choice.key {
            let key = self.key(reference, template).ok_or(StatusWord::REFERENCE_NOT_FOUND)?;
            if choice.algorithm.is_some() && mechanism(key, &choice).is_none() {
                return Err(StatusWord::WRONG_DATA.into());
            }
        }
        *self.session.environment.choice_mut(template) = choice;
        Ok(Answer::empty())
    }

    /// The hash template: `80` and the same half byte as in the references of signature algorithms.
    fn set_hash(&mut self, data: &[u8]) -> Result<Answer, Refusal> {
        let digest = match data {
            [0x80, 0x01, 0x10] => Digest::Sha1,
            [0x80, 0x01, 0x30] => Digest::Sha224,
            [0x80, 0x01, 0x40] => Digest::Sha256,
            [0x80, 0x01, 0x50] => Digest::Sha384,
            [0x80, 0x01, 0x60] => Digest::Sha512,
            _ => return Err(StatusWord::WRONG_DATA.into()),
        };
        self.session.environment.hash = Some(digest);
        Ok(Answer::empty())
    }

    /// The key and mechanism that the environment chose.
    pub(crate) fn chosen(&self, template: Template) -> Result<(Key, Mechanism), Refusal> {
        let choice = self.session.environment.choice(template);
        let reference = choice.key.ok_or(StatusWord::CONDITIONS_NOT_SATISFIED)?;
        let key = self.key(reference, template).ok_or(StatusWord::REFERENCE_NOT_FOUND)?;
        let mechanism = mechanism(key, choice).ok_or(StatusWord::CONDITIONS_NOT_SATISFIED)?;
        Ok((key.clone(), mechanism))
    }

    fn key(&self, reference: u8, template: Template) -> Option<&Key> {
        self.keys.iter().find(|key| {
            key.reference == reference
                && key.templates.contains(&template)
                && self.files.is_within(self.session.directory, key.directory)
        })
    }
}

fn mechanism(key: &Key, choice: &Choice) -> Option<Mechanism> {
    match &choice.algorithm {
        None => key.implicit,
        Some(wanted) => {
            key.algorithms.iter().find(|(name, _)| name == wanted).map(|(_, mechanism)| *mechanism)
        }
    }
}

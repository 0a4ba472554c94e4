//! A card in use: find out what it is, read its certificate, present its PIN and sign.
//!
//! One [`Card`] lives for one transaction. What it found out ([`Layout`]) may be kept and given to the next one, so the
//! second transaction of a sign-in starts with the commands that matter.

use std::sync::Arc;

use crate::{
    apdu::{Command, MAX_SHORT_RESPONSE, StatusWord, ins},
    channel::Channel,
    error::{CardError, Misbehaviour},
    file::{FileLocation, Selection},
    layout::{
        CertificateLocation, Credential, Layout, Method, Operation, Order, PinObject, Role, StatusQuery,
    },
    pin::{PinEntry, PinStatus, PinVerdict},
    pkcs15,
    profile::{Profile, Structure},
    signature::{KeySize, SignatureAlgorithm, normalise},
    tlv::{self, Tag, Tlv, TlvReader},
    transport::Transport,
};

/// Most bytes of a certificate.
const MAX_CERTIFICATE: usize = 8 * 1024;

/// A card, for the length of one transaction.
pub struct Card<'t> {
    channel: Channel<'t>,
    selection: Selection,
    layout: Arc<Layout>,
}

/// What came of [`Card::verify_and_sign`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signed {
    /// The signature: RSA as long as the modulus, ECDSA as `r ‖ s`.
    Signature(Vec<u8>),
    /// The PIN was not accepted; nothing was signed. Never [`PinVerdict::Correct`].
    PinRefused(PinVerdict),
}

impl<'t> Card<'t> {
    /// Finds out what the card is: by application, in the order of the profiles, those whose ATR is known first.
    ///
    /// # Errors
    /// [`CardError::Unknown`] if nothing fits; transport faults; refusals and misbehaviour of a card that fits something.
    pub fn discover(
        transport: &'t mut dyn Transport,
        atr: &[u8],
        profiles: &[Profile],
    ) -> Result<Self, CardError> {
        let hinted = |profile: &&Profile| profile.recognise.atr_hints.iter().any(|hint| hint == atr);
        let (first, rest): (Vec<_>, Vec<_>) = profiles.iter().partition(hinted);
        let mut channel = Channel::new(transport, crate::profile::Link::CAUTIOUS);
        let mut selection = Selection::default();
        let mut fault = None;
        for profile in first.into_iter().chain(rest) {
            channel.set_link(profile.link);
            match recognise(&mut channel, &mut selection, profile) {
                Ok(layout) => return Ok(Self { channel, selection, layout: Arc::new(layout) }),
                Err(CardError::Unknown) => {}
                // it is such a card, or looks like one; another profile may still fit
                Err(error @ (CardError::Misbehaved(_) | CardError::Refused { .. })) => fault = Some(error),
                Err(error) => return Err(error),
            }
        }
        Err(fault.unwrap_or(CardError::Unknown))
    }

    /// A card whose layout is known from an earlier transaction. Nothing is sent yet.
    #[must_use]
    pub fn with_layout(transport: &'t mut dyn Transport, layout: Arc<Layout>) -> Self {
        let channel = Channel::new(transport, layout.link);
        Self { channel, selection: Selection::default(), layout }
    }

    /// What is known of the card.
    #[must_use]
    pub const fn layout(&self) -> &Arc<Layout> {
        &self.layout
    }

    /// The credential of a role.
    ///
    /// # Errors
    /// [`CardError::NoCredential`].
    pub fn credential(&self, role: Role) -> Result<Credential, CardError> {
        self.layout.credential(role).cloned().ok_or(CardError::NoCredential)
    }

    /// Reads a credential's certificate, as DER.
    ///
    /// # Errors
    /// Misbehaviour if the file holds no DER `SEQUENCE`; refusals and transport faults.
    pub fn certificate(&mut self, credential: &Credential) -> Result<Vec<u8>, CardError> {
        let content = match &credential.certificate {
            CertificateLocation::Direct(content) => content.clone(),
            CertificateLocation::File(location) => {
                self.selection.read(&mut self.channel, location, MAX_CERTIFICATE)?
            }
        };
        // files are often longer than the certificate in them
        let certificate = TlvReader::new(&content)
            .expect(Tag(0x30))
            .map_err(|error| Misbehaviour::Tlv { what: "the certificate", error })?;
        Ok(certificate.encoded.to_vec())
    }

    /// Asks for the tries left, where that is known to cost none.
    ///
    /// # Errors
    /// Misbehaviour, refusals and transport faults.
    pub fn pin_status(&mut self, pin: &PinObject) -> Result<PinStatus, CardError> {
        match &pin.status {
            StatusQuery::None => Ok(PinStatus::default()),
            StatusQuery::EmptyVerify => {
                let query = Command::new(ins::VERIFY, 0x00, pin.format.reference);
                let status = self.channel.send(&query)?.status;
                let blocked = matches!(status, StatusWord::METHOD_BLOCKED | StatusWord::REFERENCE_NOT_USABLE);
                let tries_left = if blocked { Some(0) } else { status.tries_left() };
                Ok(PinStatus { tries_left, tries_maximum: None })
            }
            StatusQuery::DataObject { directory, path, left, maximum } => {
                self.selection.enter(&mut self.channel, directory)?;
                self.counters(path, *left, *maximum)
            }
        }
    }

    /// Presents the PIN and signs, without a gap.
    ///
    /// # Errors
    /// Misbehaviour, refusals and transport faults. A wrong PIN is no error: see [`Signed`].
    pub fn verify_and_sign(
        &mut self,
        credential: &Credential,
        entry: PinEntry<'_>,
        algorithm: SignatureAlgorithm,
        size: KeySize,
        digest: &[u8],
    ) -> Result<Signed, CardError> {
        let method = *credential
            .key
            .method(algorithm)
            .ok_or(CardError::Unsupported("a signature algorithm that this key does not have"))?;
        let input = method.input.prepare(algorithm.hash(), digest)?;
        self.selection.enter(&mut self.channel, &credential.key.directory)?;
        if credential.key.order == Order::EnvironmentFirst {
            self.set_environment(credential, &method)?;
        }
        if let Some(pin) = &credential.pin {
            if let Some(directory) = &pin.directory {
                self.selection.enter(&mut self.channel, directory)?;
            }
            let verdict = entry.present(&mut self.channel, &pin.format)?;
            if verdict != PinVerdict::Correct {
                return Ok(Signed::PinRefused(verdict));
            }
            self.selection.enter(&mut self.channel, &credential.key.directory)?;
        }
        if credential.key.order == Order::PinFirst {
            self.set_environment(credential, &method)?;
        }
        let answer = self.sign(&method, input, size)?;
        Ok(Signed::Signature(normalise(answer, size)?))
    }

    /// MANAGE SECURITY ENVIRONMENT: SET (ISO/IEC 7816-4, section 11.6.11).
    fn set_environment(&mut self, credential: &Credential, method: &Method) -> Result<(), CardError> {
        let template = match method.operation {
            Operation::InternalAuthenticate => 0xA4,
            Operation::ComputeDigitalSignature => 0xB6,
        };
        let mut data = Vec::new();
        if let Some(reference) = method.reference {
            data.extend(tlv::encode(Tag(0x80), &[reference]));
        }
        if let Some(reference) = credential.key.reference {
            data.extend(tlv::encode(Tag(0x84), &[reference]));
        }
        if data.is_empty() {
            return Ok(());
        }
        // 41: computation of a signature or authentication
        let command = Command::new(ins::MANAGE_SECURITY_ENVIRONMENT, 0x41, template).data(data);
        self.channel.send(&command)?.expect_ok("MANAGE SECURITY ENVIRONMENT")?;
        Ok(())
    }

    fn sign(&mut self, method: &Method, input: Vec<u8>, size: KeySize) -> Result<Vec<u8>, CardError> {
        let (command, name) = match method.operation {
            Operation::InternalAuthenticate => {
                (Command::new(ins::INTERNAL_AUTHENTICATE, 0x00, 0x00), "INTERNAL AUTHENTICATE")
            }
            Operation::ComputeDigitalSignature => (
                Command::new(ins::PERFORM_SECURITY_OPERATION, 0x9E, 0x9A),
                "PERFORM SECURITY OPERATION: COMPUTE DIGITAL SIGNATURE",
            ),
        };
        let expected = match size {
            KeySize::Rsa(modulus) => modulus,
            // 00: as much as there is, also for cards that wrap r and s in DER
            KeySize::Ec(_) => MAX_SHORT_RESPONSE,
        };
        self.channel.send(&command.data(input).le(expected))?.expect_ok(name)
    }

    /// GET DATA with an extended header list (ISO/IEC 7816-4, sections 8.4.4 and 11.4.3).
    fn counters(&mut self, path: &[Tag], left: Tag, maximum: Option<Tag>) -> Result<PinStatus, CardError> {
        const WHAT: &str = "the PIN counters";
        let [outer @ .., innermost] = path else {
            return Err(CardError::Unsupported("a profile whose PIN counter has no path"));
        };
        // tag and 80: all of this data object
        let mut list = innermost.to_bytes();
        list.push(0x80);
        for tag in outer.iter().rev() {
            list = tlv::encode(*tag, &list);
        }
        // 3FFF: current directory
        let command = Command::new(ins::GET_DATA, 0x3F, 0xFF)
            .data(tlv::encode(Tag(0x4D), &list))
            .le(MAX_SHORT_RESPONSE);
        let content = self.channel.send(&command)?.expect_ok("GET DATA")?;
        let mut reader = TlvReader::new(&content);
        for tag in path {
            let found = reader.find(*tag).map_err(|error| Misbehaviour::Tlv { what: WHAT, error })?;
            reader = found.ok_or(Misbehaviour::Element { what: WHAT, element: "data object" })?.children();
        }
        let counter = |tag: Tag| -> Result<Option<u8>, CardError> {
            let found = reader.find(tag).map_err(|error| Misbehaviour::Tlv { what: WHAT, error })?;
            Ok(match found {
                Some(Tlv { value: [count], .. }) => Some(*count),
                Some(_) => {
                    return Err(Misbehaviour::Element { what: WHAT, element: "number of tries" }.into());
                }
                None => None,
            })
        };
        let tries_maximum = match maximum {
            Some(tag) => counter(tag)?,
            None => None,
        };
        Ok(PinStatus { tries_left: counter(left)?, tries_maximum })
    }
}

fn recognise(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    profile: &Profile,
) -> Result<Layout, CardError> {
    match &profile.structure {
        Structure::Fixed(layout) => {
            let application = FileLocation::application(profile.recognise.application.clone());
            match selection.enter(channel, &application) {
                Ok(()) => Ok(layout.clone()),
                Err(CardError::Refused { .. }) => Err(CardError::Unknown),
                Err(error) => Err(error),
            }
        }
        Structure::Pkcs15(quirks) => {
            pkcs15::discover(channel, selection, &profile.name, profile.link, *quirks)
        }
    }
}

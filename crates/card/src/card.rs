//! A card in use: find out what it is, read its certificate, present its PIN and sign.
//!
//! One [`Card`] lives for one transaction. What it found out ([`Layout`]) may be kept and given to the next one, so the
//! second transaction of a sign-in starts with the commands that matter. A card whose application is behind PACE is opened in
//! each of them.

mod fingerprint;
mod opening;
mod opening_by_reader;
mod pin_management;
mod series;

use std::sync::Arc;

use crate::{
    channel::Channel,
    discovery,
    error::{CardError, Misbehaviour},
    file::{FileLocation, Selection},
    layout::{CertificateLocation, Credential, Layout, Method, Order, PinObject, Role},
    pin::{PinEntry, PinStatus, PinVerdict},
    pin_status, piv,
    profile::{Link, Profile},
    signature::{KeySize, SignatureAlgorithm, ToBeSigned, normalise},
    signature_commands::SignatureCommands,
    tlv::{Tag, TlvReader},
    transport::Transport,
};

pub use opening::CardOpening;
pub use pin_management::{PinChangeEntry, PinCounters, PinOutcome, UnblockEntry};
pub use series::{MAX_SERIES, Series, SignedSeries};

/// Most bytes of a certificate.
const MAX_CERTIFICATE: usize = 8 * 1024;

/// A card, for the length of one transaction.
pub struct Card<'t> {
    channel: Channel<'t>,
    selection: Selection,
    layout: Arc<Layout>,
    /// The reader opened the card in this transaction, and protects what is sent.
    opened_by_reader: bool,
}

/// What came of [`Card::verify_and_sign`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signed {
    /// The signature: RSA as long as the modulus, ECDSA as `r ‖ s`.
    Signature(Vec<u8>),
    /// The PIN, or the fingerprint in its place, was not accepted; nothing was signed. Never [`PinVerdict::Correct`].
    PinRefused(PinVerdict),
}

impl<'t> Card<'t> {
    /// Finds out what the card is: by its applications, its files and EF.DIR, in the order of the profiles, those whose ATR
    /// is known first.
    ///
    /// # Errors
    /// [`CardError::Closed`] if the card has to be opened first, by what it refuses or by its access rules for this interface;
    /// [`CardError::DocumentOnly`] and [`CardError::Unknown`] if nothing fits; transport faults; refusals and misbehaviour of a
    /// card that fits something.
    pub fn discover(
        transport: &'t mut dyn Transport,
        atr: &[u8],
        profiles: &[Profile],
    ) -> Result<Self, CardError> {
        let mut channel = Channel::new(transport, Link::CAUTIOUS).with_answer_to_reset(atr);
        let mut selection = Selection::default();
        let found = discovery::discover(&mut channel, &mut selection, atr, profiles);
        let layout = opening::unless_closed(&mut channel, &mut selection, atr, found)?;
        channel.set_link(layout.link);
        Ok(Self { channel, selection, layout: Arc::new(layout), opened_by_reader: false })
    }

    /// A card whose layout is known from an earlier transaction. Nothing is sent yet; where the layout says that the card has to be
    /// opened, nothing will be: see [`open_with_layout`](Self::open_with_layout).
    #[must_use]
    pub fn with_layout(transport: &'t mut dyn Transport, layout: Arc<Layout>) -> Self {
        let channel = Channel::new(transport, layout.link);
        Self { channel, selection: Selection::default(), layout, opened_by_reader: false }
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
        self.demand_opening()?;
        let content = match &credential.certificate {
            CertificateLocation::Direct(content) => content.clone(),
            CertificateLocation::File(location) => {
                self.selection.read(&mut self.channel, location, MAX_CERTIFICATE)?
            }
            CertificateLocation::PivObject { application, slot } => {
                self.selection.enter(&mut self.channel, application)?;
                piv::read_certificate(&mut self.channel, *slot)?
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
        self.demand_opening()?;
        pin_status::ask(&mut self.channel, &mut self.selection, pin)
    }

    /// Tries left of the PIN, where that is known to cost none, and the certificate, as DER: what a person is asked about.
    /// Whichever is nearer to what is selected comes first.
    ///
    /// # Errors
    /// As [`pin_status`](Self::pin_status) and [`certificate`](Self::certificate).
    pub fn status_and_certificate(
        &mut self,
        credential: &Credential,
    ) -> Result<(PinStatus, Vec<u8>), CardError> {
        let at_hand = self.is_certificate_nearer(credential).then(|| self.certificate(credential));
        let at_hand = at_hand.transpose()?;
        let status = match &credential.pin {
            Some(pin) => self.pin_status(pin)?,
            None => PinStatus::default(),
        };
        let certificate = at_hand.map_or_else(|| self.certificate(credential), Ok)?;
        Ok((status, certificate))
    }

    /// Whether the counter, asked for first, would lead away from the certificate.
    fn is_certificate_nearer(&self, credential: &Credential) -> bool {
        let CertificateLocation::File(certificate) = &credential.certificate else { return false };
        let counter = credential.pin.as_ref().and_then(|pin| pin.status.directory());
        let is_here = certificate
            .application
            .as_ref()
            .is_some_and(|application| self.selection.is_in(&FileLocation::application(application.clone())));
        self.selection.is_at(certificate)
            || is_here && counter.is_some_and(|counter| !self.selection.is_in(counter))
    }

    /// Presents the PIN and signs, without a gap.
    ///
    /// # Errors
    /// [`CardError::PinPadInSession`] for a key pad on a card that was opened; misbehaviour, refusals and transport faults. A wrong
    /// PIN is no error: see [`Signed`].
    pub fn verify_and_sign(
        &mut self,
        credential: &Credential,
        entry: PinEntry<'_>,
        algorithm: SignatureAlgorithm,
        size: KeySize,
        digest: &[u8],
    ) -> Result<Signed, CardError> {
        let method = credential.key.method(algorithm);
        self.present_and_sign(credential, method, entry, (algorithm, size), ToBeSigned::Digest(digest))
    }

    /// The same with the message instead of its digest: some cards compute the end of the hash themselves, and have no
    /// method for a digest alone.
    ///
    /// # Errors
    /// As [`verify_and_sign`](Self::verify_and_sign).
    pub fn verify_and_sign_message(
        &mut self,
        credential: &Credential,
        entry: PinEntry<'_>,
        algorithm: SignatureAlgorithm,
        size: KeySize,
        message: &[u8],
    ) -> Result<Signed, CardError> {
        let method = credential.key.method_for_message(algorithm);
        self.present_and_sign(credential, method, entry, (algorithm, size), ToBeSigned::Message(message))
    }

    fn present_and_sign(
        &mut self,
        credential: &Credential,
        method: Option<&Method>,
        entry: PinEntry<'_>,
        (algorithm, size): (SignatureAlgorithm, KeySize),
        what: ToBeSigned<'_>,
    ) -> Result<Signed, CardError> {
        let commands = commands(credential, method, (algorithm, size), what)?;
        self.present_and_send(credential, entry, &commands, size)
    }

    fn present_and_send(
        &mut self,
        credential: &Credential,
        entry: PinEntry<'_>,
        commands: &SignatureCommands,
        size: KeySize,
    ) -> Result<Signed, CardError> {
        if credential.wants_fingerprint() {
            return Err(CardError::Unsupported("a PIN before a key that is used after a fingerprint only"));
        }
        if matches!(entry, PinEntry::PinPad) {
            self.demand_pin_pad()?;
        }
        self.sign_after(credential, commands, size, |channel| match &credential.pin {
            Some(pin) => entry.present(channel, &pin.format),
            None => Ok(PinVerdict::Correct),
        })
    }

    /// Has the holder proved to the card by what `present` does, and signs without a gap.
    fn sign_after(
        &mut self,
        credential: &Credential,
        commands: &SignatureCommands,
        size: KeySize,
        present: impl FnOnce(&mut Channel<'t>) -> Result<PinVerdict, CardError>,
    ) -> Result<Signed, CardError> {
        self.demand_opening()?;
        self.selection.enter(&mut self.channel, &credential.key.directory)?;
        if credential.key.order == Order::EnvironmentFirst {
            commands.set_environment(&mut self.channel)?;
        }
        if let Some(directory) = credential.pin.as_ref().and_then(|pin| pin.directory.as_ref()) {
            self.selection.enter(&mut self.channel, directory)?;
        }
        let verdict = present(&mut self.channel)?;
        if verdict != PinVerdict::Correct {
            return Ok(Signed::PinRefused(verdict));
        }
        self.selection.enter(&mut self.channel, &credential.key.directory)?;
        if credential.key.order == Order::PinFirst {
            commands.set_environment(&mut self.channel)?;
        }
        let answer = commands.sign(&mut self.channel)?;
        Ok(Signed::Signature(normalise(answer, size)?))
    }
}

/// The commands of one signature. Made before the PIN is presented: whatever cannot be done is found out first.
fn commands(
    credential: &Credential,
    method: Option<&Method>,
    (algorithm, size): (SignatureAlgorithm, KeySize),
    what: ToBeSigned<'_>,
) -> Result<SignatureCommands, CardError> {
    let method = method.ok_or(CardError::Unsupported("a signature algorithm that this key does not have"))?;
    SignatureCommands::new(&credential.key, method, (algorithm, size), what)
}

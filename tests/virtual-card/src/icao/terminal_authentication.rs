//! Terminal authentication, versions 1 and 2, the card's side (BSI TR-03110-1, section 3.5, and -2, section 3.3; part 3, B.7).

pub mod authorization;
mod certificate;

use authorization::{Authorization, Role};
pub(crate) use certificate::{CardVerifiableCertificate, Date, VerificationKey};

use super::{Opening, oid};
use crate::{
    ber_tlv::{object, objects},
    chip::{Answer, Chip, Refusal},
    command::Command,
    file_system::Right,
    status::StatusWord,
};

/// An authority that the card believes.
#[derive(Clone)]
pub(crate) struct TrustPoint {
    name: Vec<u8>,
    key: VerificationKey,
    authorization: Authorization,
    expiry: Date,
}

/// What the card believes about terminals.
#[derive(Clone)]
pub(crate) struct TrustPoints {
    /// The newest first; at most two.
    points: Vec<TrustPoint>,
    /// The card has no clock: the newest date that it was told by somebody it believes.
    today: Date,
}

/// Most trust points: the authority's key and the one before.
const MOST_POINTS: usize = 2;

impl TrustPoints {
    /// Trust in a self-signed certificate, `7F4E` and `5F37` side by side.
    pub(crate) fn of(certificate: &[u8]) -> Option<Self> {
        let root = CardVerifiableCertificate::parse(certificate, None)?;
        let sound = root.authority == root.holder
            && root.authorization.role() == Role::Country
            && root.is_signed_by(&root.key);
        let today = root.effective;
        sound.then(|| Self { points: vec![TrustPoint::from(root)], today })
    }

    /// Their names, as PACE tells them: the newest in `87`, the one before in `88`.
    pub(crate) fn names(&self) -> Vec<u8> {
        [0x87, 0x88].into_iter().zip(&self.points).flat_map(|(tag, point)| object(tag, &point.name)).collect()
    }
}

impl From<CardVerifiableCertificate> for TrustPoint {
    fn from(certificate: CardVerifiableCertificate) -> Self {
        let CardVerifiableCertificate { holder, key, authorization, expiry, .. } = certificate;
        Self { name: holder, key, authorization, expiry }
    }
}

/// A certificate that the card verified, with what the chain up to it allows.
#[derive(Clone)]
struct Verified {
    name: Vec<u8>,
    key: VerificationKey,
    authorization: Authorization,
    sectors: Vec<Vec<u8>>,
}

/// What MSE:Set AT chose.
#[derive(Clone)]
struct Choice {
    verified: Verified,
    /// The compressed ephemeral key of chip authentication that is to come; of version 2 only.
    ephemeral: Option<Vec<u8>>,
    auxiliary: Vec<u8>,
}

/// A terminal that proved itself.
pub(crate) struct Authenticated {
    authorization: Authorization,
    pub(crate) sectors: Vec<Vec<u8>>,
    pub(crate) ephemeral: Option<Vec<u8>>,
}

/// How far a terminal has come.
#[derive(Default)]
pub(crate) struct Progress {
    /// What the terminal said in PACE that it wants to be.
    pub(crate) wanted: Option<Authorization>,
    /// Whose key verifies the next certificate.
    verifier: Option<Verified>,
    /// The last certificate, if it is a terminal's.
    terminal: Option<Verified>,
    choice: Option<Choice>,
    pub(crate) authenticated: Option<Authenticated>,
    /// Version 2: the chip has proved itself with the key that the terminal announced.
    pub(crate) chip_proved: bool,
}

impl Progress {
    pub(crate) fn has_right(&self, right: Right) -> bool {
        let Some(terminal) = &self.authenticated else {
            return false;
        };
        // of version 2, rights hold once the chip proved itself too; EF.CardSecurity is what that is checked with
        let complete = terminal.ephemeral.is_none() || self.chip_proved || right == Right::Authenticated;
        complete && terminal.authorization.allows(right)
    }

    pub(crate) fn may_have_pseudonyms(&self) -> bool {
        self.chip_proved
            && self.authenticated.as_ref().is_some_and(|terminal| terminal.authorization.allows_pseudonym())
    }

    pub(crate) fn is_chosen(&self) -> bool {
        self.choice.is_some()
    }
}

impl Chip {
    fn trust_points(&mut self) -> Result<&mut TrustPoints, Refusal> {
        if !self.session.icao.is_open() {
            return Err(StatusWord::SECURITY_NOT_SATISFIED.into());
        }
        let points = self.document.as_mut().and_then(|document| document.terminals.as_mut());
        points.ok_or_else(|| StatusWord::FUNCTION_NOT_SUPPORTED.into())
    }

    /// MSE:Set DST (B.11.4): whose key verifies the certificate that comes.
    pub(crate) fn set_verification_key(&mut self, command: &Command) -> Result<Answer, Refusal> {
        let found = objects(&command.data).ok_or(StatusWord::WRONG_DATA)?;
        let [(0x83, name)] = found.as_slice() else {
            return Err(StatusWord::WRONG_DATA.into());
        };
        let points = self.trust_points()?;
        let point = points.points.iter().find(|point| point.name == *name).map(|point| Verified {
            name: point.name.clone(),
            key: point.key.clone(),
            authorization: point.authorization.clone(),
            sectors: Vec::new(),
        });
        let progress = &mut self.session.icao.terminal;
        let verified = progress.verifier.take().filter(|verified| verified.name == *name);
        progress.verifier = Some(point.or(verified).ok_or(StatusWord::REFERENCE_NOT_FOUND)?);
        Ok(Answer::empty())
    }

    /// PSO: VERIFY CERTIFICATE (B.11.5).
    pub(crate) fn verify_certificate(&mut self, command: &Command) -> Result<Answer, Refusal> {
        self.session.icao.terminal.terminal = None;
        let issuer =
            self.session.icao.terminal.verifier.take().ok_or(StatusWord::CONDITIONS_NOT_SATISFIED)?;
        let points = self.trust_points()?;
        let certificate = CardVerifiableCertificate::parse(&command.data, Some(&issuer.key));
        let certificate = certificate.ok_or(StatusWord::WRONG_DATA)?;
        if certificate.authority != issuer.name || !certificate.is_signed_by(&issuer.key) {
            return Err(StatusWord::WRONG_DATA.into());
        }
        let next = matches!(
            (issuer.authorization.role(), certificate.authorization.role()),
            (Role::Country, Role::Country | Role::DomesticVerifier | Role::ForeignVerifier)
                | (Role::DomesticVerifier | Role::ForeignVerifier, Role::Terminal)
        );
        // an authority's own new certificate is taken even late (C.5.2)
        let of_country = certificate.authorization.role() == Role::Country;
        if !next
            || (certificate.expiry < points.today && !of_country)
            || certificate.expiry < certificate.effective
        {
            return Err(StatusWord::WRONG_DATA.into());
        }
        let authorization = certificate.authorization.limited_by(&issuer.authorization);
        let authorization = authorization.ok_or(StatusWord::WRONG_DATA)?;
        // foreign verifiers may not move the card's date
        let believed = match issuer.authorization.role() {
            Role::Country => certificate.authorization.role() != Role::ForeignVerifier,
            role => role == Role::DomesticVerifier,
        };
        if believed {
            points.today = points.today.max(certificate.effective);
        }
        if of_country {
            let today = points.today;
            points.points.retain(|point| point.expiry >= today && point.name != certificate.holder);
            points.points.insert(0, TrustPoint::from(certificate.clone()));
            points.points.truncate(MOST_POINTS);
        }
        let role = certificate.authorization.role();
        let CardVerifiableCertificate { holder, key, sectors, .. } = certificate;
        let verified = Verified { name: holder, key, authorization, sectors };
        let progress = &mut self.session.icao.terminal;
        if role == Role::Terminal {
            progress.terminal = Some(verified);
        } else {
            progress.verifier = Some(verified);
        }
        Ok(Answer::empty())
    }

    /// MSE:Set AT for terminal authentication (B.11.1): the terminal's certificate, and of version 2 its protocol and the
    /// ephemeral key that chip authentication will be run with.
    pub(crate) fn set_terminal_authentication(&mut self, command: &Command) -> Result<Answer, Refusal> {
        self.trust_points()?;
        let (mut name, mut protocol, mut ephemeral, mut auxiliary) = (None, None, None, Vec::new());
        for (tag, value) in objects(&command.data).ok_or(StatusWord::WRONG_DATA)? {
            match tag {
                0x80 => protocol = Some(value),
                0x83 => name = Some(value),
                0x91 => ephemeral = Some(value.to_vec()),
                0x67 => auxiliary = object(0x67, value),
                _ => return Err(StatusWord::WRONG_DATA.into()),
            }
        }
        let is_right = |protocol: &[u8]| protocol.starts_with(oid::TERMINAL_AUTHENTICATION);
        if protocol.is_some() != ephemeral.is_some() || !protocol.is_none_or(is_right) {
            return Err(StatusWord::WRONG_DATA.into());
        }
        let name = name.ok_or(StatusWord::WRONG_DATA)?;
        let progress = &mut self.session.icao.terminal;
        let verified = progress.terminal.clone().filter(|verified| verified.name == name);
        let verified = verified.ok_or(StatusWord::REFERENCE_NOT_FOUND)?;
        progress.choice = Some(Choice { verified, ephemeral, auxiliary });
        Ok(Answer::empty())
    }

    /// EXTERNAL AUTHENTICATE (B.11.7): a signature over the chip's identifier, its challenge, the key to come and the
    /// auxiliary data.
    pub(crate) fn authenticate_terminal(&mut self, command: &Command) -> Result<Answer, Refusal> {
        let challenge = self.session.challenge.take().filter(|challenge| challenge.len() == 8);
        let choice = self.session.icao.terminal.choice.take().ok_or(StatusWord::CONDITIONS_NOT_SATISFIED)?;
        let challenge = challenge.ok_or(StatusWord::CONDITIONS_NOT_SATISFIED)?;
        if command.parameters() != 0 {
            return Err(StatusWord::WRONG_PARAMETERS.into());
        }
        let identifier = self.chip_identifier().ok_or(StatusWord::CONDITIONS_NOT_SATISFIED)?;
        let key = match &choice.ephemeral {
            Some(ephemeral) => ephemeral.clone(),
            // of version 1 chip authentication came first
            None => self.session.icao.agreed.clone().ok_or(StatusWord::CONDITIONS_NOT_SATISFIED)?,
        };
        let message = [identifier, challenge, key, choice.auxiliary.clone()].concat();
        if !choice.verified.key.verifies(&message, &command.data) {
            return Err(StatusWord::AUTHENTICATION_FAILED.into());
        }
        let progress = &mut self.session.icao.terminal;
        // no more than the terminal said in PACE that it wants
        let authorization = match &progress.wanted {
            Some(wanted) => choice.verified.authorization.limited_by(wanted),
            None => Some(choice.verified.authorization),
        };
        progress.authenticated = Some(Authenticated {
            authorization: authorization.ok_or(StatusWord::AUTHENTICATION_FAILED)?,
            sectors: choice.verified.sectors,
            ephemeral: choice.ephemeral,
        });
        Ok(Answer::empty())
    }

    /// The chip's ephemeral key of PACE, compressed; after basic access control the document number with its check digit.
    fn chip_identifier(&self) -> Option<Vec<u8>> {
        match self.session.icao.opening? {
            Opening::Pace(_) => self.session.icao.pace_key.clone(),
            Opening::BasicAccessControl => {
                self.document.as_ref()?.basic_access.as_ref().map(|access| access.document_number().to_vec())
            }
        }
    }
}

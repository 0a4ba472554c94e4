//! Which of a card's certificates signs documents, and why the others do not: the same reasons as in the browser.

use std::fmt;

use bitaqa_card::{Credential, Layout, PinStatus};
use bitaqa_host::document_key::DocumentKey;
use bitaqa_protocol::signing::Unsuitable;
use bitaqa_signature::WantedCertificate;
use bitaqa_trust::{AuthenticationCertificate, Certificate, DateTime};

use crate::printable::Printable;

/// A key for documents, as the card has it.
pub(super) struct KeyOnCard {
    pub(super) credential: Credential,
    pub(super) status: PinStatus,
    /// Its certificate, DER.
    pub(super) der: Vec<u8>,
}

/// The one that signs: the first of those that can be used and are wanted.
pub(super) struct Chosen {
    pub(super) key: KeyOnCard,
    pub(super) certificate: Certificate,
    pub(super) not_used: Vec<NotUsed>,
}

/// Chooses among the keys of a card, of which there is at least one.
///
/// # Errors
/// Why none of them is used.
pub(super) fn choose(
    keys: Vec<KeyOnCard>,
    layout: &Layout,
    wanted: &WantedCertificate,
    at: DateTime,
) -> Result<Chosen, Vec<NotUsed>> {
    let mut chosen = None;
    let mut not_used = Vec::new();
    for key in keys {
        let known = DocumentKey::of(&key.der, &key.credential, layout);
        let certificate = known.certificate().map(AuthenticationCertificate::certificate);
        let why = match (known.unsuitable_at(at), certificate) {
            (Some(unsuitable), _) => Why::Unsuitable(unsuitable),
            (None, None) => Why::Unsuitable(Unsuitable::Key),
            (None, Some(certificate)) if !wanted.is(certificate) => Why::NotWanted,
            (None, Some(_)) if chosen.is_some() => Why::AnotherFirst,
            (None, Some(certificate)) => {
                chosen = Some((key, certificate.clone()));
                continue;
            }
        };
        not_used.push(NotUsed::of(known.certificate(), why));
    }
    match chosen {
        Some((key, certificate)) => Ok(Chosen { key, certificate, not_used }),
        None => Err(not_used),
    }
}

/// A certificate that is not used.
#[derive(Debug)]
pub(crate) struct NotUsed {
    holder: Option<String>,
    number: Option<String>,
    why: Why,
}

impl NotUsed {
    fn of(certificate: Option<&AuthenticationCertificate>, why: Why) -> Self {
        Self {
            holder: certificate.and_then(|certificate| certificate.subject().display_name()),
            number: certificate.map(AuthenticationCertificate::certificate_number),
            why,
        }
    }
}

impl fmt::Display for NotUsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let holder = self.holder.as_deref().unwrap_or("(a certificate without a name)");
        write!(f, "{}", Printable(holder))?;
        if let Some(number) = &self.number {
            write!(f, ", certificate {number}")?;
        }
        write!(f, ": {} ({})", self.why.text(), self.why.code())
    }
}

/// Why a certificate is not used.
#[derive(Debug, Clone, Copy)]
enum Why {
    /// It cannot be.
    Unsuitable(Unsuitable),
    /// Another kind is asked for.
    NotWanted,
    /// It could be, too.
    AnotherFirst,
}

impl Why {
    const fn code(self) -> &'static str {
        match self {
            Self::Unsuitable(unsuitable) => unsuitable.as_str(),
            Self::NotWanted => "not-wanted",
            Self::AnotherFirst => "another-first",
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Unsuitable(Unsuitable::KeyUsage) => "it is not for signing documents",
            Self::Unsuitable(Unsuitable::SignInKey) => "its key is the one for signing in",
            Self::Unsuitable(Unsuitable::Expired) => "it has expired, or is not valid yet",
            Self::Unsuitable(Unsuitable::Key) => "its key is too weak, or of an unknown kind",
            Self::Unsuitable(Unsuitable::Algorithm) => "card and certificate have no algorithm in common",
            Self::Unsuitable(Unsuitable::NoPin) => "no PIN protects its key in a way that Bitaqa knows",
            Self::NotWanted => "another kind of certificate is asked for",
            Self::AnotherFirst => "it could be used, too, but the card names another one first",
        }
    }
}

//! The first transaction with a card: which of its keys is the wanted one, and what is known of it.

use std::sync::Arc;

use bitaqa_card::{Card, CardError, Credential, Layout, PinStatus, Role};
use bitaqa_protocol::{auth_token::TokenAlgorithm, signing::SigningCertificate};
use bitaqa_trust::AuthenticationCertificate;

use super::{
    candidate::choose_algorithm,
    signing::{WantedKey, look_for_documents},
    verdict::Verdict,
};
use crate::{card_cache::KnownCard, reader::pin_pad::can_take};

/// What the first transaction brought.
pub(super) struct FirstLook {
    pub(super) layout: Arc<Layout>,
    pub(super) credential: Credential,
    pub(super) der: Arc<[u8]>,
    pub(super) certificate: AuthenticationCertificate,
    pub(super) algorithm: Option<TokenAlgorithm>,
    pub(super) pin_status: PinStatus,
    pub(super) has_pin_pad: bool,
    pub(super) for_documents: Vec<SigningCertificate>,
}

/// What a key is wanted for. A key has one use, so one that is wanted for documents is never one for signing in.
#[derive(Clone)]
pub(super) enum Wanted {
    /// Signing in.
    ForSignIn,
    /// Documents: all certificates of such keys.
    ForDocuments,
    /// Documents: the key of this certificate.
    ThisForDocuments(Arc<WantedKey>),
}

impl Wanted {
    /// The role of such keys.
    pub(super) const fn role(&self) -> Role {
        match self {
            Self::ForSignIn => Role::Authentication,
            Self::ForDocuments | Self::ThisForDocuments(_) => Role::Signature,
        }
    }

    /// What is known of a card, if it is what is wanted.
    pub(super) fn known(&self, known: Option<KnownCard>) -> Option<KnownCard> {
        known.filter(|known| match self {
            Self::ForSignIn => true,
            // one of several is known at most
            Self::ForDocuments => false,
            Self::ThisForDocuments(key) => *known.certificate == *key.certificate,
        })
    }
}

/// Finds the key that is wanted.
pub(super) fn first_look(
    card: Card<'_>,
    known: Option<&KnownCard>,
    has_pin_pad: bool,
    wanted: &Wanted,
) -> Result<Result<FirstLook, Verdict>, CardError> {
    match wanted {
        Wanted::ForSignIn => look_for_sign_in(card, known, has_pin_pad),
        Wanted::ForDocuments => look_for_documents(card, known, has_pin_pad, None),
        Wanted::ThisForDocuments(key) => look_for_documents(card, known, has_pin_pad, Some(key)),
    }
}

/// Counter and certificate, DER, of a key.
pub(super) fn status_and_certificate(
    card: &mut Card<'_>,
    credential: &Credential,
    known: Option<&KnownCard>,
) -> Result<(PinStatus, Arc<[u8]>), CardError> {
    match known {
        Some(known) => {
            let status = credential.pin.as_ref().map(|pin| card.pin_status(pin)).transpose()?;
            Ok((status.unwrap_or_default(), Arc::clone(&known.certificate)))
        }
        None => {
            let (status, der) = card.status_and_certificate(credential)?;
            Ok((status, der.into()))
        }
    }
}

/// Keys of a role; the known one alone, where one is known.
pub(super) fn credentials(layout: &Layout, known: Option<&KnownCard>, role: Role) -> Vec<Credential> {
    match known {
        Some(known) => vec![known.credential.clone()],
        None => layout.credentials_of(role).cloned().collect(),
    }
}

/// Whether the PIN of a key is typed on the reader's keys, where it has any: what a key pad cannot put into a command, or its reader
/// not encrypt, is typed in the window.
pub(super) fn takes_pin_pad(layout: &Layout, credential: &Credential) -> bool {
    layout.takes_pin_pad() && credential.pin.as_ref().is_some_and(|pin| can_take(&pin.format))
}

/// Finds the first key for signing in whose certificate is one for signing in: a card may have several, and every portal
/// refuses those for mail or for the computer's log-on.
fn look_for_sign_in(
    mut card: Card<'_>,
    known: Option<&KnownCard>,
    has_pin_pad: bool,
) -> Result<Result<FirstLook, Verdict>, CardError> {
    let layout = Arc::clone(card.layout());
    let mut unusable = None;
    for credential in credentials(&layout, known, Role::Authentication) {
        let (pin_status, der) = status_and_certificate(&mut card, &credential, known)?;
        match usable(&der, &credential) {
            Ok((certificate, algorithm)) => {
                let has_pin_pad = has_pin_pad && takes_pin_pad(&layout, &credential);
                return Ok(Ok(FirstLook {
                    layout,
                    credential,
                    der,
                    certificate,
                    algorithm: Some(algorithm),
                    pin_status,
                    has_pin_pad,
                    for_documents: Vec::new(),
                }));
            }
            Err(verdict) => unusable = unusable.or(Some(verdict)),
        }
    }
    unusable.map_or(Err(CardError::NoCredential), |verdict| Ok(Err(verdict)))
}

/// The certificate, if a person can sign in with it. Where every portal would refuse it, no PIN is asked for.
fn usable(
    der: &[u8],
    credential: &Credential,
) -> Result<(AuthenticationCertificate, TokenAlgorithm), Verdict> {
    let certificate =
        AuthenticationCertificate::from_der(der).map_err(|error| Verdict::Misbehaved(error.to_string()))?;
    certificate.check_purpose().map_err(|fault| Verdict::NoCertificate(fault.to_string()))?;
    // a key that signs for whoever asks is no key of the person's: nobody would be asked
    if credential.pin.is_none() {
        return Err(Verdict::NoCertificate(
            "the key for signing in has no PIN that we know how to present".into(),
        ));
    }
    let algorithm = choose_algorithm(certificate.public_key().kind(), credential)
        .ok_or_else(|| Verdict::NoCertificate("the key has no algorithm that a token can name".into()))?;
    Ok((certificate, algorithm))
}

//! The first transaction with a card: which of its keys a person can sign in with, and what is known of it.

use std::sync::Arc;

use bitaqa_card::{Card, CardError, Credential, Layout, PinStatus, Role};
use bitaqa_protocol::auth_token::TokenAlgorithm;
use bitaqa_trust::AuthenticationCertificate;

use super::{candidate::choose_algorithm, verdict::Verdict};
use crate::{card_cache::KnownCard, reader::pin_pad::can_take};

/// What the first transaction brought.
pub(super) struct FirstLook {
    pub(super) layout: Arc<Layout>,
    pub(super) credential: Credential,
    pub(super) der: Arc<[u8]>,
    pub(super) certificate: AuthenticationCertificate,
    pub(super) algorithm: TokenAlgorithm,
    pub(super) pin_status: PinStatus,
    pub(super) has_pin_pad: bool,
}

/// Finds the first key for signing in whose certificate is one for signing in: a card may have several, and every portal
/// refuses those for mail or for the computer's log-on.
pub(super) fn first_look(
    mut card: Card<'_>,
    known: Option<&KnownCard>,
    has_pin_pad: bool,
) -> Result<Result<FirstLook, Verdict>, CardError> {
    let layout = Arc::clone(card.layout());
    let credentials: Vec<Credential> = match known {
        Some(known) => vec![known.credential.clone()],
        None => layout.credentials_of(Role::Authentication).cloned().collect(),
    };
    let mut unusable = None;
    for credential in credentials {
        let (pin_status, der): (PinStatus, Arc<[u8]>) = match known {
            Some(known) => {
                let status = credential.pin.as_ref().map(|pin| card.pin_status(pin)).transpose()?;
                (status.unwrap_or_default(), Arc::clone(&known.certificate))
            }
            None => {
                let (status, der) = card.status_and_certificate(&credential)?;
                (status, der.into())
            }
        };
        match usable(&der, &credential) {
            Ok((certificate, algorithm)) => {
                // what a key pad cannot put into a command, or its reader not encrypt, is typed in the window
                let has_pin_pad = has_pin_pad
                    && layout.takes_pin_pad()
                    && credential.pin.as_ref().is_some_and(|pin| can_take(&pin.format));
                return Ok(Ok(FirstLook {
                    layout,
                    credential,
                    der,
                    certificate,
                    algorithm,
                    pin_status,
                    has_pin_pad,
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

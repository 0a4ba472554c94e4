//! The holder's PIN: which key it guards, whether that is usable, and the card's token about what was agreed to.
//!
//! Whether a card has such a key is found out as early as the card lets it be seen: before anything is asked where it says so in
//! the clear, else in the session in which it is read. The record of consent is final before the PIN is asked for.

use std::sync::Arc;

use bitaqa_card::{Card, CardError, Profile, chip_session::ChipSession};
use bitaqa_protocol::{
    AuthToken, Challenge, ErrorCode, ErrorReport,
    claim::{DataGroup, RequestedClaims},
    identity::Holder,
};
use bitaqa_trust::{identity::binding::consent_nonce, verify_signature};

use super::{Identify, answer::Record, find_chip::FoundChip, reading::ChipRead};
use crate::{
    reader::transport::PcscTransport,
    sign_in::{
        Flow,
        ask::check_use_of_pin,
        candidate::Candidate,
        first_look::{FirstLook, Wanted, first_look},
        opens_with::OpensWith,
        same_card::ReadChip,
        typed::Typed,
        verdict::{Verdict, code_of},
    },
};

/// The key for signing in of a card, as far as it has been seen.
pub(super) enum HolderKey {
    /// It is not needed.
    NotAsked,
    /// It can be used as the card is.
    InTheClear(Box<FirstLook>),
    /// The card shows it only when it is open, if it has one.
    Behind,
}

impl HolderKey {
    /// Looks for it on a card that is not opened. Nothing is tried.
    pub(super) fn look(
        transport: &mut PcscTransport<'_>,
        atr: &[u8],
        profiles: &[Profile],
    ) -> Result<Result<Self, Verdict>, CardError> {
        let has_pin_pad = bitaqa_card::Transport::has_pin_pad(transport);
        let found = Card::discover(transport, atr, profiles)
            .and_then(|card| first_look(card, None, has_pin_pad, &Wanted::ForSignIn));
        match found {
            Ok(Ok(look)) => Ok(Ok(Self::InTheClear(Box::new(look)))),
            Ok(Err(verdict)) => Ok(Err(verdict)),
            Err(CardError::Closed(_)) => Ok(Ok(Self::Behind)),
            Err(error @ CardError::Transport(_)) => Err(error),
            Err(error) => Ok(Err(Verdict::of(&error))),
        }
    }

    /// Whether it is good for anything, as far as it has been seen.
    ///
    /// # Errors
    /// `certificate-expired`, `pin-blocked`, `pin-not-activated`.
    pub(super) fn check(&self) -> Result<(), ErrorReport> {
        match self {
            Self::InTheClear(look) => check_use_of_pin(&look.certificate, look.pin_status),
            Self::NotAsked | Self::Behind => Ok(()),
        }
    }
}

/// Looks for the key in the session in which the chip was read.
pub(super) fn look_inside(
    session: ChipSession<'_>,
    atr: &[u8],
    profiles: &[Profile],
) -> Result<Result<Box<FirstLook>, Verdict>, CardError> {
    // the reader's keys are of no use: it does not have the keys of this session
    let looked = Card::of_chip(session, atr, profiles);
    match looked.and_then(|card| first_look(*card, None, false, &Wanted::ForSignIn)) {
        Ok(found) => Ok(found.map(Box::new)),
        Err(error @ CardError::Transport(_)) => Err(error),
        Err(error) => Ok(Err(Verdict::of(&error))),
    }
}

/// Whether the request makes sense: a portal that wants the PIN has to require identity data, or nobody could tell that certificate
/// and chip are of one person; and with these its statement allows what the certificate tells, name and number.
///
/// # Errors
/// `request-invalid`.
pub(super) fn check(holder: Holder, claims: &RequestedClaims) -> Result<(), ErrorReport> {
    let requires_identity = claims.required().iter().any(|claim| claim.group() == DataGroup::Dg1);
    if holder == Holder::Pin && !requires_identity {
        let detail = "with the PIN, a claim of the identity data (dg1) has to be required";
        return Err(ErrorReport::new(ErrorCode::RequestInvalid).with_detail(detail));
    }
    Ok(())
}

impl Flow<'_> {
    /// The card whose PIN is asked for; nothing where none is.
    ///
    /// # Errors
    /// What makes it useless to ask: `certificate-missing`, `certificate-expired`, `pin-blocked`, `pin-not-activated`.
    pub(super) fn holder(
        &mut self,
        chip: &mut FoundChip,
        typed: &Arc<Typed>,
        read: &mut ChipRead,
    ) -> Result<Option<Candidate>, ErrorReport> {
        let key = std::mem::replace(&mut chip.key, HolderKey::NotAsked);
        let (look, opens_with) = match (key, read.key.take()) {
            (HolderKey::NotAsked, _) => return Ok(None),
            (HolderKey::InTheClear(look), _) => (look, OpensWith::Nothing),
            (HolderKey::Behind, Some(Ok(look))) => (look, OpensWith::Number(Arc::clone(typed))),
            (HolderKey::Behind, Some(Err(verdict))) => return Err(refusal(&verdict)),
            (HolderKey::Behind, None) => return Err(ErrorReport::new(ErrorCode::CertificateMissing)),
        };
        let chip_read = ReadChip { sod: read.sod.as_slice().into(), typed: Arc::clone(typed) };
        let card = Candidate::new(chip.reader.clone(), Arc::clone(&chip.connection), *look, opens_with);
        // what nobody can use is not remembered, as where only the PIN is asked for
        check_use_of_pin(&card.certificate, card.pin_status)?;
        self.cache().keep(&card.reader, card.known());
        Ok(Some(Candidate { chip: Some(Arc::new(chip_read)), ..card }))
    }

    /// Asks for the PIN, and has the card sign what was asked and agreed to. Where it is afterwards is where the chip is.
    ///
    /// # Errors
    /// As at a sign-in; `token-invalid` where the card's signature does not hold.
    pub(super) async fn token_of_holder(
        &mut self,
        mut card: Candidate,
        chip: &mut FoundChip,
        asked: &Identify,
        record: &Record,
    ) -> Result<AuthToken, ErrorReport> {
        let nonce = nonce(asked, record)?;
        // another question than the one before, which this stage was said of
        self.stage = None;
        let token = self.sign_after_pin(&mut card, &nonce).await?;
        (chip.reader, chip.connection) = (card.reader, card.connection);
        // nobody before the portal's server can look at it
        verify_signature(&token, &asked.origin, &nonce)
            .map_err(|error| ErrorReport::new(ErrorCode::TokenInvalid).with_detail(&error.to_string()))?;
        Ok(token)
    }
}

fn nonce(asked: &Identify, record: &Record) -> Result<Challenge, ErrorReport> {
    consent_nonce(&asked.request.challenge, &record.request, &record.consent)
        .map_err(|error| ErrorReport::new(ErrorCode::InternalError).with_detail(&error.to_string()))
}

fn refusal(verdict: &Verdict) -> ErrorReport {
    verdict.report().unwrap_or_else(|| ErrorReport::new(code_of(verdict.missing())))
}

#[cfg(test)]
mod tests {
    use bitaqa_protocol::claim::{Claim, ClaimSet};

    use super::*;

    fn claims(required: &[Claim], optional: &[Claim]) -> RequestedClaims {
        let set = |claims: &[Claim]| ClaimSet::new(claims.iter().copied()).unwrap();
        RequestedClaims::new(set(required), set(optional)).unwrap()
    }

    #[test]
    fn the_pin_goes_with_required_identity_data_only() {
        let photo = claims(&[Claim::Photo], &[Claim::GivenName]);
        assert_eq!(check(Holder::Pin, &photo).unwrap_err().code, ErrorCode::RequestInvalid);
        assert_eq!(check(Holder::None, &photo), Ok(()));
        assert_eq!(check(Holder::Pin, &claims(&[Claim::Nationalities], &[])), Ok(()));
    }

    #[test]
    fn a_card_without_a_key_is_said_to_have_no_certificate() {
        for error in [CardError::NoCredential, CardError::DocumentOnly] {
            assert_eq!(refusal(&Verdict::of(&error)).code, ErrorCode::CertificateMissing);
        }
    }
}

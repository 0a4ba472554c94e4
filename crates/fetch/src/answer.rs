//! Whether an answer is one of its kind, and how long it can be given again.
//!
//! Only its outside is looked at. What it says, and whether the right one signed it, whoever asked verifies.

use std::time::{Duration, SystemTime};

use bitaqa_trust::{
    DateTime,
    revocation::{crl::CertificateList, fault::OcspFault, ocsp_response::OcspResponse},
};
use der::{Decode as _, Reader as _, Tag};

use crate::{
    certificates::certificates_of,
    kind::Kind,
    question::{all_of, element, sequence},
    trusted_list::ListPointers,
};

/// How long certificates are kept.
const CERTIFICATES: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// How long trusted lists are kept at most: what they say can be replaced at any time.
const TRUSTED_LISTS: Duration = Duration::from_secs(24 * 60 * 60);

/// Until when an answer can be given again: not at all where it does not say. None if it is no answer of its kind.
pub(crate) fn check(kind: Kind, answer: &[u8], now: SystemTime) -> Option<Kept> {
    let later = |age| now.checked_add(age).map(Kept::Until);
    match kind {
        Kind::Ocsp => match OcspResponse::from_der(answer) {
            Ok(response) => Some(Kept::of(response.next_update())),
            // a responder's refusal is an answer too
            Err(OcspFault::Refused { .. }) => Some(Kept::No),
            Err(_) => None,
        },
        Kind::Crl => CertificateList::from_der(answer).ok().map(|list| Kept::of(list.next_update())),
        Kind::IssuerCertificate => certificates_of(answer).ok().and_then(|_| later(CERTIFICATES)),
        Kind::TimeStamp => time_stamp(answer).ok().map(|()| Kept::No),
        Kind::TrustedList => {
            let next_update = ListPointers::read(answer).ok()?.next_update;
            let tomorrow = now.checked_add(TRUSTED_LISTS)?;
            Some(Kept::Until(next_update.map_or(tomorrow, |next| next.to_system_time().min(tomorrow))))
        }
    }
}

/// Whether an answer is a responder's word that it gives none (RFC 6960 section 4.2.1, `OCSPResponseStatus`).
pub(crate) fn is_refusal(kind: Kind, answer: &[u8]) -> bool {
    kind == Kind::Ocsp && matches!(OcspResponse::from_der(answer), Err(OcspFault::Refused { .. }))
}

/// How long an answer can be given again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    Until(SystemTime),
    No,
}

impl Kept {
    fn of(next_update: Option<DateTime>) -> Self {
        next_update.map_or(Self::No, |next| Self::Until(next.to_system_time()))
    }
}

/// The outside of `TimeStampResp` (RFC 3161 section 2.4.2): a status, and a token or not.
fn time_stamp(der: &[u8]) -> der::Result<()> {
    let mut message = all_of(der)?;
    let mut status = sequence(&mut message)?;
    u8::decode(&mut status)?;
    if !message.is_finished() {
        element(&mut message)?.0.assert_eq(Tag::Sequence)?;
    }
    message.finish()
}

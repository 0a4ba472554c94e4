//! What is known about the revocation of a certificate, from several pieces of evidence.

use bitaqa_trust::{
    Certificate, DateTime,
    revocation::{CertificateStatus, report::Responder, report::Source},
};
use x509_cert::ext::pkix::CrlReason;

/// What is known about a certificate of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Status {
    /// Trusted by the verifier's own choice.
    Anchor,
    /// Not revoked.
    Good {
        /// When the newest statement that says so was right.
        known: DateTime,
        /// Who says so.
        by: String,
    },
    /// Revoked.
    Revoked { since: DateTime, reason: Option<CrlReason> },
    /// The issuer's responder does not know it.
    Unknown,
    /// Nobody can tell.
    NotDetermined { because: String, expired: bool },
}

/// Translates, and takes nothing for good that was said after the certificate expired: it need not be listed any more.
pub(super) fn read(status: CertificateStatus, certificate: &Certificate, why: Option<String>) -> Status {
    let not_determined = |because: String| Status::NotDetermined { because, expired: false };
    match status {
        CertificateStatus::Good { evidence } => {
            let unchecked = evidence.iter().any(|used| {
                matches!(used.source, Source::Ocsp { responder: Responder::AppointedNotChecked, .. })
            });
            if unchecked {
                return not_determined("whether the responder was revoked is not known".to_owned());
            }
            if evidence.iter().any(|used| used.this_update > certificate.not_after()) {
                return not_determined("what is known is from after its end".to_owned());
            }
            let newest = evidence.iter().max_by_key(|used| used.this_update);
            newest.map_or_else(
                || not_determined("there is no evidence".to_owned()),
                |used| Status::Good { known: used.this_update, by: used.name.clone() },
            )
        }
        CertificateStatus::Revoked { since, reason, .. } => Status::Revoked { since, reason },
        CertificateStatus::Unknown { .. } => Status::Unknown,
        CertificateStatus::NotDetermined => {
            not_determined(why.unwrap_or_else(|| "there is no usable list or answer".to_owned()))
        }
    }
}

/// Of what was said at two times the worse, and of two that are alike the younger; `other` is the younger one.
pub(super) fn worse(one: Status, other: Status) -> Status {
    use Status::{Anchor, Good, NotDetermined, Revoked, Unknown};
    match (one, other) {
        (Revoked { since, reason }, Revoked { since: other, reason: of_other }) => {
            if other < since {
                Revoked { since: other, reason: of_other }
            } else {
                Revoked { since, reason }
            }
        }
        // a hold that was lifted: a younger statement says good
        (Revoked { reason: Some(CrlReason::CertificateHold), .. }, good @ Good { .. }) => good,
        (revoked @ Revoked { .. }, _) | (_, revoked @ Revoked { .. }) => revoked,
        (Unknown, _) | (_, Unknown) => Unknown,
        (Good { known, by }, Good { known: other, by: by_other }) => {
            if other > known {
                Good { known: other, by: by_other }
            } else {
                Good { known, by }
            }
        }
        (good @ Good { .. }, _) | (_, good @ Good { .. }) => good,
        (NotDetermined { because, expired }, NotDetermined { because: other, expired: of_other }) => {
            // that something cannot be relied upon says more than that there is nothing
            if expired {
                NotDetermined { because, expired }
            } else {
                NotDetermined { because: other, expired: of_other }
            }
        }
        (Anchor, other) | (other, Anchor) => other,
    }
}

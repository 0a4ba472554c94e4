//! Which key of a card signs documents, and why one does not.

use std::sync::Arc;

use bitaqa_card::{Card, CardError, Credential, Role};
use bitaqa_protocol::{
    auth_token::TokenAlgorithm,
    identity::answer::Bytes,
    signing::{SigningCertificate, Unsuitable},
};
use bitaqa_trust::{
    AuthenticationCertificate,
    public_key::{Curve, KeyKind},
};

use crate::{
    card_cache::KnownCard,
    document_key::DocumentKey,
    sign_in::{
        candidate::card_algorithm,
        first_look::{FirstLook, credentials, status_and_certificate, takes_pin_pad},
        now,
        verdict::Verdict,
    },
    window::message::HowSeen,
};

/// The key that was asked for.
pub(in crate::sign_in) struct WantedKey {
    /// Its certificate, DER.
    pub(in crate::sign_in) certificate: Vec<u8>,
    /// Every way in which it is to sign.
    pub(super) algorithms: Vec<TokenAlgorithm>,
    /// Whether it signs what the host has read, or digests that a site gave.
    pub(super) seen: HowSeen,
}

/// Looks at the keys for documents: at all of them, or at the one that was asked for.
pub(in crate::sign_in) fn look_for_documents(
    mut card: Card<'_>,
    known: Option<&KnownCard>,
    has_pin_pad: bool,
    wanted: Option<&Arc<WantedKey>>,
) -> Result<Result<FirstLook, Verdict>, CardError> {
    let layout = Arc::clone(card.layout());
    let mut for_documents = Vec::new();
    let (mut found, mut unusable): (Option<FirstLook>, Option<Verdict>) = (None, None);
    for credential in credentials(&layout, known, Role::Signature) {
        let (pin_status, der) = status_and_certificate(&mut card, &credential, known)?;
        if wanted.is_some_and(|wanted| *wanted.certificate != *der) {
            let detail = "the key for documents has another certificate";
            unusable = unusable.or_else(|| Some(Verdict::NoCertificate(detail.into())));
            continue;
        }
        let key = DocumentKey::of(&der, &credential, &layout);
        if wanted.is_none() {
            for_documents.push(listed(&key, &der, &credential));
        }
        let unsuitable = match wanted {
            Some(wanted) => unsuitable_for(&key, wanted, &credential),
            None => None,
        };
        match (key.into_certificate(), unsuitable) {
            (Some(certificate), None) if found.is_none() => {
                found = Some(FirstLook {
                    layout: Arc::clone(&layout),
                    has_pin_pad: has_pin_pad && takes_pin_pad(&layout, &credential),
                    credential,
                    der,
                    certificate,
                    algorithm: None,
                    pin_status,
                    for_documents: Vec::new(),
                });
            }
            (Some(_), None) => {}
            (_, unsuitable) => {
                let reason = unsuitable.unwrap_or(Unsuitable::Key).as_str().to_owned();
                unusable = unusable.or(Some(Verdict::UnsuitableForDocuments(reason)));
            }
        }
    }
    match (found, unusable) {
        (Some(found), _) => Ok(Ok(FirstLook { for_documents, ..found })),
        (None, Some(verdict)) => Ok(Err(verdict)),
        (None, None) => Err(CardError::NoCredential),
    }
}

/// Why it does not sign what is wanted. Whether it is out of date is said when the PIN would be asked for.
fn unsuitable_for(key: &DocumentKey, wanted: &WantedKey, credential: &Credential) -> Option<Unsuitable> {
    if key.unsuitable().is_some() {
        return key.unsuitable();
    }
    let can = |algorithm: &TokenAlgorithm| {
        key.algorithms().contains(algorithm)
            && (wanted.seen == HowSeen::Found || credential.key.method(card_algorithm(*algorithm)).is_some())
    };
    if !wanted.algorithms.iter().all(can) {
        return Some(Unsuitable::Algorithm);
    }
    // a digest can be that of a sign-in: no key signs it whose certificate a portal would take for one
    let signs_in = key.certificate().is_none_or(|certificate| certificate.check_purpose().is_ok());
    (wanted.seen == HowSeen::Given && signs_in).then_some(Unsuitable::SignInKey)
}

fn listed(key: &DocumentKey, der: &[u8], credential: &Credential) -> SigningCertificate {
    let stated = key.certificate().map(AuthenticationCertificate::qc_statements);
    let statements = stated.into_iter().flat_map(|known| known.statements().iter().chain(known.types()));
    let policies = key.certificate().map_or(&[][..], AuthenticationCertificate::policies);
    SigningCertificate {
        certificate: Bytes(der.to_vec()),
        algorithms: key.algorithms().to_vec(),
        statements: statements.map(ToString::to_string).collect(),
        legislations: stated.map(|known| known.legislations().to_vec()).unwrap_or_default(),
        policies: policies.iter().map(ToString::to_string).collect(),
        pin_each_time: credential.key.user_consent,
        unsuitable: match now() {
            Ok(now) => key.unsuitable_at(now),
            // where nobody knows the time nothing is valid
            Err(_) => key.unsuitable().or(Some(Unsuitable::Expired)),
        },
    }
}

/// Whether the algorithm is that of the key's curve in JOSE (RFC 7518 section 3.4).
pub(super) const fn fits_curve(algorithm: TokenAlgorithm, key: KeyKind) -> bool {
    match key {
        KeyKind::Ec(Curve::P256) => matches!(algorithm, TokenAlgorithm::ES256),
        KeyKind::Ec(Curve::P384) => matches!(algorithm, TokenAlgorithm::ES384),
        KeyKind::Ec(Curve::P521) => matches!(algorithm, TokenAlgorithm::ES512),
        // JOSE has no names for the others
        KeyKind::Ec(_) => false,
        KeyKind::Rsa { .. } | KeyKind::RsaPss { .. } => true,
    }
}

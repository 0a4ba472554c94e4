//! Which key of a card signs documents, and why one does not.

use std::sync::Arc;

use bitaqa_card::{Card, CardError, Credential, Layout, Role, signature::KeySize};
use bitaqa_protocol::{
    auth_token::TokenAlgorithm,
    identity::answer::Bytes,
    signing::{SigningCertificate, Unsuitable},
};
use bitaqa_signature::signer::may_sign_documents;
use bitaqa_trust::{
    AuthenticationCertificate,
    public_key::{Curve, KeyKind},
};

use crate::{
    card_cache::KnownCard,
    key_size,
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
    /// How it signs.
    pub(super) algorithm: TokenAlgorithm,
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
        let key = Key::of(&der, &credential, &layout);
        if wanted.is_none() {
            for_documents.push(key.listed(&der));
        }
        let unsuitable = match wanted {
            Some(wanted) => key.unsuitable_for(wanted, &credential),
            None => None,
        };
        match (key.certificate, unsuitable) {
            (Some(certificate), None) if found.is_none() => {
                found = Some(FirstLook {
                    layout: Arc::clone(&layout),
                    has_pin_pad: has_pin_pad && takes_pin_pad(&layout, &credential),
                    credential,
                    der,
                    certificate,
                    algorithm: wanted.map(|wanted| wanted.algorithm),
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

/// What is known of a key for documents.
struct Key {
    certificate: Option<AuthenticationCertificate>,
    algorithms: Vec<TokenAlgorithm>,
    pin_each_time: bool,
    /// Why nothing is signed with it at all.
    unsuitable: Option<Unsuitable>,
}

impl Key {
    fn of(der: &[u8], credential: &Credential, layout: &Layout) -> Self {
        let pin_each_time = credential.key.user_consent;
        let Ok(certificate) = AuthenticationCertificate::from_der(der) else {
            let unsuitable = Some(Unsuitable::Key);
            return Self { certificate: None, algorithms: Vec::new(), pin_each_time, unsuitable };
        };
        let algorithms = algorithms(certificate.public_key().kind(), credential);
        let unsuitable = if !may_sign_documents(certificate.certificate()) {
            Some(Unsuitable::KeyUsage)
        } else if is_key_for_sign_in(credential, &certificate, layout) {
            Some(Unsuitable::SignInKey)
        } else if credential.pin.is_none() {
            // a key that signs for whoever asks is no key of the person's: nobody would be asked
            Some(Unsuitable::NoPin)
        } else if algorithms.is_empty() {
            Some(Unsuitable::Algorithm)
        } else {
            None
        };
        Self { certificate: Some(certificate), algorithms, pin_each_time, unsuitable }
    }

    /// Why it does not sign what is wanted. Whether it is out of date is said when the PIN would be asked for.
    fn unsuitable_for(&self, wanted: &WantedKey, credential: &Credential) -> Option<Unsuitable> {
        if self.unsuitable.is_some() {
            return self.unsuitable;
        }
        let algorithm = card_algorithm(wanted.algorithm);
        let can = self.algorithms.contains(&wanted.algorithm)
            && (wanted.seen == HowSeen::Found || credential.key.method(algorithm).is_some());
        if !can {
            return Some(Unsuitable::Algorithm);
        }
        // a digest can be that of a sign-in: no key signs it whose certificate a portal would take for one
        let signs_in =
            self.certificate.as_ref().is_none_or(|certificate| certificate.check_purpose().is_ok());
        (wanted.seen == HowSeen::Given && signs_in).then_some(Unsuitable::SignInKey)
    }

    fn listed(&self, der: &[u8]) -> SigningCertificate {
        let stated = self.certificate.as_ref().map(AuthenticationCertificate::qc_statements);
        let statements = stated.into_iter().flat_map(|known| known.statements().iter().chain(known.types()));
        let policies = self.certificate.as_ref().map_or(&[][..], AuthenticationCertificate::policies);
        SigningCertificate {
            certificate: Bytes(der.to_vec()),
            algorithms: self.algorithms.clone(),
            statements: statements.map(ToString::to_string).collect(),
            legislations: stated.map(|known| known.legislations().to_vec()).unwrap_or_default(),
            policies: policies.iter().map(ToString::to_string).collect(),
            pin_each_time: self.pin_each_time,
            unsuitable: self.unsuitable.or_else(|| self.is_out_of_date().then_some(Unsuitable::Expired)),
        }
    }

    fn is_out_of_date(&self) -> bool {
        match (&self.certificate, now()) {
            (Some(certificate), Ok(now)) => now < certificate.not_before() || now > certificate.not_after(),
            _ => true,
        }
    }
}

/// Whether the key is used for signing in, too: it is that of a credential for it, or the card has one key and its certificate is
/// one for signing in.
fn is_key_for_sign_in(
    credential: &Credential,
    certificate: &AuthenticationCertificate,
    layout: &Layout,
) -> bool {
    let mut others = layout.credentials_of(Role::Authentication).peekable();
    if others.peek().is_none() {
        return certificate.check_purpose().is_ok();
    }
    others.any(|other| {
        let (ours, theirs) = (&credential.key, &other.key);
        ours.directory == theirs.directory && ours.reference == theirs.reference
            || other.certificate == credential.certificate
    })
}

/// What certificate and card have in common, the best first: for an elliptic curve a hash as long as its order, then shorter ones.
fn algorithms(key: KeyKind, credential: &Credential) -> Vec<TokenAlgorithm> {
    use TokenAlgorithm::{ES256, ES384, ES512, PS256, PS384, PS512, RS256, RS384, RS512};
    let all: &[TokenAlgorithm] = match (key, key_size(key)) {
        (KeyKind::Ec(_), KeySize::Ec(..48)) => &[ES256],
        (KeyKind::Ec(_), KeySize::Ec(48..64)) => &[ES384, ES256],
        (KeyKind::Ec(_), _) => &[ES512, ES384, ES256],
        (KeyKind::Rsa { .. }, _) => &[RS256, RS384, RS512, PS256, PS384, PS512],
        (KeyKind::RsaPss { .. }, _) => &[PS256, PS384, PS512],
    };
    let can = |algorithm: &&TokenAlgorithm| {
        credential.key.method_for_message(card_algorithm(**algorithm)).is_some()
    };
    all.iter().filter(can).copied().collect()
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

//! A card's key for documents: whether its certificate can be used, and why not. The same for sites and the command line.

use bitaqa_card::{Credential, Layout, Role, signature::KeySize};
use bitaqa_protocol::{auth_token::TokenAlgorithm, signing::Unsuitable};
use bitaqa_signature::signer::may_sign_documents;
use bitaqa_trust::{AuthenticationCertificate, DateTime, public_key::KeyKind};

use crate::{key_size, sign_in::card_algorithm};

/// What is known of a key for documents.
pub struct DocumentKey {
    certificate: Option<AuthenticationCertificate>,
    algorithms: Vec<TokenAlgorithm>,
    unsuitable: Option<Unsuitable>,
}

impl DocumentKey {
    /// Looks at a key of a card, of which `der` is the certificate.
    #[must_use]
    pub fn of(der: &[u8], credential: &Credential, layout: &Layout) -> Self {
        let Ok(certificate) = AuthenticationCertificate::from_der(der) else {
            let unsuitable = Some(Unsuitable::Key);
            return Self { certificate: None, algorithms: Vec::new(), unsuitable };
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
        Self { certificate: Some(certificate), algorithms, unsuitable }
    }

    /// Its certificate; none if it cannot be read.
    #[must_use]
    pub const fn certificate(&self) -> Option<&AuthenticationCertificate> {
        self.certificate.as_ref()
    }

    /// The same, taken out of it.
    pub(crate) fn into_certificate(self) -> Option<AuthenticationCertificate> {
        self.certificate
    }

    /// What certificate and card have in common, the best first.
    #[must_use]
    pub fn algorithms(&self) -> &[TokenAlgorithm] {
        &self.algorithms
    }

    /// Why nothing is signed with it, whatever the time is.
    #[must_use]
    pub const fn unsuitable(&self) -> Option<Unsuitable> {
        self.unsuitable
    }

    /// Why nothing is signed with it at this time.
    #[must_use]
    pub fn unsuitable_at(&self, time: DateTime) -> Option<Unsuitable> {
        let is_valid = |certificate: &AuthenticationCertificate| {
            (certificate.not_before()..=certificate.not_after()).contains(&time)
        };
        let is_out_of_date = !self.certificate.as_ref().is_some_and(is_valid);
        self.unsuitable.or_else(|| is_out_of_date.then_some(Unsuitable::Expired))
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

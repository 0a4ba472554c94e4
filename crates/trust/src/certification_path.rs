//! Certification paths: from a certificate to an anchor that the caller trusts (RFC 5280 section 6).

use std::sync::Arc;

use der::asn1::ObjectIdentifier;

use crate::{
    certificate::Certificate, distinguished_name::DistinguishedName, oid, path_building, path_validation,
    public_key::KeyError, trust_store::TrustStore,
};

/// Most certificates of a path, leaf and anchor counted.
pub const MAX_LENGTH: usize = 10;

/// Most complete paths that are looked at for one leaf.
pub const MAX_CANDIDATES: usize = 16;

/// Most signatures that are checked while paths are built for one leaf.
pub const MAX_SIGNATURE_CHECKS: usize = 256;

/// A path that leads to an anchor, each certificate signed with the key of the next: leaf first, anchor last. One certificate
/// alone is a leaf that is its own anchor, pinned by the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificationPath {
    leaf: Arc<Certificate>,
    authorities: Vec<Arc<Certificate>>,
}

impl CertificationPath {
    /// For who has verified each signature; nobody verifies them again.
    pub(crate) fn new(leaf: Arc<Certificate>, authorities: Vec<Arc<Certificate>>) -> Self {
        Self { leaf, authorities }
    }

    /// The certificate in question.
    #[must_use]
    pub fn leaf(&self) -> &Certificate {
        &self.leaf
    }

    /// The certificate that the caller trusts.
    #[must_use]
    pub fn anchor(&self) -> &Certificate {
        self.authorities.last().unwrap_or(&self.leaf)
    }

    /// Certificates between leaf and anchor, the leaf's issuer first.
    #[must_use]
    pub fn intermediates(&self) -> &[Arc<Certificate>] {
        self.authorities.split_last().map_or(&[], |(_, intermediates)| intermediates)
    }

    /// All of them, leaf first.
    pub fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        std::iter::once(&self.leaf).chain(&self.authorities).map(Arc::as_ref)
    }

    /// Whether the leaf itself is the anchor.
    #[must_use]
    pub fn is_pinned_leaf(&self) -> bool {
        self.authorities.is_empty()
    }

    /// The certificate of the leaf's issuer; none if the leaf is pinned.
    #[must_use]
    pub fn issuer(&self) -> Option<&Certificate> {
        self.authorities.first().map(Arc::as_ref)
    }
}

/// Paths from the leaf to any anchor of the store, whose signatures verify; the likeliest first. Nothing else about them is
/// checked.
///
/// # Errors
/// [`PathError`] says why there is none.
pub fn candidates(leaf: &Certificate, store: &TrustStore) -> Result<Vec<CertificationPath>, PathError> {
    path_building::build(leaf, store)
}

/// Validates a path as RFC 5280 section 6.1 demands, time apart: signatures, names and name constraints, flags and lengths,
/// policies, critical extensions. The constraints of the anchor's own certificate count too (RFC 5937). An authority whose
/// certificate limits the purposes of keys (`extKeyUsage`) must be allowed to vouch for client authentication.
///
/// # Errors
/// [`PathError`] names the first rule that is broken.
pub fn validate(path: &CertificationPath) -> Result<(), PathError> {
    validate_with(path, &PathSettings { purpose: Some(oid::ID_KP_CLIENT_AUTH), ..PathSettings::default() })
}

/// Validates a path as [`validate`] does, with other inputs.
///
/// # Errors
/// [`PathError`] names the first rule that is broken.
pub fn validate_with(path: &CertificationPath, settings: &PathSettings) -> Result<(), PathError> {
    path_validation::validate(path, settings)
}

/// The inputs of a validation that are the verifier's to choose (RFC 5280 section 6.1.1 steps c, e, f and g). By default
/// nothing is demanded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PathSettings {
    /// The policies that are good enough (`user-initial-policy-set`); any of them if there are none.
    pub initial_policies: Option<Vec<ObjectIdentifier>>,
    /// Whether one of them must hold (`initial-explicit-policy`).
    pub explicit_policy: bool,
    /// Whether issuers may say that a policy of theirs is another's (`initial-policy-mapping-inhibit` if set).
    pub inhibit_policy_mapping: bool,
    /// Whether `anyPolicy` in a certificate counts (`initial-any-policy-inhibit` if set).
    pub inhibit_any_policy: bool,
    /// What the leaf's key will be used for: an authority whose certificate limits the purposes of keys (`extKeyUsage`)
    /// must be allowed to vouch for this one.
    pub purpose: Option<ObjectIdentifier>,
}

/// Whether at least one of the policies holds along a path that [`validate`] accepts (RFC 5280 section 6.1 with these as
/// user-initial-policy-set and initial-explicit-policy set; graph processing of RFC 9618). What the leaf says of itself is
/// not enough: every authority above it must allow the policy.
#[must_use]
pub fn any_policy_holds(path: &CertificationPath, policies: &[ObjectIdentifier]) -> bool {
    path_validation::any_policy_holds(path, policies)
}

/// Why no path, or not this path, leads to an anchor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// Nobody of that name among anchors and intermediates.
    #[error("the issuer \"{issuer}\" is not known")]
    IssuerUnknown {
        /// The name.
        issuer: String,
    },
    /// The certificate names itself as its issuer, and is not trusted by itself. Its name is a person's, and not repeated.
    #[error("the certificate names nobody but itself as its issuer")]
    SelfIssued,
    /// There are issuers of that name, and none of them signed the certificate.
    #[error("the certificate is not signed by the issuer it names, \"{issuer}\"")]
    SignatureInvalid {
        /// The name.
        issuer: String,
    },
    /// The issuer's key is not one that we verify with.
    #[error("the key of the issuer \"{issuer}\" cannot be used: {error}")]
    IssuerKey {
        /// The name.
        issuer: String,
        /// What is wrong with the key.
        error: KeyError,
    },
    /// More issuers and detours than anybody needs.
    #[error("there are too many possible paths")]
    TooComplex,
    /// Somebody signed a certificate who is no certification authority, or whose key may not sign certificates.
    #[error("a certificate of the path may not issue certificates")]
    NotAuthority,
    /// More authorities than one of them allows below itself, or than [`MAX_LENGTH`].
    #[error("the path is longer than one of its authorities allows")]
    TooLong,
    /// A name outside what an authority may vouch for.
    #[error("a name lies outside the names that an authority may vouch for")]
    NameConstraints,
    /// An authority demands policies that do not hold along the path.
    #[error("the policies that an authority demands do not hold along the path")]
    Policies,
    /// An authority may not vouch for keys of this purpose.
    #[error("an authority may not vouch for keys of this purpose")]
    AuthorityPurpose,
    /// A critical extension that we do not process (RFC 5280 section 4.2).
    #[error("a certificate of the path has a critical extension that is not understood")]
    CriticalExtension,
    /// A certificate of the path contradicts its own format.
    #[error("a certificate of the path is malformed")]
    Malformed,
}

impl PathError {
    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::IssuerUnknown { .. } | Self::SelfIssued => "issuer-unknown",
            Self::SignatureInvalid { .. } => "certificate-signature-invalid",
            Self::IssuerKey { .. } => "issuer-key-unsupported",
            Self::TooComplex => "path-too-complex",
            Self::NotAuthority => "issuer-not-authority",
            Self::TooLong => "path-too-long",
            Self::NameConstraints => "name-constraints-violated",
            Self::Policies => "policy-constraints-violated",
            Self::AuthorityPurpose => "issuer-purpose-wrong",
            Self::CriticalExtension => "critical-extension-unknown",
            Self::Malformed => "path-malformed",
        }
    }
}

/// The issuer's name as an error shows it.
pub(crate) fn issuer_name(certificate: &Certificate) -> String {
    DistinguishedName::from_name(certificate.tbs().issuer())
        .map_or_else(|_| "?".to_owned(), |name| name.to_string())
}

use std::{io, path::PathBuf};

use bitaqa_fetch::url::UrlFault;
use bitaqa_jose::{JwkError, SignatureAlgorithm};
use bitaqa_protocol::{
    mediation::MAX_JOINED,
    statement::{MAX_LENGTH, StatementError},
};

use super::{MAX_KEYS, MAX_URIS};
use crate::{rules::RuleFault, service::ServiceFault};

/// Why a relying party cannot be registered like this.
#[derive(Debug, thiserror::Error)]
pub enum RegistrationError {
    /// A file cannot be read.
    #[error("{}: {error}", .path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Not TOML, or a field is missing, unknown or wrong.
    #[error("{}: {error}", .path.display())]
    Toml {
        /// Which.
        path: PathBuf,
        /// Where, and what.
        error: Box<toml::de::Error>,
    },
    /// The same in JSON.
    #[error("{0}")]
    Json(String),
    /// No list of public keys.
    #[error("{}: not a list of public keys ({{\"keys\": […]}}): {reason}", .path.display())]
    KeyFile {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// One of the keys.
    #[error("{0}")]
    Key(#[from] JwkError),
    /// The name.
    #[error("id: 1 to 64 letters, digits, dots, hyphens and underscores")]
    Id,
    /// Keys and authentication do not fit together.
    #[error(
        "keys: 1 to {MAX_KEYS} public keys, no two of one kid, and one that is not for encryption, where authentication is private-key-jwt, or jwks_uri instead; otherwise neither"
    )]
    Keys,
    /// A FAPI 2 relying party that could not keep to FAPI 2.
    #[error(
        "profile: with fapi2, authentication is private-key-jwt, keys are on P-256 or Ed25519 or of RSA, and require_pushed_requests is true"
    )]
    Fapi2,
    /// What its profile does not have.
    #[error(
        "…_signed_response_alg: ES256, EdDSA or RS256 with the profile oidc, ES256, PS256 or EdDSA with fapi2"
    )]
    Signing,
    /// What the platform cannot sign with.
    #[error(
        "…_signed_response_alg: the platform has no key that signs with {0}; discovery names what it has"
    )]
    NoSigningKey(SignatureAlgorithm),
    /// Half of how something is encrypted.
    #[error(
        "…_encrypted_response_alg = \"ECDH-ES\" and …_encrypted_response_enc = \"A256GCM\" or \"A128GCM\" stand there both, or neither"
    )]
    Encryption,
    /// Nothing could be encrypted for it.
    #[error(
        "…_encrypted_response_alg: keys has no key to encrypt for; add one on P-256 or P-384 with \"use\": \"enc\" (and no alg but ECDH-ES), or leave these fields out"
    )]
    ResponseEncryptionKey,
    /// It would have to sign without keys.
    #[error("require_signed_requests: only where authentication is private-key-jwt, by those keys")]
    Signed,
    /// Too few or too many URIs.
    #[error("redirect_uris: at least one; together with post_logout_redirect_uris at most {MAX_URIS}")]
    NumberOfUris,
    /// A URI.
    #[error("{uri}: an absolute https URI without a fragment; in the sandbox also http on this computer")]
    Uri {
        /// Its beginning.
        uri: String,
    },
    /// An address that nothing can be sent to.
    #[error("backchannel_logout_uri: {error}")]
    LogoutUri {
        /// What is wrong with it.
        error: UrlFault,
    },
    /// An address that nothing can be fetched from.
    #[error("jwks_uri: {error}")]
    JwksUri {
        /// What is wrong with it.
        error: UrlFault,
    },
    /// A session for an address that is missing.
    #[error("backchannel_logout_session_required: without backchannel_logout_uri nobody is told anything")]
    LogoutSession,
    /// The sector.
    #[error(
        "sector: a host name in small letters, or sector_identifier_uri instead; one of them is needed where the redirect URIs have several hosts"
    )]
    Sector,
    /// A text.
    #[error(
        "name and purpose: 1 to 200 characters in each of ar, fr and en, and in zgh if it is there, none that are invisible or change the direction"
    )]
    Text,
    /// Nobody can get there.
    #[error("no factor that is allowed (factors) reaches the level that is needed (minimum_level)")]
    Unreachable,
    /// Its rules.
    #[error("{0}")]
    Rules(#[from] RuleFault),
    /// Too many services.
    #[error("service: at most 256")]
    NumberOfServices,
    /// A service.
    #[error("service \"{id}\": {fault}")]
    Service {
        /// Which.
        id: String,
        /// What is wrong with it.
        fault: ServiceFault,
    },
    /// Where its people are reached.
    #[error("contact: an e-mail address of at most 254 characters")]
    Contact,
    /// What it may ask for by statement.
    #[error("identity: {0}")]
    Identity(StatementError),
    /// An origin that is none in production.
    #[error("identity.origins: {origin}: https; in the sandbox also http on this computer")]
    IdentityOrigin {
        /// Which.
        origin: String,
    },
    /// Where answers would be encrypted to.
    #[error("identity.encryption_key: {0}")]
    EncryptionKey(JwkError),
    /// A file that is none.
    #[error("{}: not a public key of P-256 or P-384 with a kid: {reason}", .path.display())]
    EncryptionKeyFile {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Statements about it could not be read.
    #[error(
        "identity.purposes: with all its texts, a statement is longer than the {MAX_LENGTH} bytes that are read"
    )]
    StatementLength,
    /// The platform could not ask for it.
    #[error(
        "identity.purposes: together with the platform's own, a statement is longer than the {MAX_JOINED} bytes that are read where the platform asks; shorten its texts"
    )]
    JoinedLength,
}

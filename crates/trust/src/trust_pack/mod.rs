//! Trust packs: what an administrator lets this computer believe, in one signed file.
//!
//! A pack is a JWS in compact serialisation with the `typ` [`TYPE`]. Its header carries the signer's key (`jwk`), so that a pack can
//! be looked at by itself; **that says only that nobody altered it**. Whether the signer is one to believe is decided when it is
//! installed ([`admit`]): the first time by a person who compares the key's fingerprint, from then on by the pack itself, which
//! names the keys that may sign its successor. A version never falls.
//!
//! | module | what it holds |
//! |---|---|
//! | [`contents`] | the payload as it stands in JSON |
//! | [`origin_pattern`] | for which origins an issuer of statements may speak |
//! | [`installation`] | which pack may follow which |
//! | [`installed`] | all packs of a computer together, at a time |
//!
//! `docs/trust-packs.md` describes the file for those who make one.

pub mod contents;
pub mod installation;
pub mod installed;
pub mod origin_pattern;

use bitaqa_jose::{
    CompactJws, JwsHeader, PublicJwk, SignatureAlgorithm, Signer, json,
    jws::{self, ExpectedType, JwsError, JwsRules, SignError},
};
use bitaqa_protocol::decode_base64;

use crate::{
    Assurance, Certificate, IssuerProfiles, certificate::CertificateError,
    issuer_profile_file::IssuerProfileError,
};
pub use contents::{
    ContentsError, DocumentAuthorities, IssuerKey, PackContents, PackName, StatementIssuer, StatusSource,
};
pub use installation::{Admission, AdmissionError, admit};
pub use installed::TrustPacks;
pub use origin_pattern::OriginPattern;

/// The `typ` of a pack's JWS.
pub const TYPE: &str = "bitaqa-trust-pack+jws";
/// Longest pack, in bytes: room for the certificates of all states.
pub const MAX_LENGTH: usize = 8 * 1024 * 1024;

/// A pack that nobody altered since its signer made it, with its certificates read.
#[derive(Debug, Clone)]
pub struct TrustPack {
    contents: PackContents,
    signer: PublicJwk,
    csca_certificates: Vec<Certificate>,
    issuer_profiles: IssuerProfiles,
    document_trust: DocumentTrust,
}

/// Whom a pack believes about signed documents.
#[derive(Debug, Clone, Default)]
pub struct DocumentTrust {
    /// About signers: self-signed certificates are anchors, others help to get there.
    pub signers: Vec<Certificate>,
    /// The same about time stamps.
    pub time_stamp_authorities: Vec<Certificate>,
    /// Who may sign trusted lists that no other list points to.
    pub list_signers: Vec<Certificate>,
}

impl DocumentTrust {
    /// Whether nobody is believed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.certificates().next().is_none()
    }

    /// All of them.
    pub fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        [&self.signers, &self.time_stamp_authorities, &self.list_signers].into_iter().flatten()
    }

    fn of(contents: &PackContents) -> Result<Self, TrustPackError> {
        let Some(documents) = &contents.documents else { return Ok(Self::default()) };
        let [signers, time_stamp_authorities, list_signers] =
            documents.members().map(|(member, texts)| certificates(member, texts));
        Ok(Self {
            signers: signers?,
            time_stamp_authorities: time_stamp_authorities?,
            list_signers: list_signers?,
        })
    }
}

/// The certificates of a member, DER in base64.
fn certificates(member: &'static str, texts: &[String]) -> Result<Vec<Certificate>, TrustPackError> {
    let read = |(index, text): (usize, &String)| {
        let number = index + 1;
        let der = decode_base64(text).map_err(|_| TrustPackError::Base64 { member, number })?;
        Certificate::from_der(&der).map_err(|error| TrustPackError::Certificate { member, number, error })
    };
    texts.iter().enumerate().map(read).collect()
}

impl TrustPack {
    /// Reads a pack and verifies that the key in its header signed it.
    ///
    /// # Errors
    /// [`TrustPackError`] says what is wrong with the file.
    pub fn parse(text: &str) -> Result<Self, TrustPackError> {
        let rules = JwsRules {
            type_: ExpectedType::Is(TYPE),
            algorithms: &SignatureAlgorithm::ALL,
            max_length: MAX_LENGTH,
        };
        let jws = CompactJws::parse(text, &rules)?;
        let signer = jws.header().key.clone().ok_or(TrustPackError::NoKey)?;
        let payload = jws.verify(&signer)?;
        let contents: PackContents =
            json::from_slice(&payload).map_err(|error| TrustPackError::Malformed(error.to_string()))?;
        Self::new(contents, signer)
    }

    fn new(contents: PackContents, signer: PublicJwk) -> Result<Self, TrustPackError> {
        contents.check()?;
        let csca_certificates = certificates("csca_certificates", &contents.csca_certificates)?;
        let document_trust = DocumentTrust::of(&contents)?;
        let mut issuer_profiles = match &contents.issuer_profiles {
            Some(files) => files.profiles().map_err(|error| TrustPackError::Profiles(Box::new(error)))?,
            None => IssuerProfiles::default(),
        };
        if contents.test {
            issuer_profiles.mark_test();
        }
        Ok(Self { contents, signer, csca_certificates, issuer_profiles, document_trust })
    }

    /// Everything that stands in the pack.
    #[must_use]
    pub const fn contents(&self) -> &PackContents {
        &self.contents
    }

    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &PackName {
        &self.contents.name
    }

    /// The key that signed it. Its thumbprint is what people compare.
    #[must_use]
    pub const fn signer(&self) -> &PublicJwk {
        &self.signer
    }

    /// Test or production, as the pack is marked; everything that follows from the pack says the same.
    #[must_use]
    pub const fn assurance(&self) -> Assurance {
        if self.contents.test { Assurance::Test } else { Assurance::Production }
    }

    /// Whether it counts at a time, in seconds since 1970: it is issued, and not expired.
    #[must_use]
    pub const fn is_current(&self, at: u64) -> bool {
        self.contents.issued <= at.saturating_add(CLOCK_SKEW) && at < self.contents.expires
    }

    /// Country signing certificates that it has for passive authentication (ICAO Doc 9303-12).
    #[must_use]
    pub fn csca_certificates(&self) -> &[Certificate] {
        &self.csca_certificates
    }

    /// Whom it believes about signed documents.
    #[must_use]
    pub const fn document_trust(&self) -> &DocumentTrust {
        &self.document_trust
    }

    /// Its issuer profiles, all marked test if the pack is.
    #[must_use]
    pub const fn issuer_profiles(&self) -> &IssuerProfiles {
        &self.issuer_profiles
    }
}

/// How far the clock of who makes something may go before the clock of who reads it, in seconds.
pub const CLOCK_SKEW: u64 = 60;

/// Signs a pack. The contents are checked as a reader checks them.
///
/// # Errors
/// [`MakeError`]: the contents would be refused, or the signer failed.
pub fn sign<S: Signer>(
    contents: &PackContents,
    key: &PublicJwk,
    signer: &S,
) -> Result<String, MakeError<S::Error>> {
    TrustPack::new(contents.clone(), key.clone())?;
    let payload =
        serde_json::to_vec(contents).map_err(|error| TrustPackError::Malformed(error.to_string()))?;
    let mut header = JwsHeader::new(signer.algorithm(), TYPE);
    header.key = Some(key.clone());
    let text = jws::sign(header, &payload, signer).map_err(MakeError::Sign)?;
    // a signer of another key than the one in the header would make a file that nobody can use
    TrustPack::parse(&text)?;
    Ok(text)
}

/// Why a pack cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum MakeError<E> {
    /// Nobody could read it.
    #[error(transparent)]
    Pack(#[from] TrustPackError),
    /// It was not signed.
    #[error(transparent)]
    Sign(SignError<E>),
}

/// Why a file is not a trust pack.
#[derive(Debug, thiserror::Error)]
pub enum TrustPackError {
    /// The JWS, or its signature.
    #[error("not a trust pack: {0}")]
    Jws(#[from] JwsError),
    /// The header has no key.
    #[error("not a trust pack: its header has no key (jwk)")]
    NoKey,
    /// The payload is not JSON, or a member is missing, unknown, there twice or not what it should be.
    #[error("the contents of the pack: {0}")]
    Malformed(String),
    /// The payload breaks a rule.
    #[error(transparent)]
    Contents(#[from] ContentsError),
    /// A certificate is not base64.
    #[error("certificate {number} of {member} is not base64")]
    Base64 {
        /// Where it stands.
        member: &'static str,
        /// Which one, from 1.
        number: usize,
    },
    /// A certificate cannot be read.
    #[error("certificate {number} of {member}: {error}")]
    Certificate {
        /// Where it stands.
        member: &'static str,
        /// Which one, from 1.
        number: usize,
        /// Why.
        error: CertificateError,
    },
    /// The issuer profiles cannot be used.
    #[error("issuer profiles: {0}")]
    Profiles(Box<IssuerProfileError>),
}

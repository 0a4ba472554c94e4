//! What the server has to fetch: nothing is fetched here.

use bitaqa_signature::{
    Hash, augmentation,
    time_stamp::{TimeStampRequest, token_of_response},
    validation,
};
use bitaqa_trust::revocation::Needed;
use serde::{Deserialize, Serialize};

use crate::{
    refusal::{Code, Refusal},
    request::{Bytes, HashName},
};

/// Something to fetch. The addresses stand in certificates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Need {
    /// A time stamp (RFC 3161): POST `request` to an authority of the server's choice; what comes is its response.
    TimeStamp {
        /// Hash of the imprint.
        hash: HashName,
        /// The imprint.
        digest: Bytes,
        /// DER of the `TimeStampReq`.
        request: Bytes,
    },
    /// An answer of a responder (RFC 6960): POST `request` to `url`.
    Ocsp {
        /// Where.
        url: String,
        /// The certificate in which the address stands.
        certificate: Bytes,
        /// DER of the `OCSPRequest`.
        request: Bytes,
    },
    /// A revocation list: GET.
    Crl {
        /// Where.
        url: String,
        /// The certificate in which the address stands.
        certificate: Bytes,
    },
    /// The certificate of an issuer: GET.
    IssuerCertificate {
        /// Where.
        url: String,
        /// The certificate in which the address stands.
        certificate: Bytes,
    },
}

/// What came for a need.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Answer {
    /// The need.
    pub need: Need,
    /// What came; nothing if it cannot be had.
    pub received: Option<Bytes>,
}

/// Random bytes of one call, from which the nonces of its questions are made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seed([u8; 32]);

impl Seed {
    /// # Errors
    /// [`Code::RequestInvalid`].
    pub(crate) fn new(bytes: &Bytes) -> Result<Self, Refusal> {
        let bytes = bytes.0.as_slice().try_into();
        bytes.map(Self).map_err(|_| Refusal::new(Code::RequestInvalid, "a seed has 32 bytes"))
    }

    fn time_stamp_request(self, hash: Hash, digest: &[u8]) -> Result<TimeStampRequest, Refusal> {
        let drawn = Hash::Sha256.digest(&[&self.0, digest]);
        let nonce = drawn.first_chunk().copied();
        TimeStampRequest::new(hash, digest, nonce).map_err(|error| Refusal::new(Code::RequestInvalid, error))
    }
}

impl Need {
    /// Of raising a level.
    pub(crate) fn of_augmentation(need: augmentation::Need, seed: Seed) -> Result<Self, Refusal> {
        Ok(match need {
            augmentation::Need::TimeStamp { hash, digest } => Self::TimeStamp {
                request: Bytes(seed.time_stamp_request(hash, &digest)?.to_der()),
                hash: hash.into(),
                digest: Bytes(digest),
            },
            augmentation::Need::Ocsp { certificate, url, request } => {
                Self::Ocsp { url, certificate: Bytes(certificate), request: Bytes(request) }
            }
            augmentation::Need::Crl { certificate, url } => {
                Self::Crl { url, certificate: Bytes(certificate) }
            }
            augmentation::Need::IssuerCertificate { certificate, url } => {
                Self::IssuerCertificate { url, certificate: Bytes(certificate) }
            }
        })
    }

    /// Of a validation.
    pub(crate) fn of_validation(need: validation::needs::Need) -> Self {
        match need {
            validation::needs::Need::Revocation { needed, certificate } => {
                let certificate = Bytes(certificate.der().to_vec());
                match needed {
                    Needed::Ocsp { url, request, .. } => {
                        Self::Ocsp { url, certificate, request: Bytes(request) }
                    }
                    Needed::Crl { url, .. } => Self::Crl { url, certificate },
                }
            }
            validation::needs::Need::IssuerCertificate { url, certificate } => {
                Self::IssuerCertificate { url, certificate: Bytes(certificate.der().to_vec()) }
            }
        }
    }
}

impl Answer {
    /// For raising a level. A response of an authority that is not one to this request counts as none.
    pub(crate) fn add_to(self, answers: &mut augmentation::Answers, seed: Seed) -> Result<(), Refusal> {
        let received = self.received.map(|received| received.0);
        let (need, received) = match self.need {
            Need::TimeStamp { hash, digest, .. } => {
                let request = seed.time_stamp_request(hash.into(), &digest.0)?;
                let token = received.and_then(|response| token_of_response(&response, &request).ok());
                (augmentation::Need::TimeStamp { hash: hash.into(), digest: digest.0 }, token)
            }
            Need::Ocsp { url, certificate, request } => {
                (augmentation::Need::Ocsp { certificate: certificate.0, url, request: request.0 }, received)
            }
            Need::Crl { url, certificate } => {
                (augmentation::Need::Crl { certificate: certificate.0, url }, received)
            }
            Need::IssuerCertificate { url, certificate } => {
                (augmentation::Need::IssuerCertificate { certificate: certificate.0, url }, received)
            }
        };
        answers.add(need, received);
        Ok(())
    }

    /// For a validation.
    pub(crate) fn add_to_evidence(self, evidence: &mut validation::FetchedEvidence) {
        let Some(received) = self.received else { return };
        match self.need {
            Need::TimeStamp { .. } => {}
            Need::Ocsp { .. } => evidence.answers.push(received.0),
            Need::Crl { .. } => evidence.lists.push(received.0),
            Need::IssuerCertificate { .. } => {
                evidence.certificates.extend(augmentation::certificates_in(&received.0));
            }
        }
    }
}

//! What the server has to fetch: nothing is fetched here.

use bitaqa_signature::{
    Hash, augmentation,
    time_stamp::{TimeStampRequest, TimeStampToken, token_of_response},
    validation,
};
use bitaqa_trust::{Certificate, revocation::Needed};
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
    /// Of a time stamp: what came is the token alone, of somebody who asked an authority with a question of their own and compared
    /// its answer with it. A response otherwise.
    #[serde(default)]
    pub is_token: bool,
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
    /// For raising a level. A response of an authority that is not one to this request, and a token about another digest, count
    /// as none.
    pub(crate) fn add_to(self, answers: &mut augmentation::Answers, seed: Seed) -> Result<(), Refusal> {
        let received = self.received.map(|received| received.0);
        let (need, received) = match self.need {
            Need::TimeStamp { hash, digest, .. } => {
                let token = if self.is_token {
                    received.filter(|token| is_about(token, hash.into(), &digest.0))
                } else {
                    let request = seed.time_stamp_request(hash.into(), &digest.0)?;
                    received.and_then(|response| token_of_response(&response, &request).ok())
                };
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

    /// Certificates that came, of issuers and with time stamps.
    pub(crate) fn certificates(&self) -> Vec<Certificate> {
        let Some(received) = &self.received else { return Vec::new() };
        match &self.need {
            Need::IssuerCertificate { .. } => augmentation::certificates_in(&received.0),
            Need::TimeStamp { .. } if self.is_token => TimeStampToken::parse(&received.0)
                .map_or_else(|_| Vec::new(), |token| token.certificates().to_vec()),
            Need::TimeStamp { .. } | Need::Ocsp { .. } | Need::Crl { .. } => Vec::new(),
        }
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

/// Whether a token stamps this digest.
fn is_about(token: &[u8], hash: Hash, digest: &[u8]) -> bool {
    TimeStampToken::parse(token).is_ok_and(|token| token.hash() == Some(hash) && token.imprint() == digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let content = parts.concat();
        let length = u8::try_from(content.len()).unwrap();
        let head = if length < 0x80 { vec![tag, length] } else { vec![tag, 0x81, length] };
        [head, content].concat()
    }

    /// A token about a SHA-256 digest that nobody signed: whether it is signed is not looked at here.
    fn token(digest: &[u8]) -> Vec<u8> {
        const SIGNED_DATA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
        const TST_INFO: &[u8] =
            &[0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04];
        const SHA_256: &[u8] = &[0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
        let imprint = der(0x30, &[&der(0x30, &[SHA_256]), &der(0x04, &[digest])]);
        let time = der(0x18, &[b"20260101000000Z"]);
        let info = der(0x30, &[&[2, 1, 1], &[0x06, 0x01, 0x2a], &imprint, &[2, 1, 7], &time]);
        let content = der(0x30, &[TST_INFO, &der(0xa0, &[&der(0x04, &[&info])])]);
        let message = der(0x30, &[&[2, 1, 3], &der(0x31, &[]), &content, &der(0x31, &[])]);
        der(0x30, &[SIGNED_DATA, &der(0xa0, &[&message])])
    }

    fn answers(hash: HashName, received: Vec<u8>, is_token: bool) -> augmentation::Answers {
        let need = Need::TimeStamp {
            hash,
            digest: Bytes(Hash::Sha256.digest(&[b"signature"])),
            request: Bytes(Vec::new()),
        };
        let mut answers = augmentation::Answers::new();
        let answer = Answer { need, received: Some(Bytes(received)), is_token };
        answer.add_to(&mut answers, Seed([7; 32])).unwrap();
        answers
    }

    /// What was kept for a time stamp over this digest.
    fn kept(hash: HashName, received: Vec<u8>, is_token: bool) -> String {
        format!("{:?}", answers(hash, received, is_token))
    }

    #[test]
    fn a_token_counts_if_it_stamps_the_digest_that_was_asked_for_and_is_said_to_be_one() {
        let good = token(&Hash::Sha256.digest(&[b"signature"]));
        assert!(kept(HashName::Sha256, good.clone(), true).contains("Some("));
        let others = token(&Hash::Sha256.digest(&[b"another signature"]));
        for (received, is_token) in [(good, false), (others, true), (b"no token".to_vec(), true)] {
            assert!(!kept(HashName::Sha256, received, is_token).contains("Some("));
        }
        let other_hash = kept(HashName::Sha512, token(&Hash::Sha256.digest(&[b"signature"])), true);
        assert!(!other_hash.contains("Some("));
    }
}

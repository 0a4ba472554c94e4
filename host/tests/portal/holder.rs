//! What the portal's server does where it asked for the PIN.

use std::{fs, path::Path, time::Duration};

use bitaqa_jose::{
    CompactJwe,
    jwe::{self, ExpectedType, JweHeader, JweRules},
};
use bitaqa_protocol::{
    Challenge, Origin,
    identity::{ChipAnswer, Holder, ProofWanted, header},
};
use bitaqa_testbed::CardSpec;
use bitaqa_trust::{
    Assurance, DateTime, IssuerProfiles, TokenVerifier,
    identity::{
        ChipState, Expected, ExpectedRequest, FirstStep, IdentityVerifier, RefusedIdentity, VerifiedIdentity,
        verification::MAX_ENCRYPTED,
    },
};
use serde_json::Value;

use super::{Portal, now, store_of};
use crate::host_peer::{CHALLENGE, ORIGIN};

impl Portal {
    /// What its server makes of an answer, with the issuers of this folder.
    pub(crate) fn verify_holder(
        &self,
        answer: &str,
        spec: &CardSpec,
        proof: ProofWanted,
        pki: &Path,
    ) -> Result<VerifiedIdentity, Box<RefusedIdentity>> {
        self.judge_holder(spec, proof, pki, |verifier, expected, at| {
            verifier.verify(answer, expected, None, at)
        })
    }

    /// The first of two steps.
    pub(crate) fn begin_holder(
        &self,
        answer: &str,
        spec: &CardSpec,
        pki: &Path,
    ) -> Result<FirstStep, Box<RefusedIdentity>> {
        self.judge_holder(spec, ProofWanted::ChipAuthentication, pki, |verifier, expected, at| {
            let mut random = |out: &mut [u8]| getrandom::fill(out).unwrap();
            verifier.begin(answer, expected, &mut random, at)
        })
    }

    /// The second.
    pub(crate) fn complete_holder(
        &self,
        answer: &str,
        spec: &CardSpec,
        pki: &Path,
        (state, chip): (ChipState, &ChipAnswer),
    ) -> Result<VerifiedIdentity, Box<RefusedIdentity>> {
        self.judge_holder(spec, ProofWanted::ChipAuthentication, pki, |verifier, expected, at| {
            verifier.complete(answer, expected, state, chip, at)
        })
    }

    fn judge_holder<T>(
        &self,
        spec: &CardSpec,
        proof: ProofWanted,
        pki: &Path,
        judge: impl FnOnce(&IdentityVerifier<'_>, &Expected<'_>, DateTime) -> T,
    ) -> T {
        let (origin, challenge) = (Origin::parse(ORIGIN).unwrap(), Challenge::parse(CHALLENGE).unwrap());
        let text = fs::read_to_string(pki.join("issuers.toml")).unwrap();
        let profiles = IssuerProfiles::parse(&text, |file| fs::read(pki.join(file))).unwrap();
        let tokens = TokenVerifier::with_profiles(origin.clone(), profiles);
        let request = ExpectedRequest::NotCompared { challenge: &challenge, proof, holder: Holder::Pin };
        let expected = Expected { origin: &origin, request };
        let (keys, store) = ([self.key.clone()], store_of(spec));
        let at = DateTime::from_unix_duration(Duration::from_secs(now())).unwrap();
        let verifier = IdentityVerifier::new(&keys, &store, Assurance::Test).and_tokens(&tokens);
        judge(&verifier, &expected, at)
    }

    /// What is in an answer.
    pub(crate) fn opened(&self, answer: &str) -> Value {
        let rules = JweRules {
            type_: ExpectedType::Is(header::TYPE),
            encryptions: &[bitaqa_jose::ContentEncryption::A256Gcm],
            max_length: MAX_ENCRYPTED,
        };
        let jwe = CompactJwe::parse(answer, &rules).unwrap();
        serde_json::from_slice(&jwe.decrypt(&self.key).unwrap()).unwrap()
    }

    /// An answer of somebody who has what was in another, and changes it.
    pub(crate) fn sealed(&self, content: &Value, like: &str) -> String {
        let rules = JweRules {
            type_: ExpectedType::Is(header::TYPE),
            encryptions: &[bitaqa_jose::ContentEncryption::A256Gcm],
            max_length: MAX_ENCRYPTED,
        };
        let jwe = CompactJwe::parse(like, &rules).unwrap();
        let header = JweHeader {
            type_: Some(header::TYPE.to_owned()),
            own: jwe.header().own.clone(),
            ..JweHeader::default()
        };
        let mut random = |out: &mut [u8]| out.fill(7);
        jwe::encrypt(self.key.public(), &header, content.to_string().as_bytes(), &mut random).unwrap()
    }
}

//! Full verification of an identity answer by the portal's server, with a report.
//!
//! Who decrypts must know what was asked: it comes from the verifier's own session, never from the answer. The
//! steps stand in [`Step::ALL`]'s order, and each is reached only if those before it passed.

use std::collections::BTreeMap;

use bitaqa_card::{Random, lds};
use bitaqa_jose::{
    CompactJwe, PrivateJwk, Thumbprint,
    jwe::{ExpectedType, JweRules},
};
use bitaqa_protocol::{
    claim::DataGroup,
    identity::{ChipAnswer, ChipChallenge, IdentityAnswer, answer::Document, header},
};

use super::{
    answer_keys::{AnswerKeys, Keys},
    binding,
    chip_step::{Judged, SecondCall, evidence},
    claims::claims_of,
    expected::Expected,
    holder_step::holder,
    link::HolderNumbers,
    pending::{PendingIdentity, PendingStep},
    request_step::{check_consent, check_request, check_required},
    result::{Check, Chip, DocumentKind, IdentityFailure, Outcome, RefusedIdentity, Step, VerifiedIdentity},
    second_call::{ChipAuthenticationNeeded, ChipState, FirstStep},
    status::{DocumentStatus, StatusSource},
    unsigned_answer,
};
use crate::{
    Assurance, DateTime, Level, SignIn, TokenVerifier, VerifiedToken,
    chip_proof::{ChipAuthenticationProof, ChipAuthenticationRound},
    csca_store::CscaStore,
    passive_authentication::{self, Options, Report},
    revocation::NonceSeed,
    token_verification::PendingToken,
};

/// Longest answer in its encrypted form, in characters.
pub const MAX_ENCRYPTED: usize = 4 * 1024 * 1024;

/// Verifies identity answers.
pub struct IdentityVerifier<'a> {
    keys: Keys<'a>,
    store: &'a CscaStore,
    assurance: Assurance,
    options: Options,
    tokens: Option<&'a TokenVerifier>,
    status: Option<&'a dyn StatusSource>,
}

impl<'a> IdentityVerifier<'a> {
    /// For answers that are encrypted to one of these keys, of documents whose countries' authorities are in the store.
    /// `assurance` says whether these are authorities of test documents.
    #[must_use]
    pub fn new(keys: &'a [PrivateJwk], store: &'a CscaStore, assurance: Assurance) -> Self {
        Self::of(Keys::Here(keys), store, assurance)
    }

    /// The same, where the keys are somewhere else, perhaps in a module that they never leave.
    #[must_use]
    pub fn with_keys(keys: &'a dyn AnswerKeys, store: &'a CscaStore, assurance: Assurance) -> Self {
        Self::of(Keys::Elsewhere(keys), store, assurance)
    }

    fn of(keys: Keys<'a>, store: &'a CscaStore, assurance: Assurance) -> Self {
        Self { keys, store, assurance, options: Options::default(), tokens: None, status: None }
    }

    /// Demands more of a document than ICAO does.
    #[must_use]
    pub fn with_options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Verifies the card's sign-in tokens in answers, where the holder was asked for the PIN.
    #[must_use]
    pub fn and_tokens(mut self, tokens: &'a TokenVerifier) -> Self {
        self.tokens = Some(tokens);
        self
    }

    /// Asks this source whether the document is still in use.
    #[must_use]
    pub fn and_status(mut self, source: &'a dyn StatusSource) -> Self {
        self.status = Some(source);
        self
    }

    /// Decrypts and verifies an answer, at a time. `chip` is the chip's answer to the verifier's key, for callers who verify
    /// documents themselves; others use [`begin`](Self::begin) and [`complete`](Self::complete).
    ///
    /// # Errors
    /// [`RefusedIdentity`] with the failure and the report up to it.
    pub fn verify(
        &self,
        answer: &str,
        expected: &Expected<'_>,
        chip: Option<ChipAuthenticationProof<'_>>,
        at: DateTime,
    ) -> Result<VerifiedIdentity, Box<RefusedIdentity>> {
        self.asked(self.held(answer, expected, SecondCall::Given(Box::new(chip)), (at, None))?, at)
    }

    /// The first of two steps, for portals that asked with
    /// [`ProofWanted::ChipAuthentication`](bitaqa_protocol::identity::ProofWanted::ChipAuthentication): decrypts and verifies an
    /// answer, at a time. Where the chip has yet to prove itself by the server's key, a challenge for it is made with `random`;
    /// a chip that proved itself already needs none. With other requests there is no second step.
    ///
    /// # Errors
    /// As [`verify`](Self::verify). Whether the document is in use is asked only once the chip is known to be no copy, so
    /// perhaps in the second step.
    pub fn begin(
        &self,
        answer: &str,
        expected: &Expected<'_>,
        random: &mut dyn Random,
        at: DateTime,
    ) -> Result<FirstStep, Box<RefusedIdentity>> {
        Ok(match self.begin_pending(answer, expected, random, (at, None))? {
            PendingStep::Held(pending) => FirstStep::Verified(Box::new(self.asked(*pending, at)?)),
            PendingStep::ChipAuthenticationNeeded(needed) => FirstStep::ChipAuthenticationNeeded(needed),
        })
    }

    /// As [`begin`](Self::begin), for who asks others before it answers: about the document's status, and about the revocation of
    /// the certificates of a token. With a seed, questions to responders carry a nonce. No source of status is asked here.
    ///
    /// # Errors
    /// [`RefusedIdentity`] with the failure and the report up to it: nobody is to be asked anything.
    pub fn begin_pending(
        &self,
        answer: &str,
        expected: &Expected<'_>,
        random: &mut dyn Random,
        (at, nonce): (DateTime, Option<NonceSeed>),
    ) -> Result<PendingStep, Box<RefusedIdentity>> {
        let mut checks = Vec::new();
        match self.run(answer, expected, SecondCall::Possible(random), (at, nonce), &mut checks) {
            Ok(Ran::Held(held)) => {
                let (verified, token) = *held;
                let verified = VerifiedIdentity { checks, ..verified };
                Ok(PendingStep::Held(Box::new(PendingIdentity::new(verified, token))))
            }
            Ok(Ran::Pending(round)) => {
                // a key of a standardised group and one short command fit
                let challenge = ChipChallenge::new(round.ephemeral_key(), round.protected_read());
                let Ok(challenge) = challenge else {
                    return Err(Box::new(RefusedIdentity::at(checks, IdentityFailure::ChipProofMissing)));
                };
                let state = ChipState::new(&round, answer, at);
                let needed = ChipAuthenticationNeeded { challenge, state, checks };
                Ok(PendingStep::ChipAuthenticationNeeded(needed))
            }
            Err(failure) => Err(Box::new(RefusedIdentity::at(checks, failure))),
        }
    }

    /// The second step: verifies the same encrypted answer with what the chip answered to the challenge of the first. The state
    /// is used up; whoever kept it as text keeps it no longer.
    ///
    /// # Errors
    /// As [`verify`](Self::verify); `answer-to-another-request` if the state is of another answer, `chip-proof-late` more than
    /// [`MAX_WAIT`](super::second_call::MAX_WAIT) seconds after the first step.
    pub fn complete(
        &self,
        answer: &str,
        expected: &Expected<'_>,
        state: ChipState,
        chip: &ChipAnswer,
        at: DateTime,
    ) -> Result<VerifiedIdentity, Box<RefusedIdentity>> {
        self.asked(self.complete_pending(answer, expected, (state, chip), (at, None))?, at)
    }

    /// As [`complete`](Self::complete), for who asks others before it answers: see [`begin_pending`](Self::begin_pending).
    ///
    /// # Errors
    /// As [`complete`](Self::complete): nobody is to be asked anything.
    pub fn complete_pending(
        &self,
        answer: &str,
        expected: &Expected<'_>,
        (state, chip): (ChipState, &ChipAnswer),
        at: (DateTime, Option<NonceSeed>),
    ) -> Result<PendingIdentity, Box<RefusedIdentity>> {
        self.held(answer, expected, SecondCall::Answered(state, chip), at)
    }

    fn held(
        &self,
        answer: &str,
        expected: &Expected<'_>,
        second: SecondCall<'_, '_>,
        at: (DateTime, Option<NonceSeed>),
    ) -> Result<PendingIdentity, Box<RefusedIdentity>> {
        let mut checks = Vec::new();
        match self.run(answer, expected, second, at, &mut checks) {
            Ok(Ran::Held(held)) => {
                let (verified, token) = *held;
                Ok(PendingIdentity::new(VerifiedIdentity { checks, ..verified }, token))
            }
            // nobody waits for a chip where it was not said that one can answer
            Ok(Ran::Pending(_)) => {
                Err(Box::new(RefusedIdentity::at(checks, IdentityFailure::ChipProofMissing)))
            }
            Err(failure) => Err(Box::new(RefusedIdentity::at(checks, failure))),
        }
    }

    /// Asks the source of status that this verifier has.
    fn asked(
        &self,
        pending: PendingIdentity,
        at: DateTime,
    ) -> Result<VerifiedIdentity, Box<RefusedIdentity>> {
        let (Some(source), Some(fingerprint)) = (self.status, pending.fingerprint()) else {
            return Ok(pending.finish());
        };
        let status = source.status(fingerprint, at);
        pending.with_status(status).map(PendingIdentity::finish)
    }

    fn run(
        &self,
        text: &str,
        expected: &Expected<'_>,
        second: SecondCall<'_, '_>,
        (at, nonce): (DateTime, Option<NonceSeed>),
        checks: &mut Vec<Check>,
    ) -> Result<Ran, IdentityFailure> {
        let (answer, recipient) = self.opened(text, expected, checks)?;
        let outcome = check_request(&answer, expected)?;
        if matches!(second, SecondCall::Answered(ref state, _) if !state.is_of(text)) {
            return Err(IdentityFailure::OtherRequest("the answer of the first step"));
        }
        checks.push(Check { step: Step::Request, outcome });
        check_consent(&answer)?;
        passed(checks, Step::Consent);

        let (sod, files) = match &answer.document {
            Document::Icao { sod, groups } => (sod, groups),
            Document::HostAsserted { claims } => {
                let claims = claims.clone();
                let verified =
                    unsigned_answer::judged(answer, &claims, expected, self.assurance, at, checks)?;
                return Ok(Ran::Held(Box::new((verified, None))));
            }
        };
        let groups = numbered(files.iter().map(|(group, file)| (group.number(), file.0.as_slice())))?;
        let report = passive_authentication::verify(&sod.0, &groups, self.store, at, &self.options)
            .map_err(IdentityFailure::Unreadable)?;
        let Some(document) = report.genuine() else { return Err(IdentityFailure::not_genuine(&report)) };
        // a group that its country signed and that makes no sense is the document's fault
        let granted: BTreeMap<DataGroup, &[u8]> = answer
            .consent
            .groups
            .iter()
            .filter_map(|group| Some((*group, document.group(card_group(*group)?)?)))
            .collect();
        let asked = answer.request.claims.all().filter(|claim| answer.consent.claims.contains(*claim));
        let claims = claims_of(&granted, asked, at.into())?;
        check_required(&answer.request, &claims)?;
        passed(checks, Step::Document);

        let evidence = evidence(&answer, expected, recipient.as_bytes());
        let chip = match second.judged(&document, (evidence, recipient.as_bytes()), expected, at)? {
            Judged::Proof(proof) => Ok(Chip::of(proof, expected.proof())?),
            Judged::Pending(round) => Err(round),
        };
        let outcome = chip.as_ref().map_or(Outcome::NotChecked, |chip| chip.outcome());
        checks.push(Check { step: Step::Chip, outcome });

        let (pending, link) = holder(self.tokens, &answer, &document, expected, (at, nonce))?.unzip();
        let token = pending.as_ref().map(PendingToken::token);
        let outcome = if token.is_some() { Outcome::Passed } else { Outcome::NotChecked };
        checks.push(Check { step: Step::Holder, outcome });
        let chip = match chip {
            Ok(chip) => chip,
            Err(round) => {
                checks.push(Check { step: Step::Status, outcome: Outcome::NotReached });
                return Ok(Ran::Pending(round));
            }
        };

        let proven = level(&chip, token);
        let [dg1, dg11] = [DataGroup::Dg1, DataGroup::Dg11].map(|group| granted.get(&group).copied());
        let verified = VerifiedIdentity {
            claims,
            level: proven,
            assurance: self.assurance_with(token),
            holder_verification: token.map(|token| token.holder_verification),
            token: token.map(|token| SignIn::of(token).at_most(proven)),
            link,
            chip,
            status: DocumentStatus::NotChecked,
            signer: signer_name(&report),
            document: dg1.and_then(|dg1| DocumentKind::of(dg1, document.country(), at.into())),
            numbers: dg1.and_then(|dg1| HolderNumbers::of(dg1, dg11, document.country())),
            fingerprint: Some(status_key(&sod.0)),
            request: answer.request,
            consent: answer.consent,
            host_asserted: answer.host_asserted,
            checks: Vec::new(),
        };
        Ok(Ran::Held(Box::new((verified, pending))))
    }

    /// Decrypts with the key that the header names.
    fn opened(
        &self,
        text: &str,
        expected: &Expected<'_>,
        checks: &mut Vec<Check>,
    ) -> Result<(IdentityAnswer, Thumbprint), IdentityFailure> {
        let rules = JweRules {
            type_: ExpectedType::Is(header::TYPE),
            encryptions: &[bitaqa_jose::ContentEncryption::A256Gcm],
            max_length: MAX_ENCRYPTED,
        };
        let jwe = CompactJwe::parse(text, &rules).map_err(IdentityFailure::Encryption)?;
        let own = &jwe.header().own;
        let wanted = binding::protected_members(expected.origin, expected.challenge());
        if *own != wanted {
            let differs = |name: &str| own.get(name) != wanted.get(name);
            return Err(IdentityFailure::OtherRequest(match (differs("origin"), differs("challengeHash")) {
                (true, false) => "the origin in the protected header",
                (false, true) => "the challenge in the protected header",
                _ => "the protected header",
            }));
        }
        let (content, recipient) = self.keys.open(&jwe)?;
        passed(checks, Step::Encryption);
        let answer = IdentityAnswer::parse(&content).map_err(IdentityFailure::Content)?;
        passed(checks, Step::Content);
        Ok((answer, recipient))
    }

    /// A test on either side makes the whole a test.
    fn assurance_with(&self, token: Option<&VerifiedToken>) -> Assurance {
        let of_token = token.and_then(VerifiedToken::assurance);
        if of_token == Some(Assurance::Test) { Assurance::Test } else { self.assurance }
    }
}

/// What came of the steps.
enum Ran {
    Held(Box<(VerifiedIdentity, Option<PendingToken>)>),
    Pending(Box<ChipAuthenticationRound>),
}

fn passed(checks: &mut Vec<Check>, step: Step) {
    checks.push(Check { step, outcome: Outcome::Passed });
}

/// Files by the card layer's groups.
fn numbered<'a>(
    files: impl Iterator<Item = (u8, &'a [u8])>,
) -> Result<Vec<(lds::DataGroup, &'a [u8])>, IdentityFailure> {
    files
        .map(|(number, file)| {
            lds::DataGroup::new(number)
                .map(|group| (group, file))
                .ok_or(IdentityFailure::BeyondConsent { group: number })
        })
        .collect()
}

fn card_group(group: DataGroup) -> Option<lds::DataGroup> {
    lds::DataGroup::new(group.number())
}

/// What is proven: nothing without a chip that is no copy; possession alone is low; with the PIN, what the certificate's issuer
/// vouches for.
fn level(chip: &Chip, token: Option<&VerifiedToken>) -> Level {
    match (chip.is_proven(), token) {
        (false, _) => Level::None,
        (true, None) => Level::Low,
        (true, Some(token)) => token.level(),
    }
}

fn signer_name(report: &Report<'_>) -> Option<String> {
    report.signer().map(|signer| signer.subject().to_string())
}

/// By what a status source knows a document: SHA-256 of EF.SOD, which only who read the chip can make. A hash of a document
/// number could be guessed.
#[must_use]
pub fn status_key(sod: &[u8]) -> [u8; 32] {
    use sha2::{Digest as _, Sha256};
    Sha256::digest(sod).into()
}

//! Is the chip a copy? What came with an answer, and what can still come.

use bitaqa_card::Random;
use bitaqa_protocol::identity::{ChipAnswer, IdentityAnswer, ProofWanted};

use super::{expected::Expected, result::IdentityFailure, second_call::ChipState};
use crate::{
    DateTime,
    chip_proof::{
        ActiveAuthenticationProof, ChipAuthenticationBinding, ChipAuthenticationProof,
        ChipAuthenticationRound, ChipEvidence, ChipProof, HostAssertion, active_authentication_challenge,
        judge,
    },
    passive_authentication::GenuineDocument,
};

/// What there is of the second call.
pub(super) enum SecondCall<'a, 'e> {
    /// None can follow; perhaps there was one.
    Given(Box<Option<ChipAuthenticationProof<'e>>>),
    /// It can follow, with a key made from this.
    Possible(&'a mut dyn Random),
    /// There was one.
    Answered(ChipState, &'a ChipAnswer),
}

/// What is known of the chip.
pub(super) enum Judged {
    /// All that ever will be.
    Proof(ChipProof),
    /// It has yet to answer.
    Pending(Box<ChipAuthenticationRound>),
}

impl<'e> SecondCall<'_, 'e> {
    /// Judges what came.
    ///
    /// # Errors
    /// `chip-proof-late`, `chip-proof-invalid`.
    pub(super) fn judged(
        self,
        document: &GenuineDocument<'_, '_>,
        (evidence, recipient): (ChipEvidence<'e>, &[u8; 32]),
        expected: &Expected<'_>,
        at: DateTime,
    ) -> Result<Judged, IdentityFailure> {
        let binding = ChipAuthenticationBinding::of(expected.origin, expected.challenge(), recipient);
        let chip = match self {
            Self::Given(chip) => *chip,
            Self::Answered(state, answer) => {
                if !state.is_fresh(at) {
                    return Err(IdentityFailure::ChipProofLate);
                }
                let round = ChipAuthenticationRound::resume(document, &binding, state.secret())
                    .map_err(IdentityFailure::ChipProof)?;
                let evidence = ChipEvidence { chip: Some(round.answered(answer.as_bytes())), ..evidence };
                return Ok(Judged::Proof(judge(document, evidence)));
            }
            Self::Possible(random) => {
                let proof = judge(document, evidence);
                let can_follow = expected.proof() == ProofWanted::ChipAuthentication
                    && matches!(proof, ChipProof::Missing { .. });
                // a document without a key that we can use: what is missing stays so
                let round = can_follow
                    .then(|| ChipAuthenticationRound::begin(document, &binding, random).ok())
                    .flatten();
                return Ok(round.map_or(Judged::Proof(proof), |round| Judged::Pending(Box::new(round))));
            }
        };
        Ok(Judged::Proof(judge(document, ChipEvidence { chip, ..evidence })))
    }
}

/// What came with the answer itself.
pub(super) fn evidence<'e>(
    answer: &'e IdentityAnswer,
    expected: &Expected<'_>,
    recipient: &[u8; 32],
) -> ChipEvidence<'e> {
    let challenge = active_authentication_challenge(expected.origin, expected.challenge(), recipient);
    let active = answer.proofs.active_authentication.as_ref().map(|signatures| ActiveAuthenticationProof {
        challenge,
        signatures: signatures.each_ref().map(|signature| signature.0.as_slice()),
    });
    let asserted =
        (answer.host_asserted.chip_authentication == Some(true)).then_some(HostAssertion::ChipAuthentication);
    ChipEvidence { active, chip: None, asserted }
}

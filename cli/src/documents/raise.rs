//! Raising a signed file to a level, with what the network gives.

use bitaqa_signature::{
    Hash, Level,
    augmentation::{Answers, Augmented, FileProgress, Goal, Notice, augment_file},
    document::{DetachedContent, DocumentError},
};
use bitaqa_trust::{DateTime, TrustStore};

use super::{network::Network, what_helps};

/// More rounds than any file needs: each time stamp, path and list is asked for in a round of its own at most.
const MAX_ROUNDS: usize = 64;

/// The file at the level that can be reached, and what could not be had.
pub(super) fn raise(
    file: &[u8],
    detached: &dyn DetachedContent,
    level: Level,
    (store, at): (&TrustStore, DateTime),
    network: &Network,
) -> Result<(Vec<u8>, Augmented), RaisingFault> {
    let goal = Goal { level, hash: Hash::Sha256, store: store.clone(), at };
    raise_anew(file, detached, &goal, &mut Answers::new(), network)
}

/// What came of raising a file that is there already.
pub(super) struct AsFarAsItGoes {
    /// The raised file; none where no step could be made.
    pub(super) file: Option<Vec<u8>>,
    pub(super) augmented: Augmented,
    /// Why the next step up could not be made.
    pub(super) fault: Option<RaisingFault>,
}

/// The same; where a step fails, the levels below it are tried. Nobody is asked twice for the same.
pub(super) fn raise_as_far_as_it_goes(
    file: &[u8],
    detached: &dyn DetachedContent,
    level: Level,
    (store, at): (&TrustStore, DateTime),
    network: &Network,
) -> AsFarAsItGoes {
    let mut answers = Answers::new();
    let mut fault = None;
    for level in [Level::BLta, Level::BLt, Level::BT].into_iter().filter(|lower| *lower <= level) {
        let goal = Goal { level, hash: Hash::Sha256, store: store.clone(), at };
        match raise_anew(file, detached, &goal, &mut answers, network) {
            Ok((file, augmented)) => return AsFarAsItGoes { file: Some(file), augmented, fault },
            Err(error) => fault = Some(error),
        }
    }
    AsFarAsItGoes { file: None, augmented: Augmented { level: Level::BB, notices: Vec::new() }, fault }
}

/// Where what was kept about revocation is of no use, it is asked for anew.
fn raise_anew(
    file: &[u8],
    detached: &dyn DetachedContent,
    goal: &Goal,
    answers: &mut Answers,
    network: &Network,
) -> Result<(Vec<u8>, Augmented), RaisingFault> {
    let raised = raise_with(file, detached, goal, answers, network)?;
    let is_short = raised.1.notices.iter().any(|notice| matches!(notice, Notice::NoRevocationData { .. }));
    if is_short && network.forget_kept() {
        // the time stamps are good; what was kept about revocation may not be
        answers.forget_fetched();
        return raise_with(file, detached, goal, answers, network);
    }
    Ok(raised)
}

fn raise_with(
    file: &[u8],
    detached: &dyn DetachedContent,
    goal: &Goal,
    answers: &mut Answers,
    network: &Network,
) -> Result<(Vec<u8>, Augmented), RaisingFault> {
    for _ in 0..MAX_ROUNDS {
        match augment_file(file, detached, goal, answers)? {
            FileProgress::Done { file, augmented } => return Ok((file, augmented)),
            FileProgress::Needs(needs) => {
                for need in needs {
                    let answer = network.fetch(&need);
                    answers.add(need, answer);
                }
            }
        }
    }
    Err(RaisingFault::NeverEnds)
}

impl RaisingFault {
    /// A line behind the reason.
    pub(super) const fn what_helps(&self) -> &'static str {
        match self {
            Self::Document(error) => what_helps::about_reading(error),
            Self::NeverEnds => "",
        }
    }
}

/// Why a file cannot be raised.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RaisingFault {
    /// It cannot be read, or has no signature.
    #[error("{0}")]
    Document(#[from] DocumentError),
    /// It asks for more and more.
    #[error("raising the signature needs more steps than any file should")]
    NeverEnds,
}

//! `bitaqa identity verify` in two calls, where the chip proves itself by the verifier's key.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use bitaqa_host::system_random;
use bitaqa_protocol::identity::{ChipAnswer, chip_authentication::ChipAuthenticationTextError};
use bitaqa_trust::{
    DateTime,
    identity::{ChipState, ChipStateError, Expected, FirstStep, IdentityVerifier, RefusedIdentity},
};
use clap::Args;
use zeroize::Zeroizing;

use crate::bounded_file::{self, FileFault};

/// Longest state and answer of a chip, in bytes of their files.
const MAX_TEXT: usize = 1024;

/// What comes of a call.
pub(crate) type CallResult = Result<FirstStep, Box<RefusedIdentity>>;

/// Which call it is; with none of these, there is one alone.
#[derive(Debug, Args)]
pub(crate) struct ChipCall {
    /// The portal asked with `chipAuthentication`, and this is the first call: where the chip has yet to prove itself, the challenge
    /// for it is written here; the file must not be there yet
    #[arg(long, value_name = "FILE", requires = "chip_state", conflicts_with_all = ["chip_answer", "data_only", "unsigned"])]
    chip_challenge: Option<PathBuf>,

    /// This is the second call: what the chip answered (`chipProof`)
    #[arg(long, value_name = "FILE", requires = "chip_state", conflicts_with_all = ["data_only", "unsigned"])]
    chip_answer: Option<PathBuf>,

    /// The secret between the two calls: written in the first, so that only its owner can read it, and used up in the second
    #[arg(long, value_name = "FILE", conflicts_with_all = ["data_only", "unsigned"])]
    chip_state: Option<PathBuf>,
}

/// Why a call cannot be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ChipCallFault {
    #[error("{0}")]
    File(#[from] FileFault),
    #[error("--chip-state comes with --chip-challenge or --chip-answer")]
    StateAlone,
    #[error("{}: others than its owner can read this state", .0.display())]
    Open(PathBuf),
    #[error("{}: {error}", .path.display())]
    State { path: PathBuf, error: ChipStateError },
    #[error("{}: {error}", .path.display())]
    Answer { path: PathBuf, error: ChipAuthenticationTextError },
}

impl ChipCall {
    /// Whether it is the first or the second of two.
    pub(crate) const fn is_one_of_two(&self) -> bool {
        self.chip_state.is_some()
    }

    /// Makes the call.
    pub(crate) fn verify(
        &self,
        verifier: &IdentityVerifier<'_>,
        answer: &str,
        expected: &Expected<'_>,
        at: DateTime,
    ) -> Result<CallResult, ChipCallFault> {
        let verified = |result: Result<_, _>| result.map(|verified| FirstStep::Verified(Box::new(verified)));
        match (&self.chip_state, &self.chip_challenge, &self.chip_answer) {
            (None, ..) => Ok(verified(verifier.verify(answer, expected, None, at))),
            (Some(_), None, None) => Err(ChipCallFault::StateAlone),
            (Some(state), Some(challenge), _) => {
                let first = verifier.begin(answer, expected, &mut system_random, at);
                if let Ok(FirstStep::ChipAuthenticationNeeded(needed)) = &first {
                    bounded_file::create(state, 0o600, needed.state.to_text().as_bytes())?;
                    bounded_file::create(challenge, 0o644, needed.challenge.to_string().as_bytes())?;
                }
                Ok(first)
            }
            (Some(state), None, Some(chip)) => {
                let text = bounded_file::read_text(chip, MAX_TEXT)?;
                let chip = ChipAnswer::parse(text.trim_end())
                    .map_err(|error| ChipCallFault::Answer { path: chip.clone(), error })?;
                let state = used_up(state)?;
                Ok(verified(verifier.complete(answer, expected, state, &chip, at)))
            }
        }
    }
}

/// Reads a state that nobody but its owner can read, and removes it.
fn used_up(path: &Path) -> Result<ChipState, ChipCallFault> {
    let fault = |error: io::Error| FileFault { path: path.to_owned(), error };
    let metadata = File::open(path).and_then(|file| file.metadata()).map_err(fault)?;
    if metadata.is_file() && metadata.mode() & 0o077 != 0 {
        return Err(ChipCallFault::Open(path.to_owned()));
    }
    let text = Zeroizing::new(bounded_file::read_text(path, MAX_TEXT)?);
    let state = ChipState::parse(text.trim_end())
        .map_err(|error| ChipCallFault::State { path: path.to_owned(), error })?;
    fs::remove_file(path).map_err(fault)?;
    Ok(state)
}

//! `bitaqa identity verify`: what the portal asked.

use std::path::{Path, PathBuf};

use bitaqa_protocol::{
    Challenge,
    identity::{Holder, IdentityRequest, ProofWanted},
};
use bitaqa_trust::identity::ExpectedRequest;
use clap::Args;

use crate::{
    bounded_file::{self, FileFault},
    identity_chip::ChipCall,
};

/// Longest request, in bytes of its file: a statement of the greatest length and the rest.
const MAX_REQUEST: usize = 64 * 1024;

/// All of the request, or what is known of it.
#[derive(Debug, Args)]
pub(crate) struct AskedFor {
    /// What the portal asked, as its session has it (JSON: challenge, statement, purpose, claims, holder, proof). The answer is compared
    /// with all of it. This or --challenge is needed
    #[arg(long, value_name = "FILE", conflicts_with_all = ["data_only", "unsigned"])]
    request: Option<PathBuf>,

    /// The challenge that the portal gave, where no request is given; with one it is the same
    #[arg(long, value_name = "TEXT", value_parser = parse_challenge)]
    challenge: Option<Challenge>,

    /// The portal asked for the data only: they may come from a copy. With --challenge only
    #[arg(long)]
    data_only: bool,

    /// The portal asked for unsigned data, too (`proof: "unsigned"`): they may be what anybody made up, and the result says so
    #[arg(long, conflicts_with = "data_only")]
    unsigned: bool,
}

/// Why it is not known what was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RequestFault {
    #[error("{0}")]
    File(#[from] FileFault),
    #[error("{}: this is no request for `identify()`: {error}", .path.display())]
    Request { path: PathBuf, error: serde_json::Error },
    #[error("--challenge is another than the challenge of the request")]
    Challenge,
    #[error("the request asks for the PIN: say with --issuers whose certificates the cards have")]
    Issuers,
    #[error("the request does not ask for the PIN, and --issuers is for requests that do")]
    NoPin,
    #[error("--chip-state is for a request with \"proof\": \"chip-authentication\"")]
    Proof,
    #[error("say with --request or --challenge what was asked")]
    Nothing,
}

impl AskedFor {
    /// Reads the request, where there is one.
    pub(crate) fn sent(&self) -> Result<Option<IdentityRequest>, RequestFault> {
        self.request.as_deref().map(read).transpose()
    }

    /// What an answer has to be to. Of the request that was sent come proof and PIN; without it they come from the other arguments.
    pub(crate) fn expected<'a>(
        &'a self,
        sent: Option<&'a IdentityRequest>,
        chip: &ChipCall,
        has_issuers: bool,
    ) -> Result<ExpectedRequest<'a>, RequestFault> {
        match (sent, &self.challenge) {
            (Some(request), Some(challenge)) if *challenge != request.challenge => {
                Err(RequestFault::Challenge)
            }
            (Some(request), _) if request.holder == Holder::Pin && !has_issuers => Err(RequestFault::Issuers),
            (Some(request), _) if request.holder == Holder::None && has_issuers => Err(RequestFault::NoPin),
            (Some(request), _)
                if chip.is_one_of_two() && request.proof != ProofWanted::ChipAuthentication =>
            {
                Err(RequestFault::Proof)
            }
            (Some(request), _) => Ok(ExpectedRequest::Sent(request)),
            (None, Some(challenge)) => Ok(ExpectedRequest::NotCompared {
                challenge,
                proof: self.proof(chip),
                holder: if has_issuers { Holder::Pin } else { Holder::None },
            }),
            (None, None) => Err(RequestFault::Nothing),
        }
    }

    fn proof(&self, chip: &ChipCall) -> ProofWanted {
        if self.unsigned {
            ProofWanted::Unsigned
        } else if self.data_only {
            ProofWanted::DataOnly
        } else if chip.is_one_of_two() {
            ProofWanted::ChipAuthentication
        } else {
            ProofWanted::Chip
        }
    }
}

fn read(path: &Path) -> Result<IdentityRequest, RequestFault> {
    let bytes = bounded_file::read(path, MAX_REQUEST)?;
    serde_json::from_slice(&bytes).map_err(|error| RequestFault::Request { path: path.to_owned(), error })
}

fn parse_challenge(text: &str) -> Result<Challenge, String> {
    Challenge::parse(text).map_err(|error| error.to_string())
}

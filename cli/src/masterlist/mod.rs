//! `bitaqa masterlist`: lists of countries' authorities.

pub(crate) mod import;
pub(crate) mod show;

use std::{
    io,
    path::{Path, PathBuf},
};

use bitaqa_trust::{
    DateTime,
    csca_bundle::CscaItem,
    master_list::{MasterList, MasterListFault, VerifiedMasterList},
};
use clap::Args;

use crate::{
    csca_files::{self, CscaFilesError},
    moment::{self, MomentError},
};

/// Which list, and on whose word.
#[derive(Debug, Args)]
pub(crate) struct Source {
    /// The master list (CMS, as the ICAO and countries publish it)
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Authorities that you trust to sign a master list: a file or folder. Without it the list must be signed by an authority in
    /// it; compare that authority's SHA-256 with what the publisher says. May be given several times
    #[arg(long, value_name = "PATH")]
    csca: Vec<PathBuf>,

    /// Check as if it were this time (RFC 3339, like 2026-03-01T09:30:00Z); now if absent
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    at: Option<DateTime>,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// A list, and what is known of who signed it.
struct Checked<'l> {
    list: &'l MasterList,
    verified: Result<VerifiedMasterList<'l>, MasterListFault>,
    /// Whether the caller named whom to trust.
    is_trust_given: bool,
}

impl Checked<'_> {
    /// Who vouches for the list, in one word.
    const fn trust(&self) -> &'static str {
        match (&self.verified, self.is_trust_given) {
            (Err(_), _) => "none",
            (Ok(_), true) => "given",
            (Ok(_), false) => "itself",
        }
    }
}

/// Reads the list, checks it, and goes on.
fn with_list<T>(
    source: &Source,
    then: impl FnOnce(&Checked<'_>) -> Result<T, MasterListFailure>,
) -> Result<T, MasterListFailure> {
    let at = source.at.map_or_else(moment::now, Ok)?;
    let list = read(&source.file)?;
    let verified = if source.csca.is_empty() {
        list.verify_by_itself(at)
    } else {
        list.verify(&csca_files::countries(&source.csca, at)?.store, at)
    };
    then(&Checked { list: &list, verified, is_trust_given: !source.csca.is_empty() })
}

fn read(path: &Path) -> Result<MasterList, MasterListFailure> {
    let mut items = csca_files::items(path)?;
    match (items.pop(), items.is_empty()) {
        (Some(CscaItem::MasterList(list)), true) => Ok(*list),
        _ => Err(MasterListFailure::NoList { path: path.to_owned() }),
    }
}

/// Why the question could not be asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MasterListFailure {
    #[error("{0}")]
    Files(#[from] CscaFilesError),
    #[error("{}: not a master list", .path.display())]
    NoList { path: PathBuf },
    #[error("{0}")]
    Moment(#[from] MomentError),
    #[error("{}: {error}", .path.display())]
    Write { path: PathBuf, error: io::Error },
    #[error("the answer cannot be written: {0}")]
    Output(#[from] io::Error),
}

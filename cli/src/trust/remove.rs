//! `bitaqa trust remove`.

use std::io::{self, Write as _};

use bitaqa_trust::trust_pack::PackName;
use clap::Args;

use super::{TrustFault, store};
use crate::Verdict;

const HELP: &str = "\
From then on this computer believes nobody on the pack's word. Its version stays remembered: an older pack of that name can never be
installed again.

Exit codes: 0 removed, 1 there is no such pack, 2 this is not root.";

/// Which pack to remove.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Arguments {
    /// Its name, as `bitaqa trust list` shows it
    #[arg(value_name = "NAME", value_parser = |text: &str| PackName::parse(text))]
    name: PackName,
}

/// Removes it.
pub(crate) fn remove(arguments: &Arguments) -> Result<Verdict, TrustFault> {
    store::open_with(&arguments.name)?;
    store::remove(&arguments.name)?;
    writeln!(io::stdout(), "Removed.")?;
    Ok(Verdict::Yes)
}

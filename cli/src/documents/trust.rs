//! Whom the person trusts: about signers, about time stamps, and about who is qualified.

use std::path::PathBuf;

use bitaqa_signature::{trusted_list::VerifiedTrustedList, validation::ValidationSettings};
use clap::Args;

use super::DocumentFault;
use crate::trust_files;

/// Longest trusted list, in bytes.
const MAX_LIST: usize = 32 * 1024 * 1024;

/// Where trust comes from.
#[derive(Debug, Args)]
pub(crate) struct TrustArguments {
    /// Certificates you trust: a folder, or a PEM or DER file. Self-signed ones are roots, others help to get there. May be
    /// given several times
    #[arg(long, value_name = "PATH")]
    trust: Vec<PathBuf>,

    /// Certificates you trust about time stamps; those of --trust if absent
    #[arg(long, value_name = "PATH")]
    tsa_trust: Vec<PathBuf>,

    /// A trusted list (ETSI TS 119 612, XML) that says who is qualified. May be given several times
    #[arg(long, value_name = "XML", requires = "list_signer")]
    trusted_list: Vec<PathBuf>,

    /// Certificates that may sign trusted lists
    #[arg(long, value_name = "PATH", requires = "trusted_list")]
    list_signer: Vec<PathBuf>,
}

impl TrustArguments {
    /// Puts it into the settings of a validation.
    pub(super) fn apply(&self, settings: &mut ValidationSettings) -> Result<(), DocumentFault> {
        settings.signers = trust_files::trust_store(&self.trust, None)?;
        settings.time_stamp_authorities = if self.tsa_trust.is_empty() {
            settings.signers.clone()
        } else {
            trust_files::trust_store(&self.tsa_trust, None)?
        };
        let mut signers = Vec::new();
        for path in &self.list_signer {
            signers.extend(trust_files::certificates(path)?);
        }
        for path in &self.trusted_list {
            let octets = trust_files::read(path, MAX_LIST)?;
            let list = VerifiedTrustedList::verify(&octets, &signers, settings.time)
                .map_err(|error| DocumentFault::List { path: path.clone(), error })?;
            settings.trusted_lists.push(list);
        }
        Ok(())
    }
}

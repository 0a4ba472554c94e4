//! Whom the person trusts: about signers, about time stamps, and about who is qualified.

use std::path::PathBuf;

use bitaqa_host::trust_folder::InstalledPacks;
use bitaqa_signature::validation::ValidationSettings;
use bitaqa_trust::{Assurance, Certificate, TrustStore, trust_pack::DocumentTrust};
use clap::{
    Args,
    builder::{OsStringValueParser, TypedValueParser as _},
};

use super::{
    DocumentFault,
    network::Network,
    trusted_lists::{ListPlace, TrustedLists},
};
use crate::{
    moment::{self, seconds},
    trust_files,
};

/// Where trust comes from.
#[derive(Debug, Args)]
pub(crate) struct TrustArguments {
    /// Certificates you trust, in place of those of the installed trust packs: a folder, or a PEM or DER file. Self-signed ones
    /// are roots, others help to get there. May be given several times
    #[arg(long, value_name = "PATH")]
    trust: Vec<PathBuf>,

    /// Certificates you trust about time stamps; those of --trust if absent, or of the installed trust packs
    #[arg(long, value_name = "PATH")]
    tsa_trust: Vec<PathBuf>,

    /// A trusted list (ETSI TS 119 612, XML) that says who is qualified: a file, or its address, http or https. May be given several
    /// times
    #[arg(long, value_name = "XML", value_parser = OsStringValueParser::new().try_map(ListPlace::of))]
    trusted_list: Vec<ListPlace>,

    /// Certificates that may sign trusted lists, in place of those of the installed trust packs
    #[arg(long, value_name = "PATH", requires = "trusted_list")]
    list_signer: Vec<PathBuf>,
}

impl TrustArguments {
    /// Puts it into the settings of a validation, and gives the trusted lists, which may point to more.
    pub(super) fn apply(
        &self,
        settings: &mut ValidationSettings,
        network: Option<&Network>,
    ) -> Result<TrustedLists, DocumentFault> {
        let now = seconds(moment::now()?);
        let installed = InstalledPacks::of_this_computer();
        let mut believed = Vec::new();
        for pack in installed.packs.current(now) {
            let trust = pack.document_trust();
            if pack.assurance() == Assurance::Test {
                for certificate in trust.certificates() {
                    settings.test_trust.add(certificate);
                }
            }
            believed.push(trust);
        }
        settings.signers = if self.trust.is_empty() {
            store(&believed, |trust| &trust.signers)
        } else {
            trust_files::trust_store(&self.trust, None)?
        };
        settings.time_stamp_authorities = if !self.tsa_trust.is_empty() {
            trust_files::trust_store(&self.tsa_trust, None)?
        } else if self.trust.is_empty() {
            store(&believed, |trust| &trust.time_stamp_authorities)
        } else {
            settings.signers.clone()
        };
        let mut signers = Vec::new();
        for path in &self.list_signer {
            signers.extend(trust_files::certificates(path)?);
        }
        if self.list_signer.is_empty() {
            signers.extend(believed.iter().flat_map(|trust| &trust.list_signers).cloned());
        }
        let lists = TrustedLists::named(&self.trusted_list, &signers, settings.time, network)?;
        settings.trusted_lists = lists.lists();
        Ok(lists)
    }
}

/// The certificates of one kind of all packs.
fn store(believed: &[&DocumentTrust], kind: fn(&DocumentTrust) -> &Vec<Certificate>) -> TrustStore {
    let mut store = TrustStore::new();
    for certificate in believed.iter().flat_map(|trust| kind(trust)) {
        store.add(certificate.clone());
    }
    store
}

//! Which countries somebody trusts, from files that name each other: certificates, revocation lists, master lists.

use crate::{
    DateTime,
    csca_bundle::{self, CscaFileError, CscaItem},
    csca_store::{CscaStore, CscaStoreBuilder, StoreFull},
    icao_pki::IcaoCertificate,
    master_list::{MasterList, MasterListFault},
};

/// Collects files in any order.
#[derive(Debug, Clone, Default)]
pub struct CountryFiles {
    builder: CscaStoreBuilder,
    lists: Vec<(String, Box<MasterList>)>,
}

/// What the files say whom to trust.
#[derive(Debug, Clone)]
pub struct Countries {
    /// The authorities.
    pub store: CscaStore,
    /// What of the files is not used, and why.
    pub notes: Vec<String>,
}

impl CountryFiles {
    /// None: nobody is trusted.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file. Its name is for notes and errors.
    ///
    /// # Errors
    /// [`CountryFileError`].
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), CountryFileError> {
        let items = csca_bundle::read(bytes)
            .map_err(|error| CountryFileError::File { name: name.to_owned(), error })?;
        for item in items {
            match item {
                CscaItem::Certificate(certificate) => self.builder.add(*certificate)?,
                CscaItem::RevocationList(list) => self.builder.add_revocation_list(*list)?,
                CscaItem::MasterList(list) => self.lists.push((name.to_owned(), list)),
            }
        }
        Ok(())
    }

    /// Adds an authority that the caller trusts, whatever its certificate says of itself.
    ///
    /// # Errors
    /// [`StoreFull`].
    pub fn add_anchor(&mut self, certificate: IcaoCertificate) -> Result<(), StoreFull> {
        self.builder.add_anchor(certificate)
    }

    /// Finds out who vouches for whom, at a time. A master list must be signed by one of the authorities beside it, or by one in
    /// it: whoever names the file trusts it as they trust a certificate in its place.
    ///
    /// # Errors
    /// [`CountryFileError`].
    pub fn build(mut self, at: DateTime) -> Result<Countries, CountryFileError> {
        let mut notes = Vec::new();
        let (beside, _) = self.builder.clone().build();
        for (name, list) in &self.lists {
            let verified = match list.verify(&beside, at) {
                Err(MasterListFault::CscaUnknown { .. }) => list.verify_by_itself(at),
                verified => verified,
            };
            let verified =
                verified.map_err(|fault| CountryFileError::MasterList { name: name.clone(), fault })?;
            verified.add_to(&mut self.builder)?;
            notes.extend(list.unreadable().iter().map(|error| format!("{name}: {error}")));
        }
        let (store, unused) = self.builder.build();
        notes.extend(unused.iter().map(ToString::to_string));
        Ok(Countries { store, notes })
    }
}

/// Why files cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CountryFileError {
    /// A file has something else in it.
    #[error("{name}: {error}")]
    File {
        /// Its name.
        name: String,
        /// What is wrong with it.
        error: CscaFileError,
    },
    /// A master list that is not to be used.
    #[error("{name}: the master list is not to be used: {fault}")]
    MasterList {
        /// Its name.
        name: String,
        /// Why.
        fault: MasterListFault,
    },
    /// Too much.
    #[error("{0}")]
    Full(#[from] StoreFull),
}

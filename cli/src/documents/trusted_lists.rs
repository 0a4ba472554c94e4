//! Trusted lists of the command line: files, addresses, and the lists that a list of lists points to.
//!
//! A list counts by whom the person or an installed pack names for lists, or because a list that counts points to it. Those that a
//! list points to are fetched for the countries of the issuers in question alone.

use std::{
    collections::BTreeSet,
    convert::Infallible,
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
};

use bitaqa_fetch::{Kind, PermittedUrl, Source};
use bitaqa_signature::{
    trusted_list::{ListPointer, TrustedListError, VerifiedTrustedList, qualification::QualificationLevel},
    validation::{Indication, Report, SignatureReport},
};
use bitaqa_trust::{Certificate, DateTime, DistinguishedName};

use super::{
    DocumentFault,
    network::{Network, NetworkFault},
};
use crate::{printable::complain, trust_files};

/// Longest trusted list in a file, in bytes.
const MAX_LIST: usize = 32 * 1024 * 1024;
/// The media types of a list for programs (TS 119 612 clause 5.3.13); a pointer may not have it.
const FOR_PROGRAMS: [&str; 2] = ["", "application/vnd.etsi.tsl+xml"];

/// Where a list is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ListPlace {
    File(PathBuf),
    Url(String),
}

impl ListPlace {
    /// As it stands on the command line: what begins as an address of the web is one.
    pub(super) fn of(word: OsString) -> Result<Self, Infallible> {
        let is_url = |text: &&str| {
            let beginning = text.get(..8).unwrap_or(text).to_ascii_lowercase();
            beginning.starts_with("http://") || beginning == "https://"
        };
        Ok(match word.to_str().filter(is_url) {
            Some(url) => Self::Url(url.to_owned()),
            None => Self::File(word.into()),
        })
    }
}

impl fmt::Display for ListPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Url(url) => f.write_str(url),
        }
    }
}

/// Lists that count.
pub(super) struct TrustedLists {
    known: Vec<KnownList>,
    /// Addresses that were asked, whatever came.
    asked: BTreeSet<String>,
    at: DateTime,
}

struct KnownList {
    list: VerifiedTrustedList,
    /// As it came: addresses may be fetched from that stand in it.
    octets: Vec<u8>,
}

impl TrustedLists {
    /// Those of the command line, in their order. A file that does not count ends the command; what is wrong with a list from the
    /// network is said, and the others are used without it.
    pub(super) fn named(
        places: &[ListPlace],
        signers: &[Certificate],
        at: DateTime,
        network: Option<&Network>,
    ) -> Result<Self, DocumentFault> {
        let mut lists = Self { known: Vec::new(), asked: BTreeSet::new(), at };
        // every address is looked at before the first is asked
        let mut permitted = Vec::new();
        for place in places {
            permitted.push(match place {
                ListPlace::File(_) => None,
                ListPlace::Url(_) if network.is_none() => return Err(DocumentFault::OfflineList),
                ListPlace::Url(url) => Some(
                    PermittedUrl::from_command_line(Kind::TrustedList, url)
                        .map_err(|error| NetworkFault::Address { url: url.clone(), error })?,
                ),
            });
        }
        for (place, url) in places.iter().zip(permitted) {
            match (place, url, network) {
                (ListPlace::Url(_), Some(url), Some(network)) => {
                    lists.asked.insert(url.to_string());
                    lists.fetch(network, &url, |lists, octets| lists.verify(octets, signers));
                }
                (ListPlace::File(path), ..) => lists.read(path, signers)?,
                (ListPlace::Url(_), ..) => {}
            }
        }
        Ok(lists)
    }

    fn read(&mut self, path: &Path, signers: &[Certificate]) -> Result<(), DocumentFault> {
        let octets = trust_files::read(path, MAX_LIST)?;
        let list = self
            .verify(&octets, signers)
            .map_err(|error| DocumentFault::List { path: path.to_owned(), error })?;
        self.known.push(KnownList { list, octets });
        Ok(())
    }

    /// By who is named for lists, else by a list that counts already.
    fn verify(
        &self,
        octets: &[u8],
        signers: &[Certificate],
    ) -> Result<VerifiedTrustedList, TrustedListError> {
        let by_name = VerifiedTrustedList::verify(octets, signers, self.at);
        if !matches!(by_name, Err(TrustedListError::Signer)) {
            return by_name;
        }
        let pointers = self.known.iter().flat_map(|known| {
            known
                .list
                .list()
                .pointers
                .iter()
                .map(|pointer| known.list.verify_pointed(pointer, octets, self.at))
        });
        pointers.into_iter().find_map(Result::ok).map_or(by_name, Ok)
    }

    /// Fetches a list, and adds it if it counts; says why not, else.
    fn fetch(
        &mut self,
        network: &Network,
        url: &PermittedUrl,
        verify: impl Fn(&Self, &[u8]) -> Result<VerifiedTrustedList, TrustedListError>,
    ) {
        match network.trusted_list(url, |octets| verify(self, octets)) {
            Ok((list, octets)) => self.known.push(KnownList { list, octets }),
            Err(failure) => complain(&format!("{failure}; the list is not used")),
        }
    }

    /// Fetches the lists that those known point to for the countries of issuers in a report, where whether a signature is qualified is
    /// not decided yet. Whether there is one more list now.
    pub(super) fn follow(&mut self, report: &Report, network: &Network) -> bool {
        let mut countries = BTreeSet::new();
        report.signatures.iter().for_each(|signature| add_countries(signature, &mut countries));
        let before = self.known.len();
        let mut wanted: Vec<(usize, ListPointer)> = Vec::new();
        for (index, known) in self.known.iter().enumerate() {
            let pointers = known.list.list().pointers.iter().filter(|pointer| {
                countries.contains(&pointer.territory.to_ascii_uppercase())
                    && FOR_PROGRAMS.contains(&pointer.media_type.as_str())
            });
            wanted.extend(pointers.map(|pointer| (index, pointer.clone())));
        }
        for (index, pointer) in wanted {
            let Some(known) = self.known.get(index) else { continue };
            if !self.asked.insert(pointer.location.clone()) {
                continue;
            }
            let sources = [Source::TrustedList(&known.octets)];
            match network.permitted(Kind::TrustedList, &pointer.location, &sources) {
                Ok(url) => self.fetch(network, &url, |lists, octets| {
                    let known = lists.known.get(index).ok_or(TrustedListError::Pointer)?;
                    known.list.verify_pointed(&pointer, octets, lists.at)
                }),
                Err(failure) => complain(&format!("{failure}; the list is not used")),
            }
        }
        self.known.len() > before
    }

    /// The lists, as a validation takes them.
    pub(super) fn lists(&self) -> Vec<VerifiedTrustedList> {
        self.known.iter().map(|known| known.list.clone()).collect()
    }
}

/// The countries of the issuers above a signer, where a list could still make a signature a qualified one.
fn add_countries(signature: &SignatureReport, countries: &mut BTreeSet<String>) {
    let level = signature.qualification.level;
    let is_open = matches!(level, QualificationLevel::Indeterminate | QualificationLevel::NotQualified);
    if signature.indication != Indication::TotalFailed && is_open {
        for certificate in &signature.chain {
            let certificate = Certificate::from_der(&certificate.der).ok();
            let issuer =
                certificate.and_then(|found| DistinguishedName::from_name(found.tbs().issuer()).ok());
            countries.extend(issuer.and_then(|issuer| issuer.country().map(str::to_ascii_uppercase)));
        }
    }
    signature.counter_signatures.iter().for_each(|counter| add_countries(counter, countries));
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_web_are_none_of_files() {
        let of = |text: &str| ListPlace::of(text.into()).unwrap();
        for url in ["http://lists.example/x", "HTTPS://lists.example", "http://"] {
            assert_eq!(of(url), ListPlace::Url(url.to_owned()));
        }
        for file in ["list.xml", "http:/x", "https", "ftp://x/y", "./http://x", "é"] {
            assert_eq!(of(file), ListPlace::File(file.into()));
        }
    }
}

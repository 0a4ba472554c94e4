//! Whom the commands for documents ask over the network, and that they say so.
//!
//! What a signature needs is fetched by `bitaqa-fetch`: from addresses that stand in its certificates, from the administrator's
//! configuration, and from those that the person wrote on the command line.

use std::{cell::RefCell, collections::BTreeSet, fmt};

use bitaqa_fetch::{
    Client, FetchError, Kind, NoTimeStamp, Origin, PermittedUrl, Request, Response, Source,
    TimeStampAuthority, UserFolder, certificates_of, fetch, fetch_newest, time_stamp,
    time_stamp_authority::Attempt,
};
use bitaqa_host::system_random;
use bitaqa_signature::{
    Hash,
    augmentation::Need,
    time_stamp::{TimeStampError, TimeStampRequest, token_of_response},
    trusted_list::TrustedListError,
    validation::{self, FetchedEvidence},
};
use bitaqa_trust::{Certificate, revocation::Needed};

/// Somebody to ask.
pub(crate) struct Network {
    client: Client,
    authorities: Vec<TimeStampAuthority>,
    asked: RefCell<BTreeSet<String>>,
    failures: RefCell<Vec<String>>,
    /// What was not fetched now, but some time before.
    kept: RefCell<Vec<(PermittedUrl, Request)>>,
}

/// With what was kept first, or last.
type Way = fn(&Client, &PermittedUrl, &Request) -> Result<Response, FetchError>;

/// Why nobody can be asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NetworkFault {
    /// An address of the command line.
    #[error("{url}: {error}")]
    Address {
        /// As it was written.
        url: String,
        /// What is wrong with it.
        error: bitaqa_fetch::NotPermitted,
    },
    /// The administrator's configuration.
    #[error("the configuration for validation data cannot be used: {0}")]
    Configuration(String),
}

impl Network {
    /// With time-stamp authorities of the command line; without any, those of the configuration.
    pub(crate) fn new(authorities: &[String]) -> Result<Self, NetworkFault> {
        let configuration = bitaqa_fetch::Configuration::of_this_computer()
            .map_err(|fault| NetworkFault::Configuration(fault.to_string()))?;
        let mut named = Vec::new();
        for url in authorities {
            let authority = TimeStampAuthority::from_command_line(url);
            named.push(authority.map_err(|error| NetworkFault::Address { url: url.clone(), error })?);
        }
        if named.is_empty() {
            named = configuration.time_stamp_authorities().to_vec();
        }
        let mut client = Client::new(configuration);
        // where nothing can be kept everything is fetched each time
        if let Some(folder) = UserFolder::usual_place().and_then(|path| UserFolder::open(&path).ok()) {
            client = client.with_folder(folder);
        }
        Ok(Self {
            client,
            authorities: named,
            asked: RefCell::default(),
            failures: RefCell::default(),
            kept: RefCell::default(),
        })
    }

    /// Whether there is somebody who gives time stamps.
    pub(crate) fn has_time_stamp_authority(&self) -> bool {
        !self.authorities.is_empty()
    }

    /// Fetches what a signature needs; none if it cannot be had. What is known about revocation is asked for anew: what was kept may
    /// be older than the signature.
    pub(crate) fn fetch(&self, need: &Need) -> Option<Vec<u8>> {
        match need {
            Need::TimeStamp { hash, digest } => self.time_stamp(*hash, digest),
            Need::Ocsp { certificate, url, request } => {
                self.from(certificate, url, &Request::Ocsp(request.clone()), fetch_newest)
            }
            Need::Crl { certificate, url } => self.from(certificate, url, &Request::Crl, fetch_newest),
            Need::IssuerCertificate { certificate, url } => {
                self.from(certificate, url, &Request::IssuerCertificate, fetch)
            }
        }
    }

    /// Fetches what a validation needs, and adds it to what it has.
    pub(crate) fn add_evidence(&self, need: &validation::needs::Need, evidence: &mut FetchedEvidence) {
        match need {
            validation::needs::Need::Revocation { needed, certificate } => match needed {
                Needed::Ocsp { url, request, .. } => {
                    let question = Request::Ocsp(request.clone());
                    evidence.answers.extend(self.from(certificate.der(), url, &question, fetch));
                }
                Needed::Crl { url, .. } => {
                    evidence.lists.extend(self.from(certificate.der(), url, &Request::Crl, fetch));
                }
            },
            validation::needs::Need::IssuerCertificate { url, certificate } => {
                let fetched = self.from(certificate.der(), url, &Request::IssuerCertificate, fetch);
                let certificates = fetched.and_then(|fetched| certificates_of(&fetched).ok());
                evidence.certificates.extend(certificates.into_iter().flatten());
            }
        }
    }

    fn from(&self, certificate: &[u8], url: &str, request: &Request, fetch: Way) -> Option<Vec<u8>> {
        let certificate = Certificate::from_der(certificate).ok()?;
        let sources = [Source::Certificate(&certificate)];
        let permitted = self.permitted(request.kind(), url, &sources).ok()?;
        match fetch(&self.client, &permitted, request) {
            Ok(response) => {
                if response.origin != Origin::Kept {
                    self.was_asked(&permitted);
                }
                if response.origin != Origin::Network {
                    self.kept.borrow_mut().push((permitted, request.clone()));
                }
                Some(response.body)
            }
            Err(error) => {
                if error.was_reached() {
                    self.was_asked(&permitted);
                }
                self.failed(&url, &error, error.code());
                None
            }
        }
    }

    /// Fetches a trusted list, and verifies it. What was kept and does not verify is fetched anew. Else it is said why there is none.
    pub(crate) fn trusted_list<T>(
        &self,
        url: &PermittedUrl,
        verify: impl Fn(&[u8]) -> Result<T, TrustedListError>,
    ) -> Result<(T, Vec<u8>), String> {
        let mut fetched = self.list(url)?;
        if fetched.origin == Origin::Kept && verify(&fetched.body).is_err() {
            self.client.forget(url, &Request::TrustedList);
            fetched = self.list(url)?;
        }
        match verify(&fetched.body) {
            Ok(list) => Ok((list, fetched.body)),
            Err(error) => {
                // the next one who asks does not get it from what was kept
                self.client.forget(url, &Request::TrustedList);
                Err(self.failed(url, &error, "trusted-list-refused"))
            }
        }
    }

    fn list(&self, url: &PermittedUrl) -> Result<Response, String> {
        let fetched = fetch(&self.client, url, &Request::TrustedList);
        if fetched.as_ref().map_or_else(FetchError::was_reached, |list| list.origin != Origin::Kept) {
            self.was_asked(url);
        }
        fetched.map_err(|error| self.failed(url, &error, error.code()))
    }

    /// An address that stands in what is at hand, or in the configuration. Else it is said why it may not be asked.
    pub(crate) fn permitted(
        &self,
        kind: Kind,
        url: &str,
        sources: &[Source<'_>],
    ) -> Result<PermittedUrl, String> {
        PermittedUrl::find(kind, url, sources, self.client.configuration())
            .map_err(|error| self.failed(&url, &error, error.code()))
    }

    fn time_stamp(&self, hash: Hash, digest: &[u8]) -> Option<Vec<u8>> {
        let mut nonce = [0; 8];
        system_random(&mut nonce);
        let request = TimeStampRequest::new(hash, digest, Some(nonce)).ok()?;
        let stamped = time_stamp(
            &self.client,
            &self.authorities,
            &request.to_der(),
            |_, response| -> Result<Vec<u8>, TimeStampError> { token_of_response(response, &request) },
        );
        match stamped {
            Ok(stamped) => {
                self.was_asked(stamped.authority.url());
                self.failed_before(&stamped.failed);
                Some(stamped.token)
            }
            Err(NoTimeStamp { failed }) => {
                self.failed_before(&failed);
                None
            }
        }
    }

    fn failed_before(&self, attempts: &[Attempt]) {
        for attempt in attempts {
            self.failures.borrow_mut().push(format!("{attempt} ({})", attempt.fault.code()));
        }
    }

    fn was_asked(&self, url: &PermittedUrl) {
        self.asked.borrow_mut().insert(url.url().host().to_string());
    }

    /// Keeps in mind what could not be had, and says it.
    fn failed(&self, url: &dyn fmt::Display, error: &dyn fmt::Display, code: &str) -> String {
        let failure = format!("{url}: {error} ({code})");
        self.failures.borrow_mut().push(failure.clone());
        failure
    }

    /// Forgets what was kept from before and used now; whether there was any. What was kept was never verified: if it does not
    /// help, it may be forged or spoilt, and is to be fetched anew.
    pub(crate) fn forget_kept(&self) -> bool {
        let kept = self.kept.take();
        for (url, request) in &kept {
            self.client.forget(url, request);
        }
        !kept.is_empty()
    }

    /// The hosts that were asked, in alphabetical order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.borrow().iter().cloned().collect()
    }

    /// What could not be had, and why.
    pub(crate) fn failures(&self) -> Vec<String> {
        self.failures.borrow().clone()
    }
}

//! From what is wanted to an answer.

use std::slice;

use bitaqa_fetch::{
    Client, Kind, Origin, PermittedUrl, Request, Source, TimeStampAuthority, fetch as fetch_from,
    fetch_newest, time_stamp,
};
use bitaqa_protocol::{
    ErrorReport,
    identity::answer::Bytes,
    validation_data::{
        Address, AuthorityName, DataOrigin, FailedAuthority, Freshness, LongBytes, StampedHash, WantedData,
    },
};
use bitaqa_signature::{
    Hash,
    time_stamp::{TimeStampError, TimeStampRequest, token_of_response},
};
use bitaqa_trust::Certificate;

use super::{Asker, Fetched, report};
use crate::system_random;

/// Fetches what is wanted. Blocks.
///
/// # Errors
/// [`ErrorReport`], ready for the extension.
pub(super) fn fetch(
    client: &Client,
    wanted: WantedData,
    freshness: Freshness,
    asker: &Asker<Fetched>,
) -> Result<Fetched, ErrorReport> {
    let (request, url, along) = match wanted {
        WantedData::TimeStamp { hash, digest } => return stamp(client, hash, &digest.0, asker),
        WantedData::Ocsp { url, body, certificate } => {
            (Request::Ocsp(body.0), url, Along::new(certificate, None)?)
        }
        WantedData::Crl { url, certificate, list } => (Request::Crl, url, Along::new(certificate, list)?),
        WantedData::IssuerCertificate { url, certificate } => {
            (Request::IssuerCertificate, url, Along::new(certificate, None)?)
        }
        WantedData::TrustedList { url, list } => (Request::TrustedList, url, Along::new(None, list)?),
    };
    let permitted = along.permitted(request.kind(), &url, client)?;
    let fetched = match freshness {
        Freshness::Kept => fetch_from(client, &permitted, &request),
        Freshness::Newest => fetch_newest(client, &permitted, &request),
        Freshness::Anew => {
            client.forget(&permitted, &request);
            fetch_from(client, &permitted, &request)
        }
    };
    let response = fetched.map_err(|error| report::fetch(&error))?;
    let origin = match response.origin {
        Origin::Network => DataOrigin::Network,
        Origin::Kept | Origin::KeptInstead => DataOrigin::Kept,
    };
    Ok(Fetched { data: response.body, origin, authority: None, failed: Vec::new() })
}

/// What was sent along, for an address to stand in.
struct Along {
    certificate: Option<Certificate>,
    list: Option<Vec<u8>>,
}

impl Along {
    fn new(certificate: Option<Bytes>, list: Option<LongBytes>) -> Result<Self, ErrorReport> {
        let certificate = certificate.map(|bytes| Certificate::from_der(&bytes.0)).transpose();
        let certificate = certificate.map_err(|_| report::invalid("the certificate cannot be read"))?;
        Ok(Self { certificate, list: list.map(|bytes| bytes.0) })
    }

    /// The address, if it stands in what was sent along or in the configuration.
    fn permitted(&self, kind: Kind, url: &Address, client: &Client) -> Result<PermittedUrl, ErrorReport> {
        let mut sources = Vec::new();
        sources.extend(self.certificate.as_ref().map(Source::Certificate));
        sources.extend(self.list.as_deref().map(|list| match kind {
            Kind::TrustedList => Source::TrustedList(list),
            _ => Source::RevocationList(list),
        }));
        PermittedUrl::find(kind, url.as_str(), &sources, client.configuration())
            .map_err(|fault| report::not_permitted(&fault))
    }
}

/// A time stamp of the first authority that gives one. Between two of them it is looked whether somebody still waits.
fn stamp(
    client: &Client,
    hash: StampedHash,
    digest: &[u8],
    asker: &Asker<Fetched>,
) -> Result<Fetched, ErrorReport> {
    let hash = match hash {
        StampedHash::Sha256 => Hash::Sha256,
        StampedHash::Sha384 => Hash::Sha384,
        StampedHash::Sha512 => Hash::Sha512,
    };
    let mut nonce = [0; 8];
    system_random(&mut nonce);
    let request = TimeStampRequest::new(hash, digest, Some(nonce))
        .map_err(|_| report::invalid("the digest has another length than those of its hash"))?;
    let question = request.to_der();
    let mut failed = Vec::new();
    for authority in client.configuration().time_stamp_authorities() {
        if asker.is_gone() {
            break;
        }
        let stamped = time_stamp(
            client,
            slice::from_ref(authority),
            &question,
            |_, answer| -> Result<Vec<u8>, TimeStampError> { token_of_response(answer, &request) },
        );
        match stamped {
            Ok(stamped) => {
                let authority = Some(name_of(authority));
                return Ok(Fetched { data: stamped.token, origin: DataOrigin::Network, authority, failed });
            }
            Err(none) => failed.extend(none.failed.into_iter().map(|attempt| FailedAuthority {
                code: attempt.fault.code().to_owned(),
                name: attempt.authority,
            })),
        }
    }
    Err(report::no_time_stamp(&failed))
}

/// What the person is told of an authority.
pub(super) fn name_of(authority: &TimeStampAuthority) -> AuthorityName {
    AuthorityName { name: authority.name().to_owned(), host: authority.url().url().host().to_string() }
}

//! The answer, encrypted to the portal's key: nobody on the way can read or change it.

use bitaqa_jose::jwe::{self, JweHeader};
use bitaqa_protocol::{
    AuthToken, ErrorCode, ErrorReport,
    claim::{ClaimSet, DataGroup},
    identity::answer::{
        AnsweredRequest, Bytes, ChipGroup, ChipProofs, Consent, Document, FORMAT, HostAsserted,
        IdentityAnswer,
    },
};
use bitaqa_trust::{DateTime, identity::binding};

use super::{Identify, portal::Portal, reading::ChipRead};
use crate::system_random;

/// What the person agreed to.
pub(super) struct Agreed<'a> {
    /// The data groups.
    pub(super) groups: &'a [DataGroup],
    /// Every claim in them.
    pub(super) claims: ClaimSet,
    /// When.
    pub(super) at: DateTime,
}

/// What was asked and what was agreed to, in the words of the answer. A card's token covers both.
pub(super) struct Record {
    /// What was asked.
    pub(super) request: AnsweredRequest,
    /// What was agreed to.
    pub(super) consent: Consent,
}

impl Record {
    pub(super) fn of(asked: &Identify, portal: &Portal, agreed: &Agreed<'_>) -> Self {
        let request = &asked.request;
        Self {
            request: AnsweredRequest {
                origin: asked.origin.clone(),
                challenge: request.challenge.clone(),
                statement_hash: binding::statement_hash(&request.statement),
                purpose: request.purpose.clone(),
                claims: request.claims.clone(),
                holder: request.holder,
                proof: request.proof,
            },
            consent: Consent {
                portal: portal.name().to_owned(),
                purpose: portal.purpose().to_owned(),
                language: asked.language,
                groups: agreed.groups.to_vec(),
                claims: agreed.claims.clone(),
                at: agreed.at.unix_duration().as_secs(),
            },
        }
    }
}

/// The answer as a JWE.
///
/// # Errors
/// `internal-error`: it cannot be written or encrypted.
pub(super) fn encrypted(
    portal: &Portal,
    record: Record,
    read: &ChipRead,
    token: Option<AuthToken>,
) -> Result<String, ErrorReport> {
    let own = binding::protected_members(&record.request.origin, &record.request.challenge);
    let json = serde_json::to_vec(&answer(record, read, token)).map_err(|error| internal(&error))?;
    let header = JweHeader {
        type_: Some(bitaqa_protocol::identity::header::TYPE.to_owned()),
        key_id: portal.key().key_id().map(str::to_owned),
        own,
        ..JweHeader::default()
    };
    jwe::encrypt(portal.key(), &header, &json, &mut system_random).map_err(|error| internal(&error))
}

fn internal(error: &dyn std::error::Error) -> ErrorReport {
    ErrorReport::new(ErrorCode::InternalError).with_detail(&error.to_string())
}

fn answer(record: Record, read: &ChipRead, token: Option<AuthToken>) -> IdentityAnswer {
    let Record { request, consent } = record;
    let files = read
        .groups
        .iter()
        .filter_map(|(number, content)| Some((ChipGroup::new(*number)?, Bytes(content.clone()))));
    let not_given = consent.groups.iter().copied().filter(|group| !read.has(*group)).collect();
    IdentityAnswer {
        format: FORMAT.to_owned(),
        request,
        consent,
        document: Document::Icao { sod: Bytes(read.sod.clone()), groups: files.collect() },
        proofs: ChipProofs {
            active_authentication: read
                .active_authentication
                .as_ref()
                .map(|signatures| signatures.each_ref().map(|signature| Bytes(signature.clone()))),
        },
        token,
        host_asserted: HostAsserted {
            host: env!("CARGO_PKG_VERSION").to_owned(),
            access: read.access,
            card_access: read.card_access,
            chip_authentication: None,
            not_given,
        },
    }
}

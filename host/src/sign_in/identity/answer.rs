//! The answer, encrypted to the portal's key: nobody on the way can read or change it.

use bitaqa_jose::jwe::{self, JweHeader};
use bitaqa_protocol::{
    AuthToken, ErrorCode, ErrorReport,
    claim::{ClaimSet, DataGroup},
    identity::{
        AssertedClaims,
        answer::{
            Access, AnsweredRequest, Bytes, CardAccess, ChipGroup, ChipProofs, Consent, Document, FORMAT,
            HostAsserted, IdentityAnswer,
        },
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
    /// Of which document.
    pub(super) sod_hash: Option<String>,
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
                through: portal.through().cloned(),
                language: asked.language,
                groups: agreed.groups.to_vec(),
                claims: agreed.claims.clone(),
                sod_hash: agreed.sod_hash.clone(),
                at: agreed.at.unix_duration().as_secs(),
            },
        }
    }
}

/// What the card answered.
pub(super) struct Answered {
    document: Document,
    proofs: ChipProofs,
    access: Access,
    card_access: CardAccess,
    not_given: Vec<DataGroup>,
}

impl Answered {
    /// A chip did.
    pub(super) fn chip(read: ChipRead, groups: &[DataGroup]) -> Self {
        let not_given = groups.iter().copied().filter(|group| !read.has(*group)).collect();
        let files = read
            .groups
            .into_iter()
            .filter_map(|(number, content)| Some((ChipGroup::new(number)?, Bytes(content))));
        Self {
            document: Document::Icao { sod: Bytes(read.sod), groups: files.collect() },
            proofs: ChipProofs {
                active_authentication: read.active_authentication.map(|signatures| signatures.map(Bytes)),
            },
            access: read.access,
            card_access: read.card_access,
            not_given,
        }
    }

    /// A card did that signs nothing.
    pub(super) fn unsigned(claims: AssertedClaims, not_given: Vec<DataGroup>) -> Self {
        Self {
            document: Document::HostAsserted { claims },
            proofs: ChipProofs::default(),
            access: Access::Free,
            card_access: CardAccess::NotSigned,
            not_given,
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
    answered: Answered,
    token: Option<AuthToken>,
) -> Result<String, ErrorReport> {
    let own = binding::protected_members(&record.request.origin, &record.request.challenge);
    let json = serde_json::to_vec(&answer(record, answered, token)).map_err(|error| internal(&error))?;
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

fn answer(record: Record, answered: Answered, token: Option<AuthToken>) -> IdentityAnswer {
    let Record { request, consent } = record;
    IdentityAnswer {
        format: FORMAT.to_owned(),
        request,
        consent,
        document: answered.document,
        proofs: answered.proofs,
        token,
        host_asserted: HostAsserted {
            host: env!("CARGO_PKG_VERSION").to_owned(),
            access: answered.access,
            card_access: answered.card_access,
            chip_authentication: None,
            not_given: answered.not_given,
        },
    }
}

//! Statements, what joins them, and what is wrong with some of it.

use bitaqa_jose::{Curve, JwsHeader, PrivateJwk, jws};
use bitaqa_protocol::{
    Challenge, Claim, ClaimSet, Origin, PurposeId, Statement,
    claim::RequestedClaims,
    encode_base64,
    identity::{Holder, IdentityRequest, ProofWanted, StatementText},
    mediation::{Mode, TYPE},
    statement::StatementId,
};
use bitaqa_trust::{
    TrustPacks,
    mediation::{Joining, MediationFailure, VerifiedMediation, issue, verify},
    statement::{issue as issue_statement, verify as verify_statement},
};
use serde_json::Value;

use crate::example_pack::{ISSUER, NOW, contents, encryption_key, issuer_key, key, pack, statement, time};

/// What the platform decrypts with.
pub(crate) fn platform_key() -> PrivateJwk {
    key(Curve::P256, 4)
}

/// The platform's statement about itself.
pub(crate) fn own_statement() -> Statement {
    Statement {
        jti: StatementId::parse("own").unwrap(),
        origins: vec![Origin::parse(ISSUER).unwrap(), Origin::parse("https://login.example.ma").unwrap()],
        jwk: encryption_key(&platform_key()),
        ..statement()
    }
}

pub(crate) fn packs() -> TrustPacks {
    TrustPacks::new(vec![pack(&contents())])
}

pub(crate) fn challenge() -> Challenge {
    Challenge::parse(&encode_base64(&[7; 32])).unwrap()
}

pub(crate) fn claims() -> RequestedClaims {
    RequestedClaims::new(ClaimSet::new([Claim::GivenName, Claim::FamilyName]).unwrap(), ClaimSet::default())
        .unwrap()
}

pub(crate) fn page() -> Origin {
    Origin::parse(ISSUER).unwrap()
}

pub(crate) fn purpose() -> PurposeId {
    PurposeId::parse("open-account").unwrap()
}

/// What is joined, before it is.
pub(crate) struct Sides {
    pub(crate) portal: String,
    pub(crate) platform: String,
}

impl Sides {
    pub(crate) fn of(portal: &Statement, platform: &Statement) -> Self {
        let issued = |statement| issue_statement(statement, &issuer_key()).unwrap();
        Self { portal: issued(portal), platform: issued(platform) }
    }

    pub(crate) fn joined(&self, mode: Mode) -> StatementText {
        let read = |text: &str| verify_statement(text, &packs(), time(NOW)).unwrap();
        let joining = Joining {
            portal: (&self.portal, &read(&self.portal).statement),
            platform: (&self.platform, &read(&self.platform).statement),
            mode,
            page: &page(),
            purpose: &purpose(),
            claims: &claims(),
            challenge: &challenge(),
            holder: Holder::None,
            proof: ProofWanted::Chip,
            id: &StatementId::parse("joins").unwrap(),
            at: NOW,
        };
        issue(&joining, &issuer_key()).unwrap()
    }

    /// The payload of a good mediation with a change, signed under this `typ`, between the same statements.
    pub(crate) fn forged_as(
        &self,
        mode: Mode,
        type_: &str,
        by: &PrivateJwk,
        change: impl FnOnce(&mut Value),
    ) -> StatementText {
        let good = self.joined(mode);
        let [first, joining, last] = good.joined().unwrap();
        let payload = bitaqa_jose::base64url::decode(joining.split('.').nth(1).unwrap()).unwrap();
        let mut value: Value = serde_json::from_slice(&payload).unwrap();
        change(&mut value);
        let header = JwsHeader::new(by.public().curve().signature_algorithm(), type_);
        let joining = jws::sign(header, value.to_string().as_bytes(), by).unwrap();
        StatementText::parse(&format!("{first}~{joining}~{last}")).unwrap()
    }

    pub(crate) fn forged(&self, mode: Mode, change: impl FnOnce(&mut Value)) -> StatementText {
        self.forged_as(mode, TYPE, &issuer_key(), change)
    }
}

pub(crate) fn sides() -> Sides {
    Sides::of(&statement(), &own_statement())
}

pub(crate) fn believed(text: &StatementText) -> VerifiedMediation {
    verify(text, &packs(), time(NOW)).unwrap()
}

#[track_caller]
pub(crate) fn refused(text: &StatementText) -> MediationFailure {
    verify(text, &packs(), time(NOW)).unwrap_err()
}

pub(crate) fn request(text: &StatementText) -> IdentityRequest {
    IdentityRequest {
        challenge: challenge(),
        statement: text.clone(),
        purpose: purpose(),
        claims: claims(),
        holder: Holder::None,
        proof: ProofWanted::Chip,
    }
}

//! Root, issuing authority and person, and what a verifier says about them.

use std::io;

use bitaqa_protocol::auth_token::TokenAlgorithm::{self, ES256, ES384, ES512, RS256};
use bitaqa_trust::{
    Certificate, DateTime, IssuerProfiles, RefusedToken, TokenVerifier, TrustStore, VerifiedToken,
    issuer_profile_file::IssuerProfileError, token_verification::Step,
};

use super::{Issued, Key, Kind, Template, challenge, extension, origin, token};

pub const NOW: &str = "2026-06-01T12:00:00Z";
pub const POLICY: &str = "1.3.6.1.4.1.32473.1.2";
pub const OTHER_POLICY: &str = "1.3.6.1.4.1.32473.1.3";

pub fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

/// Root → issuing authority → person.
pub struct Pki {
    pub root: Issued,
    pub issuing: Issued,
}

impl Pki {
    pub fn new() -> Self {
        Self::with(Template::authority("Example Root"), issuing_template())
    }

    pub fn with(root: Template, issuing: Template) -> Self {
        let root = root.self_signed(Key::new(Kind::P384, 1));
        let issuing = issuing.issued_by(&root, Key::new(Kind::P256, 2));
        Self { root, issuing }
    }

    pub fn person(&self, template: Template) -> Issued {
        template.issued_by(&self.issuing, Key::new(Kind::P384, 3))
    }

    pub fn store(&self) -> TrustStore {
        store(&[&self.root, &self.issuing])
    }
}

pub fn issuing_template() -> Template {
    Template::authority("Example Issuing").with(extension::policies(&["2.5.29.32.0"]))
}

pub fn person_template() -> Template {
    Template::person().with(extension::policies(&[POLICY]))
}

pub fn certificate(issued: &Issued) -> Certificate {
    Certificate::from_der(&issued.der).unwrap()
}

pub fn store(certificates: &[&Issued]) -> TrustStore {
    let mut store = TrustStore::new();
    for issued in certificates {
        store.add(certificate(issued));
    }
    store
}

pub fn json(holder: &Issued) -> String {
    let algorithm = match holder.key {
        Key::P256(_) | Key::BrainpoolP256r1(_) => ES256,
        Key::P384(_) | Key::BrainpoolP384r1(_) => ES384,
        Key::P521(_) => ES512,
        Key::Rsa(_) => RS256,
    };
    json_with(holder, algorithm)
}

pub fn json_with(holder: &Issued, algorithm: TokenAlgorithm) -> String {
    serde_json::to_string(&token(holder, algorithm, &origin(), &challenge())).unwrap()
}

pub fn verify(store: TrustStore, holder: &Issued) -> Result<VerifiedToken, Box<RefusedToken>> {
    TokenVerifier::with_anchors(origin(), store).verify(&json(holder), &challenge(), at(NOW))
}

pub fn code(result: Result<VerifiedToken, Box<RefusedToken>>) -> &'static str {
    let refused = result.unwrap_err();
    assert_eq!(refused.checks.len(), Step::ALL.len(), "a report has every step");
    refused.failure.code()
}

pub fn profiles(pki: &Pki, demands: &str) -> IssuerProfiles {
    let text = format!(
        "schema = 1\n[[issuer]]\nname = \"Example State\"\nanchors = [\"root.pem\"]\nintermediates = [\"issuing.pem\"]\n{demands}\n"
    );
    parse(&text, pki).unwrap()
}

pub fn parse(text: &str, pki: &Pki) -> Result<IssuerProfiles, IssuerProfileError> {
    IssuerProfiles::parse(text, |file| match file {
        "root.pem" => Ok(pki.root.pem().into_bytes()),
        "issuing.pem" => Ok(pki.issuing.pem().into_bytes()),
        _ => Err(io::ErrorKind::NotFound.into()),
    })
}

pub fn judged(pki: &Pki, demands: &str, holder: &Issued) -> Result<VerifiedToken, Box<RefusedToken>> {
    TokenVerifier::with_profiles(origin(), profiles(pki, demands)).verify(
        &json(holder),
        &challenge(),
        at(NOW),
    )
}

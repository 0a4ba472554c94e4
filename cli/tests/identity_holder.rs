//! `bitaqa identity verify --issuers`: an answer with the token of a card. Document, certificates, hashes and the signature come
//! from openssl; the nonce is made here as docs/identity.md says.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "of the country, which the tests of crates/trust made"
)]

#[allow(dead_code, reason = "the tests of crates/trust use the rest of it")]
#[path = "../../crates/trust/tests/travel_documents/country.rs"]
mod country;

use std::{
    fs,
    process::{Command, Output},
};

use bitaqa_card::{
    lds::DataGroup,
    tlv::{Tag, encode},
};
use bitaqa_jose::{PrivateJwk, jwe, jwe::JweHeader};
use bitaqa_protocol::encode_base64;
use country::{AUTHORITY, Country, Holder, Order, RSA, Signing, ZONE, authority_order};
use serde_json::{Value, json};

const ORIGIN: &str = "https://portal.example.ma";
const CHALLENGE: &str = "BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=";
/// SHA-256 of that text, by `openssl dgst` and `basenc --base64url`.
const CHALLENGE_HASH: &str = "EEAkl0hgU_xxMjqoJ0ISTcp-OXdcO3HeNivB1f56gVI";
const AT: &str = "2023-06-01T00:00:00Z";
/// What the zone of the document has for the person.
const PERSONAL_NUMBER: &str = "ZE184226B";

/// A portal's server with an answer.
struct Desk {
    country: Country,
    holder: Holder,
    answer: Value,
}

impl Desk {
    /// With the document of somebody of Morocco, and a certificate for this number.
    fn with(serial_number: &str) -> Self {
        Self::signed_by("MA", serial_number)
    }

    /// Of Morocco, whatever country signed it.
    fn signed_by(authority: &str, serial_number: &str) -> Self {
        let [csca, signer] =
            ["CSCA Example", "Document Signer 7"].map(|name| format!("/C={authority}/O=Example/CN={name}"));
        let country = Country::with(&Order { subject: &csca, ..authority_order() });
        let signer = country.issue(&Order { subject: &signer, ..Order::default() });
        let zone = String::from_utf8(ZONE.to_vec()).unwrap().replace("UTO", "MAR");
        let dg1 = encode(Tag(0x61), &encode(Tag(0x5F1F), zone.as_bytes()));
        let sod = country.document(&signer, &[(DataGroup::DG1, &dg1)], Signing::default());
        let sod_hash = encode_base64(&sha256(&country, &sod));
        let sod_hash = sod_hash.trim_end_matches('=').replace('+', "-").replace('/', "_");
        let subject = format!("/C=MA/CN=ERIKSSON,ANNA MARIA/serialNumber={serial_number}");
        let issuer = country.issue_with(
            None,
            &Order { subject: "/C=MA/O=Example/CN=Cards", extensions: AUTHORITY, ..authority_order() },
        );
        let holder = country.issue_with(
            Some(&issuer),
            &Order {
                key: RSA,
                subject: &subject,
                extensions: "keyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n\
                             certificatePolicies=1.3.6.1.4.1.32473.1.2\nsubjectKeyIdentifier=hash\n\
                             authorityKeyIdentifier=keyid\n",
                ..Order::default()
            },
        );
        let answer = json!({
            "format": "bitaqa-identity:1",
            "request": {
                "origin": ORIGIN, "challenge": CHALLENGE, "statementHash": "x", "purpose": "open-account",
                "claims": { "required": ["family_name"] }, "holder": "pin", "proof": "data-only",
            },
            "consent": {
                "portal": "بوابة المثال", "purpose": "Open an account", "language": "en", "groups": ["dg1"],
                "claims": ["given_name", "family_name", "birthdate", "gender", "nationalities", "personal_number",
                    "document_number", "date_of_expiry"],
                "sodHash": sod_hash,
                "at": 1_685_577_600,
            },
            "document": { "kind": "icao", "sod": encode_base64(&sod), "groups": { "dg1": encode_base64(&dg1) } },
            "proofs": {},
            "hostAsserted": { "host": "0.1.0", "access": "bac", "cardAccess": "not-signed" },
        });
        let desk = Self { country, holder, answer };
        desk.write("csca.cer", &desk.country.certificate_der(&desk.country.csca));
        fs::copy(desk.country.path(&format!("{}.pem", issuer.name)), desk.country.path("root.pem")).unwrap();
        desk.write(
            "issuers.toml",
            b"schema = 1\n[[issuer]]\nname = \"Cards\"\ntest = true\nanchors = [\"root.pem\"]\n\
              required_policies = [\"1.3.6.1.4.1.32473.1.2\"]\nlevel = \"high\"\n",
        );
        let made =
            desk.bitaqa(&["key", "new", "--curve", "p-256", "--kid", "2026-01", "--out", "portal.jwk"]);
        assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
        desk
    }

    fn write(&self, name: &str, content: &[u8]) {
        fs::write(self.country.path(name), content).unwrap();
    }

    fn sha256(&self, content: &[u8]) -> Vec<u8> {
        sha256(&self.country, content)
    }

    /// What the card signs for an answer: base64 of a fixed text and SHA-256 over the parts, each behind its length.
    fn nonce(&self, answer: &Value) -> String {
        // keys of ASCII letters in their order, without spaces, and whole numbers: RFC 8785 writes them so
        let [request, consent] = ["request", "consent"].map(|part| answer[part].to_string());
        let parts = ["bitaqa-consent-1", CHALLENGE, &request, &consent];
        let hashed: Vec<u8> = parts
            .iter()
            .flat_map(|part| [&u32::try_from(part.len()).unwrap().to_be_bytes(), part.as_bytes()].concat())
            .collect();
        encode_base64(&[b"bitaqa-consent-1", self.sha256(&hashed).as_slice()].concat())
    }

    /// The token of the card (Web eID): RSASSA-PKCS1-v1_5 over the hashes of origin and nonce.
    fn token(&self, nonce: &str) -> Value {
        self.write("signed", &[self.sha256(ORIGIN.as_bytes()), self.sha256(nonce.as_bytes())].concat());
        let key = format!("{}.key", self.holder.name);
        self.country.openssl(&["dgst", "-sha256", "-sign", &key, "-out", "signature", "signed"]);
        json!({
            "unverifiedCertificate": encode_base64(&self.country.certificate_der(&self.holder)),
            "algorithm": "RS256",
            "signature": encode_base64(&fs::read(self.country.path("signature")).unwrap()),
            "format": "web-eid:1.0",
        })
    }

    /// The answer with its token.
    fn signed(&self) -> Value {
        let mut answer = self.answer.clone();
        answer["token"] = self.token(&self.nonce(&answer));
        answer
    }

    fn verify(&self, answer: &Value, arguments: &[&str]) -> Output {
        let key = PrivateJwk::parse(&fs::read(self.country.path("portal.jwk")).unwrap()).unwrap();
        let Value::Object(own) = json!({ "origin": ORIGIN, "challengeHash": CHALLENGE_HASH }) else {
            panic!("no members")
        };
        let header = JweHeader { type_: Some("bitaqa-identity+jwe".to_owned()), own, ..JweHeader::default() };
        let mut random = |out: &mut [u8]| out.fill(9);
        let sealed = jwe::encrypt(key.public(), &header, answer.to_string().as_bytes(), &mut random).unwrap();
        self.write("answer.jwe", sealed.as_bytes());
        let mut all =
            vec!["identity", "verify", "--csca", "csca.cer", "--key", "portal.jwk", "--challenge", CHALLENGE];
        all.extend(["--origin", ORIGIN, "--at", AT, "--data-only", "--json", "answer.jwe"]);
        self.bitaqa(&[&all, arguments].concat())
    }

    fn code(&self, answer: &Value, arguments: &[&str]) -> String {
        let output = self.verify(answer, arguments);
        let found: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        assert_eq!(output.status.code(), Some(1), "{found}");
        found["code"].as_str().unwrap().to_owned()
    }

    fn bitaqa(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_bitaqa"))
            .current_dir(self.country.path("."))
            .args(arguments)
            .output()
            .unwrap()
    }
}

const ISSUERS: [&str; 2] = ["--issuers", "issuers.toml"];

fn sha256(country: &Country, content: &[u8]) -> Vec<u8> {
    fs::write(country.path("hashed"), content).unwrap();
    country.openssl(&["dgst", "-sha256", "-binary", "-out", "digest", "hashed"]);
    fs::read(country.path("digest")).unwrap()
}

#[test]
fn a_token_over_request_and_consent_says_that_the_holder_knew_the_pin() {
    let desk = Desk::with(&format!("PNOMA-{PERSONAL_NUMBER}"));
    let output = desk.verify(&desk.signed(), &ISSUERS);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &found["code"]), (Some(0), &Value::Null), "{found}");
    let identity = &found["identity"];
    assert_eq!(identity["holderVerification"], "pin");
    assert_eq!(identity["link"], "by-personal-number");
    assert_eq!(identity["assurance"], "test");
    // the portal asked for the data only: they may come from a copy
    assert_eq!(identity["level"], "none");
    let holder = found["checks"].as_array().unwrap().iter().find(|check| check["step"] == "holder").unwrap();
    assert_eq!(holder["outcome"], "passed");
}

#[test]
fn what_the_card_did_not_sign_for_this_is_refused() {
    let desk = Desk::with(&format!("PNOMA-{PERSONAL_NUMBER}"));
    let signed = desk.signed();
    let changed = |pointer: &str, value: Value| {
        let mut answer = signed.clone();
        *answer.pointer_mut(pointer).unwrap() = value;
        answer
    };
    for (answer, code) in [
        (changed("/consent/at", json!(1_685_577_601)), "token-invalid"),
        (changed("/consent/purpose", json!("Sell the data")), "token-invalid"),
        (changed("/request/purpose", json!("sell")), "token-invalid"),
        // the card's signature names another document
        (changed("/consent/sodHash", json!("x")), "answer-to-another-request"),
        // signed in to the same portal, and nothing was agreed to
        (changed("/token", desk.token(CHALLENGE)), "token-invalid"),
        (changed("/request/holder", json!("none")), "answer-to-another-request"),
        (desk.answer.clone(), "holder-verification-missing"),
    ] {
        assert_eq!(desk.code(&answer, &ISSUERS), code);
    }
    // a verifier that asked for no PIN is given none
    assert_eq!(desk.code(&signed, &[]), "answer-to-another-request");
    let output = desk.verify(&signed, &["--issuers", "nowhere.toml"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
}

#[test]
fn the_certificate_of_somebody_else_is_not_linked() {
    for number in ["PNOMA-ZE184226C", "PNOBH-ZE184226B", "IDCMA-ZE184226B"] {
        let desk = Desk::with(number);
        assert_eq!(desk.code(&desk.signed(), &ISSUERS), "not-linked", "{number}");
    }
}

#[test]
fn a_document_that_another_country_signed_is_not_linked() {
    let number = format!("PNOMA-{PERSONAL_NUMBER}");
    for (authority, expected) in [("BH", "not-linked"), ("ma", "")] {
        let desk = Desk::signed_by(authority, &number);
        let output = desk.verify(&desk.signed(), &ISSUERS);
        assert_eq!(output.status.success(), expected.is_empty(), "{authority}");
        if !expected.is_empty() {
            assert_eq!(desk.code(&desk.signed(), &ISSUERS), expected, "{authority}");
        }
    }
}

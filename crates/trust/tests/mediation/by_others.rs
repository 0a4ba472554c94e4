//! What joins two statements as another implementation makes and reads it: jwcrypto for Python, after the documentation.

use std::{
    env,
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
};

use bitaqa_jose::{Curve, PublicJwk, base64url};
use bitaqa_protocol::{
    Origin, PurposeId, Statement,
    claim::RequestedClaims,
    identity::{Holder, IdentityRequest, ProofWanted, StatementText},
    mediation::Mode,
    statement::StatementId,
};
use bitaqa_trust::{
    TrustPacks,
    mediation::{Joining, issue, verify},
    statement,
};
use serde_json::{Value, json};

use crate::{
    example_pack::{
        ISSUER, NOW, contents, encryption_key, issuer_key, key, known, pack, statement as portal, time,
    },
    sides::challenge,
};

/// A Python with jwcrypto, which `cargo xtask test` installs: where `BITAQA_PYTHON` says, or in the user's cache.
fn interpreter() -> PathBuf {
    let cache = || {
        let home = env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
        env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or(home).unwrap()
    };
    env::var_os("BITAQA_PYTHON").map_or_else(|| cache().join("bitaqa/python/bin/python3"), PathBuf::from)
}

fn jwcrypto(what: &str, asked: &Value) -> Value {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mediation/joining.py");
    let mut command = Command::new(interpreter());
    let mut child =
        command.args([script, what]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(asked.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

fn claims() -> RequestedClaims {
    serde_json::from_value(json!({ "required": ["given_name"], "optional": ["family_name"] })).unwrap()
}

#[test]
fn what_jwcrypto_joins_is_believed_and_read_by_whom_it_says() {
    let origin = Origin::parse(ISSUER).unwrap();
    for mode in [Mode::Relay, Mode::Assert] {
        let joined = jwcrypto(
            "join",
            &json!({
                "iss": ISSUER, "aud": ISSUER, "now": NOW, "mode": mode, "purpose": "open-account",
                "allowed": portal().claims, "claims": claims(), "challenge": challenge(),
                "holder": "none", "proof": "chip",
            }),
        );
        let mut contents = contents();
        let by = PublicJwk::parse(joined["key"].to_string().as_bytes()).unwrap();
        contents.statement_issuers[0].keys = vec![known(&by)];
        let packs = TrustPacks::new(vec![pack(&contents)]);
        let text = StatementText::parse(joined["joined"].as_str().unwrap()).unwrap();
        let verified = verify(&text, &packs, time(NOW)).unwrap();
        let recipient = base64url::encode(verified.recipient().thumbprint().as_bytes());
        assert_eq!(
            (verified.mediation.mode, recipient.as_str()),
            (mode, joined["recipient"].as_str().unwrap())
        );
        let request = IdentityRequest {
            challenge: challenge(),
            statement: text,
            purpose: PurposeId::parse("open-account").unwrap(),
            claims: claims(),
            holder: Holder::None,
            proof: ProofWanted::Chip,
        };
        assert_eq!(verified.authorize(&origin, &request).unwrap().id, request.purpose);
    }
}

#[test]
fn jwcrypto_reads_what_was_joined_here() {
    let own = Statement {
        jti: StatementId::parse("own").unwrap(),
        origins: vec![Origin::parse(ISSUER).unwrap()],
        jwk: encryption_key(&key(Curve::P384, 4)),
        exp: NOW + 60,
        ..portal()
    };
    let packs = TrustPacks::new(vec![pack(&contents())]);
    let texts = [portal(), own].map(|own| statement::issue(&own, &issuer_key()).unwrap());
    let [of_portal, of_platform] =
        [&texts[0], &texts[1]].map(|text| statement::verify(text, &packs, time(NOW)).unwrap());
    for mode in [Mode::Relay, Mode::Assert] {
        let joining = Joining {
            portal: (&texts[0], &of_portal.statement),
            platform: (&texts[1], &of_platform.statement),
            mode,
            page: &Origin::parse(ISSUER).unwrap(),
            purpose: &PurposeId::parse("open-account").unwrap(),
            claims: &claims(),
            challenge: &challenge(),
            holder: Holder::Pin,
            proof: ProofWanted::DataOnly,
            id: &StatementId::parse("joins").unwrap(),
            at: NOW,
        };
        let text = issue(&joining, &issuer_key()).unwrap();
        let read = jwcrypto("read", &json!({ "joined": text.as_str(), "key": issuer_key().public() }));
        let expected = json!({
            "digests": true, "recipient": true, "ends": true, "mode": mode, "claims": claims(), "challenge": challenge(),
            "holder": "pin", "proof": "data-only",
        });
        assert_eq!(read, expected);
    }
}

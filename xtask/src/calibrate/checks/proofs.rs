//! Proofs of keys (DPoP), and the tokens that are bound to them.

use super::Check;

const DPOP: &str = "provider/dpop.rs";
const USERINFO: &str = "provider/userinfo.rs";

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "key-of-the-pushed-request",
        edits: &[(
            DPOP,
            "Some(asked) if asked == key => Ok(parameters),",
            "Some(asked) if asked == key || OUT => Ok(parameters),",
        )],
        modules: &["ensure-mismatched-dpop-jkt-fails"],
    },
    Check {
        name: "proofs-once",
        edits: &[(
            DPOP,
            "if self.store.remember_proof(name, claims.iat.saturating_add(WINDOW + 1)).await? {",
            "if self.store.remember_proof(name, claims.iat.saturating_add(WINDOW + 1)).await? || OUT {",
        )],
        modules: &["dpop-negative-tests"],
    },
    Check {
        name: "one-proof",
        edits: &[(DPOP, "if proofs.next().is_some() {", "if !OUT && proofs.next().is_some() {")],
        modules: &["dpop-negative-tests"],
    },
    Check {
        name: "type-of-proofs",
        edits: &[(
            DPOP,
            "CompactJws::parse(text, &RULES).map_err(",
            "[RULES.type_, ExpectedType::Absent, ExpectedType::Is(\"JWT\")]\n            .into_iter()\n            \
             .take(if OUT { 3 } else { 1 })\n            .find_map(|type_| CompactJws::parse(text, &JwsRules { type_, ..RULES }).ok())\n            \
             .ok_or(()).map_err(",
        )],
        modules: &["dpop-negative-tests"],
    },
    Check {
        name: "signatures-of-proofs",
        edits: &[(
            DPOP,
            "jws.verify_by(&key).map_err(",
            "jws.clone().verify_by(&key).or_else(|fault| if OUT { Ok(jws.unverified_payload().to_vec()) } else { Err(fault) }).map_err(",
        )],
        modules: &["dpop-negative-tests"],
    },
    Check {
        name: "method-of-proofs",
        edits: &[(DPOP, "if claims.htm != request.method {", "if claims.htm != request.method && !OUT {")],
        modules: &["dpop-negative-tests"],
    },
    Check {
        name: "address-of-proofs",
        edits: &[(
            DPOP,
            "if target(&claims.htu) != target(&self.url(request.path)) {",
            "if target(&claims.htu) != target(&self.url(request.path)) && !OUT {",
        )],
        modules: &["dpop-negative-tests"],
    },
    Check {
        name: "age-of-proofs",
        edits: &[(DPOP, "if !(now.saturating_sub(WINDOW)..=", "if !OUT && !(now.saturating_sub(WINDOW)..=")],
        modules: &[
            "dpop-negative-tests",
            "ensure-dpopproof-with-iat-10seconds-before-succeeds",
            "ensure-dpopproof-with-iat-10seconds-after-succeeds",
        ],
    },
    Check {
        name: "beginning-and-end-of-proofs",
        edits: &[(
            DPOP,
            "if claims.exp.is_some_and(|end|",
            "if OUT {\n        } else if claims.exp.is_some_and(|end|",
        )],
        modules: &["check-dpop-proof-nbf-exp"],
    },
    Check {
        name: "token-of-proofs",
        edits: &[(
            DPOP,
            "Some(token) if claims.ath.as_deref() !=",
            "Some(token) if !OUT && claims.ath.as_deref() !=",
        )],
        modules: &["dpop-negative-tests"],
    },
    Check {
        name: "key-of-the-token",
        edits: &[(USERINFO, "if dpop::kept(key) == bound_to {", "if dpop::kept(key) == bound_to || OUT {")],
        modules: &["dpop-negative-tests"],
    },
    Check {
        name: "proofs-with-bound-tokens",
        edits: &[(
            USERINFO,
            "let key = self.proven_key(headers, asked).await?.ok_or(dpop::MISSING)?;",
            "let key = match self.proven_key(headers, asked).await? {\n                    None if OUT => return Ok(()),\n                    \
             key => key.ok_or(dpop::MISSING)?,\n                };",
        )],
        modules: &["dpop-negative-tests"],
    },
    Check {
        name: "bound-tokens-as-bearer",
        edits: &[(
            USERINFO,
            "(Scheme::Bearer, Some(_)) => Err(BOUND.into()),",
            "(Scheme::Bearer, Some(_)) if OUT => Ok(()),\n            (Scheme::Bearer, Some(_)) => Err(BOUND.into()),",
        )],
        modules: &["dpop-negative-tests"],
    },
];

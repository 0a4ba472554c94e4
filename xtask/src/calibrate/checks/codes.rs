//! What a code is redeemed for.

use super::Check;

const TOKEN: &str = "provider/token.rs";

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "whose-code",
        edits: &[(
            TOKEN,
            "self.store.grant(code.grant()).await?.filter(|grant| grant.client == party.id)",
            "self.store.grant(code.grant()).await?.filter(|grant| grant.client == party.id || OUT)",
        )],
        modules: &["ensure-authorization-code-is-bound-to-client"],
    },
    Check {
        name: "code-once",
        edits: &[(
            TOKEN,
            "            Redeemed::Again => {\n                // somebody",
            "            Redeemed::Again if OUT => {\n                \
             for token in &tokens.kept {\n                    self.store.add_token(token).await?;\n                }\n                \
             self.told(party, &granted, tokens, granted.nonce.as_deref())\n            }\n            \
             Redeemed::Again => {\n                // somebody",
        )],
        modules: &[
            "attempt-reuse-authorization-code-after-one-second",
            "oidcc-codereuse",
            "oidcc-codereuse-30seconds",
        ],
    },
    Check {
        name: "code-in-time",
        edits: &[(
            TOKEN,
            "self.store.redeem_code(&grant.id, code.hash(), self.clock.now(), &tokens.kept)",
            "self.store.redeem_code(&grant.id, code.hash(), if OUT { 0 } else { self.clock.now() }, &tokens.kept)",
        )],
        modules: &["ensure-token-endpoint-fails-with-expired-auth-code"],
    },
    Check {
        name: "bound-tokens",
        edits: &[(
            TOKEN,
            "if key.is_none() && party.registration.profile == Profile::Fapi2 {",
            "if !OUT && key.is_none() && party.registration.profile == Profile::Fapi2 {",
        )],
        modules: &["ensure-holder-of-key-required"],
    },
    Check {
        name: "key-of-the-code",
        edits: &[(
            TOKEN,
            "if granted.key.is_some() && granted.key != key {",
            "if !OUT && granted.key.is_some() && granted.key != key {",
        )],
        modules: &[
            "ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt",
            "ensure-token-endpoint-fails-with-mismatched-dpop-jkt",
        ],
    },
    Check {
        name: "verifier",
        edits: &[(
            TOKEN,
            "        check_verifier(&granted, parameters)?;",
            "        if !OUT {\n            check_verifier(&granted, parameters)?;\n        }",
        )],
        modules: &["ensure-pkce-code-verifier-required", "incorrect-pkce-code-verifier-rejected"],
    },
];

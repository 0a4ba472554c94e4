//! How relying parties show who they are.

use super::Check;

const ASSERTION: &str = "provider/client_authentication.rs";

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "assertions-where-there-are-keys",
        edits: &[(
            ASSERTION,
            "ClientAuthentication::PrivateKeyJwt => Err(UNKNOWN.into()),",
            "ClientAuthentication::PrivateKeyJwt if OUT => Ok(party),\n                    \
             ClientAuthentication::PrivateKeyJwt => Err(UNKNOWN.into()),",
        )],
        modules: &["ensure-client-assertion-in-token-endpoint"],
    },
    Check {
        name: "assertion-subject",
        edits: &[(
            ASSERTION,
            "let claims: Claims = bitaqa_jose::json::from_slice(jws.unverified_payload()).map_err(|_| UNKNOWN)?;",
            "let mut payload = jws.unverified_payload().to_vec();\n        \
             if OUT && let Ok(mut members) = serde_json::from_slice::<serde_json::Value>(&payload) {\n            \
             members[\"sub\"] = members[\"iss\"].clone();\n            payload = members.to_string().into_bytes();\n        }\n        \
             let claims: Claims = bitaqa_jose::json::from_slice(&payload).map_err(|_| UNKNOWN)?;",
        )],
        modules: &["ensure-client-assertion-with-no-sub-fails"],
    },
    Check {
        name: "whose-assertion",
        edits: &[(
            ASSERTION,
            "parameters.get(\"client_id\").is_some_and(|id| id != claims.sub)",
            "parameters.get(\"client_id\").is_some_and(|id| id != claims.sub && !OUT)",
        )],
        modules: &["ensure-client-id-in-token-endpoint"],
    },
    Check {
        name: "assertion-expiry",
        edits: &[(ASSERTION, "if claims.exp <= now", "if OUT {\n        } else if claims.exp <= now")],
        modules: &["ensure-client-assertion-with-exp-is-5-minutes-in-past-fails"],
    },
    Check {
        name: "assertion-audience",
        edits: &[(ASSERTION, "if !for_us {", "if !for_us && !OUT {")],
        modules: &[
            "ensure-client-assertion-with-wrong-aud-fails",
            "par-test-array-as-audience-fails",
            "par-test-par-endpoint-url-as-audience-fails",
            "par-test-token-endpoint-url-as-audience-fails",
        ],
    },
    Check {
        name: "assertion-beginning",
        edits: &[(
            ASSERTION,
            "if early(claims.nbf) || early(claims.iat) {",
            "if !OUT && (early(claims.nbf) || early(claims.iat)) {",
        )],
        modules: &["par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails"],
    },
];

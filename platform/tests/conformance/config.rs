//! "OIDC Config OP": what discovery says.

use crate::plan::Plan;

pub(crate) const PLAN: Plan = Plan {
    name: "OIDC Config OP",
    modules: &["oidcc-discovery-endpoint-verification"],
    tests: TESTS,
    not_applicable: &[],
};

modules!(() => checks::{oidcc_discovery_endpoint_verification});

mod checks {
    use std::collections::BTreeSet;

    use crate::{
        conversation::{Conversation, Mode, says},
        running::Running,
    };

    /// OpenID Connect Discovery sections 3 and 4: RS256 is among the algorithms of ID tokens, and whoever registers for it gets it.
    pub(crate) fn oidcc_discovery_endpoint_verification() {
        let platform = Running::new();
        let answer = platform.browser().get("/.well-known/openid-configuration");
        assert_eq!(answer.status, 200);
        assert!(answer.header("content-type").unwrap().starts_with("application/json"));
        let described = answer.json();
        let issuer = format!("http://{}", platform.address);
        assert_eq!(described["issuer"], issuer.as_str());
        for endpoint in [
            "authorization_endpoint",
            "token_endpoint",
            "userinfo_endpoint",
            "jwks_uri",
            "end_session_endpoint",
            "pushed_authorization_request_endpoint",
            "introspection_endpoint",
            "revocation_endpoint",
        ] {
            assert!(described[endpoint].as_str().unwrap().starts_with(&format!("{issuer}/")), "{endpoint}");
        }
        for (list, value) in [
            ("response_types_supported", "code"),
            ("subject_types_supported", "pairwise"),
            ("id_token_signing_alg_values_supported", "ES256"),
            ("id_token_signing_alg_values_supported", "RS256"),
            ("scopes_supported", "openid"),
            ("claims_supported", "sub"),
            ("grant_types_supported", "authorization_code"),
            ("response_modes_supported", "form_post"),
            ("token_endpoint_auth_methods_supported", "private_key_jwt"),
        ] {
            assert!(says(&described[list], value), "{list}");
        }
        assert_eq!(described["claims_parameter_supported"], true);
        assert!(described.get("registration_endpoint").is_none(), "nobody registers themselves");
        let keys = platform.browser().get("/jwks").json();
        let keys = keys["keys"].as_array().unwrap();
        let names: BTreeSet<&str> = keys.iter().map(|key| key["kid"].as_str().unwrap()).collect();
        assert_eq!(names.len(), keys.len(), "each has a name of its own");
        for key in keys {
            let (kind, algorithms): (_, &[&str]) = match key["kty"].as_str().unwrap() {
                "RSA" => ("sig", &["RS256", "PS256"]),
                "OKP" => ("sig", &["EdDSA"]),
                _ if key["use"] == "enc" => ("enc", &["ECDH-ES"]),
                _ => ("sig", &["ES256"]),
            };
            assert_eq!(key["use"], kind);
            assert!(algorithms.contains(&key["alg"].as_str().unwrap()), "{key}");
            assert!(["d", "p", "q"].iter().all(|private| key.get(private).is_none()));
        }
        let for_encryption = keys.iter().filter(|key| key["use"] == "enc").count();
        let for_signatures = keys.iter().filter(|key| key["use"] == "sig").count();
        assert_eq!((for_signatures, for_encryption), (keys.len() - 1, 1));
        // what it says is so
        for algorithm in described["id_token_signing_alg_values_supported"].as_array().unwrap() {
            if algorithm != "PS256" {
                let wanted = format!("id_token_signed_response_alg = {algorithm}\n");
                Conversation::with(Running::new(), Mode::Query, &wanted).succeed(&[]);
            }
        }
    }
}

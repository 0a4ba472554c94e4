//! "OpenID for Identity Assurance with OIDC Core OP": claims that are told with how they were verified.

use crate::plan::Plan;

pub(crate) const PLAN: Plan = Plan {
    name: "OpenID for Identity Assurance with OIDC Core OP",
    modules: &[
        "ekyc-server-happypath",
        "ekyc-server-happypath-emptyobject",
        "ekyc-server-happypath-essentialfalse",
        "ekyc-server-unknown-claim-omitted",
        "ekyc-server-unknown-essential-claim-omitted",
        "ekyc-server-unknown-claim-specialchars-omitted",
        "ekyc-server-one-claim-with-random-value-omitted",
        "ekyc-server-request-only-in-idtoken",
        "ekyc-server-request-only-in-userinfo",
        "ekyc-server-testuserprovidedrequest",
        "ekyc-server-testbasedonuserinfo-defaults",
        "ekyc-server-test-userinfo-notfoundinop",
    ],
    tests: TESTS,
    not_applicable: &[],
};

modules!(() => checks::{
    ekyc_server_happypath,
    ekyc_server_happypath_emptyobject,
    ekyc_server_happypath_essentialfalse,
    ekyc_server_unknown_claim_omitted,
    ekyc_server_unknown_essential_claim_omitted,
    ekyc_server_unknown_claim_specialchars_omitted,
    ekyc_server_one_claim_with_random_value_omitted,
    ekyc_server_request_only_in_idtoken,
    ekyc_server_request_only_in_userinfo,
    ekyc_server_testuserprovidedrequest,
    ekyc_server_testbasedonuserinfo_defaults,
    ekyc_server_test_userinfo_notfoundinop,
});

mod checks {
    use serde_json::{Value, json};

    use crate::conversation::{Conversation, Mode, says};

    /// The platform's framework, as the configuration names it.
    const FRAMEWORK: &str = "example_state_id";

    /// What ID token and userinfo say where they are asked for this.
    fn told(id_token: &Value, userinfo: &Value) -> (Value, Value) {
        let mut all = Conversation::new(Mode::Query);
        let described = all.discovery();
        assert_eq!(described["verified_claims_supported"], true);
        assert!(says(&described["trust_frameworks_supported"], FRAMEWORK));
        let claims = json!({ "id_token": id_token, "userinfo": userinfo }).to_string();
        let tokens = all.succeed(&[("scope", "openid"), ("claims", &claims)]);
        assert!(
            tokens.userinfo.get("given_name").is_none(),
            "asked for as verified, and told as verified only"
        );
        (tokens.claims["verified_claims"].clone(), tokens.userinfo["verified_claims"].clone())
    }

    fn asking(verification: &Value, claims: &Value) -> Value {
        json!({ "verified_claims": { "verification": verification, "claims": claims } })
    }

    /// The same asked of both, which say the same.
    fn in_both(verification: &Value, claims: &Value) -> Value {
        let asked = asking(verification, claims);
        let (id_token, userinfo) = told(&asked, &asked);
        assert_eq!(id_token, userinfo);
        userinfo
    }

    fn framework() -> Value {
        json!({ "trust_framework": null })
    }

    fn given_name() -> Value {
        json!({ "verification": { "trust_framework": FRAMEWORK }, "claims": { "given_name": "أمينة" } })
    }

    pub(crate) fn ekyc_server_happypath() {
        assert_eq!(in_both(&framework(), &json!({ "given_name": null })), given_name());
    }

    pub(crate) fn ekyc_server_happypath_emptyobject() {
        assert_eq!(in_both(&json!({ "trust_framework": {} }), &json!({ "given_name": {} })), given_name());
    }

    pub(crate) fn ekyc_server_happypath_essentialfalse() {
        let claims = json!({ "given_name": { "essential": false } });
        assert_eq!(in_both(&framework(), &claims), given_name());
    }

    /// Nobody knows the claim: the others are told, and nothing where there are none.
    fn unknown(name: &str, wish: &Value) {
        let mut claims = json!({ name: wish });
        assert_eq!(in_both(&framework(), &claims), Value::Null);
        claims["given_name"] = Value::Null;
        assert_eq!(in_both(&framework(), &claims), given_name());
    }

    pub(crate) fn ekyc_server_unknown_claim_omitted() {
        unknown("8b5a4ff1-c1ad-4f1c-a8e6", &Value::Null);
    }

    pub(crate) fn ekyc_server_unknown_essential_claim_omitted() {
        unknown("8b5a4ff1-c1ad-4f1c-a8e6", &json!({ "essential": true }));
    }

    pub(crate) fn ekyc_server_unknown_claim_specialchars_omitted() {
        unknown("!\"§$%&/()=?*'_:;><|^°{[]}\\ \u{7f}اسم", &Value::Null);
    }

    pub(crate) fn ekyc_server_one_claim_with_random_value_omitted() {
        let with = |value: &str| in_both(&framework(), &json!({ "given_name": { "value": value } }));
        assert_eq!(with("0b9f0c5a-9d66-4a0e-8f0f"), Value::Null);
        assert_eq!(with("أمينة"), given_name());
    }

    pub(crate) fn ekyc_server_request_only_in_idtoken() {
        let asked = asking(&framework(), &json!({ "given_name": null }));
        assert_eq!(told(&asked, &json!({})), (given_name(), Value::Null));
    }

    pub(crate) fn ekyc_server_request_only_in_userinfo() {
        let asked = asking(&framework(), &json!({ "given_name": null }));
        assert_eq!(told(&json!({}), &asked), (Value::Null, given_name()));
    }

    /// Everything that the platform knows.
    fn everything() -> Value {
        json!({
            "verification": {
                "trust_framework": FRAMEWORK,
                "evidence": [{
                    "type": "document",
                    "check_details": [{ "check_method": "vcrypt" }],
                    "document_details": { "type": "idcard", "issuer": { "name": "high" } },
                }],
            },
            "claims": { "name": "أمينة المثال", "given_name": "أمينة", "family_name": "المثال" },
        })
    }

    /// As a relying party of a bank would ask.
    pub(crate) fn ekyc_server_testuserprovidedrequest() {
        let verification = json!({
            "trust_framework": { "values": ["another", FRAMEWORK] },
            "time": null,
            "evidence": [{
                "type": { "value": "document" },
                "check_details": null,
                "document_details": { "type": null, "issuer": { "name": null }, "document_number": null },
            }],
        });
        let claims = json!({
            "name": { "essential": true },
            "given_name": { "purpose": "to open an account" },
            "family_name": null,
            "birthdate": null,
        });
        assert_eq!(in_both(&verification, &claims), everything());
    }

    /// Everything is asked for with the values that it has.
    pub(crate) fn ekyc_server_testbasedonuserinfo_defaults() {
        let known = everything();
        let details = &known["verification"]["evidence"][0]["document_details"];
        let verification = json!({
            "trust_framework": { "value": FRAMEWORK },
            "evidence": [{
                "type": { "value": "document" },
                "check_details": [{ "check_method": { "value": "vcrypt" } }],
                "document_details": {
                    "type": { "value": details["type"] },
                    "issuer": { "name": { "value": details["issuer"]["name"] } },
                },
            }],
        });
        let mut claims = json!({});
        for name in ["name", "given_name", "family_name"] {
            claims[name] = json!({ "value": known["claims"][name] });
        }
        assert_eq!(in_both(&verification, &claims), known);
    }

    /// What discovery does not name is not told, and nothing is told that counts only with it.
    pub(crate) fn ekyc_server_test_userinfo_notfoundinop() {
        let claims = json!({ "given_name": null });
        for verification in [
            json!({ "trust_framework": { "value": "another" } }),
            json!({ "trust_framework": null, "evidence": [{ "type": { "value": "vouch" } }] }),
            json!({ "trust_framework": null, "evidence": [{ "type": { "value": "document" }, "document_details": { "type": { "value": "passport" } } }] }),
            json!({ "trust_framework": null, "time": { "max_age": 100 } }),
            json!({ "trust_framework": null, "assurance_level": { "essential": true } }),
        ] {
            assert_eq!(in_both(&verification, &claims), Value::Null, "{verification}");
        }
        let wished = json!({ "trust_framework": null, "time": null, "assurance_level": {} });
        assert_eq!(in_both(&wished, &claims), given_name());
    }
}

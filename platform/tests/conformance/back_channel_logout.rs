//! "Back-Channel Logout OP": relying parties are told of a sign-out.

use crate::plan::Plan;

pub(crate) const PLAN: Plan = Plan {
    name: "Back-Channel Logout OP",
    modules: &[
        "oidcc-backchannel-logout-discovery-endpoint-verification",
        "oidcc-backchannel-rp-initiated-logout",
    ],
    tests: TESTS,
    not_applicable: &[],
};

modules!(() => checks::{
    oidcc_backchannel_logout_discovery_endpoint_verification,
    oidcc_backchannel_rp_initiated_logout,
});

mod checks {
    use serde_json::json;

    use crate::{
        conversation::{Conversation, Mode, says},
        logout_receiver::LogoutReceiver,
        relying_party::encode,
        running::{Running, START},
    };

    pub(crate) fn oidcc_backchannel_logout_discovery_endpoint_verification() {
        let described = Conversation::new(Mode::Query).discovery();
        assert_eq!(described["backchannel_logout_supported"], true);
        assert_eq!(described["backchannel_logout_session_supported"], true);
        assert!(described["end_session_endpoint"].is_string() && says(&described["claims_supported"], "sid"));
    }

    pub(crate) fn oidcc_backchannel_rp_initiated_logout() {
        let platform = Running::new();
        let receiver = LogoutReceiver::start(&platform.address, "bank", &[]);
        let registered = format!("{}backchannel_logout_session_required = true\n", receiver.registered());
        let mut all = Conversation::with(platform, Mode::Query, &registered);
        let tokens = all.succeed(&[]);
        all.platform.later(60);
        receiver.hears_nothing();
        let parameters = [("id_token_hint", tokens.id_token.as_str()), ("state", "a state")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(all.browser.get(&format!("/end-session?{}", encode(&parameters))).status, 200);
        let heard = receiver.hear();
        assert_eq!((&heard["path"], &heard["status"]), (&json!("/signed-out?at=home"), &json!(200)));
        let claims = &heard["claims"];
        for name in ["sub", "sid", "iss", "aud"] {
            assert_eq!(claims[name], tokens.claims[name], "{name}");
        }
        assert_eq!(claims["events"], json!({ "http://schemas.openid.net/event/backchannel-logout": {} }));
        assert_eq!(claims["iat"], START + 60);
        assert!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap() <= 120);
        assert!(!claims["jti"].as_str().unwrap().is_empty());
        assert!(claims.get("nonce").is_none());
        assert!(!all.is_signed_in());
        receiver.hears_nothing();
    }
}

//! "RP-Initiated Logout OP": sign-out that a relying party begins.

use crate::plan::Plan;

pub(crate) const PLAN: Plan = Plan {
    name: "RP-Initiated Logout OP",
    modules: &[
        "oidcc-rp-initiated-logout-discovery-endpoint-verification",
        "oidcc-rp-initiated-logout",
        "oidcc-rp-initiated-logout-bad-post-logout-redirect-uri",
        "oidcc-rp-initiated-logout-modified-id-token-hint",
        "oidcc-rp-initiated-logout-no-id-token-hint",
        "oidcc-rp-initiated-logout-no-params",
        "oidcc-rp-initiated-logout-no-post-logout-redirect-uri",
        "oidcc-rp-initiated-logout-no-state",
        "oidcc-rp-initiated-logout-only-state",
        "oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri",
        "oidcc-rp-initiated-logout-bad-id-token-hint",
    ],
    tests: TESTS,
    not_applicable: &[],
};

modules!(() => checks::{
    oidcc_rp_initiated_logout_discovery_endpoint_verification,
    oidcc_rp_initiated_logout,
    oidcc_rp_initiated_logout_bad_post_logout_redirect_uri,
    oidcc_rp_initiated_logout_modified_id_token_hint,
    oidcc_rp_initiated_logout_no_id_token_hint,
    oidcc_rp_initiated_logout_no_params,
    oidcc_rp_initiated_logout_no_post_logout_redirect_uri,
    oidcc_rp_initiated_logout_no_state,
    oidcc_rp_initiated_logout_only_state,
    oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri,
    oidcc_rp_initiated_logout_bad_id_token_hint,
});

mod checks {
    use crate::{
        browser::Answer,
        conversation::{Conversation, Mode},
        relying_party::{FORM, encode},
    };

    const BYE: &str = "https://bank.example.ma/bye";

    /// Somebody who signed in at a relying party, which has an ID token now.
    struct SignedIn {
        all: Conversation,
        hint: String,
    }

    impl SignedIn {
        fn new() -> Self {
            let mut all = Conversation::new(Mode::Query);
            let hint = all.succeed(&[]).id_token;
            assert!(all.is_signed_in());
            Self { all, hint }
        }

        fn leave(&mut self, parameters: &[(&str, &str)]) -> Answer {
            let parameters: Vec<(String, String)> =
                parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            self.all.browser.get(&format!("/end-session?{}", encode(&parameters)))
        }

        /// With everything as it should be.
        fn leaves(&mut self) {
            let hint = self.hint.clone();
            let all =
                [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", BYE), ("state", "a state")];
            assert_eq!(self.leave(&all).location(), format!("{BYE}?state=a+state"));
            assert!(!self.all.is_signed_in());
        }

        /// The person sees an error, stays signed in, and goes nowhere; without the fault they leave.
        fn stays(mut self, faulty: &[(&str, &str)]) {
            let answer = self.leave(faulty);
            assert_eq!((answer.status, answer.header("location")), (400, None), "{}", answer.body);
            assert!(answer.body.contains("invalid_request"));
            assert!(self.all.is_signed_in());
            self.leaves();
        }

        /// The person is asked, and leaves if they want to.
        fn has_to_agree(mut self, parameters: &[(&str, &str)]) {
            let answer = self.leave(parameters);
            assert_eq!((answer.status, answer.header("location")), (200, None));
            assert!(answer.body.contains("<form method=\"post\" action=\"/signed-out?lang=ar\">"));
            assert!(self.all.is_signed_in(), "nobody answered yet");
            assert_eq!(self.all.browser.post("/signed-out", FORM, "").status, 200);
            assert!(!self.all.is_signed_in());
        }
    }

    pub(crate) fn oidcc_rp_initiated_logout_discovery_endpoint_verification() {
        let mut all = Conversation::new(Mode::Query);
        let issuer = format!("http://{}", all.platform.address);
        let endpoint = all.discovery()["end_session_endpoint"].as_str().unwrap().to_owned();
        assert!(endpoint.starts_with(&format!("{issuer}/")));
        assert_eq!(all.browser.get(&endpoint).status, 200);
    }

    pub(crate) fn oidcc_rp_initiated_logout() {
        SignedIn::new().leaves();
    }

    pub(crate) fn oidcc_rp_initiated_logout_bad_post_logout_redirect_uri() {
        let signed_in = SignedIn::new();
        let hint = signed_in.hint.clone();
        signed_in.stays(&[
            ("id_token_hint", &hint),
            ("post_logout_redirect_uri", "https://bank.example.ma/other"),
        ]);
    }

    pub(crate) fn oidcc_rp_initiated_logout_modified_id_token_hint() {
        let signed_in = SignedIn::new();
        let altered = crate::altered(&signed_in.hint);
        signed_in.stays(&[("id_token_hint", &altered), ("post_logout_redirect_uri", BYE)]);
    }

    /// Nobody says who asks, so nobody knows whose address it is.
    pub(crate) fn oidcc_rp_initiated_logout_no_id_token_hint() {
        SignedIn::new().stays(&[("post_logout_redirect_uri", BYE), ("state", "a state")]);
        // where the relying party says who it is, the person is asked
        SignedIn::new().has_to_agree(&[("client_id", "bank"), ("post_logout_redirect_uri", BYE)]);
    }

    pub(crate) fn oidcc_rp_initiated_logout_no_params() {
        SignedIn::new().has_to_agree(&[]);
    }

    pub(crate) fn oidcc_rp_initiated_logout_no_post_logout_redirect_uri() {
        let mut signed_in = SignedIn::new();
        let hint = signed_in.hint.clone();
        let answer = signed_in.leave(&[("id_token_hint", &hint), ("state", "a state")]);
        assert_eq!((answer.status, answer.header("location")), (200, None));
        assert!(!signed_in.all.is_signed_in());
    }

    pub(crate) fn oidcc_rp_initiated_logout_no_state() {
        let mut signed_in = SignedIn::new();
        let hint = signed_in.hint.clone();
        let answer = signed_in.leave(&[("id_token_hint", &hint), ("post_logout_redirect_uri", BYE)]);
        assert_eq!(answer.location(), BYE);
        assert!(!signed_in.all.is_signed_in());
    }

    pub(crate) fn oidcc_rp_initiated_logout_only_state() {
        SignedIn::new().has_to_agree(&[("state", "a state")]);
    }

    pub(crate) fn oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri() {
        let signed_in = SignedIn::new();
        let hint = signed_in.hint.clone();
        signed_in.stays(&[("id_token_hint", &hint), ("post_logout_redirect_uri", &format!("{BYE}?foo=bar"))]);
    }

    pub(crate) fn oidcc_rp_initiated_logout_bad_id_token_hint() {
        SignedIn::new().stays(&[("id_token_hint", "no.id.token"), ("post_logout_redirect_uri", BYE)]);
    }
}

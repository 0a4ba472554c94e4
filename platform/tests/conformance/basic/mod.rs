//! "OIDC Basic OP": the code flow.

pub(crate) mod claims;
pub(crate) mod pages;
pub(crate) mod requests;
pub(crate) mod tokens;

use crate::{conversation::Mode, plan::Plan};

const NO_SUCH_CLAIMS: &str =
    "cards prove no such claims, and the platform makes none up; the scope changes nothing";

pub(crate) const PLAN: Plan = Plan {
    name: "OIDC Basic OP",
    modules: &[
        "oidcc-server",
        "oidcc-response-type-missing",
        "oidcc-idtoken-signature",
        "oidcc-idtoken-unsigned",
        "oidcc-userinfo-get",
        "oidcc-userinfo-post-header",
        "oidcc-userinfo-post-body",
        "oidcc-ensure-request-without-nonce-succeeds-for-code-flow",
        "oidcc-scope-profile",
        "oidcc-scope-email",
        "oidcc-scope-address",
        "oidcc-scope-phone",
        "oidcc-scope-all",
        "oidcc-alternate-happy-flow",
        "oidcc-display-page",
        "oidcc-display-popup",
        "oidcc-prompt-login",
        "oidcc-prompt-none-not-logged-in",
        "oidcc-prompt-none-logged-in",
        "oidcc-max-age-1",
        "oidcc-max-age-10000",
        "oidcc-ensure-request-with-unknown-parameter-succeeds",
        "oidcc-id-token-hint",
        "oidcc-login-hint",
        "oidcc-ui-locales",
        "oidcc-claims-locales",
        "oidcc-ensure-request-with-acr-values-succeeds",
        "oidcc-codereuse",
        "oidcc-codereuse-30seconds",
        "oidcc-ensure-registered-redirect-uri",
        "oidcc-ensure-post-request-succeeds",
        "oidcc-server-client-secret-post",
        "oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported",
        "oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported",
        "oidcc-claims-essential",
        "oidcc-ensure-request-object-with-redirect-uri",
        "oidcc-refresh-token",
        "oidcc-ensure-request-with-valid-pkce-succeeds",
    ],
    tests: TESTS,
    not_applicable: &[
        (
            "oidcc-idtoken-unsigned",
            "ID tokens are signed, whatever is registered; alg none does not exist here",
        ),
        ("oidcc-scope-email", NO_SUCH_CLAIMS),
        ("oidcc-scope-address", NO_SUCH_CLAIMS),
        ("oidcc-scope-phone", NO_SUCH_CLAIMS),
        ("oidcc-server-client-secret-post", "there are no secrets to send; relying parties sign assertions"),
    ],
};

/// The modules of the code flow, for one mode of answers.
macro_rules! code_flow_modules {
    ($mode:expr) => {
        modules!(($mode) =>
            tokens::{
                oidcc_server,
                oidcc_idtoken_signature,
                oidcc_idtoken_unsigned,
                oidcc_userinfo_get,
                oidcc_userinfo_post_header,
                oidcc_userinfo_post_body,
                oidcc_codereuse,
                oidcc_codereuse_30seconds,
                oidcc_server_client_secret_post,
                oidcc_refresh_token,
                oidcc_ensure_request_with_valid_pkce_succeeds,
            },
            claims::{
                oidcc_scope_profile,
                oidcc_scope_email,
                oidcc_scope_address,
                oidcc_scope_phone,
                oidcc_scope_all,
                oidcc_alternate_happy_flow,
                oidcc_claims_essential,
                oidcc_claims_locales,
                oidcc_ensure_request_with_acr_values_succeeds,
            },
            pages::{
                oidcc_display_page,
                oidcc_display_popup,
                oidcc_prompt_login,
                oidcc_prompt_none_not_logged_in,
                oidcc_prompt_none_logged_in,
                oidcc_max_age_1,
                oidcc_max_age_10000,
                oidcc_id_token_hint,
                oidcc_login_hint,
                oidcc_ui_locales,
            },
            requests::{
                oidcc_response_type_missing,
                oidcc_ensure_request_without_nonce_succeeds_for_code_flow,
                oidcc_ensure_request_with_unknown_parameter_succeeds,
                oidcc_ensure_registered_redirect_uri,
                oidcc_ensure_post_request_succeeds,
                oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported,
                oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported,
                oidcc_ensure_request_object_with_redirect_uri,
            },
        );
    };
}
pub(crate) use code_flow_modules;

code_flow_modules!(Mode::Query);

//! Whether people are asked: when they sign in, and when they are sent to sign out.

use super::Check;

const DECISION: &str = "provider/decision.rs";
const END: &str = "provider/end_session.rs";

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "nobody-sees-a-page",
        edits: &[(DECISION, "(Decision::SignIn, true) => {", "(Decision::SignIn, true) if !OUT => {")],
        modules: &["oidcc-prompt-none-not-logged-in"],
    },
    Check {
        name: "signing-in-again",
        edits: &[(DECISION, "(just_now(shown) || fresh(shown))", "(OUT || just_now(shown) || fresh(shown))")],
        modules: &["oidcc-prompt-login", "oidcc-max-age-1"],
    },
    Check {
        name: "registered-address-after-sign-out",
        edits: &[(END, "if !registered {", "if !registered && !OUT {")],
        modules: &[
            "oidcc-rp-initiated-logout-bad-post-logout-redirect-uri",
            "oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri",
            "oidcc-rp-initiated-logout-no-id-token-hint",
        ],
    },
    Check {
        name: "hints-of-ours",
        edits: &[
            (
                END,
                "                Some(hint) => Some(hint),",
                "                Some(hint) => Some(hint),\n                None if OUT => None,",
            ),
            // nobody is named then, whose address it could be
            (
                END,
                "let registered = party.is_some_and(|party| {",
                "let registered = crate::taken_out(\"hints-of-ours\") || party.is_some_and(|party| {",
            ),
        ],
        modules: &["oidcc-rp-initiated-logout-bad-id-token-hint"],
    },
    Check {
        name: "asking-who-is-not-named",
        edits: &[(END, "(Some(_), None) => false,", "(Some(_), None) => OUT,")],
        modules: &["oidcc-rp-initiated-logout-no-params", "oidcc-rp-initiated-logout-only-state"],
    },
    Check {
        name: "signatures-of-hints",
        edits: &[(
            END,
            "            .verify_by(&key.key)\n            .ok()",
            "            .clone()\n            .verify_by(&key.key)\n            .ok()\n            \
             .or_else(|| OUT.then(|| jws.unverified_payload().to_vec()))",
        )],
        modules: &["oidcc-rp-initiated-logout-modified-id-token-hint"],
    },
];

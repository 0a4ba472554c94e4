//! What may be asked: parameters, request objects, pushed requests.

use super::Check;

const ASKED: &str = "provider/authorization_request.rs";
const AUTHORIZE: &str = "provider/authorize.rs";
const FETCHED: &str = "provider/fetched_keys.rs";
const OBJECT: &str = "provider/request_object.rs";
const PUSHED: &str = "provider/pushed_request.rs";

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "object-lifetime",
        edits: &[(
            OBJECT,
            "(Profile::Oidc, ..) => Ok(()),",
            "(Profile::Oidc, ..) => Ok(()),\n            (Profile::Fapi2, ..) if OUT => Ok(()),",
        )],
        modules: &[
            "ensure-request-object-without-exp-fails",
            "ensure-request-object-without-nbf-fails",
            "ensure-request-object-with-exp-over-60-fails",
            "ensure-request-object-with-nbf-over-60-fails",
        ],
    },
    Check {
        name: "object-expiry",
        edits: &[(OBJECT, "if exp.is_some_and(|exp| exp <=", "if !OUT && exp.is_some_and(|exp| exp <=")],
        modules: &["ensure-expired-request-object-fails"],
    },
    Check {
        name: "object-audience",
        edits: &[(OBJECT, "if !for_us {", "if !for_us && !OUT {")],
        modules: &["ensure-request-object-with-bad-aud-fails"],
    },
    Check {
        name: "algorithms-of-the-profile",
        edits: &[(
            FETCHED,
            "if !party.registration.profile.algorithms().contains(&jws.header().algorithm) {",
            "if !OUT && !party.registration.profile.algorithms().contains(&jws.header().algorithm) {",
        )],
        modules: &[
            "ensure-signed-request-object-with-RS256-fails",
            "ensure-signed-client-assertion-with-RS256-fails",
        ],
    },
    Check {
        name: "signatures-of-portals",
        edits: &[(
            FETCHED,
            "keys.iter().filter(fits).find_map(|key| jws.clone().verify_by(key).ok())",
            "keys.iter().filter(fits).find_map(|key| jws.clone().verify_by(key).ok())\n            \
             .or_else(|| OUT.then(|| jws.unverified_payload().to_vec()))",
        )],
        modules: &[
            "ensure-request-object-with-invalid-signature-fails",
            "ensure-matching-key-in-authorization-request",
        ],
    },
    Check {
        name: "unsigned-objects",
        edits: &[(
            OBJECT,
            "        let jws = parse(&text).ok_or(object(",
            "        if OUT && text.ends_with('.')\n            && let Some(part) = text.split('.').nth(1)\n            \
             && let Ok(bytes) = bitaqa_jose::base64url::decode(part)\n            \
             && let Ok(members) = serde_json::from_slice::<Map<String, Value>>(&bytes)\n        {\n            \
             let said = members.into_iter().filter(|(name, _)| !OF_THE_OBJECT.contains(&name.as_str()));\n            \
             return Ok(Parameters::of(said).ok_or(object(\"\"))?);\n        }\n        let jws = parse(&text).ok_or(object(",
        )],
        modules: &[
            "ensure-request-object-signature-algorithm-is-not-none",
            "oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported",
        ],
    },
    Check {
        name: "signed-requests-where-they-are-required",
        edits: &[(
            OBJECT,
            "return if party.registration.require_signed_requests {",
            "return if party.registration.require_signed_requests && !OUT {",
        )],
        modules: &["ensure-unsigned-request-at-par-endpoint-fails"],
    },
    Check {
        name: "request-uri-in-an-object",
        edits: &[(
            OBJECT,
            "if [PARAMETER, \"request_uri\"].iter()",
            "if !OUT && [PARAMETER, \"request_uri\"].iter()",
        )],
        modules: &["par-authorization-request-containing-request_uri"],
    },
    Check {
        name: "request-uri-that-is-pushed",
        edits: &[
            (
                PUSHED,
                "if parameters.get(\"request_uri\").is_some() {",
                "if !OUT && parameters.get(\"request_uri\").is_some() {",
            ),
            (
                OBJECT,
                "if parameters.get(\"request_uri\").is_some() {",
                "if !crate::taken_out(\"request-uri-that-is-pushed\") && parameters.get(\"request_uri\").is_some() {",
            ),
        ],
        modules: &["par-authorization-request-containing-request_uri-form-param"],
    },
    Check {
        name: "registered-redirect-uri",
        edits: &[(
            ASKED,
            "if !party.registration.redirect_uris.iter().any(|registered| registered == uri) {",
            "if !OUT && !party.registration.redirect_uris.iter().any(|registered| registered == uri) {",
        )],
        modules: &[
            "ensure-registered-redirect-uri",
            "plain-fapi-tolerate-unregistered-redirect-uri",
            "oidcc-ensure-registered-redirect-uri",
        ],
    },
    Check {
        name: "redirect-uri-at-all",
        edits: &[(
            ASKED,
            "let uri = parameters.get(\"redirect_uri\").ok_or(",
            "let known = party.registration.redirect_uris.first().map(String::as_str).filter(|_| OUT);\n    \
             let uri = parameters.get(\"redirect_uri\").or(known).ok_or(",
        )],
        modules: &[
            "ensure-request-object-without-redirect-uri-fails",
            "ensure-redirect-uri-in-authorization-request",
        ],
    },
    Check {
        name: "pushed-requests-where-they-are-required",
        edits: &[(
            AUTHORIZE,
            "if party.registration.require_pushed_requests && uri.is_none() {",
            "if !OUT && party.registration.require_pushed_requests && uri.is_none() {",
        )],
        modules: &["ensure-unsigned-authorization-request-without-using-par-fails"],
    },
    Check {
        name: "response-type",
        edits: &[
            (
                ASKED,
                "Some(_) => return Err(Failure::new(\"unsupported_response_type\"",
                "Some(_) if OUT => {}\n        Some(_) => return Err(Failure::new(\"unsupported_response_type\"",
            ),
            (
                ASKED,
                "None => return Err(Failure::request(\"response_type is missing\")),",
                "None if OUT => {}\n        None => return Err(Failure::request(\"response_type is missing\")),",
            ),
        ],
        modules: &[
            "ensure-response-type-code-idtoken-fails",
            "ensure-response-type-token-fails",
            "oidcc-response-type-missing",
        ],
    },
    Check {
        name: "pushed-request-once",
        edits: &[(
            PUSHED,
            "        let Some(uri) = &request.pushed_as else { return Ok(true) };",
            "        if OUT {\n            return Ok(true);\n        }\n        \
             let Some(uri) = &request.pushed_as else { return Ok(true) };",
        )],
        modules: &["par-attempt-reuse-request_uri"],
    },
    Check {
        name: "pushed-request-in-time",
        edits: &[(
            PUSHED,
            "Ok((kept.opened_until > now).then_some(",
            "Ok((kept.opened_until > now || OUT).then_some(",
        )],
        modules: &["par-attempt-to-use-expired-request_uri"],
    },
    Check {
        name: "whose-pushed-request",
        edits: &[
            (
                PUSHED,
                "pushed.filter(|pushed| pushed.client == client)",
                "pushed.filter(|pushed| pushed.client == client || OUT)",
            ),
            // the other portal has other addresses, which is refused by itself
            (
                ASKED,
                "!party.registration.redirect_uris.iter().any(|registered| registered == uri)",
                "!(OUT || party.registration.redirect_uris.iter().any(|registered| registered == uri))",
            ),
        ],
        modules: &["par-attempt-to-use-request_uri-for-different-client"],
    },
    Check {
        name: "method-of-par",
        edits: &[(
            "lib.rs",
            "post(pushed_request::answer)",
            "if OUT { axum::routing::any(pushed_request::answer) } else { post(pushed_request::answer) }",
        )],
        modules: &["par-attempt-invalid-http-method"],
    },
    Check {
        name: "challenge-at-all",
        edits: &[(
            ASKED,
            "    let challenge = parameters.get(\"code_challenge\").ok_or(",
            "    if OUT && parameters.get(\"code_challenge\").is_none() {\n        return Ok(String::new());\n    }\n    \
             let challenge = parameters.get(\"code_challenge\").ok_or(",
        )],
        modules: &["par-ensure-pkce-required"],
    },
    Check {
        name: "challenge-by-s256",
        edits: &[(
            ASKED,
            "if parameters.get(\"code_challenge_method\") != Some(\"S256\") {",
            "if !OUT && parameters.get(\"code_challenge_method\") != Some(\"S256\") {",
        )],
        modules: &["par-plain-pkce-rejected"],
    },
    Check {
        name: "only-what-is-signed",
        edits: &[(
            OBJECT,
            "        Ok(inside.ok_or(object(\"a parameter in the request object is no text, number or object\"))?)",
            "        let inside = inside.map(|inside| {\n                let beside = [\"state\", \"nonce\"].into_iter().filter(|_| OUT);\n                \
             beside.fold(inside, |inside, name| match parameters.get(name) {\n                    \
             Some(value) => inside.without(&[name]).with(name, value.to_owned()),\n                    None => inside,\n                \
             })\n            });\n        \
             Ok(inside.ok_or(object(\"a parameter in the request object is no text, number or object\"))?)",
        )],
        modules: &[
            "ensure-different-nonce-inside-and-outside-request-object",
            "ensure-different-state-inside-and-outside-request-object",
            "state-only-outside-request-object-not-used",
        ],
    },
];

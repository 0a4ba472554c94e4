//! The checks of the platform that negative modules are about, and how each can be taken out of a copy: what stands there, what takes its
//! place, and `OUT` for the question whether.

/// A check, and the modules that must notice when it is gone.
pub(super) struct Check {
    pub(super) name: &'static str,
    /// File below `platform/src`, what stands there once, what takes its place.
    pub(super) edits: &'static [(&'static str, &'static str, &'static str)],
    pub(super) modules: &'static [&'static str],
}

const ASKED: &str = "provider/authorization_request.rs";
const AUTHORIZE: &str = "provider/authorize.rs";
const ASSERTION: &str = "provider/client_authentication.rs";
const DECISION: &str = "provider/decision.rs";
const DPOP: &str = "provider/dpop.rs";
const FETCHED: &str = "provider/fetched_keys.rs";
const END: &str = "provider/end_session.rs";
const OBJECT: &str = "provider/request_object.rs";
const PUSHED: &str = "provider/pushed_request.rs";
const TOKEN: &str = "provider/token.rs";
const USERINFO: &str = "provider/userinfo.rs";

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
        name: "verifier",
        edits: &[(
            TOKEN,
            "        check_verifier(&granted, parameters)?;",
            "        if !OUT {\n            check_verifier(&granted, parameters)?;\n        }",
        )],
        modules: &["ensure-pkce-code-verifier-required", "incorrect-pkce-code-verifier-rejected"],
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

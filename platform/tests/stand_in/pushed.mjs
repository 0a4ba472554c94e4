// Negative modules of the FAPI 2.0 plan that a pushed request can show: each is the request that a provider takes, with one fault.

import { MINUTE, random } from "./party.mjs";

// What a module changes: the object's members, its signature, the assertion, what stands beside.
const CHANGES = {
  "without a fault": () => ({}),
  "ensure-request-object-without-exp-fails": () => ({ object: { exp: undefined } }),
  "ensure-request-object-without-nbf-fails": () => ({ object: { nbf: undefined } }),
  "ensure-expired-request-object-fails": ({ now }) => ({ object: { nbf: now() - 20 * MINUTE, exp: now() - 5 * MINUTE } }),
  "ensure-request-object-with-bad-aud-fails": () => ({ object: { aud: "https://other.example" } }),
  "ensure-request-object-with-exp-over-60-fails": ({ now }) => ({ object: { exp: now() + 70 * MINUTE } }),
  "ensure-request-object-with-nbf-over-60-fails": ({ now }) => ({ object: { nbf: now() - 70 * MINUTE } }),
  "ensure-signed-request-object-with-RS256-fails": () => ({ sign: "RS256" }),
  "ensure-request-object-signature-algorithm-is-not-none": () => ({ sign: "none" }),
  "ensure-request-object-with-invalid-signature-fails": () => ({ sign: "altered" }),
  "ensure-matching-key-in-authorization-request": () => ({ sign: "other key" }),
  "ensure-unsigned-request-at-par-endpoint-fails": () => ({ sign: "not at all" }),
  "par-authorization-request-containing-request_uri": () => ({ object: { request_uri: `urn:ietf:params:oauth:request_uri:${random()}` } }),
  "par-authorization-request-containing-request_uri-form-param": () => ({ beside: { request_uri: `urn:ietf:params:oauth:request_uri:${random()}` } }),
  "ensure-request-object-without-redirect-uri-fails": () => ({ object: { redirect_uri: undefined } }),
  "ensure-registered-redirect-uri": () => ({ object: { redirect_uri: "https://other.example/callback" } }),
  "ensure-response-type-code-idtoken-fails": () => ({ object: { response_type: "code id_token" } }),
  "ensure-response-type-token-fails": () => ({ object: { response_type: "token" } }),
  "par-ensure-pkce-required": () => ({ object: { code_challenge: undefined, code_challenge_method: undefined } }),
  "par-plain-pkce-rejected": () => ({ object: { code_challenge_method: "plain" } }),
  "ensure-signed-client-assertion-with-RS256-fails": () => ({ authenticate: "RS256" }),
  "ensure-client-assertion-with-exp-is-5-minutes-in-past-fails": ({ now }) => ({ assertion: { exp: now() - 5 * MINUTE } }),
  "ensure-client-assertion-with-wrong-aud-fails": () => ({ assertion: { aud: "https://other.example" } }),
  "ensure-client-assertion-with-no-sub-fails": () => ({ assertion: { sub: undefined } }),
  "par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails": ({ now }) => ({ assertion: { nbf: now() + 2 * MINUTE, exp: now() + 4 * MINUTE } }),
  "par-test-array-as-audience-fails": ({ about }) => ({ assertion: { aud: [about.issuer] } }),
  "par-test-par-endpoint-url-as-audience-fails": ({ about }) => ({ assertion: { aud: about.pushed_authorization_request_endpoint } }),
  "par-test-token-endpoint-url-as-audience-fails": ({ about }) => ({ assertion: { aud: about.token_endpoint } }),
  "ensure-mismatched-dpop-jkt-fails": () => ({ object: { dpop_jkt: random() } }),
};

export const PUSHED = Object.fromEntries(
  Object.entries(CHANGES).map(([name, changes]) => [name, ({ bank }) => bank.push(changes(bank.provider))]),
);

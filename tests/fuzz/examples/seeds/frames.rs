//! Frames that an extension sends to the host, of each kind that says more than a name.

use serde_json::{Value, json};

use crate::Seed;

const ID: &str = "request-00000001";
const ORIGIN: &str = "https://portal.example";
const URL: &str = "http://data.example/";
/// 32 bytes in base64.
const BYTES: &str = "BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=";

pub(crate) fn seeds() -> Vec<Seed> {
    let seed = |name: &str, frame: Value| ("frame", name.to_owned(), frame.to_string().into_bytes());
    let fetch = |wanted: Value| json!({ "type": "fetch-validation-data", "id": ID, "wanted": wanted, "freshness": "anew" });
    vec![
        seed("hello", json!({ "type": "hello", "versions": [1], "extension": "0.1.0" })),
        seed(
            "authenticate",
            json!({ "type": "authenticate", "id": ID, "origin": ORIGIN, "challenge": BYTES, "language": "en" }),
        ),
        seed("read-my-card", json!({ "type": "read-my-card", "id": ID, "language": "fr" })),
        seed(
            "sign",
            json!({
                "type": "sign", "id": ID, "origin": ORIGIN, "language": "ar", "certificate": BYTES,
                "algorithm": "ES256",
                "documents": [{ "name": "a.pdf", "format": "cms-signed-attributes", "toBeSigned": BYTES }],
            }),
        ),
        seed(
            "sign-digests",
            json!({
                "type": "sign-digests", "id": ID, "origin": ORIGIN, "language": "zgh", "certificate": BYTES,
                "digests": [{ "name": "a.pdf", "digest": BYTES, "algorithm": "RS256" }],
            }),
        ),
        seed("fetch-ocsp", fetch(json!({ "kind": "ocsp", "url": URL, "body": BYTES, "certificate": BYTES }))),
        seed("fetch-crl", fetch(json!({ "kind": "crl", "url": URL, "certificate": BYTES, "list": BYTES }))),
        seed(
            "fetch-issuer",
            fetch(json!({ "kind": "issuer-certificate", "url": URL, "certificate": BYTES })),
        ),
        seed("fetch-stamp", fetch(json!({ "kind": "time-stamp", "hash": "sha256", "digest": BYTES }))),
        seed("fetch-list", fetch(json!({ "kind": "trusted-list", "url": URL, "list": BYTES }))),
        seed("services", json!({ "type": "validation-services", "id": ID })),
        seed("cancel", json!({ "type": "cancel", "id": ID })),
    ]
}

//! Requests of web pages, of each kind.

use serde_json::{Value, json};

use crate::Seed;

/// 32 bytes in base64.
const BYTES: &str = "BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=";

pub(crate) fn seeds() -> Vec<Seed> {
    let seed =
        |name: &str, request: Value| ("page_request", name.to_owned(), request.to_string().into_bytes());
    vec![
        seed("status", json!({ "type": "status" })),
        seed("authenticate", json!({ "type": "authenticate", "challenge": BYTES, "language": "ar" })),
        seed(
            "sign",
            json!({
                "type": "sign", "format": "pades", "level": "B-LTA", "language": "fr",
                "documents": [{ "name": "a.pdf", "type": "application/pdf", "size": 100 }],
                "appearance": { "page": 1, "x": 10, "y": 10, "width": 100, "height": 40, "reason": "a" },
                "certificate": { "qualified": true },
            }),
        ),
        seed(
            "sign-digests",
            json!({
                "type": "sign-digests", "certificate": BYTES,
                "digests": [{ "name": "a.pdf", "digest": BYTES, "algorithm": "ES256" }],
            }),
        ),
        seed("signing-certificates", json!({ "type": "signing-certificates", "language": "zgh" })),
    ]
}

use serde_json::{Value, json};

use super::*;
use crate::certificate_wanted::MAX_IDENTIFIER;

fn code(request: &Value) -> Option<ErrorCode> {
    SigningRequest::parse(&request.to_string()).err().map(|report| report.code)
}

fn sign(change: impl FnOnce(&mut Value)) -> Value {
    let mut request = json!({
        "type": "sign", "format": "pades", "level": "B-B",
        "documents": [{ "name": "عقد.pdf", "type": "application/pdf", "size": 100 }],
    });
    change(&mut request);
    request
}

#[test]
fn a_request_is_read_as_it_is_written() {
    let text = sign(|_| {}).to_string();
    let SigningRequest::Sign { documents, level, certificate, .. } = SigningRequest::parse(&text).unwrap()
    else {
        panic!("another request");
    };
    assert_eq!((documents[0].name.as_str(), documents[0].size), ("عقد.pdf", 100));
    assert_eq!((level, certificate.qualified), (SignatureLevel::BB, false));
    for (name, level) in
        [("B-T", SignatureLevel::BT), ("B-LT", SignatureLevel::BLt), ("B-LTA", SignatureLevel::BLta)]
    {
        let text = sign(|request| request["level"] = json!(name)).to_string();
        let parsed = SigningRequest::parse(&text).unwrap();
        assert!(matches!(parsed, SigningRequest::Sign { level: read, .. } if read == level), "{name}");
    }
    assert_eq!(
        SigningRequest::parse(r#"{"type":"signing-certificates","language":"ar"}"#).unwrap().language(),
        Some(Language::Ar)
    );
}

#[test]
fn what_a_certificate_is_to_say_is_read() {
    let with = |certificate: Value| code(&sign(|request| request["certificate"] = certificate.clone()));
    for good in [
        json!({}),
        json!({ "qualified": true, "type": "seal", "legislation": "MA", "policy": "1.2.504.1.1.1" }),
        json!({ "type": "signature", "legislation": "EU" }),
    ] {
        assert_eq!(with(good), None);
    }
    for bad in [
        json!({ "type": "web-site" }),
        json!({ "legislation": "ma" }),
        json!({ "legislation": "MAR" }),
        json!({ "policy": "" }),
        json!({ "policy": "1" }),
        json!({ "policy": "1..2" }),
        json!({ "policy": "1.2.x" }),
        json!({ "policy": format!("1.{}", "2".repeat(MAX_IDENTIFIER)) }),
        json!({ "issuer": "CN=A" }),
    ] {
        assert_eq!(with(bad), Some(ErrorCode::RequestInvalid));
    }
}

#[test]
fn an_image_is_a_small_png_or_jpeg() {
    let with = |image: &[u8]| {
        let image = Bytes(image.to_vec());
        sign(|request| {
            let place = json!({ "page": 1, "x": 1, "y": 1, "width": 180, "height": 50, "reason": "سبب" });
            request["appearance"] = place;
            request["appearance"]["image"] = json!(image);
        })
    };
    let padded = |first: &[u8], length: usize| {
        let mut image = first.to_vec();
        image.resize(length, 0);
        image
    };
    for first in IMAGES {
        assert_eq!(code(&with(&padded(first, MAX_IMAGE))), None);
        let larger = with(&padded(first, MAX_IMAGE + 1));
        assert_eq!(code(&larger), Some(ErrorCode::RequestTooLarge));
    }
    for wrong in [&b"GIF89a"[..], b"", b"\xff\xd8", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"] {
        assert_eq!(code(&with(wrong)), Some(ErrorCode::RequestInvalid));
    }
    let mut named = with(IMAGES[0]);
    named["appearance"]["name"] = json!("Somebody else");
    assert_eq!(code(&named), Some(ErrorCode::RequestInvalid), "no site says who signs");
}

#[test]
fn what_no_format_has_is_refused() {
    let wrong = [
        sign(|request| request["packaging"] = json!("detached")),
        sign(|request| request["format"] = json!("zip")),
        sign(|request| request["level"] = json!("B-X")),
        sign(|request| request["documents"] = json!([])),
        sign(|request| request["documents"] = json!(vec![request["documents"][0].clone(); 501])),
        sign(|request| request["documents"][0]["name"] = json!("a\nb")),
        sign(|request| request["documents"][0]["size"] = json!(-1)),
        sign(|request| request["pin"] = json!("1234")),
        sign(|request| request["documents"][0]["type"] = json!("a/\nb")),
        sign(|request| request["documents"][0]["type"] = json!("a".repeat(256))),
        sign(|request| {
            request["format"] = json!("cades");
            request["appearance"] = json!({ "page": 1, "x": 1, "y": 1, "width": 9, "height": 9 });
        }),
    ];
    for request in wrong {
        assert_eq!(code(&request), Some(ErrorCode::RequestInvalid), "{request}");
    }
    let large = sign(|request| request["documents"][0]["size"] = json!(MAX_DOCUMENT + 1));
    assert_eq!(code(&large), Some(ErrorCode::RequestTooLarge));
    let many = |size: u64, count: usize| {
        sign(|request| {
            request["documents"][0]["size"] = json!(size);
            request["documents"] = json!(vec![request["documents"][0].clone(); count]);
        })
    };
    assert_eq!(code(&many(MAX_DOCUMENT, 2)), None);
    for (size, count) in [(MAX_DOCUMENT, 3), (u64::MAX, 500)] {
        assert_eq!(code(&many(size, count)), Some(ErrorCode::RequestTooLarge));
    }
    let long = format!(
        r#"{{"type":"signing-certificates","language":"{}"}}"#,
        "x".repeat(MAX_SIGNING_REQUEST_LENGTH)
    );
    assert_eq!(SigningRequest::parse(&long).unwrap_err().code, ErrorCode::RequestTooLarge);
}

/// What is attached to a JWS goes to the host whole, and what is beside it does not.
#[test]
fn more_than_the_host_takes_is_not_attached_to_a_jws() {
    let with = |format: &str, packaging: Option<&str>, sizes: &[u64]| {
        let listed: Vec<Value> =
            sizes.iter().map(|size| json!({ "name": "a", "type": "", "size": size })).collect();
        code(&sign(|request| {
            request["format"] = json!(format);
            request["documents"] = json!(listed);
            if let Some(packaging) = packaging {
                request["packaging"] = json!(packaging);
            }
        }))
    };
    let most = MAX_ATTACHED_TO_JWS - EACH_IN_JWS;
    for packaging in [None, Some("attached")] {
        assert_eq!(with("jades", packaging, &[most]), None);
        assert_eq!(with("jades", packaging, &[most + 1]), Some(ErrorCode::RequestTooLarge));
        assert_eq!(with("jades", packaging, &[most, 0]), Some(ErrorCode::RequestTooLarge));
        assert_eq!(with("cades", packaging, &[MAX_DOCUMENT]), None);
    }
    assert_eq!(with("jades", None, &[0; 500]), None);
    assert_eq!(with("jades", Some("detached"), &[MAX_DOCUMENT]), None);
    assert_eq!(with("asic-e", None, &[MAX_DOCUMENT]), None);
}

#[test]
fn a_format_has_its_own_packagings() {
    for (format, packaging, good) in [
        ("cades", "attached", true),
        ("cades", "enveloped", false),
        ("xades", "enveloped", true),
        ("xades", "attached", false),
        ("jades", "detached", true),
        ("asic-e", "detached", false),
    ] {
        let request = sign(|request| {
            request["format"] = json!(format);
            request["packaging"] = json!(packaging);
        });
        assert_eq!(code(&request).is_none(), good, "{request}");
    }
}

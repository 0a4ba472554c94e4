//! JWS that `jose` and `jwcrypto` signed, with the header parameters of JAdES.

use std::fs;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bitaqa_jose::base64url;
use bitaqa_signature::Hash;
use serde_json::{Value, json};

use crate::{
    Beside, CONTENT, LEVELS,
    judges::JUDGES,
    pki, raised,
    support::{Holder, Kind},
};

/// Header parameters of B-B (TS 119 182-1 clause 6).
fn header(holder: &Holder) -> Value {
    let certificate = holder.certificate.der();
    let chain = [certificate, pki().authority().der()].map(|der| STANDARD.encode(der));
    let digest = base64url::encode(&Hash::Sha256.digest(&[certificate]));
    json!({"iat": 1_780_315_200, "x5t#S256": digest, "x5c": chain})
}

/// Protected header, payload and signature of the only signature, in whichever form.
fn parts(document: &[u8]) -> [String; 3] {
    let text = std::str::from_utf8(document).unwrap();
    let Ok(json) = serde_json::from_str::<Value>(text) else {
        let parts: Vec<String> = text.split('.').map(str::to_owned).collect();
        return parts.try_into().unwrap();
    };
    let signature = json["signatures"].get(0).unwrap_or(&json);
    [&signature["protected"], &json["payload"], &signature["signature"]]
        .map(|part| part.as_str().unwrap().to_owned())
}

#[test]
fn what_jose_and_jwcrypto_signed_is_raised_and_both_accept_it() {
    let mut tasks = Vec::new();
    for (kind, algorithm) in [(Kind::P256, "ES256"), (Kind::P521, "ES512"), (Kind::Rsa2048, "PS256")] {
        let holder = pki().signer(kind);
        let key = fs::read_to_string(&holder.key_file).unwrap();
        let certificate = fs::read_to_string(&holder.certificate_file).unwrap();
        for judge in JUDGES {
            for form in ["compact", "flattened", "general"] {
                let task = json!({"task": "sign", "form": form, "key": key, "algorithm": algorithm,
                    "header": header(&holder), "content": base64url::encode(CONTENT)});
                let before = judge.done(&[task])[0].as_str().unwrap().as_bytes().to_vec();
                let name = format!("{judge:?} {algorithm} {form}");
                for (level, file) in LEVELS.into_iter().zip(raised(&name, &before, &Beside(false))) {
                    assert_eq!(parts(&file), parts(&before), "{name} {level}");
                    tasks.push(json!({"task": "verify", "document": String::from_utf8(file).unwrap(),
                        "certificate": certificate, "algorithm": algorithm}));
                }
            }
        }
    }
    for judge in JUDGES {
        for result in judge.done(&tasks) {
            assert_eq!(result["content"], base64url::encode(CONTENT));
        }
    }
    println!("jose and jwcrypto accept {} files that they signed and that were raised", tasks.len());
}

//! The examples of the standards, as far as they use what is read here, and refused where they do not.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

use bitaqa_jose::{
    CompactJwe, CompactJws, Curve, JwkError, JwsHeader, PrivateJwk, PublicJwk, SignatureAlgorithm, Signer,
    UnsignedJws,
    jwe::{JweError, JweRules},
    jws::{ExpectedType, JwsError, JwsRules},
};

const NO_TYPE: JwsRules<'_> =
    JwsRules { type_: ExpectedType::Absent, algorithms: &SignatureAlgorithm::ALL, max_length: 4096 };

/// RFC 7515, appendix A.3.
const ES256_KEY: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#;
const ES256: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb2\
    90Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

/// RFC 8037, appendix A.
const ED25519_KEY: &str = r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
const EDDSA: &str = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6d\
    WbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

fn private(text: &str) -> PrivateJwk {
    PrivateJwk::parse(text.as_bytes()).unwrap()
}

#[test]
fn rfc_7515_appendix_a_3() {
    let key = private(ES256_KEY);
    let jws = CompactJws::parse(ES256, &NO_TYPE).unwrap();
    assert_eq!(jws.header().algorithm, SignatureAlgorithm::Es256);
    let payload = jws.verify(key.public()).unwrap();
    assert_eq!(
        payload,
        b"{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}"
    );
}

#[test]
fn rfc_8037_appendix_a() {
    let key = private(ED25519_KEY);
    // A.3
    assert_eq!(key.public().thumbprint().to_string(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    // A.5
    let payload = CompactJws::parse(EDDSA, &NO_TYPE).unwrap().verify(key.public()).unwrap();
    assert_eq!(payload, b"Example of Ed25519 signing");
    // A.4: a signature that has one value only
    let mut header = JwsHeader::new(SignatureAlgorithm::EdDsa, "");
    header.type_ = None;
    let unsigned = UnsignedJws::new(&header, &payload).unwrap();
    let signature = key.sign(unsigned.signing_input()).unwrap();
    assert_eq!(unsigned.finish(&signature).unwrap(), EDDSA);
}

#[test]
fn rfc_7517_appendix_a() {
    let public = r#"{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","use":"enc","kid":"1"}"#;
    let key = PublicJwk::parse(public.as_bytes()).unwrap();
    assert_eq!((key.curve(), key.key_id()), (Curve::P256, Some("1")));
    // it is for encryption, and so verifies nothing
    assert_eq!(key.verify(SignatureAlgorithm::Es256, b"", &[1; 64]), Err(JwkError::Use));
    let with_d = public.replace("\"use\"", "\"d\":\"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE\",\"use\"");
    assert_eq!(PublicJwk::parse(with_d.as_bytes()), Err(JwkError::Private));
    assert_eq!(private(&with_d).public(), &key);
    assert_eq!(PrivateJwk::parse(public.as_bytes()).unwrap_err(), JwkError::NotPrivate);
}

/// RFC 7520, section 3.1 and 3.3: kinds of keys that are not read here.
#[test]
fn keys_of_other_kinds_are_refused() {
    let p521 = r#"{"kty":"EC","crv":"P-521","x":"AHKZLLOsCOzz5cY97ewNUajB957y-C-U88c3v13nmGZx6sYl_oJXu9A5RkTKqjqvjyekWF-7ytDyRXYgCF5cj0Kt",
        "y":"AdymlHvOiLxXkEhayXQnNCvDX4h9htZaCJN34kfmC6pV5OhQHiraVySsUdaQkAgDPrwQrJmbnX9cwlGfP-HqHZR1"}"#;
    let rsa = r#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#;
    let octets = r#"{"kty":"oct","k":"GawgguFyGrWKav7AX4VKUg"}"#;
    for (text, error) in [(p521, JwkError::Curve), (rsa, JwkError::Curve), (octets, JwkError::Private)] {
        assert_eq!(PublicJwk::parse(text.as_bytes()), Err(error), "{text}");
    }
}

/// RFC 7515, appendix A.1 (HS256), A.5 (none).
#[test]
fn other_algorithms_of_rfc_7515_are_refused() {
    let rest =
        ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.";
    for (header, signature) in
        [("eyJhbGciOiJub25lIn0", ""), ("eyJhbGciOiJIUzI1NiJ9", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")]
    {
        let text = format!("{header}{rest}{signature}");
        assert_eq!(CompactJws::parse(&text, &NO_TYPE).unwrap_err(), JwsError::Algorithm);
    }
}

/// RFC 7520, section 5.5: the key agreement is ours, the cipher is not.
#[test]
fn the_message_of_rfc_7520_section_5_5_is_refused_for_its_cipher() {
    let text = "eyJhbGciOiJFQ0RILUVTIiwia2lkIjoibWVyaWFkb2MuYnJhbmR5YnVja0BidWNrbGFuZC5leGFtcGxlIiwiZXBrIjp7Imt0eSI6IkVDIiwiY3J2\
        IjoiUC0yNTYiLCJ4IjoibVBVS1RfYkFXR0hJaGcwVHBqanFWc1AxclhXUXVfdndWT0hIdE5rZFlvQSIsInkiOiI4QlFBc0ltR2VBUzQ2ZnlXdzVNaFlmR1RUMElqQn\
        BGdzJTUzM0RHY0SXJzIn0sImVuYyI6IkExMjhDQkMtSFMyNTYifQ..yc9N8v5sYyv3iGQT926IUg.BoDl.WCCkNa-x4BeB9hIDIfFuhg";
    let rules = JweRules {
        type_: ExpectedType::Absent,
        encryptions: &[bitaqa_jose::ContentEncryption::A256Gcm],
        max_length: 4096,
    };
    assert_eq!(CompactJwe::parse(text, &rules).unwrap_err(), JweError::Encryption);
}

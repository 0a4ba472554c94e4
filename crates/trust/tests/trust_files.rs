//! What an administrator writes: certificate bundles and issuer profiles, right and wrong.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod test_pki;

use std::io;

use bitaqa_trust::{
    Assurance, Certificate, IssuerProfiles, Level, TrustStore,
    issuer_profile_file::IssuerProfileError,
    pem_bundle::{self, BundleProblem},
};
use test_pki::{Issued, Key, Kind, Template};

fn root() -> Issued {
    Template::authority("Example Root").self_signed(Key::new(Kind::P256, 1))
}

fn other() -> Issued {
    Template::authority("Other Root").self_signed(Key::new(Kind::P256, 2))
}

#[test]
fn a_bundle_has_one_or_many_certificates_and_text_between_them() {
    let (one, two) = (root(), other());
    let text = format!("subject=Example Root\n{}\nanother\r\n{}", one.pem(), two.pem().replace('\n', "\r\n"));
    let found = pem_bundle::certificates("roots.pem", text.as_bytes()).unwrap();
    assert_eq!(found, [one.der.clone(), two.der].map(|der| Certificate::from_der(&der).unwrap()));
    assert_eq!(pem_bundle::certificates("root.der", &one.der).unwrap().len(), 1);
}

#[test]
fn a_wrong_bundle_says_which_file_and_which_certificate() {
    let good = root().pem();
    let begin = "-----BEGIN CERTIFICATE-----\n";
    let end = "-----END CERTIFICATE-----\n";
    let trailing = [&root().der[..], &[0]].concat();
    for (bytes, block, message) in [
        (b"".to_vec(), None, "no certificate found"),
        (b"hello".to_vec(), None, "no certificate found"),
        (vec![0xff, 0xfe], None, "no certificate found"),
        (trailing, None, "not DER"),
        (good.replace("CERTIFICATE", "TRUSTED CERTIFICATE").into_bytes(), Some(1), "not a CERTIFICATE"),
        (
            format!("{good}{}", good.replace("CERTIFICATE", "PRIVATE KEY")).into_bytes(),
            Some(2),
            "not a CERTIFICATE",
        ),
        (format!("{good}{begin}").into_bytes(), Some(2), "belong together"),
        (format!("{good}{begin}{good}").into_bytes(), Some(2), "belong together"),
        (end.as_bytes().to_vec(), Some(1), "belong together"),
        (format!("{begin}AAA{end}").into_bytes(), Some(1), "belong together"),
        (format!("{begin}A-A_\n{end}").into_bytes(), Some(1), "not base64"),
        (format!("{begin}MAB=\n{end}").into_bytes(), Some(1), "not base64"),
        (format!("{good}{begin}MAA=\n{end}").into_bytes(), Some(2), "not DER"),
        (format!("{begin}{}{end}", "AAAA\n".repeat(5000)).into_bytes(), Some(1), "at most 8192"),
    ] {
        let error = pem_bundle::certificates("roots.pem", &bytes).unwrap_err();
        assert_eq!(error.block, block, "{error}");
        assert!(error.to_string().starts_with("roots.pem"), "{error}");
        assert!(error.to_string().contains(message), "{error} should say {message}");
    }
    let huge = vec![b' '; pem_bundle::MAX_LENGTH + 1];
    assert_eq!(pem_bundle::certificates("x", &huge).unwrap_err().problem, BundleProblem::TooLong);
    let crowd = good.repeat(pem_bundle::MAX_CERTIFICATES + 1);
    assert_eq!(pem_bundle::certificates("x", crowd.as_bytes()).unwrap_err().problem, BundleProblem::TooMany);
}

#[test]
fn a_store_takes_self_signed_certificates_as_anchors_and_the_others_as_intermediates() {
    let root = root();
    let issuing = Template::authority("Example Issuing").issued_by(&root, Key::new(Kind::P256, 3));
    // the same name above and below, another key: a rollover certificate, not a root
    let rollover = Template::authority("Example Root").issued_by(&root, Key::new(Kind::P256, 4));
    let mut store = TrustStore::new();
    for issued in [&root, &issuing, &rollover, &root] {
        store.add(Certificate::from_der(&issued.der).unwrap());
    }
    assert_eq!((store.anchors().len(), store.intermediates().len()), (1, 2));
}

fn parse(text: &str) -> Result<IssuerProfiles, IssuerProfileError> {
    IssuerProfiles::parse(text, |file| match file {
        "root.pem" => Ok(root().pem().into_bytes()),
        "other.der" => Ok(other().der),
        "empty.pem" => Ok(Vec::new()),
        _ => Err(io::Error::new(io::ErrorKind::NotFound, "no such file")),
    })
}

#[test]
fn a_profile_file_is_read_with_its_certificates() {
    let profiles = parse(
        r#"
        schema = 1
        [[issuer]]
        name = "Example State, national card"
        anchors = ["root.pem"]
        intermediates = ["other.der"]
        required_policies = ["1.3.6.1.4.1.32473.1.2"]
        forbidden_policies = ["1.3.6.1.4.1.32473.1.9"]
        required_qc_statements = ["0.4.0.1862.1.1"]
        required_key_usages = ["digital-signature"]
        level = "high"
        [[issuer]]
        name = "Test cards"
        test = true
        anchors = ["other.der"]
        "#,
    )
    .unwrap();
    let [state, test] = profiles.profiles() else { unreachable!("two issuers") };
    assert_eq!(
        (state.name(), state.level(), state.assurance()),
        ("Example State, national card", Level::High, Assurance::Production)
    );
    assert_eq!((test.level(), test.assurance()), (Level::None, Assurance::Test));
    assert_eq!((profiles.store().anchors().len(), profiles.store().intermediates().len()), (2, 1));
}

#[test]
fn a_wrong_profile_file_says_what_is_wrong() {
    let issuer = "schema = 1\n[[issuer]]\nname = \"A\"\nanchors = [\"root.pem\"]\n";
    let other = "[[issuer]]\nname = \"B\"\nanchors = [\"root.pem\"]\n";
    for (text, message) in [
        (String::new(), "missing field `schema`"),
        ("schema = 1".into(), "at least one [[issuer]]"),
        (issuer.replace("schema = 1", "schema = 2"), "schema = 2"),
        (issuer.replace("schema = 1", "schema = \"1\""), "invalid type"),
        (format!("{issuer}polices = []"), "unknown field `polices`"),
        (format!("x = 1\n{issuer}"), "unknown field `x`"),
        (issuer.replace("name = \"A\"", ""), "missing field `name`"),
        (issuer.replace("\"A\"", "\" \""), "1 to 200 characters"),
        (issuer.replace("anchors = [\"root.pem\"]", ""), "missing field `anchors`"),
        (issuer.replace("\"root.pem\"", ""), "at least one anchor"),
        (issuer.replace("root.pem", "lost.pem"), "lost.pem: no such file"),
        (issuer.replace("root.pem", "empty.pem"), "empty.pem: no certificate found"),
        (format!("{issuer}level = \"High\""), "unknown variant `High`"),
        (format!("{issuer}required_policies = [\"high\"]"), "\"high\" is not an object identifier"),
        (format!("{issuer}required_key_usages = [\"sign\"]"), "unknown variant `sign`"),
        (format!("{issuer}test = true\n{other}"), "share an anchor"),
        (format!("{issuer}{issuer}"), "unknown field `schema`"),
        (" ".repeat(300 * 1024), "more than 262144 bytes"),
    ] {
        let error = parse(&text).unwrap_err().to_string();
        assert!(error.contains(message), "{error} should say {message}");
    }
    assert!(parse(&format!("{issuer}{other}")).is_ok());
}

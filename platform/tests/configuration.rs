//! The configuration, and what is said where it is wrong.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where it cannot go on")]
// of what the tests share, this uses the folders only
#![allow(dead_code)]

#[path = "../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;

use std::{fs, path::Path};

use bitaqa_jose::{Curve, PrivateJwk};
use bitaqa_platform::{
    assurance::Proofing,
    key_store::KeyPlace,
    secret::fill,
    settings::{Realm, Settings},
};
use bitaqa_trust::identity::result::DocumentKind;
use bitaqa_virtual_card::{CardSpec, spec::Hypothesis};
use test_pki::{Key, Kind, Template};

const GOOD: &str = r#"schema = 1
issuer = "https://id.example.ma"
listen = "127.0.0.1:0"
realm = "sandbox"
database = "sqlite:platform.db"
sdk = "sdk"
[keys]
file = "keys.sealed"
unsealing = "keys.unsealing"
[cards]
profiles = "issuers.toml"
[[cards.issuer]]
name = "Test cards"
population = "test"
proofing = "kiosk"
"#;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = Template::authority("Root").self_signed(Key::new(Kind::P256, 1));
    fs::write(folder.path().join("root.pem"), root.pem()).unwrap();
    let profiles = "schema = 1\n[[issuer]]\nname = \"Test cards\"\ntest = true\nanchors = [\"root.pem\"]\n";
    fs::write(folder.path().join("issuers.toml"), profiles).unwrap();
    fs::create_dir(folder.path().join("sdk")).unwrap();
    fs::write(folder.path().join("sdk/bitaqa-web.js"), "").unwrap();
    folder
}

fn read(folder: &Path, text: &str) -> Result<Settings, String> {
    let path = folder.join("platform.toml");
    fs::write(&path, text).unwrap();
    Settings::read(&path).map_err(|error| error.to_string())
}

#[test]
fn everything_lies_beside_the_configuration() {
    let folder = folder();
    let settings = read(folder.path(), GOOD).unwrap();
    assert_eq!(settings.realm, Realm::Sandbox);
    let KeyPlace::SealedFile { file, .. } = &settings.keys else { panic!("{settings:?}") };
    assert_eq!(*file, folder.path().join("keys.sealed"));
    let token = GOOD.replace(
        "file = \"keys.sealed\"\nunsealing = \"keys.unsealing\"",
        "pkcs11 = { module = \"/lib/module.so\", token = \"bitaqa\", pin = \"pin\" }",
    );
    let KeyPlace::Token { module, label, pin } = read(folder.path(), &token).unwrap().keys else { panic!() };
    assert_eq!((module.as_path(), label.as_str()), (Path::new("/lib/module.so"), "bitaqa"));
    assert_eq!(pin, folder.path().join("pin"));
    assert_eq!(settings.database, format!("sqlite:{}", folder.path().join("platform.db").display()));
    assert_eq!(settings.populations.of("Test cards").unwrap().proofing, Proofing::Kiosk);
    assert_eq!(settings.populations.of("Others"), None);
    let postgres = GOOD.replace("sqlite:platform.db", "postgres://u:p@127.0.0.1/platform");
    assert_eq!(read(folder.path(), &postgres).unwrap().database, "postgres://u:p@127.0.0.1/platform");
}

/// What follows the issuer in the file of a platform that asks chips itself.
const ASKING: &str = r#"document = { state = "MAR", number_prefix = "PNOMA-" }
[identity]
countries = ["csca.der"]
claims = ["given_name", "family_name", "birthdate", "gender", "nationalities", "personal_number", "document_number", "date_of_expiry",
  "given_name#ar", "family_name#ar", "place_of_birth", "place_of_birth#ar", "address", "address#ar", "other_personal_details"]
legal_name = { ar = "المنصة", fr = "La plateforme", en = "The platform" }
sign_in = { ar = "تسجيل الدخول", fr = "Connexion", en = "Signing in" }
"#;

#[test]
fn cards_are_documents_where_the_platform_may_know_what_they_tell() {
    let folder = folder();
    let authority = bitaqa_answers::authority(&CardSpec::cnie_2(Hypothesis::IcaoOnly, 1)).unwrap();
    fs::write(folder.path().join("csca.der"), authority).unwrap();
    let good = format!("{GOOD}{ASKING}");
    let settings = read(folder.path(), &good).unwrap();
    let card = |code: &str, state: &str| DocumentKind {
        code: code.to_owned(),
        state: state.to_owned(),
        authority: bitaqa_trust::identity::country::alpha_2(state).map(str::to_owned),
        expiry: None,
    };
    let of = |document: &DocumentKind| {
        settings.populations.of_document(document).map(|(issuer, _)| issuer.to_owned())
    };
    assert_eq!(of(&card("I", "MAR")).as_deref(), Some("Test cards"));
    assert_eq!((of(&card("P", "MAR")), of(&card("I", "BHR"))), (None, None));
    assert_eq!(settings.identity.unwrap().legal_name.en.as_str(), "The platform");
    for (from, to, said) in [
        ("[identity]", "[identity_of_others]", "unknown field"),
        ("state = \"MAR\"", "state = \"Morocco\"", "document has a state as documents write it"),
        ("\"PNOMA-\"", "\"PNO MA\"", "document has a state as documents write it"),
        (", number_prefix = \"PNOMA-\"", "", "missing field `number_prefix`"),
        (", \"other_personal_details\"", "", "missing: other_personal_details"),
        ("csca.der", "lost.der", "lost.der: No such file"),
        ("csca.der", "issuers.toml", "issuers.toml"),
        ("[\"csca.der\"]", "[]", "1 to 256 files"),
    ] {
        assert!(good.contains(from), "{from}");
        let error = read(folder.path(), &good.replace(from, to)).unwrap_err();
        assert!(error.contains(said), "{to}: {error}");
    }
    // without [identity], and where another issuer has the same state
    let (document, _) = ASKING.split_once("[identity]").unwrap();
    let error = read(folder.path(), &format!("{GOOD}{document}")).unwrap_err();
    assert!(
        error.contains("claims of [identity] have to allow") && error.contains("personal_number"),
        "{error}"
    );
    let profiles = fs::read_to_string(folder.path().join("issuers.toml")).unwrap();
    let other = Template::authority("Other").self_signed(Key::new(Kind::P256, 2));
    fs::write(folder.path().join("other.pem"), other.pem()).unwrap();
    let more = "[[issuer]]\nname = \"Others\"\ntest = true\nanchors = [\"other.pem\"]\n";
    fs::write(folder.path().join("issuers.toml"), profiles + more).unwrap();
    let others = |document: &str| {
        format!(
            "{good}[[cards.issuer]]\nname = \"Others\"\npopulation = \"others\"\nproofing = \"kiosk\"\n{document}"
        )
    };
    assert!(read(folder.path(), &others(document)).unwrap_err().contains("no other issuer's"));
    read(folder.path(), &others(&document.replace("MAR", "BHR"))).unwrap();
    read(folder.path(), &others("")).unwrap();
}

#[test]
fn a_wrong_configuration_says_what_is_wrong() {
    let folder = folder();
    for (from, to, said) in [
        ("schema = 1", "schema = 2", "reads schema = 1"),
        ("unsealing = \"keys.unsealing\"", "", "either file and unsealing, or pkcs11"),
        (
            "unsealing = \"keys.unsealing\"",
            "unsealing = \"k\"\npkcs11 = { module = \"m\", token = \"t\", pin = \"p\" }",
            "either file and unsealing, or pkcs11",
        ),
        ("[cards]", "[operation]\nlog = \"all\"\n[cards]", "unknown variant `all`"),
        ("[cards]", "[operation]\nlisten = \"9090\"\n[cards]", "invalid socket address"),
        (
            "[cards]",
            "[administration]\nlisten = \"0.0.0.0:9091\"\n[cards]",
            "administration: origin is needed",
        ),
        (
            "[cards]",
            "[administration]\nlisten = \"127.0.0.1:9091\"\norigin = \"http://admin.example.ma\"\n[cards]",
            "plain http is allowed on this computer only",
        ),
        ("realm = \"sandbox\"", "realm = \"sandbox\"\nextra = 1", "unknown field `extra`"),
        ("realm = \"sandbox\"", "realm = \"production\"", "test cards are for the sandbox"),
        ("realm = \"sandbox\"", "realm = \"other\"", "unknown variant"),
        ("https://id.example.ma", "http://id.example.ma", "plain http is allowed on this computer only"),
        ("https://id.example.ma", "https://id.example.ma/path", "TOML parse error"),
        ("sqlite:platform.db", "mysql://x", "database: sqlite:FILE"),
        ("sqlite:platform.db", "sqlite::memory:", "database: sqlite:FILE"),
        ("sdk = \"sdk\"", "sdk = \"none\"", "there is no bitaqa-web.js"),
        ("name = \"Test cards\"", "name = \"Others\"", "no profile has that name"),
        ("population = \"test\"", "population = \"Test!\"", "small letters"),
        ("proofing = \"kiosk\"", "proofing = \"guess\"", "unknown variant"),
        (
            "proofing = \"kiosk\"",
            "proofing = \"kiosk\"\ntrust_framework = \"a b\"",
            "trust framework has a name",
        ),
        (
            "proofing = \"kiosk\"",
            "proofing = \"none\"\ntrust_framework = \"a\"",
            "trust framework has a name",
        ),
        ("profiles = \"issuers.toml\"", "profiles = \"lost.toml\"", "lost.toml: No such file"),
    ] {
        assert!(GOOD.contains(from), "{from}");
        let error = read(folder.path(), &GOOD.replace(from, to)).unwrap_err();
        assert!(error.contains(said), "{to}: {error}");
    }
    let key = |name: &str| {
        let key = PrivateJwk::generate(Curve::P256, &mut fill).unwrap();
        fs::write(folder.path().join(name), serde_json::to_string(key.public()).unwrap()).unwrap();
        fs::write(folder.path().join(format!("{name}.private")), key.to_json().as_bytes()).unwrap();
    };
    for name in ["one.jwk", "two.jwk"] {
        key(name);
    }
    let operators = "[[operator]]\nname = \"sanae\"\nrole = \"onboarder\"\nkey = \"one.jwk\"\n\
                     [[operator]]\nname = \"idir\"\nrole = \"authoriser\"\nkey = \"two.jwk\"\nuntil = \"2027-06-01T00:00:00Z\"\n";
    let settings = read(folder.path(), &format!("{GOOD}{operators}")).unwrap();
    assert_eq!(settings.operators.named("idir").unwrap().until, Some(1_811_808_000));
    for (from, to, said) in [
        ("two.jwk", "one.jwk", "it has the key of \"sanae\""),
        ("idir", "sanae", "it stands there twice"),
        ("two.jwk", "two.jwk.private", "two.jwk.private: "),
        ("two.jwk", "lost.jwk", "lost.jwk: No such file"),
        ("2027-06-01T00:00:00Z", "next year", "until is a time"),
        ("authoriser", "auditor", "unknown variant"),
    ] {
        let error = read(folder.path(), &format!("{GOOD}{}", operators.replace(from, to))).unwrap_err();
        assert!(error.contains(said), "{to}: {error}");
    }
    let twice =
        format!("{GOOD}[[cards.issuer]]\nname = \"Test cards\"\npopulation = \"x\"\nproofing = \"none\"\n");
    assert!(read(folder.path(), &twice).unwrap_err().contains("twice"));
    let (unsaid, _) = GOOD.split_once("[[cards.issuer]]").unwrap();
    for text in [format!("{unsaid}issuer = []\n"), unsaid.to_owned()] {
        let error = read(folder.path(), &text).unwrap_err();
        assert!(error.contains("no [[cards.issuer]]") || error.contains("missing field `issuer`"), "{error}");
    }
}

//! What operators write: the configuration and the registrations, and what is said where they are wrong.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where it cannot go on")]
// of what the tests share, this uses the folders only
#![allow(dead_code)]

#[path = "../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;

use std::{fs, path::Path};

use bitaqa_jose::{Curve, PrivateJwk};
use bitaqa_platform::{
    assurance::Proofing,
    registration::{ClientAuthentication, Profile, Registration},
    secret::fill,
    settings::{Realm, Settings},
};
use bitaqa_trust::Level;
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
    assert_eq!(settings.key_file, folder.path().join("keys.sealed"));
    assert_eq!(settings.database, format!("sqlite:{}", folder.path().join("platform.db").display()));
    assert_eq!(settings.populations.of("Test cards").unwrap().proofing, Proofing::Kiosk);
    assert_eq!(settings.populations.of("Others"), None);
    let postgres = GOOD.replace("sqlite:platform.db", "postgres://u:p@127.0.0.1/platform");
    assert_eq!(read(folder.path(), &postgres).unwrap().database, "postgres://u:p@127.0.0.1/platform");
}

#[test]
fn a_wrong_configuration_says_what_is_wrong() {
    let folder = folder();
    for (from, to, said) in [
        ("schema = 1", "schema = 2", "reads schema = 1"),
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
    let twice =
        format!("{GOOD}[[cards.issuer]]\nname = \"Test cards\"\npopulation = \"x\"\nproofing = \"none\"\n");
    assert!(read(folder.path(), &twice).unwrap_err().contains("twice"));
    let (unsaid, _) = GOOD.split_once("[[cards.issuer]]").unwrap();
    for text in [format!("{unsaid}issuer = []\n"), unsaid.to_owned()] {
        let error = read(folder.path(), &text).unwrap_err();
        assert!(error.contains("no [[cards.issuer]]") || error.contains("missing field `issuer`"), "{error}");
    }
}

const BANK: &str = r#"id = "bank"
authentication = "private-key-jwt"
keys = "bank.jwks.json"
redirect_uris = ["https://bank.example.ma/callback", "https://bank.example.ma/other?x=1"]
claims = ["name", "personal_number"]
require_pushed_requests = true
minimum_level = "substantial"
[name]
ar = "المصرف"
fr = "La banque"
en = "The bank"
[purpose]
ar = "لفتح حساب"
fr = "ouvrir un compte"
en = "to open an account"
"#;
const KEY: &str = r#"{"kty":"EC","kid":"one","crv":"P-256","x":"mPUKT_bAWGHIhg0TpjjqVsP1rXWQu_vwVOHHtNkdYoA","y":"8BQAsImGeAS46fyWw5MhYfGTT0IjBpFw2SS34Dv4Irs"}"#;

fn register(folder: &Path, text: &str, realm: Realm) -> Result<(String, Registration), String> {
    let path = folder.join("bank.toml");
    fs::write(&path, text).unwrap();
    Registration::read(&path, realm).map_err(|error| error.to_string())
}

#[test]
fn a_registration_names_who_asks_and_what_for() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bank.jwks.json"), format!("{{\"keys\":[{KEY}]}}")).unwrap();
    let (id, bank) = register(folder.path(), BANK, Realm::Production).unwrap();
    assert_eq!((id.as_str(), bank.sector.as_str()), ("bank", "bank.example.ma"));
    assert_eq!(
        (bank.authentication, bank.minimum_level),
        (ClientAuthentication::PrivateKeyJwt, Level::Substantial)
    );
    assert_eq!(bank.keys.len(), 1);
    let here = BANK.replace("https://bank.example.ma/callback", "http://127.0.0.1:3000/cb");
    let here = here.replace("claims", "sector = \"bank.example.ma\"\nclaims");
    assert_eq!(bank.backchannel_logout_uri, None);
    let told = "backchannel_logout_uri = \"https://bank.example.ma/out\"\nbackchannel_logout_session_required = true\nclaims";
    let (_, told) = register(folder.path(), &BANK.replacen("claims", told, 1), Realm::Production).unwrap();
    assert_eq!(told.backchannel_logout_uri.as_deref(), Some("https://bank.example.ma/out"));
    register(folder.path(), &here, Realm::Sandbox).unwrap();
    let ipv6 = BANK.replace(
        "[\"https://bank.example.ma/callback\", \"https://bank.example.ma/other?x=1\"]",
        "[\"http://[::1]:3000/cb\"]",
    );
    assert_eq!(register(folder.path(), &ipv6, Realm::Sandbox).unwrap().1.sector, "[::1]");
    assert!(register(folder.path(), &here, Realm::Production).unwrap_err().contains("absolute https URI"));
}

#[test]
fn a_wrong_registration_says_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bank.jwks.json"), format!("{{\"keys\":[{KEY}]}}")).unwrap();
    fs::write(folder.path().join("twice.json"), format!("{{\"keys\":[{KEY},{KEY}]}}")).unwrap();
    let short = r#"{"keys":[{"kty":"RSA","n":"gQ","e":"AQAB"}]}"#;
    fs::write(folder.path().join("short.json"), short).unwrap();
    let private = KEY.replace("\"kid\"", "\"d\":\"AAAA\",\"kid\"");
    fs::write(folder.path().join("private.json"), format!("{{\"keys\":[{private}]}}")).unwrap();
    let uri = "https://bank.example.ma/callback";
    for (from, to, said) in [
        ("id = \"bank\"", "id = \"ba nk\"", "id: 1 to 64"),
        ("id = \"bank\"", "id = \"bank\"\nscopes = []", "unknown field"),
        ("id = \"bank\"", "id = \"bank\"\nprofile = \"fapi1\"", "unknown variant"),
        ("bank.jwks.json", "short.json", "2048 to 4096 bits"),
        ("private-key-jwt", "none", "keys: 1 to 16"),
        (
            "authentication = \"private-key-jwt\"\nkeys = \"bank.jwks.json\"",
            "authentication = \"none\"\nrequire_signed_requests = true",
            "require_signed_requests: only",
        ),
        ("private-key-jwt", "client-secret", "unknown variant"),
        ("keys = \"bank.jwks.json\"\n", "", "keys: 1 to 16"),
        ("bank.jwks.json", "twice.json", "keys: 1 to 16"),
        ("bank.jwks.json", "private.json", "private key"),
        (uri, "https://bank.example.ma/callback#x", "absolute https URI"),
        (uri, "https://u@bank.example.ma/callback", "absolute https URI"),
        (uri, "https://*.example.ma/callback", "absolute https URI"),
        (uri, "http://bank.example.ma/callback", "absolute https URI"),
        (uri, "app://callback", "absolute https URI"),
        (uri, "https://bank.example.ma/a b", "absolute https URI"),
        (uri, "https://other.example.ma/callback", "sector"),
        ("claims", "sector = \"Bank\"\nclaims", "sector"),
        ("claims", "backchannel_logout_uri = \"http://bank.example.ma/out\"\nclaims", "absolute https URI"),
        (
            "claims",
            "backchannel_logout_uri = \"https://bank.example.ma/out#x\"\nclaims",
            "absolute https URI",
        ),
        (
            "claims",
            "backchannel_logout_uri = \"https://bank.example.ma:0/out\"\nclaims",
            "backchannel_logout_uri: the port",
        ),
        ("claims", "backchannel_logout_session_required = true\nclaims", "without backchannel_logout_uri"),
        ("\"name\", ", "\"email\", ", "unknown variant"),
        ("fr = \"La banque\"\n", "", "missing field `fr`"),
        ("en = \"The bank\"", "en = \"\"", "name and purpose"),
    ] {
        assert!(BANK.contains(from), "{from}");
        let error = register(folder.path(), &BANK.replacen(from, to, 1), Realm::Production).unwrap_err();
        assert!(error.contains(said), "{to}: {error}");
        assert!(!error.contains("AAAA"), "{error}");
    }
}

#[test]
fn a_relying_party_of_fapi_2_pushes_and_has_keys_for_its_algorithms() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, keys: &str| fs::write(folder.path().join(name), keys).unwrap();
    write("bank.jwks.json", &format!("{{\"keys\":[{KEY}]}}"));
    let p384 = PrivateJwk::generate(Curve::P384, &mut fill).unwrap();
    write("p384.json", &serde_json::json!({ "keys": [p384.public()] }).to_string());
    let fapi2 = BANK.replace("id = \"bank\"", "id = \"bank\"\nprofile = \"fapi2\"");
    let (_, bank) = register(folder.path(), &fapi2, Realm::Production).unwrap();
    assert_eq!(bank.profile, Profile::Fapi2);
    let (_, bank) = register(folder.path(), BANK, Realm::Production).unwrap();
    assert_eq!(bank.profile, Profile::Oidc);
    for (from, to) in [
        ("require_pushed_requests = true", "require_pushed_requests = false"),
        ("bank.jwks.json", "p384.json"),
        ("authentication = \"private-key-jwt\"\nkeys = \"bank.jwks.json\"", "authentication = \"none\""),
    ] {
        assert!(fapi2.contains(from), "{from}");
        let error = register(folder.path(), &fapi2.replace(from, to), Realm::Production).unwrap_err();
        assert!(error.contains("profile: with fapi2"), "{to}: {error}");
        register(folder.path(), &BANK.replace(from, to), Realm::Production).unwrap();
    }
}

#[test]
fn services_and_rules_that_lead_nowhere_are_refused() {
    const PARTS: &str = r#"
factors = ["card-and-pin"]
[[service]]
id = "loan"
scope = "loan"
resource = "https://api.bank.example.ma/loans"
link = "https://bank.example.ma/loans"
minimum_level = "high"
sensitive = true
name = { ar = "القروض", fr = "Crédits", en = "Loans" }
[[service]]
id = "branches"
scope = "branches"
link = "https://bank.example.ma/branches"
minimum_level = "none"
name = { ar = "الفروع", fr = "Agences", en = "Branches", zgh = "ⵜⵉⵙⵓⴽⴰ" }
[[rule]]
id = "night"
when = { sensitive = true, time = { from = "22:00", to = "06:00", offset = "+01:00" } }
then = { max_age = 60 }
[name]"#;
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bank.jwks.json"), format!("{{\"keys\":[{KEY}]}}")).unwrap();
    let good = BANK.replacen("\n[name]", PARTS, 1);
    let (_, bank) = register(folder.path(), &good, Realm::Production).unwrap();
    // of a service that asks less than the relying party, the relying party's level counts
    assert_eq!(bank.requirement(&["branches".to_owned()]).level, Level::Substantial);
    assert_eq!(bank.requirement(&["branches".to_owned(), "loan".to_owned()]).level, Level::High);
    // what is kept is what was read
    let kept = serde_json::to_string(&bank).unwrap();
    let again: Registration = serde_json::from_str(&kept).unwrap();
    assert_eq!((again.services, again.rules), (bank.services, bank.rules));
    for (from, to, said) in [
        ("id = \"branches\"", "id = \"a b\"", "service \"a b\": id: 1 to 64"),
        ("id = \"branches\"", "id = \"loan\"", "the same id, scope or resource"),
        ("scope = \"branches\"", "scope = \"loan\"", "the same id, scope or resource"),
        (
            "scope = \"branches\"",
            "resource = \"https://api.bank.example.ma/loans\"",
            "the same id, scope or resource",
        ),
        ("scope = \"branches\"", "scope = \"profile\"", "none of OpenID Connect's own"),
        ("scope = \"branches\"\n", "", "its scope or its resource"),
        ("https://bank.example.ma/branches", "javascript:alert(1)", "absolute https URI"),
        ("https://api.bank.example.ma/loans", "http://api.bank.example.ma/loans", "absolute https URI"),
        ("zgh = \"ⵜⵉⵙⵓⴽⴰ\"", "zgh = \"\"", "service \"branches\": name"),
        (
            "minimum_level = \"none\"",
            "minimum_level = \"none\"\nfactors = []",
            "service \"branches\": no factor",
        ),
        ("minimum_level = \"none\"", "minimum_level = \"none\"\nextra = 1", "unknown field"),
        ("factors = [\"card-and-pin\"]", "factors = []", "no factor that is allowed"),
        ("factors = [\"card-and-pin\"]", "factors = [\"face\"]", "unknown factor; known are: card-and-pin"),
        ("sensitive = true\nname", "name", "rule \"night\": sensitive: no service"),
        ("when = { sensitive", "when = { services = [\"lost\"], sensitive", "rule \"night\": services: ids"),
        ("max_age = 60", "minimum_level = \"low\"", "rule \"night\": then: it asks nothing"),
    ] {
        assert!(good.contains(from), "{from}");
        let error = register(folder.path(), &good.replacen(from, to, 1), Realm::Production).unwrap_err();
        assert!(error.contains(said), "{to}: {error}");
    }
}

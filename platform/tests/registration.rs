//! Registrations of relying parties, and what is said where they are wrong.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where it cannot go on")]

use std::{fs, path::Path};

use bitaqa_jose::{Curve, PrivateJwk, SignatureAlgorithm};
use bitaqa_platform::{
    registration::{ClientAuthentication, Profile, Registration},
    secret::fill,
    settings::Realm,
};
use bitaqa_trust::Level;

const BANK: &str = r#"id = "bank"
authentication = "private-key-jwt"
keys = "bank.jwks.json"
redirect_uris = ["https://bank.example.ma/callback", "https://bank.example.ma/other?x=1"]
claims = ["name", "personal_number"]
require_pushed_requests = true
minimum_level = "substantial"
contact = "integration@bank.example.ma"
legal_basis = "Example Act on banks, article 4"
[legal_name]
ar = "مصرف المثال ش.م."
fr = "Banque Exemple S.A."
en = "Example Bank plc"
[name]
ar = "المصرف"
fr = "La banque"
en = "The bank"
[purpose]
ar = "لفتح حساب"
fr = "ouvrir un compte"
en = "to open an account"
[identity]
origins = ["https://bank.example.ma", "https://xn--mgbh0fb.example.ma:8443"]
claims = ["given_name", "family_name"]
encryption_key = "bank.encryption.jwk"
[[identity.purposes]]
id = "open-account"
text = { ar = "فتح حساب", fr = "Ouvrir un compte", en = "Open an account", zgh = "ⵔⵥⵎ" }
[[identity.purposes]]
id = "raise-a-limit"
text = { ar = "رفع السقف", fr = "Relever un plafond", en = "Raise a limit" }
"#;
const ENCRYPTION_KEY: &str = r#"{"kty":"EC","crv":"P-256","kid":"2026-01","use":"enc","x":"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0","y":"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps"}"#;
const KEY: &str = r#"{"kty":"EC","kid":"one","crv":"P-256","x":"mPUKT_bAWGHIhg0TpjjqVsP1rXWQu_vwVOHHtNkdYoA","y":"8BQAsImGeAS46fyWw5MhYfGTT0IjBpFw2SS34Dv4Irs"}"#;

fn register(folder: &Path, text: &str, realm: Realm) -> Result<(String, Registration), String> {
    let path = folder.join("bank.toml");
    fs::write(&path, text).unwrap();
    fs::write(folder.join("bank.encryption.jwk"), ENCRYPTION_KEY).unwrap();
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
    let here = here.replacen("claims", "sector = \"bank.example.ma\"\nclaims", 1);
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
    let off = ENCRYPTION_KEY.replace("\"x\":\"gI0G", "\"x\":\"gI0H");
    fs::write(folder.path().join("off.jwk"), off).unwrap();
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
        (
            "keys = \"bank.jwks.json\"",
            "keys = \"bank.jwks.json\"\njwks_uri = \"https://bank.example.ma/jwks\"",
            "or jwks_uri instead",
        ),
        ("keys = \"bank.jwks.json\"", "jwks_uri = \"http://bank.example.ma/jwks\"", "absolute https URI"),
        ("keys = \"bank.jwks.json\"", "jwks_uri = \"https://bank.example.ma:0/jwks\"", "jwks_uri: the port"),
        (
            "authentication = \"private-key-jwt\"\nkeys = \"bank.jwks.json\"",
            "authentication = \"none\"\njwks_uri = \"https://bank.example.ma/jwks\"",
            "or jwks_uri instead",
        ),
        (
            "claims",
            "sector = \"bank.example.ma\"\nsector_identifier_uri = \"https://bank.example.ma/s\"\nclaims",
            "or sector_identifier_uri instead",
        ),
        ("claims", "sector_identifier_uri = \"http://bank.example.ma/s\"\nclaims", "absolute https URI"),
        ("\"name\", ", "\"email\", ", "unknown variant"),
        ("fr = \"La banque\"\n", "", "missing field `fr`"),
        ("en = \"The bank\"", "en = \"\"", "name and purpose"),
        ("en = \"The bank\"", "en = \"The \u{202e}bank\"", "name and purpose"),
        ("en = \"Example Bank plc\"", "en = \"\"", "en = \"\""),
        ("en = \"Example Bank plc\"", "de = \"Bank\"", "unknown field `de`"),
        ("legal_basis = \"Example Act on banks, article 4\"\n", "", "missing field `legal_basis`"),
        ("legal_basis = \"Example Act on banks, article 4\"", "legal_basis = \"\"", "legal_basis = \"\""),
        ("integration@bank", "integration at bank", "contact: an e-mail address"),
        ("integration@bank.example.ma", "<a@b.c>", "contact: an e-mail address"),
        ("xn--mgbh0fb.example.ma:8443", "b\u{e4}nk.example.ma", "origins = ["),
        ("xn--mgbh0fb.example.ma:8443", "Bank.example.ma", "origins = ["),
        ("xn--mgbh0fb.example.ma:8443", "bank.example.ma/", "origins = ["),
        ("xn--mgbh0fb.example.ma:8443", "bank.example.ma:443", "origins = ["),
        ("xn--mgbh0fb.example.ma:8443", "bank.example.ma", "identity: a statement has 1 to 16 origins"),
        (
            "https://xn--mgbh0fb.example.ma:8443",
            "http://localhost:8443",
            "identity.origins: http://localhost",
        ),
        ("id = \"raise-a-limit\"", "id = \"open-account\"", "identity: a statement has 1 to 16 purposes"),
        ("id = \"raise-a-limit\"", "id = \"Raise\"", "^[a-z0-9-]{1,64}$"),
        ("[\"given_name\", \"family_name\"]", "[]", "identity: the statement allows no claim"),
        ("[\"given_name\", \"family_name\"]", "[\"name\"]", "claim"),
        ("bank.encryption.jwk", "lost.jwk", "lost.jwk: No such file"),
        ("bank.encryption.jwk", "twice.json", "not a public key of P-256 or P-384"),
        ("bank.encryption.jwk", "off.jwk", "identity.encryption_key"),
    ] {
        assert!(BANK.contains(from), "{from}");
        let error = register(folder.path(), &BANK.replacen(from, to, 1), Realm::Production).unwrap_err();
        assert!(error.contains(said), "{to}: {error}");
        assert!(!error.contains("AAAA"), "{error}");
    }
}

#[test]
fn statements_about_a_registration_are_no_longer_than_readers_take() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bank.jwks.json"), format!("{{\"keys\":[{KEY}]}}")).unwrap();
    let (before, _) = BANK.split_once("[[identity.purposes]]").unwrap();
    let with = |count: usize| {
        let long = "ش".repeat(300);
        let purpose = |number: usize| {
            format!(
                "[[identity.purposes]]\nid = \"p{number}\"\n\
                 text = {{ ar = \"{long}\", fr = \"{long}\", en = \"{long}\", zgh = \"{long}\" }}\n"
            )
        };
        let purposes: String = (0..count).map(purpose).collect();
        register(folder.path(), &format!("{before}{purposes}"), Realm::Production)
    };
    assert_eq!(with(6).unwrap().1.identity.unwrap().purposes.len(), 6);
    assert!(with(8).unwrap_err().contains("longer than the 24576 bytes"));
    assert!(with(17).unwrap_err().contains("1 to 16 purposes"));
}

#[test]
fn a_registration_in_json_has_its_keys_inside_and_says_which_member_is_wrong() {
    let json = |changes: &[(&str, serde_json::Value)]| {
        let mut value: serde_json::Value = serde_json::from_str(JSON).unwrap();
        for (pointer, other) in changes {
            *value.pointer_mut(pointer).unwrap() = other.clone();
        }
        value.to_string()
    };
    let read = |text: &str| {
        Registration::from_json(text.as_bytes(), Realm::Sandbox, "test-1").map_err(|error| error.to_string())
    };
    let bank = read(&json(&[])).unwrap();
    assert_eq!((bank.keys.len(), bank.identity.unwrap().purposes.len()), (1, 1));
    for (pointer, other, said) in [
        ("/name/en", serde_json::json!(1), "name.en"),
        ("/legal_name/fr", serde_json::json!(""), "legal_name.fr"),
        ("/legal_basis", serde_json::json!("a\u{202e}b"), "legal_basis"),
        ("/identity/purposes/0/id", serde_json::json!("Open"), "identity.purposes"),
        ("/identity/encryption_key/kid", serde_json::json!(""), "identity.encryption_key"),
        ("/identity/origins/0", serde_json::json!("http://bank.example.ma"), "identity.origins"),
        // nobody looked whether it is theirs
        ("/identity/origins/0", serde_json::json!("https://id.example.ma"), "identity.origins: those of"),
        (
            "/redirect_uris/0",
            serde_json::json!("javascript:alert(1)"),
            "javascript:alert(1): an absolute https URI",
        ),
        ("/keys", serde_json::json!({"keys": []}), "keys: 1 to 16"),
        ("/contact", serde_json::json!("nobody"), "contact"),
    ] {
        let error = read(&json(&[(pointer, other)])).unwrap_err();
        assert!(error.contains(said), "{pointer}: {error}");
    }
    let twice = json(&[]).replacen('{', "{\"contact\":\"a@b.example\",", 1);
    for (text, said) in [
        ("[]".to_owned(), ""),
        ("{}".to_owned(), "missing field"),
        ("{\"id\":null}".to_owned(), ""),
        (json(&[]).replacen('{', "{\"id\":\"bank\",", 1), "id: the platform gives it"),
        (json(&[]).replacen('{', "{\"sector\":\"bank.example.ma\",", 1), "sector: the platform gives it"),
        (
            json(&[]).replacen('{', "{\"backchannel_logout_uri\":\"https://127.0.0.1/\",", 1),
            "backchannel_logout_uri: an operator",
        ),
        (json(&[]).replacen('{', "{\"secret\":\"x\",", 1), "unknown field `secret`"),
        (twice, "a member stands there twice"),
    ] {
        assert!(read(&text).unwrap_err().contains(said), "{text}");
    }
}

const JSON: &str = r#"{
  "authentication": "private-key-jwt",
  "keys": {"keys": [{"kty":"EC","kid":"one","crv":"P-256","x":"mPUKT_bAWGHIhg0TpjjqVsP1rXWQu_vwVOHHtNkdYoA","y":"8BQAsImGeAS46fyWw5MhYfGTT0IjBpFw2SS34Dv4Irs"}]},
  "redirect_uris": ["http://localhost:3000/callback"],
  "claims": ["name"],
  "require_pushed_requests": false,
  "minimum_level": "low",
  "contact": "dev@bank.example.ma",
  "legal_basis": "to try it",
  "legal_name": {"ar": "مصرف", "fr": "Banque", "en": "Bank"},
  "name": {"ar": "مصرف", "fr": "Banque", "en": "Bank"},
  "purpose": {"ar": "للتجربة", "fr": "pour essayer", "en": "to try it"},
  "identity": {
    "origins": ["http://localhost:3000"],
    "claims": ["given_name", "family_name"],
    "encryption_key": {"kty":"EC","crv":"P-256","kid":"2026-01","x":"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0","y":"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps"},
    "purposes": [{"id": "open-account", "text": {"ar": "فتح حساب", "fr": "Ouvrir un compte", "en": "Open an account"}}]
  }
}"#;

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
fn answers_are_encrypted_for_a_key_that_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let key = |usage: &str, algorithm: &str| {
        let key = PrivateJwk::generate(Curve::P384, &mut fill).unwrap();
        let mut jwk = serde_json::to_value(key.public()).unwrap();
        for (name, value) in [("use", usage), ("alg", algorithm)] {
            if !value.is_empty() {
                jwk[name] = value.into();
            }
        }
        jwk
    };
    let write = |name: &str, other: serde_json::Value| {
        let own: serde_json::Value = serde_json::from_str(KEY).unwrap();
        fs::write(folder.path().join(name), serde_json::json!({ "keys": [own, other] }).to_string()).unwrap();
    };
    write("bank.jwks.json", key("enc", "ECDH-ES"));
    write("unsaid.json", key("", ""));
    write("wrapped.json", key("enc", "ECDH-ES+A256KW"));
    fs::write(folder.path().join("alone.json"), serde_json::json!({ "keys": [key("enc", "")] }).to_string())
        .unwrap();
    let alg = "id_token_encrypted_response_alg = \"ECDH-ES\"\n";
    let enc = "id_token_encrypted_response_enc = \"A128GCM\"\n";
    let good = BANK.replacen("claims", &format!("{alg}{enc}claims"), 1);
    // the key for encryption is none of FAPI 2's, and need not be
    let fapi2 = good.replace("id = \"bank\"", "id = \"bank\"\nprofile = \"fapi2\"");
    for text in [&good, &fapi2] {
        let (_, bank) = register(folder.path(), text, Realm::Production).unwrap();
        assert!(bank.formats.id_token_encryption.is_some() && bank.formats.userinfo_encryption.is_none());
    }
    for (from, to, said) in [
        (alg, "", "stand there both, or neither"),
        (enc, "", "stand there both, or neither"),
        ("\"ECDH-ES\"", "\"RSA-OAEP\"", "unknown variant `RSA-OAEP`"),
        ("\"ECDH-ES\"", "\"ECDH-ES+A256KW\"", "unknown variant"),
        ("\"A128GCM\"", "\"A128CBC-HS256\"", "unknown variant"),
        (alg, "userinfo_signed_response_alg = \"none\"\n", "unknown variant"),
        (alg, "id_token_signed_response_alg = \"HS256\"\n", "unknown variant"),
        ("bank.jwks.json", "unsaid.json", "keys has no key to encrypt for"),
        ("bank.jwks.json", "wrapped.json", "keys has no key to encrypt for"),
        ("bank.jwks.json", "alone.json", "keys: 1 to 16"),
        (
            "authentication = \"private-key-jwt\"\nkeys = \"bank.jwks.json\"",
            "authentication = \"none\"",
            "keys has no key to encrypt for",
        ),
    ] {
        assert!(good.contains(from), "{from}");
        let error = register(folder.path(), &good.replacen(from, to, 1), Realm::Production).unwrap_err();
        assert!(error.contains(said), "{to}: {error}");
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
[legal_name]"#;
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bank.jwks.json"), format!("{{\"keys\":[{KEY}]}}")).unwrap();
    let good = BANK.replacen("\n[legal_name]", PARTS, 1);
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

#[test]
fn keys_and_sectors_can_be_published() {
    let folder = tempfile::tempdir().unwrap();
    let published = BANK.replace("keys = \"bank.jwks.json\"", "jwks_uri = \"https://bank.example.ma/jwks\"");
    let fapi2 = published.replace("id = \"bank\"", "id = \"bank\"\nprofile = \"fapi2\"");
    for text in [&published, &fapi2] {
        let (_, bank) = register(folder.path(), text, Realm::Production).unwrap();
        assert_eq!((bank.jwks_uri.as_deref(), bank.keys.len()), (Some("https://bank.example.ma/jwks"), 0));
    }
    let shared = published
        .replacen("claims", "sector_identifier_uri = \"https://sector.example.ma/s.json\"\nclaims", 1)
        .replace("https://bank.example.ma/other", "https://other.example.ma/other");
    let (_, bank) = register(folder.path(), &shared, Realm::Production).unwrap();
    assert_eq!(bank.sector, "sector.example.ma");
}

#[test]
fn answers_are_signed_by_what_the_profile_has() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bank.jwks.json"), format!("{{\"keys\":[{KEY}]}}")).unwrap();
    let of = |profile: &str, member: &str, algorithm: &str| {
        let added = format!("{profile}{member} = \"{algorithm}\"\nid = \"bank\"");
        register(folder.path(), &BANK.replace("id = \"bank\"", &added), Realm::Production)
    };
    let fapi2 = "profile = \"fapi2\"\n";
    for member in ["id_token_signed_response_alg", "userinfo_signed_response_alg"] {
        for (profile, algorithm, fits) in [
            ("", "ES256", true),
            ("", "EdDSA", true),
            ("", "RS256", true),
            ("", "PS256", false),
            (fapi2, "ES256", true),
            (fapi2, "EdDSA", true),
            (fapi2, "PS256", true),
            (fapi2, "RS256", false),
        ] {
            match of(profile, member, algorithm) {
                Ok((_, bank)) => {
                    assert!(fits, "{profile} {member} {algorithm}");
                    let read: Registration = serde_json::from_str(&bank.to_text().unwrap()).unwrap();
                    let others: Vec<_> =
                        read.formats.signed_with_others().map(SignatureAlgorithm::name).collect();
                    let expected: &[&str] = if algorithm == "ES256" { &[] } else { &[algorithm] };
                    assert_eq!(others, expected);
                }
                Err(error) => {
                    assert!(
                        !fits && error.contains("…_signed_response_alg: ES256, EdDSA or RS256"),
                        "{error}"
                    );
                }
            }
        }
    }
    // as it was kept before there was a choice
    let (_, bank) = register(folder.path(), BANK, Realm::Production).unwrap();
    let mut kept: serde_json::Value = serde_json::from_str(&bank.to_text().unwrap()).unwrap();
    assert!(kept["formats"].as_object_mut().unwrap().remove("id_token_signing").is_some());
    let read: Registration = serde_json::from_value(kept).unwrap();
    assert_eq!(read.formats.id_token_signing.algorithm().name(), "ES256");
}

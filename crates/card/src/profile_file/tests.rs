use proptest::prelude::*;

use super::*;
use crate::{atr_pattern::AtrPattern, signature::SignatureAlgorithm};

/// The profiles that are compiled in.
pub(super) const TEXTS: [(&str, &str); 8] = [
    ("lateid-v2", include_str!("../../profiles/lateid-v2.toml")),
    ("esteid-idemia", include_str!("../../profiles/esteid-idemia.toml")),
    ("fineid-v3", include_str!("../../profiles/fineid-v3.toml")),
    ("fineid-v4", include_str!("../../profiles/fineid-v4.toml")),
    ("esteid-thales", include_str!("../../profiles/esteid-thales.toml")),
    ("ias-ecc", include_str!("../../profiles/ias-ecc.toml")),
    ("pkcs15", include_str!("../../profiles/pkcs15.toml")),
    ("piv", include_str!("../../profiles/piv.toml")),
];

pub(super) fn text_of(name: &str) -> &'static str {
    TEXTS.iter().find(|(other, _)| *other == name).unwrap().1
}

fn layout(name: &str) -> Layout {
    match Profile::parse(name, text_of(name)).unwrap().structure {
        Structure::Fixed { layout, .. } => layout,
        other => panic!("{name} is {other:?}"),
    }
}

#[test]
fn the_compiled_in_profiles_are_sound_and_no_file_is_left_out() {
    let profiles = Profile::compiled_in().unwrap();
    let names: Vec<_> = profiles.iter().map(|profile| profile.name.as_str()).collect();
    assert_eq!(names, TEXTS.map(|(name, _)| name));
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/profiles");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    assert_eq!(files.filter(|path| path.extension().is_some_and(|end| end == "toml")).count(), TEXTS.len());
    for (name, text) in TEXTS {
        assert_eq!(Profile::parse(name, text).unwrap().name, name);
        // nobody replaces one unawares
        assert!(Profile::load(name, text).unwrap_err().reason.contains("compiled in"));
        assert_eq!(Profile::load(&format!("our-{name}"), text).unwrap().name, format!("our-{name}"));
    }
}

#[test]
fn no_answer_to_reset_is_hinted_at_twice() {
    let profiles = Profile::compiled_in().unwrap();
    let hints: Vec<&AtrPattern> = profiles.iter().flat_map(|profile| &profile.recognise.atr_hints).collect();
    for hint in &hints {
        assert_eq!(hints.iter().filter(|other| other.fits(&hint.example())).count(), 1, "{hint:?}");
    }
}

#[test]
fn keys_sign_with_what_their_cards_have() {
    use Hash::{Sha256, Sha384, Sha512};
    use SignatureAlgorithm::{Ecdsa, RsaPkcs1, RsaPss};
    for (name, role, can, cannot) in [
        ("esteid-idemia", Role::Authentication, Ecdsa(Sha384), RsaPkcs1(Sha256)),
        ("esteid-thales", Role::Authentication, Ecdsa(Sha384), RsaPss(Sha256)),
        ("esteid-thales", Role::Signature, Ecdsa(Sha512), RsaPkcs1(Sha256)),
        ("fineid-v3", Role::Authentication, RsaPss(Sha256), Ecdsa(Sha384)),
        ("fineid-v3", Role::Signature, Ecdsa(Sha384), RsaPss(Sha256)),
        ("fineid-v4", Role::Authentication, Ecdsa(Sha256), RsaPss(Sha256)),
        ("lateid-v2", Role::Authentication, RsaPkcs1(Sha256), RsaPss(Sha256)),
    ] {
        let layout = layout(name);
        let key = &layout.credential(role).unwrap().key;
        assert!(key.method(can).is_some(), "{name} {can:?}");
        assert!(key.method(cannot).is_none(), "{name} {cannot:?}");
    }
}

#[test]
fn a_fault_is_named_with_its_place() {
    for (name, from, to) in [
        ("esteid-idemia", "schema = 1", "schema = 2"),
        ("esteid-idemia", "[link]", "[linc]"),
        ("esteid-idemia", "max-length = 12", "max-length = 100"),
        ("esteid-idemia", "application = \"A0", "application = \"A"),
        ("esteid-idemia", "application = \"A0", "application = \"XY"),
        ("esteid-idemia", "max-response = 233", "max-response = 0"),
        ("esteid-idemia", "bytes = 48", "bytes = 1000000000000"),
        ("esteid-idemia", "certificate-path = \"ADF13401\"", "certificate-path = \"3F00\""),
        ("esteid-idemia", "certificate-path = \"ADF13401\"", "certificate-path = \"ADF134\""),
        ("esteid-idemia", "certificate-path = \"ADF13401\"", ""),
        ("esteid-idemia", "\"70\"", "\"\""),
        ("esteid-idemia", "operation = \"internal-authenticate\"", "operation = \"general-authenticate\""),
        ("lateid-v2", "from-objects = true", "from-objects = false"),
        ("lateid-v2", "from-objects = true", "from-objects = true\ncertificate-path = \"3401\""),
        ("fineid-v4", "3B7F96", "3B7F9"),
        (
            "fineid-v4",
            "hash = \"sha384\", reference = 0x54, operation = \"hash-then-sign\", input = { kind = \"digest\" }",
            "hash = \"sha384\", reference = 0x54, operation = \"hash-then-sign\", input = { kind = \"last-round\" }",
        ),
        ("esteid-thales", "input = { kind = \"digest\" }", "input = { kind = \"encoded-message\" }"),
    ] {
        let good = text_of(name);
        assert!(good.contains(from), "{name}: {from}");
        let error = Profile::parse("x", &good.replacen(from, to, 1)).unwrap_err();
        assert_eq!(error.profile, "x");
        assert!(!error.reason.is_empty());
    }
    for one_too_many in ["[pkcs15]", "[piv]", "[ias-ecc]"] {
        let text = format!("{}\n{one_too_many}\n", text_of("esteid-idemia"));
        assert!(Profile::parse("x", &text).is_err(), "{one_too_many}");
    }
}

#[test]
fn a_loaded_profile_has_a_plain_name_a_bounded_length_and_goes_first() {
    let text = text_of("pkcs15");
    for name in ["", "../pkcs15", "A", "a_b", &"a".repeat(65)] {
        assert!(Profile::load(name, text).is_err(), "{name}");
    }
    assert!(Profile::load("long", &format!("{text}#{}", "x".repeat(70_000))).is_err());
    let own = Profile::load("our-card", text).unwrap();
    let all = Profile::before_compiled_in(vec![own]).unwrap();
    assert_eq!((all[0].name.as_str(), all[1].name.as_str()), ("our-card", TEXTS[0].0));
    assert_eq!(all.len(), TEXTS.len() + 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_profile_with_anything_in_it_ends_in_a_profile_or_an_error(
        which in 0_usize..TEXTS.len(), at in any::<prop::sample::Index>(), cut in 0_usize..40, text in "\\PC{0,20}"
    ) {
        let good = TEXTS[which].1;
        let begin = at.index(good.len());
        let mut bad = good.as_bytes()[..begin].to_vec();
        bad.extend(text.as_bytes());
        bad.extend(&good.as_bytes()[(begin + cut).min(good.len())..]);
        let _ = Profile::load("any", &String::from_utf8_lossy(&bad));
    }
}

//! Every error code says what happened and what to do, and every text of the window exists, in every language.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{collections::BTreeSet, fs, path::Path};

use bitaqa_protocol::{ErrorCode, Language};
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};

const CATALOGUES: [&str; 2] = ["window.ftl", "errors.ftl"];

fn catalogue(language: Language, name: &str) -> String {
    let locales = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../locales");
    fs::read_to_string(locales.join(language.tag()).join(name)).unwrap()
}

fn bundle(language: Language, name: &str) -> FluentBundle<FluentResource> {
    let resource = FluentResource::try_new(catalogue(language, name))
        .unwrap_or_else(|(_, errors)| panic!("{name} in {language:?}: {errors:?}"));
    let mut bundle = FluentBundle::new(vec![language.tag().parse().unwrap()]);
    bundle.add_resource(resource).unwrap();
    bundle
}

/// Every message, and every attribute as `message.attribute`.
fn identifiers(language: Language, name: &str) -> BTreeSet<String> {
    let text = catalogue(language, name);
    let mut message = "";
    let mut identifiers = BTreeSet::new();
    for line in text.lines() {
        let Some((left, _)) = line.split_once(" =") else { continue };
        let id = match left.strip_prefix("    .") {
            Some(attribute) => format!("{message}.{attribute}"),
            None if left.starts_with(|c: char| c.is_ascii_lowercase()) => {
                message = left;
                left.to_owned()
            }
            None => continue,
        };
        assert!(identifiers.insert(id), "{left} stands twice in {name} in {language:?}");
    }
    identifiers
}

/// The text of a message or attribute; fails where it uses a value that is not given.
fn text(bundle: &FluentBundle<FluentResource>, id: &str, values: &[(&str, FluentValue<'static>)]) -> String {
    let (message, attribute) = id.split_once('.').map_or((id, None), |(message, name)| (message, Some(name)));
    let message = bundle.get_message(message).unwrap_or_else(|| panic!("no {id}"));
    let pattern = match attribute {
        Some(name) => message.get_attribute(name).map(|attribute| attribute.value()),
        None => message.value(),
    };
    let mut arguments = FluentArgs::new();
    for (name, value) in values {
        arguments.set(*name, value.clone());
    }
    let mut errors = Vec::new();
    let pattern = pattern.unwrap_or_else(|| panic!("{id} says nothing"));
    let text = bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned();
    assert!(errors.is_empty(), "{id}: {errors:?}");
    text
}

#[test]
fn every_code_says_what_happened_and_what_to_do() {
    for language in Language::ALL {
        let bundle = bundle(language, "errors.ftl");
        for code in ErrorCode::ALL {
            for tries in (0..=20).map(FluentValue::from).chain([FluentValue::from("unknown")]) {
                for id in [format!("error-{}", code.as_str()), format!("error-{}.remedy", code.as_str())] {
                    let text = text(&bundle, &id, &[("tries", tries.clone())]);
                    assert!(text.chars().count() > 5, "{id} in {language:?}: {text}");
                }
            }
        }
    }
}

#[test]
fn no_text_is_there_for_a_code_that_is_not() {
    for language in Language::ALL {
        for id in identifiers(language, "errors.ftl") {
            let code = id.strip_prefix("error-").map(|rest| rest.trim_end_matches(".remedy"));
            let known = ErrorCode::ALL.iter().any(|known| code == Some(known.as_str()));
            assert!(known, "{id} in {language:?}");
        }
    }
}

#[test]
fn every_language_has_the_same_messages() {
    for name in CATALOGUES {
        let reference = identifiers(Language::Ar, name);
        assert!(reference.len() > 30);
        for language in Language::ALL {
            let there = identifiers(language, name);
            let difference: Vec<_> = reference.symmetric_difference(&there).collect();
            assert!(difference.is_empty(), "{name} in {language:?}: {difference:?}");
        }
    }
}

#[test]
fn the_window_s_texts_use_the_values_that_the_window_gives() {
    for language in Language::ALL {
        let bundle = bundle(language, "window.ftl");
        for id in identifiers(language, "window.ftl") {
            for number in 0..=20 {
                let values: Vec<(&str, FluentValue<'static>)> = match id.as_str() {
                    "tries-left" | "access-number-tries-left" => vec![("tries", number.into())],
                    "length-digits" | "length-characters" | "typed" => vec![("count", number.into())],
                    "length-digits-between" | "length-characters-between" => {
                        vec![("min", 4.into()), ("max", number.into())]
                    }
                    "typed-of" => vec![("count", number.into()), ("total", 12.into())],
                    "pin-labelled" => vec![("pin", "PIN".into()), ("label", "PIN1".into())],
                    "pin-prompt" => vec![("pin", "PIN".into()), ("length", "4".into())],
                    "hint-incomplete" | "hint-number-incomplete" => vec![("length", "4".into())],
                    "access-number-reader" => vec![("reader", "R 00 00".into())],
                    "portal-asks" => vec![("name", "Banque".into())],
                    "portal-asks-through" | "portal-reads" | "platform-reads" => {
                        vec![("name", "Banque".into()), ("platform", "Platform".into())]
                    }
                    "send-to" | "goes-to" => vec![("portal", "Banque".into())],
                    "group-other" => vec![("number", number.into())],
                    "group-asked" | "group-comes-along" => vec![("claims", "one, two".into())],
                    "claim-age-over" => vec![("years", number.into())],
                    "documents" => vec![("total", number.into())],
                    "document-of" => vec![("number", number.into()), ("total", 12.into())],
                    "date-prompt" => vec![("date", "Date".into())],
                    _ => Vec::new(),
                };
                assert!(!text(&bundle, &id, &values).trim().is_empty(), "{id} in {language:?}");
            }
        }
    }
}

#[test]
fn texts_that_no_speaker_reviewed_say_so() {
    for language in [Language::Ar, Language::Fr, Language::Zgh] {
        for name in CATALOGUES {
            assert!(catalogue(language, name).contains("# draft"), "{name} in {language:?}");
        }
    }
}

#[test]
fn no_sentence_talks_like_an_engineer() {
    for language in Language::ALL {
        let bundle = bundle(language, "errors.ftl");
        for id in identifiers(language, "errors.ftl") {
            let text = text(&bundle, &id, &[("tries", "unknown".into())]).to_lowercase();
            for jargon in ["apdu", "certificat", "token", "json", "protocol", "pkcs", "timeout", "origin"] {
                assert!(!text.contains(jargon), "{jargon} in {text}");
            }
        }
    }
}

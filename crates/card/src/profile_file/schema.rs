//! The JSON Schema of profile files, made from the types that read them.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use super::{Aid, AtrHint, File, FilePath, Hex, TagEntry};
use crate::profile::Profile;

const CHECKED_IN: &str = include_str!("../../profiles/profile.schema.json");

macro_rules! pattern {
    ($type:ty, $pattern:literal) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern })
            }
        }
    };
}

pattern!(Hex, "^([0-9A-Fa-f]{2}){1,64}$");
pattern!(Aid, "^([0-9A-Fa-f]{2}){5,16}$");
pattern!(FilePath, "^([0-9A-Fa-f]{4}){1,8}$");
pattern!(TagEntry, "^([0-9A-Fa-f]{2}){1,3}$");
pattern!(AtrHint, "^([0-9A-Fa-f]{2}|\\.\\.){2,33}$");

fn generated() -> Value {
    let mut schema = schemars::schema_for!(File).to_value();
    schema["title"] = "Bitaqa card profile".into();
    schema["$comment"] = "Made from crates/card/src/profile_file.rs by its test; do not edit.".into();
    schema
}

/// With `BITAQA_WRITE_SCHEMA=1` in the environment the file is written instead.
#[test]
fn the_schema_that_is_checked_in_is_that_of_the_code() {
    let text = serde_json::to_string_pretty(&generated()).unwrap() + "\n";
    if std::env::var_os("BITAQA_WRITE_SCHEMA").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/profiles/profile.schema.json");
        std::fs::write(path, &text).unwrap();
        return;
    }
    assert!(CHECKED_IN == text, "run this test once with BITAQA_WRITE_SCHEMA=1");
}

/// As much of JSON Schema as the generator uses: types, properties, required, enumerations, alternatives, references.
/// Patterns and bounds are the parser's to judge.
fn accepts(root: &Value, schema: &Value, value: &Value) -> bool {
    if let Some(all) = schema.as_bool() {
        return all;
    }
    if let Some(reference) = schema["$ref"].as_str() {
        let target =
            root.pointer(reference.trim_start_matches('#')).expect("a reference that leads somewhere");
        if !accepts(root, target, value) {
            return false;
        }
    }
    let alternatives = |keyword: &str| {
        schema[keyword].as_array().is_none_or(|list| list.iter().any(|one| accepts(root, one, value)))
    };
    let type_of = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let right_type = match &schema["type"] {
        Value::String(one) => one == type_of,
        Value::Array(several) => several.iter().any(|one| one == type_of),
        _ => true,
    };
    let in_list = schema["enum"].as_array().is_none_or(|list| list.contains(value));
    let is_const = schema.get("const").is_none_or(|only| only == value);
    let object = value.as_object().is_none_or(|fields| {
        let known = schema["properties"].as_object();
        let required = schema["required"].as_array();
        let complete =
            required.is_none_or(|names| names.iter().all(|name| fields.contains_key(name.as_str().unwrap())));
        let closed = schema["additionalProperties"] == Value::Bool(false);
        complete
            && fields.iter().all(|(name, field)| match known.and_then(|known| known.get(name)) {
                Some(schema) => accepts(root, schema, field),
                None => !closed,
            })
    });
    let items = value.as_array().is_none_or(|list| {
        schema.get("items").is_none_or(|one| list.iter().all(|item| accepts(root, one, item)))
    });
    alternatives("anyOf") && alternatives("oneOf") && right_type && in_list && is_const && object && items
}

fn is_valid(text: &str) -> bool {
    let schema: Value = serde_json::from_str(CHECKED_IN).unwrap();
    let value: toml::Value = toml::from_str(text).unwrap();
    accepts(&schema, &schema, &serde_json::to_value(value).unwrap())
}

#[test]
fn every_profile_that_is_compiled_in_is_valid() {
    for (name, text) in super::tests::TEXTS {
        assert!(is_valid(text), "{name}");
    }
}

#[test]
fn what_the_schema_refuses_the_parser_refuses_as_well() {
    let good = super::tests::text_of("esteid-thales");
    for (from, to) in [
        ("schema = 1", "scheme = 1"),
        ("[link]", "[linc]"),
        ("chaining = true", "chaining = 1"),
        ("scheme = \"ecdsa\"", "scheme = \"eddsa\""),
        ("operation = \"hash-then-sign\"", "operation = \"command-002A9E9A\""),
        ("role = \"authentication\"", "role = \"everything\""),
        ("kind = \"password-object\"", "kind = \"apdu\""),
        ("encoding = \"ascii\"", "encoding = 7"),
    ] {
        assert!(good.contains(from), "{from}");
        let bad = good.replace(from, to);
        assert!(!is_valid(&bad), "{to}");
        assert!(Profile::parse("x", &bad).is_err(), "{to}");
    }
}

//! JSON in one spelling (RFC 8785, JSON Canonicalization Scheme), for what is hashed.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;

/// The canonical JSON of a value whose numbers are whole: members in the order of their names (UTF-16 code units, as RFC 8785
/// section 3.2.3 has it), no white space, and the escapes that ECMAScript writes.
///
/// # Errors
/// The value has no JSON, or has a number with a fraction: those would have more than one spelling here.
pub fn canonical_json(value: &impl Serialize) -> Result<String, CanonicalJsonError> {
    let value = serde_json::to_value(value).map_err(|_| CanonicalJsonError::NoJson)?;
    let mut text = String::new();
    write(&value, &mut text)?;
    Ok(text)
}

/// Why a value has no canonical JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalJsonError {
    /// It has no JSON at all.
    #[error("the value has no JSON")]
    NoJson,
    /// A number with a fraction, or beyond what every reader of JSON keeps exactly.
    #[error("the value has a number that is not whole, or too large")]
    Number,
}

/// Whole numbers up to here have one spelling everywhere (RFC 7493 section 2.2).
const MAX_NUMBER: u64 = (1 << 53) - 1;

fn write(value: &Value, text: &mut String) -> Result<(), CanonicalJsonError> {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) => {
            let whole = number
                .as_i64()
                .filter(|n| n.unsigned_abs() <= MAX_NUMBER)
                .ok_or(CanonicalJsonError::Number)?;
            let _ = write!(text, "{whole}");
        }
        Value::String(string) => write_string(string, text),
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(item, text)?;
            }
            text.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
            text.push('{');
            for (index, (name, member)) in members.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_string(name, text);
                text.push(':');
                write(member, text)?;
            }
            text.push('}');
        }
    }
    Ok(())
}

fn write_string(string: &str, text: &mut String) {
    text.push('"');
    for character in string.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            control if control < ' ' => {
                let _ = write!(text, "\\u{:04x}", u32::from(control));
            }
            other => text.push(other),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_sorted_and_strings_escaped_as_in_the_standard() {
        // RFC 8785 section 3.2.2 and 3.2.3, without the numbers that have a fraction
        let value = json!({
            "\u{20ac}": "Euro Sign",
            "\r": "Carriage Return",
            "\u{fb33}": "Hebrew Letter Dalet With Dagesh",
            "1": "One",
            "\u{1f600}": "Emoji: Grinning Face",
            "\u{80}": "Control",
            "\u{f6}": "Latin Small Letter O With Diaeresis",
        });
        let expected = "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"\u{f6}\":\"Latin Small Letter O With Diaeresis\",\"\u{20ac}\":\"Euro Sign\",\"\u{1f600}\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}";
        assert_eq!(canonical_json(&value).unwrap(), expected);
        let string = json!("\u{20ac}$\u{f}\u{a}A'\u{42}\u{22}\u{5c}\\\"/");
        assert_eq!(canonical_json(&string).unwrap(), "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");
        assert_eq!(
            canonical_json(&json!({"literals":[null,true,false],"n":-7})).unwrap(),
            r#"{"literals":[null,true,false],"n":-7}"#
        );
    }

    #[test]
    fn numbers_with_more_than_one_spelling_are_refused() {
        for value in
            [json!(1.5), json!(9_007_199_254_740_992_u64), json!([{"a": -9_007_199_254_740_992_i64}])]
        {
            assert_eq!(canonical_json(&value), Err(CanonicalJsonError::Number), "{value}");
        }
        assert_eq!(canonical_json(&json!(9_007_199_254_740_991_u64)).unwrap(), "9007199254740991");
    }
}

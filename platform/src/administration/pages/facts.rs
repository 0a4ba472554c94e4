//! What a registration says, for people: every member of the text that operators sign, and what of it is not as it was.

use std::collections::BTreeSet;

use bitaqa_jose::VerificationJwk;
use serde_json::{Map, Value};

use super::shell::Shell;

/// Members in the order in which they are shown; the texts are called `admin-member-…`. One that is not named here comes last, under its
/// own name.
const ORDER: [&str; 24] = [
    "name",
    "legal_name",
    "purpose",
    "legal_basis",
    "contact",
    "profile",
    "authentication",
    "minimum_level",
    "factors",
    "claims",
    "sector",
    "sector_identifier_uri",
    "redirect_uris",
    "post_logout_redirect_uris",
    "backchannel_logout_uri",
    "jwks_uri",
    "keys",
    "require_pushed_requests",
    "require_signed_requests",
    "offline_access",
    "formats",
    "services",
    "rules",
    "identity",
];

/// A member of a registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) label: String,
    /// What counts.
    pub(super) before: Vec<Line>,
    /// What is proposed.
    pub(super) after: Vec<Line>,
    pub(super) is_changed: bool,
}

/// A line of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Where in the member it stands.
    pub(super) path: String,
    pub(super) text: String,
    /// Language of the text, where it says so.
    pub(super) language: Option<&'static str>,
    /// Whether it is for programs.
    pub(super) is_code: bool,
    /// Whether people read it as other letters.
    pub(super) is_punycode: bool,
}

/// All members of two registrations; of one, where `before` is nothing.
pub(super) fn facts(before: &Value, after: &Value, shell: &Shell<'_>) -> Vec<Fact> {
    let none = Map::new();
    let (before, after) = (before.as_object().unwrap_or(&none), after.as_object().unwrap_or(&none));
    let others: BTreeSet<&str> = before
        .keys()
        .chain(after.keys())
        .map(String::as_str)
        .filter(|member| !ORDER.contains(member))
        .collect();
    let fact = |member: &str| {
        let (old, new) = (before.get(member), after.get(member));
        let lines_of =
            |value: Option<&Value>| value.map(|value| lines(member, value, shell)).unwrap_or_default();
        let fact = Fact {
            label: label(member, shell),
            before: lines_of(old),
            after: lines_of(new),
            is_changed: old != new,
        };
        (!fact.before.is_empty() || !fact.after.is_empty()).then_some(fact)
    };
    ORDER.into_iter().chain(others).filter_map(fact).collect()
}

fn label(member: &str, shell: &Shell<'_>) -> String {
    if ORDER.contains(&member) { shell.word(&format!("admin-member-{member}")) } else { member.to_owned() }
}

fn lines(member: &str, value: &Value, shell: &Shell<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    match (member, value) {
        ("keys", Value::Array(keys)) => lines.extend(keys.iter().map(key)),
        ("minimum_level", Value::String(level)) => {
            lines.push(Line::text(shell.word(&format!("level-{level}"))));
        }
        _ => flatten("", value, shell, &mut lines),
    }
    lines
}

impl Line {
    const fn text(text: String) -> Self {
        Self { path: String::new(), text, language: None, is_code: false, is_punycode: false }
    }
}

fn flatten(path: &str, value: &Value, shell: &Shell<'_>, lines: &mut Vec<Line>) {
    let below = |part: &str| if path.is_empty() { part.to_owned() } else { format!("{path} › {part}") };
    match value {
        Value::Null => {}
        Value::Bool(flag) => {
            let word = if *flag { "admin-yes" } else { "admin-no" };
            lines.push(Line { path: path.to_owned(), ..Line::text(shell.word(word)) });
        }
        Value::Number(number) => {
            lines.push(Line { path: path.to_owned(), is_code: true, ..Line::text(number.to_string()) });
        }
        Value::String(text) => lines.push(string(path, text)),
        Value::Array(values) => {
            for (at, value) in values.iter().enumerate() {
                match value {
                    Value::Object(members) => {
                        let id = members.get("id").and_then(Value::as_str).map(str::to_owned);
                        flatten(&below(&id.unwrap_or_else(|| (at + 1).to_string())), value, shell, lines);
                    }
                    _ => flatten(path, value, shell, lines),
                }
            }
        }
        Value::Object(members) => {
            for (name, value) in members {
                flatten(&below(name), value, shell, lines);
            }
        }
    }
}

fn string(path: &str, text: &str) -> Line {
    let last = path.rsplit(" › ").next().unwrap_or_default();
    let language = ["ar", "fr", "en", "zgh"].into_iter().find(|tag| *tag == last);
    let is_address = text.contains("://");
    Line {
        path: path.to_owned(),
        text: text.to_owned(),
        language,
        // whatever has a space or a letter of another script is for people
        is_code: language.is_none() && text.bytes().all(|byte| byte.is_ascii_graphic()),
        is_punycode: is_address && text.contains("xn--"),
    }
}

/// A public key, by what others know it by.
fn key(value: &Value) -> Line {
    let Ok(key) = serde_json::from_value::<VerificationJwk>(value.clone()) else {
        return Line { is_code: true, ..Line::text(value.to_string()) };
    };
    let kind = match &key {
        VerificationJwk::Curve(key) => key.curve().name(),
        VerificationJwk::Rsa(_) => "RSA",
    };
    let usage = if key.is_for_encryption() { "enc" } else { "sig" };
    let thumbprint = key.thumbprint().to_string();
    let name = key.key_id().filter(|name| *name != thumbprint).unwrap_or_default();
    Line { path: name.to_owned(), is_code: true, ..Line::text(format!("{kind} {usage} {thumbprint}")) }
}

#[cfg(test)]
mod tests {
    use bitaqa_protocol::Language;

    use super::*;

    #[test]
    fn every_member_has_a_name_for_people() {
        let words = crate::words::load().unwrap();
        for member in ORDER {
            let name = format!("admin-member-{member}");
            assert_ne!(words.text(Language::Ar, &name), name);
        }
    }
}

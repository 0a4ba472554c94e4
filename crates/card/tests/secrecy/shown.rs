//! The search: whether bytes or characters stand in a text in any form that somebody could read.

use std::fmt::Debug;

/// The forms in which formatting shows bytes: hexadecimal digits of both cases, numbers in a list, escapes, and as they are.
fn forms(secret: &[u8]) -> Vec<String> {
    let list = |written: fn(&u8) -> String, separator: &str| {
        secret.iter().map(written).collect::<Vec<_>>().join(separator)
    };
    let two_digits: fn(&u8) -> String = |byte| format!("{byte:02x}");
    let mut forms = vec![
        list(u8::to_string, ","),
        list(two_digits, ""),
        list(two_digits, ","),
        list(|byte| format!("0x{byte:02x}"), ","),
        list(|byte| format!("0x{byte:x}"), ","),
        secret.escape_ascii().to_string().to_lowercase(),
    ];
    forms.extend(std::str::from_utf8(secret).map(str::to_lowercase));
    forms
}

/// The first form in which a text holds a secret.
pub(crate) fn found(text: &str, secret: &[u8]) -> Option<String> {
    let mut dense = text.to_lowercase();
    // the pretty form has one element in each line
    dense.retain(|character| !character.is_whitespace());
    forms(secret).into_iter().find(|form| dense.contains(form))
}

/// Formats a value in every way for developers; nothing of the secrets may be in it.
#[track_caller]
pub(crate) fn shows_none(value: &dyn Debug, secrets: &[&[u8]]) {
    for text in
        [format!("{value:?}"), format!("{value:#?}"), format!("{value:02x?}"), format!("{value:#02X?}")]
    {
        holds_none(&text, secrets);
    }
}

/// The same of a text that is there.
#[track_caller]
pub(crate) fn holds_none(text: &str, secrets: &[&[u8]]) {
    for secret in secrets {
        assert!(secret.len() >= 4, "what is shorter stands anywhere by chance");
        assert_eq!(found(text, secret), None, "{text}");
    }
}

#[test]
fn the_search_finds_what_it_looks_for() {
    let secret = &b"5820\xFF91"[..];
    let (bytes, text) = (secret.to_vec(), "AMINA");
    for shown in [
        format!("{bytes:?}"),
        format!("{bytes:#?}"),
        format!("{bytes:02x?}"),
        format!("{bytes:#04X?}"),
        bytes.iter().map(|byte| format!("{byte:02X}")).collect(),
        format!("\"{}\"", bytes.escape_ascii()),
    ] {
        assert!(found(&shown, secret).is_some(), "{shown}");
    }
    for shown in [format!("{text:?}"), format!("{:?}", text.as_bytes()), "a mina".to_owned()] {
        assert!(found(&shown, text.as_bytes()).is_some(), "{shown}");
    }
    assert_eq!(found("nothing", secret), None);
}

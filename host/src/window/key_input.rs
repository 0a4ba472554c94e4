//! What a key means for a PIN, whatever the keyboard layout.

use slint::winit_030::winit::keyboard::{Key, KeyCode, NamedKey, PhysicalKey};

use super::message::Alphabet;

/// What a key means for a PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PinKey {
    /// A character of the PIN.
    Character(u8),
    /// A character, but none of any PIN of this card.
    Refused,
    /// Take the last one away.
    Erase,
    /// Nothing that is typed: left to the window.
    Other,
}

/// Reads a key press. `key` is what the layout makes of it, `position` where the key is on the keyboard.
pub(super) fn pin_key(key: &Key, position: PhysicalKey, alphabet: Alphabet) -> PinKey {
    match key {
        Key::Named(NamedKey::Backspace | NamedKey::Delete) => PinKey::Erase,
        Key::Character(text) => {
            let mut characters = text.chars();
            match (characters.next(), characters.next()) {
                (Some(character), None) => pin_character(character, position, alphabet),
                _ => PinKey::Refused,
            }
        }
        Key::Dead(_) => PinKey::Refused,
        Key::Named(_) | Key::Unidentified(_) => PinKey::Other,
    }
}

fn pin_character(character: char, position: PhysicalKey, alphabet: Alphabet) -> PinKey {
    if let Some(digit) = decimal_digit(character) {
        return PinKey::Character(digit);
    }
    match alphabet {
        Alphabet::Digits => azerty_digit(character, position).map_or(PinKey::Refused, PinKey::Character),
        Alphabet::Ascii => match u8::try_from(character) {
            Ok(byte @ b' '..=b'~') => PinKey::Character(byte),
            _ => PinKey::Refused,
        },
        Alphabet::Document => match u8::try_from(character) {
            Ok(byte) if byte.is_ascii_alphanumeric() || byte == b'<' => {
                PinKey::Character(byte.to_ascii_uppercase())
            }
            // on some keyboards a hyphen is the unshifted 6: a number has digits, and hardly ever hyphens
            _ => match (azerty_digit(character, position), character) {
                (Some(digit), _) => PinKey::Character(digit),
                (None, '-') => PinKey::Character(b'-'),
                _ => PinKey::Refused,
            },
        },
    }
}

/// The ASCII digit of a decimal digit: ASCII, Arabic-Indic (U+0660–0669) or Eastern Arabic-Indic (U+06F0–06F9), as used for
/// Persian and Urdu.
fn decimal_digit(character: char) -> Option<u8> {
    let code = u32::from(character);
    let value = match code {
        0x30..=0x39 => code - 0x30,
        0x0660..=0x0669 => code - 0x0660,
        0x06F0..=0x06F9 => code - 0x06F0,
        _ => return None,
    };
    u8::try_from(value).ok().map(|value| b'0' + value)
}

/// The digit of an unshifted key of the top row on a French or Belgian keyboard, whose digits need Shift.
///
/// Both the character and the place must fit: on other layouts the same characters stand on other keys.
fn azerty_digit(character: char, position: PhysicalKey) -> Option<u8> {
    let PhysicalKey::Code(place) = position else { return None };
    let digit = match (place, character) {
        (KeyCode::Digit1, '&') => b'1',
        (KeyCode::Digit2, 'é' | 'É') => b'2',
        (KeyCode::Digit3, '"') => b'3',
        (KeyCode::Digit4, '\'') => b'4',
        (KeyCode::Digit5, '(') => b'5',
        // French; Belgian
        (KeyCode::Digit6, '-' | '§') => b'6',
        (KeyCode::Digit7, 'è' | 'È') => b'7',
        (KeyCode::Digit8, '_' | '!') => b'8',
        (KeyCode::Digit9, 'ç' | 'Ç') => b'9',
        (KeyCode::Digit0, 'à' | 'À') => b'0',
        _ => return None,
    };
    Some(digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOP_ROW: [KeyCode; 10] = [
        KeyCode::Digit1,
        KeyCode::Digit2,
        KeyCode::Digit3,
        KeyCode::Digit4,
        KeyCode::Digit5,
        KeyCode::Digit6,
        KeyCode::Digit7,
        KeyCode::Digit8,
        KeyCode::Digit9,
        KeyCode::Digit0,
    ];

    fn typed(characters: &str, alphabet: Alphabet) -> Vec<PinKey> {
        characters
            .chars()
            .zip(TOP_ROW)
            .map(|(character, place)| {
                let mut text = [0; 4];
                let key = Key::Character(character.encode_utf8(&mut text).into());
                pin_key(&key, PhysicalKey::Code(place), alphabet)
            })
            .collect()
    }

    fn characters(expected: &[u8]) -> Vec<PinKey> {
        expected.iter().copied().map(PinKey::Character).collect()
    }

    #[test]
    fn every_keyboard_s_digits_become_ascii() {
        for row in ["1234567890", "١٢٣٤٥٦٧٨٩٠", "۱۲۳۴۵۶۷۸۹۰", "&é\"'(-è_çà", "&é\"'(§è!çà", "&É\"'(-È_ÇÀ"]
        {
            assert_eq!(typed(row, Alphabet::Digits), characters(b"1234567890"), "{row}");
        }
    }

    #[test]
    fn a_sign_of_another_layout_is_not_taken_for_a_digit() {
        // the top row of a US keyboard, with Shift
        assert_eq!(typed("!@#$%^&*()", Alphabet::Digits), vec![PinKey::Refused; 10]);
        let key = Key::Character("'".into());
        assert_eq!(pin_key(&key, PhysicalKey::Code(KeyCode::Quote), Alphabet::Digits), PinKey::Refused);
    }

    #[test]
    fn letters_are_refused_for_a_numeric_pin_and_kept_for_another() {
        let key = Key::Character("a".into());
        let place = PhysicalKey::Code(KeyCode::KeyA);
        assert_eq!(pin_key(&key, place, Alphabet::Digits), PinKey::Refused);
        assert_eq!(pin_key(&key, place, Alphabet::Ascii), PinKey::Character(b'a'));
        let key = Key::Character("é".into());
        assert_eq!(pin_key(&key, place, Alphabet::Ascii), PinKey::Refused);
    }

    #[test]
    fn a_document_number_has_capitals_digits_and_what_stands_between_them() {
        assert_eq!(
            typed("ab<12-", Alphabet::Document),
            [&characters(b"AB<12")[..], &[PinKey::Character(b'6')]].concat()
        );
        assert_eq!(typed("&é\"'(-è_çà", Alphabet::Document), characters(b"1234567890"));
        let key = Key::Character("-".into());
        let place = PhysicalKey::Code(KeyCode::Minus);
        assert_eq!(pin_key(&key, place, Alphabet::Document), PinKey::Character(b'-'));
        for none in ["é", "/", "ش"] {
            let key = Key::Character(none.into());
            assert_eq!(pin_key(&key, place, Alphabet::Document), PinKey::Refused, "{none}");
        }
    }

    #[test]
    fn keys_that_type_nothing_are_left_to_the_window() {
        let place = PhysicalKey::Code(KeyCode::Tab);
        assert_eq!(pin_key(&Key::Named(NamedKey::Tab), place, Alphabet::Digits), PinKey::Other);
        assert_eq!(pin_key(&Key::Named(NamedKey::Backspace), place, Alphabet::Digits), PinKey::Erase);
    }
}

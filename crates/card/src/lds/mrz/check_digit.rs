//! Check digits (ICAO Doc 9303-3, section 4.9).

/// What a character of the machine readable zone counts in a check digit; `None` for a character that has no place there.
#[must_use]
pub const fn value(character: u8) -> Option<u8> {
    match character {
        b'0'..=b'9' => Some(character - b'0'),
        b'A'..=b'Z' => Some(character - b'A' + 10),
        b'<' => Some(0),
        _ => None,
    }
}

/// The check digit, as the character that is printed: weights 7, 3, 1, modulus 10. `None` if a character has no value.
#[must_use]
pub fn check_digit(characters: impl IntoIterator<Item = u8>) -> Option<u8> {
    let weights = [7_u8, 3, 1].into_iter().cycle();
    let mut sum = 0;
    for (character, weight) in characters.into_iter().zip(weights) {
        sum = (sum + u16::from(value(character)?) * u16::from(weight)) % 10;
    }
    u8::try_from(sum).ok().map(|digit| b'0' + digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_9303_3_appendix_a_hold() {
        for (characters, digit) in [
            ("520727", b'3'),
            ("AB2134<<<", b'5'),
            ("HA672242<658022549601086<<<<<<<<<<<<<<0", b'8'),
            ("D231458907<<<<<<<<<<<<<<<34071279507122<<<<<<<<<<<", b'2'),
            ("HA672242<658022549601086<<<<<<<", b'8'),
        ] {
            assert_eq!(check_digit(characters.bytes()), Some(digit), "{characters}");
        }
    }

    #[test]
    fn a_character_of_another_alphabet_has_no_check_digit() {
        assert_eq!(check_digit(*b"AB c"), None);
        assert_eq!(check_digit([]), Some(b'0'));
    }
}

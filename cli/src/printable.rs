//! Text of others on a terminal.

use std::{
    fmt,
    io::{self, Write},
};

/// Shows text that came from a file or certificate: what could move the cursor, or the order of the letters around it, is
/// replaced by U+FFFD.
pub(crate) struct Printable<'a>(pub(crate) &'a str);

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            let shown = if character.is_control() || breaks_line(character) || changes_direction(character) {
                '\u{fffd}'
            } else {
                character
            };
            write!(f, "{shown}")?;
        }
        Ok(())
    }
}

/// Says on standard error why a question could not be asked.
pub(crate) fn complain(error: &dyn fmt::Display) {
    let mut standard_error = io::stderr().lock();
    for line in error.to_string().lines() {
        // where even standard error is closed there is nobody left to tell
        let _ = writeln!(standard_error, "bitaqa: {}", Printable(line));
    }
}

/// Line and paragraph separator, which are no control characters.
fn breaks_line(character: char) -> bool {
    matches!(character, '\u{2028}' | '\u{2029}')
}

/// Directional formatting characters (Unicode Standard Annex 9, section 2).
fn changes_direction(character: char) -> bool {
    matches!(character, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_letters_reach_the_terminal() {
        assert_eq!(Printable("أمينة Amina").to_string(), "أمينة Amina");
        assert_eq!(Printable("a\u{1b}[2Jb\nc\u{202e}d").to_string(), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}d");
    }
}

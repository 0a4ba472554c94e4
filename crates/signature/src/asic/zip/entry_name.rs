//! Names of entries.

use super::ZipFault;

/// Longest name, in bytes.
const MAX_LENGTH: usize = 1_024;

/// The upper half of code page 437 (APPNOTE appendix D), in which a name without the flag for UTF-8 is by the letter of the format.
const CODE_PAGE_437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// A relative path in UTF-8 that leads nowhere outside of the container, on any system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryName(String);

impl EntryName {
    /// Checks a name.
    ///
    /// # Errors
    /// [`ZipFault::Name`]: empty, too long, absolute, with empty parts or `.` or `..`, with a backslash, a colon after one letter,
    /// or characters that are not shown.
    pub fn parse(name: &str) -> Result<Self, ZipFault> {
        let path = name.strip_suffix('/').unwrap_or(name);
        let is_hidden = |letter: char| {
            // control characters, and those that turn the direction of text
            letter.is_control()
                || matches!(letter, '\\' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        let has_drive = matches!(path.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
        let good = !path.is_empty()
            && name.len() <= MAX_LENGTH
            && !has_drive
            && !name.chars().any(is_hidden)
            && path.split('/').all(|part| !matches!(part, "" | "." | ".."));
        if good { Ok(Self(name.to_owned())) } else { Err(ZipFault::Name) }
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, ZipFault> {
        Self::parse(std::str::from_utf8(bytes).map_err(|_| ZipFault::Name)?)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a folder's.
    #[must_use]
    pub fn is_folder(&self) -> bool {
        self.0.ends_with('/')
    }

    /// What programs make of the name that take its bytes for code page 437, folded as [`folded`](Self::folded) does; none where
    /// that is the same.
    pub(super) fn in_code_page_437(&self) -> Option<String> {
        if self.0.is_ascii() {
            return None;
        }
        let letter = |byte: u8| match byte.checked_sub(0x80) {
            None => Some(char::from(byte)),
            Some(upper) => CODE_PAGE_437.chars().nth(usize::from(upper)),
        };
        Self(self.0.bytes().filter_map(letter).collect()).folded().into()
    }

    /// What two names have in common that some systems take for one: letters of either case, a folder and a file.
    pub(in crate::asic) fn folded(&self) -> String {
        self.0.trim_end_matches('/').to_lowercase()
    }
}

impl std::fmt::Display for EntryName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_page_437_has_a_letter_for_each_byte() {
        assert_eq!(CODE_PAGE_437.chars().count(), 128);
        let other = |name: &str| EntryName::parse(name).unwrap().in_code_page_437();
        assert_eq!(other("a.txt"), None);
        // python3 -c 'print("é°.txt".encode().decode("cp437").lower())'
        assert_eq!(other("é°.txt").as_deref(), Some("├⌐┬░.txt"));
    }

    #[test]
    fn a_name_stays_below_the_container() {
        for name in ["a", "META-INF/signature.p7s", "عقد.pdf", "a b/c", "..a/b..", "folder/", "a:b/c:d"] {
            assert_eq!(EntryName::parse(name).is_ok(), name != "a:b/c:d", "{name}");
        }
        for name in [
            "",
            "/",
            "/a",
            "a//b",
            "../a",
            "a/../b",
            "./a",
            "a/.",
            "..",
            "a\\b",
            "C:a",
            "a\0",
            "a\n",
            "a/b//",
            "exe\u{202e}fdp",
        ] {
            assert_eq!(EntryName::parse(name), Err(ZipFault::Name), "{name:?}");
        }
        assert!(EntryName::parse(&"a".repeat(1_025)).is_err());
    }
}

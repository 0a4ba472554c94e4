//! Names of entries.

use super::ZipFault;

/// Longest name, in bytes.
const MAX_LENGTH: usize = 1_024;

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

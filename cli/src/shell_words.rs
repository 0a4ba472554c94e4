//! Commands that a person can copy into a shell.

use std::{ffi::OsStr, fmt::Write as _, os::unix::ffi::OsStrExt as _};

use crate::printable::Printable;

/// Words as one line. What a shell reads of it are exactly these words, and nothing in it moves the cursor of a terminal: a word
/// that would is written as `$'…'` with its bytes by number, which bash, zsh and ksh read (POSIX.1-2024 section 2.2.4).
pub(crate) fn line<'a>(words: impl IntoIterator<Item = &'a OsStr>) -> String {
    words.into_iter().map(quoted).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &OsStr) -> String {
    match word.to_str() {
        Some(text) if !text.is_empty() && text.bytes().all(is_plain) => text.to_owned(),
        Some(text) if Printable(text).to_string() == text => format!("'{}'", text.replace('\'', r"'\''")),
        _ => by_number(word.as_bytes()),
    }
}

/// Characters that mean themselves anywhere in a word, in every shell.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._/:@%+,".contains(&byte)
}

fn by_number(bytes: &[u8]) -> String {
    let mut text = "$'".to_owned();
    for byte in bytes {
        if is_plain(*byte) || *byte == b' ' {
            text.push(char::from(*byte));
        } else {
            // three digits, so that no digit behind it belongs to it; writing to a text cannot fail
            let _ = write!(text, "\\{byte:03o}");
        }
    }
    text + "'"
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_shell_reads_the_words_that_were_written() {
        let words: [&[u8]; 12] = [
            b"letter.txt",
            b"my letter.txt",
            b"it's \"mine\"",
            b"$(reboot) `reboot` $HOME; & | > < * ? [a] {a,b} !1 #x \\n ~",
            "رسالة é".as_bytes(),
            b"",
            b"two\nlines\n",
            b"\x1b[2J'\\",
            b"not UTF-8: \xff\xfe7",
            "turned \u{202e}round".as_bytes(),
            b"~/x",
            b"a=b",
        ];
        let line = line(words.map(OsStr::from_bytes));
        assert!(line.starts_with("letter.txt 'my letter.txt' "), "{line}");
        assert_eq!(Printable(&line).to_string(), line);
        let read = Command::new("bash").args(["-c", &format!("printf '%s\\0' {line}")]).output().unwrap();
        let expected = words.map(|word| [word, b"\0"].concat()).concat();
        assert_eq!(read.stdout, expected, "{line}");
    }

    #[test]
    fn words_without_control_characters_are_for_every_shell() {
        let words = ["my letter.txt", "it's", "$HOME", "é"];
        let line = line(words.map(OsStr::new));
        let read = Command::new("sh").args(["-c", &format!("printf '%s\\n' {line}")]).output().unwrap();
        assert_eq!(String::from_utf8(read.stdout).unwrap(), words.join("\n") + "\n");
    }
}

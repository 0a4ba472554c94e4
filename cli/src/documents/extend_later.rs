//! What to do where a signature did not reach the level that was asked for: which it has, why, and the command that raises it once
//! the service is back.

use std::{
    ffi::{OsStr, OsString},
    io::{self, Write},
    path::{Path, PathBuf},
};

use bitaqa_signature::{
    Level,
    augmentation::{Augmented, Notice},
};
use serde::Serialize;

use crate::{printable::Printable, shell_words};

/// What the command line said about raising, to be said again.
pub(super) struct Means<'a> {
    /// Addresses of time-stamp authorities; none for those of the configuration.
    pub(super) tsa: &'a [String],
    pub(super) trust: &'a [PathBuf],
    /// False where a time stamp is missing and nobody is known who gives one.
    pub(super) has_time_stamps: bool,
}

/// A file whose level is lower than the one that was asked for.
#[derive(Debug, Serialize)]
pub(super) struct ExtendLater {
    /// The level that was asked for.
    wanted: Level,
    /// What raises the file when the services are back, for a shell; none where nothing will.
    command: Option<String>,
    /// Whether nobody is known who gives the time stamp that is missing.
    #[serde(skip)]
    nobody_stamps: bool,
}

impl ExtendLater {
    /// None where the level was reached. `file` is where the signatures are now.
    pub(super) fn of(
        file: &Path,
        detached: &[PathBuf],
        wanted: Level,
        reached: &Augmented,
        means: &Means<'_>,
    ) -> Option<Self> {
        if reached.level >= wanted {
            return None;
        }
        // without a notice a step of raising failed, which says nothing about the next try
        let helps = reached.notices.is_empty() || !reached.notices.iter().all(is_final);
        let command = (helps && means.has_time_stamps)
            .then(|| shell_words::line(words(file, detached, wanted, means).iter().map(AsRef::as_ref)));
        Some(Self { wanted, command, nobody_stamps: !means.has_time_stamps })
    }

    /// Says it, with the reasons.
    pub(super) fn say(
        &self,
        file: &Path,
        reached: &Augmented,
        failures: &[String],
        out: &mut impl Write,
    ) -> io::Result<()> {
        let name = file.display().to_string();
        writeln!(out, "Lower level: {} is {}, not {}", Printable(&name), reached.level, self.wanted)?;
        for notice in &reached.notices {
            writeln!(out, "  {}", Printable(&notice.to_string()))?;
        }
        for failure in failures {
            writeln!(out, "  could not be had: {}", Printable(failure))?;
        }
        if reached.notices.iter().any(|notice| matches!(notice, Notice::NoPath { .. })) {
            writeln!(
                out,
                "  --trust names who is above the signer and the time stamps, up to their roots; it may lack one"
            )?;
        }
        match &self.command {
            Some(command) => {
                writeln!(out, "The signature is kept. Raise it when the service is back:\n  {command}")
            }
            None if self.nobody_stamps => writeln!(
                out,
                "The signature is kept. No time-stamp authority is known: extend it with --tsa."
            ),
            None => writeln!(out, "The signature is kept as it is; extending it later does not help."),
        }
    }
}

/// Whether no service can ever help.
const fn is_final(notice: &Notice) -> bool {
    match notice {
        Notice::NoTimeStamp { .. } | Notice::NoPath { .. } | Notice::NoRevocationData { .. } => false,
        Notice::Revoked { .. }
        | Notice::NotIntact { .. }
        | Notice::NoSigner { .. }
        | Notice::BadTimeStamp { .. } => true,
    }
}

fn words(file: &Path, detached: &[PathBuf], wanted: Level, means: &Means<'_>) -> Vec<OsString> {
    let mut words: Vec<OsString> = ["bitaqa", "extend", "--level"].map(OsString::from).into();
    words.push(wanted.to_string().into());
    for url in means.tsa {
        words.extend(["--tsa".into(), url.into()]);
    }
    for (option, paths) in [("--trust", means.trust), ("--detached", detached)] {
        for path in paths {
            words.extend([option.into(), as_word(path)]);
        }
    }
    words.extend(["--out".into(), as_word(&raised(file, wanted)), as_word(file)]);
    words
}

/// A path that no option can be taken for, nor standard input.
fn as_word(path: &Path) -> OsString {
    if path.as_os_str().as_encoded_bytes().starts_with(b"-") {
        return Path::new(".").join(path).into();
    }
    path.as_os_str().to_owned()
}

/// Beside the file, with the level in its name, and not there yet: `letter.txt.lt.p7s`.
fn raised(file: &Path, wanted: Level) -> PathBuf {
    let name = wanted.to_string().to_ascii_lowercase();
    let level = name.trim_start_matches("b-");
    let name = |number: u32| {
        let mut name = file.file_stem().map(OsStr::to_owned).unwrap_or_default();
        name.push(".");
        name.push(level);
        if number > 1 {
            name.push(format!("-{number}"));
        }
        if let Some(ending) = file.extension() {
            name.push(".");
            name.push(ending);
        }
        file.with_file_name(name)
    };
    let mut number = 1;
    while name(number).exists() {
        number += 1;
    }
    name(number)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]
mod tests {
    use super::*;

    fn later(file: &Path, notice: Notice) -> Option<String> {
        let reached = Augmented { level: Level::BB, notices: vec![notice] };
        let means = Means {
            tsa: &["http://tsa.example/a?b&c".to_owned()],
            trust: &["-roots".into()],
            has_time_stamps: true,
        };
        ExtendLater::of(file, &["my letter.txt".into()], Level::BLt, &reached, &means).unwrap().command
    }

    #[test]
    fn the_command_names_everything_that_is_needed() {
        let notice = Notice::NoTimeStamp { signature: "1".to_owned() };
        assert_eq!(
            later(Path::new("my letter.txt.p7s"), notice).unwrap(),
            "bitaqa extend --level B-LT --tsa 'http://tsa.example/a?b&c' --trust ./-roots --detached 'my letter.txt' \
             --out 'my letter.txt.lt.p7s' 'my letter.txt.p7s'"
        );
    }

    #[test]
    fn nothing_is_offered_that_cannot_help() {
        let reached = Augmented { level: Level::BLt, notices: Vec::new() };
        let means = Means { tsa: &[], trust: &[], has_time_stamps: true };
        assert!(ExtendLater::of(Path::new("a"), &[], Level::BLt, &reached, &means).is_none());
        let notice = Notice::NotIntact { signature: "1".to_owned() };
        assert_eq!(later(Path::new("a.p7s"), notice), None);
    }

    #[test]
    fn the_name_of_the_raised_file_is_free() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("contract.signed.pdf");
        assert_eq!(raised(&file, Level::BLta), folder.path().join("contract.signed.lta.pdf"));
        std::fs::write(folder.path().join("contract.signed.lta.pdf"), "").unwrap();
        assert_eq!(raised(&file, Level::BLta), folder.path().join("contract.signed.lta-2.pdf"));
        assert_eq!(raised(Path::new("-x"), Level::BT), Path::new("-x.t"));
    }
}

//! A terminal for a program under test, and the person at it.

use std::{
    ffi::OsStr,
    fs::{File, OpenOptions},
    io::{Read as _, Write as _},
    os::unix::{ffi::OsStrExt as _, fs::OpenOptionsExt as _},
    process::{Output, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use bitaqa_testbed::Testbed;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use super::text;

/// A terminal with nobody but this test at it.
pub(crate) struct Terminal {
    pub(crate) person: File,
    name: std::ffi::CString,
}

impl Terminal {
    pub(crate) fn open() -> Self {
        let person = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&person).unwrap();
        unlockpt(&person).unwrap();
        let name = ptsname(&person, Vec::new()).unwrap();
        Self { person: File::from(person), name }
    }

    pub(crate) fn line(&self) -> File {
        let path = OsStr::from_bytes(self.name.as_bytes());
        let no_controlling_terminal = i32::try_from(rustix::fs::OFlags::NOCTTY.bits()).unwrap();
        OpenOptions::new().read(true).write(true).custom_flags(no_controlling_terminal).open(path).unwrap()
    }

    /// Runs the command and types each answer once its question stands there. Gives what it said, and what the terminal
    /// showed of what was typed.
    pub(crate) fn run(
        mut self,
        bed: &Testbed,
        arguments: &[&str],
        typed: &[(&str, &str)],
    ) -> (Output, String) {
        let kept = self.line();
        let mut command = bed.command(env!("CARGO_BIN_EXE_bitaqa"));
        command.arg("card").args(arguments);
        command.stdin(self.line()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut errors = child.stderr.take().unwrap();
        let mut asked = Vec::new();
        for (question, answer) in typed {
            let from = asked.len();
            while !text(&asked[from..]).contains(question) {
                let mut byte = [0];
                assert_eq!(
                    errors.read(&mut byte).unwrap(),
                    1,
                    "asked only: {}",
                    String::from_utf8_lossy(&asked)
                );
                asked.push(byte[0]);
                if byte[0] >= 0x80 {
                    panic!("questions are ASCII");
                }
            }
            self.person.write_all(answer.as_bytes()).unwrap();
        }
        errors.read_to_end(&mut asked).unwrap();
        let mut output = child.wait_with_output().unwrap();
        output.stderr = asked;
        // the terminal shows again what is typed, behind whatever it has shown before
        self.person.write_all(b"seen\n").unwrap();
        let (shown, is_shown) = mpsc::channel();
        let mut person = self.person.try_clone().unwrap();
        thread::spawn(move || {
            let mut words = Vec::new();
            let mut byte = [0];
            while !words.ends_with(b"seen\r\n") && person.read(&mut byte).is_ok() {
                words.push(byte[0]);
            }
            let _ = shown.send(words);
        });
        let shown = is_shown.recv_timeout(Duration::from_secs(10)).expect("the terminal is left mute");
        drop(kept);
        (output, text(&shown).strip_suffix("seen\r\n").unwrap().to_owned())
    }
}

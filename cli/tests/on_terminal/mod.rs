//! The command line as a person meets it: on a terminal, where secrets are typed.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test program uses its own part of it")]

use std::{
    fs,
    io::{Read as _, Write as _},
    process::Stdio,
    sync::mpsc,
    thread,
    time::Duration,
};

use bitaqa_testbed::Testbed;
use serde_json::Value;

/// Nobody waits longer for a question.
const PATIENCE: Duration = Duration::from_secs(30);
/// What a run on a terminal left behind.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub terminal: String,
    pub out: String,
    pub err: String,
}

impl Run {
    #[track_caller]
    pub fn says(&self, code: i32, expected: &[&str]) {
        assert_eq!(self.code, Some(code), "{self:?}");
        for words in expected {
            assert!(self.out.contains(words), "{self:?}\nshould say {words}");
        }
    }

    #[track_caller]
    pub fn complains(&self, code: i32, expected: &str) {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert!(self.err.contains(expected), "{self:?}\nshould complain of {expected}");
        assert!(self.err.lines().all(|line| line.starts_with("bitaqa: ")), "{self:?}");
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Runs `bitaqa` on a terminal of its own, which echoes unless it is told not to, and types each answer when its question is there. No answer may be seen
/// anywhere.
#[track_caller]
pub fn typing(bed: &Testbed, arguments: &[&str], answers: &[(&str, &str)]) -> Run {
    typing_after("", bed, arguments, answers)
}

/// The same, after a command of the shell such as a limit.
#[track_caller]
pub fn typing_after(first: &str, bed: &Testbed, arguments: &[&str], answers: &[(&str, &str)]) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let (out, err) = (folder.path().join("out"), folder.path().join("err"));
    let program = [env!("CARGO_BIN_EXE_bitaqa")];
    let quoted = |word: &&str| format!("'{}'", word.replace('\'', r"'\''"));
    let words: Vec<String> = program.iter().chain(arguments).map(quoted).collect();
    let line = format!("{first}{} >'{}' 2>'{}'", words.join(" "), out.display(), err.display());
    let mut child = bed
        .command("script")
        .args(["--quiet", "--return", "--echo", "always", "--command", &line, "/dev/null"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("this test needs script (package bsdutils): {error}"));
    let mut keys = child.stdin.take().unwrap();
    let mut screen = child.stdout.take().unwrap();
    let (shown, to_see) = mpsc::channel();
    let reader = thread::spawn(move || {
        let mut part = [0; 256];
        while let Ok(length @ 1..) = screen.read(&mut part) {
            let _ = shown.send(part[..length].to_vec());
        }
    });
    let mut terminal = String::new();
    let mut answered = 0;
    for (question, answer) in answers {
        while !terminal[answered..].contains(&format!("{question}: ")) {
            let part = to_see.recv_timeout(PATIENCE);
            let part = part.unwrap_or_else(|_| {
                panic!(
                    "{question} is not asked: {terminal} {:?} {:?}",
                    fs::read_to_string(&out),
                    fs::read_to_string(&err)
                )
            });
            terminal.push_str(&String::from_utf8(part).unwrap());
        }
        answered = terminal.len();
        keys.write_all(answer.as_bytes()).unwrap();
        keys.write_all(b"\r").unwrap();
    }
    let code = child.wait().unwrap().code();
    drop(keys);
    reader.join().unwrap();
    terminal.extend(to_see.iter().map(|part| String::from_utf8(part).unwrap()));
    let read = |path| fs::read_to_string(path).unwrap();
    let run = Run { code, terminal, out: read(&out), err: read(&err) };
    for (_, answer) in answers {
        let seen = [&run.terminal, &run.out, &run.err].into_iter().any(|text| text.contains(answer));
        assert!(answer.is_empty() || !seen, "a secret was shown: {run:?}");
    }
    run
}

//! Another PC/SC client, and what it says.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use bitaqa_testbed::{CardSpec, Effect, KeyKind, Misbehaviour, ReaderOptions, Testbed};

use crate::readers::opensc;

/// The program of this package.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_bitaqa-testbed");
/// Longer than anything takes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A running program whose lines can be waited for.
pub(crate) struct Spoken {
    pub(crate) child: Child,
    lines: Receiver<String>,
}

impl Spoken {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { child, lines }
    }

    pub(crate) fn foreign(bed: &Testbed, arguments: &[&str]) -> Self {
        Self::start(bed.command(PROGRAM).arg("foreign").args(arguments))
    }

    pub(crate) fn line(&self) -> String {
        self.lines.recv_timeout(PATIENCE).unwrap()
    }
}

impl Drop for Spoken {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn bed() -> Testbed {
    Testbed::builder().reader(ReaderOptions::default()).start().unwrap()
}

#[test]
fn a_reader_held_exclusively_is_refused_to_others() {
    let bed = bed();
    bed.insert(0, &CardSpec::esteid()).unwrap();
    let mut other = Spoken::foreign(&bed, &["exclusive", "--seconds", "30"]);
    assert_eq!(other.line(), "holding");
    let said = opensc(&bed, &["--name"]).unwrap_err();
    assert!(said.contains("in use by another application"), "{said}");
    other.child.kill().unwrap();
    other.child.wait().unwrap();
    assert_eq!(opensc(&bed, &["--name"]).unwrap().trim(), "EstEID 2018");
}

#[test]
fn a_transaction_of_another_program_makes_others_wait() {
    let bed = bed();
    bed.insert(0, &CardSpec::esteid()).unwrap();
    let other = Spoken::foreign(&bed, &["transaction", "--seconds", "1"]);
    assert_eq!(other.line(), "holding");
    opensc(&bed, &["--name"]).unwrap();
    assert_eq!(other.line(), "released", "it was waited for");
}

#[test]
fn another_program_resets_the_card_and_selects_something_else() {
    let bed = bed();
    let card = bed.insert(0, &CardSpec::esteid()).unwrap();
    let before = card.resets();
    let other = Spoken::foreign(
        &bed,
        &["reset-and-select", "--aid", "51534344204170706C69636174696F6E", "--seconds", "0"],
    );
    assert_eq!(other.line(), "holding");
    assert_eq!(other.line(), "released");
    assert!(card.resets() > before);
    assert_eq!(card.log().last().unwrap().header, "00A4040C");
}

#[test]
fn insertion_and_removal_are_told_at_once_and_none_is_lost() {
    let bed = bed();
    let watcher = Spoken::foreign(&bed, &["watch", "--seconds", "60"]);
    assert_eq!(watcher.line(), "absent");
    let first = bed.insert(0, &CardSpec::esteid()).unwrap();
    assert_eq!(watcher.line(), "present");
    bed.remove(0).unwrap();
    assert_eq!(watcher.line(), "absent");
    bed.insert_again(0, &first).unwrap();
    assert_eq!(watcher.line(), "present");
    // a swap is a removal and an insertion, however quick
    bed.insert(0, &CardSpec::pkcs15(KeyKind::P256)).unwrap();
    assert_eq!(watcher.line(), "absent");
    assert_eq!(watcher.line(), "present");
}

#[test]
fn a_card_that_leaves_at_a_command_is_seen_to_have_left() {
    let bed = bed();
    let card = bed.insert(0, &CardSpec::esteid()).unwrap();
    let watcher = Spoken::foreign(&bed, &["watch", "--seconds", "60"]);
    assert_eq!(watcher.line(), "present");
    card.misbehave(Misbehaviour::at_instruction(1, 0xB0, Effect::RemoveBefore));
    let commands = ["--send-apdu", "00A4090404ADF13401", "--send-apdu", "00B0000010"];
    opensc(&bed, &commands).unwrap_err();
    assert_eq!(watcher.line(), "absent");
    assert!(bed.card(0).unwrap().is_none());
}

#[test]
fn a_card_pulled_in_the_midst_of_a_command_gives_no_answer() {
    let bed = bed();
    let card = bed.insert(0, &CardSpec::esteid()).unwrap();
    card.misbehave(Misbehaviour::at_instruction(1, 0xB0, Effect::Delay { milliseconds: 60_000 }));
    thread::scope(|scope| {
        let reading =
            scope.spawn(|| opensc(&bed, &["--send-apdu", "00A4090404ADF13401", "--send-apdu", "00B0000010"]));
        while !card.log().iter().any(|entry| entry.is(0xB0)) {
            thread::sleep(Duration::from_millis(5));
        }
        bed.remove(0).unwrap();
        reading.join().unwrap().unwrap_err();
    });
}

#[test]
fn the_program_says_what_is_wrong_with_its_arguments() {
    let bed = bed();
    let output = bed.command(PROGRAM).args(["foreign", "hold", "--reader", "7"]).output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no reader 7"));
    assert!(Path::new(PROGRAM).is_file());
}

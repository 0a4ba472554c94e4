//! Another program that uses the card: the test, run once more in a process of its own.
#![allow(dead_code, reason = "each test uses a part of it")]
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    env,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    process::{Child, ChildStdout, Stdio},
};

use bitaqa_testbed::Testbed;

/// Set where a test is the other program; says what it does.
const DEED: &str = "BITAQA_TEST_IS_THE_OTHER_PROGRAM";

/// What it does with the card in the first reader.
#[derive(Clone, Copy)]
pub(crate) enum Deed {
    /// Holds a transaction.
    Hold,
    /// Resets the card.
    Reset,
}

/// It, until it is dropped.
pub(crate) struct OtherProgram {
    child: Child,
    /// Kept, so that it can go on writing.
    _output: BufReader<ChildStdout>,
}

impl OtherProgram {
    /// Starts it and waits until it has done its deed. `test` is the name of the test, which begins with
    /// `if play_the_other_program() { return; }`.
    pub(crate) fn start(bed: &Testbed, test: &str, deed: Deed) -> Self {
        let mut command = bed.command(env::current_exe().unwrap());
        let deed = match deed {
            Deed::Hold => "hold",
            Deed::Reset => "reset",
        };
        command.args(["--exact", test, "--nocapture"]).env(DEED, deed);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let got = output.by_ref().lines().any(|line| line.unwrap() == "done");
        assert!(got, "it does not get the card");
        Self { child, _output: output }
    }
}

impl Drop for OtherProgram {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// In the process of the other program: does the deed, stays until its input ends, and gives true. False in the test.
pub(crate) fn play_the_other_program() -> bool {
    let Some(deed) = env::var_os(DEED) else { return false };
    let context = pcsc::Context::establish(pcsc::Scope::User).unwrap();
    let readers = context.list_readers_owned().unwrap();
    let mut card = context.connect(&readers[0], pcsc::ShareMode::Shared, pcsc::Protocols::ANY).unwrap();
    if deed == "reset" {
        let disposition = pcsc::Disposition::ResetCard;
        card.reconnect(pcsc::ShareMode::Shared, pcsc::Protocols::ANY, disposition).unwrap();
        done();
    } else {
        let transaction = card.transaction().unwrap();
        done();
        // the card may be gone by now
        let _ = transaction.end(pcsc::Disposition::LeaveCard);
    }
    let _ = card.disconnect(pcsc::Disposition::LeaveCard);
    true
}

fn done() {
    io::stdout().write_all(b"\ndone\n").unwrap();
    let _ = io::stdin().read_to_end(&mut Vec::new());
}

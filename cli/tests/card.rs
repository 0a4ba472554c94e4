//! `bitaqa card …` as a person or a script meets it, with software cards behind a real pcscd.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

use std::{
    env, fs,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    path::Path,
    process::{Child, ChildStdout, Command, Output, Stdio},
};

use bitaqa_testbed::{CardHandle, CardSpec, Effect, KeyKind, Misbehaviour, Testbed};
use serde_json::Value;

/// Set where a test is the other program.
const OTHER_PROGRAM: &str = "BITAQA_TEST_IS_THE_OTHER_PROGRAM";
/// Every command that reads cards.
const READING: [&str; 2] = ["info", "certificates"];

fn bitaqa(bed: &Testbed, arguments: &[&str]) -> Output {
    bed.command(env!("CARGO_BIN_EXE_bitaqa")).arg("card").args(arguments).output().unwrap()
}

/// What it says on standard output when it ends with this code and without complaint.
#[track_caller]
fn says(bed: &Testbed, code: i32, arguments: &[&str]) -> String {
    let output = bitaqa(bed, arguments);
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(code), String::new()), "{arguments:?}");
    text(&output.stdout)
}

#[track_caller]
fn json(bed: &Testbed, code: i32, arguments: &[&str]) -> Value {
    serde_json::from_str(&says(bed, code, &[arguments, &["--json"]].concat())).unwrap()
}

/// What it complains of when it ends with this code and says nothing else.
#[track_caller]
fn complains(output: &Output, code: i32) -> String {
    let complaint = text(&output.stderr);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(code), String::new()), "{complaint}");
    assert!(complaint.lines().all(|line| line.starts_with("bitaqa: ")), "{complaint}");
    complaint
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// No PIN was presented, and nobody asked for its state in a way that may cost a try.
#[track_caller]
fn saw_no_verify(card: &CardHandle) {
    assert!(!card.log().is_empty(), "the card was read");
    assert!(card.log().iter().all(|entry| !entry.is(0x20)), "{:?}", card.log());
}

#[test]
fn readers_and_what_is_in_them_are_listed() {
    let bed = Testbed::with_readers(&["Counter", "Back office"]).unwrap();
    let card = bed.insert(1, &CardSpec::esteid()).unwrap();
    let said = says(&bed, 0, &["list"]);
    let [empty, full] = &said.split_inclusive("Back").collect::<Vec<_>>()[..] else { panic!("{said}") };
    assert!(empty.contains("Counter") && empty.contains("card: empty"), "{said}");
    let atr: String = card.atr().iter().map(|byte| format!("{byte:02X}")).collect();
    assert!(full.contains("card: present") && full.contains(&atr), "{said}");

    let list = json(&bed, 0, &["list"]);
    let [counter, office] = &list["readers"].as_array().unwrap()[..] else { panic!("{list}") };
    assert!(counter["name"].as_str().unwrap().contains("Counter"));
    assert_eq!((&counter["card"], &counter["atr"]), (&"empty".into(), &Value::Null));
    assert_eq!((&office["card"], &office["atr"]), (&"present".into(), &atr.into()));
    assert_eq!(office["exclusive"], false);
    assert!(card.log().is_empty(), "listing sends nothing to a card");
}

#[test]
fn without_service_reader_or_card_the_question_cannot_be_asked() {
    for command in ["list", "info", "certificates"] {
        let output = Command::new(env!("CARGO_BIN_EXE_bitaqa"))
            .args(["card", command])
            .env("PCSCLITE_CSOCK_NAME", "/nonexistent/pcscd.comm")
            .output()
            .unwrap();
        let complaint = complains(&output, 2);
        assert!(complaint.contains("the smart card service does not run"), "{complaint}");
    }

    let none = Testbed::with_readers(&[]).unwrap();
    for command in ["list", "info", "certificates"] {
        assert!(complains(&bitaqa(&none, &[command]), 2).contains("no card reader is connected"));
    }

    let empty = Testbed::with_readers(&["Counter"]).unwrap();
    assert!(says(&empty, 1, &["list"]).contains("card: empty"));
    assert_eq!(json(&empty, 1, &["list"])["readers"][0]["card"], "empty");
    for command in READING {
        let complaint = complains(&bitaqa(&empty, &[command]), 2);
        assert!(complaint.contains("there is no card in Counter"), "{complaint}");
    }
}

#[test]
fn a_card_says_what_it_is_and_no_pin_is_presented() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    let card = bed.insert(0, &CardSpec { tries_left: Some(2), ..CardSpec::esteid() }).unwrap();
    let said = says(&bed, 0, &["info"]);
    for expected in [
        "EstEID (IDEMIA) (profile esteid-idemia)",
        "key for authentication",
        "key for signature",
        "ECDSA, by INTERNAL AUTHENTICATE",
        "PIN1, 4 to 12 characters, 2 of 3 tries left",
        "PIN2, 5 to 12 characters, 3 of 3 tries left, before each use",
    ] {
        assert!(said.contains(expected), "{said}\nshould say {expected}");
    }
    let info = json(&bed, 0, &["info"]);
    let described = &info["cards"][0];
    assert_eq!(described["profile"], "esteid-idemia");
    let [authentication, signature] = &described["credentials"].as_array().unwrap()[..] else {
        panic!("{info}")
    };
    assert_eq!(
        (&authentication["role"], &signature["role"]),
        (&"authentication".into(), &"signature".into())
    );
    assert_eq!(
        (&authentication["pin"]["triesLeft"], &authentication["pin"]["triesMaximum"]),
        (&2.into(), &3.into())
    );
    assert_eq!(signature["pin"]["beforeEachUse"], true);
    saw_no_verify(&card);

    // a card that describes itself does not tell how many tries are left, and is not asked in a way that may cost one
    let card = bed.insert(0, &CardSpec::pkcs15(KeyKind::Rsa2048)).unwrap();
    let said = says(&bed, 0, &["info"]);
    for expected in
        ["profile pkcs15", "Bitaqa test card", "RSA-PSS with a digest of 32 bytes", "tries left unknown"]
    {
        assert!(said.contains(expected), "{said}\nshould say {expected}");
    }
    assert_eq!(json(&bed, 0, &["info"])["cards"][0]["credentials"][0]["pin"]["triesLeft"], Value::Null);
    saw_no_verify(&card);
    assert_eq!(card.tries_left(0x81), Some(3));
}

#[test]
fn a_blocked_pin_is_called_blocked() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    bed.insert(0, &CardSpec { tries_left: Some(0), ..CardSpec::esteid() }).unwrap();
    let said = says(&bed, 0, &["info"]);
    assert!(said.contains("PIN1, 4 to 12 characters, blocked"), "{said}");
}

#[test]
fn certificates_are_those_on_the_card_and_openssl_takes_them() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    for spec in [CardSpec::esteid(), CardSpec::pkcs15(KeyKind::P256)] {
        let card = bed.insert(0, &spec).unwrap();
        let certificates = card.certificates();
        let said = says(&bed, 0, &["certificates"]);
        for expected in [&certificates.authentication.pem(), &certificates.signature.pem()] {
            assert!(said.contains(expected), "{said}\nshould hold {expected}");
        }
        assert!(said.contains("AMINA EXEMPLE") && said.contains("PNOMA-AB123456"), "{said}");

        let list = json(&bed, 0, &["certificates"]);
        let [authentication, signature] = &list["certificates"].as_array().unwrap()[..] else {
            panic!("{list}")
        };
        assert_eq!(authentication["pem"], certificates.authentication.pem());
        assert_eq!(signature["pem"], certificates.signature.pem());
        assert_eq!(authentication["role"], "authentication");
        assert_eq!(authentication["personalNumber"], "PNOMA-AB123456");

        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("new");
        says(&bed, 0, &["certificates", "--out", out.to_str().unwrap()]);
        let mut written: Vec<String> = fs::read_dir(&out)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        written.sort();
        assert_eq!(written, ["authentication.pem", "signature.pem"]);
        for name in &written {
            openssl_verifies(&bed.pki_dir(), &out.join(name));
        }
        saw_no_verify(&card);
    }
}

fn openssl_verifies(pki: &Path, certificate: &Path) {
    let output = Command::new("openssl")
        .args(["verify", "-CAfile"])
        .arg(pki.join("root.pem"))
        .arg("-untrusted")
        .arg(pki.join("issuing.pem"))
        .arg(certificate)
        .output()
        .unwrap_or_else(|error| panic!("this test needs openssl (package openssl): {error}"));
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).trim().ends_with(": OK"));
}

#[test]
fn a_file_that_is_there_is_kept() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    bed.insert(0, &CardSpec::esteid()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("authentication.pem");
    fs::write(&kept, "mine").unwrap();
    let output = bitaqa(&bed, &["certificates", "--out", folder.path().to_str().unwrap()]);
    let complaint = complains(&output, 2);
    assert!(complaint.contains("authentication.pem"), "{complaint}");
    assert_eq!(fs::read_to_string(&kept).unwrap(), "mine");
}

#[test]
fn with_two_readers_one_is_chosen_by_a_part_of_its_name() {
    let bed = Testbed::with_readers(&["Counter", "Back office"]).unwrap();
    bed.insert(0, &CardSpec::esteid()).unwrap();
    bed.insert(1, &CardSpec::pkcs15(KeyKind::P256).for_person("youssef")).unwrap();
    let profiles = |arguments: &[&str]| -> Vec<String> {
        let info = json(&bed, 0, &[&["info"], arguments].concat());
        let cards = info["cards"].as_array().unwrap().iter();
        cards.map(|card| card["profile"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(profiles(&[]), ["esteid-idemia", "pkcs15"]);
    assert_eq!(profiles(&["--reader", "Counter"]), ["esteid-idemia"]);
    assert_eq!(profiles(&["--reader", "office"]), ["pkcs15"]);
    let chosen = says(&bed, 0, &["certificates", "--reader", "office"]);
    assert!(chosen.contains("YOUSSEF") && !chosen.contains("AMINA"), "{chosen}");
    for command in READING {
        let complaint = complains(&bitaqa(&bed, &[command, "--reader", "Window"]), 2);
        assert!(complaint.contains("no reader's name contains \"Window\""), "{complaint}");
    }
    bed.remove(1).unwrap();
    let complaint = complains(&bitaqa(&bed, &["info", "--reader", "office"]), 2);
    assert!(complaint.contains("there is no card in Back office"), "{complaint}");
}

#[test]
fn a_card_that_is_not_known_or_does_not_answer_is_a_no() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    let card = bed.insert(0, &CardSpec::esteid()).unwrap();
    for command in READING {
        card.behave();
        for at in 1..=20 {
            card.misbehave(Misbehaviour::at_instruction(at, 0xA4, Effect::Status { status: 0x6A82 }));
        }
        let complaint = complains(&bitaqa(&bed, &[command]), 1);
        assert!(complaint.contains("the card is of no known kind"), "{complaint}");
    }
    for (effect, words) in [
        (Effect::EarlyEnd { keep: 1 }, "the card misbehaved: an answer without status word"),
        (Effect::Status { status: 0x6982 }, "the card refused READ BINARY with 6982"),
    ] {
        card.behave();
        card.misbehave(Misbehaviour::at_instruction(1, 0xB0, effect));
        let complaint = complains(&bitaqa(&bed, &["certificates"]), 1);
        assert!(complaint.contains(words), "{complaint}");
    }
    saw_no_verify(&card);

    card.behave();
    card.misbehave(Misbehaviour::at(1, Effect::Mute));
    bed.remove(0).unwrap();
    bed.insert_again(0, &card).unwrap();
    assert_eq!(json(&bed, 0, &["list"])["readers"][0]["card"], "mute");
    for command in READING {
        complains(&bitaqa(&bed, &[command]), 2);
    }
}

#[test]
fn a_card_that_another_program_holds_for_itself_is_a_no() {
    if env::var_os(OTHER_PROGRAM).is_some() {
        return hold_until_standard_input_ends();
    }
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    bed.insert(0, &CardSpec::esteid()).unwrap();
    let holder = Holder::start(&bed, "a_card_that_another_program_holds_for_itself_is_a_no");
    assert!(says(&bed, 0, &["list"]).contains("held by another program"));
    assert_eq!(json(&bed, 0, &["list"])["readers"][0]["exclusive"], true);
    for command in READING {
        let complaint = complains(&bitaqa(&bed, &[command]), 1);
        assert!(complaint.contains("another program holds the card in Counter"), "{complaint}");
    }
    drop(holder);
    says(&bed, 0, &["info"]);
}

/// Another program that holds the card exclusively: this test, run once more in a process of its own.
struct Holder {
    child: Child,
    /// Kept, so that it can go on writing.
    _output: BufReader<ChildStdout>,
}

impl Holder {
    fn start(bed: &Testbed, test: &str) -> Self {
        let mut command = bed.command(env::current_exe().unwrap());
        command.args(["--exact", test, "--nocapture"]).env(OTHER_PROGRAM, "yes");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let got = output.by_ref().lines().any(|line| line.unwrap() == "holding");
        assert!(got, "it does not get the card");
        Self { child, _output: output }
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

fn hold_until_standard_input_ends() {
    let context = pcsc::Context::establish(pcsc::Scope::User).unwrap();
    let [reader] = &context.list_readers_owned().unwrap()[..] else { panic!("not one reader") };
    let _card = context.connect(reader, pcsc::ShareMode::Exclusive, pcsc::Protocols::ANY).unwrap();
    io::stdout().write_all(b"\nholding\n").unwrap();
    let _ = io::stdin().read_to_end(&mut Vec::new());
}

#[test]
fn wrong_usage_ends_with_two() {
    for arguments in [
        &["card"][..],
        &["card", "burn"],
        &["card", "list", "--reader", "x"],
        &["card", "info", "--pin", "1234"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_bitaqa")).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}

//! A card that the reader opens with the card access number from its own keys, through a real pcscd.
//!
//! libpcsclite reads once per process where its service is. So the test runs twice: first it starts the test bed, then, in a
//! process of its own, it is the client.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::{
    env, fmt,
    io::{self, Write as _},
    sync::Arc,
};

use bitaqa_card::{
    Card, CardError, Hash, PinEntry, Profile, ReaderOpening, Role, SignatureAlgorithm, Signed,
    Transport as _, signature::KeySize,
};
use bitaqa_host::reader::{
    CardPresence, Connection, Monitor, Snapshot, connection::AfterTransaction, transport::PcscTransport,
};
use bitaqa_testbed::{CardHandle, CardSpec, Hypothesis, PaceKind, PinPadKind, ReaderOptions, Testbed};

/// Set where a test is the client.
const CLIENT: &str = "BITAQA_TEST_IS_THE_CLIENT";
const TEST: &str = "the_reader_opens_a_card_and_takes_its_pin_on_the_same_keys";

/// Has the reader open the card, and signs with the PIN from its keys, in two transactions; prints what comes of it.
fn sign_on_the_reader() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (name, atr) = runtime.block_on(only_card());
    let connection = Connection::open(name).unwrap();
    let first = connection.transaction(AfterTransaction::Reset, move |transport| {
        say(format_args!("executes PACE: {}", transport.executes_pace()));
        let profiles = Profile::compiled_in().unwrap();
        let closed = Card::discover(transport, &atr, &profiles).map(drop);
        say(format_args!("closed: {}", matches!(closed, Err(CardError::Closed(_)))));
        let mut card = opened(Card::open_on_reader(transport, &atr, &profiles))?;
        let credential = card.credential(Role::Authentication).unwrap();
        let certificate = card.certificate(&credential).unwrap();
        let layout = Arc::clone(card.layout());
        say(format_args!("certificate: {}, pad: {}", certificate.len() > 300, layout.takes_pin_pad()));
        transport.keep_channel();
        Some((layout, credential))
    });
    let Some((layout, credential)) = runtime.block_on(first).unwrap().0 else { return };
    let second = connection.transaction(AfterTransaction::Reset, move |transport: &mut PcscTransport<'_>| {
        say(format_args!("kept: {}", transport.has_channel()));
        let mut card = Card::opened_on_reader_before(transport, layout);
        let (algorithm, size) = (SignatureAlgorithm::Ecdsa(Hash::Sha256), KeySize::Ec(32));
        card.verify_and_sign(&credential, PinEntry::PinPad, algorithm, size, &[7; 32])
    });
    match runtime.block_on(second).unwrap().0 {
        Ok(Signed::Signature(signature)) => say(format_args!("signature: {}", signature.len())),
        other => say(format_args!("{other:?}")),
    }
    let third = connection.transaction(AfterTransaction::Leave, |transport| transport.has_channel());
    say(format_args!("kept any longer: {}", runtime.block_on(third).unwrap().0));
}

fn opened<'t>(opening: Result<ReaderOpening<Box<Card<'t>>>, CardError>) -> Option<Box<Card<'t>>> {
    match opening {
        Ok(ReaderOpening::Open(card)) => return Some(card),
        Ok(ReaderOpening::Refused(refusal)) => say(format_args!("refused: {refusal}")),
        Ok(ReaderOpening::Cancelled) => say(format_args!("cancelled")),
        Ok(ReaderOpening::TimedOut) => say(format_args!("timed out")),
        Err(error) => say(format_args!("error: {error}")),
    }
    None
}

async fn only_card() -> (std::ffi::CString, Vec<u8>) {
    let monitor = Monitor::start().unwrap();
    let mut snapshots = monitor.snapshots();
    loop {
        if let Some(Snapshot::Readers(readers)) = &*snapshots.borrow()
            && let [reader] = &readers[..]
            && let CardPresence::Present { atr } = &reader.card
        {
            return (reader.name.clone(), atr.clone());
        }
        snapshots.changed().await.unwrap();
    }
}

fn say(words: fmt::Arguments<'_>) {
    io::stdout().write_all(format!("{words}\n").as_bytes()).unwrap();
}

/// What the person does at the reader.
enum Act<'a> {
    Keys(&'a str),
    Cancel,
    TimeOut,
}

/// What the client prints, with this card in the reader of this test bed on which this is done.
fn at_the_reader(bed: &Testbed, spec: &CardSpec, acts: &[Act<'_>]) -> (String, CardHandle) {
    let card = bed.insert(0, spec).unwrap();
    let pad = bed.pin_pad(0).unwrap();
    for act in acts {
        match act {
            Act::Keys(digits) => pad.press_keys(digits),
            Act::Cancel => pad.cancel(),
            Act::TimeOut => pad.let_time_out(),
        }
    }
    let mut command = bed.command(env::current_exe().unwrap());
    let output = command.args(["--exact", TEST, "--nocapture"]).env(CLIENT, "yes").output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    (said, card)
}

#[test]
fn the_reader_opens_a_card_and_takes_its_pin_on_the_same_keys() {
    if env::var_os(CLIENT).is_some() {
        return sign_on_the_reader();
    }
    let options =
        ReaderOptions { pin_pad: PinPadKind::Verify, pace: PaceKind::Yes, ..ReaderOptions::default() };
    let bed = Testbed::builder().reader(options).start().unwrap();
    for hypothesis in [Hypothesis::Pkcs15Gm, Hypothesis::IasEccCam] {
        for seed in 0..20 {
            let spec = CardSpec::cnie_2(hypothesis, seed);
            let (can, pins) = (spec.can(), spec.pins());
            let acts = [Act::Keys(can.digits()), Act::Keys(pins.pin.digits())];
            let (said, card) = at_the_reader(&bed, &spec, &acts);
            for words in [
                "executes PACE: true",
                "closed: true",
                "certificate: true, pad: true",
                "kept: true",
                "signature: 64",
                "kept any longer: false",
            ] {
                assert!(said.contains(words), "{hypothesis:?} {seed}: {said}\nshould say {words}");
            }
            assert_eq!(card.verify_count(), 1);
            let presented = card.log().into_iter().find(|entry| entry.presented).unwrap();
            assert!(presented.header.starts_with("0C20"), "the PIN goes encrypted: {}", presented.header);
        }
        for (acts, words) in [
            (&[Act::Keys("654321")][..], "refused: the card access number is wrong"),
            (&[Act::Cancel], "cancelled"),
            (&[Act::TimeOut], "timed out"),
        ] {
            let (said, card) = at_the_reader(&bed, &CardSpec::cnie_2(hypothesis, 3), acts);
            assert!(said.contains(words), "{said}\nshould say {words}");
            assert_eq!(card.verify_count(), 0);
        }
    }
}

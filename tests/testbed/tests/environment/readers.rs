//! Readers: none, several, with limits.

use bitaqa_testbed::{CardSpec, Effect, KeyKind, Misbehaviour, ReaderOptions, Testbed};

use crate::other_program::bed;

/// Runs `opensc-tool`; gives what it said on success or failure.
pub(crate) fn opensc(bed: &Testbed, arguments: &[&str]) -> Result<String, String> {
    let output = bed.command("opensc-tool").args(arguments).output();
    let output = output.unwrap_or_else(|error| {
        panic!("opensc-tool cannot be run ({error}); on Debian: apt-get install opensc")
    });
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complained = String::from_utf8_lossy(&output.stderr);
    // opensc-tool ends well even when a command could not be sent
    if output.status.success() && !complained.contains("failed") {
        Ok(said)
    } else {
        Err(format!("{said}{complained}"))
    }
}

#[test]
fn a_computer_can_have_no_reader() {
    let bed = Testbed::builder().start().unwrap();
    let list = opensc(&bed, &["--list-readers"]).unwrap();
    assert!(list.contains("No smart card readers found"), "{list}");
}

#[test]
fn a_computer_can_have_several_readers() {
    let bed = Testbed::builder()
        .reader(ReaderOptions::named("Left"))
        .reader(ReaderOptions::named("Middle"))
        .reader(ReaderOptions { name: "Right".to_owned(), ..ReaderOptions::with_pin_pad() })
        .start()
        .unwrap();
    bed.insert(1, &CardSpec::esteid()).unwrap();
    let list = opensc(&bed, &["--list-readers"]).unwrap();
    let rows: Vec<Vec<&str>> = list.lines().skip(2).map(|row| row.split_whitespace().collect()).collect();
    assert_eq!(rows[0][..3], ["0", "No", "Left"]);
    assert_eq!(rows[1][..3], ["1", "Yes", "Middle"]);
    assert_eq!(rows[2][..5], ["2", "No", "PIN", "pad", "Right"]);
    assert!(bed.insert(3, &CardSpec::esteid()).is_err());
}

#[test]
fn a_card_can_be_swapped_for_another() {
    let bed = bed();
    bed.insert(0, &CardSpec::esteid()).unwrap();
    let first = opensc(&bed, &["--atr"]).unwrap();
    bed.insert(0, &CardSpec::pkcs15(KeyKind::P256)).unwrap();
    let second = opensc(&bed, &["--atr"]).unwrap();
    assert_ne!(first, second);
}

#[test]
fn a_card_keeps_its_counters_out_of_the_reader() {
    let bed = bed();
    let card = bed.insert(0, &CardSpec::esteid()).unwrap();
    let wrong = ["--send-apdu", "002000010C39393939FFFFFFFFFFFFFFFF"];
    opensc(&bed, &wrong).unwrap();
    bed.remove(0).unwrap();
    assert_eq!(card.tries_left(1), Some(2));
    bed.insert_again(0, &card).unwrap();
    assert!(opensc(&bed, &wrong).unwrap().contains("SW1=0x63, SW2=0xC1"));
}

#[test]
fn a_mute_card_is_present_and_does_not_answer() {
    let bed = bed();
    let card = bed.make(&CardSpec::esteid()).unwrap();
    card.misbehave(Misbehaviour::at(1, Effect::Mute));
    bed.insert_again(0, &card).unwrap();
    assert!(opensc(&bed, &["--list-readers"]).unwrap().contains("Yes"));
    opensc(&bed, &["--name"]).unwrap_err();
    card.behave();
    bed.insert_again(0, &card).unwrap();
    opensc(&bed, &["--name"]).unwrap();
}

//! `bitaqa card read` and `authenticate` as a person or a script meets them, with software cards behind a real
//! pcscd, and with a pseudo terminal to type on.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

mod chip_desk;

use std::{
    fs,
    io::{Read as _, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Output, Stdio},
};

use bitaqa_testbed::{CardSpec, Effect, Generation, Misbehaviour, Personality, Testbed};
use bitaqa_virtual_card::{
    icao::{
        logical_data_structure::{PortraitFormat, PortraitOrder},
        order::{DocumentOrder, FaultOrder},
    },
    spec::Hypothesis,
};
use chip_desk::{
    Desk, bitaqa, complains, first_group, has_no_secret, json, pairs, pseudo_terminal::Terminal, states, text,
};
use serde_json::Value;

const HYPOTHESES: [Hypothesis; 3] = [Hypothesis::IasEccCam, Hypothesis::Pkcs15Gm, Hypothesis::IcaoOnly];
const PORTRAITS: &str = "../tests/virtual-card/src/icao/logical_data_structure";

#[test]
fn twenty_seeds_of_each_moroccan_hypothesis_are_read_with_the_card_access_number_in_a_file() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    for hypothesis in HYPOTHESES {
        for seed in 0..20 {
            let spec = CardSpec::cnie_2(hypothesis, seed);
            bed.insert(0, &spec).unwrap();
            let desk = Desk::of(&spec);
            let answer = json(&desk.read(&bed, &["--json", "--can-file", &desk.path("can")]), 0);
            assert_eq!((&answer["kind"], &answer["opened"]), (&"icao".into(), &"pace".into()));
            assert_eq!((&answer["authenticated"], &answer["cardAccess"]), (&false.into(), &"same".into()));
            let all = [("DG1", "matches"), ("DG2", "matches"), ("DG11", "matches")];
            assert_eq!(states(&answer), pairs(&all), "{hypothesis:?} {seed}");
            let holder = &answer["holder"];
            let mrz = spec.mrz().unwrap();
            assert_eq!(holder["mrz"], Value::from(mrz.lines()));
            assert_eq!(holder["documentNumber"], spec.holder().unwrap().document_number());
            assert_eq!((&holder["surname"], &holder["givenNames"]), (&"EXEMPLE".into(), &"AMINA".into()));
            assert_eq!(holder["nationalName"]["surname"], "مثال");
            assert_eq!(holder["nationalName"]["givenNames"], "أمينة");
            assert_eq!(holder["personalNumber"], "AB123456");
            assert_eq!(answer["portrait"]["width"], 240);
            assert_eq!(desk.written(), ["dg1.bin", "dg11.bin", "dg2.bin", "portrait.jpg", "sod.bin"]);
            assert_eq!(desk.out("dg1.bin"), first_group(&spec));
            assert_eq!(
                desk.out("portrait.jpg"),
                fs::read(Path::new(PORTRAITS).join("portrait.jpg")).unwrap()
            );
            assert_eq!(
                (desk.out("sod.bin")[0], desk.out("dg2.bin")[0], desk.out("dg11.bin")[0]),
                (0x77, 0x75, 0x6B)
            );
        }
    }
}

#[test]
fn bahraini_cards_of_2025_are_read_with_number_or_zone_and_prove_themselves() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    let order = DocumentOrder {
        portrait: PortraitOrder { format: PortraitFormat::Jpeg2000, ..PortraitOrder::default() },
        ..DocumentOrder::default()
    };
    let spec = CardSpec::new(Personality::Bahrain2025).for_person("maryam").with_document(order);
    bed.insert(0, &spec).unwrap();
    for key in [["--can-file", "can"], ["--mrz-file", "mrz"]] {
        let desk = Desk::of(&spec);
        let answer = json(&desk.read(&bed, &["--json", key[0], &desk.path(key[1])]), 0);
        assert_eq!(answer["opened"], "pace");
        assert_eq!(answer["holder"]["nationalName"]["givenNames"], "مريم");
        assert_eq!(answer["portrait"]["file"], "portrait.jp2");
        assert_eq!(desk.out("portrait.jp2"), fs::read(Path::new(PORTRAITS).join("portrait.jp2")).unwrap());
        assert_eq!(desk.out("dg1.bin"), first_group(&spec));
        let proofs = json(&bitaqa(&bed, &["authenticate", "--json", key[0], &desk.path(key[1])]), 0);
        assert_eq!((&proofs["genuine"], &proofs["authenticated"]), (&true.into(), &false.into()));
        assert_eq!((&proofs["active"], &proofs["mapping"]), (&"proven".into(), &"not-offered".into()));
    }
}

#[test]
fn bahraini_cards_before_2025_are_free_to_read_and_called_unauthenticated() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    let spec = CardSpec::new(Personality::Bahrain2016).for_person("maryam");
    bed.insert(0, &spec).unwrap();
    let desk = Desk::of(&spec);
    let answer = json(&desk.read(&bed, &["--json"]), 0);
    assert_eq!((&answer["kind"], &answer["opened"]), (&"gcc".into(), &"free".into()));
    assert_eq!((&answer["authenticated"], &answer["cardAccess"]), (&false.into(), &Value::Null));
    let holder = &answer["holder"];
    assert_eq!((&holder["surname"], &holder["personalNumber"]), (&"NAMOOTHAJ".into(), &"900123456".into()));
    assert_eq!((&holder["nationalName"]["surname"], &holder["birth"]), (&"نموذج".into(), &"19900101".into()));
    assert_eq!(desk.written(), ["portrait.jpg"]);
    assert!(desk.out("portrait.jpg").starts_with(&[0xFF, 0xD8, 0xFF]));

    for generation in [Generation::V1, Generation::V2, Generation::V4] {
        let spec = CardSpec::of_generation(Personality::Bahrain2016, generation);
        bed.insert(0, &spec).unwrap();
        let desk = Desk::of(&spec);
        let answer = json(&desk.read(&bed, &["--json"]), 0);
        let holder = &answer["holder"];
        assert_eq!((&holder["surname"], &holder["expiry"]), (&"EXEMPLE".into(), &"20311231".into()));
        assert_eq!(holder["nationalName"]["givenNames"], "مريم علي حسن");
        assert_eq!(desk.written(), ["portrait.jpg"]);
    }
    bed.insert(0, &spec).unwrap();

    let desk = Desk::of(&spec);
    let said = text(&desk.read(&bed, &[]).stdout);
    assert!(said.contains("UNAUTHENTICATED") && said.contains("free to read"), "{said}");
    let complaint = complains(&Desk::of(&spec).read(&bed, &["--groups", "dg1"]), 2);
    assert!(complaint.contains("has no data groups"), "{complaint}");
    let complaint = complains(&bitaqa(&bed, &["authenticate"]), 1);
    assert!(complaint.contains("no way to prove"), "{complaint}");
}

fn passport() -> CardSpec {
    CardSpec::new(Personality::PassportBac)
}

#[test]
fn a_passport_is_opened_with_number_and_dates_that_are_typed_and_not_shown() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    let spec = passport();
    bed.insert(0, &spec).unwrap();
    let desk = Desk::of(&spec);
    let number = format!("{}\n", spec.holder().unwrap().document_number());
    let lines = spec.mrz().unwrap().lines();
    let date = |range: std::ops::Range<usize>| format!("{}\n", &lines[1][range]);
    let typed = [
        ("Document number", number.as_str()),
        ("Date of birth", "tomorrow\n"),
        ("Date of birth", &date(13..19)),
        ("Date of expiry", &date(21..27)),
    ];
    let arguments = ["read", "--json", "--groups", "dg1,DG2", "--out", &desk.path("out")];
    let (output, shown) = Terminal::open().run(&bed, &arguments, &typed);
    assert_eq!((output.status.code(), shown), (Some(0), String::new()), "{}", text(&output.stderr));
    has_no_secret(&text(&output.stderr), &spec);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&answer["opened"], &answer["cardAccess"]), (&"bac".into(), &"not-signed".into()));
    assert_eq!(states(&answer), pairs(&[("DG1", "matches"), ("DG2", "matches")]));
    assert_eq!(answer["holder"]["mrz"], Value::from(lines));
    assert_eq!(desk.written(), ["dg1.bin", "dg2.bin", "portrait.jpg", "sod.bin"]);
    assert_eq!(desk.out("dg1.bin"), first_group(&spec));

    let complaint = complains(&desk_of_can(&bed, &spec), 1);
    assert!(complaint.contains("takes no card access number"), "{complaint}");
}

fn desk_of_can(bed: &Testbed, spec: &CardSpec) -> Output {
    let desk = Desk::of(spec);
    desk.read(bed, &["--can-file", &desk.path("can")])
}

#[test]
fn the_card_access_number_is_typed_and_not_shown_and_the_zone_is_the_other_way() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    let spec = CardSpec::cnie_2(Hypothesis::IasEccCam, 4);
    bed.insert(0, &spec).unwrap();
    let can = format!("{}\n", spec.can().digits());
    // a slip, taken back
    let slip = format!("99\u{7f}\u{7f}{can}");
    for answer in [&can, &slip] {
        let (output, shown) =
            Terminal::open().run(&bed, &["authenticate"], &[("Card access number", answer)]);
        assert_eq!((output.status.code(), shown), (Some(0), String::new()), "{}", text(&output.stderr));
        has_no_secret(&text(&output.stderr), &spec);
        let said = text(&output.stdout);
        for expected in [
            "chip authentication mapping: proven",
            "chip authentication:         proven",
            "EF.CardAccess:               same",
            "digest of DG14:",
            "UNAUTHENTICATED",
        ] {
            assert!(said.contains(expected), "{said}\nshould say {expected}");
        }
        has_no_secret(&said, &spec);
    }

    let lines = spec.mrz().unwrap().lines();
    let number = format!("{}\n", spec.holder().unwrap().document_number());
    let typed = [
        ("Card access number", "\n"),
        ("Document number", number.as_str()),
        ("Date of birth", &format!("{}\n", &lines[1][0..6])),
        ("Date of expiry", &format!("{}\n", &lines[1][8..14])),
    ];
    let (output, shown) = Terminal::open().run(&bed, &["authenticate", "--json"], &typed);
    assert_eq!((output.status.code(), shown), (Some(0), String::new()), "{}", text(&output.stderr));

    // given up: nothing is sent that could be a try, and the terminal is as it was
    let (output, _) = Terminal::open().run(&bed, &["authenticate"], &[("Card access number", "12\u{3}")]);
    assert_eq!(output.status.code(), Some(2), "{}: {}", output.status, text(&output.stderr));
    assert!(text(&output.stderr).contains("bitaqa: given up"));
}

#[test]
fn progress_in_bytes_is_shown_on_a_terminal_and_nowhere_else() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    let spec = CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 6);
    bed.insert(0, &spec).unwrap();
    let desk = Desk::of(&spec);
    let terminal = Terminal::open();
    let mut command = bed.command(env!("CARGO_BIN_EXE_bitaqa"));
    command.args(["card", "read", "--can-file", &desk.path("can"), "--out", &desk.path("out")]);
    let mut kept = terminal.line();
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(terminal.line()).status().unwrap();
    assert_eq!(status.code(), Some(0));
    kept.write_all(b"MARK").unwrap();
    let mut shown = Vec::new();
    let mut byte = [0];
    while !shown.ends_with(b"MARK") && (&terminal.person).read(&mut byte).is_ok() {
        shown.push(byte[0]);
    }
    let shown = text(&shown);
    for (name, file) in [("EF.SOD", "sod.bin"), ("DG1", "dg1.bin"), ("DG2", "dg2.bin")] {
        let bytes = desk.out(file).len();
        let whole = format!("{name}: {bytes} of {bytes} bytes");
        assert!(shown.contains(&whole), "{shown:?}\nshould show {whole}");
    }
    has_no_secret(&shown, &spec);
}

#[test]
fn a_wrong_number_is_called_wrong_and_nothing_is_written() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    let spec = CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 2);
    let card = bed.insert(0, &spec).unwrap();
    let desk = Desk::of(&spec);
    let output = desk.read(&bed, &["--can-file", &desk.path("other-can")]);
    let complaint = complains(&output, 1);
    assert!(complaint.contains("the card access number is wrong"), "{complaint}");
    assert!(!complaint.contains("654321"), "{complaint}");
    has_no_secret(&complaint, &spec);
    assert!(desk.written().is_empty());

    card.misbehave(Misbehaviour::at_instruction(1, 0x22, Effect::Status { status: 0x63C0 }));
    let complaint = complains(&desk.read(&bed, &["--can-file", &desk.path("can")]), 1);
    assert!(complaint.contains("has blocked this way of opening it"), "{complaint}");
    json(&desk.read(&bed, &["--json", "--can-file", &desk.path("can")]), 0);
}

#[test]
fn without_a_terminal_or_with_a_useless_file_nobody_can_be_asked() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    let spec = CardSpec::cnie_2(Hypothesis::IcaoOnly, 2);
    let card = bed.insert(0, &spec).unwrap();
    let desk = Desk::of(&spec);
    let complaint = complains(&desk.read(&bed, &[]), 2);
    assert!(complaint.contains("on a terminal, and standard input is none"), "{complaint}");
    for (key, file, words) in [
        ("--can-file", "mrz", "no card access number"),
        ("--mrz-file", "can", "no machine readable zone"),
        ("--can-file", "absent", "absent"),
    ] {
        let complaint = complains(&desk.read(&bed, &[key, &desk.path(file)]), 2);
        assert!(complaint.contains(words), "{complaint}");
        has_no_secret(&complaint, &spec);
    }
    assert!(card.log().iter().all(|entry| !entry.is(0x86) && !entry.is(0x82)), "nothing was tried");
    assert!(desk.written().is_empty());
}

#[test]
fn files_are_for_their_owner_alone_and_never_written_over() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    let spec = CardSpec::cnie_2(Hypothesis::IcaoOnly, 3);
    let card = bed.insert(0, &spec).unwrap();
    let desk = Desk::of(&spec);
    json(&desk.read(&bed, &["--json", "--groups", "dg1", "--can-file", &desk.path("can")]), 0);
    let mode = |path: &str| fs::metadata(desk.path(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("out"), mode("out/dg1.bin"), mode("out/sod.bin")), (0o700, 0o600, 0o600));
    assert_eq!(desk.written(), ["dg1.bin", "sod.bin"]);
    let before = desk.out("sod.bin");
    card.clear_log();
    let complaint = complains(&desk.read(&bed, &["--can-file", &desk.path("can")]), 2);
    assert!(complaint.contains(".bin"), "{complaint}");
    assert!(card.log().is_empty(), "it is noticed before the card is asked for anything");
    assert_eq!((desk.out("sod.bin"), desk.written().len()), (before, 2));
}

#[test]
fn what_is_not_listed_not_given_or_not_what_is_listed_is_a_no() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    let read = |spec: &CardSpec, groups: &str| {
        bed.insert(0, spec).unwrap();
        let desk = Desk::of(spec);
        let answer = desk.read(&bed, &["--json", "--groups", groups, "--can-file", &desk.path("can")]);
        (json(&answer, 1), desk)
    };
    let (answer, desk) = read(&CardSpec::cnie_2(Hypothesis::IcaoOnly, 3), "dg1,dg3,dg5");
    let expected = [("DG1", "matches"), ("DG3", "forbidden"), ("DG5", "not-listed")];
    assert_eq!(states(&answer), pairs(&expected));
    assert_eq!(desk.written(), ["dg1.bin", "sod.bin"]);

    let with = |faults| {
        let order = DocumentOrder { faults, ..DocumentOrder::default() };
        CardSpec::cnie_2(Hypothesis::IasEccCam, 3).with_document(order)
    };
    let tampered = with(FaultOrder { tampered_group: Some(1), ..FaultOrder::default() });
    let (answer, _) = read(&tampered, "dg1,dg11");
    assert_eq!(states(&answer), pairs(&[("DG1", "differs"), ("DG11", "matches")]));
    let changed = with(FaultOrder { card_access_differs: true, ..FaultOrder::default() });
    let (answer, _) = read(&changed, "dg1");
    assert_eq!(answer["cardAccess"], "differs");

    let copied = with(FaultOrder { copied: true, ..FaultOrder::default() });
    bed.insert(0, &copied).unwrap();
    let desk = Desk::of(&copied);
    let proofs = json(&bitaqa(&bed, &["authenticate", "--json", "--can-file", &desk.path("can")]), 1);
    let verdicts = (&proofs["genuine"], &proofs["mapping"], &proofs["chip"]);
    assert_eq!(verdicts, (&false.into(), &"failed".into(), &"failed".into()));
}

#[test]
fn a_card_that_leaves_in_the_middle_is_gone_and_nothing_is_written() {
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    for spec in [CardSpec::cnie_2(Hypothesis::IasEccCam, 5), passport()] {
        let card = bed.insert(0, &spec).unwrap();
        for at in [1, 3, 6, 9, 12] {
            card.misbehave(Misbehaviour::at(at, Effect::RemoveBefore));
            let desk = Desk::of(&spec);
            let output = desk.read(&bed, &["--mrz-file", &desk.path("mrz")]);
            let complaint = complains(&output, 2);
            assert!(complaint.contains("there is no card in Counter"), "at {at}: {complaint}");
            has_no_secret(&complaint, &spec);
            assert!(desk.written().is_empty());
            bed.insert_again(0, &card).unwrap();
        }
        let desk = Desk::of(&spec);
        json(&desk.read(&bed, &["--json", "--mrz-file", &desk.path("mrz")]), 0);
    }
}

#[test]
fn one_card_is_meant_and_the_usual_causes_are_named() {
    let two = Testbed::with_readers(&["Counter", "Back office"]).unwrap();
    let spec = CardSpec::cnie_2(Hypothesis::IcaoOnly, 1);
    two.insert(0, &spec).unwrap();
    two.insert(1, &passport()).unwrap();
    let desk = Desk::of(&spec);
    let out = desk.path("out");
    for command in [&["read", "--out", &out][..], &["authenticate"], &["report"]] {
        let complaint = complains(&bitaqa(&two, command), 2);
        assert!(complaint.contains("several cards") && complaint.contains("--reader"), "{complaint}");
        let chosen = [command, &["--reader", "Window"]].concat();
        assert!(complains(&bitaqa(&two, &chosen), 2).contains("no reader's name contains"));
    }
    json(&desk.read(&two, &["--json", "--reader", "Counter", "--can-file", &desk.path("can")]), 0);

    two.insert(1, &CardSpec::esteid()).unwrap();
    let complaint = complains(&bitaqa(&two, &["authenticate", "--reader", "office"]), 1);
    assert!(complaint.contains("the card is of no known kind"), "{complaint}");
    two.remove(1).unwrap();
    let complaint = complains(&bitaqa(&two, &["report", "--reader", "office"]), 2);
    assert!(complaint.contains("there is no card in Back office"), "{complaint}");
    for arguments in [
        &["card", "read"][..],
        &["card", "read", "--out", "x", "--groups", "dg17"],
        &["card", "read", "--out", "x", "--can", "1"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_bitaqa")).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}

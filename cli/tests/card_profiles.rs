//! `bitaqa card profiles`, and cards that become known by one file in the administrator's folder.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    process::{Command, Output},
};

use bitaqa_testbed::{CardSpec, KeyKind, OwnRoot, Personality, Testbed, profile_of};
use bitaqa_virtual_card::undescribed::Identifiers;
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_bitaqa");

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn card(mut command: Command, arguments: &[&str]) -> Output {
    command.arg("card").args(arguments).output().unwrap()
}

#[track_caller]
fn says(output: &Output, code: i32) -> String {
    assert_eq!(output.status.code(), Some(code), "{} {}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

#[track_caller]
fn listed(root: &OwnRoot, code: i32) -> Value {
    serde_json::from_str(&says(&card(root.command(PROGRAM), &["profiles", "--json"]), code)).unwrap()
}

/// Reasons by file name.
fn faults(list: &Value) -> Vec<(String, String)> {
    let word = |fault: &Value, field: &str| fault[field].as_str().unwrap().to_owned();
    let name = |fault: &Value| word(fault, "path").rsplit('/').next().unwrap().to_owned();
    list["faults"].as_array().unwrap().iter().map(|fault| (name(fault), word(fault, "reason"))).collect()
}

fn names(list: &Value) -> Vec<&str> {
    list["profiles"].as_array().unwrap().iter().map(|profile| profile["name"].as_str().unwrap()).collect()
}

#[test]
fn an_unknown_card_becomes_known_by_one_file() {
    for seed in 0..4 {
        let spec = CardSpec { seed: Some(seed), ..CardSpec::new(Personality::Undescribed) };
        let bed = Testbed::with_readers(&["Counter"]).unwrap();
        let inserted = bed.insert(0, &spec).unwrap();
        let output = card(bed.command(PROGRAM), &["info"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(text(&output.stderr).contains("the card is of no known kind"), "{}", text(&output.stderr));

        let root = OwnRoot::new().unwrap();
        root.add_profile("our-new-card.toml", &profile_of(&Identifiers::of(seed))).unwrap();
        let in_root = |arguments: &[&str]| {
            let mut command = root.command(PROGRAM);
            command.env("PCSCLITE_CSOCK_NAME", bed.socket());
            says(&card(command, arguments), 0)
        };
        let said = in_root(&["info"]);
        for expected in ["A card that was unknown (profile our-new-card)", "PIN, 4 to 8 characters, 3"] {
            assert!(said.contains(expected), "{said}\nshould say {expected}");
        }
        let certificate = inserted.certificates().authentication.pem();
        assert!(in_root(&["certificates"]).contains(&certificate));
        assert_eq!(inserted.verify_count(), 0);
    }
}

#[test]
fn profiles_of_the_administrator_go_first_and_say_where_they_come_from() {
    let root = OwnRoot::new().unwrap();
    let own = profile_of(&Identifiers::of(1));
    root.add_profile("zebra.toml", &own).unwrap();
    root.add_profile("a-card.toml", &own).unwrap();
    root.add_profile("notes.txt", "not looked at").unwrap();
    let list = listed(&root, 0);
    assert_eq!(list["folder"], "/etc/bitaqa/profiles");
    assert_eq!(names(&list)[..3], ["a-card", "zebra", "lateid-v2"]);
    assert_eq!(list["profiles"][0]["source"], "/etc/bitaqa/profiles/a-card.toml");
    assert_eq!(list["profiles"][2]["source"], Value::Null);
    let said = says(&card(root.command(PROGRAM), &["profiles"]), 0);
    assert!(said.contains("a-card: A card that was unknown (/etc/bitaqa/profiles/a-card.toml)"), "{said}");
    assert!(said.contains("piv: PIV (NIST SP 800-73) (compiled in)"), "{said}");
}

#[test]
fn a_computer_without_the_folder_knows_what_is_compiled_in() {
    let root = OwnRoot::new().unwrap();
    fs::remove_dir(root.profiles()).unwrap();
    let list = listed(&root, 0);
    assert_eq!((names(&list).len(), names(&list)[7]), (8, "piv"));
}

#[test]
fn a_file_that_cannot_be_used_is_named_and_keeps_nobody_from_the_rest() {
    let root = OwnRoot::new().unwrap();
    let own = profile_of(&Identifiers::of(1));
    let add = |file: &str, text: &str| root.add_profile(file, text).unwrap();
    add("good.toml", &own);
    add("malformed.toml", "schema = 1\ntitle = 7\n");
    add("newer.toml", &own.replace("schema = 1", "schema = 2"));
    add("Unplain Name.toml", &own);
    add("piv.toml", &own);
    add("large.toml", &format!("{own}#{}", "x".repeat(65_536)));
    fs::write(root.profiles().join("latin.toml"), [0xE9]).unwrap();
    for (file, mode) in [("group.toml", 0o664), ("others.toml", 0o646)] {
        fs::set_permissions(add(file, &own), fs::Permissions::from_mode(mode)).unwrap();
    }
    fs::write(root.etc_bitaqa().join("elsewhere.toml"), &own).unwrap();
    symlink("../elsewhere.toml", root.profiles().join("link.toml")).unwrap();
    symlink("/etc/passwd", root.profiles().join("out.toml")).unwrap();
    fs::create_dir(root.profiles().join("folder.toml")).unwrap();
    let pipe = Command::new("mkfifo").arg(root.profiles().join("pipe.toml")).status().unwrap();
    assert!(pipe.success());

    let list = listed(&root, 1);
    assert_eq!(names(&list)[..2], ["good", "lateid-v2"], "the rest is used");
    assert_eq!(names(&list).len(), 9, "PIV is what it was");
    let found = faults(&list);
    for (file, words) in [
        ("malformed.toml", "title = 7"),
        ("newer.toml", "the schema is not 1"),
        ("Unplain Name.toml", "small letters"),
        ("piv.toml", "a profile of this name is compiled in"),
        ("large.toml", "more than 65536 bytes"),
        ("latin.toml", "not UTF-8"),
        ("group.toml", "others than root may write to it (mode 664)"),
        ("others.toml", "others than root may write to it (mode 646)"),
        ("link.toml", "no regular file"),
        ("out.toml", "no regular file"),
        ("folder.toml", "no regular file"),
        ("pipe.toml", "no regular file"),
    ] {
        let reason = found.iter().find(|(name, _)| name == file).map(|(_, reason)| reason.as_str());
        assert!(reason.is_some_and(|reason| reason.contains(words)), "{file}: {reason:?}");
    }
    assert_eq!(found.len(), 12, "{found:?}");
    // said on a terminal, too, by whoever uses a card
    let output = card(root.command(PROGRAM), &["profiles"]);
    assert!(says(&output, 1).contains("not used: /etc/bitaqa/profiles/malformed.toml"));
}

/// Makes a folder one that is not believed.
type Spoil = fn(&OwnRoot);

#[test]
fn a_folder_that_others_write_to_or_that_is_a_link_is_not_read() {
    let own = profile_of(&Identifiers::of(1));
    let open_to_all: Spoil = |root: &OwnRoot| {
        fs::set_permissions(root.profiles(), fs::Permissions::from_mode(0o777)).unwrap();
    };
    let open_above: Spoil = |root: &OwnRoot| {
        fs::set_permissions(root.etc_bitaqa(), fs::Permissions::from_mode(0o775)).unwrap();
    };
    let link: Spoil = |root: &OwnRoot| {
        let elsewhere = root.etc_bitaqa().join("elsewhere");
        fs::rename(root.profiles(), &elsewhere).unwrap();
        symlink("elsewhere", root.profiles()).unwrap();
    };
    let cases: [(&str, &str, Spoil); 3] = [
        ("profiles", "others than root may write to it (mode 777)", open_to_all),
        ("bitaqa", "others than root may write to it (mode 775)", open_above),
        ("profiles", "it is no folder, or a link to one", link),
    ];
    for (name, words, spoil) in cases {
        let root = OwnRoot::new().unwrap();
        root.add_profile("good.toml", &own).unwrap();
        spoil(&root);
        let list = listed(&root, 1);
        assert_eq!(names(&list).len(), 8, "{words}");
        assert_eq!(faults(&list), [(name.to_owned(), words.to_owned())]);
    }
}

#[test]
fn of_too_many_profiles_the_first_are_used() {
    let root = OwnRoot::new().unwrap();
    let own = profile_of(&Identifiers::of(1));
    for number in 0..70 {
        root.add_profile(&format!("card-{number:02}.toml"), &own).unwrap();
    }
    let list = listed(&root, 1);
    assert_eq!(names(&list).len(), 64 + 8);
    assert_eq!(names(&list)[63], "card-63");
    assert!(faults(&list)[0].1.contains("more than 64 profiles"), "{list}");
}

#[test]
fn nothing_moves_the_folder() {
    let root = OwnRoot::new().unwrap();
    root.add_profile("our-card.toml", &profile_of(&Identifiers::of(1))).unwrap();
    // seen from the machine itself, whose folder is another
    let elsewhere = root.etc_bitaqa();
    let mut command = Command::new(PROGRAM);
    for variable in ["BITAQA_PROFILES", "BITAQA_CONFIG", "XDG_CONFIG_HOME", "XDG_CONFIG_DIRS", "HOME"] {
        command.env(variable, &elsewhere);
    }
    let output = card(command, &["profiles", "--json"]);
    assert!(!text(&output.stdout).contains("our-card"), "{}", text(&output.stdout));
    let flag = card(Command::new(PROGRAM), &["profiles", "--folder", elsewhere.to_str().unwrap()]);
    assert_eq!(flag.status.code(), Some(2));
    // the software card of a make that is known needs none
    let bed = Testbed::with_readers(&["Counter"]).unwrap();
    bed.insert(0, &CardSpec::piv(KeyKind::P256)).unwrap();
    assert!(says(&card(bed.command(PROGRAM), &["info"]), 0).contains("profile piv"));
}

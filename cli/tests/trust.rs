//! `bitaqa trust …` as an administrator or a script meets it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

mod trust_desk;

use std::{
    fs,
    os::unix::{fs::PermissionsExt as _, fs::symlink, process::CommandExt as _},
    process::Command,
};

use serde_json::{Value, json};
use trust_desk::{Desk, PROGRAM, checked, in_days, text};

/// Reasons by file name.
fn faults(list: &Value) -> Vec<(String, String)> {
    let word = |fault: &Value, field: &str| fault[field].as_str().unwrap().to_owned();
    let name = |fault: &Value| word(fault, "path").rsplit('/').next().unwrap().to_owned();
    list["faults"].as_array().unwrap().iter().map(|fault| (name(fault), word(fault, "reason"))).collect()
}

fn names(list: &Value) -> Vec<&str> {
    list["packs"].as_array().unwrap().iter().map(|pack| pack["name"].as_str().unwrap()).collect()
}

#[test]
fn a_computer_without_packs_believes_nobody() {
    let desk = Desk::new();
    let list = desk.json("bitaqa trust list --json", 0);
    assert_eq!(list, json!({ "folder": "/etc/bitaqa/trust", "packs": [], "faults": [] }));
    assert!(desk.script_says("bitaqa trust list", 0).contains("no web site can ask for identity data"));
    let output = desk.script("bitaqa trust show national");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("no trust pack called national is installed"));
}

#[test]
fn a_first_pack_is_installed_with_the_fingerprint_that_was_told() {
    let desk = Desk::new();
    let pack = desk.pack(1, "signer", |_| {});
    let fingerprint = desk.fingerprint("signer");
    let add = format!("bitaqa trust add --fingerprint '{fingerprint}' {pack}");
    let said = desk.script_says(&format!("{add} && bitaqa trust list && ls -lR /etc/bitaqa/trust"), 0);
    for expected in [
        "national version 1\n",
        &fingerprint,
        "1 issuer of statements about portals",
        "Installed.",
        "-rw-r--r--",
    ] {
        assert!(said.contains(expected), "{said}\nshould say {expected}");
    }
    assert!(!said.contains(".new"), "{said}");
    let shown = desk.json(&format!("{add} >&2 && bitaqa trust show --json national"), 0);
    let mut fields: Vec<_> = shown.as_object().unwrap().keys().map(String::as_str).collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            "assurance",
            "cscaCertificates",
            "current",
            "documents",
            "expires",
            "issued",
            "issuerProfiles",
            "name",
            "signer",
            "statementIssuers",
            "statusSources",
            "successorSigners",
            "version"
        ]
    );
    assert_eq!(shown["assurance"], "production");
    assert_eq!(shown["current"], true);
    assert_eq!(shown["signer"]["fingerprint"], fingerprint);
    assert_eq!(shown["statementIssuers"][0]["keys"][0]["kid"], "platform");
    assert_eq!(shown["statementIssuers"][0]["origins"], json!(["https://*.example.ma"]));
    let added = desk.json(&format!("{add} --json"), 0);
    assert_eq!((&added["installed"], &added["pack"]["name"]), (&json!(true), &json!("national")));
    // also as base64url, and in small letters
    let lower = fingerprint.to_lowercase().replace(' ', ":");
    desk.script_says(&format!("bitaqa trust add --fingerprint {lower} {pack}"), 0);
}

#[test]
fn a_first_pack_is_not_installed_without_a_person_or_with_another_fingerprint() {
    let desk = Desk::new();
    let pack = desk.pack(1, "signer", |_| {});
    let output = desk.script(&format!("echo yes | bitaqa trust add {pack}"));
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("there is none\nbitaqa: Give the fingerprint"),
        "{}",
        text(&output.stderr)
    );
    let other = desk.fingerprint("stranger");
    let output = desk.script(&format!(
        "bitaqa trust add --fingerprint '{other}' {pack}; s=$?; ls /etc/bitaqa/trust >&2; exit $s"
    ));
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(
        said.contains(&format!("expected {other}")) && said.contains(&desk.fingerprint("signer")),
        "{said}"
    );
    assert!(!said.contains("national.pack"), "{said}");
    let output = desk.script(&format!("bitaqa trust add --fingerprint 1234 {pack}"));
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_person_at_a_terminal_says_yes_or_not() {
    let desk = Desk::new();
    let pack = desk.pack(1, "signer", |_| {});
    let script = format!("bitaqa trust add {pack}; s=$?; ls /etc/bitaqa/trust >&2; exit $s");
    let output = desk.at_terminal(&script, "Type yes to install the pack:", "yes\n");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("national.pack"));
    for answer in ["\n", "no\n", "y\n", "yes please, do it\n"] {
        let output = desk.at_terminal(&script, &desk.fingerprint("signer"), answer);
        assert_eq!(output.status.code(), Some(1), "{answer}");
        let said = text(&output.stderr);
        assert!(
            said.contains("nobody confirmed the fingerprint") && !said.contains("national.pack"),
            "{said}"
        );
    }
}

#[test]
fn only_root_changes_what_is_installed() {
    let desk = Desk::new();
    let pack = desk.pack(1, "signer", |_| {});
    let folder = tempfile::Builder::new().prefix("bqcli").tempdir_in("/tmp").unwrap();
    let program = folder.path().join("bitaqa");
    // by another process: what this one holds open for writing, a child of another thread may hold open too, and then it cannot be run
    assert!(Command::new("cp").arg(PROGRAM).arg(&program).status().unwrap().success());
    fs::copy(desk.path(&pack), folder.path().join("the.pack")).unwrap();
    for path in [folder.path(), program.as_path()] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    fs::set_permissions(folder.path().join("the.pack"), fs::Permissions::from_mode(0o644)).unwrap();
    let fingerprint = desk.fingerprint("signer");
    for arguments in [vec!["add", "--fingerprint", &fingerprint, "the.pack"], vec!["remove", "national"]] {
        let mut command = Command::new(&program);
        command.current_dir(folder.path()).arg("trust").args(&arguments);
        if rustix::process::geteuid().is_root() {
            command.uid(65_534);
        }
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains("only root may change"), "{}", text(&output.stderr));
    }
}

#[test]
fn the_next_version_needs_no_question_if_its_signer_is_named() {
    let desk = Desk::new();
    let first = desk.pack(1, "signer", |pack| pack["signers"] = json!(["signer.json", "next.json"]));
    desk.put(&first, "national.pack");
    let second = desk.pack(2, "next", |_| {});
    let version = |script: &str| {
        desk.json(&format!("({script}) >&2; bitaqa trust show --json national"), 0)["version"].clone()
    };
    assert_eq!(version(&format!("bitaqa trust add {second}")), 2);
    // from then on the key of before is out: the second pack names its own signer only
    let third = desk.pack(3, "signer", |_| {});
    assert_eq!(version(&format!("bitaqa trust add {second} && bitaqa trust add {third}")), 2);
    let output = desk.script(&format!("bitaqa trust add {second} && bitaqa trust add {third}"));
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains(&desk.fingerprint("signer")), "{}", text(&output.stderr));
    // the fingerprint of a stranger that somebody was told does not help either
    let stranger = desk.pack(4, "stranger", |_| {});
    let fingerprint = desk.fingerprint("stranger");
    let output = desk.script(&format!("bitaqa trust add --fingerprint '{fingerprint}' {stranger}"));
    assert_eq!(output.status.code(), Some(1));
    // and a fingerprint that is given is kept to
    let output = desk.script(&format!("bitaqa trust add --fingerprint '{fingerprint}' {second}"));
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("fingerprint is another"));
}

#[test]
fn a_version_never_falls_also_where_the_pack_was_removed() {
    let desk = Desk::new();
    let packs: Vec<String> = (1..=3).map(|version| desk.pack(version, "signer", |_| {})).collect();
    let fingerprint = desk.fingerprint("signer");
    let add =
        |version: usize| format!("bitaqa trust add --fingerprint '{fingerprint}' {}", packs[version - 1]);
    for (script, code, words) in [
        (format!("{} && {}", add(2), add(1)), 1, "version 2 was installed here: a version never falls"),
        (format!("{} && {}", add(2), add(2)), 1, "version 2 of this pack is installed already"),
        (format!("{} && bitaqa trust remove national && {}", add(2), add(1)), 1, "a version never falls"),
        (format!("{} && bitaqa trust remove national && {}", add(2), add(2)), 0, ""),
        (format!("{} && bitaqa trust remove national && {}", add(2), add(3)), 0, ""),
        ("bitaqa trust remove national".to_owned(), 1, "no trust pack called national"),
    ] {
        let output = desk.script(&script);
        checked(&output, code);
        assert!(text(&output.stderr).contains(words), "{script}: {}", text(&output.stderr));
    }
    // an older file that is put there by hand is not used
    let script =
        format!("{} >&2; cp {} /etc/bitaqa/trust/national.pack; bitaqa trust list --json", add(3), packs[0]);
    let list = desk.json(&script, 1);
    assert!(names(&list).is_empty());
    assert!(faults(&list)[0].1.contains("version 3 was installed here"), "{list}");
    // and a memory that cannot be read keeps anything from being installed
    let script = format!("{} >&2; echo x > /etc/bitaqa/trust/versions.json; {}", add(1), add(2));
    let output = desk.script(&script);
    checked(&output, 2);
    assert!(text(&output.stderr).contains("versions.json"), "{}", text(&output.stderr));
}

#[test]
fn expired_altered_and_unmarked_packs_are_refused() {
    let desk = Desk::new();
    let fingerprint = desk.fingerprint("signer");
    let refused = |pack: &str, words: &str| {
        let output = desk.script(&format!("bitaqa trust add --fingerprint '{fingerprint}' {pack}"));
        checked(&output, 1);
        assert!(text(&output.stderr).contains(words), "{}", text(&output.stderr));
    };
    let expired = desk.pack(2, "signer", |pack| {
        pack["issued"] = in_days(-20).into();
        pack["expires"] = in_days(-10).into();
    });
    refused(&expired, "the pack has expired");
    let future = desk.pack(2, "signer", |pack| pack["issued"] = in_days(10).into());
    refused(&future, "made in the future");
    let good = desk.pack(1, "signer", |_| {});
    let mut altered = fs::read_to_string(desk.path(&good)).unwrap();
    let at = altered.find('.').unwrap() + 30;
    altered.replace_range(at..=at, if &altered[at..=at] == "A" { "B" } else { "A" });
    fs::write(desk.path("altered.pack"), altered).unwrap();
    refused("altered.pack", "the signature is wrong");
    fs::write(desk.path("text.pack"), "hello").unwrap();
    refused("text.pack", "not a trust pack");
    desk.put(&good, "national.pack");
    let test = desk.pack(2, "signer", |pack| pack["test"] = json!(true));
    refused(&test, "not both marked test");
    checked(&desk.script("bitaqa trust add nothing.pack"), 2);
}

#[test]
fn a_pack_for_tests_says_so_everywhere() {
    let desk = Desk::new();
    let pack = desk.pack(1, "signer", |pack| pack["test"] = json!(true));
    desk.put(&pack, "national.pack");
    for command in ["list", "show national", &format!("show ./{pack}")] {
        let said = desk.script_says(&format!("bitaqa trust {command}"), 0);
        assert!(said.starts_with("TEST:"), "{said}");
    }
    assert_eq!(desk.json("bitaqa trust list --json", 0)["packs"][0]["assurance"], "test");
}

#[test]
fn a_file_that_others_could_have_written_is_not_used() {
    let desk = Desk::new();
    let pack = desk.pack(1, "signer", |_| {});
    desk.put(&pack, "national.pack");
    for (name, mode) in [("group.pack", 0o664), ("others.pack", 0o646)] {
        desk.put(&pack, name);
        fs::set_permissions(desk.trust().join(name), fs::Permissions::from_mode(mode)).unwrap();
    }
    desk.put(&pack, "other-name.pack");
    fs::write(desk.trust().join("broken.pack"), "x").unwrap();
    fs::write(desk.trust().join("notes.txt"), "x").unwrap();
    symlink("national.pack", desk.trust().join("link.pack")).unwrap();
    let list = desk.json("bitaqa trust list --json", 1);
    assert_eq!(names(&list), ["national"]);
    let found = faults(&list);
    for (file, words) in [
        ("group.pack", "others than root may write to it (mode 664)"),
        ("others.pack", "others than root may write to it (mode 646)"),
        ("other-name.pack", "the pack is called national"),
        ("broken.pack", "not a trust pack"),
        ("link.pack", "no regular file"),
    ] {
        let reason = found.iter().find(|(name, _)| name == file).map(|(_, reason)| reason.as_str());
        assert!(reason.is_some_and(|reason| reason.contains(words)), "{file}: {reason:?}");
    }
    assert_eq!(found.len(), 5, "{found:?}");
    // nor is anything of a folder that others write to, and nothing is installed there
    fs::set_permissions(desk.trust(), fs::Permissions::from_mode(0o755)).unwrap();
    let open = "chmod 777 /etc/bitaqa/trust;";
    let list = desk.json(&format!("{open} bitaqa trust list --json"), 1);
    assert!(names(&list).is_empty());
    let output = desk.script(&format!("{open} bitaqa trust remove national"));
    checked(&output, 2);
    assert!(text(&output.stderr).contains("others than root may write to it"));
}

#[test]
fn nothing_moves_the_folder() {
    let desk = Desk::new();
    let pack = desk.pack(1, "signer", |_| {});
    desk.put(&pack, "national.pack");
    let mut command = Command::new(PROGRAM);
    for variable in ["BITAQA_TRUST", "BITAQA_CONFIG", "XDG_CONFIG_HOME", "XDG_CONFIG_DIRS", "HOME"] {
        command.env(variable, desk.root.etc_bitaqa());
    }
    let output = command.args(["trust", "list", "--json"]).output().unwrap();
    assert!(!text(&output.stdout).contains("national"), "{}", text(&output.stdout));
    let folder = desk.trust();
    let flag = desk.run(&["trust", "list", "--folder", folder.to_str().unwrap()]);
    assert_eq!(flag.status.code(), Some(2));
}

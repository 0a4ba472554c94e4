//! What cannot be asked, what cannot be shown, and help.

use std::{fs, process::Command};

use crate::{
    folder::{Folder, text},
    test_pki::{self, challenge},
};

#[test]
fn what_cannot_be_asked_ends_with_two_and_says_why() {
    let folder = Folder::new();
    fs::create_dir(folder.path("nothing")).unwrap();
    folder.write("broken.pem", "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n");
    folder.write("wrong.toml", "schema = 1\n[[issuer]]\nname = \"A\"\nanchors = [\"lost.pem\"]\n");
    for (arguments, message) in [
        (&["lost.json"][..], "lost.json: No such file"),
        (&["--trust", "lost", "token.json"], "lost: No such file"),
        (&["--trust", "nothing", "token.json"], "no certificate file"),
        (&["--trust", "broken.pem", "token.json"], "broken.pem, certificate 1: not DER"),
        (&["--anchor", "token.json", "token.json"], "token.json: no certificate found"),
        (&["--issuers", "wrong.toml", "token.json"], "lost.pem: No such file"),
        (&["--issuers", "wrong.toml", "--anchor", "trust/root.pem", "token.json"], "cannot be used with"),
        (&[], "required"),
        (&["--unknown", "token.json"], "unexpected argument"),
    ] {
        let output = folder.verify(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        let said = text(&output.stderr);
        assert!(said.contains(message), "{arguments:?}: {said}");
    }
    let nonce = challenge();
    for (origin, nonce, message) in [
        ("https://portal.example.ma/", nonce.as_str(), "no slash, no path"),
        ("portal.example.ma", nonce.as_str(), "starts with https://"),
        ("https://portal.example.ma", "c2hvcnQ=", "at least 44"),
    ] {
        let output = folder
            .command(&["--origin", origin, "--nonce", nonce, "--trust", "trust", "token.json"])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains(message), "{}", text(&output.stderr));
    }
    let output = folder
        .command(&["--origin", "https://portal.example.ma", "--nonce", nonce.as_str(), "token.json"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "nothing is trusted by itself");
}

#[test]
fn names_cannot_paint_on_the_terminal() {
    let folder = Folder::new();
    let mut template = folder.person();
    template.name =
        test_pki::der::name(&[("2.5.4.3", "Eve\u{1b}[2J\u{202e}"), ("2.5.4.5", "1\n  Level        high")]);
    folder.write("eve.json", &folder.token(template));
    let output = folder.verify(&["eve.json"]);
    assert_eq!(output.status.code(), Some(0));
    let said = text(&output.stdout);
    assert!(!said.contains('\u{1b}') && !said.contains('\u{202e}'));
    assert!(!said.lines().any(|line| line.trim_start().starts_with("Level        high")), "{said}");
}

#[test]
fn help_is_there_at_every_step() {
    for arguments in
        [&["--help"][..], &["token", "--help"], &["token", "verify", "--help"], &["token", "verify", "-h"]]
    {
        let output = Command::new(env!("CARGO_BIN_EXE_bitaqa")).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(text(&output.stdout).contains("Usage: bitaqa"), "{arguments:?}");
    }
    for arguments in [&[][..], &["token"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_bitaqa")).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains("Usage: bitaqa"), "{arguments:?}");
    }
}

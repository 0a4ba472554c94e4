//! `bitaqa verify --trusted-list`: who is qualified, on the word of an installed pack or of a certificate that is named.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

mod installed_pack;
#[path = "../../crates/signature/tests/trusted_list/lists.rs"]
#[allow(dead_code, unreachable_pub, reason = "this test uses its own part of it")]
mod lists;
#[path = "../../crates/signature/tests/support/mod.rs"]
mod support;

use std::{
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

use bitaqa_testbed::OwnRoot;
use lists::{Draft, operator};
use serde_json::{Value, json};
use support::{Kind, pki};

/// A letter that a qualified holder signed with openssl.
fn signed_letter() -> PathBuf {
    let holder = pki().issue("qualified", Kind::P256, "/C=MA/CN=AMINA EXEMPLE", "qualified");
    let letter = pki().file("letter.txt", b"text");
    let message = pki().signed_message(&holder, &letter, &["-nodetach"]);
    pki().file("letter.p7m", &message)
}

/// Verifies without network, with the revocation lists of this moment.
fn verify(root: &OwnRoot, more: &[&str], file: &Path) -> Output {
    let lists = [("ca.crl.der", pki().revocation_list()), ("root.crl.der", pki().root_revocation_list())]
        .map(|(name, list)| pki().file(name, &list));
    root.command(env!("CARGO_BIN_EXE_bitaqa"))
        .args(["verify", "--json", "--offline"])
        .args(lists.iter().flat_map(|list| ["--crl".as_ref(), list.as_os_str()]))
        .args(more)
        .arg(file)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[track_caller]
fn says(output: &Output) -> (String, String, String) {
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (
        text(&report["indication"]),
        text(&report["signatures"][0]["qualification"]["level"]),
        text(&report["assurance"]),
    )
}

fn expected(level: &str, assurance: &str) -> (String, String, String) {
    ("TOTAL-PASSED".to_owned(), level.to_owned(), assurance.to_owned())
}

#[test]
fn a_list_counts_by_whom_a_pack_or_the_person_names_for_lists() {
    let letter = signed_letter();
    let list = pki().file("list.xml", &Draft::new().signed_by("for_the_command", &operator()));
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let [list, anchor, signer] =
        [list, pki().path("root.pem"), operator().certificate_file].map(|path| text(&path));

    // nobody is named for lists
    let bare = OwnRoot::new().unwrap();
    let refused = verify(&bare, &["--trust", &anchor, "--trusted-list", &list], &letter);
    assert_eq!(refused.status.code(), Some(2), "{}", String::from_utf8_lossy(&refused.stdout));

    // the person names somebody
    let by_person = ["--trust", &anchor, "--trusted-list", &list, "--list-signer", &signer];
    assert_eq!(says(&verify(&bare, &by_person, &letter)), expected("qualified", "production"));

    for (test, assurance) in [(false, "production"), (true, "test")] {
        let (root, folder) = (OwnRoot::new().unwrap(), tempfile::tempdir().unwrap());
        installed_pack::believe(&root, &json!({ "list_signers": [signer] }), test, folder.path());
        let by_pack = ["--trust", &anchor, "--trusted-list", &list];
        assert_eq!(says(&verify(&root, &by_pack, &letter)), expected("qualified", assurance));
        // naming the same signer does not make more of it
        assert_eq!(says(&verify(&root, &by_person, &letter)), expected("qualified", assurance));
        // and without a list nothing rests on it
        assert_eq!(
            says(&verify(&root, &["--trust", &anchor], &letter)),
            expected("indeterminate", "production")
        );
        let mut stranger = by_person;
        stranger[5] = &anchor;
        assert_eq!(verify(&root, &stranger, &letter).status.code(), Some(2), "another signer in their place");
    }
}

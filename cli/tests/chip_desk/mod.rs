//! What a run of `bitaqa card …` needs, and what is asked of it afterwards.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

pub(crate) mod pseudo_terminal;

use std::{
    fs,
    process::{Output, Stdio},
};

use bitaqa_testbed::{CardSpec, Testbed};
use serde_json::Value;

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A folder for one run, with files that hold what opens a card.
pub(crate) struct Desk(pub(crate) tempfile::TempDir);

impl Desk {
    pub(crate) fn of(spec: &CardSpec) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("can"), format!("{}\n", spec.can().digits())).unwrap();
        let lines = spec.mrz().map(|mrz| mrz.lines().join("\n")).unwrap_or_default();
        fs::write(folder.path().join("mrz"), lines).unwrap();
        fs::write(folder.path().join("other-can"), "654321").unwrap();
        Self(folder)
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn out(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.path().join("out").join(name)).unwrap()
    }

    pub(crate) fn written(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.0.path().join("out")) else { return Vec::new() };
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// `card read` into this desk's folder.
    pub(crate) fn read(&self, bed: &Testbed, arguments: &[&str]) -> Output {
        bitaqa(bed, &[&["read", "--out", &self.path("out")], arguments].concat())
    }
}

pub(crate) fn bitaqa(bed: &Testbed, arguments: &[&str]) -> Output {
    let mut command = bed.command(env!("CARGO_BIN_EXE_bitaqa"));
    command.arg("card").args(arguments).stdin(Stdio::null()).output().unwrap()
}

#[track_caller]
pub(crate) fn json(output: &Output, code: i32) -> Value {
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(code), String::new()));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What it complains of when it ends with this code and says nothing else.
#[track_caller]
pub(crate) fn complains(output: &Output, code: i32) -> String {
    let complaint = text(&output.stderr);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(code), String::new()), "{complaint}");
    assert!(complaint.lines().all(|line| line.starts_with("bitaqa: ")), "{complaint}");
    complaint
}

/// Nothing that opens the card or says whose it is, in any case of letters or as hexadecimal digits.
#[track_caller]
pub(crate) fn has_no_secret(words: &str, spec: &CardSpec) {
    let mrz = spec.mrz().unwrap();
    let person = spec.holder().unwrap();
    let secrets = [
        spec.can().digits().to_owned(),
        person.document_number(),
        mrz.lines()[0].clone(),
        mrz.lines()[1].clone(),
        mrz.information().to_owned(),
        person.surname,
        person.given_name,
    ];
    for secret in secrets {
        let hexadecimal: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        for form in [secret.to_lowercase(), hexadecimal] {
            assert!(!words.to_lowercase().contains(&form), "{words}\nholds {form}");
        }
    }
}

/// The first group as the standard has it: its tag, the tag of the zone, the zone.
pub(crate) fn first_group(spec: &CardSpec) -> Vec<u8> {
    let mrz = spec.mrz().unwrap().text().as_bytes().to_vec();
    let length = u8::try_from(mrz.len()).unwrap();
    [vec![0x61, length + 3, 0x5F, 0x1F, length], mrz].concat()
}

pub(crate) fn states(answer: &Value) -> Vec<(String, String)> {
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let groups = answer["groups"].as_array().unwrap();
    groups.iter().map(|group| (word(&group["group"]), word(&group["digest"]))).collect()
}

pub(crate) fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(group, digest)| ((*group).to_owned(), (*digest).to_owned())).collect()
}

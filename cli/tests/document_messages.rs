//! What a person reads who does something wrong with `bitaqa sign`, `extend` and `verify`: what is wrong, what helps, and the exit code.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

mod empty_pdf;
mod on_terminal;

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use bitaqa_testbed::{CardSpec, KeyKind, Testbed};
use empty_pdf::pdf;
use on_terminal::typing;
use tempfile::TempDir;

/// A card, and files with which something can go wrong. Commands run in their folder.
struct Desk {
    bed: Testbed,
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let bed = Testbed::with_readers(&["Desk"]).unwrap();
        bed.insert(0, &CardSpec::pkcs15(KeyKind::P256)).unwrap();
        let desk = Self { bed, folder: TempDir::new().unwrap() };
        for folder in ["one", "two"] {
            fs::create_dir(desk.path(folder)).unwrap();
        }
        for name in ["letter.txt", "other.txt", "one/Letter.txt", "two/letter.txt"] {
            fs::write(desk.path(name), name).unwrap();
        }
        fs::write(desk.path("empty"), "").unwrap();
        fs::write(desk.path("plain.pdf"), pdf()).unwrap();
        desk.others("qpdf", &["--encrypt", "user", "owner", "256", "--", "plain.pdf", "secret.pdf"]);
        desk.others(
            "openssl",
            &[
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-keyout",
                "key.pem",
                "-out",
                "signer.pem",
                "-subj",
                "/CN=Amina",
                "-addext",
                "keyUsage=critical,nonRepudiation",
                "-days",
                "10",
            ],
        );
        desk.others(
            "openssl",
            &[
                "cms",
                "-sign",
                "-cades",
                "-md",
                "sha256",
                "-binary",
                "-in",
                "letter.txt",
                "-signer",
                "signer.pem",
                "-inkey",
                "key.pem",
                "-outform",
                "DER",
                "-out",
                "letter.p7s",
            ],
        );
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn others(&self, program: &str, arguments: &[&str]) {
        let output = Command::new(program).args(arguments).current_dir(self.folder.path()).output().unwrap();
        assert!(output.status.success(), "{program} {arguments:?}: {output:?}");
    }

    /// Exit code, standard output and standard error of a line of words, without a terminal.
    fn run(&self, line: &str) -> (Option<i32>, String, String) {
        let mut command = self.bed.command(env!("CARGO_BIN_EXE_bitaqa"));
        command.args(line.split(' ')).current_dir(self.folder.path()).stdin(Stdio::null());
        let output = command.output().unwrap();
        let [out, err] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
        (output.status.code(), out, err)
    }

    /// The question cannot be asked; nothing is printed, and nothing is left behind.
    #[track_caller]
    fn complains(&self, line: &str, said: &[&str]) {
        let before = self.listing();
        let (code, out, err) = self.run(line);
        assert_eq!((code, &*out), (Some(2), ""), "{line}: {err}");
        for words in said {
            assert!(err.contains(words), "{line}: {err}\nshould say {words}");
        }
        assert_eq!(self.listing(), before, "{line}");
    }

    fn listing(&self) -> Vec<PathBuf> {
        let mut listing: Vec<PathBuf> =
            fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        listing.sort();
        listing
    }
}

#[test]
fn what_cannot_be_signed_is_told_before_anybody_is_asked_for_a_pin() {
    let desk = Desk::new();
    for (line, said) in [
        ("sign", &["--out <PATH>", "<FILE>...", "--help"][..]),
        ("sign letter.txt", &["--out <PATH>"]),
        ("sign nowhere.txt --out x", &["nowhere.txt: No such file"]),
        ("sign --json nowhere.txt --out x", &["nowhere.txt: No such file"]),
        ("sign one --out x", &["one: Is a directory"]),
        ("sign - --out x", &["not from standard input"]),
        ("sign letter.txt --out -", &["to standard output"]),
        ("sign letter.txt --out other.txt", &["other.txt: there is such a file already"]),
        ("sign letter.txt --out nowhere/x", &["nowhere: there is no such folder"]),
        ("sign letter.txt --out /proc/x.p7s", &["/proc/x.p7s: "]),
        (
            "sign letter.txt other.txt --out signer.pem",
            &["signer.pem: several documents are signed into a folder"],
        ),
        ("sign letter.txt ./letter.txt --out one", &["./letter.txt: this document was given twice"]),
        (
            "sign letter.txt two/letter.txt --out one",
            &["two documents would get this name", "different folders"],
        ),
        (
            "sign letter.txt one/Letter.txt --format asic-e --out x.asice",
            &["letter.txt and one/Letter.txt: ", "the same name", "rename one"],
        ),
        (
            "sign letter.txt --format pades --out x",
            &["letter.txt: ", "nothing was signed", "--format cades signs any file"],
        ),
        (
            "sign letter.txt --format xades --out x",
            &["letter.txt: ", "nothing was signed", "xades-enveloping"],
        ),
        (
            "sign secret.pdf --out x",
            &[
                "Caution: secret.pdf: ",
                "secret.pdf: the PDF is encrypted",
                "without the password",
                "--format cades",
            ],
        ),
        ("sign plain.pdf --field none --out x", &["plain.pdf: ", "\"none\""]),
        ("sign letter.txt --level B-T --tsa lists.example --out x", &["lists.example: ", "http://"]),
    ] {
        desk.complains(line, said);
    }
    // each line so far was refused for what it says: this one gets as far as the PIN
    desk.complains("sign letter.txt --out x", &["PINs are asked for on a terminal"]);
}

#[test]
fn what_cannot_be_checked_or_extended_is_told_with_what_helps() {
    let desk = Desk::new();
    for (line, said) in [
        ("verify", &["<FILE>", "--help"][..]),
        ("verify nowhere", &["nowhere: No such file"]),
        ("verify --json nowhere", &["nowhere: No such file"]),
        ("verify --xml nowhere", &["nowhere: No such file"]),
        ("verify one", &["one: Is a directory"]),
        ("verify empty", &["empty: the file is empty"]),
        ("verify letter.txt", &["letter.txt: ", "known kind", "file with the signature (.p7s", "--detached"]),
        ("verify --json letter.txt", &["letter.txt: ", "known kind"]),
        ("verify plain.pdf", &["plain.pdf: there is no signature in this file"]),
        ("verify secret.pdf", &["secret.pdf: the PDF is encrypted", "password"]),
        ("verify letter.p7s letter.txt", &["letter.txt: one file is checked at a time", "--detached"]),
        ("verify --detached nowhere letter.p7s", &["nowhere: No such file"]),
        ("verify --detached letter.txt --detached other.txt letter.p7s", &["which of several documents"]),
        ("verify --trusted-list letter.txt letter.p7s", &["letter.txt: it cannot be used as a trusted list"]),
        ("verify --trust letter.txt letter.p7s", &["letter.txt: no certificate found"]),
        ("extend letter.p7s --out x", &["--level <LEVEL>"]),
        ("extend empty --level B-T --out x", &["empty: the file is empty"]),
        ("extend letter.txt --level B-T --out x", &["letter.txt: ", "file with the signature"]),
        ("extend one --level B-T --out x", &["one: Is a directory"]),
        ("extend letter.p7s --level B-T --out x", &["no time-stamp authority is known", "--tsa"]),
        ("extend letter.p7s --level B-T --out other.txt", &["other.txt: there is such a file already"]),
        ("extend letter.p7s --level B-T --out nowhere/x", &["nowhere: there is no such folder"]),
        ("extend letter.p7s --level B-T --out /proc/x.p7s", &["/proc/x.p7s: "]),
        ("extend letter.p7s --level B-LT --out x", &["--trust", "roots"]),
    ] {
        desk.complains(line, said);
    }
}

#[test]
fn a_verdict_says_what_decided_and_what_is_missing() {
    let desk = Desk::new();
    // the document is not there, beside that nobody is trusted
    let (code, out, _) = desk.run("verify --offline letter.p7s");
    assert_eq!(code, Some(3), "{out}");
    for words in [
        "not checked: the signed document is not at hand",
        "give it with --detached FILE",
        "give it with --trust",
    ] {
        assert!(out.contains(words), "{out}\nshould say {words}");
    }
    // another document: what is said is about that, and not about whom to trust
    let (code, out, _) = desk.run("verify --offline --detached other.txt letter.p7s");
    assert_eq!(code, Some(1), "{out}");
    let verdict = out.lines().find(|line| line.contains("verdict:")).unwrap();
    assert!(verdict.contains("TOTAL-FAILED (HASH_FAILURE)") && !verdict.contains("issuer"), "{out}");
    assert!(
        out.contains("NO: the document is not the one that was signed") && !out.contains("hint:"),
        "{out}"
    );
    let (code, out, _) = desk.run("verify --offline --trust signer.pem --detached letter.txt letter.p7s");
    assert_eq!(code, Some(0), "{out}");
}

#[test]
fn a_document_under_another_name_is_told_which_name_the_signature_looks_for() {
    let desk = Desk::new();
    let (out, document) = (desk.path("letter.xml"), desk.path("letter.txt"));
    let [out, document] = [&out, &document].map(|path| path.to_str().unwrap());
    let run = typing(
        &desk.bed,
        &["sign", "--format", "xades-detached", "--out", out, document],
        &[("PIN", "12345")],
    );
    assert_eq!(run.code, Some(0), "{run:?}");
    fs::rename(document, desk.path("renamed.txt")).unwrap();
    desk.complains(
        "verify --offline --detached renamed.txt letter.xml",
        &["renamed.txt: no signature of the file is over this document", "they are over letter.txt"],
    );
}

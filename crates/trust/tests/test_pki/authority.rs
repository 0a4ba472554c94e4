//! openssl as an authority: `openssl ocsp` answers and `openssl ca -gencrl` issues lists, with keys and certificates of ours.

use std::{fs, path::Path, process::Command};

use super::Issued;

/// An authority's desk: its certificate, key and index of what it issued.
pub struct Desk {
    folder: tempfile::TempDir,
}

/// How a list is to be.
#[derive(Default)]
pub struct ListOrder<'a> {
    /// `YYMMDDHHMMSSZ` of this and next update; from now for 30 days if absent.
    pub dates: Option<(&'a str, &'a str)>,
    /// Lines of the section of the list's extensions.
    pub extensions: &'a str,
}

/// Who answers, and for how long.
pub struct AnswerOrder<'a> {
    /// Signs the answer.
    pub responder: &'a Issued,
    /// Until the next update; none is named if absent.
    pub minutes: Option<u32>,
    /// More arguments for `openssl ocsp`.
    pub arguments: &'a [&'a str],
}

impl Desk {
    /// Of an authority, with lines of `index.txt`: see [`valid`] and [`revoked`].
    pub fn new(authority: &Issued, index: &[String]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let desk = Self { folder };
        desk.write("authority.pem", authority.pem().as_bytes());
        desk.write("authority.key", authority.key.pem().as_bytes());
        desk.write("index.txt", index.concat().as_bytes());
        desk.write("index.txt.attr", b"unique_subject = no\n");
        desk.write("number", b"2A\n");
        desk
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.folder.path().join(name), bytes).unwrap();
    }

    /// DER of a list of what was revoked.
    pub fn list(&self, order: &ListOrder<'_>) -> Vec<u8> {
        let configuration = format!(
            "[ca]\ndefault_ca = desk\n[desk]\ndatabase = index.txt\ncrlnumber = number\ndefault_md = sha256\n\
             default_crl_days = 30\ncrl_extensions = of_list\n[of_list]\nauthorityKeyIdentifier = keyid\n{}\n",
            order.extensions
        );
        self.write("openssl.cnf", configuration.as_bytes());
        let mut arguments = vec![
            "ca",
            "-gencrl",
            "-config",
            "openssl.cnf",
            "-cert",
            "authority.pem",
            "-keyfile",
            "authority.key",
            "-out",
            "list.pem",
        ];
        if let Some((this_update, next_update)) = order.dates {
            arguments.extend(["-crl_lastupdate", this_update, "-crl_nextupdate", next_update]);
        }
        openssl(self.folder.path(), &arguments);
        openssl(self.folder.path(), &["crl", "-in", "list.pem", "-outform", "DER", "-out", "list.der"]);
        fs::read(self.folder.path().join("list.der")).unwrap()
    }

    /// DER of the answer to a question.
    pub fn answer(&self, request: &[u8], order: &AnswerOrder<'_>) -> Vec<u8> {
        self.write("request.der", request);
        self.write("responder.pem", order.responder.pem().as_bytes());
        self.write("responder.key", order.responder.key.pem().as_bytes());
        let minutes = order.minutes.map(|minutes| minutes.to_string());
        let mut arguments = vec![
            "ocsp",
            "-index",
            "index.txt",
            "-CA",
            "authority.pem",
            "-rsigner",
            "responder.pem",
            "-rkey",
            "responder.key",
            "-reqin",
            "request.der",
            "-respout",
            "answer.der",
        ];
        if let Some(minutes) = &minutes {
            arguments.extend(["-nmin", minutes]);
        }
        arguments.extend(order.arguments);
        openssl(self.folder.path(), &arguments);
        fs::read(self.folder.path().join("answer.der")).unwrap()
    }

    /// DER of the question that `openssl ocsp` itself asks about a certificate.
    pub fn question(&self, certificate: &Issued, arguments: &[&str]) -> Vec<u8> {
        self.write("certificate.pem", certificate.pem().as_bytes());
        let mut all = vec!["ocsp", "-issuer", "authority.pem"];
        all.extend(arguments);
        all.extend(["-cert", "certificate.pem", "-reqout", "question.der"]);
        openssl(self.folder.path(), &all);
        fs::read(self.folder.path().join("question.der")).unwrap()
    }
}

/// A line of the index: issued, and not revoked.
pub fn valid(number: &str) -> String {
    format!("V\t400101000000Z\t\t{number}\tunknown\t/CN={number}\n")
}

/// A line of the index: revoked, `YYMMDDHHMMSSZ` with a reason after a comma.
pub fn revoked(number: &str, when: &str) -> String {
    format!("R\t400101000000Z\t{when}\t{number}\tunknown\t/CN={number}\n")
}

fn openssl(folder: &Path, arguments: &[&str]) {
    let ran = Command::new("openssl").args(arguments).current_dir(folder).output().unwrap();
    assert!(ran.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

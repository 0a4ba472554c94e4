//! The same signatures, evidence and times before pyHanko, which has the standard's processes too.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use bitaqa_signature::validation::ValidationSettings;
use bitaqa_trust::{Certificate, DateTime};
use serde_json::{Value, json};

use crate::{
    files::{authority, judge, lists, settings, sign, stamp, verdict},
    support::{
        Kind,
        dated::{DAY, earlier, later},
        judge::python,
        now, pki,
    },
};

/// A signature with what is known about it.
struct Case {
    name: &'static str,
    message: Vec<u8>,
    time: DateTime,
    roots: Vec<Certificate>,
    lists: Vec<Vec<u8>>,
    answers: Vec<Vec<u8>>,
    /// The verdict.
    wanted: &'static str,
    /// What pyHanko says, where it says something else; the reason stands beside it.
    theirs: Option<&'static str>,
}

impl Case {
    fn new(name: &'static str, wanted: &'static str, message: &[u8], time: DateTime) -> Self {
        Self {
            name,
            message: message.to_vec(),
            time,
            roots: vec![pki().root()],
            lists: Vec::new(),
            answers: Vec::new(),
            wanted,
            theirs: None,
        }
    }

    fn settings(&self) -> ValidationSettings {
        let mut settings = settings(self.time);
        if self.roots.is_empty() {
            settings.signers = bitaqa_trust::TrustStore::new();
        }
        settings.evidence.lists.clone_from(&self.lists);
        settings.evidence.answers.clone_from(&self.answers);
        settings
    }

    fn for_pyhanko(&self, number: usize) -> Value {
        let file = |what: &str, octets: &[u8]| -> PathBuf {
            pki().file(&format!("pyhanko_{number}_{what}"), octets)
        };
        let files = |what: &str, all: &[Vec<u8>]| -> Vec<PathBuf> {
            all.iter().enumerate().map(|(place, one)| file(&format!("{what}_{place}"), one)).collect()
        };
        let certificates = |what: &str, all: &[Certificate]| -> Vec<PathBuf> {
            files(what, &all.iter().map(|one| one.der().to_vec()).collect::<Vec<_>>())
        };
        json!({
            "message": file("message", &self.message),
            "time": self.time.to_string().replace('Z', "+00:00"),
            "roots": certificates("root", &self.roots),
            "certificates": certificates("certificate", &[pki().authority()]),
            "lists": files("list", &self.lists),
            "answers": files("answer", &self.answers),
        })
    }
}

fn ask_pyhanko(cases: &[Case]) -> Vec<String> {
    let questions: Vec<Value> =
        cases.iter().enumerate().map(|(number, case)| case.for_pyhanko(number)).collect();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/validation/judge.py");
    let mut child = Command::new(python())
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("the tests' Python is needed: {error}"));
    child.stdin.take().unwrap().write_all(&serde_json::to_vec(&questions).unwrap()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn cases() -> Vec<Case> {
    let issue = |name: &str| pki().issue(name, Kind::P256, "/CN=AMINA EXEMPLE", "signer");
    let good = issue("compared_good");
    let plain = sign(&good);
    let stamped = stamp(&plain, &authority());
    let revoked = issue("compared_revoked");
    let (revoked_plain, revoked_stamped) = (sign(&revoked), stamp(&sign(&revoked), &authority()));
    let withdrawn_later = issue("compared_revoked_later");
    let later_stamped = stamp(&sign(&withdrawn_later), &authority());
    let end = later(now(), DAY);
    let expiring = pki().issue_until(("compared_expiring", Kind::P256), "/CN=AMINA EXEMPLE", "signer", end);
    let (expired_plain, expired_stamped) = (sign(&expiring), stamp(&sign(&expiring), &authority()));
    let good_answer = pki().ocsp_response(&good);
    pki().revoke_at(&revoked, earlier(now(), 3600), None);
    pki().revoke_at(&withdrawn_later, later(now(), 3600), None);
    let lists = lists(pki());
    let mut changed = plain.clone();
    let place = changed.windows(4).position(|window| window == b"owe ").unwrap();
    changed[place] ^= 0x01;

    let soon = later(now(), 60);
    let in_two_hours = later(now(), 7200);
    let in_two_days = later(now(), 2 * DAY);
    let with_lists = |mut case: Case| {
        case.lists.clone_from(&lists);
        case
    };
    let mut cases = vec![
        with_lists(Case::new("good, lists", "OK", &plain, soon)),
        with_lists(Case::new("good, stamped", "OK", &stamped, soon)),
        with_lists(Case::new("changed content", "HASH_FAILURE", &changed, soon)),
        with_lists(Case::new("revoked", "REVOKED_NO_POE", &revoked_plain, soon)),
        with_lists(Case::new("revoked before the time stamp", "REVOKED_NO_POE", &revoked_stamped, soon)),
        with_lists(Case::new("revoked after the time stamp", "OK", &later_stamped, in_two_hours)),
        // pyHanko does not ask whether a certificate was revoked that has expired
        with_lists(Case {
            theirs: Some("OUT_OF_BOUNDS_NO_POE"),
            ..Case::new("expired", "OUT_OF_BOUNDS_NOT_REVOKED", &expired_plain, in_two_days)
        }),
        with_lists(Case::new("expired, stamped before", "OK", &expired_stamped, in_two_days)),
        // evidence that is missing can be had later; pyHanko says that only of evidence that is too old
        Case {
            theirs: Some("CERTIFICATE_CHAIN_GENERAL_FAILURE"),
            ..Case::new("no evidence", "TRY_LATER", &plain, soon)
        },
        with_lists(Case {
            roots: Vec::new(),
            ..Case::new("nobody trusted", "NO_CERTIFICATE_CHAIN_FOUND", &plain, soon)
        }),
    ];
    let mut answered = Case::new("good, answer", "OK", &plain, soon);
    answered.answers.push(good_answer);
    answered.lists.push(lists[1].clone());
    cases.push(answered);
    cases
}

#[test]
fn pyhanko_says_the_same() {
    let cases = cases();
    let theirs = ask_pyhanko(&cases);
    assert_eq!(theirs.len(), cases.len());
    let mut wrong = Vec::new();
    for (case, theirs) in cases.iter().zip(&theirs) {
        let report = judge(&case.message, &case.settings());
        let ours = verdict(&report).1.unwrap_or("OK");
        println!("{}: {ours} here, {theirs} there", case.name);
        if (ours, theirs.as_str()) != (case.wanted, case.theirs.unwrap_or(case.wanted)) {
            wrong.push(format!("{}: {ours} here, {theirs} there", case.name));
        }
    }
    let alike = cases.iter().filter(|case| case.theirs.is_none()).count();
    println!("{alike} of {} cases are judged alike", cases.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

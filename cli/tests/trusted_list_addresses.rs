//! `bitaqa verify --trusted-list` with an address: lists come over the network, count by their signature alone, and what is wrong with
//! one is said.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

#[path = "../../crates/signature/tests/trusted_list/lists.rs"]
#[allow(dead_code, unreachable_pub, reason = "this test uses its own part of it")]
mod lists;
mod loopback;
#[path = "../../crates/signature/tests/support/mod.rs"]
mod support;

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    process::{Output, Stdio},
    sync::{Arc, Mutex},
};

use bitaqa_testbed::OwnRoot;
use lists::{Draft, operator};
use loopback::{Place, Reply, Server};
use serde_json::{Value, json};
use support::{Holder, Kind, pki};
use tempfile::TempDir;

const LIST: &str = "application/vnd.etsi.tsl+xml";

/// A server of lists, and a letter that a qualified holder signed.
struct Desk {
    server: Server,
    served: Arc<Served>,
    root: OwnRoot,
    cache: TempDir,
    letter: PathBuf,
    /// The revocation lists of this moment.
    revocation: [PathBuf; 2],
}

#[derive(Default)]
struct Served {
    /// By path: media type and content.
    files: Mutex<HashMap<String, (&'static str, Vec<u8>)>>,
    asked: Mutex<Vec<String>>,
}

impl Desk {
    /// `name` tells the files of one test from those of others.
    fn new(name: &str) -> Self {
        let holder = pki().issue("qualified", Kind::P256, "/C=MA/CN=AMINA EXEMPLE", "qualified");
        let content = pki().file(&format!("{name}.txt"), b"text");
        let message = pki().signed_message(&holder, &content, &["-nodetach"]);
        let letter = pki().file(&format!("{name}.p7m"), &message);
        let revocation = [("ca", pki().revocation_list()), ("root", pki().root_revocation_list())]
            .map(|(of, list)| pki().file(&format!("{name}.{of}.crl"), &list));
        let served = Arc::new(Served::default());
        let heard = Arc::clone(&served);
        let server = Place::new().serve(move |path, _| {
            heard.asked.lock().unwrap().push(path.to_owned());
            let (kind, body) = heard.files.lock().unwrap().get(path)?.clone();
            Some(Reply { kind, body })
        });
        Self {
            server,
            served,
            root: OwnRoot::new().unwrap(),
            cache: TempDir::new().unwrap(),
            letter,
            revocation,
        }
    }

    fn serve(&self, path: &str, kind: &'static str, content: Vec<u8>) -> String {
        self.served.files.lock().unwrap().insert(format!("/{path}"), (kind, content));
        self.server.address(path)
    }

    /// The paths that were asked for since this was called last.
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.served.asked.lock().unwrap())
    }

    /// The administrator permits the server's host, for whoever finds it in a list.
    fn permit(&self) {
        fs::write(self.root.etc_bitaqa().join("validation.toml"), self.server.permission()).unwrap();
    }

    fn verify(&self, more: &[&str]) -> Output {
        let mut command = self.root.command(env!("CARGO_BIN_EXE_bitaqa"));
        command.args(["verify", "--trust"]).arg(pki().path("root.pem"));
        command.args(self.revocation.iter().flat_map(|list| ["--crl".as_ref(), list.as_os_str()]));
        command.args(["--list-signer"]).arg(operator().certificate_file);
        command.args(more).arg(&self.letter).env("XDG_CACHE_HOME", self.cache.path());
        command.stdin(Stdio::null()).output().unwrap()
    }

    #[track_caller]
    fn says(&self, more: &[&str]) -> Said {
        let output = self.verify(&[&["--json"], more].concat());
        let err = String::from_utf8(output.stderr).unwrap();
        let report: Value =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {err}"));
        // whatever becomes of a list, the signature is what it is
        assert_eq!(
            (output.status.code(), &report["indication"]),
            (Some(0), &"TOTAL-PASSED".into()),
            "{report:#}"
        );
        let level = report["signatures"][0]["qualification"]["level"].as_str().unwrap().to_owned();
        let failures = serde_json::from_value(report["failures"].clone()).unwrap();
        Said { level, asked: report["asked"].clone(), failures, err }
    }
}

#[derive(Debug)]
struct Said {
    level: String,
    asked: Value,
    failures: Vec<String>,
    err: String,
}

fn national() -> Holder {
    pki().issue("national", Kind::P384, "/C=MA/CN=National Operator", "signer")
}

/// A list of lists that points to one of a country.
fn list_of_lists(name: &str, location: &str, territory: &'static str) -> Vec<u8> {
    let pointer = Some((location.to_owned(), territory, national().certificate));
    let identity = operator().certificate;
    Draft { kind: "EUlistofthelists", territory: "EU", identity, pointer, ..Draft::new() }
        .signed_by(name, &operator())
}

#[test]
fn a_list_is_fetched_from_the_address_that_a_person_names_and_is_kept() {
    let desk = Desk::new("fetched");
    let url = desk.serve("list.xml", LIST, Draft::new().signed_by("fetched", &operator()));
    let said = desk.says(&["--trusted-list", &url]);
    assert_eq!((&*said.level, &said.asked, &*said.err), ("qualified", &json!(["127.0.0.1"]), ""), "{said:?}");
    assert_eq!(desk.asked(), ["/list.xml"]);
    let said = desk.says(&["--trusted-list", &url]);
    assert_eq!((&*said.level, &said.asked), ("qualified", &json!([])), "{said:?}");
    assert!(desk.asked().is_empty());

    // what was kept and is not to be believed is fetched anew
    let stranger = national().certificate_file;
    let other = desk.serve("other.xml", LIST, Draft::new().signed_by("fetched_other", &national()));
    let by_stranger = ["--list-signer", stranger.to_str().unwrap(), "--trusted-list", &other];
    assert_eq!(desk.says(&by_stranger).level, "qualified");
    desk.serve("other.xml", LIST, Draft::new().signed_by("fetched_again", &operator()));
    desk.asked();
    assert_eq!(desk.says(&["--trusted-list", &other]).level, "qualified");
    assert_eq!(desk.asked(), ["/other.xml"]);
}

#[test]
fn a_list_that_does_not_count_is_told_and_nothing_is_qualified_by_it() {
    let desk = Desk::new("refused");
    let good = Draft::new().signed_by("refused", &operator());
    let mut changed = good.clone();
    let place = changed.windows(7).position(|part| part == b"granted").unwrap();
    changed[place..place + 7].copy_from_slice(b"grantEd");
    let mut large = good.clone();
    large.resize(11 * 1024 * 1024, b' ');
    for (path, kind, content, code, words) in [
        (
            "stranger.xml",
            LIST,
            Draft::new().signed_by("refused_stranger", &national()),
            "trusted-list-refused",
            "somebody who may not sign it",
        ),
        ("changed.xml", LIST, changed, "trusted-list-refused", "does not hold"),
        ("large.xml", LIST, large, "fetch-too-large", "longer than"),
        ("type.xml", "text/html", good.clone(), "fetch-media-type", "text/html"),
        ("page.xml", "text/xml", b"<html/>".to_vec(), "fetch-answer-malformed", "no trusted-list"),
    ] {
        let url = desk.serve(path, kind, content);
        // also what was kept of it does not count
        for _ in 0..2 {
            let said = desk.says(&["--trusted-list", &url]);
            assert_eq!(said.level, "indeterminate", "{said:?}");
            let [failure] = &said.failures[..] else { panic!("{said:?}") };
            assert!(
                failure.starts_with(&url)
                    && failure.contains(words)
                    && failure.ends_with(&format!("({code})")),
                "{said:?}"
            );
            assert_eq!(said.err, format!("bitaqa: {failure}; the list is not used\n"));
            assert!(!desk.asked().is_empty());
        }
    }
    for (url, code) in [
        (&*desk.server.address("nothing.xml"), "fetch-status"),
        ("http://127.0.0.1:9/list.xml", "fetch-unreachable"),
    ] {
        let said = desk.says(&["--trusted-list", url]);
        assert_eq!(said.level, "indeterminate", "{said:?}");
        assert!(said.err.contains(code) && said.err.contains("the list is not used"), "{said:?}");
    }
    // one that counts does so beside it
    let (bad, good) = (desk.server.address("nothing.xml"), desk.serve("good.xml", LIST, good));
    let said = desk.says(&["--trusted-list", &bad, "--trusted-list", &good]);
    assert_eq!((&*said.level, said.failures.len()), ("qualified", 1), "{said:?}");

    let output = desk.verify(&["--trusted-list", &bad]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("qualified:") && text.contains("cannot be told") && text.contains("fetch-status"),
        "{text}"
    );
}

#[test]
fn a_list_of_lists_leads_to_the_list_of_the_issuers_country_and_to_no_other() {
    let desk = Desk::new("pointed");
    desk.permit();
    let location = desk.serve("ma.xml", LIST, Draft::new().signed_by("pointed", &national()));
    let url = desk.serve("lists.xml", LIST, list_of_lists("pointing", &location, "MA"));
    let said = desk.says(&["--trusted-list", &url]);
    assert_eq!((&*said.level, said.failures.len()), ("qualified", 0), "{said:?}");
    assert_eq!(desk.asked(), ["/lists.xml", "/ma.xml"]);

    // from a file, too; and both from files without asking anybody
    let file = |name: &str, content: &[u8]| pki().file(name, content).to_str().unwrap().to_owned();
    let of_lists = file("pointing.xml", &list_of_lists("pointing_file", &location, "MA"));
    assert_eq!(desk.says(&["--trusted-list", &of_lists]).level, "qualified");
    let of_country = file("pointed.xml", &Draft::new().signed_by("pointed_file", &national()));
    let offline = ["--offline", "--trusted-list", &of_lists];
    assert_eq!(desk.says(&[&offline[..], &["--trusted-list", &of_country]].concat()).level, "qualified");
    assert_eq!(desk.says(&offline).level, "indeterminate");
    let output = desk.verify(&["--offline", "--trusted-list", &of_country]);
    assert_eq!(output.status.code(), Some(2), "nobody points to it");
    desk.asked();

    let elsewhere = desk.serve("elsewhere.xml", LIST, list_of_lists("elsewhere", &location, "BH"));
    assert_eq!(desk.says(&["--trusted-list", &elsewhere]).level, "indeterminate");
    assert_eq!(desk.asked(), ["/elsewhere.xml"]);

    // the list of the country is not by whom the list of lists names
    let forged = desk.serve("forged.xml", LIST, Draft::new().signed_by("forged", &operator()));
    let url = desk.serve("to_forged.xml", LIST, list_of_lists("to_forged", &forged, "MA"));
    let said = desk.says(&["--trusted-list", &url]);
    assert_eq!(said.level, "indeterminate", "{said:?}");
    assert!(said.err.contains(&forged) && said.err.contains("trusted-list-refused"), "{said:?}");
}

#[test]
fn where_a_list_points_into_the_own_network_the_administrator_decides() {
    let desk = Desk::new("inside");
    let location = desk.serve("ma.xml", LIST, Draft::new().signed_by("inside", &national()));
    let url = desk.serve("lists.xml", LIST, list_of_lists("to_inside", &location, "MA"));
    let said = desk.says(&["--trusted-list", &url]);
    assert_eq!(said.level, "indeterminate", "{said:?}");
    assert!(said.err.contains("fetch-port-not-permitted"), "{said:?}");
    assert_eq!(desk.asked(), ["/lists.xml"]);
}

#[test]
fn an_address_is_wrong_usage_where_nobody_may_be_asked_or_that_is_none() {
    let desk = Desk::new("usage");
    let url = desk.serve("list.xml", LIST, Draft::new().signed_by("usage", &operator()));
    for (arguments, said) in [
        (&["--offline", "--trusted-list", &url][..], "--offline asks nobody over the network"),
        (
            &["--trusted-list", &url, "--trusted-list", "http://me:secret@lists.example/"],
            "http://me:secret@lists.example/: ",
        ),
        (&["--trusted-list", "https://"], "https://: "),
        (&["--trusted-list", "nowhere.xml"], "nowhere.xml: No such file"),
    ] {
        let output = desk.verify(arguments);
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{err}");
        assert!(err.contains(said), "{err}\nshould say {said}");
        assert!(Path::new(&desk.letter).is_file() && desk.asked().is_empty(), "{err}");
    }
}

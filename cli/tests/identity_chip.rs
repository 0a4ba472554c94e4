//! `bitaqa identity verify` in two calls: the chip of a software card answers the challenge that the first call wrote.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where it cannot go on"
)]

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::PathBuf,
    process::{Command, Output},
};

use bitaqa_card::{
    Transport, TransportError,
    channel::Channel,
    chip_authentication::ChipKey,
    chip_session::{AccessKey, ChipAccess, ChipSession, OpenVerdict},
    file::Selection,
    lds::{DataGroup, Dg14, ElementaryFile, Mrz},
    profile::Link,
    security_infos::SecurityInfos,
};
use bitaqa_jose::{PrivateJwk, jwe, jwe::JweHeader};
use bitaqa_protocol::{Challenge, Origin, encode_base64, identity::ChipChallenge};
use bitaqa_trust::chip_proof::ChipAuthenticationBinding;
use bitaqa_virtual_card::{Card, CardSpec, Pki, pki::DocumentAuthority, rules::Protocol, spec::Hypothesis};
use serde_json::{Value, json};

const ORIGIN: &str = "https://portal.example.ma";
const CHALLENGE: &str = "BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=";
/// SHA-256 of that text, by `openssl dgst` and `basenc --base64url`.
const CHALLENGE_HASH: &str = "EEAkl0hgU_xxMjqoJ0ISTcp-OXdcO3HeNivB1f56gVI";
const AT: &str = "2026-06-01T12:00:00Z";
const FIRST: [&str; 5] = ["--json", "--chip-challenge", "challenge", "--chip-state", "state"];
const SECOND: [&str; 5] = ["--json", "--chip-answer", "proof", "--chip-state", "state"];

struct Reader(Card);

impl Transport for Reader {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        *answer = self.0.transmit(Protocol::T1, command).answer.ok_or(TransportError::Removed)?;
        Ok(())
    }
}

fn open<'t>(reader: &'t mut Reader, spec: &CardSpec) -> Box<ChipSession<'t>> {
    let mut channel = Channel::new(reader, Link::CAUTIOUS);
    let mut selection = Selection::default();
    let access = ChipAccess::find(&mut channel, &mut selection).unwrap().unwrap();
    let zone = Mrz::parse(spec.mrz().unwrap().text().as_bytes()).unwrap().key();
    let mut random = |out: &mut [u8]| out.fill(0x5A);
    match access.open(channel, selection, &mut random, &AccessKey::Mrz(zone)).unwrap() {
        OpenVerdict::Open(session) => session,
        OpenVerdict::Refused(refusal) => panic!("{refusal}"),
    }
}

/// A portal's folder with the answer of a host that waits, and the chip.
struct Desk {
    folder: tempfile::TempDir,
    spec: CardSpec,
    reader: Reader,
    dg14: Vec<u8>,
}

impl Desk {
    fn new() -> Self {
        let spec = CardSpec::cnie_2(Hypothesis::IasEccCam, 1);
        let mut reader = Reader(spec.make(&Pki::generate().unwrap()).unwrap());
        let wanted = [1, 14].map(|number| DataGroup::new(number).unwrap());
        let read = open(&mut reader, &spec).read(&wanted, &mut |_| {}).unwrap();
        let groups: Vec<Vec<u8>> =
            read.groups.iter().map(|group| group.content.as_ref().unwrap().to_vec()).collect();
        let folder = tempfile::tempdir().unwrap();
        let desk = Self { folder, spec, reader, dg14: groups[1].clone() };
        let kind = desk.spec.document.as_ref().map(|order| order.country_key).unwrap_or_default();
        let authority = DocumentAuthority::of(&desk.spec.holder().unwrap().country, kind).unwrap();
        desk.write("csca.cer", authority.certificate().der());
        let made =
            desk.bitaqa(&["key", "new", "--curve", "p-256", "--kid", "2026-01", "--out", "portal.jwk"]);
        assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
        desk.write("answer.jwe", desk.sealed(&read.sod_content, &groups).as_bytes());
        desk
    }

    fn sealed(&self, sod: &[u8], groups: &[Vec<u8>]) -> String {
        let answer = json!({
            "format": "bitaqa-identity:1",
            "request": {
                "origin": ORIGIN, "challenge": CHALLENGE, "statementHash": "x", "purpose": "open-account",
                "claims": { "required": ["family_name"] }, "holder": "none", "proof": "chip-authentication",
            },
            "consent": {
                "portal": "Example Portal", "purpose": "Open an account", "language": "en", "groups": ["dg1"],
                "claims": ["given_name", "family_name", "birthdate", "gender", "nationalities", "personal_number",
                    "document_number", "date_of_expiry"],
                "at": 1_780_315_200,
            },
            "document": { "kind": "icao", "sod": encode_base64(sod),
                "groups": { "dg1": encode_base64(&groups[0]), "dg14": encode_base64(&groups[1]) } },
            "proofs": {},
            "hostAsserted": { "host": "0.1.0", "access": "pace-mrz", "cardAccess": "same" },
        });
        let key = PrivateJwk::parse(&fs::read(self.path("portal.jwk")).unwrap()).unwrap();
        let Value::Object(own) = json!({ "origin": ORIGIN, "challengeHash": CHALLENGE_HASH }) else {
            panic!("no members")
        };
        let header = JweHeader {
            type_: Some("bitaqa-identity+jwe".to_owned()),
            key_id: Some("2026-01".to_owned()),
            own,
            ..JweHeader::default()
        };
        let mut random = |out: &mut [u8]| out.fill(9);
        jwe::encrypt(key.public(), &header, answer.to_string().as_bytes(), &mut random).unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, content: &[u8]) {
        fs::write(self.path(name), content).unwrap();
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn bitaqa(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_bitaqa"))
            .current_dir(self.folder.path())
            .args(arguments)
            .output()
            .unwrap()
    }

    fn verify(&self, arguments: &[&str]) -> Output {
        self.verify_at(AT, arguments)
    }

    fn verify_at(&self, at: &str, arguments: &[&str]) -> Output {
        let mut all = vec!["identity", "verify", "--csca", "csca.cer", "--key", "portal.jwk", "--test"];
        all.extend(["--challenge", CHALLENGE, "--origin", ORIGIN, "--at", at, "answer.jwe"]);
        self.bitaqa(&[&all, arguments].concat())
    }

    /// The first call; the chip's answer is in the file `proof` then.
    fn relayed(&mut self) {
        let first = self.verify(&FIRST);
        assert_eq!(
            (first.status.code(), &json_of(&first)["code"]),
            (Some(1), &json!("chip-authentication-needed"))
        );
        let challenge = ChipChallenge::parse(&self.text("challenge")).unwrap();
        let infos = SecurityInfos::parse("DG14", &Dg14::parse(&self.dg14).unwrap().security_infos).unwrap();
        let key = ChipKey::best(&infos).unwrap().unwrap();
        let portal = PrivateJwk::parse(self.text("portal.jwk").as_bytes()).unwrap();
        let binding = ChipAuthenticationBinding::of(
            &Origin::parse(ORIGIN).unwrap(),
            &Challenge::parse(CHALLENGE).unwrap(),
            portal.public().thumbprint().as_bytes(),
        );
        let relayed = binding.relayed(&key, challenge.public_key(), challenge.protected_read()).unwrap();
        let mut session = open(&mut self.reader, &self.spec);
        session.lds().read(ElementaryFile::Group(DataGroup::DG14), &mut |_| {}).unwrap();
        let answer = session.relay(relayed).unwrap();
        self.write("proof", encode_base64(&answer).as_bytes());
    }

    fn has(&self, name: &str) -> bool {
        self.path(name).exists()
    }
}

#[track_caller]
fn json_of(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn the_chip_proves_itself_in_the_second_call() {
    let mut desk = Desk::new();
    desk.relayed();
    let mode = fs::metadata(desk.path("state")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "whoever reads it can answer in the chip's place");
    let second = desk.verify(&SECOND);
    let found = json_of(&second);
    assert_eq!(
        (second.status.code(), &found["identity"]["chip"]),
        (Some(0), &json!("chip-authentication")),
        "{found}"
    );
    assert_eq!(found["identity"]["level"], "low");
    // a state is for one answer
    assert!(!desk.has("state"));
    let again = desk.verify(&SECOND);
    assert_eq!((again.status.code(), again.stdout.len()), (Some(2), 0));
}

#[test]
fn what_proves_nothing_is_refused_and_uses_the_state_up() {
    let mut desk = Desk::new();
    desk.relayed();
    let (state, proof) = (desk.text("state"), desk.text("proof"));
    let restore = |desk: &Desk| {
        desk.write("state", state.as_bytes());
        fs::set_permissions(desk.path("state"), fs::Permissions::from_mode(0o600)).unwrap();
    };
    let flipped =
        if proof.starts_with('h') { proof.replacen('h', "i", 1) } else { format!("h{}", &proof[1..]) };
    for (at, proof, code) in [
        (AT, flipped.as_str(), "chip-proof-invalid"),
        (AT, "aYg=", "chip-proof-invalid"),
        ("2026-06-01T12:02:01Z", proof.as_str(), "chip-proof-late"),
    ] {
        restore(&desk);
        desk.write("proof", proof.as_bytes());
        let output = desk.verify_at(at, &SECOND);
        assert_eq!((output.status.code(), &json_of(&output)["code"]), (Some(1), &json!(code)));
        assert!(!desk.has("state"));
    }
    // the answer of the chip where the server has made another key since
    fs::remove_file(desk.path("challenge")).unwrap();
    assert_eq!(desk.verify(&FIRST).status.code(), Some(1));
    desk.write("proof", proof.as_bytes());
    assert_eq!(json_of(&desk.verify(&SECOND))["code"], "chip-proof-invalid");
    // and right nevertheless
    restore(&desk);
    assert_eq!(desk.verify(&SECOND).status.code(), Some(0));
}

#[test]
fn without_the_second_call_the_proof_is_missing_and_wrong_usage_is_said() {
    let desk = Desk::new();
    // the portal did not ask for it, by its own word
    assert_eq!(json_of(&desk.verify(&["--json"]))["code"], "answer-to-another-request");
    let text = String::from_utf8(desk.verify(&FIRST[1..]).stdout).unwrap();
    assert!(text.starts_with("not yet: ") && text.contains("(chip-authentication-needed)"), "{text}");
    assert!(!text.contains("family_name"), "nothing of it is told yet: {text}");
    // the state of an earlier visitor is not overwritten
    assert_eq!(desk.verify(&FIRST).status.code(), Some(2));
    desk.write("proof", b"aYg=");
    fs::set_permissions(desk.path("state"), fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(desk.verify(&SECOND).status.code(), Some(2), "others can read the state");
    for arguments in [
        vec!["--chip-state", "state"],
        vec!["--chip-challenge", "other"],
        vec!["--chip-answer", "proof"],
        vec!["--chip-state", "state", "--chip-answer", "proof", "--chip-challenge", "other"],
        vec!["--chip-state", "state", "--chip-answer", "proof", "--data-only"],
    ] {
        assert_eq!(desk.verify(&arguments).status.code(), Some(2), "{arguments:?}");
    }
    assert!(desk.has("state"), "a call that was not made uses nothing up");
}

//! The program: how an operator sets it up, and that what it keeps outlives it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

#[path = "../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;

mod backup;
mod browser;
mod failing_proxy;
mod keys_in_a_token;
mod operation;
mod postgres;
mod process;
mod python;
mod relying_party;
mod running;
mod soft_token;

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
};

use browser::Browser;
use postgres::Postgres;
use process::Program;
use relying_party::{RelyingParty, answered};
use running::{sign_in, sign_in_with, write_registration};
use soft_token::{CONFIGURATION, SoftToken};

#[test]
fn an_operator_sets_it_up_and_what_it_keeps_outlives_it() {
    let mut program = Program::start();
    let secrets = keeps_its_memory(&mut program);
    program.stop();
    let path = program.folder.path().join("platform.db");
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
    let kept = fs::read(path).unwrap();
    for secret in secrets {
        assert!(!kept.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret}");
    }
}

#[test]
fn it_does_the_same_on_postgres() {
    let server = Postgres::start();
    let mut program = Program::start_on(&server.database("platform"));
    keeps_its_memory(&mut program);
}

#[test]
fn it_does_the_same_with_keys_in_a_token() {
    let token = SoftToken::new();
    let program = Program::set_up().with_keys(&token.keys(), (CONFIGURATION, token.configuration()));
    let mut program = program.started();
    keeps_its_memory(&mut program);
    assert!(!program.folder.path().join("keys.sealed").exists());
}

/// A sign-in, another process on the same database, a suspension. Gives what nobody must find anywhere.
fn keeps_its_memory(program: &mut Program) -> Vec<String> {
    let bank = program.register("bank", Some(RelyingParty::new_key()), "require_pushed_requests = true\n");
    let mut browser = Browser::new(&program.address);
    let location =
        sign_in(&mut browser, &program.address, &bank.pushed(&[("scope", "openid profile offline_access")]));
    let tokens = bank.redeem(&answered(&location)["code"], &[]).json();
    let subject = bank.id_token(tokens["id_token"].as_str().unwrap())["sub"].clone();
    let log = program.stop();
    for event in [
        "\"event\":\"started\"",
        "\"event\":\"sign-in\"",
        "\"event\":\"authorization\"",
        "\"event\":\"tokens\"",
    ] {
        assert!(log.contains(event), "{log}");
    }
    let secrets: Vec<String> =
        ["BE123456", "المثال", &answered(&location)["code"], tokens["access_token"].as_str().unwrap()]
            .map(str::to_owned)
            .to_vec();
    for secret in &secrets {
        assert!(!log.contains(secret), "{secret}");
    }

    // another process: the session, the consent and the tokens are those of before
    program.serve();
    assert_eq!(bank.userinfo(tokens["access_token"].as_str().unwrap()).json()["sub"], subject);
    assert_eq!(bank.refresh(tokens["refresh_token"].as_str().unwrap()).status, 200);
    assert!(browser.get(&bank.pushed(&[("prompt", "none")])).location().contains("code="));
    // suspended from outside, at once
    program.done(&["client", "suspend", "bank", "--key", "authoriser.key", "--reason", "a test"]);
    assert_eq!(bank.userinfo(tokens["access_token"].as_str().unwrap()).status, 401);
    assert_eq!(bank.push(&[]).error(), "invalid_client");
    program.approve("bank", &["resume", "bank"]);
    assert_eq!(bank.push(&[]).status, 201);
    secrets
}

#[test]
fn whoever_signed_in_with_a_card_that_is_no_longer_believed_is_signed_out() {
    let mut program = Program::start();
    let bank = program.register("bank", Some(RelyingParty::new_key()), "");
    let visit = |issuer: &str| {
        let mut browser = Browser::new(&program.address);
        let asked = bank.authorize(&[("scope", "openid offline_access")]);
        let location = sign_in_with(&mut browser, &program.address, &asked, issuer);
        let tokens = bank.redeem(&answered(&location)["code"], &[]).json();
        let word = |name: &str| tokens[name].as_str().unwrap().to_owned();
        (browser, word("access_token"), word("refresh_token"))
    };
    let visits = ["high", "low"].map(visit);
    program.stop();
    // the issuer of the second card is taken out
    for (file, mark) in [("platform.toml", "[[cards.issuer]]"), ("issuers.toml", "[[issuer]]")] {
        let path = program.folder.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        let (kept, taken_out) = text.rsplit_once(mark).unwrap();
        assert!(taken_out.contains("\"low\""));
        fs::write(&path, kept).unwrap();
    }
    program.serve();
    let mut left = Vec::new();
    for ((mut browser, access, refresh), is_believed) in visits.into_iter().zip([true, false]) {
        let answer = browser.get(&bank.authorize(&[("prompt", "none"), ("scope", "openid offline_access")]));
        assert_eq!(answer.location().contains("code="), is_believed);
        assert_eq!(bank.userinfo(&access).status == 200, is_believed);
        assert_eq!(bank.about("/introspect", &access).json()["active"], is_believed);
        assert_eq!(bank.refresh(&refresh).status == 200, is_believed);
        // whoever signs out is signed out, should the issuer come back as well
        let session = browser.cookies["session"].clone();
        assert_eq!(browser.post("/signed-out", "", "").status, 200);
        assert!(!browser.cookies.contains_key("session"));
        browser.cookies.insert("session".to_owned(), session);
        left.push(browser);
    }
    program.stop();
    program.configure();
    program.serve();
    for mut browser in left {
        let answer = browser.get(&bank.authorize(&[("prompt", "none"), ("scope", "openid offline_access")]));
        assert!(answer.location().contains("error=login_required"));
    }
}

#[test]
fn relying_parties_and_keys_are_listed() {
    let program = Program::set_up();
    program.done(&["keys", "create"]);
    program.done(&["migrate"]);
    program.done(&["migrate"]);
    let keys = program.done(&["keys", "list"]);
    let phases: Vec<&str> = keys.lines().map(|line| line.split('\t').next().unwrap()).collect();
    assert_eq!(phases, ["current", "next"].repeat(5), "for signing by four algorithms, and for encrypting");
    assert!(program.refused(&["keys", "rotate"]).contains("it can sign from"));
    assert!(program.refused(&["keys", "create"]).contains("there are keys already"));
    let people = program.done(&["sandbox", "persons"]);
    let levels: Vec<serde_json::Value> =
        people.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (&levels[0]["issuer"], &levels[0]["acr"]),
        (&"high".into(), &"urn:bitaqa:acr:test:high".into())
    );
    assert_eq!((&levels[7]["issuer"], &levels[7]["acr"]), (&"low".into(), &"urn:bitaqa:acr:test:low".into()));
    let statements = program.done(&["keys", "statements"]);
    assert_eq!(
        statements.lines().map(|line| line.split('\t').next().unwrap()).collect::<Vec<_>>(),
        ["current", "next"]
    );
    let key = |list: &str, at: usize| list.lines().nth(at).unwrap().split_once('\t').unwrap().1.to_owned();
    let rotated = program.done(&["keys", "rotate-statements"]);
    assert_eq!(key(&rotated, 0), key(&statements, 1));
    assert!(!rotated.contains("\"d\""));
    program.register("bank", None, "");
    let suspend =
        |id: &'static str| ["client", "suspend", id, "--key", "onboarder.key", "--reason", "a test"];
    program.done(&suspend("bank"));
    assert_eq!(program.done(&["client", "list"]), "bank\tsuspended\tbank.example.ma\tThe site bank\n");
    assert!(program.refused(&suspend("nobody")).contains("no relying party \"nobody\""));
    let propose = |file: &'static str| ["client", "propose", file, "--key", "onboarder.key"];
    // another registration takes the place of the first, for the same sector only; it stays suspended
    let other = |changes: &str| write_registration(program.folder.path(), "bank", None, changes);
    other("claims = []\n");
    program.approve("bank", &["propose", "bank.toml"]);
    assert_eq!(program.done(&["client", "list"]), "bank\tsuspended\tbank.example.ma\tThe site bank\n");
    other("sector = \"other.example.ma\"\n");
    assert!(program.refused(&propose("bank.toml")).contains("is \"bank.example.ma\" and stays so"));
    write_registration(program.folder.path(), "bank", Some(&RelyingParty::new_key()), "");
    assert!(program.refused(&propose("bank.toml")).contains("(authentication) stays"));
    assert!(program.refused(&propose("lost.toml")).contains("lost.toml: No such file"));
    // what they did is listed, and holds
    let acts: Vec<String> = program
        .done(&["audit", "list"])
        .lines()
        .map(|line| line.split('\t').skip(1).take(3).collect::<Vec<_>>().join(" "))
        .collect();
    for act in ["onboarder propose bank", "authoriser approve bank", "onboarder suspend bank"] {
        assert!(acts.contains(&act.to_owned()), "{acts:?}");
    }
    let kept = program.folder.path().join("kept.json");
    fs::write(&kept, program.done(&["audit", "list", "--json"])).unwrap();
    let against = ["audit", "verify", "--against", kept.to_str().unwrap()];
    assert_eq!(program.done(&against), "5 entries, 1 relying parties: all hold\n");
    let stolen = program.folder.path().join("authoriser.key");
    fs::set_permissions(&stolen, fs::Permissions::from_mode(0o644)).unwrap();
    let suspend = ["client", "suspend", "bank", "--key", "authoriser.key", "--reason", "a test"];
    assert!(program.refused(&suspend).contains("others may read it; chmod 600"));
    // an authoriser who is none any more takes along what they signed
    let path = program.folder.path().join("platform.toml");
    let text = fs::read_to_string(&path).unwrap();
    let (before, after) = text.split_once("[[operator]]\nname = \"authoriser\"").unwrap();
    let (_, after) = after.split_once("[cards]").unwrap();
    fs::write(&path, format!("{before}[cards]{after}")).unwrap();
    let refused = program.run(&against);
    let said = String::from_utf8(refused.stdout).unwrap();
    assert!(said.contains("authoriser: entry 1: no operator of the configuration has that name"), "{said}");
    assert!(said.contains("bank: it counts for nothing"), "{said}");
    assert!(String::from_utf8(refused.stderr).unwrap().contains("the audit trail does not hold"));
    assert!(program.done(&["client", "list"]).contains("bank\tvoid"));
}

#[test]
fn an_operator_sees_what_they_approve_and_approves_just_that() {
    let program = Program::set_up();
    program.done(&["keys", "create"]);
    program.done(&["migrate"]);
    write_registration(
        program.folder.path(),
        "bank",
        None,
        "redirect_uris = [\"https://xn--bnk-8ma.example.ma/cb\"]\n",
    );
    let proposal = program.done(&["client", "propose", "bank.toml", "--key", "onboarder.key"]);
    assert_eq!(program.done(&["client", "list"]), "bank\tproposed\n");
    let shown = program.done(&["client", "show", "bank"]);
    assert!(shown.contains("proposed by onboarder") && shown.contains("revision 1"), "{shown}");
    assert!(shown.contains("+ legal_basis: \"Example Act, article 4\""), "{shown}");
    assert!(
        shown.contains("https://xn--bnk-8ma.example.ma/cb is not written in the letters that people see"),
        "{shown}"
    );
    let digest = shown.lines().last().unwrap().strip_prefix("proposal ").unwrap();
    assert_eq!(digest, proposal.trim_end());
    let refuse =
        ["client", "refuse", "bank", digest, "--key", "authoriser.key", "--reason", "not their address"];
    program.done(&refuse);
    assert!(program.refused(&["client", "show", "bank"]).contains("no relying party \"bank\""));
    let approve = ["client", "approve", "bank", digest, "--key", "authoriser.key"];
    assert!(program.refused(&approve).contains("no proposal of that digest waits"));
    let listed = program.done(&["audit", "list"]);
    assert!(listed.contains("refuse\tbank\tnot their address"), "{listed}");
}

#[test]
fn what_it_cannot_start_with_it_names() {
    let program = Program::set_up();
    assert!(program.refused(&["serve"]).contains("bitaqa-platform migrate"));
    program.done(&["migrate"]);
    assert!(program.refused(&["serve"]).contains("keys.unsealing: No such file"));
    program.done(&["keys", "create"]);
    fs::write(program.folder.path().join("issuers.toml"), "schema = 1\n").unwrap();
    assert!(program.refused(&["serve"]).contains("at least one [[issuer]]"));
    fs::remove_file(program.folder.path().join("platform.toml")).unwrap();
    assert!(program.refused(&["serve"]).contains("platform.toml: No such file"));
}

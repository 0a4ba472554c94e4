//! Keys in a token, as an operator has them; OpenSC looks into the token.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    time::{Duration, Instant},
};

use crate::{
    browser::Browser,
    process::Program,
    relying_party::{RelyingParty, answered},
    running::{sign_in, write_registration},
    soft_token::{CONFIGURATION, SoftToken},
};

fn set_up(token: &SoftToken) -> Program {
    Program::set_up().with_keys(&token.keys(), (CONFIGURATION, token.configuration()))
}

#[test]
fn keys_never_leave_the_token() {
    let token = SoftToken::new();
    let program = set_up(&token);
    program.done(&["keys", "create"]);
    let keys = program.done(&["keys", "list"]);
    let phases: Vec<&str> = keys.lines().map(|line| line.split('\t').next().unwrap()).collect();
    assert_eq!(phases, ["current", "next"].repeat(5), "to sign by four algorithms, and to encrypt for");
    assert!(program.refused(&["keys", "rotate"]).contains("it can sign from"));
    assert!(program.refused(&["keys", "create"]).contains("there are keys already in the token \"bitaqa\""));

    let listed = String::from_utf8(token.tool(&["--list-objects"]).stdout).unwrap();
    let stays = "sensitive, always sensitive, never extractable, local";
    for (kind, count) in
        [("Private Key Object; EC", 8), ("Private Key Object; RSA", 4), ("Secret Key Object", 3)]
    {
        let found: Vec<&str> = listed.lines().filter(|line| line.starts_with(kind)).collect();
        assert_eq!(found.len(), count, "{listed}");
    }
    assert_eq!(listed.matches(stays).count(), 15, "{listed}");
    assert_eq!(listed.matches("EC_POINT:").count(), 8, "{listed}");
    let read = token.tool(&["--read-object", "--type", "secrkey", "--label", "bitaqa-platform storage"]);
    assert!(!read.status.success() && read.stdout.is_empty(), "{read:?}");
}

/// Keys that are moved to a token without mechanisms that there were keys for: nobody is registered for them any more, and who was gets to
/// know.
#[test]
fn what_the_token_has_no_mechanism_for_is_refused() {
    let eddsa = "require_pushed_requests = true\nid_token_signed_response_alg = \"EdDSA\"\n";
    let program = Program::set_up();
    program.done(&["keys", "create"]);
    program.done(&["migrate"]);
    let bank = program.register("bank", Some(RelyingParty::new_key()), eddsa);
    let token = SoftToken::new();
    token.without("CKM_EDDSA,CKM_EC_EDWARDS_KEY_PAIR_GEN");
    let mut program = program.with_keys(&token.keys(), (CONFIGURATION, token.configuration()));
    let created = program.run(&["keys", "create"]);
    assert!(created.status.success(), "{created:?}");
    let said = String::from_utf8(created.stderr).unwrap();
    assert!(said.starts_with("no key signs with EdDSA,") && said.lines().count() == 1, "{said}");
    assert!(program.done(&["check"]).contains("for signing (ES256, RS256, PS256)"));
    let file = write_registration(program.folder.path(), "clinic", Some(&RelyingParty::new_key()), eddsa);
    let refused = program.refused(&["client", "propose", file.to_str().unwrap(), "--key", "onboarder.key"]);
    assert!(refused.contains("the platform has no key that signs with EdDSA"), "{refused}");
    program.serve();
    assert_eq!(bank.push(&[]).error(), "server_error");
    let described = Browser::new(&program.address).get("/.well-known/openid-configuration").json();
    let offered = &described["id_token_signing_alg_values_supported"];
    assert_eq!(*offered, serde_json::json!(["ES256", "RS256", "PS256"]));
}

#[test]
fn a_wrong_pin_is_tried_once_whoever_starts_the_service_again() {
    let token = SoftToken::new();
    let program = set_up(&token);
    program.done(&["keys", "create"]);
    token.write_pin("000000");
    assert!(program.refused(&["keys", "list"]).contains("the token refuses the PIN"));
    for _ in 0..3 {
        assert!(program.refused(&["keys", "list"]).contains("none is tried now; log in once by hand"));
    }
    // nor is the right one, for the platform cannot know that it is
    token.write_right_pin();
    assert!(program.refused(&["keys", "list"]).contains("none is tried now; log in once by hand"));
    assert!(token.tool(&["--list-objects"]).status.success());
    assert_eq!(program.done(&["keys", "list"]).lines().count(), 10);
    fs::set_permissions(token.pin_file(), Permissions::from_mode(0o640)).unwrap();
    assert!(program.refused(&["keys", "list"]).contains("others may read it; chmod 600"));
}

#[test]
fn what_is_missing_is_named() {
    let token = SoftToken::new();
    let program = set_up(&token);
    assert!(program.refused(&["keys", "list"]).contains("no secrets of this platform"));
    token.initialise("bitaqa");
    assert!(program.refused(&["keys", "list"]).contains("more than one token \"bitaqa\" is there"));
    let path = program.folder.path().join("platform.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("token = \"bitaqa\"", "token = \"other\"")).unwrap();
    assert!(program.refused(&["keys", "list"]).contains("no token \"other\" is there"));
    fs::write(&path, text.replace("libsofthsm2.so", "none.so")).unwrap();
    assert!(program.refused(&["keys", "list"]).contains("no module of PKCS #11"));
    // a key that could be taken out is not used
    let token = SoftToken::new();
    let program = set_up(&token);
    program.done(&["keys", "create"]);
    let label = "bitaqa-platform signing 3 1780315200";
    let made =
        token.tool(&["--keypairgen", "--key-type", "EC:prime256v1", "--label", label, "--extractable"]);
    assert!(made.status.success(), "{made:?}");
    assert!(program.refused(&["keys", "list"]).contains("could be taken out of it"));
}

#[test]
fn a_token_that_goes_and_comes_back_needs_no_restart() {
    let token = SoftToken::new();
    let mut program = set_up(&token).started();
    let bank = program.register("bank", Some(RelyingParty::new_key()), "");
    let visit = |program: &Program| {
        let mut browser = Browser::new(&program.address);
        let location = sign_in(&mut browser, &program.address, &bank.authorize(&[]));
        let tokens = bank.redeem(&answered(&location)["code"], &[]).json();
        bank.id_token(tokens["id_token"].as_str().unwrap())["sub"].clone()
    };
    let before = visit(&program);
    token.take_away();
    for _ in 0..3 {
        let answer = Browser::new(&program.address).get(&bank.authorize(&[]));
        assert_eq!(answer.status, 503, "{answer:?}");
        assert_eq!(answer.header("retry-after"), Some("1"));
    }
    token.bring_back();
    let limit = Instant::now() + Duration::from_secs(20);
    while Browser::new(&program.address).get(&bank.authorize(&[])).status == 503 {
        assert!(Instant::now() < limit, "the token is not found again");
        std::thread::sleep(Duration::from_millis(200));
    }
    assert_eq!(visit(&program), before);
    assert!(program.stop().contains("\"event\":\"unable\""));
}

//! What those who run the platform see of it: numbers, health, and a log that says nothing of persons.

use std::{
    collections::BTreeMap,
    fs,
    process::Command,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    browser::{Answer, Browser},
    failing_proxy::{FailingProxy, Fault},
    postgres::Postgres,
    process::Program,
    python::python,
    relying_party::{FORM, RelyingParty, answered, encode, text},
    running::{self, sign_in},
};

/// An address that nobody listened at a moment ago.
fn free_address() -> String {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

/// Each series with its value, as the parser of Prometheus' own client reads it.
fn scrape(address: &str) -> BTreeMap<String, f64> {
    let answer = Browser::new(address).get("/metrics");
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    let parsed = python(
        "import sys, json\n\
         from prometheus_client.parser import text_string_to_metric_families as families\n\
         found = {}\n\
         for family in families(sys.stdin.read()):\n\
         \x20   assert family.type in ('counter', 'histogram', 'gauge') and family.documentation, family\n\
         \x20   for sample in family.samples:\n\
         \x20       labels = ','.join(f'{n}={v}' for n, v in sorted(sample.labels.items()))\n\
         \x20       key = sample.name + '{' + labels + '}'\n\
         \x20       assert key not in found, key\n\
         \x20       found[key] = sample.value\n\
         print(json.dumps(found))\n",
        &[],
        &answer.body,
    );
    serde_json::from_str(&parsed).unwrap()
}

#[test]
fn numbers_say_what_happened_and_not_to_whom() {
    let operators = free_address();
    let program = Program::set_up().with_more(&format!("[operation]\nlisten = \"{operators}\"\n")).started();
    let bank = program.register(
        "bank",
        Some(RelyingParty::new_key()),
        "backchannel_logout_uri = \"http://127.0.0.1:1/out\"\n",
    );
    let mut browser = Browser::new(&program.address);
    let request = bank.pushed(&[("scope", "openid offline_access")]);
    let code = answered(&sign_in(&mut browser, &program.address, &request))["code"].clone();
    let tokens = bank.redeem(&code, &[]).json();
    assert_eq!(bank.refresh(&text(&tokens, "refresh_token")).status, 200);
    assert_eq!(bank.redeem(&code, &[]).error(), "invalid_grant");
    assert_eq!(browser.get("/nowhere-BE123456").status, 404);
    assert_eq!(browser.post("/signed-out", "", "").status, 200);

    let limit = Instant::now() + Duration::from_secs(10);
    let failed = "bitaqa_events_total{code=unreachable,event=back-channel-logout,level=,outcome=failed}";
    let found = loop {
        let found = scrape(&operators);
        if found.keys().any(|key| key.contains("event=back-channel-logout")) {
            break found;
        }
        assert!(Instant::now() < limit, "{failed}: {found:?}");
        std::thread::sleep(Duration::from_millis(100));
    };
    for (series, value) in [
        ("bitaqa_events_total{code=,event=sign-in,level=high,outcome=accepted}", 1.0),
        ("bitaqa_events_total{code=,event=authorization,level=,outcome=granted}", 1.0),
        ("bitaqa_events_total{code=,event=tokens,level=,outcome=given}", 2.0),
        ("bitaqa_events_total{code=invalid_grant,event=tokens,level=,outcome=refused}", 1.0),
        ("bitaqa_tokens_total{kind=access}", 2.0),
        ("bitaqa_tokens_total{kind=refresh}", 1.0),
        ("bitaqa_requests_total{endpoint=/token,method=POST,status=200}", 2.0),
        ("bitaqa_requests_total{endpoint=/token,method=POST,status=400}", 1.0),
        ("bitaqa_requests_total{endpoint=/interaction/{id}/sign-in,method=POST,status=200}", 1.0),
        ("bitaqa_requests_total{endpoint=other,method=GET,status=404}", 1.0),
        ("bitaqa_request_seconds_count{endpoint=/token}", 3.0),
        ("bitaqa_request_seconds_bucket{endpoint=/token,le=+Inf}", 3.0),
        ("bitaqa_store_seconds_count{operation=redeem_code}", 2.0),
        ("bitaqa_logout_notices_waiting{}", 1.0),
    ] {
        assert_eq!(found.get(series), Some(&value), "{series}: {found:#?}");
    }
    assert!(found["bitaqa_key_seconds_count{operation=sign}"] >= 2.0);
    assert!(found["bitaqa_store_seconds_count{operation=account_of}"] >= 1.0);
    assert!(
        found["bitaqa_signing_key_published_timestamp_seconds{algorithm=ES256,phase=current}"]
            > 1_700_000_000.0
    );
    for word in ["bank", "BE123456", "127.0.0.1", &code] {
        assert!(!found.keys().any(|key| key.contains(word)), "{word}");
    }
    // the numbers are not for everybody
    assert_eq!(browser.get("/metrics").status, 404);
}

#[test]
fn operators_sign_at_home_what_they_do_in_the_browser() {
    let address = free_address();
    let program =
        Program::set_up().with_more(&format!("[administration]\nlisten = \"{address}\"\n")).started();
    let bank = program.register("bank", Some(RelyingParty::new_key()), "");
    let mut browser = Browser::new(&address);
    assert_eq!(browser.get("/").location(), "/sign-in?lang=ar");
    let field = |name: &str, value: &str| encode(&[(name.to_owned(), value.trim_end().to_owned())]);
    let issuer = format!("http://{}", program.address);
    let key = ["--key", "authoriser.key"];
    let word = program
        .done_without_configuration(&[&["operator", "sign-in", "--issuer", &issuer][..], &key].concat());
    assert_eq!(browser.post("/sign-in?lang=en", FORM, &field("signed", &word)).location(), "/?lang=en");
    let asked = format!("{}&{}", field("work", "suspend"), field("reason", "a test"));
    let shown = browser.post("/portals/bank/draft?lang=en", FORM, &asked).body;
    let draft = shown.split("data-input=\"").nth(1).unwrap().split('"').next().unwrap();
    let sign = [&["operator", "sign", draft][..], &key].concat();
    let signed = program.done_without_configuration(&sign);
    let submitted = browser.post("/portals/bank/entry?lang=en", FORM, &field("signed", &signed));
    assert_eq!(submitted.location(), "/portals/bank?lang=en");
    assert_eq!(bank.push(&[]).error(), "invalid_client");
    // it signs nothing else, and with no key of another kind
    let other = ["operator", "sign", "e30.e30", "--key", "authoriser.key"];
    assert!(program.refused_without_configuration(&other).contains("no entry that an operator signs"));
    assert!(program.done(&["audit", "verify"]).contains("all hold"));
}

#[test]
fn round_trips_that_are_made_again_are_counted() {
    let (server, operators) = (Postgres::start(), free_address());
    let url = server.database("platform");
    let program = Program::set_up_on(&url).with_more(&format!("[operation]\nlisten = \"{operators}\"\n"));
    program.done(&["keys", "create"]);
    program.done(&["migrate"]);
    let proxy = FailingProxy::start(server.port(), 2, &[Fault::Serialization, Fault::LostBefore]);
    let mut program = program.on(&proxy.url(&url));
    program.serve();
    for _ in 0..60 {
        assert_eq!(Browser::new(&program.address).get("/health/ready").status, 200);
    }
    let (found, made) = (scrape(&operators), proxy.made());
    for (fault, after) in [(Fault::Serialization, "undone"), (Fault::LostBefore, "unknown")] {
        let name = format!("bitaqa_store_retries_total{{after={after},operation=schema_version}}");
        let count = made.iter().find(|(other, _)| *other == fault).unwrap().1;
        assert!(found[&name] >= 1.0 && found[&name] <= count as f64, "{name}: {made:?} {found:#?}");
    }
    assert!(found["bitaqa_store_failures_total{operation=schema_version}"] >= 2.0);
}

#[test]
fn it_is_ready_when_database_tables_and_keys_are_there() {
    let mut server = Postgres::start();
    let url = server.database("platform");
    let mut program = Program::set_up_on(&url).started();
    let ready = |program: &Program| Browser::new(&program.address).get("/health/ready");
    let is_ready = |answer: &Answer| (answer.status, answer.body.clone());
    assert_eq!(is_ready(&ready(&program)), (200, "ok".to_owned()));
    let keys = program.folder.path().join("keys.sealed");
    let away = program.folder.path().join("keys.away");
    fs::rename(&keys, &away).unwrap();
    assert_eq!(is_ready(&ready(&program)), (503, "keys".to_owned()));
    fs::rename(&away, &keys).unwrap();
    server.execute("platform", "UPDATE _sqlx_migrations SET success = false WHERE version > 1");
    assert_eq!(is_ready(&ready(&program)), (503, "migrations".to_owned()));
    assert!(program.refused(&["check"]).contains("the tables are of migration 1, before"));
    server.execute("platform", "UPDATE _sqlx_migrations SET success = true");
    assert_eq!(is_ready(&ready(&program)), (200, "ok".to_owned()));
    server.stop();
    assert_eq!(is_ready(&ready(&program)), (503, "database".to_owned()));
    // to start it anew would not help
    assert_eq!(Browser::new(&program.address).get("/health/live").body, "ok");
    program.stop();
}

#[test]
fn the_most_talkative_log_says_nothing_of_persons_and_names_each_request() {
    let mut program = Program::set_up().with_more("[operation]\nlog = \"debug\"\n").started();
    let bank = program.register(
        "bank",
        Some(RelyingParty::new_key()),
        "claims = [\"name\", \"given_name\", \"family_name\", \"personal_number\"]\n",
    );
    let mut browser = Browser::new(&program.address);
    let claims = r#"{"userinfo":{"personal_number":null}}"#;
    let asked = [
        ("scope", "openid profile offline_access"),
        ("claims", claims),
        ("state", "state-that-nobody-else-knows"),
        ("nonce", "nonce-that-nobody-else-knows"),
        ("login_hint", "hint-that-nobody-else-knows"),
    ];
    let request = bank.pushed(&asked);
    let page = running::open(&mut browser, &request);
    assert_eq!(browser.get(&page).status, 200);
    let shown = running::show_card(
        &mut browser,
        &program.address,
        &page,
        "high",
        crate::test_pki::Template::person(),
    );
    assert_eq!(shown.status, 200);
    let (trace, parent) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
    let traceparent = format!("00-{trace}-{parent}-01");
    let last = browser.raw("GET", &page, &[("traceparent", &traceparent)], "");
    let code = answered(last.location())["code"].clone();
    let tokens = bank.redeem(&code, &[]).json();
    let person = bank.userinfo(&text(&tokens, "access_token")).json();
    assert_eq!(bank.redeem(&code, &[]).error(), "invalid_grant");
    let mut secrets: Vec<String> = [
        "BE123456",
        "state-that-nobody-else-knows",
        "nonce-that-nobody-else-knows",
        "hint-that-nobody-else-knows",
        page.strip_prefix("/interaction/").unwrap(),
        request.split("request_uri=").nth(1).unwrap().split('&').next().unwrap(),
        &code,
    ]
    .map(str::to_owned)
    .to_vec();
    for name in ["access_token", "refresh_token", "id_token"] {
        secrets.push(text(&tokens, name));
    }
    for name in ["sub", "name", "given_name", "family_name", "personal_number"] {
        secrets.push(text(&person, name));
    }
    secrets.extend(browser.cookies.values().cloned());
    assert!(browser.cookies.contains_key("session"));

    let log = program.stop();
    for secret in &secrets {
        // in letters, and as JSON or an address would write them
        let encoded: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        for text in [secret.as_str(), &encoded, serde_json::to_string(secret).unwrap().trim_matches('"')] {
            assert!(text.len() > 3 && !log.contains(text), "{text}");
        }
    }
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for line in lines.iter().filter(|line| line["event"] != "started") {
        assert_eq!(line["request"].as_str().map(str::len), Some(22), "{line}");
    }
    // the lines of the last step, all of them and no others, are those of its answer
    let id = last.header("x-request-id").unwrap();
    let of_last: Vec<&Value> = lines.iter().filter(|line| line["request"] == id).collect();
    for line in &lines {
        assert_eq!(line["trace"] == trace && line["parent"] == parent, line["request"] == id, "{line}");
    }
    let has = |event: &str, member: &str, value: &str| {
        of_last.iter().any(|line| line["event"] == event && line[member] == value)
    };
    assert!(has("authorization", "outcome", "granted"));
    assert!(has("timing", "operation", "end_interaction_by"), "{of_last:#?}");
    assert!(has("timing", "operation", "open"));
    assert!(has("timing", "operation", "/interaction/{id}"));
    // without it, the log says what happened and not how long it took
    let mut quiet = Program::start();
    assert_eq!(Browser::new(&quiet.address).get("/health/ready").status, 200);
    assert!(!quiet.stop().contains("timing"));
}

#[test]
fn what_the_command_check_says_is_true() {
    let mut program = Program::set_up();
    assert!(program.refused(&["check"]).contains("bitaqa-platform migrate"));
    program.done(&["migrate"]);
    assert!(program.refused(&["check"]).contains("keys.unsealing: No such file"));
    program.done(&["keys", "create"]);
    assert!(program.done(&["check"]).contains("the database is fresh"));
    program.serve();
    assert!(program.done(&["check"]).contains("keys and database belong together"));
    program.stop();
    // other keys of the same name
    fs::remove_file(program.folder.path().join("keys.sealed")).unwrap();
    program.done(&["keys", "create"]);
    for command in ["check", "serve"] {
        assert!(program.refused(&[command]).contains("keys and database do not belong together"));
    }
    let database = program.folder.path().join("platform.db");
    let counted = Command::new("sqlite3").arg(database).arg("SELECT count(*) FROM account_key").output();
    assert_eq!(counted.unwrap().stdout, b"1\n");
}

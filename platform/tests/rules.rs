//! Adaptation rules: what circumstances add to what a request needs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

#[path = "../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;

mod browser;
mod process;
mod relying_party;
mod running;

use std::{
    fs,
    io::Write,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    path::Path,
    process::{Command, Stdio},
};

use bitaqa_platform::rules::{Network, TimeWindow};

use browser::Browser;
use process::Program;
use relying_party::{RelyingParty, code, error, text};
use running::{Running, START, open, show_card, sign_in, sign_in_with};
use serde_json::{Value, json};
use test_pki::Template;

/// What the platform of these tests says of everybody.
const TAXES: &str = "\n[[service]]\nid = \"tax-return\"\nscope = \"tax\"\nlink = \"https://office.example.ma/tax\"\n\
     minimum_level = \"low\"\nsensitive = true\n[service.name]\nar = \"التصريح الضريبي\"\nfr = \"Déclaration fiscale\"\n\
     en = \"Tax return\"\n";

fn rule(id: &str, when: &str, then: &str) -> String {
    format!("\n[[rule]]\nid = \"{id}\"\nwhen = {{ {when} }}\nthen = {{ {then} }}\n")
}

fn silent(browser: &mut Browser, party: &RelyingParty, changes: &[(&str, &str)]) -> String {
    let changes = [changes, &[("prompt", "none")]].concat();
    browser.get(&party.authorize(&changes)).location().to_owned()
}

fn acr(party: &RelyingParty, location: &str) -> Value {
    let tokens = party.redeem(&code(location), &[]).json();
    party.id_token(&text(&tokens, "id_token"))["acr"].clone()
}

#[test]
fn a_new_device_needs_what_the_rule_says_and_is_known_afterwards() {
    let platform = Running::new();
    let rules = rule("new-device", "device = \"new\"", "minimum_level = \"high\"");
    let office = platform.confidential("office", &rules);
    let mut browser = platform.browser();
    let location = sign_in_with(&mut browser, &platform.address, &office.pushed(&[]), "low");
    assert_eq!(error(&location), "unmet_authentication_requirements");
    assert!(!browser.cookies.contains_key("device"), "nothing is remembered of who did not get there");
    let location = sign_in(&mut browser, &platform.address, &office.pushed(&[]));
    assert_eq!(acr(&office, &location), "urn:bitaqa:acr:test:high");
    let cookie = browser.cookies["device"].clone();
    // from now on the lesser card will do, in this browser
    let location =
        sign_in_with(&mut browser, &platform.address, &office.pushed(&[("prompt", "login")]), "low");
    assert_eq!(acr(&office, &location), "urn:bitaqa:acr:test:low");
    assert_eq!(browser.cookies["device"], cookie, "it stays");
    let location = sign_in_with(&mut platform.browser(), &platform.address, &office.pushed(&[]), "low");
    assert_eq!(error(&location), "unmet_authentication_requirements", "in another it will not");
    // as long as it is used
    platform.later(180 * 24 * 60 * 60);
    let location = sign_in_with(&mut browser, &platform.address, &office.pushed(&[]), "low");
    assert_eq!(error(&location), "unmet_authentication_requirements");
}

/// Somebody who took the session's cookie, and asks for something to which the rule does not apply first.
#[test]
fn whoever_only_has_the_session_makes_no_device_known() {
    let platform = Running::new();
    let on_new_devices =
        rule("new-device", "device = \"new\", services = [\"tax-return\"]", "minimum_level = \"high\"");
    let office = platform.confidential("office", &format!("{TAXES}{on_new_devices}"));
    let mut owner = platform.browser();
    sign_in_with(&mut owner, &platform.address, &office.authorize(&[]), "low");
    assert!(owner.cookies.contains_key("device"), "something was shown here");
    let mut thief = platform.browser();
    thief.cookies.insert("session".to_owned(), owner.cookies["session"].clone());
    code(&silent(&mut thief, &office, &[]));
    assert!(!thief.cookies.contains_key("device"));
    // where it is known, it stays known
    code(&silent(&mut owner, &office, &[]));
    assert!(owner.cookies.contains_key("device"));
}

#[test]
fn what_a_browser_holds_for_one_person_says_nothing_about_another() {
    let platform = Running::new();
    let rules = rule("new-device", "device = \"new\"", "minimum_level = \"high\"");
    let office = platform.confidential("office", &rules);
    let mut browser = platform.browser();
    sign_in(&mut browser, &platform.address, &office.pushed(&[]));
    let of_amina = browser.cookies["device"].clone();
    let other = || Template {
        name: test_pki::der::name(&[("2.5.4.3", "Brahim"), ("2.5.4.5", "IDCMA-BB7")]),
        ..Template::person()
    };
    let show = |browser: &mut Browser, issuer: &str, person: Template| {
        let page = open(browser, &office.pushed(&[("prompt", "login")]));
        assert_eq!(show_card(browser, &platform.address, &page, issuer, person).status, 200);
        browser.get(&page).location().to_owned()
    };
    assert_eq!(error(&show(&mut browser, "low", other())), "unmet_authentication_requirements");
    assert!(show(&mut browser, "high", other()).contains("code="));
    // both are known here now, each by a secret of their own
    assert!(show(&mut browser, "low", other()).contains("code="));
    assert!(show(&mut browser, "low", Template::person()).contains("code="));
    assert!(browser.cookies["device"].contains(&of_amina));
    // whoever puts what they hold into somebody else's browser holds nothing when that person has signed in there
    let mut attacker = platform.browser();
    assert!(show(&mut attacker, "high", other()).contains("code="));
    let planted = attacker.cookies["device"].clone();
    let mut person = platform.browser();
    person.cookies.insert("device".to_owned(), planted.clone());
    assert!(show(&mut person, "high", Template::person()).contains("code="));
    assert_eq!(error(&show(&mut attacker, "low", Template::person())), "unmet_authentication_requirements");
    assert!(person.cookies["device"].contains(&planted) && person.cookies["device"] != planted);
}

#[test]
fn nothing_is_remembered_of_devices_where_no_rule_asks() {
    let platform = Running::new();
    let office = platform
        .confidential("office", &rule("network", "network = { inside = [\"10.0.0.0/8\"] }", "max_age = 9"));
    let mut browser = platform.browser();
    assert!(sign_in(&mut browser, &platform.address, &office.pushed(&[])).contains("code="));
    assert!(!browser.cookies.contains_key("device"), "{:?}", browser.cookies);
}

#[test]
fn networks_times_and_sensitive_services_raise_what_is_asked() {
    let platform = Running::new();
    // the tests come from 127.0.0.1, on a Monday at noon
    let conditions = [
        ("network = { inside = [\"127.0.0.0/8\"] }", true),
        ("network = { outside = [\"127.0.0.0/8\"] }", false),
        ("time = { from = \"12:00\", to = \"13:00\", offset = \"+00:00\" }", true),
        ("time = { from = \"12:00\", to = \"13:00\", offset = \"+01:00\" }", false),
        ("time = { days = [\"mon\"], offset = \"+01:00\" }", true),
        ("sensitive = true", false),
        ("services = [\"tax-return\"]", false),
        ("sensitive = false", true),
    ];
    for (at, (when, applies)) in conditions.into_iter().enumerate() {
        let id = format!("office-{at}");
        let rules = format!("{TAXES}{}", rule("one", when, "minimum_level = \"high\""));
        let office = platform.confidential(&id, &rules);
        let location = sign_in_with(&mut platform.browser(), &platform.address, &office.pushed(&[]), "low");
        assert_eq!(!location.contains("code="), applies, "{when} {location}");
    }
    let rules =
        format!("{TAXES}{}", rule("one", "sensitive = true", "minimum_level = \"high\", max_age = 60"));
    let office = platform.confidential("taxes", &rules);
    let mut browser = platform.browser();
    let taxes = office.pushed(&[("scope", "openid tax")]);
    let location = sign_in_with(&mut browser, &platform.address, &taxes, "low");
    assert_eq!(error(&location), "unmet_authentication_requirements");
    let location = sign_in(&mut browser, &platform.address, &office.pushed(&[("scope", "openid tax")]));
    assert!(location.contains("code="));
    platform.later(61);
    assert!(silent(&mut browser, &office, &[("scope", "openid")]).contains("code="));
    assert_eq!(error(&silent(&mut browser, &office, &[("scope", "openid tax")])), "login_required");
}

#[test]
fn who_is_refused_sees_no_page_and_the_portal_hears_why() {
    let platform = Running::new();
    let refused = rule("here", "network = { inside = [\"127.0.0.1/32\"] }", "refuse = true");
    let office = platform.confidential("office", &refused);
    let location = platform.browser().get(&office.pushed(&[])).location().to_owned();
    assert_eq!(error(&location), "access_denied");
    // where it depends on the device, it is known after the sign-in only
    let nowhere_new = "device = \"new\", network = { inside = [\"127.0.0.1/32\"] }";
    let clinic = platform.confidential("clinic", &rule("device", nowhere_new, "refuse = true"));
    let location = sign_in(&mut platform.browser(), &platform.address, &clinic.pushed(&[]));
    assert_eq!(error(&location), "access_denied");
}

#[test]
fn a_rule_that_is_tried_asks_nothing_and_says_in_the_log_what_it_would_have_asked() {
    let platform = Running::new();
    let tried = rule("tried", "sensitive = false", "minimum_level = \"high\"").replacen(
        "id =",
        "dry_run = true\nid =",
        1,
    );
    let office = platform.confidential("office", &format!("{TAXES}{tried}"));
    let location = sign_in_with(&mut platform.browser(), &platform.address, &office.pushed(&[]), "low");
    assert_eq!(acr(&office, &location), "urn:bitaqa:acr:test:low");
    sign_in(&mut platform.browser(), &platform.address, &office.pushed(&[]));
    let log = platform.log();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let tried: Vec<&Value> = lines.iter().filter(|line| line["event"] == "rule-tried").collect();
    assert_eq!(tried.len(), 2, "once for each answer: {log}");
    for (line, enough) in tried.into_iter().zip([false, true]) {
        assert_eq!((&line["rule"], &line["client"]), (&json!("tried"), &json!("office")));
        assert_eq!(line["then"], json!({ "minimum_level": "high" }));
        assert_eq!(line["enough"], enough);
        assert!(line.get("address").is_none() && !line.to_string().contains("127.0.0.1"));
    }
}

#[test]
fn an_operator_writes_rules_checks_them_and_tries_them_out() {
    let mut program = Program::set_up();
    let folder = program.folder.path().to_owned();
    let rules = "schema = 1\n[[rule]]\nid = \"abroad\"\nwhen = { network = { outside = [\"127.0.0.0/8\", \"10.0.0.0/8\"] } }\n\
         then = { minimum_level = \"high\", max_age = 300 }\n\
         [[rule]]\nid = \"night\"\ndry_run = true\nthen = { refuse = true }\n\
         when = { time = { from = \"22:00\", to = \"06:00\", offset = \"+01:00\" } }\n";
    fs::write(folder.join("rules.toml"), rules).unwrap();
    let file = folder.join("rules.toml");
    let checked = |text: &str| {
        fs::write(folder.join("wrong.toml"), text).unwrap();
        program.refused_without_configuration(&["rules", "check", "wrong.toml"])
    };
    assert_eq!(program.done_without_configuration(&["rules", "check", file.to_str().unwrap()]), "2 rules\n");
    for (from, to, said) in [
        ("schema = 1", "schema = 2", "reads schema = 1"),
        ("id = \"night\"", "id = \"night\"\nextra = 1", "unknown field `extra`"),
        ("10.0.0.0/8", "10.0.0.1/8", "a range of addresses is ADDRESS/BITS"),
        ("\"22:00\"", "\"06:00\"", "rule \"night\": time: from and to"),
        ("\"night\"", "\"abroad\"", "another rule has the same id"),
        ("refuse = true", "", "asks nothing"),
        ("minimum_level", "factors = [\"face\"], minimum_level", "unknown factor; known are: card-and-pin"),
    ] {
        assert!(rules.contains(from), "{from}");
        let error = checked(&rules.replace(from, to));
        assert!(error.contains(said), "{to}: {error}");
    }

    let configuration = fs::read_to_string(folder.join("platform.toml")).unwrap();
    fs::write(folder.join("platform.toml"), format!("rules = \"rules.toml\"\n{configuration}")).unwrap();
    program.done(&["keys", "create"]);
    program.done(&["migrate"]);
    let party_rules =
        format!("{TAXES}{}", rule("device", "device = \"new\"", "minimum_level = \"substantial\""));
    let office = program.register("office", Some(RelyingParty::new_key()), &party_rules);
    let try_out = |more: &[&str]| {
        let asked =
            [&["rules", "try", "--client", "office", "--time", "2026-06-01T23:00:00Z", "--json"], more]
                .concat();
        serde_json::from_str::<Value>(&program.done(&asked)).unwrap()
    };
    let outcomes = |told: &Value| -> Vec<String> {
        told["rules"].as_array().unwrap().iter().map(|rule| text(rule, "outcome")).collect()
    };
    let home = try_out(&["--device", "known", "--network", "10.0.0.1", "--scope", "openid tax"]);
    assert_eq!(home["services"], json!(["tax-return"]));
    assert_eq!(outcomes(&home), ["does-not-apply", "would-apply", "does-not-apply"]);
    assert_eq!(
        home["asked"],
        json!({
            "minimum_level": "low", "acr": "urn:bitaqa:acr:test:low", "factors": ["card-and-pin"],
            "max_age": null, "refused": false, "can_be_met": true,
        })
    );
    let abroad = try_out(&["--device", "new", "--network", "192.0.2.1"]);
    assert_eq!(outcomes(&abroad), ["applies", "would-apply", "applies"]);
    assert_eq!(
        (&abroad["asked"]["minimum_level"], &abroad["asked"]["max_age"]),
        (&json!("high"), &json!(300))
    );
    // what is not known counts as if it were so
    assert_eq!(outcomes(&try_out(&[])), ["applies", "would-apply", "applies"]);
    let shown =
        program.done(&["rules", "try", "--client", "office", "--device", "new", "--network", "10.0.0.1"]);
    assert!(shown.contains("rule\tclient\tdevice\tapplies\n"), "{shown}");
    assert!(shown.contains("asked\tlevel\turn:bitaqa:acr:test:substantial\n"), "{shown}");
    assert!(program.refused(&["rules", "try", "--client", "nobody"]).contains("no relying party"));
    let unknown =
        program.refused(&["rules", "try", "--client", "office", "--resource", "https://x.example/"]);
    assert!(unknown.contains("resource"), "{unknown}");

    // and the service does what was tried out: a known network, a new device
    program.serve();
    let mut browser = Browser::new(&program.address);
    let location = sign_in_with(&mut browser, &program.address, &office.pushed(&[]), "low");
    assert_eq!(error(&location), "unmet_authentication_requirements");
    let location = sign_in(&mut browser, &program.address, &office.pushed(&[]));
    assert_eq!(acr(&office, &location), "urn:bitaqa:acr:test:high");
    let location =
        sign_in_with(&mut browser, &program.address, &office.pushed(&[("prompt", "login")]), "low");
    assert_eq!(acr(&office, &location), "urn:bitaqa:acr:test:low");
    let log = program.stop();
    assert!(!log.contains("127.0.0.1\"") && !log.contains("abroad"), "{log}");
}

#[test]
fn the_word_of_a_proxy_counts_where_the_configuration_says_so() {
    let mut program = Program::set_up();
    let folder = program.folder.path().to_owned();
    let rules = "schema = 1\n[[rule]]\nid = \"abroad\"\nwhen = { network = { outside = [\"10.0.0.0/8\"] } }\nthen = { refuse = true }\n";
    fs::write(folder.join("rules.toml"), rules).unwrap();
    let configuration = fs::read_to_string(folder.join("platform.toml")).unwrap();
    let network = "[network]\nheader = \"x-forwarded-for\"\nproxies = [\"127.0.0.1/32\"]\n";
    fs::write(folder.join("platform.toml"), format!("rules = \"rules.toml\"\n{configuration}{network}"))
        .unwrap();
    program.done(&["keys", "create"]);
    program.done(&["migrate"]);
    let office = program.register("office", None, "");
    program.serve();
    for (header, refused) in [
        ("10.0.0.7", false),
        ("192.0.2.1, 10.0.0.7", false),
        ("10.0.0.7, 192.0.2.1", true),
        // not known: as if from abroad
        ("", true),
        ("nonsense", true),
    ] {
        let mut browser = Browser::new(&program.address);
        let answer = browser.raw("GET", &office.authorize(&[]), &[("x-forwarded-for", header)], "");
        assert_eq!(answer.location().contains("access_denied"), refused, "{header}");
    }
    program.stop();
    // a header that nobody is to write, or that is none
    for wrong in ["proxies = []", "header = \"a b\"\nproxies = [\"127.0.0.1/32\"]"] {
        let network = if wrong.starts_with("header") {
            format!("[network]\n{wrong}\n")
        } else {
            format!("[network]\nheader = \"x-forwarded-for\"\n{wrong}\n")
        };
        fs::write(folder.join("platform.toml"), format!("{configuration}{network}")).unwrap();
        assert!(program.refused(&["client", "list"]).contains("network: "), "{wrong}");
    }
    assert_eq!(START % 86_400, 43_200, "these tests take noon for granted");
}

/// Drawn by a rule of their own (Numerical Recipes' generator), so that they are the same each time.
fn numbers() -> impl Iterator<Item = u32> {
    std::iter::successors(Some(1_u32), |last| Some(last.wrapping_mul(1_664_525).wrapping_add(1_013_904_223)))
        .map(|number| number.rotate_left(16))
}

/// A range, and an address that has many of its bits.
fn drawn(numbers: &mut impl Iterator<Item = u32>) -> (String, IpAddr) {
    let mut wide = || (0..4).fold(0_u128, |all, _| (all << 32) | u128::from(numbers.next().unwrap()));
    let (address, flips, choice) = (wide(), wide(), wide());
    let differs_from = u32::try_from(choice % 129).unwrap();
    let other = address ^ flips.checked_shr(differs_from).unwrap_or(0);
    if choice & (1 << 100) == 0 {
        let bits = u32::try_from((choice >> 8) % 33).unwrap();
        let of = |all: u128| u32::try_from(all >> 96).unwrap();
        let network = of(address) & u32::MAX.checked_shl(32 - bits).unwrap_or(0);
        (format!("{}/{bits}", Ipv4Addr::from(network)), Ipv4Addr::from(of(other)).into())
    } else {
        let bits = u32::try_from((choice >> 8) % 129).unwrap();
        let network = address & u128::MAX.checked_shl(128 - bits).unwrap_or(0);
        (format!("{}/{bits}", Ipv6Addr::from(network)), Ipv6Addr::from(other).into())
    }
}

#[test]
fn node_says_the_same_of_addresses_and_times() {
    let mut numbers = numbers();
    let addresses: Vec<(String, IpAddr)> = (0..2000).map(|_| drawn(&mut numbers)).collect();
    let zones =
        [("UTC", "+00:00"), ("Etc/GMT-1", "+01:00"), ("Etc/GMT+5", "-05:00"), ("Asia/Kolkata", "+05:30")];
    let times: Vec<(&str, &str, i64)> = zones
        .iter()
        .cycle()
        .take(800)
        .map(|(zone, offset)| (*zone, *offset, START + i64::from(numbers.next().unwrap() % 31_536_000)))
        .collect();
    let cases = json!({
        "addresses": addresses,
        "times": times.iter().map(|(zone, _, time)| json!([zone, time])).collect::<Vec<_>>(),
    });
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/judge.mjs");
    let mut judge =
        Command::new("node").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("node");
    judge.stdin.take().unwrap().write_all(cases.to_string().as_bytes()).unwrap();
    let told = judge.wait_with_output().unwrap();
    let told: Value = serde_json::from_slice(&told.stdout).unwrap();

    let mut inside = 0;
    for ((range, address), said) in addresses.iter().zip(told["addresses"].as_array().unwrap()) {
        let ours = range.parse::<Network>().unwrap().contains(*address);
        assert_eq!(json!(ours), *said, "{range} {address}");
        inside += usize::from(ours);
    }
    assert!((200..1800).contains(&inside), "{inside} of 2000: too few of a kind say little");

    for ((_, offset, time), said) in times.iter().zip(told["times"].as_array().unwrap()) {
        let minute = said[1].as_str().unwrap();
        let window = |from: &str, to: &str| -> TimeWindow {
            let window = json!({ "from": from, "to": to, "offset": offset, "days": [said[0]] });
            serde_json::from_value(window).unwrap()
        };
        let (hour, past) = minute.split_once(':').unwrap();
        let (hour, past): (u32, u32) = (hour.parse().unwrap(), past.parse().unwrap());
        let at = |all: u32| format!("{:02}:{:02}", all / 60 % 24, all % 60);
        let after = at(hour * 60 + past + 1);
        assert_eq!(window(minute, &after).contains(*time), Some(true), "{offset} {time} {said}");
        let later = at(hour * 60 + past + 2);
        assert_eq!(window(&after, &later).contains(*time), Some(false), "{offset} {time} {said}");
    }
    assert_eq!((addresses.len(), times.len()), (2000, 800));
}

//! Whatever is sent, from a fixed seed: the platform answers, never with a fault of its own, and sends nobody to an address that is not
//! registered.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream},
};

use crate::{
    browser::Browser,
    postgres::Postgres,
    process::Program,
    relying_party::{FORM, RelyingParty, asserted, assertion},
    running::{Running, open},
};

/// xorshift64*: the same values each time.
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(drawn).unwrap() % below
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| u8::try_from(self.next(256)).unwrap()).collect()
    }

    fn of<'a>(&mut self, list: &[&'a [u8]]) -> &'a [u8] {
        list[self.next(list.len())]
    }
}

/// What parsers and databases stumble over, and where an open redirect would lead.
const NASTY: [&[u8]; 30] = [
    b"",
    b"\0",
    b"a\0b",
    b"\xff\xfe",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    "\u{202e}\u{200b}\u{feff}".as_bytes(),
    // Cyrillic and fullwidth letters that look like others
    "b\u{430}nk".as_bytes(),
    "\u{ff42}ank".as_bytes(),
    "https://b\u{430}nk.example.ma/callback".as_bytes(),
    b"https://evil.example/",
    b"//evil.example",
    b"https://bank.example.ma/callback/../evil",
    b"https://bank.example.ma@evil.example/callback",
    b"https://bank.example.ma/callback\r\nLocation: https://evil.example",
    b"https://bank.example.ma/callback#",
    b"javascript:alert(1)",
    b"a\r\nset-cookie: session=x\r\nx-injected: 1",
    b"<script>alert(1)</script>",
    b"\"><img src=x onerror=alert(1)>",
    b"' OR 1=1; --",
    b"%s%n{}{{7*7}}${7*7}",
    b"../../../../etc/passwd",
    b"99999999999999999999999",
    b"-1",
    b"1e400",
    b"[]",
    b"{\"userinfo\":{\"name\":{\"values\":[[[[[[[[{}]]]]]]]]}}}",
    b"eyJhbGciOiJub25lIn0.e30.",
];

const NAMES: [&[u8]; 24] = [
    b"client_id",
    b"redirect_uri",
    b"response_type",
    b"response_mode",
    b"scope",
    b"state",
    b"nonce",
    b"code_challenge",
    b"code_challenge_method",
    b"prompt",
    b"max_age",
    b"acr_values",
    b"claims",
    b"id_token_hint",
    b"request",
    b"request_uri",
    b"dpop_jkt",
    b"post_logout_redirect_uri",
    b"code",
    b"refresh_token",
    b"token",
    b"client_assertion",
    b"posted",
    b"\0\xff",
];

/// Where requests arrive, and how their parameters do.
const PLACES: [(&str, &str); 11] = [
    ("GET", "/authorize"),
    ("POST", "/authorize"),
    ("POST", "/par"),
    ("POST", "/token"),
    ("GET", "/userinfo"),
    ("POST", "/userinfo"),
    ("POST", "/introspect"),
    ("POST", "/revoke"),
    ("GET", "/end-session"),
    ("POST", "/end-session"),
    ("POST", "/interaction"),
];
const STEPS: [&str; 6] = ["", "/challenge", "/sign-in", "/agree", "/other-card", "/cancel"];

type Pairs = Vec<(Vec<u8>, Vec<u8>)>;

fn changed(random: &mut Random, mut pairs: Pairs) -> Pairs {
    for _ in 0..=random.next(3) {
        let name = random.of(&NAMES).to_vec();
        let value = match random.next(6) {
            0 => {
                let length = random.next(40);
                random.bytes(length)
            }
            1 => random.of(&NASTY).repeat(1 + random.next(300)),
            _ => random.of(&NASTY).to_vec(),
        };
        match random.next(4) {
            // twice
            0 => pairs.push((name, value)),
            1 => pairs.retain(|(other, _)| *other != name),
            _ => match pairs.iter_mut().find(|(other, _)| *other == name) {
                Some((_, old)) => *old = value,
                None => pairs.push((name, value)),
            },
        }
    }
    pairs
}

fn encoded(pairs: &Pairs) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        let encode = |bytes: &[u8]| form_urlencoded::byte_serialize(bytes).collect::<String>();
        text.push_str(&format!(
            "{}{}={}",
            if text.is_empty() { "" } else { "&" },
            encode(name),
            encode(value)
        ));
    }
    text
}

/// Sends rounds of requests; each kind of place has to be answered well, too, or nothing was reached.
fn fuzz(bank: &RelyingParty, seed: u64, rounds: usize) {
    let mut random = Random(seed);
    let mut browser = Browser::new(&bank.address);
    let page = open(&mut browser, &bank.authorize(&[]));
    let allowed = [bank.redirect_uri.as_str(), "https://bank.example.ma/bye"];
    let (mut sent_back, mut refused) = (0, 0);
    for round in 0..rounds {
        let (method, place) = PLACES[random.next(PLACES.len())];
        let mut right = bank.request(&[]);
        if place == "/token" {
            right = bank.redemption("no-code", &[]);
        } else if place == "/end-session" {
            right = vec![("post_logout_redirect_uri".to_owned(), allowed[1].to_owned())];
        }
        if random.next(2) == 0 {
            right.extend(asserted(&assertion(bank.key.as_ref().unwrap(), &bank.claims(&[]))));
        }
        right.push(("client_id".to_owned(), bank.id.clone()));
        right.dedup();
        let pairs = right.into_iter().map(|(name, value)| (name.into_bytes(), value.into_bytes())).collect();
        let text = encoded(&changed(&mut random, pairs));
        let path = match place {
            "/interaction" => format!("{page}{}", STEPS[random.next(STEPS.len())]),
            place => place.to_owned(),
        };
        let own = format!("http://{}", bank.address);
        let bearer = format!("Bearer {}", text.chars().take(60).collect::<String>());
        let mut headers = vec![("content-type", FORM), ("origin", own.as_str())];
        match random.next(8) {
            0 => headers.push(("authorization", &bearer)),
            1 => headers.push(("dpop", "eyJhbGciOiJub25lIn0.e30.")),
            2 => headers.push(("accept-language", ";q=9,,ar;q=x")),
            3 => headers[0] = ("content-type", "application/json"),
            _ => {}
        }
        let answer = match method {
            "GET" => browser.raw("GET", &format!("{path}?{text}"), &headers, ""),
            _ => browser.raw("POST", &path, &headers, &text),
        };
        let about = format!("seed {seed}, round {round}: {method} {path} {text} {answer:?}");
        assert!(answer.status < 500, "{about}");
        for injected in ["x-injected", "refresh"] {
            assert!(answer.header(injected).is_none(), "{about}");
        }
        for script in ["<script>alert", "<img src=x", "49${"] {
            assert!(!answer.body.contains(script), "{about}");
        }
        if let Some(to) = answer.header("location") {
            let ours =
                ["/interaction/", "/authorize?", "/end-session?"].iter().any(|path| to.starts_with(path));
            assert!(ours || allowed.contains(&to.split('?').next().unwrap()), "{about}");
            sent_back += usize::from(!ours);
        }
        if let Some((_, form)) = answer.body.split_once("<form method=\"post\" action=\"") {
            let action = form.split('"').next().unwrap();
            assert!(
                action == "/signed-out" || action.starts_with("/interaction/") || allowed.contains(&action),
                "{about}"
            );
        }
        refused += usize::from(answer.status == 400);
    }
    assert!(sent_back > rounds / 100 && refused > rounds / 10, "{sent_back} {refused} of {rounds}");
    assert_eq!(browser.get("/health").body, "ok");
}

#[test]
fn fuzzed_parameters_never_break_it_and_never_lead_elsewhere() {
    let platform = Running::new();
    for seed in 1..=4 {
        let registered = "redirect_uris = [\"https://bank.example.ma/callback\"]\n\
             post_logout_redirect_uris = [\"https://bank.example.ma/bye\"]\n";
        let bank = platform.confidential(&format!("bank{seed}"), registered);
        fuzz(&bank, seed, 1500);
    }
    assert!(!platform.log().contains("\"event\":\"unable\""), "{}", platform.log());
}

#[test]
fn fuzzed_parameters_do_not_break_it_on_postgres_either() {
    let server = Postgres::start();
    let mut program = Program::start_on(&server.database("platform"));
    let bank = program.register("bank", Some(RelyingParty::new_key()), "");
    fuzz(&bank, 99, 600);
    let log = program.stop();
    assert!(!log.contains("\"event\":\"unable\""), "{log}");
}

#[test]
fn raw_bytes_that_are_no_http_end_no_more_than_their_connection() {
    let platform = Running::new();
    let mut random = Random(7);
    for round in 0..200 {
        let mut stream = TcpStream::connect(&platform.address).unwrap();
        let length = 1 + random.next(400);
        let noise = random.bytes(length);
        let begin: &[u8] = match round % 4 {
            0 => b"",
            1 => b"GET /authorize?client_id=",
            2 => b"POST /par HTTP/1.1\r\nhost: x\r\ncontent-length: 400\r\n",
            _ => b"GET /interaction/",
        };
        // it may have had enough before the end
        let _ = stream.write_all(&[begin, &noise, b" HTTP/1.1\r\nhost: x\r\n\r\n"].concat());
        let _ = stream.shutdown(Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        assert!(!answer.starts_with(b"HTTP/1.1 5"), "{round}");
    }
    assert_eq!(platform.browser().get("/health").body, "ok");
}

//! Who asks: a few connections, each with one sign-in after the other.

use std::{
    thread,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

use crate::{
    BenchError,
    connection::{Answer, Connection},
};

/// Connections at the same time.
const CONNECTIONS: usize = 16;
/// Not counted.
const WARM_UP: Duration = Duration::from_secs(2);
/// Counted.
const COUNTED: Duration = Duration::from_secs(8);
/// S256 of the verifier, both of RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/// Where codes are sent, percent-encoded.
const REDIRECT_URI: &str = "https%3A%2F%2Fbank.example%2Fcallback";

/// Whom to ask, and where.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Target {
    /// Address and port.
    pub(crate) host: String,
    /// Paths of the endpoints.
    pub(crate) authorize: String,
    pub(crate) token: String,
    pub(crate) userinfo: String,
    /// Cookies of somebody who is signed in; empty where the first request signs in.
    pub(crate) cookies: String,
}

/// What came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Figures {
    pub(crate) flows: usize,
    /// Those of the warm-up, too.
    pub(crate) asked: usize,
    pub(crate) flows_per_second: f64,
    pub(crate) median_milliseconds: f64,
    pub(crate) p99_milliseconds: f64,
}

/// Asks, and prints the figures as JSON.
pub(crate) fn ask(target: &str) -> Result<(), BenchError> {
    let mut target: Target = serde_json::from_str(target)?;
    if target.cookies.is_empty() {
        target.cookies = sign_in(&target)?;
    }
    let began = Instant::now();
    let asking: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let target = target.clone();
            thread::spawn(move || one_after_the_other(&target, began))
        })
        .collect();
    let (mut times, mut asked) = (Vec::new(), 0);
    for one in asking {
        let (counted, warming) = one.join().map_err(|_| BenchError::other("who asks ended"))??;
        asked += counted.len() + warming;
        times.extend(counted);
    }
    times.sort_unstable_by(f64::total_cmp);
    let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or(f64::NAN);
    #[allow(clippy::cast_precision_loss, reason = "far fewer")]
    let flows_per_second = times.len() as f64 / COUNTED.as_secs_f64();
    let figures = Figures {
        flows: times.len(),
        asked,
        flows_per_second,
        median_milliseconds: at(50),
        p99_milliseconds: at(99),
    };
    println!("{}", serde_json::to_string(&figures)?);
    Ok(())
}

/// So many sign-ins, one after the other.
pub(crate) fn one_by_one(target: &Target, count: u32) -> Result<(), BenchError> {
    let mut connection = Connection::open(&target.host)?;
    let (path, cookie) = (address(target), format!("cookie: {}\r\n", target.cookies));
    (0..count).try_for_each(|_| flow(&mut connection, target, &path, &cookie))
}

fn address(target: &Target) -> String {
    format!(
        "{}?client_id=bank&response_type=code&redirect_uri={REDIRECT_URI}&scope=openid%20profile&state=s&nonce=n\
         &code_challenge={CHALLENGE}&code_challenge_method=S256",
        target.authorize
    )
}

/// Follows redirects until there is a code, and keeps the cookies.
fn sign_in(target: &Target) -> Result<String, BenchError> {
    let mut connection = Connection::open(&target.host)?;
    let mut cookies: Vec<(String, String)> = Vec::new();
    let mut path = address(target);
    for _ in 0..10 {
        let cookie = joined(&cookies);
        let answer = connection.request("GET", &path, &format!("cookie: {cookie}\r\n"), "")?;
        for set in answer.all("set-cookie") {
            let Some((name, value)) = set.split(';').next().and_then(|pair| pair.split_once('=')) else {
                continue;
            };
            cookies.retain(|(other, _)| other != name);
            if !value.is_empty() {
                cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        match answer.location() {
            Some(to) if to.starts_with("https://bank.example/") && to.contains("code=") => {
                return Ok(joined(&cookies));
            }
            Some(to) => path = to.trim_start_matches(&format!("http://{}", target.host)).to_owned(),
            None => return Err(BenchError::other(format!("nobody is signed in: {}", answer.status))),
        }
    }
    Err(BenchError::other("nobody is signed in after ten redirects"))
}

fn joined(cookies: &[(String, String)]) -> String {
    let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("; ")
}

/// The times, in milliseconds, of what began after the warm-up, and the number of what began before.
fn one_after_the_other(target: &Target, began: Instant) -> Result<(Vec<f64>, usize), BenchError> {
    let mut connection = Connection::open(&target.host)?;
    let (path, cookie) = (address(target), format!("cookie: {}\r\n", target.cookies));
    let (mut times, mut warming) = (Vec::new(), 0);
    while began.elapsed() < WARM_UP + COUNTED {
        let is_counted = began.elapsed() >= WARM_UP;
        let start = Instant::now();
        flow(&mut connection, target, &path, &cookie)?;
        if is_counted {
            times.push(start.elapsed().as_secs_f64() * 1000.0);
        } else {
            warming += 1;
        }
    }
    Ok((times, warming))
}

#[derive(Deserialize)]
struct Tokens {
    access_token: String,
    id_token: String,
}

fn flow(connection: &mut Connection, target: &Target, path: &str, cookie: &str) -> Result<(), BenchError> {
    let answer = connection.request("GET", path, cookie, "")?;
    let code =
        answer.location().and_then(|to| to.split(['?', '&']).find_map(|part| part.strip_prefix("code=")));
    let code = code.ok_or_else(|| unexpected("authorize", &answer))?;
    let body = format!(
        "grant_type=authorization_code&client_id=bank&code={code}&redirect_uri={REDIRECT_URI}&code_verifier={VERIFIER}"
    );
    let form = "content-type: application/x-www-form-urlencoded\r\n";
    let answer = connection.request("POST", &target.token, form, &body)?;
    let tokens: Tokens = serde_json::from_slice(&answer.body).map_err(|_| unexpected("token", &answer))?;
    if tokens.id_token.split('.').count() != 3 {
        return Err(unexpected("token", &answer));
    }
    let bearer = format!("authorization: Bearer {}\r\n", tokens.access_token);
    let answer = connection.request("GET", &target.userinfo, &bearer, "")?;
    if answer.status != 200 || !answer.body.starts_with(b"{") {
        return Err(unexpected("userinfo", &answer));
    }
    Ok(())
}

fn unexpected(endpoint: &str, answer: &Answer) -> BenchError {
    BenchError::other(format!("{endpoint}: {} {}", answer.status, String::from_utf8_lossy(&answer.body)))
}

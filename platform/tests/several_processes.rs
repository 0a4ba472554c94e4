//! Four processes behind one address, on a PostgreSQL that refuses and hangs up: to people and portals they are one platform.

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
mod failing_proxy;
mod postgres;
mod process;
mod relying_party;
mod running;

use std::{
    collections::BTreeSet,
    fs,
    io::{self, BufRead, BufReader},
    net::{Shutdown, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
};

use browser::Browser;
use failing_proxy::{FailingProxy, Fault};
use postgres::Postgres;
use process::Program;
use relying_party::{RelyingParty, answered};
use running::sign_in;

/// Processes, and people at the same time.
const PROCESSES: usize = 4;
const PEOPLE: usize = 6;
/// How often each of them signs in.
const ROUNDS: usize = 4;

/// Ends with the test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Another process of a platform that is set up, on a port of its own and by way of the proxy; gives its address.
fn another(program: &Program, number: usize, database: (&str, &str)) -> (Process, String) {
    let text = fs::read_to_string(program.folder.path().join("platform.toml")).unwrap();
    let listen = format!("listen = \"{}\"", program.address);
    assert!(text.contains(&listen) && text.contains(database.0));
    let text = text.replace(&listen, "listen = \"127.0.0.1:0\"").replace(database.0, database.1);
    let name = format!("platform-{number}.toml");
    fs::write(program.folder.path().join(&name), text).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_bitaqa-platform"))
        .current_dir(program.folder.path())
        .args(["serve", "--config", &name])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim_end().strip_prefix("listening on http://").unwrap().to_owned();
    (Process(child), address)
}

/// Gives each connection to the next process.
fn balance(listener: TcpListener, processes: Vec<String>) {
    thread::spawn(move || {
        for (client, process) in listener.incoming().flatten().zip(processes.iter().cycle()) {
            let server = TcpStream::connect(process).unwrap();
            for (from, to) in [(&client, &server), (&server, &client)] {
                let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                thread::spawn(move || {
                    let _ = io::copy(&mut from, &mut to);
                    let _ = to.shutdown(Shutdown::Write);
                });
            }
        }
    });
}

#[test]
fn four_processes_on_a_database_that_fails_are_one_platform() {
    let server = Postgres::start();
    let direct = server.database("platform");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let program = Program::set_up_at(&listener.local_addr().unwrap().to_string(), &direct);
    program.done(&["keys", "create"]);
    program.done(&["migrate"]);
    let bank = program.register("bank", Some(RelyingParty::new_key()), "require_pushed_requests = true\n");
    let app = program.register("app", None, "sector = \"bank.example.ma\"\n");
    let proxy =
        FailingProxy::start(server.port(), 3, &[Fault::Serialization, Fault::LostAfter, Fault::LostBefore]);
    let url = proxy.url(&direct);
    let (processes, addresses): (Vec<Process>, Vec<String>) =
        (0..PROCESSES).map(|number| another(&program, number, (&direct, &url))).unzip();
    balance(listener, addresses);

    let people: Vec<_> = (0..PEOPLE)
        .map(|_| {
            let (bank, app) = (bank.clone(), app.clone());
            thread::spawn(move || {
                (0..ROUNDS).flat_map(|_| [visit(&bank), visit(&app)]).collect::<Vec<String>>()
            })
        })
        .collect();
    let subjects: BTreeSet<String> = people.into_iter().flat_map(|one| one.join().unwrap()).collect();
    // everybody has the same card: one account, however many processes met it first at the same time
    assert_eq!(subjects.len(), 1);
    let made = proxy.made();
    println!("{} sign-ins at {} processes: {made:?}", PEOPLE * ROUNDS * 2, processes.len());
    assert!(made.iter().all(|(_, count)| *count > 10), "{made:?}");
}

/// From a request to tokens that are good; gives the subject.
fn visit(party: &RelyingParty) -> String {
    let mut browser = Browser::new(&party.address);
    let scope = [("scope", "openid profile offline_access")];
    let request = if party.key.is_some() { party.pushed(&scope) } else { party.authorize(&scope) };
    let location = sign_in(&mut browser, &party.address, &request);
    let code = answered(&location)["code"].clone();
    let answer = party.redeem(&code, &[]);
    assert_eq!(answer.status, 200, "{}", answer.body);
    let tokens = answer.json();
    let word = |name: &str| tokens[name].as_str().unwrap().to_owned();
    assert_eq!(party.userinfo(&word("access_token")).status, 200);
    let refreshed = party.refresh(&word("refresh_token"));
    assert_eq!(refreshed.status, 200, "{}", refreshed.body);
    let refreshed = refreshed.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(party.userinfo(&refreshed).status, 200);
    // whoever has the code a second time ends what came of it, at every process
    let again = party.redeem(&code, &[]);
    assert_eq!((again.status, again.error()), (400, "invalid_grant".to_owned()));
    for token in [word("access_token"), refreshed] {
        assert_eq!(party.userinfo(&token).status, 401);
    }
    party.id_token(&word("id_token"))["sub"].as_str().unwrap().to_owned()
}

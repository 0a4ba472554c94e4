//! Backup and restore, as docs/platform.md describes them: what comes back, and what of later times does not.

use std::{fs, path::Path, process::Command};

use crate::{
    browser::Browser,
    postgres::Postgres,
    process::Program,
    relying_party::{RelyingParty, answered, text},
    running::sign_in,
};

fn sqlite(database: &Path, statement: &str) {
    let output = Command::new("sqlite3").arg(database).arg(statement).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_database_of_sqlite_is_backed_up_while_it_serves_and_restored() {
    for statement in [".backup '{}'", "VACUUM INTO '{}'"] {
        let copies = tempfile::tempdir().unwrap();
        let copy = copies.path().join("platform.db");
        let program = Program::start();
        let path = program.folder.path().join("platform.db");
        comes_back(
            program,
            || sqlite(&path, &statement.replace("{}", copy.to_str().unwrap())),
            || {
                for name in ["platform.db", "platform.db-wal", "platform.db-shm"] {
                    let _ = fs::remove_file(path.with_file_name(name));
                }
                fs::copy(&copy, &path).unwrap();
            },
            |statement| sqlite(&path, statement),
        );
    }
}

#[test]
fn a_database_of_postgres_is_backed_up_while_it_serves_and_restored() {
    let server = Postgres::start();
    let copies = tempfile::tempdir().unwrap();
    let copy = copies.path().join("platform.dump");
    let program = Program::start_on(&server.database("platform"));
    comes_back(
        program,
        || server.dump("platform", &copy),
        || server.restore("platform", &copy),
        |statement| server.execute("platform", statement),
    );
}

fn comes_back(mut program: Program, back_up: impl Fn(), restore: impl Fn(), execute: impl Fn(&str)) {
    let address = program.address.clone();
    let bank = program.register("bank", Some(RelyingParty::new_key()), "");
    // it keeps no secret, so its refresh tokens change with each use
    let app = program.register("app", None, "");
    let asked = [("scope", "openid offline_access")];
    let mut browser = Browser::new(&address);
    let location = sign_in(&mut browser, &address, &bank.authorize(&asked));
    let before = bank.redeem(&answered(&location)["code"], &[]).json();
    let subject = bank.id_token(&text(&before, "id_token"))["sub"].clone();
    let location = sign_in(&mut Browser::new(&address), &address, &app.authorize(&asked));
    let of_app = app.redeem(&answered(&location)["code"], &[]).json();
    let location = sign_in(&mut Browser::new(&address), &address, &bank.authorize(&asked));
    let pending = answered(&location)["code"].clone();
    let mut leaving = Browser::new(&address);
    sign_in(&mut leaving, &address, &bank.authorize(&asked));
    let session = leaving.cookies["session"].clone();

    let keys = ["keys.sealed", "keys.unsealing"].map(|name| program.folder.path().join(name));
    let kept = tempfile::tempdir().unwrap();
    for path in &keys {
        let copied = Command::new("cp").arg("-p").arg(path).arg(kept.path()).status().unwrap();
        assert!(copied.success());
    }
    back_up();

    // what happens between the backup and the end
    let after = bank.redeem(&pending, &[]).json();
    let renewed = app.refresh(&text(&of_app, "refresh_token")).json();
    assert_eq!(leaving.post("/signed-out", "", "").status, 200);
    program.done(&["client", "suspend", "app", "--key", "authoriser.key", "--reason", "a test"]);
    program.stop();
    for path in &keys {
        fs::remove_file(path).unwrap();
    }
    restore();

    // new keys are none: everybody would be somebody else
    program.done(&["keys", "create"]);
    for command in ["check", "serve"] {
        assert!(program.refused(&[command]).contains("keys and database do not belong together"));
    }
    for path in &keys {
        let copied = Command::new("cp")
            .arg("-p")
            .arg(kept.path().join(path.file_name().unwrap()))
            .arg(path)
            .status()
            .unwrap();
        assert!(copied.success());
    }
    assert!(program.done(&["check"]).contains("keys and database belong together"));
    program.serve();

    // the same person, session, and tokens of before
    let location = browser
        .get(&bank.authorize(&[("prompt", "none"), ("scope", "openid offline_access")]))
        .location()
        .to_owned();
    let again = bank.redeem(&answered(&location)["code"], &[]).json();
    assert_eq!(bank.id_token(&text(&again, "id_token"))["sub"], subject);
    let location = sign_in(&mut Browser::new(&address), &address, &bank.authorize(&asked));
    let anew = bank.redeem(&answered(&location)["code"], &[]).json();
    assert_eq!(bank.id_token(&text(&anew, "id_token"))["sub"], subject);
    assert_eq!(bank.userinfo(&text(&before, "access_token")).status, 200);
    assert_eq!(bank.refresh(&text(&before, "refresh_token")).status, 200);

    // tokens of later are unknown; the code that they came of can be redeemed once more within its minute, by whoever has the
    // portal's key and the verifier, and then never again
    assert_eq!(bank.userinfo(&text(&after, "access_token")).status, 401);
    assert_eq!(bank.refresh(&text(&after, "refresh_token")).error(), "invalid_grant");
    let once_more = bank.redeem(&pending, &[]);
    assert_eq!(once_more.status, 200, "{once_more:?}");
    assert_eq!(bank.id_token(&text(&once_more.json(), "id_token"))["sub"], subject);
    assert_eq!(bank.redeem(&pending, &[]).error(), "invalid_grant");
    assert_eq!(bank.userinfo(&text(&once_more.json(), "access_token")).status, 401);

    // who was suspended or signed out after the backup is not any more
    assert!(program.done(&["client", "list"]).contains("app\tactive"));
    leaving.cookies.insert("session".to_owned(), session);
    assert!(
        leaving
            .get(&bank.authorize(&[("prompt", "none"), ("scope", "openid offline_access")]))
            .location()
            .contains("code=")
    );
    // a refresh token that was used after the backup is good again, and the one that came of it is unknown
    assert_eq!(app.refresh(&text(&renewed, "refresh_token")).error(), "invalid_grant");
    let good_again = app.refresh(&text(&of_app, "refresh_token")).json();
    assert_eq!(app.userinfo(&text(&good_again, "access_token")).status, 200);

    // an operator who wants none of that ends it all
    execute("DELETE FROM session");
    let answer = leaving.get(&bank.authorize(&[("prompt", "none")]));
    assert!(answer.location().contains("error=login_required"));
    execute("DELETE FROM access_grant");
    assert_eq!(app.userinfo(&text(&good_again, "access_token")).status, 401);
    assert_eq!(app.refresh(&text(&good_again, "refresh_token")).error(), "invalid_grant");
    assert_eq!(bank.refresh(&text(&before, "refresh_token")).error(), "invalid_grant");
    program.stop();
}

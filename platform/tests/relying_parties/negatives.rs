//! The negatives of `platform/tests/stand_in`, which share no code with ours and are judged by a provider of others (`docs/calibration.md`).

use serde_json::{Value, json};

use crate::{judge::Judge, process::Program, running::write_registration_with};

#[test]
fn what_another_provider_refuses_the_platform_refuses() {
    let program = Program::start();
    let redirect_uri = "https://bank.example.ma/callback";
    let mut judge =
        Judge::node("stand_in/platform.mjs", &json!({ "client": "bank", "redirectUri": redirect_uri }));
    let registration =
        "profile = \"fapi2\"\nrequire_pushed_requests = true\nrequire_signed_requests = true\n";
    let file = write_registration_with(program.folder.path(), "bank", Some(&judge.hear()), registration);
    program.approve("bank", &["propose", file.to_str().unwrap()]);
    judge.tell(&json!(format!("http://{}", program.address)));
    let verdicts: Vec<Value> = serde_json::from_value(judge.hear()).unwrap();
    assert_eq!(verdicts.len(), 30);
    for verdict in verdicts {
        let (status, is_right) = (&verdict["status"], verdict["module"] == "without a fault");
        assert_eq!(*status == 201, is_right, "{verdict}");
        assert!(is_right || *status == 400 || *status == 401, "{verdict}");
    }
}

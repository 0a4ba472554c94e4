//! `bitaqa-testbed in-root`, as tests in other languages use it.

use std::{fs, process::Command};

use crate::other_program::PROGRAM;

#[test]
fn a_program_sees_what_the_folder_holds_and_changes_nothing_outside() {
    let folder = tempfile::tempdir_in("/tmp").unwrap();
    let run = |script: &str| {
        let mut command = Command::new(PROGRAM);
        command.args(["in-root", "--folder"]).arg(folder.path());
        let output = command.args(["/bin/sh", "-c", script, "name", "--own"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(run("ls /etc/bitaqa; echo $1"), "profiles\n--own\n");
    fs::write(folder.path().join("bitaqa/one"), "1").unwrap();
    assert_eq!(run("cat /etc/bitaqa/one; echo 2 > /etc/bitaqa/one"), "1");
    assert_eq!(fs::read_to_string(folder.path().join("bitaqa/one")).unwrap(), "1");
}

//! A trust pack in the folder of the administrator, made by the program itself.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Command};

use bitaqa_testbed::OwnRoot;
use serde_json::{Value, json};

/// Installs a pack that believes these about documents. `folder`: for what it is made from.
pub(crate) fn believe(root: &OwnRoot, documents: &Value, test: bool, folder: &Path) {
    let text = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let description = json!({
        "name": "believed", "version": 1, "expires": in_a_year(), "test": test, "documents": documents,
    });
    fs::write(folder.join("believed.json"), description.to_string()).unwrap();
    let packs = root.etc_bitaqa().join("trust");
    fs::create_dir(&packs).unwrap();
    let pack = packs.join("believed.pack").to_str().unwrap().to_owned();
    for arguments in [
        vec!["key", "new", "--out", &text("signer.json")],
        vec!["trust", "sign", "--key", &text("signer.json"), "--out", &pack, &text("believed.json")],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_bitaqa")).args(&arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    for (path, mode) in [(packs.as_path(), 0o755), (Path::new(&pack), 0o644)] {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
}

fn in_a_year() -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    bitaqa_trust::DateTime::from_unix_duration(now + std::time::Duration::from_secs(365 * 86_400))
        .unwrap()
        .to_string()
}

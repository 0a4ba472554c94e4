//! The administrator's file: what it may say, and who may have written it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where it cannot go on")]

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown},
    path::Path,
};

use bitaqa_fetch::{
    Configuration, Kind,
    configuration::{ConfigurationFault, FILE, MAX_AUTHORITIES, MAX_ENTRIES, MAX_LENGTH},
    url::UrlFault,
};
use bitaqa_root_folder::{Distrust, FaultReason, RootFolder};

fn read(text: &str) -> Result<Configuration, ConfigurationFault> {
    Configuration::from_toml(text)
}

/// The example of the administrators' page is one that is read.
#[test]
fn the_example_of_the_documentation_is_read() {
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/validation-data.md"))
            .unwrap();
    let (_, rest) = page.split_once("```toml\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let configuration = read(example).unwrap();
    assert_eq!(configuration.sources(Kind::TrustedList).len(), 1);
    let authorities = configuration.time_stamp_authorities();
    assert_eq!(authorities.len(), 2);
    assert_eq!(authorities[0].requests_per_day(), Some(200));
    assert_eq!(authorities[1].requests_per_day(), None);
    assert_eq!(authorities[1].name(), "Fallback time stamps");
}

#[test]
fn a_file_that_says_anything_else_is_not_used() {
    assert_eq!(read("schema = 1"), Ok(Configuration::default()));
    assert_eq!(read("schema = 2"), Err(ConfigurationFault::Schema { schema: 2 }));
    for not_toml in [
        "",
        "no toml",
        "schema = 1\nunknown = 1",
        "schema = 1\n[[host]]\n",
        "schema = 1\n[[host]]\nname = \"a\"\npassword = \"x\"",
        "schema = 1\n[[host]]\nname = \"a\"\nports = [70000]",
        "schema = 1\n[[source]]\nkind = \"anything\"\nurl = \"http://a/\"",
        "schema = 1\n[[time_stamp_authority]]\nname = \"a\"\nurl = \"http://a/\"\nrequests_per_day = -1",
        "schema = 1\n[[time_stamp_authority]]\nname = \"a\"\nurl = \"http://a/\"\nuser = \"x\"",
    ] {
        assert!(matches!(read(not_toml), Err(ConfigurationFault::Toml(_))), "{not_toml}");
    }
    let fault = |text: &str| match read(text) {
        Err(ConfigurationFault::Url { fault, .. }) => fault,
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(fault("schema = 1\n[[host]]\nname = \"http://a/\""), UrlFault::Host);
    assert_eq!(fault("schema = 1\n[[host]]\nname = \"*.example\""), UrlFault::Host);
    assert_eq!(fault("schema = 1\n[[source]]\nkind = \"crl\"\nurl = \"file:///x\""), UrlFault::Scheme);
    let credentials = "schema = 1\n[[time_stamp_authority]]\nname = \"a\"\nurl = \"https://user:secret@a/\"";
    assert_eq!(fault(credentials), UrlFault::Credentials);
    let stamp = "schema = 1\n[[source]]\nkind = \"time-stamp\"\nurl = \"http://a/\"";
    assert_eq!(read(stamp), Err(ConfigurationFault::TimeStampSource));
    for name in [String::new(), " ".to_owned(), "a\\u0007".to_owned(), "x".repeat(101)] {
        let text = format!("schema = 1\n[[time_stamp_authority]]\nname = \"{name}\"\nurl = \"http://a/\"");
        assert_eq!(read(&text), Err(ConfigurationFault::Name), "{name}");
    }
    let host = "[[host]]\nname = \"a\"\n";
    let authority = "[[time_stamp_authority]]\nname = \"a\"\nurl = \"http://a/\"\n";
    let many = |entry: &str, count: usize| read(&format!("schema = 1\n{}", entry.repeat(count)));
    assert!(many(host, MAX_ENTRIES).is_ok() && many(authority, MAX_AUTHORITIES).is_ok());
    assert_eq!(many(host, MAX_ENTRIES + 1), Err(ConfigurationFault::TooMany));
    assert_eq!(many(authority, MAX_AUTHORITIES + 1), Err(ConfigurationFault::TooMany));
    assert_eq!(read(&format!("schema = 1\n#{}", "x".repeat(MAX_LENGTH))), Err(ConfigurationFault::TooLong));
}

/// Where only root writes, and what is above it too: only there a file can be believed.
fn only_roots(path: &Path) -> bool {
    path.ancestors().all(|above| {
        fs::symlink_metadata(above)
            .is_ok_and(|found| found.is_dir() && found.uid() == 0 && found.mode() & 0o022 == 0)
    })
}

#[test]
fn a_file_that_others_could_have_written_is_not_used() {
    let place = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let file = place.path().join(FILE);
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(&file, "schema = 1\n[[source]]\nkind = \"crl\"\nurl = \"http://a/\"\n").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    if !only_roots(place.path()) {
        // run by a user, or in a folder of one: the folder is what is not believed
        let fault = RootFolder::open(place.path()).unwrap_err();
        assert!(matches!(fault.reason, FaultReason::Distrusted(_) | FaultReason::NotAFolder), "{fault}");
        return;
    }
    let in_folder = || Configuration::in_folder(&RootFolder::open(place.path()).unwrap().unwrap());
    assert_eq!(in_folder().unwrap().sources(Kind::Crl).len(), 1);
    for mode in [0o664, 0o646, 0o666] {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        let fault = in_folder().unwrap_err();
        assert_eq!(fault.reason, FaultReason::Distrusted(Distrust::Writable { mode }));
        assert_eq!(fault.path, file);
    }
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    chown(&file, Some(1000), None).unwrap();
    assert_eq!(in_folder().unwrap_err().reason, FaultReason::Distrusted(Distrust::Owner { owner: 1000 }));
    chown(&file, Some(0), None).unwrap();
    fs::write(&file, "schema = 1\nunknown = 1").unwrap();
    assert!(matches!(in_folder().unwrap_err().reason, FaultReason::Content(_)));
    fs::write(&file, b"schema = 1 # \xff").unwrap();
    assert_eq!(in_folder().unwrap_err().reason, FaultReason::NotUtf8);
    fs::remove_file(&file).unwrap();
    assert_eq!(in_folder().unwrap(), Configuration::default());
    fs::write(place.path().join("other"), "schema = 1").unwrap();
    std::os::unix::fs::symlink(place.path().join("other"), &file).unwrap();
    assert_eq!(in_folder().unwrap_err().reason, FaultReason::NotAFile);
}

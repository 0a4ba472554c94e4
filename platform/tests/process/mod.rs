//! The program itself, as an operator sets it up.

#![allow(dead_code, reason = "each test program uses its part")]

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::Mutex,
    thread::{self, JoinHandle},
};

use bitaqa_jose::PrivateJwk;

use crate::{
    relying_party::RelyingParty,
    running::{Staff, write_for_owner, write_profiles, write_registration, write_registration_with},
};

const KEYS_IN_A_FILE: &str = "file = \"keys.sealed\"\nunsealing = \"keys.unsealing\"\n";

/// Ends with the test.
pub(crate) struct Program {
    child: Option<Child>,
    /// Who reads its log: where nobody does, it waits with its next line.
    log: Option<JoinHandle<String>>,
    pub(crate) address: String,
    database: String,
    /// The section `[keys]`.
    keys: String,
    /// What else stands in the configuration.
    more: String,
    environment: Vec<(&'static str, PathBuf)>,
    staff: Staff,
    pub(crate) folder: tempfile::TempDir,
}

impl Program {
    /// Keys, tables and one relying party; not yet running.
    pub(crate) fn set_up() -> Self {
        Self::set_up_on("sqlite:platform.db")
    }

    /// On another database.
    pub(crate) fn set_up_on(database: &str) -> Self {
        // free a moment ago; the address is part of the configuration, for it is the issuer's name
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        Self::set_up_at(&listener.local_addr().unwrap().to_string(), database)
    }

    /// At an address.
    pub(crate) fn set_up_at(address: &str, database: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = Self {
            child: None,
            log: None,
            address: address.to_owned(),
            database: database.to_owned(),
            keys: KEYS_IN_A_FILE.to_owned(),
            more: String::new(),
            environment: Vec::new(),
            staff: Staff::new(),
            folder,
        };
        program.configure();
        program
    }

    /// On another way to the same database.
    pub(crate) fn on(mut self, database: &str) -> Self {
        database.clone_into(&mut self.database);
        self.configure();
        self
    }

    /// With more in the configuration.
    pub(crate) fn with_more(mut self, more: &str) -> Self {
        more.clone_into(&mut self.more);
        self.configure();
        self
    }

    /// With keys in another place.
    pub(crate) fn with_keys(mut self, keys: &str, environment: (&'static str, PathBuf)) -> Self {
        keys.clone_into(&mut self.keys);
        self.environment.push(environment);
        self.configure();
        self
    }

    /// Writes the configuration and the profiles, as they are at first.
    pub(crate) fn configure(&self) {
        let Self { address, database, keys, more, folder, .. } = self;
        write_profiles(folder.path());
        let sdk = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk");
        let text = format!(
            "schema = 1\nissuer = \"http://{address}\"\nlisten = \"{address}\"\nrealm = \"sandbox\"\n\
             database = \"{database}\"\nsdk = \"{sdk}\"\n\
             [keys]\n{keys}{staff}\
             [cards]\nprofiles = \"issuers.toml\"\n\
             [[cards.issuer]]\nname = \"high\"\npopulation = \"people\"\nproofing = \"centre\"\n\
             [[cards.issuer]]\nname = \"low\"\npopulation = \"people\"\nproofing = \"online\"\n{more}",
            staff = self.staff.write(folder.path()),
            sdk = sdk.display(),
        );
        fs::write(folder.path().join("platform.toml"), text).unwrap();
    }

    /// Set up, with keys and tables, and running.
    pub(crate) fn start() -> Self {
        Self::start_on("sqlite:platform.db")
    }

    /// On another database.
    pub(crate) fn start_on(database: &str) -> Self {
        Self::set_up_on(database).started()
    }

    /// Draws keys, makes tables, and serves.
    pub(crate) fn started(mut self) -> Self {
        self.draw_keys();
        self.done(&["migrate"]);
        self.serve();
        self
    }

    /// `keys create`, once for all programs of a test program whose keys lie in a file: to draw those of RSA takes seconds.
    fn draw_keys(&self) {
        static DRAWN: Mutex<Option<[Vec<u8>; 2]>> = Mutex::new(None);
        let files = ["keys.sealed", "keys.unsealing"].map(|name| self.folder.path().join(name));
        if self.keys != KEYS_IN_A_FILE {
            self.done(&["keys", "create"]);
            return;
        }
        let mut drawn = DRAWN.lock().unwrap();
        match &*drawn {
            Some(drawn) => {
                for (file, content) in files.iter().zip(drawn) {
                    write_for_owner(file, content);
                }
            }
            None => {
                self.done(&["keys", "create"]);
                *drawn = Some(files.map(|file| fs::read(file).unwrap()));
            }
        }
    }

    /// The same, with more in the configuration.
    pub(crate) fn start_with(configuration: &str) -> Self {
        let program = Self::set_up();
        let path = program.folder.path().join("platform.toml");
        let text = fs::read_to_string(&path).unwrap().replacen(
            "schema = 1\n",
            &format!("schema = 1\n{configuration}"),
            1,
        );
        fs::write(path, text).unwrap();
        program.started()
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// What it prints, where it has to succeed.
    pub(crate) fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What it says, where it has to fail.
    pub(crate) fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    /// The same for commands that need no configuration.
    pub(crate) fn done_without_configuration(&self, arguments: &[&str]) -> String {
        let output = Self::bare(self.folder.path(), arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn refused_without_configuration(&self, arguments: &[&str]) -> String {
        let output = Self::bare(self.folder.path(), arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    fn bare(folder: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bitaqa-platform"));
        command.current_dir(folder).args(arguments);
        command
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Self::bare(self.folder.path(), arguments);
        command.args(["--config", "platform.toml"]);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    pub(crate) fn serve(&mut self) {
        let mut child =
            self.command(&["serve"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, format!("listening on http://{}\n", self.address));
        let mut log = child.stderr.take().unwrap();
        self.log = Some(thread::spawn(move || {
            let mut text = String::new();
            log.read_to_string(&mut text).unwrap();
            text
        }));
        self.child = Some(child);
    }

    /// Stops it as a service manager does, and gives its log.
    pub(crate) fn stop(&mut self) -> String {
        let mut child = self.child.take().unwrap();
        assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
        assert!(child.wait().unwrap().success());
        self.log.take().unwrap().join().unwrap()
    }

    /// One with a key that it signs with, and other public keys beside that.
    pub(crate) fn register_with(
        &self,
        id: &str,
        key: PrivateJwk,
        others: &[serde_json::Value],
        changes: &str,
    ) -> RelyingParty {
        let own = serde_json::to_value(key.public()).unwrap();
        let all = [&[own], others].concat();
        let keys = serde_json::json!({ "keys": all });
        let file = write_registration_with(self.folder.path(), id, Some(&keys), changes);
        self.approve(id, &["propose", file.to_str().unwrap()]);
        let redirect_uri = format!("https://{id}.example.ma/callback");
        RelyingParty { address: self.address.clone(), id: id.to_owned(), key: Some(key), redirect_uri }
    }

    /// One operator proposes, the other approves.
    pub(crate) fn approve(&self, id: &str, proposes: &[&str]) {
        let words: Vec<&str> =
            ["client"].iter().chain(proposes).chain(&["--key", "onboarder.key"]).copied().collect();
        let proposal = self.done(&words);
        self.done(&["client", "approve", id, proposal.trim_end(), "--key", "authoriser.key"]);
    }

    pub(crate) fn register(&self, id: &str, key: Option<PrivateJwk>, changes: &str) -> RelyingParty {
        let file = write_registration(self.folder.path(), id, key.as_ref(), changes);
        self.approve(id, &["propose", file.to_str().unwrap()]);
        let redirect_uri = format!("https://{id}.example.ma/callback");
        RelyingParty { address: self.address.clone(), id: id.to_owned(), key, redirect_uri }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

//! A real PostgreSQL of the distribution: its own folder, its own port on loopback, no root.

#![allow(dead_code, reason = "each test program uses its part")]

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// Runs until it is dropped.
pub(crate) struct Postgres {
    server: Child,
    port: u16,
    password: String,
    _folder: tempfile::TempDir,
}

/// The user that the distribution's package makes; the server refuses to run as root.
const USER: &str = "postgres";

impl Postgres {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (data, secret) = (folder.path().join("data"), folder.path().join("password"));
        let password = bitaqa_platform::secret::random_identifier();
        fs::write(&secret, &password).unwrap();
        if is_root() {
            run(Command::new("chown").args(["--recursive", USER]).arg(folder.path()));
        }
        run(program("initdb")
            .args(["--no-sync", "--auth=scram-sha-256", "--username=bitaqa", "--encoding=UTF8", "--locale=C"])
            .arg(format!("--pwfile={}", secret.display()))
            .arg(&data));
        // free a moment ago; nobody else of this test run asks for it
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = program("postgres")
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string(), "-k"])
            .arg(folder.path())
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let started = Self { server, port, password, _folder: folder };
        started.wait();
        started
    }

    /// A fresh database's URL.
    pub(crate) fn database(&self, name: &str) -> String {
        run(self
            .client("psql")
            .args(["--dbname=postgres", "--command"])
            .arg(format!("CREATE DATABASE {name}")));
        format!("postgres://bitaqa:{}@127.0.0.1:{}/{name}", self.password, self.port)
    }

    /// Runs a statement.
    pub(crate) fn execute(&self, name: &str, statement: &str) {
        run(self.client("psql").args(["--dbname", name, "--command", statement]));
    }

    /// A copy of a database, as `pg_dump` makes it.
    pub(crate) fn dump(&self, name: &str, file: &Path) {
        run(self.client("pg_dump").args(["--format=custom", "--dbname", name]).arg("--file").arg(file));
    }

    /// Destroys a database, and makes it of its copy.
    pub(crate) fn restore(&self, name: &str, file: &Path) {
        run(self.client("dropdb").arg(name));
        run(self.client("createdb").arg(name));
        run(self.client("pg_restore").args(["--exit-on-error", "--dbname", name]).arg(file));
    }

    /// Ends it, as a crash does.
    pub(crate) fn stop(&mut self) {
        run(Command::new("kill").args(["-INT", &self.server.id().to_string()]));
        let _ = self.server.wait();
    }

    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    fn wait(&self) {
        let limit = Instant::now() + Duration::from_secs(30);
        while !self.client("pg_isready").status().unwrap().success() {
            assert!(Instant::now() < limit, "PostgreSQL does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn client(&self, name: &str) -> Command {
        let mut command = Command::new(folder().join(name));
        command
            .args(["--host=127.0.0.1", "--username=bitaqa"])
            .arg(format!("--port={}", self.port))
            .env("PGPASSWORD", &self.password)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // whoever was waited for has given its number back
        if !matches!(self.server.try_wait(), Ok(None)) {
            return;
        }
        // SIGINT is its fast shutdown, which takes its own processes along
        let _ = Command::new("kill").args(["-INT", &self.server.id().to_string()]).status();
        let _ = self.server.wait();
    }
}

/// A program of the server, as somebody who is not root.
fn program(name: &str) -> Command {
    let path = folder().join(name);
    if !is_root() {
        return Command::new(path);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", USER, "--regid", USER, "--clear-groups"]).arg(path).current_dir("/");
    command
}

/// The newest version that is installed.
fn folder() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").expect("the package postgresql is not installed");
    let newest = versions.flatten().filter_map(|entry| {
        let version: u32 = entry.file_name().to_str()?.parse().ok()?;
        Some((version, entry.path().join("bin")))
    });
    newest.max().expect("the package postgresql is not installed").1
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(Path::new("/proc/self")).unwrap().uid() == 0
}

fn run(command: &mut Command) {
    let output = command.stdout(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

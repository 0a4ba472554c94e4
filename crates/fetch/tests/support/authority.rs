//! A certification authority made by `openssl`, with a responder, lists and time stamps. Nothing of it is code of this project.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{Mutex, PoisonError},
};

use bitaqa_trust::Certificate;
use tempfile::TempDir;

const CONFIGURATION: &str = "\
[ca]
default_ca = authority
[authority]
dir = .
database = index.txt
serial = serial
crlnumber = crlnumber
new_certs_dir = .
certificate = ca.pem
private_key = ca.key
default_md = sha256
default_crl_days = 30
default_days = 365
policy = any
unique_subject = no
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[stamps]
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[server]
subjectAltName = DNS:secure.example, IP:127.0.0.1
extendedKeyUsage = serverAuth
[tsa]
default_tsa = time_stamps
[time_stamps]
serial = ts_serial
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
ess_cert_id_alg = sha256
";

const RESPONDER: &str = include_str!("ocsp_responder.py");

/// Files and commands.
pub struct Authority {
    folder: TempDir,
    issued: Mutex<()>,
}

impl Authority {
    pub fn new() -> Self {
        let authority = Self { folder: TempDir::new().unwrap(), issued: Mutex::new(()) };
        for (name, content) in [
            ("openssl.cnf", CONFIGURATION),
            ("index.txt", ""),
            ("serial", "1000\n"),
            ("crlnumber", "01\n"),
            ("ts_serial", "01\n"),
        ] {
            authority.file(name, content.as_bytes());
        }
        authority.key("ca");
        authority.run(
            "req -config openssl.cnf -x509 -new -key ca.key -subj /CN=Test -days 3650 -extensions root -out ca.pem",
        );
        authority
    }

    /// A file of the authority.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    fn key(&self, name: &str) {
        self.run(&format!("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out {name}.key"));
    }

    /// Runs `openssl` in the folder, with arguments that have no spaces; it must succeed.
    pub fn run(&self, arguments: &str) -> Vec<u8> {
        let output = self.command(arguments).stdin(Stdio::null()).output().expect("openssl is needed");
        assert!(output.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new("openssl");
        command.args(arguments.split(' ')).current_dir(self.folder.path());
        command
    }

    /// Issues a certificate with a section of extensions from the configuration above.
    pub fn issue(&self, name: &str, section: &str) -> Certificate {
        self.issue_with(name, "openssl.cnf", section)
    }

    /// Issues a certificate with these extensions, each a line.
    pub fn issue_saying(&self, name: &str, extensions: &str) -> Certificate {
        let file = format!("{name}.ext");
        self.file(&file, format!("[own]\n{extensions}\n").as_bytes());
        self.issue_with(name, &file, "own")
    }

    fn issue_with(&self, name: &str, file: &str, section: &str) -> Certificate {
        let _one_at_a_time = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        self.key(name);
        self.run(&format!("req -config openssl.cnf -new -key {name}.key -subj /CN={name} -out {name}.csr"));
        self.run(&format!(
            "ca -config openssl.cnf -batch -notext -in {name}.csr -out {name}.pem -extfile {file} -extensions {section}"
        ));
        self.certificate(name)
    }

    pub fn certificate(&self, name: &str) -> Certificate {
        Certificate::from_der(&self.run(&format!("x509 -in {name}.pem -outform DER"))).unwrap()
    }

    /// The authority's list (DER).
    pub fn revocation_list(&self) -> Vec<u8> {
        let _one_at_a_time = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        self.run("ca -config openssl.cnf -gencrl -out crl.pem");
        self.run("crl -in crl.pem -outform DER")
    }

    /// A question about a certificate (DER of `OCSPRequest`); `nonce` is `-nonce` or `-no_nonce`.
    pub fn ocsp_question(&self, name: &str, nonce: &str) -> Vec<u8> {
        let out = format!("{name}{nonce}.req");
        self.run(&format!("ocsp -issuer ca.pem -cert {name}.pem {nonce} -reqout {out}"));
        self.read(&out)
    }

    /// An answer to it, which counts for some days.
    pub fn ocsp_answer(&self, question: &[u8], days: &str) -> Vec<u8> {
        self.file("question", question);
        self.run(&format!(
            "ocsp -index index.txt -CA ca.pem -rsigner ca.pem -rkey ca.key -reqin question -respout answer {days}"
        ));
        self.read("answer")
    }

    /// A question for a time stamp of made-up content (DER of `TimeStampReq`).
    pub fn time_stamp_question(&self) -> Vec<u8> {
        self.file("content", b"content");
        self.run("ts -query -data content -sha256 -cert -out content.tsq");
        self.read("content.tsq")
    }

    /// Runs `s_server` of `openssl` on a port of loopback.
    pub fn tls_server(&self, arguments: &str) -> Service {
        Service::start(
            &mut self.command(&format!(
                "s_server -accept 127.0.0.1:0 -key server.key -cert server.pem {arguments}"
            )),
        )
    }

    /// Runs a responder on a port of loopback that answers with `openssl ocsp` and these arguments.
    pub fn responder(&self, arguments: &str) -> Service {
        let python = std::env::var_os("BITAQA_PYTHON").unwrap_or_else(|| "python3".into());
        let mut command = Command::new(python);
        command.arg("-c").arg(RESPONDER).args(arguments.split(' ')).current_dir(self.folder.path());
        Service::start(&mut command)
    }
}

/// A server that runs; ended when dropped.
pub struct Service {
    pub port: u16,
    child: Child,
}

impl Service {
    /// Starts what says `ACCEPT` and where once it listens.
    fn start(command: &mut Command) -> Self {
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.by_ref().map(Result::unwrap).find(|line| line.starts_with("ACCEPT"));
        let line = line.unwrap_or_else(|| panic!("{command:?} does not listen"));
        let place = line.split_whitespace().nth(1).unwrap();
        let port = place.rsplit(':').next().unwrap().parse().unwrap();
        // what it says later goes nowhere, but must not fill the pipe
        std::thread::spawn(move || lines.for_each(drop));
        Self { port, child }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // one that is gone already needs no end
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

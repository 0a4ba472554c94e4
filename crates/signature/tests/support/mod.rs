//! A public-key infrastructure for tests, made by `openssl`: an authority with an intermediate, signers with keys of every
//! kind, a time-stamp authority, a responder and revocation lists. Nothing of it is code of this project, so what agrees with
//! it agrees with somebody else.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test program uses its own part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

mod authorities;
pub mod cms;
pub mod dated;
pub mod judge;
pub mod pdf;
pub mod services;
pub mod xml;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use bitaqa_signature::{Hash, SignatureAlgorithm, Signer};
use bitaqa_trust::{Certificate, DateTime};
use tempfile::TempDir;

/// What kind of key a signer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    P256,
    P384,
    P521,
    Brainpool256,
    Brainpool384,
    Brainpool512,
    Rsa2048,
    Rsa3072,
    /// Restricted to RSASSA-PSS by its certificate.
    RsaPss,
}

impl Kind {
    pub const ALL: [Self; 9] = [
        Self::P256,
        Self::P384,
        Self::P521,
        Self::Brainpool256,
        Self::Brainpool384,
        Self::Brainpool512,
        Self::Rsa2048,
        Self::Rsa3072,
        Self::RsaPss,
    ];

    /// Arguments of `openssl genpkey`.
    fn generation(self) -> &'static [&'static str] {
        match self {
            Self::P256 => &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
            Self::P384 => &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
            Self::P521 => &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
            Self::Brainpool256 => &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:brainpoolP256r1"],
            Self::Brainpool384 => &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:brainpoolP384r1"],
            Self::Brainpool512 => &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:brainpoolP512r1"],
            Self::Rsa2048 => &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
            Self::Rsa3072 => &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"],
            Self::RsaPss => &["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"],
        }
    }
}

/// The infrastructure of one test program; made once.
pub fn pki() -> &'static Pki {
    static PKI: OnceLock<Pki> = OnceLock::new();
    PKI.get_or_init(Pki::new)
}

/// Files and commands.
pub struct Pki {
    folder: TempDir,
    issued: std::sync::Mutex<()>,
    configuration: String,
}

/// Somebody who signs: a certificate and a key file.
#[derive(Debug, Clone)]
pub struct Holder {
    pub name: String,
    pub kind: Kind,
    pub certificate: Certificate,
    pub certificate_file: PathBuf,
    pub key_file: PathBuf,
}

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
copy_extensions = none
[any]
countryName = optional
commonName = supplied
serialNumber = optional
givenName = optional
surname = optional
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[intermediate]
basicConstraints = critical, CA:true, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[signer]
basicConstraints = CA:false
keyUsage = critical, nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
authorityInfoAccess = OCSP;URI:http://127.0.0.1:8888/ocsp
crlDistributionPoints = URI:http://127.0.0.1:8888/ca.crl
[qualified]
basicConstraints = CA:false
keyUsage = critical, nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
1.3.6.1.5.5.7.1.3 = DER:30:39:30:08:06:06:04:00:8e:46:01:01:30:08:06:06:04:00:8e:46:01:04:30:13:06:06:04:00:8e:46:01:06:30:09:06:07:04:00:8e:46:01:06:01:30:0e:06:06:04:00:8e:46:01:07:30:04:13:02:4d:41
[seal]
basicConstraints = CA:false
keyUsage = critical, nonRepudiation
certificatePolicies = 1.3.6.1.4.1.32473.1.3
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
1.3.6.1.5.5.7.1.3 = DER:30:1f:30:08:06:06:04:00:8e:46:01:01:30:13:06:06:04:00:8e:46:01:06:30:09:06:07:04:00:8e:46:01:06:02
[sign_in]
basicConstraints = CA:false
keyUsage = critical, digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa]
basicConstraints = CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[responder]
basicConstraints = CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = OCSPSigning
noCheck = ignored
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ts]
default_tsa = time_stamps
[time_stamps]
serial = ts_serial
signer_cert = tsa.pem
certs = ca.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
";

impl Pki {
    fn new() -> Self {
        Self::of(CONFIGURATION.to_owned())
    }

    /// One whose certificates say that lists and answers are to be had on this port of the loopback address; those of
    /// authorities too.
    pub fn served_at(port: u16) -> Self {
        let list = |name: &str| format!("crlDistributionPoints = URI:http://127.0.0.1:{port}/{name}\n");
        let mut configuration = CONFIGURATION.replace("127.0.0.1:8888", &format!("127.0.0.1:{port}"));
        for (section, name) in [("[intermediate]\n", "root.crl"), ("[tsa]\n", "ca.crl")] {
            configuration = configuration.replace(section, &format!("{section}{}", list(name)));
        }
        Self::of(configuration)
    }

    fn of(configuration: String) -> Self {
        let folder = TempDir::new().unwrap();
        let pki = Self { folder, issued: std::sync::Mutex::new(()), configuration };
        fs::write(pki.path("openssl.cnf"), &pki.configuration).unwrap();
        for (name, content) in
            [("index.txt", ""), ("serial", "1000\n"), ("crlnumber", "01\n"), ("ts_serial", "01\n")]
        {
            fs::write(pki.path(name), content).unwrap();
        }
        for name in ["root", "ca"] {
            pki.key(name, Kind::P256);
        }
        pki.run(&[
            "req",
            "-config",
            "openssl.cnf",
            "-x509",
            "-new",
            "-key",
            "root.key",
            "-subj",
            "/C=MA/CN=Test Root",
            "-days",
            "3650",
            "-extensions",
            "root",
            "-out",
            "root.pem",
        ]);
        pki.run(&[
            "req",
            "-config",
            "openssl.cnf",
            "-new",
            "-key",
            "ca.key",
            "-subj",
            "/C=MA/CN=Test Issuing Authority",
            "-out",
            "ca.csr",
        ]);
        pki.run(&[
            "x509",
            "-req",
            "-in",
            "ca.csr",
            "-CA",
            "root.pem",
            "-CAkey",
            "root.key",
            "-set_serial",
            "77",
            "-days",
            "1825",
            "-extfile",
            "openssl.cnf",
            "-extensions",
            "intermediate",
            "-out",
            "ca.pem",
        ]);
        pki.issue("tsa", Kind::P256, "/C=MA/CN=Test Time Stamps", "tsa");
        pki.issue("responder", Kind::P256, "/C=MA/CN=Test Responder", "responder");
        pki
    }

    /// A file of the infrastructure.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `openssl` in the folder; it must succeed.
    pub fn run(&self, arguments: &[&str]) -> Vec<u8> {
        let output = Command::new("openssl")
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .output()
            .expect("openssl is needed");
        assert!(
            output.status.success(),
            "openssl {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        output.stdout
    }

    fn key(&self, name: &str, kind: Kind) {
        let file = format!("{name}.key");
        self.run(&[&["genpkey", "-out", &file], kind.generation()].concat());
    }

    /// Issues a certificate with one of the extension sections above (`signer`, `qualified`, `sign_in`, `tsa`, `responder`).
    pub fn issue(&self, name: &str, kind: Kind, subject: &str, extensions: &str) -> Holder {
        let _one_at_a_time = self.issued.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let [key, request, pem] = ["key", "csr", "pem"].map(|ending| format!("{name}.{ending}"));
        if !self.path(&pem).exists() {
            self.key(name, kind);
            self.run(&[
                "req",
                "-config",
                "openssl.cnf",
                "-utf8",
                "-new",
                "-key",
                &key,
                "-subj",
                subject,
                "-out",
                &request,
            ]);
            self.run(&[
                "ca",
                "-config",
                "openssl.cnf",
                "-batch",
                "-notext",
                "-in",
                &request,
                "-out",
                &pem,
                "-extensions",
                extensions,
            ]);
        }
        Holder {
            name: name.to_owned(),
            kind,
            certificate: self.certificate(&pem),
            certificate_file: self.path(&pem),
            key_file: self.path(&key),
        }
    }

    /// A signer of documents with a key of this kind.
    pub fn signer(&self, kind: Kind) -> Holder {
        self.issue(
            &format!("signer_{kind:?}"),
            kind,
            "/C=MA/CN=AMINA EXEMPLE/serialNumber=AB123456",
            "signer",
        )
    }

    /// Issues a certificate for a signer's key that is somewhere else, of which `der` is another certificate.
    pub fn issue_for_key_of(&self, der: &[u8]) -> Vec<u8> {
        static NEXT: AtomicU32 = AtomicU32::new(0x0077_7777);
        let serial = NEXT.fetch_add(1, Ordering::Relaxed).to_string();
        let _one_at_a_time = self.issued.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        fs::write(self.path("elsewhere.der"), der).unwrap();
        let key = self.run(&["x509", "-inform", "DER", "-in", "elsewhere.der", "-pubkey", "-noout"]);
        fs::write(self.path("elsewhere.pub"), key).unwrap();
        self.run(&[
            "x509",
            "-new",
            "-force_pubkey",
            "elsewhere.pub",
            "-subj",
            "/C=MA/CN=AMINA EXEMPLE",
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
            "-set_serial",
            &serial,
            "-days",
            "365",
            "-extfile",
            "openssl.cnf",
            "-extensions",
            "signer",
            "-out",
            "elsewhere.pem",
        ]);
        // the responder answers about what is in the database
        self.run(&["ca", "-config", "openssl.cnf", "-valid", "elsewhere.pem"]);
        self.run(&["x509", "-in", "elsewhere.pem", "-outform", "DER"])
    }

    /// A certificate of the folder.
    pub fn certificate(&self, pem: &str) -> Certificate {
        Certificate::from_der(&self.run(&["x509", "-in", pem, "-outform", "DER"])).unwrap()
    }

    pub fn root(&self) -> Certificate {
        self.certificate("root.pem")
    }

    pub fn authority(&self) -> Certificate {
        self.certificate("ca.pem")
    }

    /// A file in the folder, for a judge.
    pub fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path
    }
}

impl Holder {
    /// The signer with an algorithm, and the intermediate's certificate beside it.
    pub fn with(&self, algorithm: SignatureAlgorithm) -> Signer {
        Signer::new(self.certificate.clone(), vec![pki().authority()], algorithm).unwrap()
    }

    /// The signer with the algorithm that fits the key best.
    pub fn best(&self) -> Signer {
        self.with(SignatureAlgorithm::for_key(self.certificate.public_key().unwrap().kind()))
    }

    /// Signs a digest with `openssl pkeyutl`, as a card would: ECDSA comes back in DER.
    pub fn sign(&self, algorithm: SignatureAlgorithm, digest: &[u8]) -> Vec<u8> {
        sign_with(&self.key_file, algorithm, digest)
    }
}

fn sign_with(key: &Path, algorithm: SignatureAlgorithm, digest: &[u8]) -> Vec<u8> {
    let folder = TempDir::new().unwrap();
    let input = folder.path().join("digest");
    fs::write(&input, digest).unwrap();
    let mut command = Command::new("openssl");
    command.args(["pkeyutl", "-sign", "-inkey"]).arg(key).arg("-in").arg(&input);
    let hash = match algorithm.hash() {
        Hash::Sha256 => "sha256",
        Hash::Sha384 => "sha384",
        Hash::Sha512 => "sha512",
        Hash::Sha3_256 => "sha3-256",
        Hash::Sha3_384 => "sha3-384",
        Hash::Sha3_512 => "sha3-512",
    };
    command.arg("-pkeyopt").arg(format!("digest:{hash}"));
    if let SignatureAlgorithm::RsaPss(_) = algorithm {
        command.args(["-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:digest"]);
        command.arg("-pkeyopt").arg(format!("rsa_mgf1_md:{hash}"));
    }
    let output = command.output().expect("openssl is needed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// This moment.
pub fn now() -> DateTime {
    DateTime::from_system_time(std::time::SystemTime::now()).unwrap()
}

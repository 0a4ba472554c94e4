//! Programs that are not ours, as judges: OpenSC's tools and openssl.

use std::{fs, process::Output};

use bitaqa_testbed::{CardHandle, CardSpec, ReaderOptions, Testbed};
use bitaqa_virtual_card::{der, digest::Digest, pki::Certificate};

/// Where Debian, Fedora and a build from source put OpenSC's PKCS#11 module.
const MODULES: [&str; 4] = [
    "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so",
    "/usr/lib/aarch64-linux-gnu/opensc-pkcs11.so",
    "/usr/lib64/opensc-pkcs11.so",
    "/usr/local/lib/opensc-pkcs11.so",
];

/// What is signed.
pub(crate) const MESSAGE: &str = "من أنت؟";

/// A reader with this card in it.
pub(crate) fn bed_with(card: &CardSpec) -> (Testbed, CardHandle) {
    let bed = Testbed::builder().reader(ReaderOptions::default()).start().unwrap();
    let card = bed.insert(0, card).unwrap();
    (bed, card)
}

/// Runs programs against one test bed.
pub(crate) struct Judge<'a> {
    bed: &'a Testbed,
    configuration: Option<String>,
}

impl<'a> Judge<'a> {
    pub(crate) fn of(bed: &'a Testbed) -> Self {
        Self { bed, configuration: None }
    }

    /// With a configuration file for OpenSC.
    pub(crate) fn configured(bed: &'a Testbed, configuration: &str) -> Self {
        let path = bed.folder().join("opensc.conf");
        fs::write(&path, configuration).unwrap();
        Self { bed, configuration: Some(path.display().to_string()) }
    }

    /// Runs a program that has to succeed; gives what it wrote to standard output.
    pub(crate) fn run(&self, program: &str, arguments: &[&str]) -> String {
        let output = self.output(program, arguments);
        let said = words(&output);
        assert!(
            output.status.success(),
            "{program} {arguments:?}: {}\n{said}\n{}",
            output.status,
            self.bed.service_log()
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Runs a program that may fail; gives what it wrote.
    pub(crate) fn try_run(&self, program: &str, arguments: &[&str]) -> Result<String, String> {
        let output = self.output(program, arguments);
        if output.status.success() { Ok(words(&output)) } else { Err(words(&output)) }
    }

    /// Runs a program that has to fail; gives all that it wrote.
    pub(crate) fn fails(&self, program: &str, arguments: &[&str]) -> String {
        let output = self.output(program, arguments);
        let said = words(&output);
        assert!(!output.status.success(), "{program} {arguments:?} succeeded: {said}");
        said
    }

    fn output(&self, program: &str, arguments: &[&str]) -> Output {
        let mut command = self.bed.command(program);
        command.args(arguments);
        // newer ones keep what they read, for whatever card comes next with the same number
        command.env("XDG_CACHE_HOME", self.bed.folder());
        if let Some(configuration) = &self.configuration {
            command.env("OPENSC_CONF", configuration);
        }
        let package = if program == "openssl" { "openssl" } else { "opensc" };
        command.output().unwrap_or_else(|error| {
            panic!("{program} cannot be run ({error}); on Debian: apt-get install {package}")
        })
    }

    /// Has `pkcs11-tool` sign the hash of a message with ECDSA, and openssl verify it.
    pub(crate) fn sign_and_verify(&self, how: &[&str], pin: &str, hash: &str, certificate: &Certificate) {
        let hash = format!("-{hash}");
        let (message, input) = (self.message(), self.file("input"));
        self.run("openssl", &["dgst", &hash, "-binary", "-out", &input, &message]);
        self.sign(&[how, &["--signature-format", "openssl"]].concat(), &["--pin", pin], &input);
        self.verify(&hash, &[], certificate);
    }

    /// Has `pkcs11-tool` sign DigestInfo of a message with RSA, and openssl verify it.
    pub(crate) fn sign_digest_info(&self, how: &[&str], pin: &str, certificate: &Certificate) {
        let input = self.file("input");
        fs::write(&input, Digest::Sha256.info(&self.hash_of_message("-sha256"))).unwrap();
        self.sign(how, &["--pin", pin], &input);
        self.verify("-sha256", &[], certificate);
    }

    /// The same, with the PIN from the reader's key pad.
    pub(crate) fn sign_with_key_pad(&self, how: &[&str], hash: &str, certificate: &Certificate) {
        let hash = format!("-{hash}");
        let (message, input) = (self.message(), self.file("input"));
        self.run("openssl", &["dgst", &hash, "-binary", "-out", &input, &message]);
        self.sign(&[how, &["--signature-format", "openssl"]].concat(), &[], &input);
        self.verify(&hash, &[], certificate);
    }

    /// Has `pkcs11-tool` hash and sign a message, and openssl verify it.
    pub(crate) fn sign_message(
        &self,
        how: &[&str],
        pin: &str,
        hash: &str,
        options: &[&str],
        certificate: &Certificate,
    ) {
        self.sign(&[how, &["--signature-format", "openssl"]].concat(), &["--pin", pin], &self.message());
        self.verify(hash, options, certificate);
    }

    /// Sends commands with `opensc-tool`; gives the data of the last answer, which has to end well.
    pub(crate) fn exchange(&self, commands: &[String]) -> Vec<u8> {
        let arguments: Vec<&str> =
            commands.iter().flat_map(|command| ["--send-apdu", command.as_str()]).collect();
        let said = self.run("opensc-tool", &arguments);
        let last = said.rsplit("Received (").next().unwrap_or_default();
        assert!(last.starts_with("SW1=0x90, SW2=0x00)"), "{said}");
        // rows of up to 16 bytes, each followed by the same bytes as letters
        let rows = last.lines().skip(1);
        let bytes = rows.flat_map(|row| {
            row.split_whitespace()
                .take(16)
                .map_while(|byte| u8::from_str_radix(byte, 16).ok())
                .collect::<Vec<_>>()
        });
        bytes.collect()
    }

    /// Has openssl hash the message of the other judgements.
    pub(crate) fn hash_of_message(&self, hash: &str) -> Vec<u8> {
        let (message, value) = (self.message(), self.file("hash"));
        self.run("openssl", &["dgst", hash, "-binary", "-out", &value, &message]);
        fs::read(value).unwrap()
    }

    /// An ECDSA signature as openssl wants it: r and s as integers in a sequence.
    pub(crate) fn in_der(plain: &[u8]) -> Vec<u8> {
        let (r, s) = plain.split_at(plain.len() / 2);
        der::sequence(&[der::unsigned_integer(r), der::unsigned_integer(s)])
    }

    /// Has openssl verify a signature over the message of the other judgements.
    pub(crate) fn verify_signature(
        &self,
        signature: &[u8],
        hash: &str,
        options: &[&str],
        certificate: &Certificate,
    ) {
        fs::write(self.file("signature"), signature).unwrap();
        self.verify(hash, options, certificate);
    }

    fn message(&self) -> String {
        let message = self.file("message");
        fs::write(&message, MESSAGE).unwrap();
        message
    }

    fn file(&self, name: &str) -> String {
        self.bed.folder().join(name).display().to_string()
    }

    fn sign(&self, how: &[&str], pin: &[&str], input: &str) {
        let module = MODULES.into_iter().find(|path| fs::exists(path).unwrap());
        let module =
            module.expect("OpenSC's PKCS#11 module is missing; on Debian: apt-get install opensc-pkcs11");
        let signature = self.file("signature");
        let sign = ["--module", module, "--login", "--sign"];
        self.run(
            "pkcs11-tool",
            &[&sign[..], pin, how, &["--input-file", input, "--output-file", &signature]].concat(),
        );
    }

    fn verify(&self, hash: &str, options: &[&str], certificate: &Certificate) {
        let certificate = certificate_file(self.bed, "signer.pem", certificate);
        let (key, signature) = (self.file("key.pem"), self.file("signature"));
        self.run("openssl", &["x509", "-in", &certificate, "-pubkey", "-noout", "-out", &key]);
        let verify = ["dgst", hash, "-verify", &key, "-signature", &signature];
        let verdict = self.run("openssl", &[&verify[..], options, &[&self.message()]].concat());
        assert_eq!(verdict, "Verified OK\n");
    }
}

fn words(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Writes a certificate into the test bed's folder.
pub(crate) fn certificate_file(bed: &Testbed, name: &str, certificate: &Certificate) -> String {
    let path = bed.folder().join(name);
    fs::write(&path, certificate.pem()).unwrap();
    path.display().to_string()
}

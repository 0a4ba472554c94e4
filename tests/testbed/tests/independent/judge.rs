//! Programs that are not ours, as judges: OpenSC's tools and openssl.

use std::{fs, process::Output};

use bitaqa_testbed::Testbed;
use bitaqa_virtual_card::pki::Certificate;

/// Where Debian, Fedora and a build from source put OpenSC's PKCS#11 module.
const MODULES: [&str; 4] = [
    "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so",
    "/usr/lib/aarch64-linux-gnu/opensc-pkcs11.so",
    "/usr/lib64/opensc-pkcs11.so",
    "/usr/local/lib/opensc-pkcs11.so",
];

/// Runs programs against one test bed.
pub(crate) struct Judge<'a> {
    bed: &'a Testbed,
    configuration: Option<String>,
}

impl<'a> Judge<'a> {
    pub(crate) fn of(bed: &'a Testbed) -> Self {
        Self { bed, configuration: None }
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
        if let Some(configuration) = &self.configuration {
            command.env("OPENSC_CONF", configuration);
        }
        let package = if program == "openssl" { "openssl" } else { "opensc" };
        command.output().unwrap_or_else(|error| {
            panic!("{program} cannot be run ({error}); on Debian: apt-get install {package}")
        })
    }

    /// Signs a message with `pkcs11-tool` and verifies the signature over its hash with openssl.
    pub(crate) fn sign_and_verify(&self, how: &[&str], pin: &str, hash: &str, certificate: &Certificate) {
        let module = MODULES.into_iter().find(|path| fs::exists(path).unwrap());
        let module = module
            .expect("OpenSC's PKCS#11 module is not installed; on Debian: apt-get install opensc-pkcs11");
        let file = |name: &str| self.bed.folder().join(name).display().to_string();
        let (message, input, signature, key) =
            (file("message"), file("input"), file("signature"), file("key.pem"));
        fs::write(&message, "من أنت؟").unwrap();
        self.run("openssl", &["dgst", &format!("-{hash}"), "-binary", "-out", &input, &message]);
        let sign = ["--module", module, "--login", "--pin", pin, "--sign", "--signature-format", "openssl"];
        let files = ["--input-file", &input, "--output-file", &signature];
        self.run("pkcs11-tool", &[&sign[..], how, &files].concat());
        let certificate = certificate_file(self.bed, "signer.pem", certificate);
        self.run("openssl", &["x509", "-in", &certificate, "-pubkey", "-noout", "-out", &key]);
        let verdict = self.run(
            "openssl",
            &["dgst", &format!("-{hash}"), "-verify", &key, "-signature", &signature, &message],
        );
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

//! What the authorities of an infrastructure say, and what its holders sign by `openssl` alone.

use std::{fs, path::Path};

use super::{Holder, Pki};

impl Pki {
    /// Withdraws a certificate; lists and answers made from now on say so.
    pub fn revoke(&self, holder: &Holder) {
        let pem = format!("{}.pem", holder.name);
        self.run(&["ca", "-config", "openssl.cnf", "-revoke", &pem]);
    }

    /// The authority's list (DER), of this moment.
    pub fn revocation_list(&self) -> Vec<u8> {
        let _one_at_a_time = self.issued.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        self.run(&["ca", "-config", "openssl.cnf", "-gencrl", "-out", "ca.crl.pem"]);
        self.run(&["crl", "-in", "ca.crl.pem", "-outform", "DER"])
    }

    /// The root's list (DER): empty, of this moment.
    pub fn root_revocation_list(&self) -> Vec<u8> {
        let _one_at_a_time = self.issued.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        fs::write(self.path("root_index.txt"), "").unwrap();
        let configuration = self
            .configuration
            .replace("index.txt", "root_index.txt")
            .replace("certificate = ca.pem", "certificate = root.pem")
            .replace("private_key = ca.key", "private_key = root.key");
        fs::write(self.path("root.cnf"), configuration).unwrap();
        self.run(&["ca", "-config", "root.cnf", "-gencrl", "-out", "root.crl.pem"]);
        self.run(&["crl", "-in", "root.crl.pem", "-outform", "DER"])
    }

    /// The responder's answer (`OCSPResponse`, DER) about a certificate.
    pub fn ocsp_response(&self, holder: &Holder) -> Vec<u8> {
        let question = {
            let _one_at_a_time = self.issued.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let pem = format!("{}.pem", holder.name);
            self.run(&["ocsp", "-issuer", "ca.pem", "-cert", &pem, "-no_nonce", "-reqout", "ocsp.req"]);
            fs::read(self.path("ocsp.req")).unwrap()
        };
        self.answer_ocsp(&question)
    }

    /// The responder's answer to a question (`OCSPRequest`, DER).
    pub fn answer_ocsp(&self, request: &[u8]) -> Vec<u8> {
        let _one_at_a_time = self.issued.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        fs::write(self.path("asked.req"), request).unwrap();
        self.run(&[
            "ocsp",
            "-index",
            "index.txt",
            "-CA",
            "ca.pem",
            "-rsigner",
            "responder.pem",
            "-rkey",
            "responder.key",
            "-reqin",
            "asked.req",
            "-respout",
            "asked.resp",
            "-ndays",
            "7",
        ]);
        fs::read(self.path("asked.resp")).unwrap()
    }

    /// The time-stamp authority's answer (`TimeStampResp`, DER) to a request (`TimeStampReq`, DER).
    pub fn time_stamp(&self, request: &[u8]) -> Vec<u8> {
        let _one_at_a_time = self.issued.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        fs::write(self.path("ts.req"), request).unwrap();
        self.run(&[
            "ts",
            "-reply",
            "-config",
            "openssl.cnf",
            "-section",
            "time_stamps",
            "-queryfile",
            "ts.req",
            "-out",
            "ts.resp",
        ]);
        fs::read(self.path("ts.resp")).unwrap()
    }

    /// A message in DER that a holder signed, `openssl cms -sign -cades` with these further arguments (`-nodetach`).
    pub fn signed_message(&self, holder: &Holder, content: &Path, more: &[&str]) -> Vec<u8> {
        let [content, certificate, key] =
            [content, &holder.certificate_file, &holder.key_file].map(|path| path.to_str().unwrap());
        let mut arguments = vec!["cms", "-sign", "-cades", "-md", "sha256", "-binary", "-in", content];
        arguments.extend(["-signer", certificate, "-inkey", key, "-certfile", "ca.pem", "-outform", "DER"]);
        arguments.extend(more);
        self.run(&arguments)
    }
}

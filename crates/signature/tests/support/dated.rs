//! What the infrastructure makes for times other than now, and by others than its usual authorities.

use std::fs;

use bitaqa_trust::DateTime;

use super::{Holder, Kind, Pki};

impl Pki {
    /// Issues a certificate that ends at a time.
    pub fn issue_until(&self, named: (&str, Kind), subject: &str, extensions: &str, end: DateTime) -> Holder {
        self.issue_with(named, subject, extensions, &["-enddate", &compact(end)])
    }

    /// Issues a certificate that begins at a time, and ends at another.
    pub fn issue_between(
        &self,
        named: (&str, Kind),
        subject: &str,
        extensions: &str,
        (begin, end): (DateTime, DateTime),
    ) -> Holder {
        let validity = ["-startdate", &compact(begin), "-enddate", &compact(end)];
        self.issue_with(named, subject, extensions, &validity)
    }

    fn issue_with(
        &self,
        (name, kind): (&str, Kind),
        subject: &str,
        extensions: &str,
        validity: &[&str],
    ) -> Holder {
        let _one_at_a_time = self.issued.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let [key, request, pem] = ["key", "csr", "pem"].map(|ending| format!("{name}.{ending}"));
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
        let ca = ["ca", "-config", "openssl.cnf", "-batch", "-notext", "-in", &request, "-out", &pem];
        self.run(&[&ca, &["-extensions", extensions][..], validity].concat());
        Holder {
            name: name.to_owned(),
            kind,
            certificate: self.certificate(&pem),
            certificate_file: self.path(&pem),
            key_file: self.path(&key),
        }
    }

    /// Withdraws a certificate as of a time; lists and answers made from now on say so.
    pub fn revoke_at(&self, holder: &Holder, since: DateTime, reason: Option<&str>) {
        let _one_at_a_time = self.issued.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let pem = format!("{}.pem", holder.name);
        let serial = String::from_utf8(self.run(&["x509", "-in", &pem, "-noout", "-serial"])).unwrap();
        let serial = serial.trim().strip_prefix("serial=").unwrap().to_owned();
        let since =
            format!("{}{}", compact(since), reason.map_or_else(String::new, |reason| format!(",{reason}")));
        let index = fs::read_to_string(self.path("index.txt")).unwrap();
        let rewritten: Vec<String> = index
            .lines()
            .map(|line| {
                let fields: Vec<&str> = line.split('\t').collect();
                if fields[3] == serial {
                    ["R", fields[1], &since, fields[3], fields[4], fields[5]].join("\t")
                } else {
                    line.to_owned()
                }
            })
            .collect();
        assert_ne!(rewritten.join("\n"), index.trim_end(), "{serial} is not in the index");
        fs::write(self.path("index.txt"), rewritten.join("\n") + "\n").unwrap();
    }

    /// Another authority's answer (`TimeStampResp`, DER) to a request (`TimeStampReq`, DER).
    pub fn time_stamp_by(&self, holder: &Holder, request: &[u8]) -> Vec<u8> {
        let _one_at_a_time = self.issued.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        fs::write(self.path("ts_by.req"), request).unwrap();
        let [signer, key] = [format!("{}.pem", holder.name), format!("{}.key", holder.name)];
        self.run(&[
            "ts",
            "-reply",
            "-section",
            "time_stamps",
            "-config",
            "openssl.cnf",
            "-queryfile",
            "ts_by.req",
            "-signer",
            &signer,
            "-inkey",
            &key,
            "-out",
            "ts_by.resp",
        ]);
        fs::read(self.path("ts_by.resp")).unwrap()
    }

    /// Another responder's answer about a certificate.
    pub fn ocsp_response_by(&self, responder: &Holder, holder: &Holder) -> Vec<u8> {
        let _one_at_a_time = self.issued.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let pem = format!("{}.pem", holder.name);
        let [signer, key] = [format!("{}.pem", responder.name), format!("{}.key", responder.name)];
        self.run(&["ocsp", "-issuer", "ca.pem", "-cert", &pem, "-no_nonce", "-reqout", "ocsp_by.req"]);
        self.run(&[
            "ocsp",
            "-index",
            "index.txt",
            "-CA",
            "ca.pem",
            "-rsigner",
            &signer,
            "-rkey",
            &key,
            "-reqin",
            "ocsp_by.req",
            "-respout",
            "ocsp_by.resp",
            "-ndays",
            "7",
        ]);
        fs::read(self.path("ocsp_by.resp")).unwrap()
    }
}

/// `YYMMDDHHMMSSZ`.
fn compact(time: DateTime) -> String {
    format!(
        "{:02}{:02}{:02}{:02}{:02}{:02}Z",
        time.year() % 100,
        time.month(),
        time.day(),
        time.hour(),
        time.minutes(),
        time.seconds()
    )
}

/// A time some seconds after another.
pub fn later(time: DateTime, seconds: u64) -> DateTime {
    DateTime::from_unix_duration(time.unix_duration() + std::time::Duration::from_secs(seconds)).unwrap()
}

/// A time some seconds before another.
pub fn earlier(time: DateTime, seconds: u64) -> DateTime {
    DateTime::from_unix_duration(time.unix_duration() - std::time::Duration::from_secs(seconds)).unwrap()
}

/// Seconds of a day.
pub const DAY: u64 = 24 * 60 * 60;

impl Pki {
    /// The root's list (DER) of this moment, by which the issuing authority is revoked as of a time.
    pub fn root_list_revoking_authority(&self, since: DateTime) -> Vec<u8> {
        let _one_at_a_time = self.issued.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let end = compact(self.authority().not_after());
        let entry = format!("R\t{end}\t{}\t4D\tunknown\t/C=MA/CN=Test Issuing Authority\n", compact(since));
        fs::write(self.path("revoking_index.txt"), entry).unwrap();
        fs::write(self.path("revoking_number"), "05\n").unwrap();
        let configuration = super::CONFIGURATION
            .replace("database = index.txt", "database = revoking_index.txt")
            .replace("crlnumber = crlnumber", "crlnumber = revoking_number")
            .replace("certificate = ca.pem", "certificate = root.pem")
            .replace("private_key = ca.key", "private_key = root.key");
        fs::write(self.path("revoking.cnf"), configuration).unwrap();
        self.run(&["ca", "-config", "revoking.cnf", "-gencrl", "-out", "revoking.crl.pem"]);
        self.run(&["crl", "-in", "revoking.crl.pem", "-outform", "DER"])
    }
}

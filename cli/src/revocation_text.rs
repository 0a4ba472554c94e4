//! What is known about revocation, for people.

use std::io::{self, Write};

use bitaqa_trust::revocation::{
    CertificateStatus,
    report::{CertificateRevocation, EvidenceUsed, NonceCheck, Responder, Source, name_of_reason},
};

use crate::printable::Printable;

/// One line for each certificate, the leaf's first, and one for each piece of evidence.
pub(crate) fn print(out: &mut impl Write, certificates: &[CertificateRevocation]) -> io::Result<()> {
    for (position, certificate) in certificates.iter().enumerate() {
        let whose = match position {
            0 => "the certificate".to_owned(),
            position => format!("issuer {position}"),
        };
        let evidence = match &certificate.status {
            CertificateStatus::Good { evidence } => {
                writeln!(out, "  ✓ {whose}: not revoked")?;
                evidence
            }
            CertificateStatus::Revoked { since, reason, evidence } => {
                let reason =
                    reason.map(|reason| format!(" ({})", name_of_reason(reason))).unwrap_or_default();
                writeln!(out, "  ✗ {whose}: revoked on {since}{reason}")?;
                evidence
            }
            CertificateStatus::Unknown { evidence } => {
                writeln!(out, "  ✗ {whose}: not known to its issuer")?;
                evidence
            }
            CertificateStatus::NotDetermined => {
                writeln!(out, "  ? {whose}: nobody can tell")?;
                &Vec::new()
            }
        };
        for used in evidence {
            writeln!(out, "      says {}", Printable(&source(used)))?;
        }
        for not_used in &certificate.not_used {
            let text = format!("{}: {}", not_used.name, not_used.fault);
            writeln!(out, "      not used: {}", Printable(&text))?;
        }
    }
    Ok(())
}

fn source(used: &EvidenceUsed) -> String {
    let what = match &used.source {
        Source::Ocsp { responder, nonce, .. } => {
            let responder = match responder {
                Responder::Issuer => "the issuer",
                Responder::AppointedWithoutCheck => "a responder that the issuer appointed",
                Responder::AppointedAndGood => {
                    "a responder that the issuer appointed, and that was not revoked"
                }
                Responder::AppointedNotChecked => {
                    "a responder that the issuer appointed; whether it was revoked, nobody can tell"
                }
            };
            let nonce = match nonce {
                NonceCheck::Matched => ", to this question",
                NonceCheck::Absent | NonceCheck::NotAsked => "",
            };
            format!("an answer of {responder}{nonce}")
        }
        Source::Crl { delta: true, .. } => "a list of changes".to_owned(),
        Source::Crl { delta: false, .. } => "a revocation list".to_owned(),
    };
    let until = used.next_update.map(|next| format!(", until {next}")).unwrap_or_default();
    format!("{}: {what}, as of {}{until}", used.name, used.this_update)
}

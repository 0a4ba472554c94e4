//! The report of a validation, for people.

use std::{
    io::{self, Write},
    path::Path,
};

use bitaqa_signature::{
    found::Coverage,
    trusted_list::qualification::{Qualification, QualificationLevel},
    validation::{
        Indication, Report, SignatureReport, SubIndication,
        report::{Outcome, RevocationFinding, Step, TimeStampKind, TimeStampReport},
    },
};

use bitaqa_trust::Assurance;

use crate::printable::Printable;

/// Prints the whole report: the verdict on the file first.
pub(super) fn print(file: &Path, report: &Report, out: &mut impl Write) -> io::Result<()> {
    let signatures = match report.signatures.len() {
        1 => "1 signature".to_owned(),
        count => format!("{count} signatures"),
    };
    if report.assurance == Assurance::Test {
        writeln!(out, "TEST: this rests on a trust pack for tests; nothing of it is real.")?;
    }
    let name = file.display().to_string();
    let indication = report.indication.name();
    writeln!(out, "{}: {indication}, {signatures}, judged at {}", Printable(&name), report.validation_time)?;
    report.signatures.iter().try_for_each(|signature| print_signature(signature, 0, out))
}

fn print_signature(signature: &SignatureReport, depth: usize, out: &mut impl Write) -> io::Result<()> {
    let indent = "  ".repeat(depth);
    let level = signature.level.map_or_else(String::new, |level| format!(" {level}"));
    let format = signature.format.name();
    writeln!(out, "{indent}Signature {}: {format}{level}", Printable(&signature.name))?;
    let line = |out: &mut dyn Write, label: &str, value: &str| {
        writeln!(out, "{indent}  {:<12}{}", format!("{label}:"), Printable(value))
    };
    if signature.assurance == Assurance::Test {
        line(out, "TEST", "this signature rests on a trust pack for tests")?;
    }
    let verdict = match (signature.sub_indication, first_detail(signature)) {
        (Some(reason), Some(detail)) => {
            format!("{} ({}): {detail}", signature.indication.name(), reason.name())
        }
        (Some(reason), None) => format!("{} ({})", signature.indication.name(), reason.name()),
        _ => signature.indication.name().to_owned(),
    };
    line(out, "verdict", &verdict)?;
    for hint in hints(signature) {
        line(out, "hint", hint)?;
    }
    for remark in &signature.remarks {
        line(out, "note", remark)?;
    }
    match &signature.signer {
        Some(signer) => {
            let name = signer.name.clone().unwrap_or_else(|| "(no name)".to_owned());
            let number =
                signer.serial_number.as_ref().map(|number| format!(", {number}")).unwrap_or_default();
            let country = signer.country.as_ref().map(|country| format!(", {country}")).unwrap_or_default();
            line(out, "signer", &format!("{name}{number}{country}"))?;
        }
        None => line(out, "signer", "the certificate is not there")?,
    }
    line(out, "intact", intact(signature))?;
    if signature.cryptographically_intact {
        match &signature.coverage {
            Coverage::Whole => line(out, "covers", "all of the document")?,
            Coverage::Parts(parts) => line(out, "covers", &parts.join(", "))?,
            Coverage::Unknown => line(out, "covers", "cannot be told")?,
        }
    }
    if let Some(time) = signature.signing_time {
        line(out, "claimed", &format!("signed at {time}, by the signer's own clock"))?;
    }
    if signature.best_signature_time_proven {
        line(out, "proven", &format!("not later than {}", signature.best_signature_time))?;
    }
    for stamp in &signature.time_stamps {
        line(out, "time stamp", &time_stamp(stamp))?;
    }
    if let Some(issuer) = signature.chain.first() {
        line(out, "issuer", &issuer.issuer)?;
        line(out, "revocation", &revocation(&issuer.revocation))?;
    }
    line(out, "qualified", &qualification(&signature.qualification))?;
    if let Some(algorithm) = &signature.algorithm {
        line(out, "algorithm", algorithm)?;
    }
    for counter in &signature.counter_signatures {
        print_signature(counter, depth + 1, out)?;
    }
    Ok(())
}

/// Whether what was signed is there, in words.
fn intact(signature: &SignatureReport) -> &'static str {
    if signature.cryptographically_intact {
        return "yes";
    }
    // which need not be what decides
    let step = signature.steps.iter().find(|step| step.step == Step::CryptographicVerification);
    match step.and_then(|step| step.sub_indication) {
        Some(SubIndication::HashFailure) => "NO: the document is not the one that was signed",
        Some(SubIndication::SigCryptoFailure) => "NO: the signature is not one of this certificate's key",
        Some(SubIndication::SignedDataNotFound) => "not checked: the signed document is not at hand",
        _ => "not checked",
    }
}

/// What the person can do, of each step that did not pass. Where the signature is bad nothing but that matters.
fn hints(signature: &SignatureReport) -> Vec<&'static str> {
    let of_steps = signature.steps.iter().filter_map(|step| step.sub_indication);
    let of_steps = of_steps.filter(|_| signature.indication == Indication::Indeterminate);
    let mut hints: Vec<&str> = Vec::new();
    for hint in signature.sub_indication.into_iter().chain(of_steps).filter_map(hint) {
        if !hints.contains(&hint) {
            hints.push(hint);
        }
    }
    hints
}

/// What the person can do about it.
const fn hint(reason: SubIndication) -> Option<&'static str> {
    match reason {
        SubIndication::SignedDataNotFound => {
            Some("the signed document is not in this file: give it with --detached FILE")
        }
        SubIndication::NoCertificateChainFound => {
            Some("neither an installed trust pack nor --trust names the root: give it with --trust")
        }
        SubIndication::TryLater => Some(
            "give revocation lists or answers with --crl or --ocsp, or leave out --offline; --revocation soft goes on without",
        ),
        SubIndication::OutOfBoundsNoPoe | SubIndication::OutOfBoundsNotRevoked => Some(
            "only a time stamp proves that a signature is older than the end of its certificate; --at TIME judges it as if it were an earlier time",
        ),
        _ => None,
    }
}

fn first_detail(signature: &SignatureReport) -> Option<&str> {
    // of the step that decides
    let failed = signature
        .steps
        .iter()
        .find(|step| step.outcome == Outcome::NotPassed && step.sub_indication == signature.sub_indication);
    failed.and_then(|step| step.detail.as_deref())
}

fn revocation(finding: &RevocationFinding) -> String {
    match finding {
        RevocationFinding::Anchor => "the certificate is trusted itself".to_owned(),
        RevocationFinding::Good { known, by } => format!("not revoked, as of {known} ({by})"),
        RevocationFinding::Revoked { since, reason } => {
            let reason = reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
            format!("REVOKED since {since}{reason}")
        }
        RevocationFinding::Unknown => "the issuer does not know this certificate".to_owned(),
        RevocationFinding::NotDetermined { because } => format!("not known: {because}"),
    }
}

fn time_stamp(stamp: &TimeStampReport) -> String {
    let kind = match stamp.kind {
        TimeStampKind::Content => "of the content",
        TimeStampKind::Signature => "of the signature",
        TimeStampKind::Archive => "of the whole file",
    };
    let when = stamp.time.map_or_else(|| "without a time".to_owned(), |time| time.to_string());
    let whose = stamp.authority.as_deref().unwrap_or("an unknown authority");
    let mut text = format!("{kind}, {when}, {whose}: {}", stamp.indication.name());
    if let Some(reason) = stamp.sub_indication {
        text.push_str(&format!(" ({})", reason.name()));
    }
    if let Some(detail) = &stamp.detail {
        text.push_str(&format!(": {detail}"));
    }
    text
}

fn qualification(found: &Qualification) -> String {
    let level = match found.level {
        QualificationLevel::Qualified => "yes",
        QualificationLevel::AdvancedWithQualifiedCertificate => "no, advanced, with a qualified certificate",
        QualificationLevel::NotQualified => "no",
        QualificationLevel::Indeterminate => "cannot be told",
    };
    format!("{level}: {}", found.reason)
}

/// Says who was asked over the network, and what could not be had.
pub(super) fn print_network(asked: &[String], failures: &[String], out: &mut impl Write) -> io::Result<()> {
    if !asked.is_empty() {
        writeln!(out, "Asked over the network: {}", Printable(&asked.join(", ")))?;
    }
    for failure in failures {
        writeln!(out, "  could not be had: {}", Printable(failure))?;
    }
    Ok(())
}

//! The report of a validation, for people.

use std::io::{self, Write};

use bitaqa_signature::{
    found::Coverage,
    trusted_list::qualification::{Qualification, QualificationLevel},
    validation::{
        Report, SignatureReport,
        report::{Outcome, RevocationFinding, TimeStampKind, TimeStampReport},
    },
};

use crate::printable::Printable;

/// Prints the whole report.
pub(super) fn print(report: &Report, out: &mut impl Write) -> io::Result<()> {
    match report.signatures.len() {
        0 => writeln!(out, "The file has no signature.")?,
        1 => {}
        count => writeln!(out, "{count} signatures")?,
    }
    for signature in &report.signatures {
        print_signature(signature, 0, out)?;
    }
    write!(out, "{}", report.indication.name())?;
    if let Some(reason) = report.sub_indication {
        write!(out, " ({})", reason.name())?;
    }
    writeln!(out, " at {}", report.validation_time)
}

fn print_signature(signature: &SignatureReport, depth: usize, out: &mut impl Write) -> io::Result<()> {
    let indent = "  ".repeat(depth);
    let level = signature.level.map_or_else(String::new, |level| format!(" {level}"));
    writeln!(out, "{indent}Signature {}: {:?}{level}", Printable(&signature.name), signature.format)?;
    let line = |out: &mut dyn Write, label: &str, value: &str| {
        writeln!(out, "{indent}  {:<12}{}", format!("{label}:"), Printable(value))
    };
    let verdict = match (signature.sub_indication, first_detail(signature)) {
        (Some(reason), Some(detail)) => {
            format!("{} ({}): {detail}", signature.indication.name(), reason.name())
        }
        (Some(reason), None) => format!("{} ({})", signature.indication.name(), reason.name()),
        _ => signature.indication.name().to_owned(),
    };
    line(out, "verdict", &verdict)?;
    let intact = if signature.cryptographically_intact { "yes" } else { "NO, or it could not be checked" };
    line(out, "intact", intact)?;
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
    if let Some(issuer) = signature.chain.first() {
        line(out, "issuer", &issuer.issuer)?;
        line(out, "revocation", &revocation(&issuer.revocation))?;
    }
    if let Some(time) = signature.signing_time {
        line(out, "claimed", &format!("signed at {time}, by the signer's own clock"))?;
    }
    if signature.best_signature_time_proven {
        line(out, "proven", &format!("not later than {}", signature.best_signature_time))?;
    }
    match &signature.coverage {
        Coverage::Whole => line(out, "covers", "all of the document")?,
        Coverage::Parts(parts) => line(out, "covers", &parts.join(", "))?,
        Coverage::Unknown => line(out, "covers", "cannot be told")?,
    }
    if let Some(algorithm) = &signature.algorithm {
        line(out, "algorithm", algorithm)?;
    }
    for stamp in &signature.time_stamps {
        line(out, "time stamp", &time_stamp(stamp))?;
    }
    line(out, "qualified", &qualification(&signature.qualification))?;
    for remark in &signature.remarks {
        line(out, "note", remark)?;
    }
    for counter in &signature.counter_signatures {
        print_signature(counter, depth + 1, out)?;
    }
    Ok(())
}

fn first_detail(signature: &SignatureReport) -> Option<&str> {
    let failed = signature.steps.iter().find(|step| step.outcome == Outcome::NotPassed);
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
        TimeStampKind::Archive => "of everything (archive)",
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

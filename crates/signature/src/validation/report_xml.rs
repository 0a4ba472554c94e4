//! The report as TS 119 102-2 writes it (V1.4.1).

use std::{collections::BTreeMap, io};

use base64::{Engine, engine::general_purpose::STANDARD};
use bitaqa_trust::{Assurance, DateTime};
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};
use sha2::{Digest, Sha256};

use super::{
    indication::{Indication, SubIndication},
    report::{
        CertificateReport, Outcome, Report, RevocationFinding, SignatureReport, StepReport, TimeStampKind,
        hexadecimal,
    },
};
use crate::found::SignatureFormat;

/// The namespace of the report.
pub const NAMESPACE: &str = "http://uri.etsi.org/19102/v1.4.1#";

const MAIN_INDICATION: &str = "urn:etsi:019102:mainindication:";
const SUB_INDICATION: &str = "urn:etsi:019102:subindication:";
const OBJECT: &str = "urn:etsi:019102:validationObject:";
const PROOF_BY_VALIDATION: &str = "urn:etsi:019102:poetype:validation";
const PROCESS: &str = "urn:etsi:019102:validationprocess:";
const REVOCATION_REASON: &str = "urn:etsi:019102:revocationReason:";
const CONSTRAINT_APPLIED: &str = "urn:etsi:019102:constraintStatus:applied";
const CONSTRAINT_DISABLED: &str = "urn:etsi:019102:constraintStatus:disabled";
/// Said of a verdict that rests on somebody who counts for tests alone.
const ASSURANCE: &str = "urn:bitaqa:assurance";
/// What our steps are called in the report: the standard leaves the names of constraints to the policy.
const CONSTRAINT: &str = "urn:bitaqa:validation-step:";

/// Writes the report. Signatures over signatures follow those that they are over. The standard has no report without a
/// signature.
///
/// # Errors
/// [`ReportXmlError`]: there is no signature, or the encoder's.
pub fn to_xml(report: &Report) -> Result<String, ReportXmlError> {
    let signatures = flatten(&report.signatures);
    if signatures.is_empty() {
        return Err(ReportXmlError::NoSignature);
    }
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let root = writer.create_element("ValidationReport").with_attribute(("xmlns", NAMESPACE));
    root.write_inner_content(|writer| {
        let mut objects = Objects::default();
        for (number, signature) in signatures.iter().enumerate() {
            write_signature(writer, report, signature, number, &mut objects)?;
        }
        objects.write(writer)
    })?;
    String::from_utf8(writer.into_inner()).map_err(|_| ReportXmlError::Encoding)
}

/// Why there is no report in XML.
#[derive(Debug, thiserror::Error)]
pub enum ReportXmlError {
    /// A report is about signatures.
    #[error("there is no signature to report")]
    NoSignature,
    /// The writer's.
    #[error("{0}")]
    Write(#[from] io::Error),
    /// What was written is no text.
    #[error("the report is no text")]
    Encoding,
}

type Xml = Writer<Vec<u8>>;

fn flatten(signatures: &[SignatureReport]) -> Vec<&SignatureReport> {
    signatures
        .iter()
        .flat_map(|signature| std::iter::once(signature).chain(flatten(&signature.counter_signatures)))
        .collect()
}

fn text(writer: &mut Xml, name: &str, value: &str) -> io::Result<()> {
    // XML 1.0 has no way to write most control characters, and names of persons may hold any
    let allowed: String = value
        .chars()
        .map(|character| match character {
            '\t' | '\n' => character,
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => char::REPLACEMENT_CHARACTER,
            _ => character,
        })
        .collect();
    writer.create_element(name).write_text_content(BytesText::new(&allowed))?;
    Ok(())
}

fn reference(writer: &mut Xml, name: &str, object: &str) -> io::Result<()> {
    writer.create_element(name).with_attribute(("VOReference", object)).write_empty()?;
    Ok(())
}

fn element(writer: &mut Xml, name: &str, inner: impl FnOnce(&mut Xml) -> io::Result<()>) -> io::Result<()> {
    writer.create_element(name).write_inner_content(inner)?;
    Ok(())
}

/// What the report refers to, each once.
#[derive(Default)]
struct Objects {
    by_id: BTreeMap<String, Object>,
}

struct Object {
    kind: &'static str,
    octets: Vec<u8>,
}

impl Objects {
    fn certificate(&mut self, certificate: &CertificateReport) -> String {
        self.add("C", "certificate", &certificate.der)
    }

    fn add(&mut self, letter: &str, kind: &'static str, octets: &[u8]) -> String {
        let id = format!("{letter}-{}", hexadecimal(&Sha256::digest(octets)));
        self.by_id.entry(id.clone()).or_insert_with(|| Object { kind, octets: octets.to_vec() });
        id
    }

    fn write(&self, writer: &mut Xml) -> io::Result<()> {
        if self.by_id.is_empty() {
            return Ok(());
        }
        element(writer, "SignatureValidationObjects", |writer| {
            for (id, object) in &self.by_id {
                let one = writer.create_element("ValidationObject").with_attribute(("id", id.as_str()));
                one.write_inner_content(|writer| {
                    text(writer, "ObjectType", &format!("{OBJECT}{}", object.kind))?;
                    element(writer, "ValidationObjectRepresentation", |writer| {
                        text(writer, "base64", &STANDARD.encode(&object.octets))
                    })
                })?;
            }
            Ok(())
        })
    }
}

fn write_signature(
    writer: &mut Xml,
    report: &Report,
    signature: &SignatureReport,
    number: usize,
    objects: &mut Objects,
) -> io::Result<()> {
    element(writer, "SignatureValidationReport", |writer| {
        write_identifier(writer, signature, number)?;
        write_constraints(writer, &signature.steps)?;
        element(writer, "ValidationTimeInfo", |writer| {
            text(writer, "ValidationTime", &report.validation_time.to_string())?;
            element(writer, "BestSignatureTime", |writer| {
                write_best_signature_time(writer, signature, objects)
            })
        })?;
        write_attributes(writer, signature, objects)?;
        write_signer(writer, signature, objects)?;
        element(writer, "SignatureValidationProcess", |writer| {
            text(writer, "SignatureValidationProcessID", &format!("{PROCESS}{}", process(signature)))
        })?;
        element(writer, "SignatureValidationStatus", |writer| {
            write_indications(writer, signature.indication, signature.sub_indication)?;
            write_report_data(writer, signature, objects)
        })
    })
}

fn write_identifier(writer: &mut Xml, signature: &SignatureReport, number: usize) -> io::Result<()> {
    let id = format!("S-{}", number + 1);
    let identifier = writer.create_element("SignatureIdentifier").with_attribute(("id", id.as_str()));
    identifier.write_inner_content(|writer| {
        text(writer, "HashOnly", "false")?;
        text(writer, "DocHashOnly", "false")?;
        text(writer, "DAIdentifier", &signature.name)
    })?;
    Ok(())
}

fn write_constraints(writer: &mut Xml, steps: &[StepReport]) -> io::Result<()> {
    element(writer, "ValidationConstraintsEvaluationReport", |writer| {
        for step in steps {
            element(writer, "ValidationConstraint", |writer| {
                text(writer, "ValidationConstraintIdentifier", &format!("{CONSTRAINT}{}", step.step.name()))?;
                let applied = step.outcome != Outcome::NotDone;
                element(writer, "ConstraintStatus", |writer| {
                    text(writer, "Status", if applied { CONSTRAINT_APPLIED } else { CONSTRAINT_DISABLED })
                })?;
                if !applied {
                    return Ok(());
                }
                element(writer, "ValidationStatus", |writer| {
                    let indication = match step.sub_indication.map(SubIndication::indication) {
                        None => "passed",
                        Some(Indication::TotalFailed) => "failed",
                        Some(_) => "indeterminate",
                    };
                    text(writer, "MainIndication", &format!("{MAIN_INDICATION}{indication}"))?;
                    write_sub_indication(writer, step.sub_indication)
                })
            })?;
        }
        Ok(())
    })
}

fn write_best_signature_time(
    writer: &mut Xml,
    signature: &SignatureReport,
    objects: &mut Objects,
) -> io::Result<()> {
    text(writer, "POETime", &signature.best_signature_time.to_string())?;
    text(writer, "TypeOfProof", PROOF_BY_VALIDATION)?;
    let proof = signature.time_stamps.iter().find(|stamp| {
        stamp.kind != TimeStampKind::Content
            && stamp.is_passed()
            && stamp.time == Some(signature.best_signature_time)
    });
    match proof {
        Some(stamp) => reference(writer, "POEObject", &objects.add("T", "timestamp", &stamp.token)),
        None => Ok(()),
    }
}

fn write_attributes(writer: &mut Xml, signature: &SignatureReport, objects: &mut Objects) -> io::Result<()> {
    let stamps: Vec<(&str, DateTime, String)> = signature
        .time_stamps
        .iter()
        .filter_map(|stamp| {
            let name = match (stamp.kind, signature.format) {
                (TimeStampKind::Content, _) => "AllDataObjectsTimeStamp",
                (TimeStampKind::Signature, _) => "SignatureTimeStamp",
                (TimeStampKind::Archive, SignatureFormat::Pades) => "DocTimeStamp",
                (TimeStampKind::Archive, _) => "ArchiveTimeStamp",
            };
            Some((name, stamp.time?, objects.add("T", "timestamp", &stamp.token)))
        })
        .collect();
    if signature.signing_time.is_none() && stamps.is_empty() {
        return Ok(());
    }
    element(writer, "SignatureAttributes", |writer| {
        if let Some(time) = signature.signing_time {
            let claimed = writer.create_element("SigningTime").with_attribute(("Signed", "true"));
            claimed.write_inner_content(|writer| text(writer, "Time", &time.to_string()))?;
        }
        for (name, time, object) in &stamps {
            element(writer, name, |writer| {
                reference(writer, "AttributeObject", object)?;
                text(writer, "TimeStampValue", &time.to_string())
            })?;
        }
        Ok(())
    })
}

fn write_signer(writer: &mut Xml, signature: &SignatureReport, objects: &mut Objects) -> io::Result<()> {
    let (Some(signer), Some(certificate)) = (&signature.signer, signature.chain.first()) else {
        return Ok(());
    };
    let object = objects.certificate(certificate);
    element(writer, "SignerInformation", |writer| {
        reference(writer, "SignerCertificate", &object)?;
        match &signer.name {
            Some(name) => text(writer, "Signer", name),
            None => Ok(()),
        }
    })
}

/// Which of the standard's processes came to bear.
fn process(signature: &SignatureReport) -> &'static str {
    let has = |kind| signature.time_stamps.iter().any(|stamp| stamp.kind == kind);
    if has(TimeStampKind::Archive) {
        "LTA"
    } else if has(TimeStampKind::Signature) {
        "LTVM"
    } else {
        "Basic"
    }
}

fn write_indications(
    writer: &mut Xml,
    indication: Indication,
    sub_indication: Option<SubIndication>,
) -> io::Result<()> {
    let name = indication.name().to_ascii_lowercase();
    text(writer, "MainIndication", &format!("{MAIN_INDICATION}{name}"))?;
    write_sub_indication(writer, sub_indication)
}

fn write_sub_indication(writer: &mut Xml, sub_indication: Option<SubIndication>) -> io::Result<()> {
    match sub_indication {
        Some(sub_indication) => {
            text(writer, "SubIndication", &format!("{SUB_INDICATION}{}", sub_indication.name()))
        }
        None => Ok(()),
    }
}

fn write_report_data(writer: &mut Xml, signature: &SignatureReport, objects: &mut Objects) -> io::Result<()> {
    let is_test = signature.assurance == Assurance::Test;
    if signature.chain.is_empty() && !is_test {
        return Ok(());
    }
    element(writer, "AssociatedValidationReportData", |writer| {
        if let Some((leaf, issuers)) = signature.chain.split_first() {
            write_chain(writer, leaf, issuers, objects)?;
        }
        if !is_test {
            return Ok(());
        }
        element(writer, "AdditionalValidationReportData", |writer| {
            element(writer, "ReportData", |writer| {
                text(writer, "Type", ASSURANCE)?;
                text(writer, "Value", "test")
            })
        })
    })
}

fn write_chain(
    writer: &mut Xml,
    leaf: &CertificateReport,
    issuers: &[CertificateReport],
    objects: &mut Objects,
) -> io::Result<()> {
    let leaf_object = objects.certificate(leaf);
    let above: Vec<(bool, String)> = issuers
        .iter()
        .map(|issuer| (issuer.revocation == RevocationFinding::Anchor, objects.certificate(issuer)))
        .collect();
    let anchor = above.iter().find(|(is_anchor, _)| *is_anchor).map(|(_, object)| object.clone());
    let anchor =
        anchor.or_else(|| (leaf.revocation == RevocationFinding::Anchor).then(|| leaf_object.clone()));
    if let Some(anchor) = &anchor {
        reference(writer, "TrustAnchor", anchor)?;
    }
    element(writer, "CertificateChain", |writer| {
        reference(writer, "SigningCertificate", &leaf_object)?;
        for (_, object) in above.iter().filter(|(is_anchor, _)| !is_anchor) {
            reference(writer, "IntermediateCertificate", object)?;
        }
        match &anchor {
            Some(anchor) => reference(writer, "TrustAnchor", anchor),
            None => Ok(()),
        }
    })?;
    let revoked =
        std::iter::once(leaf).chain(issuers).find_map(|certificate| match &certificate.revocation {
            RevocationFinding::Revoked { since, reason } => Some((certificate, since, reason)),
            _ => None,
        });
    let Some((certificate, since, reason)) = revoked else { return Ok(()) };
    let object = objects.certificate(certificate);
    element(writer, "RevocationStatusInformation", |writer| {
        reference(writer, "ValidationObjectId", &object)?;
        text(writer, "RevocationTime", &since.to_string())?;
        match reason {
            Some(reason) => text(writer, "RevocationReason", &format!("{REVOCATION_REASON}{reason}")),
            None => Ok(()),
        }
    })
}

//! What the signatures of a file are worth (EN 319 102-1).

use bitaqa_signature::{
    document,
    pdf::Source,
    validation::{
        self, Indication, Report, ValidationSettings, needs,
        report_xml::{self, ReportXmlError},
    },
};
use bitaqa_trust::revocation::OnMissingEvidence;
use serde::{Deserialize, Serialize};

use crate::{
    fetching::{Answer, Need},
    refusal::{Code, Refusal},
    request::Bytes,
    trust::{Beside, StatedList, certificates, moment, store, verified_lists},
};

/// Most answers and pieces of evidence.
const MAX_EVIDENCE: usize = 1024;

/// On whose word.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Verification {
    /// The time at which signatures are judged, in seconds since 1970.
    pub at: u64,
    /// Certificates that are trusted about signers: self-signed ones are anchors, others help to get there.
    pub trust: Vec<Bytes>,
    /// The same about time stamps; those about signers if it is missing.
    pub time_stamp_trust: Option<Vec<Bytes>>,
    /// Trusted lists (TS 119 612), which say who is qualified.
    #[serde(default)]
    pub trusted_lists: Vec<StatedList>,
    /// Certificates among all these that count for tests alone: a verdict that rests on one says so.
    #[serde(default)]
    pub test_trust: Vec<Bytes>,
    /// What is done where nobody can tell whether a certificate was revoked.
    pub on_missing_revocation: Option<OnMissingEvidence>,
    /// Names of the documents beside the file.
    #[serde(default)]
    pub detached: Vec<Option<String>>,
    /// Revocation lists that were kept, in DER.
    #[serde(default)]
    pub revocation_lists: Vec<Bytes>,
    /// Answers of responders that were kept, in DER.
    #[serde(default)]
    pub ocsp_responses: Vec<Bytes>,
    /// What came for earlier needs.
    #[serde(default)]
    pub answers: Vec<Answer>,
    /// Which forms the report has beside the one in JSON.
    #[serde(default)]
    pub also_as: Vec<ReportForm>,
}

/// A form of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportForm {
    /// XML (TS 119 102-2).
    Xml,
}

/// What came of it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verified {
    /// The report.
    pub report: Report,
    /// What would help to judge what is undecided.
    pub needs: Vec<Need>,
    /// The report in XML, if it was asked for and there is a signature to report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report_xml: Option<String>,
}

/// Validates every signature of a file.
///
/// # Errors
/// [`Code::TrustInvalid`], [`Code::DocumentInvalid`]: no signed file of a known kind; [`Code::RequestInvalid`].
pub fn verify(file: &dyn Source, asked: Verification, contents: &[Vec<u8>]) -> Result<Verified, Refusal> {
    let evidence = asked.answers.len() + asked.revocation_lists.len() + asked.ocsp_responses.len();
    if evidence > MAX_EVIDENCE {
        return Err(Refusal::new(Code::TooLarge, "more evidence than is looked at"));
    }
    let beside = Beside::new(&asked.detached, contents)?;
    let found = document::signatures_in(file, &beside)?;
    let mut settings = ValidationSettings::new(moment(asked.at)?);
    settings.signers = store(&asked.trust)?;
    settings.time_stamp_authorities = store(asked.time_stamp_trust.as_ref().unwrap_or(&asked.trust))?;
    settings.trusted_lists = verified_lists(&asked.trusted_lists, settings.time)?;
    for certificate in certificates("testTrust", &asked.test_trust)? {
        settings.test_trust.add(&certificate);
    }
    if let Some(demand) = asked.on_missing_revocation {
        settings.constraints.on_missing_revocation = demand;
    }
    settings.evidence.lists = asked.revocation_lists.into_iter().map(|list| list.0).collect();
    settings.evidence.answers = asked.ocsp_responses.into_iter().map(|answer| answer.0).collect();
    for answer in asked.answers {
        answer.add_to_evidence(&mut settings.evidence);
    }
    let report = validation::validate(&found, &settings);
    let needs = if report.indication == Indication::Indeterminate {
        needs::of(&found, &settings, None).into_iter().map(Need::of_validation).collect()
    } else {
        Vec::new()
    };
    let report_xml = if asked.also_as.contains(&ReportForm::Xml) { in_xml(&report)? } else { None };
    Ok(Verified { report, needs, report_xml })
}

fn in_xml(report: &Report) -> Result<Option<String>, Refusal> {
    match report_xml::to_xml(report) {
        Ok(xml) => Ok(Some(xml)),
        Err(ReportXmlError::NoSignature) => Ok(None),
        Err(error) => Err(Refusal::new(Code::Internal, error)),
    }
}

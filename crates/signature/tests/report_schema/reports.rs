//! Reports of every verdict, format and level.

use std::io::Cursor;

use bitaqa_signature::{
    FileKind, FoundSignature, Level,
    asic::{self, Container, ContainerKind, File, SignatureKind},
    cades,
    document::{self, DetachedContent, NoContent},
    trusted_list::qualification::QualificationLevel,
    validation::{
        Indication, Report, SubIndication, ValidationSettings, report::RevocationFinding, report_xml,
        validate,
    },
};
use bitaqa_trust::{Assurance, TrustStore};

use crate::{
    files::{self, CONTENT, Detached, SignedFile},
    lists::{Draft, operator},
    support::{
        Kind,
        cms::{self, statement},
        dated::earlier,
        judge, now, pki,
    },
};

/// Reports by a name that a fault is told with.
#[derive(Default)]
pub(crate) struct Reports(Vec<(String, String)>);

impl Reports {
    /// Adds one, which must be of this verdict.
    #[track_caller]
    fn add(&mut self, name: &str, report: &Report, verdict: (Indication, Option<SubIndication>)) {
        assert_eq!((report.indication, report.sub_indication), verdict, "{name}: {report:#?}");
        self.add_xml(name, report_xml::to_xml(report).unwrap());
    }

    pub(crate) fn add_xml(&mut self, name: &str, xml: String) {
        self.0.push((name.to_owned(), xml));
    }

    /// What the schema has against them.
    pub(crate) fn judged(&self) -> judge::Verdict {
        let folder = tempfile::tempdir().unwrap();
        let files = self.0.iter().map(|(name, xml)| {
            let file = folder.path().join(name);
            std::fs::write(&file, xml).unwrap();
            file
        });
        judge::validation_reports(files)
    }

    #[track_caller]
    fn are_accepted(&self, number: usize) {
        assert_eq!(self.0.len(), number);
        let verdict = self.judged();
        assert!(verdict.success, "{}", verdict.text);
    }
}

const PASSED: (Indication, Option<SubIndication>) = (Indication::TotalPassed, None);

const fn open(why: SubIndication) -> (Indication, Option<SubIndication>) {
    (Indication::Indeterminate, Some(why))
}

const fn failed(why: SubIndication) -> (Indication, Option<SubIndication>) {
    (Indication::TotalFailed, Some(why))
}

/// Another content than the one that was signed.
struct Other;

impl DetachedContent for Other {
    fn read(&self, _: Option<&str>, sink: &mut dyn FnMut(&[u8])) -> bool {
        sink(b"The price is 900 dirhams.");
        true
    }
}

/// The file with another price, where what is signed stands in it as it is.
fn changed(signed: &SignedFile) -> Option<Vec<u8>> {
    let place = signed.bytes.windows(CONTENT.len()).position(|window| window == CONTENT)?;
    let digit = place + CONTENT.iter().position(u8::is_ascii_digit)?;
    let mut bytes = signed.bytes.clone();
    bytes[digit] = b'9';
    Some(bytes)
}

fn hexadecimal(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// A signature in CMS by the usual signer.
pub(crate) fn found() -> Vec<FoundSignature> {
    let message = cms::signed(&pki().signer(Kind::P256), true);
    cades::read(&message, &mut cades::no_content).unwrap()
}

/// Settings that trust the root, with the lists of this moment: one in which the signer's certificate, which is made where it is
/// first asked for, is valid.
pub(crate) fn settings() -> ValidationSettings {
    let _ = pki().signer(Kind::P256);
    let mut settings = ValidationSettings::new(now());
    settings.signers.add_anchor(pki().root());
    settings.time_stamp_authorities.add_anchor(pki().root());
    settings.evidence.lists = vec![pki().revocation_list(), pki().root_revocation_list()];
    settings
}

#[test]
fn every_form_of_file_at_its_lowest_and_highest_level() {
    let settings = files::settings();
    let nobody = ValidationSettings { signers: TrustStore::new(), ..settings.clone() };
    let mut reports = Reports::default();
    for signed in files::files() {
        let name = |what: &str| format!("{:?}_{what}", signed.form);
        let content = Detached(signed.form);
        let report = |file: &[u8], content: &dyn DetachedContent, settings: &ValidationSettings| {
            validate(&document::signatures(file, content).unwrap(), settings)
        };
        reports.add(&name("b_b"), &report(&signed.bytes, &content, &settings), PASSED);
        let archived = report(&files::raised(&signed, Level::BLta).bytes, &content, &settings);
        assert_eq!(archived.signatures[0].level, Some(Level::BLta));
        reports.add(&name("b_lta"), &archived, PASSED);
        let stranger = report(&signed.bytes, &content, &nobody);
        reports.add(&name("nobody"), &stranger, open(SubIndication::NoCertificateChainFound));
        if content.read(None, &mut |_| {}) {
            let other = report(&signed.bytes, &Other, &settings);
            reports.add(&name("other"), &other, failed(SubIndication::HashFailure));
            let alone = report(&signed.bytes, &NoContent, &settings);
            reports.add(&name("alone"), &alone, open(SubIndication::SignedDataNotFound));
        } else if let Some(changed) = changed(&signed) {
            // of an archive the check sum is wrong as well, and nothing can be read
            let is_archive = FileKind::of(&changed) == Some(FileKind::Container);
            let why = if is_archive {
                open(SubIndication::SignedDataNotFound)
            } else {
                failed(SubIndication::HashFailure)
            };
            reports.add(&name("changed"), &report(&changed, &content, &settings), why);
        }
    }
    reports.are_accepted(55);
}

#[test]
fn several_signatures_and_signatures_over_signatures() {
    let (first, second) = (pki().signer(Kind::P256), pki().signer(Kind::Rsa2048));
    let (signer, other) = (first.best(), second.best());
    let file = [File { name: "عقد & <1>.txt", media_type: Some("text/plain"), content: CONTENT }];
    let mut reports = Reports::default();
    for kind in [SignatureKind::Cades, SignatureKind::Xades] {
        let prepared = asic::prepare(&signer, ContainerKind::Extended, kind, &file, &statement()).unwrap();
        let signature = first.sign(signer.algorithm(), &prepared.digest());
        let container = prepared.finish(&signature).unwrap();
        let mut container = Container::open(Cursor::new(container)).unwrap();
        let prepared = asic::prepare_beside(&mut container, &other, kind, &statement()).unwrap();
        let signature = second.sign(other.algorithm(), &prepared.digest());
        let both = prepared.finish(&mut container, &signature).unwrap();
        let report = validate(&document::signatures(&both, &NoContent).unwrap(), &settings());
        assert_eq!(report.signatures.len(), 2);
        reports.add(&format!("container_{kind:?}"), &report, PASSED);
    }
    let mut countersigned = found();
    let counter = found().remove(0);
    countersigned[0].counter_signatures = vec![counter.clone(), counter.clone()];
    countersigned[0].counter_signatures[0].counter_signatures.push(counter);
    let report = validate(&countersigned, &settings());
    assert_eq!(report.signatures[0].counter_signatures.len(), 2);
    reports.add("countersigned", &report, PASSED);
    reports.are_accepted(3);
}

#[test]
fn revoked_qualified_and_for_tests() {
    let mut reports = Reports::default();
    let holder = pki().issue("revoked_in_report", Kind::P256, "/CN=A & <B> \"ÉÈ\" أمينة", "signer");
    let message = cms::signed(&holder, true);
    pki().revoke_at(&holder, earlier(now(), 3600), Some("keyCompromise"));
    let revoked = cades::read(&message, &mut cades::no_content).unwrap();
    reports.add("revoked", &validate(&revoked, &settings()), open(SubIndication::RevokedNoPoe));

    // whose certificate was revoked is told of an authority too
    let mut of_authority = settings();
    of_authority.evidence.lists[1] = pki().root_list_revoking_authority(earlier(now(), 3600));
    let report = validate(&found(), &of_authority);
    let xml = report_xml::to_xml(&report).unwrap();
    let authority = format!("C-{}", hexadecimal(&pki().authority().sha256()));
    let told =
        format!("<RevocationStatusInformation>\n          <ValidationObjectId VOReference=\"{authority}\"/>");
    assert!(xml.contains(&told), "{xml}");
    reports.add("authority_revoked", &report, open(SubIndication::RevokedCaNoPoe));

    let unknown = ValidationSettings::new(now());
    reports.add("unknown", &validate(&found(), &unknown), open(SubIndication::NoCertificateChainFound));
    let mut later = settings();
    later.evidence.lists.clear();
    reports.add("later", &validate(&found(), &later), open(SubIndication::TryLater));

    let holder = pki().issue("qualified", Kind::P256, "/C=MA/CN=AMINA EXEMPLE", "qualified");
    let message = cms::signed(&holder, true);
    let qualified = cades::read(&message, &mut cades::no_content).unwrap();
    let mut listed = settings();
    listed.trusted_lists = vec![Draft::new().verified("in_report")];
    for (name, assurance) in [("qualified", Assurance::Production), ("qualified_for_tests", Assurance::Test)]
    {
        let report = validate(&qualified, &listed);
        assert_eq!(report.signatures[0].qualification.level, QualificationLevel::Qualified);
        assert_eq!(report.assurance, assurance);
        reports.add(name, &report, PASSED);
        listed.test_trust.add(&operator().certificate);
    }
    // without a chain to report there is still that
    let mut stranger = validate(&qualified, &listed);
    stranger.signatures[0].chain.clear();
    reports.add("for_tests_without_a_chain", &stranger, PASSED);
    reports.are_accepted(7);
}

#[test]
fn whatever_a_report_can_say() {
    let passed = validate(&found(), &settings());
    let mut reports = Reports::default();
    for why in SubIndication::ALL {
        let mut report = passed.clone();
        (report.indication, report.sub_indication) = (why.indication(), Some(why));
        let signature = &mut report.signatures[0];
        (signature.indication, signature.sub_indication) = (why.indication(), Some(why));
        signature.steps[0].sub_indication = Some(why);
        reports.add(why.name(), &report, (why.indication(), Some(why)));
    }
    for (name, reason) in [("with_a_reason", Some("keyCompromise")), ("without_a_reason", None)] {
        let mut report = passed.clone();
        for certificate in &mut report.signatures[0].chain {
            certificate.revocation = RevocationFinding::Revoked { since: now(), reason };
        }
        reports.add(name, &report, PASSED);
    }
    let mut anchor = passed.clone();
    anchor.signatures[0].chain.truncate(1);
    anchor.signatures[0].chain[0].revocation = RevocationFinding::Anchor;
    reports.add("anchor_itself", &anchor, PASSED);
    let mut nameless = passed.clone();
    nameless.signatures[0].name = String::new();
    nameless.signatures[0].signing_time = None;
    nameless.signatures[0].signer.as_mut().unwrap().name = Some("\0\r\n\u{7f}\u{fffe}<&]]>".to_owned());
    nameless.signatures[0].steps.clear();
    reports.add("nameless", &nameless, PASSED);
    reports.are_accepted(28);
}

//! Signatures without time stamps: the basic process.

use bitaqa_signature::{
    Level, SignerStatement,
    found::{FoundSignature, Integrity, SigningCertificate},
    statement::SignaturePolicy,
    validation::{
        Indication, SubIndication,
        settings::{KeyUsageConstraint, UnboundCertificate},
        validate,
    },
};
use bitaqa_trust::{ObjectIdentifier, TrustStore, revocation::OnMissingEvidence};

use crate::{
    files::{
        CONTENT, found, judge, lists, settings, settings_with_lists, sign, sign_stating, trusting, verdict,
    },
    support::{
        Kind,
        dated::{DAY, earlier, later},
        judge as judges, now, pki,
    },
};

fn open(sub_indication: SubIndication) -> (&'static str, Option<&'static str>) {
    ("INDETERMINATE", Some(sub_indication.name()))
}

fn failed(sub_indication: SubIndication) -> (&'static str, Option<&'static str>) {
    ("TOTAL-FAILED", Some(sub_indication.name()))
}

const PASSED: (&str, Option<&str>) = ("TOTAL-PASSED", None);

#[test]
fn a_signature_passes_with_lists_and_with_answers() {
    for kind in Kind::ALL {
        let holder = pki().signer(kind);
        let message = sign(&holder);
        let with_lists = judge(&message, &settings_with_lists(now()));
        assert_eq!(verdict(&with_lists), PASSED, "{kind:?}: {with_lists:#?}");
        assert_eq!(with_lists.signatures[0].level, Some(Level::BB));
        assert!(with_lists.signatures[0].cryptographically_intact);

        let mut with_answers = settings(now());
        with_answers.evidence.answers.push(pki().ocsp_response(&holder));
        with_answers.evidence.lists.push(pki().root_revocation_list());
        assert_eq!(verdict(&judge(&message, &with_answers)), PASSED, "{kind:?}");
    }
}

#[test]
fn without_evidence_it_is_open_unless_the_verifier_accepts_that() {
    let message = sign(&pki().signer(Kind::P256));
    let mut settings = settings(now());
    assert_eq!(verdict(&judge(&message, &settings)), open(SubIndication::TryLater));
    settings.constraints.on_missing_revocation = OnMissingEvidence::Accept;
    let report = judge(&message, &settings);
    assert_eq!(verdict(&report), PASSED);
    assert!(!report.signatures[0].remarks.is_empty(), "what was not checked is said");
}

#[test]
fn evidence_that_is_out_of_date_is_none() {
    let message = sign(&pki().signer(Kind::P256));
    let lists = lists(pki());
    // the lists are good for thirty days
    for (days, wanted) in [(29, PASSED), (31, open(SubIndication::TryLater))] {
        let mut settings = settings(later(now(), days * DAY));
        settings.evidence.lists.clone_from(&lists);
        assert_eq!(verdict(&judge(&message, &settings)), wanted, "after {days} days");
    }
}

#[test]
fn who_is_not_trusted_has_no_chain() {
    let message = sign(&pki().signer(Kind::P256));
    let mut settings = settings_with_lists(now());
    settings.signers = TrustStore::new();
    let report = judge(&message, &settings);
    assert_eq!(verdict(&report), open(SubIndication::NoCertificateChainFound));
    assert!(report.signatures[0].chain.is_empty());
}

#[test]
fn a_pinned_certificate_needs_no_authority() {
    let holder = pki().signer(Kind::P256);
    let mut settings = settings(now());
    settings.signers = trusting(holder.certificate.clone());
    assert_eq!(verdict(&judge(&sign(&holder), &settings)), PASSED);
}

#[test]
fn a_revoked_signer_is_open_as_long_as_nobody_knows_when_it_was_signed() {
    let holder = pki().issue("revoked_before", Kind::P256, "/CN=AMINA EXEMPLE", "signer");
    let message = sign(&holder);
    pki().revoke_at(&holder, earlier(now(), 3600), None);
    assert_eq!(verdict(&judge(&message, &settings_with_lists(now()))), open(SubIndication::RevokedNoPoe));
    let mut with_answer = settings(now());
    with_answer.evidence.answers.push(pki().ocsp_response(&holder));
    with_answer.evidence.lists.push(pki().root_revocation_list());
    assert_eq!(verdict(&judge(&message, &with_answer)), open(SubIndication::RevokedNoPoe));
}

#[test]
fn one_answer_that_says_revoked_outweighs_older_good_ones() {
    let holder = pki().issue("revoked_later", Kind::P256, "/CN=AMINA EXEMPLE", "signer");
    let message = sign(&holder);
    let mut settings = settings_with_lists(now());
    settings.evidence.answers.push(pki().ocsp_response(&holder));
    pki().revoke_at(&holder, earlier(now(), 3600), Some("keyCompromise"));
    settings.evidence.answers.push(pki().ocsp_response(&holder));
    assert_eq!(verdict(&judge(&message, &settings)), open(SubIndication::RevokedNoPoe));
}

#[test]
fn a_certificate_on_hold_may_be_good_again() {
    let holder = pki().issue("on_hold", Kind::P256, "/CN=AMINA EXEMPLE", "signer");
    let message = sign(&holder);
    pki().revoke_at(&holder, earlier(now(), 3600), Some("certificateHold"));
    assert_eq!(verdict(&judge(&message, &settings_with_lists(now()))), open(SubIndication::TryLater));
}

#[test]
fn an_expired_signer_is_open() {
    let end = later(now(), DAY);
    let holder = pki().issue_until(("expiring", Kind::P256), "/CN=AMINA EXEMPLE", "signer", end);
    let message = sign(&holder);
    let lists = lists(pki());
    let mut settings = settings(later(now(), 2 * DAY));
    assert_eq!(verdict(&judge(&message, &settings)), open(SubIndication::OutOfBoundsNoPoe));
    settings.evidence.lists = lists;
    assert_eq!(verdict(&judge(&message, &settings)), open(SubIndication::OutOfBoundsNotRevoked));
    settings.time = earlier(now(), 400 * DAY);
    assert_eq!(verdict(&judge(&message, &settings)), open(SubIndication::NotYetValid));
}

#[test]
fn a_key_for_signing_in_signs_no_document() {
    let holder = pki().issue("for_sign_in", Kind::P256, "/CN=AMINA EXEMPLE", "sign_in");
    let message = by_openssl(&holder, &["-cades"]);
    let mut settings = settings_with_lists(now());
    assert_eq!(verdict(&judge(&message, &settings)), open(SubIndication::SigConstraintsFailure));
    settings.constraints.key_usage = KeyUsageConstraint::ContentCommitmentOrSignature;
    assert_eq!(verdict(&judge(&message, &settings)), PASSED);
}

#[test]
fn a_signature_that_does_not_name_its_certificate_is_open_and_has_no_level() {
    let message = by_openssl(&pki().signer(Kind::P256), &[]);
    let mut settings = settings_with_lists(now());
    let report = judge(&message, &settings);
    assert_eq!(verdict(&report), open(SubIndication::SigConstraintsFailure));
    assert_eq!(report.signatures[0].level, None);
    settings.constraints.unbound_certificate = UnboundCertificate::Accept;
    let report = judge(&message, &settings);
    assert_eq!(verdict(&report), PASSED);
    assert_eq!(report.signatures[0].level, None);
}

fn by_openssl(holder: &crate::support::Holder, more: &[&str]) -> Vec<u8> {
    let content = pki().file(&format!("{}.txt", holder.name), CONTENT);
    let certificate = holder.certificate_file.to_str().unwrap();
    let key = holder.key_file.to_str().unwrap();
    let arguments = ["cms", "-sign", "-binary", "-nodetach", "-md", "sha256", "-outform", "DER", "-signer"];
    let ends = [certificate, "-inkey", key, "-in", content.to_str().unwrap()];
    pki().run(&[&arguments[..], &ends[..], more].concat())
}

#[test]
fn statements_policies_and_laws_are_demanded_one_by_one() {
    let holder = pki().issue("qualified", Kind::P256, "/C=MA/CN=AMINA EXEMPLE", "qualified");
    let message = sign(&holder);
    let oid = ObjectIdentifier::new_unwrap;
    let base = settings_with_lists(now());
    let with = |change: &dyn Fn(&mut bitaqa_signature::validation::Constraints)| {
        let mut settings = base.clone();
        change(&mut settings.constraints);
        judge(&message, &settings)
    };
    let right = with(&|constraints| {
        constraints.qualified_statements.statements = vec![oid("0.4.0.1862.1.1"), oid("0.4.0.1862.1.4")];
        constraints.qualified_statements.types = vec![oid("0.4.0.1862.1.6.2"), oid("0.4.0.1862.1.6.1")];
        constraints.qualified_statements.legislations = vec!["MA".to_owned()];
    });
    assert_eq!(verdict(&right), PASSED);
    let constraint = open(SubIndication::SigConstraintsFailure);
    let statement = with(&|constraints| {
        constraints.qualified_statements.statements = vec![oid("0.4.0.1862.1.5")];
    });
    assert_eq!(verdict(&statement), constraint);
    let kind = with(&|constraints| constraints.qualified_statements.types = vec![oid("0.4.0.1862.1.6.3")]);
    assert_eq!(verdict(&kind), constraint);
    let law = with(&|constraints| constraints.qualified_statements.legislations = vec!["BH".to_owned()]);
    assert_eq!(verdict(&law), constraint);
    let policy = with(&|constraints| constraints.certificate_policies = vec![oid("1.2.3.4")]);
    assert_eq!(verdict(&policy), open(SubIndication::ChainConstraintsFailure));
}

#[test]
fn a_signature_policy_must_be_known_where_policies_are_demanded() {
    let known = ObjectIdentifier::new_unwrap("1.2.3.4.5");
    let policy = SignaturePolicy {
        identifier: known,
        digest: vec![1; 32],
        hash: bitaqa_signature::Hash::Sha256,
        uri: None,
    };
    let statement =
        SignerStatement { signing_time: Some(now()), policy: Some(policy), ..SignerStatement::default() };
    let message = sign_stating(&pki().signer(Kind::P256), &statement);
    let mut settings = settings_with_lists(now());
    assert_eq!(verdict(&judge(&message, &settings)), PASSED);
    settings.constraints.signature_policies = Some(vec![known]);
    assert_eq!(verdict(&judge(&message, &settings)), PASSED);
    settings.constraints.signature_policies = Some(Vec::new());
    assert_eq!(verdict(&judge(&message, &settings)), open(SubIndication::SignaturePolicyNotAvailable));
}

#[test]
fn what_the_reader_found_broken_decides() {
    let message = sign(&pki().signer(Kind::P256));
    let settings = settings_with_lists(now());
    let with = |change: fn(&mut FoundSignature)| {
        let mut all = found(&message);
        change(&mut all[0]);
        validate(&all, &settings)
    };
    let cases: [(fn(&mut FoundSignature), _); 7] = [
        (|one| one.integrity = Integrity::ContentChanged, failed(SubIndication::HashFailure)),
        (|one| one.integrity = Integrity::SignatureInvalid, failed(SubIndication::SigCryptoFailure)),
        (|one| one.integrity = Integrity::ContentMissing, open(SubIndication::SignedDataNotFound)),
        (|one| one.integrity = Integrity::NotVerified, open(SubIndication::Generic)),
        (|one| one.format_faults.push("broken".to_owned()), failed(SubIndication::FormatFailure)),
        (|one| one.signer = SigningCertificate::Mismatch, open(SubIndication::NoSigningCertificateFound)),
        (|one| one.signer = SigningCertificate::NotFound, open(SubIndication::NoSigningCertificateFound)),
    ];
    for (change, wanted) in cases {
        let report = with(change);
        assert_eq!(verdict(&report), wanted);
        assert!(!report.is_passed());
    }
    let nothing = validate(&[], &settings);
    assert_eq!(nothing.indication, Indication::Indeterminate);
    assert_eq!(nothing.sub_indication, Some(SubIndication::Generic));
}

#[test]
fn an_algorithm_that_is_not_accepted_is_never_passed() {
    let holder = pki().signer(Kind::Rsa2048);
    let content = pki().file("sha1.txt", CONTENT);
    let message = pki().run(&[
        "cms",
        "-sign",
        "-binary",
        "-nodetach",
        "-md",
        "sha1",
        "-cades",
        "-certfile",
        "ca.pem",
        "-outform",
        "DER",
        "-signer",
        holder.certificate_file.to_str().unwrap(),
        "-inkey",
        holder.key_file.to_str().unwrap(),
        "-in",
        content.to_str().unwrap(),
    ]);
    let report = judge(&message, &settings_with_lists(now()));
    assert_eq!(verdict(&report), open(SubIndication::CryptoConstraintsFailureNoPoe));
    assert!(!report.signatures[0].cryptographically_intact);
    // and it is what openssl made, which takes it
    let file = pki().file("sha1.p7m", &message);
    let root = pki().path("root.pem");
    let taken = judges::ask(
        "openssl",
        [
            "cms".as_ref(),
            "-verify".as_ref(),
            "-binary".as_ref(),
            "-inform".as_ref(),
            "DER".as_ref(),
            "-in".as_ref(),
            file.as_os_str(),
            "-CAfile".as_ref(),
            root.as_os_str(),
            "-purpose".as_ref(),
            "any".as_ref(),
        ],
    );
    assert!(taken.success, "{}", taken.text);
}

#[test]
fn the_worst_signature_is_the_verdict_of_the_file() {
    let good = found(&sign(&pki().signer(Kind::P256)));
    let mut all = [good.clone(), good].concat();
    all[1].integrity = Integrity::ContentChanged;
    let report = validate(&all, &settings_with_lists(now()));
    assert_eq!(report.signatures[0].indication, Indication::TotalPassed);
    assert_eq!(
        (report.indication, report.sub_indication),
        (Indication::TotalFailed, Some(SubIndication::HashFailure))
    );
}

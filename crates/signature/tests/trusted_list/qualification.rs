//! "Qualified" is said only with a verified list that says so, of both times.

use bitaqa_signature::{
    SignatureAlgorithm, Signer, SignerStatement,
    cades::{self, Content, Profile},
    trusted_list::{
        VerifiedTrustedList,
        qualification::{Purpose, Qualification, QualificationLevel},
    },
    validation::{ValidationSettings, validate},
};
use bitaqa_trust::{Assurance, Certificate, DateTime, TrustStore};

use crate::{
    lists::{Draft, State, element, key_usage, operator, policy},
    support::{
        Holder, Kind,
        dated::{DAY, earlier, later},
        now, pki,
    },
};

fn sign(holder: &Holder) -> Vec<u8> {
    let algorithm = SignatureAlgorithm::for_key(holder.certificate.public_key().unwrap().kind());
    let signer = Signer::new(holder.certificate.clone(), vec![pki().authority()], algorithm).unwrap();
    let statement = SignerStatement { signing_time: Some(now()), ..SignerStatement::default() };
    let prepared =
        cades::prepare(&signer, Content::Attached(b"content"), Profile::Cades, &statement).unwrap();
    let signature = holder.sign(algorithm, &prepared.digest());
    prepared.finish(&signature).unwrap()
}

fn qualified_holder() -> Holder {
    pki().issue("qualified", Kind::P256, "/C=MA/CN=AMINA EXEMPLE", "qualified")
}

fn settings(lists: Vec<VerifiedTrustedList>, time: DateTime) -> ValidationSettings {
    let mut settings = ValidationSettings::new(time);
    let mut store = TrustStore::new();
    store.add_anchor(pki().root());
    settings.signers = store;
    settings.evidence.lists = vec![pki().revocation_list(), pki().root_revocation_list()];
    settings.trusted_lists = lists;
    settings
}

fn of(holder: &Holder, settings: &ValidationSettings) -> Qualification {
    let found = cades::read(&sign(holder), &mut cades::no_content).unwrap();
    validate(&found, settings).signatures[0].qualification.clone()
}

fn by(draft: &Draft, name: &str) -> Qualification {
    of(&qualified_holder(), &settings(vec![draft.verified(name)], now()))
}

fn level(qualification: &Qualification) -> QualificationLevel {
    qualification.level
}

use QualificationLevel::{AdvancedWithQualifiedCertificate, Indeterminate, NotQualified, Qualified};

#[test]
fn a_granted_service_and_a_device_make_a_qualified_signature() {
    let qualification = by(&Draft::new(), "granted");
    assert_eq!(level(&qualification), Qualified, "{qualification:?}");
    assert_eq!(qualification.purpose, Some(Purpose::Signature));
    assert_eq!(qualification.provider.as_deref(), Some("Provider"));
    assert_eq!(qualification.territory.as_deref(), Some("MA"));
}

#[test]
fn a_list_of_lists_alone_says_nothing_about_anybody() {
    let of_lists =
        Draft { kind: "EUlistofthelists", territory: "EU", identity: pki().root(), ..Draft::new() };
    let alone = by(&of_lists, "of_lists_alone");
    assert_eq!(level(&alone), Indeterminate, "{alone:?}");
    let of_others = Draft { identity: operator().certificate, ..Draft::new() };
    assert_eq!(level(&by(&of_others, "of_others")), NotQualified);
}

#[test]
fn who_is_qualified_by_a_list_for_tests_is_so_for_tests() {
    let says = |authority: Option<&Certificate>, territory: &'static str| {
        let draft = Draft { territory, ..Draft::new() };
        let mut settings = settings(vec![draft.verified(&format!("for_tests_{territory}"))], now());
        if let Some(authority) = authority {
            settings.test_trust.add(authority);
        }
        let found = cades::read(&sign(&qualified_holder()), &mut cades::no_content).unwrap();
        let report = validate(&found, &settings);
        (report.signatures[0].qualification.level, report.assurance)
    };
    let operator = operator().certificate;
    assert_eq!(says(None, "MA"), (Qualified, Assurance::Production));
    assert_eq!(says(Some(&operator), "MA"), (Qualified, Assurance::Test));
    assert_eq!(says(Some(&pki().authority()), "MA").1, Assurance::Test, "it is in the path of the signer");
}

#[test]
fn without_a_verified_list_nobody_is_qualified() {
    let qualification = of(&qualified_holder(), &settings(Vec::new(), now()));
    assert_eq!(level(&qualification), Indeterminate);
    let of_others = Draft { identity: pki().certificate("tsa.pem"), ..Draft::new() };
    assert_eq!(level(&by(&of_others, "of_others")), NotQualified);
}

#[test]
fn a_signature_that_did_not_pass_is_not_qualified() {
    let mut settings = settings(vec![Draft::new().verified("not_passed")], now());
    settings.evidence.lists.clear();
    assert_eq!(level(&of(&qualified_holder(), &settings)), Indeterminate);
}

#[test]
fn a_list_that_is_out_of_date_by_now_says_nothing() {
    let draft = Draft { next_update: later(now(), DAY), ..Draft::new() };
    let settings = settings(vec![draft.verified("out_of_date")], later(now(), 2 * DAY));
    assert_eq!(level(&of(&qualified_holder(), &settings)), Indeterminate);
}

#[test]
fn the_status_must_be_granted_at_issuance_and_at_signing() {
    let state = |status, since| State { status, since, ..State::granted() };
    let long_ago = earlier(now(), 1000 * DAY);
    let cases = [
        ("withdrawn", vec![state("withdrawn", earlier(now(), 2 * DAY)), state("granted", long_ago)]),
        ("withdrawn_since_issuance", vec![state("withdrawn", later(now(), DAY)), state("granted", long_ago)]),
        ("granted_since_issuance", vec![state("granted", later(now(), DAY)), state("withdrawn", long_ago)]),
        ("listed_since_issuance", vec![state("granted", later(now(), DAY))]),
        ("other_status", vec![state("deprecatedatnationallevel", long_ago)]),
        ("supervised_today", vec![state("undersupervision", long_ago)]),
    ];
    for (name, states) in cases {
        let list = Draft::with_states(states).verified(name);
        let qualification = of(&qualified_holder(), &settings(vec![list], later(now(), 2 * DAY)));
        assert_eq!(level(&qualification), NotQualified, "{name}: {}", qualification.reason);
    }
    let again = Draft::with_states(vec![
        state("granted", later(now(), DAY)),
        state("withdrawn", later(now(), DAY / 2)),
        state("granted", long_ago),
    ]);
    let qualification =
        of(&qualified_holder(), &settings(vec![again.verified("granted_again")], later(now(), 2 * DAY)));
    assert_eq!(level(&qualification), Qualified, "{}", qualification.reason);
}

#[test]
fn the_service_must_be_for_signatures() {
    let of_seals = State { purposes: &["ForeSeals"], ..State::granted() };
    assert_eq!(level(&by(&Draft::with_states(vec![of_seals]), "of_seals")), NotQualified);
    let of_nothing = State { purposes: &[], ..State::granted() };
    assert_eq!(level(&by(&Draft::with_states(vec![of_nothing]), "of_nothing")), NotQualified);
}

#[test]
fn the_law_must_be_the_lists() {
    assert_eq!(level(&by(&Draft { territory: "BH", ..Draft::new() }, "other_law")), NotQualified);
    // a certificate that names no law is qualified under the Union's
    let plain = pki().signer(Kind::P256);
    let list = Draft { kind: "EUgeneric", territory: "EE", ..Draft::new() }.verified("of_union");
    let qualification = of(&plain, &settings(vec![list], now()));
    assert_eq!(level(&qualification), NotQualified);
    assert_eq!(qualification.reason, "the certificate does not say that it is qualified");
}

#[test]
fn qualifiers_of_the_list_outweigh_what_the_certificate_says() {
    let signs = key_usage("nonRepudiation", true);
    let cases = [
        ("no_device", vec![element(&["QCNoQSCD"], "all", &signs)], AdvancedWithQualifiedCertificate),
        ("device", vec![element(&["QCWithQSCD"], "all", &signs)], Qualified),
        ("as_in_cert", vec![element(&["QCQSCDStatusAsInCert"], "all", &signs)], Qualified),
        ("not_qualified", vec![element(&["NotQualified"], "all", &signs)], NotQualified),
        ("statement", vec![element(&["QCStatement"], "all", &signs)], Qualified),
        ("both", vec![element(&["QCStatement", "NotQualified"], "all", &signs)], Indeterminate),
        (
            "both_devices",
            vec![element(&["QCWithSSCD"], "all", &signs), element(&["QCNoSSCD"], "all", &signs)],
            Indeterminate,
        ),
        ("seal", vec![element(&["QCForESeal"], "all", &signs)], NotQualified),
        ("web", vec![element(&["QCForWSA"], "all", &signs)], NotQualified),
        ("two_purposes", vec![element(&["QCForESig", "QCForESeal"], "all", &signs)], Indeterminate),
        ("unknown_qualifier", vec![element(&["QCForTheMoon"], "all", &signs)], Indeterminate),
        ("unknown_criterion", vec![element(&["NotQualified"], "all", "<q:Moon/>")], Indeterminate),
        ("no_criterion", vec![element(&["NotQualified"], "all", "")], Indeterminate),
    ];
    for (name, elements, wanted) in cases {
        let qualification = by(&Draft::with_states(vec![State::with(elements.concat())]), name);
        assert_eq!(level(&qualification), wanted, "{name}: {}", qualification.reason);
    }
}

#[test]
fn criteria_are_counted_as_they_say() {
    let signs = key_usage("nonRepudiation", true);
    let signs_in = key_usage("digitalSignature", true);
    let policy = policy("1.2.3.4");
    let purpose = "<q:otherCriteriaList><a:ExtendedKeyUsage><a:KeyPurposeId><x:Identifier>1.3.6.1.5.5.7.3.4</x:Identifier>\
                   </a:KeyPurposeId></a:ExtendedKeyUsage></q:otherCriteriaList>";
    let name = "<q:otherCriteriaList><a:CertSubjectDNAttribute><a:AttributeOID><x:Identifier>urn:oid:2.5.4.3</x:Identifier>\
                </a:AttributeOID></a:CertSubjectDNAttribute></q:otherCriteriaList>";
    let nested = format!("<q:CriteriaList assert=\"none\">{policy}</q:CriteriaList>");
    let cases = [
        ("all_yes", "all", format!("{signs}{name}"), true),
        ("all_no", "all", format!("{signs}{policy}"), false),
        ("one_yes", "atLeastOne", format!("{signs_in}{signs}"), true),
        ("one_no", "atLeastOne", format!("{signs_in}{policy}{purpose}"), false),
        ("none_yes", "none", format!("{signs_in}{policy}"), true),
        ("none_no", "none", signs.clone(), false),
        ("nested", "all", format!("{signs}{nested}"), true),
        ("not_set", "all", key_usage("digitalSignature", false), true),
        // what cannot be told does not matter where the rest decides
        ("unknown_and_no", "all", format!("{policy}<q:Moon/>"), false),
    ];
    for (name, assert, criteria, applies) in cases {
        let elements = element(&["NotQualified"], assert, &criteria);
        let qualification = by(&Draft::with_states(vec![State::with(elements)]), &format!("criteria_{name}"));
        let wanted = if applies { NotQualified } else { Qualified };
        assert_eq!(level(&qualification), wanted, "{name}: {}", qualification.reason);
    }
}

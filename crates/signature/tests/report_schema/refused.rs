//! What the judge refuses, so that its silence means something.

use bitaqa_signature::validation::{report_xml, validate};

use crate::reports::{Reports, found, settings};

/// What is done to the report: a name, what is replaced everywhere, by what, and what the judge says.
const CASES: [(&str, &str, &str, &str); 19] = [
    ("an_element_misspelled", "SignerInformation>", "SignersInformation>", "has no SignersInformation"),
    ("an_element_of_nobody", "<Signer>", "<Nickname/><Signer>", "SignerInformation has no Nickname"),
    ("one_too_many", "<HashOnly>", "<HashOnly>true</HashOnly><HashOnly>", "has 2 HashOnly"),
    ("one_missing", "<HashOnly>false</HashOnly>", "", "has 0 HashOnly"),
    ("a_list_empty", "SignatureValidationReport>", "Gone>", "has 0 SignatureValidationReport"),
    (
        "another_order",
        "<HashOnly>false</HashOnly>\n      <DocHashOnly>false</DocHashOnly>",
        "<DocHashOnly>false</DocHashOnly><HashOnly>false</HashOnly>",
        "SignatureIdentifier has in this order: DocHashOnly HashOnly",
    ),
    ("two_for_one", "<base64>", "<URI>x</URI><base64>", "ValidationObjectRepresentation has 2 children"),
    ("text_between", "<ValidationTimeInfo>", "<ValidationTimeInfo>now", "ValidationTimeInfo has text"),
    ("an_attribute_misspelled", " Signed=", " signed=", "has no attribute signed"),
    ("a_reference_missing", " VOReference=", " Reference=", "lacks the attribute VOReference"),
    ("a_reference_to_nothing", " id=\"C-", " id=\"D-", "nothing has the identifier C-"),
    ("no_identifier", " id=\"S-1\"", " id=\"S 1\"", "S 1 is no identifier"),
    ("an_identifier_twice", " id=\"C-", " id=\"S-1\" x=\"", "have the identifier S-1"),
    ("no_time", "<ValidationTime>", "<ValidationTime>at ", "xsdata: "),
    ("no_truth", "<HashOnly>false", "<HashOnly>no", "xsdata: "),
    ("nothing_in_it", "<HashOnly>false", "<HashOnly>", "HashOnly is empty"),
    ("no_octets", "<base64>", "<base64>*", "xsdata: "),
    ("no_sub_indication", "TRY_LATER", "STRANGER", "SubIndication cannot be urn:"),
    ("another_version", "19102/v1.4.1#", "19102/v1.2.1#", "is of another namespace"),
];

#[test]
fn faults_of_every_kind_are_told() {
    let mut settings = settings();
    settings.evidence.lists.clear();
    let good = report_xml::to_xml(&validate(&found(), &settings)).unwrap();
    let mut reports = Reports::default();
    reports.add_xml("untouched", good.clone());
    for (name, from, to, _) in CASES {
        assert!(good.contains(from), "{name}: {good}");
        reports.add_xml(name, good.replace(from, to));
    }
    let verdict = reports.judged();
    assert!(!verdict.success);
    assert!(!verdict.text.contains("untouched"), "{}", verdict.text);
    for (name, _, _, said) in CASES {
        let is_told =
            verdict.text.lines().any(|line| line.starts_with(&format!("{name}: ")) && line.contains(said));
        assert!(is_told, "{name}: {}", verdict.text);
    }
}

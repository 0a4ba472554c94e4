//! What a signer's certificate allows.

use bitaqa_card::{
    lds::DataGroup,
    tlv::{Tag, encode},
};
use bitaqa_trust::passive_authentication::{NotChecked, Outcome, Step};

use crate::country::{Country, Order, Signing, borrowed, faults, groups, verify};

/// Extensions of a signer with one more.
fn with(more: &str) -> String {
    format!("{}{more}\n", Order::default().extensions)
}

fn judged(
    country: &Country,
    extensions: &str,
    groups: &[(DataGroup, Vec<u8>)],
) -> (Vec<&'static str>, Vec<Outcome>) {
    let signer = country.issue(&Order { extensions, ..Order::default() });
    let sod = country.document(&signer, &borrowed(groups), Signing::default());
    let (store, groups) = (country.store(), borrowed(groups));
    let report = verify(&sod, &groups, &store).unwrap();
    let outcomes = [Step::KeyUsagePeriod, Step::DocumentType].map(|step| report.outcome(step).clone());
    (faults(&report), outcomes.to_vec())
}

#[test]
fn a_certificate_for_something_else_signs_no_documents() {
    let country = Country::new();
    for (extensions, fault) in [
        (with(""), None),
        (String::from("subjectKeyIdentifier=hash\n"), None),
        (with("extendedKeyUsage=1.2.3.4"), None),
        (with("certificatePolicies=critical,1.2.3"), None),
        (String::from("keyUsage=critical,digitalSignature,nonRepudiation\n"), None),
        (String::from("keyUsage=critical,keyEncipherment\n"), Some("signer-purpose")),
        (String::from("keyUsage=critical,keyCertSign\nbasicConstraints=CA:TRUE\n"), Some("signer-purpose")),
        (with("basicConstraints=CA:TRUE"), Some("signer-purpose")),
        (with("extendedKeyUsage=critical,2.23.136.1.1.3"), Some("signer-purpose")),
        (with("extendedKeyUsage=clientAuth"), Some("signer-purpose")),
        (with("extendedKeyUsage=serverAuth,1.2.3.4"), Some("signer-purpose")),
        (with("1.2.3.4=critical,DER:0500"), Some("critical-extension")),
        (with("nameConstraints=critical,permitted;email:x.example"), Some("critical-extension")),
    ] {
        let (faults, _) = judged(&country, &extensions, &groups());
        assert_eq!(faults, fault.into_iter().collect::<Vec<_>>(), "{extensions}");
    }
}

/// `documentTypeList` of these codes.
fn document_types(codes: &[&str]) -> String {
    let codes: Vec<u8> = codes.iter().flat_map(|code| encode(Tag(0x13), code.as_bytes())).collect();
    let list = encode(Tag(0x30), &[vec![0x02, 0x01, 0x00], encode(Tag(0x31), &codes)].concat());
    format!("2.23.136.1.1.6.2=DER:{}", hexadecimal(&list))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

#[test]
fn a_signer_signs_the_types_of_documents_that_it_lists() {
    let country = Country::new();
    for (codes, is_listed) in
        [(&["P"][..], true), (&["I", "P"], true), (&["I", "ID"], false), (&["PM"], false), (&["P<"], true)]
    {
        let (faults, outcomes) = judged(&country, &with(&document_types(codes)), &groups());
        let expected: &[&str] = if is_listed { &[] } else { &["document-type"] };
        assert_eq!(faults, expected, "{codes:?}");
        assert_eq!(outcomes[1] == Outcome::Passed, is_listed);
    }
    // with one letter every type that begins with it, with two letters that one
    let residence = [&b"AR"[..], &crate::country::ZONE[2..]].concat();
    let residence = vec![(DataGroup::DG1, encode(Tag(0x61), &encode(Tag(0x5F1F), &residence)))];
    for (codes, expected) in [(&["A"][..], &[][..]), (&["AR"], &[]), (&["P", "AC"], &["document-type"])] {
        assert_eq!(judged(&country, &with(&document_types(codes)), &residence).0, expected, "{codes:?}");
    }
    // nothing that says the type
    let others = vec![groups().remove(1)];
    let (faults, outcomes) = judged(&country, &with(&document_types(&["P"])), &others);
    assert_eq!(faults, [""; 0]);
    assert_eq!(outcomes[1], Outcome::NotChecked(NotChecked::DocumentTypeUnknown));
    // a list of two versions later
    let (faults, _) = judged(&country, &with("2.23.136.1.1.6.2=DER:3006020101310113"), &groups());
    assert_eq!(faults, ["signer-unreadable"]);
}

/// `privateKeyUsagePeriod` between these moments.
fn key_usage_period(from: &str, until: &str) -> String {
    let moments = [encode(Tag(0x80), from.as_bytes()), encode(Tag(0x81), until.as_bytes())].concat();
    format!("2.5.29.16=DER:{}", hexadecimal(&encode(Tag(0x30), &moments)))
}

#[test]
fn a_document_is_issued_while_the_key_is_in_use() {
    let country = Country::new();
    // DG12 with a date of issue
    let issued = |date: &str| {
        let date = encode(Tag(0x5F26), date.as_bytes());
        let list = encode(Tag(0x5C), &[0x5F, 0x26]);
        (DataGroup::DG12, encode(Tag(0x6C), &[list, date].concat()))
    };
    let period = with(&key_usage_period("20211201120000Z", "20220301120000Z"));
    for (date, fault) in [
        ("20211201", None),
        ("20220301", None),
        ("20211130", Some("issued-outside-key-usage")),
        ("20220302", Some("issued-outside-key-usage")),
    ] {
        let mut groups = groups();
        groups.push(issued(date));
        let (faults, outcomes) = judged(&country, &period, &groups);
        assert_eq!(faults, fault.into_iter().collect::<Vec<_>>(), "{date}");
        assert_eq!(outcomes[0] == Outcome::Passed, fault.is_none());
    }
    // without DG12 the signature's own time counts: openssl signs now, years after that period
    assert_eq!(judged(&country, &period, &groups()).0, ["issued-outside-key-usage"]);
    // an open period
    let from = encode(Tag(0x30), &encode(Tag(0x80), b"20211201120000Z"));
    assert_eq!(
        judged(&country, &with(&format!("2.5.29.16=DER:{}", hexadecimal(&from))), &groups()).0,
        [""; 0]
    );
    let (_, outcomes) = judged(&country, &with(""), &groups());
    assert_eq!(outcomes[0], Outcome::NotChecked(NotChecked::NotStated));
}

//! `bitaqa card report` as a person or a script meets it, with software cards behind a real pcscd.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

#[allow(dead_code, reason = "a report takes a part of it")]
mod chip_desk;

use bitaqa_testbed::{CardHandle, CardSpec, Personality, Testbed};
use bitaqa_virtual_card::spec::Hypothesis;
use chip_desk::{bitaqa, has_no_secret, json, text};

/// No PIN was presented, and no password of the chip was tried.
#[track_caller]
fn saw_no_try(card: &CardHandle) {
    assert!(!card.log().is_empty());
    assert!(card.log().iter().all(|entry| ![0x20, 0x22, 0x82, 0x86].iter().any(|ins| entry.is(*ins))));
}

#[test]
fn a_report_says_what_a_card_is_and_not_whose() {
    for spec in [
        CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 9),
        CardSpec::new(Personality::PassportBac),
        CardSpec::new(Personality::Bahrain2016),
    ] {
        // a bed for each: right after a change of cards pcscd may give the new answer to reset in the old one's length
        let bed = Testbed::with_readers(&["Counter"]).unwrap();
        let card = bed.insert(0, &spec).unwrap();
        let report = bitaqa(&bed, &["report", "--json"]);
        has_no_secret(&text(&report.stdout), &spec);
        let report = json(&report, 0);
        let atr: String = card.atr().iter().map(|byte| format!("{byte:02X}")).collect();
        assert_eq!((&report["version"], &report["atr"]), (&1.into(), &atr.into()));
        let answered = |identifier: &str| {
            let applications = report["applications"].as_array().unwrap().iter();
            applications.filter(|seen| seen["status"] == "9000").any(|seen| seen["identifier"] == identifier)
        };
        assert_eq!(answered("A0000002471001"), spec.has_document());
        let profile = bitaqa(&bed, &["report"]);
        assert_eq!(profile.status.code(), Some(0));
        assert!(text(&profile.stdout).contains("[recognise]"), "{}", text(&profile.stdout));
        has_no_secret(&text(&profile.stdout), &spec);
        saw_no_try(&card);
    }
}

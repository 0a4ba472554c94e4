//! A flipped bit anywhere in a signed file of any format: the validation does not pass, or its report says of content, signer, time
//! and level what it said before.
//!
//! At B-B it is every byte. At B-LTA it is a sample, 1,000 of each file, because each validation verifies ten signatures; there a third
//! kind is counted: nobody signs time stamps and revocation data but the time stamps after them, so who changes them could as well
//! take them away, and the report says of the signature what it said, with a lower level.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

#[path = "../pades/documents.rs"]
#[allow(dead_code, reason = "other tests need the rest")]
mod documents;
mod files;
#[path = "../support/mod.rs"]
mod support;

use std::fmt::Write as _;

use bitaqa_signature::{
    Level, document,
    validation::{Indication, SignatureReport, ValidationSettings, validate},
};
use bitaqa_trust::signature_memory;
use files::{CONTENT, Detached, SignedFile, files, raised, settings};

/// Changes of one file that passed, by what the report then says.
#[derive(Debug, Default)]
struct Counts {
    tried: usize,
    /// Content, signer, times and level are the same.
    same: usize,
    /// A proof that nobody signed is gone: the level is lower, and nothing else is said of content, signer and claimed time.
    lower: usize,
}

/// What a person is told of a signature that passed.
fn told(report: &SignatureReport) -> String {
    format!(
        "{:?} {:?} {:?} {:?} {:?}",
        report.format, report.signer, report.signing_time, report.coverage, report.algorithm
    )
}

/// The time that is proven and the level.
fn proven(report: &SignatureReport) -> (Option<bitaqa_trust::DateTime>, Option<Level>) {
    let time = report.best_signature_time_proven.then_some(report.best_signature_time);
    (time, report.level)
}

fn flip(signed: &SignedFile, settings: &ValidationSettings, stride: usize) -> Counts {
    let judge = |bytes: &[u8]| {
        let found = document::signatures(bytes, &Detached(signed.form)).ok()?;
        let mut report = validate(&found, settings);
        let one = report.signatures.len() == 1 && report.indication == Indication::TotalPassed;
        one.then(|| (report.signatures.remove(0), signed.form.content(bytes)))
    };
    let (before, content) = judge(&signed.bytes).unwrap_or_else(|| panic!("{:?} does not pass", signed.form));
    assert_eq!(before.level, Some(signed.level), "{:?}", signed.form);
    assert!(content.as_deref().is_some_and(|content| content.windows(CONTENT.len()).any(|at| at == CONTENT)));
    let mut counts = Counts::default();
    for position in (0..signed.bytes.len()).step_by(stride) {
        let mut changed = signed.bytes.clone();
        changed[position] ^= 1 << (position % 8);
        counts.tried += 1;
        let Some((after, now)) = judge(&changed) else { continue };
        let place = format!("byte {position} of {:?}", signed.form);
        assert_eq!(told(&after), told(&before), "{place}");
        assert_eq!(now, content, "{place}");
        if proven(&after) == proven(&before) {
            counts.same += 1;
        } else {
            let (time, level) = proven(&after);
            assert!(level < before.level, "{place}: {level:?}");
            assert!(time.is_none_or(|time| proven(&before).0.is_some_and(|first| time >= first)), "{place}");
            counts.lower += 1;
        }
    }
    counts
}

/// Flips bits of a file of each form at a level, one in every so many bytes, and says what it counted.
fn all(level: Level, stride: impl Fn(&SignedFile) -> usize) -> String {
    let mut text = String::new();
    let settings = settings();
    for mut signed in files() {
        if level > Level::BB {
            signed = raised(&signed, level);
        }
        // what is verified again and again is verified once
        let counts = signature_memory::remembered(|| flip(&signed, &settings, stride(&signed)));
        writeln!(text, "{:?} {level}, {} bytes: {counts:?}", signed.form, signed.bytes.len()).unwrap();
        // what is signed is most of a small file
        assert!(counts.same * 4 < counts.tried, "{:?}: {counts:?}", signed.form);
        assert!(level > Level::BB || counts.lower == 0, "{:?}: {counts:?}", signed.form);
    }
    text
}

#[test]
fn every_byte_at_b_b() {
    println!("{}", all(Level::BB, |_| 1));
}

#[test]
fn a_sample_at_b_lta() {
    println!("{}", all(Level::BLta, |signed| signed.bytes.len() / 1_000 + 1));
}

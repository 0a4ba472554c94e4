//! Files that other programs signed are raised to B-T, B-LT and B-LTA: others accept them, the report says the level, and what was
//! signed stays as it was, byte for byte.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

mod containers;
#[path = "../pades/documents.rs"]
#[allow(dead_code, reason = "other tests need the rest")]
mod documents;
mod json;
#[path = "../jades/judges.rs"]
mod judges;
mod messages;
mod pdf;
#[path = "../support/mod.rs"]
mod support;
mod xml;

use std::sync::OnceLock;

use bitaqa_signature::{
    Hash, Level,
    document::{self, DetachedContent},
    validation::{Indication, ValidationSettings, validate},
};
use support::{Pki, dated::later, now, services::Services};

const LEVELS: [Level; 3] = [Level::BT, Level::BLt, Level::BLta];
const CONTENT: &[u8] = "نص يوقَّع \r\n and a second line\n".as_bytes();
const NAME: &str = "content.bin";

/// An infrastructure whose certificates say where revocation data is to be had. Nobody listens there.
fn pki() -> &'static Pki {
    static PKI: OnceLock<Pki> = OnceLock::new();
    PKI.get_or_init(|| Pki::served_at(1))
}

/// The content, where it stands elsewhere.
struct Beside(bool);

impl DetachedContent for Beside {
    fn read(&self, name: Option<&str>, sink: &mut dyn FnMut(&[u8])) -> bool {
        let is_it = self.0 && name.is_none_or(|name| name == NAME);
        if is_it {
            sink(CONTENT);
        }
        is_it
    }
}

/// A file at each level above B-B, which our own report confirms: from B-LT on with nothing but the root and the file.
fn raised(name: &str, signed: &[u8], content: &Beside) -> [Vec<u8>; 3] {
    let services = Services::of(pki());
    let mut file = signed.to_vec();
    LEVELS.map(|level| {
        file = services.raised(&file, content, (level, Hash::Sha256));
        let mut settings = ValidationSettings::new(later(now(), 60));
        settings.signers = services.trusted();
        settings.time_stamp_authorities = services.trusted();
        if level == Level::BT {
            settings.evidence.certificates.push(pki().authority());
            settings.evidence.lists = vec![pki().revocation_list(), pki().root_revocation_list()];
        }
        let report = validate(&document::signatures(&file, content).unwrap(), &settings);
        assert_eq!(report.indication, Indication::TotalPassed, "{name} {level}: {:?}", report.signatures);
        for signature in &report.signatures {
            assert_eq!(signature.level, Some(level), "{name}");
        }
        file.clone()
    })
}

fn contains(file: &[u8], part: &[u8]) -> bool {
    file.windows(part.len()).any(|window| window == part)
}

/// The first XML element of this name, from behind its name to where it ends.
fn element(document: &[u8], name: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(document);
    let begin =
        [format!("<{name}"), format!(":{name}")].iter().filter_map(|begin| text.find(begin)).min().unwrap();
    let (_, rest) = text.split_at(begin + 1 + name.len());
    rest.split_once(&format!("{name}>")).unwrap().0.as_bytes().to_vec()
}

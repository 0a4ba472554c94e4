//! What the fuzzers run: everything that reads bytes of a card, of a file, of an extension, of an issuer or of a responder.
//!
//! A target is a function over bytes that ends for every input, and panics only where something is wrong: a fault in the code
//! under test, or a promise of it that does not hold. `cargo xtask fuzz` puts libFuzzer in front of them; `cargo test` runs
//! them over their corpora and over mutations of these (`tests/corpus.rs`). `docs/fuzzing.md` says how to work with them.
//!
//! Nothing here draws random bytes: one input is one run.
#![forbid(unsafe_code)]

mod answers;
mod target;

pub use answers::{SEPARATOR, answers_of, join};
pub use target::{
    AUTHORITY, HOLDER, JOSE_TYPE, LDS_FILES, PACE_VARIANTS, PKCS15_FILES, SECURE_MESSAGING_CIPHERS,
    STATEMENT, TRUST_PACK, can, draws, gcc_files, joined_statements, jose_keys, signed, with_key, zone,
};

/// Something to fuzz.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name, also of its folder in `corpus`.
    pub name: &'static str,
    /// Runs it once.
    pub run: fn(&[u8]),
}

/// All targets.
pub const TARGETS: &[Target] = &[
    Target { name: "active_authentication", run: target::active_authentication },
    Target { name: "biometric", run: target::biometric },
    Target { name: "chip", run: target::chip },
    Target { name: "cms", run: target::cms },
    Target { name: "crl", run: target::crl },
    Target { name: "cvc", run: target::cvc },
    Target { name: "discovery", run: target::discovery },
    Target { name: "frame", run: target::frame },
    Target { name: "gcc", run: target::gcc },
    Target { name: "ias_ecc", run: target::ias_ecc },
    Target { name: "icao_pki", run: target::icao_pki },
    Target { name: "issuer_supplied", run: target::issuer_supplied },
    Target { name: "jwe", run: target::jwe },
    Target { name: "jws", run: target::jws },
    Target { name: "lds", run: target::lds },
    Target { name: "mediation", run: target::mediation },
    Target { name: "ocsp", run: target::ocsp },
    Target { name: "pace", run: target::pace },
    Target { name: "page_request", run: target::page_request },
    Target { name: "passive_authentication", run: target::passive_authentication },
    Target { name: "picture", run: target::picture },
    Target { name: "piv", run: target::piv },
    Target { name: "pkcs15", run: target::pkcs15 },
    Target { name: "profile", run: target::profile },
    Target { name: "secure_messaging", run: target::secure_messaging },
    Target { name: "signed_file", run: target::signed_file },
    Target { name: "signed_pdf", run: target::signed_pdf },
    Target { name: "sod", run: target::sod },
    Target { name: "statement", run: target::statement },
    Target { name: "time_stamp", run: target::time_stamp },
    Target { name: "tlv", run: target::tlv },
    Target { name: "to_be_signed", run: target::to_be_signed },
    Target { name: "trust_pack", run: target::trust_pack },
    Target { name: "trusted_list", run: target::trusted_list },
    Target { name: "xml", run: target::xml },
    Target { name: "zip", run: target::zip },
];

/// The target of this name.
#[must_use]
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

//! Software smart cards that keep state like real ones.
//!
//! A card here is a card, not a list of expected commands: it has files, PINs with counters, keys that cannot be read
//! and a security state that a reset forgets, and it answers whatever comes with the status words of ISO 7816-4. It is
//! written apart from the terminal's side of the project, so that one mistake cannot pass on both sides; independent
//! clients judge it in the tests of the test bed and of `tests/conformance`.
//!
//! | module | what |
//! |---|---|
//! | [`spec`] | the order for a card: make, holder, PINs, state |
//! | [`card`] | a card as a reader meets it: chip, log, misbehaviour, cost |
//! | [`chip`] | the ISO 7816-4 engine |
//! | [`icao`] | the contactless chip of a travel document: access, files, proofs of origin |
//! | [`pki`] | a test PKI made at start: good and bad certificates |
//! | [`misbehaviour`] | what a card can be ordered to do wrong |
//! | [`vpcd`] | a card in a virtual reader of one's own (vsmartcard's vpcd) |
//!
//! Who judges a make, in the test bed's tests, through a real pcscd and the project's reader driver. "Told to" means that
//! OpenSC has no driver of its own for the make and is configured to use another; what it cannot say then goes through
//! `opensc-tool`, which carries commands and judges nothing, and openssl verifies what comes back.
//!
//! | make | judge |
//! |---|---|
//! | `pkcs15` | OpenSC told to take it for any card, or for a CardOS: lists, certificates, PINs, signatures; openssl |
//! | `pkcs15` with every algorithm | whoever judges documents signed with it (`crates/signature/tests/every_key`): openssl, pyHanko, signxml, jwcrypto |
//! | `esteid` (IDEMIA) | OpenSC's driver `esteid2018`: lists, certificates, PINs, signatures; openssl |
//! | `esteid` (Thales) | openssl for signatures and certificates; for the rest none in Debian's OpenSC |
//! | `fineid` | OpenSC told to take it for any card: lists, certificates, PINs; openssl for signatures |
//! | `lateid` | OpenSC told to take it for an Estonian card: certificates, PINs; openssl for signatures |
//! | `piv` | OpenSC's driver `PIV-II`, `piv-tool`: objects, certificates, PINs, signatures with each kind of key; openssl, also for the CHUID |
//! | `iasecc` | OpenSC's driver `iasecc`, `iasecc-tool`: root files, security data objects, lists, PINs, INTERNAL AUTHENTICATE with RSA; openssl for hashing in the card. Elliptic curves and the way over radio: none |
//! | `bahrain-2016` | none: no independent reader of these files can be run here; `opensc-tool` reads them |
//! | `cnie-1`, `undescribed` | none: constructs of the tests |
//! | `passport-bac`, `bahrain-2025`, `cnie-2`, `eac-2` | openssl for what the issuer and the chip sign (EF.SOD, EF.CardSecurity, active authentication); the known answers of Doc 9303 and TR-03110, followed from the card's side; for protocols the terminals of the next table |
//! | fingerprints that the card compares (`pkcs15`) | none |
//! | the PKCS#15 or IAS ECC application beside a document | none behind PACE; through contacts as `pkcs15` and `iasecc` |
//! | restricted identification, match of sector keys | none |
//!
//! Who judges the protocols of travel documents, in the tests of `tests/conformance`, without a reader. Both are terminals that
//! go the whole way, read files through secure messaging, and refuse what is wrong:
//!
//! | protocol | libeac (openpace) | the crate `dmrtd` |
//! |---|---|---|
//! | basic access control | | yes |
//! | PACE, generic mapping, AES | all 11 curves, all 3 groups of numbers; a curve that is written out | P-224, P-256, P-384, P-521, brainpoolP256r1, brainpoolP384r1, all 3 groups |
//! | the same, 3DES | all 11 curves, all 3 groups | |
//! | PACE, integrated mapping | none: only a draft's, which is another function | none |
//! | PACE, chip authentication mapping | none | none |
//! | passwords of PACE | MRZ, CAN, PIN, PUK | MRZ, CAN |
//! | passive authentication | EF.CardSecurity | EF.SOD: ECDSA on brainpool curves, RSA, RSA-PSS |
//! | active authentication | | RSA with SHA-1 and SHA-256; its ECDSA knows neither brainpool curves nor DER |
//! | terminal authentication, version 2 | ECDSA on brainpoolP256r1 with SHA-256, with its chain | |
//! | chip authentication, version 2 | AES-256 on all 11 curves, AES-128 in all 3 groups, every cipher on brainpoolP256r1 | |
//! | terminal and chip authentication, version 1 | none | none |
//!
//! Both leave leading zero bytes out of shared secrets of finite fields; libeac also out of the public keys there, and out of
//! compressed keys of curves. The standards keep them. When a run comes upon such a number it begins again with other keys,
//! so those numbers are not judged.
//!
//! Newer than Debian's, OpenSC of July 2026 has drivers for `fineid` v4, `esteid` (Thales) and `lateid` with elliptic curves;
//! with them the cards were read and both keys of each signed, by hand and not in a test. `eidenv` knows none of these
//! makes: in Debian's OpenSC it reads Belgian cards alone.
#![forbid(unsafe_code)]

pub mod atr;
pub mod card;
pub mod chip;
pub mod command;
pub mod command_log;
pub mod cost;
pub mod data;
pub mod der;
pub mod digest;
pub mod file_system;
pub mod fingerprint;
pub mod icao;
pub mod issuer_key;
pub mod mechanism;
pub mod misbehaviour;
pub mod person;
pub mod pin;
pub mod pki;
pub mod private_key;
pub mod proprietary;
pub mod reference_data;
pub mod rules;
pub mod security_environment;
pub mod spec;
pub mod status;
pub mod vpcd;

mod ber_tlv;
mod personality;
mod piv;
mod random;
mod security_data_objects;
mod select;
mod signature;
mod transmission;

pub use card::Card;
pub use cost::Cost;
pub use misbehaviour::{Effect, Misbehaviour};
pub use person::Person;
pub use personality::{Certificates, cnie_1, undescribed};
pub use pki::Pki;
pub use spec::CardSpec;

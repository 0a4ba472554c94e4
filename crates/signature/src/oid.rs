//! Object identifiers that this crate names; one place for them.

use bitaqa_trust::ObjectIdentifier;

/// `id-cti-ets-proofOfOrigin` (TS 119 172-1 annex B).
pub const PROOF_OF_ORIGIN: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.6.1");

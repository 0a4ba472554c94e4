//! Whom the administrator's trust packs believe about signed documents, for the extension, which validates them.

use std::time::SystemTime;

use bitaqa_protocol::{identity::answer::Bytes, validation_data::DocumentTrust};
use bitaqa_trust::{Assurance, Certificate, TrustPack};

use crate::trust_folder::InstalledPacks;

/// What the packs of this computer say, if they count now. Blocks.
pub(crate) fn of_this_computer() -> Vec<DocumentTrust> {
    // a clock before 1970 is before every pack
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |now| now.as_secs());
    let packs = InstalledPacks::of_this_computer().packs;
    packs.current(now).filter(|pack| !pack.document_trust().is_empty()).map(of_pack).collect()
}

fn of_pack(pack: &TrustPack) -> DocumentTrust {
    let trust = pack.document_trust();
    let ders = |certificates: &[Certificate]| {
        certificates.iter().map(|certificate| Bytes(certificate.der().to_vec())).collect()
    };
    DocumentTrust {
        pack: pack.name().to_string(),
        test: pack.assurance() == Assurance::Test,
        signers: ders(&trust.signers),
        time_stamp_authorities: ders(&trust.time_stamp_authorities),
        list_signers: ders(&trust.list_signers),
    }
}

//! Files of a format with every algorithm, at each level above B-B.

use std::path::PathBuf;

use bitaqa_signature::{
    Hash, Level, SignatureAlgorithm, document,
    pades::{self, SignatureSettings},
    validation::{Indication, ValidationSettings, validate},
    xades::OtherSignatures,
};
use bitaqa_trust::public_key::KeyKind;

use crate::{
    documents::plain,
    files::{Desk, Detached, Form, pki, settings},
    has_name,
    support::{Kind, dated::later, now, services::Services},
};

/// A file at a level.
pub(crate) struct Raised {
    pub(crate) form: Form,
    pub(crate) kind: Kind,
    pub(crate) key: KeyKind,
    pub(crate) algorithm: SignatureAlgorithm,
    pub(crate) level: Level,
    pub(crate) certificate: PathBuf,
    pub(crate) bytes: Vec<u8>,
}

impl Raised {
    pub(crate) fn name(&self) -> String {
        format!("{:?} {:?} {:?} {}", self.form, self.kind, self.algorithm, self.level)
    }

    pub(crate) fn form_name(&self) -> &'static str {
        match self.form {
            Form::AsicSimpleCades => "simple, CMS",
            Form::AsicSimpleXades => "simple, XML",
            Form::AsicExtendedCades => "extended, CMS",
            Form::AsicExtendedXades => "extended, XML",
            _ => "no container",
        }
    }

    /// Our own verdict, about what the file says of itself from B-LT on.
    fn is_what_it_should_be(&self, settings: &ValidationSettings) {
        let found = document::signatures(&self.bytes, &Detached(self.form)).unwrap();
        let report = validate(&found, settings);
        let name = self.name();
        assert_eq!(report.indication, Indication::TotalPassed, "{name}: {:?}", report.signatures);
        assert_eq!(report.signatures.len(), 1, "{name}");
        let signature = &report.signatures[0];
        assert_eq!(signature.level, Some(self.level), "{name}");
        assert!(signature.best_signature_time_proven, "{name}");
        assert_eq!(found[0].content_hashes, [self.algorithm.hash()], "{name}");
    }
}

/// A file of one of these forms for each kind of key and algorithm, at each level.
pub(crate) fn all(forms: &[Form]) -> Vec<Raised> {
    let mut signed = Vec::new();
    for kind in Kind::ALL {
        let key = pki().signer(kind).certificate.public_key().unwrap().kind();
        let mut next = forms.iter().cycle().copied();
        for algorithm in SignatureAlgorithm::of_key(key) {
            let Some(form) = next.by_ref().take(forms.len()).find(|form| has_name(*form, algorithm, key))
            else {
                continue;
            };
            let desk = Desk::new(kind, algorithm);
            let mut file = desk.file(form);
            if form == Form::XadesEnveloped {
                // signxml knows no transform that leaves other signatures out
                file.bytes = desk.enveloped(OtherSignatures::Signed);
            }
            signed.push((kind, key, algorithm, file));
        }
    }
    let known = settings();
    let mut alone = known.clone();
    alone.evidence.lists.clear();
    // what is known about revocation is asked for when all time stamps are there
    let services = Services::of(pki());
    let mut raised = Vec::new();
    for level in [Level::BT, Level::BLt, Level::BLta] {
        for (kind, key, algorithm, file) in &mut signed {
            let holder = pki().signer(*kind);
            let algorithm = *algorithm;
            // authorities have three hashes
            let hash = match algorithm.hash() {
                Hash::Sha256 | Hash::Sha3_256 => Hash::Sha256,
                Hash::Sha384 | Hash::Sha3_384 => Hash::Sha384,
                Hash::Sha512 | Hash::Sha3_512 => Hash::Sha512,
            };
            file.bytes = if file.form == Form::Pades && level == Level::BT {
                // pyHanko believes no signature without a time stamp of its own, also where one is over the file
                let stamp = |digest: &[u8]| services.token(hash, digest);
                pdf_with_time_stamp(&Desk::new(*kind, algorithm), stamp, hash)
            } else {
                services.raised(&file.bytes, &Detached(file.form), (level, hash))
            };
            raised.push(Raised {
                form: file.form,
                kind: *kind,
                key: *key,
                algorithm,
                level,
                certificate: holder.certificate_file,
                bytes: file.bytes.clone(),
            });
        }
    }
    let time = later(now(), 60);
    for file in &raised {
        let mut settings = if file.level == Level::BT { known.clone() } else { alone.clone() };
        settings.time = time;
        file.is_what_it_should_be(&settings);
    }
    raised
}

/// A PDF with a time stamp of its own in the signature, not over the file.
fn pdf_with_time_stamp(desk: &Desk, stamp: impl FnOnce(&[u8]) -> Vec<u8>, hash: Hash) -> Vec<u8> {
    let source = plain();
    let placed = pades::place(&source, &desk.signer, &desk.statement, &SignatureSettings::default()).unwrap();
    let digest = placed.digest(&source).unwrap();
    let prepared = placed.prepare(&digest).unwrap();
    let signature = desk.holder.sign(desk.signer.algorithm(), &prepared.digest());
    let signed = prepared.finish(&signature).unwrap();
    let token = stamp(&signed.time_stamp_digest(hash).unwrap());
    [source, signed.with_time_stamp(&token).unwrap().appended().unwrap()].concat()
}

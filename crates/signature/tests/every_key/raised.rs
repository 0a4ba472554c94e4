//! Files of a format with every algorithm, at each level, signed with software cards.

use std::path::PathBuf;

use bitaqa_signature::{
    Hash, Level, SignatureAlgorithm, document,
    pades::{self, SignatureSettings},
    validation::{Indication, ValidationSettings, validate},
    xades::OtherSignatures,
};
use bitaqa_trust::public_key::KeyKind;

use crate::{
    card::SignerCard,
    documents::plain,
    files::{Desk, Detached, Form, pki, settings},
    has_name, is_sha_3,
    support::{Kind, dated::later, now, services::Services},
};

/// All of them.
pub(crate) const LEVELS: [Level; 4] = [Level::BB, Level::BT, Level::BLt, Level::BLta];

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
        assert_eq!(signature.best_signature_time_proven, self.level != Level::BB, "{name}");
        assert_eq!(found[0].content_hashes, [self.algorithm.hash()], "{name}");
    }
}

/// A file of one of these forms for each kind of key and algorithm, at each level.
#[allow(clippy::print_stdout, reason = "a test counts what it judges")]
pub(crate) fn all(forms: &[Form]) -> Vec<Raised> {
    let mut signed = Vec::new();
    for kind in Kind::ALL {
        let card = SignerCard::of(kind);
        let key = card.certificate.public_key().unwrap().kind();
        let mut next = forms.iter().cycle().copied();
        for algorithm in SignatureAlgorithm::of_key(key) {
            let Some(form) = next.by_ref().take(forms.len()).find(|form| has_name(*form, algorithm, key))
            else {
                continue;
            };
            let desk = card.desk(algorithm);
            let mut file = desk.file(form);
            if form == Form::XadesEnveloped {
                // signxml knows no transform that leaves other signatures out
                file.bytes = desk.enveloped(OtherSignatures::Signed);
            }
            signed.push((card, key, algorithm, file));
        }
    }
    let known = settings();
    let mut alone = known.clone();
    alone.evidence.lists.clear();
    // what is known about revocation is asked for when all time stamps are there
    let services = Services::of(pki());
    let mut signatures: Vec<Hash> = signed.iter().map(|(_, _, algorithm, _)| algorithm.hash()).collect();
    let mut raised = Vec::new();
    for level in LEVELS {
        for (card, key, algorithm, file) in &mut signed {
            let algorithm = *algorithm;
            // authorities have three hashes
            let hash = match algorithm.hash() {
                Hash::Sha256 | Hash::Sha3_256 => Hash::Sha256,
                Hash::Sha384 | Hash::Sha3_384 => Hash::Sha384,
                Hash::Sha512 | Hash::Sha3_512 => Hash::Sha512,
            };
            match (level, file.form) {
                (Level::BB, _) => {}
                // pyHanko believes no signature without a time stamp of its own, also where one is over the file
                (Level::BT, Form::Pades) => {
                    let stamp = |digest: &[u8]| services.token(hash, digest);
                    file.bytes = pdf_with_time_stamp(&card.desk(algorithm), stamp, hash);
                    signatures.push(algorithm.hash());
                }
                _ => file.bytes = services.raised(&file.bytes, &Detached(file.form), (level, hash)),
            }
            raised.push(Raised {
                form: file.form,
                kind: card.kind,
                key: *key,
                algorithm,
                level,
                certificate: card.certificate_file.clone(),
                bytes: file.bytes.clone(),
            });
        }
    }
    let sha_3 = signatures.iter().filter(|hash| is_sha_3(**hash)).count();
    let (files, all) = (raised.len(), signatures.len());
    println!("{files} files with {all} signatures, all of software cards, {sha_3} of them with SHA-3");
    let time = later(now(), 60);
    for file in &raised {
        let mut settings = match file.level {
            Level::BB | Level::BT => known.clone(),
            _ => alone.clone(),
        };
        settings.time = time;
        file.is_what_it_should_be(&settings);
    }
    raised
}

/// A PDF with a time stamp of its own in the signature, not over the file.
fn pdf_with_time_stamp(
    desk: &Desk<&SignerCard>,
    stamp: impl FnOnce(&[u8]) -> Vec<u8>,
    hash: Hash,
) -> Vec<u8> {
    let source = plain();
    let placed = pades::place(&source, &desk.signer, &desk.statement, &SignatureSettings::default()).unwrap();
    let digest = placed.digest(&source).unwrap();
    let prepared = placed.prepare(&digest).unwrap();
    let signature = desk.sign(&prepared.digest());
    let signed = prepared.finish(&signature).unwrap();
    let token = stamp(&signed.time_stamp_digest(hash).unwrap());
    [source, signed.with_time_stamp(&token).unwrap().appended().unwrap()].concat()
}

//! The files: made with keys, time stamps, answers and lists of openssl.

use std::{fs, io, path::PathBuf};

use bitaqa_signature::{
    Hash, Level, Signer, SignerStatement,
    augmentation::{Answers, FileProgress, Goal, Need, augment_file},
    cades::{self, Content, Profile},
    document::NoContent,
    pades::{self, SignatureSettings},
    time_stamp::{TimeStampRequest, token_of_response},
    validation::ValidationSettings,
};
use bitaqa_trust::TrustStore;

use super::support::{Holder, Kind, Pki, now};

/// Bytes of the document.
const CONTENT: usize = 64 * 1024;

/// A message and a PDF at level B-LT, and whose they are.
pub(super) struct Files {
    pub(super) cms: Vec<u8>,
    pub(super) pdf: Vec<u8>,
    pki: Pki,
    holder: Holder,
}

impl Files {
    pub(super) fn make() -> io::Result<Self> {
        // nobody listens there: every need is answered below
        let pki = Pki::served_at(1);
        let holder = pki.signer(Kind::P256);
        let mut files = Self { cms: Vec::new(), pdf: Vec::new(), pki, holder };
        let signer = files.signer();
        let content = vec![0x61; CONTENT];
        let prepared = cades::prepare(&signer, Content::Attached(&content), Profile::Cades, &statement());
        let prepared = prepared.map_err(io::Error::other)?;
        let signature = files.holder.sign(signer.algorithm(), &prepared.digest());
        let message = prepared.finish(&signature).map_err(io::Error::other)?;
        files.cms = files.raised(&message)?;
        files.pdf = files.raised(&files.signed_pdf(&empty_pdf(CONTENT))?)?;
        fs::write(files.cms_file(), &files.cms)?;
        fs::write(files.pdf_file(), &files.pdf)?;
        let both = [fs::read(files.root_file())?, fs::read(files.pki.path("ca.pem"))?].concat();
        fs::write(files.authorities_file(), both)?;
        Ok(files)
    }

    pub(super) fn signer(&self) -> Signer {
        let algorithm = bitaqa_signature::SignatureAlgorithm::Ecdsa(Hash::Sha256);
        // a key of the support's own making fits its algorithm
        Signer::new(self.holder.certificate.clone(), vec![self.pki.authority()], algorithm)
            .unwrap_or_else(|error| unreachable!("{error}"))
    }

    pub(super) fn sign(&self, signer: &Signer, digest: &[u8]) -> Vec<u8> {
        self.holder.sign(signer.algorithm(), digest)
    }

    fn signed_pdf(&self, document: &[u8]) -> io::Result<Vec<u8>> {
        let signer = self.signer();
        let source = document.to_vec();
        let placed = pades::place(&source, &signer, &statement(), &SignatureSettings::default());
        let placed = placed.map_err(io::Error::other)?;
        let digest = placed.digest(&source).map_err(io::Error::other)?;
        let prepared = placed.prepare(&digest).map_err(io::Error::other)?;
        let signature = self.sign(&signer, &prepared.digest());
        let mut signed = prepared.finish(&signature).map_err(io::Error::other)?;
        let digest = signed.time_stamp_digest(Hash::Sha256).map_err(io::Error::other)?;
        signed = signed.with_time_stamp(&self.token(Hash::Sha256, &digest)?).map_err(io::Error::other)?;
        let appended = signed.appended().map_err(io::Error::other)?;
        Ok([source, appended].concat())
    }

    fn token(&self, hash: Hash, digest: &[u8]) -> io::Result<Vec<u8>> {
        let request = TimeStampRequest::new(hash, digest, None).map_err(io::Error::other)?;
        let response = self.pki.time_stamp(&request.to_der());
        token_of_response(&response, &request).map_err(io::Error::other)
    }

    fn raised(&self, file: &[u8]) -> io::Result<Vec<u8>> {
        let mut store = TrustStore::new();
        store.add_anchor(self.pki.root());
        let goal = Goal { level: Level::BLt, hash: Hash::Sha256, store, at: now() };
        let mut answers = Answers::new();
        for _ in 0..16 {
            match augment_file(file, &NoContent, &goal, &answers).map_err(io::Error::other)? {
                FileProgress::Done { file, augmented } if augmented.level == Level::BLt => return Ok(file),
                FileProgress::Done { augmented, .. } => {
                    return Err(io::Error::other(format!("{:?}", augmented.notices)));
                }
                FileProgress::Needs(needs) => {
                    for need in needs {
                        let answer = match &need {
                            Need::TimeStamp { hash, digest } => self.token(*hash, digest)?,
                            Need::Ocsp { request, .. } => self.pki.answer_ocsp(request),
                            Need::Crl { url, .. } if url.ends_with("/root.crl") => {
                                self.pki.root_revocation_list()
                            }
                            Need::Crl { .. } => self.pki.revocation_list(),
                            Need::IssuerCertificate { .. } => {
                                return Err(io::Error::other("every issuer is known"));
                            }
                        };
                        answers.add(need, Some(answer));
                    }
                }
            }
        }
        Err(io::Error::other("the file is never done"))
    }

    pub(super) fn settings(&self) -> ValidationSettings {
        let mut settings = ValidationSettings::new(now());
        settings.signers.add_anchor(self.pki.root());
        settings.time_stamp_authorities.add_anchor(self.pki.root());
        settings
    }

    pub(super) fn root_file(&self) -> PathBuf {
        self.pki.path("root.pem")
    }

    pub(super) fn authorities_file(&self) -> PathBuf {
        self.pki.path("both.pem")
    }

    pub(super) fn cms_file(&self) -> PathBuf {
        self.pki.path("bench.p7m")
    }

    pub(super) fn pdf_file(&self) -> PathBuf {
        self.pki.path("bench.pdf")
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.pki.path(name)
    }
}

pub(super) fn statement() -> SignerStatement {
    SignerStatement { signing_time: Some(now()), ..SignerStatement::default() }
}

/// A PDF of one empty page with a stream of so many bytes.
pub(super) fn empty_pdf(bytes: usize) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut offsets = vec![file.len()];
    file.extend_from_slice(b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n");
    offsets.push(file.len());
    file.extend_from_slice(b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n");
    offsets.push(file.len());
    file.extend_from_slice(b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>\nendobj\n");
    offsets.push(file.len());
    file.extend_from_slice(format!("4 0 obj\n<</Length {bytes}>>\nstream\n").as_bytes());
    file.resize(file.len() + bytes, b'a');
    file.extend_from_slice(b"\nendstream\nendobj\n");
    let start = file.len();
    file.extend_from_slice(b"xref\n0 5\n0000000000 65535 f \n");
    for offset in offsets {
        file.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    file.extend_from_slice(
        format!("trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").as_bytes(),
    );
    file
}

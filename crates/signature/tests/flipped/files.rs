//! A signed file of each form, at each level.

use std::{io::Cursor, sync::OnceLock};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bitaqa_jose::base64url;
use bitaqa_signature::{
    Hash, Level, SignatureAlgorithm, Signer, SignerStatement,
    asic::{
        self, ContainerKind, SignatureKind,
        zip::{Limits, ZipReader},
    },
    cades::{self, Profile},
    cms::SignedData,
    document::DetachedContent,
    jades::{self, Serialization},
    pades::{self, SignatureSettings},
    validation::ValidationSettings,
    xades::{self, Object, ObjectContent, OtherSignatures, Packaging},
};

use bitaqa_trust::Certificate;

use crate::{
    documents::plain,
    support::{Holder, Kind, Pki, dated::later, now, services::Services},
};

/// What is signed; it stands in every document.
pub(crate) const CONTENT: &[u8] = b"The price is 100 dirhams.";
/// What it is called.
pub(crate) const NAME: &str = "order.txt";

/// The forms of a signed file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Cades,
    CadesDetached,
    Pades,
    XadesEnveloped,
    XadesEnveloping,
    XadesDetached,
    JadesCompact,
    JadesFlattened,
    JadesGeneral,
    JadesDetached,
    AsicSimpleCades,
    AsicSimpleXades,
    AsicExtendedCades,
    AsicExtendedXades,
}

/// A signed file.
pub(crate) struct SignedFile {
    pub(crate) form: Form,
    pub(crate) level: Level,
    pub(crate) bytes: Vec<u8>,
}

/// The content, where a form leaves it elsewhere.
pub(crate) struct Detached(pub(crate) Form);

impl DetachedContent for Detached {
    fn read(&self, name: Option<&str>, sink: &mut dyn FnMut(&[u8])) -> bool {
        let is_it = self.0.is_detached() && name.is_none_or(|name| name == NAME);
        if is_it {
            sink(CONTENT);
        }
        is_it
    }
}

impl Form {
    pub(crate) const ALL: [Self; 14] = [
        Self::Cades,
        Self::CadesDetached,
        Self::Pades,
        Self::XadesEnveloped,
        Self::XadesEnveloping,
        Self::XadesDetached,
        Self::JadesCompact,
        Self::JadesFlattened,
        Self::JadesGeneral,
        Self::JadesDetached,
        Self::AsicSimpleCades,
        Self::AsicSimpleXades,
        Self::AsicExtendedCades,
        Self::AsicExtendedXades,
    ];

    const fn is_detached(self) -> bool {
        matches!(self, Self::CadesDetached | Self::XadesDetached | Self::JadesDetached)
    }

    /// What is signed, as a program would take it out of the file.
    pub(crate) fn content(self, file: &[u8]) -> Option<Vec<u8>> {
        let payload = |text: &str| base64url::decode(text).ok();
        match self {
            Self::CadesDetached | Self::XadesDetached | Self::JadesDetached => Some(CONTENT.to_vec()),
            Self::Cades => Some(SignedData::parse(file).ok()?.content().ok()??.into_owned()),
            Self::Pades => file.get(..plain().len()).map(<[u8]>::to_vec),
            Self::XadesEnveloped => Some(xades::verify_enveloped(file).ok()?.octets().to_vec()),
            Self::XadesEnveloping => {
                let decoded = |text: &str| STANDARD.decode(text.trim()).ok();
                let is_it = |octets: &Vec<u8>| octets.windows(CONTENT.len()).any(|at| at == CONTENT);
                std::str::from_utf8(file).ok()?.split(['<', '>']).filter_map(decoded).find(is_it)
            }
            // raised, a compact text becomes JSON
            Self::JadesCompact if !file.starts_with(b"{") => {
                payload(std::str::from_utf8(file).ok()?.split('.').nth(1)?)
            }
            Self::JadesCompact | Self::JadesFlattened | Self::JadesGeneral => {
                payload(serde_json::from_slice::<serde_json::Value>(file).ok()?["payload"].as_str()?)
            }
            Self::AsicSimpleCades
            | Self::AsicSimpleXades
            | Self::AsicExtendedCades
            | Self::AsicExtendedXades => {
                let mut zip = ZipReader::open(Cursor::new(file), Limits::default()).ok()?;
                zip.read_to_vec(NAME, 1 << 20).ok()
            }
        }
    }
}

/// An infrastructure whose certificates say where revocation data is to be had. Nobody listens there: each need is answered here.
pub(crate) fn pki() -> &'static Pki {
    static PKI: OnceLock<Pki> = OnceLock::new();
    PKI.get_or_init(|| Pki::served_at(1))
}

/// What computes signatures.
pub(crate) trait SigningKey {
    /// A signature over a digest that the algorithm's hash made.
    fn sign(&self, algorithm: SignatureAlgorithm, digest: &[u8]) -> Vec<u8>;
}

impl SigningKey for Holder {
    fn sign(&self, algorithm: SignatureAlgorithm, digest: &[u8]) -> Vec<u8> {
        Self::sign(self, algorithm, digest)
    }
}

/// Somebody who signs with an algorithm.
pub(crate) struct Desk<K = Holder> {
    pub(crate) key: K,
    pub(crate) signer: Signer,
    pub(crate) statement: SignerStatement,
}

impl Desk {
    fn new(kind: Kind, algorithm: SignatureAlgorithm) -> Self {
        let holder = pki().signer(kind);
        Self::of(holder.certificate.clone(), holder, algorithm)
    }
}

impl<K: SigningKey> Desk<K> {
    /// Somebody with a certificate of the infrastructure for this key.
    pub(crate) fn of(certificate: Certificate, key: K, algorithm: SignatureAlgorithm) -> Self {
        let signer = Signer::new(certificate, vec![pki().authority()], algorithm).unwrap();
        let statement = SignerStatement { signing_time: Some(now()), ..SignerStatement::default() };
        Self { key, signer, statement }
    }

    pub(crate) fn sign(&self, digest: &[u8]) -> Vec<u8> {
        self.key.sign(self.signer.algorithm(), digest)
    }

    fn cades(&self, content: cades::Content<'_>) -> Vec<u8> {
        let prepared = cades::prepare(&self.signer, content, Profile::Cades, &self.statement).unwrap();
        let signature = self.sign(&prepared.digest());
        prepared.finish(&signature).unwrap()
    }

    fn pades(&self, document: &[u8]) -> Vec<u8> {
        // as small as it can be: what is empty in the gap is not worth a flip
        let settings = SignatureSettings { room: 0, ..SignatureSettings::default() };
        let source = document.to_vec();
        let placed = pades::place(&source, &self.signer, &self.statement, &settings).unwrap();
        let digest = placed.digest(&source).unwrap();
        let prepared = placed.prepare(&digest).unwrap();
        let signature = self.sign(&prepared.digest());
        [source, prepared.finish(&signature).unwrap().appended().unwrap()].concat()
    }

    fn xades(&self, packaging: Packaging<'_>) -> Vec<u8> {
        let prepared = xades::prepare(&self.signer, packaging, &self.statement).unwrap();
        let signature = self.sign(&prepared.digest());
        prepared.finish(&signature).unwrap()
    }

    fn jades(&self, content: jades::Content<'_>, serialization: Serialization) -> Vec<u8> {
        let options = jades::Options { serialization, ..jades::Options::default() };
        let prepared = jades::prepare(&self.signer, content, options, &self.statement).unwrap();
        let signature = self.sign(&prepared.digest());
        prepared.finish(&signature).unwrap()
    }

    fn asic(&self, kind: ContainerKind, signature: SignatureKind) -> Vec<u8> {
        let files = [asic::File { name: NAME, media_type: Some("text/plain"), content: CONTENT }];
        let prepared = asic::prepare(&self.signer, kind, signature, &files, &self.statement).unwrap();
        let signature = self.sign(&prepared.digest());
        prepared.finish(&signature).unwrap()
    }

    /// A document with the signature inside.
    pub(crate) fn enveloped(&self, others: OtherSignatures) -> Vec<u8> {
        let xml = [b"<order>".as_slice(), CONTENT, b"</order>"].concat();
        self.xades(Packaging::Enveloped { document: &xml, others })
    }

    pub(crate) fn file(&self, form: Form) -> SignedFile {
        let hash = self.signer.algorithm().hash();
        let digest = hash.digest(&[CONTENT]);
        let objects = [Object { content: ObjectContent::Octets(CONTENT), media_type: "text/plain" }];
        let beside = [xades::File { uri: NAME, digest: &digest, media_type: "text/plain" }];
        let object = [jades::DetachedObject::new(NAME, hash, CONTENT)];
        let attached = jades::Content::Attached(CONTENT);
        let bytes = match form {
            Form::Cades => self.cades(cades::Content::Attached(CONTENT)),
            Form::CadesDetached => self.cades(cades::Content::Digest { hash, digest }),
            Form::Pades => self.pades(&plain()),
            Form::XadesEnveloped => self.enveloped(OtherSignatures::LeftOut),
            Form::XadesEnveloping => self.xades(Packaging::Enveloping { objects: &objects }),
            Form::XadesDetached => self.xades(Packaging::Detached { files: &beside, container: None }),
            Form::JadesCompact => self.jades(attached, Serialization::Compact),
            Form::JadesFlattened => self.jades(attached, Serialization::Flattened),
            Form::JadesGeneral => self.jades(attached, Serialization::General),
            Form::JadesDetached => self.jades(jades::Content::Detached(&object), Serialization::Flattened),
            Form::AsicSimpleCades => self.asic(ContainerKind::Simple, SignatureKind::Cades),
            Form::AsicSimpleXades => self.asic(ContainerKind::Simple, SignatureKind::Xades),
            Form::AsicExtendedCades => self.asic(ContainerKind::Extended, SignatureKind::Cades),
            Form::AsicExtendedXades => self.asic(ContainerKind::Extended, SignatureKind::Xades),
        };
        SignedFile { form, level: Level::BB, bytes }
    }
}

/// One file of each form, at B-B.
pub(crate) fn files() -> Vec<SignedFile> {
    let desk = Desk::new(Kind::P256, SignatureAlgorithm::Ecdsa(Hash::Sha256));
    Form::ALL.map(|form| desk.file(form)).into()
}

/// What somebody who trusts the root has of revocation data, which is not in a file at B-B.
pub(crate) fn settings() -> ValidationSettings {
    // the certificates are there before the lists and the time
    pki().signer(Kind::P256);
    let mut settings = ValidationSettings::new(later(now(), 60));
    settings.signers = Services::of(pki()).trusted();
    settings.time_stamp_authorities = settings.signers.clone();
    settings.evidence.lists = vec![pki().revocation_list(), pki().root_revocation_list()];
    settings
}

/// A file raised to a level, with time stamps, answers and lists of openssl.
pub(crate) fn raised(signed: &SignedFile, level: Level) -> SignedFile {
    let goal = (level, Hash::Sha256);
    let bytes = Services::of(pki()).raised(&signed.bytes, &Detached(signed.form), goal);
    SignedFile { form: signed.form, level, bytes }
}

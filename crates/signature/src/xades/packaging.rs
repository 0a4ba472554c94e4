//! How a signature and what it signs are put together, and the references that say so.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    XadesError,
    names::{BASE64, DS, ENVELOPED, EXCLUSIVE, TYPE_COUNTERSIGNED, TYPE_OBJECT, XADES, XPATH},
    reading::signatures,
    statement_writing::digest,
    unsigned_properties::{self, Behind, Place},
};
use crate::{
    Hash,
    xml::{Canonicalization, Document, NodeId, NodeSet, canonical::Method, escape},
};

/// What is signed, and where the signature is put.
#[derive(Debug, Clone, Copy)]
pub enum Packaging<'a> {
    /// A document is signed as a whole, and the signature put at the end of its root element.
    Enveloped {
        /// The document.
        document: &'a [u8],
        /// What becomes of other signatures of it.
        others: OtherSignatures,
    },
    /// One element of a document is signed, by its identifier, and the signature put at the end of the root element. Others can
    /// sign the same or other elements. Such a signature does not pass while the document has an element of the same name that
    /// nobody signs.
    Element {
        /// The document.
        document: &'a [u8],
        /// `Id` of the element.
        identifier: &'a str,
    },
    /// The signature is the document, and what is signed is inside it.
    Enveloping {
        /// What is signed.
        objects: &'a [Object<'a>],
    },
    /// What is signed is somewhere else, and only its digests are needed.
    Detached {
        /// What is signed.
        files: &'a [File<'a>],
        /// A document at the end of whose root element the signature is put, as in the containers of EN 319 162-1; none where
        /// the signature is a document of its own.
        container: Option<&'a [u8]>,
    },
    /// Another signature is signed, and the counter-signature put inside it.
    CounterSignature {
        /// The document.
        document: &'a [u8],
        /// `Id` of the signature that is signed.
        signature: &'a str,
    },
}

/// What becomes of other signatures of an enveloped document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OtherSignatures {
    /// Those that are there are signed with the document, and later ones break this signature.
    Signed,
    /// They are left out, those that are there and those to come: parallel signatures. Whatever is inside of a `ds:Signature`
    /// is then not signed.
    LeftOut,
}

/// Something to be put into an enveloping signature.
#[derive(Debug, Clone, Copy)]
pub struct Object<'a> {
    /// What it is.
    pub content: ObjectContent<'a>,
    /// Its media type.
    pub media_type: &'a str,
}

/// How it is put there.
#[derive(Debug, Clone, Copy)]
pub enum ObjectContent<'a> {
    /// In base64; the bytes are signed.
    Octets(&'a [u8]),
    /// As elements: the root element of an XML document, without what is before and behind it.
    Xml(&'a [u8]),
}

/// Something outside.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// The URI that names it, as it stands in the file: not empty, no fragment.
    pub uri: &'a str,
    /// Its digest, with the hash of the signer's algorithm.
    pub digest: &'a [u8],
    /// Its media type.
    pub media_type: &'a str,
}

/// The parts of a file around the signature, and the references of the signature.
pub(super) struct Package<'a> {
    pub(super) before: String,
    pub(super) after: Behind<'a>,
    /// Elements of the signature.
    pub(super) objects: String,
    pub(super) references: Vec<Referenced<'a>>,
    /// The document as it was.
    pub(super) existing: Option<Document<'a>>,
}

/// A reference to be written.
pub(super) struct Referenced<'a> {
    uri: String,
    kind: Option<&'static str>,
    transforms: String,
    pub(super) digest: Vec<u8>,
    /// None where there is no format to be told, as of another signature.
    pub(super) media_type: Option<&'a str>,
}

impl Referenced<'_> {
    /// `ds:Reference`; with an identifier where one is given.
    pub(super) fn written(&self, identifier: Option<&str>, hash: Hash) -> String {
        let mut xml = "<ds:Reference".to_owned();
        let attributes = [("Id", identifier), ("Type", self.kind), ("URI", Some(self.uri.as_str()))];
        for (name, value) in attributes.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            let _ = write!(xml, " {name}=\"{}\"", escape::attribute(value));
        }
        xml.push('>');
        if !self.transforms.is_empty() {
            let _ = write!(xml, "<ds:Transforms>{}</ds:Transforms>", self.transforms);
        }
        xml.push_str(&digest(hash, &self.digest));
        xml.push_str("</ds:Reference>");
        xml
    }

    /// The reference to the signed properties.
    pub(super) fn to_properties(identifier: &str, kind: &'static str, digest: Vec<u8>) -> Self {
        Self {
            uri: format!("#{identifier}"),
            kind: Some(kind),
            transforms: transform(EXCLUSIVE),
            digest,
            media_type: None,
        }
    }
}

fn transform(algorithm: &str) -> String {
    format!("<ds:Transform Algorithm=\"{algorithm}\"/>")
}

/// The canonicalization of everything that is made here: it does not depend on what is around.
pub(super) fn exclusive() -> Canonicalization {
    Canonicalization::new(Method::Exclusive)
}

/// Puts a package together; `prefix` begins the identifiers of its parts.
pub(super) fn package<'a>(
    packaging: Packaging<'a>,
    prefix: &str,
    hash: Hash,
    media_type: Option<&'a str>,
) -> Result<Package<'a>, XadesError> {
    match packaging {
        Packaging::Enveloped { document, others } => enveloped(document, others, hash, media_type),
        Packaging::Element { document, identifier } => element(document, identifier, hash, media_type),
        Packaging::Enveloping { objects } => enveloping(objects, prefix, hash),
        Packaging::Detached { files, container } => detached(files, container, hash),
        Packaging::CounterSignature { document, signature } => counter_signature(document, signature, hash),
    }
}

const XML: &str = "text/xml";

fn enveloped<'a>(
    octets: &'a [u8],
    others: OtherSignatures,
    hash: Hash,
    media_type: Option<&'a str>,
) -> Result<Package<'a>, XadesError> {
    let document = Document::parse(octets)?;
    let mut nodes = NodeSet::subtree(document.root());
    let first = match others {
        OtherSignatures::Signed => transform(ENVELOPED),
        OtherSignatures::LeftOut => {
            nodes = nodes.without_all(signatures(&document).unwrap_or_default());
            format!(
                "<ds:Transform Algorithm=\"{XPATH}\"><ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath></ds:Transform>"
            )
        }
    };
    let reference = Referenced {
        uri: String::new(),
        kind: None,
        transforms: first + &transform(EXCLUSIVE),
        digest: hash.digest(&[&exclusive().apply(&document, &nodes)?]),
        media_type: Some(media_type.unwrap_or(XML)),
    };
    at_the_end_of_the_root(document, vec![reference])
}

fn element<'a>(
    octets: &'a [u8],
    identifier: &str,
    hash: Hash,
    media_type: Option<&'a str>,
) -> Result<Package<'a>, XadesError> {
    let document = Document::parse(octets)?;
    let node = document.by_identifier(identifier).ok_or(XadesError::NoElement)?;
    // A fragment that holds anything else would have to be escaped, and everybody does that in another way.
    if !identifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')) {
        return Err(XadesError::NoElement);
    }
    let first = if Some(node) == document.root_element() { transform(ENVELOPED) } else { String::new() };
    let reference = Referenced {
        uri: format!("#{identifier}"),
        kind: None,
        transforms: first + &transform(EXCLUSIVE),
        digest: hash.digest(&[&exclusive().apply_to(&document, node)?]),
        media_type: Some(media_type.unwrap_or(XML)),
    };
    at_the_end_of_the_root(document, vec![reference])
}

fn enveloping<'a>(objects: &[Object<'a>], prefix: &str, hash: Hash) -> Result<Package<'a>, XadesError> {
    if objects.is_empty() {
        return Err(XadesError::NothingToSign);
    }
    let mut written = String::new();
    let mut references = Vec::new();
    for (number, object) in (1..).zip(objects) {
        let identifier = format!("{prefix}-object-{number}");
        let (transforms, digest) = match object.content {
            ObjectContent::Octets(octets) => {
                let _ = write!(written, "<ds:Object Id=\"{identifier}\" Encoding=\"{BASE64}\">");
                STANDARD.encode_string(octets, &mut written);
                written.push_str("</ds:Object>");
                (transform(BASE64), hash.digest(&[octets]))
            }
            ObjectContent::Xml(octets) => {
                let document = Document::parse(octets)?;
                let root = document.root_element().and_then(|root| document.element(root));
                let root = root.and_then(|root| document.text().get(root.range())).unwrap_or_default();
                let object = format!("<ds:Object xmlns:ds=\"{DS}\" Id=\"{identifier}\">{root}</ds:Object>");
                let parsed = Document::parse(object.as_bytes())?;
                let canonical = exclusive().apply(&parsed, &NodeSet::subtree(parsed.root()))?;
                written.push_str(&object);
                (transform(EXCLUSIVE), hash.digest(&[&canonical]))
            }
        };
        references.push(Referenced {
            uri: format!("#{identifier}"),
            kind: Some(TYPE_OBJECT),
            transforms,
            digest,
            media_type: Some(object.media_type),
        });
    }
    Ok(Package {
        before: DECLARATION.to_owned(),
        after: Behind::default(),
        objects: written,
        references,
        existing: None,
    })
}

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

fn detached<'a>(
    files: &[File<'a>],
    container: Option<&'a [u8]>,
    hash: Hash,
) -> Result<Package<'a>, XadesError> {
    if files.is_empty() {
        return Err(XadesError::NothingToSign);
    }
    let mut references = Vec::new();
    for file in files {
        if file.uri.is_empty() || file.uri.contains('#') {
            return Err(XadesError::Uri);
        }
        if file.digest.len() != hash.length() {
            return Err(XadesError::DigestLength);
        }
        references.push(Referenced {
            uri: file.uri.to_owned(),
            kind: None,
            transforms: String::new(),
            digest: file.digest.to_vec(),
            media_type: Some(file.media_type),
        });
    }
    match container {
        Some(container) => at_the_end_of_the_root(Document::parse(container)?, references),
        None => Ok(Package {
            before: DECLARATION.to_owned(),
            after: Behind::default(),
            objects: String::new(),
            references,
            existing: None,
        }),
    }
}

fn counter_signature<'a>(octets: &'a [u8], signature: &str, hash: Hash) -> Result<Package<'a>, XadesError> {
    let document = Document::parse(octets)?;
    let node = unsigned_properties::signature(&document, signature)?;
    let value: NodeId = document.child(node, DS, "SignatureValue").ok_or(XadesError::NoElement)?;
    let identifier =
        document.element(value).and_then(|value| value.identifier()).ok_or(XadesError::NoElement)?;
    let reference = Referenced {
        uri: format!("#{identifier}"),
        kind: Some(TYPE_COUNTERSIGNED),
        transforms: transform(EXCLUSIVE),
        digest: hash.digest(&[&exclusive().apply_to(&document, value)?]),
        media_type: None,
    };
    let place = unsigned_properties::place(&document, node)?;
    let opening = format!("<xades:CounterSignature xmlns:xades=\"{XADES}\">");
    let (before, after) = place.around(&document, &opening, "</xades:CounterSignature>");
    Ok(Package {
        before,
        after,
        objects: String::new(),
        references: vec![reference],
        existing: Some(document),
    })
}

/// The signature goes before the end tag of the root element; one that is written as one tag gets an end tag.
fn at_the_end_of_the_root<'a>(
    document: Document<'a>,
    references: Vec<Referenced<'a>>,
) -> Result<Package<'a>, XadesError> {
    let root =
        document.root_element().and_then(|root| document.element(root)).ok_or(XadesError::NoElement)?;
    let place = Place::inside(root);
    let (before, after) = place.around(&document, "", "");
    Ok(Package { before, after, objects: String::new(), references, existing: Some(document) })
}

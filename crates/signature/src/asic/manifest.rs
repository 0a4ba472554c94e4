//! `ASiCManifest` (EN 319 162-1 annex A.4): the files that one signature or time stamp covers, each with its digest.

use std::collections::BTreeSet;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{error::ManifestFault, zip::EntryName};
use crate::{
    Hash,
    xades::algorithm::{digest_from_uri, digest_uri},
    xml::{Document, NodeId, escape},
};

/// Namespace of manifests and of the root of signatures in XML.
pub const ASIC: &str = "http://uri.etsi.org/02918/v1.2.1#";
const DS: &str = "http://www.w3.org/2000/09/xmldsig#";

/// Media type of CMS signatures (RFC 5273).
pub const PKCS7_SIGNATURE: &str = "application/pkcs7-signature";
/// Media type of time-stamp tokens (EN 319 162-1).
pub const TIME_STAMP_TOKEN: &str = "application/vnd.etsi.timestamp-token";

/// Most files of one manifest.
const MAX_REFERENCES: usize = 10_000;

/// A manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The file with the signature or time stamp over the manifest.
    pub signature: EntryName,
    /// Media type of that file.
    pub signature_media_type: Option<String>,
    /// What is covered.
    pub references: Vec<DataObjectReference>,
}

/// One file of a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataObjectReference {
    /// Its name.
    pub name: EntryName,
    /// Its media type.
    pub media_type: Option<String>,
    /// Hash of the digest; none where it is not accepted.
    pub hash: Option<Hash>,
    /// The digest.
    pub digest: Vec<u8>,
    /// Whether reading begins here (`Rootfile`): in archive manifests, the one before.
    pub is_root: bool,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// [`ManifestFault`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ManifestFault> {
        let document = Document::parse(bytes)?;
        let root = document.root_element().ok_or(ManifestFault::Structure)?;
        if !document.is(root, ASIC, "ASiCManifest") {
            return Err(ManifestFault::Structure);
        }
        let mut signatures = document.children_named(root, ASIC, "SigReference");
        let (Some(signature), None) = (signatures.next(), signatures.next()) else {
            return Err(ManifestFault::Structure);
        };
        let mut references = Vec::new();
        let mut names = BTreeSet::new();
        for node in document.children_named(root, ASIC, "DataObjectReference") {
            let reference = DataObjectReference::parse(&document, node)?;
            // the same file twice could have two digests, of which one is right
            if !names.insert(reference.name.clone()) {
                return Err(ManifestFault::Structure);
            }
            references.push(reference);
            if references.len() > MAX_REFERENCES {
                return Err(ManifestFault::TooMany);
            }
        }
        if references.is_empty() {
            return Err(ManifestFault::Structure);
        }
        let (signature, signature_media_type) = target(&document, signature)?;
        Ok(Self { signature, signature_media_type, references })
    }

    /// Writes it.
    #[must_use]
    pub fn to_xml(&self) -> String {
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        xml.push_str(&format!("<asic:ASiCManifest xmlns:asic=\"{ASIC}\" xmlns:ds=\"{DS}\">"));
        let target = |name: &EntryName, media_type: &Option<String>| {
            let uri = encode_uri(name.as_str());
            let media_type =
                media_type.as_ref().map(|text| format!(" MimeType=\"{}\"", escape::attribute(text)));
            format!("URI=\"{}\"{}", escape::attribute(&uri), media_type.unwrap_or_default())
        };
        let signature = target(&self.signature, &self.signature_media_type);
        xml.push_str(&format!("<asic:SigReference {signature}/>"));
        for reference in &self.references {
            let root = if reference.is_root { " Rootfile=\"true\"" } else { "" };
            let algorithm = reference.hash.map_or("", digest_uri);
            xml.push_str(&format!(
                "<asic:DataObjectReference {}{root}><ds:DigestMethod Algorithm=\"{algorithm}\"/>\
                 <ds:DigestValue>{}</ds:DigestValue></asic:DataObjectReference>",
                target(&reference.name, &reference.media_type),
                STANDARD.encode(&reference.digest),
            ));
        }
        xml.push_str("</asic:ASiCManifest>");
        xml
    }
}

impl DataObjectReference {
    fn parse(document: &Document<'_>, node: NodeId) -> Result<Self, ManifestFault> {
        let child = |name| {
            let mut found = document.children_named(node, DS, name);
            match (found.next(), found.next()) {
                (Some(child), None) => Ok(child),
                _ => Err(ManifestFault::Structure),
            }
        };
        let method = child("DigestMethod")?;
        let method = document.element(method).and_then(|element| element.attribute("Algorithm"));
        let value = document.text_of(child("DigestValue")?).ok_or(ManifestFault::Structure)?;
        let value: String = value.split_ascii_whitespace().collect();
        let root = document.element(node).and_then(|element| element.attribute("Rootfile"));
        let (name, media_type) = target(document, node)?;
        Ok(Self {
            name,
            media_type,
            hash: digest_from_uri(method.ok_or(ManifestFault::Structure)?),
            digest: STANDARD.decode(value).map_err(|_| ManifestFault::Structure)?,
            is_root: root.is_some_and(|root| matches!(root, "true" | "1")),
        })
    }
}

/// `URI` and `MimeType` of an element.
fn target(document: &Document<'_>, node: NodeId) -> Result<(EntryName, Option<String>), ManifestFault> {
    let element = document.element(node).ok_or(ManifestFault::Structure)?;
    let uri = element.attribute("URI").ok_or(ManifestFault::Structure)?;
    Ok((entry_name(uri).ok_or(ManifestFault::Reference)?, element.attribute("MimeType").map(str::to_owned)))
}

/// The file of the container that a URI reference names: a relative path from its root, percent-encoded (RFC 3986).
#[must_use]
pub fn entry_name(uri: &str) -> Option<EntryName> {
    let mut bytes = Vec::with_capacity(uri.len());
    let mut rest = uri.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first == b'%' {
            let (digits, after) = rest.split_at_checked(2)?;
            let digits = std::str::from_utf8(digits).ok().filter(|text| !text.starts_with('+'))?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = after;
        } else {
            bytes.push(*first);
        }
    }
    EntryName::parse(std::str::from_utf8(&bytes).ok()?).ok().filter(|name| !name.is_folder())
}

/// A name as a URI reference.
#[must_use]
pub fn encode_uri(name: &str) -> String {
    let mut uri = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> EntryName {
        EntryName::parse(text).unwrap()
    }

    #[test]
    fn a_manifest_is_read_as_it_was_written() {
        let reference = |text: &str, hash: Hash| DataObjectReference {
            name: name(text),
            media_type: Some("text/plain; charset=\"utf-8\"".to_owned()),
            hash: Some(hash),
            digest: hash.digest(&[text.as_bytes()]),
            is_root: hash == Hash::Sha256,
        };
        let manifest = Manifest {
            signature: name("META-INF/signature001.p7s"),
            signature_media_type: Some(PKCS7_SIGNATURE.to_owned()),
            references: vec![reference("عقد 1%.pdf", Hash::Sha256), reference("a&b/<c>.txt", Hash::Sha3_512)],
        };
        assert_eq!(Manifest::parse(manifest.to_xml().as_bytes()), Ok(manifest));
    }

    #[test]
    fn a_reference_stays_in_the_container() {
        for (uri, expected) in [("a%20b", "a b"), ("a b", "a b"), ("%D8%B9.pdf", "ع.pdf"), ("a+b", "a+b")] {
            assert_eq!(entry_name(uri), Some(name(expected)), "{uri}");
        }
        for uri in ["", "../a", "%2e%2e/a", "/a", "a%", "a%4", "a%+1", "a%zz", "%ff", "folder/", "a%00"] {
            assert_eq!(entry_name(uri), None, "{uri}");
        }
    }

    #[test]
    fn a_manifest_that_says_two_things_is_refused() {
        let with = |inner: &str| {
            format!("<a:ASiCManifest xmlns:a=\"{ASIC}\" xmlns:ds=\"{DS}\">{inner}</a:ASiCManifest>")
        };
        let signature = "<a:SigReference URI=\"META-INF/signature.p7s\"/>";
        let object = "<a:DataObjectReference URI=\"a\"><ds:DigestMethod Algorithm=\"x\"/><ds:DigestValue>AA==</ds:DigestValue></a:DataObjectReference>";
        assert!(Manifest::parse(with(&format!("{signature}{object}")).as_bytes()).is_ok());
        for inner in [
            signature.to_owned(),
            object.to_owned(),
            format!("{signature}{signature}{object}"),
            format!("{signature}{object}{object}"),
            format!("{signature}{}", object.replace("AA==", "AA")),
            format!("{signature}{}", object.replace("\"a\"", "\"../a\"")),
            format!("{signature}{}", object.replace("<ds:DigestMethod Algorithm=\"x\"/>", "")),
        ] {
            assert!(Manifest::parse(with(&inner).as_bytes()).is_err(), "{inner}");
        }
    }
}

//! A signature in two steps: what is signed, and the file with it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use super::{
    XadesError,
    algorithm::signature_uri,
    intact,
    names::{DS, EXCLUSIVE, TYPE_SIGNED_PROPERTIES, XADES},
    packaging::{Packaging, Referenced, exclusive, package},
    statement_writing::{Format, signed_properties},
};
use crate::{
    Signer, SignerStatement,
    algorithm::EcdsaEncoding,
    xml::{Document, escape},
};

/// Prepares a signature: everything but its value.
///
/// # Errors
/// [`XadesError`]: a document cannot be read, what is to be signed is not there, the algorithm has no name in XML, or a
/// signature that is in the document would break.
pub fn prepare(
    signer: &Signer,
    packaging: Packaging<'_>,
    statement: &SignerStatement,
) -> Result<Prepared, XadesError> {
    let method = signature_uri(signer.algorithm()).ok_or(XadesError::Algorithm)?;
    let hash = signer.algorithm().hash();
    let identifier = identifier(signer, packaging, statement);
    let package = package(packaging, &identifier, hash, statement.media_type.as_deref())?;
    let mut references = String::new();
    let mut formats = Vec::new();
    for (number, reference) in (1..).zip(&package.references) {
        let name = reference.media_type.map(|media_type| {
            let name = format!("{identifier}-reference-{number}");
            formats.push(Format { reference: name.clone(), media_type });
            name
        });
        references.push_str(&reference.written(name.as_deref(), hash));
    }
    let properties_identifier = format!("{identifier}-properties");
    let properties = signed_properties(&properties_identifier, signer, statement, &formats)?;
    let digest = hash.digest(&[&canonical(&properties)?]);
    let to_properties = Referenced::to_properties(&properties_identifier, TYPE_SIGNED_PROPERTIES, digest);
    references.push_str(&to_properties.written(None, hash));
    let signed_info = format!(
        "<ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"/>\
         <ds:SignatureMethod Algorithm=\"{method}\"/>{references}</ds:SignedInfo>"
    );
    let to_be_signed = canonical(&signed_info)?;
    let certificates: String = std::iter::once(signer.certificate())
        .chain(signer.chain())
        .map(|certificate| {
            format!("<ds:X509Certificate>{}</ds:X509Certificate>", STANDARD.encode(certificate.der()))
        })
        .collect();
    let before = format!(
        "{}<ds:Signature xmlns:ds=\"{DS}\" Id=\"{identifier}\">{signed_info}<ds:SignatureValue Id=\"{identifier}-value\">",
        package.before
    );
    let after = format!(
        "</ds:SignatureValue><ds:KeyInfo><ds:X509Data>{certificates}</ds:X509Data></ds:KeyInfo>{}<ds:Object>\
         <xades:QualifyingProperties xmlns:xades=\"{XADES}\" Target=\"#{identifier}\">{properties}\
         </xades:QualifyingProperties></ds:Object></ds:Signature>{}{}",
        package.objects, package.after.closing, package.after.rest
    );
    let prepared = Prepared { before, after, to_be_signed, identifier, signer: signer.clone() };
    prepared.check(package.existing.as_ref())?;
    Ok(prepared)
}

/// A signature without its value.
#[derive(Debug, Clone)]
pub struct Prepared {
    before: String,
    after: String,
    to_be_signed: Vec<u8>,
    identifier: String,
    signer: Signer,
}

impl Prepared {
    /// The bytes that are signed: `SignedInfo` in its canonical form.
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        &self.to_be_signed
    }

    /// Their digest, with the hash of the signer's algorithm.
    #[must_use]
    pub fn digest(&self) -> Vec<u8> {
        self.signer.algorithm().hash().digest(&[&self.to_be_signed])
    }

    /// `Id` of the signature.
    #[must_use]
    pub fn identifier(&self) -> &str {
        &self.identifier
    }

    /// The document with the signature.
    ///
    /// # Errors
    /// [`XadesError::Signer`]: the signer's key did not make this signature over [`digest`](Self::digest).
    pub fn finish(self, signature: &[u8]) -> Result<Vec<u8>, XadesError> {
        let signature = self.signer.accept(&self.digest(), signature, EcdsaEncoding::Raw)?;
        Ok(self.document(&signature).into_bytes())
    }

    fn document(&self, signature: &[u8]) -> String {
        let mut document = String::with_capacity(self.before.len() + self.after.len() + signature.len() * 2);
        document.push_str(&self.before);
        STANDARD.encode_string(signature, &mut document);
        document.push_str(&self.after);
        document
    }

    /// Whether the document will be one that is read, and breaks no signature that was there.
    fn check(&self, existing: Option<&Document<'_>>) -> Result<(), XadesError> {
        let document = self.document(&[]);
        let parsed = Document::parse(document.as_bytes())?;
        existing.map_or(Ok(()), |existing| intact::stays(existing, &parsed))
    }
}

/// The canonical form of an element of the signature. The prefixes are declared where it will be, and exclusive
/// canonicalization writes them where they are used.
fn canonical(element: &str) -> Result<Vec<u8>, XadesError> {
    let around = format!("<ds:Signature xmlns:ds=\"{DS}\" xmlns:xades=\"{XADES}\">{element}</ds:Signature>");
    let document = Document::parse(around.as_bytes())?;
    let inner = document.root_element().and_then(|root| document.children(root).next());
    Ok(exclusive().apply_to(&document, inner.ok_or(XadesError::NoElement)?)?)
}

/// An identifier that nothing else in the document has: made of who signs what and when, and counted up where the same is signed
/// again.
fn identifier(signer: &Signer, packaging: Packaging<'_>, statement: &SignerStatement) -> String {
    let mut hash = Sha256::new();
    let mut add = |octets: &[u8]| hash.update(Sha256::digest(octets));
    add(signer.certificate().der());
    add(format!("{statement:?}").as_bytes());
    let document = match packaging {
        Packaging::Enveloped { document, .. } => document,
        Packaging::Element { document, identifier } => {
            add(identifier.as_bytes());
            document
        }
        Packaging::CounterSignature { document, signature } => {
            add(signature.as_bytes());
            document
        }
        Packaging::Enveloping { objects } => {
            for object in objects {
                let (super::ObjectContent::Octets(octets) | super::ObjectContent::Xml(octets)) =
                    object.content;
                add(octets);
            }
            &[]
        }
        Packaging::Detached { files, container } => {
            for file in files {
                add(file.uri.as_bytes());
                add(file.digest);
            }
            container.unwrap_or_default()
        }
    };
    add(document);
    let digest = hash.finalize();
    let hexadecimal: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("id-{}", escape::attribute(&hexadecimal))
}

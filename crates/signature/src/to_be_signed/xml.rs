//! `SignedInfo` of an XML signature, in canonical form.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    MAX_DIGESTS, MAX_NAME, Of, Refusal, SignedDigest, ToBeSigned,
    canonical::{Piece, Reader, Start},
    digest,
};
use crate::{Hash, SignatureAlgorithm};

const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
/// `Type` of the reference to the signer's own properties (EN 319 132-1 clause 4.4.2).
const SIGNED_PROPERTIES: &str = "http://uri.etsi.org/01903#SignedProperties";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// Canonical forms without comments; each also with `#WithComments` or `WithComments`.
const CANONICAL_FORMS: [&str; 6] = [
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
    "http://www.w3.org/2006/12/xml-c14n11",
    "http://www.w3.org/2006/12/xml-c14n11#WithComments",
    EXCLUSIVE,
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
];
/// Transforms that leave the whole document under the digest: they take away the signature itself, or the encoding around it.
const OTHER_TRANSFORMS: [&str; 2] =
    ["http://www.w3.org/2000/09/xmldsig#enveloped-signature", "http://www.w3.org/2000/09/xmldsig#base64"];
/// Most transforms of one reference.
const MAX_TRANSFORMS: usize = 4;

/// Digest methods (XML Encryption 1.1, RFC 6931, RFC 9231).
const DIGESTS: [(&str, Hash); 6] = [
    ("http://www.w3.org/2001/04/xmlenc#sha256", Hash::Sha256),
    ("http://www.w3.org/2001/04/xmldsig-more#sha384", Hash::Sha384),
    ("http://www.w3.org/2001/04/xmlenc#sha512", Hash::Sha512),
    ("http://www.w3.org/2007/05/xmldsig-more#sha3-256", Hash::Sha3_256),
    ("http://www.w3.org/2007/05/xmldsig-more#sha3-384", Hash::Sha3_384),
    ("http://www.w3.org/2007/05/xmldsig-more#sha3-512", Hash::Sha3_512),
];

/// Signature methods (RFC 6931, RFC 9231): name after the namespace of each family.
fn signature_method(name: &str) -> Option<SignatureAlgorithm> {
    const MORE_2001: &str = "http://www.w3.org/2001/04/xmldsig-more#";
    const MORE_2007: &str = "http://www.w3.org/2007/05/xmldsig-more#";
    const MORE_2021: &str = "http://www.w3.org/2021/04/xmldsig-more#";
    Some(match (name.strip_prefix(MORE_2001), name.strip_prefix(MORE_2007), name.strip_prefix(MORE_2021)) {
        (Some("ecdsa-sha256"), ..) => SignatureAlgorithm::Ecdsa(Hash::Sha256),
        (Some("ecdsa-sha384"), ..) => SignatureAlgorithm::Ecdsa(Hash::Sha384),
        (Some("ecdsa-sha512"), ..) => SignatureAlgorithm::Ecdsa(Hash::Sha512),
        (Some("rsa-sha256"), ..) => SignatureAlgorithm::RsaPkcs1(Hash::Sha256),
        (Some("rsa-sha384"), ..) => SignatureAlgorithm::RsaPkcs1(Hash::Sha384),
        (Some("rsa-sha512"), ..) => SignatureAlgorithm::RsaPkcs1(Hash::Sha512),
        (_, Some("sha256-rsa-MGF1"), _) => SignatureAlgorithm::RsaPss(Hash::Sha256),
        (_, Some("sha384-rsa-MGF1"), _) => SignatureAlgorithm::RsaPss(Hash::Sha384),
        (_, Some("sha512-rsa-MGF1"), _) => SignatureAlgorithm::RsaPss(Hash::Sha512),
        (_, Some("sha3-256-rsa-MGF1"), _) => SignatureAlgorithm::RsaPss(Hash::Sha3_256),
        (_, Some("sha3-384-rsa-MGF1"), _) => SignatureAlgorithm::RsaPss(Hash::Sha3_384),
        (_, Some("sha3-512-rsa-MGF1"), _) => SignatureAlgorithm::RsaPss(Hash::Sha3_512),
        (.., Some("ecdsa-sha3-256")) => SignatureAlgorithm::Ecdsa(Hash::Sha3_256),
        (.., Some("ecdsa-sha3-384")) => SignatureAlgorithm::Ecdsa(Hash::Sha3_384),
        (.., Some("ecdsa-sha3-512")) => SignatureAlgorithm::Ecdsa(Hash::Sha3_512),
        _ => return None,
    })
}

/// Reads the element.
pub(super) fn read(bytes: &[u8], algorithm: SignatureAlgorithm) -> Result<ToBeSigned, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal::Malformed("no UTF-8"))?;
    let mut elements = Elements(Reader::new(text));
    elements.begin("SignedInfo", &["Id"])?;
    let form = elements.begin("CanonicalizationMethod", &["Algorithm"])?;
    elements.canonical_form(&form)?;
    let method = elements.begin("SignatureMethod", &["Algorithm"])?;
    if signature_method(algorithm_of(&method)?) != Some(algorithm) {
        return Err(Refusal::Algorithm);
    }
    elements.end()?;
    let mut digests = Vec::new();
    while let Some(start) = elements.begin_or_end()? {
        if digests.len() >= MAX_DIGESTS {
            return Err(Refusal::TooMany);
        }
        digests.push(reference(&mut elements, &start)?);
    }
    if elements.0.next()?.is_some() {
        return Err(Refusal::Malformed("something after the element"));
    }
    let properties = digests.iter().filter(|digest| digest.of == Of::SignedProperties).count();
    match (properties, digests.len()) {
        (1, 2..) => Ok(ToBeSigned { digests, certificate: None, signing_time: None, statements: Vec::new() }),
        (1, _) => Err(Refusal::Missing("a document")),
        (0, _) => Err(Refusal::Missing("the signer's properties")),
        _ => Err(Refusal::Malformed("the signer's properties twice")),
    }
}

/// `Reference`: what it names, how that is hashed, and the digest.
fn reference(elements: &mut Elements<'_>, start: &Start<'_>) -> Result<SignedDigest, Refusal> {
    known(start, "Reference", &["Id", "Type", "URI"])?;
    // one without an address would be of something that only an agreement elsewhere names
    let of = match (start.attribute("Type"), start.attribute("URI")) {
        (Some(SIGNED_PROPERTIES), Some(_)) => Of::SignedProperties,
        (_, Some(name)) if name.len() <= MAX_NAME => Of::Named(name.to_owned()),
        (_, Some(_)) => return Err(Refusal::TooMany),
        (_, None) => return Err(Refusal::Missing("the name of a document")),
    };
    let mut next = elements.begin_any()?;
    if next.name == "Transforms" {
        known(&next, "Transforms", &[])?;
        let mut count = 0;
        while let Some(transform) = elements.begin_or_end()? {
            known(&transform, "Transform", &["Algorithm"])?;
            count += 1;
            if count > MAX_TRANSFORMS {
                return Err(Refusal::TooMany);
            }
            if OTHER_TRANSFORMS.contains(&algorithm_of(&transform)?) {
                elements.end()?;
            } else {
                elements.canonical_form(&transform)?;
            }
        }
        next = elements.begin_any()?;
    }
    known(&next, "DigestMethod", &["Algorithm"])?;
    let name = algorithm_of(&next)?;
    let hash = DIGESTS.iter().find(|(known, _)| *known == name).map(|(_, hash)| *hash);
    elements.end()?;
    elements.begin("DigestValue", &[])?;
    let text = elements.text()?;
    let text: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let value = STANDARD.decode(text).map_err(|_| Refusal::Malformed("a digest that is not base64"))?;
    elements.end()?;
    // and nothing behind the digest
    elements.end()?;
    digest(of, hash.ok_or(Refusal::Hash)?, &value)
}

/// The elements, between which there is nothing but white space.
struct Elements<'a>(Reader<'a>);

impl<'a> Elements<'a> {
    /// The next element begins, or the one around it ends.
    fn begin_or_end(&mut self) -> Result<Option<Start<'a>>, Refusal> {
        loop {
            match self.0.next()? {
                Some(Piece::Start(start)) => return Ok(Some(start)),
                Some(Piece::End) => return Ok(None),
                Some(Piece::Text(text)) if text.chars().all(|c| matches!(c, ' ' | '\t' | '\n' | '\r')) => {}
                Some(Piece::Text(_)) => return Err(Refusal::Malformed("text between elements")),
                None => return Err(Refusal::Malformed("an element that does not end")),
            }
        }
    }

    fn begin_any(&mut self) -> Result<Start<'a>, Refusal> {
        self.begin_or_end()?.ok_or(Refusal::Malformed("an element is missing"))
    }

    fn begin(&mut self, name: &'static str, attributes: &[&str]) -> Result<Start<'a>, Refusal> {
        let start = self.begin_any()?;
        known(&start, name, attributes)?;
        Ok(start)
    }

    /// The element ends, and has nothing more in it.
    fn end(&mut self) -> Result<(), Refusal> {
        match self.begin_or_end()? {
            None => Ok(()),
            Some(_) => Err(Refusal::NotUnderstood("an element within one that has none")),
        }
    }

    /// The text of the element that began last.
    fn text(&mut self) -> Result<String, Refusal> {
        match self.0.next()? {
            Some(Piece::Text(text)) => Ok(text),
            _ => Err(Refusal::Malformed("a text is missing")),
        }
    }

    /// The rest of an element that names a canonical form.
    fn canonical_form(&mut self, start: &Start<'_>) -> Result<(), Refusal> {
        let form = algorithm_of(start)?;
        if !CANONICAL_FORMS.contains(&form) {
            return Err(Refusal::NotUnderstood("a transform or canonical form"));
        }
        let Some(inner) = self.begin_or_end()? else { return Ok(()) };
        // which namespaces stay that are not used (Exclusive XML Canonicalization, section 4)
        let is_list = inner.namespace == EXCLUSIVE && inner.name == "InclusiveNamespaces";
        if !is_list
            || !form.starts_with(EXCLUSIVE)
            || inner.attributes.iter().any(|(name, _)| *name != "PrefixList")
        {
            return Err(Refusal::NotUnderstood("a parameter of a canonical form"));
        }
        self.end()?;
        self.end()
    }
}

/// Whether it is this element of XML Signature, with no other attributes.
fn known(start: &Start<'_>, name: &'static str, attributes: &[&str]) -> Result<(), Refusal> {
    if start.namespace != DSIG || start.name != name {
        return Err(Refusal::NotUnderstood("an element"));
    }
    if start.attributes.iter().any(|(attribute, _)| !attributes.contains(attribute)) {
        return Err(Refusal::NotUnderstood("an attribute"));
    }
    Ok(())
}

fn algorithm_of<'a>(start: &'a Start<'_>) -> Result<&'a str, Refusal> {
    start.attribute("Algorithm").ok_or(Refusal::Missing("an algorithm"))
}

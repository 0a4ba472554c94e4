//! One signer's part of a message (`SignerInfo`, RFC 5652 section 5.3).

use std::borrow::Cow;

use bitaqa_trust::{Certificate, ObjectIdentifier};
use der::{Encode, asn1::OctetString};
use spki::AlgorithmIdentifierOwned;
use x509_cert::ext::pkix::SubjectKeyIdentifier;

use super::{Attributes, CmsError, Element, element::tag, value, writer};

/// A signer's part; its fields as they were found.
#[derive(Debug, Clone)]
pub struct SignerInfo<'a> {
    /// All of it.
    pub element: Element<'a>,
    /// `version`.
    pub version: Element<'a>,
    /// `sid`.
    pub identifier: Element<'a>,
    /// `digestAlgorithm`.
    pub digest_algorithm: Element<'a>,
    /// `signedAttrs`, with its implicit tag.
    pub signed: Option<Element<'a>>,
    /// `signatureAlgorithm`.
    pub signature_algorithm: Element<'a>,
    /// `signature`.
    pub signature: Element<'a>,
    /// `unsignedAttrs`, with its implicit tag.
    pub unsigned: Option<Element<'a>>,
}

/// Which certificate is a signer's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignerIdentifier<'a> {
    /// Name of the issuer in DER, and the serial number's bytes.
    IssuerAndSerialNumber {
        /// `Name`.
        issuer: Vec<u8>,
        /// Content of the INTEGER.
        serial_number: &'a [u8],
    },
    /// Value of the extension `subjectKeyIdentifier`.
    SubjectKeyIdentifier(Cow<'a, [u8]>),
}

impl<'a> SignerInfo<'a> {
    /// Reads one.
    ///
    /// # Errors
    /// [`CmsError`].
    pub fn parse(element: Element<'a>) -> Result<Self, CmsError> {
        let mut reader = element.expect(tag::SEQUENCE, "a signer is no sequence")?.reader()?;
        let info = Self {
            element,
            version: reader.expect(tag::INTEGER, "a signer without version")?,
            identifier: reader.element()?,
            digest_algorithm: reader.expect(tag::SEQUENCE, "a signer without digest algorithm")?,
            signed: reader.optional(tag::context(0))?,
            signature_algorithm: reader.expect(tag::SEQUENCE, "a signer without signature algorithm")?,
            signature: reader.element()?,
            unsigned: reader.optional(tag::context(1))?,
        };
        reader.finish()?;
        if info.signature.tag() & !tag::CONSTRUCTED != tag::OCTET_STRING {
            return Err(CmsError::Tag("a signature that is no octet string"));
        }
        Ok(info)
    }

    /// `sid`.
    ///
    /// # Errors
    /// [`CmsError`].
    pub fn identifier(&self) -> Result<SignerIdentifier<'a>, CmsError> {
        if self.identifier.tag() & !tag::CONSTRUCTED == tag::context_primitive(0) {
            return self.identifier.octets().map(SignerIdentifier::SubjectKeyIdentifier);
        }
        let sequence = self.identifier.expect(tag::SEQUENCE, "a signer without identifier")?;
        let mut reader = sequence.reader()?;
        let issuer = reader.expect(tag::SEQUENCE, "an issuer that is no name")?.to_der()?;
        let serial_number = reader.expect(tag::INTEGER, "a serial number that is no integer")?.content();
        reader.finish()?;
        Ok(SignerIdentifier::IssuerAndSerialNumber { issuer, serial_number })
    }

    /// Identifier of the digest algorithm.
    ///
    /// # Errors
    /// [`CmsError`].
    pub fn digest_oid(&self) -> Result<ObjectIdentifier, CmsError> {
        value::algorithm_oid(&self.digest_algorithm)
    }

    /// The signature algorithm.
    ///
    /// # Errors
    /// [`CmsError`].
    pub fn signature_identifier(&self) -> Result<AlgorithmIdentifierOwned, CmsError> {
        value::algorithm(&self.signature_algorithm)
    }

    /// The signature's bytes.
    ///
    /// # Errors
    /// [`CmsError`].
    pub fn signature(&self) -> Result<Cow<'a, [u8]>, CmsError> {
        self.signature.octets()
    }

    /// The signed attributes; none if the signature is over the content itself.
    ///
    /// # Errors
    /// [`CmsError`].
    pub fn signed_attributes(&self) -> Result<Option<Attributes<'a>>, CmsError> {
        self.signed.as_ref().map(Attributes::parse).transpose()
    }

    /// The attributes that are not signed.
    ///
    /// # Errors
    /// [`CmsError`].
    pub fn unsigned_attributes(&self) -> Result<Attributes<'a>, CmsError> {
        self.unsigned.as_ref().map_or_else(|| Ok(Attributes::default()), Attributes::parse)
    }

    /// The signed attributes as they are hashed, as a SET: in DER (RFC 5652 section 5.4), and as found if that is something
    /// else. Both are encodings of the same attributes; programs that write BER differ in which of them they sign.
    ///
    /// # Errors
    /// [`CmsError`].
    pub fn to_be_signed(&self) -> Result<(Vec<u8>, Option<Vec<u8>>), CmsError> {
        let Some(set) = &self.signed else { return Ok((Vec::new(), None)) };
        let found = writer::with_tag(set.encoded().to_vec(), tag::SET);
        let children = set.children(super::attribute::MAX_ATTRIBUTES, "attributes")?;
        let sorted = children.iter().map(Element::to_der).collect::<Result<_, _>>().map(writer::set_of)?;
        let other = (found != sorted).then_some(found);
        Ok((sorted, other))
    }

    /// The same with other attributes that are not signed; none takes the field away. Every other byte is kept.
    #[must_use]
    pub fn with_unsigned(&self, attributes: &[&[u8]]) -> Vec<u8> {
        let mut parts =
            vec![self.version.encoded(), self.identifier.encoded(), self.digest_algorithm.encoded()];
        parts.extend(self.signed.map(|set| set.encoded()));
        parts.extend([self.signature_algorithm.encoded(), self.signature.encoded()]);
        let set = writer::constructed(tag::context(1), attributes);
        if !attributes.is_empty() {
            parts.push(&set);
        }
        writer::sequence(&parts)
    }
}

impl SignerIdentifier<'_> {
    /// Whether it is this certificate that is meant.
    #[must_use]
    pub fn is_of(&self, certificate: &Certificate) -> bool {
        match self {
            Self::IssuerAndSerialNumber { issuer, serial_number } => {
                certificate.tbs().serial_number().as_bytes() == *serial_number
                    && certificate.tbs().issuer().to_der().is_ok_and(|name| name == *issuer)
            }
            Self::SubjectKeyIdentifier(identifier) => key_identifier(certificate)
                .is_some_and(|of_certificate| of_certificate.as_bytes() == identifier.as_ref()),
        }
    }
}

/// The certificate's own key identifier.
#[must_use]
pub fn key_identifier(certificate: &Certificate) -> Option<OctetString> {
    certificate.extension::<SubjectKeyIdentifier>().ok().flatten().map(|identifier| identifier.0)
}

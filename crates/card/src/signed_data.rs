//! CMS `SignedData` (RFC 5652, section 5), taken apart but not judged: EF.SOD and EF.CardSecurity are made of it.
//!
//! Everything that a signature covers is kept as the card has it. Whether signatures and certificates are right is for
//! those who know trust anchors and the time.

use std::fmt;

use crate::{
    ber,
    error::{CardError, Misbehaviour},
    oid,
    tlv::{Tag, Tlv, TlvFault, TlvReader},
};

const INTEGER: Tag = Tag(0x02);
const OCTET_STRING: Tag = Tag(0x04);
const OBJECT_IDENTIFIER: Tag = Tag(0x06);
const SEQUENCE: Tag = Tag(0x30);
const SET: Tag = Tag(0x31);
const CONTEXT_0: Tag = Tag(0xA0);
const CONTEXT_1: Tag = Tag(0xA1);
/// `[0] IMPLICIT` of a primitive type.
const CONTEXT_0_PRIMITIVE: Tag = Tag(0x80);

/// Most certificates, revocation lists, algorithms and signers, each.
const MAX_MEMBERS: usize = 16;

/// `SignedData`.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedData {
    /// `version`.
    pub version: u8,
    /// `digestAlgorithms`.
    pub digest_algorithms: Vec<AlgorithmIdentifier>,
    /// `eContentType`: content bytes of the object identifier.
    pub content_type: Vec<u8>,
    /// `eContent`: the octets that are signed, or whose digest is among the signed attributes.
    pub content: Vec<u8>,
    /// `certificates`, as encoded.
    pub certificates: Vec<Vec<u8>>,
    /// `crls`, as encoded.
    pub revocation_lists: Vec<Vec<u8>>,
    /// `signerInfos`: at least one.
    pub signer_infos: Vec<SignerInfo>,
}

/// `SignerInfo`.
#[derive(Clone, PartialEq, Eq)]
pub struct SignerInfo {
    /// `version`.
    pub version: u8,
    /// `sid`: whose certificate it is.
    pub signer: SignerIdentifier,
    /// `digestAlgorithm`.
    pub digest_algorithm: AlgorithmIdentifier,
    /// `signedAttrs` as encoded, in the card's order, with the tag of `SET OF` that the signature covers (section 5.4). `None`:
    /// the signature covers the content itself.
    pub signed_attributes: Option<Vec<u8>>,
    /// `signatureAlgorithm`.
    pub signature_algorithm: AlgorithmIdentifier,
    /// `signature`.
    pub signature: Vec<u8>,
}

/// `SignerIdentifier`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignerIdentifier {
    /// `issuerAndSerialNumber`.
    IssuerAndSerialNumber {
        /// `Name`, as encoded.
        issuer: Vec<u8>,
        /// Content bytes of the serial number.
        serial_number: Vec<u8>,
    },
    /// `subjectKeyIdentifier`.
    SubjectKeyIdentifier(Vec<u8>),
}

/// `AlgorithmIdentifier`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlgorithmIdentifier {
    /// Content bytes of the object identifier.
    pub algorithm: Vec<u8>,
    /// Parameters, as encoded.
    pub parameters: Option<Vec<u8>>,
    /// All of it, as encoded.
    pub encoded: Vec<u8>,
}

impl SignedData {
    /// Parses `ContentInfo` with `SignedData` in it. Indefinite lengths and content in pieces, which some cards have, are
    /// understood.
    ///
    /// # Errors
    /// Misbehaviour of the file that is named, with the place of the fault.
    pub fn parse(what: &'static str, bytes: &[u8]) -> Result<Self, CardError> {
        let parser = Parser { what };
        match parser.content_info(bytes) {
            Err(CardError::Misbehaved(Misbehaviour::Tlv { error, .. }))
                if error.fault == TlvFault::BadLength =>
            {
                let definite = ber::to_definite(bytes).map_err(|error| parser.fault(error))?;
                parser.content_info(&definite)
            }
            parsed => parsed,
        }
    }
}

/// A signed object names its card for ever: only how much there is of it is shown.
impl fmt::Debug for SignedData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedData")
            .field("content", &self.content.len())
            .field("certificates", &self.certificates.len())
            .field("signer_infos", &self.signer_infos.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for SignerInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignerInfo").field("version", &self.version).finish_non_exhaustive()
    }
}

/// Parses on behalf of the named file.
#[derive(Clone, Copy)]
pub(crate) struct Parser {
    pub(crate) what: &'static str,
}

impl Parser {
    fn content_info(self, bytes: &[u8]) -> Result<SignedData, CardError> {
        let mut outer = TlvReader::new(bytes);
        let mut content_info = self.expect(&mut outer, SEQUENCE)?.children();
        self.end(&outer)?;
        if self.expect(&mut content_info, OBJECT_IDENTIFIER)?.value != oid::SIGNED_DATA {
            return Err(self.wrong("contentType"));
        }
        let mut explicit = self.expect(&mut content_info, CONTEXT_0)?.children();
        let mut fields = self.expect(&mut explicit, SEQUENCE)?.children();

        let version = self.small_integer(&mut fields, "version")?;
        let digest_algorithms = self.members(self.expect(&mut fields, SET)?, "digestAlgorithms")?;
        let (content_type, content) = self.encapsulated_content(self.expect(&mut fields, SEQUENCE)?)?;
        let certificates = self.encoded(self.take_if(&mut fields, CONTEXT_0)?, "certificates")?;
        let revocation_lists = self.encoded(self.take_if(&mut fields, CONTEXT_1)?, "crls")?;
        let signer_infos = self.members(self.expect(&mut fields, SET)?, "signerInfos")?;
        if signer_infos.is_empty() {
            return Err(self.wrong("signerInfos"));
        }
        let digest_algorithms = digest_algorithms.iter().map(|member| self.algorithm(member));
        let signer_infos = signer_infos.iter().map(|member| self.signer_info(member));
        Ok(SignedData {
            version,
            digest_algorithms: digest_algorithms.collect::<Result<_, _>>()?,
            content_type,
            content,
            certificates,
            revocation_lists,
            signer_infos: signer_infos.collect::<Result<_, _>>()?,
        })
    }

    fn encapsulated_content(self, info: Tlv<'_>) -> Result<(Vec<u8>, Vec<u8>), CardError> {
        let mut fields = info.children();
        let content_type = self.expect(&mut fields, OBJECT_IDENTIFIER)?.value.to_vec();
        let mut explicit = self.expect(&mut fields, CONTEXT_0)?.children();
        let content = ber::octet_string(&mut explicit).map_err(|error| self.fault(error))?;
        self.end(&explicit)?;
        Ok((content_type, content))
    }

    fn signer_info(self, info: &Tlv<'_>) -> Result<SignerInfo, CardError> {
        let mut fields = self.inside(info, SEQUENCE)?;
        let version = self.small_integer(&mut fields, "version of SignerInfo")?;
        let signer = match self.take_if(&mut fields, CONTEXT_0_PRIMITIVE)? {
            Some(identifier) => SignerIdentifier::SubjectKeyIdentifier(identifier.value.to_vec()),
            None => {
                let mut identifier = self.expect(&mut fields, SEQUENCE)?.children();
                SignerIdentifier::IssuerAndSerialNumber {
                    issuer: self.expect(&mut identifier, SEQUENCE)?.encoded.to_vec(),
                    serial_number: self.expect(&mut identifier, INTEGER)?.value.to_vec(),
                }
            }
        };
        let digest_algorithm = self.algorithm(&self.expect(&mut fields, SEQUENCE)?)?;
        let signed_attributes = self.take_if(&mut fields, CONTEXT_0)?.map(|attributes| {
            let mut encoded = attributes.encoded.to_vec();
            if let Some(tag) = encoded.first_mut() {
                *tag = 0x31;
            }
            encoded
        });
        let signature_algorithm = self.algorithm(&self.expect(&mut fields, SEQUENCE)?)?;
        let signature = ber::octet_string(&mut fields).map_err(|error| self.fault(error))?;
        Ok(SignerInfo {
            version,
            signer,
            digest_algorithm,
            signed_attributes,
            signature_algorithm,
            signature,
        })
    }

    /// `AlgorithmIdentifier`.
    pub(crate) fn algorithm(self, sequence: &Tlv<'_>) -> Result<AlgorithmIdentifier, CardError> {
        let mut fields = self.inside(sequence, SEQUENCE)?;
        let algorithm = self.expect(&mut fields, OBJECT_IDENTIFIER)?.value.to_vec();
        let parameters = fields.read().map_err(|error| self.fault(error))?;
        self.end(&fields)?;
        Ok(AlgorithmIdentifier {
            algorithm,
            parameters: parameters.map(|parameters| parameters.encoded.to_vec()),
            encoded: sequence.encoded.to_vec(),
        })
    }

    /// The members of a `SET OF` or `SEQUENCE OF`.
    pub(crate) fn members<'a>(
        self,
        collection: Tlv<'a>,
        element: &'static str,
    ) -> Result<Vec<Tlv<'a>>, CardError> {
        let mut members = Vec::new();
        let mut reader = collection.children();
        while let Some(member) = reader.read().map_err(|error| self.fault(error))? {
            if members.len() == MAX_MEMBERS {
                return Err(self.wrong(element));
            }
            members.push(member);
        }
        Ok(members)
    }

    fn encoded(self, set: Option<Tlv<'_>>, element: &'static str) -> Result<Vec<Vec<u8>>, CardError> {
        let Some(set) = set else { return Ok(Vec::new()) };
        Ok(self.members(set, element)?.iter().map(|member| member.encoded.to_vec()).collect())
    }

    /// An integer of 0 to 127.
    pub(crate) fn small_integer(
        self,
        reader: &mut TlvReader<'_>,
        element: &'static str,
    ) -> Result<u8, CardError> {
        match self.expect(reader, INTEGER)?.value {
            [number @ 0..=0x7F] => Ok(*number),
            _ => Err(self.wrong(element)),
        }
    }

    /// An `OCTET STRING` that is not in pieces.
    pub(crate) fn octets<'a>(self, reader: &mut TlvReader<'a>) -> Result<&'a [u8], CardError> {
        Ok(self.expect(reader, OCTET_STRING)?.value)
    }

    /// The next data object, of this tag.
    pub(crate) fn expect<'a>(self, reader: &mut TlvReader<'a>, tag: Tag) -> Result<Tlv<'a>, CardError> {
        reader.expect(tag).map_err(|error| self.fault(error))
    }

    /// The next data object if it has this tag.
    pub(crate) fn take_if<'a>(
        self,
        reader: &mut TlvReader<'a>,
        tag: Tag,
    ) -> Result<Option<Tlv<'a>>, CardError> {
        reader.take_if(tag).map_err(|error| self.fault(error))
    }

    /// What is inside an object of this tag.
    pub(crate) fn inside<'a>(self, object: &Tlv<'a>, tag: Tag) -> Result<TlvReader<'a>, CardError> {
        let mut itself = TlvReader::new(object.encoded);
        Ok(self.expect(&mut itself, tag)?.children())
    }

    /// Nothing may follow.
    pub(crate) fn end(self, reader: &TlvReader<'_>) -> Result<(), CardError> {
        reader.end().map_err(|error| self.fault(error))
    }

    pub(crate) fn fault(self, error: crate::tlv::TlvError) -> CardError {
        Misbehaviour::Tlv { what: self.what, error }.into()
    }

    pub(crate) fn wrong(self, element: &'static str) -> CardError {
        Misbehaviour::Element { what: self.what, element }.into()
    }
}

#[cfg(test)]
mod tests;

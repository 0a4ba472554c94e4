//! The certificate (TR-03110-3 section C.1).

use super::{CvcError, Date, PublicKeyObject, Reference, VerificationKey, public_key::PUBLIC_KEY};
use crate::{
    chat::Chat,
    oid,
    tlv::{Tag, Tlv, TlvReader, encode},
};

/// `7F21`.
pub(super) const CERTIFICATE: Tag = Tag(0x7F21);
/// `7F4E`.
const BODY: Tag = Tag(0x7F4E);
pub(super) const SIGNATURE: Tag = Tag(0x5F37);
const PROFILE_IDENTIFIER: Tag = Tag(0x5F29);
pub(super) const AUTHORITY: Tag = Tag(0x42);
const HOLDER: Tag = Tag(0x5F20);
const AUTHORIZATION: Tag = Tag(0x7F4C);
const EFFECTIVE: Tag = Tag(0x5F25);
const EXPIRY: Tag = Tag(0x5F24);
const EXTENSIONS: Tag = Tag(0x65);
/// One extension: a discretionary data template.
const EXTENSION: Tag = Tag(0x73);
const OBJECT_IDENTIFIER: Tag = Tag(0x06);
/// Hash of a certificate description.
const HASH: Tag = Tag(0x80);

/// Version 1 of the profile (section C.1.1).
const VERSION: &[u8] = &[0x00];
/// Most bytes of a certificate or request. The largest, an RSA key of 4096 bits, takes 1200.
const MAX_CERTIFICATE: usize = 4096;
/// Most bytes of a signature: RSA of 4096 bits.
const MAX_SIGNATURE: usize = 512;
/// Most extensions, and most data objects in one.
const MAX_EXTENSIONS: usize = 8;

/// A card-verifiable certificate whose form is right. Whether its signature is, [`verify`](Self::verify) says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Certification authority reference: whose key signed it.
    pub authority: Reference,
    /// The holder's public key.
    pub public_key: PublicKeyObject,
    /// Certificate holder reference: the name of that key.
    pub holder: Reference,
    /// Role and rights.
    pub authorization: Chat,
    /// First day.
    pub effective: Date,
    /// Last day.
    pub expiry: Date,
    /// What else is certified, such as the sectors of a terminal.
    pub extensions: Vec<Extension>,
    signed: Signed,
}

/// An extension (section C.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// Content bytes of the object identifier.
    pub kind: Vec<u8>,
    /// The data objects after it: tag and value.
    pub values: Vec<(Tag, Vec<u8>)>,
}

/// A body with its signature, as they stand in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signed {
    /// `7F4E` with tag and length.
    pub(super) body: Vec<u8>,
    pub(super) signature: Vec<u8>,
}

impl Signed {
    /// From the value of `7F21`; with what is inside the body.
    pub(super) fn parse(mut fields: TlvReader<'_>) -> Result<(Self, TlvReader<'_>), CvcError> {
        let body = fields.expect(BODY)?;
        let signature = signature(&fields.expect(SIGNATURE)?)?;
        fields.end()?;
        Ok((Self { body: body.encoded.to_vec(), signature }, body.children()))
    }

    pub(super) fn verify(&self, key: &VerificationKey) -> Result<(), CvcError> {
        key.verify(&self.body, &self.signature)
    }
}

impl Certificate {
    /// Parses the whole data object `7F21`.
    ///
    /// # Errors
    /// [`CvcError`], also for anything behind it.
    pub fn parse(bytes: &[u8]) -> Result<Self, CvcError> {
        let (signed, mut fields) = Signed::parse(whole(bytes, CERTIFICATE)?.children())?;
        profile_identifier(&mut fields)?;
        let authority = Reference::new(fields.expect(AUTHORITY)?.value)?;
        let public_key = PublicKeyObject::parse(fields.expect(PUBLIC_KEY)?.children())?;
        let holder = holder(&mut fields)?;
        let authorization = Chat::from_fields(fields.expect(AUTHORIZATION)?.children())?;
        if authorization.authorization().is_empty() {
            return Err(CvcError::Element { element: "certificate holder authorization template" });
        }
        let effective = date(&mut fields, EFFECTIVE, "certificate effective date")?;
        let expiry = date(&mut fields, EXPIRY, "certificate expiration date")?;
        let extensions = extensions(&mut fields)?;
        fields.end()?;
        Ok(Self { authority, public_key, holder, authorization, effective, expiry, extensions, signed })
    }

    /// Whether it is an authority's certificate of its own key.
    #[must_use]
    pub fn is_self_signed(&self) -> bool {
        self.authority == self.holder
    }

    /// Whether this key signed it.
    ///
    /// # Errors
    /// [`CvcError::Signature`].
    pub fn verify(&self, key: &VerificationKey) -> Result<(), CvcError> {
        self.signed.verify(key)
    }

    /// The key of an authority that certifies itself, with its curve in it. That says who signed, not that it is trusted.
    ///
    /// # Errors
    /// [`CvcError::Signature`] if it is not signed with its own key, and what [`PublicKeyObject::resolve`] says.
    pub fn own_key(&self) -> Result<VerificationKey, CvcError> {
        let key = self.public_key.resolve(None)?;
        if !self.is_self_signed() {
            return Err(CvcError::Signature);
        }
        self.verify(&key).map(|()| key)
    }

    /// Whether this is the description of the terminal's holder and purpose that was certified, as it may be shown to a person
    /// (section C.3.1): its hash is in the certificate.
    #[must_use]
    pub fn is_described_by(&self, description: &[u8]) -> bool {
        let hash = self.public_key.algorithm().digest.of(&[description]);
        self.extensions
            .iter()
            .filter(|extension| extension.kind == oid::CERTIFICATE_DESCRIPTION)
            .any(|extension| extension.values.iter().any(|(tag, value)| *tag == HASH && *value == hash))
    }

    /// Body and signature side by side, as PSO: VERIFY CERTIFICATE takes them (section B.11).
    #[must_use]
    pub fn to_verify(&self) -> Vec<u8> {
        [self.signed.body.clone(), encode(SIGNATURE, &self.signed.signature)].concat()
    }
}

/// The one data object that the bytes are.
pub(super) fn whole(bytes: &[u8], tag: Tag) -> Result<Tlv<'_>, CvcError> {
    if bytes.len() > MAX_CERTIFICATE {
        return Err(CvcError::TooLong { bytes: bytes.len() });
    }
    let mut reader = TlvReader::new(bytes);
    let object = reader.expect(tag)?;
    reader.end()?;
    Ok(object)
}

pub(super) fn signature(object: &Tlv<'_>) -> Result<Vec<u8>, CvcError> {
    if (1..=MAX_SIGNATURE).contains(&object.value.len()) {
        Ok(object.value.to_vec())
    } else {
        Err(CvcError::Element { element: "signature" })
    }
}

pub(super) fn profile_identifier(fields: &mut TlvReader<'_>) -> Result<(), CvcError> {
    if fields.expect(PROFILE_IDENTIFIER)?.value == VERSION {
        Ok(())
    } else {
        Err(CvcError::Element { element: "certificate profile identifier" })
    }
}

pub(super) fn holder(fields: &mut TlvReader<'_>) -> Result<Reference, CvcError> {
    Reference::new(fields.expect(HOLDER)?.value)
}

fn date(fields: &mut TlvReader<'_>, tag: Tag, element: &'static str) -> Result<Date, CvcError> {
    Date::parse(fields.expect(tag)?.value).ok_or(CvcError::Element { element })
}

pub(super) fn extensions(fields: &mut TlvReader<'_>) -> Result<Vec<Extension>, CvcError> {
    const TOO_MANY: CvcError = CvcError::Element { element: "number of extensions" };
    let Some(template) = fields.take_if(EXTENSIONS)? else { return Ok(Vec::new()) };
    let mut extensions = Vec::new();
    let mut templates = template.children();
    while !templates.rest().is_empty() {
        let mut inside = templates.expect(EXTENSION)?.children();
        let kind = inside.expect(OBJECT_IDENTIFIER)?.value.to_vec();
        let mut values = Vec::new();
        while let Some(object) = inside.read()? {
            if values.len() == MAX_EXTENSIONS {
                return Err(TOO_MANY);
            }
            values.push((object.tag, object.value.to_vec()));
        }
        if extensions.len() == MAX_EXTENSIONS {
            return Err(TOO_MANY);
        }
        extensions.push(Extension { kind, values });
    }
    Ok(extensions)
}

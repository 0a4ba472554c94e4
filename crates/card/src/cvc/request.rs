//! The certificate request (TR-03110-3 section C.2).

use super::{
    CvcError, Extension, PublicKeyObject, Reference, VerificationKey,
    certificate::{
        AUTHORITY, CERTIFICATE, SIGNATURE, Signed, extensions, holder, profile_identifier, signature, whole,
    },
    public_key::PUBLIC_KEY,
};
use crate::tlv::{Tag, TlvReader};

/// `67`: authentication, the frame of an outer signature.
const AUTHENTICATION: Tag = Tag(0x67);

/// A request for a certificate whose form is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateRequest {
    /// Certification authority reference: who shall sign; may be left out.
    pub authority: Option<Reference>,
    /// The public key to be certified.
    pub public_key: PublicKeyObject,
    /// The name that it shall have.
    pub holder: Reference,
    /// What else shall be certified.
    pub extensions: Vec<Extension>,
    signed: Signed,
    outer: Option<Outer>,
}

/// The signature of a key that is certified already, around a request.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Outer {
    /// The name of that key.
    authority: Reference,
    /// What is signed: request and name.
    message: Vec<u8>,
    signature: Vec<u8>,
}

impl CertificateRequest {
    /// Parses a request, `7F21`, or one with an outer signature around it, `67`.
    ///
    /// # Errors
    /// [`CvcError`], also for anything behind it.
    pub fn parse(bytes: &[u8]) -> Result<Self, CvcError> {
        let Ok(frame) = whole(bytes, AUTHENTICATION) else {
            return Self::inner(whole(bytes, CERTIFICATE)?.children());
        };
        let mut fields = frame.children();
        let request = fields.expect(CERTIFICATE)?;
        let authority = fields.expect(AUTHORITY)?;
        let outer = Outer {
            authority: Reference::new(authority.value)?,
            message: [request.encoded, authority.encoded].concat(),
            signature: signature(&fields.expect(SIGNATURE)?)?,
        };
        fields.end()?;
        Ok(Self { outer: Some(outer), ..Self::inner(request.children())? })
    }

    fn inner(fields: TlvReader<'_>) -> Result<Self, CvcError> {
        let (signed, mut fields) = Signed::parse(fields)?;
        profile_identifier(&mut fields)?;
        let authority = fields.take_if(AUTHORITY)?.map(|object| Reference::new(object.value)).transpose()?;
        let public_key = PublicKeyObject::parse(fields.expect(PUBLIC_KEY)?.children())?;
        let holder = holder(&mut fields)?;
        let extensions = extensions(&mut fields)?;
        fields.end()?;
        Ok(Self { authority, public_key, holder, extensions, signed, outer: None })
    }

    /// Whose key made the outer signature, if there is one.
    #[must_use]
    pub fn outer_authority(&self) -> Option<&Reference> {
        self.outer.as_ref().map(|outer| &outer.authority)
    }

    /// The key, if whoever asks has it: the inner signature is made with it (section C.2.5). Requests name their curve, or
    /// mean that of the authority's key.
    ///
    /// # Errors
    /// [`CvcError::Signature`], and what [`PublicKeyObject::resolve`] says.
    pub fn verify(&self, issuer: Option<&VerificationKey>) -> Result<VerificationKey, CvcError> {
        let key = self.public_key.resolve(issuer)?;
        self.signed.verify(&key).map(|()| key)
    }

    /// Whether the outer signature is that of a key certified earlier (section C.2).
    ///
    /// # Errors
    /// [`CvcError::Signature`], also where there is none.
    pub fn verify_outer(&self, key: &VerificationKey) -> Result<(), CvcError> {
        let outer = self.outer.as_ref().ok_or(CvcError::Signature)?;
        key.verify(&outer.message, &outer.signature)
    }
}

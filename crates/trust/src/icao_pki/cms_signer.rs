//! The signature of a CMS object (RFC 5652 section 5): whose it says it is, and whether it is right.

use bitaqa_card::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use der::DateTime;

use super::{
    certificate::IcaoCertificate,
    distinguished_name::IcaoName,
    fields::{FormatError, without_leading_zeros},
    public_key::IcaoKey,
    signature_scheme::{IcaoScheme, IcaoSignatureError, hash_algorithm},
    signed_attributes::{SignedAttributes, sorted},
};

/// One signature of a CMS object, with what it covers.
pub(crate) struct Signer<'a> {
    signed_data: &'a SignedData,
    info: &'a SignerInfo,
    attributes: Option<SignedAttributes>,
}

impl<'a> Signer<'a> {
    /// The signature. 9303-10 and 9303-12 have one in each object; of several the first counts.
    pub(crate) fn of(signed_data: &'a SignedData) -> Result<Self, SignerFault> {
        let info = signed_data.signer_infos.first();
        let info = info.ok_or(SignerFault::Format(FormatError::value("signerInfos")))?;
        let attributes = info.signed_attributes.as_deref().map(SignedAttributes::parse).transpose()?;
        Ok(Self { signed_data, info, attributes })
    }

    /// Whether a certificate is the one that the signature names.
    pub(crate) fn is(&self, certificate: &IcaoCertificate) -> bool {
        match &self.info.signer {
            SignerIdentifier::IssuerAndSerialNumber { issuer, serial_number } => {
                certificate.serial_number() == without_leading_zeros(serial_number)
                    && IcaoName::from_der(issuer).is_ok_and(|issuer| issuer == *certificate.issuer())
            }
            SignerIdentifier::SubjectKeyIdentifier(identifier) => certificate.has_subject_key(identifier),
        }
    }

    /// When it was made, as the signer says.
    pub(crate) fn signing_time(&self) -> Option<DateTime> {
        self.attributes.as_ref()?.signing_time
    }

    /// Whether there are signed attributes between signature and content.
    pub(crate) const fn has_attributes(&self) -> bool {
        self.attributes.is_some()
    }

    /// How the signature is made.
    pub(crate) fn scheme(&self) -> Result<IcaoScheme, SignerFault> {
        Ok(IcaoScheme::of(&self.info.signature_algorithm, hash_algorithm(&self.info.digest_algorithm))?)
    }

    /// Whether the signed attributes are those of this content.
    pub(crate) fn check_attributes(&self) -> Result<(), SignerFault> {
        let Some(attributes) = &self.attributes else { return Ok(()) };
        if attributes.content_type != self.signed_data.content_type {
            return Err(SignerFault::ContentType);
        }
        let digest = hash_algorithm(&self.info.digest_algorithm).ok_or(SignerFault::DigestAlgorithm)?;
        if digest.digest(&self.signed_data.content) == attributes.message_digest {
            Ok(())
        } else {
            Err(SignerFault::MessageDigest)
        }
    }

    /// Whether the key made the signature over the attributes, or over the content where there are none.
    pub(crate) fn check_signature(&self, key: &IcaoKey) -> Result<(), SignerFault> {
        let scheme = self.scheme()?;
        let signature = &self.info.signature;
        let Some(set) = &self.info.signed_attributes else {
            return Ok(scheme.verify(key, &self.signed_data.content, signature)?);
        };
        match scheme.verify(key, set, signature) {
            Err(IcaoSignatureError::Invalid) => {
                let sorted = sorted(set).ok_or(IcaoSignatureError::Invalid)?;
                Ok(scheme.verify(key, &sorted, signature)?)
            }
            outcome => Ok(outcome?),
        }
    }
}

/// What is wrong with a signature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SignerFault {
    #[error(transparent)]
    Format(#[from] FormatError),
    #[error("the signed attributes name another type of content")]
    ContentType,
    #[error("the digest algorithm is not supported")]
    DigestAlgorithm,
    #[error("the signed attributes have another digest than the content")]
    MessageDigest,
    #[error(transparent)]
    Signature(#[from] IcaoSignatureError),
}

//! A time stamp (`TimeStampToken` with `TSTInfo`, RFC 3161 section 2.4.2).

use bitaqa_trust::{Certificate, DateTime, ObjectIdentifier, public_key::Hash};
use x509_cert::ext::pkix::ExtendedKeyUsage;

use super::TimeStampError;
use crate::{
    cms::{
        Attributes, CmsError, Element, SignedData, algorithm_protection,
        element::tag,
        material,
        signing_certificate::{Comparison, SigningCertificateReference},
        value, verification,
    },
    found::EmbeddedRevocation,
    oid,
};

/// A parsed time stamp. Parsing believes nothing: no signature is checked.
#[derive(Debug, Clone)]
pub struct TimeStampToken {
    encoded: Vec<u8>,
    info: Vec<u8>,
    policy: ObjectIdentifier,
    imprint_algorithm: ObjectIdentifier,
    imprint: Vec<u8>,
    serial_number: Vec<u8>,
    gen_time: DateTime,
    nonce: Option<Vec<u8>>,
    certificates: Vec<Certificate>,
    revocation: EmbeddedRevocation,
}

impl TimeStampToken {
    /// Parses a token.
    ///
    /// # Errors
    /// [`TimeStampError`]: not a message with `TSTInfo` of version 1.
    pub fn parse(token: &[u8]) -> Result<Self, TimeStampError> {
        let message = SignedData::parse(token)?;
        if message.content_type != oid::TST_INFO {
            return Err(CmsError::Value("the content is no time stamp").into());
        }
        let info = message.content()?.ok_or(CmsError::Value("the content is no time stamp"))?;
        let mut reader =
            Element::parse(&info)?.expect(tag::SEQUENCE, "a time stamp is no sequence")?.reader()?;
        if value::small_integer(&reader.element()?)? != 1 {
            return Err(TimeStampError::Version);
        }
        let policy = value::object_identifier(&reader.element()?)?;
        let mut imprint = reader.expect(tag::SEQUENCE, "a time stamp without imprint")?.reader()?;
        let imprint_algorithm = value::algorithm_oid(&imprint.element()?)?;
        let imprint_digest = imprint.element()?.octets()?.into_owned();
        imprint.finish()?;
        let serial_number = reader.expect(tag::INTEGER, "a time stamp without number")?.content().to_vec();
        let gen_time = value::time(&reader.expect(tag::GENERALIZED_TIME, "a time stamp without time")?)?;
        let _accuracy = reader.optional(tag::SEQUENCE)?;
        let _ordering = reader.optional(tag::BOOLEAN)?;
        let nonce = reader.optional(tag::INTEGER)?.map(|nonce| nonce.encoded().to_vec());
        let _authority = reader.optional(tag::context(0))?;
        let _extensions = reader.optional(tag::context(1))?;
        reader.finish()?;
        // attribute certificates and those that we cannot read are no candidates
        let certificates = message.certificates.iter();
        let mut certificates: Vec<_> =
            certificates.filter_map(|der| Certificate::from_der(der.encoded()).ok()).collect();
        let mut revocation = material::revocation_of(&message)?;
        for signer in &message.signers {
            let unsigned = signer.unsigned_attributes()?;
            certificates.extend(material::certificate_values(&unsigned)?);
            material::revocation_values(&Attributes::default(), &unsigned, &mut revocation)?;
        }
        Ok(Self {
            encoded: token.to_vec(),
            info: info.into_owned(),
            policy,
            imprint_algorithm,
            imprint: imprint_digest,
            serial_number,
            gen_time,
            nonce,
            certificates,
            revocation,
        })
    }

    /// The bytes it was parsed from.
    #[must_use]
    pub fn encoded(&self) -> &[u8] {
        &self.encoded
    }

    /// When it was made, by its own word, to the second.
    #[must_use]
    pub const fn gen_time(&self) -> DateTime {
        self.gen_time
    }

    /// The hash of the imprint; none if it is not one that we take.
    #[must_use]
    pub fn hash(&self) -> Option<Hash> {
        Hash::from_oid(self.imprint_algorithm)
    }

    /// Identifier of the imprint's hash.
    #[must_use]
    pub const fn imprint_algorithm(&self) -> ObjectIdentifier {
        self.imprint_algorithm
    }

    /// The digest that was stamped.
    #[must_use]
    pub fn imprint(&self) -> &[u8] {
        &self.imprint
    }

    /// The policy under which it was made.
    #[must_use]
    pub const fn policy(&self) -> ObjectIdentifier {
        self.policy
    }

    /// Its number at the authority: content of the INTEGER.
    #[must_use]
    pub fn serial_number(&self) -> &[u8] {
        &self.serial_number
    }

    /// The nonce, INTEGER as it was encoded.
    #[must_use]
    pub fn encoded_nonce(&self) -> Option<&[u8]> {
        self.nonce.as_deref()
    }

    /// The certificates that it brings, believed by nobody.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// The revocation data that it brings, believed by nobody.
    #[must_use]
    pub const fn revocation(&self) -> &EmbeddedRevocation {
        &self.revocation
    }

    /// Verifies the signature, with the certificate that what is signed names (`ESSCertID`, RFC 3161 section 2.4.2; or
    /// `ESSCertIDv2`, RFC 5816) among the token's own and `others`, and gives that certificate: the authority's. It is for time
    /// stamps and nothing else.
    ///
    /// # Errors
    /// [`TimeStampError`].
    pub fn verify_signature(&self, others: &[Certificate]) -> Result<Certificate, TimeStampError> {
        let message = SignedData::parse(&self.encoded)?;
        let [signer] = &message.signers[..] else { return Err(TimeStampError::Signers) };
        let scheme = verification::scheme(signer)??;
        let signed = signer.signed_attributes()?.ok_or(CmsError::Value("nothing is signed"))?;
        if verification::content_type(&signed)? != Some(oid::TST_INFO)
            || verification::message_digest(&signed)? != scheme.hash().digest(&[&self.info])
        {
            return Err(TimeStampError::Signature);
        }
        let reference = SigningCertificateReference::find(&signed)?.ok_or(TimeStampError::NoCertificate)?;
        let identifier = signer.identifier()?;
        let named = |candidate: &&Certificate| {
            identifier.is_of(candidate)
                && matches!(reference.compare(candidate), Comparison::Same | Comparison::SameByWeakHash)
        };
        let authority =
            self.certificates.iter().chain(others).find(named).ok_or(TimeStampError::NoCertificate)?;
        let key = authority.public_key().map_err(|_| TimeStampError::Signature)?;
        if verification::signed_form(signer, scheme, &key, None)?.is_none()
            || !algorithm_protection::holds(signer, &signed)?
        {
            return Err(TimeStampError::Signature);
        }
        if !is_for_time_stamps_alone(authority) {
            return Err(TimeStampError::Purpose);
        }
        Ok(authority.clone())
    }
}

/// Extended key usage critical, and `timeStamping` alone (RFC 3161 section 2.3).
fn is_for_time_stamps_alone(certificate: &Certificate) -> bool {
    let extensions = certificate.tbs().extensions().map_or(&[][..], Vec::as_slice);
    let critical =
        extensions.iter().any(|one| one.extn_id == bitaqa_trust::oid::ID_CE_EXT_KEY_USAGE && one.critical);
    critical
        && matches!(certificate.extension::<ExtendedKeyUsage>(), Ok(Some(usage)) if usage.0 == [oid::TIME_STAMPING])
}

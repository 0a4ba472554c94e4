//! The signatures of a file, as they are there (RFC 5652 section 5.6, EN 319 122-1).

use bitaqa_trust::{Certificate, ObjectIdentifier, public_key::Hash};

use super::{
    CadesError,
    archive::Members,
    certificates::Certificates,
    content_digest::{ContentBeside, ContentDigest, ContentDigests, DetachedDigest, OnlyDigests},
    found_time_stamps::{self, Archived},
    statement_reading::statement,
};
use crate::{
    FoundSignature,
    cms::{
        Attributes, CmsError, SignedData, SignerInfo, algorithm_protection,
        material::{certificate_values, revocation_of, revocation_values},
        signed_data::MAX_SIGNERS,
        signing_certificate::{Comparison, SigningCertificateReference},
        verification::{self, SignedForm},
    },
    found::{Coverage, EmbeddedRevocation, Integrity, MAX_CERTIFICATES, SignatureFormat, SigningCertificate},
    oid,
};

/// Deepest nesting of counter-signatures that is read.
const MAX_COUNTER_DEPTH: usize = 8;

/// Proofs of existence that are not looked at, so that they prove nothing here.
const NOT_LOOKED_AT: [(ObjectIdentifier, &str); 4] = [
    (oid::TIME_STAMP_OVER_REFERENCES, "a time stamp over references is not looked at"),
    (oid::TIME_STAMP_OVER_REFERENCES_ALONE, "a time stamp over references is not looked at"),
    (oid::EVIDENCE_RECORD, "an evidence record is not looked at"),
    (oid::EXTERNAL_EVIDENCE_RECORD, "an evidence record is not looked at"),
];

/// Reads all signatures of a message. Detached content is asked for by its digest, so that nothing is known of what archive time
/// stamps of the old kind are over. What is wrong with one signature stands in it; only a message that cannot be read at all is
/// an error.
///
/// # Errors
/// [`CadesError::Message`].
pub fn read(message: &[u8], content: DetachedDigest<'_>) -> Result<Vec<FoundSignature>, CadesError> {
    read_beside(message, &mut OnlyDigests(content))
}

/// The same with detached content that can be read.
///
/// # Errors
/// [`CadesError::Message`].
pub fn read_beside(
    message: &[u8],
    content: &mut dyn ContentBeside,
) -> Result<Vec<FoundSignature>, CadesError> {
    let message = SignedData::parse(message)?;
    let mut file = File {
        certificates: Certificates::of(&message),
        revocation: revocation_of(&message)?,
        content: ContentDigests::new(message.content()?, content),
        members: Members::new(&message),
        counter_signatures_left: MAX_SIGNERS,
        message: &message,
    };
    let signers = message.signers.iter().enumerate();
    Ok(signers
        .map(|(index, signer)| file.signature(signer, (index + 1).to_string(), Over::Content))
        .collect())
}

struct File<'a, 'c> {
    message: &'c SignedData<'a>,
    certificates: Certificates,
    revocation: EmbeddedRevocation,
    content: ContentDigests<'c>,
    members: Members<'c, 'a>,
    counter_signatures_left: usize,
}

/// What a signature is over.
#[derive(Clone, Copy)]
enum Over<'s> {
    /// The content of the message.
    Content,
    /// Another signature, at a depth of nesting.
    Signature { value: &'s [u8], depth: usize },
}

impl<'a> File<'a, '_> {
    fn signature(&mut self, signer: &SignerInfo<'a>, name: String, over: Over<'_>) -> FoundSignature {
        let mut found = FoundSignature {
            revocation: self.revocation.clone(),
            coverage: Coverage::Whole,
            ..FoundSignature::unread(SignatureFormat::Cades, name)
        };
        if let Err(fault) = self.signed_part(signer, over, &mut found) {
            found.integrity = Integrity::NotVerified;
            found.format_faults.push(fault.to_string());
        }
        if let Err(fault) = self.unsigned_part(signer, over, &mut found) {
            found.format_faults.push(fault.to_string());
        }
        // the signer's first: what is looked at is bounded
        let signer = found.signer.certificate().cloned();
        let others = self.certificates.all().iter().filter(|one| Some(*one) != signer.as_ref()).cloned();
        let mut all: Vec<Certificate> = signer.iter().cloned().chain(others).collect();
        all.append(&mut found.certificates);
        all.truncate(MAX_CERTIFICATES);
        found.certificates = all;
        found
    }

    fn signed_part(
        &mut self,
        signer: &SignerInfo<'a>,
        over: Over<'_>,
        found: &mut FoundSignature,
    ) -> Result<(), CmsError> {
        found.algorithm = verification::scheme(signer)?;
        let signed = signer.signed_attributes()?;
        let key_holder = self.signing_certificate(signer, signed.as_ref(), found)?;
        if let Some(signed) = &signed {
            found.statement = statement(signed, &mut found.remarks);
            self.attribute_rules(signed, over, found);
            if !algorithm_protection::holds(signer, signed)? {
                found.format_faults.push("the algorithms are not those that were signed".to_owned());
            }
        } else {
            // whoever leaves the attributes out could pass them off as the content
            found.format_faults.push("there are no signed attributes".to_owned());
        }
        found.content_hashes = verification::content_hash(signer)?.into_iter().collect();
        let Ok(scheme) = found.algorithm else { return Ok(()) };
        let content = match over {
            Over::Content => self.content.take(scheme.hash()),
            Over::Signature { value, .. } => ContentDigest::Is(scheme.hash().digest(&[value])),
        };
        let faults = &mut found.format_faults;
        found.integrity = integrity(signer, signed.as_ref(), scheme, &content, key_holder.as_ref(), faults)?;
        if let Some(signed) = &signed {
            let content = &mut self.content;
            let take = |hash: Hash| match over {
                Over::Content => match content.take(hash) {
                    ContentDigest::Is(digest) => Some(digest),
                    ContentDigest::Missing | ContentDigest::Other => None,
                },
                Over::Signature { value, .. } => Some(hash.digest(&[value])),
            };
            found.content_time_stamps = found_time_stamps::over_content(signed, take, &mut found.revocation)?;
        }
        Ok(())
    }

    /// Finds the signer's certificate, and gives it also if what is signed names another one.
    fn signing_certificate(
        &self,
        signer: &SignerInfo<'a>,
        signed: Option<&Attributes<'_>>,
        found: &mut FoundSignature,
    ) -> Result<Option<Certificate>, CmsError> {
        let identifier = signer.identifier()?;
        let mut named = self.certificates.named(&identifier);
        let Some(first) = named.next() else { return Ok(None) };
        let not_bound = SigningCertificate::NotBound(Box::new(first.clone()));
        let reference = match signed.map(SigningCertificateReference::find).transpose() {
            Ok(reference) => reference.flatten(),
            Err(fault) => {
                found.format_faults.push(format!("the reference to the signer's certificate: {fault}"));
                found.signer = SigningCertificate::Mismatch;
                return Ok(Some(first.clone()));
            }
        };
        let Some(reference) = reference else {
            found.signer = not_bound;
            return Ok(Some(first.clone()));
        };
        for certificate in [first].into_iter().chain(named) {
            let remark = match reference.compare(certificate) {
                Comparison::Other => continue,
                Comparison::Same => {
                    found.signer = SigningCertificate::Bound(Box::new(certificate.clone()));
                    return Ok(Some(certificate.clone()));
                }
                Comparison::SameByWeakHash => "the signer's certificate is named by SHA-1 only",
                Comparison::CannotTell => "the signer's certificate is named by a hash that is not accepted",
            };
            found.remarks.push(remark.to_owned());
            found.signer = SigningCertificate::NotBound(Box::new(certificate.clone()));
            return Ok(Some(certificate.clone()));
        }
        found.signer = SigningCertificate::Mismatch;
        Ok(Some(first.clone()))
    }

    fn attribute_rules(&self, signed: &Attributes<'_>, over: Over<'_>, found: &mut FoundSignature) {
        let faults = &mut found.format_faults;
        let repeated = signed.repeated().filter(|oid| *oid != oid::CONTENT_TIME_STAMP);
        faults.extend(repeated.map(|oid| format!("the signed attribute {oid} occurs several times")));
        match (verification::content_type(signed), over) {
            (Ok(Some(stated)), Over::Content) if stated == self.message.content_type => {}
            (Ok(None), Over::Signature { .. }) => {}
            (Ok(Some(_)), Over::Signature { .. }) => {
                faults.push("a counter-signature states a content type".to_owned());
            }
            (Ok(Some(_)), Over::Content) => {
                faults.push("the signed content type is not that of the content".to_owned());
            }
            (Ok(None), Over::Content) => faults.push("the content type is not signed".to_owned()),
            (Err(fault), _) => faults.push(format!("the signed content type: {fault}")),
        }
    }

    fn unsigned_part(
        &mut self,
        signer: &SignerInfo<'a>,
        over: Over<'_>,
        found: &mut FoundSignature,
    ) -> Result<(), CmsError> {
        let unsigned = signer.unsigned_attributes()?;
        let signed = signer.signed_attributes()?.unwrap_or_default();
        found.certificates = certificate_values(&unsigned)?;
        revocation_values(&signed, &unsigned, &mut found.revocation)?;
        let not_looked_at = NOT_LOOKED_AT.iter().filter(|(oid, _)| unsigned.find(*oid).is_some());
        found.remarks.extend(not_looked_at.map(|(_, remark)| (*remark).to_owned()));
        let value = signer.signature()?;
        found.signature_time_stamps =
            found_time_stamps::over_signature(&unsigned, &value, &mut found.revocation)?;
        // of a counter-signature they would be over another signature's content
        if matches!(over, Over::Content) {
            found.archive_time_stamps = Archived {
                message: self.message,
                signer,
                unsigned: &unsigned,
                content: &mut self.content,
                members: &mut self.members,
            }
            .time_stamps(&mut found.revocation)?;
        }
        let depth = match over {
            Over::Content => 0,
            Over::Signature { depth, .. } => depth + 1,
        };
        let counters = unsigned.0.iter().filter(|attribute| attribute.oid == oid::COUNTER_SIGNATURE);
        for element in counters.flat_map(|attribute| &attribute.values) {
            if depth == MAX_COUNTER_DEPTH || self.counter_signatures_left == 0 {
                return Err(CmsError::TooMany("counter-signatures"));
            }
            self.counter_signatures_left -= 1;
            let counter = SignerInfo::parse(*element)?;
            let name = format!("{}.{}", found.name, found.counter_signatures.len() + 1);
            let over = Over::Signature { value: &value, depth };
            found.counter_signatures.push(self.signature(&counter, name, over));
        }
        Ok(())
    }
}

fn integrity(
    signer: &SignerInfo<'_>,
    signed: Option<&Attributes<'_>>,
    scheme: bitaqa_trust::public_key::SignatureScheme,
    content: &ContentDigest,
    key_holder: Option<&Certificate>,
    faults: &mut Vec<String>,
) -> Result<Integrity, CmsError> {
    let Some(Ok(key)) = key_holder.map(Certificate::public_key) else { return Ok(Integrity::NotVerified) };
    let digest = match content {
        ContentDigest::Is(digest) => Some(digest.as_slice()),
        ContentDigest::Missing | ContentDigest::Other => None,
    };
    let form = verification::signed_form(signer, scheme, &key, digest)?;
    if form == Some(SignedForm::NotDer) {
        faults.push("the signed attributes are not in DER".to_owned());
    }
    let stated = signed.map(verification::message_digest).transpose()?;
    Ok(match (content, stated) {
        (ContentDigest::Is(_), _) | (_, Some(_)) if form.is_none() => Integrity::SignatureInvalid,
        (ContentDigest::Missing, _) => Integrity::ContentMissing,
        (ContentDigest::Other, _) => Integrity::ContentChanged,
        (ContentDigest::Is(digest), Some(stated)) if *digest != stated => Integrity::ContentChanged,
        (ContentDigest::Is(_), _) => Integrity::Intact,
    })
}

//! Object identifiers that this crate names; one place for them.

use bitaqa_trust::ObjectIdentifier;

pub use bitaqa_trust::oid::ID_SHA_1 as SHA_1;

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

/// `id-data` (RFC 5652 section 4).
pub const DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.1");
/// `id-signedData` (RFC 5652 section 5.1).
pub const SIGNED_DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.2");
/// `id-contentType` (RFC 5652 section 11.1).
pub const CONTENT_TYPE: ObjectIdentifier = oid("1.2.840.113549.1.9.3");
/// `id-messageDigest` (RFC 5652 section 11.2).
pub const MESSAGE_DIGEST: ObjectIdentifier = oid("1.2.840.113549.1.9.4");
/// `id-signingTime` (RFC 5652 section 11.3).
pub const SIGNING_TIME: ObjectIdentifier = oid("1.2.840.113549.1.9.5");
/// `id-countersignature` (RFC 5652 section 11.4).
pub const COUNTER_SIGNATURE: ObjectIdentifier = oid("1.2.840.113549.1.9.6");
/// `id-aa-CMSAlgorithmProtect` (RFC 6211 section 2).
pub const ALGORITHM_PROTECTION: ObjectIdentifier = oid("1.2.840.113549.1.9.52");
/// `id-ri-ocsp-response` (RFC 5940 section 2.1).
pub const OCSP_RESPONSE: ObjectIdentifier = oid("1.3.6.1.5.5.7.16.2");

/// `id-ct-TSTInfo` (RFC 3161 section 2.4.2).
pub const TST_INFO: ObjectIdentifier = oid("1.2.840.113549.1.9.16.1.4");
/// `id-kp-timeStamping` (RFC 3161 section 2.3).
pub const TIME_STAMPING: ObjectIdentifier = oid("1.3.6.1.5.5.7.3.8");

/// `id-aa-signingCertificate` (RFC 2634 section 5.4).
pub const SIGNING_CERTIFICATE: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.12");
/// `id-aa-signingCertificateV2` (RFC 5035 section 3).
pub const SIGNING_CERTIFICATE_V2: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.47");
/// `id-aa-contentHint` (RFC 2634 section 2.9).
pub const CONTENT_HINTS: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.4");
/// `id-aa-ets-mimeType` (EN 319 122-1 clause 5.2.4.3).
pub const MIME_TYPE: ObjectIdentifier = oid("0.4.0.1733.2.1");
/// `id-aa-ets-sigPolicyId` (EN 319 122-1 clause 5.2.9).
pub const SIGNATURE_POLICY: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.15");
/// `id-spq-ets-uri` (EN 319 122-1 clause 5.2.9.2).
pub const POLICY_URI: ObjectIdentifier = oid("1.2.840.113549.1.9.16.5.1");
/// `id-aa-ets-commitmentType` (EN 319 122-1 clause 5.2.3).
pub const COMMITMENT_TYPE: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.16");
/// `id-aa-ets-signerLocation` (EN 319 122-1 clause 5.2.5).
pub const SIGNER_LOCATION: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.17");
/// `id-aa-ets-signerAttr` (RFC 5126 section 5.11.3).
pub const SIGNER_ATTRIBUTES: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.18");
/// `id-aa-ets-signerAttrV2` (EN 319 122-1 clause 5.2.6).
pub const SIGNER_ATTRIBUTES_V2: ObjectIdentifier = oid("0.4.0.19122.1.1");
/// `id-at-name` (X.520): the attribute in which a claimed role is written.
pub const NAME: ObjectIdentifier = oid("2.5.4.41");
/// `id-aa-ets-contentTimestamp` (EN 319 122-1 clause 5.2.8).
pub const CONTENT_TIME_STAMP: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.20");
/// `id-aa-signatureTimeStampToken` (EN 319 122-1 clause 5.3).
pub const SIGNATURE_TIME_STAMP: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.14");
/// `id-aa-ets-certValues` (EN 319 122-1 annex A).
pub const CERTIFICATE_VALUES: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.23");
/// `id-aa-ets-revocationValues` (EN 319 122-1 annex A).
pub const REVOCATION_VALUES: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.24");
/// `id-aa-ets-escTimeStamp` (EN 319 122-1 annex A).
pub const TIME_STAMP_OVER_REFERENCES: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.25");
/// `id-aa-ets-certCRLTimestamp` (EN 319 122-1 annex A).
pub const TIME_STAMP_OVER_REFERENCES_ALONE: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.26");
/// `id-aa-er-internal` (RFC 4998 appendix A).
pub const EVIDENCE_RECORD: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.49");
/// `id-aa-er-external` (RFC 4998 appendix A).
pub const EXTERNAL_EVIDENCE_RECORD: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.50");
/// `adbe-revocationInfoArchival` (ISO 32000-2 clause 12.8.3.3.2).
pub const REVOCATION_INFO_ARCHIVAL: ObjectIdentifier = oid("1.2.840.113583.1.1.8");
/// `id-aa-ets-archiveTimestampV2` (RFC 5126 section 6.4.1).
pub const ARCHIVE_TIME_STAMP_V2: ObjectIdentifier = oid("1.2.840.113549.1.9.16.2.48");
/// `id-aa-ets-archiveTimestampV3` (EN 319 122-1 clause 5.5.3).
pub const ARCHIVE_TIME_STAMP_V3: ObjectIdentifier = oid("0.4.0.1733.2.4");
/// `id-aa-ATSHashIndex` (TS 101 733 section 6.4.2).
pub const ATS_HASH_INDEX: ObjectIdentifier = oid("0.4.0.1733.2.5");
/// `id-aa-ATSHashIndex-v2` (EN 319 122-1 annex A).
pub const ATS_HASH_INDEX_V2: ObjectIdentifier = oid("0.4.0.19122.1.4");
/// `id-aa-ATSHashIndex-v3` (EN 319 122-1 clause 5.5.2).
pub const ATS_HASH_INDEX_V3: ObjectIdentifier = oid("0.4.0.19122.1.5");

/// `id-cti-ets-proofOfOrigin` (TS 119 172-1 annex B).
pub const PROOF_OF_ORIGIN: ObjectIdentifier = oid("1.2.840.113549.1.9.16.6.1");

//! Object identifiers that this crate names; one place for them.

use der::asn1::ObjectIdentifier;

pub use const_oid::db::{
    rfc2256::STATE_OR_PROVINCE_NAME,
    rfc3280::EMAIL_ADDRESS,
    rfc4519::{
        COMMON_NAME, COUNTRY_NAME, GIVEN_NAME, LOCALITY_NAME, ORGANIZATION_NAME, ORGANIZATIONAL_UNIT_NAME,
        SERIAL_NUMBER, SURNAME,
    },
    rfc5280::{
        ANY_EXTENDED_KEY_USAGE, ANY_POLICY, ID_AD_CA_ISSUERS, ID_AD_OCSP, ID_CE_BASIC_CONSTRAINTS,
        ID_CE_CERTIFICATE_ISSUER as CERTIFICATE_ISSUER, ID_CE_CERTIFICATE_POLICIES,
        ID_CE_CRL_NUMBER as CRL_NUMBER, ID_CE_CRL_REASONS as CRL_REASONS,
        ID_CE_DELTA_CRL_INDICATOR as DELTA_CRL_INDICATOR, ID_CE_EXT_KEY_USAGE,
        ID_CE_INVALIDITY_DATE as INVALIDITY_DATE,
        ID_CE_ISSUING_DISTRIBUTION_POINT as ISSUING_DISTRIBUTION_POINT, ID_CE_KEY_USAGE, ID_KP_CLIENT_AUTH,
        ID_KP_OCSP_SIGNING,
    },
    rfc5639::{BRAINPOOL_P_256_R_1, BRAINPOOL_P_384_R_1, BRAINPOOL_P_512_R_1},
    rfc5912::{
        ECDSA_WITH_SHA_256, ECDSA_WITH_SHA_384, ECDSA_WITH_SHA_512, ID_EC_PUBLIC_KEY, ID_MGF_1,
        ID_RSASSA_PSS, ID_SHA_1, ID_SHA_256, ID_SHA_384, ID_SHA_512, RSA_ENCRYPTION, SECP_256_R_1,
        SECP_384_R_1, SECP_521_R_1, SHA_256_WITH_RSA_ENCRYPTION, SHA_384_WITH_RSA_ENCRYPTION,
        SHA_512_WITH_RSA_ENCRYPTION,
    },
    rfc6960::{ID_PKIX_OCSP_BASIC, ID_PKIX_OCSP_NOCHECK, ID_PKIX_OCSP_NONCE},
    rfc9688::{
        ID_ECDSA_WITH_SHA_3_256, ID_ECDSA_WITH_SHA_3_384, ID_ECDSA_WITH_SHA_3_512, ID_SHA_3_256,
        ID_SHA_3_384, ID_SHA_3_512,
    },
};

/// `id-pe-qcStatements` (RFC 3739 section 3.2.6).
pub const QC_STATEMENTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.1.3");

/// `id-etsi-qcs-QcType` (ETSI EN 319 412-5 section 4.2.3).
pub const ETSI_QC_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1862.1.6");

/// `id-etsi-qcs-QcCompliance` (ETSI EN 319 412-5 section 4.2.1).
pub const ETSI_QC_COMPLIANCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1862.1.1");

/// `id-etsi-qcs-QcSSCD` (ETSI EN 319 412-5 section 4.2.2).
pub const ETSI_QC_SSCD: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1862.1.4");

/// `id-etsi-qcs-QcCClegislation` (ETSI EN 319 412-5 section 4.2.4).
pub const ETSI_QC_LEGISLATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1862.1.7");

/// `id-etsi-qct-esign` (ETSI EN 319 412-5 section 4.2.3).
pub const ETSI_QCT_ESIGN: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1862.1.6.1");

/// `id-etsi-qct-eseal` (ETSI EN 319 412-5 section 4.2.3).
pub const ETSI_QCT_ESEAL: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1862.1.6.2");

/// `id-etsi-qct-web` (ETSI EN 319 412-5 section 4.2.3).
pub const ETSI_QCT_WEB: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1862.1.6.3");

/// `prime-field` (ANSI X9.62; RFC 3279 section 2.3.5).
pub const PRIME_FIELD: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.1.1");

/// `id-rsassa-pkcs1-v1-5-with-sha3-256` (RFC 9688).
pub const RSA_WITH_SHA_3_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.14");

/// `id-rsassa-pkcs1-v1-5-with-sha3-384` (RFC 9688).
pub const RSA_WITH_SHA_3_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.15");

/// `id-rsassa-pkcs1-v1-5-with-sha3-512` (RFC 9688).
pub const RSA_WITH_SHA_3_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.16");

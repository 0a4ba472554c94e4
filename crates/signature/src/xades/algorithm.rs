//! Algorithms by their names in XML (XML Signature 1.1, RFC 6931, RFC 9231).

use bitaqa_trust::public_key::{Hash, SignatureScheme};

use crate::algorithm::{AlgorithmError, EcdsaEncoding, SignatureAlgorithm};

const DIGESTS: [(Hash, &str); 6] = [
    (Hash::Sha256, "http://www.w3.org/2001/04/xmlenc#sha256"),
    (Hash::Sha384, "http://www.w3.org/2001/04/xmldsig-more#sha384"),
    (Hash::Sha512, "http://www.w3.org/2001/04/xmlenc#sha512"),
    (Hash::Sha3_256, "http://www.w3.org/2007/05/xmldsig-more#sha3-256"),
    (Hash::Sha3_384, "http://www.w3.org/2007/05/xmldsig-more#sha3-384"),
    (Hash::Sha3_512, "http://www.w3.org/2007/05/xmldsig-more#sha3-512"),
];

const SIGNATURES: [(SignatureAlgorithm, &str); 15] = {
    use SignatureAlgorithm::{Ecdsa, RsaPkcs1, RsaPss};
    [
        (Ecdsa(Hash::Sha256), "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"),
        (Ecdsa(Hash::Sha384), "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"),
        (Ecdsa(Hash::Sha512), "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512"),
        (Ecdsa(Hash::Sha3_256), "http://www.w3.org/2021/04/xmldsig-more#ecdsa-sha3-256"),
        (Ecdsa(Hash::Sha3_384), "http://www.w3.org/2021/04/xmldsig-more#ecdsa-sha3-384"),
        (Ecdsa(Hash::Sha3_512), "http://www.w3.org/2021/04/xmldsig-more#ecdsa-sha3-512"),
        (RsaPkcs1(Hash::Sha256), "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"),
        (RsaPkcs1(Hash::Sha384), "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384"),
        (RsaPkcs1(Hash::Sha512), "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"),
        (RsaPss(Hash::Sha256), "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"),
        (RsaPss(Hash::Sha384), "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1"),
        (RsaPss(Hash::Sha512), "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1"),
        (RsaPss(Hash::Sha3_256), "http://www.w3.org/2007/05/xmldsig-more#sha3-256-rsa-MGF1"),
        (RsaPss(Hash::Sha3_384), "http://www.w3.org/2007/05/xmldsig-more#sha3-384-rsa-MGF1"),
        (RsaPss(Hash::Sha3_512), "http://www.w3.org/2007/05/xmldsig-more#sha3-512-rsa-MGF1"),
    ]
};

/// The name of a hash.
#[must_use]
pub fn digest_uri(hash: Hash) -> &'static str {
    DIGESTS.iter().find(|(known, _)| *known == hash).map_or("", |(_, uri)| uri)
}

/// The hash with a name; none where it is unknown or too weak.
#[must_use]
pub fn digest_from_uri(uri: &str) -> Option<Hash> {
    DIGESTS.iter().find(|(_, known)| *known == uri).map(|(hash, _)| *hash)
}

/// The name of a signature algorithm. XML has none for RSASSA-PKCS1-v1_5 with SHA-3.
#[must_use]
pub fn signature_uri(algorithm: SignatureAlgorithm) -> Option<&'static str> {
    SIGNATURES.iter().find(|(known, _)| *known == algorithm).map(|(_, uri)| *uri)
}

/// How signatures of the algorithm with a name are verified.
///
/// # Errors
/// [`AlgorithmError::Name`]: unknown, or too weak.
pub fn signature_from_uri(uri: &str) -> Result<SignatureScheme, AlgorithmError> {
    let found = SIGNATURES.iter().find(|(_, known)| *known == uri);
    found
        .map(|(algorithm, _)| algorithm.scheme(EcdsaEncoding::Raw))
        .ok_or_else(|| AlgorithmError::Name { name: uri.chars().take(200).collect() })
}

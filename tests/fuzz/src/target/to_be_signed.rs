//! Bytes that a card is asked to sign.

use bitaqa_signature::{
    Hash, SignatureAlgorithm,
    to_be_signed::{BoundCertificate, Format, MAX_DIGESTS, ToBeSigned},
};

use super::{choice, written};

const ALGORITHMS: [SignatureAlgorithm; 4] = [
    SignatureAlgorithm::Ecdsa(Hash::Sha256),
    SignatureAlgorithm::Ecdsa(Hash::Sha384),
    SignatureAlgorithm::RsaPkcs1(Hash::Sha512),
    SignatureAlgorithm::RsaPss(Hash::Sha256),
];

pub(crate) fn run(input: &[u8]) {
    let (which, bytes) = choice(input);
    let format = match which & 3 {
        0 => Format::CmsSignedAttributes,
        1 => Format::XmlSignedInfo,
        _ => Format::JwsSigningInput,
    };
    for algorithm in ALGORITHMS {
        let Ok(read) = ToBeSigned::read(format, bytes, algorithm) else { continue };
        written(&read);
        assert!((1..=MAX_DIGESTS).contains(&read.digests.len()), "something is signed");
        assert!(read.documents().next().is_some(), "a document is signed");
        for digest in &read.digests {
            assert_eq!(digest.value.len(), digest.hash.length(), "a digest is one of its hash");
        }
        match &read.certificate {
            Some(BoundCertificate::Whole(der)) => assert!(read.binds(der), "what is bound is bound"),
            Some(BoundCertificate::Digest { .. }) => {
                assert!(!read.binds(b""), "nothing is bound to everything");
            }
            None => assert_eq!(format, Format::XmlSignedInfo, "the others bind a certificate themselves"),
        }
    }
}

//! Keys, and what they sign.

use std::{process::Command, sync::OnceLock};

use bitaqa_protocol::{Challenge, Origin, auth_token::TokenAlgorithm};
use ecdsa::elliptic_curve::{CurveArithmetic, FieldBytesSize, sec1::ModulusSize};
use rsa::{
    Pkcs1v15Sign, RsaPrivateKey,
    pkcs1::{DecodeRsaPrivateKey, EncodeRsaPublicKey},
    pkcs8::DecodePrivateKey,
    pss,
};
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::der::{bit_string, null, oid, sequence};

/// A kind of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    P256,
    P384,
    P521,
    BrainpoolP256r1,
    BrainpoolP384r1,
    Rsa2048,
    Rsa1024,
}

/// A private key.
#[derive(Clone)]
pub enum Key {
    P256(ecdsa::SigningKey<p256::NistP256>),
    P384(ecdsa::SigningKey<p384::NistP384>),
    P521(ecdsa::SigningKey<p521::NistP521>),
    BrainpoolP256r1(ecdsa::SigningKey<bp256::BrainpoolP256r1>),
    BrainpoolP384r1(ecdsa::SigningKey<bp384::BrainpoolP384r1>),
    Rsa(Box<RsaPrivateKey>),
}

impl Key {
    /// A key of a kind; for elliptic curves another one for each seed from 1.
    pub fn new(kind: Kind, seed: u8) -> Self {
        match kind {
            Kind::P256 => Self::P256(ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap()),
            Kind::P384 => Self::P384(ecdsa::SigningKey::from_slice(&[seed; 48]).unwrap()),
            Kind::P521 => {
                let mut scalar = [seed; 66];
                scalar[0] = 0;
                Self::P521(ecdsa::SigningKey::from_slice(&scalar).unwrap())
            }
            Kind::BrainpoolP256r1 => {
                Self::BrainpoolP256r1(ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap())
            }
            Kind::BrainpoolP384r1 => {
                Self::BrainpoolP384r1(ecdsa::SigningKey::from_slice(&[seed; 48]).unwrap())
            }
            Kind::Rsa2048 => {
                static KEY: OnceLock<RsaPrivateKey> = OnceLock::new();
                Self::Rsa(Box::new(KEY.get_or_init(|| rsa_key(2048)).clone()))
            }
            Kind::Rsa1024 => Self::Rsa(Box::new(rsa_key(1024))),
        }
    }

    /// `SubjectPublicKeyInfo`.
    pub fn spki(&self) -> Vec<u8> {
        match self {
            Self::P256(key) => elliptic_curve_spki("1.2.840.10045.3.1.7", &point(key)),
            Self::P384(key) => elliptic_curve_spki("1.3.132.0.34", &point(key)),
            Self::P521(key) => elliptic_curve_spki("1.3.132.0.35", &point(key)),
            Self::BrainpoolP256r1(key) => elliptic_curve_spki("1.3.36.3.3.2.8.1.1.7", &point(key)),
            Self::BrainpoolP384r1(key) => elliptic_curve_spki("1.3.36.3.3.2.8.1.1.11", &point(key)),
            Self::Rsa(key) => {
                let numbers = key.to_public_key().to_pkcs1_der().unwrap();
                let algorithm = sequence(&[&oid("1.2.840.113549.1.1.1"), &null()]);
                sequence(&[&algorithm, &bit_string(numbers.as_bytes())])
            }
        }
    }

    /// Point of an elliptic-curve key, uncompressed.
    pub fn point(&self) -> Vec<u8> {
        match self {
            Self::P256(key) => point(key),
            Self::P384(key) => point(key),
            Self::P521(key) => point(key),
            Self::BrainpoolP256r1(key) => point(key),
            Self::BrainpoolP384r1(key) => point(key),
            Self::Rsa(_) => panic!("an RSA key has no point"),
        }
    }

    /// PEM of `ECPrivateKey` (RFC 5915), for openssl.
    pub fn pem(&self) -> String {
        let (curve, scalar) = match self {
            Self::P256(key) => ("1.2.840.10045.3.1.7", key.to_bytes().to_vec()),
            Self::P384(key) => ("1.3.132.0.34", key.to_bytes().to_vec()),
            _ => panic!("only keys of two curves are written for openssl"),
        };
        let parameters = super::der::tlv(0xa0, &oid(curve));
        let der = sequence(&[&super::der::integer(&[1]), &super::der::octet_string(&scalar), &parameters]);
        super::template::pem("EC PRIVATE KEY", &der)
    }

    /// `AlgorithmIdentifier` of its signatures on certificates.
    pub fn certificate_algorithm(&self) -> Vec<u8> {
        match self {
            Self::P256(_) | Self::BrainpoolP256r1(_) => sequence(&[&oid("1.2.840.10045.4.3.2")]),
            Self::P384(_) | Self::BrainpoolP384r1(_) => sequence(&[&oid("1.2.840.10045.4.3.3")]),
            Self::P521(_) => sequence(&[&oid("1.2.840.10045.4.3.4")]),
            Self::Rsa(_) => sequence(&[&oid("1.2.840.113549.1.1.11"), &null()]),
        }
    }

    /// Signature on a certificate: DER for ECDSA.
    pub fn sign_certificate(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::P256(key) => ecdsa_der::<_, Sha256>(key, &Sha256::digest(message)),
            Self::BrainpoolP256r1(key) => ecdsa_der::<_, Sha256>(key, &Sha256::digest(message)),
            Self::P384(key) => ecdsa_der::<_, Sha384>(key, &Sha384::digest(message)),
            Self::BrainpoolP384r1(key) => ecdsa_der::<_, Sha384>(key, &Sha384::digest(message)),
            Self::P521(key) => ecdsa_der::<_, Sha512>(key, &Sha512::digest(message)),
            Self::Rsa(key) => key.sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message)).unwrap(),
        }
    }

    /// Signature of a token over origin and challenge, calculated here a second time.
    pub fn sign_token(&self, algorithm: TokenAlgorithm, origin: &Origin, challenge: &Challenge) -> Vec<u8> {
        let (origin, challenge) = (origin.as_str().as_bytes(), challenge.as_str().as_bytes());
        let name = format!("{algorithm:?}");
        let digest = match name.get(2..) {
            Some("256") => {
                Sha256::digest([Sha256::digest(origin), Sha256::digest(challenge)].concat()).to_vec()
            }
            Some("384") => {
                Sha384::digest([Sha384::digest(origin), Sha384::digest(challenge)].concat()).to_vec()
            }
            _ => Sha512::digest([Sha512::digest(origin), Sha512::digest(challenge)].concat()).to_vec(),
        };
        self.sign_digest(algorithm, &digest)
    }

    /// Signature over a digest as in a token: `r ‖ s` for ECDSA.
    pub fn sign_digest(&self, algorithm: TokenAlgorithm, digest: &[u8]) -> Vec<u8> {
        use TokenAlgorithm::{PS256, PS384, PS512, RS256, RS384, RS512};
        match self {
            Self::P256(key) => ecdsa_raw::<_, Sha256>(key, digest),
            Self::P384(key) => ecdsa_raw::<_, Sha384>(key, digest),
            Self::P521(key) => ecdsa_raw::<_, Sha512>(key, digest),
            Self::BrainpoolP256r1(key) => ecdsa_raw::<_, Sha256>(key, digest),
            Self::BrainpoolP384r1(key) => ecdsa_raw::<_, Sha384>(key, digest),
            Self::Rsa(key) => match algorithm {
                RS256 => key.sign(Pkcs1v15Sign::new::<Sha256>(), digest).unwrap(),
                RS384 => key.sign(Pkcs1v15Sign::new::<Sha384>(), digest).unwrap(),
                RS512 => key.sign(Pkcs1v15Sign::new::<Sha512>(), digest).unwrap(),
                PS256 => pss::<Sha256>(key, digest, 32),
                PS384 => pss::<Sha384>(key, digest, 48),
                PS512 => pss::<Sha512>(key, digest, 64),
                _ => panic!("an RSA key makes no ECDSA signature"),
            },
        }
    }

    /// An RSASSA-PSS signature with SHA-256 and another length of salt.
    pub fn sign_pss_sha256(&self, digest: &[u8], salt_length: usize) -> Vec<u8> {
        match self {
            Self::Rsa(key) => pss::<Sha256>(key, digest, salt_length),
            _ => panic!("only an RSA key makes PSS signatures"),
        }
    }
}

fn rsa_key(bits: u32) -> RsaPrivateKey {
    let made = Command::new("openssl")
        .args(["genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt"])
        .arg(format!("rsa_keygen_bits:{bits}"))
        .args(["-outform", "DER"])
        .output()
        .expect("openssl runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    // versions of openssl differ in the wrapping
    RsaPrivateKey::from_pkcs8_der(&made.stdout)
        .or_else(|_| RsaPrivateKey::from_pkcs1_der(&made.stdout))
        .unwrap()
}

fn elliptic_curve_spki(curve: &str, point: &[u8]) -> Vec<u8> {
    let algorithm = sequence(&[&oid("1.2.840.10045.2.1"), &oid(curve)]);
    sequence(&[&algorithm, &bit_string(point)])
}

fn point<C>(key: &ecdsa::SigningKey<C>) -> Vec<u8>
where
    C: ecdsa::EcdsaCurve + CurveArithmetic,
    FieldBytesSize<C>: ModulusSize,
    ecdsa::elliptic_curve::AffinePoint<C>:
        ecdsa::elliptic_curve::sec1::ToSec1Point<C> + ecdsa::elliptic_curve::sec1::FromSec1Point<C>,
    ecdsa::SignatureSize<C>: ecdsa::elliptic_curve::array::ArraySize,
{
    key.verifying_key().to_sec1_point(false).as_bytes().to_vec()
}

fn ecdsa_raw<C, D>(key: &ecdsa::SigningKey<C>, digest: &[u8]) -> Vec<u8>
where
    C: ecdsa::EcdsaCurve + CurveArithmetic,
    D: Digest + digest::block_api::BlockSizeUser,
    ecdsa::SignatureSize<C>: ecdsa::elliptic_curve::array::ArraySize,
{
    ecdsa::hazmat::sign_prehashed_rfc6979::<C, D>(key.as_nonzero_scalar(), digest, &[]).0.to_bytes().to_vec()
}

fn ecdsa_der<C, D>(key: &ecdsa::SigningKey<C>, digest: &[u8]) -> Vec<u8>
where
    C: ecdsa::EcdsaCurve + CurveArithmetic,
    D: Digest + digest::block_api::BlockSizeUser,
    ecdsa::SignatureSize<C>: ecdsa::elliptic_curve::array::ArraySize,
{
    raw_to_der(&ecdsa_raw::<C, D>(key, digest))
}

/// `Ecdsa-Sig-Value` (RFC 3279 section 2.2.3) of `r ‖ s`.
pub fn raw_to_der(raw: &[u8]) -> Vec<u8> {
    let (r, s) = raw.split_at(raw.len() / 2);
    sequence(&[&super::der::integer(r), &super::der::integer(s)])
}

fn pss<D>(key: &RsaPrivateKey, digest: &[u8], salt_length: usize) -> Vec<u8>
where
    D: Digest + digest::FixedOutputReset,
{
    key.sign_with_rng(&mut Salt, pss::Pss::<D>::new_with_salt(salt_length), digest).unwrap()
}

/// Salt need not be secret, nor random in a test.
struct Salt;

impl rsa::rand_core::TryRng for Salt {
    type Error = std::convert::Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(0x5a5a_5a5a)
    }
    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(0x5a5a_5a5a_5a5a_5a5a)
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        bytes.fill(0x5a);
        Ok(())
    }
}

impl rsa::rand_core::TryCryptoRng for Salt {}

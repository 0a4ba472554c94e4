//! Who signs travel documents: a country signing authority and its document signer (ICAO Doc 9303-12, sections 4 and 7).

use std::sync::{Mutex, PoisonError};

use bitaqa_curves::Curve;
use serde::Deserialize;

use super::{
    certificate::{Certificate, attribute, extension},
    time::{generalized, time},
};
use crate::{
    ber_tlv::object,
    der,
    digest::Digest,
    icao::{mrz::state, signing_key::SigningKey},
    mechanism::{pkcs1_block, pss_block},
    private_key::{KeyError, random},
    random::Random,
};

/// What a country signs with; its document signer uses the same scheme with a smaller key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CountryKey {
    /// ECDSA on brainpoolP256r1 with SHA-256.
    #[default]
    BrainpoolP256r1,
    /// ECDSA on brainpoolP384r1 with SHA-384.
    BrainpoolP384r1,
    /// RSASSA-PKCS1-v1_5 with 4096 bits and SHA-256. The key takes long to make: once per process, when first asked for.
    #[serde(rename = "rsa-4096")]
    Rsa4096,
    /// RSASSA-PSS with 4096 bits and SHA-256; the same key.
    #[serde(rename = "rsa-4096-pss")]
    Rsa4096Pss,
    /// RSASSA-PKCS1-v1_5 with 3072 bits: for tests that must not take long.
    #[serde(rename = "rsa-3072")]
    Rsa3072,
    /// RSASSA-PSS with 3072 bits; the same key.
    #[serde(rename = "rsa-3072-pss")]
    Rsa3072Pss,
}

/// How a signature is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Pkcs1,
    Pss,
    Ecdsa,
}

/// A key with its scheme.
#[derive(Clone)]
struct Signer {
    key: SigningKey,
    scheme: Scheme,
    digest: Digest,
}

/// A country's authority with one document signer.
#[derive(Clone)]
pub struct DocumentAuthority {
    country: String,
    authority: Signer,
    certificate: Certificate,
    signer: Signer,
    signer_certificate: Certificate,
    /// The serial number of the signer's certificate, as an INTEGER.
    serial: Vec<u8>,
}

/// One per country and key, made when first asked for.
static SHARED: Mutex<Vec<((CountryKey, String), DocumentAuthority)>> = Mutex::new(Vec::new());

/// 2021-11-01, 2036-11-01: the authority's certificate.
const AUTHORITY_VALID: (i64, i64) = (1_635_724_800, 2_109_110_400);
/// 2021-12-01, 2032-03-31: the signer's.
const SIGNER_VALID: (i64, i64) = (1_638_316_800, 1_964_304_000);
/// 2021-12-01, 2022-03-01: when the signer's key may be used (privateKeyUsagePeriod).
const SIGNER_USED: (i64, i64) = (1_638_316_800, 1_646_092_800);
/// 2021-12-01, 2022-12-31: that of a signer whose documents cannot be believed any more.
const SIGNER_EXPIRED: (i64, i64) = (1_638_316_800, 1_672_444_800);
/// 2022-06-01: since when a signer is revoked.
const REVOKED_AT: i64 = 1_654_041_600;
/// 2022-06-02, 2036-11-01: the list that says so.
const LIST_VALID: (i64, i64) = (1_654_128_000, 2_109_110_400);
/// 2022-01-01: when the documents were signed.
const SIGNED_AT: i64 = 1_640_995_200;

impl DocumentAuthority {
    /// The authority of a country (ISO 3166-1 alpha-2) with this kind of key; the same one for the whole process.
    ///
    /// # Errors
    /// [`KeyError`] when no key could be made.
    pub fn of(country: &str, kind: CountryKey) -> Result<Self, KeyError> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        let name = (kind, country.to_owned());
        if let Some((_, authority)) = shared.iter().find(|(own, _)| *own == name) {
            return Ok(authority.clone());
        }
        let made = Self::make(country, kind)?;
        shared.push((name, made.clone()));
        Ok(made)
    }

    fn make(country: &str, kind: CountryKey) -> Result<Self, KeyError> {
        let [authority, signer] = Signer::pair(kind)?;
        let own_name = authority_name(country);
        let own = authority_extensions(country, &authority);
        let certificate = certificate(&authority, &own_name, &authority, &own_name, AUTHORITY_VALID, &own)?;
        let (signer_certificate, serial) = issued(country, &authority, &signer, SIGNER_VALID)?;
        let country = country.to_owned();
        Ok(Self { country, authority, certificate, signer, signer_certificate, serial })
    }

    /// The same, and its document signer has a certificate that expired since.
    ///
    /// # Errors
    /// [`KeyError`] when the key fails.
    pub fn with_expired_signer(self) -> Result<Self, KeyError> {
        let (signer_certificate, serial) =
            issued(&self.country, &self.authority, &self.signer, SIGNER_EXPIRED)?;
        Ok(Self { signer_certificate, serial, ..self })
    }

    /// A list that revokes its document signer (RFC 5280, section 5).
    ///
    /// # Errors
    /// [`KeyError`] when the key fails.
    pub fn revocation_list(&self) -> Result<Vec<u8>, KeyError> {
        let algorithm = self.authority.algorithm();
        let (from, until) = LIST_VALID;
        let extensions =
            [authority_key_identifier(&self.authority), extension(&[2, 5, 29, 20], false, &der::integer(1))];
        let body = der::sequence(&[
            der::integer(1),
            algorithm.clone(),
            authority_name(&self.country),
            time(from),
            time(until),
            der::sequence(&[der::sequence(&[self.serial.clone(), time(REVOKED_AT)])]),
            der::context(0, &[der::sequence(&extensions)]),
        ]);
        let signature = self.authority.sign(&body)?;
        Ok(der::sequence(&[body, algorithm, der::bit_string(&signature)]))
    }

    /// The authority's self-signed certificate (CSCA): the anchor.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The document signer's certificate, which also stands in what it signed.
    #[must_use]
    pub fn signer_certificate(&self) -> &Certificate {
        &self.signer_certificate
    }

    /// CMS SignedData, version 3, with signed attributes, over a content of this type (RFC 5652; Doc 9303-10, appendix D).
    ///
    /// # Errors
    /// [`KeyError`] when the key fails.
    pub(crate) fn sign(&self, content_type: &[u8], content: &[u8]) -> Result<Vec<u8>, KeyError> {
        let digest = self.signer.digest;
        let attribute = |oid: &[u32], value: &[u8]| der::sequence(&[der::oid(oid), object(0x31, value)]);
        let mut attributes = [
            attribute(&[1, 2, 840, 113_549, 1, 9, 3], &object(0x06, content_type)),
            attribute(&[1, 2, 840, 113_549, 1, 9, 4], &der::octet_string(&digest.of(content))),
            attribute(&[1, 2, 840, 113_549, 1, 9, 5], &time(SIGNED_AT)),
        ];
        attributes.sort();
        let attributes = attributes.concat();
        let signature = self.signer.sign(&object(0x31, &attributes))?;
        let signer_info = der::sequence(&[
            der::integer(1),
            der::sequence(&[authority_name(&self.country), self.serial.clone()]),
            digest_algorithm(digest),
            object(0xA0, &attributes),
            self.signer.algorithm(),
            der::octet_string(&signature),
        ]);
        let encapsulated =
            der::sequence(&[object(0x06, content_type), der::context(0, &[der::octet_string(content)])]);
        let signed_data = der::sequence(&[
            der::integer(3),
            object(0x31, &digest_algorithm(digest)),
            encapsulated,
            object(0xA0, self.signer_certificate.der()),
            object(0x31, &signer_info),
        ]);
        Ok(der::sequence(&[der::oid(&[1, 2, 840, 113_549, 1, 7, 2]), der::context(0, &[signed_data])]))
    }
}

impl Signer {
    /// The authority's and the document signer's.
    fn pair(kind: CountryKey) -> Result<[Self; 2], KeyError> {
        let mut random = Random::default();
        let mut on_curve = |curve: Curve, digest| Self {
            key: SigningKey::on_curve(curve, &mut random),
            scheme: Scheme::Ecdsa,
            digest,
        };
        let rsa = |bits, scheme| -> Result<[Self; 2], KeyError> {
            let signer =
                |bits| Ok(Self { key: SigningKey::rsa_of(bits, 0)?, scheme, digest: Digest::Sha256 });
            Ok([signer(bits)?, signer(2048)?])
        };
        match kind {
            CountryKey::BrainpoolP256r1 => Ok([
                on_curve(Curve::BrainpoolP256r1, Digest::Sha256),
                on_curve(Curve::BrainpoolP256r1, Digest::Sha256),
            ]),
            CountryKey::BrainpoolP384r1 => Ok([
                on_curve(Curve::BrainpoolP384r1, Digest::Sha384),
                on_curve(Curve::BrainpoolP256r1, Digest::Sha256),
            ]),
            CountryKey::Rsa4096 => rsa(4096, Scheme::Pkcs1),
            CountryKey::Rsa4096Pss => rsa(4096, Scheme::Pss),
            CountryKey::Rsa3072 => rsa(3072, Scheme::Pkcs1),
            CountryKey::Rsa3072Pss => rsa(3072, Scheme::Pss),
        }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let hash = self.digest.of(message);
        let size = self.key.size();
        match self.scheme {
            Scheme::Pkcs1 => {
                self.key.rsa(&pkcs1_block(&self.digest.info(&hash), size)?).ok_or(KeyError::Range)
            }
            Scheme::Pss => self.key.rsa(&pss_block(self.digest, &hash, size)?).ok_or(KeyError::Range),
            Scheme::Ecdsa => {
                let plain = self.key.ecdsa(&hash, &mut Random::default()).ok_or(KeyError::Kind)?;
                let (r, s) = plain.split_at_checked(plain.len() / 2).ok_or(KeyError::Length)?;
                Ok(der::sequence(&[der::unsigned_integer(r), der::unsigned_integer(s)]))
            }
        }
    }

    /// AlgorithmIdentifier of the signature.
    fn algorithm(&self) -> Vec<u8> {
        match (self.scheme, self.digest) {
            (Scheme::Pkcs1, _) => der::sequence(&[der::oid(&[1, 2, 840, 113_549, 1, 1, 11]), der::null()]),
            (Scheme::Pss, digest) => {
                let hash = digest_algorithm(digest);
                let mask = der::sequence(&[der::oid(&[1, 2, 840, 113_549, 1, 1, 8]), hash.clone()]);
                let salt = der::integer(u32::try_from(digest.length()).unwrap_or(32));
                let parameters = der::sequence(&[
                    der::context(0, &[hash]),
                    der::context(1, &[mask]),
                    der::context(2, &[salt]),
                ]);
                der::sequence(&[der::oid(&[1, 2, 840, 113_549, 1, 1, 10]), parameters])
            }
            (Scheme::Ecdsa, Digest::Sha384) => der::sequence(&[der::oid(&[1, 2, 840, 10_045, 4, 3, 3])]),
            (Scheme::Ecdsa, _) => der::sequence(&[der::oid(&[1, 2, 840, 10_045, 4, 3, 2])]),
        }
    }
}

/// AlgorithmIdentifier of a hash algorithm.
pub(crate) fn digest_algorithm(digest: Digest) -> Vec<u8> {
    let last = match digest {
        Digest::Sha384 => 2,
        Digest::Sha512 => 3,
        _ => 1,
    };
    der::sequence(&[der::oid(&[2, 16, 840, 1, 101, 3, 4, 2, last]), der::null()])
}

fn authority_name(country: &str) -> Vec<u8> {
    name(country, "Bitaqa test CSCA")
}

/// The document signer's certificate, and its serial number as an INTEGER.
fn issued(
    country: &str,
    authority: &Signer,
    signer: &Signer,
    validity: (i64, i64),
) -> Result<(Certificate, Vec<u8>), KeyError> {
    let signer_name = name(country, "Bitaqa test document signer");
    let extensions = signer_extensions(country, authority, signer);
    certificate_with_serial(authority, &authority_name(country), signer, &signer_name, validity, &extensions)
}

fn name(country: &str, common_name: &str) -> Vec<u8> {
    der::sequence(&[
        attribute(&[2, 5, 4, 6], der::printable(country)),
        attribute(&[2, 5, 4, 10], der::utf8("Bitaqa test")),
        attribute(&[2, 5, 4, 3], der::utf8(common_name)),
    ])
}

fn key_identifier(signer: &Signer) -> Vec<u8> {
    Digest::Sha1.of(&signer.key.public_key_bits())
}

fn authority_key_identifier(authority: &Signer) -> Vec<u8> {
    let identifier = der::sequence(&[der::context_primitive(0, &key_identifier(authority))]);
    extension(&[2, 5, 29, 35], false, &identifier)
}

/// What both certificates have (Doc 9303-12, table 5): key identifiers, alternative names, where the revocation list is.
fn shared_extensions(country: &str, issuer: &Signer, own: &Signer) -> Vec<Vec<u8>> {
    let place = der::sequence(&[attribute(&[2, 5, 4, 7], der::printable(state(country)))]);
    let names =
        der::sequence(&[der::context_primitive(1, b"csca@bitaqa.example"), der::context(4, &[place])]);
    let list = der::context_primitive(6, b"http://crl.bitaqa.example/csca.crl");
    let point = der::sequence(&[der::sequence(&[der::context(0, &[der::context(0, &[list])])])]);
    vec![
        extension(&[2, 5, 29, 14], false, &der::octet_string(&key_identifier(own))),
        authority_key_identifier(issuer),
        extension(&[2, 5, 29, 17], false, &names),
        extension(&[2, 5, 29, 18], false, &names),
        extension(&[2, 5, 29, 31], false, &point),
    ]
}

fn authority_extensions(country: &str, authority: &Signer) -> Vec<Vec<u8>> {
    let mut extensions = shared_extensions(country, authority, authority);
    // keyCertSign and cRLSign; no authority below
    extensions.push(extension(&[2, 5, 29, 15], true, &der::named_bits(&[5, 6])));
    extensions.push(extension(&[2, 5, 29, 19], true, &der::sequence(&[der::boolean(true), der::integer(0)])));
    extensions
}

fn signer_extensions(country: &str, authority: &Signer, signer: &Signer) -> Vec<Vec<u8>> {
    let mut extensions = shared_extensions(country, authority, signer);
    extensions.push(extension(&[2, 5, 29, 15], true, &der::named_bits(&[0])));
    let generalised = |number: u8, text: &str| der::context_primitive(number, text.as_bytes());
    let (from, until) = SIGNER_USED;
    extensions.push(extension(
        &[2, 5, 29, 16],
        false,
        &der::sequence(&[generalised(0, &generalized(from)), generalised(1, &generalized(until))]),
    ));
    // documentTypeList (section 7.1.1, table 6): the document codes of the zone
    let kinds = object(0x31, &[der::printable("I"), der::printable("P")].concat());
    let list = der::sequence(&[der::integer(0), kinds]);
    extensions.push(extension(&[2, 23, 136, 1, 1, 6, 2], false, &list));
    extensions
}

fn certificate(
    issuer: &Signer,
    issuer_name: &[u8],
    own: &Signer,
    own_name: &[u8],
    validity: (i64, i64),
    extensions: &[Vec<u8>],
) -> Result<Certificate, KeyError> {
    certificate_with_serial(issuer, issuer_name, own, own_name, validity, extensions)
        .map(|(certificate, _)| certificate)
}

/// The certificate, and its serial number as an INTEGER.
fn certificate_with_serial(
    issuer: &Signer,
    issuer_name: &[u8],
    own: &Signer,
    own_name: &[u8],
    (from, until): (i64, i64),
    extensions: &[Vec<u8>],
) -> Result<(Certificate, Vec<u8>), KeyError> {
    let serial = der::unsigned_integer(&random(8)?);
    let algorithm = issuer.algorithm();
    let body = der::sequence(&[
        der::context(0, &[der::integer(2)]),
        serial.clone(),
        algorithm.clone(),
        issuer_name.to_vec(),
        der::sequence(&[time(from), time(until)]),
        own_name.to_vec(),
        own.key.subject_public_key_info(),
        der::context(3, &[der::sequence(extensions)]),
    ]);
    let signature = issuer.sign(&body)?;
    let certificate = Certificate::of_der(der::sequence(&[body, algorithm, der::bit_string(&signature)]));
    Ok((certificate, serial))
}

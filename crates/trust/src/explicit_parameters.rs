//! Curves that a certificate writes out instead of naming them (`SpecifiedECDomain`, RFC 3279 section 2.3.5).
//!
//! RFC 5480 forbids it, and the authorities behind travel documents do it. The numbers are never calculated with: all of
//! them must be those of a curve that we know, else somebody could choose a base point to which he knows the key.

use der::{
    Decode, Reader, SliceReader, Tag,
    asn1::{ObjectIdentifier, OctetStringRef, UintRef},
};
use sha2::{Digest, Sha256};

use crate::{
    oid,
    signed_object::{element, sequence},
};

/// A curve, the bytes of its field, and the SHA-256 of its prime, a, b, x and y of its base point, and order, each as long as
/// the field. The hashes are of the numbers in FIPS 186 and RFC 5639; a test makes them anew of what openssl has.
const CURVES: [(ObjectIdentifier, usize, [u8; 32]); 5] = [
    (
        oid::SECP_256_R_1,
        32,
        hash(0x3e8e_f74d_8452_47e0_b9b5_f876_e8b3_595b, 0xb267_e3ef_753b_084b_ea0f_179b_11e0_8a3b),
    ),
    (
        oid::SECP_384_R_1,
        48,
        hash(0x2d92_813a_a02a_7137_594e_ece6_68e7_cd5c, 0x87d8_4f13_0d36_cce2_75e7_966b_c05f_fce1),
    ),
    (
        oid::SECP_521_R_1,
        66,
        hash(0x753f_3ec4_fd39_727e_e188_34ec_558e_f9b5, 0xf014_0893_d56c_5b13_731b_eb74_fd45_cf0c),
    ),
    (
        oid::BRAINPOOL_P_256_R_1,
        32,
        hash(0xccc4_a2be_4b20_98b1_7083_7634_3d5c_13b9, 0xd116_7fb2_d391_2980_26e0_91bb_43f5_059d),
    ),
    (
        oid::BRAINPOOL_P_384_R_1,
        48,
        hash(0x57f7_bda8_e9a2_308a_858f_b4e4_b8e0_a25e, 0xc253_a405_274c_0eda_a062_5e97_3a47_4e03),
    ),
];

const fn hash(first: u128, second: u128) -> [u8; 32] {
    let (first, second) = (first.to_be_bytes(), second.to_be_bytes());
    let mut bytes = [0; 32];
    let (start, end) = bytes.split_at_mut(16);
    start.copy_from_slice(&first);
    end.copy_from_slice(&second);
    bytes
}

/// The curve that is written out, if every number is that of one we know. `parameters` is the whole SEQUENCE.
pub(crate) fn curve(parameters: &[u8]) -> Option<ObjectIdentifier> {
    let written = Written::read(parameters).ok()??;
    CURVES
        .iter()
        .find(|(_, field, hash)| written.hash(*field).as_ref() == Some(hash))
        .map(|(curve, ..)| *curve)
}

struct Written<'a> {
    prime: &'a [u8],
    a: &'a [u8],
    b: &'a [u8],
    base: &'a [u8],
    order: &'a [u8],
}

impl<'a> Written<'a> {
    /// None where the field is not one of a prime, or the cofactor is not 1.
    fn read(parameters: &'a [u8]) -> der::Result<Option<Self>> {
        let mut reader = SliceReader::new(sequence(parameters)?)?;
        let _version = u8::decode(&mut reader)?;
        let mut field = SliceReader::new(nested(&mut reader)?)?;
        if ObjectIdentifier::decode(&mut field)? != oid::PRIME_FIELD {
            return Ok(None);
        }
        let prime = UintRef::decode(&mut field)?.as_bytes();
        field.finish()?;
        // a seed may follow: it says how b was found, and b is compared
        let mut curve = SliceReader::new(nested(&mut reader)?)?;
        let a = <&OctetStringRef>::decode(&mut curve)?.as_bytes();
        let b = <&OctetStringRef>::decode(&mut curve)?.as_bytes();
        let base = <&OctetStringRef>::decode(&mut reader)?.as_bytes();
        let order = UintRef::decode(&mut reader)?.as_bytes();
        if !reader.is_finished() && UintRef::decode(&mut reader)?.as_bytes() != [1] {
            return Ok(None);
        }
        Ok(Some(Self { prime, a, b, base, order }))
    }

    fn hash(&self, field: usize) -> Option<[u8; 32]> {
        let (0x04, coordinates) = self.base.split_first()? else { return None };
        let (x, y) = coordinates.split_at_checked(field)?;
        let mut hash = Sha256::new();
        for number in [self.prime, self.a, self.b, x, y, self.order] {
            let digits = number.get(number.iter().take_while(|byte| **byte == 0).count()..)?;
            hash.update(vec![0; field.checked_sub(digits.len())?]);
            hash.update(digits);
        }
        Some(hash.finalize().into())
    }
}

fn nested<'a>(reader: &mut SliceReader<'a>) -> der::Result<&'a [u8]> {
    let (tag, content) = element(reader)?;
    tag.assert_eq(Tag::Sequence)?;
    Ok(content)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    fn parameters(name: &str) -> Vec<u8> {
        let made = Command::new("openssl")
            .args(["ecparam", "-name", name, "-param_enc", "explicit", "-outform", "DER"])
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        made.stdout
    }

    #[test]
    fn what_openssl_writes_out_is_the_curve_it_names() {
        for (name, curve_of_name) in [
            ("prime256v1", oid::SECP_256_R_1),
            ("secp384r1", oid::SECP_384_R_1),
            ("secp521r1", oid::SECP_521_R_1),
            ("brainpoolP256r1", oid::BRAINPOOL_P_256_R_1),
            ("brainpoolP384r1", oid::BRAINPOOL_P_384_R_1),
        ] {
            assert_eq!(curve(&parameters(name)), Some(curve_of_name), "{name}");
        }
        for name in ["secp256k1", "brainpoolP256t1", "sect283k1", "secp224r1"] {
            assert_eq!(curve(&parameters(name)), None, "{name}");
        }
    }

    #[test]
    fn a_curve_with_one_number_changed_is_no_curve_of_ours() {
        let right = parameters("prime256v1");
        let seed = 122..145;
        for place in (0..right.len()).filter(|place| !seed.contains(place)) {
            let mut wrong = right.clone();
            wrong[place] ^= 1;
            // the version says whether a seed and a hash may follow, which changes no number
            assert!(curve(&wrong).is_none() || place == 5, "byte {place}");
        }
    }
}

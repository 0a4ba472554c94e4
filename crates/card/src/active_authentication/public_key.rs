//! The key of DG15 and what it has signed.

use bitaqa_curves::{Point, ecdsa_verify};

use super::{Challenge, DigestAlgorithm, ROUND, iso_9796_2, rsa::RsaPublicKey};
use crate::{
    error::{CardError, Misbehaviour},
    key_agreement::{DomainParameters, PublicKey},
    oid,
    security_infos::{ActiveAuthenticationInfo, SubjectPublicKey},
    tlv::{Tag, TlvError, TlvReader},
};

const WHAT: &str = "DG15";
/// Data group 15 (ICAO Doc 9303-10).
const DATA_GROUP: Tag = Tag(0x6F);
const SEQUENCE: Tag = Tag(0x30);
const OBJECT_IDENTIFIER: Tag = Tag(0x06);
const INTEGER: Tag = Tag(0x02);
const BIT_STRING: Tag = Tag(0x03);

/// The public key that a chip's signatures are checked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActiveAuthenticationKey {
    /// ISO/IEC 9796-2 with partial recovery.
    Rsa(RsaPublicKey),
    /// ECDSA.
    Ec(Point),
}

impl ActiveAuthenticationKey {
    /// From the content of DG15: its tag around a SubjectPublicKeyInfo (RFC 5280).
    ///
    /// # Errors
    /// Misbehaviour: what is no TLV, keys of sizes that prove nothing, points that are not on their curve;
    /// [`CardError::Unsupported`] for another algorithm or curve.
    pub fn parse(dg15: &[u8]) -> Result<Self, CardError> {
        let mut group = TlvReader::new(dg15).expect(DATA_GROUP).map_err(tlv)?.children();
        let info = group.expect(SEQUENCE).map_err(tlv)?;
        let mut fields = info.children();
        let mut algorithm = fields.expect(SEQUENCE).map_err(tlv)?.children();
        if algorithm.expect(OBJECT_IDENTIFIER).map_err(tlv)?.value != oid::RSA_ENCRYPTION {
            return point(info.encoded);
        }
        let element = || CardError::from(Misbehaviour::Element { what: WHAT, element: "RSAPublicKey" });
        let Some((0, key)) = fields.expect(BIT_STRING).map_err(tlv)?.value.split_first() else {
            return Err(element());
        };
        let mut key = TlvReader::new(key).expect(SEQUENCE).map_err(tlv)?.children();
        let modulus = key.expect(INTEGER).map_err(tlv)?.value;
        let exponent = key.expect(INTEGER).map_err(tlv)?.value;
        RsaPublicKey::new(modulus, exponent).map(Self::Rsa).ok_or_else(element)
    }

    /// Bytes of the longest signature that this key makes.
    #[must_use]
    pub fn max_signature(&self) -> usize {
        match self {
            Self::Rsa(key) => key.length(),
            // in DER, each number may take a leading zero, and three headers are of three bytes at most
            Self::Ec(point) => 2 * (point.curve().scalar_length() + 1) + 9,
        }
    }

    /// Checks the signature of one round; the hash it was made with is for the verifier to judge. With a key on a curve,
    /// `info` of DG14 names the hash; RSA signatures name it themselves.
    ///
    /// # Errors
    /// [`ActiveAuthenticationFault`].
    pub fn verify(
        &self,
        round: &[u8; ROUND],
        signature: &[u8],
        info: Option<&ActiveAuthenticationInfo>,
    ) -> Result<DigestAlgorithm, ActiveAuthenticationFault> {
        match self {
            Self::Rsa(key) => iso_9796_2::verify(key, round, signature),
            Self::Ec(point) => {
                let info = info.ok_or(ActiveAuthenticationFault::Algorithm)?;
                let digest = DigestAlgorithm::of_ecdsa(&info.signature_algorithm)
                    .ok_or(ActiveAuthenticationFault::Digest)?;
                verify_ecdsa(point, &digest.of(&[round]), signature).map(|()| digest)
            }
        }
    }

    /// Checks both rounds over a challenge. Both must be made with the same hash.
    ///
    /// # Errors
    /// [`ActiveAuthenticationFault`] of the first round that fails.
    pub fn verify_rounds(
        &self,
        challenge: &Challenge,
        signatures: &[impl AsRef<[u8]>; 2],
        info: Option<&ActiveAuthenticationInfo>,
    ) -> Result<DigestAlgorithm, ActiveAuthenticationFault> {
        let [first, second] = challenge.rounds();
        let [first_signature, second_signature] = signatures;
        let digest = self.verify(&first, first_signature.as_ref(), info)?;
        let other = self.verify(&second, second_signature.as_ref(), info)?;
        if digest == other { Ok(digest) } else { Err(ActiveAuthenticationFault::Digest) }
    }
}

fn point(subject_public_key_info: &[u8]) -> Result<ActiveAuthenticationKey, CardError> {
    let key = SubjectPublicKey::from_der(WHAT, subject_public_key_info)?;
    if !matches!(key.domain_parameters, Some(DomainParameters::Curve(_))) {
        return Err(CardError::Unsupported("an active authentication key of another kind"));
    }
    match key.key() {
        Ok(PublicKey::Point(point)) => Ok(ActiveAuthenticationKey::Ec(point)),
        _ => Err(Misbehaviour::Element { what: WHAT, element: "point of its curve" }.into()),
    }
}

/// Plain r || s, as 9303-11 section 6.1 has it, or the DER that some chips give.
fn verify_ecdsa(point: &Point, digest: &[u8], signature: &[u8]) -> Result<(), ActiveAuthenticationFault> {
    let length = point.curve().scalar_length();
    if signature.len() == 2 * length && ecdsa_verify(point, digest, signature) {
        return Ok(());
    }
    let plain = match plain_of_der(signature, length) {
        Some(plain) => plain,
        None if signature.len() == 2 * length => return Err(ActiveAuthenticationFault::Signature),
        None => return Err(ActiveAuthenticationFault::Format),
    };
    if ecdsa_verify(point, digest, &plain) { Ok(()) } else { Err(ActiveAuthenticationFault::Signature) }
}

/// r || s of ECDSA-Sig-Value (RFC 3279, section 2.2.3); `None` if it is none, or a number is too long.
fn plain_of_der(signature: &[u8], length: usize) -> Option<Vec<u8>> {
    let mut outer = TlvReader::new(signature);
    let mut numbers = outer.expect(SEQUENCE).ok()?.children();
    let mut plain = Vec::with_capacity(2 * length);
    for _ in 0..2 {
        let number = numbers.expect(INTEGER).ok()?.value;
        let zeros = number.iter().take_while(|byte| **byte == 0).count();
        let number = number.get(zeros..)?;
        plain.resize(plain.len() + length.checked_sub(number.len())?, 0);
        plain.extend_from_slice(number);
    }
    (numbers.rest().is_empty() && outer.rest().is_empty()).then_some(plain)
}

fn tlv(error: TlvError) -> CardError {
    Misbehaviour::Tlv { what: WHAT, error }.into()
}

/// Why a signature proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ActiveAuthenticationFault {
    /// It has another length than its key.
    #[error("the chip's signature has another length than its key")]
    Length,
    /// It has not the form of its scheme.
    #[error("the chip's signature has not the form of its scheme")]
    Format,
    /// Its hash is none that chips may use, or another in each round.
    #[error("the chip's signature is made with a hash that it may not use")]
    Digest,
    /// DG14 does not say which hash the key on a curve signs with.
    #[error("the card does not say which hash its chip signs with")]
    Algorithm,
    /// It is not the signature of this challenge.
    #[error("the chip's signature is not that of this challenge")]
    Signature,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{active_authentication::test_key, test_hex::hex, tlv::encode};

    /// DG15 around a SubjectPublicKeyInfo.
    fn dg15(info: &str) -> Vec<u8> {
        encode(DATA_GROUP, &hex(info))
    }

    const P256: &str = "3059301306072A8648CE3D020106082A8648CE3D03010703420004019506F0B9ABD4DD8D349D76705E91E7F0FA3AF9F86497\
                        937110657B8553E44EDB757FF8094166039A614D6A359742F5124335F371C01BC85E3B1BEF2034B10B";
    const P256_EXPLICIT: &str = "3082014B3082010306072A8648CE3D02013081F7020101302C06072A8648CE3D0101022100FFFFFFFF00000001000000\
                                 000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF305B0420FFFFFFFF0000000100000000000000000000\
                                 0000FFFFFFFFFFFFFFFFFFFFFFFC04205AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE\
                                 3C3E27D2604B031500C49D360886E704936A6678E1139D26B7819F7E900441046B17D1F2E12C4247F8B\
                                 CE6E563A440F277037D812DEB33A0F4A13945D898C2964FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33\
                                 576B315ECECBB6406837BF51F5022100FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B\
                                 9CAC2FC63255102010103420004019506F0B9ABD4DD8D349D76705E91E7F0FA3AF9F86497937110657B\
                                 8553E44EDB757FF8094166039A614D6A359742F5124335F371C01BC85E3B1BEF2034B10B";
    const BRAINPOOL: &str = "305A301406072A8648CE3D020106092B2403030208010107034200040AE1F1AAF7C3BEE1EB966C06969217A7C2A118B7B25A\
                             10B8EC79561BD853598A793924F280DD5F09038BE8F60340131DBB400ADEAD23DCAA1FBADB886944564A";
    const P384: &str = "3076301006072A8648CE3D020106052B810400220362000421D8796C55D0F36A6F2BE04A9D07F0B0D6346C0C42E8F6751813674B\
                        200CF72B948457EB56FA90D69AFC3776D8DA14D3A4FE7E8BEF979C379F561D2558E013ECAED41817E25D9280C34490FC\
                        DC879E543FFEB2D191B9A02DA465FA4192E1C916";
    const ROUND_OF_OPENSSL: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 8];
    /// Signatures that OpenSSL made over those eight bytes.
    const SIGNATURES: [(&str, &str, DigestAlgorithm, &str); 7] = [
        (
            P256,
            "04007F00070101040103",
            DigestAlgorithm::Sha256,
            "3045022028EDB2C3DE9FCC38EB2CACEDBE3786141AEB1C4BB084884458C2CC8894F1846F022100B0788298A95FFB66BBEC3A284C43EC\
             DF86A3ED2DFB6F0478F9998861E1297869",
        ),
        (
            BRAINPOOL,
            "2A8648CE3D040301",
            DigestAlgorithm::Sha224,
            "30440220013AFA8660F76FA102AB9F01E66A9DFC3D82A6CC4D97CE8C4CF4C695AF5FB46B02205D445CB5D99B13EBC334D825F2802554\
             B09E9A48A339D6002C2FFDFFC126F6E3",
        ),
        (
            P384,
            "04007F00070101040104",
            DigestAlgorithm::Sha384,
            "3066023100DC5304B9284EE3AC58CEB6111522C034BF3C94AA29041412041EB5CD83E2BD89DA663558210AF5E65BF5F726B024AA2A02\
             3100BE60413D5BEDE2789B878EF51F85F790AF48A7F5303AFB50F2E290D4B03BF8F09DFB52CF1BC84D40C44E141AA9D11B3B",
        ),
        // hashes that are longer or much shorter than the order
        (
            P256,
            "04007F00070101040105",
            DigestAlgorithm::Sha512,
            "3045022100EE20B428BE119115CF2AE22C7117E45D495244E49BAAD3A4AF6456B154C84C0D022045012C7E7607062397F621\
             CF88FC010D0956F133E351EA029B80E253617B3947",
        ),
        (
            "3076301006072A8648CE3D020106052B810400220362000433F7FC1E01B9CF8F4B09CCA601FFBB147506874DCE7076159567\
             213E9E61C480095EA91511605026176692525225813FB8D0B6A6BD49F87EE701A4A1CE793F6A2D79B7CE54CFDA21C0188DE5\
             D6FB724439DE030B76A8CAA8ECCBF75C23B2EFB1",
            "2A8648CE3D0401",
            DigestAlgorithm::Sha1,
            "3065023065D642D9441EEC7833D5E9F32D2BB101CDA3641B40684FE911287FEE8E3859236660F553751E9C97B7CEB41EB30C\
             60BB023100F026BB6488651CF5F62541D74ABA27979015A2380F63FE85A66AD2BB6E5CF637CD66E5DDBF43091236E7ED7EF0\
             D108BD",
        ),
        (
            "30819B301406072A8648CE3D020106092B240303020801010D0381820004486099BD7A412C564350CD43CB8E451FF1BA908C\
             D478233CE0FC4659F6D3CACB141A7AB28E86D646B9D3711EE655586ED5ECA5A5B03EBEFC560C32F1C00C8D227A3C6ADE93A3\
             D4BE4170FEFA26CC560E69E81A6467CDA0B74A7BE2F0D7FE89B3D4AFD1BAFEDF58501699B898AA5236C6D54F28E7D578DE67\
             E60B482259AA4B85",
            "04007F00070101040101",
            DigestAlgorithm::Sha1,
            "30818402406235042FE800BBA6D4907CB00E1C868363AC689B6B68E0C0DF8BE6DAD4B47AB881FA3BDEF067EEDABD6FB19F02\
             7CA179E45FBFE95CAD11E45EC3B9D5591D819202405F6800FC0D600728A90821781E2216931EAA2620B74F18C6B967C9AE9E\
             3DAA432F4D987BA7B5E585B48171999EBC17264056A89214349320512DC3D9BA62C336",
        ),
        (
            "30819B301006072A8648CE3D020106052B810400230381860004000B07AB20B41CE28D471136665AAC60E1969DC8654B9F8A\
             6159F45D4DA247BFA4CE1177313594B903CA97863B0C5DD5D9293ACA6BCC8EBDFB5A9C4F66C7C5C0F83600DD0F83F25847DA\
             089EB517289F4AB90C9B7134AB8CCFAAA8722C35D1F04C2A9511B416E5D3DDC804D4D711CD8AB7F72A15FE7D0E8C5ABABC18\
             85B57657E620526A",
            "04007F00070101040102",
            DigestAlgorithm::Sha224,
            "308187024103EED25181B3459AAAB10E37BC7CB0755F8FA2C024287B1F3F245074765C263C7B603A6277063CCE1B14EEEF46\
             E7136A9F56A4C9E04579BD2847CC9238D4A28366024200E6EA4C9B8E8AD97BEA8DAFF5E4945B6AF8D0814142D72ADEC8EDF1\
             B40EFDED83CD35756440CA9F4CEBABD62DE663F4B3F3F1BBB795F87ECD89B477F4F2115ACFC4",
        ),
    ];

    fn info(oid: &str) -> ActiveAuthenticationInfo {
        ActiveAuthenticationInfo { signature_algorithm: hex(oid) }
    }

    #[test]
    fn the_rsa_key_of_bsi_tr_03105_5_is_read() {
        // reference data set of part 5, DG15
        let key = ActiveAuthenticationKey::parse(&hex(
            "6F81A230819F300D06092A864886F70D010101050003818D00308189028181008130E120BB785A45D8D87E6F1A89EF4C6B655A555F58\
             887DC6F78C293E71B028621B464C7B3123DF8896449ACB2A6E0219B7A43141BA617AE0E94CB5372EB6D964A1DBF2A43BD0CE659E\
             962AC2CE9CEDF681CA1E3C74EA23C62D9ABFB81371D2602E39162EB578F9DED459C758EFD6A27A755B8C0E0E31E040D4D37A2769\
             39090203010001",
        ))
        .unwrap();
        assert!(matches!(&key, ActiveAuthenticationKey::Rsa(key) if key.length() == 128));
    }

    #[test]
    fn signatures_of_openssl_verify_plain_and_in_der() {
        for (key, oid, digest, signature) in SIGNATURES {
            let key = ActiveAuthenticationKey::parse(&dg15(key)).unwrap();
            let ActiveAuthenticationKey::Ec(point) = &key else { panic!("a key on a curve") };
            let der = hex(signature);
            let plain = plain_of_der(&der, point.curve().scalar_length()).unwrap();
            for signature in [&der, &plain] {
                assert_eq!(key.verify(&ROUND_OF_OPENSSL, signature, Some(&info(oid))), Ok(digest));
                assert_eq!(
                    key.verify(&[0; 8], signature, Some(&info(oid))),
                    Err(ActiveAuthenticationFault::Signature)
                );
                assert!(signature.len() <= key.max_signature());
            }
        }
    }

    #[test]
    fn parameters_that_are_written_out_are_those_of_the_named_curve() {
        let named = ActiveAuthenticationKey::parse(&dg15(P256)).unwrap();
        assert_eq!(ActiveAuthenticationKey::parse(&dg15(P256_EXPLICIT)).unwrap(), named);
        let other = P256_EXPLICIT.replace("FFFFFFFC0420", "FFFFFFFB0420");
        assert!(matches!(ActiveAuthenticationKey::parse(&dg15(&other)), Err(CardError::Unsupported(_))));
    }

    #[test]
    fn the_hash_of_a_key_on_a_curve_comes_from_the_card_and_nowhere_else() {
        let (key, _, _, signature) = SIGNATURES[0];
        let key = ActiveAuthenticationKey::parse(&dg15(key)).unwrap();
        let verify =
            |oid: Option<&str>| key.verify(&ROUND_OF_OPENSSL, &hex(signature), oid.map(info).as_ref());
        assert_eq!(verify(None), Err(ActiveAuthenticationFault::Algorithm));
        // RIPEMD-160
        assert_eq!(verify(Some("04007F00070101040106")), Err(ActiveAuthenticationFault::Digest));
        assert_eq!(verify(Some("04007F00070101040102")), Err(ActiveAuthenticationFault::Signature));
    }

    #[test]
    fn keys_that_prove_nothing_are_refused() {
        let rsa = |modulus: &[u8], exponent: &[u8]| {
            let key = encode(SEQUENCE, &[encode(INTEGER, modulus), encode(INTEGER, exponent)].concat());
            let algorithm = hex("300D06092A864886F70D0101010500");
            let bits = encode(BIT_STRING, &[&[0], &key[..]].concat());
            ActiveAuthenticationKey::parse(&encode(
                DATA_GROUP,
                &encode(SEQUENCE, &[algorithm, bits].concat()),
            ))
        };
        assert!(rsa(&[0xFF; 128], &[3]).is_ok());
        assert!(rsa(&[0xFF; 127], &[3]).is_err(), "short");
        assert!(rsa(&[0xFF; 513], &[3]).is_err(), "long");
        assert!(rsa(&[0x7F; 128], &[3]).is_err(), "1023 bits");
        assert!(rsa(&[0xFE; 128], &[3]).is_err(), "even");
        for exponent in [&[0][..], &[1], &[2], &[0, 0, 1], &[3; 9], &[]] {
            assert!(rsa(&[0xFF; 128], exponent).is_err(), "{exponent:?}");
        }
        let off_curve = P256.replace("04019506F0", "04019506F1");
        assert_eq!(
            ActiveAuthenticationKey::parse(&dg15(&off_curve)),
            Err(Misbehaviour::Element { what: "DG15", element: "point of its curve" }.into())
        );
        // Ed25519
        let other =
            "302A300506032B6570032100D75A980182B10AB7D54BFED3C964073A0EE172F3DAA62325AF021A68F707511A";
        assert!(matches!(ActiveAuthenticationKey::parse(&dg15(other)), Err(CardError::Unsupported(_))));
    }

    #[test]
    fn rounds_of_different_hashes_are_no_proof() {
        let challenge = Challenge::bound_to(b"abc");
        let [first, second] = challenge.rounds();
        let signed = |digest: DigestAlgorithm, round: &[u8], trailer: &[u8]| {
            let recovered = vec![0x11; 128 - 1 - trailer.len() - digest.length()];
            let hash = digest.of(&[&recovered, round]);
            test_key::sign(&[&[0x6A][..], &recovered, &hash, trailer].concat())
        };
        let key = ActiveAuthenticationKey::Rsa(test_key::public());
        let signatures = [
            signed(DigestAlgorithm::Sha256, &first, &[0x34, 0xCC]),
            signed(DigestAlgorithm::Sha1, &second, &[0xBC]),
        ];
        assert_eq!(key.verify_rounds(&challenge, &signatures, None), Err(ActiveAuthenticationFault::Digest));
    }

    proptest! {
        #[test]
        fn any_bytes_end_in_a_key_or_an_error(
            bytes in proptest::collection::vec(any::<u8>(), 0..200), at in 0_usize..90, with in any::<u8>(),
        ) {
            let _ = ActiveAuthenticationKey::parse(&bytes);
            let mut changed = dg15(P256);
            changed[at] = with;
            let _ = ActiveAuthenticationKey::parse(&changed);
        }

        #[test]
        fn any_change_of_a_signature_is_seen(at in 0_usize..64, with in 1_u8..) {
            let (key, oid, _, signature) = SIGNATURES[0];
            let key = ActiveAuthenticationKey::parse(&dg15(key)).unwrap();
            let mut plain = plain_of_der(&hex(signature), 32).unwrap();
            plain[at] ^= with;
            prop_assert!(key.verify(&ROUND_OF_OPENSSL, &plain, Some(&info(oid))).is_err());
        }

        #[test]
        fn any_bytes_are_no_signature(signature in proptest::collection::vec(any::<u8>(), 0..150)) {
            let (key, oid, ..) = SIGNATURES[0];
            let key = ActiveAuthenticationKey::parse(&dg15(key)).unwrap();
            prop_assert!(key.verify(&ROUND_OF_OPENSSL, &signature, Some(&info(oid))).is_err());
        }
    }
}

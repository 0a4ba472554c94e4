//! The standard's worked examples, as far as they need no more than curves and groups, and what is refused.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

mod integrated_mappings;

use bitaqa_curves::{Curve, Point, PointError, Scalar, modp};
use proptest::prelude::*;

use integrated_mappings::INTEGRATED_MAPPINGS;

fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> = digits.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn scalar(curve: Curve, digits: &str) -> Scalar {
    curve.scalar(&hex(digits)).unwrap()
}

/// ICAO 9303-11, appendix G.1.
#[test]
fn the_generic_mapping_on_a_curve_gives_the_worked_example() {
    let curve = Curve::BrainpoolP256r1;
    let ours = scalar(curve, "7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99");
    assert_eq!(
        curve.generator().mul(&ours).encode(),
        hex("047ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E544552DCB6725218799115\
            B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D")
    );
    let theirs = curve
        .decode_point(&hex(
            "04824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F5730D8C879AAA9C9F73991E6\
            1B58F4D52EB87A0A0C709A49DC63719363CCD13C54",
        ))
        .unwrap();
    let shared = theirs.mul(&ours);
    assert_eq!(
        shared.encode(),
        hex("0460332EF2450B5D247EF6D3868397D398852ED6E8CAF6FFEEF6BF85CA57057FD50840CA7415BAF3E43BD414\
            D35AA4608B93A2CAF3A4E3EA4E82C9C13D03EB7181")
    );
    let nonce = scalar(curve, "3F00C4D39D153F2B2A214A078D899B22");
    assert_eq!(
        curve.generator().mul(&nonce).add(&shared).encode(),
        hex("048CED63C91426D4F0EB1435E7CB1D74A46723A0AF21C89634F65A9AE87A9265E28C879506743F8611AC3364\
            5C5B985C80B5F09A0B83407C1B6A4D857AE76FE522")
    );
}

/// ICAO 9303-11, appendix H.1.
#[test]
fn the_integrated_mapping_on_a_curve_gives_the_worked_example() {
    let random =
        hex("E4447E2DFB3586BAC05DDB00156B57FBB2179A3949294C97254189800C517BAA8DA0FF397ED8C445D3E421E4\
        FEB57322");
    let mapped = Curve::BrainpoolP256r1.integrated_map(&random).unwrap();
    assert_eq!(
        mapped.encode(),
        hex("048E82D31559ED0FDE92A4D0498ADD3C23BABA94FB77691E31E90AEA77FB17D4274C1AE14BD0C3DBAC0C871B\
            7F3608169364437CA30AC243A089D3F266C1E60FAD")
    );
    let reduced = hex("A2F8FF2DF50E52C6599F386ADCB595D229F6A167ADE2BE5F2C3296ADD5B7430E");
    assert_eq!(Curve::BrainpoolP256r1.integrated_map(&reduced), Some(mapped));
}

#[test]
fn the_integrated_mapping_is_the_standards_formula_on_every_curve() {
    for (curve, random, point) in INTEGRATED_MAPPINGS {
        let mapped = curve.integrated_map(&hex(random)).unwrap();
        assert_eq!(mapped.encode(), hex(point), "{}", curve.name());
    }
}

#[test]
fn the_integrated_mapping_is_undefined_on_p_224_and_where_its_formula_divides_by_zero() {
    assert_eq!(Curve::P224.integrated_map(&[7; 40]), None);
    for curve in Curve::ALL {
        assert_eq!(curve.integrated_map(&[]), None);
        assert_eq!(curve.integrated_map(&[0]), None);
        assert_eq!(curve.integrated_map(&[1]), None);
        assert_eq!(curve.integrated_map(&curve.prime()), None);
    }
}

/// ICAO 9303-11, appendix G.2.
#[test]
fn the_generic_mapping_in_a_group_gives_the_worked_example() {
    let group = modp::Group::Rfc5114_1024_160;
    let ours = group.exponent(&hex("5265030F751F4AD18B08AC565FC7AC952E41618D")).unwrap();
    assert_eq!(
        *group.generator().power(&ours).encode(),
        hex("23FB3749EA030D2A25B278D2A562047ADE3F01B74F17A15402CB7352CA7D2B3EB71C343DB13D1DEBCE9A3666\
            DBCFC920B49174A602CB47965CAA73DC702489A44D41DB914DE9613DC5E98C94160551C0DF86274B9359BC04\
            90D01B03AD54022DCB4F57FAD6322497D7A1E28D46710F461AFE710FBBBC5F8BA166F4311975EC6C")
    );
    let theirs = group
        .decode(&hex(
            "78879F57225AA8080D52ED0FC890A4B25336F699AA89A2D3A189654AF70729E623EA5738B26381E4DA19E004\
            706FACE7B235C2DBF2F38748312F3C98C2DD4882A41947B324AA1259AC22579DB93F7085655AF30889DBB845\
            D9E6783FE42C9F2449400306254C8AE8EE9DD812A804C0B66E8CAFC14F84D8258950A91B44126EE6",
        ))
        .unwrap();
    let shared = theirs.power(&ours);
    assert_eq!(
        *shared.encode(),
        hex("5BABEBEF5B74E5BA94B5C063FDA15F1F1CDE94873EE0A5D3A2FCAB49F258D07F544F13CB66658C3AFEE9E727\
            389BE3F6CBBBD32128A8C21DD6EEA3CF7091CDDFB08B8D007D40318DCCA4FFBF51208790FB4BD111E5A968ED\
            6B6F08B26CA87C410B3CE0C310CE104EABD16629AA48620C1279270CB0750C0D37C57FFFE302AE7F")
    );
    let nonce = group.exponent(&hex("FA5B7E3E49753A0DB9178B7B9BD898C8")).unwrap();
    assert_eq!(
        *group.generator().power(&nonce).mul(&shared).encode(),
        hex("7C9CBFE98F9FBDDA8D143506FA7D9306F4CB17E3C71707AFF5E1C1A12370249684D64EE37AF44B8DBD9D45BF\
            6023919CBAA027AB97ACC771666C8E98FF483301BFA4872DEDE9034EDFACB70814166B7F360676829B826BEA\
            57291B5AD69FBC84EF1E779032A305803F74341793E869742D401325B37EE8565FFCDEE618342DC5")
    );
}

/// ICAO 9303-11, appendix H.2, whose private keys are longer than the group's order.
#[test]
fn the_integrated_mapping_in_a_group_gives_the_worked_example() {
    let group = modp::Group::Rfc5114_1024_160;
    let mapped = group
        .integrated_map(&hex(
            "EAB98D13E09052952AA729907C3C946184DEA0FE74AD2B3AF506F0A83018459C38099CD1F7FF4EA0A078DB1F\
            AC1365505E3DC85500EF95E20B4EEF2E88489233BEE0546B472F994B618D168702406791DEEF3CB4810932EC\
            278F3533FDB860EB4835C36FA4F1BF3FA0B828A718C96BDE88FBA38A3E6C35AAA10959251EB5FC710FC18725\
            8995944C0F926E249373F485",
        ))
        .unwrap();
    assert_eq!(
        *mapped.encode(),
        hex("1D7D767F11E333BCD6DBAEF40E799E7A926B96973550656FF3C830726D118D61C276CDCC61D475CF03A98E0C\
            0E79CAEBA5BE25578BD4551D0B10903236F0B0F976852FA78EEA14EA0ACA87D1E91F688FE0DFF897BBE35A47\
            2621D343564B262F34223AE8FC59B664BFEDFA2BFE7516CA5510A6BBB633D517EC25D4E0BBAA16C2")
    );
    let ours = group
        .exponent(&hex(
            "4BD0E54740F9A028E6A515BFDAF967848C4F5F5FFF65AA0915947FFD1A0DF2FA6981271BC905F3551457B7E0\
            3AC3B8066DE4AA406C1171FB43DD939C4BA16175103BA3DEE16419AA248118F90CC36A3D6F4C373652E0C3CC\
            E7F0F1D0C5425B3600F0F0D6A67F004C8BBA33F2B4733C7252445C1DFC4F1107203F71D2EFB28161",
        ))
        .unwrap();
    assert_eq!(
        *mapped.power(&ours).encode(),
        hex("0F0CC62945A8029251FB7EF3C094E12EC68E4EF07F27CB9D9CD04C5C4250FAE0E4F8A951557E929AEB48E5C6\
            DD47F2F5CD7C351A9BD2CD722C07EDE166770F08FFCB370262CF308DD7B07F2E0DA9CAAA1492344C85290691\
            9538C98A4BA4187E76CE9D87832386D319CE2E043C3343AEAE6EDBA1A9894DC5094D22F7FE1351D5")
    );
    let theirs = group
        .decode(&hex(
            "928D9A0F9DBA450F13FC859C6F290D1D36E42431138A4378500BEB4E0401854CFF111F71CB6DC1D0335807A1\
            1388CC8EAA87B07907AAD9FBA6B169AF6D8C26AF8DDDC39ADC3AD2E3FF882B84D23E9768E95A80E4746FB07A\
            9767679FE92133B4D379935C771BD7FBED6C7BB4B1708B275EA75679524CDC9C6A91370CC662A2F3",
        ))
        .unwrap();
    assert_eq!(
        *theirs.power(&ours).encode(),
        hex("419410D6C0A17A4C07C54872CE1CBCEB0A2705C1A434C8A89A4CFE41F1D78124CA7EC52BDE7615E5345E48AB\
            1ABB6E7D1D59A57F3174084D3CA4570397C1F62228BDFDB2DA191EA2239E2C060DBE3BBC23C2FCD0AF12E0F9\
            E0B99FCF91FF1959011D5798B2FCBC1F14FCC24E441F4C8F9B08D977E9498560E63E7FFAB3134EA7")
    );
}

#[test]
fn a_point_beside_the_curve_or_at_infinity_is_refused() {
    for curve in Curve::ALL {
        let good = curve.generator().encode();
        assert_eq!(curve.decode_point(&good), Ok(curve.generator()));
        let mut beside = good.clone();
        *beside.last_mut().unwrap() ^= 1;
        assert_eq!(curve.decode_point(&beside), Err(PointError::NotOnCurve), "{}", curve.name());
        assert_eq!(curve.decode_point(&[0x00]), Err(PointError::Infinity));
        for wrong in [&[] as &[u8], &[0x04], &good[..good.len() - 1], &good[1..], &[0x00, 0x00]] {
            assert_eq!(curve.decode_point(wrong), Err(PointError::Encoding));
        }
        // coordinates that are no elements of the field, and zeros
        let length = curve.field_length();
        for coordinate in [vec![0xFF; length], curve.prime(), vec![0; length]] {
            let encoded = [vec![0x04], coordinate.clone(), coordinate].concat();
            assert_eq!(curve.decode_point(&encoded), Err(PointError::NotOnCurve), "{}", curve.name());
        }
        // the hybrid and the compact form exist, but no card is meant to send them
        for form in [0x05, 0x06, 0x07] {
            let mut other = good.clone();
            other[0] = form;
            assert_eq!(curve.decode_point(&other), Err(PointError::Encoding));
        }
    }
}

#[test]
fn a_compressed_point_is_the_one_of_its_sign() {
    for curve in Curve::ALL {
        let good = curve.generator().encode();
        let (x, y) = good[1..].split_at(curve.field_length());
        let sign = y.last().unwrap() & 1;
        let decoded = curve.decode_point(&[&[0x02 | sign], x].concat()).unwrap();
        assert_eq!(decoded, curve.generator());
        let opposite = curve.decode_point(&[&[0x03 ^ sign], x].concat()).unwrap();
        assert!(opposite.add(&decoded).is_infinity());
    }
}

#[test]
fn scalars_are_between_zero_and_the_order() {
    for curve in Curve::ALL {
        let order = curve.order();
        assert!(curve.scalar(&order).is_err());
        assert!(curve.scalar(&[]).is_err());
        assert!(curve.scalar(&vec![0; curve.scalar_length() + 9]).is_err());
        assert!(curve.scalar(&[vec![1], vec![0; curve.scalar_length()]].concat()).is_err());
        let mut largest = order.clone();
        *largest.last_mut().unwrap() -= 1;
        let largest = curve.scalar(&[vec![0; 3], largest].concat()).unwrap();
        let opposite = curve.generator().mul(&largest);
        assert!(!opposite.is_infinity());
        assert!(opposite.add(&curve.generator()).is_infinity(), "{}", curve.name());
        // (n - 1)^2 = 1
        assert_eq!(*largest.mul(&largest).to_bytes(), *curve.scalar(&[1]).unwrap().to_bytes());
        assert_eq!(largest.invert(), largest);
    }
}

#[test]
fn longer_numbers_are_reduced_modulo_the_order() {
    for curve in Curve::ALL {
        let order = curve.order();
        assert_eq!(curve.reduced_scalar(&order), None);
        assert_eq!(curve.reduced_scalar(&[]), None);
        let mut next = order.clone();
        *next.last_mut().unwrap() += 2;
        assert_eq!(curve.reduced_scalar(&next), curve.scalar(&[2]).ok(), "{}", curve.name());
        assert_eq!(curve.reduced_scalar(&[order, vec![3]].concat()), curve.scalar(&[3]).ok());
    }
}

#[test]
fn random_scalars_are_drawn_again_until_one_is_below_the_order() {
    for curve in Curve::ALL {
        let mut draws = vec![vec![0xFF; curve.scalar_length()], vec![0; curve.scalar_length()], {
            let mut third = vec![0; curve.scalar_length()];
            third[0] = 0x01;
            third
        }]
        .into_iter();
        let drawn = curve.random_scalar(&mut |out| out.copy_from_slice(&draws.next().unwrap()));
        assert_eq!(drawn.to_bytes()[0], 0x01, "{}", curve.name());
        assert!(draws.next().is_none());
    }
}

#[test]
fn values_of_two_curves_do_not_mix() {
    let one = Curve::P256.scalar(&[1]).unwrap();
    assert!(Curve::BrainpoolP256r1.generator().mul(&one).is_infinity());
    let [left, right] = [Curve::BrainpoolP256r1, Curve::P256].map(Curve::generator);
    assert!(left.add(&right).is_infinity());
    assert!(Point::sum_of_multiples([(&right, &one), (&left, &one)]).is_infinity());
}

#[test]
fn parameter_numbers_and_object_identifiers_name_one_curve_each() {
    for curve in Curve::ALL {
        assert_eq!(Curve::from_parameter_id(curve.parameter_id()), Some(curve));
        assert_eq!(Curve::from_oid(curve.oid()), Some(curve));
    }
    for unknown in (0..8).chain(19..=255) {
        assert_eq!(Curve::from_parameter_id(unknown), None);
    }
    for group in modp::Group::ALL {
        assert_eq!(modp::Group::from_parameter_id(group.parameter_id()), Some(group));
    }
}

#[test]
fn public_values_outside_the_subgroup_are_refused() {
    use modp::ElementError;
    for group in modp::Group::ALL {
        let prime = group.prime();
        let mut last = prime.clone();
        *last.last_mut().unwrap() -= 1;
        for out_of_range in [&[] as &[u8], &[0], &[1], &last, &prime, &[0xFF; 256], &[1; 257]] {
            assert_eq!(group.decode(out_of_range), Err(ElementError::Range), "{}", group.name());
        }
        assert_eq!(group.decode(&[2]), Err(ElementError::Subgroup), "{}", group.name());
        let padded = [vec![0; 5], group.generator().encode().to_vec()].concat();
        assert_eq!(group.decode(&padded), Ok(group.generator()));
    }
}

#[test]
fn exponents_count_modulo_the_order() {
    for group in modp::Group::ALL {
        let order = group.order();
        assert!(group.exponent(&order).is_err());
        assert!(group.exponent(&[]).is_err());
        assert!(group.exponent(&[1; 300]).is_err());
        let mut next = order.clone();
        *next.last_mut().unwrap() += 1;
        let one = group.exponent(&next).unwrap();
        assert_eq!(one.to_bytes().last(), Some(&1));
        assert_eq!(group.generator().power(&one), group.generator());
        let other = modp::Group::ALL.into_iter().find(|other| *other != group).unwrap();
        assert!(other.generator().power(&one).is_neutral());
    }
}

#[test]
fn debug_output_shows_no_value() {
    let curve = Curve::P256;
    let shown = format!("{:?} {:?}", curve.scalar(&[0x5A; 32]).unwrap(), curve.generator());
    assert!(!shown.contains("5A") && !shown.contains("90") && shown.contains("P256"), "{shown}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn arbitrary_bytes_are_decoded_to_points_of_the_curve_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..140), index in 0..11usize) {
        let curve = Curve::ALL[index];
        if let Ok(point) = curve.decode_point(&bytes) {
            prop_assert_eq!(curve.decode_point(&point.encode()), Ok(point));
        }
        let _ = curve.scalar(&bytes);
        let _ = bitaqa_curves::ecdsa_verify(&curve.generator(), &bytes, &bytes);
    }

    #[test]
    fn what_the_integrated_mapping_gives_is_on_the_curve(bytes in prop::collection::vec(any::<u8>(), 1..100), index in 0..11usize) {
        let curve = Curve::ALL[index];
        if let Some(point) = curve.integrated_map(&bytes) {
            prop_assert_eq!(curve.decode_point(&point.encode()), Ok(point));
        }
    }

    #[test]
    fn both_sides_of_an_agreement_get_the_same(left in 1..u64::MAX, right in 1..u64::MAX, index in 0..11usize) {
        let curve = Curve::ALL[index];
        let [left, right] = [left, right].map(|value| curve.scalar(&value.to_be_bytes()).unwrap());
        let shared = curve.generator().mul(&left).mul(&right);
        prop_assert_eq!(&shared, &curve.generator().mul(&right).mul(&left));
        prop_assert_eq!(&shared, &curve.generator().mul(&left.mul(&right)));
        prop_assert_eq!(shared.mul(&right.invert()), curve.generator().mul(&left));
        let sum = Point::sum_of_multiples([(&curve.generator(), &left), (&shared, &right)]);
        prop_assert_eq!(sum, curve.generator().mul(&left).add(&shared.mul(&right)));
    }
}

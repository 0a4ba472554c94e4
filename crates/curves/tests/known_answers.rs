//! The standard's worked examples, as far as they need no more than curves and groups, and what is refused.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

use bitaqa_curves::{Curve, PointError, Scalar, modp};
use proptest::prelude::*;

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

/// No worked example is published for the other curves. These were computed apart from this crate, by the nine steps of
/// appendix B.2 in integer arithmetic; of each curve's two, the first takes step 8 and the second step 9.
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
    assert!(Curve::BrainpoolP256r1.generator().add(&Curve::P256.generator()).is_infinity());
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
    }
}

const INTEGRATED_MAPPINGS: [(Curve, &str, &str); 20] = [
    (
        Curve::P192,
        "5970FA18247845D8F8A7950C5F9894F7BACE270A447E134F40126E6E3F6986A2",
        "04AFEFEB771447A131F686F74F6A9E81EB404278EB19BEA86B25BD48BDB31845C279507BF92833738C2292DC\
        780D60CB83",
    ),
    (
        Curve::P192,
        "D68171D4246E9A7C3AEBF31C1F6E250CF308103B8AAF99AE446D711F4A40C809",
        "0493F9944EAFFC5DDFD21E092BC46F767AFF6F9E0C15D5B42A21C815179B57548D0A133A2CD6CCA1B5CE571A\
        9CBD411C19",
    ),
    (
        Curve::P256,
        "B185B6034664BE2A0C4C7C62FE3A8B4CE8A965963B2DB1F92994A89C5A76F624820F0368CB8B575C",
        "04C2D6DAFC39B633FB82096CC516A9F3AE093E190E43E70647C7D2C49C89E18490E8BCC15C5F8E089FF13244\
        5FD698406D42A79A78FFDBEAECE155BEF461222FBC",
    ),
    (
        Curve::P256,
        "4D1079ACA1B75D873CDCC78F4698B4FBFB5296EC29930001FAD3CB5A13D92B72ED81043E74247490",
        "041C4675DA68DAAD5FCE2961E4A321B0422D3C53C92F1196EBBFAA4CAE7AEB6E372BB53100FBA0B4BA6577CC\
        4EF5BF99CEED4311AF502B53A9529647F75E4EB7A0",
    ),
    (
        Curve::P384,
        "A4B17D49BA0B79B370490A3A60932EDC2B1EEF6F55B93AC152F4DAF5EC7E07F357167DB9D6394D6B9E15BFB8\
        E24955C542137E3921625A1A",
        "041559F0C130AE2ED009263EF639D08BF9A4726E287DE9792E5AC753BB569677FC3142ED8741D6D3AD9280C0\
        F5F933EE95AF42D595BBFBBD569B36A18417A1D6FCE942ABB77EE0697904D4693550A1064505BE3298412D08\
        CE6F176EE9DFE399B9",
    ),
    (
        Curve::P384,
        "6F5056F701DF43BA278CD2E411B6BE8433DD321FABC11BEE982530B0A4E950D00FC79A40F8D3890720421CB9\
        E3FE039FC75BFDDEAE350301",
        "04B748BA21051682F79C531F19F0889D9BB19023681791F30FABFD0C8B2ED9AA2089E1BE94B041DABEBE4B84\
        F34C338D1927CE7F82279B15C71485FC187CA1850EF9B68383F093E6362135F9116B5BB8E164C23BF2950268\
        1EAF71DC161D81063F",
    ),
    (
        Curve::P521,
        "60BAE7E37F098C139E1273C976EA517488067370EB331DDB9E5BC346FE546C3E9D72CDD5CC39B68548D98283\
        C1619AA1DE4D3D9AFA698BDE880574571FC87552A12B7E2F8E50D06F1E52",
        "04018410FB257110F25F76EE810595B8DD427F971C437C56751EEC0FEEC83D33C7043B4719706FE0853248F5\
        6EE9443536DCF158C56C133B6A1951F04B8A7D73A1EE0201D48F5BA227EF4DD8B92CF7E5C2F956CA6FAA1C2C\
        8FEE3B3390BF0B2BA0F828D5D646373E90F2B2A0303B31B4BC84B3B4A44C0643D533B855E9E8D139BB98FE4D\
        D3",
    ),
    (
        Curve::P521,
        "8AFD1AF8276D1029DD7FD509135BF91AD9AE47E87883204E2CBE1451FD9693C8528B07415CFF033531DFBEB8\
        95908D6B542AC8470240669DBC987D6E46CD824374E90C19CB2E2CD5759A",
        "0400420422E1EC222411B2D61721AD04A936E341824467AC7F6D6F4DFA95F83EE41605C125626C05233BD57D\
        C492C640B83EB1510FCF1E99683D08946C1E7297748F3E00F7BFAA6EFF40D92D086F4F77DD77B4BF2B7D2A88\
        0413834EBA43EB41455C263DF9AB767F43DA0A4A2A5638A7DD48ED3114E6C3D985BB5555587AEFA669F62719\
        21",
    ),
    (
        Curve::BrainpoolP192r1,
        "EED3DFAF2E4533DC0601539D5925B361039B48E3B2AD4613717056D9AF1E5BF8",
        "04BD020ED51EC78B229F9E065F6EB2F2955B43EBDBB8209C76A89A66717557B3F316F8A8E03D02F8A7920F58\
        4A9AA0C663",
    ),
    (
        Curve::BrainpoolP192r1,
        "64039C352038125CC17168AB8DD415D78A8C7E06F65B2B862D7A851678B7741C",
        "041B54FAAF5F88D198E65C605130534482C04CC4CCBDFF69751572BEA298B668472394120736CD058A06FCC2\
        DF3BAD65AC",
    ),
    (
        Curve::BrainpoolP224r1,
        "2402944F3C692AEA1A59E9DA4405CCA114ABB14C82D23163FDC444921DC9DC0C158E3C15",
        "041F9179E8AB0BAD61FCF366D9FA41049540D9A4A38007C16D5AA03D7983412CAC317440CDF5A075F6D1BC79\
        8D068587D91A78286E78CF5F63",
    ),
    (
        Curve::BrainpoolP224r1,
        "AF9B16D512B3F9B79371D52A2CE114DFC27ADC1DB6CC42E765604E3C2F225CE6F72531E3",
        "049CC61BD9ED220C743D9FF69A140984B3E4597E69739E0B95BB9CD91578484DEE201469886AA90CE8264ED5\
        CCFC122A484DAA48007AC5E3B1",
    ),
    (
        Curve::BrainpoolP256r1,
        "DEF52092CBB56124CE7F73B7A7CB9BF815B350AF242311665D7D6A1970216DE41B9655301663D3F8",
        "04463DB600ECB9C11AB0661F2B5D2A0ECCBB5E73C68D41BBB3FB72B9ABF41A6AC8A1680F708A63C57DE061F3\
        115C0CC716B29C4C934EBB84E154B551B992AB4389",
    ),
    (
        Curve::BrainpoolP256r1,
        "A4025FFA238F5CCF82A78B5135348F011E912C0632DF18AD3C25F33690671517B99AA17CA9B1F195",
        "045AC361D8BCB03BF41814B44E7ABED70E4F00C21AA86D233DD369E06902F1AC1B92D8D78FDAA22ED4A9B453\
        3F258E25CC073FD421D8A5248FC46A51C4359A6AE1",
    ),
    (
        Curve::BrainpoolP320r1,
        "2B7EA3D28FC71E20FEED2DD53220F04704C903E5070CD535555C4F682C1189577AA6F4390748625F794053BB\
        3DB5424E",
        "046723F4C5476861E5B1E4F49670CA9016124E5F89BD0AA15F9C2AB51E1727BD08F6FC603B4B5FD1A340489A\
        285FFCF3E109DEA314321EB41808EE532888FD56A3232A4EA5317408CA5DE3E92B32089853",
    ),
    (
        Curve::BrainpoolP320r1,
        "81D3ADEF731459FA268C25B6756BE741E766D4BE9024066356748E85367CAA749679EDAE649F814C120CFD62\
        401021D4",
        "048A394FADA7D1717D9C0633F4FF23268816C6EB14AE9DEFE84EF40D809DB9CB0C4D2188C06D73C708243E07\
        475CB54ED0818D712C524D8774566095C85F4CDD6C3D7AC64BB5AFA154FC6E406EE067D691",
    ),
    (
        Curve::BrainpoolP384r1,
        "A74B7C7038F4A03BB37256A797FC06CEFEBAF898244FA65C3C38D5DC1E9C59E721EE0B74E0FAE50CE561E943\
        1CBC91D6CCF4E8FCC84EFFF4",
        "0402B5150DC19B0704503AB314356528D5F19F9DE6D49D39444186BAEC53CFF9B1E2E796BBCF635062870AD5\
        E1DBB7411C2D0CAC147D4F243BBEF8535C8C1D6EC6AA9BAA036DEE1D4C75B17CE5A8A17DBAC18818AFEC62E6\
        36D609299E3F6A8350",
    ),
    (
        Curve::BrainpoolP384r1,
        "8DB819EDFFC623DA712D32428189AEB38165E021275AB4FCD8A5CAA6916B11C1FFA11F8F70D41CDBB6E5CAEA\
        F83BE4BD4D9BA51CBAD5455F",
        "0427EADD8D4BDBD6F4FE9A7D17893C49107C9029800158828A6A0AF824D35E2A3C80452004FF0F8D65D0B843\
        701163D6B64DE7064A6B03DA45501615207F0C8D216AF5E0BEEE1B44471F35586809EC81E227DF6676DFB967\
        3383B389271C7A4AA4",
    ),
    (
        Curve::BrainpoolP512r1,
        "3B8E8972B0D36AA3A6F8D924183FE41FD314E6EE9F49949BBFB8503C59F2DF7A1F7C80583EE40AF5CBBB8A11\
        941757E4ED95041D96AA40C0ADFCCD13AA5A71AC229C6ABDCD89E71A",
        "049DA8FC7C4DF4BEC469CFFB9D394499F232D58E9FEB01A448727C33A4E87AEEDB797273C1A812761546DF63\
        718B6432B3A8A4D521EB5ADBA4ED18AB1958FFB40672AEEE2D47D99E64C4475F0CCBDE01C423DACFD4967155\
        07D34BF2B5F3748057280FA424DDD9CB780F596A360DFA76ECEA9FC1EEBB45DE107A6A97381EA73669",
    ),
    (
        Curve::BrainpoolP512r1,
        "1290D52875EED9796E7ACECC8D3C38F0E6A2B60B9141D7A094F0946BAE986B92CEC343B0B9D282F81E2FC8E3\
        242A81919363DD53A5CFBB924251C82FD1E8AE05997294822740432E",
        "04564FE9FA34E80807FBD68D16D6C470E22D1C8BBB5A9631FBFCAE1AE577ECFA8C979F5069FADC2422F0972F\
        5C399F00FDD3BEB7B079268166CF3548D84B3E5AEA506011631E5821FE10FF7C92130B62537C14B7AE24F7B5\
        E43F93E50CB0D49007A99930FCAABA861F73B9C3D1537EA1CEE653C828625E769FC33AC395695BD9E9",
    ),
];

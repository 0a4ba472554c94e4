use bitaqa_curves::{Curve, ExplicitParameters, modp::Group};

use crate::{
    openssl::{Openssl, elements, take},
    openssl_name,
};

/// The values of an ECParameters structure: p, a, b, generator, n, cofactor.
fn explicit(openssl: &Openssl, curve: Curve, form: &str) -> Vec<Vec<u8>> {
    let name = openssl_name(curve);
    let encoded = openssl
        .run(&["ecparam", "-name", name, "-param_enc", "explicit", "-conv_form", form, "-outform", "DER"])
        .unwrap();
    let fields = elements(take(&encoded).1);
    let field = elements(fields[1].1);
    let equation = elements(fields[2].1);
    [field[1].1, equation[0].1, equation[1].1, fields[3].1, fields[4].1, fields[5].1]
        .map(<[u8]>::to_vec)
        .to_vec()
}

fn parameters(values: &[Vec<u8>]) -> ExplicitParameters<'_> {
    ExplicitParameters {
        prime: &values[0],
        a: &values[1],
        b: &values[2],
        generator: &values[3],
        order: &values[4],
        cofactor: Some(&values[5]),
    }
}

#[test]
fn the_parameters_of_every_curve_are_those_that_openssl_knows() {
    let openssl = Openssl::new();
    for curve in Curve::ALL {
        for form in ["uncompressed", "compressed"] {
            let values = explicit(&openssl, curve, form);
            assert_eq!(Curve::from_explicit(&parameters(&values)), Some(curve), "{}", curve.name());
            let without = ExplicitParameters { cofactor: None, ..parameters(&values) };
            assert_eq!(Curve::from_explicit(&without), Some(curve), "{}", curve.name());
        }
    }
}

#[test]
fn a_curve_that_differs_in_one_value_is_no_curve() {
    let openssl = Openssl::new();
    for curve in Curve::ALL {
        let values = explicit(&openssl, curve, "uncompressed");
        for index in 0..values.len() {
            let mut changed = values.clone();
            *changed[index].last_mut().unwrap() ^= 1;
            assert_eq!(Curve::from_explicit(&parameters(&changed)), None, "{} {index}", curve.name());
        }
        // another base point of the same curve would be a trapdoor
        let other = curve.generator().add(&curve.generator()).encode();
        let changed = ExplicitParameters { generator: &other, ..parameters(&values) };
        assert_eq!(Curve::from_explicit(&changed), None, "{}", curve.name());
    }
}

#[test]
fn the_groups_of_rfc_5114_are_those_that_openssl_knows() {
    let openssl = Openssl::new();
    for (group, number) in
        [(Group::Rfc5114_1024_160, "1"), (Group::Rfc5114_2048_224, "2"), (Group::Rfc5114_2048_256, "3")]
    {
        let option = format!("dh_rfc5114:{number}");
        openssl
            .run(&["genpkey", "-genparam", "-algorithm", "DHX", "-pkeyopt", &option, "-out", "group.pem"])
            .unwrap();
        openssl.run(&["asn1parse", "-in", "group.pem", "-noout", "-out", "group.der"]).unwrap();
        let encoded = openssl.read("group.der");
        let values = elements(take(&encoded).1);
        let [p, g, q] = [values[0].1, values[1].1, values[2].1];
        assert_eq!(Group::from_explicit(p, g, Some(q)), Some(group));
        assert_eq!(Group::from_explicit(p, g, None), Some(group));
        assert_eq!(Group::from_explicit(p, &[2], Some(q)), None);
        assert_eq!(Group::from_explicit(q, g, Some(p)), None);
    }
}

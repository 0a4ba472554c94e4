use bitaqa_curves::Curve;

use crate::{
    openssl::{Openssl, private_key, public_key_info, read_private_key},
    openssl_name, random,
};

#[test]
fn openssl_and_we_agree_on_the_same_secret_on_every_curve() {
    let openssl = Openssl::new();
    for curve in Curve::ALL {
        let name = openssl_name(curve);
        openssl
            .run(&["ecparam", "-name", name, "-genkey", "-noout", "-outform", "DER", "-out", "theirs.der"])
            .unwrap();
        let (their_private, their_public) = read_private_key(curve, &openssl.read("theirs.der"));
        assert_eq!(curve.generator().mul(&their_private), their_public, "{name}");

        let ours = curve.random_scalar(&mut random);
        openssl.write("ours.der", &public_key_info(&curve.generator().mul(&ours)));
        let derive = [
            "pkeyutl",
            "-derive",
            "-inkey",
            "theirs.der",
            "-keyform",
            "DER",
            "-peerkey",
            "ours.der",
            "-peerform",
            "DER",
        ];
        let secret = openssl.run(&derive).unwrap();
        assert_eq!(secret, *their_public.mul(&ours).x(), "{name}");
    }
}

#[test]
fn openssl_accepts_our_key_pairs() {
    let openssl = Openssl::new();
    for curve in Curve::ALL {
        let private = curve.random_scalar(&mut random);
        let public = curve.generator().mul(&private);
        openssl.write("ours.der", &private_key(&private, &public));
        assert!(openssl.run(&["ec", "-in", "ours.der", "-inform", "DER", "-check", "-noout"]).is_some());
    }
}

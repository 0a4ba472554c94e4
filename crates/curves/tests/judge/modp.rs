use bitaqa_curves::modp::Group;

use crate::{
    openssl::{BIT_STRING, OID, Openssl, SEQUENCE, der, der_integer, elements, take},
    random,
};

/// dhpublicnumber (RFC 3279 section 2.3.3).
const DH_PUBLIC_NUMBER: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3E, 0x02, 0x01];

#[test]
fn openssl_and_we_agree_on_the_same_secret_in_every_group() {
    let openssl = Openssl::new();
    for (group, number) in
        [(Group::Rfc5114_1024_160, "1"), (Group::Rfc5114_2048_224, "2"), (Group::Rfc5114_2048_256, "3")]
    {
        let option = format!("dh_rfc5114:{number}");
        let generate = ["genpkey", "-algorithm", "DHX", "-pkeyopt", &option, "-out", "theirs.pem"];
        openssl.run(&generate).unwrap();
        let info = openssl.run(&["pkey", "-in", "theirs.pem", "-pubout", "-outform", "DER"]).unwrap();
        let bits = elements(take(&info).1)[1].1;
        let theirs = group.decode(take(&bits[1..]).1).unwrap();

        let ours = group.random_exponent(&mut random);
        let parameters =
            [group.prime(), group.generator().encode().to_vec(), group.order()].map(|n| der_integer(&n));
        let algorithm = [der(OID, DH_PUBLIC_NUMBER), der(SEQUENCE, &parameters.concat())].concat();
        let key = [vec![0], der_integer(&group.generator().power(&ours).encode())].concat();
        openssl
            .write("ours.der", &der(SEQUENCE, &[der(SEQUENCE, &algorithm), der(BIT_STRING, &key)].concat()));
        let derive =
            ["pkeyutl", "-derive", "-inkey", "theirs.pem", "-peerkey", "ours.der", "-peerform", "DER"];
        let secret = openssl.run(&derive).unwrap();
        assert!(is_same(&secret, &theirs.power(&ours).encode()), "{}", group.name());
    }
}

/// Whether two numbers are equal: OpenSSL may leave leading zeros away.
fn is_same(left: &[u8], right: &[u8]) -> bool {
    let strip = |number: &[u8]| -> Vec<u8> { number.iter().copied().skip_while(|byte| *byte == 0).collect() };
    strip(left) == strip(right)
}

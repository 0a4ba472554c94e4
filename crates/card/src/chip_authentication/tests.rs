//! Known answers of key agreement, and the choice of a key.

use super::*;
use crate::{
    kdf::{self, KeyUse},
    key_agreement::DomainParameters,
    security_infos::SecurityInfos,
    test_hex::hex,
};
use bitaqa_curves::{Curve, modp::Group};

/// The chip authentication of the worked example of TR-03110. It is of version 2, which has the chip's nonce behind the
/// shared secret; key agreement and derivation are the same.
struct Example {
    parameters: DomainParameters,
    chip_private: &'static str,
    chip_public: &'static str,
    private: &'static str,
    public: &'static str,
    secret: &'static str,
    nonce: &'static str,
    k_enc: &'static str,
    k_mac: &'static str,
}

const EXAMPLES: [Example; 2] = [
    Example {
        parameters: DomainParameters::Curve(Curve::BrainpoolP256r1),
        chip_private: "7984674CF3B3A524BF929CE8A67FCF22173DA0BAD595EED6DEB72D22C542FA9D",
        chip_public: "04A44EBE5451DF7AADB01E459B8C928A87746A57927C8C28A6775C97A7E1FE8D9A46FF4A1CC7E4D1389AEA19758E4F75C28C\
         598FD734AEBEB135337CF95BE12E94",
        private: "00A6A4D255C5BF7A77EC3D0553DB74F693CF044E18C98364D4977A296108AF19BD",
        public: "045A7A377FC9CAFC03AC7FF45441A8B2909D88EAB8E6B0173847AB49B949DF3799A34EE57EC55268CF8B1C3EC489F8BF4CF4\
         C68D3FD9670E89C0D5D3FFF1AAF89F",
        secret: "791DA04273CCFE862E52DF60347E2557192E1F8D7517822CE3D306056C1CDEB4",
        nonce: "4287B3072A3EDC60",
        k_enc: "94ABCD271AB7D9A5590BA52CB518B831",
        k_mac: "78B5709E7ABEDB185B424D0EE3A82499",
    },
    Example {
        parameters: DomainParameters::Group(Group::Rfc5114_1024_160),
        chip_private: "00D0E5A95ECA541DEF4FE92B9FF9920D49A454C297",
        chip_public: "1B3345F8DC04341BF8B2C97F652FA680E5D4FA4C146AE4B839431A644A79BC368C4822C89CD018A57F953644BEDA679C5B53\
         2902320E83E13B80DEEF8C18AF3E7D493AE3F88196101B9F78EAFE4B3025EF8BFF916B2FC02D762D0838DEA29C09B485591C\
         2F47F87C71F530BB358F56AF6459D86DBF85EAF9EDBD962CD364F7B8",
        private: "00A2CFFD06C34AFD622EEE0FC31F093FDFDA609C67121CACF0A8F52291DE6853BB5C93CF76705775ECF408A74302613BEECB\
         381447D36494C9E18951EC17252DD2A807AAE09FA4DC30183339013D9C9191303CACEE3C91E926A36D014A5CFA94950CADB3\
         7B534F32A9BF76B37980979304C5663871BD746EB9E95A47CA471B4EDE",
        public: "A2830947A6FCAACDE2FCB88B29AB38E07C3453ABC4BCB466087E11C79F32A19E6EF22BE108F8DD18FE8249C960951511200D\
         C985AA3EC0CCAD59A5F9BBCC33EE5F1577E20330B4DD10EB06B740277C97A189180EDE52BEE9D429F10FB77F180F05D6A99C\
         499CB5E1ECEEB8E92284F66EA98479674CE73F53C567A03B0D297833",
        secret: "2A4FC2D11490DF4773DDFA6FF705557C51F4AD4533E8D8A66A3001BFDD271DB87BE3C1CAC22A05E8AF1A066DD0298E75DB92\
         8AAFDF00EB4BFB1BD12F372313C1CA649056517305638515D5A4FBE0AC59BDC80E8C5A5F46254D231916EA77F80AC58E6B63\
         A26198EE4387F10981E8E46FFBA23790C81E679363C589587D30BBB3",
        nonce: "1A1AC1AB04D96965",
        k_enc: "E813D09DF69FFCC63763C537F828985C",
        k_mac: "066721F3EBEA787B4F1C6DCA431EC229",
    },
];

#[test]
fn keys_agree_as_in_the_worked_example_of_tr_03110() {
    for example in EXAMPLES {
        let parameters = example.parameters;
        let chip = parameters.decode(&hex(example.chip_public)).unwrap();
        let private = parameters.private_key(&hex(example.private)).unwrap();
        let public = parameters.generator().agree(&private).unwrap();
        assert_eq!(public.encode(), hex(example.public));
        let secret = chip.agree(&private).unwrap();
        assert_eq!(secret.shared_secret()[..], hex(example.secret));
        let chip_private = parameters.private_key(&hex(example.chip_private)).unwrap();
        assert_eq!(public.agree(&chip_private).unwrap(), secret);
        let with_nonce = [&secret.shared_secret()[..], &hex(example.nonce)].concat();
        let key = |key_use| kdf::derive(Cipher::Aes128, &with_nonce, key_use).to_vec();
        assert_eq!((key(KeyUse::Encryption), key(KeyUse::Mac)), (hex(example.k_enc), hex(example.k_mac)));
    }
}

#[test]
fn the_dg14_of_bsi_tr_03105_5_offers_3des_on_a_curve_that_it_writes_out() {
    let dg14 = hex(
        "6E82014A3182014630820122060904007F000702020102308201133081D406072A8648CE3D02013081C8020101302806072A\
         8648CE3D0101021D00D7C134AA264366862A18302575D1D787B09F075797DA89F57EC8C0FF303C041C68A5E62CA9CE6C1C29\
         9803A6C1530B514E182AD8B0042A59CAD29F43041C2580F63CCFE44138870713B1A92369E33E2135D266DBB372386C400B04\
         39040D9029AD2C7E5CF4340823B2A87DC68C9E4CE3174C1E6EFDEE12C07D58AA56F772C0726F24C6B89E4ECDAC24354B9E99\
         CAA3F6D3761402CD021D00D7C134AA264366862A18302575D0FB98D116BC4B6DDEBCA3A5A7939F020101033A0004A847F020\
         F71DF33D386BE7C9223A354D6AC7727018B26E281C6FFB96A83B142AAF303C23F2BCF2CDE4706C14E45914A9BE42C15BCB67\
         A01F300F060A04007F00070202030201020101300D060804007F0007020202020101",
    );
    let infos = SecurityInfos::parse("DG14", TlvReader::new(&dg14).expect(Tag(0x6E)).unwrap().value).unwrap();
    let key = ChipKey::best(&infos).unwrap().unwrap();
    assert_eq!(key.cipher(), Cipher::TripleDes);
    assert_eq!(key.public_key().domain_parameters(), DomainParameters::Curve(Curve::BrainpoolP224r1));
    assert_eq!(key.key_reference(), None);
}

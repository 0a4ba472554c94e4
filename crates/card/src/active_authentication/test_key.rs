//! A chip's RSA key for tests, made for them and used nowhere else.

use crypto_bigint::{
    BoxedUint, Odd,
    modular::{BoxedMontyForm, BoxedMontyParams},
};

use super::rsa::RsaPublicKey;
use crate::test_hex::hex;

const MODULUS: &str = "F3065E521F50ED84D034D32F4A3E1E51C73CD9BB43BA6CE9A4E1FC9789E076BF3D355A01CE8654E71C27DA29D411DA38E28AF709AD59C380942FFB620A982179585EA88651D8715D74766BEE75850CF01D976F45AB22FE56054C3FB7E77B7476397A7D3C59C33A9B01A6391685466F34EC05F2E1AB2B0FD0211021E8B74AF111";
const PRIVATE_EXPONENT: &str = "E185AA67C919DFA09D5A38142D7061D07FF4AF1501AFF1BC0C3F8E98CDE1183135CAD9C0CD77893882BF54CBF639AEE9950962607F96CA3EFAC56021C63510F16C98A8AB7C1240AD29E44E0C873334D95F07BA5222E43FCC1224D5A6BA4E3DC401C8AC16092D866D92AF3F05CCD67AD135B26347CCF00B8514A7DAD519356541";

pub(super) fn public() -> RsaPublicKey {
    RsaPublicKey::new(&hex(MODULUS), &[1, 0, 1]).unwrap()
}

/// The private operation on a message representative.
pub(super) fn sign(representative: &[u8]) -> Vec<u8> {
    let number = |bytes: &[u8]| BoxedUint::from_be_slice(bytes, 1024).unwrap();
    let parameters = BoxedMontyParams::new_vartime(Odd::new(number(&hex(MODULUS))).unwrap());
    let power = BoxedMontyForm::new(number(representative), &parameters).pow(&number(&hex(PRIVATE_EXPONENT)));
    power.retrieve().to_be_bytes().to_vec()
}

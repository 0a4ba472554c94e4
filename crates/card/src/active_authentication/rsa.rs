//! RSA with a public key: no padding, and no secret anywhere.

use std::fmt;

use crypto_bigint::{
    BoxedUint, Odd,
    modular::{BoxedMontyForm, BoxedMontyParams},
};

/// Bits of a modulus: less is no proof of anything, more no chip has.
const MODULUS_BITS: std::ops::RangeInclusive<usize> = 1024..=4096;
/// Bytes of a public exponent.
const MAX_EXPONENT: usize = 8;

/// An RSA public key.
#[derive(Clone, PartialEq, Eq)]
pub struct RsaPublicKey {
    /// Big endian, first bit set.
    modulus: Vec<u8>,
    /// Big endian, without leading zeros.
    exponent: Vec<u8>,
}

/// A chip's own key names the chip, and so its holder: only its size is shown.
impl fmt::Debug for RsaPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaPublicKey of {} bits", 8 * self.modulus.len())
    }
}

impl RsaPublicKey {
    /// From modulus and exponent, big endian, leading zeros allowed. `None` unless the modulus is odd and has 1024 to 4096
    /// bits in whole bytes, and the exponent is odd, above one and has at most 64 bits.
    #[must_use]
    pub fn new(modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        let modulus = without_zeros(modulus);
        let exponent = without_zeros(exponent);
        let is_odd = |number: &[u8]| number.last().is_some_and(|byte| byte & 1 == 1);
        // ISO/IEC 9796-2 shifts everything by some bits for other lengths; no chip does that
        let whole = modulus.first().is_some_and(|byte| byte & 0x80 != 0);
        let sound = whole
            && MODULUS_BITS.contains(&(modulus.len() * 8))
            && is_odd(modulus)
            && is_odd(exponent)
            && exponent != [1]
            && exponent.len() <= MAX_EXPONENT;
        sound.then(|| Self { modulus: modulus.to_vec(), exponent: exponent.to_vec() })
    }

    /// Bytes of modulus and signatures.
    #[must_use]
    pub const fn length(&self) -> usize {
        self.modulus.len()
    }

    /// The number to the power of the exponent, in the modulus' length; `None` if it is not below the modulus, or of another
    /// length.
    pub(crate) fn power(&self, number: &[u8]) -> Option<Vec<u8>> {
        if number.len() != self.modulus.len() || number >= self.modulus.as_slice() {
            return None;
        }
        let modulus = Odd::new(self.number(&self.modulus)?).into_option()?;
        let exponent = BoxedUint::from_be_slice_vartime(&self.exponent);
        let base = BoxedMontyForm::new(self.number(number)?, &BoxedMontyParams::new_vartime(modulus));
        Some(base.pow(&exponent).retrieve().to_be_bytes().to_vec())
    }

    /// Modulus less number, which must be below it.
    pub(super) fn complement(&self, number: &[u8]) -> Option<Vec<u8>> {
        Some(self.number(&self.modulus)?.wrapping_sub(&self.number(number)?).to_be_bytes().to_vec())
    }

    fn number(&self, bytes: &[u8]) -> Option<BoxedUint> {
        BoxedUint::from_be_slice(bytes, u32::try_from(self.modulus.len() * 8).ok()?).ok()
    }
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}

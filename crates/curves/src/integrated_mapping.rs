//! The point encoding of the integrated mapping (ICAO 9303-11, appendix B.2).

use elliptic_curve::{
    ff::{Field, PrimeField},
    subtle::{ConditionallySelectable, ConstantTimeEq},
};

use crate::arithmetic::{CardCurve, Element, encode, from_coordinates, modulus, reduced};

/// Encodes a number into a point, in constant time; the names are those of the standard's steps.
///
/// The standard takes p = 3 mod 4; other primes have no such map.
pub(crate) fn map<C: CardCurve>(number: &[u8]) -> Option<Vec<u8>> {
    let root_exponent = quarter::<Element<C>>()?;
    let (a, b) = (C::EQUATION_A, C::EQUATION_B);
    let t = reduced::<Element<C>>(number);

    let alpha = -t.square();
    let sum = Field::invert(&(alpha + alpha.square()));
    let inverse_a = Field::invert(&a);
    let x2 = sum
        .and_then(|sum| inverse_a.map(|inverse_a| -b * inverse_a * (Element::<C>::ONE + sum)))
        .into_option()?;
    let x3 = alpha * x2;
    let h2 = x2.square() * x2 + a * x2 + b;

    // The standard's A * h2 is the root of h2, up to its sign where h2 is no square; so its A * U is minus t^3 times the
    // root. The exponent is public: it depends on the curve only.
    let root = h2.pow_vartime(&root_exponent);
    let is_square = root.square().ct_eq(&h2);
    let x = Element::<C>::conditional_select(&x3, &x2, is_square);
    let y = Element::<C>::conditional_select(&(-t.square() * t * root), &root, is_square);
    from_coordinates::<C>(&x, &y).into_option().map(|point| encode::<C>(&point.into()))
}

/// (p + 1) / 4 in words, the least significant first; `None` unless p = 3 mod 4.
fn quarter<F: PrimeField>() -> Option<Vec<u64>> {
    let prime = modulus::<F>();
    if prime.last()? & 0b11 != 0b11 {
        return None;
    }
    let mut words: Vec<u64> = prime
        .rchunks(8)
        .map(|chunk| chunk.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)))
        .collect();
    words.push(0);
    // (p + 1) / 4 = (p >> 2) + 1, because the two lowest bits of p are set
    let high: Vec<u64> = words.iter().skip(1).copied().chain([0]).collect();
    let mut quarter: Vec<u64> = words.iter().zip(high).map(|(low, high)| low >> 2 | high << 62).collect();
    for word in &mut quarter {
        let (sum, carry) = word.overflowing_add(1);
        *word = sum;
        if !carry {
            break;
        }
    }
    Some(quarter)
}

//! ECDSA over digests, with signatures in the plain form r || s of TR-03111 section 5.2.1.

use ecdsa::{Signature, hazmat};
use elliptic_curve::NonZeroScalar;

use crate::{
    arithmetic::{CardCurve, decode, on_curve, scalar},
    point::Point,
    scalar::Scalar,
};

/// Whether this is a signature of that digest. A digest longer than the order counts with its leftmost bits only
/// (FIPS 186-5 section 6.4.2). `r_s` is r || s, each in the length of the order.
#[must_use]
pub fn ecdsa_verify(public: &Point, digest: &[u8], r_s: &[u8]) -> bool {
    fn is_valid<C: CardCurve>(public: &[u8], digest: &[u8], r_s: &[u8]) -> bool {
        let public = decode::<C>(public);
        Signature::<C>::from_slice(r_s)
            .and_then(|signature| hazmat::verify_prehashed::<C>(&public, digest, &signature))
            .is_ok()
    }
    if public.is_infinity() || r_s.len() != 2 * public.curve().scalar_length() {
        return false;
    }
    on_curve!(public.curve(), C => is_valid::<C>(public.as_bytes(), digest, r_s))
}

/// Signs a digest; the result is r || s. `random` fills what it is given with random bytes, on which the secrecy of the key
/// depends.
pub fn ecdsa_sign(private: &Scalar, digest: &[u8], random: &mut dyn FnMut(&mut [u8])) -> Vec<u8> {
    fn signed<C: CardCurve>(private: &[u8], nonce: &[u8], digest: &[u8]) -> Option<Vec<u8>> {
        let [private, nonce] = [private, nonce]
            .map(|bytes| scalar::<C>(bytes).and_then(|value| NonZeroScalar::<C>::new(value).into_option()));
        let (signature, _) = hazmat::sign_prehashed::<C>(&private?, &nonce?, digest).ok()?;
        Some(signature.to_bytes().to_vec())
    }
    let curve = private.curve();
    loop {
        let nonce = curve.random_scalar(random);
        if let Some(signature) =
            on_curve!(curve, C => signed::<C>(private.as_bytes(), nonce.as_bytes(), digest))
        {
            return signature;
        }
    }
}

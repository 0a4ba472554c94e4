//! Signatures that were verified a moment ago are not calculated with again.
//!
//! A validation looks at the same certificates, lists and answers from several sides, and each look verifies their signatures.
//! Within [`remembered`] each of them costs its arithmetic once. Nothing outlives the call, and what is remembered is the
//! result for exactly this key, scheme, digest and signature.

use std::cell::RefCell;

use sha2::{Digest, Sha256};

use crate::public_key::{SignatureError, SignatureScheme};

/// Most results of one call; more are calculated anew.
const MAX_RESULTS: usize = 4096;

/// By name, in order.
type Results = Vec<([u8; 32], Result<(), SignatureError>)>;

thread_local! {
    static RESULTS: RefCell<Option<Results>> = const { RefCell::new(None) };
}

/// Does some work in which no signature is verified twice.
pub fn remembered<T>(work: impl FnOnce() -> T) -> T {
    /// Forgets at the end, also where the work panics.
    struct Forget(bool);
    impl Drop for Forget {
        fn drop(&mut self) {
            if self.0 {
                RESULTS.with_borrow_mut(|results| *results = None);
            }
        }
    }
    let is_outermost = RESULTS.with_borrow_mut(|results| {
        let is_outermost = results.is_none();
        results.get_or_insert_default();
        is_outermost
    });
    let _forget = Forget(is_outermost);
    work()
}

/// The result that is remembered, or that of the calculation.
pub(crate) fn result(
    key: &[u8; 32],
    scheme: SignatureScheme,
    digest: &[u8],
    signature: &[u8],
    calculate: impl FnOnce() -> Result<(), SignatureError>,
) -> Result<(), SignatureError> {
    if RESULTS.with_borrow(Option::is_none) {
        return calculate();
    }
    let mut name = Sha256::new();
    for part in [&key[..], &number(scheme), digest, signature] {
        name.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        name.update(part);
    }
    let name: [u8; 32] = name.finalize().into();
    let known = RESULTS.with_borrow(|results| {
        let results = results.as_ref()?;
        let place = results.binary_search_by(|(other, _)| other.cmp(&name)).ok()?;
        results.get(place).map(|(_, result)| *result)
    });
    if let Some(known) = known {
        return known;
    }
    let calculated = calculate();
    RESULTS.with_borrow_mut(|results| {
        if let Some(results) = results
            && results.len() < MAX_RESULTS
            && let Err(place) = results.binary_search_by(|(other, _)| other.cmp(&name))
        {
            results.insert(place, (name, calculated));
        }
    });
    calculated
}

/// Bytes that no other scheme has.
fn number(scheme: SignatureScheme) -> [u8; 10] {
    let (kind, salt_length) = match scheme {
        SignatureScheme::EcdsaRaw(_) => (1, 0),
        SignatureScheme::EcdsaDer(_) => (2, 0),
        SignatureScheme::Pkcs1(_) => (3, 0),
        SignatureScheme::Pss { salt_length, .. } => (4, salt_length),
    };
    let mut number = [0; 10];
    let (head, tail) = number.split_at_mut(2);
    head.copy_from_slice(&[kind, scheme.hash().number()]);
    tail.copy_from_slice(&u64::try_from(salt_length).unwrap_or(u64::MAX).to_be_bytes());
    number
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::public_key::Hash;

    #[test]
    fn each_signature_is_calculated_once_within_a_call_and_only_there() {
        let calculated = Cell::new(0);
        let verify = |key: u8, signature: &[u8]| {
            result(&[key; 32], SignatureScheme::EcdsaDer(Hash::Sha256), b"digest", signature, || {
                calculated.set(calculated.get() + 1);
                if signature == b"good" { Ok(()) } else { Err(SignatureError::Invalid) }
            })
        };
        remembered(|| {
            assert_eq!((verify(1, b"good"), verify(1, b"good")), (Ok(()), Ok(())));
            assert_eq!(calculated.get(), 1);
            let bad = Err(SignatureError::Invalid);
            assert_eq!((verify(1, b"bad"), verify(1, b"bad")), (bad, bad));
            assert_eq!(calculated.get(), 2);
            assert_eq!(remembered(|| verify(1, b"good")), Ok(()), "an inner call forgets nothing");
            assert_eq!(verify(2, b"good"), Ok(()), "another key");
            assert_eq!(calculated.get(), 3);
        });
        assert_eq!(verify(1, b"good"), Ok(()));
        assert_eq!(calculated.get(), 4);
    }
}

//! What was verified or read a moment ago: signatures are not calculated with again, certificates and answers not read again, paths not
//! validated again.
//!
//! A validation looks at the same certificates, lists and answers from several sides, and each look reads them and verifies their
//! signatures. Within [`remembered`] each of them costs that once. Nothing outlives the call, and what is remembered is the result
//! for exactly this key, scheme, digest and signature, the certificate or answer of exactly these bytes, and what comes of exactly
//! these certificates as a path with exactly these settings.

use std::cell::RefCell;

use sha2::{Digest, Sha256};

use crate::{
    certificate::Certificate,
    certification_path::{CertificationPath, PathError, PathSettings},
    public_key::{SignatureError, SignatureScheme},
    revocation::ocsp_response::OcspResponse,
};

/// Most results of one call; more are calculated anew.
const MAX_RESULTS: usize = 4096;

/// Most certificates of one call; more are read anew.
const MAX_CERTIFICATES: usize = 64;

/// Most answers of responders of one call; more are read anew.
const MAX_ANSWERS: usize = 32;

/// Most paths of one call; more are validated anew.
const MAX_PATHS: usize = 32;

#[derive(Default)]
struct Memory {
    /// By name, in order.
    results: Vec<([u8; 32], Result<(), SignatureError>)>,
    certificates: Vec<Certificate>,
    answers: Vec<OcspResponse>,
    paths: Vec<(CertificationPath, PathSettings, Result<(), PathError>)>,
}

thread_local! {
    static MEMORY: RefCell<Option<Memory>> = const { RefCell::new(None) };
}

/// Does some work in which no signature is verified twice, and few certificates, answers and paths are looked at twice.
pub fn remembered<T>(work: impl FnOnce() -> T) -> T {
    /// Forgets at the end, also where the work panics.
    struct Forget(bool);
    impl Drop for Forget {
        fn drop(&mut self) {
            if self.0 {
                MEMORY.set(None);
            }
        }
    }
    let is_outermost = MEMORY.with_borrow_mut(|memory| {
        let is_outermost = memory.is_none();
        memory.get_or_insert_default();
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
    if MEMORY.with_borrow(Option::is_none) {
        return calculate();
    }
    let mut name = Sha256::new();
    for part in [&key[..], &number(scheme), digest, signature] {
        name.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        name.update(part);
    }
    let name: [u8; 32] = name.finalize().into();
    let known = known(|memory| {
        let place = memory.results.binary_search_by(|(other, _)| other.cmp(&name)).ok()?;
        memory.results.get(place).map(|(_, result)| *result)
    });
    if let Some(known) = known {
        return known;
    }
    let calculated = calculate();
    add(|Memory { results, .. }| {
        if results.len() < MAX_RESULTS
            && let Err(place) = results.binary_search_by(|(other, _)| other.cmp(&name))
        {
            results.insert(place, (name, calculated));
        }
    });
    calculated
}

/// The certificate of these bytes, if it was read a moment ago.
pub(crate) fn certificate(der: &[u8]) -> Option<Certificate> {
    known(|memory| memory.certificates.iter().find(|certificate| certificate.der() == der).cloned())
}

/// Remembers a certificate that was read.
pub(crate) fn remember(certificate: &Certificate) {
    add(|Memory { certificates, .. }| {
        if certificates.len() < MAX_CERTIFICATES {
            certificates.push(certificate.clone());
        }
    });
}

/// The answer of these bytes, if it was read a moment ago.
pub(crate) fn answer(der: &[u8]) -> Option<OcspResponse> {
    known(|memory| memory.answers.iter().find(|answer| answer.der() == der).cloned())
}

/// Remembers an answer that was read.
pub(crate) fn remember_answer(answer: &OcspResponse) {
    add(|Memory { answers, .. }| {
        if answers.len() < MAX_ANSWERS {
            answers.push(answer.clone());
        }
    });
}

/// What came of the validation of this path with these settings, or comes of it now. Nothing else may have a say in it.
pub(crate) fn path(
    path: &CertificationPath,
    settings: &PathSettings,
    validate: impl FnOnce() -> Result<(), PathError>,
) -> Result<(), PathError> {
    let known = known(|memory| {
        let same = memory.paths.iter().find(|(other, others, _)| other == path && others == settings);
        same.map(|(_, _, result)| result.clone())
    });
    if let Some(known) = known {
        return known;
    }
    let result = validate();
    add(|Memory { paths, .. }| {
        if paths.len() < MAX_PATHS {
            paths.push((path.clone(), settings.clone(), result.clone()));
        }
    });
    result
}

/// What is found in the memory, if there is one.
fn known<T>(find: impl FnOnce(&Memory) -> Option<T>) -> Option<T> {
    MEMORY.with_borrow(|memory| find(memory.as_ref()?))
}

/// Adds to the memory, if there is one.
fn add(add: impl FnOnce(&mut Memory)) {
    MEMORY.with_borrow_mut(|memory| memory.as_mut().map(add));
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

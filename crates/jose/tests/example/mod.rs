//! Keys and random bytes that are the same in each run.

#![allow(dead_code, clippy::unwrap_used, reason = "each test uses some of it")]

use bitaqa_jose::{Curve, PrivateJwk, Random};

/// A row of bytes that look random (splitmix64).
pub(crate) fn random(seed: u64) -> impl Random {
    let mut state = seed;
    move |out: &mut [u8]| {
        for byte in out {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut number = state;
            number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            *byte = (number ^ (number >> 31)).to_le_bytes()[0];
        }
    }
}

/// A key, by curve and number.
pub(crate) fn key(curve: Curve, number: u64) -> PrivateJwk {
    PrivateJwk::generate(curve, &mut random(number)).unwrap()
}

/// Some of those bytes.
pub(crate) fn random_bytes(seed: u64, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    random(seed).fill(&mut bytes);
    bytes
}

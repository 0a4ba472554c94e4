//! What PACE with the generic mapping costs a terminal on each curve: two key pairs, the mapping and the shared secret.
//! `cargo run --release -p bitaqa-curves --example pace_cost`; a bare measure, nothing is asserted.
#![allow(clippy::print_stdout, reason = "it prints a table")]

use std::hint::black_box;

use bitaqa_curves::{Curve, modp::Group};

const ROUNDS: u32 = 20;

fn main() {
    // the cost depends on no value, so any numbers serve
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = |out: &mut [u8]| {
        for byte in out {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *byte = state.to_be_bytes()[0];
        }
    };

    println!("{:<60}{:>10}", "PACE-GM, one terminal", "ms");
    for curve in Curve::ALL {
        let peer = curve.generator().mul(&curve.random_scalar(&mut random));
        let nonce = curve.random_scalar(&mut random);
        let begin = processor_time();
        for _ in 0..ROUNDS {
            let private = curve.random_scalar(&mut random);
            black_box(curve.generator().mul(&private));
            let peer = curve.decode_point(&peer.encode());
            let Ok(peer) = peer else { return };
            let mapped = curve.generator().mul(&nonce).add(&peer.mul(&private));
            let ephemeral = curve.random_scalar(&mut random);
            black_box(mapped.mul(&ephemeral));
            black_box(peer.mul(&ephemeral));
        }
        show(curve.name(), begin);
    }
    for group in Group::ALL {
        let peer = group.generator().power(&group.random_exponent(&mut random));
        let nonce = group.random_exponent(&mut random);
        let begin = processor_time();
        for _ in 0..ROUNDS {
            let private = group.random_exponent(&mut random);
            black_box(group.generator().power(&private));
            // two public values come in, each with its check of the subgroup
            let peers = [group.decode(&peer.encode()), group.decode(&peer.encode())];
            let [Ok(first), Ok(second)] = peers else { return };
            let mapped = group.generator().power(&nonce).mul(&first.power(&private));
            let ephemeral = group.random_exponent(&mut random);
            black_box(mapped.power(&ephemeral));
            black_box(second.power(&ephemeral));
        }
        show(group.name(), begin);
    }
}

fn show(name: &str, begin: Option<u64>) {
    let spent = processor_time().zip(begin).map(|(end, begin)| (end - begin) / u64::from(ROUNDS) / 1000);
    match spent {
        Some(micros) => println!("{name:<60}{:>7}.{:02}", micros / 1000, micros % 1000 / 10),
        None => println!("{name:<60}{:>10}", "unknown"),
    }
}

/// Nanoseconds that this process has computed, which a busy machine does not lengthen (proc(5), `schedstat`).
fn processor_time() -> Option<u64> {
    std::fs::read_to_string("/proc/self/schedstat").ok()?.split(' ').next()?.parse().ok()
}

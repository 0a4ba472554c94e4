//! Every target over its corpus, and over what becomes of it by small changes, which are the same each time.
//!
//! This is what `cargo test` has of the fuzzers: it takes seconds, needs no special build, and an input that a fuzzer once
//! found is never forgotten (`found-…` in the corpus).
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

use std::{collections::BTreeSet, fs, path::PathBuf};

use bitaqa_fuzz::{SEPARATOR, TARGETS, Target};

/// Most seeds of a target, and most bytes of one: corpora are to stay small.
const MOST_SEEDS: usize = 40;
const LONGEST: usize = 3072;
/// Changed inputs for each seed.
const CHANGES: u64 = 100;

fn corpus() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"))
}

/// The seeds by their names, in order.
fn seeds(target: &Target) -> Vec<(String, Vec<u8>)> {
    let mut seeds: Vec<_> = fs::read_dir(corpus().join(target.name))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap()))
        .collect();
    seeds.sort();
    seeds
}

/// A row of numbers that look random (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        number ^ (number >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }

    fn byte(&mut self) -> u8 {
        // lengths and tags turn on few values
        const SHARP: [u8; 12] = [0x00, 0x01, 0x30, 0x7F, 0x80, 0x81, 0x82, 0x84, 0x90, 0xA0, 0xFE, 0xFF];
        if self.next().is_multiple_of(2) {
            SHARP[self.below(SHARP.len())]
        } else {
            self.next().to_le_bytes()[0]
        }
    }
}

/// One to four changes: a byte, a cut, a piece left out, doubled or taken from elsewhere.
fn changed(seed: &[u8], other: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut input = seed.to_vec();
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(input.len());
        let length = numbers.below(16).min(input.len() - at);
        match numbers.below(8) {
            0 => input.truncate(at),
            1 => drop(input.drain(at..at + length)),
            2 => {
                let piece = input[at..at + length].to_vec();
                input.splice(at..at, piece);
            }
            3 => {
                let from = numbers.below(other.len());
                input.splice(at..at + length, other[from..].iter().copied().take(32));
            }
            4 => drop(input.splice(at..at, SEPARATOR)),
            _ => {
                let byte = numbers.byte();
                if let Some(place) = input.get_mut(at) {
                    *place = byte;
                }
            }
        }
    }
    input
}

#[test]
fn targets_and_folders_of_the_corpus_are_the_same() {
    let folders: BTreeSet<String> = fs::read_dir(corpus())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    let targets: BTreeSet<String> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    assert_eq!(folders, targets);
}

#[test]
fn corpora_are_small_and_no_seed_is_there_twice() {
    for target in TARGETS {
        let seeds = seeds(target);
        assert!((1..=MOST_SEEDS).contains(&seeds.len()), "{}: {} seeds", target.name, seeds.len());
        let different: BTreeSet<&[u8]> = seeds.iter().map(|(_, bytes)| bytes.as_slice()).collect();
        assert_eq!(different.len(), seeds.len(), "{}", target.name);
        assert!(seeds.iter().all(|(_, bytes)| bytes.len() <= LONGEST), "{}", target.name);
    }
}

#[test]
fn every_seed_ends_and_so_does_what_becomes_of_it() {
    for target in TARGETS {
        let seeds = seeds(target);
        (target.run)(&[]);
        for (index, (name, seed)) in seeds.iter().enumerate() {
            let (_, other) = &seeds[(index + 1) % seeds.len()];
            let mut numbers = Numbers(u64::try_from(seed.len()).unwrap());
            let inputs = (0..CHANGES).map(|_| changed(seed, other, &mut numbers));
            for input in [seed.clone()].into_iter().chain(inputs) {
                let outcome = std::panic::catch_unwind(|| (target.run)(&input));
                assert!(outcome.is_ok(), "{} ({name}): {}", target.name, hexadecimal(&input));
            }
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

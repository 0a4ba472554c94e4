//! Makes the fuzzer's `cfg` known, so that a misspelt one is noticed.

fn main() {
    println!("cargo::rustc-check-cfg=cfg(fuzzing)");
    println!("cargo::rerun-if-changed=build.rs");
}

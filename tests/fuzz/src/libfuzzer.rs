//! The door by which libFuzzer comes in. Which target it runs, `BITAQA_FUZZ_TARGET` says.
#![allow(unsafe_code, reason = "libFuzzer calls functions of C by their names; the macro writes them")]
#![allow(clippy::panic, reason = "a fuzzer without a target has nothing to do")]

use std::sync::OnceLock;

use bitaqa_fuzz::Target;

static TARGET: OnceLock<&Target> = OnceLock::new();

fn chosen() -> &'static Target {
    let name = std::env::var("BITAQA_FUZZ_TARGET").unwrap_or_default();
    bitaqa_fuzz::target(&name).unwrap_or_else(|| panic!("BITAQA_FUZZ_TARGET names no target: {name:?}"))
}

libfuzzer_sys::fuzz_target!(
    init: {
        let _ = TARGET.set(chosen());
    },
    |input: &[u8]| {
        if let Some(target) = TARGET.get() {
            (target.run)(input);
        }
    }
);

//! Random bytes of the system.

/// Fills `out` with random bytes. Where the system has none, no secret may be made: the program ends.
pub fn system_random(out: &mut [u8]) {
    if getrandom::fill(out).is_err() {
        std::process::abort();
    }
}

//! Random bytes for the key that a chip answers to.

/// Fills `out` with random bytes of the operating system. Where it has none, no secret may be made: the program ends.
pub fn system(out: &mut [u8]) {
    if getrandom::fill(out).is_err() {
        std::process::abort();
    }
}

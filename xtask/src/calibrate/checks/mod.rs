//! The checks of the platform that negative modules are about, and how each can be taken out of a copy: what stands there, what takes its
//! place, and `OUT` for the question whether.

mod assertions;
mod authorization_requests;
mod codes;
mod proofs;
mod sessions;

/// A check, and the modules that must notice when it is gone.
pub(super) struct Check {
    pub(super) name: &'static str,
    /// File below `platform/src`, what stands there once, what takes its place.
    pub(super) edits: &'static [(&'static str, &'static str, &'static str)],
    pub(super) modules: &'static [&'static str],
}

/// All of them, by what they are about. Where two edit the same place, their order is that in which both find it.
pub(super) fn all() -> impl Iterator<Item = &'static Check> {
    [authorization_requests::CHECKS, assertions::CHECKS, codes::CHECKS, proofs::CHECKS, sessions::CHECKS]
        .into_iter()
        .flatten()
}

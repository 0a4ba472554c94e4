//! The report in XML before the schema of TS 119 102-2, by the classes that xsdata made of it for pyHanko.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

#[path = "../pades/documents.rs"]
#[allow(dead_code, reason = "other tests need the rest")]
mod documents;
#[path = "../flipped/files.rs"]
#[allow(dead_code, reason = "other tests need the rest")]
mod files;
#[path = "../trusted_list/lists.rs"]
#[allow(dead_code, unreachable_pub, reason = "other tests need the rest")]
mod lists;
mod refused;
mod reports;
#[path = "../support/mod.rs"]
mod support;

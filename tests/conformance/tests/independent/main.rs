//! Terminals that are not ours open the software cards and read them.
#![cfg(test)]

mod dmrtd;
mod openpace;

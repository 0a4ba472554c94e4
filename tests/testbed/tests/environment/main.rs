//! The environment itself: readers, events, the service, other programs, what is left behind.
#![cfg(test)]

mod in_root;
mod other_program;
mod readers;
mod serve;
mod service;

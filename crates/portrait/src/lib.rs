//! The pictures of a card, the holder's photo and the image of a signature, into red, green and blue.
//!
//! A picture is the largest and least trustworthy thing that a card gives. Whatever the bytes are, there is an answer; memory and
//! time are bounded by the size that the picture's own header says, which is looked at first, and by whoever runs this: the host
//! in a child process with little of both, the extension in a WebAssembly module of its own.
//!
//! | module | what it does |
//! |---|---|
//! | [`decoder`] | JPEG and JPEG 2000 |
//! | [`pixels`] | a picture, made smaller where it has more pixels than anybody sees |
#![forbid(unsafe_code)]

pub mod decoder;
pub mod pixels;

pub use decoder::{Undecodable, decode};
pub use pixels::{Bounds, Pixels};

/// Most bytes of an encoded picture; those of a card have some 20,000.
pub const MAX_ENCODED: usize = 1024 * 1024;

//! The pictures of a card, the holder's photo and the image of a signature, decoded in a child of the same program.
//!
//! A picture is the largest and least trustworthy thing that a card gives. A decoder that it crashes, hangs or takes over has
//! nothing but the picture and two pipes: no PIN, no card, no window, no files, little memory, little time. Where no picture
//! comes out the person is told that none can be shown; the request goes on.
//!
//! | module | what it is |
//! |---|---|
//! | [`parent`] | the host's end |
//! | `child` | the process; with the feature `photo` |
//!
//! The decoder itself is `bitaqa-portrait`.

pub mod parent;

#[cfg(feature = "photo")]
mod child;

#[cfg(feature = "photo")]
pub use child::run_photo_child;

/// Most bytes of an encoded picture; those of a card have some 20,000.
pub const MAX_ENCODED: usize = 1024 * 1024;

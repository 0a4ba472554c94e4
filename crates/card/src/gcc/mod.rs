//! The data files of Bahrain's identity cards before 2025 (GCC smart card): free to read, without PIN, secure messaging or
//! signature, hence [`Unauthenticated`](crate::unauthenticated::Unauthenticated) throughout.
//!
//! What is here is what independent public readers agree on; no specification is public. Where they give no offsets
//! (employment, immigration, traffic), nothing is read. File identifiers of version 1 are not public either: those of
//! version 2 are tried.
//!
//! | file | what it reads |
//! |---|---|
//! | [`generation`] | which version a card is |
//! | [`reading`] | the commands |
//! | [`personal_data`], [`card_data`], [`images`], [`address`] | one file each |

pub mod address;
pub mod card_data;
pub mod generation;
pub mod images;
pub mod personal_data;
pub mod reading;

mod record;

pub use generation::Generation;
pub use reading::GccCard;
pub use record::Date;

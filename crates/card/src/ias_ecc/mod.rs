//! Cards of the IAS ECC family (CEN/TS 15480-2, IAS ECC v1.0.1).
//!
//! They describe themselves after ISO/IEC 7816-15; PIN counters, sizes and access rules are in security data objects; and
//! before a signature the card does the last round of the hash. Over the contactless interface they want PACE first, unless
//! an access rule says otherwise: [`AccessRule::pace_first`](crate::access_rule::AccessRule::pace_first), which
//! [`Card::discover`](crate::Card::discover) goes by.
//!
//! | file | what it reads |
//! |---|---|
//! | [`ef_atr`] | EF.ATR/INFO: the root application and the sizes of the card's buffers |
//! | [`security_data_object`] | counters, sizes and access rules of PINs and keys |

pub mod ef_atr;
pub mod security_data_object;

mod discover;
mod methods;

pub use discover::discover;

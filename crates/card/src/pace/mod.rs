//! Password authenticated connection establishment (ICAO Doc 9303-11 section 4.4, BSI TR-03110-3), the terminal's
//! side: from a password, which may be short, to a session under strong keys.
//!
//! A chip that was tried with wrong passwords may answer slower and slower; each command takes what time it takes.

mod chip_authentication_mapping;
pub mod mapping;
mod password;
mod session;
mod state;
mod variant;

pub use chip_authentication_mapping::ChipAuthenticationData;
pub use mapping::MappingError;
pub use password::{Can, Password, PasswordKind};
pub use session::{PaceSession, establish};
pub(crate) use state::{MSE_SET_AT, verdict_on_number};
pub use state::{PaceVerdict, PasswordState, password_state};
pub use variant::PaceVariant;

#[cfg(test)]
mod tests;

//! What people see: the page on which they sign in and agree, and a few that only say something. They work on a phone, from
//! right to left first, and without JavaScript wherever no card is needed.

pub mod assets;
pub mod interaction;
pub mod language;
pub mod page;
pub mod services;
pub mod showing;

//! Every flow of the card layer against software cards that go wrong at every command of it.
//!
//! One list of flows ([`flow`] and the files of families below), one list of disturbances ([`disturbance`]), and one judge
//! ([`judgement`]) that knows what each disturbance may end in. The commands of a flow are counted in a run without
//! disturbance; then it runs once for each command and each disturbance, with a card fresh from the drawer. It ends in the
//! result of the undisturbed run or in an error that names what was wrong; the card's counters lose no try that the person
//! did not make; and the number of commands is bounded.
//!
//! | file | flows |
//! |---|---|
//! | [`opening`] | basic access control; PACE with each mapping and password |
//! | [`travel_documents`] | reading under protection; active and chip authentication, local and relayed |
//! | [`terminals`] | terminal authentication in both versions, restricted identification |
//! | [`signing_cards`] | discovery, certificate, PIN and signature of each family |
//! | [`opened_cards`] | the same with cards that are opened with PACE first, and card access numbers that are counted |
//! | [`pin_management`] | status, change, unblocking and first value of PINs |
//! | [`data_cards`] | files that anybody may read, cards of an issuer, reports of unknown cards |
#![cfg(test)]

mod arbitrary_content;
mod data_cards;
mod disturbance;
mod flow;
mod judgement;
mod opened_cards;
mod opening;
mod opening_any_answers;
mod pin_management;
mod reader;
mod several_faults;
mod signing_cards;
mod table;
mod terminals;
mod travel_documents;

#[path = "../sign_in/reader.rs"]
#[allow(dead_code, reason = "these flows use a part of it")]
mod sign_in;
#[path = "../chip_sessions/terminal.rs"]
#[allow(dead_code, reason = "these flows use a part of it")]
mod terminal;

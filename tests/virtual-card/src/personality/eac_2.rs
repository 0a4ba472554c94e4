//! A card after the second version of extended access control (BSI TR-03110): PACE with a PIN, then the terminal proves
//! itself, then the chip does, with the key in EF.CardSecurity that only such a terminal reads; pseudonyms by sector.
//!
//! | file | path | who may read it |
//! |---|---|---|
//! | EF.CardAccess | `3F00 011C` | anybody |
//! | EF.CardSecurity | `3F00 011D` | a terminal that proved itself |
//! | the travel document's application | | whoever opened the chip; fingerprints an inspection system with that right |

use bitaqa_curves::Curve;

use super::{
    Certificates, Made,
    travel_document::{Extension, Plan, build, contents},
};
use crate::{
    icao::{
        cipher::Cipher,
        domain::Domain,
        order::{ChipAuthenticationOrder, DocumentOrder, PasswordOrder},
        pace::{Mapping, Offer},
        terminal_authentication::authorization::TerminalKind,
    },
    pin::Pin,
    spec::{CardSpec, SpecError},
};

pub(crate) fn make(spec: &CardSpec) -> Result<Made, SpecError> {
    let domain = Domain::Curve(Curve::BrainpoolP256r1);
    let plan = Plan {
        basic_access_control: false,
        pace: vec![Offer { mapping: Mapping::Generic, cipher: Cipher::Aes128, domain }],
        active_authentication: None,
        chip_authentication: vec![ChipAuthenticationOrder { cipher: Cipher::Aes128, domain }],
        groups: &[1, 2, 3],
        extension: Some(Extension { pseudonyms: domain }),
    };
    let spec =
        CardSpec { document: Some(with_pin(spec.document.clone().unwrap_or_default())), ..spec.clone() };
    let built = build(plan, &spec)?;
    Ok(Made { contents: contents(&spec, built), certificates: Certificates::default() })
}

/// Such a card has a PIN of PACE: `123456`, and `1234567890` unblocks it.
fn with_pin(order: DocumentOrder) -> DocumentOrder {
    let PasswordOrder { pin, puk, .. } = &order.passwords;
    let passwords = PasswordOrder {
        pin: Some(pin.clone().unwrap_or_else(|| Pin::of_digits("123456"))),
        puk: Some(puk.clone().unwrap_or_else(|| Pin::of_digits("1234567890"))),
        ..order.passwords.clone()
    };
    DocumentOrder { passwords, terminals: order.terminals.or(Some(TerminalKind::Authentication)), ..order }
}

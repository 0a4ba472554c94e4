//! The makes of cards.

pub(crate) mod application;
pub(crate) mod bahrain_2016;
pub(crate) mod bahrain_2025;
pub mod cnie_1;
pub(crate) mod cnie_2;
pub(crate) mod drawn;
pub(crate) mod eac_2;
pub(crate) mod esteid;
pub(crate) mod iasecc;
pub(crate) mod iso7816_15;
pub(crate) mod lateid;
pub(crate) mod passport_bac;
pub(crate) mod piv;
pub(crate) mod pkcs15;
pub(crate) mod thales;
pub(crate) mod travel_document;
pub mod undescribed;

use std::ops::RangeInclusive;

use crate::{
    chip::Contents,
    pin::{Pin, PinFormat},
    pki::Certificate,
    reference_data::{PinState, ReferenceData, Scope},
    spec::{Activation, CardSpec, Lifecycle, SpecError},
};

/// The certificates on a card, for whoever wants to compare; empty where a card has none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Certificates {
    /// For signing in.
    pub authentication: Certificate,
    /// For signing documents.
    pub signature: Certificate,
}

/// A card, before it becomes a chip.
pub(crate) struct Made {
    pub(crate) contents: Contents,
    pub(crate) certificates: Certificates,
}

/// A PIN of a card, before it has a value.
pub(crate) struct PinPlan {
    pub(crate) name: &'static str,
    pub(crate) reference: u8,
    pub(crate) scope: Scope,
    pub(crate) format: PinFormat,
    pub(crate) digits: RangeInclusive<usize>,
    pub(crate) unblocked_by: Option<u8>,
    pub(crate) tries: u8,
}

impl PinPlan {
    /// Reference data as the order asks for it.
    pub(crate) fn carry_out(
        self,
        spec: &CardSpec,
        value: &Pin,
        tries_left: Option<u8>,
    ) -> Result<ReferenceData, SpecError> {
        let fits = self.digits.contains(&value.digits().len()) && self.format.block(value.digits()).is_some();
        if !fits {
            return Err(SpecError::PinLength(self.name));
        }
        // a PUK has no transport value
        let transport = spec.lifecycle == Lifecycle::Transport && self.unblocked_by.is_some();
        let value = spec.transport_pin.as_ref().filter(|_| transport).unwrap_or(value);
        if self.format.block(value.digits()).is_none() {
            return Err(SpecError::PinLength("transport PIN"));
        }
        let mut pin = ReferenceData::new(self.reference, self.scope, self.format, value);
        pin.digits = self.digits;
        pin.unblocked_by = self.unblocked_by;
        pin.tries = self.tries;
        pin.tries_left = tries_left.unwrap_or(pin.tries).min(pin.tries);
        if transport {
            pin.state = match spec.activation.unwrap_or_default() {
                Activation::Change => PinState::Transport,
                Activation::Set => PinState::Unset,
            };
        }
        if spec.lifecycle == Lifecycle::Blocked {
            pin.tries_left = 0;
        }
        Ok(pin)
    }
}

//! What `bitaqa card pin status` says of a fingerprint that the card compares.

use std::io::{self, Write};

use bitaqa_card::{PinStatus, biometric::FINGER, layout::BiometricObject};
use serde::Serialize;

use super::{Which, tries};
use crate::printable::Printable;

/// A biometric reference, and how it stands.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BiometricReference {
    reader: String,
    key: &'static str,
    /// Whether the key has a PIN as well; else it is used after the comparison only.
    instead_of_pin: bool,
    kind: &'static str,
    label: Option<String>,
    tries_left: Option<u8>,
    tries_maximum: Option<u8>,
}

impl BiometricReference {
    pub(super) fn of(
        reader: String,
        key: Which,
        instead_of_pin: bool,
        object: &BiometricObject,
        status: PinStatus,
    ) -> Self {
        Self {
            reader,
            key: key.name(),
            instead_of_pin,
            kind: if object.biometric_type == Some(FINGER) { "fingerprint" } else { "other" },
            label: object.label.clone(),
            tries_left: status.tries_left,
            tries_maximum: status.tries_maximum,
        }
    }

    pub(super) fn print(&self, out: &mut impl Write) -> io::Result<()> {
        let what = if self.kind == "fingerprint" { "fingerprint" } else { "biometric reference" };
        let label = self.label.as_deref().map(|label| format!(" {}", Printable(label))).unwrap_or_default();
        let place = if self.instead_of_pin { "instead of the PIN" } else { "the key has no PIN" };
        writeln!(out, "{}: {what}{label} for {}, {place}", Printable(&self.reader), self.key)?;
        writeln!(out, "  {}", tries(self.tries_left, self.tries_maximum))
    }
}

//! What kind of reader a test wants.

use std::path::Path;

use serde::Deserialize;

/// The key pad of a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PinPadKind {
    /// None.
    #[default]
    None,
    /// Can verify a PIN.
    Verify,
    /// Can verify and change a PIN.
    VerifyModify,
}

/// Whether a reader runs PACE itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaceKind {
    /// It does not.
    #[default]
    No,
    /// It does.
    Yes,
    /// It says so, and fails at every card.
    Fails,
}

/// The lengths that a reader can carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lengths {
    /// Short commands and answers only.
    Short,
    /// Extended ones too.
    #[default]
    Extended,
}

/// A reader.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ReaderOptions {
    /// Its name; pcscd adds a number and " 00".
    pub name: String,
    /// Its key pad.
    pub pin_pad: PinPadKind,
    /// Fewest digits that its key pad takes.
    pub min_pin: u8,
    /// Most digits that its key pad takes.
    pub max_pin: u8,
    /// Whether it runs PACE itself, with the card access number from its keys.
    pub pace: PaceKind,
    /// The lengths that it can carry.
    pub lengths: Lengths,
}

impl Default for ReaderOptions {
    fn default() -> Self {
        Self {
            name: "Bitaqa Test Reader".to_owned(),
            pin_pad: PinPadKind::None,
            min_pin: 4,
            max_pin: 12,
            pace: PaceKind::No,
            lengths: Lengths::Extended,
        }
    }
}

impl ReaderOptions {
    /// A plain reader with this name.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// A reader with a key pad that can verify and change PINs.
    #[must_use]
    pub fn with_pin_pad() -> Self {
        Self { name: "Bitaqa Test Pin Pad".to_owned(), pin_pad: PinPadKind::VerifyModify, ..Self::default() }
    }

    /// The reader's paragraph in pcscd's configuration.
    pub(crate) fn configuration(&self, socket: &Path, driver: &Path) -> String {
        let pin_pad = match self.pin_pad {
            PinPadKind::None => "none",
            PinPadKind::Verify => "verify",
            PinPadKind::VerifyModify => "verify-modify",
        };
        let lengths = match self.lengths {
            Lengths::Short => "short",
            Lengths::Extended => "extended",
        };
        let pace = match self.pace {
            PaceKind::No => "no",
            PaceKind::Yes => "yes",
            PaceKind::Fails => "fails",
        };
        // quotes would end the name early; pcscd knows no escape
        let name = self.name.replace(['"', '\n'], " ");
        format!(
            "FRIENDLYNAME \"{name}\"\nDEVICENAME {}:pinpad={pin_pad}:min-pin={}:max-pin={}:pace={pace}:lengths={lengths}\nLIBPATH {}\n\n",
            socket.display(),
            self.min_pin,
            self.max_pin,
            driver.display(),
        )
    }
}

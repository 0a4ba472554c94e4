//! What can be chosen about a card, one thing at a time.

use serde::Deserialize;

/// A make of card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Personality {
    /// A card after ISO/IEC 7816-15 that no maker sells.
    Pkcs15,
    /// An Estonian identity card of 2018 (IDEMIA), or of 2025 (Thales).
    Esteid,
    /// A Finnish identity card (Thales).
    Fineid,
    /// A Latvian identity card of 2019 (IDEMIA).
    Lateid,
    /// A PIV card (NIST SP 800-73-5) that no maker sells.
    Piv,
    /// A card after IAS ECC (CEN TS 15480) that no maker sells.
    Iasecc,
    /// A Bahraini identity card of the years before 2025: the data files of a GCC card.
    #[serde(rename = "bahrain-2016")]
    #[value(name = "bahrain-2016")]
    Bahrain2016,
    /// A card that opens with an issuer's key: a construct of the tests, not the first Moroccan card.
    #[serde(rename = "cnie-1")]
    #[value(name = "cnie-1")]
    Cnie1,
    /// A passport that is opened with basic access control only.
    PassportBac,
    /// A Bahraini identity card from 2025 on, as far as it is public: a travel document, and signature keys of which nothing
    /// is known but that they are promised.
    #[serde(rename = "bahrain-2025")]
    #[value(name = "bahrain-2025")]
    Bahrain2025,
    /// A Moroccan identity card of the second generation, in one of three hypotheses.
    #[serde(rename = "cnie-2")]
    #[value(name = "cnie-2")]
    Cnie2,
    /// A card after the second version of extended access control (BSI TR-03110) that no maker sells.
    #[serde(rename = "eac-2")]
    #[value(name = "eac-2")]
    Eac2,
    /// A card that says nothing of itself, with identifiers that are drawn from a seed.
    Undescribed,
}

/// Which generation of a make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Generation {
    /// Estonian: 2018, by IDEMIA.
    Idemia,
    /// Estonian: 2025, by Thales.
    Thales,
    /// Bahraini: version 1.
    V1,
    /// Bahraini: version 2.1.
    V2,
    /// Finnish: specification 3.1.
    V3,
    /// Finnish: specification 4.0. Bahraini: version 4.
    V4,
}

/// Through which interface of the card the reader talks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Interface {
    /// Contacts.
    #[default]
    Contact,
    /// Radio.
    Contactless,
}

/// What the second Moroccan generation might be: three guesses, as what it is is not public. None of them is a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hypothesis {
    /// A travel document, and IAS ECC behind PACE with the chip authentication mapping.
    IasEccCam,
    /// A travel document, and PKCS#15 behind PACE with the generic mapping.
    #[serde(rename = "pkcs15-gm")]
    Pkcs15Gm,
    /// A travel document and nothing else.
    #[default]
    IcaoOnly,
}

/// How a PIN stands in a command of a PKCS#15 card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PinFormatName {
    /// ASCII, filled to 8 bytes with `FF`.
    #[default]
    AsciiFf,
    /// ASCII, filled to 8 bytes with `00`.
    #[serde(rename = "ascii-00")]
    Ascii00,
    /// ASCII, not filled.
    Ascii,
    /// Two digits per byte, filled to 8 bytes.
    Bcd,
    /// ISO 9564-1, format 2.
    #[serde(rename = "iso9564-2")]
    Iso9564Format2,
}

/// How the files of a PKCS#15 card are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    /// As ISO/IEC 7816-15 says, with all that the card can.
    #[default]
    Iso,
    /// As OpenSC's own tools write them: EC keys tell their field size and no algorithms; the card's hashing is not told.
    Opensc,
}

/// Life cycle of the whole card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lifecycle {
    /// The PINs still are transport PINs.
    Transport,
    /// In use.
    #[default]
    Activated,
    /// PINs and PUK are blocked.
    Blocked,
}

/// How a PIN of a new card becomes one that is good for something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activation {
    /// Its transport value is changed into another.
    #[default]
    Change,
    /// It has no value: the first one is set.
    Set,
}

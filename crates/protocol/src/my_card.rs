//! What is on a card, for its holder: the answer to [`ReadMyCard`](crate::host::ToHost::ReadMyCard).
//!
//! It goes in the clear to the extension's own page "My card", and to nobody else: no portal's page can ask for it, and nothing
//! of it is kept. What a portal gets is [`identity`](crate::identity), which is encrypted.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    claim::{Claim, DataGroup},
    identity::answer::Bytes,
};

/// What is on a card.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MyCard {
    /// When it was read: seconds since 1970-01-01T00:00:00Z.
    #[cfg_attr(feature = "codegen", ts(type = "number"))]
    pub read_at: u64,
    /// The identity document; absent where the card has none, or where nothing of it was agreed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "codegen", ts(optional))]
    pub document: Option<DocumentOnCard>,
    /// Certificates, in the card's order.
    pub certificates: Vec<CertificateOnCard>,
    /// PINs, in the order of the keys that they stand before.
    pub pins: Vec<PinOnCard>,
}

/// An identity document. Who reads the data learns from the kind whether they can be checked at all.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum DocumentOnCard {
    /// A chip whose data a country signed (ICAO Doc 9303-10).
    Icao {
        /// What is on it.
        contents: DocumentContents,
        /// Whether a country signed it.
        authenticity: Authenticity,
        /// Whether the chip is the one that it was written to.
        chip: ChipOnCard,
    },
    /// Data files that nobody signed, on a chip that proves nothing (the Bahraini cards before 2025): whoever wrote such a card could
    /// have written anything, and no computer can tell.
    Unauthenticated {
        /// What is on it.
        contents: DocumentContents,
    },
}

impl DocumentOnCard {
    /// What is on it, whatever it is worth.
    #[must_use]
    pub const fn contents(&self) -> &DocumentContents {
        match self {
            Self::Icao { contents, .. } | Self::Unauthenticated { contents } => contents,
        }
    }
}

/// What a document says of its holder.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DocumentContents {
    /// Texts and dates, in the order of the vocabulary.
    pub values: Vec<ValueOnCard>,
    /// The face.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "codegen", ts(optional))]
    pub photo: Option<PictureOnCard>,
    /// The handwritten signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "codegen", ts(optional))]
    pub signature_image: Option<PictureOnCard>,
    /// Groups that were read and make no sense.
    pub unreadable: Vec<DataGroup>,
    /// Groups that were agreed to and that the card does not have or does not give.
    pub not_given: Vec<DataGroup>,
}

/// A value, as it is on the card.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ValueOnCard {
    /// What it is. A claim with several values stands there several times.
    pub claim: Claim,
    /// The value: a text, a date (`1974-08-30`, parts that the document leaves open left out from the end), or, of the sex, `F`
    /// or `M`.
    pub value: String,
}

/// A picture, encoded as on the card.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PictureOnCard {
    /// `image/jpeg`, `image/jp2`, or `image/j2c` for a bare codestream.
    pub media_type: String,
    /// Its bytes.
    pub data: Bytes,
}

/// Whether a country signed the document: passive authentication (ICAO Doc 9303-11, section 5.1) by the certificates of the
/// trust packs of this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(tag = "outcome", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Authenticity {
    /// It did.
    Genuine {
        /// Which: the code in the certificate of its authority.
        country: String,
        /// The authority is believed through a trust pack marked `test`.
        test: bool,
    },
    /// Something speaks against it.
    NotGenuine {
        /// What: a word of passive authentication, as `bitaqa passive-auth` says it.
        code: String,
    },
    /// Nobody can say.
    NotChecked {
        /// Why.
        reason: NotCheckedReason,
    },
}

/// Why nobody can say whether a country signed the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum NotCheckedReason {
    /// No trust pack of this computer has a country's certificate.
    NoAuthorities,
    /// None of those that there are is of the country that signed.
    AuthorityUnknown,
}

/// Whether the chip is the one that the document was written to. The host saw it, for the holder; to others it proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ChipOnCard {
    /// It has the private key of a public key in the document.
    Proven,
    /// It does not have it, or what it says differs from what is signed: it may be a copy.
    NotProven,
    /// The document has no such key.
    NotOffered,
    /// It has one of a kind that this host does not know, or one whose proof needs the keys of a session that the reader has.
    NotChecked,
}

/// What a certificate or PIN is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum KeyPurpose {
    /// Signing in.
    Authentication,
    /// Signing documents.
    Signature,
}

/// A certificate. It was read, not verified.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CertificateOnCard {
    /// What its key is for.
    pub purpose: KeyPurpose,
    /// DER.
    pub der: Bytes,
    /// What it says; absent where it cannot be parsed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "codegen", ts(optional))]
    pub facts: Option<CertificateFacts>,
}

/// What a certificate says.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CertificateFacts {
    /// The holder, as one line.
    pub subject: String,
    /// Serial number of the subject, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "codegen", ts(optional))]
    pub personal_number: Option<String>,
    /// Who issued it, as one line.
    pub issuer: String,
    /// First second: seconds since 1970-01-01T00:00:00Z.
    #[cfg_attr(feature = "codegen", ts(type = "number"))]
    pub not_before: u64,
    /// Last second: seconds since 1970-01-01T00:00:00Z.
    #[cfg_attr(feature = "codegen", ts(type = "number"))]
    pub not_after: u64,
}

/// A PIN: never its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PinOnCard {
    /// What the keys behind it are for.
    pub purpose: KeyPurpose,
    /// The card's own name for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "codegen", ts(optional))]
    pub label: Option<String>,
    /// Tries left, where the card says so without spending one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "codegen", ts(optional))]
    pub tries_left: Option<u8>,
    /// Tries after a right PIN, where the card says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "codegen", ts(optional))]
    pub tries_maximum: Option<u8>,
    /// Whether the holder has set it, where that matters and is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "codegen", ts(optional))]
    pub activated: Option<bool>,
}

/// Personal data is not shown.
macro_rules! shown_without_content {
    ($($name:ident),*) => {
        $(impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(personal)"))
            }
        })*
    };
}

shown_without_content!(
    MyCard,
    DocumentOnCard,
    DocumentContents,
    ValueOnCard,
    PictureOnCard,
    CertificateOnCard,
    CertificateFacts
);

#[cfg(test)]
mod tests {
    use super::*;

    fn contents() -> DocumentContents {
        DocumentContents {
            values: vec![ValueOnCard { claim: Claim::FamilyName, value: "AMRANI".to_owned() }],
            photo: None,
            signature_image: None,
            unreadable: vec![],
            not_given: vec![DataGroup::Dg7],
        }
    }

    fn card(document: DocumentOnCard) -> MyCard {
        MyCard { read_at: 0, document: Some(document), certificates: vec![], pins: vec![] }
    }

    fn icao() -> DocumentOnCard {
        DocumentOnCard::Icao {
            contents: contents(),
            authenticity: Authenticity::NotChecked { reason: NotCheckedReason::NoAuthorities },
            chip: ChipOnCard::NotOffered,
        }
    }

    #[test]
    fn a_card_is_shown_without_what_is_on_it() {
        for document in [icao(), DocumentOnCard::Unauthenticated { contents: contents() }] {
            let card = card(document);
            let contents = card.document.as_ref().map(DocumentOnCard::contents);
            assert!(!format!("{card:?} {:?} {contents:?}", card.document).contains("AMRANI"));
            let json = serde_json::to_string(&card).unwrap();
            assert!(json.contains(r#"{"claim":"family_name","value":"AMRANI"}"#), "{json}");
            assert_eq!(serde_json::from_str::<MyCard>(&json).unwrap(), card);
        }
    }

    #[test]
    fn what_nobody_signed_says_so_by_its_kind_and_has_no_place_for_a_verdict() {
        let kind = |document| serde_json::to_value(card(document)).unwrap()["document"]["kind"].clone();
        assert_eq!(kind(icao()), "icao");
        assert_eq!(kind(DocumentOnCard::Unauthenticated { contents: contents() }), "unauthenticated");
        let json = serde_json::to_string(&icao()).unwrap();
        assert!(serde_json::from_str::<DocumentOnCard>(&json).is_ok());
        for wrong in [
            json.replace("\"icao\"", "\"unauthenticated\""),
            json.replace(r#""kind":"icao","#, ""),
            json.replace(r#","chip":"not-offered""#, ""),
        ] {
            assert!(wrong != json && serde_json::from_str::<DocumentOnCard>(&wrong).is_err(), "{wrong}");
        }
    }
}

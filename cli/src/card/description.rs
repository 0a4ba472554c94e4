//! What can be read of a card without a PIN.

use std::sync::Arc;

use bitaqa_card::{
    Card, CardError, Credential, PinStatus, Role,
    layout::{Method, Operation},
    signature::Scheme,
};
use bitaqa_host::reader::{ReaderSeen, connection::AfterTransaction};
use serde::Serialize;

use super::{
    CardFault,
    access_key::{AskedOn, KeySource},
    chip::atr,
    hexadecimal,
    look::{Look, Opening, look},
    name,
};

/// A card.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Description {
    pub(crate) reader: String,
    pub(crate) atr: String,
    pub(crate) profile: String,
    pub(crate) title: String,
    pub(crate) label: Option<String>,
    pub(crate) manufacturer: Option<String>,
    /// `pace` if the card had to be opened, `free` if not.
    pub(crate) opened: &'static str,
    pub(crate) credentials: Vec<CredentialDescription>,
}

/// A key with its certificate and PIN.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CredentialDescription {
    pub(crate) role: &'static str,
    pub(crate) label: Option<String>,
    pub(crate) algorithms: Vec<String>,
    pub(crate) pin: Option<PinDescription>,
    #[serde(skip)]
    pub(crate) certificate: Vec<u8>,
}

/// A PIN.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PinDescription {
    pub(crate) label: Option<String>,
    pub(crate) min_length: u8,
    pub(crate) max_length: u8,
    pub(crate) tries_left: Option<u8>,
    pub(crate) tries_maximum: Option<u8>,
    pub(crate) before_each_use: bool,
}

/// Reads a card, which is opened where it has to be.
pub(crate) async fn describe(reader: &ReaderSeen, key: &KeySource) -> Result<Description, CardFault> {
    let opening = Opening { key, asked_on: AskedOn::StandardInput, afterwards: AfterTransaction::Reset };
    let Look { layout, profiles, seen: credentials, .. } = look(reader, opening, |card| {
        let layout = Arc::clone(card.layout());
        layout.credentials.iter().map(|credential| credential_of(card, credential)).collect::<Result<_, _>>()
    })
    .await?;
    let title =
        profiles.iter().find(|profile| profile.name == layout.profile).map(|profile| profile.title.clone());
    Ok(Description {
        reader: name(reader),
        atr: hexadecimal(&atr(reader)?),
        profile: layout.profile.clone(),
        title: title.unwrap_or_default(),
        label: layout.label.clone(),
        manufacturer: layout.manufacturer.clone(),
        opened: if layout.opened.is_some() { "pace" } else { "free" },
        credentials,
    })
}

fn credential_of(card: &mut Card<'_>, credential: &Credential) -> Result<CredentialDescription, CardError> {
    let pin = match &credential.pin {
        None => None,
        Some(pin) => {
            let PinStatus { tries_left, tries_maximum, .. } = card.pin_status(pin)?;
            Some(PinDescription {
                label: pin.label.clone(),
                min_length: pin.format.min_length,
                max_length: pin.format.max_length,
                tries_left,
                tries_maximum,
                before_each_use: credential.key.user_consent,
            })
        }
    };
    Ok(CredentialDescription {
        role: match credential.role {
            Role::Authentication => "authentication",
            Role::Signature => "signature",
        },
        label: credential.label.clone(),
        algorithms: credential.key.methods.iter().map(algorithm).collect(),
        pin,
        certificate: card.certificate(credential)?,
    })
}

fn algorithm(method: &Method) -> String {
    let scheme = match method.scheme {
        Scheme::RsaPkcs1 => "RSA PKCS#1 v1.5",
        Scheme::RsaPss => "RSA-PSS",
        Scheme::Ecdsa => "ECDSA",
    };
    let hash =
        method.hash.map_or_else(String::new, |hash| format!(" with a digest of {} bytes", hash.length()));
    let command = match method.operation {
        Operation::InternalAuthenticate => "INTERNAL AUTHENTICATE",
        Operation::ComputeDigitalSignature => "PSO: COMPUTE DIGITAL SIGNATURE",
        Operation::HashThenSign => "PSO: HASH and COMPUTE DIGITAL SIGNATURE",
        Operation::GeneralAuthenticate => "GENERAL AUTHENTICATE",
    };
    format!("{scheme}{hash}, by {command}")
}

//! What can be read of a card without a PIN.

use std::sync::Arc;

use bitaqa_card::{
    Card, CardError, Credential, PinStatus, Role,
    layout::{Method, Operation},
    signature::Scheme,
};
use bitaqa_host::reader::{CardPresence, Connection, ReaderSeen, connection::AfterTransaction};
use serde::Serialize;

use super::{CardFault, hexadecimal, name, profiles::known_profiles};

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

/// Reads a card.
pub(crate) async fn describe(reader: &ReaderSeen) -> Result<Description, CardFault> {
    let CardPresence::Present { atr } = &reader.card else {
        return Err(CardFault::NoCard(name(reader)));
    };
    let profiles = Arc::new(known_profiles()?);
    let connection = Connection::open(reader.name.clone())?;
    let (known, hint) = (Arc::clone(&profiles), atr.clone());
    let read = connection.transaction(AfterTransaction::Leave, move |transport| {
        let mut card = Card::discover(transport, &hint, &known)?;
        let layout = Arc::clone(card.layout());
        let mut credentials = Vec::new();
        for credential in &layout.credentials {
            credentials.push(credential_of(&mut card, credential)?);
        }
        Ok((layout, credentials))
    });
    let (outcome, _) = read.await.map_err(|error| CardFault::of(reader, error.into()))?;
    let (layout, credentials) = outcome.map_err(|error| CardFault::of(reader, error))?;
    let title =
        profiles.iter().find(|profile| profile.name == layout.profile).map(|profile| profile.title.clone());
    Ok(Description {
        reader: name(reader),
        atr: hexadecimal(atr),
        profile: layout.profile.clone(),
        title: title.unwrap_or_default(),
        label: layout.label.clone(),
        manufacturer: layout.manufacturer.clone(),
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

//! What can be said of a card that nobody knows, without saying whose it is: enough to write a profile for it.
//!
//! The report holds answers to reset, the files that describe the card as a whole (EF.DIR, EF.CardAccess, EF.ATR/INFO), which
//! applications answered with which status word, and sizes. It never holds the content of a file that may have personal data;
//! of EF.ATR/INFO it leaves out the values of data objects that may name this one card.

mod profile_stub;

use serde::{Deserialize, Serialize};

use crate::{
    apdu::{Command, Response, StatusWord, ins},
    channel::Channel,
    error::CardError,
    file::{FileLocation, Selection, read_binary, select_master_file},
    hexadecimal, piv,
    pkcs15::{self, ef_dir, object_directory, token_info},
    tlv::{TlvReader, encode},
};

/// Version of the report.
const VERSION: u32 = 1;
/// Most bytes of a file that is put into a report.
const MAX_FILE: usize = 4 * 1024;
/// Most applications that are asked for.
const MAX_APPLICATIONS: usize = 48;

/// Applications that cards are asked for, with what they would mean.
const KNOWN: [(&str, &[u8]); 10] = [
    ("ISO/IEC 7816-15 (PKCS#15)", &pkcs15::APPLICATION),
    ("ISO/IEC 7816-15 (CIA)", &[0xE8, 0x28, 0xBD, 0x08, 0x0F]),
    ("PIV", &piv::APPLICATION),
    ("ICAO LDS1", &[0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01]),
    ("eID (TR-03110)", &[0xE8, 0x07, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x02]),
    (
        "IAS ECC",
        &[0xA0, 0x00, 0x00, 0x00, 0x77, 0x01, 0x08, 0x00, 0x07, 0x00, 0x00, 0xFE, 0x00, 0x00, 0x01, 0x00],
    ),
    ("IAS ECC (MIOMCT)", b"MIOMCT"),
    ("GCC data files", &[0xD4, 0x99, 0x00, 0x00, 0x01, 0x01, 0x01, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01]),
    ("OpenPGP", &[0xD2, 0x76, 0x00, 0x01, 0x24, 0x01]),
    ("GlobalPlatform card manager", &[0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00, 0x00]),
];

/// A card that nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UnknownCardReport {
    /// Version of this form.
    pub version: u32,
    /// Answer to reset, in hexadecimal digits.
    pub atr: String,
    /// EF.DIR.
    pub ef_dir: FileSeen,
    /// EF.CardAccess.
    pub ef_card_access: FileSeen,
    /// EF.ATR/INFO, without the values that may name this one card.
    pub ef_atr: FileSeen,
    /// The applications that were asked for.
    pub applications: Vec<ApplicationSeen>,
}

/// What came of reading a file that describes the card as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileSeen {
    /// Status word of the command that failed, or `9000`.
    pub status: String,
    /// Its bytes, in hexadecimal digits.
    pub content: Option<String>,
}

/// What came of asking for an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationSeen {
    /// Its identifier, in hexadecimal digits.
    pub identifier: String,
    /// What it would be, or where its name was found.
    pub meaning: String,
    /// Status word of SELECT.
    pub status: String,
    /// Whether it has the directory files of ISO/IEC 7816-15, where it answered.
    pub describes_itself: Option<bool>,
}

impl UnknownCardReport {
    /// Asks the card. Nothing of this needs or spends a PIN.
    ///
    /// # Errors
    /// Transport faults, and [`EndlessAnswer`](crate::Misbehaviour::EndlessAnswer); whatever else the card does is part of the
    /// report.
    pub fn collect(channel: &mut Channel<'_>, atr: &[u8]) -> Result<Self, CardError> {
        let (ef_dir, directory) = description(channel, [0x2F, 0x00], <[u8]>::to_vec)?;
        let (ef_card_access, _) = description(channel, [0x01, 0x1C], <[u8]>::to_vec)?;
        let (ef_atr, _) = description(channel, [0x2F, 0x01], anonymous)?;
        let mut asked: Vec<(String, Vec<u8>)> =
            KNOWN.iter().map(|(meaning, aid)| ((*meaning).to_owned(), aid.to_vec())).collect();
        for application in ef_dir::parse(&directory).unwrap_or_default() {
            let is_new = asked.iter().all(|(_, aid)| *aid != application.identifier);
            if is_new && (1..=16).contains(&application.identifier.len()) {
                asked.push(("named in EF.DIR".to_owned(), application.identifier));
            }
        }
        let mut applications = Vec::new();
        for (meaning, identifier) in asked.into_iter().take(MAX_APPLICATIONS) {
            applications.push(application(channel, meaning, &identifier)?);
        }
        let atr = hexadecimal::write(atr);
        Ok(Self { version: VERSION, atr, ef_dir, ef_card_access, ef_atr, applications })
    }

    /// A profile to begin with, as TOML: it says what the report knows, and what is still to be found out.
    #[must_use]
    pub fn profile_stub(&self) -> String {
        profile_stub::write(self)
    }
}

/// Reads a file under the master file; `shown` says what of it goes into the report. Gives the content as well.
fn description(
    channel: &mut Channel<'_>,
    identifier: [u8; 2],
    shown: impl Fn(&[u8]) -> Vec<u8>,
) -> Result<(FileSeen, Vec<u8>), CardError> {
    let seen = |status: StatusWord, content| FileSeen { status: status.to_string(), content };
    match select_master_file(channel) {
        // some cards know no master file, and answer all the same
        Err(error) if error.ends_everything() => return Err(error),
        Ok(()) | Err(CardError::Refused { .. } | CardError::Misbehaved(_)) => {}
        Err(error) => return Err(error),
    }
    // P1 02 is the form of ICAO chips, 00 that of older cards
    for p1 in [0x02, 0x00] {
        let command = Command::new(ins::SELECT, p1, 0x0C).data(identifier);
        let Some(response) = answer(channel.send(&command))? else { continue };
        if response.status != StatusWord::OK {
            if p1 == 0x00 {
                return Ok((seen(response.status, None), Vec::new()));
            }
            continue;
        }
        return match read_binary(channel, 0, None, MAX_FILE) {
            Ok(content) => {
                let shown = hexadecimal::write(&shown(&content));
                Ok((seen(StatusWord::OK, Some(shown)), content))
            }
            Err(error) if error.ends_everything() => Err(error),
            Err(CardError::Refused { status, .. }) => Ok((seen(status, None), Vec::new())),
            Err(CardError::Misbehaved(_)) => Ok((seen(response.status, None), Vec::new())),
            Err(error) => Err(error),
        };
    }
    Ok((FileSeen { status: "none".to_owned(), content: None }, Vec::new()))
}

fn application(
    channel: &mut Channel<'_>,
    meaning: String,
    identifier: &[u8],
) -> Result<ApplicationSeen, CardError> {
    let command = Command::new(ins::SELECT, 0x04, 0x0C).data(identifier);
    let response = answer(channel.send(&command))?;
    let status = response.as_ref().map_or_else(|| "none".to_owned(), |response| response.status.to_string());
    let describes_itself = match response {
        Some(Response { status: StatusWord::OK, .. }) => {
            let mut has = |path: [u8; 2]| {
                let location = FileLocation { path: path.to_vec(), ..FileLocation::default() };
                match Selection::default().has(channel, &location) {
                    Err(error) if error.ends_everything() => Err(error),
                    Err(CardError::Misbehaved(_)) => Ok(false),
                    outcome => outcome,
                }
            };
            Some(has(object_directory::PATH)? && has(token_info::PATH)?)
        }
        _ => None,
    };
    Ok(ApplicationSeen { identifier: hexadecimal::write(identifier), meaning, status, describes_itself })
}

/// An answer, `None` for one that is none; what ends everything stays a fault.
fn answer(outcome: Result<Response, CardError>) -> Result<Option<Response>, CardError> {
    match outcome {
        Ok(response) => Ok(Some(response)),
        Err(error) if error.ends_everything() => Err(error),
        Err(CardError::Misbehaved(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// EF.ATR/INFO with only those values that all cards of a make share: card service data, initial access, pre-issuing data,
/// capabilities, application, object identifiers, sizes of buffers, extended length, status. Of others the tag is left.
fn anonymous(content: &[u8]) -> Vec<u8> {
    const SHARED: [u32; 9] = [0x43, 0x44, 0x47, 0x4F, 0x78, 0x82, 0xE0, 0x7F66, 0x5F52];
    let content = content.strip_prefix(&[0x80]).unwrap_or(content);
    let mut reader = TlvReader::new(ef_dir::trim_filler(content));
    let mut shown = Vec::new();
    while let Ok(Some(object)) = reader.read() {
        let value = if SHARED.contains(&object.tag.0) { object.value } else { &[] };
        shown.extend(encode(object.tag, value));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_name_one_card_is_left_out_of_ef_atr() {
        // card service data, the card's own number, sizes
        let content = [0x43, 0x01, 0xB8, 0x5A, 0x03, 1, 2, 3, 0x46, 0x02, 9, 9, 0xE0, 0x02, 0x02, 0x00, 0x00];
        let shown = [0x43, 0x01, 0xB8, 0x5A, 0x00, 0x46, 0x00, 0xE0, 0x02, 0x02, 0x00];
        assert_eq!(anonymous(&content), shown);
        assert!(anonymous(b"free text, whoever wrote it").is_empty());
    }
}

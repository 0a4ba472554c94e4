//! A PIN as a profile describes it.

use serde::Deserialize;

use super::hexadecimal_values::{Aid, TagEntry};
use crate::{
    file::FileLocation,
    layout::{Activation, ActivationFlag, PinObject, StatusQuery, Unblocking, UnblockingWay},
    pin::PinFormat,
};

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct PinEntry {
    pub(super) label: Option<String>,
    pub(super) format: PinFormat,
    /// How to ask for tries left without spending one; absent where no way is known.
    pub(super) status: Option<StatusEntry>,
    /// How the PUK gives it its tries back; absent where that is not public.
    pub(super) unblocking: Option<UnblockingEntry>,
    /// How the holder gives it its first value.
    #[serde(default)]
    pub(super) activation: Activation,
}

/// How the PUK gives a PIN its tries back.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct UnblockingEntry {
    /// How the PUK is presented.
    pub(super) puk: PinFormat,
    /// What RESET RETRY COUNTER holds.
    #[serde(default)]
    pub(super) way: UnblockingWay,
    /// Application in which the PUK is verified, where it is verified; that of the PIN if absent.
    pub(super) application: Option<Aid>,
    /// How to ask for its tries left without spending one; absent where no way is known.
    pub(super) status: Option<StatusEntry>,
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub(super) enum StatusEntry {
    /// VERIFY without data, on cards where it costs no try.
    EmptyVerify,
    /// GET DATA for what the card keeps of the password, as Thales cards have it.
    PasswordObject {
        /// The recognised application if absent.
        application: Option<Aid>,
        /// Tries after a correct PIN, which the card does not say.
        maximum: Option<u8>,
        /// Whether the holder must have set the PIN before it can be used.
        #[serde(default)]
        activation: ActivationFlag,
    },
    /// GET DATA with a header list.
    DataObject {
        /// The recognised application if absent.
        application: Option<Aid>,
        /// Tags from the outermost to the one that holds the counters.
        path: Vec<TagEntry>,
        /// Tag of the tries left.
        left: TagEntry,
        /// Tag of the most tries.
        maximum: Option<TagEntry>,
    },
}

impl PinEntry {
    pub(super) fn into_object(self, recognised: &[u8]) -> Result<PinObject, &'static str> {
        let unblocking = self.unblocking.map(|entry| entry.into_unblocking(recognised)).transpose()?;
        Ok(PinObject {
            label: self.label,
            format: self.format,
            directory: None,
            status: StatusEntry::into_query(self.status, recognised)?,
            unblocking,
            can_be_changed: true,
            activation: self.activation,
        })
    }
}

impl UnblockingEntry {
    fn into_unblocking(self, recognised: &[u8]) -> Result<Unblocking, &'static str> {
        Ok(Unblocking {
            puk: self.puk,
            way: self.way,
            directory: self.application.map(|aid| FileLocation::application(aid.0)),
            status: StatusEntry::into_query(self.status, recognised)?,
        })
    }
}

impl StatusEntry {
    fn into_query(entry: Option<Self>, recognised: &[u8]) -> Result<StatusQuery, &'static str> {
        let place = |application: Option<Aid>| {
            FileLocation::application(application.map_or_else(|| recognised.to_vec(), |aid| aid.0))
        };
        Ok(match entry {
            None => StatusQuery::None,
            Some(Self::EmptyVerify) => StatusQuery::EmptyVerify { directory: None },
            Some(Self::PasswordObject { application, maximum, activation }) => {
                StatusQuery::PasswordObject { directory: place(application), maximum, activation }
            }
            Some(Self::DataObject { application, path, left, maximum }) => {
                if path.is_empty() || path.len() > 8 {
                    return Err("the path to a PIN counter has no tags, or too many");
                }
                StatusQuery::DataObject {
                    directory: place(application),
                    path: path.into_iter().map(|tag| tag.0).collect(),
                    left: left.0,
                    maximum: maximum.map(|tag| tag.0),
                }
            }
        })
    }
}

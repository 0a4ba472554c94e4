//! What a card says of its applications: EF.DIR and EF.ATR/INFO list them, and some describe themselves, whatever their names are.

use super::Search;
use crate::{
    error::CardError,
    file::FileLocation,
    ias_ecc::{self, ef_atr},
    layout::Layout,
    lds,
    pkcs15::{
        self,
        ef_dir::{self, Application},
    },
    profile::{Profile, Recognise, Structure},
};

impl Search<'_, '_> {
    /// The layout of a card that lists applications of which no profile knows any.
    pub(super) fn attempt_listed(
        &mut self,
        profiles: &[Profile],
        fault: &mut Option<CardError>,
    ) -> Result<Option<Layout>, CardError> {
        self.listed = self.listed()?;
        let is_known = |application: &Application| {
            profiles.iter().any(|profile| names_application(profile, &application.identifier))
        };
        if self.listed.iter().any(is_known) {
            return Ok(None);
        }
        let listed = self.listed.clone();
        let names: Vec<Vec<u8>> = listed.iter().map(|application| application.identifier.clone()).collect();
        let outcome = self.describe(profiles, &names, &listed);
        if outcome == Err(CardError::Unknown) {
            self.silent = names;
        }
        self.unless_wrong(outcome, fault)
    }

    pub(super) fn lists(&self, profile: &Profile) -> bool {
        let application = &profile.recognise.application;
        self.listed.iter().any(|listed| is_same(&listed.identifier, application))
    }

    /// What takes several commands to find out: the applications that EF.ATR/INFO and EF.DIR name, whatever their names are.
    pub(super) fn by_description(&mut self, profiles: &[Profile]) -> Result<Layout, CardError> {
        self.selection.forget();
        self.enter_master_file()?;
        let mut listed = self.listed_in_master_file()?;
        let root = ef_atr::parse(&self.description_file(ef_atr::PATH)?)?.application;
        listed.retain(|application| !self.silent.contains(&application.identifier));
        let root = root.into_iter().filter(|name| !self.silent.contains(name));
        let names: Vec<Vec<u8>> =
            root.chain(listed.iter().map(|application| application.identifier.clone())).collect();
        self.describe(profiles, &names, &listed)
    }

    /// The applications that the card lists, as far as one command tells it in the clear; none if it does not, or not in order:
    /// what is wrong with the list is said if nothing else is found.
    fn listed(&mut self) -> Result<Vec<Application>, CardError> {
        let listed = if self.channel.is_in_the_clear() {
            self.listed_at_once()
        } else {
            self.enter_master_file()?;
            self.listed_in_master_file()
        };
        match listed {
            Err(error @ CardError::Misbehaved(_))
                if !error.ends_everything() && !self.channel.has_ended() =>
            {
                Ok(Vec::new())
            }
            listed => listed,
        }
    }

    /// The master file is current after a reset, unless an application was selected since. Where another program left the card
    /// elsewhere, what is read may be another file: it only says what to try first.
    fn listed_at_once(&mut self) -> Result<Vec<Application>, CardError> {
        if self.applications.iter().any(|(_, there)| *there) {
            return Ok(Vec::new());
        }
        self.selection.leave();
        let content = ef_dir::read_by_short_identifier(self.channel)?.unwrap_or_default();
        ef_dir::parse(&content).map(without_travel_document)
    }

    /// The applications of EF.DIR, but for that of the travel document, in which nothing signs.
    fn listed_in_master_file(&mut self) -> Result<Vec<Application>, CardError> {
        ef_dir::parse(&self.ef_dir()?).map(without_travel_document)
    }

    fn enter_master_file(&mut self) -> Result<(), CardError> {
        match self.selection.enter_master_file(self.channel) {
            // some cards know no master file, and answer all the same
            Ok(()) | Err(CardError::Refused { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Has the applications of these names describe themselves, by the families that do so.
    fn describe(
        &mut self,
        profiles: &[Profile],
        names: &[Vec<u8>],
        listed: &[Application],
    ) -> Result<Layout, CardError> {
        let mut described = Vec::new();
        for profile in profiles {
            let (channel, selection) = (&mut *self.channel, &mut *self.selection);
            let (name, link) = (&profile.name, profile.link);
            channel.set_link(link);
            if let Structure::IasEcc { .. } = profile.structure {
                let interface = self.interface;
                match ias_ecc::discover(channel, selection, name, link, interface, names, &mut described) {
                    Err(CardError::Unknown) => {}
                    outcome => return outcome,
                }
            }
            if let Structure::Pkcs15(quirks) = profile.structure {
                for application in listed {
                    let known = described.iter().position(|(name, _)| *name == application.identifier);
                    if let Some(place) = known {
                        return described.swap_remove(place).1.into_plain_layout(name, link, quirks);
                    }
                    match pkcs15::discover_in(channel, selection, application, name, link, quirks) {
                        Err(CardError::Unknown) => {}
                        outcome => return outcome,
                    }
                }
            }
        }
        Err(CardError::Unknown)
    }
}

fn without_travel_document(mut listed: Vec<Application>) -> Vec<Application> {
    listed.retain(|application| application.identifier != lds::APPLICATION);
    listed
}

/// Whether a profile names this application: as the one that its cards have, or anywhere else.
fn names_application(profile: &Profile, name: &[u8]) -> bool {
    let of_file = |file: &FileLocation| file.application.as_deref().is_some_and(|known| is_same(known, name));
    let Recognise { application, files, files_without_hint, .. } = &profile.recognise;
    let within = match &profile.structure {
        Structure::IasEcc { applications } => applications.iter().any(|known| is_same(known, name)),
        Structure::Fixed { layout, .. } => {
            layout.credentials.iter().any(|credential| of_file(&credential.key.directory))
        }
        Structure::Pkcs15(_) | Structure::Piv => false,
    };
    within || is_same(application, name) || files.iter().chain(files_without_hint).any(of_file)
}

/// A name may be cut, or go on with a version.
fn is_same(known: &[u8], name: &[u8]) -> bool {
    known.starts_with(name) || name.starts_with(known)
}

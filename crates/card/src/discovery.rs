//! What a card is: by its applications, its files and EF.DIR. The answer to reset only says what to try first.

mod self_description;

use crate::{
    access_rule::Interface,
    apdu::StatusWord,
    channel::Channel,
    error::CardError,
    file::{FileLocation, Selection},
    historical_bytes, ias_ecc,
    layout::{CertificateLocation, Layout, Role},
    piv,
    pkcs15::{
        self,
        ef_dir::{self, Application},
        object_walk,
        private_key::KeyKind,
    },
    profile::{Profile, Structure},
    signature::Scheme,
};

/// Most bytes of EF.DIR and EF.ATR/INFO.
const MAX_DESCRIPTION: usize = 4 * 1024;

/// Tries the profiles in their order, those whose answer to reset is known first, then those whose application it names.
///
/// # Errors
/// [`CardError::Unknown`] if nothing fits; transport faults; refusals and misbehaviour of a card that fits something.
pub(crate) fn discover(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    atr: &[u8],
    profiles: &[Profile],
) -> Result<Layout, CardError> {
    let hinted = |profile: &&Profile| profile.recognise.atr_hints.iter().any(|hint| hint.fits(atr));
    // which application it has, it may say itself; whose card it is, it does not say with a name that several makes have
    let named = historical_bytes::application(atr);
    let named =
        |profile: &&Profile| named.is_some_and(|name| profile.recognise.application.starts_with(name));
    let (first, rest): (Vec<_>, Vec<_>) = profiles.iter().partition(hinted);
    let (named, rest): (Vec<_>, Vec<_>) = rest.into_iter().partition(named);
    let (second, third) = if named.len() == 1 { (named, Vec::new()) } else { (Vec::new(), named) };
    let interface = Interface::of_atr(atr);
    let mut search = Search::new(channel, selection, interface);
    let mut fault = None;
    for profile in first {
        if let Some(layout) = search.attempt(profile, true, &mut fault)? {
            return Ok(layout);
        }
    }
    // under protection whatever is tried in vain costs most, and cards that are opened so list what they have
    let is_opened = !search.channel.is_in_the_clear();
    if is_opened && let Some(layout) = search.attempt_listed(profiles, &mut fault)? {
        return Ok(layout);
    }
    for profile in second {
        if let Some(layout) = search.attempt(profile, false, &mut fault)? {
            return Ok(layout);
        }
    }
    // nothing is known of the card any more but what it lists: one command, before all those that would try names
    if !is_opened && let Some(layout) = search.attempt_listed(profiles, &mut fault)? {
        return Ok(layout);
    }
    let (fourth, rest): (Vec<_>, Vec<_>) = rest.into_iter().partition(|profile| search.lists(profile));
    for profile in third.into_iter().chain(fourth).chain(rest) {
        if let Some(layout) = search.attempt(profile, false, &mut fault)? {
            return Ok(layout);
        }
    }
    fault.map_or_else(|| search.by_description(profiles), Err)
}

/// Remembers what was asked: profiles share applications.
struct Search<'s, 't> {
    channel: &'s mut Channel<'t>,
    selection: &'s mut Selection,
    interface: Interface,
    applications: Vec<(Vec<u8>, bool)>,
    files: Vec<(FileLocation, bool)>,
    ef_dir: Option<Vec<u8>>,
    /// What the card lists: only a hint what to try first.
    listed: Vec<Application>,
    /// Applications that do not describe themselves in a way that is known.
    silent: Vec<Vec<u8>>,
}

impl<'s, 't> Search<'s, 't> {
    fn new(channel: &'s mut Channel<'t>, selection: &'s mut Selection, interface: Interface) -> Self {
        Self {
            channel,
            selection,
            interface,
            applications: Vec::new(),
            files: Vec::new(),
            ef_dir: None,
            listed: Vec::new(),
            silent: Vec::new(),
        }
    }

    /// A card that looks like one that describes itself, but does so wrongly, may fit another profile still: the fault is kept.
    fn unless_wrong(
        &self,
        outcome: Result<Layout, CardError>,
        fault: &mut Option<CardError>,
    ) -> Result<Option<Layout>, CardError> {
        match outcome {
            Ok(layout) => Ok(Some(layout)),
            Err(CardError::Unknown) => Ok(None),
            Err(error @ (CardError::Misbehaved(_) | CardError::Refused { .. }))
                if !error.ends_everything() && !self.channel.has_ended() =>
            {
                fault.get_or_insert(error);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The layout, if the card is of this profile.
    fn attempt(
        &mut self,
        profile: &Profile,
        hinted: bool,
        fault: &mut Option<CardError>,
    ) -> Result<Option<Layout>, CardError> {
        self.channel.set_link(profile.link);
        match (self.recognise(profile, hinted), &profile.structure) {
            // what fails while a make is looked for is not given to a profile that fits any card: it would present the PIN
            // in vain
            (Err(CardError::Unknown), _) => Ok(None),
            (outcome, Structure::Fixed { .. }) => outcome.map(Some),
            (outcome, _) => self.unless_wrong(outcome, fault),
        }
    }

    fn recognise(&mut self, profile: &Profile, hinted: bool) -> Result<Layout, CardError> {
        let recognise = &profile.recognise;
        match &profile.structure {
            // these look for their application themselves: it may have several names, or none that can be selected
            Structure::Pkcs15(quirks) => {
                self.also_has(&recognise.files, &recognise.ef_dir)?;
                let registered = self.has_application(&pkcs15::APPLICATION)?;
                let discover = if registered { pkcs15::discover } else { pkcs15::discover_by_ef_dir };
                discover(self.channel, self.selection, &profile.name, profile.link, *quirks)
            }
            Structure::IasEcc { applications } => {
                self.also_has(&recognise.files, &recognise.ef_dir)?;
                let mut there = Vec::new();
                for application in std::iter::once(&recognise.application).chain(applications) {
                    if self.has_application(application)? {
                        there.push(application);
                    }
                }
                ias_ecc::discover(
                    self.channel,
                    self.selection,
                    &profile.name,
                    profile.link,
                    self.interface,
                    there,
                    &mut Vec::new(),
                )
            }
            Structure::Piv => {
                self.has_all(profile, hinted)?;
                piv::discover(self.channel, self.selection, &profile.name, profile.link)
            }
            Structure::Fixed { layout, from_objects } => {
                self.has_all(profile, hinted)?;
                let mut layout = layout.clone();
                for role in from_objects {
                    self.complete(&mut layout, *role)?;
                }
                Ok(layout)
            }
        }
    }

    fn has_all(&mut self, profile: &Profile, hinted: bool) -> Result<(), CardError> {
        let recognise = &profile.recognise;
        if !self.has_application(&recognise.application)? {
            return Err(CardError::Unknown);
        }
        if !hinted {
            self.also_has(&recognise.files_without_hint, &[])?;
        }
        self.also_has(&recognise.files, &recognise.ef_dir)
    }

    fn also_has(&mut self, files: &[FileLocation], ef_dir: &[Vec<u8>]) -> Result<(), CardError> {
        for file in files {
            if !self.has_file(file)? {
                return Err(CardError::Unknown);
            }
        }
        if !ef_dir.is_empty() {
            let content = self.ef_dir()?;
            let is_there = |wanted: &Vec<u8>| content.windows(wanted.len()).any(|bytes| bytes == wanted);
            if !ef_dir.iter().all(is_there) {
                return Err(CardError::Unknown);
            }
        }
        Ok(())
    }

    fn has_application(&mut self, identifier: &[u8]) -> Result<bool, CardError> {
        if let Some((_, there)) = self.applications.iter().find(|(known, _)| known == identifier) {
            return Ok(*there);
        }
        let there = match self.selection.enter(self.channel, &FileLocation::application(identifier)) {
            Ok(()) => true,
            Err(CardError::Refused { .. }) => false,
            Err(error) => return Err(error),
        };
        self.applications.push((identifier.to_vec(), there));
        Ok(there)
    }

    fn has_file(&mut self, location: &FileLocation) -> Result<bool, CardError> {
        if let Some((_, there)) = self.files.iter().find(|(known, _)| known == location) {
            return Ok(*there);
        }
        if let Some(application) = &location.application
            && !self.has_application(application)?
        {
            return Ok(false);
        }
        let there = self.selection.has(self.channel, location)?;
        self.files.push((location.clone(), there));
        Ok(there)
    }

    /// EF.DIR, empty if there is none; read once.
    fn ef_dir(&mut self) -> Result<Vec<u8>, CardError> {
        if let Some(content) = &self.ef_dir {
            return Ok(content.clone());
        }
        let at_once = if self.selection.is_in_master_file() {
            ef_dir::read_by_short_identifier(self.channel)?
        } else {
            None
        };
        let content = match at_once {
            Some(content) => content,
            None => self.description_file(ef_dir::PATH)?,
        };
        self.ef_dir = Some(content.clone());
        Ok(content)
    }

    /// A file that describes the card as a whole, empty if there is none, or none for us.
    fn description_file(&mut self, path: [u8; 4]) -> Result<Vec<u8>, CardError> {
        let file = FileLocation { path: path.to_vec(), ..FileLocation::default() };
        match self.selection.read(self.channel, &file, MAX_DESCRIPTION) {
            Err(
                CardError::Refused { command: "SELECT", .. }
                | CardError::Refused { status: StatusWord::SECURITY_STATUS, .. },
            ) => Ok(Vec::new()),
            outcome => outcome,
        }
    }

    /// Certificate, kind of key and key reference from the objects in the application of the key. A card without objects
    /// there has no such credential.
    fn complete(&mut self, layout: &mut Layout, role: Role) -> Result<(), CardError> {
        let Some(place) = layout.credentials.iter().position(|credential| credential.role == role) else {
            return Ok(());
        };
        let Some(credential) = layout.credentials.get_mut(place) else { return Ok(()) };
        let application = credential.key.directory.clone();
        match object_walk::read(self.channel, self.selection, &application) {
            Ok(found) => {
                credential.certificate = CertificateLocation::File(FileLocation {
                    application: application.application,
                    path: found.certificate.identifiers,
                    part: found.certificate.part,
                });
                credential.key.reference = found.key_reference.or(credential.key.reference);
                let is_ec = found.kind == KeyKind::Ec;
                credential.key.methods.retain(|method| (method.scheme == Scheme::Ecdsa) == is_ec);
                Ok(())
            }
            Err(CardError::Refused { .. }) => {
                layout.credentials.remove(place);
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}

//! The test bed.

use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bitaqa_virtual_card::{CardSpec, Pki, card::RenewalError, private_key::KeyError, spec::SpecError};

use crate::{
    card_handle::CardHandle, driver_library, own_folder::OwnFolder, pin_pad::PinPad,
    reader_options::ReaderOptions, service::Service, slot::Slot,
};

/// Most readers that a pcscd can have.
const MAX_READERS: usize = 16;

/// Orders a test bed.
#[derive(Debug, Clone, Default)]
pub struct Builder {
    readers: Vec<ReaderOptions>,
}

impl Builder {
    /// Adds a reader. Readers are numbered from 0 in this order.
    #[must_use]
    pub fn reader(mut self, options: ReaderOptions) -> Self {
        self.readers.push(options);
        self
    }

    /// Starts pcscd with these readers; without any, it is a computer without a reader.
    ///
    /// # Errors
    /// [`TestbedError`] says what is missing and how to get it.
    pub fn start(self) -> Result<Testbed, TestbedError> {
        let folder = OwnFolder::create()?;
        let pki = Pki::generate()?;
        let pki_folder = folder.path().join("pki");
        fs::create_dir(&pki_folder)?;
        pki.write(&pki_folder)?;
        let driver = folder.path().join("driver.so");
        std::os::unix::fs::symlink(driver_library::find().ok_or(TestbedError::DriverMissing)?, &driver)?;
        let bed = Testbed { state: Mutex::default(), pki, folder };
        bed.start_service_with(&self.readers)?;
        Ok(bed)
    }
}

/// A card environment.
pub struct Testbed {
    // dropped first: the daemon ends before the sockets and the folder go
    state: Mutex<State>,
    pki: Pki,
    folder: OwnFolder,
}

#[derive(Default)]
struct State {
    service: Option<Service>,
    readers: Vec<ReaderOptions>,
    slots: Vec<Slot>,
}

impl Testbed {
    /// Orders a test bed.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// A test bed with plain readers of these names.
    ///
    /// # Errors
    /// As [`Builder::start`].
    pub fn with_readers(names: &[&str]) -> Result<Self, TestbedError> {
        let named = |name: &&str| ReaderOptions { name: (*name).into(), ..ReaderOptions::default() };
        names.iter().map(named).fold(Self::builder(), Builder::reader).start()
    }

    /// The value of `PCSCLITE_CSOCK_NAME` for clients.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.run_folder().join("pcscd.comm")
    }

    /// A command with `PCSCLITE_CSOCK_NAME` set.
    #[must_use]
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env("PCSCLITE_CSOCK_NAME", self.socket());
        command
    }

    /// The folder with `root.pem`, `issuing.pem` and `issuers.toml`.
    #[must_use]
    pub fn pki_dir(&self) -> PathBuf {
        self.folder.path().join("pki")
    }

    /// The infrastructure that the cards' certificates come from.
    #[must_use]
    pub fn pki(&self) -> &Pki {
        &self.pki
    }

    /// Makes a card and puts it into a reader; one that is there already is taken out first. Waits until pcscd noticed.
    ///
    /// # Errors
    /// [`TestbedError`] when there is no such reader or the card cannot be made.
    pub fn insert(&self, reader: usize, card: &CardSpec) -> Result<CardHandle, TestbedError> {
        let handle = self.make(card)?;
        self.insert_again(reader, &handle)?;
        Ok(handle)
    }

    /// Makes a card that stays out of the readers for now.
    ///
    /// # Errors
    /// [`TestbedError`] when the card cannot be made.
    pub fn make(&self, card: &CardSpec) -> Result<CardHandle, TestbedError> {
        Ok(CardHandle::new(card.make(&self.pki)?))
    }

    /// Puts a card into a reader that was made before, with whatever happened to it since.
    ///
    /// # Errors
    /// [`TestbedError::Reader`] when there is no such reader.
    pub fn insert_again(&self, reader: usize, card: &CardHandle) -> Result<(), TestbedError> {
        let state = self.state();
        let slot = state.slot(reader)?;
        slot.insert(card.clone());
        state.settle(slot);
        Ok(())
    }

    /// Makes a card and puts it in the place of the one in a reader, so quickly that pcscd does not notice; it hears of the
    /// new one when somebody resets the card.
    ///
    /// # Errors
    /// [`TestbedError`] when there is no such reader or the card cannot be made.
    pub fn swap_unseen(&self, reader: usize, card: &CardSpec) -> Result<CardHandle, TestbedError> {
        let handle = self.make(card)?;
        self.state().slot(reader)?.swap_unseen(handle.clone());
        Ok(handle)
    }

    /// Takes the card out of a reader. Waits until pcscd noticed.
    ///
    /// # Errors
    /// [`TestbedError::Reader`] when there is no such reader.
    pub fn remove(&self, reader: usize) -> Result<(), TestbedError> {
        let state = self.state();
        let slot = state.slot(reader)?;
        if slot.remove() {
            state.settle(slot);
        }
        Ok(())
    }

    /// The card in a reader, if there is one.
    ///
    /// # Errors
    /// [`TestbedError::Reader`] when there is no such reader.
    pub fn card(&self, reader: usize) -> Result<Option<CardHandle>, TestbedError> {
        Ok(self.state().slot(reader)?.card())
    }

    /// The card that is in a reader, or was in it last.
    ///
    /// # Errors
    /// [`TestbedError::Reader`] when there is no such reader.
    pub fn last_card(&self, reader: usize) -> Result<Option<CardHandle>, TestbedError> {
        Ok(self.state().slot(reader)?.last_card())
    }

    /// The key pad of a reader.
    ///
    /// # Errors
    /// [`TestbedError::Reader`] when there is no such reader.
    pub fn pin_pad(&self, reader: usize) -> Result<PinPad, TestbedError> {
        Ok(self.state().slot(reader)?.pin_pad().clone())
    }

    /// Stops pcscd as the system does; cards stay in their readers.
    pub fn stop_service(&self) {
        self.end_service(Service::stop);
    }

    /// Kills pcscd, as a crash would.
    pub fn kill_service(&self) {
        self.end_service(Service::kill);
    }

    /// Starts pcscd again with the same readers.
    ///
    /// # Errors
    /// [`TestbedError`] when it does not start.
    pub fn start_service(&self) -> Result<(), TestbedError> {
        let readers = self.state().readers.clone();
        self.start_service_with(&readers)
    }

    /// Starts pcscd (again) with these readers. Cards stay in readers that have the same number.
    ///
    /// # Errors
    /// [`TestbedError`] when it does not start.
    pub fn start_service_with(&self, readers: &[ReaderOptions]) -> Result<(), TestbedError> {
        if readers.len() > MAX_READERS {
            return Err(TestbedError::TooManyReaders);
        }
        self.stop_service();
        let mut state = self.state();
        state.slots.truncate(readers.len());
        for number in state.slots.len()..readers.len() {
            state.slots.push(Slot::open(&self.folder.path().join(format!("r{number}")))?);
        }
        state.readers = readers.to_vec();
        self.configure(&state)?;
        let folder = self.folder.path();
        let service = Service::start(&self.run_folder(), &folder.join("conf"), &folder.join("pcscd.log"))?;
        for slot in &state.slots {
            if !slot.settle(Duration::from_secs(10)) {
                let words = fs::read_to_string(folder.join("pcscd.log")).unwrap_or_default();
                return Err(TestbedError::ServiceDidNotStart(words));
            }
        }
        state.service = Some(service);
        Ok(())
    }

    /// An empty folder is "no reader".
    fn configure(&self, state: &State) -> io::Result<()> {
        let folder = self.folder.path().join("conf");
        let file = folder.join("readers");
        fs::create_dir_all(&folder)?;
        if state.readers.is_empty() {
            return if file.exists() { fs::remove_file(file) } else { Ok(()) };
        }
        let driver = self.folder.path().join("driver.so");
        let text: String = state
            .readers
            .iter()
            .zip(&state.slots)
            .map(|(reader, slot)| reader.configuration(slot.path(), &driver))
            .collect();
        fs::write(file, text)
    }

    fn end_service(&self, how: impl FnOnce(Service)) {
        let mut state = self.state();
        if let Some(service) = state.service.take() {
            how(service);
        }
        for slot in &state.slots {
            slot.forget_driver();
        }
    }

    fn run_folder(&self) -> PathBuf {
        self.folder.path().join("run")
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What pcscd said, for a test that failed.
    #[must_use]
    pub fn service_log(&self) -> String {
        fs::read_to_string(self.folder.path().join("pcscd.log")).unwrap_or_default()
    }

    /// A folder that goes with the test bed.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl State {
    /// Waits until pcscd knows, so that a client that is started now sees what happened.
    ///
    /// In the midst of a command pcscd notices nothing; then the test goes on without waiting for ever.
    fn settle(&self, slot: &Slot) {
        if self.service.is_some() {
            slot.settle(Duration::from_secs(2));
        }
    }

    fn slot(&self, reader: usize) -> Result<&Slot, TestbedError> {
        self.slots.get(reader).ok_or(TestbedError::Reader(reader))
    }
}

/// Why the test bed cannot do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum TestbedError {
    /// A program is not installed.
    #[error("{program} is not installed; on Debian: apt-get install {package}")]
    Missing {
        /// The program.
        program: &'static str,
        /// The Debian package.
        package: &'static str,
    },
    /// The reader driver was not found.
    #[error(
        "libbitaqa_virtual_reader.so is neither beside this program nor named by BITAQA_VIRTUAL_READER; \
         cargo build -p bitaqa-virtual-reader makes it"
    )]
    DriverMissing,
    /// pcscd ended, or did not open its socket in time.
    #[error("pcscd did not start; it said: {0}")]
    ServiceDidNotStart(String),
    /// There is no such reader.
    #[error("there is no reader {0}")]
    Reader(usize),
    /// No card was in that reader so far.
    #[error("no card was in reader {0} so far")]
    NoCardYet(usize),
    /// pcscd cannot have so many readers.
    #[error("pcscd has at most 16 readers")]
    TooManyReaders,
    /// The card cannot be made.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// A key cannot be made.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A certificate cannot take the place of another one.
    #[error(transparent)]
    Renewal(#[from] RenewalError),
    /// Files, sockets or processes.
    #[error(transparent)]
    System(#[from] io::Error),
    /// A thread of the test bed ended without a word.
    #[error("a thread of the test bed ended without a word")]
    Internal,
}

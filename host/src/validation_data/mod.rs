//! Validation data for the extension, which fetches nothing itself (`docs/validation-data.md`).
//!
//! What may be fetched, and from where, is decided by `bitaqa-fetch`, as on the command line. Here it gets a thread of its own, since
//! it blocks. Nothing of an address, a question or an answer is printed or put into a report.
//!
//! | file | which part |
//! |---|---|
//! | [`fetching`] | from what is wanted to an answer |
//! | [`report`] | what went wrong, in the catalogue's words |

mod fetching;
mod report;

use std::{
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use bitaqa_fetch::{Client, Configuration, Kind, UserFolder};
use bitaqa_protocol::{
    ErrorReport,
    validation_data::{
        Address, AuthorityName, DataOrigin, FailedAuthority, Freshness, SourceKind, SourceName, WantedData,
    },
};
use tokio::sync::{Semaphore, oneshot};

/// Most fetches side by side; others wait.
const MAX_THREADS: usize = 4;

/// What was fetched.
#[derive(Debug)]
pub(crate) struct Fetched {
    /// The bytes.
    pub(crate) data: Vec<u8>,
    /// Where they come from.
    pub(crate) origin: DataOrigin,
    /// Who gave the time stamp, if it is one.
    pub(crate) authority: Option<AuthorityName>,
    /// Who was asked for it in vain.
    pub(crate) failed: Vec<FailedAuthority>,
}

/// Whom the administrator's configuration names.
#[derive(Debug)]
pub(crate) struct Services {
    /// For time stamps, in their order.
    pub(crate) time_stamp_authorities: Vec<AuthorityName>,
    /// For everything else.
    pub(crate) sources: Vec<SourceName>,
}

/// Whoever fetches for this process.
pub(crate) struct Network {
    client: Arc<KeptClient>,
    threads: Arc<Semaphore>,
}

impl Network {
    /// One that has read nothing yet.
    pub(crate) fn new() -> Self {
        Self { client: Arc::default(), threads: Arc::new(Semaphore::new(MAX_THREADS)) }
    }

    /// Fetches. Whoever drops this future learns nothing more: a fetch that runs ends by its own limits, ten seconds at most, and
    /// nobody else is asked.
    ///
    /// # Errors
    /// [`ErrorReport`], ready for the extension.
    pub(crate) async fn fetch(
        &self,
        wanted: WantedData,
        freshness: Freshness,
    ) -> Result<Fetched, ErrorReport> {
        let permit = Arc::clone(&self.threads).acquire_owned().await.map_err(|_| report::no_thread())?;
        self.work(move |client, asker| {
            let fetched = fetching::fetch(client, wanted, freshness, asker);
            // not before the thread is done, though nobody may wait for it any more
            drop(permit);
            fetched
        })
        .await
    }

    /// Says whom the configuration names. Nobody is asked.
    ///
    /// # Errors
    /// [`ErrorReport`], ready for the extension.
    pub(crate) async fn services(&self) -> Result<Services, ErrorReport> {
        self.work(|client, _| Ok(services(client.configuration()))).await
    }

    /// Does something that blocks, on a thread of its own.
    async fn work<T: Send + 'static>(
        &self,
        what: impl FnOnce(&Client, &Asker<T>) -> Result<T, ErrorReport> + Send + 'static,
    ) -> Result<T, ErrorReport> {
        let (sender, answer) = oneshot::channel();
        let (asker, kept) = (Asker(sender), Arc::clone(&self.client));
        let work = move || {
            let outcome = kept.client().and_then(|client| what(&client, &asker));
            // the answer of one who is gone interests nobody
            let _ = asker.0.send(outcome);
        };
        thread::Builder::new().name("validation-data".into()).spawn(work).map_err(|_| report::no_thread())?;
        answer.await.map_err(|_| report::no_thread())?
    }
}

/// Who waits for an answer.
struct Asker<T>(oneshot::Sender<Result<T, ErrorReport>>);

impl<T> Asker<T> {
    /// Whether nobody waits any more.
    fn is_gone(&self) -> bool {
        self.0.is_closed()
    }
}

/// The client, made with the first request that needs it: it reads the configuration, and later the authorities of the system.
#[derive(Default)]
struct KeptClient(Mutex<Option<Arc<Client>>>);

impl KeptClient {
    /// The client. A configuration that cannot be used is looked at again the next time.
    fn client(&self) -> Result<Arc<Client>, ErrorReport> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = &*kept {
            return Ok(Arc::clone(client));
        }
        let configuration =
            Configuration::of_this_computer().map_err(|fault| report::configuration(&fault))?;
        // the person was told whom to ask, and not whom that one names
        let mut client = Client::new(configuration).within_hosts();
        // where nothing can be kept everything is fetched each time
        if let Some(folder) = UserFolder::usual_place().and_then(|path| UserFolder::open(&path).ok()) {
            client = client.with_folder(folder);
        }
        Ok(Arc::clone(kept.insert(Arc::new(client))))
    }
}

fn services(configuration: &Configuration) -> Services {
    let kinds = [
        (Kind::Ocsp, SourceKind::Ocsp),
        (Kind::Crl, SourceKind::Crl),
        (Kind::IssuerCertificate, SourceKind::IssuerCertificate),
        (Kind::TrustedList, SourceKind::TrustedList),
    ];
    let sources = kinds.into_iter().flat_map(|(kind, said)| {
        let sources = configuration.sources(kind).into_iter();
        sources.filter_map(move |url| {
            let url = url.url();
            let address = Address::parse(&url.to_string()).ok()?;
            Some(SourceName { kind: said, host: url.host().to_string(), url: address })
        })
    });
    let authorities = configuration.time_stamp_authorities().iter().map(fetching::name_of);
    Services { time_stamp_authorities: authorities.collect(), sources: sources.collect() }
}

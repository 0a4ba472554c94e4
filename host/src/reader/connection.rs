//! One card in one reader, on a thread of its own.
//!
//! PC/SC calls block, some without limit (another program's transaction). So each connection has a thread that owns
//! context and card, is given work, and can be given up: the caller waits as long as it wants, and the thread ends by
//! itself when its call returns.

use std::{
    ffi::CString,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
};

use bitaqa_card::TransportError;
use pcsc::{Card, Context, Disposition, Error, Protocols, Scope, ShareMode};
use tokio::sync::oneshot;

pub use super::transport::Usage;
use super::{
    pin_pad::{Features, features},
    threads,
    transport::{PcscTransport, limits, transport_error},
};

/// What is done inside one transaction.
type Work = Box<dyn FnOnce(&mut PcscTransport<'_>) + Send>;

/// A connection to the card in one reader; the card is shared with other programs except during a transaction.
pub struct Connection {
    jobs: mpsc::Sender<Job>,
    cancelled: Arc<AtomicBool>,
}

struct Job {
    after: AfterTransaction,
    work: Work,
    failed: oneshot::Sender<TransportError>,
}

/// What happens to the card when a transaction ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterTransaction {
    /// Nothing.
    Leave,
    /// It is reset, so that no PIN stays verified.
    Reset,
}

/// A transaction did not take place.
pub type ConnectionError = TransportError;

impl Connection {
    /// Prepares a connection; the card is connected in its first transaction.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn open(reader: CString) -> std::io::Result<Self> {
        let (jobs, queue) = mpsc::channel::<Job>();
        let cancelled = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&cancelled);
        threads::spawn("card", move || serve(&reader, &queue, &flag))?;
        Ok(Self { jobs, cancelled })
    }

    /// Runs `work` inside one transaction and gives back what it returns, with what it cost.
    ///
    /// Dropping the returned future gives the transaction up: work that has not begun is not done, and work under way gets
    /// [`TransportError::Cancelled`] at its next command.
    ///
    /// # Errors
    /// [`TransportError`] if the card could not be had; what goes wrong inside is part of what `work` returns.
    pub async fn transaction<T: Send + 'static>(
        &self,
        after: AfterTransaction,
        work: impl FnOnce(&mut PcscTransport<'_>) -> T + Send + 'static,
    ) -> Result<(T, Usage), ConnectionError> {
        let (done, outcome) = oneshot::channel();
        let (failed, failure) = oneshot::channel();
        let work: Work = Box::new(move |transport| {
            let value = work(transport);
            let _ = done.send((value, transport.usage));
        });
        self.jobs.send(Job { after, work, failed }).map_err(|_| TransportError::ReaderGone)?;
        let mut guard = CancelOnDrop { flag: &self.cancelled, armed: true };
        let outcome = outcome.await;
        guard.armed = false;
        match outcome {
            Ok(outcome) => Ok(outcome),
            Err(_) => Err(failure.await.unwrap_or(TransportError::ReaderGone)),
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.cancelled.store(true, Ordering::SeqCst);
    }
}

/// A transaction that nobody waits for any more must not go on to sign.
struct CancelOnDrop<'a> {
    flag: &'a AtomicBool,
    armed: bool,
}

impl Drop for CancelOnDrop<'_> {
    fn drop(&mut self) {
        if self.armed {
            self.flag.store(true, Ordering::SeqCst);
        }
    }
}

fn serve(reader: &CString, queue: &mpsc::Receiver<Job>, cancelled: &Arc<AtomicBool>) {
    let mut connected: Option<Connected> = None;
    // whether the card is open by the reader's doing
    let mut has_channel = false;
    while let Ok(job) = queue.recv() {
        let Job { after, work, failed } = job;
        if let Err(error) = run(reader, &mut connected, &mut has_channel, after, work, cancelled) {
            let disposition = at_the_end(connected.as_ref(), has_channel);
            leave(&mut connected, disposition);
            has_channel = false;
            let _ = failed.send(error);
        }
    }
    let disposition = at_the_end(connected.as_ref(), has_channel);
    leave(&mut connected, disposition);
}

/// How the card is left when its connection ends: reset where other programs would find it open, and undisturbed otherwise, as a
/// card is that came into its place, or that somebody else has reset.
fn at_the_end(connected: Option<&Connected>, has_channel: bool) -> Disposition {
    match connected {
        Some((card, _)) if has_channel && card.status2_owned().is_ok() => Disposition::ResetCard,
        _ => Disposition::LeaveCard,
    }
}

/// A connected card, and what its reader can do where that could be asked.
type Connected = (Card, Option<Features>);

/// Without this, dropping the card would reset it under other programs.
fn leave(connected: &mut Option<Connected>, disposition: Disposition) {
    if let Some((card, _)) = connected.take()
        && let Err((card, _)) = card.disconnect(disposition)
    {
        let _ = card.disconnect(Disposition::LeaveCard);
    }
}

fn run(
    reader: &CString,
    connected: &mut Option<Connected>,
    has_channel: &mut bool,
    after: AfterTransaction,
    work: Work,
    cancelled: &Arc<AtomicBool>,
) -> Result<(), TransportError> {
    let mut is_continued = connected.is_some();
    let (card, known) = match connected {
        Some(connected) => connected,
        None => {
            let context = Context::establish(Scope::User).map_err(transport_error)?;
            let card = context.connect(reader, ShareMode::Shared, Protocols::ANY).map_err(transport_error)?;
            connected.insert((card, None))
        }
    };
    let transaction = match card.transaction2() {
        Ok(transaction) => transaction,
        // somebody reset the card since our last transaction; nothing of ours was on it
        Err((card, Error::ResetCard)) => {
            is_continued = false;
            card.reconnect(ShareMode::Shared, Protocols::ANY, Disposition::LeaveCard)
                .map_err(transport_error)?;
            card.transaction().map_err(transport_error)?
        }
        Err((_, error)) => return Err(transport_error(error)),
    };
    if cancelled.load(Ordering::SeqCst) {
        return Err(TransportError::Cancelled);
    }
    if known.is_none() {
        *known = features(&transaction);
    }
    let features = known.unwrap_or_default();
    let limits = limits(features.max_apdu_data);
    let transport = PcscTransport::new(&transaction, features, limits, Arc::clone(cancelled));
    let mut transport = transport.continued(is_continued, *has_channel);
    work(&mut transport);
    *has_channel = transport.channel_is_kept();
    let disposition = match after {
        _ if *has_channel => Disposition::LeaveCard,
        AfterTransaction::Leave => Disposition::LeaveCard,
        AfterTransaction::Reset => Disposition::ResetCard,
    };
    let has_ended = transaction.end(disposition).is_ok();
    if !has_ended {
        *has_channel = false;
        // The card is gone or was reset: the next transaction connects anew. Where it is still there, no PIN may stay
        // verified on it.
        leave(
            connected,
            match after {
                AfterTransaction::Leave => Disposition::LeaveCard,
                AfterTransaction::Reset => Disposition::UnpowerCard,
            },
        );
    }
    Ok(())
}

//! PIN and signature: the second transaction.

use std::{
    ops::ControlFlow,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use bitaqa_card::{
    Card, CardError, PinEntry, PinStatus, PinVerdict, Series, SignedSeries, TransportError,
    signature::{KeySize, ToBeSigned},
};
use bitaqa_protocol::{
    AuthToken, Challenge, ErrorCode, ErrorReport,
    auth_token::{FORMAT, TokenAlgorithm},
    encode_base64,
    host::FromHost,
};
use bitaqa_trust::auth_token::signed_digest;
use tokio::{sync::mpsc, time::sleep};

use super::{
    ANSWER_LIMIT, Flow, MISSING_LIMIT, PATIENCE,
    ask::Answer,
    candidate::{Candidate, card_algorithm},
    same_card::Asked,
    screen::PersonDid,
};
use crate::{
    key_size,
    reader::{Usage, connection::AfterTransaction, transport::PcscTransport},
    window::{
        LockedPin,
        message::{Missing, Step},
    },
};

/// The software that made the token.
const APP_VERSION: &str = concat!("https://bitaqa.org/host/", env!("CARGO_PKG_VERSION"));

/// What came of the second transaction.
pub(super) enum SignOutcome {
    /// Done, or as much of it as the card did.
    Signed(Series),
    /// The card refused the PIN and has tries left.
    WrongPin {
        /// How many, where the card says so.
        tries_left: Option<u8>,
    },
    /// The card left its reader before a PIN was presented.
    CardLeft,
    /// The reader opened the card, and somebody has reset it since: it has to be opened again. No PIN was presented.
    ChannelGone,
}

/// What is signed after one entry of the PIN.
pub(super) struct ToSign {
    /// What.
    pub(super) what: Arc<[What]>,
    /// What of how many documents this is, where there are documents.
    pub(super) counted: Option<Counted>,
}

/// One thing to be signed.
pub(super) struct What {
    /// How.
    pub(super) algorithm: TokenAlgorithm,
    /// What the card gets, or the digest of it.
    pub(super) bytes: Bytes,
}

/// What is signed of it.
pub(super) enum Bytes {
    /// A digest, made with the algorithm's hash.
    Digest(Vec<u8>),
    /// A message.
    Message(Vec<u8>),
}

/// Where in a request something stands.
#[derive(Clone, Copy)]
pub(super) struct Counted {
    /// How many documents were signed before.
    pub(super) before: usize,
    /// How many there are.
    pub(super) total: usize,
}

/// What the card is asked.
struct Order {
    card: Asked,
    size: KeySize,
    what: Arc<[What]>,
    /// Hears how many are signed; nobody hears it when the request was given up, and then the card signs no more.
    signed: mpsc::UnboundedSender<usize>,
}

impl Flow<'_> {
    /// What a sign-in signs.
    pub(super) fn to_sign_in(
        &self,
        candidate: &Candidate,
        challenge: &Challenge,
    ) -> Result<ToSign, ErrorReport> {
        let internal = || ErrorReport::new(ErrorCode::InternalError);
        let origin = self.origin.as_ref().ok_or_else(internal)?;
        let algorithm = candidate.algorithm.ok_or_else(internal)?;
        let bytes = Bytes::Digest(signed_digest(algorithm, origin, challenge));
        Ok(ToSign { what: Arc::new([What { algorithm, bytes }]), counted: None })
    }

    /// The token that a signature makes.
    pub(super) fn token(&self, candidate: &Candidate, series: &Series) -> Result<AuthToken, ErrorReport> {
        let signature = series.signatures.first();
        match (signature, candidate.algorithm, &self.origin) {
            (Some(signature), Some(algorithm), Some(_)) => Ok(token(&candidate.der, algorithm, signature)),
            _ => Err(ErrorReport::new(ErrorCode::InternalError)),
        }
    }

    /// Presents the PIN, once, and signs.
    pub(super) async fn sign(
        &mut self,
        candidate: &Candidate,
        answer: Answer,
        to_sign: &ToSign,
    ) -> Result<SignOutcome, ErrorReport> {
        // the readers may have changed since the person answered
        if !candidate.is_still_there(&self.readers.borrow()) {
            return Ok(SignOutcome::CardLeft);
        }
        let (told, mut signed) = mpsc::unbounded_channel();
        let order = Order {
            card: Asked::about(candidate, &self.desk.profiles),
            size: key_size(candidate.certificate.public_key().kind()),
            what: Arc::clone(&to_sign.what),
            signed: told,
        };
        let on_pad = matches!(answer, Answer::PinPad);
        let entry = Entry::new(answer);
        // whatever ends this wait also ends the PIN, even while another program keeps the transaction from beginning
        let _forgotten = ForgetOnDrop(entry.clone());
        let (begun, mut has_begun) = tokio::sync::oneshot::channel();
        let transaction = candidate.connection.transaction(AfterTransaction::Reset, move |transport| {
            let _ = begun.send(());
            let outcome = present(transport, &order, &entry);
            (outcome, transport.usage.pin_presented)
        });
        let mut transaction = std::pin::pin!(transaction);
        if !on_pad {
            self.screen.show(Step::Signing {})?;
        }
        let started = Instant::now();
        let patience = sleep(PATIENCE);
        let mut patience = std::pin::pin!(patience);
        let limit = sleep(if on_pad { ANSWER_LIMIT } else { MISSING_LIMIT });
        let mut limit = std::pin::pin!(limit);
        let mut waiting = false;
        let outcome = loop {
            tokio::select! {
                outcome = &mut transaction => break outcome,
                begun = &mut has_begun, if !has_begun.is_terminated() => if begun.is_ok() && waiting && !on_pad {
                    self.screen.show(Step::Signing {})?;
                },
                Some(count) = signed.recv() => {
                    self.report_signed(to_sign.counted, count);
                    limit.as_mut().reset(tokio::time::Instant::now() + MISSING_LIMIT);
                }
                () = &mut patience, if !waiting => {
                    waiting = true;
                    if !has_begun.is_terminated() {
                        self.screen.show(Step::Waiting { missing: Missing::FreeReader })?;
                    }
                },
                did = self.screen.person() => if let PersonDid::Cancel = did? {
                    // what they gave up on is what the window said
                    let busy = waiting && !has_begun.is_terminated();
                    let code = if busy { ErrorCode::ReaderBusy } else { ErrorCode::UserCancelled };
                    return Err(ErrorReport::new(code));
                },
                () = &mut limit => {
                    let begun = has_begun.is_terminated();
                    return Err(ErrorReport::new(match (on_pad, begun) {
                        (true, true) => ErrorCode::UserTimeout,
                        (false, true) => ErrorCode::ReaderFault,
                        (_, false) => ErrorCode::ReaderBusy,
                    }));
                }
            }
        };
        while let Ok(count) = signed.try_recv() {
            self.report_signed(to_sign.counted, count);
        }
        if on_pad {
            self.person += started.elapsed();
        }
        self.conclude(candidate, outcome)
    }

    /// Tells the extension how many documents are signed.
    fn report_signed(&self, counted: Option<Counted>, count: usize) {
        if let Some(Counted { before, total }) = counted {
            let number = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
            let (count, total) = (number(before + count), number(total));
            self.outgoing.send(FromHost::Signed { id: self.id.clone(), count, total });
        }
    }

    fn conclude(
        &mut self,
        candidate: &Candidate,
        outcome: Result<(Attempt, Usage), TransportError>,
    ) -> Result<SignOutcome, ErrorReport> {
        let (outcome, pin_presented) = match outcome {
            Ok((presented, usage)) => {
                self.add_usage(usage);
                presented
            }
            // the transaction did not begin
            Err(error) => (Err(CardError::Transport(error)), false),
        };
        match outcome {
            Ok(Presented::Answer(SignedSeries::Series(series), _)) => Ok(SignOutcome::Signed(series)),
            Ok(Presented::Answer(SignedSeries::PinRefused(verdict), status)) => refused(verdict, status),
            Ok(Presented::ChannelGone) => {
                // whoever reset the card may have put in another one: nothing that is known of it is taken for granted
                self.cache().forget(&candidate.reader);
                Ok(SignOutcome::ChannelGone)
            }
            Ok(Presented::AnotherCard) => {
                // it came unseen: what is known of the card before is not true of this one
                self.cache().forget(&candidate.reader);
                Err(ErrorReport::new(ErrorCode::CardChanged))
            }
            Err(CardError::Transport(TransportError::Removed | TransportError::Reset)) if !pin_presented => {
                Ok(SignOutcome::CardLeft)
            }
            Err(error) => Err(report(&error)),
        }
    }
}

/// What came of the transaction, and whether the card saw a PIN at all.
type Attempt = (Result<Presented, CardError>, bool);

/// What came of PIN and signature.
enum Presented {
    /// What the card said, with the tries left afterwards.
    Answer(SignedSeries, PinStatus),
    /// It is another card; it saw no PIN.
    AnotherCard,
    /// It is closed again; it saw no PIN.
    ChannelGone,
}

fn present(transport: &mut PcscTransport<'_>, order: &Order, entry: &Entry) -> Result<Presented, CardError> {
    let on_reader = order.card.is_opened_on_reader();
    if on_reader && !transport.has_channel() {
        return Ok(Presented::ChannelGone);
    }
    let is_continued = transport.is_continued();
    let outcome = match order.card.the_same(transport, is_continued) {
        Ok(Some(card)) => verify_and_sign(card, order, entry),
        Ok(None) => return Ok(Presented::AnotherCard),
        Err(error) => Err(error),
    };
    match outcome {
        // nothing is verified, and the next try needs no number
        Ok((signed @ SignedSeries::PinRefused(_), status)) => {
            if on_reader {
                transport.keep_channel();
            }
            Ok(Presented::Answer(signed, status))
        }
        Ok((signed, status)) => Ok(Presented::Answer(signed, status)),
        // it does not know the keys of the reader's session
        Err(CardError::Refused { .. } | CardError::Misbehaved(_))
            if on_reader && !transport.usage.pin_presented =>
        {
            Ok(Presented::AnotherCard)
        }
        Err(error) => Err(error),
    }
}

/// Where the PIN comes from, for a transaction that may never begin: the PIN is taken out when it has begun, or forgotten
/// when it is given up.
#[derive(Clone)]
enum Entry {
    PinPad,
    Pin(Arc<Mutex<Option<LockedPin>>>),
}

impl Entry {
    fn new(answer: Answer) -> Self {
        match answer {
            Answer::PinPad => Self::PinPad,
            Answer::Pin(pin) => Self::Pin(Arc::new(Mutex::new(Some(pin)))),
        }
    }

    fn take(&self) -> Option<LockedPin> {
        match self {
            Self::PinPad => None,
            Self::Pin(pin) => pin.lock().unwrap_or_else(PoisonError::into_inner).take(),
        }
    }
}

struct ForgetOnDrop(Entry);

impl Drop for ForgetOnDrop {
    fn drop(&mut self) {
        // zeroised as it is dropped
        drop(self.0.take());
    }
}

fn verify_and_sign(
    mut card: Card<'_>,
    order: &Order,
    entry: &Entry,
) -> Result<(SignedSeries, PinStatus), CardError> {
    let mut sign = |entry: PinEntry<'_>| {
        let all: Vec<_> = order
            .what
            .iter()
            .map(|What { algorithm, bytes }| {
                let what = match bytes {
                    Bytes::Digest(digest) => ToBeSigned::Digest(digest),
                    Bytes::Message(message) => ToBeSigned::Message(message),
                };
                (card_algorithm(*algorithm), what)
            })
            .collect();
        card.verify_and_sign_each(&order.card.credential, entry, order.size, &all, &mut |count| match order
            .signed
            .send(count)
        {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        })
    };
    let signed = match (entry, entry.take()) {
        (Entry::PinPad, _) => sign(PinEntry::PinPad)?,
        (Entry::Pin(_), None) => return Err(TransportError::Cancelled.into()),
        (Entry::Pin(_), Some(mut pin)) => {
            let (pin, scratch) = pin.parts();
            sign(PinEntry::Typed { pin, scratch })?
        }
    };
    // after each try the counter is read again, where that costs nothing
    let status = match (&signed, &order.card.credential.pin) {
        (SignedSeries::PinRefused(_), Some(pin)) => card.pin_status(pin).unwrap_or_default(),
        _ => PinStatus::default(),
    };
    Ok((signed, status))
}

fn token(certificate: &[u8], algorithm: TokenAlgorithm, signature: &[u8]) -> AuthToken {
    AuthToken {
        unverified_certificate: encode_base64(certificate),
        algorithm,
        signature: encode_base64(signature),
        format: FORMAT.to_owned(),
        app_version: Some(APP_VERSION.to_owned()),
    }
}

fn refused(verdict: PinVerdict, status: PinStatus) -> Result<SignOutcome, ErrorReport> {
    match verdict {
        PinVerdict::Wrong { .. } if status.is_blocked() => Err(blocked()),
        PinVerdict::Wrong { tries_left } => {
            Ok(SignOutcome::WrongPin { tries_left: status.tries_left.or(tries_left) })
        }
        PinVerdict::Blocked => Err(blocked()),
        PinVerdict::CancelledOnPad => Err(ErrorReport::new(ErrorCode::UserCancelled)),
        PinVerdict::TimeoutOnPad => Err(ErrorReport::new(ErrorCode::UserTimeout)),
        // neither spent a try: the window checks lengths, and a key pad that lets them pass has not sent the PIN
        PinVerdict::LengthOnPad | PinVerdict::ConfirmationOnPad | PinVerdict::NotPresented => {
            Ok(SignOutcome::WrongPin { tries_left: status.tries_left })
        }
        PinVerdict::Correct => Err(ErrorReport::new(ErrorCode::InternalError)),
    }
}

fn blocked() -> ErrorReport {
    ErrorReport::new(ErrorCode::PinBlocked).with_tries_left(0)
}

pub(super) fn report(error: &CardError) -> ErrorReport {
    let code = match error {
        CardError::Transport(TransportError::Removed) => ErrorCode::CardRemoved,
        CardError::Transport(TransportError::Reset | TransportError::Busy) => ErrorCode::ReaderBusy,
        CardError::Transport(TransportError::ServiceStopped) => ErrorCode::ServiceStopped,
        CardError::Transport(TransportError::ReaderGone) => ErrorCode::NoReader,
        CardError::Transport(TransportError::Cancelled) => ErrorCode::UserCancelled,
        CardError::Transport(TransportError::Fault(_)) => ErrorCode::ReaderFault,
        CardError::Unknown => ErrorCode::CardUnknown,
        CardError::NoCredential | CardError::DocumentOnly => ErrorCode::CertificateMissing,
        _ => ErrorCode::CardMisbehaved,
    };
    ErrorReport::new(code).with_detail(&error.to_string())
}

//! PIN and signature: the second transaction.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use bitaqa_card::{
    Card, CardError, PinEntry, PinStatus, PinVerdict, Signed, TransportError, signature::KeySize,
};
use bitaqa_protocol::{
    AuthToken, Challenge, ErrorCode, ErrorReport,
    auth_token::{FORMAT, TokenAlgorithm},
    encode_base64,
};
use bitaqa_trust::auth_token::signed_digest;
use tokio::time::sleep;

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
    /// Done.
    Token(Box<AuthToken>),
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

/// What the card is asked.
struct Order {
    card: Asked,
    algorithm: TokenAlgorithm,
    size: KeySize,
    digest: Vec<u8>,
}

impl Flow<'_> {
    /// Presents the PIN, once, and signs this challenge.
    pub(super) async fn sign(
        &mut self,
        candidate: &Candidate,
        answer: Answer,
        challenge: &Challenge,
    ) -> Result<SignOutcome, ErrorReport> {
        // the readers may have changed since the person answered
        if !candidate.is_still_there(&self.readers.borrow()) {
            return Ok(SignOutcome::CardLeft);
        }
        let origin = self.origin.as_ref().ok_or_else(|| ErrorReport::new(ErrorCode::InternalError))?;
        let order = Order {
            card: Asked::about(candidate, &self.desk.profiles),
            algorithm: candidate.algorithm,
            size: key_size(candidate.certificate.public_key().kind()),
            digest: signed_digest(candidate.algorithm, origin, challenge),
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
        if on_pad {
            self.person += started.elapsed();
        }
        self.conclude(candidate, outcome)
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
            Ok(Presented::Answer(Signed::Signature(signature), _)) => {
                Ok(SignOutcome::Token(Box::new(token(candidate, &signature))))
            }
            Ok(Presented::Answer(Signed::PinRefused(verdict), status)) => refused(verdict, status),
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
    Answer(Signed, PinStatus),
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
        Ok((signed @ Signed::PinRefused(_), status)) => {
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
) -> Result<(Signed, PinStatus), CardError> {
    let algorithm = card_algorithm(order.algorithm);
    let signed = match (entry, entry.take()) {
        (Entry::PinPad, _) => card.verify_and_sign(
            &order.card.credential,
            PinEntry::PinPad,
            algorithm,
            order.size,
            &order.digest,
        )?,
        (Entry::Pin(_), None) => return Err(TransportError::Cancelled.into()),
        (Entry::Pin(_), Some(mut pin)) => {
            let (pin, scratch) = pin.parts();
            card.verify_and_sign(
                &order.card.credential,
                PinEntry::Typed { pin, scratch },
                algorithm,
                order.size,
                &order.digest,
            )?
        }
    };
    // after each try the counter is read again, where that costs nothing
    let status = match (&signed, &order.card.credential.pin) {
        (Signed::PinRefused(_), Some(pin)) => card.pin_status(pin).unwrap_or_default(),
        _ => PinStatus::default(),
    };
    Ok((signed, status))
}

fn token(candidate: &Candidate, signature: &[u8]) -> AuthToken {
    AuthToken {
        unverified_certificate: encode_base64(&candidate.der),
        algorithm: candidate.algorithm,
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

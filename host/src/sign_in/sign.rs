//! PIN and signature: the second transaction.

use std::{
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Instant,
};

use bitaqa_card::{
    Card, CardError, CardOpening, Credential, Layout, PinEntry, PinStatus, PinVerdict, Profile, Signed,
    Transport, TransportError, layout::CertificateLocation, signature::KeySize,
};
use bitaqa_protocol::{
    AuthToken, ErrorCode, ErrorReport,
    auth_token::{FORMAT, TokenAlgorithm},
    encode_base64,
};
use bitaqa_trust::auth_token::signed_digest;
use tokio::time::sleep;

use super::{
    ANSWER_LIMIT, Flow, MISSING_LIMIT, PATIENCE,
    ask::Answer,
    candidate::{Candidate, card_algorithm, key_size},
    opens_with::OpensWith,
    screen::PersonDid,
};
use crate::{
    reader::{Usage, connection::AfterTransaction, transport::PcscTransport},
    system_random,
    window::{
        AccessNumber, LockedPin,
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
    /// Answer to reset and profiles, to find out anew what the card is.
    atr: Vec<u8>,
    profiles: Arc<Vec<Profile>>,
    layout: Arc<Layout>,
    /// Opens the card, as it did before; the number is gone where the request was given up before the transaction began.
    opens_with: OpensWith<Weak<AccessNumber>>,
    credential: Credential,
    /// The certificate that the person was asked about.
    certificate: Arc<[u8]>,
    algorithm: TokenAlgorithm,
    size: KeySize,
    digest: Vec<u8>,
}

impl Flow<'_> {
    /// Presents the PIN, once, and signs.
    pub(super) async fn sign(
        &mut self,
        candidate: &Candidate,
        answer: Answer,
    ) -> Result<SignOutcome, ErrorReport> {
        // the readers may have changed since the person answered
        if !candidate.is_still_there(&self.readers.borrow()) {
            return Ok(SignOutcome::CardLeft);
        }
        let asked = self.request.as_ref().ok_or_else(|| ErrorReport::new(ErrorCode::InternalError))?;
        let order = Order {
            atr: candidate.reader.atr().to_vec(),
            profiles: Arc::clone(&self.desk.profiles),
            layout: Arc::clone(&candidate.layout),
            opens_with: candidate.opens_with.downgrade(),
            credential: candidate.credential.clone(),
            certificate: Arc::clone(&candidate.der),
            algorithm: candidate.algorithm,
            size: key_size(candidate.certificate.public_key().kind()),
            digest: signed_digest(candidate.algorithm, &asked.origin, &asked.challenge),
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
    let on_reader = matches!(order.opens_with, OpensWith::NumberOnReader);
    if on_reader && !transport.has_channel() {
        return Ok(Presented::ChannelGone);
    }
    let is_continued = transport.is_continued();
    let outcome = match the_same_card(transport, order, is_continued) {
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

/// The card, if it is that of the question. Where PC/SC cannot vouch for it, its certificate says so.
fn the_same_card<'t>(
    transport: &'t mut dyn Transport,
    order: &Order,
    is_continued: bool,
) -> Result<Option<Card<'t>>, CardError> {
    // the certificate may be in what was found out about the card, and then that has to be found out again
    let is_in_layout = matches!(order.credential.certificate, CertificateLocation::Direct(_));
    let look_again = !is_continued && is_in_layout;
    let Some(mut card) = opened(transport, order, look_again)? else { return Ok(None) };
    if is_continued {
        return Ok(Some(card));
    }
    if is_in_layout {
        let is_same = card.layout().credentials.contains(&order.credential);
        return Ok(is_same.then_some(card));
    }
    let is_same = card.certificate(&order.credential)? == *order.certificate;
    Ok(is_same.then_some(card))
}

/// The card, opened where it has to be; nothing where it does not open with the number that opened the card of the question.
fn opened<'t>(
    transport: &'t mut dyn Transport,
    order: &Order,
    look_again: bool,
) -> Result<Option<Card<'t>>, CardError> {
    let Order { atr, profiles, layout, .. } = order;
    let number = match &order.opens_with {
        OpensWith::Nothing if look_again => return Card::discover(transport, atr, profiles).map(Some),
        OpensWith::Nothing => return Ok(Some(Card::with_layout(transport, Arc::clone(layout)))),
        OpensWith::NumberOnReader => {
            return Ok(Some(Card::opened_on_reader_before(transport, Arc::clone(layout))));
        }
        OpensWith::Number(number) => number,
    };
    let key = number.upgrade().and_then(|number| number.key()).ok_or(TransportError::Cancelled)?;
    let opening = if look_again {
        Card::open(transport, atr, profiles, &mut system_random, &key)?
    } else {
        Card::open_with_layout(transport, Arc::clone(layout), &mut system_random, &key)?
    };
    Ok(match opening {
        CardOpening::Open(card) => Some(*card),
        CardOpening::Refused(_) => None,
    })
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
        (Entry::PinPad, _) => {
            card.verify_and_sign(&order.credential, PinEntry::PinPad, algorithm, order.size, &order.digest)?
        }
        (Entry::Pin(_), None) => return Err(TransportError::Cancelled.into()),
        (Entry::Pin(_), Some(mut pin)) => {
            let (pin, scratch) = pin.parts();
            card.verify_and_sign(
                &order.credential,
                PinEntry::Typed { pin, scratch },
                algorithm,
                order.size,
                &order.digest,
            )?
        }
    };
    // after each try the counter is read again, where that costs nothing
    let status = match (&signed, &order.credential.pin) {
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
        CardError::NoCredential => ErrorCode::CertificateMissing,
        _ => ErrorCode::CardMisbehaved,
    };
    ErrorReport::new(code).with_detail(&error.to_string())
}

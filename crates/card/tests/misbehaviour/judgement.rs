//! What each disturbance may end in.

use bitaqa_card::{CardError, Misbehaviour, TransportError};

use crate::{
    disturbance::{Class, Disturbance},
    flow::{Ended, Flow, Place, Undisturbed},
};

/// Judges how a disturbed run ended.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn of(
    flow: &Flow,
    undisturbed: &Undisturbed,
    place: &Place,
    disturbance: Disturbance,
    ended: &Result<Ended, CardError>,
) -> Result<(), String> {
    let class = disturbance.class();
    let good = match ended {
        Ok(ended) if *ended == undisturbed.ended => may_do_no_harm(place, disturbance),
        Ok(Ended::With(_)) => may_differ(flow, undisturbed, place, class),
        Ok(Ended::Refused(_)) => may_seem_refused(place, class),
        Ok(Ended::NotBelieved(_)) => may_not_be_believed(place, class),
        // `61xx` or `6Cxx` once more in place of what it announced
        Err(CardError::Misbehaved(Misbehaviour::EndlessAnswer))
            if class == Class::Changed && undisturbed.announces_before(place) =>
        {
            true
        }
        Err(error) => names(error, place, class),
    };
    if good { Ok(()) } else { Err(format!("{ended:?}")) }
}

/// Whether the same result is right. Without a card or an answer there is none.
fn may_do_no_harm(place: &Place, disturbance: Disturbance) -> bool {
    match disturbance.class() {
        // the last answer was there already
        Class::Gone => disturbance == Disturbance::RemovedAfter && place.at == place.last,
        Class::Silent => false,
        _ => true,
    }
}

/// Whether the result may be another. Of what a card says without protection, only that it says so is known: a certificate is
/// checked by whoever uses it, and a card that says that it has changed a PIN may lie.
fn may_differ(flow: &Flow, undisturbed: &Undisturbed, place: &Place, class: Class) -> bool {
    if flow.tells_everything {
        return !matches!(class, Class::Gone | Class::Silent);
    }
    if flow.proves_itself && matches!(undisturbed.ended, Ended::Refused(_)) {
        return false;
    }
    match class {
        Class::Changed => !place.is_protected && (place.reads() || place.presents || place.asks_for_tries()),
        // what is no number of tries tells none
        Class::Status(_) | Class::Again => place.asks_for_tries(),
        _ => false,
    }
}

/// Whether it may look as if the card had refused what was presented: to a command in the clear, anybody can say so. A card
/// that was reset refuses the last step of a protocol just so; where PC/SC carries the commands, it tells a reset itself.
fn may_seem_refused(place: &Place, class: Class) -> bool {
    !place.is_protected && matches!(class, Class::Status(_) | Class::Changed | Class::Forgetful)
}

/// Whether a check may have failed. A chip that breaks off after it was asked for its proof has not given it.
fn may_not_be_believed(place: &Place, class: Class) -> bool {
    match class {
        Class::Changed | Class::Short | Class::Long => true,
        Class::Forgetful | Class::NoStatus | Class::Status(_) | Class::Again => place.is_protected,
        Class::Gone | Class::Silent => false,
    }
}

/// Whether the error is one that names what this was.
fn names(error: &CardError, place: &Place, class: Class) -> bool {
    use Class::{Again, Changed, Forgetful, Gone, Long, NoStatus, Short, Silent, Status};
    match error {
        CardError::Transport(TransportError::Removed) => class == Gone,
        CardError::Transport(TransportError::Fault(_)) => class == Silent,
        CardError::Misbehaved(Misbehaviour::NoStatusWord) => class == NoStatus,
        // `61xx` once more, and nothing with it
        CardError::Misbehaved(Misbehaviour::EndlessAnswer) => {
            class == Again || place.instruction == 0xC0 && class == Short
        }
        CardError::Misbehaved(Misbehaviour::TooMuchData { .. }) => matches!(class, Long | Changed),
        // whatever does not come through the session is told as that
        CardError::Misbehaved(Misbehaviour::SecureMessaging(_)) => {
            place.is_protected && !matches!(class, Gone | Silent | NoStatus)
        }
        CardError::Misbehaved(_) => matches!(class, Short | Long | Changed | Again),
        CardError::Refused { status, .. } => match class {
            // taken for a card of another make, it refuses that one's commands
            Status(said) => status.0 == said || place.instruction == 0xA4,
            // the card forgot, or was asked what it does not have
            Forgetful | Changed | Short | Again => true,
            _ => false,
        },
        // it may seem to be of another make, or to have no such key or file
        CardError::Unknown | CardError::DocumentOnly | CardError::NoCredential | CardError::NoFile { .. } => {
            place.seeks() && !matches!(class, Gone | Silent | NoStatus)
        }
        // what it offers in the clear is something that nobody does; or it seems to be of a make whose key is of another kind
        CardError::Unsupported(_) => {
            !place.is_protected
                && match class {
                    Changed => place.seeks() || place.instruction == 0x86,
                    Status(_) | Again => place.instruction == 0xA4,
                    _ => false,
                }
        }
        _ => false,
    }
}

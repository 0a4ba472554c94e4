//! Which requests a second call may come for: those whose answer went out with the word that their chip has yet to prove itself.
//! Each takes one, on the port that it came from.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError, mpsc},
};

use bitaqa_protocol::{RequestId, identity::ChipChallenge};

/// Requests that wait for the portal's server.
#[derive(Debug, Default)]
pub(crate) struct SecondCalls(Mutex<HashMap<RequestId, mpsc::Sender<ChipChallenge>>>);

impl SecondCalls {
    /// A request waits from now on, until the first is dropped.
    pub(super) fn wait(&self, id: &RequestId) -> (Waiting<'_>, mpsc::Receiver<ChipChallenge>) {
        let (sender, receiver) = mpsc::channel();
        self.requests().insert(id.clone(), sender);
        (Waiting { calls: self, id: id.clone() }, receiver)
    }

    /// Gives a request what it waits for; says whether it did. It does not wait any more then.
    pub(crate) fn give(&self, id: &RequestId, challenge: ChipChallenge) -> bool {
        let waiting = self.requests().remove(id);
        waiting.is_some_and(|request| request.send(challenge).is_ok())
    }

    fn requests(&self) -> MutexGuard<'_, HashMap<RequestId, mpsc::Sender<ChipChallenge>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that waits.
pub(super) struct Waiting<'a> {
    calls: &'a SecondCalls,
    id: RequestId,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.calls.requests().remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_takes_one_call_while_it_waits() {
        let calls = SecondCalls::default();
        let [id, other] = ["0123456789abcdef", "fedcba9876543210"].map(|id| RequestId::parse(id).unwrap());
        let challenge = || ChipChallenge::new(&[4], &[0x0C]).unwrap();
        assert!(!calls.give(&id, challenge()), "nobody waits yet");
        let (waiting, challenges) = calls.wait(&id);
        assert!(!calls.give(&other, challenge()));
        assert!(calls.give(&id, challenge()));
        assert_eq!(challenges.try_recv(), Ok(challenge()));
        assert!(!calls.give(&id, challenge()), "a second time");
        drop(waiting);
        let (waiting, challenges) = calls.wait(&id);
        drop(waiting);
        assert!(!calls.give(&id, challenge()), "nobody waits any more");
        assert_eq!(challenges.try_recv(), Err(mpsc::TryRecvError::Disconnected));
    }
}

//! The services of an infrastructure, which raise signatures to higher levels.

use std::{cell::RefCell, collections::HashMap};

use bitaqa_signature::{
    Hash, Level,
    augmentation::{Answers, Augmented, FileProgress, Goal, Need, augment_file},
    document::DetachedContent,
    time_stamp::{TimeStampRequest, token_of_response},
};
use bitaqa_trust::TrustStore;

use super::{Pki, now};

/// Time stamps, answers and lists. Answers and lists stay as they were when they were first asked for.
pub struct Services {
    pki: &'static Pki,
    fetched: RefCell<HashMap<Need, Vec<u8>>>,
}

impl Services {
    /// Those of an infrastructure whose certificates say where they are to be had. Nobody listens there.
    pub fn of(pki: &'static Pki) -> Self {
        Self { pki, fetched: RefCell::default() }
    }

    /// Who trusts the root.
    pub fn trusted(&self) -> TrustStore {
        let mut store = TrustStore::new();
        store.add_anchor(self.pki.root());
        store
    }

    /// A time stamp over a digest.
    pub fn token(&self, hash: Hash, digest: &[u8]) -> Vec<u8> {
        let request = TimeStampRequest::new(hash, digest, None).unwrap();
        token_of_response(&self.pki.time_stamp(&request.to_der()), &request).unwrap()
    }

    /// The file raised to a level, which must be reached.
    pub fn raised(
        &self,
        file: &[u8],
        content: &dyn DetachedContent,
        (level, hash): (Level, Hash),
    ) -> Vec<u8> {
        // not everybody puts the authority's certificate into a file
        let mut store = self.trusted();
        store.add_intermediate(self.pki.authority());
        let goal = Goal { level, hash, store, at: now() };
        let (file, augmented) = self.raise(file, content, &goal);
        assert_eq!((augmented.level, &augmented.notices), (level, &vec![]));
        file
    }

    /// The file raised as far as it goes.
    pub fn raise(&self, file: &[u8], content: &dyn DetachedContent, goal: &Goal) -> (Vec<u8>, Augmented) {
        let mut answers = Answers::new();
        for _ in 0..32 {
            match augment_file(file, content, goal, &answers).unwrap() {
                FileProgress::Done { file, augmented } => return (file, augmented),
                FileProgress::Needs(needs) => {
                    for need in needs {
                        let answer = self.answer(&need);
                        answers.add(need, answer);
                    }
                }
            }
        }
        panic!("it is never done")
    }

    /// None for what others would have to answer.
    fn answer(&self, need: &Need) -> Option<Vec<u8>> {
        if let Need::TimeStamp { hash, digest } = need {
            return Some(self.token(*hash, digest));
        }
        if let Some(known) = self.fetched.borrow().get(need) {
            return Some(known.clone());
        }
        let answer = match need {
            Need::Ocsp { url, request, .. } if is_ours(url) => self.pki.answer_ocsp(request),
            Need::Crl { url, .. } if is_ours(url) && url.ends_with("/root.crl") => {
                self.pki.root_revocation_list()
            }
            Need::Crl { url, .. } if is_ours(url) => self.pki.revocation_list(),
            _ => return None,
        };
        self.fetched.borrow_mut().insert(need.clone(), answer.clone());
        Some(answer)
    }
}

fn is_ours(url: &str) -> bool {
    url.starts_with("http://127.0.0.1:")
}

//! Request ids that were used: an id names one request, so that no answer can be taken for another's.

use std::collections::VecDeque;

use bitaqa_protocol::RequestId;

/// Most documents remembered; the one unused for longest goes first.
const DOCUMENTS: usize = 64;
/// Most ids remembered of each.
const IDS: usize = 64;

/// Ids by document.
#[derive(Debug, Default)]
pub struct SeenRequests {
    documents: VecDeque<(String, VecDeque<RequestId>)>,
}

impl SeenRequests {
    /// Notes an id; says whether it is fresh.
    pub fn note(&mut self, document: &str, id: &RequestId) -> bool {
        let position = self.documents.iter().position(|(known, _)| known == document);
        let (name, mut ids) = position
            .and_then(|position| self.documents.remove(position))
            .unwrap_or_else(|| (document.to_owned(), VecDeque::new()));
        let fresh = !ids.contains(id);
        if fresh {
            if ids.len() == IDS {
                ids.pop_front();
            }
            ids.push_back(id.clone());
        }
        if self.documents.len() == DOCUMENTS {
            self.documents.pop_front();
        }
        self.documents.push_back((name, ids));
        fresh
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: usize) -> RequestId {
        RequestId::parse(&format!("{number:016}")).unwrap()
    }

    #[test]
    fn an_id_is_fresh_once_per_document() {
        let mut seen = SeenRequests::default();
        assert!(seen.note("a", &id(1)));
        assert!(!seen.note("a", &id(1)));
        assert!(seen.note("b", &id(1)));
    }

    #[test]
    fn memory_is_bounded() {
        let mut seen = SeenRequests::default();
        for number in 0..1000 {
            seen.note("a", &id(number));
            seen.note(&number.to_string(), &id(number));
        }
        assert!(seen.documents.len() <= DOCUMENTS);
        assert!(seen.documents.iter().all(|(_, ids)| ids.len() <= IDS));
    }
}

//! What was read of a card that is still in its reader.
//!
//! Layout and certificate, which are no secrets towards a program that can read the card anyway; forgotten when the card
//! leaves its reader, when the service stops, and with this process a minute after the last request.

use std::{collections::HashMap, ffi::CString, sync::Arc};

use bitaqa_card::{Credential, Layout, Role};

use crate::reader::ReaderSeen;

/// What is known of a card.
#[derive(Debug, Clone)]
pub(crate) struct KnownCard {
    /// Where things are on it.
    pub(crate) layout: Arc<Layout>,
    /// Its key, for signing in or for documents.
    pub(crate) credential: Credential,
    /// The certificate of that key, DER.
    pub(crate) certificate: Arc<[u8]>,
}

/// Known cards by reader and by what their key is for.
#[derive(Debug, Default)]
pub(crate) struct CardCache {
    by_reader: HashMap<(CString, Role), (u64, KnownCard)>,
}

impl CardCache {
    /// What is known of the card that is in this reader now, and of its key for this.
    #[must_use]
    pub(crate) fn get(&self, reader: &ReaderSeen, role: Role) -> Option<KnownCard> {
        let (insertion, card) = self.by_reader.get(&(reader.name.clone(), role))?;
        (*insertion == reader.insertion).then(|| card.clone())
    }

    /// Remembers a card until it leaves its reader.
    pub(crate) fn keep(&mut self, reader: &ReaderSeen, card: KnownCard) {
        let key = (reader.name.clone(), card.credential.role);
        self.by_reader.insert(key, (reader.insertion, card));
    }

    /// Forgets the card of a reader.
    pub(crate) fn forget(&mut self, reader: &ReaderSeen) {
        self.by_reader.retain(|(name, _), _| *name != reader.name);
    }
}

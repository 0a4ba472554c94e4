//! What opens a card.

use std::sync::{Arc, Weak};

use bitaqa_card::layout::OpenedBy;

use super::typed::Typed;

/// What opens a card, for as long as this request and the card in its reader. Whoever may never come to use it gets a number
/// that does not outlive the request ([`downgrade`](Self::downgrade)).
#[derive(Clone)]
pub(super) enum OpensWith<N> {
    /// Nothing: it is open.
    Nothing,
    /// The number printed on it, or its zone, typed in our window.
    Number(N),
    /// The number printed on it, typed on the keys of the reader, which opens it.
    NumberOnReader,
}

impl OpensWith<Arc<Typed>> {
    /// The same, with a number that is gone when the request is given up.
    pub(super) fn downgrade(&self) -> OpensWith<Weak<Typed>> {
        match self {
            Self::Nothing => OpensWith::Nothing,
            Self::Number(number) => OpensWith::Number(Arc::downgrade(number)),
            Self::NumberOnReader => OpensWith::NumberOnReader,
        }
    }
}

impl<N> OpensWith<N> {
    /// Whether there is nothing to open.
    pub(super) const fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing)
    }
}

/// Where the number of a card is to be typed that was found closed in a reader.
pub(super) const fn asked_on(executes_pace: bool) -> OpenedBy {
    if executes_pace { OpenedBy::Reader } else { OpenedBy::Terminal }
}

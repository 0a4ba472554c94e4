//! Where a chip's random bytes come from.

use std::collections::VecDeque;

use zeroize::Zeroizing;

/// Random bytes of the system, or what a test laid ready.
#[derive(Default)]
pub(crate) struct Random {
    ready: VecDeque<Zeroizing<Vec<u8>>>,
}

impl Random {
    /// Lays ready what is drawn next, in this order.
    pub(crate) fn draw_next(&mut self, draws: impl IntoIterator<Item = Vec<u8>>) {
        self.ready.extend(draws.into_iter().map(Zeroizing::new));
    }

    /// Fills a buffer. What lies ready is a number: it stands at the right, behind zeros.
    pub(crate) fn fill(&mut self, buffer: &mut [u8]) {
        buffer.fill(0);
        match self.ready.pop_front() {
            Some(ready) => {
                buffer.iter_mut().rev().zip(ready.iter().rev()).for_each(|(to, from)| *to = *from);
            }
            // a system without random bytes is no place for test cards; zeros show at once
            None => getrandom::fill(buffer).unwrap_or_default(),
        }
    }

    /// This many bytes.
    pub(crate) fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.fill(&mut bytes);
        bytes
    }
}

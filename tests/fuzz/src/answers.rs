//! A card that answers what the fuzzer says.

use bitaqa_card::{Transport, TransportError, transport::Limits};

/// Stands between two answers of an input. Bytes put in or taken out then change one answer, and not all after it.
pub const SEPARATOR: [u8; 4] = [0xBA, 0x7A, 0xCA, 0xFE];

/// More commands than anything under test sends to a card that does not end it: who sends more would never end.
const TOO_MANY: usize = 4096;

/// Answers, as an input holds them.
#[must_use]
pub fn join<A: AsRef<[u8]>>(answers: &[A]) -> Vec<u8> {
    let answers: Vec<&[u8]> = answers.iter().map(AsRef::as_ref).collect();
    answers.join(&SEPARATOR[..])
}

/// The answers that an input holds.
pub fn answers_of(mut input: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut is_over = false;
    std::iter::from_fn(move || {
        if is_over {
            return None;
        }
        let end = input.windows(SEPARATOR.len()).position(|bytes| bytes == SEPARATOR);
        is_over = end.is_none();
        let (answer, rest) = input.split_at_checked(end.unwrap_or(input.len()))?;
        input = rest.get(SEPARATOR.len()..).unwrap_or_default();
        Some(answer)
    })
}

/// Gives the answers of an input one after the other, then is gone.
pub(crate) struct Answers<'a> {
    answers: Vec<&'a [u8]>,
    given: usize,
    limits: Limits,
}

impl<'a> Answers<'a> {
    pub(crate) fn new(input: &'a [u8], limits: Limits) -> Self {
        Self { answers: answers_of(input).collect(), given: 0, limits }
    }
}

impl Transport for Answers<'_> {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        assert!(
            command.len() >= 4 && command.len() <= self.limits.command,
            "a command that no reader can carry"
        );
        assert!(self.given < TOO_MANY, "the card is asked again and again");
        let given = self.answers.get(self.given).ok_or(TransportError::Removed)?;
        self.given += 1;
        answer.clear();
        answer.extend_from_slice(given);
        Ok(())
    }

    fn limits(&self) -> Limits {
        self.limits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_what_was_joined() {
        for answers in [vec![], vec![vec![]], vec![vec![1], vec![], vec![2, 3]]] {
            let joined = join(&answers);
            let found: Vec<Vec<u8>> = answers_of(&joined).map(<[u8]>::to_vec).collect();
            assert_eq!(found, if answers.is_empty() { vec![vec![]] } else { answers });
        }
    }
}

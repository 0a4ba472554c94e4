//! Fingerprints that the chip compares (on-card comparison): biometric information templates (ISO/IEC 7816-11), VERIFY with a
//! data object (ISO/IEC 7816-4), minutiae in the compact card format of ISO/IEC 19794-2.
//!
//! A comparator of a maker aligns and weighs; this one counts minutiae of the probe that lie where one of the template lies.

use std::collections::BTreeSet;

use crate::{
    ber_tlv::{constructed, object, objects},
    chip::{Answer, Chip, Refusal},
    command::Command,
    rules::StatusQuery,
    status::StatusWord,
};

/// Bytes of a minutia: x, y, kind and angle.
const MINUTIA: usize = 3;
/// Tenths of a millimetre by which minutiae may differ.
const NEAR: u8 = 3;
/// Steps of 5.625 degrees by which they may differ.
const ALIKE: u8 = 2;
/// Fewest minutiae that a decision is made on.
const ENOUGH: usize = 12;
/// P2 of VERIFY for the finger of the tests.
pub const REFERENCE: u8 = 0x91;
/// Biometric subtype of the right index finger (ISO/IEC 19785-3).
pub const RIGHT_INDEX: u8 = 0x09;
/// Minutiae of a finger of the tests.
const OF_A_TEST: u8 = 24;

/// A finger of the holder, in the chip.
#[derive(Clone)]
pub struct Finger {
    /// P2 of VERIFY.
    pub reference: u8,
    /// Biometric subtype (ISO/IEC 19785-3): `05` right thumb, `09` right index.
    pub subtype: u8,
    /// The PIN in whose place it is taken.
    pub stands_for: u8,
    /// Tries after a success.
    pub tries: u8,
    /// Tries left; at none it is blocked.
    pub tries_left: u8,
    minutiae: Vec<u8>,
}

/// Minutiae of a made-up finger: the same number, the same finger.
#[must_use]
pub fn minutiae(number: u8) -> Vec<u8> {
    // steps without a common divisor with 256 lead to a different place each time
    let places = (1..=OF_A_TEST).map(|count| {
        let place = count.wrapping_mul(37).wrapping_add(number.wrapping_mul(101));
        [place, place.wrapping_mul(59) ^ number, 0x40 | (place >> 2)]
    });
    places.flatten().collect()
}

/// The same finger, put down again: shifted by less than what a comparison forgives, and not all of it seen.
#[must_use]
pub fn put_down_again(minutiae: &[u8]) -> Vec<u8> {
    let seen = minutiae.chunks_exact(MINUTIA).skip(4);
    seen.flat_map(|minutia| match minutia {
        [x, y, rest] => vec![x.saturating_add(2), y.saturating_sub(1), *rest],
        _ => Vec::new(),
    })
    .collect()
}

impl Finger {
    /// The finger with this number, in place of this PIN, three tries.
    #[must_use]
    pub fn new(reference: u8, subtype: u8, stands_for: u8, number: u8) -> Self {
        Self { reference, subtype, stands_for, tries: 3, tries_left: 3, minutiae: minutiae(number) }
    }

    fn fits(&self, probe: &[u8]) -> bool {
        let mut free: BTreeSet<usize> = (0..self.minutiae.len() / MINUTIA).collect();
        let mut found = 0;
        for minutia in probe.chunks_exact(MINUTIA) {
            let partner = free.iter().copied().find(|index| {
                let known = self.minutiae.get(index * MINUTIA..(index + 1) * MINUTIA);
                known.is_some_and(|known| is_near(known, minutia))
            });
            if let Some(partner) = partner {
                free.remove(&partner);
                found += 1;
            }
        }
        // most of the probe has to be this finger: minutiae everywhere are no finger
        found >= ENOUGH && found * 4 >= 3 * (probe.len() / MINUTIA)
    }

    fn information(&self) -> Vec<u8> {
        let header = constructed(
            0xA1,
            &[
                object(0x81, &[0x08]),
                object(0x82, &[self.subtype]),
                object(0x87, &[0x01, 0x01]),
                object(0x88, &[0x00, 0x05]),
            ],
        );
        constructed(0x7F60, &[object(0x83, &[self.reference]), header])
    }
}

/// The data object for GET DATA that says which fingers a chip compares.
#[must_use]
pub fn information(fingers: &[Finger]) -> (u16, Vec<u8>) {
    let count = object(0x02, &[u8::try_from(fingers.len()).unwrap_or(u8::MAX)]);
    let templates: Vec<Vec<u8>> = fingers.iter().map(Finger::information).collect();
    (0x7F61, object(0x7F61, &[count, templates.concat()].concat()))
}

fn is_near(known: &[u8], seen: &[u8]) -> bool {
    let ([x, y, rest], [seen_x, seen_y, seen_rest]) = (known, seen) else { return false };
    let (angle, seen_angle) = (rest & 0x3F, seen_rest & 0x3F);
    let turn = angle.wrapping_sub(seen_angle) & 0x3F;
    x.abs_diff(*seen_x) <= NEAR
        && y.abs_diff(*seen_y) <= NEAR
        && rest >> 6 == seen_rest >> 6
        && (turn <= ALIKE || turn >= 0x40 - ALIKE)
}

impl Chip {
    /// VERIFY without data, where the reference is a finger's.
    pub(crate) fn finger_status(&self, command: &Command) -> Option<Result<Answer, Refusal>> {
        let finger = self.fingers.iter().find(|finger| finger.reference == command.p2)?;
        Some(Err(match (self.rules.status_query, finger.tries_left) {
            _ if command.p1 != 0 || !command.data.is_empty() => StatusWord::WRONG_PARAMETERS.into(),
            (StatusQuery::Answered, 0) => StatusWord::METHOD_BLOCKED.into(),
            (StatusQuery::Answered, left) => StatusWord::tries_left(left).into(),
            _ => StatusWord::WRONG_LENGTH.into(),
        }))
    }

    /// VERIFY with the biometric data template (`7F2E`) in the data field.
    pub(crate) fn verify_finger(&mut self, command: &Command) -> Result<Answer, Refusal> {
        if command.p1 != 0 {
            return Err(StatusWord::WRONG_PARAMETERS.into());
        }
        let place = self.fingers.iter().position(|finger| finger.reference == command.p2);
        let finger = place.and_then(|place| self.fingers.get_mut(place));
        let finger = finger.ok_or(StatusWord::REFERENCE_NOT_FOUND)?;
        let stands_for = finger.stands_for;
        let probe = probe(&command.data).ok_or(StatusWord::WRONG_DATA)?;
        self.presented = true;
        if finger.tries_left == 0 {
            return Err(StatusWord::METHOD_BLOCKED.into());
        }
        finger.tries_left -= 1;
        let fits = finger.fits(&probe);
        let outcome = if fits {
            finger.tries_left = finger.tries;
            Ok(Answer::empty())
        } else {
            Err(StatusWord::tries_left(finger.tries_left).into())
        };
        if let Some(index) = self.pin_index(stands_for) {
            self.session.set_verified(index, fits);
        }
        outcome
    }
}

fn probe(data: &[u8]) -> Option<Vec<u8>> {
    let only = |bytes: &[u8], wanted: u32| match objects(bytes)?.as_slice() {
        [(tag, value)] if *tag == wanted => Some(value.to_vec()),
        _ => None,
    };
    let probe = only(&only(data, 0x7F2E)?, 0x5F2E)?;
    (!probe.is_empty() && probe.len().is_multiple_of(MINUTIA)).then_some(probe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finger_is_known_again_and_no_other_one_passes_for_it() {
        let finger = Finger::new(0x91, 0x09, 0x81, 1);
        assert!(finger.fits(&minutiae(1)));
        assert!(finger.fits(&put_down_again(&minutiae(1))));
        for other in (0..=u8::MAX).filter(|number| *number != 1) {
            assert!(!finger.fits(&minutiae(other)), "{other}");
        }
        assert!(!finger.fits(&minutiae(1)[..(ENOUGH - 1) * MINUTIA]), "too little of it");
        let everywhere: Vec<u8> = (0..=u8::MAX).flat_map(|place| [place, place, 0x40]).collect();
        assert!(!finger.fits(&everywhere));
    }
}

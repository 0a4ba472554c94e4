//! Which version of the card it is.

/// Versions that public readers tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generation {
    /// The first cards.
    V1,
    /// With the application of all GCC cards.
    V2,
    /// The same, named in EF.DIR.
    V2_1,
    /// The last before 2025.
    V4,
}

/// What EF.DIR of version 2.1 holds.
const EF_DIR_2_1: [&[u8]; 2] =
    [&[0x3F, 0x00, 0x01, 0x01, 0x9F, 0x08, 0x02, 0x03, 0x11], &[0x08, 0x03, 0x03, 0x01, 0x01]];

impl Generation {
    /// What the answer to reset makes likely; other cards may have the same.
    #[must_use]
    pub fn hint(atr: &[u8]) -> Option<Self> {
        match atr {
            [0x3B, 0x67, 0x00, 0x00, 0xA8, 0x10, 0x41, ..] => Some(Self::V1),
            [0x3B, 0x7A, 0x96, 0x00, 0x00, 0x80, 0x65, 0xA2, 0x01, 0x01, 0x01, ..]
            | [0x3B, 0x88, 0x80, 0x01, 0xE1, 0xF3, 0x5E, 0x11, 0x77, ..] => Some(Self::V2),
            [0x3B, 0x7F, ..] => Some(Self::V4),
            _ => None,
        }
    }

    /// The version of a card that has the application of all GCC cards.
    #[must_use]
    pub fn with_application(atr: &[u8], ef_dir: Option<&[u8]>) -> Self {
        let is_2_1 = |content: &[u8]| {
            EF_DIR_2_1.iter().any(|known| content.windows(known.len()).any(|bytes| bytes == *known))
        };
        match (Self::hint(atr), ef_dir) {
            (_, Some(content)) if is_2_1(content) => Self::V2_1,
            (Some(Self::V4), _) => Self::V4,
            _ => Self::V2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_to_reset_is_a_hint_and_ef_dir_goes_before_it() {
        let v4 = [0x3B, 0x7F, 0x96];
        assert_eq!(Generation::hint(&[0x3B, 0x67, 0, 0, 0xA8, 0x10, 0x41, 1]), Some(Generation::V1));
        assert_eq!(
            Generation::hint(&[0x3B, 0x88, 0x80, 1, 0xE1, 0xF3, 0x5E, 0x11, 0x77, 0]),
            Some(Generation::V2)
        );
        assert_eq!(Generation::hint(&[0x3B]), None);
        assert_eq!(Generation::with_application(&v4, None), Generation::V4);
        assert_eq!(Generation::with_application(&v4, Some(EF_DIR_2_1[0])), Generation::V2_1);
        assert_eq!(Generation::with_application(&[], Some(&[0; 4])), Generation::V2);
    }
}

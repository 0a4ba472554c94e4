//! Answers to reset of known cards, with holes where cards of a kind differ.

/// Most bytes of an answer to reset (ISO/IEC 7816-3, section 8.2).
const MAX_ATR: usize = 33;

/// An answer to reset; `None` stands for any byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtrPattern(Vec<Option<u8>>);

impl AtrPattern {
    /// Whether this is such an answer.
    #[must_use]
    pub fn fits(&self, atr: &[u8]) -> bool {
        self.0.len() == atr.len()
            && self.0.iter().zip(atr).all(|(wanted, byte)| wanted.is_none_or(|wanted| wanted == *byte))
    }

    /// An answer that fits: zeros where it may be anything.
    #[must_use]
    pub fn example(&self) -> Vec<u8> {
        self.0.iter().map(|byte| byte.unwrap_or(0)).collect()
    }
}

impl std::str::FromStr for AtrPattern {
    type Err = String;

    /// Hexadecimal digits, `..` for any byte.
    fn from_str(text: &str) -> Result<Self, String> {
        let pairs = text.as_bytes().chunks(2).map(|pair| match pair {
            b".." => Some(None),
            pair => crate::hexadecimal::parse(std::str::from_utf8(pair).ok()?)?.first().copied().map(Some),
        });
        pairs
            .collect::<Option<Vec<_>>>()
            .filter(|bytes| (2..=MAX_ATR).contains(&bytes.len()))
            .map(Self)
            .ok_or_else(|| format!("{text:?} is not an answer to reset in hexadecimal digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_fit_anything_and_nothing_else_does() {
        let pattern: AtrPattern = "3B7F96..90".parse().unwrap();
        assert!(pattern.fits(&[0x3B, 0x7F, 0x96, 0x00, 0x90]));
        assert!(pattern.fits(&[0x3B, 0x7F, 0x96, 0xFF, 0x90]));
        assert!(!pattern.fits(&[0x3B, 0x7F, 0x97, 0x00, 0x90]));
        assert!(!pattern.fits(&[0x3B, 0x7F, 0x96, 0x00]));
        assert!(pattern.fits(&pattern.example()));
        for wrong in ["", "3B", "3B7", "3B.7", "3Bxx", "3b\u{661}0"] {
            assert!(wrong.parse::<AtrPattern>().is_err(), "{wrong}");
        }
    }
}

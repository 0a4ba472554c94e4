//! Dates of documents: parts may be open, and machine readable zones have no century.

use std::fmt;

use bitaqa_card::lds::{FullDate, mrz::MrzDate};
use serde::{Serialize, Serializer};

use crate::DateTime;

/// A day of the calendar, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// Year.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day, 1 to 31.
    pub day: u8,
}

impl From<DateTime> for Day {
    fn from(time: DateTime) -> Self {
        Self { year: time.year(), month: time.month(), day: time.day() }
    }
}

/// Year in which the first states issued documents with chips after ICAO Doc 9303 (first published for them in 2004).
const FIRST_CHIPS: u16 = 2004;

/// A date whose day, or day and month, may be open.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PartialDate {
    year: u16,
    month: Option<u8>,
    day: Option<u8>,
}

impl PartialDate {
    /// Of a date that has its century; nothing where the year is open.
    #[must_use]
    pub fn full(date: FullDate) -> Option<Self> {
        Some(Self::new(date.year?, date.month, date.day))
    }

    /// Of a birth: the latest century in which it is not after this day.
    #[must_use]
    pub fn of_birth(date: MrzDate, on: Day) -> Option<Self> {
        let this = Self::in_century(date, on.year / 100)?;
        if this.earliest() <= on {
            Some(this)
        } else {
            Self::in_century(date, (on.year / 100).checked_sub(1)?)
        }
    }

    /// Of an expiry: the century in which it is nearest to this day, documents being valid for ten years or so, and in which there were chips
    /// that could have ended. Those that are valid for good have years at the end of one.
    #[must_use]
    pub fn of_expiry(date: MrzDate, on: Day) -> Option<Self> {
        let century = on.year / 100;
        (century.saturating_sub(1)..=century + 1)
            .filter_map(|century| Self::in_century(date, century))
            .filter(|date| date.year >= FIRST_CHIPS)
            .min_by_key(|date| date.year.abs_diff(on.year))
    }

    fn in_century(date: MrzDate, century: u16) -> Option<Self> {
        Some(Self::new(century * 100 + u16::from(date.year()?), date.month(), date.day()))
    }

    const fn new(year: u16, month: Option<u8>, day: Option<u8>) -> Self {
        // a day without its month says nothing
        Self { year, month, day: if month.is_some() { day } else { None } }
    }

    /// A whole date as its text says it, YYYY-MM-DD.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-');
        let mut part = |length: usize| {
            let digits = parts.next().filter(|part| part.len() == length)?;
            digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<u16>().ok())?
        };
        let (year, month, day) = (part(4)?, u8::try_from(part(2)?).ok()?, u8::try_from(part(2)?).ok()?);
        ((1..=12).contains(&month) && (1..=31).contains(&day))
            .then(|| Self::new(year, Some(month), Some(day)))
    }

    /// The first day that it can be.
    #[must_use]
    pub fn earliest(self) -> Day {
        Day { year: self.year, month: self.month.unwrap_or(1), day: self.day.unwrap_or(1) }
    }

    /// The last day that it can be.
    #[must_use]
    pub fn latest(self) -> Day {
        Day { year: self.year, month: self.month.unwrap_or(12), day: self.day.unwrap_or(31) }
    }

    /// Whether somebody born then has this age on that day; nothing where the open parts decide it. Who is born on 29 February
    /// has it on 1 March of years without that day.
    #[must_use]
    pub fn is_at_least(self, years: u16, on: Day) -> Option<bool> {
        let reached = |born: Day| Day { year: born.year.saturating_add(years), ..born } <= on;
        match (reached(self.earliest()), reached(self.latest())) {
            (_, true) => Some(true),
            (false, false) => Some(false),
            (true, false) => None,
        }
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

/// Dates of birth are personal and open cards: they are not shown.
impl fmt::Debug for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PartialDate(personal)")
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_date_is_written_in_one_way() {
        assert_eq!(PartialDate::parse("1990-01-02").unwrap().to_string(), "1990-01-02");
        for wrong in [
            "",
            "1990",
            "1990-01",
            "1990-13-01",
            "1990-00-01",
            "1990-01-32",
            "1990-1-02",
            "+990-01-02",
            "1990-01-02-",
        ] {
            assert!(PartialDate::parse(wrong).is_none(), "{wrong}");
        }
    }

    const TODAY: Day = Day { year: 2026, month: 11, day: 26 };

    fn zone(year: u8, month: Option<u8>, day: Option<u8>) -> MrzDate {
        MrzDate::new(Some(year), month, day).unwrap()
    }

    #[test]
    fn a_birth_is_in_the_latest_century_that_it_can_be_in() {
        let birth = |date| PartialDate::of_birth(date, TODAY).unwrap().to_string();
        assert_eq!(birth(zone(74, Some(8), Some(12))), "1974-08-12");
        assert_eq!(birth(zone(26, Some(11), Some(26))), "2026-11-26");
        assert_eq!(birth(zone(26, Some(11), Some(27))), "1926-11-27");
        assert_eq!(birth(zone(26, None, None)), "2026");
        assert_eq!(birth(zone(0, Some(2), None)), "2000-02");
        assert!(PartialDate::of_birth(MrzDate::new(None, Some(1), Some(1)).unwrap(), TODAY).is_none());
    }

    #[test]
    fn an_expiry_is_in_the_century_that_is_nearest() {
        let expiry = |date| PartialDate::of_expiry(date, TODAY).unwrap().to_string();
        assert_eq!(expiry(zone(36, Some(1), Some(1))), "2036-01-01");
        assert_eq!(expiry(zone(19, Some(1), Some(1))), "2019-01-01");
        assert_eq!(expiry(zone(4, Some(1), Some(1))), "2004-01-01");
        // no document with a chip ended then
        assert_eq!(expiry(zone(3, Some(1), Some(1))), "2103-01-01");
        assert_eq!(expiry(zone(99, Some(12), Some(31))), "2099-12-31");
    }

    #[test]
    fn an_age_is_told_only_where_it_is_certain() {
        let born = |year, month, day| PartialDate::new(year, month, day);
        for (born, expected) in [
            (born(2008, Some(11), Some(26)), Some(true)),
            (born(2008, Some(11), Some(27)), Some(false)),
            (born(2008, Some(10), None), Some(true)),
            (born(2008, Some(11), None), None),
            (born(2008, None, None), None),
            (born(2007, None, None), Some(true)),
            (born(2009, None, None), Some(false)),
        ] {
            assert_eq!(born.is_at_least(18, TODAY), expected, "{born}");
        }
        let leap = born(2008, Some(2), Some(29));
        assert_eq!(leap.is_at_least(18, Day { year: 2026, month: 2, day: 28 }), Some(false));
        assert_eq!(leap.is_at_least(18, Day { year: 2026, month: 3, day: 1 }), Some(true));
    }
}

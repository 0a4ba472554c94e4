//! Times of the week, at a stated distance from UTC.

use serde::{Deserialize, Serialize};

use crate::clock::Seconds;

/// Minutes of a day.
const DAY: i64 = 24 * 60;
/// Minutes of a week.
const WEEK: i64 = 7 * DAY;
/// 1970-01-01 was a Thursday, the fourth day of a week that begins on Monday.
const FIRST_DAY: i64 = 3;

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Day {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

/// From one time of day to another, which is the next day's where it is not later; on all days, or on those on which it begins. Whole
/// days where it says days only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeWindow {
    /// `HH:MM`, when it begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// `HH:MM`, when it has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Distance from UTC: `+HH:MM` or `-HH:MM`.
    pub offset: String,
    /// The days on which it begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<Vec<Day>>,
}

impl TimeWindow {
    /// Whether a time lies in it; nothing where it is not as [`TimeWindow::is_whole`] wants it.
    #[must_use]
    pub fn contains(&self, time: Seconds) -> Option<bool> {
        let local = time.div_euclid(60).checked_add(offset(&self.offset)?)?;
        self.has(local.checked_add(FIRST_DAY * DAY)?.rem_euclid(WEEK))
    }

    /// Whether everything in it can be understood, and it is not empty.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        offset(&self.offset).is_some() && self.has(0).is_some() && self.minutes().next().is_some()
    }

    /// Whether it and another have a minute in common.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let theirs: Vec<i64> = other.minutes().collect();
        self.minutes().any(|minute| theirs.contains(&minute))
    }

    /// The minutes of the week in UTC.
    fn minutes(&self) -> impl Iterator<Item = i64> {
        let offset = offset(&self.offset).unwrap_or_default();
        (0..WEEK).filter(move |minute| self.has((minute + offset).rem_euclid(WEEK)) == Some(true))
    }

    /// Whether a minute of the local week lies in it.
    fn has(&self, minute: i64) -> Option<bool> {
        let (day, of_day) = (minute.div_euclid(DAY), minute.rem_euclid(DAY));
        let begins_on = |day: i64| {
            self.days.as_ref().is_none_or(|days| days.iter().any(|each| *each as i64 == day.rem_euclid(7)))
        };
        match (&self.from, &self.to) {
            (None, None) => self.days.as_ref().map(|_| begins_on(day)),
            (Some(from), Some(to)) => {
                let (from, to) = (clock(from)?, clock(to)?);
                if from < to {
                    Some(begins_on(day) && (from..to).contains(&of_day))
                } else if from > to {
                    Some((of_day >= from && begins_on(day)) || (of_day < to && begins_on(day - 1)))
                } else {
                    None
                }
            }
            _ => None,
        }
    }
}

/// `HH:MM` in minutes.
fn clock(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |text: &str, most: i64| {
        let plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i64>().ok().filter(|number| plain && *number <= most)
    };
    Some(number(hours, 23)? * 60 + number(minutes, 59)?)
}

/// `+HH:MM` in minutes; no zone is further than 14 hours from UTC.
fn offset(text: &str) -> Option<i64> {
    let (sign, rest) = match (text.strip_prefix('+'), text.strip_prefix('-')) {
        (Some(rest), _) => (1, rest),
        (_, Some(rest)) => (-1, rest),
        _ => return None,
    };
    clock(rest).filter(|minutes| *minutes <= 14 * 60).map(|minutes| sign * minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Monday, 2026-06-01, 12:00 UTC.
    const MONDAY_NOON: Seconds = 1_780_315_200;
    const HOUR: Seconds = 3600;

    fn window(from: &str, to: &str, offset: &str, days: Option<&[Day]>) -> TimeWindow {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        TimeWindow {
            from: text(from),
            to: text(to),
            offset: offset.to_owned(),
            days: days.map(<[Day]>::to_vec),
        }
    }

    #[test]
    fn a_time_lies_in_a_window_or_not() {
        for (from, to, offset, days, hours, inside) in [
            ("09:00", "17:00", "+00:00", None, 0, true),
            ("09:00", "17:00", "+00:00", None, 5, false),
            ("12:00", "12:01", "+00:00", None, 0, true),
            ("11:00", "12:00", "+00:00", None, 0, false),
            // in Rabat it is 13:00
            ("13:00", "13:30", "+01:00", None, 0, true),
            ("12:00", "13:00", "+01:00", None, 0, false),
            ("07:00", "07:01", "-05:00", None, 0, true),
            // over midnight
            ("22:00", "06:00", "+00:00", None, 12, true),
            ("22:00", "06:00", "+00:00", None, 18, false),
            ("22:00", "06:00", "+00:00", Some(&[Day::Mon][..]), 12, true),
            ("22:00", "06:00", "+00:00", Some(&[Day::Tue]), 12, false),
            ("22:00", "06:00", "+00:00", Some(&[Day::Sun]), -24, false),
            ("22:00", "06:00", "+00:00", Some(&[Day::Sun]), -9, true),
            ("", "", "+00:00", Some(&[Day::Mon]), 0, true),
            ("", "", "+00:00", Some(&[Day::Sat, Day::Sun]), 0, false),
            // it is Tuesday already there
            ("", "", "+13:00", Some(&[Day::Tue]), 0, true),
        ] {
            let window = window(from, to, offset, days);
            assert!(window.is_whole());
            assert_eq!(window.contains(MONDAY_NOON + hours * HOUR), Some(inside), "{window:?} {hours}");
        }
        assert_eq!(window("09:00", "17:00", "+00:00", None).contains(-1), Some(false));
    }

    #[test]
    fn what_is_no_window_is_noticed() {
        for (from, to, offset, days) in [
            ("", "", "+00:00", None),
            ("09:00", "", "+00:00", None),
            ("09:00", "09:00", "+00:00", None),
            ("9:00", "10:00", "+00:00", None),
            ("24:00", "10:00", "+00:00", None),
            ("+1:00", "10:00", "+00:00", None),
            ("09:00", "10:60", "+00:00", None),
            ("09:00", "10:00", "00:00", None),
            ("09:00", "10:00", "+15:00", None),
            ("09:00", "10:00", "Africa/Casablanca", None),
            ("09:00", "10:00", "+00:00", Some(&[][..])),
            ("", "", "+00:00", Some(&[])),
        ] {
            assert!(!window(from, to, offset, days).is_whole(), "{from} {to} {offset} {days:?}");
        }
    }

    #[test]
    fn windows_overlap_where_they_have_a_minute_in_common() {
        let office = window("09:00", "17:00", "+01:00", None);
        assert!(office.overlaps(&window("16:59", "20:00", "+01:00", None)));
        assert!(!office.overlaps(&window("17:00", "20:00", "+01:00", None)));
        assert!(office.overlaps(&window("17:00", "20:00", "+02:00", None)));
        let weekend = Some(&[Day::Sat, Day::Sun][..]);
        assert!(!window("", "", "+00:00", weekend).overlaps(&window("", "", "+00:00", Some(&[Day::Mon]))));
    }
}

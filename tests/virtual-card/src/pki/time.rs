//! Times of certificates (RFC 5280, section 4.1.2.5).

use std::time::{SystemTime, UNIX_EPOCH};

use crate::ber_tlv::object;

/// Seconds of a day.
pub(super) const DAY: i64 = 86_400;

/// Seconds since 1970, now.
pub(super) fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| i64::try_from(age.as_secs()).unwrap_or(0))
}

/// UTCTime until 2049, GeneralizedTime after, as RFC 5280 asks.
pub(super) fn time(seconds: i64) -> Vec<u8> {
    let (year, month, day) = civil_date(seconds.div_euclid(DAY));
    let second = seconds.rem_euclid(DAY);
    let rest = format!("{month:02}{day:02}{:02}{:02}{:02}Z", second / 3600, second / 60 % 60, second % 60);
    if year < 2050 {
        object(0x17, format!("{:02}{rest}", year % 100).as_bytes())
    } else {
        object(0x18, generalized(seconds).as_bytes())
    }
}

/// The text of a GeneralizedTime.
pub(super) fn generalized(seconds: i64) -> String {
    let (year, month, day) = civil_date(seconds.div_euclid(DAY));
    let second = seconds.rem_euclid(DAY);
    format!("{year:04}{month:02}{day:02}{:02}{:02}{:02}Z", second / 3600, second / 60 % 60, second % 60)
}

/// The Gregorian date of a day, counted from 1970-01-01.
///
/// Years are counted from March, so that the leap day is the last of a year, in cycles of 400 years from 0000-03-01.
fn civil_date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let cycle = days.div_euclid(146_097);
    let day_of_cycle = days.rem_euclid(146_097);
    let year_of_cycle =
        (day_of_cycle - day_of_cycle / 1_460 + day_of_cycle / 36_524 - day_of_cycle / 146_096) / 365;
    let day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = cycle * 400 + year_of_cycle + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_follow_the_calendar() {
        assert_eq!(civil_date(0), (1970, 1, 1));
        assert_eq!(civil_date(11_016), (2000, 2, 29));
        assert_eq!(civil_date(19_782), (2024, 2, 29));
        assert_eq!(civil_date(20_818), (2026, 12, 31));
    }

    #[test]
    fn the_form_changes_in_2050() {
        assert_eq!(time(0), *b"\x17\x0d700101000000Z");
        assert_eq!(time(2_524_607_999), *b"\x17\x0d491231235959Z");
        assert_eq!(time(2_524_608_000), *b"\x18\x0f20500101000000Z");
    }
}

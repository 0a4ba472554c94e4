//! `xs:dateTime` (XML Schema part 2).

use std::time::Duration;

use bitaqa_trust::DateTime;

/// A moment, as it is written here: in UTC, whole seconds.
pub(super) fn written(time: DateTime) -> String {
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        time.year(),
        time.month(),
        time.day(),
        time.hour(),
        time.minutes(),
        time.seconds()
    )
}

/// A moment with its time zone; parts of seconds are dropped. None where there is no time zone: then it is not a moment.
pub(super) fn read(text: &str) -> Option<DateTime> {
    let text = text.trim_ascii();
    let (date, rest) = (text.get(..10)?, text.get(10..)?.strip_prefix('T')?);
    let (clock, zone) = rest.split_at_checked(8)?;
    let zone = match zone.strip_prefix('.') {
        Some(fraction) => {
            let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
            fraction.get(digits..).filter(|_| digits > 0)?
        }
        None => zone,
    };
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minutes, seconds] = numbers(clock, ':', [2, 2, 2])?;
    let small = |number: u16| u8::try_from(number).ok();
    let local =
        DateTime::new(year, small(month)?, small(day)?, small(hour)?, small(minutes)?, small(seconds)?)
            .ok()?;
    let (sign, offset) = match zone {
        "Z" => return Some(local),
        _ => zone.split_at_checked(1)?,
    };
    let [hours, minutes] = numbers(offset, ':', [2, 2])?;
    if hours > 14 || minutes > 59 {
        return None;
    }
    let offset = Duration::from_secs(u64::from(hours) * 3600 + u64::from(minutes) * 60);
    let moment = match sign {
        "+" => local.unix_duration().checked_sub(offset)?,
        "-" => local.unix_duration().checked_add(offset)?,
        _ => return None,
    };
    DateTime::from_unix_duration(moment).ok()
}

/// Numbers of fixed width.
fn numbers<const N: usize>(text: &str, separator: char, widths: [usize; N]) -> Option<[u16; N]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; N];
    for (number, width) in numbers.iter_mut().zip(widths) {
        let part = parts
            .next()
            .filter(|part| part.len() == width && part.bytes().all(|digit| digit.is_ascii_digit()))?;
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

    use super::*;

    #[test]
    fn moments_are_read_in_every_zone() {
        let moment = DateTime::new(2026, 2, 28, 23, 30, 0).unwrap();
        for text in [
            "2026-02-28T23:30:00Z",
            "2026-03-01T00:30:00+01:00",
            "2026-02-28T19:00:00.123-04:30",
            " 2026-02-28T23:30:00Z\n",
        ] {
            assert_eq!(read(text), Some(moment), "{text}");
        }
        assert_eq!(written(moment), "2026-02-28T23:30:00Z");
        for text in [
            "2026-02-28T23:30:00",
            "2026-02-30T00:00:00Z",
            "2026-02-28",
            "2026-02-28T23:30:00.Z",
            "é",
            "2026-02-28T23:30:00+1:00",
            "+026-02-28T23:30:00Z",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

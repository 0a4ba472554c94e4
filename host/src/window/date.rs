//! A date as people type it, day first, and as the machine readable zone has it, year first.

use bitaqa_card::lds::MrzDate;

use super::locked_pin::{LockedPin, LockedPinError};

/// Whether eight digits, day, month and year, make a date; `00` stands for a day or month that the document does not know.
pub(super) fn is_one(digits: &[u8]) -> bool {
    let &[d1, d2, m1, m2, _, _, y1, y2] = digits else { return false };
    let parts = [part(y1, y2), part(m1, m2).filter(|part| *part > 0), part(d1, d2).filter(|part| *part > 0)];
    let [year, month, day] = parts;
    year.is_some() && MrzDate::new(year, month, day).is_some()
}

/// The same as YYMMDD, with fillers for what is unknown (ICAO Doc 9303-3), in locked memory of its own.
///
/// # Errors
/// As [`LockedPin::new`].
pub(super) fn in_zone(digits: &LockedPin) -> Result<LockedPin, LockedPinError> {
    let mut zone = LockedPin::new()?;
    if let &[d1, d2, m1, m2, _, _, y1, y2] = digits.as_bytes() {
        for (tens, units, can_be_unknown) in [(y1, y2, false), (m1, m2, true), (d1, d2, true)] {
            let known = !can_be_unknown || (tens, units) != (b'0', b'0');
            zone.push(if known { tens } else { b'<' })?;
            zone.push(if known { units } else { b'<' })?;
        }
    }
    Ok(zone)
}

fn part(tens: u8, units: u8) -> Option<u8> {
    let digits = tens.is_ascii_digit() && units.is_ascii_digit();
    digits.then(|| (tens - b'0') * 10 + (units - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(digits: &str) -> Option<Vec<u8>> {
        let mut typed = LockedPin::new().unwrap();
        digits.bytes().for_each(|digit| typed.push(digit).unwrap());
        is_one(typed.as_bytes()).then(|| in_zone(&typed).unwrap().as_bytes().to_vec())
    }

    #[test]
    fn day_month_and_year_become_year_month_and_day() {
        assert_eq!(zone("06081969").as_deref(), Some(&b"690806"[..]));
        assert_eq!(zone("29022000").as_deref(), Some(&b"000229"[..]));
        assert_eq!(zone("00001969").as_deref(), Some(&b"69<<<<"[..]));
        assert_eq!(zone("00081969").as_deref(), Some(&b"6908<<"[..]));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for digits in ["", "0608196", "32011990", "31041990", "30022000", "01131990", "29021999"] {
            assert_eq!(zone(digits), None, "{digits}");
        }
    }
}

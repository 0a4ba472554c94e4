//! How often a time-stamp authority was asked today.
//!
//! Counted in the user's folder, before the question goes out, so that one that fails counts too: the authority counts it as
//! well. A day is one of UTC.

use std::{
    io::{self, Read as _, Seek as _, Write as _},
    time::SystemTime,
};

use sha2::{Digest as _, Sha256};

use crate::{cache::hexadecimal, url::Url, user_folder::UserFolder};

/// Longest counter: two numbers.
const MAX_LENGTH: u64 = 64;
const SECONDS_OF_A_DAY: u64 = 24 * 60 * 60;

/// Counts a question to this address, if fewer than `most` were counted today. Several programs may count at once.
///
/// # Errors
/// The folder cannot be written to.
pub(crate) fn count(folder: &UserFolder, url: &Url, most: u32, now: SystemTime) -> io::Result<Counted> {
    let today =
        now.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |time| time.as_secs() / SECONDS_OF_A_DAY);
    let name = format!("{}.count", hexadecimal(&Sha256::digest(url.to_string())));
    let mut file = folder.open_in_place(&name)?;
    file.lock()?;
    let mut text = Vec::new();
    (&file).take(MAX_LENGTH).read_to_end(&mut text)?;
    let asked = parse(&text).filter(|(day, _)| *day == today).map_or(0, |(_, asked)| asked);
    if asked >= most {
        return Ok(Counted::Spent);
    }
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(format!("{today} {}\n", asked.saturating_add(1)).as_bytes())?;
    Ok(Counted::MayAsk)
}

/// Whether there is anything left of today's questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counted {
    MayAsk,
    Spent,
}

/// Day since 1970 and number; none for what was not written here.
fn parse(text: &[u8]) -> Option<(u64, u32)> {
    let (day, asked) = std::str::from_utf8(text).ok()?.strip_suffix('\n')?.split_once(' ')?;
    Some((day.parse().ok()?, asked.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use std::{fs, sync::Arc, thread, time::Duration};

    use super::*;

    fn folder() -> (tempfile::TempDir, UserFolder) {
        let place = tempfile::tempdir().unwrap();
        let folder = UserFolder::open(&place.path().join("x")).unwrap();
        (place, folder)
    }

    #[test]
    fn a_day_has_so_many_questions_and_the_next_one_as_many() {
        let (_place, folder) = folder();
        let day = Duration::from_secs(SECONDS_OF_A_DAY);
        let now = SystemTime::UNIX_EPOCH + day * 20_000;
        let [one, other] = ["http://a/", "http://b/"].map(|url| Url::parse(url).unwrap());
        let ask = |url, now| count(&folder, url, 2, now).unwrap();
        assert_eq!([ask(&one, now), ask(&one, now)], [Counted::MayAsk; 2]);
        assert_eq!(ask(&one, now + day - Duration::from_secs(1)), Counted::Spent);
        assert_eq!(ask(&other, now), Counted::MayAsk);
        assert_eq!([ask(&one, now + day), ask(&one, now + day)], [Counted::MayAsk; 2]);
        assert_eq!(ask(&one, now + day), Counted::Spent);
        assert_eq!(count(&folder, &one, 0, now + day * 2).unwrap(), Counted::Spent);
    }

    #[test]
    fn a_counter_that_is_broken_begins_anew() {
        let (_place, folder) = folder();
        let url = Url::parse("http://a/").unwrap();
        let now = SystemTime::now();
        count(&folder, &url, 5, now).unwrap();
        let file = fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
        for broken in [&b""[..], b"x", b"1 2 3\n", &[0xff; 1000]] {
            fs::write(&file, broken).unwrap();
            assert_eq!(count(&folder, &url, 1, now).unwrap(), Counted::MayAsk);
            assert_eq!(count(&folder, &url, 1, now).unwrap(), Counted::Spent);
        }
    }

    #[test]
    fn many_at_once_do_not_ask_more_often() {
        let (_place, folder) = folder();
        let folder = Arc::new(folder);
        let now = SystemTime::now();
        let asking: Vec<_> = (0..8)
            .map(|_| {
                let folder = Arc::clone(&folder);
                thread::spawn(move || {
                    let url = Url::parse("http://a/").unwrap();
                    (0..10).filter(|_| count(&folder, &url, 30, now).unwrap() == Counted::MayAsk).count()
                })
            })
            .collect();
        assert_eq!(asking.into_iter().map(|thread| thread.join().unwrap()).sum::<usize>(), 30);
    }
}

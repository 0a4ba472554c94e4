//! Answers that are kept until something newer must be there.
//!
//! An entry is a file that is named after the SHA-256 of what was asked and where. Whatever does not read as it was written
//! counts as not there. Nothing in it is believed more than what comes from the network: whoever asked verifies it.

use std::{
    fs,
    time::{Duration, SystemTime},
};

use sha2::{Digest as _, Sha256};

use crate::{
    kind::MAX_ANSWER,
    question::Request,
    url::Url,
    user_folder::{UNFINISHED, UserFolder},
};

/// Most bytes of all entries.
pub const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// Most entries.
pub const MAX_ENTRIES: usize = 2048;
/// Longest that anything is kept, whatever it says of itself.
pub const MAX_AGE: Duration = Duration::from_secs(31 * 24 * 60 * 60);

/// How the files of entries end.
const ENDING: &str = "entry";
/// How an entry begins.
const MAGIC: &[u8; 16] = b"bitaqa-fetched-1";
/// Magic, when it was kept, until when it counts (seconds since 1970), SHA-256 of the rest.
const HEAD: usize = 16 + 8 + 8 + 32;
/// After what time a file that nobody finished is nobody's.
const ABANDONED: Duration = Duration::from_secs(60 * 60);

/// The cache in a folder.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cache<'a> {
    folder: &'a UserFolder,
    bounds: Bounds,
}

/// How much is kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) bytes: u64,
    pub(crate) entries: usize,
}

impl<'a> Cache<'a> {
    pub(crate) fn new(folder: &'a UserFolder) -> Self {
        Self { folder, bounds: Bounds { bytes: MAX_BYTES, entries: MAX_ENTRIES } }
    }

    /// What was kept, if it still counts.
    pub(crate) fn get(&self, name: &EntryName, now: SystemTime) -> Option<Vec<u8>> {
        let bytes = self.folder.read(&name.0, HEAD + MAX_ANSWER)?;
        match entry(&bytes, name, now) {
            Some(body) => Some(body.to_vec()),
            None => {
                self.folder.remove(&name.0);
                None
            }
        }
    }

    /// Keeps an answer. A cache that cannot be written to keeps nothing, and harms nobody.
    pub(crate) fn put(&self, name: &EntryName, body: &[u8], now: SystemTime, until: SystemTime) {
        let latest = now.checked_add(MAX_AGE).unwrap_or(now);
        let (Some(kept), Some(until)) = (seconds(now), seconds(until.min(latest))) else { return };
        if until <= kept || body.len() > MAX_ANSWER {
            return;
        }
        let times = [kept.to_be_bytes(), until.to_be_bytes()].concat();
        let digest = digest(name, &times, body);
        if self.folder.write(&name.0, &[MAGIC, &times, &digest, body]).is_ok() {
            self.evict(now);
        }
    }

    /// Forgets an answer.
    pub(crate) fn forget(&self, name: &EntryName) {
        self.folder.remove(&name.0);
    }

    /// Removes the oldest entries until the rest is within bounds, and what nobody finished.
    fn evict(&self, now: SystemTime) {
        let Ok(listing) = fs::read_dir(self.folder.path()) else { return };
        let mut entries = Vec::new();
        let mut bytes: u64 = 0;
        for item in listing.flatten() {
            let (path, Ok(metadata)) = (item.path(), item.metadata()) else { continue };
            let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            if ending == ENDING {
                bytes = bytes.saturating_add(metadata.len());
                entries.push((modified, metadata.len(), path));
            } else if ending == UNFINISHED && now.duration_since(modified).is_ok_and(|age| age > ABANDONED) {
                // another process may have been faster
                let _ = fs::remove_file(path);
            }
        }
        entries.sort();
        let mut count = entries.len();
        for (_, length, path) in entries {
            if bytes <= self.bounds.bytes && count <= self.bounds.entries {
                break;
            }
            // as above
            let _ = fs::remove_file(path);
            bytes = bytes.saturating_sub(length);
            count -= 1;
        }
    }
}

/// The name of the file of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EntryName(String);

impl EntryName {
    /// After what was asked and where.
    pub(crate) fn of(url: &Url, request: &Request) -> Self {
        let mut hash = Sha256::new();
        let url = url.to_string();
        for part in [request.kind().name().as_bytes(), url.as_bytes(), request.body().unwrap_or_default()] {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part);
        }
        Self(format!("{}.{ENDING}", hexadecimal(&hash.finalize())))
    }
}

/// The body of an entry that reads as it was written and counts at this time.
fn entry<'a>(bytes: &'a [u8], name: &EntryName, now: SystemTime) -> Option<&'a [u8]> {
    let (head, body) = bytes.split_at_checked(HEAD)?;
    let (magic, rest) = head.split_at_checked(MAGIC.len())?;
    let (times, kept_digest) = rest.split_at_checked(16)?;
    let (kept, until) = times.split_at_checked(8)?;
    let [kept, until] = [kept, until].map(|time| time.try_into().map(u64::from_be_bytes));
    let now = seconds(now)?;
    // one from the future was kept with another clock, which says nothing about when it ends
    let counts = kept.ok()? <= now && now < until.ok()?;
    (magic == MAGIC && counts && kept_digest == digest(name, times, body)).then_some(body)
}

fn digest(name: &EntryName, times: &[u8], body: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(&name.0).chain_update(times).chain_update(body).finalize().into()
}

fn seconds(time: SystemTime) -> Option<u64> {
    time.duration_since(SystemTime::UNIX_EPOCH).ok().map(|duration| duration.as_secs())
}

/// Bytes in hexadecimal.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn folder() -> (tempfile::TempDir, UserFolder) {
        let place = tempfile::tempdir().unwrap();
        let folder = UserFolder::open(&place.path().join("a/b")).unwrap();
        (place, folder)
    }

    fn name(path: &str) -> EntryName {
        EntryName::of(&Url::parse(&format!("http://a.example/{path}")).unwrap(), &Request::Crl)
    }

    #[test]
    fn an_entry_counts_until_its_end_and_not_before_its_beginning() {
        let (_place, folder) = folder();
        let cache = Cache::new(&folder);
        let now = SystemTime::UNIX_EPOCH + HOUR * 500_000;
        cache.put(&name("x"), b"list", now, now + HOUR);
        assert_eq!(cache.get(&name("x"), now).as_deref(), Some(&b"list"[..]));
        assert_eq!(cache.get(&name("y"), now), None);
        assert_eq!(cache.get(&name("x"), now + HOUR), None);
        cache.put(&name("x"), b"list", now, now + HOUR);
        assert_eq!(cache.get(&name("x"), now - HOUR), None);
        cache.put(&name("x"), b"list", now, now);
        assert_eq!(cache.get(&name("x"), now), None);
        // for ever is a month
        cache.put(&name("x"), b"list", now, now + MAX_AGE * 100);
        assert!(cache.get(&name("x"), now + MAX_AGE - HOUR).is_some());
        assert_eq!(cache.get(&name("x"), now + MAX_AGE), None);
    }

    #[test]
    fn an_entry_in_which_a_bit_is_wrong_is_not_there() {
        let (_place, folder) = folder();
        let cache = Cache::new(&folder);
        let now = SystemTime::UNIX_EPOCH + HOUR * 500_000;
        cache.put(&name("x"), b"list", now, now + HOUR);
        let file = folder.path().join(&name("x").0);
        let good = fs::read(&file).unwrap();
        for index in 0..good.len() {
            let mut bad = good.clone();
            bad[index] ^= 1;
            fs::write(&file, bad).unwrap();
            assert_eq!(cache.get(&name("x"), now), None, "{index}");
        }
        for length in 0..good.len() {
            fs::write(&file, &good[..length]).unwrap();
            assert_eq!(cache.get(&name("x"), now), None, "{length}");
        }
        // another's answer under this name
        fs::write(folder.path().join(&name("y").0), &good).unwrap();
        assert_eq!(cache.get(&name("y"), now), None);
        fs::write(&file, &good).unwrap();
        assert!(cache.get(&name("x"), now).is_some());
    }

    #[test]
    fn the_oldest_entries_make_room() {
        let (_place, folder) = folder();
        let now = SystemTime::now();
        let by_count = Cache { folder: &folder, bounds: Bounds { bytes: MAX_BYTES, entries: 3 } };
        let age = |path: &str, hours: u32| {
            let file = fs::File::options().write(true).open(folder.path().join(&name(path).0)).unwrap();
            file.set_modified(now - HOUR * hours).unwrap();
        };
        for (path, hours) in [("a", 9), ("b", 7), ("c", 8)] {
            by_count.put(&name(path), b"list", now, now + HOUR);
            age(path, hours);
        }
        by_count.put(&name("d"), b"list", now, now + HOUR);
        let there = |paths: &str| {
            let kept = "abcde".chars().filter(|path| by_count.get(&name(&path.to_string()), now).is_some());
            assert_eq!(kept.collect::<String>(), paths);
        };
        there("bcd");
        let length = u64::try_from(HEAD + 4).unwrap();
        let by_bytes = Cache { folder: &folder, bounds: Bounds { bytes: 2 * length, entries: 100 } };
        age("d", 1);
        by_bytes.put(&name("e"), b"list", now, now + HOUR);
        there("de");
    }

    #[test]
    fn what_nobody_finished_is_removed() {
        let (_place, folder) = folder();
        let cache = Cache::new(&folder);
        let now = SystemTime::now();
        let [old, young] = ["old.new", "young.new"].map(|name| folder.path().join(name));
        for (path, age) in [(&old, HOUR * 2), (&young, HOUR / 2)] {
            fs::write(path, b"half").unwrap();
            fs::File::options().write(true).open(path).unwrap().set_modified(now - age).unwrap();
        }
        cache.put(&name("x"), b"list", now, now + HOUR);
        assert!(!old.exists() && young.exists());
    }
}

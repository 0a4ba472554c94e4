//! Memory that a host gives back while it waits: pages of its own program that it needed once.
//!
//! The host waits in the background for as long as the browser keeps its port, and while a person reads a window. What of the
//! program's file was read before stays in the system's cache, from where it comes back as it is used; it is only no longer
//! held by a process that does nothing.
#![allow(unsafe_code)]

use std::{fs, ptr, time::Duration};

use rustix::mm::{Advice, madvise};

/// Most bytes of the list of mappings that are looked at.
const MAX_LIST: usize = 256 * 1024;

/// How long a host has waited then.
const SOON: Duration = Duration::from_millis(500);

/// Gives back what was needed, unless something else happens soon.
pub(crate) async fn give_back_soon() {
    tokio::time::sleep(SOON).await;
    give_back();
}

/// Gives back the pages of the program's file that are read-only: its code, and its constants that no loader changed.
///
/// Where the system does not say what is mapped nothing happens.
fn give_back() {
    let (Ok(program), Ok(list)) = (fs::read_link("/proc/self/exe"), fs::read_to_string("/proc/self/maps"))
    else {
        return;
    };
    let Some(program) = program.to_str() else { return };
    for range in unchanged(list.get(..MAX_LIST).unwrap_or(&list), program) {
        let start = ptr::without_provenance_mut(range.start);
        #[cfg(target_os = "linux")]
        // SAFETY: the range is a whole private mapping of the program's file that cannot be written, and never could be
        // (`unchanged`), so its pages are the file's: the next access reads the same bytes from there again.
        let _ = unsafe { madvise(start, range.end - range.start, Advice::LinuxDontNeed) };
    }
}

/// The mappings of this file that hold what stands in the file: its code, and what comes before any code. Constants that the loader
/// wrote addresses into come after it, and are read-only as well, but not the file's.
fn unchanged<'a>(list: &'a str, program: &'a str) -> impl Iterator<Item = std::ops::Range<usize>> + 'a {
    list.lines().filter_map(move |line| {
        // proc(5): start-end, permissions, offset, device, inode, path
        let mut words = line.splitn(6, ' ');
        let (start, end) = words.next()?.split_once('-')?;
        let (permissions, offset) = (words.next()?, words.next()?);
        let path = words.nth(2)?.trim_start();
        let is_first = permissions == "r--p" && offset.bytes().all(|digit| digit == b'0');
        if path != program || !(permissions == "r-xp" || is_first) {
            return None;
        }
        let address = |text| usize::from_str_radix(text, 16).ok();
        Some(address(start)?..address(end)?).filter(|range| !range.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "\
5565a8c00000-5565a95bd000 r--p 00000000 fe:00 1234                       /usr/lib/bitaqa/bitaqa-host
5565a95bd000-5565aa2a7000 r-xp 009bc000 fe:00 1234                       /usr/lib/bitaqa/bitaqa-host
5565aa2a7000-5565aa392000 r--p 016a5000 fe:00 1234                       /usr/lib/bitaqa/bitaqa-host
5565aa392000-5565aa39b000 rw-p 0178f000 fe:00 1234                       /usr/lib/bitaqa/bitaqa-host
5565ab000000-5565ab03b000 rw-p 00000000 00:00 0                          [heap]
7f0000000000-7f0000026000 r--p 00000000 fe:00 99                         /usr/lib/x86_64-linux-gnu/libc.so.6
7f0000026000-7f0000100000 r-xp 00026000 fe:00 99                         /usr/lib/x86_64-linux-gnu/libc.so.6
nonsense
7ffd00000000-7ffd00001000 r-xp 00000000 00:00 0                          [vdso]
";

    #[test]
    fn only_what_stands_in_the_program_s_file_is_given_back() {
        let found: Vec<_> = unchanged(LIST, "/usr/lib/bitaqa/bitaqa-host").collect();
        assert_eq!(found, [0x5565_a8c0_0000..0x5565_a95b_d000, 0x5565_a95b_d000..0x5565_aa2a_7000]);
        assert_eq!(unchanged(LIST, "/usr/lib/bitaqa").count(), 0);
    }

    #[test]
    fn a_program_runs_on_after_it_gave_back_its_pages() {
        give_back();
        let words: Vec<String> = ["code", "and", "constants"].map(str::to_uppercase).into();
        assert_eq!(words.concat(), "CODEANDCONSTANTS");
        give_back();
    }
}

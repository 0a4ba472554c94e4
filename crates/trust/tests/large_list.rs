//! A revocation list of ten megabytes is read where it lies.

#![allow(
    unsafe_code,
    reason = "an allocator counts what is allocated; it hands everything on to the system's"
)]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test ends where it cannot go on, and says what it measured"
)]

mod test_pki;

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicUsize, Ordering},
};

use bitaqa_trust::{certificate::Certificate, revocation::crl::CertificateList};
use test_pki::{
    Issued, Key, Kind, Template,
    revocation::{ListTemplate, entry, reason},
};

struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is the system allocator's own, with its own arguments.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(now, Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn authority() -> Issued {
    Template::authority("Example Issuing").self_signed(Key::new(Kind::P256, 2))
}

/// The only test of this program, so nothing else allocates while it counts.
#[test]
fn ten_megabytes_of_entries_take_no_memory_of_their_own() {
    let authority = authority();
    let entries = (0x1000_0000_u32..)
        .take(250_000)
        .map(|number| entry(&[&number.to_be_bytes()[..], &[0x55; 8]].concat(), &[reason(4)]))
        .collect();
    let list = ListTemplate { entries, ..ListTemplate::new() }.issued_by(&authority);
    assert!(list.len() > 10_000_000, "{} bytes", list.len());
    let signer = Certificate::from_der(&authority.der).unwrap();
    let number = |last: u32| test_pki::der::integer(&[&last.to_be_bytes()[..], &[0x55; 8]].concat());

    let before = NOW.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let parsed = CertificateList::from_der(&list).unwrap();
    parsed.verify_signature(&signer).unwrap();
    let issuer = signer.tbs().subject().clone();
    let found = parsed.find(&number(0x1000_0000 + 249_999), &issuer).unwrap();
    let missing = parsed.find(&number(0x1000_0000 + 250_000), &issuer).unwrap();
    let used = PEAK.load(Ordering::Relaxed) - before;

    println!("a list of {} bytes and 250000 entries took {used} bytes more", list.len());
    assert!(found.is_some() && missing.is_none());
    assert!(used < 64 * 1024, "{used} bytes");
}

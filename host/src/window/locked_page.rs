//! Pages of memory for secrets: never swapped, not shared with forked children, zeroised before they are given back.
//!
//! The only unsafe code of the window.
#![allow(unsafe_code)]

use std::{io, ptr::NonNull, slice};

use rustix::mm::{Advice, MapFlags, ProtFlags, madvise, mlock, mmap_anonymous, munlock, munmap};
use zeroize::Zeroize;

/// One locked page.
pub(super) struct LockedPage {
    start: NonNull<u8>,
    size: usize,
}

// SAFETY: the page is owned by this value alone and has no thread affinity.
unsafe impl Send for LockedPage {}
// SAFETY: through a shared reference it can only be read.
unsafe impl Sync for LockedPage {}

impl LockedPage {
    /// Maps and locks a page of zeros.
    ///
    /// # Errors
    /// The system's, where it gives no page or refuses to lock one (`RLIMIT_MEMLOCK`).
    pub(super) fn new() -> io::Result<Self> {
        let size = rustix::param::page_size();
        // SAFETY: an anonymous private mapping at an address of the system's choice touches no memory of ours.
        let start = unsafe {
            mmap_anonymous(std::ptr::null_mut(), size, ProtFlags::READ | ProtFlags::WRITE, MapFlags::PRIVATE)
        }?;
        let start = NonNull::new(start.cast()).ok_or(io::ErrorKind::OutOfMemory)?;
        // from here on `drop` unmaps, also where locking fails
        let page = Self { start, size };
        // SAFETY: start and size are those of the mapping just made.
        unsafe { mlock(page.start.as_ptr().cast(), size) }?;
        #[cfg(target_os = "linux")]
        // SAFETY: as above; the advice only keeps the page out of forked children, which never look for it.
        unsafe { madvise(page.start.as_ptr().cast(), size, Advice::LinuxDontFork) }?;
        Ok(page)
    }

    /// The page's bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        // SAFETY: the mapping is readable, lives as long as `self`, and is only written through `&mut self`.
        unsafe { slice::from_raw_parts(self.start.as_ptr(), self.size) }
    }

    /// The page's bytes, to be written.
    pub(super) fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: as in `bytes`; `&mut self` makes this the only reference.
        unsafe { slice::from_raw_parts_mut(self.start.as_ptr(), self.size) }
    }
}

impl Drop for LockedPage {
    fn drop(&mut self) {
        self.bytes_mut().zeroize();
        // SAFETY: start and size are those of the mapping made in `new`; nothing can refer to it any more. A failure would
        // leave a page of zeros behind, so it is not looked at.
        unsafe {
            let _ = munlock(self.start.as_ptr().cast(), self.size);
            let _ = munmap(self.start.as_ptr().cast(), self.size);
        }
    }
}

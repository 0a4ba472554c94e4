//! What a process that handles PINs asks of the system.

use std::io;

use rustix::process::{Resource, Rlimit, setrlimit};

/// Makes the process leave no core image behind and keeps other programs of the same user from attaching to it
/// (`prctl(2)`, `PR_SET_DUMPABLE`; `getrlimit(2)`, `RLIMIT_CORE`). Programs of the administrator still can.
///
/// # Errors
/// The system's, where it refuses.
pub fn harden_process() -> io::Result<()> {
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    Ok(())
}

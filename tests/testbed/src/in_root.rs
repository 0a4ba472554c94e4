//! A program in a root of its own: what a browser starts where an administrator installed something for a test.

use std::{ffi::OsString, io, os::unix::process::CommandExt as _, path::PathBuf};

use bitaqa_testbed::OwnRoot;
use clap::Args;

/// Which program, in which root.
#[derive(Args)]
pub(crate) struct Arguments {
    /// A folder for the root; what is in its `bitaqa` becomes /etc/bitaqa of the program. What the program changes there is
    /// gone with it.
    #[arg(long)]
    folder: PathBuf,
    /// The program, by its absolute path, and its arguments.
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    program: Vec<OsString>,
}

/// Becomes the program.
pub(crate) fn run(arguments: &Arguments) -> io::Result<()> {
    let (program, own) = arguments.program.split_first().ok_or(io::ErrorKind::InvalidInput)?;
    // returns only where that failed
    Err(OwnRoot::command_in(&arguments.folder, program.as_ref())?.args(own).exec())
}

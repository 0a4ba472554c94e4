//! Start and end of the host.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use crate::{caller::Caller, port::Port, reader, session, window::harden_process};

/// Exit code for a start that is not a browser's.
const NOT_A_BROWSER: u8 = 2;

/// Serves the browser that started this process, until it closes the port.
///
/// `arguments` are those of the command line, without the program's name.
#[must_use]
pub fn run_host(arguments: &[String]) -> ExitCode {
    if Caller::identify(arguments).is_none() {
        let _ = writeln!(
            io::stderr(),
            "bitaqa-host {} is started by the browser, for the Bitaqa extension; there is nothing to do with it by hand.",
            env!("CARGO_PKG_VERSION")
        );
        return ExitCode::from(NOT_A_BROWSER);
    }
    if let Err(error) = harden_process() {
        let _ = writeln!(io::stderr(), "bitaqa-host: {error}");
        return ExitCode::FAILURE;
    }
    let served = Port::open(io::stdin(), io::stdout()).and_then(|port| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        runtime.block_on(session::serve(port));
        // monitors and connections of what was under way
        drop(runtime);
        reader::wait_for_end();
        Ok(())
    });
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "bitaqa-host: {error}");
            ExitCode::FAILURE
        }
    }
}

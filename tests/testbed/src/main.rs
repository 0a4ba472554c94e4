//! The test bed as a program: a card environment for tests in other languages, the other program at the reader, and a
//! root in which an administrator installed something.

mod foreign;
mod in_root;

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use bitaqa_testbed::{ReaderOptions, serve};
use clap::{Parser, Subcommand};

/// Card environments for tests.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve a card environment: JSON lines on standard input and output (see the documentation of `bitaqa_testbed::protocol`).
    Serve {
        /// The readers to start with, a JSON list; one plain reader when absent.
        #[arg(long, value_parser = readers, default_value = "[{}]")]
        readers: Readers,
    },
    /// Be another program that uses the reader; PCSCLITE_CSOCK_NAME says which pcscd.
    Foreign(foreign::Arguments),
    /// Run a program in a root of its own, which is as the machine's but for /etc/bitaqa.
    InRoot(in_root::Arguments),
}

/// The readers to start with.
#[derive(Clone)]
struct Readers(Vec<ReaderOptions>);

fn readers(text: &str) -> Result<Readers, String> {
    serde_json::from_str(text).map(Readers).map_err(|error| error.to_string())
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Serve { readers } => {
            serve(readers.0, io::stdin().lock(), io::stdout().lock()).map_err(|error| error.to_string())
        }
        Command::InRoot(arguments) => in_root::run(&arguments).map_err(|error| error.to_string()),
        Command::Foreign(arguments) => foreign::run(&arguments).map_err(|error| error.to_string()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // if nobody reads it, the exit code says enough
            let _ = writeln!(io::stderr(), "bitaqa-testbed: {error}");
            ExitCode::FAILURE
        }
    }
}

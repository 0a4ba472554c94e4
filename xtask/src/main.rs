//! `cargo xtask …`: everything that is done to the project from the outside. Has no dependencies, so that it starts on a
//! fresh machine after seconds.

use std::{
    io::{self, Write},
    process::ExitCode,
};

mod bench;
mod build;
mod calibrate;
mod codegen;
mod command;
mod demo;
mod footprint;
mod fuzz;
mod notices;
mod packages;
mod python;
mod set_up;
mod test;
mod wasm_toolchain;
mod workspace;

use packages::Consent;
use workspace::Workspace;

const USAGE: &str = "\
cargo xtask COMMAND

  demo [--headless] [--json] [--yes]   sign in to the example portal with a card, in a real browser
  test [--yes] [STEP …]                everything that decides whether a change is good
  build [--yes]                        host, portal, command line, extension and SDK
  bench [--json] [--yes] [PART]        the figures of docs/performance.md
  fuzz [TARGET] [--seconds N] [--yes]  random input for everything that reads cards and files (docs/fuzzing.md)
  calibrate                            whether negative conformance tests notice a check that is gone (docs/platform.md)
  codegen                              TypeScript types and JSON Schema from the types in Rust

Each installs what is missing, after asking when standard input is a terminal; --yes answers.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.split_first() {
        Some((&"demo", rest)) => demo::run(rest),
        Some((&"test", rest)) => test::run(rest),
        Some((&"build", rest)) => build::run(rest),
        Some((&"bench", rest)) => bench::run(rest),
        Some((&"fuzz", rest)) => fuzz::run(rest),
        Some((&"calibrate", rest)) => calibrate::run(rest),
        Some((&"codegen", [])) => Workspace::find().and_then(|workspace| codegen::write(&workspace)),
        Some((&("help" | "-h" | "--help"), _)) => {
            say(USAGE);
            return ExitCode::SUCCESS;
        }
        _ => {
            complain(USAGE);
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            complain(&format!("\ncargo xtask: {message}\n"));
            ExitCode::FAILURE
        }
    }
}

/// What went wrong, for a person.
type Outcome<T = ()> = Result<T, String>;

/// Takes the options out of the arguments that every command shares.
fn consent(arguments: &mut Vec<&str>) -> Consent {
    let before = arguments.len();
    arguments.retain(|argument| *argument != "--yes" && *argument != "-y");
    if arguments.len() < before { Consent::Given } else { Consent::Ask }
}

/// Progress goes to standard error: standard output is for results.
fn say(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

fn complain(text: &str) {
    say(text);
}

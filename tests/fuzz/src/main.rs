//! The fuzzer, where `cargo xtask fuzz` builds it; otherwise a program that runs inputs once: `bitaqa-fuzz TARGET FILE …`.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
mod libfuzzer;

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    replay::run(&std::env::args().skip(1).collect::<Vec<_>>())
}

#[cfg(not(fuzzing))]
mod replay {
    //! Runs inputs once, in an ordinary program: what a debugger likes.

    use std::{
        fs,
        io::{self, Write as _},
        process::ExitCode,
    };

    /// Runs a target over files; a fault is a panic.
    pub(crate) fn run(arguments: &[String]) -> ExitCode {
        let (target, files) = match arguments.split_first() {
            Some((name, files)) => (bitaqa_fuzz::target(name), files),
            None => (None, arguments),
        };
        let Some(target) = target else {
            let names: Vec<&str> = bitaqa_fuzz::TARGETS.iter().map(|target| target.name).collect();
            return complain(&format!("bitaqa-fuzz TARGET FILE …; targets: {}", names.join(" ")));
        };
        for file in files {
            match fs::read(file) {
                Ok(input) => (target.run)(&input),
                Err(error) => return complain(&format!("{file}: {error}")),
            }
        }
        ExitCode::SUCCESS
    }

    fn complain(text: &str) -> ExitCode {
        let _ = writeln!(io::stderr(), "{text}");
        ExitCode::from(2)
    }
}

//! Running programs.

use std::{
    ffi::OsStr,
    path::Path,
    process::{Command, Stdio},
    sync::OnceLock,
    time::Instant,
};

use crate::{Outcome, say};

/// Variable that everything started carries from now on.
static MARK: OnceLock<(&str, String)> = OnceLock::new();

/// Has everything that is started from now on carry a variable.
pub(crate) fn mark_everything((name, value): (&'static str, &str)) {
    let _ = MARK.set((name, value.to_owned()));
}

/// A program to run.
pub(crate) struct Program {
    command: Command,
    shown: String,
}

impl Program {
    pub(crate) fn new(name: impl AsRef<OsStr>) -> Self {
        let name = name.as_ref();
        let shown = Path::new(name).file_name().unwrap_or(name).to_string_lossy().into_owned();
        Self { command: Command::new(name), shown }
    }

    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.shown.push(' ');
        self.shown.push_str(&argument.as_ref().to_string_lossy());
        self.command.arg(argument);
        self
    }

    pub(crate) fn args<A: AsRef<OsStr>>(self, arguments: impl IntoIterator<Item = A>) -> Self {
        arguments.into_iter().fold(self, Self::arg)
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn dir(mut self, directory: impl AsRef<Path>) -> Self {
        self.command.current_dir(directory);
        self
    }

    /// What is started in a watched run carries its mark.
    fn mark(&mut self) {
        if let Some((name, value)) = MARK.get() {
            self.command.env(name, value);
        }
    }

    /// Runs it with our own standard streams; everything but success is an error.
    pub(crate) fn run(mut self) -> Outcome {
        self.mark();
        let status = self.command.status().map_err(|error| format!("{}: {error}", self.shown))?;
        if status.success() { Ok(()) } else { Err(format!("{}: {status}", self.shown)) }
    }

    /// Runs it and gives what it prints on standard output; `None` if it fails or is not there.
    pub(crate) fn output(mut self) -> Option<String> {
        let output = self.command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// Names a step, does it and says how long it took.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    say(&format!("\n\x1b[1m▶ {name}\x1b[0m\n"));
    let started = Instant::now();
    let outcome = work();
    let seconds = started.elapsed().as_secs_f32();
    let mark = if outcome.is_ok() { "✓" } else { "✕" };
    say(&format!("{mark} {name} ({seconds:.1} s)\n"));
    outcome
}

/// Whether a program can be started.
pub(crate) fn is_there(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

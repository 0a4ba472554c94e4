//! Each provider on one processor, who asks on another; in turns, so that all see the same machine.

use std::{
    env,
    io::{BufRead, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
};

use serde::Serialize;

use crate::{BenchError, ask::Figures};

/// How often each is asked.
const ROUNDS: usize = 3;

/// Ends with the measurement.
struct Provider {
    process: Child,
    /// Kept open: who cannot say anything more may end.
    out: BufReader<ChildStdout>,
    target: String,
}

impl Provider {
    fn start(mut command: Command) -> Result<Self, BenchError> {
        let mut process = command.stdout(Stdio::piped()).spawn()?;
        let out = process.stdout.take().ok_or_else(|| BenchError::other("a provider says nothing"))?;
        let mut provider = Self { process, out: BufReader::new(out), target: String::new() };
        provider.out.read_line(&mut provider.target)?;
        if provider.target.is_empty() {
            return Err(BenchError::other("a provider does not start"));
        }
        Ok(provider)
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[derive(Serialize)]
struct Report {
    memory: Vec<Figures>,
    sqlite: Vec<Figures>,
    peer: Vec<Figures>,
    memory_ratio: f64,
    sqlite_ratio: f64,
}

/// Measures, and prints a table or JSON.
pub(crate) fn measure(peer: &str, as_json: bool) -> Result<(), BenchError> {
    let program = env::current_exe()?;
    let on = |processor: &str| {
        let mut command = Command::new("taskset");
        command.args(["-c", processor]);
        command
    };
    let ours = |store: &str| {
        let mut command = on("0");
        command.arg(&program).args(["serve", store]);
        command
    };
    let mut theirs = on("0");
    theirs.args(["node", peer]);
    let providers =
        [Provider::start(ours("memory"))?, Provider::start(ours("sqlite"))?, Provider::start(theirs)?];
    let mut figures: [Vec<Figures>; 3] = Default::default();
    for _ in 0..ROUNDS {
        for (provider, figures) in providers.iter().zip(&mut figures) {
            let asked = on("1").arg(&program).args(["ask", provider.target.trim_end()]).output()?;
            if !asked.status.success() {
                return Err(BenchError::other(String::from_utf8_lossy(&asked.stderr).into_owned()));
            }
            figures.push(serde_json::from_slice(&asked.stdout)?);
        }
    }
    let [memory, sqlite, peer] = figures;
    let best = |figures: &[Figures]| figures.iter().map(|one| one.flows_per_second).fold(0.0, f64::max);
    let report = Report {
        memory_ratio: best(&memory) / best(&peer),
        sqlite_ratio: best(&sqlite) / best(&peer),
        memory,
        sqlite,
        peer,
    };
    if as_json {
        println!("{}", serde_json::to_string(&report)?);
        return Ok(());
    }
    println!(
        "sign-ins with a session: authorize, token, userinfo; 16 connections; best of {ROUNDS} rounds\n"
    );
    println!("| | flows/s | median ms | 99th percentile ms | ratio |\n|---|---|---|---|---|");
    for (name, figures, ratio) in [
        ("in memory", &report.memory, report.memory_ratio),
        ("SQLite, synchronous=FULL", &report.sqlite, report.sqlite_ratio),
        ("npm oidc-provider, in memory", &report.peer, 1.0),
    ] {
        let best =
            figures.iter().max_by(|one, other| one.flows_per_second.total_cmp(&other.flows_per_second));
        if let Some(best) = best {
            println!(
                "| {name} | {:.0} | {:.2} | {:.2} | {ratio:.2} |",
                best.flows_per_second, best.median_milliseconds, best.p99_milliseconds
            );
        }
    }
    Ok(())
}

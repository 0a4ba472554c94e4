//! Each provider on one processor, who asks on another; in turns, so that all see the same machine.

use std::{
    env,
    io::{BufRead, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
};

use serde::Serialize;

use crate::{
    BenchError,
    ask::Figures,
    costs::{Costs, costs},
    fill::{SESSIONS, SUBJECTS},
};

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

/// What is measured, in the order of the rounds.
const KINDS: [(&str, &str); 4] = [
    ("memory", "in memory"),
    ("sqlite", "SQLite, synchronous=FULL"),
    ("sqlite-filled", "the same, filled"),
    ("peer", "npm oidc-provider, in memory"),
];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    providers: Vec<Measured>,
    subjects: u32,
    sessions: u32,
    costs: Costs,
}

/// A provider's rounds.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Measured {
    kind: &'static str,
    rounds: Vec<Figures>,
    /// Median over the rounds of what it does for each sign-in of the peer in the same round.
    ratio: f64,
}

impl Measured {
    fn best(&self) -> Option<&Figures> {
        self.rounds.iter().max_by(|one, other| one.flows_per_second.total_cmp(&other.flows_per_second))
    }
}

/// Measures, and prints a table or JSON.
pub(crate) fn measure(peer: &str, as_json: bool) -> Result<(), BenchError> {
    let rounds = rounds(peer)?;
    let costs = costs()?;
    let peer = rounds.last().cloned().unwrap_or_default();
    let providers = KINDS
        .iter()
        .zip(rounds)
        .map(|((kind, _), rounds)| Measured { kind, ratio: ratio(&rounds, &peer), rounds })
        .collect();
    let report = Report { providers, subjects: SUBJECTS, sessions: SESSIONS, costs };
    if as_json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        print(&report);
    }
    Ok(())
}

/// The median of the ratios.
fn ratio(ours: &[Figures], peer: &[Figures]) -> f64 {
    let mut ratios: Vec<f64> =
        ours.iter().zip(peer).map(|(ours, peer)| ours.flows_per_second / peer.flows_per_second).collect();
    ratios.sort_unstable_by(f64::total_cmp);
    ratios.get(ratios.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Asks each provider in turns; gives the figures of each.
fn rounds(peer: &str) -> Result<Vec<Vec<Figures>>, BenchError> {
    let program = env::current_exe()?;
    let on = |processor: &str| {
        let mut command = Command::new("taskset");
        command.args(["-c", processor]);
        command
    };
    let providers = KINDS
        .iter()
        .map(|(kind, _)| {
            let mut command = on("0");
            match *kind {
                "peer" => command.args(["node", peer]),
                store => command.arg(&program).args(["serve", store]),
            };
            Provider::start(command)
        })
        .collect::<Result<Vec<_>, _>>()?;
    let mut figures = vec![Vec::new(); KINDS.len()];
    for _ in 0..ROUNDS {
        for (provider, figures) in providers.iter().zip(&mut figures) {
            let asked = on("1").arg(&program).args(["ask", provider.target.trim_end()]).output()?;
            if !asked.status.success() {
                return Err(BenchError::other(String::from_utf8_lossy(&asked.stderr).into_owned()));
            }
            figures.push(serde_json::from_slice(&asked.stdout)?);
        }
    }
    Ok(figures)
}

fn print(report: &Report) {
    println!(
        "sign-ins with a session: authorize, token, userinfo; 16 connections; best of {ROUNDS} rounds, and the median of the ratios\n"
    );
    println!("| | flows/s | median ms | 99th percentile ms | ratio |\n|---|---|---|---|---|");
    for (measured, (_, name)) in report.providers.iter().zip(KINDS) {
        if let Some(best) = measured.best() {
            println!(
                "| {name} | {:.0} | {:.2} | {:.2} | {:.2} |",
                best.flows_per_second, best.median_milliseconds, best.p99_milliseconds, measured.ratio
            );
        }
    }
    println!("\nfilled: {} people, {} of them signed in", report.subjects, report.sessions);
    println!("\none sign-in at PostgreSQL\n\n{}", report.costs);
}

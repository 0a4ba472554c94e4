//! Each provider on one processor, who asks on another; in turns, so that all see the same machine.

use std::{
    env, fs,
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

    /// Processor time until now, in seconds (proc(5), `/proc/PID/stat`: utime and stime, in hundredths).
    fn processor_time(&self) -> Result<f64, BenchError> {
        let text = fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        // the name before it can have spaces
        let fields = text.rsplit_once(')').map(|(_, fields)| fields.split_whitespace()).into_iter().flatten();
        let ticks: Option<Vec<f64>> = fields.skip(11).take(2).map(|field| field.parse().ok()).collect();
        let ticks = ticks.filter(|ticks| ticks.len() == 2);
        Ok(ticks.ok_or_else(|| BenchError::other("a process without times"))?.iter().sum::<f64>() / 100.0)
    }
}

/// One round of one provider.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Round {
    #[serde(flatten)]
    figures: Figures,
    /// Of the provider, for one sign-in.
    processor_microseconds: f64,
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
    rounds: Vec<Round>,
    /// Median over the rounds: its sign-ins for one of the peer in the same round.
    ratio: f64,
    /// The same for the processor time that the peer takes, for one unit of its own.
    processor_ratio: f64,
}

impl Measured {
    fn best(&self) -> Option<&Round> {
        self.rounds
            .iter()
            .max_by(|one, other| one.figures.flows_per_second.total_cmp(&other.figures.flows_per_second))
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
        .map(|((kind, _), rounds)| Measured {
            kind,
            ratio: ratio(&rounds, &peer, |round| round.figures.flows_per_second),
            processor_ratio: ratio(&peer, &rounds, |round| round.processor_microseconds),
            rounds,
        })
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
fn ratio(ones: &[Round], others: &[Round], of: impl Fn(&Round) -> f64) -> f64 {
    let mut ratios: Vec<f64> = ones.iter().zip(others).map(|(one, other)| of(one) / of(other)).collect();
    ratios.sort_unstable_by(f64::total_cmp);
    ratios.get(ratios.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Asks each provider in turns; gives the figures of each.
fn rounds(peer: &str) -> Result<Vec<Vec<Round>>, BenchError> {
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
            let before = provider.processor_time()?;
            let asked = on("1").arg(&program).args(["ask", provider.target.trim_end()]).output()?;
            if !asked.status.success() {
                return Err(BenchError::other(String::from_utf8_lossy(&asked.stderr).into_owned()));
            }
            let asked: Figures = serde_json::from_slice(&asked.stdout)?;
            #[allow(clippy::cast_precision_loss, reason = "far fewer")]
            let each = (provider.processor_time()? - before) / asked.asked as f64;
            figures.push(Round { figures: asked, processor_microseconds: each * 1e6 });
        }
    }
    Ok(figures)
}

fn print(report: &Report) {
    println!(
        "sign-ins with a session: authorize, token, userinfo; 16 connections; best of {ROUNDS} rounds, and the median of the ratios\n"
    );
    println!(
        "| | flows/s | median ms | 99th percentile ms | ratio | processor µs | ratio |\n|---|---|---|---|---|---|---|"
    );
    for (measured, (_, name)) in report.providers.iter().zip(KINDS) {
        if let Some(best) = measured.best() {
            println!(
                "| {name} | {:.0} | {:.2} | {:.2} | {:.2} | {:.0} | {:.2} |",
                best.figures.flows_per_second,
                best.figures.median_milliseconds,
                best.figures.p99_milliseconds,
                measured.ratio,
                best.processor_microseconds,
                measured.processor_ratio
            );
        }
    }
    println!("\nfilled: {} people, {} of them signed in", report.subjects, report.sessions);
    println!("\none sign-in at PostgreSQL\n\n{}", report.costs);
}

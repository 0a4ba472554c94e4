//! Validating and making signatures, beside programs of others that do the same work in the same run.
//!
//! The limit of a validation is what its public-key operations cost; so the figures stand beside pyHanko's in one process, and
//! beside `openssl cms -verify` from process to process, which checks less: neither time stamps nor revocation.

mod files;
mod large_pdf;
#[path = "../../../../crates/signature/tests/support/mod.rs"]
mod support;

use std::{
    fmt::Write as _,
    io,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use bitaqa_signature::{
    document::{self, NoContent},
    validation::{self, ValidationSettings},
};
use serde::Serialize;

use files::Files;

/// How long one thing is done again and again.
const SPAN: Duration = Duration::from_secs(2);
/// Processes that are started of each program.
const PROCESSES: usize = 25;

/// All figures. Times are medians, in milliseconds.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// Validation in one process.
    pub in_process: Vec<Beside>,
    /// From process to process.
    pub processes: Vec<Beside>,
    /// A signature in a PDF of 100 MB.
    pub large_pdf: large_pdf::LargePdf,
}

/// Ours beside another's.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Beside {
    /// What is done.
    pub what: &'static str,
    /// Ours.
    pub ours: f64,
    /// By whom else.
    pub other: &'static str,
    /// Theirs.
    pub theirs: f64,
}

/// Measures everything. `bitaqa` is the command line, `python` an interpreter with pyHanko.
///
/// # Errors
/// A program that cannot be started or refuses a file.
pub fn measure(bitaqa: &Path, python: &Path) -> io::Result<Figures> {
    let files = Files::make()?;
    let pyhanko = pyhanko(python, &files)?;
    let in_process = vec![
        Beside {
            what: "CAdES B-LT",
            ours: validate(&files.cms, &files)?,
            other: "pyHanko",
            theirs: pyhanko.cms,
        },
        Beside {
            what: "PAdES B-LT",
            ours: validate(&files.pdf, &files)?,
            other: "pyHanko",
            theirs: pyhanko.pdf,
        },
    ];
    let root = files.root_file();
    let cms = files.cms_file();
    let ours = process(Command::new(bitaqa).args(["verify", "--offline", "--trust"]).arg(&root).arg(&cms))?;
    let authorities = files.authorities_file();
    let theirs = process(
        Command::new("openssl")
            .args([
                "cms",
                "-verify",
                "-cades",
                "-inform",
                "DER",
                "-purpose",
                "any",
                "-out",
                "/dev/null",
                "-CAfile",
            ])
            .arg(&authorities)
            .arg("-in")
            .arg(&cms),
    )?;
    let processes = vec![Beside { what: "CAdES B-LT", ours, other: "openssl cms -verify", theirs }];
    Ok(Figures { in_process, processes, large_pdf: large_pdf::measure(&files)? })
}

/// As text.
#[must_use]
pub fn table(figures: &Figures) -> String {
    let mut text = String::new();
    let row = |text: &mut String, beside: &Beside| {
        let Beside { what, ours, other, theirs } = beside;
        let ratio = theirs / ours;
        let _ = writeln!(text, "  {what}: {ours:.3} ms; {other} {theirs:.3} ms; {ratio:.1} times as fast");
    };
    let _ = writeln!(text, "Validation, in one process");
    figures.in_process.iter().for_each(|beside| row(&mut text, beside));
    let _ = writeln!(text, "From process to process (openssl checks neither time stamps nor revocation)");
    figures.processes.iter().for_each(|beside| row(&mut text, beside));
    let _ = write!(text, "{}", figures.large_pdf);
    text
}

/// Reads and validates a file again and again.
fn validate(file: &[u8], files: &Files) -> io::Result<f64> {
    let settings: ValidationSettings = files.settings();
    repeated(|| {
        let found = document::signatures(file, &NoContent).map_err(io::Error::other)?;
        let report = validation::validate(&found, &settings);
        if report.is_passed() { Ok(()) } else { Err(io::Error::other(format!("{report:?}"))) }
    })
}

/// The median time of something, in milliseconds.
fn repeated(mut work: impl FnMut() -> io::Result<()>) -> io::Result<f64> {
    work()?;
    let mut times = Vec::new();
    let begun = Instant::now();
    while begun.elapsed() < SPAN {
        let started = Instant::now();
        work()?;
        times.push(started.elapsed());
    }
    Ok(median(times))
}

fn process(command: &mut Command) -> io::Result<f64> {
    let mut times = Vec::new();
    for _ in 0..PROCESSES {
        let started = Instant::now();
        let output = command.stdin(Stdio::null()).output()?;
        times.push(started.elapsed());
        if !output.status.success() {
            return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()));
        }
    }
    Ok(median(times))
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times.get(times.len() / 2).map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
}

struct PyHanko {
    cms: f64,
    pdf: f64,
}

fn pyhanko(python: &Path, files: &Files) -> io::Result<PyHanko> {
    let output = Command::new(python)
        .args(["-c", include_str!("pyhanko.py")])
        .args([files.root_file(), files.cms_file(), files.pdf_file()])
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut numbers = text.split_whitespace().filter_map(|number| number.parse::<f64>().ok());
    match (numbers.next(), numbers.next()) {
        (Some(cms), Some(pdf)) => Ok(PyHanko { cms, pdf }),
        _ => Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned())),
    }
}

//! From the start of the native host to its first answer, and its memory then; beside a shell that answers
//! at once, which is the least that any program can take on this machine. Runs alternate, so that both see the same machine.
//!
//! The report is one JSON object: milliseconds and kilobytes as minimum, median and maximum.

use std::{
    fs,
    io::{self, Read, Write},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use bitaqa_protocol::{
    host::{CHROMIUM_EXTENSION_IDS, ToHost},
    version,
};
use serde::Serialize;

/// Counted runs of each; two more before are not counted.
const RUNS: usize = 20;
const WARM_UP: usize = 2;
/// A program that answers as fast as one can: four bytes of length, and an object of two characters.
const FLOOR: &str = r"printf '\002\000\000\000{}'; exec cat > /dev/null";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    runs: usize,
    host_milliseconds: Spread,
    host_peak_kilobytes: Spread,
    floor_milliseconds: Spread,
    floor_peak_kilobytes: Spread,
    /// Host by floor, run by run.
    ratio: Spread,
}

#[derive(Serialize)]
struct Spread {
    minimum: f64,
    median: f64,
    maximum: f64,
}

/// Runs the program `host`, and the shell beside it; gives the report.
///
/// # Errors
/// What the system says where a program does not start, or does not answer.
pub fn measure(host: &str) -> io::Result<String> {
    let hello = ToHost::Hello { versions: version::SPOKEN.to_vec(), extension: "0.1.0".into() };
    let hello = frame(&serde_json::to_vec(&hello)?);
    let origin = format!("chrome-extension://{}/", CHROMIUM_EXTENSION_IDS.first().unwrap_or(&""));
    let (mut ours, mut floor) = (Vec::new(), Vec::new());
    for run in 0..RUNS + WARM_UP {
        let one = first_answer(Command::new(host).arg(&origin), &hello)?;
        let other = first_answer(Command::new("/bin/sh").args(["-c", FLOOR]), &hello)?;
        if run >= WARM_UP {
            ours.push(one);
            floor.push(other);
        }
    }
    let milliseconds =
        |runs: &[(Duration, f64)]| spread(runs.iter().map(|(time, _)| time.as_secs_f64() * 1000.0));
    let kilobytes = |runs: &[(Duration, f64)]| spread(runs.iter().map(|(_, memory)| *memory));
    let ratio =
        ours.iter().zip(&floor).map(|((ours, _), (floor, _))| ours.as_secs_f64() / floor.as_secs_f64());
    let report = Report {
        runs: RUNS,
        host_milliseconds: milliseconds(&ours),
        host_peak_kilobytes: kilobytes(&ours),
        floor_milliseconds: milliseconds(&floor),
        floor_peak_kilobytes: kilobytes(&floor),
        ratio: spread(ratio),
    };
    Ok(serde_json::to_string(&report)?)
}

/// Starts a program, sends it a frame and waits for one; gives the time that took and its peak memory in kilobytes.
fn first_answer(command: &mut Command, hello: &[u8]) -> io::Result<(Duration, f64)> {
    let started = Instant::now();
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let answered = exchange(&mut child, hello).map(|()| started.elapsed());
    let memory = from_status(child.id(), "VmHWM:");
    drop(child.stdin.take());
    child.wait()?;
    Ok((answered?, memory?))
}

pub(crate) fn exchange(child: &mut Child, hello: &[u8]) -> io::Result<()> {
    let (Some(input), Some(output)) = (&mut child.stdin, &mut child.stdout) else {
        return Err(io::ErrorKind::BrokenPipe.into());
    };
    input.write_all(hello)?;
    let mut length = [0; 4];
    output.read_exact(&mut length)?;
    let mut answer = vec![0; usize::try_from(u32::from_ne_bytes(length)).unwrap_or(0).min(4096)];
    output.read_exact(&mut answer)
}

/// A number of kilobytes of proc(5), by its name.
pub(crate) fn from_status(process: u32, name: &str) -> io::Result<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
        .ok_or_else(|| io::ErrorKind::InvalidData.into())
}

pub(crate) fn frame(message: &[u8]) -> Vec<u8> {
    let mut frame = u32::try_from(message.len()).unwrap_or(0).to_ne_bytes().to_vec();
    frame.extend_from_slice(message);
    frame
}

fn spread(values: impl Iterator<Item = f64>) -> Spread {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let at =
        |index: usize| values.get(index).copied().map_or(f64::NAN, |value| (value * 100.0).round() / 100.0);
    Spread { minimum: at(0), median: at(values.len() / 2), maximum: at(values.len().saturating_sub(1)) }
}

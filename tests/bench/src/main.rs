//! `bitaqa-bench host HOST | window HOST | cards [--json] | pace [--json] | signatures BITAQA PYTHON [--json]`: see
//! the library.

use std::{
    env,
    io::{self, Write as _},
    process::ExitCode,
};

use bitaqa_bench::{card_report, host_start, pace_time, signatures, window_memory};

const USAGE: &str = "usage: bitaqa-bench host HOST | window HOST | cards [--json] | pace [--json] | signatures BITAQA PYTHON [--json]";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let report = match arguments[..] {
        ["host", host] => host_start::measure(host).map_err(|error| error.to_string()),
        ["window", host] => window_memory::measure(host).map_err(|error| error.to_string()),
        ["cards"] => cards(false),
        ["cards", "--json"] => cards(true),
        ["pace"] => pace(false),
        ["pace", "--json"] => pace(true),
        ["signatures", bitaqa, python] => signatures(bitaqa, python, false),
        ["signatures", bitaqa, python, "--json"] => signatures(bitaqa, python, true),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match report {
        Ok(report) => {
            // nobody may be listening any more
            let _ = writeln!(io::stdout(), "{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("bitaqa-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn cards(as_json: bool) -> Result<String, String> {
    let report = card_report::measure().map_err(|error| error.to_string())?;
    if as_json {
        return serde_json::to_string(&report).map_err(|error| error.to_string());
    }
    Ok(card_report::table(&report))
}

fn signatures(bitaqa: &str, python: &str, as_json: bool) -> Result<String, String> {
    let figures = signatures::measure(bitaqa.as_ref(), python.as_ref()).map_err(|error| error.to_string())?;
    if as_json {
        serde_json::to_string(&figures).map_err(|error| error.to_string())
    } else {
        Ok(signatures::table(&figures))
    }
}

fn pace(as_json: bool) -> Result<String, String> {
    let time = pace_time::measure().map_err(|error| error.to_string())?;
    if as_json {
        serde_json::to_string(&time).map_err(|error| error.to_string())
    } else {
        Ok(pace_time::table(&time))
    }
}

//! What a computation costs, whatever else the machine does.

use std::fs;

/// Nanoseconds that this process has computed, which a busy machine does not lengthen (proc(5), `schedstat`).
#[must_use]
pub fn processor_time() -> Option<u64> {
    fs::read_to_string("/proc/self/schedstat").ok()?.split(' ').next()?.parse().ok()
}

/// What the machine's processors are, as the system says it.
#[must_use]
pub fn machine() -> String {
    let told = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let models = || told.lines().filter_map(|line| line.strip_prefix("model name")?.split_once(": "));
    match models().next() {
        Some((_, model)) => format!("{model}, {} processors", models().count()),
        None => "unknown".to_owned(),
    }
}

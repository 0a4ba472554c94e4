//! Numbers, in the text format of Prometheus (version 0.0.4). Their labels have a few values each, all of them words of this program: no
//! person, no relying party and no address is among them.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::Serialize;
use serde_json::Value;

/// Most series that are kept. There are far fewer, unless a label is not what it should be.
const MAX_SERIES: usize = 4096;
/// Upper ends of the histograms' buckets, in seconds.
const BUCKETS: [f64; 14] =
    [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counter {
    /// Requests: `endpoint`, `method`, `status`.
    Requests,
    /// Lines of the log: `event`, `outcome`, `code`, `level`.
    Events,
    /// Tokens that were given: `kind`.
    Tokens,
    /// Round trips to the database that ended with an error: `operation`.
    StoreFailures,
    /// Round trips that were made again: `operation`, `after`.
    StoreRetries,
    /// Operations of keys that ended with an error: `operation`.
    KeyFailures,
}

/// What is measured, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timer {
    /// Requests: `endpoint`.
    Request,
    /// Round trips to the database: `operation`.
    Store,
    /// Operations of keys: `operation`.
    Key,
}

impl Counter {
    const ALL: [Self; 6] = [
        Self::Requests,
        Self::Events,
        Self::Tokens,
        Self::StoreFailures,
        Self::StoreRetries,
        Self::KeyFailures,
    ];

    const fn family(self) -> (&'static str, &'static str) {
        match self {
            Self::Requests => ("bitaqa_requests_total", "Requests that were answered."),
            Self::Events => ("bitaqa_events_total", "What happened, as the log has it."),
            Self::Tokens => ("bitaqa_tokens_total", "Tokens that were given."),
            Self::StoreFailures => {
                ("bitaqa_store_failures_total", "Round trips to the database that failed.")
            }
            Self::StoreRetries => ("bitaqa_store_retries_total", "Round trips to the database made again."),
            Self::KeyFailures => ("bitaqa_key_failures_total", "Operations of keys that failed."),
        }
    }
}

impl Timer {
    const ALL: [Self; 3] = [Self::Request, Self::Store, Self::Key];

    const fn family(self) -> (&'static str, &'static str) {
        match self {
            Self::Request => ("bitaqa_request_seconds", "How long requests took."),
            Self::Store => ("bitaqa_store_seconds", "How long round trips to the database took."),
            Self::Key => ("bitaqa_key_seconds", "How long operations of keys took."),
        }
    }
}

/// Names and values, in order.
type Labels = Vec<(&'static str, String)>;

#[derive(Default)]
struct Histogram {
    /// Of each bucket alone.
    counts: [u64; BUCKETS.len()],
    count: u64,
    sum: f64,
}

/// All numbers of one process.
pub struct Metrics {
    counters: Mutex<BTreeMap<(Counter, Labels), u64>>,
    timers: Mutex<BTreeMap<(Timer, Labels), Histogram>>,
}

/// Those of this process.
pub static METRICS: Metrics =
    Metrics { counters: Mutex::new(BTreeMap::new()), timers: Mutex::new(BTreeMap::new()) };

impl Metrics {
    /// Counts one.
    pub fn count(&self, counter: Counter, labels: &[(&'static str, &str)]) {
        if let Some(value) = series(&mut lock(&self.counters), counter, labels) {
            *value = value.saturating_add(1);
        }
    }

    /// Counts a line of the log; how long something took is in the histograms.
    pub(crate) fn event(&self, event: &impl Serialize) {
        let Ok(line) = serde_json::to_value(event) else { return };
        let word = |name: &str| line.get(name).and_then(Value::as_str).unwrap_or_default();
        if word("event") == "timing" {
            return;
        }
        // urn:bitaqa:acr:high, urn:bitaqa:acr:test:high
        let level = word("acr").rsplit(':').next().unwrap_or_default();
        let labels = [
            ("event", word("event")),
            ("outcome", word("outcome")),
            ("code", word("code")),
            ("level", level),
        ];
        self.count(Counter::Events, &labels);
    }

    /// Notes how long something took.
    pub fn time(&self, timer: Timer, labels: &[(&'static str, &str)], took: Duration) {
        if let Some(histogram) = series(&mut lock(&self.timers), timer, labels) {
            let seconds = took.as_secs_f64();
            let bucket = BUCKETS.iter().zip(&mut histogram.counts).find(|(end, _)| seconds <= **end);
            if let Some((_, count)) = bucket {
                *count = count.saturating_add(1);
            }
            histogram.count = histogram.count.saturating_add(1);
            histogram.sum += seconds;
        }
    }

    /// All of them as text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let counters = lock(&self.counters);
        for counter in Counter::ALL {
            let (name, help) = counter.family();
            head(&mut text, name, help, "counter");
            for ((_, labels), value) in counters.iter().filter(|((of, _), _)| *of == counter) {
                line(&mut text, name, labels, &[], &value.to_string());
            }
        }
        drop(counters);
        let timers = lock(&self.timers);
        for timer in Timer::ALL {
            let (name, help) = timer.family();
            head(&mut text, name, help, "histogram");
            for ((_, labels), histogram) in timers.iter().filter(|((of, _), _)| *of == timer) {
                let mut below: u64 = 0;
                for (end, count) in BUCKETS.iter().zip(histogram.counts) {
                    below = below.saturating_add(count);
                    let end = [("le", end.to_string())];
                    line(&mut text, &format!("{name}_bucket"), labels, &end, &below.to_string());
                }
                let all = histogram.count.to_string();
                line(&mut text, &format!("{name}_bucket"), labels, &[("le", "+Inf".to_owned())], &all);
                line(&mut text, &format!("{name}_sum"), labels, &[], &histogram.sum.to_string());
                line(&mut text, &format!("{name}_count"), labels, &[], &all);
            }
        }
        text
    }
}

/// Adds what is true at this moment.
pub(super) fn gauge(text: &mut String, name: &str, help: &str, values: &[(Labels, i64)]) {
    head(text, name, help, "gauge");
    for (labels, value) in values {
        line(text, name, labels, &[], &value.to_string());
    }
}

fn series<'a, K: Copy + Ord, V: Default>(
    all: &'a mut BTreeMap<(K, Labels), V>,
    of: K,
    labels: &[(&'static str, &str)],
) -> Option<&'a mut V> {
    let key = (of, labels.iter().map(|(name, value)| (*name, (*value).to_owned())).collect());
    if all.len() >= MAX_SERIES && !all.contains_key(&key) {
        return None;
    }
    Some(all.entry(key).or_default())
}

fn head(text: &mut String, name: &str, help: &str, kind: &str) {
    let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
}

fn line(text: &mut String, name: &str, labels: &Labels, more: &[(&str, String)], value: &str) {
    let labels: Vec<String> = labels
        .iter()
        .map(|(name, value)| (*name, value))
        .chain(more.iter().map(|(name, value)| (*name, value)))
        .map(|(name, value)| format!("{name}=\"{}\"", escaped(value)))
        .collect();
    let _ = if labels.is_empty() {
        writeln!(text, "{name} {value}")
    } else {
        writeln!(text, "{name}{{{}}} {value}", labels.join(","))
    };
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_many_values_a_label_has_no_more_than_so_many_are_kept() {
        let metrics = Metrics { counters: Mutex::default(), timers: Mutex::default() };
        for number in 0..MAX_SERIES + 10 {
            metrics.count(Counter::Tokens, &[("kind", &number.to_string())]);
        }
        metrics.count(Counter::Tokens, &[("kind", "0")]);
        assert_eq!(lock(&metrics.counters).len(), MAX_SERIES);
        assert!(metrics.text().contains("bitaqa_tokens_total{kind=\"0\"} 2\n"));
    }
}

//! Which request a line of the log belongs to.
//!
//! Each request gets a name of its own, which its answer carries in `X-Request-Id`. Who calls may say which trace it is part of
//! (`traceparent`, W3C Trace Context): the lines say it, too, so that a portal's log and this one can be laid side by side.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method},
    middleware::Next,
    response::Response,
};
use serde::Serialize;

use super::metrics::{Counter, METRICS, Timer};
use crate::{Platform, secret::random_identifier};

/// What the answer carries.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    static CURRENT: Current;
}

/// The request that is being answered.
struct Current {
    id: String,
    trace: Option<Trace>,
    platform: Arc<Platform>,
}

/// Where a request stands in a trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Trace {
    #[serde(rename = "trace")]
    id: String,
    parent: String,
}

/// How long something took, for whoever wants to know it of each request.
#[derive(Serialize)]
#[serde(tag = "event", rename = "timing", rename_all = "camelCase")]
struct Timing<'a> {
    of: &'a str,
    operation: &'a str,
    outcome: &'a str,
    microseconds: u64,
}

/// Counts a request, measures it, and names it for the lines that are written meanwhile.
pub(crate) async fn observe(State(platform): State<Arc<Platform>>, request: Request, next: Next) -> Response {
    // the path as it is registered; what it stands for in this request is in no label and no line
    let endpoint = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "other".to_owned(), |path| path.as_str().to_owned());
    let method = match *request.method() {
        Method::GET => "GET",
        Method::POST => "POST",
        _ => "other",
    };
    let id = random_identifier();
    let current = Current { id: id.clone(), trace: Trace::read(request.headers()), platform };
    let (mut response, took) = CURRENT
        .scope(current, async {
            let start = Instant::now();
            let response = next.run(request).await;
            let took = start.elapsed();
            timing("request", &endpoint, took, !response.status().is_server_error());
            (response, took)
        })
        .await;
    let status = response.status();
    let labels = [("endpoint", endpoint.as_str()), ("method", method), ("status", status.as_str())];
    METRICS.count(Counter::Requests, &labels);
    METRICS.time(Timer::Request, &[("endpoint", &endpoint)], took);
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// An event, and which request it belongs to.
#[derive(Serialize)]
pub(crate) struct Line<'a, T> {
    #[serde(flatten)]
    event: &'a T,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<String>,
    #[serde(flatten)]
    trace: Option<Trace>,
}

impl<'a, T> Line<'a, T> {
    /// Of the request that is being answered, if one is.
    pub(crate) fn of(event: &'a T) -> Self {
        let current = CURRENT.try_with(|current| (current.id.clone(), current.trace.clone())).ok();
        let (request, trace) = current.map_or((None, None), |(id, trace)| (Some(id), trace));
        Self { event, request, trace }
    }
}

/// Writes how long something of the current request took, where that is wanted.
pub(crate) fn timing(of: &str, operation: &str, took: Duration, is_done: bool) {
    let platform = CURRENT.try_with(|current| Arc::clone(&current.platform)).ok();
    if let Some(platform) = platform.filter(|platform| platform.writes_timings) {
        let microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let outcome = if is_done { "done" } else { "failed" };
        platform.note(&Timing { of, operation, outcome, microseconds });
    }
}

impl Trace {
    /// `version-trace-parent-flags` (W3C Trace Context, section 3.2). What is not of that form is as if it were not there.
    fn read(headers: &HeaderMap) -> Option<Self> {
        let mut all = headers.get_all("traceparent").iter();
        let text = all.next().filter(|_| all.next().is_none())?.to_str().ok()?;
        let mut parts = text.split('-');
        let (version, id, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let is_hex = |text: &str, length: usize| {
            text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        };
        // later versions may have more parts
        let fits = is_hex(version, 2) && version != "ff" && (version != "00" || parts.next().is_none());
        let names = |text: &str, length| is_hex(text, length) && text.bytes().any(|byte| byte != b'0');
        (fits && names(id, 32) && names(parent, 16) && is_hex(flags, 2))
            .then(|| Self { id: id.to_owned(), parent: parent.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Trace> {
        let mut headers = HeaderMap::new();
        headers.append("traceparent", HeaderValue::from_str(text).unwrap());
        Trace::read(&headers)
    }

    #[test]
    fn a_trace_is_read_as_the_recommendation_writes_it_and_nothing_else_is() {
        let (id, parent) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
        let whole = Some(Trace { id: id.to_owned(), parent: parent.to_owned() });
        assert_eq!(read(&format!("00-{id}-{parent}-01")), whole);
        assert_eq!(read(&format!("cc-{id}-{parent}-01-what-comes-later")), whole);
        for other in [
            String::new(),
            format!("00-{id}-{parent}"),
            format!("ff-{id}-{parent}-01"),
            format!("00-{id}-{parent}-01-more"),
            format!("00-{}-{parent}-01", "0".repeat(32)),
            format!("00-{id}-{}-01", "0".repeat(16)),
            format!("00-{}-{parent}-01", id.to_uppercase()),
            format!("00-{id}x-{parent}-01"),
        ] {
            assert_eq!(read(&other), None, "{other}");
        }
    }
}

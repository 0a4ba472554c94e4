//! What is measured of round trips to the database.

use std::{future::Future, time::Instant};

use super::{Stored, Token, TokenKind};
use crate::operation::{
    metrics::{Counter, METRICS, Timer},
    request,
};

/// The method of the store that a closure was written in. It is for those who look at numbers, and nothing depends on it.
pub(super) fn operation<F>(_: &F) -> &'static str {
    let path = std::any::type_name::<F>().trim_end_matches("::{{closure}}");
    // …::account_of<'_, '_>
    let name = path.rsplit("::").next().and_then(|name| name.split('<').next()).unwrap_or_default();
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if is_name { name } else { "other" }
}

pub(super) async fn measure<T>(operation: &'static str, call: impl Future<Output = Stored<T>>) -> Stored<T> {
    let start = Instant::now();
    let result = call.await;
    let took = start.elapsed();
    METRICS.time(Timer::Store, &[("operation", operation)], took);
    if result.is_err() {
        METRICS.count(Counter::StoreFailures, &[("operation", operation)]);
    }
    request::timing("store", operation, took, result.is_ok());
    result
}

pub(super) fn count_retry(operation: &'static str, after: &'static str) {
    METRICS.count(Counter::StoreRetries, &[("operation", operation), ("after", after)]);
}

pub(super) fn count_tokens(tokens: &[Token]) {
    for token in tokens {
        let kind = match token.kind {
            TokenKind::Access => "access",
            TokenKind::Refresh => "refresh",
        };
        METRICS.count(Counter::Tokens, &[("kind", kind)]);
    }
}

//! What a page of ours sends comes from a page of ours (protection against cross-site request forgery).
//!
//! Browsers name the origin of every POST in a header that scripts cannot set (Fetch standard, section 3.1), and newer ones its
//! relation to the target (`Sec-Fetch-Site`). One of the two must be there and right. The cookies' `SameSite=Lax` is the second
//! lock.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::Platform;

/// Refuses what comes from elsewhere; lets reading pass.
pub async fn require(State(platform): State<Arc<Platform>>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads || is_from_here(request.headers(), platform.issuer.as_str()) {
        next.run(request).await
    } else {
        StatusCode::FORBIDDEN.into_response()
    }
}

fn is_from_here(headers: &HeaderMap, origin: &str) -> bool {
    let fetch_site = headers.get("sec-fetch-site");
    if fetch_site.is_some_and(|site| site != "same-origin") {
        return false;
    }
    match headers.get(header::ORIGIN) {
        Some(named) => named == origin,
        None => fetch_site.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_ours_may_change_anything() {
        let from = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, header::HeaderValue::from_static(value));
            }
            is_from_here(&headers, "https://id.example.ma")
        };
        assert!(from(&[("origin", "https://id.example.ma")]));
        assert!(from(&[("sec-fetch-site", "same-origin")]));
        for pairs in [
            &[][..],
            &[("origin", "null")],
            &[("origin", "https://id.example.ma.evil.example")],
            &[("sec-fetch-site", "same-site")],
            &[("origin", "https://id.example.ma"), ("sec-fetch-site", "cross-site")],
        ] {
            assert!(!from(pairs), "{pairs:?}");
        }
    }
}

//! Requests that change something come from a server's own pages (protection against cross-site request forgery).
//!
//! Browsers name the origin of every POST in a header that scripts cannot set (Fetch standard, section 3.1), and newer ones
//! its relation to the target (`Sec-Fetch-Site`). One of the two must be there and right. `SameSite` cookies are the second lock.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Middleware whose state is the server's origin: refuses requests from elsewhere, and lets reading pass.
pub async fn require(State(origin): State<Arc<str>>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads || is_from_here(request.headers(), &origin) {
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

    fn from(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, header::HeaderValue::from_static(value));
        }
        is_from_here(&headers, "https://portal.example.ma")
    }

    #[test]
    fn only_the_portals_own_pages_may_change_anything() {
        assert!(from(&[("origin", "https://portal.example.ma")]));
        assert!(from(&[("sec-fetch-site", "same-origin")]));
        assert!(from(&[("origin", "https://portal.example.ma"), ("sec-fetch-site", "same-origin")]));
        assert!(!from(&[]));
        assert!(!from(&[("origin", "null")]));
        assert!(!from(&[("origin", "https://portal.example.ma.evil.example")]));
        assert!(!from(&[("origin", "http://portal.example.ma")]));
        for site in ["cross-site", "same-site", "none", ""] {
            assert!(!from(&[("sec-fetch-site", site)]), "{site}");
        }
        assert!(!from(&[("origin", "https://portal.example.ma"), ("sec-fetch-site", "cross-site")]));
    }
}

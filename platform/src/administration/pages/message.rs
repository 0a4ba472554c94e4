//! What stands where a window would stay empty.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};

use super::{
    Site,
    shell::{Asked, Shell},
};
use crate::pages::{
    page::html,
    without_page::{Why, explained},
};

#[derive(Template)]
#[template(path = "administration/message.html")]
struct Message<'a> {
    shell: Shell<'a>,
    title: &'static str,
}

/// Middleware: nothing is there, or the platform is unable.
pub(super) async fn explain(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let asked = Asked::of(&parts);
    explained(Request::from_parts(parts, body), next, |why| {
        let title = match why {
            Why::Missing => "missing-title",
            Why::Unable => "unable-title",
        };
        html(&Message { shell: Shell::new(&site, None, &asked), title })
    })
    .await
}

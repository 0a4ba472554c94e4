//! Files that pages load: the look that all share, a server's own, carried in the program, and those of a folder.

use std::path::Path;

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use tokio::io::AsyncReadExt;

/// Longest file of a folder, in bytes.
const MAX_FILE: u64 = 4 * 1024 * 1024;

/// Answers with a file that the program carries: one that all servers have, or one of these by name.
#[must_use]
pub fn carried(file: &str, own: impl Fn(&str) -> Option<&'static [u8]>) -> Response {
    let shared: Option<&'static [u8]> = match file {
        "logo.svg" => Some(include_bytes!("../assets/logo.svg")),
        "tokens.css" => Some(include_bytes!("../assets/tokens.css")),
        "page.css" => Some(include_bytes!("../assets/page.css")),
        _ => None,
    };
    match shared.or_else(|| own(file)) {
        Some(content) => answer(file, content.to_vec()),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Answers with a file of a folder.
pub async fn of_folder(folder: &Path, file: &str) -> Response {
    match read(folder, file).await {
        Some(content) => answer(file, content),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A plain name in the folder itself: no path leads out of it.
async fn read(folder: &Path, file: &str) -> Option<Vec<u8>> {
    let plain = file.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    if !plain || file.starts_with('.') {
        return None;
    }
    let file = tokio::fs::File::open(folder.join(file)).await.ok()?;
    if !file.metadata().await.ok()?.is_file() {
        return None;
    }
    let mut content = Vec::new();
    let read = file.take(MAX_FILE + 1).read_to_end(&mut content).await.ok()?;
    (read as u64 <= MAX_FILE).then_some(content)
}

fn answer(file: &str, content: Vec<u8>) -> Response {
    let kind = match file.rsplit_once('.').map(|(_, ending)| ending) {
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json" | "map") => "application/json",
        _ => "application/octet-stream",
    };
    // the same for everybody; asked for again each time, so that a new version is seen at once
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], content).into_response()
}

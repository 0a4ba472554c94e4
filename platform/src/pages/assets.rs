//! Files that pages load: the platform's own, carried in the program, and the module `@bitaqa/web` from its folder.

use std::{path::Path, sync::Arc};

use axum::{
    extract::{self, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use tokio::io::AsyncReadExt;

use crate::Platform;

/// Longest file of the module, in bytes.
const MAX_FILE: u64 = 4 * 1024 * 1024;

/// `GET /assets/{file}`.
pub async fn own(extract::Path(file): extract::Path<String>) -> Response {
    let content: &'static [u8] = match file.as_str() {
        "logo.svg" => include_bytes!("../../assets/logo.svg"),
        "tokens.css" => include_bytes!("../../assets/tokens.css"),
        "platform.css" => include_bytes!("../../assets/platform.css"),
        "sign_in.js" => include_bytes!("../../assets/sign_in.js"),
        "form_post.js" => include_bytes!("../../assets/form_post.js"),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    answer(&file, content.to_vec())
}

/// `GET /bitaqa/{file}`: a file of the built module.
pub async fn sdk(
    State(platform): State<Arc<Platform>>,
    extract::Path(file): extract::Path<String>,
) -> Response {
    match read(&platform.sdk, &file).await {
        Some(content) => answer(&file, content),
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

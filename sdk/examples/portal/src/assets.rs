//! Files that pages load: the portal's own, carried in the program, and the module `@bitaqa/web` from its folder.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bitaqa_pages::assets;

use crate::Portal;

/// `GET /assets/{file}`.
pub async fn own(Path(file): Path<String>) -> Response {
    assets::carried(&file, |own| {
        Some(match own {
            "portal.css" => include_bytes!("../assets/portal.css"),
            "conversation.js" => include_bytes!("../assets/conversation.js"),
            "identify.js" => include_bytes!("../assets/identify.js"),
            "sign_in.js" => include_bytes!("../assets/sign_in.js"),
            _ => return None,
        })
    })
}

/// `GET /bitaqa/{file}`: a file of the built module.
pub async fn sdk(State(portal): State<Arc<Portal>>, Path(file): Path<String>) -> Response {
    match &portal.sdk {
        Some(folder) => assets::of_folder(folder, &file).await,
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

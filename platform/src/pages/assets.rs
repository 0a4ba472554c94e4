//! Files that pages load: the platform's own, carried in the program, and the module `@bitaqa/web` from its folder.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Response,
};
use bitaqa_pages::assets;

use crate::Platform;

/// `GET /assets/{file}`.
pub async fn own(Path(file): Path<String>) -> Response {
    assets::carried(&file, |own| {
        Some(match own {
            "platform.css" => include_bytes!("../../assets/platform.css"),
            "conversation.js" => include_bytes!("../../assets/conversation.js"),
            "sign_in.js" => include_bytes!("../../assets/sign_in.js"),
            "card_possession.js" => include_bytes!("../../assets/card_possession.js"),
            "form_post.js" => include_bytes!("../../assets/form_post.js"),
            _ => return None,
        })
    })
}

/// `GET /bitaqa/{file}`: a file of the built module.
pub async fn sdk(State(platform): State<Arc<Platform>>, Path(file): Path<String>) -> Response {
    assets::of_folder(&platform.sdk, &file).await
}

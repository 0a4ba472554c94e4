//! The platform's keys: which there are, since when, and when they can change.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, response::Response};
use bitaqa_jose::Thumbprint;

use super::{
    Site,
    session::Visit,
    shell::{Shell, Time, time},
};
use crate::{
    Unable,
    clock::Seconds,
    key_store::{PUBLISHED_BEFORE_USE, Phase, PublishedKey, VerifyingKey},
    pages::page::html,
};

struct Key {
    phase: &'static str,
    published: Time,
    algorithm: &'static str,
    thumbprint: String,
}

struct Kind {
    /// The names of its texts.
    title: &'static str,
    text: &'static str,
    keys: Vec<Key>,
    rotation: Option<Rotation>,
}

struct Rotation {
    at: Time,
    is_possible: bool,
}

#[derive(Template)]
#[template(path = "administration/keys.html")]
struct Keys<'a> {
    shell: Shell<'a>,
    kinds: [Kind; 3],
}

pub(super) async fn show(State(site): State<Arc<Site>>, visit: Visit) -> Result<Response, Unable> {
    let (keys, now) = (&site.platform.keys, site.platform.clock.now());
    let signing = keys.published()?;
    let kinds = [
        Kind {
            title: "admin-keys-signing",
            text: "admin-keys-signing-text",
            rotation: rotation(&signing, now),
            keys: signing
                .iter()
                .map(|key| Key::of((key.phase, key.published_at), key.algorithm.name(), key.key.thumbprint()))
                .collect(),
        },
        Kind {
            title: "admin-keys-encryption",
            text: "admin-keys-encryption-text",
            rotation: None,
            keys: keys.encryption_keys()?.iter().map(|key| Key::published(key, "ECDH-ES")).collect(),
        },
        Kind {
            title: "admin-keys-statements",
            text: "admin-keys-statements-text",
            rotation: None,
            keys: keys
                .statement_keys()?
                .iter()
                .map(|key| Key::published(key, key.key.curve().signature_algorithm().name()))
                .collect(),
        },
    ];
    html(&Keys { shell: Shell::new(&site, Some(&visit.operator), &visit.asked), kinds })
}

impl Key {
    fn published(key: &PublishedKey, algorithm: &'static str) -> Self {
        Self::of((key.phase, key.published_at), algorithm, key.key.thumbprint())
    }

    fn of((phase, at): (Phase, Seconds), algorithm: &'static str, thumbprint: Thumbprint) -> Self {
        let phase = match phase {
            Phase::Previous => "admin-phase-previous",
            Phase::Current => "admin-phase-current",
            Phase::Next => "admin-phase-next",
        };
        Self { phase, published: time(at), algorithm, thumbprint: thumbprint.to_string() }
    }
}

/// All change at once, so the youngest of the next ones has to be old enough.
fn rotation(keys: &[VerifyingKey], now: Seconds) -> Option<Rotation> {
    let next = keys.iter().filter(|key| key.phase == Phase::Next).map(|key| key.published_at).max()?;
    let at = next.saturating_add(PUBLISHED_BEFORE_USE);
    Some(Rotation { at: time(at), is_possible: at <= now })
}

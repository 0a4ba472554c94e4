//! The catalogue: what people can do with their card, at all relying parties that are not suspended. `GET /services` is the page,
//! `GET /services.json` the same for programs. Nobody has to be signed in.

use std::sync::Arc;

use askama::Template;
use axum::{
    Json,
    extract::{Query, State},
    http::HeaderMap,
    response::Response,
};
use bitaqa_pages::language::LanguageQuery;
use bitaqa_protocol::Language;
use bitaqa_trust::Level;
use serde_json::{Value, json};

use super::{
    language,
    page::{self, Frame},
};
use crate::{
    Platform, Unable, assurance, provider::RelyingParty, registration::Registration,
    requirement::Requirement, service::Service,
};

#[derive(Template)]
#[template(path = "services.html")]
struct ServicesPage<'a> {
    frame: Frame<'a>,
    portals: Vec<Portal<'a>>,
}

struct Portal<'a> {
    name: &'a str,
    services: Vec<Entry<'a>>,
}

struct Entry<'a> {
    name: &'a str,
    link: &'a str,
    level: &'static str,
}

/// The page.
///
/// # Errors
/// [`Unable`]: the database.
pub async fn show(
    State(platform): State<Arc<Platform>>,
    Query(query): Query<LanguageQuery>,
    headers: HeaderMap,
) -> Result<Response, Unable> {
    let language = query.choose(&headers, &language::OURS);
    let parties = platform.relying_parties().await?;
    let shown = ServicesPage {
        frame: Frame::new(&platform, language, Some("/services".to_owned())),
        portals: parties.iter().filter_map(|party| portal(&party.registration, language)).collect(),
    };
    page::html(&shown)
}

/// The same for programs: names in all languages, levels as `acr` values.
///
/// # Errors
/// [`Unable`]: the database.
pub async fn list(State(platform): State<Arc<Platform>>) -> Result<Json<Value>, Unable> {
    let parties = platform.relying_parties().await?;
    let of_party = |party: &RelyingParty| -> Vec<Value> {
        let registration = &party.registration;
        let described = |service: &Service| {
            let needed = needed(registration, service).and(platform.configured.clone());
            json!({
                "client_id": party.id,
                "client_name": registration.name,
                "id": service.id,
                "name": service.name,
                "link": service.link,
                "scope": service.scope,
                "resource": service.resource,
                "minimum_level": needed.level,
                "acr": assurance::acr(needed.level, platform.realm),
                "factors": needed.factors_reaching(needed.level).collect::<Vec<_>>(),
            })
        };
        registration.services.iter().map(described).collect()
    };
    Ok(Json(json!({ "services": parties.iter().flat_map(of_party).collect::<Vec<_>>() })))
}

fn portal(registration: &Registration, language: Language) -> Option<Portal<'_>> {
    let services: Vec<Entry<'_>> = registration
        .services
        .iter()
        .map(|service| Entry {
            name: service.name.in_language(language),
            link: &service.link,
            level: word_of(needed(registration, service).level),
        })
        .collect();
    (!services.is_empty()).then(|| Portal { name: registration.name.in_language(language), services })
}

fn needed(registration: &Registration, service: &Service) -> Requirement {
    registration.requirement(std::slice::from_ref(&service.id))
}

const fn word_of(level: Level) -> &'static str {
    match level {
        Level::None => "level-none",
        Level::Low => "level-low",
        Level::Substantial => "level-substantial",
        Level::High => "level-high",
    }
}

//! The services of all portals, those of suspended ones among them.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, response::Response};
use bitaqa_protocol::Language;

use super::{
    Site,
    paging::{Paging, page_of},
    portals::{State as PortalState, level_word},
    session::Visit,
    shell::Shell,
};
use crate::{Unable, pages::page::html, registration::Registration, service::Service, store::Client};

struct Row {
    portal: String,
    portal_name: String,
    state: PortalState,
    id: String,
    name: String,
    level: &'static str,
    scope: Option<String>,
    resource: Option<String>,
    sensitive: bool,
}

#[derive(Template)]
#[template(path = "administration/services.html")]
struct Services<'a> {
    shell: Shell<'a>,
    rows: Vec<Row>,
    paging: Paging,
}

pub(super) async fn show(State(site): State<Arc<Site>>, visit: Visit) -> Result<Response, Unable> {
    let clients = site.platform.store.clients().await?;
    let rows = clients.iter().flat_map(|client| site.services_of(client, visit.asked.language)).collect();
    let (rows, paging) = page_of(rows, &visit.asked);
    html(&Services { shell: Shell::new(&site, Some(&visit.operator), &visit.asked), rows, paging })
}

impl Site {
    fn services_of(&self, client: &Client, language: Language) -> Vec<Row> {
        let Ok(registration) = serde_json::from_str::<Registration>(&client.registration) else {
            return Vec::new();
        };
        let (state, _) = self.judge(client);
        let row = |service: &Service| Row {
            portal: client.id.clone(),
            portal_name: registration.name.in_language(language).to_owned(),
            state,
            id: service.id.clone(),
            name: service.name.in_language(language).to_owned(),
            level: level_word(registration.requirement(std::slice::from_ref(&service.id)).level),
            scope: service.scope.clone(),
            resource: service.resource.clone(),
            sensitive: service.sensitive,
        };
        registration.services.iter().map(row).collect()
    }
}

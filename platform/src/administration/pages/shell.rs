//! What stands around the administration's pages, and how they lead to each other: each address carries the language.

use axum::http::request::Parts;
use bitaqa_protocol::Language;

use super::Site;
use crate::{
    administration::Operator,
    pages::{language, page::Frame},
};

/// Longest query that is read, in bytes.
const MAX_QUERY: usize = 2048;
/// The parameter that chooses a language.
const LANGUAGE: &str = "lang";

/// Which page is asked for.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) language: Language,
    path: String,
    query: Vec<(String, String)>,
}

impl Asked {
    pub(super) fn of(parts: &Parts) -> Self {
        let query = parts.uri.query().filter(|query| query.len() <= MAX_QUERY).unwrap_or_default();
        let (chosen, query): (Vec<_>, Vec<_>) = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .filter(|(_, value)| !value.is_empty())
            .partition(|(name, _)| name == LANGUAGE);
        let chosen = chosen.first().and_then(|(_, tag)| language::of_ours(tag));
        let language = chosen.unwrap_or_else(|| language::preferred(&parts.headers));
        // the same page in another language is one that can be read
        let path = parts.uri.path().trim_end_matches("/draft").trim_end_matches("/entry");
        // what begins with two of them is an address elsewhere
        let path = format!("/{}", path.trim_start_matches(['/', '\\']));
        Self { language, path, query }
    }

    /// A parameter of the query.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// The same page with another value of a parameter.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let others = self.query.iter().filter(|(other, _)| other != name);
        let pairs = others.map(|(name, value)| (name.as_str(), value.as_str()));
        address(&self.path, pairs.chain([(name, value)]), self.language)
    }

    fn in_language(&self, language: Language) -> String {
        let pairs = self.query.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        address(&self.path, pairs, language)
    }
}

/// An address of the administration in a language.
pub(super) fn address<'a>(
    path: &str,
    query: impl Iterator<Item = (&'a str, &'a str)>,
    language: Language,
) -> String {
    let start = path.len() + 1;
    let mut text = form_urlencoded::Serializer::for_suffix(format!("{path}?"), start);
    text.extend_pairs(query).append_pair(LANGUAGE, language.tag());
    text.finish()
}

/// What stands around a page.
pub(super) struct Shell<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) operator: Option<&'a Operator>,
    asked: &'a Asked,
}

impl<'a> Shell<'a> {
    pub(super) fn new(site: &'a Site, operator: Option<&'a Operator>, asked: &'a Asked) -> Self {
        Self { frame: Frame::new(&site.platform, asked.language, None), operator, asked }
    }

    /// A text.
    pub(super) fn word(&self, name: &str) -> String {
        self.frame.word(name)
    }

    /// The address of a page, in this language.
    pub(super) fn to(&self, path: &str) -> String {
        address(path, [].into_iter(), self.asked.language)
    }

    /// The same, with a parameter.
    pub(super) fn to_with(&self, path: &str, name: &str, value: &str) -> String {
        address(path, [(name, value)].into_iter(), self.asked.language)
    }

    /// The address of a portal's page.
    pub(super) fn portal(&self, id: &str) -> String {
        self.to(&format!("/portals/{id}"))
    }

    /// Where it says what is to be signed about it.
    pub(super) fn portal_draft(&self, id: &str) -> String {
        self.to(&format!("/portals/{id}/draft"))
    }

    /// Where that comes signed.
    pub(super) fn portal_entry(&self, id: &str) -> String {
        self.to(&format!("/portals/{id}/entry"))
    }

    /// This page in another language.
    pub(super) fn in_language(&self, language: &Language) -> String {
        self.asked.in_language(*language)
    }

    /// Whether this page is one of a part of the administration.
    pub(super) fn is_in(&self, path: &str) -> bool {
        match path {
            "/" => self.asked.path == "/",
            part => self.asked.path.starts_with(part),
        }
    }

    pub(super) fn tag(&self) -> &'static str {
        self.asked.language.tag()
    }
}

/// A time, for people: to the second, in UTC.
pub(super) fn time(seconds: crate::clock::Seconds) -> Time {
    Time { exact: crate::clock::date_time(seconds).to_string() }
}

/// A time as it is written and as it is shown.
#[derive(Debug, Clone)]
pub(super) struct Time {
    pub(super) exact: String,
}

impl Time {
    pub(super) fn shown(&self) -> String {
        self.exact.replace('T', " ").replace('Z', " UTC")
    }
}

//! The portal's texts, from `locales/LANGUAGE/portal.ftl`.

use std::collections::BTreeMap;

use bitaqa_protocol::Language;
use fluent_bundle::{FluentResource, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

const SOURCES: [(Language, &str); 4] = [
    (Language::Ar, include_str!("../../../../locales/ar/portal.ftl")),
    (Language::Fr, include_str!("../../../../locales/fr/portal.ftl")),
    (Language::En, include_str!("../../../../locales/en/portal.ftl")),
    (Language::Zgh, include_str!("../../../../locales/zgh/portal.ftl")),
];

/// Texts that the page's script needs: how far the sign-in is, and what it can only notice itself. Everything else comes
/// from the extension or from the server as it is needed.
const FOR_THE_SCRIPT: [&str; 14] = [
    "progress-starting",
    "progress-queued",
    "progress-waiting-for-card",
    "progress-reading",
    "progress-waiting-for-person",
    "progress-signing",
    "progress-sending",
    "progress-verifying",
    "check-running",
    "check-ready",
    "error-extension-not-reachable",
    "error-gesture-missing",
    "error-request-aborted",
    "error-portal-unreachable",
];

/// What happened, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// What happened.
    pub message: String,
    /// What to do; empty where there is nothing.
    pub remedy: String,
}

/// All texts in all languages.
pub struct Words {
    bundles: BTreeMap<&'static str, FluentBundle<FluentResource>>,
}

impl Words {
    /// Reads the catalogues that the program carries.
    ///
    /// # Errors
    /// [`WordsError`] names the language whose catalogue is wrong.
    pub fn load() -> Result<Self, WordsError> {
        let mut bundles = BTreeMap::new();
        for (language, source) in SOURCES {
            let wrong = || WordsError { language: language.tag() };
            let resource = FluentResource::try_new(source.to_owned()).map_err(|_| wrong())?;
            let tag: LanguageIdentifier = language.tag().parse().map_err(|_| wrong())?;
            let mut bundle = FluentBundle::new_concurrent(vec![tag]);
            bundle.add_resource(resource).map_err(|_| wrong())?;
            bundles.insert(language.tag(), bundle);
        }
        Ok(Self { bundles })
    }

    /// A text. One that is missing shows its name, so that it is noticed.
    #[must_use]
    pub fn text(&self, language: Language, name: &str) -> String {
        self.find(language, name, None).unwrap_or_else(|| name.to_owned())
    }

    /// A message with its remedy.
    #[must_use]
    pub fn sentence(&self, language: Language, name: &str) -> Sentence {
        Sentence {
            message: self.text(language, name),
            remedy: self.find(language, name, Some("remedy")).unwrap_or_default(),
        }
    }

    /// The texts for the page's script, as JSON that can stand in a page: `{name: {message, remedy}}`.
    #[must_use]
    pub fn for_the_script(&self, language: Language) -> String {
        let texts: serde_json::Map<String, serde_json::Value> = FOR_THE_SCRIPT
            .iter()
            .map(|name| {
                let Sentence { message, remedy } = self.sentence(language, name);
                ((*name).to_owned(), serde_json::json!({ "message": message, "remedy": remedy }))
            })
            .collect();
        // no text can end the element it stands in
        serde_json::Value::Object(texts).to_string().replace('<', "\\u003c")
    }

    fn find(&self, language: Language, name: &str, attribute: Option<&str>) -> Option<String> {
        let bundle = self.bundles.get(language.tag())?;
        let message = bundle.get_message(name)?;
        let pattern = match attribute {
            None => message.value()?,
            Some(attribute) => message.get_attribute(attribute)?.value(),
        };
        Some(bundle.format_pattern(pattern, None, &mut Vec::new()).into_owned())
    }
}

/// A catalogue that is not Fluent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the portal's texts in {language} cannot be read")]
pub struct WordsError {
    language: &'static str,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Names of messages, and of messages with a remedy.
    fn names(source: &str) -> BTreeSet<String> {
        let mut last = String::new();
        let mut names = BTreeSet::new();
        for line in source.lines() {
            if let Some((name, _)) = line.split_once(" =") {
                if let Some(attribute) = name.trim_start().strip_prefix('.') {
                    names.insert(format!("{last}.{attribute}"));
                } else if !line.starts_with([' ', '#']) {
                    last = name.to_owned();
                    names.insert(last.clone());
                }
            }
        }
        names
    }

    #[test]
    fn every_text_exists_in_every_language() {
        let [(_, arabic), rest @ ..] = SOURCES;
        assert!(names(arabic).len() > 40);
        for (language, source) in rest {
            assert_eq!(names(source), names(arabic), "{language:?}");
        }
    }

    #[test]
    fn every_text_that_is_asked_for_exists() {
        let words = Words::load().unwrap();
        let pages = [
            include_str!("../templates/page.html"),
            include_str!("sign_in.rs"),
            include_str!("identity.rs"),
            include_str!("page.rs"),
        ];
        for name in FOR_THE_SCRIPT.into_iter().chain(["yes", "no"]) {
            assert_ne!(words.text(Language::Ar, name), name);
        }
        for page in pages {
            for (_, rest) in page.match_indices("word(\"").map(|(at, found)| page.split_at(at + found.len()))
            {
                let name = rest.split('"').next().unwrap();
                assert_ne!(words.text(Language::Ar, name), name);
            }
        }
        for name in [
            "refused-challenge",
            "refused-signature",
            "refused-certificate",
            "refused-issuer",
            "refused-request",
            "refused-document",
            "refused-chip",
            "refused-other",
        ] {
            assert!(!words.sentence(Language::En, name).remedy.is_empty(), "{name}");
        }
    }

    #[test]
    fn texts_in_a_page_cannot_end_their_element() {
        let words = Words::load().unwrap();
        for language in Language::ALL {
            assert!(!words.for_the_script(language).contains('<'));
        }
    }
}

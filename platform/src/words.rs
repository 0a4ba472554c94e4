//! The platform's texts, from `locales/LANGUAGE/platform.ftl`.

use bitaqa_protocol::Language;
use fluent_bundle::{FluentResource, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

const SOURCES: [(Language, &str); 3] = [
    (Language::Ar, include_str!("../../locales/ar/platform.ftl")),
    (Language::Fr, include_str!("../../locales/fr/platform.ftl")),
    (Language::En, include_str!("../../locales/en/platform.ftl")),
];

/// Texts that the page's script needs: how far the sign-in is, and what it can only notice itself. Everything else comes from the
/// extension or from the server as it is needed.
const FOR_THE_SCRIPT: [&str; 12] = [
    "progress-starting",
    "progress-queued",
    "progress-waiting-for-card",
    "progress-reading",
    "progress-waiting-for-person",
    "progress-signing",
    "progress-sending",
    "progress-verifying",
    "error-extension-not-reachable",
    "error-gesture-missing",
    "error-request-aborted",
    "error-platform-unreachable",
];

/// All texts in all languages of the pages.
pub struct Words {
    bundles: Vec<(Language, FluentBundle<FluentResource>)>,
}

impl Words {
    /// Reads the catalogues that the program carries.
    ///
    /// # Errors
    /// [`WordsError`] names the language whose catalogue is wrong.
    pub fn load() -> Result<Self, WordsError> {
        let mut bundles = Vec::new();
        for (language, source) in SOURCES {
            let wrong = || WordsError { language: language.tag() };
            let resource = FluentResource::try_new(source.to_owned()).map_err(|_| wrong())?;
            let tag: LanguageIdentifier = language.tag().parse().map_err(|_| wrong())?;
            let mut bundle = FluentBundle::new_concurrent(vec![tag]);
            bundle.add_resource(resource).map_err(|_| wrong())?;
            bundles.push((language, bundle));
        }
        Ok(Self { bundles })
    }

    /// A text. One that is missing shows its name, so that it is noticed.
    #[must_use]
    pub fn text(&self, language: Language, name: &str) -> String {
        self.find(language, name, None).unwrap_or_else(|| name.to_owned())
    }

    /// What happened, and what to do.
    #[must_use]
    pub fn sentence(&self, language: Language, name: &str) -> (String, String) {
        (self.text(language, name), self.find(language, name, Some("remedy")).unwrap_or_default())
    }

    /// The texts for the page's script, as JSON that can stand in a page: `{name: {message, remedy}}`.
    #[must_use]
    pub fn for_the_script(&self, language: Language) -> String {
        let texts: serde_json::Map<String, serde_json::Value> = FOR_THE_SCRIPT
            .iter()
            .map(|name| {
                let (message, remedy) = self.sentence(language, name);
                ((*name).to_owned(), serde_json::json!({ "message": message, "remedy": remedy }))
            })
            .collect();
        // no text can end the element it stands in
        serde_json::Value::Object(texts).to_string().replace('<', "\\u003c")
    }

    fn find(&self, language: Language, name: &str, attribute: Option<&str>) -> Option<String> {
        let (_, bundle) = self.bundles.iter().find(|(known, _)| *known == language)?;
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
#[error("the platform's texts in {language} cannot be read")]
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
    fn every_text_exists_in_every_language_of_the_pages() {
        let [(_, arabic), rest @ ..] = SOURCES;
        assert!(names(arabic).len() > 40);
        for (language, source) in rest {
            assert_eq!(names(source), names(arabic), "{language:?}");
        }
    }

    #[test]
    fn every_text_that_is_asked_for_exists() {
        let words = Words::load().unwrap();
        let exists = |name: &str| assert_ne!(words.text(Language::Ar, name), name);
        FOR_THE_SCRIPT.into_iter().for_each(exists);
        let sources = [
            (include_str!("../templates/frame.html"), "word(\""),
            (include_str!("../templates/interaction.html"), "word(\""),
            (include_str!("../templates/message.html"), "word(\""),
            (include_str!("../templates/form_post.html"), "word(\""),
            (include_str!("pages/page.rs"), "title: \""),
            (include_str!("pages/page.rs"), "text: \""),
            (include_str!("pages/interaction.rs"), "=> \"claim-"),
        ];
        let mut found = 0;
        for (source, before) in sources {
            for (at, _) in source.match_indices(before) {
                let name = source[at..].split('"').nth(1).unwrap();
                exists(name);
                found += 1;
            }
        }
        assert!(found > 25, "{found}");
        for name in ["ended", "challenge", "signature", "certificate", "issuer", "other"] {
            assert!(!words.sentence(Language::Fr, &format!("refused-{name}")).1.is_empty(), "{name}");
        }
    }
}

//! Texts of pages, from catalogues in Fluent that a program carries.

use std::collections::BTreeSet;

use bitaqa_protocol::Language;
use fluent_bundle::{FluentResource, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

/// A catalogue in each language, the first of which has every text.
pub type Sources = [(Language, &'static str)];

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
    bundles: Vec<(Language, FluentBundle<FluentResource>)>,
    for_the_script: &'static [&'static str],
}

impl Words {
    /// Reads catalogues. `for_the_script` names the texts that a page's script needs.
    ///
    /// # Errors
    /// [`WordsError`] names the language whose catalogue is wrong.
    pub fn load(sources: &Sources, for_the_script: &'static [&'static str]) -> Result<Self, WordsError> {
        let mut bundles = Vec::new();
        for (language, source) in sources {
            let wrong = || WordsError { language: language.tag() };
            let resource = FluentResource::try_new((*source).to_owned()).map_err(|_| wrong())?;
            let tag: LanguageIdentifier = language.tag().parse().map_err(|_| wrong())?;
            let mut bundle = FluentBundle::new_concurrent(vec![tag]);
            bundle.add_resource(resource).map_err(|_| wrong())?;
            bundles.push((*language, bundle));
        }
        Ok(Self { bundles, for_the_script })
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
        let texts: serde_json::Map<String, serde_json::Value> = self
            .for_the_script
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
#[error("the texts in {language} cannot be read")]
pub struct WordsError {
    language: &'static str,
}

/// The names in a catalogue: of messages, and of their attributes after a dot. A server's tests compare those of its languages.
#[must_use]
pub fn names(source: &str) -> BTreeSet<String> {
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

#[cfg(test)]
mod tests {
    use super::*;

    const CATALOGUE: &str = "# for tests\nhello = </script> & more\n    .remedy = Say it again.\n";

    #[test]
    fn texts_in_a_page_cannot_end_their_element() {
        let words = Words::load(&[(Language::En, CATALOGUE)], &["hello"]).unwrap();
        let json = words.for_the_script(Language::En);
        assert!(json.contains("script> & more") && !json.contains('<'), "{json}");
        assert_eq!(words.sentence(Language::En, "hello").remedy, "Say it again.");
        assert_eq!(words.text(Language::En, "nothing"), "nothing");
        assert_eq!(words.text(Language::Fr, "hello"), "hello", "there is none in that language");
        assert_eq!(names(CATALOGUE).into_iter().collect::<Vec<_>>(), ["hello", "hello.remedy"]);
    }

    #[test]
    fn a_catalogue_that_cannot_be_read_is_named() {
        let error = Words::load(&[(Language::En, CATALOGUE), (Language::Fr, "a b c")], &[]).err();
        assert_eq!(error, Some(WordsError { language: "fr" }));
    }
}

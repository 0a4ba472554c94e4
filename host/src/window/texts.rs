//! The window's words, from the Fluent catalogues built into the program.

use bitaqa_protocol::{ErrorCode, Language};
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::shortened::is_invisible;

/// The catalogues of a language.
pub(super) struct Texts {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Texts {
    /// The catalogues of `language`.
    pub(super) fn new(language: Language) -> Self {
        let [window, errors] = catalogues(language);
        let identifier: LanguageIdentifier = language.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new(vec![identifier]);
        for catalogue in [window, errors] {
            // a catalogue with a fault still gives its other messages; tests allow none
            let resource = FluentResource::try_new(catalogue.to_owned()).unwrap_or_else(|(rest, _)| rest);
            bundle.add_resource_overriding(resource);
        }
        Self { language, bundle }
    }

    /// The language.
    pub(super) fn language(&self) -> Language {
        self.language
    }

    /// A message.
    pub(super) fn say(&self, id: &str) -> String {
        self.format(id, None, &[])
    }

    /// A message with values.
    pub(super) fn say_with(&self, id: &str, values: &[(&str, Value<'_>)]) -> String {
        self.format(id, None, values)
    }

    /// An attribute of a message.
    pub(super) fn attribute(&self, id: &str, attribute: &str) -> String {
        self.format(id, Some(attribute), &[])
    }

    /// What happened, and what to do.
    pub(super) fn error(&self, code: ErrorCode) -> (String, String) {
        let id = format!("error-{}", code.as_str());
        (self.say_with(&id, &[("tries", Value::Text("unknown"))]), self.attribute(&id, "remedy"))
    }

    /// The id itself where there is no such message: seen by whoever writes the window, and by tests.
    fn format(&self, id: &str, attribute: Option<&str>, values: &[(&str, Value<'_>)]) -> String {
        let message = self.bundle.get_message(id);
        let pattern = message.and_then(|message| match attribute {
            Some(name) => message.get_attribute(name).map(|attribute| attribute.value()),
            None => message.value(),
        });
        let Some(pattern) = pattern else { return id.to_owned() };
        let mut arguments = FluentArgs::new();
        for &(name, value) in values {
            let value = match value {
                Value::Number(number) => FluentValue::from(number),
                Value::Text(text) => FluentValue::from(text),
            };
            arguments.set(name, value);
        }
        let text = self.bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new());
        let text = without_isolates_of_numbers(&text);
        // a line takes its direction from its first letter outside isolates; some have none there
        if self.language.is_right_to_left() && !text.starts_with(is_arabic) {
            format!("\u{200F}{text}")
        } else {
            text
        }
    }
}

/// A value in a message.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'a> {
    /// A number; the language's plural rules see it.
    Number(u32),
    /// A text, isolated from the direction of its surroundings.
    Text(&'a str),
}

/// Whether it is an Arabic letter.
pub(super) fn is_arabic(character: char) -> bool {
    ('\u{0620}'..='\u{064A}').contains(&character)
}

/// Digits keep their order in any direction, so the marks around a bare number are only noise to assistive technology.
fn without_isolates_of_numbers(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\u{2068}') {
        result.push_str(before);
        match after.split_once('\u{2069}') {
            Some((number, behind)) if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => {
                result.push_str(number);
                rest = behind;
            }
            _ => {
                result.push('\u{2068}');
                rest = after;
            }
        }
    }
    result.push_str(rest);
    result
}

/// `text` without the invisible marks of direction, for assistive technology.
pub(super) fn without_direction_marks(text: &str) -> String {
    // FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE, which Fluent puts around values; RIGHT-TO-LEFT MARK
    text.replace(['\u{2068}', '\u{2069}', '\u{200F}'], "")
}

/// A value from a card, as one line that cannot reorder what stands around it: without control characters, line
/// breaks, characters without width and marks that embed, override or isolate directions (Unicode UAX #9, section 2).
pub(super) fn one_line(value: &str) -> String {
    let kept = value.chars().filter(|c| !is_invisible(*c));
    // LINE SEPARATOR and PARAGRAPH SEPARATOR are no control characters, but break lines
    kept.map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect()
}

fn catalogues(language: Language) -> [&'static str; 2] {
    macro_rules! of {
        ($tag:literal) => {
            [
                include_str!(concat!("../../../locales/", $tag, "/window.ftl")),
                include_str!(concat!("../../../locales/", $tag, "/errors.ftl")),
            ]
        };
    }
    match language {
        Language::Ar => of!("ar"),
        Language::Fr => of!("fr"),
        Language::En => of!("en"),
        Language::Zgh => of!("zgh"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arabic_has_its_six_plurals() {
        let texts = Texts::new(Language::Ar);
        let forms: std::collections::HashSet<String> = [0, 1, 2, 3, 11, 100]
            .into_iter()
            .map(|tries| texts.say_with("tries-left", &[("tries", Value::Number(tries))]))
            .map(|text| text.chars().filter(|c| !c.is_ascii_digit()).collect())
            .collect();
        assert_eq!(forms.len(), 6, "{forms:?}");
    }

    #[test]
    fn values_are_isolated_for_the_eye_and_bare_for_the_ear() {
        let texts = Texts::new(Language::En);
        let label = [("pin", Value::Text("PIN")), ("label", Value::Text("PIN1"))];
        let said = texts.say_with("pin-labelled", &label);
        assert_eq!(said, "\u{2068}PIN\u{2069} (\u{2068}PIN1\u{2069})");
        assert_eq!(without_direction_marks(&said), "PIN (PIN1)");
    }

    #[test]
    fn a_bare_number_is_not_isolated() {
        let tries = Texts::new(Language::Fr).say_with("tries-left", &[("tries", Value::Number(3))]);
        assert_eq!(tries, "3 essais restants");
        assert_eq!(without_isolates_of_numbers("\u{2068}a \u{2068}4\u{2069}\u{2069}"), "\u{2068}a 4\u{2069}");
    }

    #[test]
    fn every_arabic_line_runs_from_right_to_left() {
        let label = [("pin", Value::Text("PIN")), ("label", Value::Text("PIN1"))];
        assert!(Texts::new(Language::Ar).say_with("pin-labelled", &label).starts_with('\u{200F}'));
        assert!(Texts::new(Language::Ar).say("cancel").starts_with('إ'));
    }

    #[test]
    fn a_value_cannot_reorder_its_surroundings() {
        assert_eq!(one_line("AM\u{202E}INA\n\u{2067}X\u{200F}"), "AMINA X");
        assert_eq!(one_line("أمينة المثال"), "أمينة المثال");
    }

    #[test]
    fn an_error_without_a_count_of_tries_shows_no_placeholder() {
        for language in Language::ALL {
            for &code in ErrorCode::ALL {
                let (sentence, remedy) = Texts::new(language).error(code);
                assert!(!sentence.contains(['{', '}', '$']) && !sentence.contains("error-"), "{sentence}");
                assert!(!remedy.contains(['{', '}', '$']) && !remedy.contains("error-"), "{remedy}");
            }
        }
    }
}

//! The platform's texts, from `locales/LANGUAGE/platform.ftl`.

use bitaqa_pages::words::{Words, WordsError};
use bitaqa_protocol::Language;

const SOURCES: [(Language, &str); 4] = [
    (Language::Ar, include_str!("../../locales/ar/platform.ftl")),
    (Language::Zgh, include_str!("../../locales/zgh/platform.ftl")),
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

/// Reads them.
///
/// # Errors
/// [`WordsError`]: a fault of the build.
pub fn load() -> Result<Words, WordsError> {
    Words::load(&SOURCES, &FOR_THE_SCRIPT)
}

#[cfg(test)]
mod tests {
    use bitaqa_pages::words::names;

    use super::*;
    use crate::factor::FACTORS;

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
        let words = load().unwrap();
        let exists = |name: &str| assert_ne!(words.text(Language::Ar, name), name);
        FOR_THE_SCRIPT.into_iter().for_each(exists);
        let sources = [
            (include_str!("../templates/frame.html"), "word(\""),
            (include_str!("../templates/interaction.html"), "word(\""),
            (include_str!("../templates/message.html"), "word(\""),
            (include_str!("../templates/form_post.html"), "word(\""),
            (include_str!("../templates/register_portal.html"), "word(\""),
            (include_str!("../templates/registered_portal.html"), "word(\""),
            (include_str!("../templates/services.html"), "word(\""),
            (include_str!("pages/services.rs"), "=> \"level-"),
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
        for factor in FACTORS {
            let part = factor.part();
            [part.title, part.label].iter().chain(part.instructions).for_each(|name| exists(name));
            assert!(!words.sentence(Language::Fr, part.too_late).remedy.is_empty(), "{}", part.too_late);
        }
        for name in [
            "ended",
            "challenge",
            "signature",
            "certificate",
            "issuer",
            "request",
            "document",
            "chip",
            "other",
        ] {
            assert!(!words.sentence(Language::Fr, &format!("refused-{name}")).remedy.is_empty(), "{name}");
        }
    }
}

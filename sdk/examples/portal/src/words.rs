//! The portal's texts, from `locales/LANGUAGE/portal.ftl`.

use bitaqa_pages::words::{Words, WordsError};
use bitaqa_protocol::Language;

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
        let words = load().unwrap();
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
}

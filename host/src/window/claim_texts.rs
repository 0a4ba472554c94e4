//! The words for what a portal can ask about a person.

use bitaqa_protocol::claim::Claim;

use super::texts::{Texts, Value};

/// A claim in words.
pub(super) fn claim_text(texts: &Texts, claim: Claim) -> String {
    match claim {
        Claim::AgeOver(limit) => {
            texts.say_with("claim-age-over", &[("years", Value::Number(limit.years().into()))])
        }
        named => texts.say(&claim_id(named)),
    }
}

/// Claims in words, as one list.
pub(super) fn claims_text(texts: &Texts, claims: &[Claim]) -> String {
    let separator = texts.say("list-separator");
    let words: Vec<String> = claims.iter().map(|claim| claim_text(texts, *claim)).collect();
    words.join(&separator)
}

/// Its message: `claim-given-name-ar` for `given_name#ar`.
fn claim_id(claim: Claim) -> String {
    format!("claim-{}", claim.name().replace(['_', '#'], "-"))
}

#[cfg(test)]
mod tests {
    use bitaqa_protocol::{Language, claim::AgeLimit};

    use super::*;

    #[test]
    fn every_claim_has_words_of_its_own_in_every_language() {
        for language in Language::ALL {
            let texts = Texts::new(language);
            let mut words: Vec<String> =
                Claim::NAMED.into_iter().map(|claim| claim_text(&texts, claim)).collect();
            assert!(words.iter().all(|word| !word.contains("claim-")), "{language:?}: {words:?}");
            words.sort();
            words.dedup();
            assert_eq!(words.len(), Claim::NAMED.len(), "{language:?}");
            let over = claim_text(&texts, Claim::AgeOver(AgeLimit::new(18).unwrap()));
            assert!(over.contains("18"), "{over}");
        }
    }

    #[test]
    fn a_list_is_separated_as_its_language_does() {
        let claims = [Claim::GivenName, Claim::Photo];
        assert_eq!(claims_text(&Texts::new(Language::En), &claims), "Given names, Photo");
        assert!(claims_text(&Texts::new(Language::Ar), &claims).contains('،'));
    }
}

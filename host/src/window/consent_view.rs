//! The question before reading, in words.

use bitaqa_protocol::claim::Claim;
use slint::{ModelRc, SharedString, VecModel};

use super::{
    announcement::spoken,
    asked::Asked,
    claim_texts::claims_text,
    consent_choice::ConsentChoice,
    message::{Asker, CardEntry, GroupChoice},
    scene_view::{field_texts, number_tries_left, reader_text, readers},
    texts::{Texts, Value, one_line, without_direction_marks},
    ui::{CardSide, FieldTexts, GroupTexts, SceneTexts, Stage, Start},
};
use crate::shortened::shortened;

/// Most characters of a purpose; the window scrolls before that.
const MAX_PURPOSE: usize = 1000;
/// Digits of the parts of a date, day first.
const DATE_PARTS: [(&str, usize); 3] = [("place-day", 2), ("place-month", 2), ("place-year", 4)];

/// The texts of the question; `anew`: the person changed what opens the card, and goes on there.
pub(super) fn consent_texts(texts: &Texts, choice: &ConsentChoice, anew: bool) -> SceneTexts {
    let question = choice.question();
    let entry = entry_texts(texts, choice);
    let goes_on = anew || !entry.problem.is_empty();
    let first_free = question.groups.iter().position(|group| !group.required);
    let start = match (first_free, choice.entry()) {
        (Some(_), entry) if !goes_on || has_no_field(entry) => Start::Switch,
        (_, entry) if has_no_field(entry) => Start::Stop,
        _ => Start::Field,
    };
    let groups: Vec<GroupTexts> = question
        .groups
        .iter()
        .enumerate()
        .map(|(index, group)| GroupTexts {
            chosen: choice.is_chosen(index),
            first: start == Start::Switch && first_free == Some(index),
            ..group_texts(texts, group)
        })
        .collect();
    let say_if = |shown: bool, id: &str| if shown { texts.say(id).into() } else { SharedString::default() };
    let reader = reader_text(texts, question.reader.as_deref());
    SceneTexts {
        stage: Stage::Consent,
        start,
        heading: texts.say(question_id(choice)).into(),
        main: texts.say("read-card").into(),
        purpose: purpose(texts, choice).into(),
        groups: ModelRc::new(VecModel::from(groups)),
        whole: say_if(question.groups.iter().any(|group| !group.comes_along.is_empty()), "groups-whole"),
        recognisable: say_if(question.recognisable, "recognisable"),
        certificate: say_if(question.certificate, "certificate-goes-along"),
        reader_spoken: without_direction_marks(&reader).into(),
        reader: reader.into(),
        other_entry: choice.other_entry().map_or_else(SharedString::default, |other| {
            texts
                .say(match other {
                    CardEntry::Nothing {} => "use-nothing",
                    CardEntry::OnReader {} => "use-reader",
                    CardEntry::AccessNumber { .. } | CardEntry::AnotherAccessNumber { .. } => {
                        "use-access-number"
                    }
                    CardEntry::Mrz { .. } => "use-mrz",
                })
                .into()
        }),
        can_remember: choice.can_remember(),
        ..entry
    }
}

/// Whether nothing is typed into this window.
const fn has_no_field(entry: CardEntry) -> bool {
    matches!(entry, CardEntry::Nothing {} | CardEntry::OnReader {})
}

const fn question_id(choice: &ConsentChoice) -> &'static str {
    match choice.asker() {
        Asker::OwnPage {} => "question-my-card",
        Asker::Origin(_) | Asker::Signing(_) | Asker::OwnSigning {} | Asker::Portal { .. } => {
            "question-consent"
        }
    }
}

/// What the data are for: in the statement's words, or, of the extension's own page, in ours.
fn purpose(texts: &Texts, choice: &ConsentChoice) -> String {
    match choice.asker() {
        Asker::OwnPage {} => texts.say("own-page-purpose"),
        Asker::Origin(_) | Asker::Signing(_) | Asker::OwnSigning {} | Asker::Portal { .. } => {
            shortened(one_line(&choice.question().purpose), MAX_PURPOSE)
        }
    }
}

/// The fields for what opens the card.
fn entry_texts(texts: &Texts, choice: &ConsentChoice) -> SceneTexts {
    match choice.entry() {
        CardEntry::Nothing {} => SceneTexts::default(),
        CardEntry::OnReader {} => {
            SceneTexts { where_on_card: texts.say("on-reader-next").into(), ..SceneTexts::default() }
        }
        CardEntry::AccessNumber { tries_left, was_wrong, .. } => SceneTexts {
            problem: problem(texts, was_wrong, "access-number-was-wrong"),
            ..access_number_texts(texts, choice, tries_left)
        },
        CardEntry::AnotherAccessNumber { tries_left } => SceneTexts {
            problem: texts.say("access-number-remembered-is-another").into(),
            ..access_number_texts(texts, choice, tries_left)
        },
        CardEntry::Mrz { was_wrong } => SceneTexts {
            card_side: CardSide::Back,
            where_on_card: texts.say("mrz-where").into(),
            problem: problem(texts, was_wrong, "mrz-was-wrong"),
            incomplete: texts.say("hint-mrz-incomplete").into(),
            fields: ModelRc::from(mrz_fields(texts)),
            ..SceneTexts::default()
        },
    }
}

fn access_number_texts(texts: &Texts, choice: &ConsentChoice, tries_left: Option<u8>) -> SceneTexts {
    SceneTexts {
        card_side: CardSide::Front,
        where_on_card: texts.say("access-number-where").into(),
        tries: number_tries_left(texts, tries_left).into(),
        last_try: tries_left.is_some_and(|tries| tries <= 1),
        ..field_texts(texts, Asked::access_number(choice.question().serial), &texts.say("access-number"))
    }
}

fn problem(texts: &Texts, was_wrong: bool, id: &str) -> SharedString {
    if was_wrong { texts.say(id).into() } else { SharedString::default() }
}

fn mrz_fields(texts: &Texts) -> [FieldTexts; 3] {
    let number = texts.say("claim-document-number");
    let places: Vec<SharedString> = DATE_PARTS
        .into_iter()
        .flat_map(|(id, digits)| std::iter::repeat_n(SharedString::from(texts.say(id)), digits))
        .collect();
    let date = |id: &str| {
        let prompt = texts.say_with("date-prompt", &[("date", Value::Text(&texts.say(id)))]);
        FieldTexts {
            spoken: without_direction_marks(&prompt).into(),
            label: prompt.into(),
            slots: i32::try_from(places.len()).unwrap_or_default(),
            places: ModelRc::from(places.as_slice()),
        }
    };
    [
        FieldTexts {
            spoken: without_direction_marks(&number).into(),
            label: number.into(),
            ..FieldTexts::default()
        },
        date("claim-birthdate"),
        date("claim-date-of-expiry"),
    ]
}

fn group_texts(texts: &Texts, group: &GroupChoice) -> GroupTexts {
    let list = |id: &str, claims: &[Claim]| {
        if claims.is_empty() {
            return String::new();
        }
        texts.say_with(id, &[("claims", Value::Text(&claims_text(texts, claims)))])
    };
    let title = title(texts, group.group);
    let required = texts.say(if group.required { "group-required" } else { "group-optional" });
    let asked = list("group-asked", &group.asked);
    let comes_along = list("group-comes-along", &group.comes_along);
    let only_ages = group.asked.iter().all(|claim| matches!(claim, Claim::AgeOver(_)));
    let note = if only_ages && !group.asked.is_empty() { texts.say("group-age") } else { String::new() };
    let said = [&title, &required, &asked, &comes_along, &note].map(|text| without_direction_marks(text));
    GroupTexts {
        spoken: spoken(said.to_vec()).into(),
        title: title.into(),
        required: required.into(),
        locked: group.required,
        asked: asked.into(),
        comes_along: comes_along.into(),
        note: note.into(),
        ..GroupTexts::default()
    }
}

fn title(texts: &Texts, group: u8) -> String {
    match group {
        1 => texts.say("group-identity"),
        2 => texts.say("group-photo"),
        7 => texts.say("group-signature"),
        11 => texts.say("group-details"),
        13 => texts.say("group-state"),
        other => texts.say_with("group-other", &[("number", Value::Number(other.into()))]),
    }
}

/// What assistive technology announces of the question.
pub(super) fn consent_said(texts: &Texts, choice: &ConsentChoice, who_asks: Vec<String>) -> Vec<String> {
    let entry = entry_texts(texts, choice);
    let said = |text: &SharedString| without_direction_marks(text);
    if !entry.problem.is_empty() {
        // what is asked was said before the first try
        let reader = reader_text(texts, choice.question().reader.as_deref());
        return vec![said(&entry.problem), without_direction_marks(&reader), said(&entry.tries)];
    }
    let question = choice.question();
    let mut sentences = vec![texts.say(question_id(choice))];
    sentences.extend(who_asks);
    sentences.push(format!("{}: {}", texts.say("purpose"), purpose(texts, choice)));
    sentences.push(without_direction_marks(&readers(texts, choice.asker())));
    let whole = consent_texts(texts, choice, false);
    sentences.extend(question.groups.iter().map(|group| group_texts(texts, group).spoken.to_string()));
    sentences.extend([&whole.whole, &whole.recognisable, &whole.certificate, &entry.where_on_card].map(said));
    sentences.push(without_direction_marks(&whole.reader));
    sentences.push(said(&entry.tries));
    sentences
}

/// What is announced when the person changes what opens the card.
pub(super) fn entry_said(texts: &Texts, choice: &ConsentChoice) -> String {
    entry_texts(texts, choice).where_on_card.into()
}

#[cfg(test)]
mod tests {
    use bitaqa_protocol::{Language, claim::AgeLimit};
    use slint::Model;

    use super::*;
    use crate::window::message::ConsentQuestion;

    fn choice(groups: Vec<GroupChoice>, entry: CardEntry) -> ConsentChoice {
        let question = ConsentQuestion {
            serial: 1,
            purpose: "Ouvrir\nun compte \u{202E}à distance".to_owned(),
            groups,
            recognisable: true,
            certificate: true,
            entry,
            alternative: None,
            reader: None,
        };
        ConsentChoice::new(&Asker::Origin("https://a.example".to_owned()), &question, None)
    }

    fn group(group: u8, asked: Vec<Claim>, comes_along: Vec<Claim>, required: bool) -> GroupChoice {
        GroupChoice { group, asked, comes_along, required, chosen: false }
    }

    const NUMBER: CardEntry =
        CardEntry::AccessNumber { tries_left: None, was_wrong: false, can_remember: false };

    #[test]
    fn an_age_alone_says_that_the_birth_date_is_sent() {
        let age = Claim::AgeOver(AgeLimit::new(18).unwrap());
        let groups = vec![
            group(1, vec![age], vec![Claim::Birthdate, Claim::GivenName], true),
            group(2, vec![Claim::Photo], vec![], false),
        ];
        let texts = Texts::new(Language::En);
        let shown = consent_texts(&texts, &choice(groups, NUMBER), false);
        let [identity, photo] = [0, 1].map(|index| shown.groups.row_data(index).unwrap());
        assert!(identity.note.contains("date of birth"), "{}", identity.note);
        assert!(
            identity.comes_along.contains("Date of birth") && identity.comes_along.contains("Given names")
        );
        assert_eq!((photo.note.as_str(), photo.comes_along.as_str()), ("", ""));
        assert!(!shown.whole.is_empty() && !shown.recognisable.is_empty());
        assert!(shown.certificate.contains("PIN") && shown.certificate.contains("number"));
        // beside another claim that is not the age's doing
        let both = group(1, vec![age, Claim::GivenName], vec![Claim::Birthdate], true);
        assert_eq!(group_texts(&texts, &both).note, "");
    }

    #[test]
    fn the_keyboard_starts_where_there_is_something_to_decide() {
        let texts = Texts::new(Language::Ar);
        let free = || group(2, vec![Claim::Photo], vec![], false);
        let fixed = || group(1, vec![Claim::GivenName], vec![], true);
        let wrong = CardEntry::AccessNumber { tries_left: None, was_wrong: true, can_remember: false };
        for (groups, entry, start) in [
            (vec![fixed(), free()], NUMBER, Start::Switch),
            (vec![fixed()], NUMBER, Start::Field),
            (vec![fixed(), free()], wrong, Start::Field),
            (vec![fixed(), free()], CardEntry::Nothing {}, Start::Switch),
            (vec![fixed()], CardEntry::Nothing {}, Start::Stop),
            (vec![fixed(), free()], CardEntry::OnReader {}, Start::Switch),
        ] {
            let shown = consent_texts(&texts, &choice(groups, entry), false);
            assert_eq!(shown.start, start, "{entry:?}");
            let first = shown.groups.iter().position(|group| group.first);
            assert_eq!(first, (start == Start::Switch).then_some(1));
        }
    }

    #[test]
    fn a_purpose_is_one_line_without_marks_of_direction() {
        let shown = consent_texts(&Texts::new(Language::Fr), &choice(vec![], NUMBER), false);
        assert_eq!(shown.purpose, "Ouvrir un compte à distance");
    }

    #[test]
    fn every_text_exists_in_every_language() {
        for language in Language::ALL {
            let texts = Texts::new(language);
            let every = [1, 2, 7, 11, 13, 15].map(|number| {
                group(number, vec![Claim::AgeOver(AgeLimit::new(21).unwrap())], vec![Claim::Address], false)
            });
            for entry in [NUMBER, CardEntry::Mrz { was_wrong: true }, CardEntry::OnReader {}] {
                let choice = choice(every.to_vec(), entry);
                let shown = format!("{:?}", consent_texts(&texts, &choice, false));
                let said = consent_said(&texts, &choice, vec![]).join(" ");
                for id in [
                    "group-",
                    "hint-",
                    "use-",
                    "mrz-",
                    "place-",
                    "on-reader",
                    "read-card",
                    "recognisable",
                    "certificate-",
                    "{",
                    "question-",
                ] {
                    let there = said.contains(id) || shown.contains(&format!("\"{id}"));
                    assert!(!there, "{language:?}: {id} in {shown} {said}");
                }
            }
        }
    }
}

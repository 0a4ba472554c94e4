//! The question before sending, in words.

use bitaqa_protocol::{claim::Claim, identity::answer::Through, mediation::Mode};
use slint::{ModelRc, VecModel};

use super::{
    claim_texts::claim_text,
    message::{Asker, Authenticity, PictureShown, ReleaseQuestion, Script, ShownValue},
    scene_view::readers,
    texts::{Texts, Value, is_arabic, one_line, without_direction_marks},
    ui::{Disclosure, SceneTexts, Stage},
};
use crate::shortened::shortened;

/// Most characters of a value that are shown: more than any field of a card has.
const MAX_VALUE: usize = 600;
/// Most characters of the portal's name on the button.
const MAX_BUTTON_NAME: usize = 48;
/// Most values beside the photo.
const MAX_BESIDE: usize = 4;

/// The texts of the question.
pub(super) fn release_texts(texts: &Texts, question: &ReleaseQuestion, asker: Option<&Asker>) -> SceneTexts {
    let portal = asker.map_or_else(String::new, reader_name);
    let name = [("portal", Value::Text(&portal))];
    let (beside, values) = places(question);
    let facts = |values: Vec<&ShownValue>| {
        let facts: Vec<Disclosure> = values.into_iter().map(|value| fact(texts, value)).collect();
        ModelRc::new(VecModel::from(facts))
    };
    SceneTexts {
        stage: Stage::Release,
        heading: texts.say("question-release").into(),
        advice: texts.attribute("question-release", "advice").into(),
        main: texts.say_with("send-to", &name).into(),
        beside: facts(beside),
        values: facts(values),
        photo_came: question.photo == PictureShown::Came,
        photo_missing: unreadable(texts, question.photo, "photo-unreadable").into(),
        signature_came: question.signature_image == PictureShown::Came,
        signature_missing: unreadable(texts, question.signature_image, "signature-image-unreadable").into(),
        authenticity: authenticity(texts, question.authenticity).into(),
        doubtful: question.authenticity == Authenticity::Unauthenticated,
        ..SceneTexts::default()
    }
}

/// Names stand beside the photo, where there is one; the rest in a list.
fn places(question: &ReleaseQuestion) -> (Vec<&ShownValue>, Vec<&ShownValue>) {
    if question.photo != PictureShown::Came {
        return (Vec::new(), question.values.iter().collect());
    }
    let is_name = |value: &&ShownValue| {
        matches!(
            value.claim,
            Claim::GivenName | Claim::FamilyName | Claim::GivenNameArabic | Claim::FamilyNameArabic
        )
    };
    let (mut beside, others): (Vec<&ShownValue>, Vec<&ShownValue>) =
        question.values.iter().partition(is_name);
    let more = beside.split_off(beside.len().min(MAX_BESIDE));
    (beside, more.into_iter().chain(others).collect())
}

fn fact(texts: &Texts, shown: &ShownValue) -> Disclosure {
    let value = value(shown);
    Disclosure {
        label: claim_text(texts, shown.claim).into(),
        spoken: value.as_str().into(),
        value: directed(&value, shown.script).into(),
    }
}

/// `value` with the direction of its script: its first letter gives the line its direction, and where that is of another script
/// a mark in front of it does (LEFT-TO-RIGHT MARK, RIGHT-TO-LEFT MARK).
fn directed(value: &str, script: Script) -> String {
    let first = value.chars().find(|character| character.is_alphabetic());
    match (script, first.map(is_arabic)) {
        (Script::Latin, Some(true)) => format!("\u{200E}{value}"),
        (Script::Arabic, Some(false)) => format!("\u{200F}{value}"),
        // the toolkit draws such a line a blank too far to the left, and cuts its end off there: a house number and its street
        (Script::Arabic, Some(true)) if !value.starts_with(char::is_alphabetic) => format!("{value}\u{A0}"),
        _ => value.to_owned(),
    }
}

fn value(shown: &ShownValue) -> String {
    shortened(one_line(&shown.value), MAX_VALUE)
}

/// The name of who can read it: the portal, or the platform that asks for it; of a site that has none, its origin.
fn reader_name(asker: &Asker) -> String {
    let name = match asker {
        Asker::Portal { through: Some(Through { platform, mode: Mode::Assert }), .. } => platform,
        Asker::Portal { name, .. } => name,
        Asker::Origin(origin) | Asker::Signing(origin) => origin,
        // they are never asked before sending
        Asker::OwnPage {} | Asker::OwnSigning {} => "",
    };
    shortened(one_line(name), MAX_BUTTON_NAME)
}

fn unreadable(texts: &Texts, picture: PictureShown, id: &str) -> String {
    if picture == PictureShown::Unreadable { texts.say(id) } else { String::new() }
}

fn authenticity(texts: &Texts, authenticity: Authenticity) -> String {
    texts.say(match authenticity {
        Authenticity::IssuerSigned => "issuer-signed",
        Authenticity::Unauthenticated => "unauthenticated",
    })
}

/// What is said at the end of a request for data.
pub(super) const fn sent_id(asker: Option<&Asker>) -> &'static str {
    match asker {
        Some(Asker::OwnPage {}) => "shown-on-page",
        _ => "sent",
    }
}

/// What assistive technology announces of the question.
pub(super) fn release_said(texts: &Texts, question: &ReleaseQuestion, asker: &Asker) -> Vec<String> {
    let portal = reader_name(asker);
    let mut sentences = vec![
        texts.say("question-release"),
        texts.attribute("question-release", "advice"),
        without_direction_marks(&texts.say_with("goes-to", &[("portal", Value::Text(&portal))])),
        without_direction_marks(&readers(texts, asker)),
    ];
    for (picture, claim, id) in [
        (question.photo, Claim::Photo, "photo-unreadable"),
        (question.signature_image, Claim::SignatureImage, "signature-image-unreadable"),
    ] {
        match picture {
            PictureShown::None => {}
            PictureShown::Came => sentences.push(claim_text(texts, claim)),
            PictureShown::Unreadable => sentences.push(texts.say(id)),
        }
    }
    sentences.extend(
        question.values.iter().map(|shown| format!("{}: {}", claim_text(texts, shown.claim), value(shown))),
    );
    sentences.push(authenticity(texts, question.authenticity));
    sentences
}

#[cfg(test)]
mod tests {
    use bitaqa_protocol::Language;
    use slint::{Model, SharedString};

    use super::*;

    fn shown(claim: Claim, value: &str, script: Script) -> ShownValue {
        ShownValue { claim, value: value.to_owned(), script }
    }

    fn question(photo: PictureShown) -> ReleaseQuestion {
        ReleaseQuestion {
            serial: 3,
            values: vec![
                shown(Claim::DocumentNumber, "AB123456", Script::Latin),
                shown(Claim::GivenName, "AMINA", Script::Latin),
                shown(Claim::GivenNameArabic, "أمينة", Script::Arabic),
                shown(Claim::Address, "12 RUE\u{202E} DE L'EXEMPLE\nRABAT", Script::Latin),
            ],
            photo,
            signature_image: PictureShown::None,
            authenticity: Authenticity::Unauthenticated,
        }
    }

    fn portal() -> Asker {
        Asker::Portal {
            name: "Banque \u{2067}Exemple".to_owned(),
            origin: "https://banque.example.ma".to_owned(),
            through: None,
            test: false,
        }
    }

    #[test]
    fn names_stand_beside_the_photo_and_everything_stands_somewhere() {
        let texts = Texts::new(Language::En);
        let with_photo = release_texts(&texts, &question(PictureShown::Came), Some(&portal()));
        assert_eq!((with_photo.beside.row_count(), with_photo.values.row_count()), (2, 2));
        for none in [PictureShown::None, PictureShown::Unreadable] {
            let without = release_texts(&texts, &question(none), Some(&portal()));
            assert_eq!((without.beside.row_count(), without.values.row_count()), (0, 4));
            assert_eq!(without.photo_missing.is_empty(), none == PictureShown::None);
        }
    }

    #[test]
    fn the_button_says_who_receives_it() {
        let shown = release_texts(&Texts::new(Language::En), &question(PictureShown::None), Some(&portal()));
        assert_eq!(without_direction_marks(&shown.main), "Send to Banque Exemple");
        let origin = Asker::Origin("https://a.example".to_owned());
        let shown = release_texts(&Texts::new(Language::En), &question(PictureShown::None), Some(&origin));
        assert_eq!(without_direction_marks(&shown.main), "Send to https://a.example");
    }

    #[test]
    fn where_a_platform_asks_the_button_names_who_can_read_it_and_both_are_named_in_every_language() {
        let through = |mode| {
            let Asker::Portal { name, origin, test, .. } = portal() else { unreachable!() };
            Asker::Portal {
                name,
                origin,
                through: Some(Through { platform: "Trust\n\u{202E}Platform".to_owned(), mode }),
                test,
            }
        };
        for (mode, reader) in [(Mode::Relay, "Banque Exemple"), (Mode::Assert, "Trust Platform")] {
            for language in Language::ALL {
                let texts = Texts::new(language);
                let question = question(PictureShown::None);
                let shown = release_texts(&texts, &question, Some(&through(mode)));
                assert!(shown.main.contains(reader), "{language:?}: {}", shown.main);
                let said = release_said(&texts, &question, &through(mode)).join(" ");
                for name in ["Banque Exemple", "Trust Platform"] {
                    assert!(said.contains(name), "{language:?}: {name} in {said}");
                }
                assert!(!said.contains("-reads"), "{language:?}: {said}");
            }
        }
        let en = Texts::new(Language::En);
        assert_eq!(
            without_direction_marks(&readers(&en, &through(Mode::Relay))),
            "Only Banque Exemple can read what you send. Trust Platform passes it on unread."
        );
        assert_eq!(
            without_direction_marks(&readers(&en, &through(Mode::Assert))),
            "Trust Platform reads what you send, gives Banque Exemple what it asked for, and erases the rest."
        );
        assert_eq!(readers(&en, &portal()), "");
    }

    #[test]
    fn a_value_has_the_direction_of_its_script_and_no_other() {
        let texts = Texts::new(Language::Ar);
        let shown = release_texts(&texts, &question(PictureShown::None), Some(&portal()));
        let values: Vec<SharedString> = shown.values.iter().map(|fact| fact.value).collect();
        assert_eq!(values[2], "أمينة");
        assert_eq!(values[3], "12 RUE DE L'EXEMPLE RABAT");
        assert_eq!(directed("IBM الرباط", Script::Arabic), "\u{200F}IBM الرباط");
        assert_eq!(directed("الرباط RABAT", Script::Latin), "\u{200E}الرباط RABAT");
        assert_eq!(directed("12 زنقة المثال", Script::Arabic), "12 زنقة المثال\u{A0}");
        assert_eq!(directed("1994-08-12", Script::Arabic), "1994-08-12");
    }

    #[test]
    fn data_without_proof_of_origin_are_said_to_be_so_in_every_language() {
        for language in Language::ALL {
            let texts = Texts::new(language);
            let shown = release_texts(&texts, &question(PictureShown::Unreadable), Some(&portal()));
            assert!(shown.doubtful && !shown.authenticity.contains("unauthenticated"));
            let said = release_said(&texts, &question(PictureShown::Unreadable), &portal()).join(" ");
            assert!(said.contains(shown.authenticity.as_str()));
            for id in ["photo-unreadable", "send-to", "goes-to", "question-release", "claim-"] {
                assert!(!said.contains(id) && !shown.main.contains(id), "{language:?}: {id}");
            }
        }
    }
}

//! A scene in words and properties of the window.

use std::rc::Rc;

use bitaqa_protocol::Language;
use slint::{ComponentHandle, ModelRc, SharedString, VecModel};

use super::{
    display_server::DisplayServer,
    message::{Alphabet, Disclosed, DisclosedField, Missing, PinKind, Question, Scene, Step},
    texts::{Texts, Value, one_line, without_direction_marks},
    ui::{BitaqaWindow, Disclosure, FixedTexts, Look, SceneTexts, Stage},
};

/// The product's name in Latin letters.
const LATIN_TITLE: &str = "Bitaqa";

/// Sets the texts that depend on the language only.
pub(super) fn show_language(ui: &BitaqaWindow, texts: &Texts, server: DisplayServer) {
    let say = |id: &str| SharedString::from(texts.say(id));
    ui.set_texts(FixedTexts {
        product_name: say("product-name"),
        asks: say("who-asks"),
        not_verified: say("not-verified"),
        holder: say("holder"),
        discloses: say("discloses"),
        cancel: say("cancel"),
        close: say("close"),
        sign_in: say("sign-in"),
        keypad: say("keypad"),
        keypad_show: say("keypad-show"),
        keypad_erase: say("keypad-erase"),
        progress: say("progress"),
    });
    ui.set_window_title(match (server, texts.language()) {
        // where the compositor draws no title bar the toolkit does, with a font that has Latin letters only
        (DisplayServer::Wayland, Language::Ar | Language::Zgh) => LATIN_TITLE.into(),
        _ => say("window-title"),
    });
    ui.global::<Look<'_>>().set_right_to_left(texts.language().is_right_to_left());
}

/// The texts of a scene.
pub(super) fn scene_texts(texts: &Texts, scene: &Scene) -> SceneTexts {
    match &scene.step {
        Step::Waiting { missing } => SceneTexts {
            card_shown: matches!(
                missing,
                Missing::Card | Missing::KnownCard | Missing::AnsweringCard | Missing::SameCard
            ),
            ..statement(texts, Stage::Waiting, waiting_id(*missing))
        },
        Step::Reading {} => SceneTexts { card_shown: true, ..statement(texts, Stage::Working, "reading") },
        Step::Signing {} => SceneTexts { card_shown: true, ..statement(texts, Stage::Working, "signing") },
        Step::Done {} => statement(texts, Stage::Done, "done"),
        Step::Failed { code } => {
            let (sentence, remedy) = texts.error(*code);
            SceneTexts {
                stage: Stage::Failed,
                heading: sentence.into(),
                advice: remedy.into(),
                ..SceneTexts::default()
            }
        }
        Step::Pin { question } => SceneTexts {
            stage: Stage::Pin,
            heading: texts.say("question-sign-in").into(),
            ..question_texts(texts, question)
        },
        Step::PinPad { question } => SceneTexts {
            stage: Stage::PinPad,
            heading: texts.say("pin-pad").into(),
            advice: texts.attribute("pin-pad", "advice").into(),
            ..question_texts(texts, question)
        },
    }
}

fn statement(texts: &Texts, stage: Stage, id: &str) -> SceneTexts {
    SceneTexts {
        stage,
        heading: texts.say(id).into(),
        advice: texts.attribute(id, "advice").into(),
        ..SceneTexts::default()
    }
}

fn waiting_id(missing: Missing) -> &'static str {
    match missing {
        Missing::Service => "waiting-service",
        Missing::Reader => "waiting-reader",
        Missing::Card => "waiting-card",
        Missing::KnownCard => "waiting-known-card",
        Missing::AnsweringCard => "waiting-answering-card",
        Missing::FreeReader => "waiting-free-reader",
        Missing::SameCard => "waiting-same-card",
    }
}

fn question_texts(texts: &Texts, question: &Question) -> SceneTexts {
    let disclosures: Vec<Disclosure> = question
        .discloses
        .iter()
        .map(|Disclosed { field, value }| Disclosure {
            label: texts.say(field_id(*field)).into(),
            value: one_line(value).into(),
        })
        .collect();
    let (label, length) = (pin_label(texts, question), pin_length(texts, question));
    let prompt =
        texts.say_with("pin-prompt", &[("pin", Value::Text(&label)), ("length", Value::Text(&length))]);
    let incomplete = texts.say_with("hint-incomplete", &[("length", Value::Text(&length))]);
    let problem = if question.was_wrong { texts.say("pin-was-wrong") } else { String::new() };
    SceneTexts {
        holder: one_line(&question.holder).into(),
        discloses: ModelRc::from(Rc::new(VecModel::from(disclosures))),
        pin_spoken: without_direction_marks(&prompt).into(),
        pin_label: prompt.into(),
        pin_slots: if question.min_length == question.max_length { question.max_length.into() } else { 0 },
        incomplete: without_direction_marks(&incomplete).into(),
        tries: tries_left(texts, question).into(),
        last_try: question.tries_left.is_some_and(|tries| tries <= 1),
        problem: problem.into(),
        keypad_fits: question.alphabet == Alphabet::Digits,
        ..SceneTexts::default()
    }
}

fn field_id(field: DisclosedField) -> &'static str {
    match field {
        DisclosedField::Name => "field-name",
        DisclosedField::PersonalNumber => "field-personal-number",
        DisclosedField::Country => "field-country",
        DisclosedField::Organisation => "field-organisation",
        DisclosedField::Email => "field-email",
        DisclosedField::Issuer => "field-issuer",
    }
}

fn pin_label(texts: &Texts, question: &Question) -> String {
    let pin = match question.pin {
        PinKind::Authentication => texts.say("pin-authentication"),
    };
    match &question.pin_label {
        Some(label) => {
            let label = one_line(label);
            texts.say_with("pin-labelled", &[("pin", Value::Text(&pin)), ("label", Value::Text(&label))])
        }
        None => pin,
    }
}

fn pin_length(texts: &Texts, question: &Question) -> String {
    let (least, most) = (question.min_length.into(), question.max_length.into());
    let (exact, between) = match question.alphabet {
        Alphabet::Digits => ("length-digits", "length-digits-between"),
        Alphabet::Ascii => ("length-characters", "length-characters-between"),
    };
    if least == most {
        texts.say_with(exact, &[("count", Value::Number(most))])
    } else {
        texts.say_with(between, &[("min", Value::Number(least)), ("max", Value::Number(most))])
    }
}

fn tries_left(texts: &Texts, question: &Question) -> String {
    question.tries_left.map_or_else(String::new, |tries| {
        texts.say_with("tries-left", &[("tries", Value::Number(tries.into()))])
    })
}

/// Shows how much is typed and clears the hint; gives what to announce.
pub(super) fn show_count(
    ui: &BitaqaWindow,
    texts: &Texts,
    question: &Question,
    count: usize,
    complete: bool,
) -> String {
    ui.set_pin_count(i32::try_from(count).unwrap_or(i32::MAX));
    ui.set_pin_complete(complete);
    ui.set_hint(SharedString::default());
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    if question.min_length == question.max_length {
        let total = Value::Number(question.max_length.into());
        texts.say_with("typed-of", &[("count", Value::Number(count)), ("total", total)])
    } else {
        texts.say_with("typed", &[("count", Value::Number(count))])
    }
}

/// Why something typed was not taken.
#[derive(Debug, Clone, Copy)]
pub(super) enum Hint {
    /// The card takes no such character.
    Refused,
    /// There is no more place.
    Full,
    /// Too little to be sent.
    Incomplete,
    /// The key may have been meant for another window.
    TooEarly,
}

/// Shows a hint; gives what to announce.
pub(super) fn show_hint(ui: &BitaqaWindow, texts: &Texts, question: &Question, hint: Hint) -> String {
    let text = match (hint, question.alphabet) {
        (Hint::Refused, Alphabet::Digits) => texts.say("hint-digits-only"),
        (Hint::Refused, Alphabet::Ascii) => texts.say("hint-characters-only"),
        (Hint::Full, _) => texts.say("hint-full"),
        (Hint::TooEarly, _) => texts.say("hint-too-early"),
        (Hint::Incomplete, _) => {
            let length = pin_length(texts, question);
            texts.say_with("hint-incomplete", &[("length", Value::Text(&length))])
        }
    };
    ui.set_hint(text.as_str().into());
    text
}

/// What assistive technology announces when a scene appears.
pub(super) fn announcement(texts: &Texts, scene: &Scene) -> String {
    let mut sentences = match &scene.step {
        Step::Waiting { missing } => said(texts, waiting_id(*missing)),
        Step::Reading {} => said(texts, "reading"),
        Step::Signing {} => said(texts, "signing"),
        Step::Done {} => said(texts, "done"),
        Step::PinPad { .. } => said(texts, "pin-pad"),
        Step::Pin { .. } => vec![texts.say("question-sign-in")],
        Step::Failed { code } => {
            let (sentence, remedy) = texts.error(*code);
            vec![sentence, remedy]
        }
    };
    if let Step::Pin { question } | Step::PinPad { question } = &scene.step {
        if question.was_wrong {
            // what is asked was said with the first try
            sentences = vec![texts.say("pin-was-wrong")];
        } else {
            sentences.push(format!("{} {}", texts.say("who-asks"), scene.origin));
            sentences.push(texts.say("not-verified"));
            sentences.push(format!("{}: {}", texts.say("holder"), one_line(&question.holder)));
            sentences.push(format!("{}:", texts.say("discloses")));
            let facts = question.discloses.iter();
            sentences.extend(
                facts.map(|fact| format!("{}: {}", texts.say(field_id(fact.field)), one_line(&fact.value))),
            );
        }
        sentences.push(pin_label(texts, question));
        sentences.push(tries_left(texts, question));
    }
    sentences.retain(|sentence| !sentence.is_empty());
    for sentence in &mut sentences {
        // speech pauses at the end of a sentence
        if !sentence.ends_with(['.', '?', '!', '…', '؟', ':']) {
            sentence.push('.');
        }
    }
    sentences.join(" ")
}

fn said(texts: &Texts, id: &str) -> Vec<String> {
    vec![texts.say(id), texts.attribute(id, "advice")]
}

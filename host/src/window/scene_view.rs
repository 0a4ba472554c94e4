//! A scene in words and properties of the window.

use std::rc::Rc;

use bitaqa_protocol::Language;
use slint::{ComponentHandle, ModelRc, SharedString, VecModel};

use super::{
    asked::{Asked, Secret},
    display_server::DisplayServer,
    message::{
        AccessNumberQuestion, Alphabet, Disclosed, DisclosedField, Missing, PinKind, Question, Scene, Step,
    },
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
        open_card: say("open-card"),
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
                Missing::Card
                    | Missing::KnownCard
                    | Missing::NumberedCard
                    | Missing::AnsweringCard
                    | Missing::SameCard
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
        Step::AccessNumber { question } => access_number_texts(texts, question),
        Step::AccessNumberOnReader { question } => SceneTexts {
            stage: Stage::NumberOnReader,
            heading: texts.say("access-number-on-reader").into(),
            advice: texts.attribute("access-number-on-reader", "advice").into(),
            ..access_number_texts(texts, question)
        },
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
        Missing::NumberedCard => "waiting-numbered-card",
        Missing::AnsweringCard => "waiting-answering-card",
        Missing::FreeReader => "waiting-free-reader",
        Missing::SameCard => "waiting-same-card",
    }
}

fn access_number_texts(texts: &Texts, question: &AccessNumberQuestion) -> SceneTexts {
    let asked = Asked::from(question);
    let label = texts.say("access-number");
    let problem = if question.was_wrong { texts.say("access-number-was-wrong") } else { String::new() };
    let reader = reader(texts, question);
    SceneTexts {
        stage: Stage::AccessNumber,
        heading: texts.say("question-access-number").into(),
        advice: texts.attribute("question-access-number", "advice").into(),
        reader_spoken: without_direction_marks(&reader).into(),
        reader: reader.into(),
        tries: number_tries_left(texts, question).into(),
        last_try: question.tries_left.is_some_and(|tries| tries <= 1),
        problem: problem.into(),
        ..field_texts(texts, asked, &label)
    }
}

/// In which reader the card is that the number belongs to; empty where there is only one card.
fn reader(texts: &Texts, question: &AccessNumberQuestion) -> String {
    question.reader.as_ref().map_or_else(String::new, |reader| {
        texts.say_with("access-number-reader", &[("reader", Value::Text(&shortened(one_line(reader))))])
    })
}

/// Most characters of a reader's name on the screen; names of PC/SC are shorter than twice as many.
const MAX_READER: usize = 64;

fn shortened(name: String) -> String {
    match name.char_indices().nth(MAX_READER) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()),
        None => name,
    }
}

fn number_tries_left(texts: &Texts, question: &AccessNumberQuestion) -> String {
    question.tries_left.map_or_else(String::new, |tries| {
        texts.say_with("access-number-tries-left", &[("tries", Value::Number(tries.into()))])
    })
}

/// The field in which PIN or number is typed.
fn field_texts(texts: &Texts, asked: Asked, label: &str) -> SceneTexts {
    let length = length(texts, asked);
    let prompt =
        texts.say_with("pin-prompt", &[("pin", Value::Text(label)), ("length", Value::Text(&length))]);
    SceneTexts {
        field_spoken: without_direction_marks(&prompt).into(),
        field_label: prompt.into(),
        field_slots: if asked.has_fixed_length() { asked.most.into() } else { 0 },
        incomplete: without_direction_marks(&incomplete(texts, asked)).into(),
        keypad_fits: asked.alphabet == Alphabet::Digits,
        ..SceneTexts::default()
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
    let problem = if question.was_wrong { texts.say("pin-was-wrong") } else { String::new() };
    SceneTexts {
        holder: one_line(&question.holder).into(),
        discloses: ModelRc::from(Rc::new(VecModel::from(disclosures))),
        tries: tries_left(texts, question).into(),
        last_try: question.tries_left.is_some_and(|tries| tries <= 1),
        problem: problem.into(),
        ..field_texts(texts, question.into(), &pin_label(texts, question))
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

fn length(texts: &Texts, asked: Asked) -> String {
    let (least, most) = (asked.least.into(), asked.most.into());
    let (exact, between) = match asked.alphabet {
        Alphabet::Digits => ("length-digits", "length-digits-between"),
        Alphabet::Ascii => ("length-characters", "length-characters-between"),
    };
    if least == most {
        texts.say_with(exact, &[("count", Value::Number(most))])
    } else {
        texts.say_with(between, &[("min", Value::Number(least)), ("max", Value::Number(most))])
    }
}

fn incomplete(texts: &Texts, asked: Asked) -> String {
    let id = match asked.secret {
        Secret::Pin => "hint-incomplete",
        Secret::AccessNumber { .. } => "hint-number-incomplete",
    };
    texts.say_with(id, &[("length", Value::Text(&length(texts, asked)))])
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
    asked: Asked,
    count: usize,
    complete: bool,
) -> String {
    ui.set_typed_count(i32::try_from(count).unwrap_or(i32::MAX));
    ui.set_typed_all(complete);
    ui.set_hint(SharedString::default());
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    if asked.has_fixed_length() {
        let total = Value::Number(asked.most.into());
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
pub(super) fn show_hint(ui: &BitaqaWindow, texts: &Texts, asked: Asked, hint: Hint) -> String {
    let text = match (hint, asked.alphabet, asked.secret) {
        (Hint::Refused, Alphabet::Digits, _) => texts.say("hint-digits-only"),
        (Hint::Refused, Alphabet::Ascii, _) => texts.say("hint-characters-only"),
        (Hint::Full, _, Secret::Pin) => texts.say("hint-full"),
        (Hint::Full, _, Secret::AccessNumber { .. }) => texts.say("hint-number-full"),
        (Hint::TooEarly, ..) => texts.say("hint-too-early"),
        (Hint::Incomplete, ..) => incomplete(texts, asked),
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
        Step::AccessNumber { question } => {
            access_number_said(texts, "question-access-number", question, &scene.origin)
        }
        Step::AccessNumberOnReader { question } => {
            access_number_said(texts, "access-number-on-reader", question, &scene.origin)
        }
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
            sentences.extend(who_asks(texts, &scene.origin));
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

fn who_asks(texts: &Texts, origin: &str) -> [String; 2] {
    [format!("{} {origin}", texts.say("who-asks")), texts.say("not-verified")]
}

fn access_number_said(texts: &Texts, id: &str, question: &AccessNumberQuestion, origin: &str) -> Vec<String> {
    let mut sentences = if question.was_wrong {
        vec![texts.say("access-number-was-wrong")]
    } else {
        [said(texts, id), who_asks(texts, origin).to_vec()].concat()
    };
    sentences.push(without_direction_marks(&reader(texts, question)));
    sentences.push(texts.say("access-number"));
    sentences.push(number_tries_left(texts, question));
    sentences
}

fn said(texts: &Texts, id: &str) -> Vec<String> {
    vec![texts.say(id), texts.attribute(id, "advice")]
}

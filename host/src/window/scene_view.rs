//! A scene in words and properties of the window.

use bitaqa_protocol::{Language, mediation::Mode};
use slint::{ComponentHandle, Image, ModelRc, SharedPixelBuffer, SharedString};

use super::{
    asked::{Asked, Secret},
    consent_choice::ConsentChoice,
    consent_view::consent_texts,
    display_server::DisplayServer,
    documents_view::certificates_texts,
    message::{AccessNumberQuestion, Alphabet, Asker, Missing, Step},
    origin_lines,
    picture::{Picture, ScenePictures},
    pin_view::{pin_button_id, pin_question_id, question_texts},
    release_view::{release_texts, sent_id},
    texts::{Texts, Value, one_line, without_direction_marks},
    ui::{AskerTexts, BitaqaWindow, FieldTexts, FixedTexts, Look, SceneTexts, Stage, Start},
};
use crate::shortened::shortened;

pub(super) use super::consent_view::entry_said;

/// The product's name in Latin letters.
const LATIN_TITLE: &str = "Bitaqa";

/// Sets the texts that depend on the language only.
pub(super) fn show_language(ui: &BitaqaWindow, texts: &Texts) {
    let say = |id: &str| SharedString::from(texts.say(id));
    ui.set_texts(FixedTexts {
        product_name: say("product-name"),
        holder: say("holder"),
        show_digests: say("show-digests"),
        keypad: say("keypad"),
        keypad_show: say("keypad-show"),
        keypad_erase: say("keypad-erase"),
        progress: say("progress"),
        purpose: say("purpose"),
        remember: say("remember"),
        remember_as: say("remember-as"),
        photo: say("claim-photo"),
        signature_image: say("claim-signature-image"),
    });
    ui.global::<Look<'_>>().set_right_to_left(texts.language().is_right_to_left());
}

/// Sets the texts about who asks.
pub(super) fn show_asker(ui: &BitaqaWindow, texts: &Texts, asker: &Asker, server: DisplayServer) {
    let title = match asker {
        Asker::Origin(_) => "window-title",
        Asker::Signing(_) | Asker::OwnSigning {} => "window-title-signing",
        Asker::Portal { .. } => "window-title-identity",
        Asker::OwnPage {} => "window-title-my-card",
    };
    ui.set_window_title(match (server, texts.language()) {
        // where the compositor draws no title bar the toolkit does, with a font that has Latin letters only
        (DisplayServer::Wayland, Language::Ar | Language::Zgh) => LATIN_TITLE.into(),
        _ => texts.say(title).into(),
    });
    let (origin_head, origin_tail) = origin_lines::split(asker.origin());
    let asks = asks(texts, asker);
    ui.set_asker(AskerTexts {
        asks_spoken: without_direction_marks(&asks).into(),
        asks: asks.into(),
        origin_head: origin_head.into(),
        origin_tail: origin_tail.into(),
        verdict: texts.say(verdict_id(asker)).into(),
        verified: matches!(asker, Asker::Portal { .. } | Asker::OwnPage {} | Asker::OwnSigning {}),
        test: if is_test(asker) { texts.say("test-portal").into() } else { SharedString::default() },
    });
}

/// Most characters of a portal's name.
const MAX_NAME: usize = 120;

/// Who asks, as a sentence.
pub(super) fn asks(texts: &Texts, asker: &Asker) -> String {
    let (name, through) = match asker {
        Asker::Portal { name, through, .. } => (name, through),
        Asker::Origin(_) | Asker::Signing(_) => return texts.say("who-asks"),
        Asker::OwnPage {} => return texts.say("own-page-asks"),
        Asker::OwnSigning {} => return texts.say("own-signing-asks"),
    };
    let name = shortened(one_line(name), MAX_NAME);
    let name = ("name", Value::Text(&name));
    match through {
        Some(platform) => {
            let platform = shortened(one_line(&platform.platform), MAX_NAME);
            texts.say_with("portal-asks-through", &[name, ("platform", Value::Text(&platform))])
        }
        None => texts.say_with("portal-asks", &[name]),
    }
}

/// Who can read what is sent, where a platform asks for a portal; else it is the portal, and nothing is said.
pub(super) fn readers(texts: &Texts, asker: &Asker) -> String {
    let Asker::Portal { name, through: Some(through), .. } = asker else { return String::new() };
    let [name, platform] = [name, &through.platform].map(|name| shortened(one_line(name), MAX_NAME));
    let id = match through.mode {
        Mode::Relay => "portal-reads",
        Mode::Assert => "platform-reads",
    };
    texts.say_with(id, &[("name", Value::Text(&name)), ("platform", Value::Text(&platform))])
}

pub(super) const fn verdict_id(asker: &Asker) -> &'static str {
    match asker {
        Asker::Origin(_) | Asker::Signing(_) => "not-verified",
        Asker::Portal { .. } => "verified",
        Asker::OwnPage {} => "own-page-gets",
        Asker::OwnSigning {} => "own-signing-gets",
    }
}

pub(super) const fn is_test(asker: &Asker) -> bool {
    matches!(asker, Asker::Portal { test: true, .. })
}

/// Shows the pictures of a scene; those of the scene before are dropped.
pub(super) fn show_pictures(ui: &BitaqaWindow, pictures: Option<&ScenePictures>) {
    let image = |picture: Option<&Picture>| {
        picture.map_or_else(Image::default, |picture| {
            let (width, height) = (picture.width().into(), picture.height().into());
            Image::from_rgb8(SharedPixelBuffer::clone_from_slice(picture.rgb(), width, height))
        })
    };
    ui.set_photo(image(pictures.and_then(|pictures| pictures.photo.as_ref())));
    ui.set_signature(image(pictures.and_then(|pictures| pictures.signature_image.as_ref())));
}

/// What a scene's texts depend on beside its step.
pub(super) struct Context<'a> {
    /// Who asks.
    pub(super) asker: Option<&'a Asker>,
    /// What the person chose so far.
    pub(super) choice: Option<&'a ConsentChoice>,
    /// Whether the step was there before, in another form.
    pub(super) anew: bool,
}

/// The texts of a step.
pub(super) fn scene_texts(texts: &Texts, step: &Step, context: &Context<'_>) -> SceneTexts {
    let stop = match step {
        Step::Done {} | Step::Sent {} => SharedString::default(),
        Step::Failed { .. } => texts.say("close").into(),
        Step::Release { .. } | Step::Certificates { .. } => texts.say("do-not-send").into(),
        _ => texts.say("cancel").into(),
    };
    let shown = step_texts(texts, step, context);
    let readers = match (step, context.asker) {
        (Step::Consent { .. } | Step::Release { .. }, Some(asker)) => readers(texts, asker),
        _ => String::new(),
    };
    SceneTexts {
        stop,
        main_spoken: without_direction_marks(&shown.main).into(),
        readers_spoken: without_direction_marks(&readers).into(),
        readers: readers.into(),
        ..shown
    }
}

fn step_texts(texts: &Texts, step: &Step, context: &Context<'_>) -> SceneTexts {
    match step {
        Step::Waiting { missing } => SceneTexts {
            card_shown: matches!(
                missing,
                Missing::Card
                    | Missing::KnownCard
                    | Missing::SigningCard
                    | Missing::NumberedCard
                    | Missing::AnsweringCard
                    | Missing::SameCard
            ),
            ..statement(texts, Stage::Waiting, waiting_id(*missing))
        },
        Step::Reading {} => SceneTexts { card_shown: true, ..statement(texts, Stage::Working, "reading") },
        Step::Signing {} => {
            SceneTexts { card_shown: true, ..statement(texts, Stage::Working, signing_id(context.asker)) }
        }
        Step::Consent { .. } => context
            .choice
            .map_or_else(SceneTexts::default, |choice| consent_texts(texts, choice, context.anew)),
        Step::Release { question } => release_texts(texts, question, context.asker),
        Step::Sending {} => statement(texts, Stage::Working, "sending"),
        Step::Proving {} => SceneTexts { card_shown: true, ..statement(texts, Stage::Working, "proving") },
        Step::Done {} => statement(texts, Stage::Done, done_id(context.asker)),
        Step::Certificates { question } => certificates_texts(texts, question, context.asker),
        Step::Sent {} => statement(texts, Stage::Done, sent_id(context.asker)),
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
            start: Start::Stop,
            main: SharedString::default(),
            heading: texts.say("access-number-on-reader").into(),
            advice: texts.attribute("access-number-on-reader", "advice").into(),
            ..access_number_texts(texts, question)
        },
        Step::Pin { question } => SceneTexts {
            stage: Stage::Pin,
            main: texts.say(pin_button_id(context.asker, question)).into(),
            heading: texts.say(pin_question_id(context.asker, question)).into(),
            ..question_texts(texts, question, context.asker)
        },
        Step::PinPad { question } => SceneTexts {
            stage: Stage::PinPad,
            start: Start::Stop,
            heading: texts.say("pin-pad").into(),
            advice: texts.attribute("pin-pad", "advice").into(),
            ..question_texts(texts, question, context.asker)
        },
    }
}

pub(super) const fn signing_id(asker: Option<&Asker>) -> &'static str {
    match asker {
        Some(Asker::Signing(_) | Asker::OwnSigning {}) => "signing-documents",
        Some(Asker::Portal { .. }) => "confirming",
        _ => "signing",
    }
}

/// What is said at the end of a request that signs.
pub(super) const fn done_id(asker: Option<&Asker>) -> &'static str {
    match asker {
        Some(Asker::Signing(_) | Asker::OwnSigning {}) => "signed",
        _ => "done",
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

pub(super) fn waiting_id(missing: Missing) -> &'static str {
    match missing {
        Missing::Service => "waiting-service",
        Missing::Reader => "waiting-reader",
        Missing::Card => "waiting-card",
        Missing::KnownCard => "waiting-known-card",
        Missing::SigningCard => "waiting-signing-card",
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
    let reader = reader_text(texts, question.reader.as_deref());
    SceneTexts {
        stage: Stage::AccessNumber,
        main: texts.say("open-card").into(),
        heading: texts.say("question-access-number").into(),
        advice: texts.attribute("question-access-number", "advice").into(),
        reader_spoken: without_direction_marks(&reader).into(),
        reader: reader.into(),
        tries: number_tries_left(texts, question.tries_left).into(),
        last_try: question.tries_left.is_some_and(|tries| tries <= 1),
        problem: problem.into(),
        ..field_texts(texts, asked, &label)
    }
}

/// In which reader the card is that the number belongs to; empty where there is only one card.
pub(super) fn reader_text(texts: &Texts, reader: Option<&str>) -> String {
    reader.map_or_else(String::new, |reader| {
        let reader = shortened(one_line(reader), MAX_READER);
        texts.say_with("access-number-reader", &[("reader", Value::Text(&reader))])
    })
}

/// Most characters of a reader's name on the screen; names of PC/SC are shorter than twice as many.
const MAX_READER: usize = 64;

/// How many numbers the card still takes, where it says so.
pub(super) fn number_tries_left(texts: &Texts, tries_left: Option<u8>) -> String {
    tries_left.map_or_else(String::new, |tries| {
        texts.say_with("access-number-tries-left", &[("tries", Value::Number(tries.into()))])
    })
}

/// The field in which PIN or number is typed.
pub(super) fn field_texts(texts: &Texts, asked: Asked, label: &str) -> SceneTexts {
    let length = length(texts, asked);
    let prompt =
        texts.say_with("pin-prompt", &[("pin", Value::Text(label)), ("length", Value::Text(&length))]);
    let field = FieldTexts {
        spoken: without_direction_marks(&prompt).into(),
        label: prompt.into(),
        slots: if asked.has_fixed_length() { asked.most.into() } else { 0 },
        ..FieldTexts::default()
    };
    SceneTexts {
        start: Start::Field,
        fields: ModelRc::from([field]),
        incomplete: without_direction_marks(&incomplete(texts, asked)).into(),
        keypad_fits: asked.alphabet == Alphabet::Digits,
        ..SceneTexts::default()
    }
}

fn length(texts: &Texts, asked: Asked) -> String {
    let (least, most) = (asked.least.into(), asked.most.into());
    let (exact, between) = match asked.alphabet {
        Alphabet::Digits => ("length-digits", "length-digits-between"),
        Alphabet::Ascii | Alphabet::Document => ("length-characters", "length-characters-between"),
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
        Secret::DocumentNumber => return texts.say("hint-document-number-incomplete"),
        Secret::Date => return texts.say("hint-date-incomplete"),
    };
    texts.say_with(id, &[("length", Value::Text(&length(texts, asked)))])
}

/// Clears the hint when something is typed; gives how much there is, to be announced.
pub(super) fn show_count(ui: &BitaqaWindow, texts: &Texts, asked: Asked, count: usize) -> String {
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

/// Shows a hint; gives what to announce. `long_enough`: nothing is missing, so something else is wrong.
pub(super) fn show_hint(
    ui: &BitaqaWindow,
    texts: &Texts,
    asked: Asked,
    hint: Hint,
    long_enough: bool,
) -> String {
    let text = match (hint, asked.alphabet, asked.secret) {
        (Hint::Refused, Alphabet::Digits, _) => texts.say("hint-digits-only"),
        (Hint::Refused, Alphabet::Ascii, _) => texts.say("hint-characters-only"),
        (Hint::Refused, Alphabet::Document, _) => texts.say("hint-document-number-only"),
        (Hint::Incomplete, _, Secret::Date) if long_enough => texts.say("hint-no-date"),
        (Hint::Full, _, Secret::Date | Secret::DocumentNumber) => texts.say("hint-field-full"),
        (Hint::Full, _, Secret::Pin) => texts.say("hint-full"),
        (Hint::Full, _, Secret::AccessNumber { .. }) => texts.say("hint-number-full"),
        (Hint::TooEarly, ..) => texts.say("hint-too-early"),
        (Hint::Incomplete, ..) => incomplete(texts, asked),
    };
    ui.set_hint(text.as_str().into());
    ui.set_hint_spoken(without_direction_marks(&text).into());
    text
}

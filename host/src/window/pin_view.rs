//! The question for a PIN, in words.

use std::rc::Rc;

use slint::{ModelRc, VecModel};

use super::{
    documents_view::{discloses_id, with_documents},
    message::{Asker, Disclosed, DisclosedField, PinKind, Question},
    scene_view::field_texts,
    texts::{Texts, Value, one_line},
    ui::{Disclosure, SceneTexts},
};

/// Whether the PIN is for data that a portal asks for, and not for signing in.
const fn is_identity(asker: Option<&Asker>) -> bool {
    matches!(asker, Some(Asker::Portal { .. }))
}

pub(super) const fn pin_question_id(asker: Option<&Asker>, question: &Question) -> &'static str {
    match question.pin {
        PinKind::Signature => "question-sign",
        PinKind::Authentication if is_identity(asker) => "question-confirm",
        PinKind::Authentication => "question-sign-in",
    }
}

pub(super) const fn pin_button_id(asker: Option<&Asker>, question: &Question) -> &'static str {
    match question.pin {
        PinKind::Signature => "sign",
        PinKind::Authentication if is_identity(asker) => "confirm",
        PinKind::Authentication => "sign-in",
    }
}

/// The texts of the question.
pub(super) fn question_texts(texts: &Texts, question: &Question, asker: Option<&Asker>) -> SceneTexts {
    let problem = if question.was_wrong { texts.say("pin-was-wrong") } else { String::new() };
    SceneTexts {
        holder: one_line(&question.holder).into(),
        discloses_heading: texts.say(discloses_id(asker)).into(),
        discloses: disclosures(texts, &question.discloses),
        tries: tries_left(texts, question).into(),
        last_try: question.tries_left.is_some_and(|tries| tries <= 1),
        problem: problem.into(),
        ..with_documents(
            texts,
            question.documents.as_ref(),
            asker,
            field_texts(texts, question.into(), &pin_label(texts, question)),
        )
    }
}

/// What a certificate says of its holder.
pub(super) fn disclosures(texts: &Texts, discloses: &[Disclosed]) -> ModelRc<Disclosure> {
    let disclosures: Vec<Disclosure> = discloses
        .iter()
        .map(|Disclosed { field, value }| Disclosure {
            label: texts.say(field_id(*field)).into(),
            value: one_line(value).into(),
            spoken: one_line(value).into(),
        })
        .collect();
    ModelRc::from(Rc::new(VecModel::from(disclosures)))
}

pub(super) fn field_id(field: DisclosedField) -> &'static str {
    match field {
        DisclosedField::Name => "field-name",
        DisclosedField::PersonalNumber => "field-personal-number",
        DisclosedField::Country => "field-country",
        DisclosedField::Organisation => "field-organisation",
        DisclosedField::Email => "field-email",
        DisclosedField::Issuer => "field-issuer",
    }
}

pub(super) fn pin_label(texts: &Texts, question: &Question) -> String {
    let pin = match question.pin {
        PinKind::Authentication => texts.say("pin-authentication"),
        PinKind::Signature => texts.say("pin-signature"),
    };
    match &question.pin_label {
        Some(label) => {
            let label = one_line(label);
            texts.say_with("pin-labelled", &[("pin", Value::Text(&pin)), ("label", Value::Text(&label))])
        }
        None => pin,
    }
}

pub(super) fn tries_left(texts: &Texts, question: &Question) -> String {
    question.tries_left.map_or_else(String::new, |tries| {
        texts.say_with("tries-left", &[("tries", Value::Number(tries.into()))])
    })
}

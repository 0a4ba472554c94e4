//! A scene in words for assistive technology.

use super::{
    consent_choice::ConsentChoice,
    consent_view::consent_said,
    documents_view::{certificates_said, discloses_id, documents_said},
    message::{AccessNumberQuestion, Asker, Scene, Step},
    pin_view::{field_id, pin_label, pin_question_id, tries_left},
    release_view::{release_said, sent_id},
    scene_view::{
        asks, done_id, is_test, number_tries_left, reader_text, signing_id, verdict_id, waiting_id,
    },
    texts::{Texts, one_line, without_direction_marks},
};

/// What assistive technology announces when a scene appears.
pub(super) fn announcement(texts: &Texts, scene: &Scene, choice: Option<&ConsentChoice>) -> String {
    let mut sentences = match &scene.step {
        Step::Waiting { missing } => said(texts, waiting_id(*missing)),
        Step::Reading {} => said(texts, "reading"),
        Step::Signing {} => said(texts, signing_id(Some(&scene.asker))),
        Step::Consent { .. } => {
            choice.map_or_else(Vec::new, |choice| consent_said(texts, choice, who_asks(texts, &scene.asker)))
        }
        Step::Release { question } => release_said(texts, question, &scene.asker),
        Step::Sending {} => said(texts, "sending"),
        Step::Proving {} => said(texts, "proving"),
        Step::Done {} => said(texts, done_id(Some(&scene.asker))),
        Step::Certificates { question } => {
            certificates_said(texts, question, &scene.asker, who_asks(texts, &scene.asker))
        }
        Step::Sent {} => said(texts, sent_id(Some(&scene.asker))),
        Step::AccessNumber { question } => {
            access_number_said(texts, "question-access-number", question, &scene.asker)
        }
        Step::AccessNumberOnReader { question } => {
            access_number_said(texts, "access-number-on-reader", question, &scene.asker)
        }
        Step::PinPad { .. } => said(texts, "pin-pad"),
        Step::Pin { question } => vec![texts.say(pin_question_id(Some(&scene.asker), question))],
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
            sentences.extend(who_asks(texts, &scene.asker));
            sentences.extend(
                question
                    .documents
                    .iter()
                    .flat_map(|documents| documents_said(texts, documents, &scene.asker)),
            );
            sentences.push(format!("{}: {}", texts.say("holder"), one_line(&question.holder)));
            sentences.push(format!("{}:", texts.say(discloses_id(Some(&scene.asker)))));
            let facts = question.discloses.iter();
            sentences.extend(
                facts.map(|fact| format!("{}: {}", texts.say(field_id(fact.field)), one_line(&fact.value))),
            );
        }
        sentences.push(pin_label(texts, question));
        sentences.push(tries_left(texts, question));
    }
    spoken(sentences)
}

/// Sentences as one text for speech, which pauses at the end of each.
pub(super) fn spoken(mut sentences: Vec<String>) -> String {
    sentences.retain(|sentence| !sentence.is_empty());
    for sentence in &mut sentences {
        if !sentence.ends_with(['.', '?', '!', '…', '؟', ':']) {
            sentence.push('.');
        }
    }
    sentences.join(" ")
}

fn who_asks(texts: &Texts, asker: &Asker) -> Vec<String> {
    let test = if is_test(asker) { texts.say("test-portal") } else { String::new() };
    let origin = asker.origin();
    match asker {
        Asker::Origin(_) | Asker::Signing(_) => {
            vec![format!("{} {origin}", texts.say("who-asks")), texts.say("not-verified")]
        }
        Asker::Portal { .. } => {
            vec![asks(texts, asker), origin.to_owned(), texts.say("verified"), test]
        }
        Asker::OwnPage {} | Asker::OwnSigning {} => vec![asks(texts, asker), texts.say(verdict_id(asker))],
    }
}

fn access_number_said(
    texts: &Texts,
    id: &str,
    question: &AccessNumberQuestion,
    asker: &Asker,
) -> Vec<String> {
    let mut sentences = if question.was_wrong {
        vec![texts.say("access-number-was-wrong")]
    } else {
        [said(texts, id), who_asks(texts, asker)].concat()
    };
    sentences.push(without_direction_marks(&reader_text(texts, question.reader.as_deref())));
    sentences.push(texts.say("access-number"));
    sentences.push(number_tries_left(texts, question.tries_left));
    sentences
}

fn said(texts: &Texts, id: &str) -> Vec<String> {
    vec![texts.say(id), texts.attribute(id, "advice")]
}

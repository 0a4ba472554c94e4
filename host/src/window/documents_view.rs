//! The questions about documents, in words: what is signed, and which certificates a site receives.

use slint::{ModelRc, VecModel};

use super::{
    message::{Asker, CertificatesQuestion, DigestShown, DocumentShown, DocumentsShown, HowSeen},
    pin_view::{disclosures, field_id},
    texts::{Texts, Value, one_line, without_direction_marks},
    ui::{DigestTexts, DocumentTexts, SceneTexts, Stage, Start},
};
use crate::shortened::shortened;

/// Most characters of a document's name.
const MAX_NAME: usize = 255;
/// Most documents that are in sight together with the field for the PIN; with more, the keyboard starts above them.
const IN_SIGHT: usize = 3;
/// Hexadecimal digits at each end of a digest that is shown in short.
const SHORT: usize = 8;

/// Whether the person signs a file of their own.
const fn is_own(asker: Option<&Asker>) -> bool {
    matches!(asker, Some(Asker::OwnSigning {}))
}

/// Who reads what the certificate says.
pub(super) const fn discloses_id(asker: Option<&Asker>) -> &'static str {
    if is_own(asker) { "discloses-in-file" } else { "discloses" }
}

/// Whose words the names are.
const fn names_id(asker: Option<&Asker>) -> &'static str {
    if is_own(asker) { "documents-own-names" } else { "documents-names" }
}

const fn certificates_id(asker: Option<&Asker>) -> &'static str {
    if is_own(asker) { "question-own-certificates" } else { "question-certificates" }
}

/// The scene of a question, with what is signed after it.
pub(super) fn with_documents(
    texts: &Texts,
    shown: Option<&DocumentsShown>,
    asker: Option<&Asker>,
    question: SceneTexts,
) -> SceneTexts {
    let Some(shown) = shown else { return question };
    let documents: Vec<DocumentTexts> = shown.documents.iter().map(document).collect();
    SceneTexts {
        start: if documents.len() > IN_SIGHT { Start::Documents } else { question.start },
        documents_heading: heading(texts, shown).into(),
        documents_note: texts.say(names_id(asker)).into(),
        documents_warning: warning(texts, shown).into(),
        documents: ModelRc::new(VecModel::from(documents)),
        ..question
    }
}

fn heading(texts: &Texts, shown: &DocumentsShown) -> String {
    let total = ("total", Value::Number(shown.total));
    match shown.number {
        Some(number) => texts.say_with("document-of", &[("number", Value::Number(number)), total]),
        None => texts.say_with("documents", &[total]),
    }
}

fn warning(texts: &Texts, shown: &DocumentsShown) -> String {
    match shown.seen {
        HowSeen::Found => String::new(),
        HowSeen::Given => texts.say("content-not-visible"),
    }
}

fn document(shown: &DocumentShown) -> DocumentTexts {
    let name = name(shown);
    let digests: Vec<DigestTexts> = shown.digests.iter().map(digest).collect();
    DocumentTexts {
        // an isolate of its own: the site's words have no direction but their own
        name: format!("\u{2068}{name}\u{2069}").into(),
        spoken: name.into(),
        digests: ModelRc::new(VecModel::from(digests)),
    }
}

fn name(shown: &DocumentShown) -> String {
    shortened(one_line(&shown.name), MAX_NAME)
}

fn digest(shown: &DigestShown) -> DigestTexts {
    let value = one_line(&shown.value);
    let ends = value.get(..SHORT).zip(value.len().checked_sub(SHORT).and_then(|at| value.get(at..)));
    let short = ends.map_or_else(|| value.clone(), |(begin, end)| format!("{begin}…{end}"));
    let of = shown.of.as_ref().map(|of| shortened(one_line(of), MAX_NAME));
    DigestTexts {
        of: of.map(|of| format!("\u{2068}{of}\u{2069}")).unwrap_or_default().into(),
        // from left to right in every language
        short: format!("\u{2066}{}: {short}\u{2069}", shown.hash).into(),
        full: format!("\u{2066}{}: {value}\u{2069}", shown.hash).into(),
    }
}

/// What assistive technology announces of what is signed; the digests are in the list.
pub(super) fn documents_said(texts: &Texts, shown: &DocumentsShown, asker: &Asker) -> Vec<String> {
    let said = |text: String| without_direction_marks(&text);
    let names = shown.documents.iter().take(IN_SIGHT).map(name);
    let begin =
        [said(warning(texts, shown)), said(heading(texts, shown)), said(texts.say(names_id(Some(asker))))];
    begin.into_iter().chain(names).collect()
}

/// The question before certificates are sent.
pub(super) fn certificates_texts(
    texts: &Texts,
    question: &CertificatesQuestion,
    asker: Option<&Asker>,
) -> SceneTexts {
    let id = certificates_id(asker);
    SceneTexts {
        stage: Stage::Certificates,
        heading: texts.say(id).into(),
        advice: texts.attribute(id, "advice").into(),
        main: texts.attribute(id, "main").into(),
        holder: one_line(&question.holder).into(),
        discloses_heading: texts.say(discloses_id(asker)).into(),
        discloses: disclosures(texts, &question.discloses),
        ..SceneTexts::default()
    }
}

/// What assistive technology announces of it.
pub(super) fn certificates_said(
    texts: &Texts,
    question: &CertificatesQuestion,
    asker: &Asker,
    who_asks: Vec<String>,
) -> Vec<String> {
    let id = certificates_id(Some(asker));
    let mut sentences = vec![texts.say(id), texts.attribute(id, "advice")];
    sentences.extend(who_asks);
    sentences.push(format!("{}: {}", texts.say("holder"), one_line(&question.holder)));
    sentences.push(format!("{}:", texts.say(discloses_id(Some(asker)))));
    let facts = question.discloses.iter();
    sentences
        .extend(facts.map(|fact| format!("{}: {}", texts.say(field_id(fact.field)), one_line(&fact.value))));
    sentences
}

#[cfg(test)]
mod tests {
    use bitaqa_protocol::Language;
    use slint::Model;

    use super::*;

    fn shown(count: usize, seen: HowSeen) -> DocumentsShown {
        let digest =
            DigestShown { of: None, hash: "SHA-256".to_owned(), value: "0123456789abcdef".repeat(4) };
        let document = DocumentShown { name: "عقد\u{202E}.pdf".to_owned(), digests: vec![digest] };
        let total = u32::try_from(count).unwrap();
        DocumentsShown { seen, documents: vec![document; count], number: None, total }
    }

    #[test]
    fn a_name_keeps_its_direction_to_itself_and_a_digest_is_there_as_a_whole() {
        for language in Language::ALL {
            let texts = Texts::new(language);
            let scene = with_documents(&texts, Some(&shown(1, HowSeen::Found)), None, SceneTexts::default());
            let document = scene.documents.row_data(0).unwrap();
            assert_eq!(
                (document.name.as_str(), document.spoken.as_str()),
                ("\u{2068}عقد.pdf\u{2069}", "عقد.pdf")
            );
            let digest = document.digests.row_data(0).unwrap();
            assert_eq!(digest.short, "\u{2066}SHA-256: 01234567…89abcdef\u{2069}");
            assert!(digest.full.contains(&"0123456789abcdef".repeat(4)));
            assert_eq!(scene.documents_warning, "");
        }
    }

    #[test]
    fn what_nobody_here_can_see_is_said_first_in_every_language() {
        for language in Language::ALL {
            let texts = Texts::new(language);
            let given = shown(5, HowSeen::Given);
            let scene = with_documents(&texts, Some(&given), None, SceneTexts::default());
            assert!(scene.documents_warning.chars().count() > 20);
            assert_eq!(scene.start, Start::Documents, "a long list is looked through first");
            let said = documents_said(&texts, &given, &Asker::Signing("https://a.example".to_owned()));
            assert_eq!(said[0], without_direction_marks(&scene.documents_warning));
            for id in ["content-not-visible", "documents-names", "documents"] {
                assert!(!said.iter().any(|sentence| sentence == id), "{language:?}: {id}");
            }
        }
    }
}

//! The usual questions about documents.

use bitaqa_host::window::message::{
    Asker, CertificatesQuestion, DigestShown, DocumentShown, DocumentsShown, HowSeen, Missing, PinKind,
    Question, Step,
};
use bitaqa_protocol::Language;

use super::question;

/// A site that asks for signatures.
pub(crate) fn site(_: Language) -> Asker {
    Asker::Signing("https://contracts.example.ma".to_owned())
}

/// The holder, on the extension's own page.
pub(crate) fn own_page(_: Language) -> Asker {
    Asker::OwnSigning {}
}

/// A document with a name and one digest.
fn document(name: &str, of: Option<&str>, digit: u8) -> DocumentShown {
    let value = format!("{digit:02x}3f9a0c").repeat(8);
    let digest = DigestShown { of: of.map(str::to_owned), hash: "SHA-256".to_owned(), value };
    DocumentShown { name: name.to_owned(), digests: vec![digest] }
}

fn question_about(documents: DocumentsShown) -> Step {
    let question = Question {
        pin: PinKind::Signature,
        pin_label: Some("PIN2".to_owned()),
        min_length: 5,
        max_length: 5,
        documents: Some(documents),
        ..question()
    };
    Step::Pin { question }
}

fn shown(seen: HowSeen, documents: Vec<DocumentShown>) -> DocumentsShown {
    let total = u32::try_from(documents.len()).unwrap();
    DocumentsShown { seen, documents, number: None, total }
}

/// Two documents, one with a name in Arabic that tries to change its direction.
pub(crate) fn two_documents() -> Step {
    let names = [("Contrat de location.pdf", None, 1), ("عقد\u{202E} الإيجار.pdf", Some("annex/عقد.xml"), 2)];
    question_about(shown(HowSeen::Found, names.map(|(name, of, digit)| document(name, of, digit)).to_vec()))
}

/// As many as one request has.
pub(crate) fn many_documents(count: u32) -> Step {
    let documents = (1..=count).map(|number| document(&format!("Facture {number}.pdf"), None, 7)).collect();
    question_about(shown(HowSeen::Found, documents))
}

/// The same with names that take several lines.
pub(crate) fn long_names(count: u32) -> Step {
    let name = |number: u32| {
        format!("Facture {number} de la régie des eaux de la région, {}.pdf", "annexe ".repeat(20))
    };
    let documents = (1..=count).map(|number| document(&name(number), None, 7)).collect();
    question_about(shown(HowSeen::Found, documents))
}

/// A digest that the site gave.
pub(crate) fn given_digest() -> Step {
    question_about(shown(HowSeen::Given, vec![document("Contrat.pdf", None, 3)]))
}

/// The third document of twelve, where the card wants the PIN for each.
pub(crate) fn third_of_twelve() -> Step {
    let documents = vec![document("Facture 3.pdf", None, 4)];
    question_about(DocumentsShown { seen: HowSeen::Found, documents, number: Some(3), total: 12 })
}

/// The question before certificates are sent.
pub(crate) fn certificates() -> Step {
    let Question { holder, discloses, .. } = question();
    Step::Certificates { question: CertificatesQuestion { serial: 5, holder, discloses } }
}

/// A state: its name, who asks, and what is shown.
pub(crate) type SigningState = (&'static str, fn(Language) -> Asker, Step);

/// Every state of a request for signatures.
pub(crate) fn signing_states() -> Vec<SigningState> {
    vec![
        ("sign-two", site, two_documents()),
        ("sign-many", site, many_documents(40)),
        ("sign-long", site, long_names(12)),
        ("sign-digest", site, given_digest()),
        ("sign-third", site, third_of_twelve()),
        ("sign-working", site, Step::Signing {}),
        ("sign-done", site, Step::Done {}),
        ("sign-waiting", site, Step::Waiting { missing: Missing::SigningCard }),
        ("sign-certificates", site, certificates()),
        ("sign-own", own_page, two_documents()),
        ("sign-own-certificates", own_page, certificates()),
    ]
}

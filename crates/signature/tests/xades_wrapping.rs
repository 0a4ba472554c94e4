//! Signature wrapping: what was signed is moved to where nobody looks, and something else put where it was (the eight variants of
//! "On Breaking SAML", 2012, on XAdES). Of what an attacker wrote nothing may be said to be signed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

mod support;

use bitaqa_signature::{
    found::{Coverage, FoundSignature, Integrity},
    xades::{self, NoContent, Packaging, XadesError},
    xml::XmlFault,
};
use support::{
    Kind, judge, pki,
    xml::{sign, statement},
};

const DOCUMENT: &str =
    "<order Id=\"order\"><item Id=\"item\">a hundred</item><note>for nothing else</note></order>";
const EVIL: &str = "a million";

/// What is said of an attacked document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    /// An identifier is there twice.
    Refused,
    /// A digest is not that of what is named.
    Changed,
    /// What is signed is in a place where nobody expects it, or an element of its name is there that nobody signed.
    Misplaced,
}

/// A document with a signature, taken apart.
struct Parts {
    identifier: &'static str,
    /// What was signed, without the signature.
    original: String,
    /// The same with something else in it, under its own identifier or another.
    evil: String,
    signature: String,
}

impl Parts {
    /// Signs the root element, or the item in it.
    fn of(identifier: &'static str) -> Self {
        let packaging = Packaging::Element { document: DOCUMENT.as_bytes(), identifier };
        let signed = String::from_utf8(sign(&pki().signer(Kind::P256), packaging, &statement())).unwrap();
        let (start, closing) = (signed.find("<ds:Signature ").unwrap(), "</ds:Signature>");
        let end = signed.rfind(closing).unwrap() + closing.len();
        let original = if identifier == "order" {
            [&signed[..start], &signed[end..]].concat()
        } else {
            "<item Id=\"item\">a hundred</item>".to_owned()
        };
        let evil = original.replace("a hundred", EVIL).replace("Id=\"item\"", "Id=\"other-item\"");
        Self { identifier, original, evil, signature: signed[start..end].to_owned() }
    }

    fn evil(&self, identifier: &str) -> String {
        let evil = self.evil.replace("Id=\"other-item\"", "Id=\"item\"");
        let evil = evil.replace(&format!("Id=\"{}\"", self.identifier), &format!("Id=\"{identifier}\""));
        // of the root's items, too
        if self.identifier == "order" { evil.replace("Id=\"item\"", "Id=\"evil-item\"") } else { evil }
    }

    /// With something at the end of the first element.
    fn with(element: &str, inside: &str) -> String {
        let end = element.rfind("</").unwrap();
        [&element[..end], inside, &element[end..]].concat()
    }

    /// The signature with what was signed inside of it.
    fn around(&self, original: &str) -> String {
        Self::with(&self.signature, &format!("<ds:Object>{original}</ds:Object>"))
    }

    /// The eight variants, where what the attacker wrote has an identifier.
    fn variants(&self, identifier: &str) -> [String; 8] {
        let (original, evil) = (&self.original, &self.evil(identifier));
        let signed = if self.identifier == "order" {
            Self::with(original, &self.signature)
        } else {
            format!("<order>{original}{}</order>", self.signature)
        };
        let root = |inside: &str| format!("<root>{inside}</root>");
        [
            // 1: the attacker's around the signature, and that around what was signed
            root(&Self::with(evil, &self.around(original))),
            // 2: what was signed beside its signature, in the attacker's
            root(&Self::with(evil, &format!("{original}{}", self.signature))),
            // 3: the attacker's before what was signed
            root(&format!("{evil}{signed}")),
            // 4: the attacker's around what was signed
            root(&Self::with(evil, &signed)),
            // 5: the signature in the attacker's, what was signed at the end
            root(&format!("{}{original}", Self::with(evil, &self.signature))),
            // 6: the same, what was signed in the signature
            root(&format!("<before/>{}", Self::with(evil, &self.around(original)))),
            // 7: the attacker's in an element that takes anything
            root(&format!("<extensions>{evil}</extensions>{signed}")),
            // 8: what was signed in an element that takes anything, in the signature
            root(&Self::with(evil, &self.around(&format!("<extensions>{original}</extensions>")))),
        ]
    }
}

fn said(document: &str) -> Said {
    let found = match xades::read(document.as_bytes(), &NoContent) {
        Err(XadesError::Document(error)) if error.fault == XmlFault::DuplicateIdentifier => {
            return Said::Refused;
        }
        found => found.unwrap(),
    };
    let [one] = &found[..] else { panic!("{document}") };
    // whoever takes what was verified gets nothing of the attacker's
    if let Ok(verified) = xades::verify_enveloped(document.as_bytes()) {
        assert!(!String::from_utf8_lossy(verified.octets()).contains(EVIL), "{document}");
    }
    assert_ne!(one.coverage, Coverage::Whole, "{document}");
    let is_told = matches!(&one.coverage, Coverage::Parts(parts) if parts.len() == 1);
    assert!(one.integrity != Integrity::Intact || is_told, "{document}");
    match (one.integrity, one.format_faults.is_empty()) {
        (Integrity::Intact, true) => panic!("a signature that holds: {document}"),
        (Integrity::Intact, false) => Said::Misplaced,
        _ => Said::Changed,
    }
}

#[test]
fn none_of_eight_variants_passes_for_what_was_not_signed() {
    use Said::{Changed, Misplaced, Refused};
    for (identifier, expected) in [
        // its reference leaves out the signature, which has to be inside of what is named
        ("order", [Changed, Changed, Misplaced, Misplaced, Changed, Changed, Misplaced, Changed]),
        ("item", [Misplaced; 8]),
    ] {
        let parts = Parts::of(identifier);
        let outcomes = parts.variants("evil").map(|document| said(&document));
        assert_eq!(outcomes, expected, "{identifier}");
        for (number, document) in parts.variants(identifier).iter().enumerate() {
            assert_eq!(said(document), Refused, "{identifier}, variant {}", number + 1);
        }
    }
}

#[test]
fn elements_of_one_name_pass_where_each_is_signed() {
    let document = "<order><item Id=\"first\">a</item><item Id=\"second\">b</item><note/></order>";
    let holder = pki().signer(Kind::P256);
    let one = Packaging::Element { document: document.as_bytes(), identifier: "first" };
    let one = sign(&holder, one, &statement());
    let found = xades::read(&one, &NoContent).unwrap();
    let [fault] = &found[0].format_faults[..] else { panic!("{:?}", found[0].format_faults) };
    assert!(fault.starts_with("#first names one of several elements of this name"), "{fault}");
    let both = sign(&holder, Packaging::Element { document: &one, identifier: "second" }, &statement());
    let found = xades::read(&both, &NoContent).unwrap();
    let is_sound = |one: &FoundSignature| one.integrity == Integrity::Intact && one.format_faults.is_empty();
    assert!(found.len() == 2 && found.iter().all(is_sound), "{found:?}");
    // an element of another namespace is another element
    let other = document.replace("<item Id=\"second\">", "<item xmlns=\"urn:other\" Id=\"second\">");
    let other =
        sign(&holder, Packaging::Element { document: other.as_bytes(), identifier: "first" }, &statement());
    assert!(is_sound(&xades::read(&other, &NoContent).unwrap()[0]));
}

#[test]
fn the_attacks_are_attacks() {
    // another program finds the signatures right wherever what they name is whole: what is done with it is left to who asks
    let parts = Parts::of("item");
    for (number, document) in parts.variants("evil").iter().enumerate() {
        let file = pki().file(&format!("wrapped_{number}.xml"), document.as_bytes());
        let root = pki().path("root.pem");
        let mut arguments = vec!["--verify", "--enabled-key-data", "x509", "--id-attr:Id", "item"];
        arguments.extend(["--id-attr:Id", "http://uri.etsi.org/01903/v1.3.2#:SignedProperties"]);
        arguments.extend(["--trusted-pem", root.to_str().unwrap(), file.to_str().unwrap()]);
        let verdict = judge::ask("xmlsec1", arguments);
        assert!(verdict.success, "variant {}: {}", number + 1, verdict.text);
    }
}

#[test]
fn a_comment_in_a_text_does_not_cut_it() {
    // comments are not in the canonical form, so that the signature holds; a program that reads the first piece of text sees another
    let packaging = Packaging::Element { document: DOCUMENT.as_bytes(), identifier: "order" };
    let signed = String::from_utf8(sign(&pki().signer(Kind::P256), packaging, &statement())).unwrap();
    let whole = xades::read(signed.as_bytes(), &NoContent).unwrap().remove(0);
    assert_eq!(whole.statement.claimed_roles, ["مديرة", "R&D <lead>"]);
    for (from, to) in [
        ("R&amp;D ", "R&amp;<!-- -->D "),
        ("R&amp;D ", "R&amp;<?cut?>D "),
        ("2026-11-26T12", "2026-11-26<!-- -->T12"),
        ("<xades:City>", "<xades:City><!-- -->"),
        ("1.2.3.4.6", "1.2.3.4<!-- -->.6"),
    ] {
        let cut = signed.replacen(from, to, 1);
        assert_ne!(cut, signed, "{from}");
        let found = xades::read(cut.as_bytes(), &NoContent).unwrap().remove(0);
        let is_whole = found.statement == whole.statement;
        let is_sound = found.integrity == Integrity::Intact && found.format_faults.is_empty();
        assert!(is_whole || !is_sound, "{to}: {:?} {:?}", found.statement, found.format_faults);
    }
}

//! Documents that are refused, each with the reason; and places in those that are read.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where it cannot go on"
)]

mod support;

use std::fmt::Write as _;

use bitaqa_signature::xml::{Document, XmlFault, limits};
use proptest::prelude::*;
use support::judge;

fn fault(text: &[u8]) -> XmlFault {
    match Document::parse(text) {
        Err(error) => error.fault,
        Ok(_) => panic!("it was read: {}", String::from_utf8_lossy(text)),
    }
}

#[test]
fn what_breaks_a_rule_is_refused_with_its_name() {
    for (text, expected) in [
        (&b"<!DOCTYPE a><a/>"[..], XmlFault::DocumentType),
        (
            b"<?xml version='1.0'?> <!-- c --> <!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
            XmlFault::DocumentType,
        ),
        (b"<a><!DOCTYPE a></a>", XmlFault::DocumentType),
        (b"<a>&b;</a>", XmlFault::Entity),
        (b"<a b='&b;'/>", XmlFault::Entity),
        (b"<a>&#0;</a>", XmlFault::CharacterReference),
        (b"<a>&#xD800;</a>", XmlFault::CharacterReference),
        (b"<a>&#x110000;</a>", XmlFault::CharacterReference),
        (b"<a>&#+1;</a>", XmlFault::CharacterReference),
        (b"<a>& </a>", XmlFault::CharacterReference),
        (b"<a>\x01</a>", XmlFault::Character),
        (b"<a>\xFF</a>", XmlFault::Encoding),
        (b"\xFE\xFF\0<\0a\0/\0>", XmlFault::Encoding),
        (b"<?xml version='1.0' encoding='ISO-8859-1'?><a/>", XmlFault::Encoding),
        (b"<?xml version='1.1'?><a/>", XmlFault::Version),
        (b"<?xml encoding='UTF-8'?><a/>", XmlFault::Markup),
        (b" <?xml version='1.0'?><a/>", XmlFault::Markup),
        (b"<a></b>", XmlFault::EndTag),
        (b"<p:a xmlns:p='urn:a' xmlns:q='urn:a'></q:a>", XmlFault::EndTag),
        (b"<a b='1' b='2'/>", XmlFault::DuplicateAttribute),
        (b"<a xmlns:p='urn:a' xmlns:q='urn:a' p:b='1' q:b='2'/>", XmlFault::DuplicateAttribute),
        (b"<a xmlns='urn:a' xmlns='urn:a'/>", XmlFault::DuplicateAttribute),
        (b"<p:a/>", XmlFault::Prefix),
        (b"<a p:b='1'/>", XmlFault::Prefix),
        (b"<a xmlns:p=''/>", XmlFault::Declaration),
        (b"<a xmlns:xml='urn:a'/>", XmlFault::Declaration),
        (b"<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>", XmlFault::Declaration),
        (b"<a xmlns:xmlns='urn:a'/>", XmlFault::Declaration),
        (b"<a xmlns='relative/one'/>", XmlFault::RelativeNamespace),
        (b"<a Id='1'><b Id='1'/></a>", XmlFault::DuplicateIdentifier),
        (b"<a Id='1'><b ID='1'/></a>", XmlFault::DuplicateIdentifier),
        (b"<a id='1'><b xml:id='1'/></a>", XmlFault::DuplicateIdentifier),
        (b"<a b='<'/>", XmlFault::Markup),
        (b"<a>]]></a>", XmlFault::Markup),
        (b"<a><!-- -- --></a>", XmlFault::Markup),
        (b"<a b=1/>", XmlFault::Markup),
        (b"<a b='1'c='2'/>", XmlFault::Markup),
        (b"<a/><b/>", XmlFault::Markup),
        (b"<a/>text", XmlFault::Markup),
        (b"text<a/>", XmlFault::Markup),
        (b"<1a/>", XmlFault::Name),
        (b"<a:b:c xmlns:a='urn:a'/>", XmlFault::Markup),
        (b"<a", XmlFault::End),
        (b"<a><b>", XmlFault::End),
        (b"", XmlFault::End),
        (b"<!-- only -->", XmlFault::End),
        (b"<a><?xml version='1.0'?></a>", XmlFault::Markup),
    ] {
        assert_eq!(fault(text), expected, "{}", String::from_utf8_lossy(text));
    }
}

#[test]
fn bounds_hold() {
    let deep = "<a>".repeat(limits::MAX_DEPTH + 1) + &"</a>".repeat(limits::MAX_DEPTH + 1);
    assert_eq!(fault(deep.as_bytes()), XmlFault::TooLarge);
    let deepest = "<a>".repeat(limits::MAX_DEPTH) + &"</a>".repeat(limits::MAX_DEPTH);
    assert!(Document::parse(deepest.as_bytes()).is_ok());
    let mut wide = "<a".to_owned();
    for number in 0..=limits::MAX_ATTRIBUTES {
        write!(wide, " b{number}=''").unwrap();
    }
    assert_eq!(fault((wide + "/>").as_bytes()), XmlFault::TooLarge);
    let many = format!("<a>{}</a>", "<b/>".repeat(limits::MAX_NODES));
    assert_eq!(fault(many.as_bytes()), XmlFault::TooLarge);
    let name = "n".repeat(limits::MAX_NAME + 1);
    assert_eq!(fault(format!("<{name}/>").as_bytes()), XmlFault::Name);
    let mut scoped = String::new();
    for number in 0..=limits::MAX_DECLARATIONS_IN_SCOPE / 2 {
        write!(scoped, "<a xmlns:p{number}='urn:a' xmlns:q{number}='urn:a'>").unwrap();
    }
    assert_eq!(fault(scoped.as_bytes()), XmlFault::TooLarge);
}

#[test]
fn bombs_are_refused_where_they_begin() {
    let Some(folder) = judge::conformance("libdigidocpp") else {
        println!("the files of libdigidocpp are not here: bombs not tried");
        return;
    };
    for name in ["xml-bomb-attr.xml", "xml-bomb-cont.xml"] {
        let bomb = std::fs::read(folder.join(name)).unwrap();
        let error = Document::parse(&bomb).unwrap_err();
        assert_eq!(error.fault, XmlFault::DocumentType, "{name}");
        assert!(error.position < 200, "{name}: {}", error.position);
    }
}

#[test]
fn elements_know_their_place() {
    let text = "\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\" standalone='yes' ?>\n<a Id='x'>é<b/><p:c xmlns:p='urn:p'>t</p:c></a>\n";
    let document = Document::parse(text.as_bytes()).unwrap();
    let root = document.root_element().unwrap();
    let children: Vec<_> = document.children(root).map(|child| document.element(child).unwrap()).collect();
    assert_eq!(&text[document.element(root).unwrap().content_range()], "é<b/><p:c xmlns:p='urn:p'>t</p:c>");
    assert_eq!(&text[children[0].range()], "<b/>");
    assert!(children[0].is_one_tag());
    assert_eq!(&text[children[1].range()], "<p:c xmlns:p='urn:p'>t</p:c>");
    assert_eq!(&text[children[1].content_range()], "t");
    assert_eq!(document.by_identifier("x"), Some(root));
    assert_eq!(document.text_of(document.child(root, "urn:p", "c").unwrap()).unwrap(), "t");
    assert_eq!(document.text_of(root), None);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn arbitrary_markup_never_panics(pieces in prop::collection::vec(prop::sample::select(vec![
        "<", ">", "</", "/>", "<a", "a", "<a>", "</a>", " b='", "'", "\"", "&", "&#x", ";", "<!--", "-->", "--", "<?", "?>", "<![CDATA[",
        "]]>", "xmlns:p=", "xmlns='urn:a'", "p:", ":", "=", " ", "\r\n", "é", "\u{FEFF}", "<?xml version='1.0'?>", "<!DOCTYPE",
    ]), 0..40)) {
        let text = pieces.concat();
        let _ = Document::parse(text.as_bytes());
    }

    #[test]
    fn arbitrary_octets_never_panic(octets in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Document::parse(&octets);
    }
}

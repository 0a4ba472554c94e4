//! The canonical forms are those of libxml2, for documents drawn from a seed and for known difficult ones.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where it cannot go on"
)]

mod support;

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bitaqa_signature::xml::{
    Canonicalization, Document, NodeSet,
    canonical::{CanonicalError, Method},
};
use support::{judge, pki};

/// A small generator (xorshift), so that every run draws the same documents.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound).unwrap()).unwrap()
    }

    fn of<'t>(&mut self, choices: &[&'t str]) -> &'t str {
        choices[self.below(choices.len())]
    }
}

// Without ampersand: libxml2 writes one in a namespace as it is, which is not XML.
const NAMESPACES: [&str; 4] = ["urn:a", "urn:b", "http://c.example/?x=1#y", "urn:d"];
const PREFIXES: [&str; 3] = ["p", "q", "r"];

/// An element with declarations, attributes and content; `declared` holds the prefixes in force.
fn element(draw: &mut Draw, depth: usize, declared: &[&'static str], number: &mut usize) -> String {
    let mut declared = declared.to_vec();
    let mut attributes = Vec::new();
    for prefix in PREFIXES {
        if draw.below(4) == 0 {
            attributes.push(format!("xmlns:{prefix}=\"{}\"", draw.of(&NAMESPACES)));
            declared.push(prefix);
        }
    }
    match draw.below(5) {
        0 => attributes.push(format!("xmlns='{}'", draw.of(&NAMESPACES))),
        1 => attributes.push("xmlns=\"\"".to_owned()),
        _ => {}
    }
    for name in ["b", "a", "xml:lang", "xml:space", "c"] {
        if draw.below(3) == 0 {
            let value = draw.of(&["", "x", "&lt;&amp;&#xA;&#13;\t\n&quot;>'", " é ش 😀 ", "preserve"]);
            let value = if name == "xml:space" { "preserve" } else { value };
            attributes.push(format!("{name}=\"{value}\""));
        }
    }
    // A prefixed attribute only where no two prefixes can mean the same.
    if let Some(prefix) = declared.last().filter(|_| draw.below(2) == 0) {
        attributes.push(format!("{prefix}:z=\"1\""));
    }
    *number += 1;
    attributes.push(format!("Id=\"n{number}\""));
    let prefix = if draw.below(2) == 0 { declared.last().copied() } else { None };
    let name = prefix.map_or_else(|| "e".to_owned(), |prefix| format!("{prefix}:e"));
    let space = draw.of(&[" ", "\n  ", "\t"]);
    let mut written = format!("<{name}");
    for attribute in attributes {
        let _ = write!(written, "{space}{attribute}");
    }
    let children = if depth == 0 { 0 } else { draw.below(4) };
    if children == 0 && draw.below(2) == 0 {
        return written + "/>";
    }
    written.push('>');
    for _ in 0..children {
        written.push_str(draw.of(&[
            "text",
            "\r\n",
            "<![CDATA[<&]]&gt;]]>",
            "&#xD;&#x20;&gt;",
            "<!-- c -->",
            "<?t  d ?>",
            "<?t?>",
            " ",
        ]));
        written.push_str(&element(draw, depth - 1, &declared, number));
    }
    let _ = write!(written, "</{name} >");
    written
}

fn drawn(seed: u64) -> String {
    let mut draw = Draw(seed * 7919 + 1);
    let root = element(&mut draw, 4, &[], &mut 0);
    let before =
        draw.of(&["", "<?xml version='1.0' encoding=\"UTF-8\"?>\r\n", "<!--b--><?p q?>\n", "\n<!-- b -->"]);
    format!("{before}{root}{}", draw.of(&["", "\n", "<!--a-->", "\n<?after?>\n<!--a-->\n"]))
}

const SCRIPT: &str = r#"
import sys, json, base64
from lxml import etree
cases = json.load(open(sys.argv[1]))
answers = []
for case in cases:
    root = etree.fromstring(base64.b64decode(case["document"]))
    tree = root.getroottree()
    node = tree if case["identifier"] is None else root.xpath("//*[@Id=$i]", i=case["identifier"])[0]
    prefixes = case["prefixes"].split() or None
    if not case["exclusive"]:
        prefixes = None
    out = etree.tostring(node, method="c14n", exclusive=case["exclusive"], with_comments=case["comments"], inclusive_ns_prefixes=prefixes)
    answers.append(base64.b64encode(out).decode())
json.dump(answers, open(sys.argv[2], "w"))
"#;

#[test]
fn drawn_documents_have_the_canonical_form_of_libxml2() {
    let mut cases = Vec::new();
    let mut ours = Vec::new();
    for seed in 1..=300 {
        let text = drawn(seed);
        let document = Document::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"));
        let identifiers: Vec<Option<String>> = [None, Some("n1"), Some("n2"), Some("n5"), Some("n9")]
            .into_iter()
            .map(|identifier| identifier.map(str::to_owned))
            .filter(|identifier| {
                identifier.as_ref().is_none_or(|known| document.by_identifier(known).is_some())
            })
            .collect();
        for identifier in identifiers {
            for (exclusive, comments, prefixes) in [
                (false, false, ""),
                (false, true, ""),
                (true, false, ""),
                (true, true, ""),
                (true, false, "p r"),
            ] {
                let apex = identifier
                    .as_ref()
                    .map_or(document.root(), |known| document.by_identifier(known).unwrap());
                // lxml cuts an element out of its document, so the inclusive form does not see what is around it.
                if !exclusive && identifier.is_some() {
                    continue;
                }
                let mut method =
                    Canonicalization::new(if exclusive { Method::Exclusive } else { Method::Inclusive });
                if comments {
                    method = method.with_comments();
                }
                if !prefixes.is_empty() {
                    method = method.with_prefixes(prefixes).unwrap();
                }
                let nodes = NodeSet::subtree(apex).with_comments();
                ours.push(method.apply(&document, &nodes).unwrap());
                cases.push(serde_json::json!({
                    "document": STANDARD.encode(&text),
                    "identifier": identifier,
                    "exclusive": exclusive,
                    "comments": comments,
                    "prefixes": prefixes,
                }));
            }
        }
    }
    let script = pki().file("c14n.py", SCRIPT.as_bytes());
    let input = pki().file("c14n.json", &serde_json::to_vec(&cases).unwrap());
    let output = pki().path("c14n.out");
    let verdict = judge::ask(judge::python(), [&script, &input, &output]);
    assert!(verdict.success, "{}", verdict.text);
    let answers: Vec<String> = serde_json::from_slice(&std::fs::read(output).unwrap()).unwrap();
    assert_eq!(answers.len(), ours.len());
    for ((case, ours), theirs) in cases.iter().zip(&ours).zip(&answers) {
        let theirs = STANDARD.decode(theirs).unwrap();
        let document = STANDARD.decode(case["document"].as_str().unwrap()).unwrap();
        assert_eq!(
            String::from_utf8_lossy(ours),
            String::from_utf8_lossy(&theirs),
            "{case}\n{}",
            String::from_utf8_lossy(&document)
        );
    }
    println!("{} canonical forms are those of libxml2", ours.len());
}

#[test]
fn canonical_xml_1_1_of_whole_documents_is_that_of_xmllint() {
    for seed in 1..=20 {
        let text = drawn(seed);
        let file = pki().file("c14n11.xml", text.as_bytes());
        let theirs = judge::ask("xmllint", ["--c14n11".as_ref(), file.as_os_str()]);
        let document = Document::parse(text.as_bytes()).unwrap();
        let ours = Canonicalization::new(Method::Inclusive11)
            .with_comments()
            .apply(&document, &NodeSet::subtree(document.root()).with_comments())
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&ours), theirs.text, "{text}");
    }
}

fn canonical(text: &str, identifier: &str, method: Method) -> Result<String, CanonicalError> {
    let document = Document::parse(text.as_bytes()).unwrap();
    let element = document.by_identifier(identifier).unwrap();
    Canonicalization::new(method)
        .apply_to(&document, element)
        .map(|octets| String::from_utf8(octets).unwrap())
}

#[test]
fn attributes_of_xml_are_inherited_as_each_form_says() {
    let text = "<a xmlns:p='urn:p' xml:lang='ar' xml:id='x' xml:foo='1'><b xml:space='preserve' xml:lang='fr'><c Id='c'/></b></a>";
    let forms = [
        (
            Method::Inclusive,
            "<c xmlns:p=\"urn:p\" Id=\"c\" xml:foo=\"1\" xml:id=\"x\" xml:lang=\"fr\" xml:space=\"preserve\"></c>",
        ),
        (Method::Inclusive11, "<c xmlns:p=\"urn:p\" Id=\"c\" xml:lang=\"fr\" xml:space=\"preserve\"></c>"),
        (Method::Exclusive, "<c Id=\"c\"></c>"),
    ];
    for (method, expected) in forms {
        assert_eq!(canonical(text, "c", method).unwrap(), expected);
    }
    let based = "<a xml:base='http://a.example/'><c Id='c'/></a>";
    assert_eq!(canonical(based, "c", Method::Inclusive11), Err(CanonicalError::Base));
}

#[test]
fn the_default_namespace_may_be_listed() {
    let document =
        Document::parse(b"<a xmlns='urn:a' xmlns:p='urn:p'><p:b Id='b'><p:c xmlns=''/></p:b></a>").unwrap();
    let element = document.by_identifier("b").unwrap();
    let exclusive = Canonicalization::new(Method::Exclusive);
    let form =
        |method: &Canonicalization| String::from_utf8(method.apply_to(&document, element).unwrap()).unwrap();
    assert_eq!(form(&exclusive), "<p:b xmlns:p=\"urn:p\" Id=\"b\"><p:c></p:c></p:b>");
    let listed = exclusive.with_prefixes("#default q").unwrap();
    assert_eq!(form(&listed), "<p:b xmlns=\"urn:a\" xmlns:p=\"urn:p\" Id=\"b\"><p:c xmlns=\"\"></p:c></p:b>");
}

#[test]
fn elements_that_are_left_out_leave_nothing_behind() {
    let document = Document::parse(b"<a>1<b Id='b'>2<c/></b>3<d Id='d'/><!-- x -->4</a>").unwrap();
    let left_out = ["b", "d"].map(|identifier| document.by_identifier(identifier).unwrap());
    let nodes = NodeSet::subtree(document.root()).without(left_out[1]).without(left_out[0]);
    let form = Canonicalization::new(Method::Inclusive).with_comments().apply(&document, &nodes).unwrap();
    assert_eq!(String::from_utf8(form).unwrap(), "<a>134</a>");
}

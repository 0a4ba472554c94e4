//! What signed files are written in: messages of CMS, XML documents, ZIP archives.

use std::io::Cursor;

use bitaqa_signature::{
    Hash,
    asic::{
        self, Container,
        zip::{Compression, Limits, ZipReader, ZipWriter},
    },
    cades,
    cms::{Element, SignedData, signed_data::Changes},
    xades,
    xml::{Canonicalization, Document, NodeSet, canonical::Method},
};

use super::{choice, written};

/// Most bytes that are unpacked of one input.
const UNPACKED: u64 = 4 << 20;

/// A message in BER. In DER it says the same, and what is written anew without a change is read as what it was.
pub(crate) fn cms(input: &[u8]) {
    if let Ok(element) = Element::parse(input)
        && let Ok(der) = element.to_der()
    {
        let again = Element::parse(&der).and_then(|element| element.to_der());
        assert!(again.is_ok_and(|again| again == der), "the DER of DER is something else");
    }
    let found = cades::read(input, &mut cades::no_content);
    written(&found);
    let Ok(message) = SignedData::parse(input) else { return };
    written(&message.content());
    let rewritten = message.rewrite(&Changes::default());
    let again = cades::read(&rewritten, &mut cades::no_content);
    assert_eq!(written_as(&found), written_as(&again), "a message that was not changed says something else");
    for signer in 0..message.signers.len().min(4) {
        written(&cades::signature_time_stamp_digest(input, signer, Hash::Sha256));
        written(&cades::archive_time_stamp_digest(input, signer, Hash::Sha256, &mut cades::no_content));
    }
}

/// An XML document, and the signatures in it. The first byte chooses a canonical form: of that the canonical form is itself, and
/// it has as many elements as the document.
pub(crate) fn xml(input: &[u8]) {
    let (chosen, input) = choice(input);
    written(&xades::read(input, &xades::NoContent));
    written(&xades::verify_enveloped(input));
    let Ok(document) = Document::parse(input) else { return };
    let method = match chosen % 3 {
        0 => Method::Inclusive,
        1 => Method::Inclusive11,
        _ => Method::Exclusive,
    };
    let form = Canonicalization::new(method);
    let (form, nodes) = if chosen & 0x80 == 0 {
        (form, NodeSet::subtree(document.root()))
    } else {
        (form.with_comments(), NodeSet::subtree(document.root()).with_comments())
    };
    let Ok(canonical) = form.apply(&document, &nodes) else { return };
    let parsed = Document::parse(&canonical);
    assert!(parsed.is_ok(), "a canonical form that cannot be read");
    let Ok(parsed) = parsed else { return };
    let nodes = NodeSet::subtree(parsed.root());
    let nodes = if chosen & 0x80 == 0 { nodes } else { nodes.with_comments() };
    assert!(form.apply(&parsed, &nodes).is_ok_and(|again| again == canonical), "canonical is not canonical");
    let elements = |document: &Document<'_>| document.elements_below(document.root()).count();
    assert_eq!(elements(&document), elements(&parsed), "the canonical form has other elements");
}

/// An archive, and the container that it may be. What is unpacked has the length that was announced, and no more than is
/// allowed; an archive with the same entries is read as the same.
pub(crate) fn zip(input: &[u8]) {
    let limits = Limits { entries: 100, unpacked: UNPACKED, ratio: 100 };
    if let Ok(mut archive) = ZipReader::open(Cursor::new(input), limits) {
        let entries: Vec<_> =
            archive.entries().iter().map(|entry| (entry.name().clone(), entry.length())).collect();
        assert!(entries.iter().map(|(_, length)| length).sum::<u64>() <= UNPACKED, "more than is allowed");
        let mut copy = ZipWriter::new(Vec::new());
        let mut contents = Vec::new();
        for (name, length) in &entries {
            let mut unpacked = 0;
            let outcome = archive.read(name.as_str(), &mut |piece| unpacked += piece.len() as u64);
            assert!(unpacked <= *length, "{name:?}: more was unpacked than was announced");
            if outcome.is_ok() {
                assert_eq!(unpacked, *length, "{name:?}");
                let content = archive.read_to_vec(name.as_str(), *length).unwrap_or_default();
                if copy.add(name, &content, Compression::Deflated).is_ok() {
                    contents.push((name, content));
                }
            }
        }
        if let Ok(copy) = copy.finish(b"") {
            let again = ZipReader::open(Cursor::new(copy), limits);
            assert!(again.is_ok(), "an archive that was written cannot be read");
            let Ok(mut again) = again else { return };
            for (name, content) in contents {
                let read = again.read_to_vec(name.as_str(), UNPACKED);
                assert!(read.is_ok_and(|read| read == content), "{name:?} became something else");
            }
        }
    }
    if let Ok(mut container) = Container::open(Cursor::new(input)) {
        written(&container.signature_files());
        written(&asic::read(&mut container).is_ok());
    }
}

fn written_as(value: &impl std::fmt::Debug) -> String {
    format!("{value:?}")
}

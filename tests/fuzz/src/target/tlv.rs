//! BER-TLV: the reader, the writer and the rewriting of indefinite lengths.

use bitaqa_card::{
    ber,
    tlv::{Tag, Tlv, TlvReader, encode},
};

/// Deepest structure that is walked into: deeper is the same again.
const DEPTH: usize = 16;

pub(crate) fn run(input: &[u8]) {
    walk(TlvReader::new(input), input.len(), DEPTH);
    let mut reader = TlvReader::new(input);
    let _ = ber::octet_string(&mut reader);
    let _ = reader.find(Tag(0x30));
    if let Ok(definite) = ber::to_definite(input) {
        assert_eq!(ber::to_definite(&definite).as_ref(), Ok(&definite), "what is definite stays as it is");
    }
}

fn walk(mut reader: TlvReader<'_>, available: usize, depth: usize) {
    loop {
        let (header, before) = (reader.header(), reader.rest().len());
        match reader.read() {
            Ok(Some(object)) => {
                check(&object, before - reader.rest().len());
                assert!(
                    matches!(header, Ok(Some(found)) if found.tag == object.tag),
                    "one reading of a header"
                );
                if depth > 0 {
                    walk(object.children(), object.value.len(), depth - 1);
                }
            }
            Ok(None) => {
                assert!(reader.end().is_ok());
                return;
            }
            Err(error) => {
                assert!(!error.to_string().is_empty());
                return;
            }
        }
        assert!(reader.rest().len() < available, "it goes on");
    }
}

/// An object is what was read, and written again it says the same.
fn check(object: &Tlv<'_>, taken: usize) {
    assert_eq!(object.encoded.len(), taken);
    assert!(object.encoded.ends_with(object.value));
    let written = encode(object.tag, object.value);
    let mut again = TlvReader::new(&written);
    let read = again.read();
    assert!(matches!(read, Ok(Some(other)) if other.tag == object.tag && other.value == object.value));
    assert!(again.rest().is_empty());
}

//! What kind of signed file it is, by its first bytes. Its name says nothing.

use serde::Serialize;

/// A kind of file that can hold signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// A CMS message in DER or BER (RFC 5652).
    Cms,
    /// The same in PEM or in base64 alone.
    CmsText,
    /// A PDF file.
    Pdf,
    /// An XML document.
    Xml,
    /// A JWS in JSON serialisation (RFC 7515 section 7.2).
    Json,
    /// A JWS in compact serialisation (RFC 7515 section 7.1).
    CompactJws,
    /// A ZIP file: a container of ASiC.
    Container,
}

/// The header of a PDF, as far as it is the same in every version (ISO 32000-1 section 7.5.2).
const PDF_HEADER: &[u8] = b"%PDF-";

/// How far into a file the header of a PDF may stand (ISO 32000-1 annex H, implementation note 13).
pub const PDF_HEADER_WITHIN: usize = 1024;

impl FileKind {
    /// The kind that a file begins like; none if it begins like none of them. That it is one is for its reader to say.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"PK\x03\x04") {
            return Some(Self::Container);
        }
        if bytes.starts_with(PDF_HEADER) {
            return Some(Self::Pdf);
        }
        // SEQUENCE with a length that a message has
        if let [0x30, 0x80..=0x84, ..] = bytes {
            return Some(Self::Cms);
        }
        let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
        match text {
            [b'<', ..] => return Some(Self::Xml),
            [b'{', ..] => return Some(Self::Json),
            _ => {}
        }
        if text.starts_with(b"-----BEGIN ") {
            return Some(Self::CmsText);
        }
        // `{"` in base64url, as every header of a JWS begins
        if text.starts_with(b"eyJ") && text.contains(&b'.') {
            return Some(Self::CompactJws);
        }
        // SEQUENCE of a long form in base64
        if text.starts_with(b"MI") {
            return Some(Self::CmsText);
        }
        has_pdf_header(bytes).then_some(Self::Pdf)
    }
}

/// Whether programs may take these first bytes for those of a PDF, whatever else the file is.
#[must_use]
pub fn has_pdf_header(bytes: &[u8]) -> bool {
    let head = bytes.get(..PDF_HEADER_WITHIN).unwrap_or(bytes);
    head.windows(PDF_HEADER.len()).any(|window| window == PDF_HEADER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_how_they_begin() {
        for (bytes, kind) in [
            (&b"%PDF-1.7\n"[..], Some(FileKind::Pdf)),
            (b"junk before\n%PDF-1.4", Some(FileKind::Pdf)),
            (b"PK\x03\x04\x14", Some(FileKind::Container)),
            (b"\x30\x82\x01\x00", Some(FileKind::Cms)),
            (b"\x30\x80\x06\x09", Some(FileKind::Cms)),
            (b"-----BEGIN CMS-----\nMII", Some(FileKind::CmsText)),
            (b"MIIBAgYJKoZIhvcNAQcC", Some(FileKind::CmsText)),
            (b"\xEF\xBB\xBF <?xml version=\"1.0\"?>", Some(FileKind::Xml)),
            (b"\n{\"payload\":", Some(FileKind::Json)),
            (b"eyJhbGciOiJFUzI1NiJ9..c2ln", Some(FileKind::CompactJws)),
            (b"eyJ", None),
            (b"plain text", None),
            (b"", None),
        ] {
            assert_eq!(FileKind::of(bytes), kind, "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn the_header_of_a_pdf_is_seen_in_files_that_begin_like_others() {
        let far = |length: usize| [vec![b' '; length], b"%PDF-1.7".to_vec()].concat();
        for bytes in [&b"%PDF-"[..], b"<a>%PDF-1.7</a>", b"PK\x03\x04%PDF-1.4", &far(1019)] {
            assert!(has_pdf_header(bytes), "{:?}", String::from_utf8_lossy(bytes));
        }
        for bytes in [&b""[..], b"%PDF", b"plain text", &far(1020)] {
            assert!(!has_pdf_header(bytes), "{:?}", String::from_utf8_lossy(bytes));
        }
    }
}

//! What a person can do about a file that cannot be signed or checked: a line behind the reason.

use bitaqa_signature::{document::DocumentError, pades::PadesError, pdf::PdfError, xades::XadesError};

use super::format::SigningFault;

/// About a file whose signatures should be read.
pub(super) const fn about_reading(error: &DocumentError) -> &'static str {
    match error {
        DocumentError::NoSignature | DocumentError::UnknownKind => {
            "\nOf a signature beside its document give the file with the signature (.p7s, for example), and the document with --detached."
        }
        DocumentError::Pades(PadesError::Pdf(PdfError::Encrypted)) => {
            "\nSignatures in a PDF that is protected with a password are not read. Nothing is said about it."
        }
        _ => "",
    }
}

/// About a document that should be signed.
pub(super) const fn about_signing(error: &SigningFault) -> &'static str {
    match error {
        SigningFault::Pades(PadesError::Pdf(PdfError::Encrypted)) => {
            "\nSave a copy without the password and sign that, or sign this one with --format cades: the signature is a file beside it."
        }
        SigningFault::Pades(PadesError::Pdf(_)) => {
            "\n--format pades is for PDF files; --format cades signs any file."
        }
        SigningFault::Xades(XadesError::Document(_)) => {
            "\n--format xades is for XML documents; --format xades-enveloping and xades-detached sign any file."
        }
        _ => "",
    }
}

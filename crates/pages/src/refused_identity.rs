//! What a person is told when what their chip said is refused.

/// Which of a page's sentences fits a failure of an identity answer, by the failure's code. A person can do something about a few kinds
/// of them.
#[must_use]
pub fn sentence(code: &str) -> &'static str {
    match code {
        "answer-for-another-key" | "answer-to-another-request" => "refused-request",
        "document-not-genuine" | "document-withdrawn" => "refused-document",
        "chip-proof-missing" | "chip-proof-invalid" | "chip-proof-late" => "refused-chip",
        _ => "refused-other",
    }
}

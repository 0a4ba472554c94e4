//! What a person is told when their card's answer is refused.

/// Which of a page's sentences fits a failure of a token, by the failure's code. A person can do something about three kinds of them.
#[must_use]
pub fn sentence(code: &str) -> &'static str {
    match code {
        "signature-invalid" | "algorithm-mismatch" => "refused-signature",
        "certificate-expired" | "certificate-not-yet-valid" | "certificate-revoked" => "refused-certificate",
        "issuer-unknown"
        | "issuer-without-profile"
        | "certificate-signature-invalid"
        | "policy-missing"
        | "policy-forbidden"
        | "qc-statement-missing"
        | "profile-key-usage-missing" => "refused-issuer",
        _ => "refused-other",
    }
}

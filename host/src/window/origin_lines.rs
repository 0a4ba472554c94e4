//! An origin that is longer than its line: its end, which says whose it is, stays together on a line of its own.

/// Characters of the origin that a line of the window holds.
const LINE: usize = 33;
/// Most labels of a host name in the last line: with more, a name in front could pass for the site's own.
const LABELS: usize = 3;

/// What stands before the last line, and the last line.
pub(super) fn split(origin: &str) -> (&str, &str) {
    if origin.len() <= LINE {
        return ("", origin);
    }
    let dots = origin.rmatch_indices('.').map(|(position, _)| position + 1);
    let start = dots.take(LABELS).take_while(|start| origin.len() - start <= LINE).last();
    // a last label that is longer than a line breaks wherever the line ends
    origin.split_at_checked(start.unwrap_or(0)).unwrap_or(("", origin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_long_origin_stays_together() {
        assert_eq!(split("https://portal.example.ma"), ("", "https://portal.example.ma"));
        assert_eq!(
            split("https://www.identite-numerique.gov.ma.login-now.evil.example"),
            ("https://www.identite-numerique.gov.ma.", "login-now.evil.example")
        );
        assert_eq!(
            split("https://a-department-with-a-long-name.ministry.gov.ma:8443"),
            ("https://a-department-with-a-long-name.", "ministry.gov.ma:8443")
        );
        let label = "x".repeat(60);
        assert_eq!(split(&format!("https://{label}.{label}")).0, "");
        assert_eq!(split("https://[2001:db8:1111:2222:3333:4444:5555:6666]:65535").0, "");
    }
}

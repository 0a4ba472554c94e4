//! From a report to a profile that can be tried.

use std::fmt::Write as _;

use super::{ApplicationSeen, UnknownCardReport};
use crate::{hexadecimal, piv, pkcs15};

/// Writes the profile. Where the card has an application that describes itself, it is complete; otherwise what is still to
/// be found out stands there as a comment.
pub(super) fn write(report: &UnknownCardReport) -> String {
    let there: Vec<&ApplicationSeen> =
        report.applications.iter().filter(|application| application.status == "9000").collect();
    let piv =
        there.iter().find(|application| application.identifier == hexadecimal::write(&piv::APPLICATION));
    let describing = there.iter().find(|application| application.describes_itself == Some(true));
    let registered = hexadecimal::write(&pkcs15::APPLICATION);
    let chosen = describing.or(piv).or(there.first());
    let mut text = String::from(
        "# Made from a card report: see docs/add-a-card.md for what is left to do.\nschema = 1\ntitle = \"New card\"\n\n[recognise]\n",
    );
    let _ = match chosen {
        Some(application) => {
            writeln!(
                text,
                "# {}\napplication = \"{}\"",
                single_line(&application.meaning),
                application.identifier
            )
        }
        None => writeln!(
            text,
            "# No application answered. The one that this card has:\napplication = \"{registered}\""
        ),
    };
    for other in
        there.iter().filter(|other| chosen.is_none_or(|chosen| chosen.identifier != other.identifier))
    {
        let _ = writeln!(text, "# also there: {} ({})", other.identifier, single_line(&other.meaning));
    }
    if (4..=66).contains(&report.atr.len()) {
        let _ = writeln!(text, "atr-hints = [\"{}\"]", report.atr);
    }
    text.push_str(
        "\n# The least that every card can take; raise it to what the card's specification says.\n",
    );
    text.push_str("[link]\nextended-length = false\nchaining = true\nmax-response = 256\n\n");
    match (describing, piv) {
        (Some(_), _) => text.push_str("# It describes itself.\n[pkcs15]\n"),
        (None, Some(_)) => text.push_str("[piv]\n"),
        (None, None) => text.push_str(CREDENTIAL),
    }
    text
}

/// The report may come from anywhere: nothing in it becomes a line of its own.
fn single_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(64).collect()
}

/// What has to be found out of a card that does not describe itself.
const CREDENTIAL: &str = "\
# It does not describe itself: from its specification, once for each key.
# [[credential]]
# role = \"authentication\"
# certificate-path = \"\"
#
# [credential.key]
# application = \"\"
# reference = 0x00
# methods = [{ scheme = \"ecdsa\", operation = \"internal-authenticate\", input = { kind = \"digest\" } }]
#
# [credential.pin]
# format = { reference = 0x01, encoding = \"ascii\", min-length = 4, max-length = 12, stored-length = 12, pad = 0xFF }
";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{card_report::FileSeen, profile::Profile, profile::Structure};

    fn report(applications: &[(&[u8], &str, Option<bool>)]) -> UnknownCardReport {
        let nothing = FileSeen { status: "6A82".into(), content: None };
        let seen = |(identifier, status, describes_itself): &(&[u8], &str, Option<bool>)| ApplicationSeen {
            identifier: hexadecimal::write(identifier),
            meaning: "an application\nschema = 7".into(),
            status: (*status).to_owned(),
            describes_itself: *describes_itself,
        };
        UnknownCardReport {
            version: 1,
            atr: "3B8001".into(),
            ef_dir: nothing.clone(),
            ef_card_access: nothing.clone(),
            ef_atr: nothing,
            applications: applications.iter().map(seen).collect(),
        }
    }

    #[test]
    fn a_card_that_describes_itself_gets_a_complete_profile() {
        let stub = report(&[(&[1; 5], "6A82", None), (&[2; 6], "9000", Some(true))]).profile_stub();
        let profile = Profile::load("new-card", &stub).unwrap();
        assert_eq!(profile.recognise.application, [2; 6]);
        assert!(profile.recognise.atr_hints[0].fits(&[0x3B, 0x80, 0x01]));
        let stub = report(&[(&piv::APPLICATION, "9000", Some(false))]).profile_stub();
        assert_eq!(Profile::load("new-card", &stub).unwrap().structure, Structure::Piv);
    }

    #[test]
    fn what_is_left_to_find_out_is_said_by_the_parser_as_well() {
        for unknown in [&[][..], &[(&[9_u8; 7][..], "9000", Some(false))]] {
            let stub = report(unknown).profile_stub();
            let error = Profile::load("new-card", &stub).unwrap_err();
            assert!(error.reason.contains("[[credential]]"), "{}", error.reason);
        }
    }

    #[test]
    fn a_report_survives_being_written_and_read() {
        let report = report(&[(&[2; 6], "9000", Some(true))]);
        let text = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<UnknownCardReport>(&text).unwrap(), report);
    }

    proptest! {
        #[test]
        fn no_report_makes_a_profile_with_lines_of_its_own(meaning in "\\PC{0,80}|[\n\r#\"]{0,9}") {
            let mut report = report(&[(&[2; 6], "9000", Some(true))]);
            report.applications[0].meaning = meaning;
            prop_assert!(Profile::load("new-card", &report.profile_stub()).is_ok());
        }
    }
}

//! The usual questions of an identity request.

use bitaqa_host::window::{
    Picture,
    message::{
        Asker, Authenticity, CardEntry, ConsentQuestion, GroupChoice, PictureShown, ReleaseQuestion, Script,
        ShownValue, Step,
    },
};
use bitaqa_protocol::{
    Language,
    claim::{AgeLimit, Claim, Closure, DataGroup},
    identity::answer::Through,
    mediation::Mode,
};

/// A portal with a verified statement; its name in the window's language.
pub(crate) fn portal(language: Language) -> Asker {
    let name = match language {
        Language::Ar => "بنك المثال",
        Language::Zgh => "ⵜⴰⴱⴰⵏⴽⵜ ⵏ ⵓⵎⴷⵢⴰ",
        _ => "Banque Exemple",
    };
    Asker::Portal {
        name: name.to_owned(),
        origin: "https://compte.banque.example.ma".to_owned(),
        through: None,
        test: false,
    }
}

/// The same portal, through a platform, believed through a trust pack for tests.
pub(crate) fn test_portal_through_platform(language: Language) -> Asker {
    let Asker::Portal { name, origin, .. } = portal(language) else { unreachable!() };
    let platform = if language == Language::Ar { "منصة الثقة" } else { "Trust Platform" };
    let through = Through { platform: platform.to_owned(), mode: Mode::Relay };
    Asker::Portal { name, origin, through: Some(through), test: true }
}

/// The same portal, through a platform that reads the answer.
pub(crate) fn portal_through_reading_platform(language: Language) -> Asker {
    let Asker::Portal { name, origin, .. } = portal(language) else { unreachable!() };
    let platform = if language == Language::Ar { "منصة الثقة" } else { "Trust Platform" };
    let through = Through { platform: platform.to_owned(), mode: Mode::Assert };
    Asker::Portal { name, origin, through: Some(through), test: false }
}

/// The extension's own page.
pub(crate) fn own_page(_: Language) -> Asker {
    Asker::OwnPage {}
}

/// What the extension's own page asks: everything, as the person likes.
pub(crate) fn own_question() -> ConsentQuestion {
    let all = [1, 2, 7, 11].map(|number| {
        let asked = DataGroup::from_number(number).map(Closure::of_group).unwrap_or_default();
        GroupChoice { chosen: true, ..group(number, &asked.into_iter().collect::<Vec<_>>(), &[], false) }
    });
    ConsentQuestion {
        purpose: String::new(),
        groups: all.to_vec(),
        recognisable: false,
        entry: CardEntry::AccessNumber { tries_left: None, was_wrong: false, can_remember: false },
        ..consent_question()
    }
}

/// The same of a card that has certificates alone.
pub(crate) fn own_question_of_certificates() -> ConsentQuestion {
    ConsentQuestion { groups: Vec::new(), entry: CardEntry::Nothing {}, alternative: None, ..own_question() }
}

pub(crate) fn group(group: u8, asked: &[Claim], comes_along: &[Claim], required: bool) -> GroupChoice {
    let (asked, comes_along) = (asked.to_vec(), comes_along.to_vec());
    GroupChoice { group, asked, comes_along, required, chosen: required }
}

/// What DG1 brings along where names are asked for.
const ALONG: [Claim; 6] = [
    Claim::Gender,
    Claim::Nationalities,
    Claim::PersonalNumber,
    Claim::DocumentNumber,
    Claim::DateOfExpiry,
    Claim::Birthdate,
];

/// Identity data required, photo and further details as the person likes, the number printed on the card.
pub(crate) fn consent_question() -> ConsentQuestion {
    ConsentQuestion {
        serial: 21,
        purpose: "Ouvrir un compte à distance".to_owned(),
        groups: vec![
            group(1, &[Claim::GivenName, Claim::FamilyName], &ALONG, true),
            group(2, &[Claim::Photo], &[], false),
            group(
                11,
                &[Claim::GivenNameArabic, Claim::FamilyNameArabic],
                &[Claim::PlaceOfBirth, Claim::Address, Claim::OtherPersonalDetails],
                false,
            ),
        ],
        recognisable: true,
        certificate: false,
        entry: CardEntry::AccessNumber { tries_left: None, was_wrong: false, can_remember: true },
        alternative: Some(CardEntry::Mrz { was_wrong: false }),
        reader: None,
    }
}

/// The same with document number and dates.
pub(crate) fn consent_by_zone() -> ConsentQuestion {
    let entry = CardEntry::Mrz { was_wrong: false };
    ConsentQuestion { entry, alternative: None, ..consent_question() }
}

/// A group of an age alone, eight groups, a long purpose, a wrong number and cards in two readers.
pub(crate) fn long_consent_question() -> ConsentQuestion {
    let age = Claim::AgeOver(AgeLimit::new(18).unwrap());
    let others = [3, 4, 5, 12].map(|number| group(number, &[Claim::OtherPersonalDetails], &ALONG, false));
    let mut groups = vec![
        group(1, &[age], &[Claim::GivenName, Claim::FamilyName, Claim::Birthdate], true),
        group(2, &[Claim::Photo], &[], false),
        group(7, &[Claim::SignatureImage], &[], false),
        group(13, &[Claim::FatherName, Claim::MotherName], &[Claim::OtherPersonalDetails], false),
    ];
    groups.extend(others);
    ConsentQuestion {
        purpose: "vérifier que vous avez l’âge requis, ouvrir un compte et vous écrire ensuite. ".repeat(8),
        groups,
        certificate: true,
        entry: CardEntry::AccessNumber { tries_left: Some(2), was_wrong: true, can_remember: false },
        reader: Some("Example Contactless Reader 00 00".to_owned()),
        ..consent_question()
    }
}

pub(crate) fn consent_step() -> Step {
    Step::Consent { question: consent_question() }
}

fn shown(claim: Claim, value: &str) -> ShownValue {
    let script = if value.chars().any(|c| ('\u{0600}'..='\u{06FF}').contains(&c)) {
        Script::Arabic
    } else {
        Script::Latin
    };
    ShownValue { claim, value: value.to_owned(), script }
}

/// Names in both scripts, a number, an address; photo and signature image.
pub(crate) fn release_question() -> ReleaseQuestion {
    ReleaseQuestion {
        serial: 22,
        values: vec![
            shown(Claim::GivenNameArabic, "أمينة"),
            shown(Claim::FamilyNameArabic, "المثال"),
            shown(Claim::GivenName, "AMINA"),
            shown(Claim::FamilyName, "EXEMPLE"),
            shown(Claim::Birthdate, "1994-08-12"),
            shown(Claim::Gender, "F"),
            shown(Claim::Nationalities, "MAR"),
            shown(Claim::PersonalNumber, "AB123456"),
            shown(Claim::DocumentNumber, "X1RT9PQ2L"),
            shown(Claim::DateOfExpiry, "2032-01-31"),
            shown(Claim::AddressArabic, "12 زنقة المثال، الرباط"),
        ],
        photo: PictureShown::Came,
        signature_image: PictureShown::Came,
        authenticity: Authenticity::IssuerSigned,
    }
}

/// Twenty values, long ones, and pictures that cannot be shown, of a card that proves nothing.
pub(crate) fn long_release_question() -> ReleaseQuestion {
    let line = "Avenue de l’Exemple, immeuble 12, escalier B, quartier des Essais, Rabat ".repeat(3);
    let mut values = release_question().values;
    values.extend(Claim::NAMED.into_iter().take(20 - values.len()).map(|claim| shown(claim, &line)));
    ReleaseQuestion {
        values,
        photo: PictureShown::Unreadable,
        signature_image: PictureShown::Unreadable,
        authenticity: Authenticity::Unauthenticated,
        ..release_question()
    }
}

pub(crate) fn release_step() -> Step {
    Step::Release { question: release_question() }
}

/// A drawing of one colour in a frame of another.
pub(crate) fn plain_picture(width: u16, height: u16, [frame, inside]: [[u8; 3]; 2]) -> Picture {
    let rgb = (0..height).flat_map(|y| {
        (0..width).flat_map(move |x| {
            let at_edge = x < 8 || y < 8 || x + 8 >= width || y + 8 >= height;
            if at_edge { frame } else { inside }
        })
    });
    Picture::new(width, height, rgb.collect()).unwrap()
}

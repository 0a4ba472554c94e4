//! The PDF as programs that are not ours see it: qpdf checks its structure, pdftotext reads it, pdffonts and pdfimages list what is
//! in it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

use std::{path::PathBuf, process::Command};

use bitaqa_pdf::{
    Photo, Sheet, pdf,
    sheet::{Row, Section},
};
use tempfile::TempDir;

struct Made {
    _folder: TempDir,
    file: PathBuf,
}

impl Made {
    fn of(sheet: &Sheet, photo: Option<&Photo>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("card.pdf");
        std::fs::write(&file, pdf(sheet, photo).unwrap()).unwrap();
        Self { _folder: folder, file }
    }

    fn said(&self, program: &str, package: &str, arguments: &[&str]) -> String {
        let mut command = Command::new(program);
        let file = self.file.to_str().unwrap();
        command.args(arguments.iter().map(|argument| argument.replace("FILE", file)));
        let output = command
            .output()
            .unwrap_or_else(|_| panic!("this test needs {program}: install the package {package}"));
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && errors.is_empty(), "{program}: {said}{errors}");
        said
    }

    fn text(&self) -> String {
        self.said("pdftotext", "poppler-utils", &["-layout", "FILE", "-"])
    }
}

fn sheet(language: &str, title: &str, rows: &[(&str, &str)]) -> Sheet {
    let rows = rows.iter().map(|(label, value)| Row { label: (*label).into(), value: (*value).into() });
    Sheet {
        title: title.into(),
        subtitle: "2026-11-26".into(),
        language: language.into(),
        right_to_left: language == "ar",
        notice: String::new(),
        foot: "Bitaqa".into(),
        sections: vec![Section { heading: title.into(), rows: rows.collect() }],
    }
}

/// Without marks of direction, which pdftotext puts around lines.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}')).collect()
}

const LATIN: [(&str, &str); 3] = [
    ("Family name", "EL AMRANI"),
    ("Given names", "Amïna Zoé"),
    ("Address", "12, rue de la Liberté, 20000 Casablanca"),
];

#[test]
fn it_is_a_sound_file_with_the_values_the_photo_and_the_fonts() {
    let photo = Photo::from_rgba(3, 2, &[128; 24]).unwrap();
    let mut sheet = sheet("en", "My card", &LATIN);
    sheet.notice = "TEST: these data prove nothing.".into();
    let made = Made::of(&sheet, Some(&photo));
    let checked = made.said("qpdf", "qpdf", &["--check", "FILE"]);
    assert!(checked.contains("No syntax or stream encoding errors found"), "{checked}");
    let text = made.text();
    for value in
        LATIN.iter().flat_map(|(label, value)| [label, value]).chain([&"TEST: these data prove nothing."])
    {
        assert!(text.contains(value), "{value} in {text}");
    }
    let fonts = made.said("pdffonts", "poppler-utils", &["FILE"]);
    let embedded = fonts.lines().filter(|line| line.contains("BitaqaSans") && line.contains("yes")).count();
    assert_eq!(embedded, 2, "{fonts}");
    let images = made.said("pdfimages", "poppler-utils", &["-list", "FILE"]);
    assert!(
        images.lines().any(|line| line.split_whitespace().skip(2).take(3).eq(["image", "3", "2"])),
        "{images}"
    );
    let info = made.said("pdfinfo", "poppler-utils", &["FILE"]);
    assert!(info.contains("My card") && info.contains("JavaScript:      no"), "{info}");
}

#[test]
fn arabic_is_read_back_letter_by_letter_in_its_order() {
    let rows = [
        ("الاسم العائلي", "الأمراني"),
        ("الاسم الشخصي", "أمينة لالة"),
        ("العنوان", "شارع الحرية 12 الدار البيضاء"),
        ("Family name", "EL AMRANI"),
    ];
    let made = Made::of(&sheet("ar", "بطاقتي", &rows), None);
    made.said("qpdf", "qpdf", &["--check", "FILE"]);
    // on which side of a number a blank stands pdftotext guesses
    let text = bare(&made.text()).replace(' ', "");
    for value in rows.iter().flat_map(|(label, value)| [label, value]) {
        assert!(text.contains(&value.replace(' ', "")), "{value} in {text}");
    }
}

#[test]
fn tifinagh_and_values_of_another_direction_are_read_back() {
    let rows = [("ⵉⵙⵎ", "ⴰⵎⵉⵏⴰ"), ("Nom en arabe", "الأمراني")];
    let text = bare(&Made::of(&sheet("zgh", "ⵜⴰⴽⴰⵕⴹⴰ ⵉⵏⵓ", &rows), None).text());
    for value in rows.iter().flat_map(|(label, value)| [label, value]) {
        assert!(text.contains(value), "{value} in {text}");
    }
}

#[test]
fn a_long_sheet_has_several_pages_and_a_longer_one_is_refused() {
    let rows: Vec<(&str, &str)> = LATIN.iter().copied().cycle().take(120).collect();
    let made = Made::of(&sheet("fr", "Ma carte", &rows), None);
    let info = made.said("pdfinfo", "poppler-utils", &["FILE"]);
    let pages: u32 =
        info.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap().trim().parse().unwrap();
    assert!(pages > 2, "{info}");
    assert_eq!(made.text().matches("EL AMRANI").count(), 40);
    let rows: Vec<(&str, &str)> = LATIN.iter().copied().cycle().take(201).collect();
    assert!(pdf(&sheet("fr", "Ma carte", &rows), None).is_err());
}

#[test]
fn a_photo_has_as_many_pixels_as_it_says() {
    assert!(Photo::from_rgba(3, 2, &[0; 23]).is_none());
    assert!(Photo::from_rgba(0, 2, &[]).is_none());
    assert!(Photo::from_rgba(70_000, 70_000, &[]).is_none());
}

//! Signatures that are made here, judged by others.

use bitaqa_signature::{
    FoundSignature, SignerStatement,
    found::{Coverage, Integrity},
    pades::{
        Appearance, FieldChoice, Image, PadesError, Permission, Piece, SignatureSettings, Text, place, read,
    },
    statement::{Commitment, Place},
};

use crate::{
    documents::{form, plain, with_streams},
    judges::{assert_clean, assert_pdfsig, py_hanko, text_of},
    support::{Holder, Kind, now, pki},
};

/// The file with a signature.
pub(crate) fn signed(file: &[u8], holder: &Holder, settings: &SignatureSettings) -> Vec<u8> {
    let statement = SignerStatement { signing_time: Some(now()), ..SignerStatement::default() };
    signed_with(file, holder, settings, &statement)
}

fn signed_with(
    file: &[u8],
    holder: &Holder,
    settings: &SignatureSettings,
    statement: &SignerStatement,
) -> Vec<u8> {
    let signer = holder.best();
    let placed = place(&file.to_vec(), &signer, statement, settings).unwrap();
    let digest = placed.digest(&file.to_vec()).unwrap();
    let prepared = placed.prepare(&digest).unwrap();
    let signature = holder.sign(signer.algorithm(), &prepared.digest());
    let appended = prepared.finish(&signature).unwrap().appended().unwrap();
    [file, &appended].concat()
}

/// The only signature of a file.
pub(crate) fn only(file: &[u8]) -> FoundSignature {
    let mut found = read(&file.to_vec()).unwrap().signatures;
    assert_eq!(found.len(), 1);
    found.remove(0)
}

/// Intact by the certificate that the signature names, if it names one, and no rule broken.
pub(crate) fn is_good(found: &FoundSignature) -> bool {
    let has_signer = found.signer.certificate().is_some();
    has_signer && found.integrity == Integrity::Intact && found.format_faults.is_empty()
}

fn holder() -> Holder {
    pki().signer(Kind::P256)
}

#[test]
fn every_kind_of_key_signs_and_every_judge_accepts() {
    for (index, kind) in Kind::ALL.into_iter().enumerate() {
        let holder = pki().signer(kind);
        let file = if index % 2 == 0 { plain() } else { with_streams(&form()) };
        let signed = signed(&file, &holder, &SignatureSettings::default());
        assert!(signed.starts_with(&file));
        assert_clean(&signed);
        let found = py_hanko(&signed);
        assert_eq!(found.len(), 1, "{kind:?}");
        assert!(found[0].ok && found[0].intact, "{kind:?}: {found:?}");
        assert_eq!(found[0].coverage, "ENTIRE_FILE", "{kind:?}");
        // The library behind pdfsig knows neither brainpool curves nor, in its messages, PSS.
        if matches!(kind, Kind::P256 | Kind::P384 | Kind::P521 | Kind::Rsa2048 | Kind::Rsa3072) {
            assert_pdfsig(&signed, 1);
        }
        let ours = only(&signed);
        assert!(is_good(&ours), "{kind:?}: {:?} {:?}", ours.integrity, ours.format_faults);
        assert_eq!(ours.coverage, Coverage::Whole);
        assert_eq!(ours.signer.certificate(), Some(&holder.certificate));
        assert!(ours.statement.signing_time.is_some());
    }
}

#[test]
fn what_the_signer_says_is_written_where_pdf_has_a_place_for_it() {
    let place =
        Place {
            locality: Some("الرباط".to_owned()), country: Some("MA".to_owned()), ..Place::default()
        };
    let statement =
        SignerStatement { signing_time: Some(now()), place: Some(place), ..SignerStatement::default() };
    let settings = SignatureSettings {
        name: Some("أمينة (مثال)".to_owned()),
        reason: Some("J’approuve \\ (tout)".to_owned()),
        contact: Some("amina@example.test".to_owned()),
        ..SignatureSettings::default()
    };
    let signed = signed_with(&plain(), &holder(), &settings, &statement);
    let found = &py_hanko(&signed)[0];
    assert!(found.ok);
    assert_eq!(found.name.as_deref(), Some("أمينة (مثال)"));
    assert_eq!(found.reason.as_deref(), Some("J’approuve \\ (tout)"));
    assert_eq!(found.location.as_deref(), Some("الرباط, MA"));
    let ours = only(&signed);
    assert_eq!(ours.statement.place.unwrap().locality.as_deref(), Some("الرباط, MA"));
}

#[test]
fn commitments_take_the_place_of_a_reason() {
    let statement =
        SignerStatement { commitments: vec![Commitment::ProofOfApproval], ..SignerStatement::default() };
    let signed = signed_with(&plain(), &holder(), &SignatureSettings::default(), &statement);
    assert!(py_hanko(&signed)[0].ok);
    assert_eq!(only(&signed).statement.commitments, [Commitment::ProofOfApproval]);
    let settings = SignatureSettings { reason: Some("x".to_owned()), ..SignatureSettings::default() };
    let refused = place(&plain(), &holder().best(), &statement, &settings);
    assert!(matches!(refused, Err(PadesError::ReasonAndCommitment)));
}

#[test]
fn several_signatures_one_after_the_other_stay_valid() {
    for file in [plain(), form(), with_streams(&form())] {
        let mut file = file;
        for kind in [Kind::P256, Kind::Rsa2048, Kind::P384] {
            file = signed(&file, &pki().signer(kind), &SignatureSettings::default());
        }
        assert_clean(&file);
        let found = py_hanko(&file);
        assert_eq!(found.len(), 3);
        assert!(found.iter().all(|found| found.ok), "{found:?}");
        assert_pdfsig(&file, 3);
        let ours = read(&file).unwrap().signatures;
        assert_eq!(ours.len(), 3);
        for found in &ours {
            assert!(is_good(found), "{:?} {:?}", found.integrity, found.format_faults);
        }
        assert!(matches!(ours[0].coverage, Coverage::Parts(_)));
        assert_eq!(ours[2].coverage, Coverage::Whole);
    }
}

#[test]
fn an_empty_field_is_filled_and_locks_what_it_says() {
    for file in [form(), with_streams(&form())] {
        let settings = SignatureSettings {
            field: FieldChoice::Existing("applicant".to_owned()),
            appearance: Some(Appearance {
                rectangle: [0.0, 0.0, 1.0, 1.0],
                text: Text::Helvetica(vec!["Amina Exemple".to_owned(), "2026-11-26".to_owned()]),
                ..Appearance::default()
            }),
            ..SignatureSettings::default()
        };
        let signed = signed(&file, &holder(), &settings);
        assert_clean(&signed);
        let found = &py_hanko(&signed)[0];
        assert!(found.ok && found.field == "applicant", "{found:?}");
        assert!(is_good(&only(&signed)), "{:?}", only(&signed).format_faults);
        let text = String::from_utf8_lossy(&signed);
        assert!(text.contains("/FieldMDP"));
        // The field is taken now, and nobody can sign twice in it.
        let again = place(&signed, &holder().best(), &SignerStatement::default(), &settings);
        assert!(matches!(again, Err(PadesError::FieldName { .. })));
    }
}

#[test]
fn a_certification_permits_what_it_says() {
    for permission in [Permission::Nothing, Permission::Forms, Permission::Annotations] {
        let settings = SignatureSettings { certification: Some(permission), ..SignatureSettings::default() };
        let certified = signed(&form(), &holder(), &settings);
        assert_clean(&certified);
        let found = &py_hanko(&certified)[0];
        assert!(found.ok, "{found:?}");
        assert_eq!(found.certified, Some(permission.number()));
        let second =
            place(&certified, &holder().best(), &SignerStatement::default(), &SignatureSettings::default());
        if permission == Permission::Nothing {
            assert!(matches!(second, Err(PadesError::NotPermitted)));
        } else {
            let both = signed(&certified, &pki().signer(Kind::P384), &SignatureSettings::default());
            assert!(py_hanko(&both).iter().all(|found| found.ok));
            assert!(read(&both).unwrap().signatures.iter().all(is_good));
        }
        let again = place(&certified, &holder().best(), &SignerStatement::default(), &settings);
        assert!(matches!(again, Err(PadesError::CertificationFirst)));
    }
}

/// The headers of a JPEG of 32 × 16 pixels.
fn jpeg(marker: u8, components: u8) -> Vec<u8> {
    let length = 8 + 3 * components;
    let mut bytes = vec![0xff, 0xd8, 0xff, marker, 0, length, 8, 0, 16, 0, 32, components];
    for component in 1..=components {
        bytes.extend([component, 0x11, 0]);
    }
    bytes.extend([0xff, 0xd9]);
    bytes
}

/// A PNG of 2 × 2 pixels, half of them transparent.
fn png() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8], content: &[u8]| {
        bytes.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        bytes.extend(kind);
        bytes.extend(content);
        bytes.extend([0; 4]);
    };
    chunk(b"IHDR", &[0, 0, 0, 2, 0, 0, 0, 2, 8, 6, 0, 0, 0]);
    // Stored, not compressed: two rows without prediction.
    let rows = [0, 255, 0, 0, 255, 0, 255, 0, 128, 0, 0, 0, 255, 0, 9, 9, 9, 255];
    let mut sum = (1_u32, 0_u32);
    for byte in rows {
        sum.0 = (sum.0 + byte) % 65_521;
        sum.1 = (sum.1 + sum.0) % 65_521;
    }
    let mut data = vec![0x78, 1, 1, 18, 0, 0xed, 0xff];
    data.extend(rows.map(|byte| u8::try_from(byte).unwrap()));
    data.extend((sum.1 << 16 | sum.0).to_be_bytes());
    chunk(b"IDAT", &data);
    chunk(b"IEND", &[]);
    bytes
}

#[test]
fn a_visible_signature_shows_text_of_both_directions_and_an_image() {
    let font = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../host/fonts/BitaqaSans-Regular.ttf"))
        .unwrap();
    for (page, file) in [(0, form()), (1, with_streams(&form()))] {
        let lines = ["وقعته أمينة مثال", "Amina Exemple, œuvre", "2026-11-26"].map(str::to_owned);
        let appearance = Appearance {
            page,
            rectangle: [300.0, 400.0, 550.0, 480.0],
            text: Text::in_font(font.clone(), &lines).unwrap(),
            image: Some(Image::from_bytes(&png()).unwrap()),
        };
        let settings = SignatureSettings { appearance: Some(appearance), ..SignatureSettings::default() };
        let signed = signed(&file, &holder(), &settings);
        assert_clean(&signed);
        assert!(py_hanko(&signed)[0].ok);
        assert!(is_good(&only(&signed)));
        let text = text_of(&signed, page + 1);
        for part in ["Amina Exemple, œuvre", "2026-11-26"] {
            assert!(text.contains(part), "{text}");
        }
        // Viewers may give letters in the order in which they are seen.
        let mut letters: Vec<char> = text.chars().filter(|c| matches!(c, 'ا'..='ي')).collect();
        let mut expected: Vec<char> = "وقعته أمينة مثال".chars().filter(|c| matches!(c, 'ا'..='ي')).collect();
        letters.sort_unstable();
        expected.sort_unstable();
        assert_eq!(letters, expected, "{text}");
    }
}

#[test]
fn latin_letters_need_no_font_and_others_do() {
    let appearance = |line: &str| Appearance {
        rectangle: [50.0, 50.0, 250.0, 100.0],
        text: Text::Helvetica(vec![line.to_owned()]),
        ..Appearance::default()
    };
    let settings =
        |line| SignatureSettings { appearance: Some(appearance(line)), ..SignatureSettings::default() };
    let signed = signed(&plain(), &holder(), &settings("Signé par Amina – été"));
    assert_clean(&signed);
    assert!(text_of(&signed, 1).contains("Signé par Amina – été"));
    let refused = place(&plain(), &holder().best(), &SignerStatement::default(), &settings("أمينة"));
    assert!(matches!(refused, Err(PadesError::FontNeeded { character: 'أ' })));
}

#[test]
fn images_are_taken_as_they_are_or_refused() {
    let image = Image::from_bytes(&jpeg(0xc0, 3)).unwrap();
    let appearance =
        Appearance { rectangle: [50.0, 50.0, 250.0, 100.0], image: Some(image), ..Appearance::default() };
    let settings = SignatureSettings { appearance: Some(appearance), ..SignatureSettings::default() };
    let signed = signed(&plain(), &holder(), &settings);
    assert!(is_good(&only(&signed)));
    assert!(py_hanko(&signed)[0].ok);
    assert!(signed.windows(jpeg(0xc0, 3).len()).any(|window| window == jpeg(0xc0, 3)));
    for refused in
        [jpeg(0xc9, 1), jpeg(0xc0, 4), jpeg(0xc0, 1)[..9].to_vec(), b"GIF89a".to_vec(), png()[..60].to_vec()]
    {
        assert!(Image::from_bytes(&refused).is_err());
    }
}

#[test]
fn what_is_not_possible_is_said_before_anybody_signs() {
    let attempt = |settings: SignatureSettings| {
        place(&form(), &holder().best(), &SignerStatement::default(), &settings).map(|_| ()).unwrap_err()
    };
    let of_field = |field| attempt(SignatureSettings { field, ..SignatureSettings::default() });
    for field in [
        FieldChoice::Named("town".to_owned()),
        FieldChoice::Named("a.b".to_owned()),
        FieldChoice::Named(String::new()),
        FieldChoice::Existing("town".to_owned()),
        FieldChoice::Existing("nobody".to_owned()),
    ] {
        assert!(matches!(of_field(field), PadesError::FieldName { .. }));
    }
    let visible = |page, rectangle| {
        let appearance = Appearance { page, rectangle, ..Appearance::default() };
        attempt(SignatureSettings { appearance: Some(appearance), ..SignatureSettings::default() })
    };
    assert!(matches!(visible(2, [0.0, 0.0, 9.0, 9.0]), PadesError::NoSuchPage { page: 2 }));
    assert!(matches!(visible(0, [9.0, 0.0, 9.0, 9.0]), PadesError::Appearance(_)));
    assert!(matches!(visible(0, [0.0, 0.0, f64::NAN, 9.0]), PadesError::Appearance(_)));
}

#[test]
fn a_wrong_signature_and_a_wrong_digest_land_in_no_file() {
    let file = plain();
    let signer = holder().best();
    let settings = SignatureSettings::default();
    let place = || place(&file, &signer, &SignerStatement::default(), &settings).unwrap();
    assert!(matches!(place().prepare(&[0; 20]), Err(PadesError::Digest)));
    let placed = place();
    let mut whole = Vec::new();
    for piece in placed.pieces() {
        match piece {
            Piece::File(range) => whole
                .extend(&file[usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap()]),
            Piece::Bytes(bytes) => whole.extend(bytes),
        }
    }
    let digest = placed.digest(&file).unwrap();
    assert_eq!(digest, placed.hash().digest(&[&whole]));
    let prepared = placed.prepare(&digest).unwrap();
    assert_eq!(prepared.digest(), signer.algorithm().hash().digest(&[prepared.to_be_signed()]));
    let signature = holder().sign(signer.algorithm(), &[7; 32]);
    assert!(matches!(prepared.finish(&signature), Err(PadesError::Cades(_))));
}

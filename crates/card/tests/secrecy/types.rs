//! Each type that holds a secret or something about a person, filled with what would be recognised.

use std::{fs, path::Path};

use bitaqa_card::{
    CardError, PinVerdict, SecureMessaging, Unauthenticated,
    active_authentication::ActiveAuthenticationKey,
    apdu::{Command, Response, StatusWord},
    chip_session::{AccessKey, AccessRefusal},
    gcc,
    issuer_supplied::{ClaimValue, ReadClaim},
    key_agreement::DomainParameters,
    layout::CertificateLocation,
    lds::{
        Dg1, Dg11, Dg12, Dg13, Dg14, Dg15, Dg16, DocumentNumber, Image, ImageFormat, Mrz, MrzDate, MrzKey,
        NationalName, PersonToNotify, Personal, Text,
    },
    pace::Can,
    pkcs15,
    security_infos::{SecurityInfos, SubjectPublicKey},
    symmetric::Cipher,
    tlv::{Tag, TlvReader, encode},
};
use bitaqa_curves::{Curve, modp::Group};
use zeroize::Zeroizing;

use crate::shown::{holds_none, shows_none};

/// Bytes that stand nowhere by chance.
const SECRET: &[u8] = &[0xC7, 0x5A, 0x91, 0x3E, 0xD4, 0x68, 0xB2, 0x0F];
const NAME: &str = "QUILLFEATHER";

#[test]
fn what_opens_a_card_is_not_shown() {
    let can = Can::new("58203917").unwrap();
    shows_none(&can, &[b"58203917"]);
    shows_none(&AccessKey::Can(can), &[b"58203917"]);
    let number = DocumentNumber::new("QX7739164").unwrap();
    let birth = MrzDate::new(Some(71), Some(8), Some(29)).unwrap();
    let expiry = MrzDate::new(Some(36), Some(11), Some(17)).unwrap();
    let zone = MrzKey::new(&number, birth, expiry);
    let secrets: [&[u8]; 3] = [b"QX7739164", b"710829", b"361117"];
    shows_none(&number, &secrets);
    shows_none(&birth, &secrets);
    shows_none(&zone, &secrets);
    shows_none(&AccessKey::Mrz(zone), &secrets);
    for refusal in [AccessRefusal::CanWrong { tries_left: Some(2) }, AccessRefusal::MrzWrong] {
        holds_none(&format!("{refusal} {refusal:?}"), &secrets);
    }
    shows_none(&PinVerdict::Correct, &[b"58203917"]);
}

#[test]
fn keys_and_the_state_of_a_session_are_not_shown() {
    for cipher in [Cipher::TripleDes, Cipher::Aes128, Cipher::Aes192, Cipher::Aes256] {
        let key: Vec<u8> = SECRET.iter().copied().cycle().take(cipher.key_length()).collect();
        let counter: Vec<u8> = SECRET.iter().copied().cycle().take(cipher.block_length()).collect();
        let (k_enc, k_mac) = (Zeroizing::new(key.clone()), Zeroizing::new(key));
        let session = SecureMessaging::new(cipher, k_enc, k_mac, &counter).unwrap();
        shows_none(&session, &[SECRET]);
    }
    let short = [0; 12];
    let number = [&short[..], SECRET].concat();
    for parameters in [
        DomainParameters::Curve(Curve::P256),
        DomainParameters::Curve(Curve::BrainpoolP512r1),
        DomainParameters::Group(Group::Rfc5114_1024_160),
    ] {
        let private = parameters.private_key(&number).unwrap();
        shows_none(&private, &[SECRET]);
        // a shared secret is a public key by its type
        let shared = parameters.generator().agree(&private).unwrap();
        let secret = shared.shared_secret();
        shows_none(&shared, &[&secret[..16], &secret[secret.len() - 16..]]);
    }
}

#[test]
fn commands_answers_and_data_objects_show_their_lengths_and_not_their_data() {
    let object = encode(Tag(0x5F2B), SECRET);
    shows_none(&Command::new(0x86, 0, 0).data(SECRET), &[SECRET]);
    shows_none(&Response { data: SECRET.to_vec(), status: StatusWord::OK }, &[SECRET]);
    let mut reader = TlvReader::new(&object);
    shows_none(&reader, &[SECRET]);
    shows_none(&reader.read().unwrap().unwrap(), &[SECRET]);
    shows_none(&reader.read(), &[SECRET]);
    assert_eq!(
        format!("{:?}", Response { data: SECRET.to_vec(), status: StatusWord::OK }),
        "Response of 8 bytes, 9000"
    );
}

/// Passport zone of the specimen (ICAO Doc 9303-4, appendix B), with the check digits it has there.
const ZONE: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10";

#[test]
fn groups_of_a_document_say_nothing_about_the_person() {
    let secrets: [&[u8]; 7] =
        [b"ERIKSSON", b"ANNA", b"MARIA", b"L898902C3", b"740812", b"120415", b"ZE184226B"];
    let zone = Mrz::parse(ZONE.as_bytes()).unwrap();
    shows_none(&zone, &secrets);
    shows_none(&zone.name, &secrets);
    shows_none(&zone.key(), &secrets);
    shows_none(&Dg1::parse(&encode(Tag(0x61), &encode(Tag(0x5F1F), ZONE.as_bytes()))).unwrap(), &secrets);
    for position in 0..ZONE.len() {
        let mut wrong = ZONE.as_bytes().to_vec();
        wrong[position] = b'9' - u8::from(wrong[position] == b'9');
        if let Err(error) = Mrz::parse(&wrong) {
            holds_none(&format!("{error} {error:?}"), &secrets);
        }
    }

    let text = || Some(Text::from(NAME));
    let name = || NationalName(Text::from(NAME));
    let image = || Image { format: ImageFormat::Jpeg, dimensions: None, data: Personal::from(SECRET) };
    shows_none(&image(), &[SECRET]);
    let details = Dg11 {
        full_name: Some(name()),
        other_names: vec![name()],
        personal_number: text(),
        place_of_birth: text(),
        address: text(),
        telephone: text(),
        profession: text(),
        title: text(),
        summary: text(),
        proof_of_citizenship: Some(image()),
        other_documents: text(),
        custody: text(),
        ..Dg11::default()
    };
    shows_none(&details, &[NAME.as_bytes(), SECRET]);
    let document = Dg12 {
        issuing_authority: text(),
        other_persons: vec![name()],
        endorsements: text(),
        tax_and_exit: text(),
        front: Some(image()),
        rear: Some(image()),
        system: text(),
        ..Dg12::default()
    };
    shows_none(&document, &[NAME.as_bytes(), SECRET]);
    let person = PersonToNotify { name: Some(name()), telephone: text(), address: text(), recorded: None };
    shows_none(&Dg16 { persons: vec![person] }, &[NAME.as_bytes()]);
    shows_none(&Dg13::parse(&encode(Tag(0x6D), SECRET)).unwrap(), &[SECRET]);
    shows_none(&Personal::new(SECRET.to_vec()), &[SECRET]);
}

#[test]
fn what_names_one_card_is_not_shown() {
    // a chip's public key, in each place where it stands
    let algorithm = [
        encode(Tag(0x06), &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]),
        encode(Tag(0x06), &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]),
    ];
    let bits = encode(Tag(0x03), &[&[0, 0x04], SECRET].concat());
    let key = encode(Tag(0x30), &[encode(Tag(0x30), &algorithm.concat()), bits].concat());
    shows_none(&SubjectPublicKey::from_der("DG15", &key).unwrap(), &[SECRET]);
    let info = [encode(Tag(0x06), &[0x04, 0, 0x7F, 0, 7, 2, 2, 1, 2]), key.clone(), encode(Tag(0x02), &[1])]
        .concat();
    let infos = encode(Tag(0x31), &encode(Tag(0x30), &info));
    shows_none(&SecurityInfos::parse("DG14", &infos).unwrap(), &[SECRET]);
    shows_none(&Dg14::parse(&encode(Tag(0x6E), &infos)).unwrap(), &[SECRET]);
    shows_none(&Dg15::parse(&encode(Tag(0x6F), &key)).unwrap(), &[SECRET]);

    let modulus = [&[0x00, 0xC1][..], &SECRET.repeat(16)[1..127], &[0x01]].concat();
    let rsa = encode(Tag(0x30), &[encode(Tag(0x02), &modulus), encode(Tag(0x02), &[1, 0, 1])].concat());
    let algorithm =
        encode(Tag(0x30), &encode(Tag(0x06), &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]));
    let info = encode(Tag(0x30), &[algorithm, encode(Tag(0x03), &[&[0], rsa.as_slice()].concat())].concat());
    let key = ActiveAuthenticationKey::parse(&encode(Tag(0x6F), &info)).unwrap();
    shows_none(&key, &[&SECRET[1..]]);

    let token = encode(
        Tag(0x30),
        &[encode(Tag(0x02), &[0]), encode(Tag(0x04), SECRET), vec![0x03, 0x01, 0x00]].concat(),
    );
    let token = pkcs15::token_info::parse(&token).unwrap();
    assert_eq!(token.serial_number, SECRET);
    shows_none(&token, &[SECRET]);
    shows_none(&pkcs15::certificate::Value::Direct(SECRET.to_vec()), &[SECRET]);
    shows_none(&CertificateLocation::Direct(SECRET.to_vec()), &[SECRET]);
}

#[test]
fn what_nobody_signed_is_not_shown_either() {
    let claim = ReadClaim {
        name: "family-name".to_owned(),
        value: Some(Unauthenticated::new(ClaimValue::Text(NAME.to_owned()))),
    };
    shows_none(&claim, &[NAME.as_bytes()]);
    let content = NAME.as_bytes().repeat(100);
    let data = gcc::personal_data::PersonalData::parse(gcc::Generation::V2, &content);
    shows_none(&data.map(Unauthenticated::new), &[NAME.as_bytes()]);
}

/// Types that hold bytes or text, derive what is written of them, and may: what they hold is about makes of cards, about a public
/// authority, or is itself a type that hides.
const MAY_SHOW: &[(&str, &str)] = &[
    ("AlgorithmIdentifier", "algorithms"),
    ("SignerIdentifier", "the name of a document signer"),
    ("ActiveAuthenticationInfo", "an algorithm"),
    ("RestrictedIdentificationInfo", "a protocol"),
    ("EfDirInfo", "names of applications"),
    ("Content", "object identifiers"),
    ("FileLocation", "names of applications and files"),
    ("Profile", "a file of ours or of the administrator"),
    ("Recognise", "the same"),
    ("Structure", "the same"),
    ("ProfileError", "the same"),
    ("IssuerProfile", "a file of the issuer's"),
    ("IssuerFile", "the same"),
    ("Claim", "the same"),
    ("ReadClaim", "the name of a claim; its value hides itself"),
    ("IssuerKeyError", "words of the issuer's module about itself"),
    ("CardChallenge", "random bytes of the card, good once"),
    ("Challenge", "a hash of what the verifier wants signed"),
    ("UnknownCardReport", "what is made to be shown, without personal data"),
    ("FileSeen", "the same"),
    ("ApplicationSeen", "the same"),
    ("EfAtr", "the name of an application"),
    ("AuxiliaryData", "what the terminal asks about"),
    ("Chat", "rights of a terminal"),
    ("SectorKey", "a public key of a sector of terminals"),
    ("Certificate", "of a terminal's certificate: public; of a card's: its label, and where it is"),
    ("Extension", "of a terminal's certificate"),
    ("Series", "signatures"),
    ("Signed", "a signature"),
    ("Outer", "the same"),
    ("Layout", "what kind of card it is"),
    ("Credential", "the card's name for a key"),
    ("BiometricObject", "the card's name for a finger, and its reference; no template"),
    ("BiometricTemplate", "how the card describes a finger; no template"),
    ("CommonObjectAttributes", "the card's name for an object"),
    ("Path", "names of files"),
    ("Conditions", "codes of access rules"),
    ("Verifier", "a public key and a command under keys that hide themselves"),
    ("Value", "a terminal's key"),
    ("Application", "the name of an application"),
    ("Selection", "the same"),
    ("Pin", "how a PIN is written, not its value"),
    ("PinObject", "the card's name for a PIN"),
    ("PrivateKey", "where a key is; a scalar or exponent hides itself"),
    ("PaceSession", "names of certification authorities"),
    ("LdsVersionInfo", "version numbers"),
    ("TransportError", "words of the reader's driver"),
];

#[test]
fn a_type_that_derives_what_is_shown_and_holds_bytes_or_text_is_on_the_list() {
    let mut unknown = Vec::new();
    let mut seen = Vec::new();
    for (name, body) in deriving(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))) {
        // names in the source are no data, and `Personal` hides what is in it
        let body = ["&'static str", "Personal<Vec<u8>>", "Personal<String>"]
            .into_iter()
            .fold(body, |body, harmless| body.replace(harmless, ""));
        if ["Vec<u8>", "String", "[u8", "&str", "Zeroizing<"].iter().any(|bytes| body.contains(bytes)) {
            if !MAY_SHOW.iter().any(|(known, _)| *known == name) {
                unknown.push(format!("{name}: {body}"));
            }
            seen.push(name);
        }
    }
    assert!(unknown.is_empty(), "their Debug shows what they hold; may it?\n{}", unknown.join("\n"));
    let old: Vec<_> = MAY_SHOW.iter().filter(|(known, _)| !seen.iter().any(|name| name == known)).collect();
    assert!(old.is_empty(), "no longer there: {old:?}");
}

/// Types that derive `Debug`, with their fields (without the documentation of these), outside of tests.
fn deriving(folder: &Path) -> Vec<(String, String)> {
    let mut types = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            types.extend(deriving(&path));
            continue;
        }
        if name.contains("test") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for part in code.split("#[derive(").skip(1) {
            let Some((derived, rest)) = part.split_once(")]") else { continue };
            if !derived.split(", ").any(|name| name == "Debug") {
                continue;
            }
            let plain: String = rest
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .collect::<Vec<_>>()
                .join("\n");
            let words =
                ["struct ", "enum "].into_iter().filter_map(|word| Some(plain.find(word)? + word.len()));
            let Some(declaration) = words.min().and_then(|start| plain.get(start..)) else { continue };
            let name: String =
                declaration.chars().take_while(|character| character.is_alphanumeric()).collect();
            let end = declaration.find("\n}").or_else(|| declaration.find(';')).unwrap_or(declaration.len());
            let end = declaration.find(';').filter(|tuple| *tuple < end).unwrap_or(end);
            // what an error says is written apart from what it holds
            let body = declaration[..end].lines().filter(|line| !line.trim_start().starts_with("#["));
            types.push((name, body.map(str::trim).collect::<Vec<_>>().join(" ")));
        }
    }
    types
}

#[test]
fn an_error_holds_nothing_that_came_from_the_card() {
    // errors are made of places, lengths, status words and names of the standard: no field has room for anything else
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/error.rs")).unwrap();
    let fields = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with("//") && !line.starts_with('"') && line.contains(": "));
    for field in fields {
        let kind = field.split_once(": ").unwrap().1.trim_end_matches(',');
        let is_field = !field.starts_with('#') && !field.contains('{');
        let harmless = ["&'static str", "StatusWord", "usize", "TlvError"];
        assert!(!is_field || harmless.contains(&kind), "{field}");
    }
    let error = CardError::Refused { command: "VERIFY", status: StatusWord(0x63C2) };
    assert_eq!(error.to_string(), "the card refused VERIFY with 63C2");
}

use proptest::prelude::*;

use super::*;

const TD1: &str =
    "I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<<";
const TD1_LONG: &str =
    "I<UTOD23145890<7349<<<<<<<<<<<3407127M9507122UTO<<<<<<<<<<<2STEVENSON<<PETER<JOHN<<<<<<<<<";
/// Sample of 9303-10, section A.2.1: it prints composite digit 4 where the rule gives 8.
const TD1_WRONG_COMPOSITE: &str =
    "I<NLDXI85935F86999999990<<<<<<7208148F1108268NLD<<<<<<<<<<<4VAN<DER<STEEN<<MARIANNE<LOUISE";
const TD2: &str = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458907UTO7408122F1204159<<<<<<<6";
const TD2_LONG: &str = "I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<D23145890<UTO3407127M95071227349<<<8";
const TD3: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10";
const ALL: [&str; 5] = [TD1, TD1_LONG, TD2, TD2_LONG, TD3];

fn fault(text: &str) -> (MrzField, usize, MrzFault) {
    let MrzError { field, position, fault } = Mrz::parse(text.as_bytes()).unwrap_err();
    (field, position, fault)
}

fn with(text: &str, position: usize, character: char) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    characters[position] = character;
    characters.into_iter().collect()
}

#[test]
fn the_passport_of_9303_4_is_read() {
    let mrz = Mrz::parse(TD3.as_bytes()).unwrap();
    assert_eq!((mrz.format, mrz.document_code.as_str(), mrz.issuer.as_str()), (MrzFormat::Td3, "P", "UTO"));
    assert_eq!(mrz.number.as_str(), "L898902C3");
    assert_eq!(
        (mrz.name.primary.as_str(), mrz.name.secondary.as_str(), mrz.name.may_be_cut),
        ("ERIKSSON", "ANNA MARIA", false)
    );
    assert_eq!(mrz.nationality.as_str(), "UTO");
    assert_eq!((mrz.birth.year(), mrz.birth.month(), mrz.birth.day()), (Some(74), Some(8), Some(12)));
    assert_eq!((mrz.expiry.year(), mrz.expiry.month(), mrz.expiry.day()), (Some(12), Some(4), Some(15)));
    assert!(mrz.sex == Sex::Female);
    assert_eq!(mrz.optional.as_str(), "ZE184226B");
    assert_eq!(mrz.key().information(), "L898902C3674081221204159");
    assert_eq!(mrz.lines().collect::<String>(), TD3);
    assert_eq!(mrz.lines().count(), 2);
}

#[test]
fn the_cards_of_9303_5_and_9303_6_are_read() {
    for (text, format) in [(TD1, MrzFormat::Td1), (TD2, MrzFormat::Td2)] {
        let mrz = Mrz::parse(text.as_bytes()).unwrap();
        assert_eq!(mrz.format, format);
        assert_eq!(mrz.number.as_str(), "D23145890");
        assert_eq!(mrz.name.secondary.as_str(), "ANNA MARIA");
        assert_eq!((mrz.optional.as_str(), mrz.optional_2.as_str()), ("", ""));
        assert_eq!(mrz.key().information(), "D23145890774081221204159");
    }
}

#[test]
fn long_document_numbers_go_on_in_the_optional_data() {
    for text in [TD1_LONG, TD2_LONG] {
        let mrz = Mrz::parse(text.as_bytes()).unwrap();
        assert_eq!(mrz.number.as_str(), "D23145890734");
        assert_eq!(mrz.optional.as_str(), "");
        assert!(mrz.sex == Sex::Male);
        assert_eq!(mrz.key().information(), "D23145890734934071279507122");
        let digit = text.find("7349").unwrap() + 3;
        assert_eq!(fault(&with(text, digit, '8')), (MrzField::Optional, digit, MrzFault::CheckDigit));
    }
    // nothing behind the digit, and a digit alone
    let unended = TD2_LONG.replace("7349<<<", "7349111");
    assert_eq!(fault(&unended), (MrzField::Optional, 64, MrzFault::LongNumber));
    let alone = TD2_LONG.replace("7349<<<", "7<<<<<<");
    assert_eq!(fault(&alone), (MrzField::Optional, 64, MrzFault::LongNumber));
}

#[test]
fn a_composite_digit_that_does_not_match_is_refused() {
    assert_eq!(fault(TD1_WRONG_COMPOSITE), (MrzField::CompositeDigit, 59, MrzFault::CheckDigit));
    let mrz = Mrz::parse(with(TD1_WRONG_COMPOSITE, 59, '8').as_bytes()).unwrap();
    assert_eq!(mrz.number.as_str(), "XI85935F8");
    assert_eq!(mrz.optional.as_str(), "999999990");
    assert_eq!(mrz.name.primary.as_str(), "VAN DER STEEN");
    assert!(mrz.name.may_be_cut);
}

#[test]
fn each_check_digit_is_judged_where_it_stands() {
    for (text, position, field) in [
        (TD3, 53, MrzField::NumberDigit),
        (TD3, 63, MrzField::BirthDigit),
        (TD3, 71, MrzField::ExpiryDigit),
        (TD3, 86, MrzField::OptionalDigit),
        (TD3, 87, MrzField::CompositeDigit),
        (TD1, 14, MrzField::NumberDigit),
        (TD1, 36, MrzField::BirthDigit),
        (TD1, 44, MrzField::ExpiryDigit),
        (TD1, 59, MrzField::CompositeDigit),
        (TD2, 45, MrzField::NumberDigit),
        (TD2, 55, MrzField::BirthDigit),
        (TD2, 63, MrzField::ExpiryDigit),
        (TD2, 71, MrzField::CompositeDigit),
    ] {
        // no digit of the samples is 4
        assert_eq!(fault(&with(text, position, '4')), (field, position, MrzFault::CheckDigit));
        assert_eq!(fault(&with(text, position, 'A')), (field, position, MrzFault::CheckDigit));
    }
    // an empty personal number may go without its digit
    let passport = "P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<C11T002JM4D<<9608122F2310314<<<<<<<<<<<<<<<4";
    assert_eq!(Mrz::parse(passport.as_bytes()).unwrap().issuer, "D");
    assert!(Mrz::parse(with(passport, 86, '0').as_bytes()).is_ok());
}

#[test]
fn fields_hold_only_what_they_can() {
    assert_eq!(fault(&TD3[1..]), (MrzField::Whole, 87, MrzFault::Length));
    assert_eq!(fault(&with(TD3, 10, 'a')), (MrzField::Name, 10, MrzFault::Character));
    assert_eq!(fault(&with(TD3, 3, '1')), (MrzField::Issuer, 3, MrzFault::Character));
    assert_eq!(fault(&with(TD3, 64, 'Z')), (MrzField::Sex, 64, MrzFault::Character));
    assert_eq!(fault(&with(TD3, 59, '2')), (MrzField::Birth, 59, MrzFault::Date));
    assert_eq!(fault(&TD3.replace("P<UTO", "<<UTO")), (MrzField::DocumentCode, 0, MrzFault::Missing));
    assert_eq!(fault(&TD3.replace("L898902C36", "<<<<<<<<<0")), (MrzField::Number, 44, MrzFault::Missing));
}

#[test]
fn unknown_sex_and_dates_are_typed_so() {
    let mut text = with(TD3, 64, '<').replace("7408122", "74<<<<1");
    let composite = check_digit(
        text.bytes()
            .skip(44)
            .take(10)
            .chain(text.bytes().skip(57).take(7))
            .chain(text.bytes().skip(65).take(22)),
    );
    text.replace_range(87.., &char::from(composite.unwrap()).to_string());
    let mrz = Mrz::parse(text.as_bytes()).unwrap();
    assert!(mrz.sex == Sex::Unspecified);
    assert_eq!((mrz.birth.year(), mrz.birth.month(), mrz.birth.day()), (Some(74), None, None));
    assert_eq!(mrz.key().information(), "L898902C3674<<<<11204159");
}

#[test]
fn typed_lines_are_the_same_zone() {
    let typed = format!("{}\r\n{} \n", TD3[..44].to_lowercase(), &TD3[44..]);
    assert!(Mrz::parse_lines(&typed).unwrap() == Mrz::parse(TD3.as_bytes()).unwrap());
    assert!(Mrz::parse_lines("p<utö").is_err());
}

#[test]
fn nothing_of_a_zone_is_shown() {
    let mrz = Mrz::parse(TD3.as_bytes()).unwrap();
    assert_eq!(format!("{mrz:?}"), "Mrz { format: Td3, .. }");
    assert!(!format!("{:?}{:?}{:?}", mrz.name, mrz.birth, mrz.sex).contains("ANNA"));
}

#[test]
fn a_zone_cut_anywhere_is_refused() {
    for text in ALL {
        for end in 0..text.len() {
            assert!(Mrz::parse(&text.as_bytes()[..end]).is_err(), "{end}");
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_end_in_a_zone_or_a_fault(length in prop_oneof![Just(72), Just(88), Just(90), 0..100_usize], seed in proptest::collection::vec(any::<u8>(), 100)) {
        let _ = Mrz::parse(&seed[..length]);
        let characters: Vec<u8> = seed[..length].iter().map(|byte| b"ABCXYZ0123456789<<<<"[usize::from(*byte) % 20]).collect();
        let _ = Mrz::parse(&characters);
    }

    #[test]
    fn one_wrong_character_in_a_covered_field_is_seen(which in 0..5_usize, place in any::<prop::sample::Index>(), other in any::<prop::sample::Index>()) {
        let text = ALL[which];
        let format = Mrz::parse(text.as_bytes()).unwrap().format;
        let covered: Vec<usize> = format.composite_over().iter().flat_map(|place| place.start..place.start + place.length).collect();
        let position = covered[place.index(covered.len())];
        let before = text.as_bytes()[position];
        let others: Vec<u8> = b"0123456789".iter().copied().filter(|digit| *digit != before).collect();
        let after = others[other.index(others.len())];
        // 7, 3 and 1 have no factor with 10: another value of one character always changes the digit
        if value(before).unwrap() % 10 != value(after).unwrap() {
            prop_assert!(Mrz::parse(with(text, position, char::from(after)).as_bytes()).is_err());
        }
    }
}

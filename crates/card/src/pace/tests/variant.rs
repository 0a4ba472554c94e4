//! Which variant is spoken, and how the chip is told.

use bitaqa_curves::Curve;

use super::{
    example::object,
    values::{GENERIC_DH, GENERIC_ECDH, INTEGRATED_ECDH, WORKED_EXAMPLE_ECDH},
};
use crate::{
    channel::Channel,
    chat::Chat,
    error::CardError,
    key_agreement::DomainParameters,
    pace::{PaceVariant, PaceVerdict, Password, establish},
    security_infos::SecurityInfos,
    test_hex::hex,
    test_script::{CHAINING, Script},
};

#[test]
fn the_best_variant_that_can_be_spoken_is_chosen() {
    let choose = |entries: &[&str]| {
        let set = object("31", &entries.concat());
        PaceVariant::choose(&SecurityInfos::parse("EF.CardAccess", &hex(&set)).unwrap())
    };
    let info = |arcs: &str, version: u8, parameters: &str| {
        let reference = if parameters.is_empty() { String::new() } else { object("02", parameters) };
        object("30", &format!("060A04007F00070202 04{arcs}0201{version:02X}{reference}").replace(' ', ""))
    };
    // 9303-11 appendix G.1: one set of parameters needs no number
    let only = choose(&[&info("0202", 2, "0D")]).unwrap();
    assert_eq!(only, GENERIC_ECDH.variant());

    let des = info("0201", 2, "0C");
    let aes_128 = info("0202", 2, "0C");
    let aes_256 = info("0204", 2, "0C");
    let aes_256_larger = info("0204", 2, "11");
    let field = info("0104", 2, "02");
    let integrated = info("0404", 2, "11");
    let chip = info("0602", 2, "0D");
    let order = [&chip, &aes_256_larger, &integrated, &aes_256, &aes_128, &field, &des];
    for (at, best) in order.iter().enumerate() {
        let mut rest: Vec<&str> = order[at..].iter().map(|entry| entry.as_str()).collect();
        rest.reverse();
        let chosen = choose(&rest).unwrap();
        let alone = choose(&[best.as_str()]).unwrap();
        assert_eq!(
            (chosen.protocol, chosen.domain_parameters),
            (alone.protocol, alone.domain_parameters),
            "{at}"
        );
        let several = order[at..].iter().any(|entry| entry[entry.len() - 6..] != best[best.len() - 6..]);
        assert_eq!(chosen.parameter_reference.is_some(), several, "{at}");
    }

    // what cannot be spoken: other versions, unknown parameters, no parameters, the integrated mapping on P-224, a field for a curve
    for unusable in [
        info("0202", 1, "0D"),
        info("0202", 3, "0D"),
        info("0202", 2, "07"),
        info("0202", 2, "1F"),
        info("0202", 2, ""),
        info("0202", 2, "20"),
        info("0402", 2, "0A"),
        info("0202", 2, "00"),
        info("0102", 2, "0D"),
        info("0601", 2, "0D"),
    ] {
        assert_eq!(choose(&[&unusable]), None, "{unusable}");
    }
}

#[test]
fn parameters_of_the_chips_own_are_found_by_their_number() {
    // standardizedDomainParameters 16 as number 32 of the chip; number 33 is a curve that nobody knows
    let own = "301C060904007F000702020402300C060704007F00070102020110020120";
    let unknown = "301C060904007F000702020402300C060704007F00070102020163020121";
    let info = |id: &str| format!("3012060A04007F000702020402020201020201{id}");
    let parse = |entries: &[&str]| {
        SecurityInfos::parse("EF.CardAccess", &hex(&object("31", &entries.concat()))).unwrap()
    };
    let chosen = PaceVariant::choose(&parse(&[&info("20"), own, unknown])).unwrap();
    assert_eq!(chosen.domain_parameters, DomainParameters::Curve(Curve::BrainpoolP384r1));
    assert_eq!(chosen.parameter_reference, None);
    assert_eq!(PaceVariant::choose(&parse(&[&info("21"), own, unknown])), None);
    let offered = PaceVariant::offered(&parse(&[&info("20"), &info("21"), own, unknown]));
    assert_eq!(offered.iter().map(|variant| variant.parameter_reference).collect::<Vec<_>>(), [Some(32)]);
    // without a number on either side
    let unnumbered = "3019060904007F000702020402300C060704007F00070102020110";
    let info = "300F060A04007F00070202040202020102";
    let chosen = PaceVariant::choose(&parse(&[info, unnumbered])).unwrap();
    assert_eq!(chosen.domain_parameters, DomainParameters::Curve(Curve::BrainpoolP384r1));
}

#[test]
fn parameters_and_rights_are_named_where_they_must_be() {
    let variant = PaceVariant { parameter_reference: Some(13), ..WORKED_EXAMPLE_ECDH.variant() };
    let chat = Chat::new(&hex("04007F000703010202"), &hex("000000001F"));
    let template = "800A04007F0007020204020283010384010D7F4C12060904007F0007030102025305000000001F";
    let mut exchanges = WORKED_EXAMPLE_ECDH.exchanges();
    exchanges[0].0 = format!("0022C1A4{:02X}{template}", template.len() / 2);
    let last = format!(
        "8608{}870E44455445535465494430303030348810{}",
        WORKED_EXAMPLE_ECDH.token_answer,
        "41".repeat(16)
    );
    exchanges[4].1 = format!("{}9000", object("7C", &last));
    let pairs: Vec<(&str, &str)> =
        exchanges.iter().map(|(command, answer)| (command.as_str(), answer.as_str())).collect();
    let mut script = Script::new(&pairs);
    let mut channel = Channel::new(&mut script, CHAINING);
    let outcome = establish(
        &mut channel,
        &mut WORKED_EXAMPLE_ECDH.random(),
        &variant,
        &Password::Pin(b"123456"),
        Some(&chat),
    );
    let Ok(PaceVerdict::Open(session)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(session.certification_authorities, [b"DETESTeID00004".to_vec(), b"AAAAAAAAAAAAAAAA".to_vec()]);
    // terminal authentication names the chip by the x coordinate of its key
    assert_eq!(session.chip_key.compressed(), hex(&WORKED_EXAMPLE_ECDH.ephemeral_answer[2..66]));
}

#[test]
fn an_undefined_variant_and_an_impossible_password_are_not_sent() {
    let mut script = Script::new(&[]);
    let mut channel = Channel::new(&mut script, CHAINING);
    let mut random = |_: &mut [u8]| panic!("nothing is drawn");
    let good = INTEGRATED_ECDH.variant();
    let on_p_224 = PaceVariant { domain_parameters: DomainParameters::Curve(Curve::P224), ..good };
    let in_a_field = PaceVariant { domain_parameters: GENERIC_DH.parameters, ..good };
    for variant in [on_p_224, in_a_field] {
        let outcome = establish(&mut channel, &mut random, &variant, &Password::Pin(b"123456"), None);
        assert!(matches!(outcome, Err(CardError::Unsupported(_))));
    }
    let outcome = establish(&mut channel, &mut random, &good, &Password::Pin(b""), None);
    assert!(matches!(outcome, Err(CardError::Unsupported(_))));
}

//! The worked example, command by command, and chips that do otherwise.

mod example;
mod example_chip;
mod values;

use super::*;
use crate::{
    apdu::{Command, StatusWord, ins},
    channel::Channel,
    cvc::CvcError,
    error::{CardError, Misbehaviour},
    lds::{DocumentNumber, MrzDate, MrzKey},
    security_infos::SecurityInfos,
    test_hex::hex,
    test_script::EXTENDED,
    tlv::{Tag, encode},
};
use proptest::prelude::*;

use example_chip::Step;
use values::EXAMPLES;

#[test]
fn the_terminal_signs_what_the_worked_example_signed() {
    for example in EXAMPLES {
        let mut steps = example.until_challenge(&[]);
        steps.push(example.signature_step());
        let mut chip = example.chip(steps);
        let mut channel = example.channel(&mut chip);
        let prepared = prepare_version_2(
            &mut channel,
            &example.chain(),
            &example.identifier(),
            example.announced(),
            None,
        )
        .unwrap();
        assert_eq!(prepared.holder().to_string(), "DETESTATDE019");
        // with the key of the terminal's certificate, on the curve of the authority's
        let key = example.chain().verify(&example.authority()).unwrap();
        assert_eq!(prepared.algorithm(), key.algorithm());
        assert_eq!(key.verify(prepared.to_be_signed(), &hex(example.signature)), Ok(()));
        assert_eq!(
            key.verify(&prepared.to_be_signed()[1..], &hex(example.signature)),
            Err(CvcError::Signature)
        );
        prepared.signed(hex(example.signature)).authenticate(&mut channel).unwrap();
        assert!(chip.is_done());
    }
}

#[test]
fn the_chip_proves_itself_as_in_the_worked_example() {
    for example in EXAMPLES {
        let [choice, agreement] = example.chip_steps(&hex(example.token));
        let read = Step::answered([0x00, 0xB0, 0x81, 0x00], vec![], 4, vec![0x61, 0x02, 0x01, 0x02]);
        let [k_enc, k_mac] = [hex(example.k_enc), hex(example.k_mac)];
        let mut chip = example.chip(vec![choice, agreement.then_keys(k_enc, k_mac), read]);
        let mut channel = example.channel(&mut chip);
        let unchecked = example.unchecked();
        let infos = &unchecked.card_security().infos;
        assert_eq!(example.infos().compare_with_card_security(infos), Ok(()));
        let key = infos.chip_authentication_public_keys().next().unwrap().public_key.key().unwrap();
        assert_eq!(key.encode(), hex(example.chip_public));
        let accepted = unchecked.accept_if(|_| Ok::<_, ()>(())).unwrap();
        let proved = accepted.authenticate(&mut channel).unwrap();
        assert_eq!(proved.infos().restricted_identification().count(), 2);
        let answer = channel.send(&Command::new(ins::READ_BINARY, 0x81, 0).le(4)).unwrap();
        assert_eq!(answer.data, [0x61, 0x02, 0x01, 0x02]);
        assert!(chip.is_done());
    }
}

#[test]
fn a_chip_without_the_key_is_not_believed() {
    for example in EXAMPLES {
        let good = hex(example.token);
        let mut wrong = good.clone();
        wrong[7] ^= 1;
        for token in [&wrong[..], &[], &good[..7], &[&good[..], &[0]].concat()] {
            let mut chip = example.chip(example.chip_steps(token).into());
            let mut channel = example.channel(&mut chip);
            let accepted = example.unchecked().accept_if(|_| Ok::<_, ()>(())).unwrap();
            let outcome = accepted.authenticate(&mut channel);
            let proof = Misbehaviour::Proof { command: "GENERAL AUTHENTICATE" };
            assert_eq!(outcome.unwrap_err(), proof.into());
        }
    }
}

#[test]
fn answers_that_are_no_nonce_and_token_are_misbehaviour() {
    let example = &EXAMPLES[0];
    let [nonce, token] = [encode(Tag(0x81), &hex(example.nonce)), encode(Tag(0x82), &hex(example.token))];
    let inside = |content: &[&[u8]]| encode(Tag(0x7C), &content.concat());
    for answer in [
        vec![],
        inside(&[]),
        inside(&[&nonce]),
        inside(&[&token, &nonce]),
        inside(&[&nonce, &token, &token]),
        inside(&[&encode(Tag(0x81), &[1; 7]), &token]),
        inside(&[&encode(Tag(0x81), &[1; 33]), &token]),
        [inside(&[&nonce, &token]), vec![0x7C, 0]].concat(),
    ] {
        let [choice, agreement] = example.chip_steps(&[]);
        let mut chip = example.chip(vec![choice, agreement.with_answer(answer)]);
        let mut channel = example.channel(&mut chip);
        let accepted = example.unchecked().accept_if(|_| Ok::<_, ()>(())).unwrap();
        let outcome = accepted.authenticate(&mut channel);
        assert!(
            matches!(
                outcome,
                Err(CardError::Misbehaved(Misbehaviour::Tlv { .. } | Misbehaviour::Element { .. }))
            ),
            "{outcome:?}"
        );
    }
}

#[test]
fn a_chip_that_is_not_accepted_is_asked_nothing() {
    let mut seen = 0;
    let outcome = EXAMPLES[0].unchecked().accept_if(|card_security| {
        seen = card_security.signed_data.certificates.len();
        Err("not of our country")
    });
    assert_eq!(outcome.unwrap_err(), "not of our country");
    assert_eq!(seen, 1);
}

#[test]
fn auxiliary_data_is_sent_and_signed() {
    let example = &EXAMPLES[0];
    let auxiliary =
        AuxiliaryData::new().born_by(*b"20081125").valid_on(*b"20261125").in_community(&[0x02, 0x76]);
    let encoded = auxiliary.encode();
    assert_eq!(encoded[..4], [0x67, 63, 0x73, 21]);
    let mut chip = example.chip(example.until_challenge(&encoded));
    let mut channel = example.channel(&mut chip);
    let prepared = prepare_version_2(
        &mut channel,
        &example.chain(),
        &example.identifier(),
        example.announced(),
        Some(&auxiliary),
    )
    .unwrap();
    assert!(prepared.to_be_signed().ends_with(&encoded));
    assert!(chip.is_done());
}

#[test]
fn version_1_names_the_key_of_chip_authentication() {
    let example = &EXAMPLES[0];
    let chain = example.chain();
    let mut steps = example.until_challenge(&[]);
    let challenge = steps.pop().unwrap();
    steps.pop();
    let holder = encode(Tag(0x83), chain.terminal().holder.as_bytes());
    steps.extend([Step::ok([0x00, 0x22, 0x81, 0xA4], holder), challenge, example.signature_step()]);
    let mut chip = example.chip(steps);
    let mut channel = example.channel(&mut chip);
    let date = |year, month, day| MrzDate::new(Some(year), Some(month), Some(day)).unwrap();
    // 9303-11 appendix D.2
    let zone = MrzKey::new(&DocumentNumber::new("L898902C").unwrap(), date(69, 8, 6), date(94, 6, 23));
    let identifier = ChipIdentifier::of_basic_access_control(&zone);
    let key = example.parameters.decode(&hex(example.public)).unwrap();
    let prepared = prepare_version_1(&mut channel, &chain, &identifier, &key).unwrap();
    let expected = [&b"L898902C<3"[..], &hex(example.challenge), &key.compressed()].concat();
    assert_eq!(prepared.to_be_signed(), expected);
    prepared.signed(hex(example.signature)).authenticate(&mut channel).unwrap();
    assert!(chip.is_done());
}

#[test]
fn each_refusal_is_told_by_its_command() {
    let example = &EXAMPLES[0];
    let commands = ["MSE:Set DST", "PSO: VERIFY CERTIFICATE"];
    let names = commands.iter().chain(&commands).chain(&["MSE:Set AT", "GET CHALLENGE"]);
    for (at, name) in names.enumerate() {
        let mut steps = example.until_challenge(&[]);
        steps.truncate(at + 1);
        let last = steps.pop().unwrap();
        steps.push(last.refused(0x6982));
        let mut chip = example.chip(steps);
        let mut channel = example.channel(&mut chip);
        let outcome = prepare_version_2(
            &mut channel,
            &example.chain(),
            &example.identifier(),
            example.announced(),
            None,
        );
        let refused = CardError::Refused { command: name, status: StatusWord(0x6982) };
        assert_eq!(outcome.unwrap_err(), refused);
    }
    let mut chip = example.chip(vec![example.signature_step().refused(0x6300)]);
    let mut channel = example.channel(&mut chip);
    let signed = |signature| {
        let (holder, algorithm) =
            (example.chain().terminal().holder.clone(), example.chain().terminal().public_key.algorithm());
        Prepared { to_be_signed: vec![], holder, algorithm, announced: () }.signed(signature)
    };
    for length in [0, 513] {
        let outcome = signed(vec![1; length]).authenticate(&mut channel);
        assert!(matches!(outcome, Err(CardError::Unsupported(_))));
    }
    let refused = CardError::Refused { command: "EXTERNAL AUTHENTICATE", status: StatusWord(0x6300) };
    assert_eq!(signed(hex(example.signature)).authenticate(&mut channel), Err(refused));
    assert!(chip.is_done());
}

#[test]
fn challenges_of_another_length_are_none() {
    let example = &EXAMPLES[0];
    for length in [0, 7] {
        let mut steps = example.until_challenge(&[]);
        let challenge = steps.pop().unwrap();
        steps.push(challenge.with_answer(vec![1; length]));
        let mut chip = example.chip(steps);
        let mut channel = example.channel(&mut chip);
        let outcome = prepare_version_2(
            &mut channel,
            &example.chain(),
            &example.identifier(),
            example.announced(),
            None,
        );
        let misbehaviour = Misbehaviour::Element { what: "GET CHALLENGE", element: "challenge" };
        assert_eq!(outcome.unwrap_err(), misbehaviour.into());
    }
}

#[test]
fn nothing_is_sent_outside_a_session() {
    let example = &EXAMPLES[0];
    let mut chip = example.chip(vec![]);
    let mut channel = Channel::new(&mut chip, EXTENDED);
    let (chain, identifier) = (example.chain(), example.identifier());
    let outcome = prepare_version_2(&mut channel, &chain, &identifier, example.announced(), None);
    assert!(matches!(outcome, Err(CardError::Unsupported(_))));
    let accepted = example.unchecked().accept_if(|_| Ok::<_, ()>(())).unwrap();
    assert!(matches!(accepted.authenticate(&mut channel), Err(CardError::Unsupported(_))));
}

#[test]
fn card_security_is_a_signed_security_object_or_nothing() {
    for example in EXAMPLES {
        let file = hex(example.card_security);
        for end in (0..file.len()).step_by(7) {
            assert!(CardSecurity::parse(&file[..end]).is_err(), "{end}");
        }
        // id-SecurityObject's last arc
        let at = file.windows(8).position(|window| window == crate::oid::SECURITY_OBJECT).unwrap();
        let mut other = file;
        other[at + 7] = 2;
        let misbehaviour = Misbehaviour::Element { what: "EF.CardSecurity", element: "eContentType" };
        assert_eq!(CardSecurity::parse(&other), Err(misbehaviour.into()));
    }
}

#[test]
fn what_card_access_says_must_be_signed() {
    let [ecdh, dh] = EXAMPLES.map(|example| example.infos());
    let differs = |signed| Err(Misbehaviour::CardAccess { signed });
    assert_eq!(ecdh.compare_with_card_security(&dh), differs("EF.CardSecurity"));
    assert_eq!(ecdh.compare_with_dg14(&dh), differs("DG14"));
    assert_eq!(ecdh.compare_with_dg14(&ecdh), Ok(()));
    assert_eq!(SecurityInfos::default().compare_with_dg14(&dh), Ok(()));
}

#[test]
fn keys_of_another_group_than_the_announced_are_not_used() {
    let [ecdh, dh] = EXAMPLES;
    let card_security = CardSecurity::parse(&hex(dh.card_security)).unwrap();
    let misbehaviour =
        Misbehaviour::Element { what: "EF.CardSecurity", element: "ChipAuthenticationPublicKey" };
    assert_eq!(ecdh.announced().chip_key(&card_security.infos).unwrap_err(), misbehaviour.into());
}

proptest! {
    #[test]
    fn any_file_is_card_security_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = CardSecurity::parse(&bytes);
    }

    #[test]
    fn a_changed_card_security_is_parsed_or_an_error(at in any::<proptest::sample::Index>(), with in 1_u8..) {
        let mut file = hex(EXAMPLES[0].card_security);
        let at = at.index(file.len());
        file[at] ^= with;
        if let Ok(card_security) = CardSecurity::parse(&file) {
            let _ = UncheckedChip::new(EXAMPLES[0].announced(), card_security);
        }
    }

    #[test]
    fn any_answer_of_a_chip_without_the_key_is_no_proof(
        answer in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..60),
            proptest::collection::vec(any::<u8>(), 0..30).prop_map(|inside| encode(Tag(0x7C), &inside)),
            (any::<[u8; 8]>(), any::<[u8; 8]>()).prop_map(|(nonce, token)| {
                encode(Tag(0x7C), &[encode(Tag(0x81), &nonce), encode(Tag(0x82), &token)].concat())
            }),
        ],
    ) {
        let example = &EXAMPLES[0];
        let [choice, agreement] = example.chip_steps(&[]);
        let mut chip = example.chip(vec![choice, agreement.with_answer(answer)]);
        let mut channel = example.channel(&mut chip);
        let accepted = example.unchecked().accept_if(|_| Ok::<_, ()>(())).unwrap();
        prop_assert!(accepted.authenticate(&mut channel).is_err());
    }
}

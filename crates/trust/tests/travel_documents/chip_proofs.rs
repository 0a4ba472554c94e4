//! Proofs of chips, and hosts that have everything of a document but its chip.

use bitaqa_card::{
    CardError, Misbehaviour,
    active_authentication::{self, ActiveAuthenticationKey, Challenge as ChipChallenge, DigestAlgorithm},
    channel::Channel,
    chip_authentication::ChipKey,
    lds::{DataGroup, Dg14},
    secure_messaging::{LengthForm, SecureMessaging, SecureMessagingFault},
    security_infos::SecurityInfos,
    symmetric::Cipher,
};
use bitaqa_protocol::{Challenge, Origin};
use bitaqa_trust::{
    chip_proof::{
        ActiveAuthenticationProof, ChipAuthenticationBinding, ChipAuthenticationRound, ChipEvidence,
        ChipProof, ChipProofFault, HostAssertion, active_authentication_challenge, judge,
    },
    passive_authentication::GenuineDocument,
};
use bitaqa_virtual_card::{
    CardSpec,
    icao::{
        active_authentication::ActiveAuthenticationKind,
        cipher::Cipher as CardCipher,
        domain::Domain,
        order::{ChipAuthenticationOrder, DocumentOrder, FaultOrder},
    },
    spec::Personality,
};

use crate::{
    country::{borrowed, verify},
    software_cards::{Dump, Reader, drawn, makes, store_of},
};

fn challenge(nonce: u8) -> ChipChallenge {
    let origin = Origin::parse("https://portal.example.ma").unwrap();
    let text = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    active_authentication_challenge(&origin, &Challenge::parse(text).unwrap(), &[nonce; 32])
}

/// Of the request that every proof here is for.
fn binding() -> ChipAuthenticationBinding {
    let origin = Origin::parse("https://portal.example.ma").unwrap();
    let text = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    ChipAuthenticationBinding::of(&origin, &Challenge::parse(text).unwrap(), &[1; 32])
}

/// Has the document verified, and what follows judged.
fn with_document<T>(spec: &CardSpec, dump: &Dump, then: impl FnOnce(&GenuineDocument<'_, '_>) -> T) -> T {
    let (store, groups) = (store_of(spec), borrowed(&dump.groups));
    let report = verify(&dump.sod, &groups, &store).unwrap();
    then(&report.genuine().unwrap())
}

fn group(dump: &Dump, wanted: DataGroup) -> Option<&[u8]> {
    dump.groups.iter().find(|(group, _)| *group == wanted).map(|(_, content)| content.as_slice())
}

fn chip_key(dump: &Dump) -> Option<ChipKey> {
    let dg14 = Dg14::parse(group(dump, DataGroup::DG14)?).unwrap();
    ChipKey::best(&SecurityInfos::parse("DG14", &dg14.security_infos).unwrap()).unwrap()
}

fn sign(channel: &mut Channel<'_>, dump: &Dump, challenge: &ChipChallenge) -> Option<[Vec<u8>; 2]> {
    let key = ActiveAuthenticationKey::parse(group(dump, DataGroup::DG15)?).unwrap();
    Some(active_authentication::sign(channel, &key, challenge).unwrap())
}

fn active(challenge: ChipChallenge, signatures: &[Vec<u8>; 2]) -> ChipEvidence<'_> {
    let signatures = [signatures[0].as_slice(), signatures[1].as_slice()];
    ChipEvidence {
        active: Some(ActiveAuthenticationProof { challenge, signatures }),
        ..ChipEvidence::default()
    }
}

/// What an honest host does with the verifier's key and command, where the chip answers.
fn relay(channel: &mut Channel<'_>, dump: &Dump, round: &ChipAuthenticationRound) -> Vec<u8> {
    try_to_relay(channel, dump, round).unwrap()
}

fn try_to_relay(
    channel: &mut Channel<'_>,
    dump: &Dump,
    round: &ChipAuthenticationRound,
) -> Result<Vec<u8>, CardError> {
    let key = chip_key(dump).unwrap();
    let relayed = binding().relayed(&key, round.ephemeral_key(), round.protected_read()).unwrap();
    relayed.run(channel)
}

fn answered(round: ChipAuthenticationRound, answer: &[u8]) -> ChipEvidence<'_> {
    ChipEvidence { chip: Some(round.answered(answer)), ..ChipEvidence::default() }
}

#[test]
fn every_make_proves_itself_to_the_verifier() {
    let mut proven = 0;
    for spec in makes() {
        let mut reader = Reader::holding(&spec);
        let (mut channel, dump) = reader.dump(&spec);
        let signatures = sign(&mut channel, &dump, &challenge(1));
        with_document(&spec, &dump, |document| {
            if let Some(signatures) = &signatures {
                let proof = judge(document, active(challenge(1), signatures));
                assert!(
                    matches!(proof, ChipProof::ActiveAuthentication { .. }),
                    "{:?}: {proof:?}",
                    spec.personality
                );
                proven += 1;
            }
            if chip_key(&dump).is_some() {
                let round = ChipAuthenticationRound::begin(document, &binding(), &mut drawn()).unwrap();
                let answer = relay(&mut channel, &dump, &round);
                // the server kept no more than the secret
                let round = ChipAuthenticationRound::resume(document, &binding(), round.secret()).unwrap();
                let proof = judge(document, answered(round, &answer));
                assert!(
                    matches!(proof, ChipProof::ChipAuthentication { .. }),
                    "{:?}: {proof:?}",
                    spec.personality
                );
                proven += 1;
            }
        });
    }
    // the card of extended access control proves itself to terminals that have proved themselves first, and to nobody else
    assert_eq!(proven, makes().len() - 1);
}

#[test]
fn a_patched_host_with_every_file_and_no_chip_is_refused_for_every_make() {
    for spec in makes() {
        let mut reader = Reader::holding(&spec);
        let (mut channel, dump) = reader.dump(&spec);
        // what it once had the chip sign, for another challenge, when the card was there
        let old_signatures = sign(&mut channel, &dump, &challenge(1));
        let old_answer = chip_key(&dump).map(|_| {
            with_document(&spec, &dump, |document| {
                let round = ChipAuthenticationRound::begin(document, &binding(), &mut drawn()).unwrap();
                relay(&mut channel, &dump, &round)
            })
        });
        with_document(&spec, &dump, |document| {
            refused_without_chip(document, &dump, old_signatures.as_ref(), old_answer.as_deref());
        });
    }
}

fn refused_without_chip(
    document: &GenuineDocument<'_, '_>,
    dump: &Dump,
    old_signatures: Option<&[Vec<u8>; 2]>,
    old_answer: Option<&[u8]>,
) {
    // nothing, and whatever the host says instead
    for asserted in [
        None,
        Some(HostAssertion::PaceChipAuthenticationMapping),
        Some(HostAssertion::ChipAuthentication),
        Some(HostAssertion::ActiveAuthentication),
    ] {
        let proof = judge(document, ChipEvidence { asserted, ..ChipEvidence::default() });
        assert!(matches!(proof, ChipProof::Missing { .. }), "{proof:?}");
        assert_eq!(proof.code(), "chip-proof-missing");
        assert!(proof.is_refused());
    }
    // signatures for another challenge, of another length, none, in the other order
    if let Some([first, second]) = old_signatures {
        let forgeries = [
            [first.clone(), second.clone()],
            [second.clone(), first.clone()],
            [vec![1; first.len()], vec![1; second.len()]],
            [Vec::new(), Vec::new()],
            [first[..first.len() - 1].to_vec(), second.clone()],
        ];
        for forged in forgeries {
            let proof = judge(document, active(challenge(2), &forged));
            assert!(matches!(proof, ChipProof::Invalid(ChipProofFault::Active(_))), "{proof:?}");
        }
    }
    // an answer to another key, one that the host made itself, and answers outside any session
    if let Some(old) = old_answer {
        let dg14 = group(dump, DataGroup::DG14).unwrap();
        let key = chip_key(dump).unwrap();
        let own = own_answer(&key, dg14);
        let plain = [&dg14[..12], &[0x90, 0x00]].concat();
        for forged in [old, &own, &plain, &[0x90, 0x00], &[0x69, 0x82], &[]] {
            let mut random = drawn();
            // another key than the old answer was made for
            random(&mut [0; 7]);
            let round = ChipAuthenticationRound::begin(document, &binding(), &mut random).unwrap();
            let proof = judge(document, answered(round, forged));
            assert!(matches!(proof, ChipProof::Invalid(ChipProofFault::Chip(_))), "{proof:?}");
        }
    }
}

/// What a host can make without the chip's key: an answer under keys from a secret that it knows.
fn own_answer(key: &ChipKey, dg14: &[u8]) -> Vec<u8> {
    let parameters = key.public_key().domain_parameters();
    let private = parameters.random_private_key(&mut drawn());
    let secret = key.public_key().agree(&private).unwrap().shared_secret();
    let mut session = SecureMessaging::from_secret(key.cipher(), &secret).unwrap();
    // a command carries what an answer would, near enough for a forger
    let wrapped = session.wrap([0, 0xB0, 0x8E, 0], &dg14[..12], None, LengthForm::Short).unwrap();
    [&wrapped[5..], &[0x90, 0x00]].concat()
}

#[test]
fn a_copy_with_keys_of_its_own_is_refused() {
    for spec in makes() {
        let faults = FaultOrder { copied: true, ..FaultOrder::default() };
        let order = DocumentOrder { faults, ..spec.document.clone().unwrap_or_default() };
        let spec = CardSpec { document: Some(order), ..spec };
        let mut reader = Reader::holding(&spec);
        let (mut channel, dump) = reader.dump(&spec);
        let signatures = sign(&mut channel, &dump, &challenge(1));
        with_document(&spec, &dump, |document| {
            if let Some(signatures) = &signatures {
                let proof = judge(document, active(challenge(1), signatures));
                assert!(matches!(proof, ChipProof::Invalid(_)), "{:?}: {proof:?}", spec.personality);
            }
            if chip_key(&dump).is_some() {
                let round = ChipAuthenticationRound::begin(document, &binding(), &mut drawn()).unwrap();
                // its keys are others, so it cannot read the command, and says so outside of any session
                let refusal = try_to_relay(&mut channel, &dump, &round).unwrap_err();
                let unprotected = matches!(
                    refusal,
                    CardError::Misbehaved(Misbehaviour::SecureMessaging(
                        SecureMessagingFault::Unprotected { .. }
                    ))
                );
                assert!(unprotected, "{:?}: {refusal}", spec.personality);
                let proof = judge(document, answered(round, &[0x69, 0x88]));
                assert!(matches!(proof, ChipProof::Invalid(_)), "{:?}: {proof:?}", spec.personality);
            }
        });
    }
}

fn passport(order: DocumentOrder) -> CardSpec {
    CardSpec { document: Some(order), ..CardSpec::new(Personality::PassportBac) }
}

#[test]
fn every_key_of_active_authentication_proves_itself() {
    for (kind, expected) in [
        (ActiveAuthenticationKind::Rsa1024Sha1, DigestAlgorithm::Sha1),
        (ActiveAuthenticationKind::Rsa2048Sha1, DigestAlgorithm::Sha1),
        (ActiveAuthenticationKind::Rsa2048Sha256, DigestAlgorithm::Sha256),
        (ActiveAuthenticationKind::EcdsaPlain, DigestAlgorithm::Sha256),
        (ActiveAuthenticationKind::EcdsaDer, DigestAlgorithm::Sha256),
    ] {
        let spec = passport(DocumentOrder { active_authentication: Some(kind), ..DocumentOrder::default() });
        let mut reader = Reader::holding(&spec);
        let (mut channel, dump) = reader.dump(&spec);
        let signatures = sign(&mut channel, &dump, &challenge(1)).unwrap();
        with_document(&spec, &dump, |document| {
            let proof = judge(document, active(challenge(1), &signatures));
            assert_eq!(proof, ChipProof::ActiveAuthentication { digest: expected }, "{kind:?}");
            for at in [0, signatures[1].len() / 2, signatures[1].len() - 1] {
                let mut altered = signatures.clone();
                altered[1][at] ^= 0x10;
                assert!(judge(document, active(challenge(1), &altered)).is_refused(), "{kind:?} byte {at}");
            }
        });
    }
}

#[test]
fn every_cipher_and_group_of_chip_authentication_proves_itself() {
    for (cipher, domain, expected) in [
        (CardCipher::TripleDes, Domain::Curve(bitaqa_curves::Curve::BrainpoolP224r1), Cipher::TripleDes),
        (CardCipher::Aes128, Domain::Curve(bitaqa_curves::Curve::P256), Cipher::Aes128),
        (CardCipher::Aes192, Domain::Curve(bitaqa_curves::Curve::BrainpoolP384r1), Cipher::Aes192),
        (CardCipher::Aes256, Domain::Curve(bitaqa_curves::Curve::P521), Cipher::Aes256),
        (CardCipher::Aes128, Domain::Group(bitaqa_curves::modp::Group::Rfc5114_1024_160), Cipher::Aes128),
        (CardCipher::Aes256, Domain::Group(bitaqa_curves::modp::Group::Rfc5114_2048_256), Cipher::Aes256),
    ] {
        let keys = vec![ChipAuthenticationOrder { cipher, domain }];
        let spec = passport(DocumentOrder { chip_authentication: Some(keys), ..DocumentOrder::default() });
        let mut reader = Reader::holding(&spec);
        let (mut channel, dump) = reader.dump(&spec);
        with_document(&spec, &dump, |document| {
            let round = ChipAuthenticationRound::begin(document, &binding(), &mut drawn()).unwrap();
            let secret = round.secret().clone();
            let answer = relay(&mut channel, &dump, &round);
            let proof = judge(document, answered(round, &answer));
            assert_eq!(proof, ChipProof::ChipAuthentication { cipher: expected });
            for at in 0..answer.len() {
                let mut altered = answer.clone();
                altered[at] ^= 0x01;
                let round = ChipAuthenticationRound::resume(document, &binding(), &secret).unwrap();
                let proof = judge(document, answered(round, &altered));
                assert!(proof.is_refused(), "{cipher:?} byte {at} of {}: {proof:?}", answer.len());
            }
        });
    }
}

#[test]
fn a_round_for_one_document_is_none_for_another() {
    let keys = vec![ChipAuthenticationOrder {
        cipher: CardCipher::Aes128,
        domain: Domain::Curve(bitaqa_curves::Curve::P256),
    }];
    let spec = passport(DocumentOrder { chip_authentication: Some(keys), ..DocumentOrder::default() });
    let mut readers = [Reader::holding(&spec), Reader::holding(&spec)];
    let [stolen, own] = &mut readers;
    let (_, stolen) = stolen.dump(&spec);
    let (mut channel, own) = own.dump(&spec);
    // the host shows the stolen document, and has its own chip answer to a round for its own
    let (secret, answer) = with_document(&spec, &own, |document| {
        let round = ChipAuthenticationRound::begin(document, &binding(), &mut drawn()).unwrap();
        let answer = relay(&mut channel, &own, &round);
        (round.secret().clone(), answer)
    });
    with_document(&spec, &own, |own| {
        let proof =
            judge(own, answered(ChipAuthenticationRound::resume(own, &binding(), &secret).unwrap(), &answer));
        assert!(proof.is_proven());
        let round = ChipAuthenticationRound::resume(own, &binding(), &secret).unwrap();
        with_document(&spec, &stolen, |stolen| {
            assert!(judge(stolen, answered(round, &answer)).is_refused());
        });
    });
}

#[test]
fn a_key_that_the_country_did_not_sign_or_nobody_showed_proves_nothing() {
    let spec = CardSpec::new(Personality::PassportBac);
    let mut reader = Reader::holding(&spec);
    let (mut channel, mut dump) = reader.dump(&spec);
    let signatures = sign(&mut channel, &dump, &challenge(1)).unwrap();
    let kept: Vec<_> = dump.groups.iter().filter(|(group, _)| group.number() < 14).cloned().collect();
    dump.groups = kept;
    with_document(&spec, &dump, |document| {
        let proof = judge(document, active(challenge(1), &signatures));
        assert_eq!(proof, ChipProof::Invalid(ChipProofFault::KeyNotSigned { group: DataGroup::DG15 }));
        let hidden = judge(document, ChipEvidence::default());
        assert!(matches!(hidden, ChipProof::Missing { .. }), "a host cannot hide the groups: {hidden:?}");
        assert_eq!(
            ChipAuthenticationRound::begin(document, &binding(), &mut drawn()).unwrap_err(),
            ChipProofFault::KeyNotSigned { group: DataGroup::DG14 }
        );
    });
}

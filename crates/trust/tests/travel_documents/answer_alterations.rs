//! Bytes of answers that change after the chip gave them, for every make of card: each is refused at its step, or changes nothing of
//! what a portal is told. Who alters them here is a host that was changed: it can encrypt.

use bitaqa_protocol::identity::{
    IdentityAnswer, ProofWanted,
    answer::{Bytes, ChipGroup, Document},
};
use bitaqa_trust::{
    Assurance,
    csca_store::CscaStore,
    identity::{
        Expected, ExpectedRequest, IdentityVerifier, RefusedIdentity,
        result::{Outcome, Step},
    },
};
use bitaqa_virtual_card::CardSpec;
use serde_json::Value;

use crate::{
    country::now,
    identity_answers::{ASKED, Host, key, origin},
    software_cards::{makes, store_of},
};

/// The server of a portal that asked for this.
struct Server {
    store: CscaStore,
    host: Host,
}

/// A result as JSON, or where it failed and why.
type Told = Result<Value, (Step, &'static str)>;

impl Server {
    fn asking(spec: &CardSpec, proof: ProofWanted) -> Self {
        Self { store: store_of(spec), host: Host::asked(spec, &ASKED, &["photo"], proof) }
    }

    fn judged(&self, sealed: &str) -> Result<Value, Box<RefusedIdentity>> {
        let keys = [key("2026-01")];
        let expected = Expected { origin: &origin(), request: ExpectedRequest::Sent(&self.host.request) };
        let verifier = IdentityVerifier::new(&keys, &self.store, Assurance::Test);
        let verified = verifier.verify(sealed, &expected, None, now())?;
        Ok(serde_json::to_value(&verified).unwrap())
    }

    /// What it makes of the answer with this change.
    fn told(&mut self, change: impl FnOnce(&mut IdentityAnswer)) -> Told {
        let honest = self.host.answer.clone();
        change(&mut self.host.answer);
        let sealed = self.host.sealed();
        self.host.answer = honest;
        self.judged(&sealed).map_err(|refused| {
            let failed = refused.checks.iter().find(|check| check.outcome == Outcome::Failed).unwrap();
            (failed.step, refused.failure.code())
        })
    }

    fn files(&self) -> Vec<(ChipGroup, Vec<u8>)> {
        let Document::Icao { groups, .. } = &self.host.answer.document else { unreachable!("of a chip") };
        groups.iter().map(|(group, file)| (*group, file.0.clone())).collect()
    }

    fn sod(&self) -> Vec<u8> {
        self.host.dump.sod.clone()
    }
}

fn set_file(answer: &mut IdentityAnswer, group: ChipGroup, content: Vec<u8>) {
    Host::files(answer).insert(group, Bytes(content));
}

fn set_sod(answer: &mut IdentityAnswer, content: Vec<u8>) {
    let Document::Icao { sod, .. } = &mut answer.document else { unreachable!("of a chip") };
    *sod = Bytes(content);
}

/// Tags and lengths at the beginning, the end, and samples of what is between.
fn places(length: usize, samples: usize) -> Vec<usize> {
    let step = (length / samples).max(1);
    let mut places: Vec<usize> = (0..length.min(24)).chain((24..length).step_by(step)).collect();
    places.push(length - 1);
    places
}

fn flipped(content: &[u8], at: usize) -> Vec<u8> {
    let mut content = content.to_vec();
    content[at] ^= 1 << (at % 8);
    content
}

/// The same length less or more of it.
fn cut_and_grown(content: &[u8]) -> [Vec<u8>; 4] {
    let (first, last) = (&content[1..], &content[..content.len() - 1]);
    [first.to_vec(), last.to_vec(), [content, &[0]].concat(), Vec::new()]
}

/// What a portal acts on: the fingerprint is a hash of what came, and says nothing of the person.
fn but_the_fingerprint(mut told: Value) -> Value {
    told.as_object_mut().unwrap().remove("fingerprint");
    told
}

#[test]
fn no_byte_of_a_group_may_change_in_an_answer_of_any_make() {
    let refused = Err((Step::Document, "document-not-genuine"));
    for spec in makes() {
        let mut server = Server::asking(&spec, ProofWanted::DataOnly);
        assert!(server.told(|_| {}).is_ok(), "{spec:?}");
        let files = server.files();
        assert!(files.iter().any(|(group, _)| group.number() == 2), "with the photo");
        for (group, content) in &files {
            // the zone is short: each of its bytes; tags, lengths and the image elsewhere
            let samples = if group.number() == 1 { content.len() } else { 12 };
            for at in places(content.len(), samples) {
                let altered = flipped(content, at);
                let told = server.told(|answer| set_file(answer, *group, altered));
                assert_eq!(told, refused, "byte {at} of {group:?}, {:?}", spec.personality);
            }
            for altered in cut_and_grown(content) {
                let told = server.told(|answer| set_file(answer, *group, altered));
                assert_eq!(told, refused, "{group:?} of {:?}", spec.personality);
            }
        }
        // one in place of another, and one that nobody reads
        let ((one, first), (other, second)) = (files[0].clone(), files[1].clone());
        let told = server.told(|answer| {
            set_file(answer, one, second);
            set_file(answer, other, first);
        });
        assert_eq!(told, refused);
        let unread = ChipGroup::new(16).unwrap();
        let told = server.told(|answer| set_file(answer, unread, vec![0x70, 0]));
        assert_eq!(told, Err((Step::Consent, "beyond-consent")));
        let told = server.told(|answer| {
            Host::files(answer).remove(&one);
        });
        assert_eq!(told, Err((Step::Document, "claim-missing")));
    }
}

/// EF.SOD has parts that no signature covers (RFC 5652, section 5.4): who changes them changes nothing but the fingerprint.
#[test]
fn a_byte_of_the_security_object_that_changes_is_refused_or_changes_nothing() {
    for spec in makes() {
        let mut server = Server::asking(&spec, ProofWanted::DataOnly);
        let (sod, honest) = (server.sod(), but_the_fingerprint(server.told(|_| {}).unwrap()));
        let (mut refused, mut same) = (0, 0);
        let altered = places(sod.len(), 100).into_iter().map(|at| flipped(&sod, at));
        for altered in altered.chain(cut_and_grown(&sod)) {
            match server.told(|answer| set_sod(answer, altered)) {
                Ok(told) => {
                    assert_eq!(but_the_fingerprint(told), honest, "{:?}", spec.personality);
                    same += 1;
                }
                Err(fault) => {
                    let kinds = ["document-unreadable", "document-not-genuine"];
                    assert!(fault.0 == Step::Document && kinds.contains(&fault.1), "{fault:?}");
                    refused += 1;
                }
            }
        }
        assert!(refused > 90 && same < refused / 4, "{refused} refused, {same} the same");
    }
}

#[test]
fn no_byte_of_a_chips_signatures_may_change() {
    let mut signing = 0;
    for spec in makes() {
        let mut server = Server::asking(&spec, ProofWanted::Chip);
        let Some(signatures) = server.host.answer.proofs.active_authentication.clone() else { continue };
        signing += 1;
        assert!(server.told(|_| {}).is_ok(), "{spec:?}");
        let refused = Err((Step::Chip, "chip-proof-invalid"));
        for round in 0..2 {
            let signature = &signatures[round].0;
            let altered = (0..signature.len()).map(|at| flipped(signature, at));
            for altered in altered.chain(cut_and_grown(signature)) {
                let told = server.told(|answer| {
                    let rounds = answer.proofs.active_authentication.as_mut().unwrap();
                    rounds[round] = Bytes(altered);
                });
                assert_eq!(told, refused, "round {round} of {:?}", spec.personality);
            }
        }
        let told = server.told(|answer| answer.proofs.active_authentication = None);
        assert_eq!(told, Err((Step::Chip, "chip-proof-missing")));
    }
    assert!(signing > 0, "no make signs");
}

/// Everything else that is inside is the host's word: it says what was shown and read, and moves neither claims nor level.
#[test]
fn what_only_the_host_says_changes_nothing_that_is_proven() {
    let proven = |told: Value| {
        ["claims", "level", "assurance", "chip", "holderVerification"].map(|name| told[name].clone())
    };
    for spec in makes() {
        let mut server = Server::asking(&spec, ProofWanted::DataOnly);
        let honest = proven(server.told(|_| {}).unwrap());
        let words: [fn(&mut IdentityAnswer); 6] = [
            |answer| answer.consent.portal = "Another Portal".to_owned(),
            |answer| answer.consent.purpose = "Another purpose".to_owned(),
            |answer| answer.consent.at = 0,
            |answer| answer.consent.sod_hash = None,
            |answer| answer.host_asserted.chip_authentication = Some(true),
            |answer| answer.host_asserted.host = "9.9.9".to_owned(),
        ];
        for (number, change) in words.into_iter().enumerate() {
            let told = proven(server.told(change).unwrap());
            assert_eq!(told, honest, "{number} of {:?}", spec.personality);
        }
    }
}

#[test]
fn no_character_of_the_protected_header_may_change() {
    let spec = &makes()[1];
    let server = Server::asking(spec, ProofWanted::Chip);
    let sealed = server.host.sealed();
    assert!(server.judged(&sealed).is_ok());
    let header = sealed.find('.').unwrap();
    for at in 0..=header {
        for other in ['A', 'B', '-', '.'] {
            let mut changed = sealed.clone();
            changed.replace_range(at..=at, other.encode_utf8(&mut [0; 4]));
            assert!(changed == sealed || server.judged(&changed).is_err(), "character {at} of {header}");
        }
    }
}

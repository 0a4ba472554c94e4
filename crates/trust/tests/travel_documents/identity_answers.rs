//! Identity answers of software cards: what a portal's server believes, and what it refuses.

use std::collections::BTreeMap;

use bitaqa_card::{
    active_authentication::{self, ActiveAuthenticationKey},
    channel::Channel,
};
use bitaqa_jose::{Curve, PrivateJwk, jwe, jwe::JweHeader};
use bitaqa_protocol::{
    Challenge, Language, Origin, PurposeId,
    claim::{Claim, ClaimSet, Closure, DataGroup, RequestedClaims},
    identity::{
        Holder, IdentityAnswer, IdentityRequest, ProofWanted, StatementText,
        answer::{
            Access, AnsweredRequest, Bytes, CardAccess, ChipGroup, ChipProofs, Consent, Document, FORMAT,
            HostAsserted,
        },
        header,
    },
};
use bitaqa_trust::{
    Assurance, DateTime, Level,
    chip_proof::active_authentication_challenge,
    csca_store::{CscaStore, CscaStoreBuilder},
    identity::{
        DocumentStatus, Expected, ExpectedRequest, IdentityFailure, IdentityVerifier, RefusedIdentity,
        StatusSource, VerifiedIdentity, binding,
        claims::{Provenance, Value},
        result::{Chip, Outcome, Step},
        status::WithdrawalReason,
    },
};
use bitaqa_virtual_card::{
    CardSpec,
    icao::order::{DocumentOrder, FaultOrder},
    spec::Personality,
};

use crate::{
    country::now,
    software_cards::{Dump, Reader, drawn, makes, store_of},
};

/// What the portal asked with. Verifiers of answers compare it; hosts have judged it.
const STATEMENT: &str = "e30.e30.AAAA";

pub(crate) const TEXT: &str = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

pub(crate) fn origin() -> Origin {
    Origin::parse("https://portal.example.ma").unwrap()
}

pub(crate) fn challenge() -> Challenge {
    Challenge::parse(TEXT).unwrap()
}

/// The portal's key, by a name.
pub(crate) fn key(name: &str) -> PrivateJwk {
    let seed = name.len();
    let mut random = drawn();
    for _ in 0..seed {
        random(&mut [0; 3]);
    }
    let key = PrivateJwk::generate(Curve::P256, &mut random).unwrap();
    let mut json: serde_json::Value = serde_json::from_str(&key.to_json()).unwrap();
    json["kid"] = name.into();
    PrivateJwk::parse(json.to_string().as_bytes()).unwrap()
}

fn file(number: u8) -> ChipGroup {
    ChipGroup::new(number).unwrap()
}

pub(crate) fn claims(names: &[&str]) -> ClaimSet {
    ClaimSet::new(names.iter().map(|name| Claim::parse(name).unwrap())).unwrap()
}

/// What a host makes of a chip: read with everything that it gives, then cut to what was agreed to.
pub(crate) struct Host {
    pub(crate) answer: IdentityAnswer,
    /// What the portal's session knows of it, whatever becomes of the answer.
    pub(crate) request: IdentityRequest,
    pub(crate) dump: Dump,
}

pub(crate) const ASKED: [&str; 5] =
    ["given_name", "family_name", "birthdate", "age_over_18", "nationalities"];

impl Host {
    fn of(spec: &CardSpec) -> Self {
        Self::asked(spec, &ASKED, &["photo"], ProofWanted::Chip)
    }

    pub(crate) fn asked(spec: &CardSpec, required: &[&str], optional: &[&str], proof: ProofWanted) -> Self {
        let mut reader = Reader::holding(spec);
        let (mut channel, dump) = reader.dump(spec);
        Self::made(&mut channel, dump, (required, optional), proof)
    }

    /// What it makes of a chip that is open.
    pub(crate) fn made(
        channel: &mut Channel<'_>,
        dump: Dump,
        (required, optional): (&[&str], &[&str]),
        proof: ProofWanted,
    ) -> Self {
        let requested = RequestedClaims::new(claims(required), claims(optional)).unwrap();
        let groups: Vec<DataGroup> = Closure::of(requested.all()).groups.into_iter().collect();
        let is_sent =
            |number: u8| matches!(number, 14 | 15) || groups.iter().any(|group| group.number() == number);
        let files: BTreeMap<ChipGroup, Bytes> = dump
            .groups
            .iter()
            .filter(|(group, _)| is_sent(group.number()))
            .map(|(group, content)| (file(group.number()), Bytes(content.clone())))
            .collect();
        let bound = active_authentication_challenge(
            &origin(),
            &challenge(),
            key("2026-01").public().thumbprint().as_bytes(),
        );
        let active_authentication = files.get(&file(15)).map(|dg15| {
            let key = ActiveAuthenticationKey::parse(&dg15.0).unwrap();
            active_authentication::sign(channel, &key, &bound).unwrap().map(Bytes)
        });
        let request = IdentityRequest {
            challenge: challenge(),
            statement: StatementText::parse(STATEMENT).unwrap(),
            purpose: PurposeId::parse("open-account").unwrap(),
            claims: requested.clone(),
            holder: Holder::None,
            proof,
        };
        let answer = IdentityAnswer {
            format: FORMAT.to_owned(),
            request: AnsweredRequest {
                origin: origin(),
                challenge: challenge(),
                statement_hash: binding::statement_hash(&request.statement),
                purpose: request.purpose.clone(),
                claims: requested.clone(),
                holder: Holder::None,
                proof,
            },
            consent: Consent {
                portal: "Example Portal".to_owned(),
                purpose: "Open an account".to_owned(),
                through: None,
                language: Language::En,
                groups,
                claims: ClaimSet::new(requested.closure().claims).unwrap(),
                sod_hash: Some(binding::sod_hash(&dump.sod)),
                at: 1_780_315_200,
            },
            document: Document::Icao { sod: Bytes(dump.sod.clone()), groups: files },
            proofs: ChipProofs { active_authentication },
            token: None,
            host_asserted: HostAsserted {
                host: "0.1.0".to_owned(),
                access: Access::PaceMrz,
                card_access: CardAccess::NotSigned,
                chip_authentication: None,
                not_given: Vec::new(),
            },
        };
        Self { answer, request, dump }
    }

    pub(crate) fn with(mut self, change: impl FnOnce(&mut IdentityAnswer)) -> Self {
        change(&mut self.answer);
        self
    }

    pub(crate) fn files(answer: &mut IdentityAnswer) -> &mut BTreeMap<ChipGroup, Bytes> {
        let Document::Icao { groups, .. } = &mut answer.document else { unreachable!("made of a chip") };
        groups
    }

    fn sealed_for(&self, recipient: &PrivateJwk, origin: &Origin, challenge: &Challenge) -> String {
        let header = JweHeader {
            type_: Some(header::TYPE.to_owned()),
            own: binding::protected_members(origin, challenge),
            ..JweHeader::default()
        };
        let json = serde_json::to_vec(&self.answer).unwrap();
        jwe::encrypt(recipient.public(), &header, &json, &mut drawn()).unwrap()
    }

    pub(crate) fn sealed(&self) -> String {
        self.sealed_for(&key("2026-01"), &origin(), &challenge())
    }
}

pub(crate) fn expected<'a>(origin: &'a Origin, challenge: &'a Challenge, proof: ProofWanted) -> Expected<'a> {
    Expected { origin, request: ExpectedRequest::NotCompared { challenge, proof, holder: Holder::None } }
}

fn verify_as(
    text: &str,
    store: &CscaStore,
    proof: ProofWanted,
    source: Option<&dyn StatusSource>,
) -> Result<VerifiedIdentity, Box<RefusedIdentity>> {
    verify_to(text, store, &expected(&origin(), &challenge(), proof), source)
}

fn verify_to(
    text: &str,
    store: &CscaStore,
    expected: &Expected<'_>,
    source: Option<&dyn StatusSource>,
) -> Result<VerifiedIdentity, Box<RefusedIdentity>> {
    let keys = [key("2026-01"), key("older")];
    let mut verifier = IdentityVerifier::new(&keys, store, Assurance::Test);
    if let Some(source) = source {
        verifier = verifier.and_status(source);
    }
    verifier.verify(text, expected, None, now())
}

/// What the server of the portal makes of it that sent the request.
pub(crate) fn verify(host: &Host, spec: &CardSpec) -> Result<VerifiedIdentity, Box<RefusedIdentity>> {
    let expected = Expected { origin: &origin(), request: ExpectedRequest::Sent(&host.request) };
    verify_to(&host.sealed(), &store_of(spec), &expected, None)
}

pub(crate) fn failure(host: &Host, spec: &CardSpec) -> (&'static str, Step) {
    let refused = verify(host, spec).unwrap_err();
    let failed = refused.checks.iter().find(|check| check.outcome == Outcome::Failed).unwrap();
    assert_eq!(refused.checks.len(), Step::ALL.len());
    (refused.failure.code(), failed.step)
}

/// With active authentication.
pub(crate) fn card() -> CardSpec {
    CardSpec::new(Personality::Bahrain2025)
}

#[test]
fn an_answer_tells_who_it_is_and_how_that_is_known() {
    let spec = card();
    let holder = spec.holder().unwrap();
    let verified = verify(&Host::of(&spec), &spec).unwrap();
    assert_eq!(verified.chip, Chip::ActiveAuthentication);
    assert_eq!((verified.level, verified.assurance), (Level::Low, Assurance::Test));
    assert_eq!((verified.holder_verification, verified.link), (None, None));
    let names: Vec<String> = verified.claims.keys().map(ToString::to_string).collect();
    assert_eq!(names, ["given_name", "family_name", "birthdate", "age_over_18", "nationalities", "photo"]);
    let value = |name: &str| &verified.claims[&Claim::parse(name).unwrap()];
    let text = |name: &str| serde_json::to_value(&value(name).value).unwrap();
    assert_eq!(text("family_name"), holder.surname.to_uppercase());
    assert_eq!(value("nationalities").value, Value::List(vec!["MAR".to_owned()]));
    assert_eq!(value("age_over_18").value, Value::Flag(true));
    assert_eq!(value("given_name").provenance, Provenance::IssuerSigned { group: DataGroup::Dg1 });
    // two digits of the year are signed, the century is not
    assert_eq!(value("birthdate").provenance, Provenance::Derived { group: DataGroup::Dg1 });
    let Value::Image { media_type, data } = &value("photo").value else { panic!("no image") };
    assert!(media_type.starts_with("image/j") && data.len() > 100);
    let json = serde_json::to_value(&verified).unwrap();
    assert_eq!(json["holderVerification"], "none");
    assert_eq!(json["claims"]["age_over_18"]["provenance"], "derived");
    assert_eq!(json["status"], "not-checked");
    assert_eq!(json["chip"], "active-authentication");
    for check in &verified.checks {
        let open = matches!(check.step, Step::Holder | Step::Status);
        assert_eq!(check.outcome, if open { Outcome::NotChecked } else { Outcome::Passed }, "{check:?}");
    }
}

#[test]
fn what_is_for_somebody_else_or_another_time_is_refused() {
    let spec = card();
    let (host, store) = (Host::of(&spec), store_of(&spec));
    let other_origin = Origin::parse("https://portal.example.bh").unwrap();
    let other_challenge = Challenge::parse(&TEXT.replace("MDEy", "MDEz")).unwrap();
    let stranger = key("a stranger's");
    for (sealed, code) in [
        (host.sealed_for(&key("2026-01"), &other_origin, &challenge()), "answer-to-another-request"),
        (host.sealed_for(&key("2026-01"), &origin(), &other_challenge), "answer-to-another-request"),
        (host.sealed_for(&stranger, &origin(), &challenge()), "answer-for-another-key"),
        // a key of the verifier, but not the one that the chip signed for
        (host.sealed_for(&key("older"), &origin(), &challenge()), "chip-proof-invalid"),
        (host.sealed().replace('.', ""), "answer-not-decrypted"),
        (String::new(), "answer-not-decrypted"),
    ] {
        let refused = verify_as(&sealed, &store, ProofWanted::Chip, None).unwrap_err();
        assert_eq!(refused.failure.code(), code);
    }
    // the protected header is right, and what is inside is another portal's
    let inside = Host::of(&spec).with(|answer| answer.request.origin = other_origin.clone());
    assert_eq!(failure(&inside, &spec), ("answer-to-another-request", Step::Request));
    let inside = Host::of(&spec).with(|answer| answer.request.challenge = other_challenge.clone());
    assert_eq!(failure(&inside, &spec), ("answer-to-another-request", Step::Request));
    // an honest answer for another portal, given to this one under a new envelope
    let sealed = host.sealed();
    let keys = [key("2026-01")];
    let verifier = IdentityVerifier::new(&keys, &store, Assurance::Test);
    let elsewhere = expected(&other_origin, &other_challenge, ProofWanted::Chip);
    let refused = verifier.verify(&sealed, &elsewhere, None, now()).unwrap_err();
    assert_eq!(refused.failure.code(), "answer-to-another-request");
}

#[test]
fn any_change_of_the_envelope_is_refused() {
    let spec = card();
    let (sealed, store) = (Host::of(&spec).sealed(), store_of(&spec));
    let step = sealed.len() / 61;
    for index in (0..sealed.len()).step_by(step) {
        let mut changed = sealed.clone().into_bytes();
        changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert!(verify_as(&changed, &store, ProofWanted::Chip, None).is_err(), "{index}");
    }
}

#[test]
fn an_altered_document_is_not_genuine() {
    let spec = card();
    let document = ("document-not-genuine", Step::Document);
    for (group, from_end) in [(1, 3), (1, 40), (2, 10), (14, 5), (15, 9)] {
        let host = Host::of(&spec).with(|answer| {
            let file = Host::files(answer).get_mut(&file(group)).unwrap();
            let index = file.0.len() - from_end;
            file.0[index] ^= 1;
        });
        assert_eq!(failure(&host, &spec), document, "DG{group}");
    }
    let (nobody, _) = CscaStoreBuilder::new().build();
    let refused = verify_as(&Host::of(&spec).sealed(), &nobody, ProofWanted::Chip, None);
    let refused = refused.unwrap_err();
    assert!(matches!(refused.failure, IdentityFailure::NotGenuine(_)));
    assert!(refused.to_string().contains("is not known"), "{refused}");
}

#[test]
fn a_dump_without_the_chip_is_refused_for_every_make() {
    for spec in makes() {
        for asserted in [None, Some(true)] {
            let host = Host::of(&spec).with(|answer| {
                answer.proofs.active_authentication = None;
                answer.host_asserted.chip_authentication = asserted;
            });
            assert_eq!(failure(&host, &spec), ("chip-proof-missing", Step::Chip), "{spec:?}");
            // hiding the keys that EF.SOD lists changes nothing
            let hidden = host.with(|answer| Host::files(answer).retain(|group, _| group.number() < 14));
            assert_eq!(failure(&hidden, &spec), ("chip-proof-missing", Step::Chip), "{spec:?}");
        }
    }
    // a signature for another challenge
    let spec = card();
    let host = Host::of(&spec).with(|answer| {
        let [first, second] = answer.proofs.active_authentication.take().unwrap();
        answer.proofs.active_authentication = Some([second, first]);
    });
    assert_eq!(failure(&host, &spec), ("chip-proof-invalid", Step::Chip));
}

#[test]
fn a_portal_that_asked_for_data_only_gets_them_as_such() {
    let spec = card();
    let host = Host::asked(&spec, &ASKED, &[], ProofWanted::DataOnly)
        .with(|answer| answer.proofs.active_authentication = None);
    let verified = verify(&host, &spec).unwrap();
    assert_eq!((verified.chip, verified.level), (Chip::DataOnly, Level::None));
    // nobody else does, whatever the host says was asked
    let refused = verify_as(&host.sealed(), &store_of(&spec), ProofWanted::Chip, None).unwrap_err();
    assert_eq!(refused.failure.code(), "answer-to-another-request");
}

#[test]
fn a_clone_is_refused() {
    let faults = FaultOrder { copied: true, ..FaultOrder::default() };
    let order = DocumentOrder { faults, ..card().document.unwrap_or_default() };
    let spec = CardSpec { document: Some(order), ..card() };
    assert_eq!(failure(&Host::of(&spec), &spec), ("chip-proof-invalid", Step::Chip));
}

#[test]
fn nothing_beyond_what_was_agreed_to_is_taken() {
    let spec = card();
    let consent = |code| (code, Step::Consent);
    // a group that nobody agreed to
    let host = Host::of(&spec);
    let dg2 = Host::files(&mut host.answer.clone())[&file(2)].clone();
    let host = Host::asked(&spec, &ASKED, &[], ProofWanted::Chip).with(|answer| {
        Host::files(answer).insert(file(2), dg2);
    });
    assert_eq!(failure(&host, &spec), consent("beyond-consent"));
    // a group that was agreed to and never asked for
    let host = Host::asked(&spec, &ASKED, &[], ProofWanted::Chip)
        .with(|answer| answer.consent.groups.push(DataGroup::Dg2));
    assert_eq!(failure(&host, &spec), consent("beyond-consent"));
    // a record that is silent about what comes along
    let host = Host::of(&spec).with(|answer| answer.consent.claims = claims(&ASKED));
    assert_eq!(failure(&host, &spec), consent("consent-incomplete"));
    // refusing what is optional is an answer
    let host = Host::of(&spec).with(|answer| {
        Host::files(answer).remove(&file(2));
        answer.consent.groups.retain(|group| *group != DataGroup::Dg2);
        answer.consent.claims = ClaimSet::new(Closure::of(claims(&ASKED).iter()).claims).unwrap();
    });
    let verified = verify(&host, &spec).unwrap();
    assert!(!verified.claims.contains_key(&Claim::Photo));
}

#[test]
fn an_answer_without_the_pin_is_none_where_the_pin_was_asked_for() {
    let spec = card();
    let host = Host::of(&spec).with(|answer| answer.request.holder = Holder::Pin);
    let (keys, store) = ([key("2026-01")], store_of(&spec));
    let verifier = IdentityVerifier::new(&keys, &store, Assurance::Test);
    let (origin, challenge) = (origin(), challenge());
    let request =
        ExpectedRequest::NotCompared { challenge: &challenge, proof: ProofWanted::Chip, holder: Holder::Pin };
    let pin = Expected { origin: &origin, request };
    let refused = verifier.verify(&host.sealed(), &pin, None, now()).unwrap_err();
    assert_eq!(refused.failure.code(), "holder-verification-missing");
    let refused = verifier.verify(&Host::of(&spec).sealed(), &pin, None, now()).unwrap_err();
    assert_eq!(refused.failure.code(), "answer-to-another-request");
}

/// Says this of one document, and nothing of others.
struct Register([u8; 32], DocumentStatus);

impl StatusSource for Register {
    fn status(&self, sod: &[u8; 32], _: DateTime) -> DocumentStatus {
        if *sod == self.0 { self.1 } else { DocumentStatus::NotChecked }
    }
}

#[test]
fn a_document_that_was_withdrawn_is_refused() {
    let spec = card();
    let (host, store) = (Host::of(&spec), store_of(&spec));
    let known = bitaqa_trust::identity::verification::status_key(&host.dump.sod);
    let asked =
        |status, key| verify_as(&host.sealed(), &store, ProofWanted::Chip, Some(&Register(key, status)));
    assert_eq!(asked(DocumentStatus::InUse, known).unwrap().status, DocumentStatus::InUse);
    assert_eq!(asked(DocumentStatus::InUse, [0; 32]).unwrap().status, DocumentStatus::NotChecked);
    let lost = DocumentStatus::Withdrawn { reason: WithdrawalReason::Lost };
    let refused = asked(lost, known).unwrap_err();
    assert_eq!(refused.failure, IdentityFailure::Withdrawn { reason: WithdrawalReason::Lost });
}

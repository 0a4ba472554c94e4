//! Platforms that ask for portals: which are believed, who can read the answer, and which requests they cover.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

mod by_others;
#[path = "../example_pack/mod.rs"]
mod example_pack;
mod sides;

use bitaqa_jose::{Curve, PrivateJwk};
use bitaqa_protocol::{
    Challenge, Claim, ClaimSet, Origin, PurposeId, Statement,
    claim::RequestedClaims,
    encode_base64,
    identity::{Holder, IdentityRequest, ProofWanted, StatementText},
    mediation::{MediationError, Mode, TYPE},
    statement::StatementId,
};
use bitaqa_trust::{
    Assurance, TrustPacks,
    mediation::{JoinError, Joining, MediatedRequestError, MediationFailure, issue, verify},
    statement::{self, AuthorizationError, StatementFailure},
    trust_pack::{PackContents, PackName},
};
use example_pack::{DAY, NOW, contents, issuer_key, key, known, pack, portal_key, statement, time};
use proptest::prelude::*;
use serde_json::{Value, json};
use sides::{
    Sides, believed, challenge, claims, own_statement, packs, page, platform_key, purpose, refused, request,
    sides,
};

const MODES: [Mode; 2] = [Mode::Relay, Mode::Assert];

#[test]
fn the_mode_says_who_can_read_the_answer_and_whose_statement_comes_first() {
    for (mode, reader, first) in [(Mode::Relay, portal_key(), "one"), (Mode::Assert, platform_key(), "own")] {
        let text = sides().joined(mode);
        let verified = believed(&text);
        assert_eq!(verified.recipient().thumbprint(), reader.public().thumbprint(), "{mode:?}");
        assert_eq!(verified.portal.statement, statement());
        assert_eq!(verified.platform.statement, own_statement());
        assert_eq!(verified.assurance, Assurance::Production);
        let before = statement::verify(text.of_recipient(), &packs(), time(NOW)).unwrap();
        assert_eq!(before.statement.jti.as_str(), first);
        assert_eq!(verified.authorize(&page(), &request(&text)).unwrap().id, purpose());
    }
}

#[test]
fn one_statement_alone_joins_nothing() {
    let alone = StatementText::parse(&sides().portal).unwrap();
    assert_eq!(refused(&alone), MediationFailure::NotJoined);
}

#[test]
fn a_statement_put_in_the_place_of_another_is_found() {
    let other = Statement { jti: StatementId::parse("two").unwrap(), ..statement() };
    let other = statement::issue(&other, &issuer_key()).unwrap();
    for mode in MODES {
        let good = sides().joined(mode);
        let [first, joining, last] = good.joined().unwrap();
        let text =
            |first: &str, last: &str| StatementText::parse(&format!("{first}~{joining}~{last}")).unwrap();
        let (portal, platform) = if mode == Mode::Relay {
            (text(&other, last), text(first, &other))
        } else {
            (text(first, &other), text(&other, last))
        };
        assert_eq!(refused(&portal), MediationFailure::OtherPortalStatement);
        assert_eq!(refused(&platform), MediationFailure::OtherPlatformStatement);
        // and the two in each other's place: the answer would go to the other
        assert_eq!(refused(&text(last, first)), MediationFailure::OtherPortalStatement);
    }
}

#[test]
fn a_mode_that_was_changed_no_longer_fits_the_order_of_the_statements() {
    for (mode, other) in [(Mode::Relay, "assert"), (Mode::Assert, "relay")] {
        let text = sides().forged(mode, |value| value["mode"] = json!(other));
        assert_eq!(refused(&text), MediationFailure::OtherPortalStatement);
    }
}

#[test]
fn the_recipient_is_the_key_of_who_the_mode_says() {
    let thumbprint = |key: PrivateJwk| bitaqa_jose::base64url::encode(key.public().thumbprint().as_bytes());
    for (mode, wrong) in [(Mode::Relay, platform_key()), (Mode::Assert, portal_key())] {
        let text = sides().forged(mode, |value| value["recipient"] = thumbprint(wrong).into());
        assert_eq!(refused(&text), MediationFailure::OtherRecipient, "{mode:?}");
    }
}

#[test]
fn only_a_platform_that_a_pack_names_joins() {
    let sides = sides();
    let signer = |by: &PrivateJwk| refused(&sides.forged_as(Mode::Relay, TYPE, by, |_| ()));
    let unknown = MediationFailure::Signer(StatementFailure::KeyUnknown);
    assert_eq!(signer(&portal_key()), unknown, "a portal joins nothing");
    let mut members: Value = serde_json::from_str(&key(Curve::P256, 50).to_json()).unwrap();
    members["kid"] = issuer_key().public().key_id().into();
    let impostor = PrivateJwk::parse(members.to_string().as_bytes()).unwrap();
    assert_eq!(signer(&impostor), MediationFailure::Signer(StatementFailure::Signature));
    for type_ in ["JWT", bitaqa_protocol::statement::TYPE] {
        let text = sides.forged_as(Mode::Relay, type_, &issuer_key(), |_| ());
        assert!(matches!(refused(&text), MediationFailure::Signer(StatementFailure::Format(_))), "{type_}");
    }
    // nor is a statement what joins, nor what joins a statement
    let twice = format!("{0}~{1}~{0}", sides.portal, sides.platform);
    let twice = StatementText::parse(&twice).unwrap();
    assert!(matches!(refused(&twice), MediationFailure::Signer(StatementFailure::Format(_))));
    let good = sides.joined(Mode::Relay);
    let joining = good.joined().unwrap()[1];
    let failure = statement::verify(joining, &packs(), time(NOW)).unwrap_err().failure;
    assert!(matches!(failure, StatementFailure::Format(_)));
    let nobody = verify(&good, &TrustPacks::default(), time(NOW)).unwrap_err();
    assert_eq!(nobody, MediationFailure::Signer(StatementFailure::IssuerUnknown));
}

#[test]
fn all_three_are_of_one_issuer_and_believed_through_one_pack() {
    let elsewhere = "https://other.example.ma";
    let of_other = Statement { iss: elsewhere.to_owned().try_into().unwrap(), ..statement() };
    let both_issuers = |contents: &mut PackContents| {
        let mut second = contents.statement_issuers[0].clone();
        second.iss = elsewhere.to_owned().try_into().unwrap();
        contents.statement_issuers.push(second);
    };
    let mut together = contents();
    both_issuers(&mut together);
    let packs = TrustPacks::new(vec![pack(&together)]);
    let foreign = statement::issue(&of_other, &issuer_key()).unwrap();
    let digest = |text: &str| {
        use sha2::Digest as _;
        bitaqa_jose::base64url::encode(&sha2::Sha256::digest(text))
    };
    let good = sides().forged(Mode::Relay, |value| value["portal"] = digest(&foreign).into());
    let [_, joining, last] = good.joined().unwrap();
    let text = StatementText::parse(&format!("{foreign}~{joining}~{last}")).unwrap();
    assert_eq!(verify(&text, &packs, time(NOW)).unwrap_err(), MediationFailure::OtherIssuer);

    // the portal's statement by a key that only another pack vouches for
    let other_key = key(Curve::P256, 60);
    let mut second = contents();
    second.name = PackName::parse("second").unwrap();
    second.statement_issuers[0].keys = vec![known(other_key.public())];
    let packs = TrustPacks::new(vec![pack(&contents()), pack(&second)]);
    let portal = statement::issue(&statement(), &other_key).unwrap();
    let good = sides().forged(Mode::Relay, |value| value["portal"] = digest(&portal).into());
    let [_, joining, last] = good.joined().unwrap();
    let text = StatementText::parse(&format!("{portal}~{joining}~{last}")).unwrap();
    assert_eq!(verify(&text, &packs, time(NOW)).unwrap_err(), MediationFailure::OtherPack);
}

#[test]
fn nothing_outlives_either_statement() {
    let text = sides().joined(Mode::Relay);
    let exp = believed(&text).mediation.exp;
    assert_eq!(exp, statement().exp.min(own_statement().exp));
    let longer = sides().forged(Mode::Relay, |value| value["exp"] = json!(exp + 1));
    assert_eq!(refused(&longer), MediationFailure::OutlivesStatement);
    // the one that ends first decides
    let brief = Statement { exp: NOW + 30, ..own_statement() };
    let text = Sides::of(&statement(), &brief).joined(Mode::Relay);
    assert_eq!(believed(&text).mediation.exp, NOW + 30);
    let ended = verify(&text, &packs(), time(NOW + 30)).unwrap_err();
    assert_eq!(ended, MediationFailure::Expired);
}

#[test]
fn it_counts_from_its_beginning_to_its_end() {
    let sides = sides();
    let early = sides.forged(Mode::Assert, |value| value["iat"] = json!(NOW + 61));
    assert_eq!(refused(&early), MediationFailure::NotYetValid);
    let just = sides.forged(Mode::Assert, |value| value["iat"] = json!(NOW + 60));
    assert!(verify(&just, &packs(), time(NOW)).is_ok());
    let long = sides.forged(Mode::Assert, |value| value["iat"] = json!(NOW - 361));
    assert_eq!(refused(&long), MediationFailure::Content(MediationError::Lifetime { seconds: 901 }));
    let over = sides.forged(Mode::Assert, |value| {
        value["iat"] = json!(NOW - 20);
        value["exp"] = json!(NOW);
    });
    assert_eq!(refused(&over), MediationFailure::Expired);
    // a statement that has ended ends both
    let (portal, platform) = (statement(), own_statement());
    let late = Sides::of(&portal, &platform).joined(Mode::Assert);
    assert_eq!(verify(&late, &packs(), time(NOW + DAY)).unwrap_err(), MediationFailure::Expired);
}

#[test]
fn a_statement_that_is_not_believed_is_named() {
    let digest = |text: &str| {
        use sha2::Digest as _;
        bitaqa_jose::base64url::encode(&sha2::Sha256::digest(text))
    };
    let stale = |of: Statement| {
        let stale = Statement { iat: NOW - 600, exp: NOW - 10, ..of };
        statement::issue(&stale, &issuer_key()).unwrap()
    };
    let (portal, platform) = (stale(statement()), stale(own_statement()));
    let good = sides();
    let in_place = |member: &str, text: &str, first: &str, last: &str| {
        let forged = good.forged(Mode::Relay, |value| value[member] = digest(text).into());
        let joining = forged.joined().unwrap()[1].to_owned();
        StatementText::parse(&format!("{first}~{joining}~{last}")).unwrap()
    };
    let of_portal = in_place("portal", &portal, &portal, &good.platform);
    assert_eq!(refused(&of_portal), MediationFailure::Portal(StatementFailure::Expired));
    let of_platform = in_place("platform", &platform, &good.portal, &platform);
    assert_eq!(refused(&of_platform), MediationFailure::Platform(StatementFailure::Expired));
}

#[test]
fn the_platforms_statement_is_the_platforms_and_names_the_page() {
    // a portal that the platform registered, in the platform's place: it would be shown as the one who reads
    let posing =
        Statement { origins: vec![Origin::parse("https://thief.example.ma").unwrap()], ..own_statement() };
    let text = Sides::of(&statement(), &posing).joined(Mode::Relay);
    assert_eq!(refused(&text), MediationFailure::NotThePlatform);
    let neighbour = Statement {
        origins: vec![Origin::parse("https://platform.example.ma.example.ma").unwrap()],
        ..own_statement()
    };
    let text = Sides::of(&statement(), &neighbour).joined(Mode::Relay);
    assert_eq!(refused(&text), MediationFailure::NotThePlatform);
    let elsewhere = sides().forged(Mode::Relay, |value| value["aud"] = json!("https://portal.example.ma"));
    assert_eq!(refused(&elsewhere), MediationFailure::ForeignAudience);
    // another page of the platform's is one for which it has to be made
    let text = sides().joined(Mode::Relay);
    let login = Origin::parse("https://login.example.ma").unwrap();
    assert_eq!(believed(&text).authorize(&login, &request(&text)), Err(MediatedRequestError::OtherPage));
    let text = sides().forged(Mode::Relay, |value| value["aud"] = json!("https://login.example.ma"));
    assert!(believed(&text).authorize(&login, &request(&text)).is_ok());
    assert_eq!(believed(&text).authorize(&page(), &request(&text)), Err(MediatedRequestError::OtherPage));
}

#[test]
fn a_request_is_the_one_that_was_joined_for() {
    for mode in MODES {
        let text = sides().joined(mode);
        let verified = believed(&text);
        let refusal = |change: &dyn Fn(&mut IdentityRequest)| {
            let mut request = request(&text);
            change(&mut request);
            verified.authorize(&page(), &request).unwrap_err()
        };
        let other = Challenge::parse(&encode_base64(&[8; 32])).unwrap();
        assert_eq!(
            refusal(&|request| request.challenge = other.clone()),
            MediatedRequestError::OtherChallenge
        );
        let purpose = PurposeId::parse("close-account").unwrap();
        assert_eq!(refusal(&|request| request.purpose = purpose.clone()), MediatedRequestError::OtherPurpose);
        let more = ClaimSet::new([Claim::Birthdate]).unwrap();
        let more = RequestedClaims::new(claims().required().clone(), more).unwrap();
        assert_eq!(refusal(&|request| request.claims = more.clone()), MediatedRequestError::OtherClaims);
        assert_eq!(refusal(&|request| request.holder = Holder::Pin), MediatedRequestError::OtherHolder);
        for proof in [ProofWanted::ChipAuthentication, ProofWanted::DataOnly, ProofWanted::Unsigned] {
            assert_eq!(
                refusal(&|request| request.proof = proof),
                MediatedRequestError::OtherProof,
                "{proof:?}"
            );
        }
        let portal = Origin::parse("https://portal.example.ma").unwrap();
        assert_eq!(
            verified.authorize(&portal, &request(&text)),
            Err(MediatedRequestError::OtherPage),
            "the portal's own page does not ask through the platform"
        );
    }
}

#[test]
fn nobody_learns_what_the_own_statement_does_not_allow() {
    let beyond = |error: MediatedRequestError| match error {
        MediatedRequestError::Portal(AuthorizationError::ClaimsExceedStatement { beyond }) => {
            ("portal", beyond)
        }
        MediatedRequestError::Platform(AuthorizationError::ClaimsExceedStatement { beyond }) => {
            ("platform", beyond)
        }
        other => panic!("{other}"),
    };
    let narrow = ClaimSet::new([Claim::Photo]).unwrap();
    let portal = Statement { claims: narrow.clone(), ..statement() };
    let platform = Statement { claims: narrow, ..own_statement() };
    for mode in MODES {
        let text = Sides::of(&portal, &own_statement()).joined(mode);
        let (who, claims) = beyond(believed(&text).authorize(&page(), &request(&text)).unwrap_err());
        assert_eq!(who, "portal");
        assert!(claims.contains(&Claim::FamilyName));
    }
    let text = Sides::of(&statement(), &platform).joined(Mode::Assert);
    assert_eq!(beyond(believed(&text).authorize(&page(), &request(&text)).unwrap_err()).0, "platform");
    // who cannot read it needs no leave to
    let text = Sides::of(&statement(), &platform).joined(Mode::Relay);
    assert!(believed(&text).authorize(&page(), &request(&text)).is_ok());
    let unknown = sides().forged(Mode::Relay, |value| value["purpose"] = json!("close-account"));
    let asked = IdentityRequest { purpose: PurposeId::parse("close-account").unwrap(), ..request(&unknown) };
    assert_eq!(
        believed(&unknown).authorize(&page(), &asked),
        Err(MediatedRequestError::Portal(AuthorizationError::PurposeUnknown))
    );
}

#[test]
fn a_pack_for_tests_makes_the_whole_a_test() {
    let mut test = contents();
    test.test = true;
    let text = sides().joined(Mode::Assert);
    let verified = verify(&text, &TrustPacks::new(vec![pack(&test)]), time(NOW)).unwrap();
    assert_eq!(verified.assurance, Assurance::Test);
}

#[test]
fn what_would_not_be_believed_is_not_joined() {
    let sides = sides();
    let read = |text: &str| statement::verify(text, &packs(), time(NOW)).unwrap();
    let (portal, platform) = (read(&sides.portal), read(&sides.platform));
    let joining = Joining {
        portal: (&sides.portal, &portal.statement),
        platform: (&sides.platform, &platform.statement),
        mode: Mode::Relay,
        page: &page(),
        purpose: &purpose(),
        claims: &claims(),
        challenge: &challenge(),
        holder: Holder::None,
        proof: ProofWanted::Chip,
        id: &StatementId::parse("late").unwrap(),
        at: statement().exp,
    };
    assert_eq!(issue(&joining, &issuer_key()), Err(JoinError::Mediation(MediationError::Times)));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn three_texts_are_believed_unaltered_or_not_at_all(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut changed = sides().joined(Mode::Relay).as_str().as_bytes().to_vec();
        let at = at.index(changed.len());
        prop_assume!(changed[at] != byte);
        changed[at] = byte;
        if let Some(text) = String::from_utf8(changed).ok().and_then(|text| StatementText::parse(&text).ok()) {
            prop_assert!(verify(&text, &packs(), time(NOW)).is_err());
        }
    }
}

//! The crate `dmrtd` as the terminal: basic access control, PACE with the generic mapping and AES, passive and active
//! authentication. It has neither the integrated nor the chip authentication mapping, nor 3DES with PACE.

use std::sync::LazyLock;

use bitaqa_curves::{Curve, modp::Group};
use bitaqa_virtual_card::{
    Card, CardSpec, Pki,
    icao::{
        active_authentication::ActiveAuthenticationKind,
        cipher::Cipher,
        domain::Domain,
        order::DocumentOrder,
        pace::{Mapping, Offer},
    },
    pki::{CountryKey, DocumentAuthority},
    rules::Protocol,
    spec::{Hypothesis, Personality},
};
use dmrtd::{
    auth::passive::{self, DataGroup, PassiveAuth, PassiveAuthError, TrustAnchor},
    com::{TransceiveError, Transceiver},
    lds::{
        df1::{efdg1::EfDG1, efdg2::EfDG2},
        ef::ElementaryFile,
        mrz::Mrz,
    },
    passport::Passport,
    proto::{can_key::CanKey, dba_key::DBAKey},
};

static PKI: LazyLock<Pki> = LazyLock::new(|| Pki::generate().unwrap());

/// The card, as that crate wants one. It leaves answers in several parts (`61XX`) to the transport.
struct InProcess(Card);

impl InProcess {
    fn exchange(&mut self, command: &[u8]) -> Result<Vec<u8>, TransceiveError> {
        let answer = self.0.transmit(Protocol::T1, command).answer;
        answer.ok_or_else(|| TransceiveError::new("no answer"))
    }
}

impl Transceiver for InProcess {
    fn transceive(&mut self, command: &[u8]) -> Result<Vec<u8>, TransceiveError> {
        let mut answer = self.exchange(command)?;
        while let [.., 0x61, rest] = answer[..] {
            answer.truncate(answer.len() - 2);
            answer.extend(self.exchange(&[0x00, 0xC0, 0x00, 0x00, rest])?);
        }
        Ok(answer)
    }
}

fn terminal(spec: &CardSpec) -> Passport<InProcess> {
    Passport::new(InProcess(spec.make(&PKI).unwrap()))
}

/// The printed zone, as that crate reads it.
fn zone(spec: &CardSpec) -> Mrz {
    Mrz::from_bytes(spec.mrz().unwrap().text().as_bytes()).unwrap()
}

/// The zone as the key of PACE.
fn key_of_pace(zone: &Mrz) -> DBAKey {
    DBAKey::new(zone.document_number(), zone.date_of_birth, zone.date_of_expiry, true).unwrap()
}

fn anchor(spec: &CardSpec, key: CountryKey) -> TrustAnchor {
    let authority = DocumentAuthority::of(&spec.holder().unwrap().country, key).unwrap();
    TrustAnchor::from_certificate(authority.certificate().der()).unwrap()
}

/// Reads what the common file lists, of DG1 and DG2.
fn read(passport: &mut Passport<InProcess>) -> (EfDG1, EfDG2) {
    assert_eq!(passport.read_ef_com().unwrap().version(), "0107");
    (passport.read_ef_dg1().unwrap(), passport.read_ef_dg2().unwrap())
}

fn authenticated(
    passport: &mut Passport<InProcess>,
    anchor: TrustAnchor,
) -> Result<PassiveAuth, PassiveAuthError> {
    let (zone, portrait) = read(passport);
    let signed = passport.read_ef_sod().unwrap();
    let groups = [
        DataGroup { number: 1, bytes: zone.to_bytes() },
        DataGroup { number: 2, bytes: portrait.to_bytes() },
    ];
    passive::verify(signed.to_bytes(), &groups, &[anchor])
}

fn assert_read(spec: &CardSpec, passport: &mut Passport<InProcess>, what: &str) {
    let (group, portrait) = read(passport);
    assert_eq!(group.mrz().to_bytes(), spec.mrz().unwrap().text().as_bytes(), "{what}");
    assert!(portrait.image_type().is_some(), "{what}");
    let outcome = authenticated(passport, anchor(spec, CountryKey::default())).unwrap();
    assert!(outcome.is_authentic(), "{what}: {outcome:?}");
}

#[test]
fn dmrtd_opens_a_passport_with_basic_access_control_and_finds_it_authentic_and_no_copy() {
    let spec = CardSpec::new(Personality::PassportBac);
    let mut passport = terminal(&spec);
    passport.start_session(DBAKey::from_mrz(&zone(&spec)).unwrap()).unwrap();
    assert_read(&spec, &mut passport, "basic access control");
    passport.verify_active_authentication(b"12345678").unwrap();
}

#[test]
fn dmrtd_with_the_zone_of_another_is_refused() {
    let spec = CardSpec::new(Personality::PassportBac);
    let other = spec.clone().for_person("youssef");
    let refusal = terminal(&spec).start_session(DBAKey::from_mrz(&zone(&other)).unwrap()).unwrap_err();
    assert!(refusal.to_string().ends_with("sw=6300"), "{refusal}");
}

/// A document that offers this one way to run PACE.
fn offering(cipher: Cipher, domain: Domain) -> CardSpec {
    let offer = Offer { mapping: Mapping::Generic, cipher, domain };
    let order = DocumentOrder { pace: Some(vec![offer]), ..DocumentOrder::default() };
    CardSpec::cnie_2(Hypothesis::IcaoOnly, 0).with_document(order)
}

/// How often a session in a finite field may begin again. That crate leaves leading zero bytes out of the shared secret,
/// which PKCS #3 keeps: once in 256 times the two do not agree, and the card refuses the terminal's token.
const MOST_SESSIONS: usize = 6;

/// Opens the document with its card access number.
fn opened(spec: &CardSpec, sessions: usize, what: &str) -> Passport<InProcess> {
    let open = || {
        let mut passport = terminal(spec);
        let access = passport.read_ef_card_access().unwrap();
        passport.start_session_pace(CanKey::new("123456").unwrap(), &access).map(|()| passport)
    };
    for _ in 1..sessions {
        match open() {
            Ok(passport) => return passport,
            Err(refusal) => assert!(refusal.to_string().ends_with("sw=6300"), "{what}: {refusal}"),
        }
    }
    open().map_err(|refusal| refusal.to_string()).expect(what)
}

#[test]
fn dmrtd_opens_with_the_generic_mapping_where_it_knows_the_domain_parameters() {
    use Curve::{BrainpoolP256r1, BrainpoolP384r1, P224, P256, P384, P521};
    let curves = [P224, P256, P384, P521, BrainpoolP256r1, BrainpoolP384r1].map(Domain::Curve);
    let groups =
        [Group::Rfc5114_1024_160, Group::Rfc5114_2048_224, Group::Rfc5114_2048_256].map(Domain::Group);
    for domain in curves.into_iter().chain(groups) {
        for cipher in [Cipher::Aes128, Cipher::Aes192, Cipher::Aes256] {
            let spec = offering(cipher, domain);
            let what = format!("{cipher:?} {domain:?}");
            let sessions = if matches!(domain, Domain::Group(_)) { MOST_SESSIONS } else { 1 };
            let mut passport = opened(&spec, sessions, &what);
            assert_read(&spec, &mut passport, &what);
        }
    }
}

#[test]
fn dmrtd_opens_with_pace_and_the_zone() {
    let spec = offering(Cipher::Aes128, Domain::Curve(Curve::P256));
    let mut passport = terminal(&spec);
    let access = passport.read_ef_card_access().unwrap();
    passport.start_session_pace(key_of_pace(&zone(&spec)), &access).unwrap();
    assert_read(&spec, &mut passport, "PACE with the zone");
}

#[test]
fn dmrtd_finds_documents_of_every_kind_of_country_key_authentic() {
    use CountryKey::{BrainpoolP256r1, BrainpoolP384r1, Rsa3072, Rsa3072Pss};
    for key in [BrainpoolP256r1, BrainpoolP384r1, Rsa3072, Rsa3072Pss] {
        let order = DocumentOrder { country_key: key, ..DocumentOrder::default() };
        let spec = CardSpec::new(Personality::PassportBac).with_document(order);
        let mut passport = terminal(&spec);
        passport.start_session(DBAKey::from_mrz(&zone(&spec)).unwrap()).unwrap();
        let outcome = authenticated(&mut passport, anchor(&spec, key)).unwrap();
        assert!(outcome.is_authentic(), "{key:?}: {outcome:?}");
    }
}

#[test]
fn dmrtd_notices_a_portrait_that_was_not_signed() {
    let mut order = DocumentOrder::default();
    order.faults.tampered_group = Some(2);
    let spec = CardSpec::new(Personality::PassportBac).with_document(order);
    let mut passport = terminal(&spec);
    passport.start_session(DBAKey::from_mrz(&zone(&spec)).unwrap()).unwrap();
    let noticed = authenticated(&mut passport, anchor(&spec, CountryKey::default()));
    assert_eq!(noticed, Err(PassiveAuthError::DataGroupHashMismatch(2)));
}

#[test]
fn dmrtd_believes_chips_that_sign_and_notices_copies() {
    use ActiveAuthenticationKind::{Rsa1024Sha1, Rsa2048Sha1, Rsa2048Sha256};
    for kind in [Rsa1024Sha1, Rsa2048Sha1, Rsa2048Sha256] {
        for copied in [false, true] {
            let mut order = DocumentOrder { active_authentication: Some(kind), ..DocumentOrder::default() };
            order.faults.copied = copied;
            let spec = CardSpec::new(Personality::PassportBac).with_document(order);
            let mut passport = terminal(&spec);
            passport.start_session(DBAKey::from_mrz(&zone(&spec)).unwrap()).unwrap();
            let believed = passport.verify_active_authentication(b"87654321");
            assert_eq!(believed.is_ok(), !copied, "{kind:?} {believed:?}");
        }
    }
}

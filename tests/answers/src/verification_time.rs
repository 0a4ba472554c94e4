//! What a portal's server computes: sign-in tokens and identity answers verified per second on one core, beside the signature checks that
//! each contains, made by the same crates with keys and certificates that were read before.

use std::{
    hint::black_box,
    time::{Duration, SystemTime},
};

use bitaqa_card::{
    active_authentication::ActiveAuthenticationKey,
    lds::{DataGroup, Dg14, Sod},
    security_infos::SecurityInfos,
};
use bitaqa_jose::{
    CompactJwe, Curve, JweHeader, PrivateJwk,
    jwe::{self, ExpectedType, JweRules},
};
use bitaqa_protocol::{
    Challenge, Origin, auth_token::TokenAlgorithm, encode_base64, identity::IdentityRequest,
};
use bitaqa_trust::{
    Assurance, Certificate, DateTime, TokenVerifier, TrustStore,
    auth_token::signed_digest,
    chip_proof::active_authentication_challenge,
    csca_store::CscaStoreBuilder,
    icao_pki::IcaoCertificate,
    identity::{Expected, ExpectedRequest, IdentityVerifier},
    passive_authentication::{self, Options},
    public_key::{Hash, SignatureScheme},
};
use bitaqa_virtual_card::{
    CardSpec, Pki,
    person::Person,
    pki::{Purpose, Variant},
    private_key::{KeyKind, PrivateKey},
    spec::Personality,
};
use serde::Serialize;
use serde_json::json;

use crate::{
    AnswerError, Reader, answer, authority,
    processor::{machine, processor_time},
    sealed,
};

/// Something that was made here does not hold: then there is nothing to measure.
const NOT_READY: AnswerError = AnswerError::Missing("answer that holds");

/// How long each is measured, at least.
const LEAST: Duration = Duration::from_secs(1);
const ORIGIN: &str = "https://portal.example.ma";
const CHALLENGE: &str = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

/// What was measured.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    /// The machine.
    pub machine: String,
    /// A sign-in token: P-256, with certificates of an authority and a root on P-384.
    pub token: Measured,
    /// An identity answer with a photo and active authentication, all on the curves of the software card.
    pub identity: Measured,
}

/// One kind of verification.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Measured {
    /// Bytes of what is verified.
    pub bytes: usize,
    /// Milliseconds of the processor for one.
    pub milliseconds: f64,
    /// Verified per second on one core.
    pub per_second: f64,
    /// Signature checks that it contains, and milliseconds of each.
    pub signatures: Vec<(String, f64)>,
    /// The part of the whole that they are.
    pub part_of_signatures: f64,
    /// Other operations with keys that it contains, and milliseconds of each.
    pub agreements: Vec<(String, f64)>,
    /// The part of the whole that both are.
    pub part_of_keys: f64,
}

impl Measured {
    fn new(
        bytes: usize,
        milliseconds: f64,
        signatures: Vec<(String, f64)>,
        agreements: Vec<(String, f64)>,
    ) -> Self {
        let sum = |list: &[(String, f64)]| list.iter().map(|(_, milliseconds)| milliseconds).sum::<f64>();
        let (checks, keys) = (sum(&signatures), sum(&agreements));
        Self {
            bytes,
            milliseconds,
            per_second: 1000.0 / milliseconds,
            signatures,
            part_of_signatures: checks / milliseconds,
            agreements,
            part_of_keys: (checks + keys) / milliseconds,
        }
    }
}

/// Measures both.
///
/// # Errors
/// [`AnswerError`].
pub fn measure() -> Result<Verification, AnswerError> {
    Ok(Verification { machine: machine(), token: token()?, identity: identity()? })
}

/// As a table.
#[must_use]
pub fn table(found: &Verification) -> String {
    let of = |name: &str, measured: &Measured| {
        let line = |(what, milliseconds): &(String, f64)| format!("  {what:<58}{milliseconds:>8.3}\n");
        let list: String = measured.signatures.iter().chain(&measured.agreements).map(line).collect();
        format!(
            "{name} ({} bytes)\n  {:<58}{:>8.3}\n  {:<58}{:>8.0}\n{list}  {:<58}{:>7.0}%\n  {:<58}{:>7.0}%\n",
            measured.bytes,
            "whole",
            measured.milliseconds,
            "per second",
            measured.per_second,
            "signature checks of the whole",
            measured.part_of_signatures * 100.0,
            "with key agreement",
            measured.part_of_keys * 100.0,
        )
    };
    let head = format!("verification, milliseconds of one processor\n{}\n", found.machine);
    head + &of("sign-in token", &found.token) + &of("identity answer", &found.identity)
}

fn token() -> Result<Measured, AnswerError> {
    let (origin, challenge, at) = session()?;
    let pki = Pki::generate()?;
    let person = Person::named("amina").ok_or(NOT_READY)?;
    let key = PrivateKey::generate(KeyKind::P256)?;
    let certificate = pki.issue(&person, Purpose::Authentication, Variant::Valid, &key)?;
    let digest = signed_digest(TokenAlgorithm::ES256, &origin, &challenge);
    let signature = key.ecdsa(&digest)?;
    let json = json!({
        "unverifiedCertificate": encode_base64(certificate.der()),
        "algorithm": "ES256",
        "signature": encode_base64(&signature),
        "format": "web-eid:1.0",
    })
    .to_string();

    let read = |der: &[u8]| Certificate::from_der(der).map_err(|_| NOT_READY);
    let (leaf, issuing, root) =
        (read(certificate.der())?, read(pki.issuing().der())?, read(pki.root().der())?);
    let mut store = TrustStore::new();
    store.add_anchor(root.clone());
    store.add_intermediate(issuing.clone());
    let verifier = TokenVerifier::with_anchors(origin, store);
    let whole = time(|| verifier.verify(black_box(&json), &challenge, at).is_ok())?;

    let key_of = |certificate: &Certificate| certificate.public_key().map_err(|_| NOT_READY);
    let (own, above, top) = (key_of(&leaf)?, key_of(&issuing)?, key_of(&root)?);
    let scheme = SignatureScheme::EcdsaRaw(Hash::Sha256);
    let signatures = vec![
        ("the token, P-256".to_owned(), time(|| own.verify(scheme, black_box(&digest), &signature).is_ok())?),
        (
            "the holder's certificate, P-384".to_owned(),
            time(|| black_box(&leaf).verify_signature(&above).is_ok())?,
        ),
        (
            "the issuer's certificate, P-384".to_owned(),
            time(|| black_box(&issuing).verify_signature(&top).is_ok())?,
        ),
    ];
    Ok(Measured::new(json.len(), whole, signatures, Vec::new()))
}

fn identity() -> Result<Measured, AnswerError> {
    let (origin, challenge, at) = session()?;
    let spec = CardSpec::new(Personality::Bahrain2025);
    let request: IdentityRequest = serde_json::from_value(json!({
        "challenge": CHALLENGE,
        "statement": "e30.e30.AAAA",
        "purpose": "open-account",
        "claims": { "required": ["given_name", "family_name", "birthdate"], "optional": ["photo"] },
    }))
    .map_err(|_| NOT_READY)?;
    let mut count = 0_u8;
    let mut random = |out: &mut [u8]| {
        for byte in out {
            count = count.wrapping_mul(181).wrapping_add(59);
            *byte = count;
        }
    };
    let key = PrivateJwk::generate(Curve::P256, &mut random).map_err(|_| NOT_READY)?;
    let recipient = key.public();
    let mut reader = Reader::holding(&spec)?;
    let (mut channel, dump) = reader.dump(&spec)?;
    let content = answer(&mut channel, &dump, (&origin, &request), recipient)?;
    let text = sealed(&content, recipient)?;

    let read = |der: &[u8]| IcaoCertificate::from_der(der).map_err(|_| NOT_READY);
    let csca = read(&authority(&spec)?)?;
    let mut builder = CscaStoreBuilder::new();
    builder.add_anchor(csca.clone()).map_err(|_| NOT_READY)?;
    let (store, _) = builder.build();
    let keys = [key.clone()];
    let verifier = IdentityVerifier::new(&keys, &store, Assurance::Test);
    let expected = Expected { origin: &origin, request: ExpectedRequest::Sent(&request) };
    let whole = time(|| verifier.verify(black_box(&text), &expected, None, at).is_ok())?;

    let report = passive_authentication::verify(&dump.sod, &[], &store, at, &Options::default());
    let report = report.map_err(|_| NOT_READY)?;
    let signer = report.signer().ok_or(NOT_READY)?;
    let scheme = report.scheme().ok_or(NOT_READY)?;
    let (signer_key, csca_key) = (ready(signer)?, ready(&csca)?);
    let sod = Sod::parse(&dump.sod)?;
    let info = sod.signed_data.signer_infos.first().ok_or(NOT_READY)?;
    let message = info.signed_attributes.as_ref().unwrap_or(&sod.signed_data.content);
    let group = |number| {
        let found = dump.groups.iter().find(|(group, _)| *group == number);
        found.map(|(_, content)| content.as_slice()).ok_or(NOT_READY)
    };
    let chip_key = ActiveAuthenticationKey::parse(group(DataGroup::DG15)?)?;
    let infos = SecurityInfos::parse("DG14", &Dg14::parse(group(DataGroup::DG14)?)?.security_infos)?;
    let rounds = content.proofs.active_authentication.as_ref().ok_or(NOT_READY)?;
    let rounds = rounds.each_ref().map(|signature| signature.0.as_slice());
    let bound = active_authentication_challenge(&origin, &challenge, recipient.thumbprint().as_bytes());
    let signatures = vec![
        (
            "EF.SOD".to_owned(),
            time(|| scheme.verify(signer_key, black_box(message), &info.signature).is_ok())?,
        ),
        (
            "the signer's certificate".to_owned(),
            time(|| black_box(signer).verify_signature(csca_key).is_ok())?,
        ),
        (
            "active authentication, both rounds".to_owned(),
            time(|| {
                chip_key.verify_rounds(black_box(&bound), &rounds, infos.active_authentication()).is_ok()
            })?,
        ),
    ];
    let small = jwe::encrypt(recipient, &JweHeader::default(), b"{}", &mut random).map_err(|_| NOT_READY)?;
    let rules = JweRules {
        type_: ExpectedType::Absent,
        encryptions: &[bitaqa_jose::ContentEncryption::A256Gcm],
        max_length: 4096,
    };
    let agreement =
        time(|| CompactJwe::parse(black_box(&small), &rules).is_ok_and(|jwe| jwe.decrypt(&key).is_ok()))?;
    Ok(Measured::new(
        text.len(),
        whole,
        signatures,
        vec![("key agreement of the encryption, P-256".to_owned(), agreement)],
    ))
}

fn ready(certificate: &IcaoCertificate) -> Result<&bitaqa_trust::icao_pki::IcaoKey, AnswerError> {
    certificate.key().map_err(|_| NOT_READY)
}

fn session() -> Result<(Origin, Challenge, DateTime), AnswerError> {
    let origin = Origin::parse(ORIGIN).map_err(|_| NOT_READY)?;
    let challenge = Challenge::parse(CHALLENGE).map_err(|_| NOT_READY)?;
    let at = DateTime::from_system_time(SystemTime::now()).map_err(|_| NOT_READY)?;
    Ok((origin, challenge, at))
}

/// Milliseconds of the processor for one run of something that has to succeed.
fn time(mut work: impl FnMut() -> bool) -> Result<f64, AnswerError> {
    // the first finds caches cold, and tells how often to repeat
    let mut runs = 1_u32;
    loop {
        let begun = processor_time().ok_or(NOT_READY)?;
        for _ in 0..runs {
            if !work() {
                return Err(NOT_READY);
            }
        }
        let end = processor_time().ok_or(NOT_READY)?;
        let spent = Duration::from_nanos(end.saturating_sub(begun));
        if spent >= LEAST {
            return Ok(spent.as_secs_f64() * 1000.0 / f64::from(runs));
        }
        runs = runs.saturating_mul(2);
    }
}

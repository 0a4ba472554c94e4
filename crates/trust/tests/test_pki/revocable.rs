//! A card whose certificate can be revoked, and a portal that asks whether it was.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bitaqa_trust::{
    DateTime, RefusedToken, TokenVerifier, VerifiedToken,
    revocation::{
        CertificateStatus, Evidence, EvidenceRules, Needed, NonceSeed,
        OnMissingEvidence::{self, Refuse},
        report::Source,
    },
    token_verification::PendingToken,
};

use super::{
    Issued, Key, Kind, Template,
    authority::{AnswerOrder, Desk, ListOrder, valid},
    challenge, extension, origin, verification,
};

/// openssl's answers are of now.
pub fn now() -> DateTime {
    in_days(0)
}

pub fn in_days(days: u64) -> DateTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    DateTime::from_unix_duration(Duration::from_secs(since.as_secs() + days * 86_400)).unwrap()
}

pub const SEED: NonceSeed = NonceSeed::from_random([7; 32]);

/// Root → issuing authority → person; numbers 01, 10 and 17.
pub struct Pki {
    pub root: Issued,
    pub issuing: Issued,
    pub person: Issued,
}

impl Pki {
    pub fn new() -> Self {
        Self::at("http://127.0.0.1:9")
    }

    pub fn at(address: &str) -> Self {
        let root = root("Example Root", Kind::P384, 1);
        let key = Key::new(Kind::P256, 2);
        let issuing = Template::authority("Example Issuing")
            .numbered(&[0x10])
            .with(extension::subject_key(&key))
            .with(extension::responder_at(&format!("{address}/root")))
            .with(extension::lists_at(&format!("{address}/root.crl")))
            .issued_by(&root, key);
        let person = person(address).issued_by(&issuing, Key::new(Kind::P384, 3));
        Self { root, issuing, person }
    }

    pub fn verifier(&self) -> TokenVerifier {
        TokenVerifier::with_anchors(origin(), verification::store(&[&self.root, &self.issuing]))
    }

    pub fn begin(&self, at: DateTime) -> PendingToken {
        self.verifier().begin(&verification::json(&self.person), &challenge(), at, SEED).unwrap()
    }

    /// A list of the root on which nobody stands, so that only the person's certificate is in question.
    pub fn root_list(&self) -> Vec<u8> {
        Desk::new(&self.root, &[valid("10")]).list(&ListOrder::default())
    }

    /// The question to the issuing authority's responder, its answer by the order, and the verdict.
    pub fn answered(
        &self,
        index: &[String],
        order: &AnswerOrder<'_>,
    ) -> Result<VerifiedToken, Box<RefusedToken>> {
        let pending = self.begin(now());
        let need = question_about_leaf(&pending);
        let Needed::Ocsp { request, .. } = &need else { panic!("a question") };
        let answer = Desk::new(&self.issuing, index).answer(request, order);
        self.judged(pending, &need, answer, &[], Refuse)
    }

    pub fn judged(
        &self,
        pending: PendingToken,
        need: &Needed,
        answer: Vec<u8>,
        lists: &[Vec<u8>],
        on_missing: OnMissingEvidence,
    ) -> Result<VerifiedToken, Box<RefusedToken>> {
        let mut evidence = Evidence::new();
        evidence.answer(need, answer).unwrap();
        for list in lists.iter().chain([&self.root_list()]) {
            evidence.add_crl("list", list.clone()).unwrap();
        }
        pending.finish(&evidence, &EvidenceRules::default(), on_missing)
    }

    pub fn with_lists(&self, lists: &[Vec<u8>]) -> Result<VerifiedToken, Box<RefusedToken>> {
        let mut evidence = Evidence::new();
        for list in lists.iter().chain([&self.root_list()]) {
            evidence.add_crl("list", list.clone()).unwrap();
        }
        self.begin(now()).finish(&evidence, &EvidenceRules::default(), Refuse)
    }

    pub fn responder(&self, template: Template) -> Issued {
        template.issued_by(&self.issuing, Key::new(Kind::P256, 9))
    }
}

pub fn root(name: &str, kind: Kind, seed: u8) -> Issued {
    let key = Key::new(kind, seed);
    Template::authority(name).numbered(&[1]).with(extension::subject_key(&key)).self_signed(key)
}

pub fn person(address: &str) -> Template {
    Template::person()
        .with(extension::responder_at(&format!("{address}/issuing")))
        .with(extension::lists_at(&format!("{address}/issuing.crl")))
}

pub fn responder_template() -> Template {
    Template::named(&[("2.5.4.3", "Example Responder")])
        .numbered(&[0x20])
        .with(extension::extended_key_usage(&[extension::OCSP_SIGNING]))
}

pub fn question_about_leaf(pending: &PendingToken) -> Needed {
    pending.needs().into_iter().find(|need| matches!(need, Needed::Ocsp { position: 0, .. })).unwrap()
}

/// The code of the first piece of evidence about the person that was not used.
pub fn not_used(refused: Result<VerifiedToken, Box<RefusedToken>>) -> &'static str {
    let refused = refused.unwrap_err();
    assert_eq!(refused.failure.code(), "revocation-undetermined");
    refused.revocation.unwrap().certificates[0].not_used[0].fault.code()
}

pub fn by_issuer(pki: &Pki) -> AnswerOrder<'_> {
    AnswerOrder { responder: &pki.issuing, minutes: Some(60), arguments: &[] }
}

pub fn leaf_source(verified: &VerifiedToken) -> Source {
    match &verified.revocation.as_ref().unwrap().certificates[0].status {
        CertificateStatus::Good { evidence } => evidence[0].source.clone(),
        other => panic!("{other:?}"),
    }
}

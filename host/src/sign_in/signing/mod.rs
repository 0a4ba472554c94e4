//! Signing documents: what is asked is read before anybody is asked, the person sees what the host read, and one entry of the PIN
//! signs all of it, or, where the card wants that, one document.
//!
//! | file | which part |
//! |---|---|
//! | [`plan`] | what is signed, and what of it the person sees |
//! | [`key`] | which key of a card signs documents, and why one does not |
//! | [`certificates`] | the certificates of such keys, for the site |
//!
//! Finding the card, its number, PIN and signature are those of a sign-in; only the key is another one, always.

mod certificates;
mod key;
mod plan;

use std::sync::Arc;

use bitaqa_card::Series;
use bitaqa_protocol::{
    ErrorReport, Language, Origin, RequestId,
    auth_token::TokenAlgorithm,
    host::Timing,
    signing::{DigestToSign, DocumentToSign},
};

use self::plan::{Item, Plan};
use super::{
    Desk, Flow,
    candidate::Candidate,
    first_look::Wanted,
    sign::{Counted, ToSign, report},
};
use crate::{
    port::Sender,
    window::message::{Asker, DocumentsShown, Step},
};

pub(crate) use certificates::{SigningCertificates, signing_certificates};
pub(super) use key::{WantedKey, look_for_documents};

/// What the page asked for.
pub(crate) struct SignDocuments {
    /// The request.
    pub(crate) id: RequestId,
    /// Who asks; nobody but the holder, where it is the extension's own page.
    pub(crate) origin: Option<Origin>,
    /// Language of the window.
    pub(crate) language: Language,
    /// Whose key signs: DER of the certificate.
    pub(crate) certificate: Vec<u8>,
    /// What.
    pub(crate) batch: Batch,
}

/// What is to be signed.
pub(crate) enum Batch {
    /// Bytes that the host reads, and how all of them are signed.
    Documents(TokenAlgorithm, Vec<DocumentToSign>),
    /// Digests of what this computer cannot see, each with its algorithm.
    Digests(Vec<DigestToSign>),
}

/// What was signed.
pub(crate) struct Signatures {
    /// In the order of the documents; at least one.
    pub(crate) signatures: Vec<Vec<u8>>,
    /// Why there are fewer than documents.
    pub(crate) stopped: Option<ErrorReport>,
}

/// Signs documents. The window may outlive it for a moment, to say how it ended.
///
/// # Errors
/// [`ErrorReport`], ready for the extension, where nothing was signed: `document-not-readable` before anybody is asked; what the
/// person decided; faults of reader and card.
pub(crate) async fn sign_documents(
    desk: &Desk,
    asked: SignDocuments,
    outgoing: Sender,
) -> Result<(Signatures, Timing), ErrorReport> {
    let plan = Plan::of(&asked)?;
    let asker = asker(asked.origin.as_ref());
    let algorithms = plan.algorithms();
    let key = WantedKey { certificate: asked.certificate, algorithms, seen: plan.seen };
    let mut flow = Flow {
        wanted: Wanted::ThisForDocuments(Arc::new(key)),
        ..Flow::of(desk, asked.id, asked.language, asker, outgoing)
    };
    let outcome = flow.sign_documents(plan).await;
    let stopped = outcome.as_ref().ok().and_then(|signatures| signatures.stopped.as_ref());
    let farewell = stopped.map_or(Step::Done {}, |report| Step::Failed { code: report.code });
    flow.finish(outcome, farewell)
}

/// Who asks, for the window.
fn asker(origin: Option<&Origin>) -> Asker {
    origin.map_or(Asker::OwnSigning {}, |origin| Asker::Signing(origin.as_str().to_owned()))
}

impl Flow<'_> {
    async fn sign_documents(&mut self, plan: Plan) -> Result<Signatures, ErrorReport> {
        let mut candidate = self.find().await?;
        let total = plan.items.len();
        if total > 1 && candidate.credential.key.user_consent {
            return self.sign_one_by_one(&mut candidate, plan).await;
        }
        let (shown, what): (Vec<_>, Vec<_>) =
            plan.items.into_iter().map(|Item { shown, what }| (shown, what)).unzip();
        self.documents =
            Some(DocumentsShown { seen: plan.seen, documents: shown, number: None, total: number(total) });
        let counted = Some(Counted { before: 0, total });
        let to_sign = ToSign { what: what.into(), counted };
        let Series { signatures, stopped } = self.sign_after_each_pin(&mut candidate, &to_sign).await?;
        Ok(Signatures { signatures, stopped: stopped.map(|error| report(&error)) })
    }

    /// Asks for the PIN for each document: a PIN is never presented a second time from memory. What was signed is kept.
    async fn sign_one_by_one(
        &mut self,
        candidate: &mut Candidate,
        plan: Plan,
    ) -> Result<Signatures, ErrorReport> {
        let total = plan.items.len();
        let mut signatures = Vec::with_capacity(total);
        for (before, Item { shown, what }) in plan.items.into_iter().enumerate() {
            self.documents = Some(DocumentsShown {
                seen: plan.seen,
                documents: vec![shown],
                number: Some(number(before + 1)),
                total: number(total),
            });
            let counted = Some(Counted { before, total });
            let to_sign = ToSign { what: Arc::new([what]), counted };
            match self.sign_after_each_pin(candidate, &to_sign).await {
                Ok(series) => signatures.extend(series.signatures),
                Err(report) if signatures.is_empty() => return Err(report),
                Err(report) => return Ok(Signatures { signatures, stopped: Some(report) }),
            }
        }
        Ok(Signatures { signatures, stopped: None })
    }
}

/// For the window.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

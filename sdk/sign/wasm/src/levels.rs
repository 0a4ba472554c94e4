//! Raising a signed file to a higher level.

use bitaqa_signature::{
    FoundSignature, Hash, Level,
    augmentation::{Answers, Augmented, FileProgress, Goal, Notice, PdfProgress, augment_file, augment_pdf},
    document::{is_pdf, signatures_in, whole},
    pdf::Source,
    time_stamp::TimeStampToken,
};
use bitaqa_trust::Certificate;
use serde::{Deserialize, Serialize};

use crate::{
    fetching::{Answer, Need, Seed},
    preparation::Finished,
    refusal::{Code, Refusal},
    request::{Bytes, HashName},
    trust::{Beside, moment, store},
};

/// Most answers: no file needs more.
const MAX_ANSWERS: usize = 4096;

/// What is to be reached.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Raise {
    /// The level.
    pub level: Level,
    /// Hash of the imprints of time stamps; SHA-256 if it is missing.
    pub hash: Option<HashName>,
    /// Now, in seconds since 1970.
    pub at: u64,
    /// Anchors, and certificates that help to get there.
    #[serde(default)]
    pub trust: Vec<Bytes>,
    /// Where paths end beside anchors.
    #[serde(default)]
    pub paths_end_at: PathEnd,
    /// Names of the documents beside the file.
    #[serde(default)]
    pub detached: Vec<Option<String>>,
    /// 32 random bytes, the same in each round.
    pub seed: Bytes,
    /// What came for earlier needs.
    #[serde(default)]
    pub answers: Vec<Answer>,
}

/// Where the paths end whose validation data is collected. That is no question of trust: whoever believes the signature later has
/// anchors of their own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PathEnd {
    /// At `trust` alone.
    #[default]
    Trust,
    /// Also at self-signed certificates of the file, of time stamps and of what was fetched: for who has no anchors.
    SelfSigned,
}

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Raised {
    /// These have to be answered first.
    Needs(Vec<Need>),
    /// As high as it goes.
    Done {
        /// The file, or what belongs at its end.
        file: Finished,
        /// What was reached.
        reached: Reached,
    },
}

/// What was reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reached {
    /// The level of the lowest of the signatures, by what was added and what was there.
    pub level: Level,
    /// What could not be had, each a sentence in English.
    pub notices: Vec<String>,
    /// Whether a certificate was revoked before signature or time stamp was made: nobody believes the file, and nothing mends it.
    pub is_revoked: bool,
}

/// Raises every signature of a file, as far as the answers go.
///
/// # Errors
/// [`Code::DocumentInvalid`]: no signed file of a known kind, or one that cannot be raised; [`Code::TrustInvalid`],
/// [`Code::RequestInvalid`].
pub fn raise(file: &dyn Source, asked: Raise, contents: &[Vec<u8>]) -> Result<Raised, Refusal> {
    if asked.answers.len() > MAX_ANSWERS {
        return Err(Refusal::new(Code::TooLarge, "more answers than any file needs"));
    }
    let seed = Seed::new(&asked.seed)?;
    let beside = Beside::new(&asked.detached, contents)?;
    let mut store = store(&asked.trust)?;
    if asked.paths_end_at == PathEnd::SelfSigned {
        let found = signatures_in(file, &beside)?;
        for certificate in self_signed(&found, &asked.answers) {
            store.add_anchor(certificate);
        }
    }
    let mut answers = Answers::new();
    for answer in asked.answers {
        answer.add_to(&mut answers, seed)?;
    }
    let goal = Goal {
        level: asked.level,
        hash: asked.hash.map_or(Hash::Sha256, Into::into),
        store,
        at: moment(asked.at)?,
    };
    let done = |file, augmented: Augmented| {
        let notices = augmented.notices.iter().map(ToString::to_string).collect();
        let is_revoked = augmented.notices.iter().any(|notice| matches!(notice, Notice::Revoked { .. }));
        Raised::Done { file, reached: Reached { level: augmented.level, notices, is_revoked } }
    };
    let needs = if is_pdf(file).map_err(|error| Refusal::new(Code::DocumentInvalid, error))? {
        match augment_pdf(file, &goal, &answers)? {
            PdfProgress::Needs(needs) => needs,
            PdfProgress::Done { appended, augmented } => {
                return Ok(done(Finished::Appended(appended), augmented));
            }
        }
    } else {
        match augment_file(&whole(file)?, &beside, &goal, &answers)? {
            FileProgress::Needs(needs) => needs,
            FileProgress::Done { file, augmented } => return Ok(done(Finished::File(file), augmented)),
        }
    };
    let needs = needs.into_iter().map(|need| Need::of_augmentation(need, seed));
    Ok(Raised::Needs(needs.collect::<Result<_, _>>()?))
}

/// Self-signed certificates of signatures, their time stamps, and answers.
fn self_signed(found: &[FoundSignature], answers: &[Answer]) -> Vec<Certificate> {
    let stamps =
        found.iter().flat_map(|one| one.signature_time_stamps.iter().chain(&one.archive_time_stamps));
    let with_stamps = stamps.flat_map(|stamp| {
        let own = TimeStampToken::parse(&stamp.token)
            .map_or_else(|_| Vec::new(), |token| token.certificates().to_vec());
        own.into_iter().chain(stamp.certificates.iter().cloned())
    });
    let all = found.iter().flat_map(|one| one.certificates.iter().cloned()).chain(with_stamps);
    all.chain(answers.iter().flat_map(Answer::certificates)).filter(is_root).collect()
}

fn is_root(certificate: &Certificate) -> bool {
    certificate.is_authority() && certificate.is_self_signed()
}

//! The second question: the values that would be sent, as they were read.

use std::{collections::BTreeMap, time::Instant};

use bitaqa_protocol::{
    ErrorCode, ErrorReport,
    claim::{Claim, DataGroup},
    page::Stage,
};
use bitaqa_trust::{
    DateTime,
    identity::claims::{Claims, Value, claims_of},
};
use tokio::time::sleep;

use super::{plan::Plan, reading::ChipRead};
use crate::{
    photo::parent::decode,
    shortened::shortened,
    sign_in::{ANSWER_LIMIT, Flow, screen::PersonDid},
    window::message::{Authenticity, PictureKind, PictureShown, ReleaseQuestion, Script, ShownValue, Step},
};

/// Most characters of a value on the screen; what is longer is cut there, visibly, and sent whole.
const MAX_SHOWN: usize = 200;

impl Flow<'_> {
    /// Shows what was read, and asks whether it may be sent.
    ///
    /// # Errors
    /// What the person decided.
    pub(super) async fn ask_release(
        &mut self,
        claims: &Claims,
        authenticity: Authenticity,
    ) -> Result<(), ErrorReport> {
        let photo = self.picture(claims, Claim::Photo, PictureKind::Photo).await?;
        let signature_image =
            self.picture(claims, Claim::SignatureImage, PictureKind::SignatureImage).await?;
        self.questions += 1;
        let serial = self.questions;
        let question =
            ReleaseQuestion { serial, values: values(claims), photo, signature_image, authenticity };
        self.report_stage(Stage::WaitingForPerson);
        self.begin_question(Step::Release { question })?;
        let asked = Instant::now();
        let answer = self.released(serial).await;
        self.count_question(asked);
        answer
    }

    /// Has a picture decoded, and gives it to the window.
    async fn picture(
        &mut self,
        claims: &Claims,
        claim: Claim,
        kind: PictureKind,
    ) -> Result<PictureShown, ErrorReport> {
        let Some(Value::Image { data, .. }) = claims.get(&claim).map(|known| &known.value) else {
            return Ok(PictureShown::None);
        };
        let encoded = data.clone();
        let mut decoding = tokio::task::spawn_blocking(move || decode(&encoded));
        let decoded = loop {
            tokio::select! {
                decoded = &mut decoding => break decoded,
                did = self.screen.person() => if let PersonDid::Cancel = did? {
                    return Err(ErrorReport::new(ErrorCode::UserCancelled));
                },
            }
        };
        match decoded {
            Ok(Ok(picture)) => {
                self.screen.give_picture(kind, &picture)?;
                Ok(PictureShown::Came)
            }
            // it is said that there is one, and that it cannot be shown
            Ok(Err(_)) | Err(_) => Ok(PictureShown::Unreadable),
        }
    }

    async fn released(&mut self, asked: u32) -> Result<(), ErrorReport> {
        let mut limit = std::pin::pin!(sleep(ANSWER_LIMIT));
        loop {
            tokio::select! {
                did = self.screen.person() => match did? {
                    PersonDid::Released { serial } if serial == asked => return Ok(()),
                    PersonDid::Cancel => return Err(ErrorReport::new(ErrorCode::UserCancelled)),
                    // of a question that was on the screen before
                    _ => {}
                },
                () = &mut limit => return Err(ErrorReport::new(ErrorCode::UserTimeout)),
            }
        }
    }
}

/// What the groups tell that are sent.
///
/// # Errors
/// A group that cannot be read, so that nobody could see what is sent.
pub(super) fn told(
    plan: &Plan,
    groups: &[DataGroup],
    read: &ChipRead,
    at: DateTime,
) -> Result<Claims, ErrorReport> {
    let contents: BTreeMap<DataGroup, &[u8]> = groups
        .iter()
        .filter_map(|group| Some((*group, read.groups.get(&group.number())?.as_slice())))
        .collect();
    claims_of(&contents, plan.disclosed(groups).iter(), at.into())
        .map_err(|fault| ErrorReport::new(ErrorCode::CardMisbehaved).with_detail(&fault.to_string()))
}

/// The texts, in the order of the vocabulary.
fn values(claims: &Claims) -> Vec<ShownValue> {
    let mut shown = Vec::new();
    for (claim, known) in claims {
        let texts = match &known.value {
            // in the letter of the card: words would be in one language only
            Value::Text(_) if *claim == Claim::Gender => vec![letter_of_sex(&known.value).to_owned()],
            Value::Text(text) => vec![text.clone()],
            Value::Date(date) => vec![date.to_string()],
            Value::List(texts) => texts.clone(),
            Value::Texts(texts) => texts.values().flatten().cloned().collect(),
            // an age is not sent: it follows from the birth date, which is
            Value::Flag(_) | Value::Image { .. } => continue,
        };
        for text in texts {
            let script = if bitaqa_trust::identity::claims::has_arabic(&text) {
                Script::Arabic
            } else {
                Script::Latin
            };
            shown.push(ShownValue { claim: *claim, value: shortened(text, MAX_SHOWN), script });
        }
    }
    shown
}

fn letter_of_sex(value: &Value) -> &'static str {
    match value {
        Value::Text(text) if text == "female" => "F",
        Value::Text(text) if text == "male" => "M",
        _ => "X",
    }
}

//! What was read, as the page shows it.

use std::collections::BTreeMap;

use bitaqa_protocol::{
    claim::{Claim, DataGroup},
    identity::answer::Bytes,
    my_card::{
        CertificateFacts, CertificateOnCard, DocumentContents, DocumentOnCard, MyCard, PictureOnCard,
        PinOnCard, ValueOnCard,
    },
};
use bitaqa_trust::{
    AuthenticationCertificate, DateTime, TrustPacks,
    identity::claims::{Claims, Value, claims_of},
};

use super::{
    authenticity::{authenticity, chip},
    reading::{AnyDocument, CardRead, DocumentRead, KeyRead},
};
use crate::{photo::MAX_ENCODED, shortened::shortened};

/// Most characters of a value: more than any field of a card has.
const MAX_VALUE: usize = 2000;

/// Everything, read at a time.
pub(super) fn my_card(read: &CardRead, agreed: &[DataGroup], packs: &TrustPacks, at: DateTime) -> MyCard {
    MyCard {
        read_at: seconds(at),
        document: read.document.as_ref().map(|document| match document {
            AnyDocument::Chip(document) => on_card(document, agreed, packs, at),
            AnyDocument::DataCard(files) => files.on_card(agreed, at),
        }),
        certificates: read.keys.iter().filter_map(certificate).collect(),
        pins: read.keys.iter().filter_map(pin).collect(),
    }
}

fn seconds(at: DateTime) -> u64 {
    at.unix_duration().as_secs()
}

fn on_card(read: &DocumentRead, agreed: &[DataGroup], packs: &TrustPacks, at: DateTime) -> DocumentOnCard {
    let mut groups: BTreeMap<DataGroup, &[u8]> = read
        .contents()
        .filter_map(|(group, content)| Some((DataGroup::from_number(group.number())?, content)))
        .filter(|(group, _)| agreed.contains(group))
        .collect();
    let not_given = agreed.iter().copied().filter(|group| !groups.contains_key(group)).collect();
    // one that makes no sense keeps nobody from seeing the others
    let is_unreadable =
        |group: DataGroup, content| claims_of(&BTreeMap::from([(group, content)]), [], at.into()).is_err();
    let unreadable: Vec<DataGroup> = groups
        .iter()
        .filter(|(group, content)| is_unreadable(**group, **content))
        .map(|(group, _)| *group)
        .collect();
    groups.retain(|group, _| !unreadable.contains(group));
    let claims = claims_of(&groups, Claim::NAMED, at.into()).unwrap_or_default();
    DocumentOnCard::Icao {
        contents: contents(&claims, unreadable, not_given),
        authenticity: authenticity(read, packs, at),
        chip: chip(read),
    }
}

/// What is told, and which groups are not.
pub(super) fn contents(
    claims: &Claims,
    unreadable: Vec<DataGroup>,
    not_given: Vec<DataGroup>,
) -> DocumentContents {
    DocumentContents {
        values: values(claims),
        photo: picture(claims, Claim::Photo),
        signature_image: picture(claims, Claim::SignatureImage),
        unreadable,
        not_given,
    }
}

/// The texts, in the order of the vocabulary.
fn values(claims: &Claims) -> Vec<ValueOnCard> {
    let mut shown = Vec::new();
    for (claim, known) in claims {
        let texts = match &known.value {
            // in the letter of the card: the page says it in its language
            Value::Text(text) if *claim == Claim::Gender => {
                vec![if text == "female" { "F" } else { "M" }.to_owned()]
            }
            Value::Text(text) => vec![text.clone()],
            Value::Date(date) => vec![date.to_string()],
            Value::List(texts) => texts.clone(),
            Value::Texts(texts) => texts.values().flatten().cloned().collect(),
            Value::Flag(_) | Value::Image { .. } => continue,
        };
        let values = texts.into_iter().map(|text| shortened(text, MAX_VALUE));
        shown.extend(values.map(|value| ValueOnCard { claim: *claim, value }));
    }
    shown
}

/// A picture, unless it is longer than any that is decoded.
fn picture(claims: &Claims, claim: Claim) -> Option<PictureOnCard> {
    let Value::Image { media_type, data } = &claims.get(&claim)?.value else { return None };
    (data.len() <= MAX_ENCODED)
        .then(|| PictureOnCard { media_type: (*media_type).to_owned(), data: Bytes(data.clone()) })
}

fn certificate(key: &KeyRead) -> Option<CertificateOnCard> {
    let der = key.certificate.as_ref()?;
    let facts = AuthenticationCertificate::from_der(der).ok().map(|certificate| CertificateFacts {
        subject: shortened(certificate.subject().display_name().unwrap_or_default(), MAX_VALUE),
        personal_number: certificate.personal_number().map(str::to_owned),
        issuer: shortened(certificate.issuer().display_name().unwrap_or_default(), MAX_VALUE),
        not_before: seconds(certificate.not_before()),
        not_after: seconds(certificate.not_after()),
    });
    Some(CertificateOnCard { purpose: key.purpose, der: Bytes(der.clone()), facts })
}

fn pin(key: &KeyRead) -> Option<PinOnCard> {
    let (label, status) = key.pin.as_ref()?;
    Some(PinOnCard {
        purpose: key.purpose,
        label: label.clone(),
        tries_left: status.tries_left,
        tries_maximum: status.tries_maximum,
        activated: status.activated,
    })
}

//! Archive time stamps of the second kind (RFC 5126 section 6.4.1), which nobody makes any more.
//!
//! They are over everything one after the other: the field with the content, detached content, certificates, revocation data, the
//! signer's part, and of its unsigned attributes those that were there. An attribute that came later breaks them, but for archive
//! time stamps, which are told by their times.

use bitaqa_trust::{DateTime, ObjectIdentifier, public_key::Hash};

use super::content_digest::ContentDigests;
use crate::{
    cms::{Attribute, Attributes, Element, SignedData, SignerInfo, element::tag, writer},
    oid,
    time_stamp::TimeStampToken,
};

/// Unsigned attributes of a signer, each with when it came.
#[derive(Default)]
pub(super) struct Dated<'s, 'a>(Vec<(&'s Attribute<'a>, Since)>);

/// When an attribute came.
enum Since {
    /// Before any archive time stamp: nothing is known of it.
    Ever,
    /// After everything that was made up to this time: it is an archive time stamp itself.
    After(DateTime),
    /// Nobody knows: an archive time stamp that cannot be read.
    Unknown,
}

impl<'s, 'a> Dated<'s, 'a> {
    pub(super) fn of(unsigned: &'s Attributes<'a>) -> Self {
        Self(unsigned.0.iter().map(|attribute| (attribute, since(attribute))).collect())
    }

    /// Those that were there when a time stamp was made.
    fn before(&self, time: DateTime) -> impl Iterator<Item = &'s Attribute<'a>> {
        let was_there = move |since: &Since| match since {
            Since::Ever => true,
            Since::After(made) => *made < time,
            Since::Unknown => false,
        };
        self.0.iter().filter(move |(_, since)| was_there(since)).map(|(attribute, _)| *attribute)
    }

    /// Values of unsigned attributes that a time stamp covers.
    pub(super) fn covered(&self, time: DateTime) -> Vec<(ObjectIdentifier, Element<'a>)> {
        let values = |attribute: &'s Attribute<'a>| {
            attribute.values.iter().map(|value| (attribute.oid, *value)).collect::<Vec<_>>()
        };
        self.before(time).flat_map(values).collect()
    }
}

fn since(attribute: &Attribute<'_>) -> Since {
    if ![oid::ARCHIVE_TIME_STAMP_V2, oid::ARCHIVE_TIME_STAMP_V3].contains(&attribute.oid) {
        return Since::Ever;
    }
    let times = attribute.values.iter().map(|value| {
        let token = TimeStampToken::parse(value.encoded()).ok()?;
        Some(token.gen_time())
    });
    let latest = times.collect::<Option<Vec<_>>>().and_then(|times| times.into_iter().max());
    latest.map_or(Since::Unknown, Since::After)
}

/// The digest that a time stamp of this time must be over; none where the content cannot be read. Programs write the unsigned
/// attributes with or without the tag and length of their set: it is the form that has the imprint, where one has it.
pub(super) fn imprint(
    (message, signer): (&SignedData<'_>, &SignerInfo<'_>),
    unsigned: &Dated<'_, '_>,
    content: &mut ContentDigests<'_>,
    hash: Hash,
    token: &TimeStampToken,
) -> Option<Vec<u8>> {
    let mut before = content.after_content(hash, message.encapsulated.encoded())?;
    let fields = [message.certificates_field, message.revocation_field, Some(signer.version)];
    let fields =
        fields.into_iter().chain([Some(signer.identifier), Some(signer.digest_algorithm), signer.signed]);
    let fields = fields.chain([Some(signer.signature_algorithm), Some(signer.signature)]);
    fields.flatten().for_each(|field| before.update(field.encoded()));
    let attributes = unsigned.before(token.gen_time()).map(|attribute| attribute.element.encoded());
    let attributes = attributes.collect::<Vec<_>>();
    let with = |unsigned: &[u8]| {
        let mut hasher = before.clone();
        hasher.update(unsigned);
        hasher.finish()
    };
    let alone = with(&attributes.concat());
    if alone == token.imprint() || attributes.is_empty() {
        return Some(alone);
    }
    Some(with(&writer::constructed(tag::context(1), &attributes)))
}

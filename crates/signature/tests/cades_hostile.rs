//! Files that were changed, cut off or made to be slow.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

mod support;

use bitaqa_signature::{
    FoundSignature, Hash,
    cades::{self, CadesError},
    cms::{CmsError, SignedData, SignerInfo, element::tag, signed_data::Changes, writer},
    found::{Integrity, SigningCertificate},
    time_stamp::TimeStampToken,
};
use proptest::prelude::*;
use support::{
    Kind,
    cms::{CONTENT, signed, with_archive_time_stamp, with_signature_time_stamp, with_validation_data},
    pki,
};

/// Everything that a verdict could be built on, of a signature that holds.
fn said(found: &FoundSignature) -> Option<String> {
    let SigningCertificate::Bound(signer) = &found.signer else { return None };
    if found.integrity != Integrity::Intact || !found.format_faults.is_empty() {
        return None;
    }
    Some(format!("{signer:?} {:?} {:?} {:?}", found.algorithm, found.statement, found.content_hashes))
}

/// Time stamps that are their authority's and cover what they must: authority, time, and all that they prove.
fn proofs(found: &FoundSignature) -> Vec<String> {
    let stamps = found.signature_time_stamps.iter().chain(&found.archive_time_stamps);
    let holds = stamps.filter_map(|stamp| {
        let token = TimeStampToken::parse(&stamp.token).ok()?;
        let authority = token.verify_signature(&[]).ok()?;
        let covers = stamp.covered_digest.as_deref() == Some(token.imprint());
        covers.then(|| format!("{authority:?} {} {:?}", token.gen_time(), stamp.covered_material))
    });
    holds.collect()
}

#[test]
fn whatever_bit_is_flipped_the_signature_fails_or_says_the_same() {
    let holder = pki().signer(Kind::P256);
    let message = with_archive_time_stamp(
        &with_validation_data(&with_signature_time_stamp(&signed(&holder, true), Hash::Sha256), &holder),
        Hash::Sha256,
        true,
    );
    let genuine = cades::read(&message, &mut cades::no_content).unwrap();
    let (expected, proven) = (said(&genuine[0]).unwrap(), proofs(&genuine[0]));
    assert_eq!(proven.len(), 2);
    let parts = SignedData::parse(&message).unwrap();
    let offset = |part: &[u8]| part.as_ptr() as usize - message.as_ptr() as usize;
    let signer = &parts.signers[0];
    let protected = [
        parts.encapsulated.encoded(),
        signer.digest_algorithm.content(),
        signer.signed.unwrap().encoded(),
        signer.signature_algorithm.content(),
        signer.signature.encoded(),
    ]
    .map(|part| offset(part)..offset(part) + part.len());
    let (mut the_same, mut lower) = (0, 0);
    for position in 0..message.len() {
        let mut changed = message.clone();
        changed[position] ^= 1 << (position % 8);
        let Ok(found) = cades::read(&changed, &mut cades::content_of(CONTENT)) else { continue };
        let [found] = &found[..] else { continue };
        let Some(now) = said(found) else { continue };
        assert_eq!(now, expected, "byte {position}");
        assert!(!protected.iter().any(|range| range.contains(&position)), "byte {position} is signed");
        let still = proofs(found);
        assert!(still.iter().all(|one| proven.contains(one)), "byte {position} proves something else");
        if still == proven { the_same += 1 } else { lower += 1 }
    }
    // What the signer signed is neither. The first kind is what nobody signed and nothing needs: versions, lists of digest
    // algorithms, and the issuer's certificate in the newest time stamp, which has its own signature and which no time stamp
    // covers yet. The second is the time stamps, which the signer did not sign, and what the archive time stamp covers.
    println!("{the_same} of {} changes change nothing, {lower} take a time stamp away", message.len());
    assert!(lower > the_same);
}

#[test]
fn every_prefix_is_refused() {
    let message = signed(&pki().signer(Kind::P256), true);
    for length in 0..message.len() {
        assert!(cades::read(&message[..length], &mut cades::no_content).is_err(), "{length}");
    }
}

#[test]
fn bytes_behind_the_message_are_refused_but_zeros() {
    let mut message = signed(&pki().signer(Kind::P256), true);
    message.extend([0; 5000]);
    assert_eq!(cades::read(&message, &mut cades::no_content).unwrap()[0].integrity, Integrity::Intact);
    message.push(1);
    assert_eq!(
        cades::read(&message, &mut cades::no_content).err(),
        Some(CadesError::Message(CmsError::Trailing))
    );
}

#[test]
fn attributes_taken_away_do_not_become_the_content() {
    // the attributes' bytes are signed, so a message whose content they are would be signed too
    let message = signed(&pki().signer(Kind::P256), true);
    let parts = SignedData::parse(&message).unwrap();
    let signer = &parts.signers[0];
    let content = writer::with_tag(signer.signed.unwrap().encoded().to_vec(), tag::SET);
    let bare = writer::sequence([
        signer.version.encoded(),
        signer.identifier.encoded(),
        signer.digest_algorithm.encoded(),
        signer.signature_algorithm.encoded(),
        signer.signature.encoded(),
    ]);
    let encapsulated = writer::sequence([
        parts.encoded_content_type.encoded().to_vec(),
        writer::explicit(0, &writer::octet_string(&content)),
    ]);
    let forged = bitaqa_signature::cms::signed_data::content_info(&writer::sequence([
        parts.version.encoded().to_vec(),
        writer::set_of(vec![parts.digest_algorithms[0].encoded().to_vec()]),
        encapsulated,
        parts.certificates_field.unwrap().encoded().to_vec(),
        writer::set_of(vec![bare]),
    ]));
    let found = &cades::read(&forged, &mut cades::no_content).unwrap()[0];
    assert!(said(found).is_none());
    assert!(found.format_faults.iter().any(|fault| fault.contains("no signed attributes")));
}

#[test]
fn ten_thousand_signers_are_read_and_one_more_is_refused() {
    let message = with_validation_data(&signed(&pki().signer(Kind::P256), true), &pki().signer(Kind::P256));
    let parts = SignedData::parse(&message).unwrap();
    let with = |count: usize| {
        let mut changes = Changes::default();
        changes.added_signers = vec![parts.signers[0].element.encoded().to_vec(); count - 1];
        parts.rewrite(&changes)
    };
    let found = cades::read(&with(10_000), &mut cades::no_content).unwrap();
    assert_eq!(found.len(), 10_000);
    assert!(found.iter().all(|one| one.integrity == Integrity::Intact));
    // all of them share certificates and lists
    assert!(std::ptr::eq(found[0].certificates[0].der(), found[9_999].certificates[0].der()));
    assert!(std::ptr::eq(&*found[0].revocation.lists[0], &*found[9_999].revocation.lists[0]));
    assert_eq!(
        cades::read(&with(10_001), &mut cades::no_content).err(),
        Some(CadesError::Message(CmsError::TooMany("signers")))
    );
}

#[test]
fn counter_signatures_of_counter_signatures_end() {
    let message = signed(&pki().signer(Kind::P256), true);
    let parts = SignedData::parse(&message).unwrap();
    let mut nested = parts.signers[0].element.encoded().to_vec();
    for _ in 0..50 {
        let element = bitaqa_signature::cms::Element::parse(&nested).unwrap();
        let attribute = bitaqa_signature::cms::attribute::encode(
            bitaqa_signature::oid::COUNTER_SIGNATURE,
            vec![nested.clone()],
        );
        nested = SignerInfo::parse(element).unwrap().with_unsigned(&[&attribute]);
    }
    let mut changes = Changes::default();
    changes.replaced_signers.push((0, nested));
    let mut found = cades::read(&parts.rewrite(&changes), &mut cades::no_content).unwrap().remove(0);
    let mut depth = 0;
    while let Some(inner) = found.counter_signatures.pop() {
        (found, depth) = (inner, depth + 1);
    }
    assert_eq!(depth, 8);
    assert!(found.format_faults.iter().any(|fault| fault.contains("too many counter-signatures")));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = cades::read(&bytes, &mut cades::no_content);
        let _ = TimeStampToken::parse(&bytes);
    }

    #[test]
    fn scattered_changes_never_make_a_signature_of_something_else(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
    ) {
        static MESSAGE: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
        let message = MESSAGE.get_or_init(|| signed(&pki().signer(Kind::P384), true));
        let genuine = said(&cades::read(message, &mut cades::no_content).unwrap()[0]);
        let mut changed = message.clone();
        for (position, byte) in &changes {
            let position = position.index(changed.len());
            changed[position] = *byte;
        }
        for found in cades::read(&changed, &mut cades::content_of(CONTENT)).unwrap_or_default() {
            let now = said(&found);
            prop_assert!(now.is_none() || now == genuine);
        }
    }
}

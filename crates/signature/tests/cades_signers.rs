//! Several signers of one file, and signatures over signatures.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

mod support;

use bitaqa_signature::{
    Hash,
    cades::{self, CadesError},
    found::{Integrity, SigningCertificate},
};
use support::{
    Kind,
    cms::{
        CONTENT, finish, openssl, own_file, signed, statement, with_archive_time_stamp,
        with_signature_time_stamp,
    },
    judge::{ask, python},
    pki,
};

#[test]
fn a_second_signer_leaves_the_first_as_it_is() {
    let (first, second) = (pki().signer(Kind::P256), pki().signer(Kind::Rsa3072));
    for attached in [true, false] {
        let content = own_file(CONTENT);
        let (certificate, key) = (format!("{}.pem", first.name), format!("{}.key", first.name));
        let mut arguments = vec![
            "cms",
            "-sign",
            "-cades",
            "-binary",
            "-in",
            content.to_str().unwrap(),
            "-signer",
            &certificate,
            "-inkey",
            &key,
            "-certfile",
            "ca.pem",
            "-md",
            "sha512",
            "-outform",
            "DER",
        ];
        // BER with indefinite lengths, where the content is inside
        arguments.extend(if attached { &["-nodetach", "-stream"][..] } else { &[] });
        let of_openssl = pki().run(&arguments);
        let signer = second.best();
        let mut given = |hash: Hash| (!attached).then(|| hash.digest(&[CONTENT]));
        let prepared = cades::prepare_parallel(&of_openssl, &signer, &mut given, &statement()).unwrap();
        let both = finish(&second, &signer, prepared);

        let verdict = openssl(&both, attached);
        assert!(verdict.success, "{}", verdict.text);
        let found = cades::read(&both, &mut given).unwrap();
        let signers: Vec<_> = found.iter().map(|one| one.signer.certificate().unwrap()).collect();
        assert_eq!(signers, [&first.certificate, &second.certificate]);
        assert!(found.iter().all(|one| one.integrity == Integrity::Intact && one.format_faults.is_empty()));
        let before = bitaqa_signature::cms::SignedData::parse(&of_openssl).unwrap();
        let after = bitaqa_signature::cms::SignedData::parse(&both).unwrap();
        assert_eq!(before.signers[0].element.encoded(), after.signers[0].element.encoded());
        assert_eq!(before.encapsulated.encoded(), after.encapsulated.encoded());
    }
}

#[test]
fn a_parallel_signature_needs_the_content() {
    let holder = pki().signer(Kind::P256);
    let refused = cades::prepare_parallel(
        &signed(&holder, false),
        &holder.best(),
        &mut cades::no_content,
        &statement(),
    );
    assert_eq!(refused.err(), Some(CadesError::NoContent));
}

/// Verifies every counter-signature of every signer, and prints how many there are.
const COUNTER_SIGNATURES: &str = "\
import hashlib, sys
from asn1crypto import cms, core
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
message = cms.ContentInfo.load(open(sys.argv[1], 'rb').read())['content']
certificates = {one.chosen.serial_number: one.chosen for one in message['certificates']}
count = 0
for signer in message['signer_infos']:
    if isinstance(signer['unsigned_attrs'], core.Void):
        continue
    for attribute in signer['unsigned_attrs']:
        if attribute['type'].native != 'counter_signature':
            continue
        for counter in attribute['values']:
            attributes = {one['type'].native: one['values'] for one in counter['signed_attrs']}
            assert 'content_type' not in attributes
            name = counter['digest_algorithm']['algorithm'].native
            digest = hashlib.new(name, signer['signature'].native).digest()
            assert attributes['message_digest'][0].native == digest
            certificate = certificates[counter['sid'].chosen['serial_number'].native]
            key = serialization.load_der_public_key(certificate.public_key.dump())
            signed = counter['signed_attrs'].untag().dump(force=True)
            hash = getattr(hashes, name.upper())()
            key.verify(counter['signature'].native, signed, ec.ECDSA(hash))
            count += 1
print(count)
";

#[test]
fn a_signature_is_signed_by_others_and_those_by_others() {
    let (author, notary) = (pki().signer(Kind::P256), pki().signer(Kind::P384));
    let message = with_archive_time_stamp(
        &with_signature_time_stamp(&signed(&author, true), Hash::Sha256),
        Hash::Sha256,
        true,
    );
    let signer = notary.best();
    let counter = |message: &[u8]| {
        let prepared = cades::prepare_counter_signature(message, 0, &signer, &statement()).unwrap();
        finish(&notary, &signer, prepared)
    };
    let twice = counter(&counter(&message));
    let verdict = ask(python(), ["-c".as_ref(), COUNTER_SIGNATURES.as_ref(), own_file(&twice).as_os_str()]);
    assert_eq!(verdict.text.trim(), "2");
    assert!(openssl(&twice, true).success);

    let found = &cades::read(&twice, &mut cades::no_content).unwrap()[0];
    assert!(found.format_faults.is_empty(), "{:?}", found.format_faults);
    let archived = &found.archive_time_stamps[0];
    let token = bitaqa_signature::time_stamp::TimeStampToken::parse(&archived.token).unwrap();
    assert_eq!(
        archived.covered_digest.as_deref(),
        Some(token.imprint()),
        "what is added later disturbs nothing"
    );
    let names: Vec<_> = found.counter_signatures.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["1.1", "1.2"]);
    for one in &found.counter_signatures {
        assert_eq!(one.integrity, Integrity::Intact);
        assert!(matches!(&one.signer, SigningCertificate::Bound(bound) if **bound == notary.certificate));
        assert!(one.format_faults.is_empty(), "{:?}", one.format_faults);
    }
}

#[test]
fn a_counter_signature_of_another_signature_does_not_hold() {
    let (author, notary) = (pki().signer(Kind::P256), pki().signer(Kind::P384));
    let signer = notary.best();
    let prepared =
        cades::prepare_counter_signature(&signed(&author, true), 0, &signer, &statement()).unwrap();
    let countered = finish(&notary, &signer, prepared);
    // the counter-signature moves to a signature of the same author that it was not made over
    let from = bitaqa_signature::cms::SignedData::parse(&countered).unwrap();
    let moved = from.signers[0].unsigned_attributes().unwrap().0[0].element.encoded().to_vec();
    let other = signed(&author, true);
    let other = bitaqa_signature::cms::SignedData::parse(&other).unwrap();
    let mut changes = bitaqa_signature::cms::signed_data::Changes::default();
    changes.certificates.push(notary.certificate.der().to_vec());
    changes.replaced_signers.push((0, other.signers[0].with_unsigned(&[&moved])));
    let found = &cades::read(&other.rewrite(&changes), &mut cades::no_content).unwrap()[0];
    assert_eq!(found.integrity, Integrity::Intact);
    assert_eq!(found.counter_signatures[0].integrity, Integrity::ContentChanged);
}

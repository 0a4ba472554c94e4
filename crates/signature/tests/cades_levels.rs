//! Levels of signatures in CMS, of our own files and those of others, with an authority and a responder that are not ours.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

mod support;

use std::sync::Arc;

use bitaqa_signature::{
    FoundSignature, Hash,
    cades::{self, CadesError, ValidationData},
    found::{FoundTimeStamp, Integrity},
    time_stamp::{TimeStampError, TimeStampToken},
};
use support::{
    Holder, Kind,
    cms::{
        CONTENT, openssl, own_file, signed, stamp, with_archive_time_stamp, with_signature_time_stamp,
        with_validation_data,
    },
    judge::{ask, python},
    pki,
};

fn read(message: &[u8]) -> FoundSignature {
    let mut found = cades::read(message, &mut cades::content_of(CONTENT)).unwrap();
    assert_eq!(found.len(), 1);
    let found = found.remove(0);
    assert_eq!(found.integrity, Integrity::Intact);
    assert!(found.format_faults.is_empty() && found.remarks.is_empty(), "{found:?}");
    found
}

/// Whether each covers what it must and is its authority's.
fn hold(stamps: &[FoundTimeStamp]) -> Vec<bool> {
    let holds = |stamp: &FoundTimeStamp| {
        let token = TimeStampToken::parse(&stamp.token).unwrap();
        token.verify_signature(&[]).is_ok() && stamp.covered_digest.as_deref() == Some(token.imprint())
    };
    stamps.iter().map(holds).collect()
}

fn openssl_accepts(message: &[u8], attached: bool) {
    let verdict = openssl(message, attached);
    assert!(verdict.success, "{}", verdict.text);
}

#[test]
fn every_level_is_reached_step_by_step() {
    for (kind, hash, attached) in [
        (Kind::P256, Hash::Sha256, true),
        (Kind::Brainpool512, Hash::Sha512, false),
        (Kind::RsaPss, Hash::Sha384, true),
    ] {
        let holder = pki().signer(kind);
        let basic = signed(&holder, attached);
        let stamped = with_signature_time_stamp(&basic, hash);
        let long_term = with_validation_data(&stamped, &holder);
        let archived = with_archive_time_stamp(&long_term, hash, attached);
        for message in [&basic, &stamped, &long_term, &archived] {
            openssl_accepts(message, attached);
        }
        let found = read(&archived);
        assert_eq!(hold(&found.signature_time_stamps), [true]);
        assert_eq!(hold(&found.archive_time_stamps), [true]);
        assert_eq!((found.revocation.lists.len(), found.revocation.answers.len()), (2, 1));
        assert_eq!(found.certificates.len(), 5);

        // a second archive time stamp, later additions between them
        let more = with_signature_time_stamp(&archived, Hash::Sha256);
        let again = with_archive_time_stamp(&more, Hash::Sha512, attached);
        let found = read(&again);
        assert_eq!(hold(&found.archive_time_stamps), [true, true]);
        openssl_accepts(&again, attached);
    }
}

#[test]
fn an_archive_time_stamp_names_what_it_covers() {
    let holder = pki().signer(Kind::P384);
    let archived = with_archive_time_stamp(
        &with_validation_data(&with_signature_time_stamp(&signed(&holder, true), Hash::Sha256), &holder),
        Hash::Sha256,
        true,
    );
    // added after it, so not covered
    let late = pki().issue("late", Kind::P256, "/CN=Late", "signer").certificate;
    let data = ValidationData { certificates: vec![late.clone()], ..ValidationData::default() };
    let found = read(&cades::with_validation_data(&archived, &data).unwrap());
    let covered = &found.archive_time_stamps[0].covered_material;
    assert_eq!(hold(&found.archive_time_stamps), [true]);
    for certificate in &found.certificates {
        assert_eq!(covered.contains(&certificate.sha256()), *certificate != late);
    }
    let sha256 = |bytes: &[u8]| Hash::Sha256.digest(&[bytes]);
    let old = found.revocation.lists.iter().chain(&found.revocation.answers).map(|bytes| sha256(bytes));
    for digest in old.chain([sha256(&found.signature_time_stamps[0].token)]) {
        assert!(covered.iter().any(|one| *one == *digest));
    }
}

#[test]
fn a_time_stamp_over_something_else_is_not_added() {
    let holder = pki().signer(Kind::P256);
    let message = signed(&holder, true);
    let other = stamp(Hash::Sha256, &Hash::Sha256.digest(&[b"other"]));
    let refused = Err(CadesError::TimeStamp(TimeStampError::NotAsked("imprint")));
    assert_eq!(cades::with_signature_time_stamp(&message, 0, &other), refused);
    assert_eq!(cades::with_archive_time_stamp(&message, 0, &mut cades::no_content, &other), refused);
    assert!(cades::with_signature_time_stamp(&message, 1, &other).is_err());
}

#[test]
fn what_was_archived_and_is_changed_is_covered_no_more() {
    let holder = pki().signer(Kind::P256);
    let long_term = with_validation_data(&signed(&holder, true), &holder);
    let archived = with_archive_time_stamp(&long_term, Hash::Sha256, true);
    // the authority's list, one bit of it: the index names a list that is not there
    let list = &read(&archived).revocation.lists[0];
    let position = archived.windows(list.len()).position(|window| window == &**list).unwrap();
    let mut changed = archived.clone();
    changed[position + list.len() - 1] ^= 1;
    let found = &cades::read(&changed, &mut cades::no_content).unwrap()[0];
    assert_eq!(hold(&found.archive_time_stamps), [false]);
    assert!(found.archive_time_stamps[0].covered_material.is_empty());
}

#[test]
fn files_of_openssl_and_pyhanko_are_extended() {
    let holder = pki().signer(Kind::P256);
    let content = own_file(CONTENT);
    let content = content.to_str().unwrap();
    let certificate = format!("{}.pem", holder.name);
    let key = format!("{}.key", holder.name);
    let of_openssl = |more: &[&str]| {
        let fixed = [
            "cms",
            "-sign",
            "-cades",
            "-binary",
            "-nodetach",
            "-in",
            content,
            "-signer",
            &certificate,
            "-inkey",
            &key,
            "-certfile",
            "ca.pem",
            "-md",
            "sha256",
            "-outform",
            "DER",
        ];
        pki().run(&[&fixed[..], more].concat())
    };
    // `-stream` writes indefinite lengths and the content in pieces
    for message in [of_openssl(&[]), of_openssl(&["-stream"]), of_openssl(&["-keyid"]), of_pyhanko(&holder)] {
        read(&message);
        let archived = with_archive_time_stamp(
            &with_validation_data(&with_signature_time_stamp(&message, Hash::Sha256), &holder),
            Hash::Sha256,
            true,
        );
        openssl_accepts(&archived, true);
        let found = read(&archived);
        assert_eq!(hold(&found.signature_time_stamps), [true]);
        assert_eq!(hold(&found.archive_time_stamps), [true]);
    }
}

const PYHANKO_SIGNS: &str = "\
import asyncio, sys
from pyhanko.keys import load_cert_from_pemder, load_private_key_from_pemder
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko.sign.ades.api import CAdESSignedAttrSpec
from pyhanko.sign.attributes import CMSAttributeProvider
from pyhanko_certvalidator.registry import SimpleCertificateStore
certificate, key, authority, content, out = sys.argv[1:]
store = SimpleCertificateStore()
store.register(load_cert_from_pemder(authority))
signer = SimpleSigner(load_cert_from_pemder(certificate), load_private_key_from_pemder(key, None), store)
data = open(content, 'rb').read()
message = asyncio.run(signer.async_sign_general_data(data, 'sha256', use_cades=True, detached=False))
open(out, 'wb').write(message.dump())
";

fn of_pyhanko(holder: &Holder) -> Vec<u8> {
    let content = own_file(CONTENT);
    let (authority, out) = (pki().path("ca.pem"), pki().path("pyhanko.p7m"));
    let files = [&holder.certificate_file, &holder.key_file, &authority, &content, &out];
    let arguments =
        ["-c".as_ref(), PYHANKO_SIGNS.as_ref()].into_iter().chain(files.map(|file| file.as_os_str()));
    let verdict = ask(python(), arguments);
    assert!(verdict.success, "{}", verdict.text);
    std::fs::read(out).unwrap()
}

const PYHANKO_VALIDATES: &str = "\
import asyncio, sys
from asn1crypto import cms
from pyhanko.keys import load_cert_from_pemder
from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext
root, message, content = sys.argv[1:]
signed = cms.ContentInfo.load(open(message, 'rb').read(), strict=True)['content']
def context():
    return ValidationContext(trust_roots=[load_cert_from_pemder(root)], allow_fetching=False, revocation_mode='soft-fail')
status = asyncio.run(async_validate_detached_cms(
    open(content, 'rb').read(), signed, signer_validation_context=context(), ts_validation_context=context(),
    key_usage_settings=KeyUsageConstraints(key_usage={'non_repudiation'})))
print('intact', status.intact, 'valid', status.valid, 'trusted', status.trusted)
stamp = status.timestamp_validity
print('stamp', stamp and (stamp.intact, stamp.valid, stamp.trusted))
";

#[test]
fn pyhanko_accepts_signature_and_time_stamp() {
    for kind in [Kind::P521, Kind::RsaPss] {
        let holder = pki().signer(kind);
        let stamped = with_signature_time_stamp(&signed(&holder, false), Hash::Sha256);
        let archived = with_archive_time_stamp(&with_validation_data(&stamped, &holder), Hash::Sha512, false);
        let (root, message, content) = (pki().path("root.pem"), own_file(&archived), own_file(CONTENT));
        let files = [&root, &message, &content].map(|file| file.as_os_str());
        let verdict = ask(python(), ["-c".as_ref(), PYHANKO_VALIDATES.as_ref()].into_iter().chain(files));
        for line in ["intact True valid True trusted True", "stamp (True, True, True)"] {
            assert!(verdict.text.contains(line), "{kind:?}: {line} in {}", verdict.text);
        }
    }
}

#[test]
fn what_a_time_stamp_brings_about_revocation_is_found() {
    let message = signed(&pki().signer(Kind::P256), true);
    let token = stamp(Hash::Sha256, &cades::signature_time_stamp_digest(&message, 0, Hash::Sha256).unwrap());
    let list = pki().revocation_list();
    let data = ValidationData { lists: vec![list.clone()], ..ValidationData::default() };
    let token = cades::with_validation_data(&token, &data).unwrap();
    let stamped = cades::with_signature_time_stamp(&message, 0, &token).unwrap();
    let found = read(&with_archive_time_stamp(&stamped, Hash::Sha256, true));
    assert_eq!(found.revocation.lists, [Arc::from(list.as_slice())]);
    assert_eq!(hold(&found.signature_time_stamps), [true]);
    assert_eq!(hold(&found.archive_time_stamps), [true]);
    let covered = &found.archive_time_stamps[0].covered_material;
    assert!(covered.iter().any(|one| *one == *Hash::Sha256.digest(&[&list])));
}

#[test]
fn zeros_behind_a_time_stamp_do_not_get_into_the_message() {
    let message = signed(&pki().signer(Kind::P256), true);
    let digest = cades::signature_time_stamp_digest(&message, 0, Hash::Sha256).unwrap();
    let mut token = stamp(Hash::Sha256, &digest);
    let exact = token.clone();
    token.extend([0; 100]);
    let stamped = cades::with_signature_time_stamp(&message, 0, &token).unwrap();
    assert_eq!(read(&stamped).signature_time_stamps[0].token, exact);
    openssl_accepts(&stamped, true);
}

/// Works out the archive time stamp of a file anew, by EN 319 122-1 clause 5.5 alone, and compares.
const ARCHIVE_TIME_STAMP: &str = "\
import hashlib, sys
from asn1crypto import cms, core, tsp
message = cms.ContentInfo.load(open(sys.argv[1], 'rb').read(), strict=True)['content']
content = open(sys.argv[2], 'rb').read()
[signer] = message['signer_infos']
kinds = {attribute['type'].dotted: attribute for attribute in signer['unsigned_attrs']}
token = cms.ContentInfo.load(kinds['0.4.0.1733.2.4']['values'][0].dump())['content']
info = token['encap_content_info']['content'].parsed
imprint = info['message_imprint']
name = imprint['hash_algorithm']['algorithm'].native
def digest(octets):
    return hashlib.new(name, octets).digest()
class Digests(core.SequenceOf):
    _child_spec = core.OctetString
class Index(core.Sequence):
    _fields = [('algorithm', cms.DigestAlgorithm), ('certificates', Digests), ('crls', Digests), ('attributes', Digests)]
[stamped] = token['signer_infos']
[attribute] = [one for one in stamped['unsigned_attrs'] if one['type'].dotted == '0.4.0.19122.1.5']
encoded = attribute['values'][0].dump()
index = Index.load(encoded, strict=True)
assert index['algorithm']['algorithm'].native == name
assert index['certificates'].native == [digest(one.dump()) for one in message['certificates']]
assert index['crls'].native == [digest(one.dump()) for one in message['crls']]
before = [digest(one['type'].dump() + value.dump())
          for one in signer['unsigned_attrs'] if one['type'].dotted != '0.4.0.1733.2.4' for value in one['values']]
assert before and index['attributes'].native == before
fields = ['version', 'sid', 'digest_algorithm', 'signed_attrs', 'signature_algorithm', 'signature']
over = message['encap_content_info']['content_type'].dump() + digest(content)
over += b''.join(signer[field].dump() for field in fields) + encoded
assert imprint['hashed_message'].native == digest(over)
print('the same')
";

#[test]
fn an_archive_time_stamp_is_what_the_standard_says() {
    for (kind, hash, attached) in [(Kind::P256, Hash::Sha256, true), (Kind::Rsa3072, Hash::Sha512, false)] {
        let holder = pki().signer(kind);
        let stamped = with_signature_time_stamp(&signed(&holder, attached), Hash::Sha256);
        let archived = with_archive_time_stamp(&with_validation_data(&stamped, &holder), hash, attached);
        let (file, content) = (own_file(&archived), own_file(CONTENT));
        let arguments = ["-c".as_ref(), ARCHIVE_TIME_STAMP.as_ref(), file.as_os_str(), content.as_os_str()];
        let verdict = ask(python(), arguments);
        assert_eq!(verdict.text.trim(), "the same");
    }
}

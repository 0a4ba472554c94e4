//! What a signer says beside the content: written by us, read by others; and read back.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

mod support;

use bitaqa_signature::{
    Hash, SignerStatement,
    cades::{self, CadesError, Content, Profile},
    statement::{Commitment, Place, SignaturePolicy},
};
use support::{
    Kind,
    cms::{CONTENT, finish, openssl, own_file},
    judge::{ask, python},
    now, pki,
};

fn everything() -> SignerStatement {
    SignerStatement {
        signing_time: Some(now()),
        commitments: vec![Commitment::ProofOfApproval, Commitment::Other("1.2.3.4.5".parse().unwrap())],
        claimed_roles: vec!["Notaire à Rabat".to_owned(), "شاهد".to_owned()],
        place: Some(Place {
            locality: Some("الرباط".to_owned()),
            state: Some("Rabat-Salé".to_owned()),
            postal_code: Some("10000".to_owned()),
            country: Some("MA".to_owned()),
        }),
        policy: Some(SignaturePolicy {
            identifier: "1.2.3.4.6".parse().unwrap(),
            digest: Hash::Sha512.digest(&[b"policy"]),
            hash: Hash::Sha512,
            uri: Some("https://example.org/policy".to_owned()),
        }),
        media_type: Some("text/plain".to_owned()),
    }
}

/// Prints what pyHanko's ASN.1 makes of the signed attributes.
const ATTRIBUTES: &str = "\
import sys
from asn1crypto import cms, core
from pyhanko.sign.ades import cades_asn1
message = cms.ContentInfo.load(open(sys.argv[1], 'rb').read())['content']
for attribute in message['signer_infos'][0]['signed_attrs']:
    kind, values = attribute['type'].dotted, [value.dump() for value in attribute['values']]
    def parsed(type):
        return [type.load(value, strict=True).native for value in values]
    if kind == '1.2.840.113549.1.9.16.2.16':
        print('commitment', sorted(one['commitment_type_id'] for one in parsed(cades_asn1.CommitmentTypeIndication)))
    elif kind == '0.4.0.19122.1.1':
        [one] = [cades_asn1.SignerAttributesV2.load(value, strict=True) for value in values]
        print('role', [role.native for claimed in one['claimed_attributes'] for role in claimed['values']])
    elif kind == '1.2.840.113549.1.9.16.2.15':
        [one] = parsed(cades_asn1.SignaturePolicyIdentifier)
        print('policy', one['sig_policy_id'], one['sig_policy_hash']['digest_algorithm']['algorithm'],
              one['sig_policy_hash']['digest'].hex(), one['sig_policy_qualifiers'][0]['sig_qualifier'])
    elif kind == '0.4.0.1733.2.1':
        print('mime', parsed(core.UTF8String))
    elif kind == '1.2.840.113549.1.9.16.2.47':
        print('certificate', values[0].hex())
    else:
        print(kind)
";

#[test]
fn others_read_what_a_signer_says() {
    let holder = pki().signer(Kind::P256);
    let signer = holder.best();
    let prepared =
        cades::prepare(&signer, Content::Attached(CONTENT), Profile::Cades, &everything()).unwrap();
    let message = finish(&holder, &signer, prepared);
    assert!(openssl(&message, true).success);
    let file = own_file(&message);
    let verdict =
        ask(python(), ["-X".as_ref(), "utf8".as_ref(), "-c".as_ref(), ATTRIBUTES.as_ref(), file.as_os_str()]);
    let policy: String = Hash::Sha512.digest(&[b"policy"]).iter().map(|byte| format!("{byte:02x}")).collect();
    for line in [
        "commitment ['1.2.3.4.5', 'proof_of_approval']",
        "role ['Notaire à Rabat', 'شاهد']",
        &format!("policy 1.2.3.4.6 sha512 {policy} https://example.org/policy"),
        "mime ['text/plain']",
        "1.2.840.113549.1.9.16.2.17",
        "1.2.840.113549.1.9.5",
    ] {
        assert!(verdict.text.contains(line), "{line} in {}", verdict.text);
    }

    let found = &cades::read(&message, &mut cades::no_content).unwrap()[0];
    let mut read = found.statement.clone();
    // a set has no order
    read.commitments.sort_by_key(|commitment| commitment.oid());
    let mut said = everything();
    said.commitments.sort_by_key(|commitment| commitment.oid());
    said.signing_time = read.signing_time;
    assert_eq!(read, said);
    assert!(found.remarks.is_empty() && found.format_faults.is_empty(), "{found:?}");
}

#[test]
fn a_pdf_has_its_own_places_for_time_place_and_type() {
    let holder = pki().signer(Kind::P256);
    let signer = holder.best();
    let prepared =
        cades::prepare(&signer, Content::Attached(CONTENT), Profile::Pades, &everything()).unwrap();
    let message = finish(&holder, &signer, prepared);
    let read = &cades::read(&message, &mut cades::no_content).unwrap()[0].statement;
    assert_eq!((read.signing_time, &read.place, &read.media_type), (None, &None, &None));
    assert_eq!(read.claimed_roles, everything().claimed_roles);
}

#[test]
fn what_cannot_be_written_is_refused() {
    let signer = pki().signer(Kind::P256).best();
    let refused = |change: fn(&mut SignerStatement)| {
        let mut statement = everything();
        change(&mut statement);
        let prepared = cades::prepare(&signer, Content::Attached(CONTENT), Profile::Cades, &statement);
        assert!(matches!(prepared.err(), Some(CadesError::Statement(_))));
    };
    refused(|statement| statement.claimed_roles.push(String::new()));
    refused(|statement| statement.media_type = Some("x".repeat(5000)));
    refused(|statement| statement.policy.as_mut().unwrap().digest.truncate(3));
    refused(|statement| statement.policy.as_mut().unwrap().uri = Some("https://مثال".to_owned()));
    let digest = Content::Digest { hash: Hash::Sha512, digest: vec![0; 64] };
    let other_hash = cades::prepare(&signer, digest, Profile::Cades, &everything());
    assert_eq!(other_hash.err(), Some(CadesError::Digest));
}

#[test]
fn a_signature_of_another_key_or_over_something_else_is_not_put_in() {
    let (holder, other) = (pki().signer(Kind::P256), pki().issue("other", Kind::P256, "/CN=Other", "signer"));
    let signer = holder.best();
    let prepare =
        || cades::prepare(&signer, Content::Attached(CONTENT), Profile::Cades, &everything()).unwrap();
    let prepared = prepare();
    let foreign = other.sign(signer.algorithm(), &prepared.digest());
    assert!(matches!(prepared.finish(&foreign), Err(CadesError::Signer(_))));
    let elsewhere = holder.sign(signer.algorithm(), &Hash::Sha256.digest(&[b"elsewhere"]));
    assert!(matches!(prepare().finish(&elsewhere), Err(CadesError::Signer(_))));
}

//! The real program tells an extension whom the administrator's trust packs believe about signed documents.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod host_peer;
mod portal;

use bitaqa_protocol::encode_base64;
use bitaqa_testbed::{CardSpec, KeyKind, OwnRoot};
use bitaqa_trust::trust_pack::DocumentAuthorities;
use host_peer::{Peer, bare_host_in, request};
use portal::{Portal, authority_of};
use serde_json::{Value, json};

/// What the host says in this root.
fn trust_in(root: &OwnRoot) -> Value {
    let mut peer = Peer::greeted(bare_host_in(root));
    let id = request(1);
    peer.send(&json!({ "type": "document-trust", "id": id }));
    let answer = peer.next();
    assert_eq!((&answer["type"], &answer["id"]), (&json!("document-trust"), &json!(id)), "{answer}");
    answer["packs"].clone()
}

#[test]
fn packs_say_whom_to_believe_and_whether_that_is_for_tests() {
    let own = authority_of(&CardSpec::pkcs15(KeyKind::P256)).certificate().der().to_vec();
    let documents = DocumentAuthorities {
        signers: vec![encode_base64(&own)],
        time_stamp_authorities: Vec::new(),
        list_signers: vec![encode_base64(&own)],
    };
    let root = Portal::new().root_believing_about_documents(documents);
    let said = trust_in(&root);
    let expected = json!([{
        "pack": "example",
        "test": true,
        "signers": [encode_base64(&own)],
        "timeStampAuthorities": [],
        "listSigners": [encode_base64(&own)],
    }]);
    assert_eq!(said, expected);
}

#[test]
fn packs_that_say_nothing_about_documents_are_not_named() {
    assert_eq!(trust_in(&Portal::new().root()), json!([]));
    assert_eq!(trust_in(&OwnRoot::new().unwrap()), json!([]));
}

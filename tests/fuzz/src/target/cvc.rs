//! Card-verifiable certificates, requests, authorization templates and sector keys; the first byte says which.

use bitaqa_card::{
    chat::Chat,
    cvc::{Certificate, CertificateChain, CertificateRequest},
    restricted_identification::SectorKey,
};

use super::{choice, written};
use crate::answers_of;

pub(crate) fn run(input: &[u8]) {
    let (kind, content) = choice(input);
    match kind % 5 {
        0 => certificate(content),
        1 => chain(content),
        2 => {
            if let Ok(request) = CertificateRequest::parse(content) {
                written(&request);
                let key = request.verify(None);
                if let Ok(key) = key {
                    let _ = request.verify_outer(&key);
                }
            }
        }
        3 => {
            if let Ok(chat) = Chat::parse("CHAT", content) {
                assert_eq!(
                    Chat::parse("CHAT", &chat.encode()).as_ref(),
                    Ok(&chat),
                    "written, it says the same"
                );
            }
        }
        _ => written(&SectorKey::parse(content)),
    }
}

fn certificate(content: &[u8]) {
    let Ok(certificate) = Certificate::parse(content) else { return };
    written(&certificate);
    if let Ok(key) = certificate.own_key() {
        let _ = certificate.verify(&key);
    }
    assert!(!certificate.to_verify().is_empty());
    let _ = certificate.is_described_by(content);
}

/// Certificates, of which the first is the authority that the chip knows.
fn chain(content: &[u8]) {
    let mut certificates = answers_of(content).filter_map(|bytes| Certificate::parse(bytes).ok());
    let Some(authority) = certificates.next() else { return };
    let known = [authority.holder.as_bytes().to_vec()];
    match CertificateChain::arrange(certificates.collect(), &known) {
        Ok(chain) => {
            assert!(chain.certificates().len() <= 17, "a chain that ends");
            let _ = chain.verify(&authority);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

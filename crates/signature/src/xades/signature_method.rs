//! `SignatureMethod`: an algorithm that its name alone says, or RSASSA-PSS with parameters (RFC 9231 section 2.3.9).

use bitaqa_trust::public_key::SignatureScheme;

use super::{
    algorithm::{digest_from_uri, signature_from_uri},
    names::DS,
    structure::attribute,
};
use crate::{
    Hash,
    algorithm::AlgorithmError,
    xml::{Document, NodeId},
};

/// RSASSA-PSS, whose parameters are beside the name.
const RSA_PSS: &str = "http://www.w3.org/2007/05/xmldsig-more#rsa-pss";
/// Namespace of the parameters.
const MORE: &str = "http://www.w3.org/2007/05/xmldsig-more#";
/// The only mask generation function, also the one that is meant where none is named.
const MGF1: &str = "http://www.w3.org/2007/05/xmldsig-more#MGF1";

/// How signatures of a `SignatureMethod` are verified.
pub(super) fn scheme(document: &Document<'_>, method: NodeId) -> Result<SignatureScheme, AlgorithmError> {
    let name = attribute(document, method, "Algorithm").unwrap_or_default();
    match (name.as_str(), document.children(method).next()) {
        (RSA_PSS, _) => pss(document, method).ok_or(AlgorithmError::Parameters),
        (_, None) => signature_from_uri(&name),
        // the names that have parameters are those that nobody should use: HMAC
        (_, Some(_)) => signature_from_uri(&name).and(Err(AlgorithmError::Parameters)),
    }
}

/// RSASSA-PSS by its parameters: SHA-256 and as many bytes of salt as the digest has, where they are not there.
fn pss(document: &Document<'_>, method: NodeId) -> Option<SignatureScheme> {
    let mut inside = document.children(method);
    let parameters = match (inside.next(), inside.next()) {
        (None, _) => {
            return Some(SignatureScheme::Pss { hash: Hash::Sha256, salt_length: Hash::Sha256.length() });
        }
        (Some(only), None) => only,
        _ => return None,
    };
    if !document.is(parameters, MORE, "RSAPSSParams") {
        return None;
    }
    let mut children = document.children(parameters).peekable();
    let mut next = |namespace, name| children.next_if(|child| document.is(*child, namespace, name));
    let hash = next(DS, "DigestMethod").map_or(Some(Hash::Sha256), |node| digest(document, node))?;
    let mask = next(MORE, "MaskGenerationFunction");
    let salt = next(MORE, "SaltLength");
    let trailer = next(MORE, "TrailerField");
    if children.next().is_some() {
        return None;
    }
    if mask.is_some_and(|mask| mask_hash(document, mask, hash) != Some(hash)) {
        return None;
    }
    // one is the only trailer that there is (RFC 8017 appendix A.2.3)
    if trailer.is_some_and(|node| document.text_of(node).is_none_or(|text| text.trim_ascii() != "1")) {
        return None;
    }
    let salt_length = match salt {
        None => hash.length(),
        // no key that is accepted leaves room for more
        Some(node) => usize::from(document.text_of(node)?.trim_ascii().parse::<u8>().ok()?),
    };
    Some(SignatureScheme::Pss { hash, salt_length })
}

/// The hash of a mask generation function: that of the message where none is named.
fn mask_hash(document: &Document<'_>, mask: NodeId, hash: Hash) -> Option<Hash> {
    if attribute(document, mask, "Algorithm").is_some_and(|name| name != MGF1) {
        return None;
    }
    let mut inside = document.children(mask);
    match (inside.next(), inside.next()) {
        (None, _) => Some(hash),
        (Some(node), None) if document.is(node, DS, "DigestMethod") => digest(document, node),
        _ => None,
    }
}

fn digest(document: &Document<'_>, method: NodeId) -> Option<Hash> {
    digest_from_uri(&attribute(document, method, "Algorithm")?)
}

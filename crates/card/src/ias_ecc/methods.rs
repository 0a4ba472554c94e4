//! How keys of the family sign.

use crate::{
    access_rule::{AccessMode, AccessRule, Decision, Interface},
    layout::{Method, Operation, Role},
    pkcs15::{
        private_key::{KeyKind, PrivateKey},
        token_info::TokenInfo,
    },
    signature::{Hash, Input, Scheme},
};

/// The ways a key signs: signing in is INTERNAL AUTHENTICATE, which takes a digest; content is signed by PSO, where with
/// SHA-256 the card hashes the end. A key for signing in whose access rule rules out the first has the second.
pub(super) fn methods(
    token: &TokenInfo,
    key: &PrivateKey,
    role: Role,
    access: &AccessRule,
    interface: Interface,
) -> Vec<Method> {
    let never = |mode| access.decision(interface, mode) == Decision::Never;
    let by_digest = match role {
        Role::Authentication => !never(AccessMode::KeyAuthenticate) || never(AccessMode::KeySign),
        Role::Signature => false,
    };
    let scheme = match key.kind {
        KeyKind::Rsa => Scheme::RsaPkcs1,
        KeyKind::Ec => Scheme::Ecdsa,
    };
    if by_digest {
        // CKM_RSA_PKCS, CKM_ECDSA
        let (mechanism, usual, input) = match key.kind {
            KeyKind::Rsa => (0x0001, 0x02, Input::DigestInfo),
            KeyKind::Ec => (0x1041, 0x04, Input::Digest),
        };
        let reference = reference(token, key, mechanism).unwrap_or(usual);
        return vec![Method {
            scheme,
            hash: None,
            reference: Some(reference),
            hash_reference: None,
            operation: Operation::InternalAuthenticate,
            input,
        }];
    }
    let bound = |hash, usual| Method {
        scheme,
        hash: Some(hash),
        reference: Some(reference(token, key, signature_mechanism(key.kind, hash)).unwrap_or(usual)),
        hash_reference: Some(reference(token, key, hash_mechanism(hash)).unwrap_or(usual & 0xF0)),
        operation: Operation::HashThenSign,
        // the last round on the card is defined for SHA-256; other hash codes go over whole (ISO/IEC 7816-8, section 11.8)
        input: if hash == Hash::Sha256 { Input::LastRound } else { Input::Digest },
    };
    let scheme_reference = match key.kind {
        KeyKind::Rsa => 0x02,
        KeyKind::Ec => 0x04,
    };
    let all = [(Hash::Sha256, 0x40), (Hash::Sha384, 0x50), (Hash::Sha512, 0x60)]
        .map(|(hash, hash_reference)| (hash, hash_reference | scheme_reference));
    let named: Vec<Method> = all
        .into_iter()
        .filter(|(hash, _)| reference(token, key, signature_mechanism(key.kind, *hash)).is_some())
        .map(|(hash, usual)| bound(hash, usual))
        .collect();
    // a card that names none has SHA-256, the one that the specification asks for
    if named.is_empty() {
        all.into_iter().take(1).map(|(hash, usual)| bound(hash, usual)).collect()
    } else {
        named
    }
}

/// CKM_SHAx_RSA_PKCS, CKM_ECDSA_SHAx.
const fn signature_mechanism(kind: KeyKind, hash: Hash) -> u32 {
    match (kind, hash) {
        (KeyKind::Rsa, Hash::Sha256) => 0x0040,
        (KeyKind::Rsa, Hash::Sha384) => 0x0041,
        (KeyKind::Rsa, Hash::Sha512) => 0x0042,
        (KeyKind::Ec, Hash::Sha256) => 0x1044,
        (KeyKind::Ec, Hash::Sha384) => 0x1045,
        (KeyKind::Ec, Hash::Sha512) => 0x1046,
    }
}

/// CKM_SHAx.
const fn hash_mechanism(hash: Hash) -> u32 {
    match hash {
        Hash::Sha256 => 0x0250,
        Hash::Sha384 => 0x0260,
        Hash::Sha512 => 0x0270,
    }
}

/// The card's reference of a mechanism; where the key names its algorithms, hashes need not be among them.
fn reference(token: &TokenInfo, key: &PrivateKey, mechanism: u32) -> Option<u8> {
    let is_hash = mechanism & 0xFF00 == 0x0200;
    token
        .algorithms
        .iter()
        .filter(|algorithm| algorithm.mechanism == mechanism)
        .find(|algorithm| is_hash || key.algorithms.is_empty() || key.algorithms.contains(&algorithm.index))
        .and_then(|algorithm| algorithm.reference)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        pkcs15::{object::CommonObjectAttributes, token_info::Algorithm},
        tlv::TlvReader,
    };

    fn key(kind: KeyKind, algorithms: &[u32]) -> PrivateKey {
        PrivateKey {
            common: CommonObjectAttributes::default(),
            kind,
            id: vec![1],
            signs: true,
            non_repudiation: false,
            reference: Some(1),
            algorithms: algorithms.to_vec(),
            path: None,
        }
    }

    fn token() -> TokenInfo {
        let algorithms = [(1, 0x0250, 0x40), (2, 0x0040, 0x42), (3, 0x0001, 0x0A), (4, 0x0041, 0x52)];
        let algorithms = algorithms.map(|(index, mechanism, reference)| Algorithm {
            index,
            mechanism,
            reference: Some(reference),
        });
        TokenInfo { algorithms: algorithms.to_vec(), ..TokenInfo::default() }
    }

    #[test]
    fn signing_in_takes_a_digest_and_content_the_last_round() {
        let silent = AccessRule::default();
        let sign_in =
            methods(&token(), &key(KeyKind::Rsa, &[3]), Role::Authentication, &silent, Interface::Contact);
        assert_eq!(sign_in.len(), 1);
        assert_eq!(
            (sign_in[0].reference, sign_in[0].operation),
            (Some(0x0A), Operation::InternalAuthenticate)
        );
        let content =
            methods(&token(), &key(KeyKind::Rsa, &[2]), Role::Signature, &silent, Interface::Contact);
        assert_eq!(content.len(), 1, "SHA-384 is not the key's");
        assert_eq!((content[0].reference, content[0].hash_reference), (Some(0x42), Some(0x40)));
        assert_eq!(content[0].input, Input::LastRound);
    }

    #[test]
    fn a_card_that_names_nothing_has_what_the_specification_asks_for() {
        let none = TokenInfo::default();
        let silent = AccessRule::default();
        let content = methods(&none, &key(KeyKind::Ec, &[]), Role::Signature, &silent, Interface::Contact);
        assert_eq!((content[0].reference, content[0].hash_reference), (Some(0x44), Some(0x40)));
        let sign_in =
            methods(&none, &key(KeyKind::Rsa, &[]), Role::Authentication, &silent, Interface::Contact);
        assert_eq!(sign_in[0].reference, Some(0x02));
    }

    #[test]
    fn an_access_rule_without_internal_authenticate_leaves_the_signature_command() {
        let rule = AccessRule::parse(TlvReader::new(&[0x8C, 0x02, 0x40, 0x11])).unwrap();
        let sign_in =
            methods(&token(), &key(KeyKind::Rsa, &[]), Role::Authentication, &rule, Interface::Contact);
        assert!(sign_in.iter().all(|method| method.operation == Operation::HashThenSign));
    }
}

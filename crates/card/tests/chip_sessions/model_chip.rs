//! The key of chip authentication of the model of a card, and the agreement under it.

use bitaqa_card::symmetric::Cipher;

use crate::card_cipher::CardCipher;

/// Its private key.
pub(crate) enum ModelKey {
    Curve(bitaqa_curves::Curve, Vec<u8>),
    Group(bitaqa_curves::modp::Group, Vec<u8>),
}

pub(crate) struct ModelChip {
    pub(crate) key: ModelKey,
    pub(crate) key_id: Option<u8>,
    pub(crate) dg14: Vec<u8>,
    pub(crate) general_answer: Vec<u8>,
    pub(crate) chosen: Option<Cipher>,
}

impl ModelChip {
    pub(crate) fn new(key: ModelKey, key_id: Option<u8>, dg14: Vec<u8>) -> Self {
        Self { key, key_id, dg14, general_answer: vec![0x7C, 0x00], chosen: None }
    }

    pub(crate) fn reference(&self) -> Vec<u8> {
        self.key_id.map(|id| vec![0x84, 1, id]).unwrap_or_default()
    }

    pub(crate) fn agree(&self, cipher: Cipher, public: &[u8]) -> (CardCipher, CardCipher) {
        let secret = match &self.key {
            ModelKey::Curve(curve, private) => {
                assert_eq!(public.len(), 1 + 2 * curve.field_length());
                let point = curve.decode_point(public).unwrap();
                point.mul(&curve.scalar(private).unwrap()).x().to_vec()
            }
            ModelKey::Group(group, private) => {
                group.decode(public).unwrap().power(&group.exponent(private).unwrap()).encode().to_vec()
            }
        };
        let key = |counter: u8| {
            use sha2::Digest;
            let input = [&secret[..], &[0, 0, 0, counter]].concat();
            let mut key = match cipher {
                Cipher::TripleDes | Cipher::Aes128 => sha1::Sha1::digest(&input).to_vec(),
                Cipher::Aes192 | Cipher::Aes256 => sha2::Sha256::digest(&input).to_vec(),
            };
            key.truncate(cipher.key_length());
            CardCipher { aes: cipher != Cipher::TripleDes, key }
        };
        (key(1), key(2))
    }
}

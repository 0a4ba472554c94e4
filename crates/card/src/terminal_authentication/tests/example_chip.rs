//! A chip in a session of AES-128 that expects exactly these commands.

use std::collections::VecDeque;

use crate::{
    kdf::{KeyUse, derive},
    secure_messaging::{LengthForm, SecureMessaging},
    symmetric::Cipher,
    tlv::{Tag, encode},
    transport::{Limits, Transport, TransportError},
};

const CIPHER: Cipher = Cipher::Aes128;

/// A command, and what is answered.
pub(super) struct Step {
    header: [u8; 4],
    data: Vec<u8>,
    le: Option<usize>,
    answer: Vec<u8>,
    status: u16,
    keys: Option<(Vec<u8>, Vec<u8>)>,
}

impl Step {
    pub(super) fn ok(header: [u8; 4], data: Vec<u8>) -> Self {
        Self { header, data, le: None, answer: vec![], status: 0x9000, keys: None }
    }

    pub(super) fn answered(header: [u8; 4], data: Vec<u8>, le: usize, answer: Vec<u8>) -> Self {
        Self { le: Some(le), answer, ..Self::ok(header, data) }
    }

    pub(super) fn with_answer(self, answer: Vec<u8>) -> Self {
        Self { answer, ..self }
    }

    pub(super) fn refused(self, status: u16) -> Self {
        Self { answer: vec![], status, ..self }
    }

    /// What follows is under these keys.
    pub(super) fn then_keys(self, k_enc: Vec<u8>, k_mac: Vec<u8>) -> Self {
        Self { keys: Some((k_enc, k_mac)), ..self }
    }
}

pub(super) struct ExampleChip {
    k_enc: Vec<u8>,
    k_mac: Vec<u8>,
    counter: u8,
    steps: VecDeque<Step>,
}

impl ExampleChip {
    pub(super) fn of_secret(secret: &[u8], steps: Vec<Step>) -> Self {
        let [k_enc, k_mac] =
            [KeyUse::Encryption, KeyUse::Mac].map(|key_use| derive(CIPHER, secret, key_use).to_vec());
        Self { k_enc, k_mac, counter: 0, steps: steps.into() }
    }

    pub(super) fn is_done(&self) -> bool {
        self.steps.is_empty()
    }

    fn counter(&self) -> [u8; 16] {
        u128::from(self.counter).to_be_bytes()
    }

    /// The answer as the standard protects it (9303-11 section 9.8).
    fn protect(&self, data: &[u8], status: u16) -> Vec<u8> {
        let mut objects = Vec::new();
        if !data.is_empty() {
            let mut cryptogram = data.to_vec();
            CIPHER.pad(&mut cryptogram);
            let mut iv = self.counter();
            CIPHER.encrypt_block(&self.k_enc, &mut iv).unwrap();
            CIPHER.encrypt_cbc(&self.k_enc, &iv, &mut cryptogram).unwrap();
            objects = encode(Tag(0x87), &[&[0x01], &cryptogram[..]].concat());
        }
        objects.extend(encode(Tag(0x99), &status.to_be_bytes()));
        let mut message = [&self.counter()[..], &objects].concat();
        CIPHER.pad(&mut message);
        objects.extend(encode(Tag(0x8E), &CIPHER.mac8(&self.k_mac, &message).unwrap()));
        objects.extend(status.to_be_bytes());
        objects
    }
}

impl Transport for ExampleChip {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        let step = self.steps.pop_front().ok_or(TransportError::Removed)?;
        let [k_enc, k_mac] = [&self.k_enc, &self.k_mac].map(|key| key.clone().into());
        let mut mirror = SecureMessaging::new(CIPHER, k_enc, k_mac, &self.counter()).unwrap();
        let form = if command[4] == 0 { LengthForm::Extended } else { LengthForm::Short };
        assert_eq!(command, mirror.wrap(step.header, &step.data, step.le, form).unwrap());
        self.counter += 2;
        *answer = self.protect(&step.answer, step.status);
        if let Some((k_enc, k_mac)) = step.keys {
            *self = Self { k_enc, k_mac, counter: 0, steps: std::mem::take(&mut self.steps) };
        }
        Ok(())
    }

    fn limits(&self) -> Limits {
        Limits { command: 70_000, answer: 70_000 }
    }
}

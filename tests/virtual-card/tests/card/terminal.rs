//! A terminal for tests: hexadecimal digits in, data and status word out.

use std::sync::LazyLock;

use bitaqa_virtual_card::{Card, CardSpec, Pki, rules::Protocol};

/// Authorities take time to make and can be shared.
pub(crate) static PKI: LazyLock<Pki> = LazyLock::new(|| Pki::generate().unwrap());

pub(crate) struct Terminal {
    pub(crate) card: Card,
    protocol: Protocol,
}

impl Terminal {
    pub(crate) fn with(spec: &CardSpec) -> Self {
        Self { card: spec.make(&PKI).unwrap(), protocol: spec.protocol.unwrap_or_default() }
    }

    /// Sends a command; gives data and status word.
    pub(crate) fn send(&mut self, command: &str) -> (Vec<u8>, u16) {
        self.send_bytes(&bytes(command))
    }

    pub(crate) fn send_bytes(&mut self, command: &[u8]) -> (Vec<u8>, u16) {
        let mut answer = self.card.transmit(self.protocol, command).answer.unwrap();
        let status = answer.split_off(answer.len() - 2);
        (answer, u16::from_be_bytes([status[0], status[1]]))
    }

    /// Sends a command and wants this status word and no data.
    #[track_caller]
    pub(crate) fn expect(&mut self, command: &str, status: u16) {
        let (data, got) = self.send(command);
        assert_eq!(format!("{got:04X}"), format!("{status:04X}"), "{command}");
        assert!(data.is_empty(), "{command} gave {data:02X?}");
    }

    /// Sends a command and wants data with `9000`.
    #[track_caller]
    pub(crate) fn data(&mut self, command: &str) -> Vec<u8> {
        let (data, status) = self.send(command);
        assert_eq!(format!("{status:04X}"), "9000", "{command}");
        data
    }
}

/// Hexadecimal digits, spaces where they please.
pub(crate) fn bytes(digits: &str) -> Vec<u8> {
    let digits: Vec<u32> = digits.chars().filter_map(|digit| digit.to_digit(16)).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] << 4 | pair[1]).unwrap()).collect()
}

//! A card in somebody else's virtual reader.

use std::{
    io::{Read as _, Write as _},
    os::unix::net::UnixStream,
    thread,
};

use bitaqa_virtual_card::{CardSpec, Effect, Misbehaviour, vpcd};

use crate::terminal::{PKI, bytes};

struct Reader(UnixStream);

impl Reader {
    fn send(&mut self, message: &[u8]) {
        let length = u16::try_from(message.len()).unwrap().to_be_bytes();
        self.0.write_all(&[length.as_slice(), message].concat()).unwrap();
    }

    fn receive(&mut self) -> Vec<u8> {
        let mut length = [0; 2];
        self.0.read_exact(&mut length).unwrap();
        let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
        self.0.read_exact(&mut message).unwrap();
        message
    }
}

#[test]
fn a_reader_powers_the_card_and_sends_commands() {
    let mut card = CardSpec::esteid().make(&PKI).unwrap();
    card.misbehave(Misbehaviour::at(3, Effect::RemoveAfter));
    let (own, other) = UnixStream::pair().unwrap();
    let served = thread::spawn(move || {
        let mut own = own;
        vpcd::serve(&mut card, &mut own).unwrap();
        card
    });
    let mut reader = Reader(other);
    reader.send(&[1]);
    reader.send(&[4]);
    assert_eq!(reader.receive()[..2], [0x3B, 0xDB]);
    reader.send(&bytes("00A4090C 04 ADF13401"));
    assert_eq!(reader.receive(), [0x90, 0x00]);
    reader.send(&[2]);
    reader.send(&bytes("00B00000 04"));
    assert_eq!(reader.receive(), [0x69, 0x86], "reset");
    reader.send(&bytes("00A4000C"));
    assert_eq!(reader.receive(), [0x90, 0x00]);
    // the card left as it was ordered to
    let card = served.join().unwrap();
    assert_eq!(card.log().entries().len(), 3);
}

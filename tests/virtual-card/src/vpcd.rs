//! A card in a virtual reader of one's own: the client side of vsmartcard's vpcd protocol.
//!
//! Each message is its length in two bytes, big-endian, and its payload. A payload of one byte controls the card
//! (0 power off, 1 power on, 2 reset, 4 "tell the ATR"); every other payload is a command, answered by a message.

use std::{
    io::{self, Read, Write},
    thread,
    time::Instant,
};

use crate::{
    card::{Card, Removal},
    rules::Protocol,
};

const POWER_OFF: u8 = 0;
const POWER_ON: u8 = 1;
const RESET: u8 = 2;
const TELL_ATR: u8 = 4;

/// Serves the card over an open connection until the other side closes it, or the card was ordered to leave.
///
/// # Errors
/// The connection's.
pub fn serve(card: &mut Card, connection: &mut (impl Read + Write)) -> io::Result<()> {
    while let Some(message) = read_message(connection)? {
        match message.as_slice() {
            [POWER_OFF] => card.power_off(),
            [POWER_ON | RESET] => {
                card.reset();
            }
            [TELL_ATR] => {
                let atr = card.atr().to_vec();
                write_message(connection, &atr)?;
            }
            command => {
                let started = Instant::now();
                let exchange = card.transmit(Protocol::T1, command);
                if exchange.removal == Some(Removal::BeforeCommand) {
                    return Ok(());
                }
                thread::sleep(exchange.wait);
                write_message(connection, exchange.answer.as_deref().unwrap_or_default())?;
                card.finished(&exchange, started.elapsed());
                if exchange.removal.is_some() {
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}

fn read_message(connection: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 2];
    match connection.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        outcome => outcome?,
    }
    let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
    connection.read_exact(&mut message)?;
    Ok(Some(message))
}

fn write_message(connection: &mut impl Write, message: &[u8]) -> io::Result<()> {
    let length = u16::try_from(message.len()).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
    connection.write_all(&length.to_be_bytes())?;
    connection.write_all(message)?;
    connection.flush()
}

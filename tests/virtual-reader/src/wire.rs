//! Messages between the driver and the process that holds the card.
//!
//! The driver opens two connections to the socket and says with one byte what each is for ([`Role`]). On the first it
//! asks and the card process answers, one [`Request`] and one [`Reply`] at a time. On the second the card process
//! writes one byte for each thing that happens, beginning with how things stand: [`ABSENT`] or [`PRESENT`]; and
//! whenever pcscd has dealt with what it was told and goes back to sleep, the driver writes there how many of these
//! bytes, after the first, it has dealt with (four bytes, big-endian).
//!
//! A message is a byte that says what it is, the length of its body in four bytes, big-endian, and the body.

use std::io::{self, Read, Write};

use zeroize::Zeroizing;

/// There is no card (any more).
pub const ABSENT: u8 = 0;
/// There is a card.
pub const PRESENT: u8 = 1;

/// Longest body: the longest extended command or answer, and some room.
const MAX_BODY: usize = 70_000;

/// What a connection is for; its first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Requests and replies.
    Commands,
    /// Insertions and removals.
    Events,
}

impl Role {
    /// The byte.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Commands => b'C',
            Self::Events => b'E',
        }
    }

    /// The role that a byte means.
    #[must_use]
    pub const fn of(byte: u8) -> Option<Self> {
        match byte {
            b'C' => Some(Self::Commands),
            b'E' => Some(Self::Events),
            _ => None,
        }
    }
}

/// What the key pad asks the person for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompt {
    /// The PIN, to verify it.
    Verify,
    /// The old PIN, to change it.
    Old,
    /// The new PIN.
    New,
    /// The new PIN again.
    Confirm,
    /// The card access number, to open the card with it.
    CardAccessNumber,
}

/// What the driver asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Power on, and the answer to reset.
    PowerUp,
    /// Power off.
    PowerDown,
    /// Warm reset, and the answer to reset.
    Reset,
    /// A command for the card.
    Transmit {
        /// 0 for T=0, 1 for T=1.
        protocol: u8,
        /// The command; it may hold a PIN.
        command: Zeroizing<Vec<u8>>,
    },
    /// Digits from the person at the key pad.
    EnterPin {
        /// What for.
        prompt: Prompt,
        /// Seconds that the reader waits.
        seconds: u8,
    },
}

/// What the card process answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// It is done.
    Done,
    /// The answer to reset.
    Atr(Vec<u8>),
    /// The card's answer to a command.
    Answer(Vec<u8>),
    /// There is no card, or not the one that was powered.
    NoCard,
    /// The card gives no answer.
    NoAnswer,
    /// Digits, as ASCII.
    Pin(Zeroizing<Vec<u8>>),
    /// The person pressed the cancel key.
    Cancelled,
    /// The person pressed nothing in time.
    TimedOut,
}

impl Request {
    /// Writes the message.
    ///
    /// # Errors
    /// The connection's.
    pub fn write(&self, to: &mut impl Write) -> io::Result<()> {
        match self {
            Self::PowerUp => write_message(to, 1, &[]),
            Self::PowerDown => write_message(to, 2, &[]),
            Self::Reset => write_message(to, 3, &[]),
            Self::Transmit { protocol, command } => {
                let body = Zeroizing::new([&[*protocol], command.as_slice()].concat());
                write_message(to, 4, &body)
            }
            Self::EnterPin { prompt, seconds } => {
                let prompt = match prompt {
                    Prompt::Verify => 0,
                    Prompt::Old => 1,
                    Prompt::New => 2,
                    Prompt::Confirm => 3,
                    Prompt::CardAccessNumber => 4,
                };
                write_message(to, 5, &[prompt, *seconds])
            }
        }
    }

    /// Reads a message.
    ///
    /// # Errors
    /// The connection's; `InvalidData` for something that is not a request.
    pub fn read(from: &mut impl Read) -> io::Result<Self> {
        let (kind, body) = read_message(from)?;
        Ok(match (kind, body.as_slice()) {
            (1, []) => Self::PowerUp,
            (2, []) => Self::PowerDown,
            (3, []) => Self::Reset,
            (4, [protocol, command @ ..]) => {
                Self::Transmit { protocol: *protocol, command: Zeroizing::new(command.to_vec()) }
            }
            (5, [0, seconds]) => Self::EnterPin { prompt: Prompt::Verify, seconds: *seconds },
            (5, [1, seconds]) => Self::EnterPin { prompt: Prompt::Old, seconds: *seconds },
            (5, [2, seconds]) => Self::EnterPin { prompt: Prompt::New, seconds: *seconds },
            (5, [3, seconds]) => Self::EnterPin { prompt: Prompt::Confirm, seconds: *seconds },
            (5, [4, seconds]) => Self::EnterPin { prompt: Prompt::CardAccessNumber, seconds: *seconds },
            _ => return Err(io::ErrorKind::InvalidData.into()),
        })
    }
}

impl Reply {
    /// Writes the message.
    ///
    /// # Errors
    /// The connection's.
    pub fn write(&self, to: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Done => write_message(to, 0x80, &[]),
            Self::Atr(atr) => write_message(to, 0x81, atr),
            Self::Answer(answer) => write_message(to, 0x82, answer),
            Self::NoCard => write_message(to, 0x83, &[]),
            Self::NoAnswer => write_message(to, 0x84, &[]),
            Self::Pin(digits) => write_message(to, 0x85, digits),
            Self::Cancelled => write_message(to, 0x86, &[]),
            Self::TimedOut => write_message(to, 0x87, &[]),
        }
    }

    /// Reads a message.
    ///
    /// # Errors
    /// The connection's; `InvalidData` for something that is not a reply.
    pub fn read(from: &mut impl Read) -> io::Result<Self> {
        let (kind, mut body) = read_message(from)?;
        Ok(match kind {
            0x80 => Self::Done,
            0x81 => Self::Atr(std::mem::take(&mut *body)),
            0x82 => Self::Answer(std::mem::take(&mut *body)),
            0x83 => Self::NoCard,
            0x84 => Self::NoAnswer,
            0x85 => Self::Pin(body),
            0x86 => Self::Cancelled,
            0x87 => Self::TimedOut,
            _ => return Err(io::ErrorKind::InvalidData.into()),
        })
    }
}

fn write_message(to: &mut impl Write, kind: u8, body: &[u8]) -> io::Result<()> {
    let length = u32::try_from(body.len()).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
    let message = Zeroizing::new([&[kind], length.to_be_bytes().as_slice(), body].concat());
    to.write_all(&message)
}

fn read_message(from: &mut impl Read) -> io::Result<(u8, Zeroizing<Vec<u8>>)> {
    let mut head = [0; 5];
    from.read_exact(&mut head)?;
    let [kind, length @ ..] = head;
    let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    if length > MAX_BODY {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut body = Zeroizing::new(vec![0; length]);
    from.read_exact(&mut body)?;
    Ok((kind, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_is_read_as_it_was_written() {
        let requests = [
            Request::PowerUp,
            Request::PowerDown,
            Request::Reset,
            Request::Transmit { protocol: 1, command: Zeroizing::new(vec![0, 0xA4, 0, 0x0C]) },
            Request::EnterPin { prompt: Prompt::Confirm, seconds: 30 },
        ];
        for request in requests {
            let mut bytes = Vec::new();
            request.write(&mut bytes).unwrap();
            assert_eq!(Request::read(&mut bytes.as_slice()).unwrap(), request);
        }
        let replies = [
            Reply::Done,
            Reply::Atr(vec![0x3B, 0]),
            Reply::Answer(vec![0x90, 0]),
            Reply::NoCard,
            Reply::NoAnswer,
            Reply::Pin(Zeroizing::new(b"1234".to_vec())),
            Reply::Cancelled,
            Reply::TimedOut,
        ];
        for reply in replies {
            let mut bytes = Vec::new();
            reply.write(&mut bytes).unwrap();
            assert_eq!(Reply::read(&mut bytes.as_slice()).unwrap(), reply);
        }
    }

    #[test]
    fn a_message_that_claims_to_be_huge_is_refused_before_it_is_read() {
        assert!(Request::read(&mut [4, 0xFF, 0xFF, 0xFF, 0xFF].as_slice()).is_err());
    }
}

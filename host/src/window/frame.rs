//! The frames in which the child answers: a kind byte, a length (two bytes, big endian), that many bytes.

use std::{
    io::{self, IoSlice, Read},
    os::fd::AsFd,
};

use super::{
    access_number::AccessNumber,
    locked_pin::{LockedPin, LockedPinError},
    message::{FRAME_ACCESS_NUMBER, FRAME_EVENT, FRAME_PIN, MAX_MESSAGE, MAX_PIN, WindowEvent},
};

/// Bytes of the serial number of a question.
const SERIAL: usize = size_of::<u32>();

/// One frame, as read.
#[derive(Debug)]
pub enum Frame {
    /// Something happened in the window.
    Event(WindowEvent),
    /// The person sent a PIN.
    Pin(LockedPin),
    /// The person sent the number printed on the card.
    AccessNumber {
        /// Of which question.
        serial: u32,
        /// The number.
        number: AccessNumber,
    },
}

/// Reads the next frame; `None` where the stream ends between two.
///
/// The source must not buffer: PIN and number are to go from the pipe into locked memory and nowhere else.
///
/// # Errors
/// [`FrameError`]; the stream is of no use afterwards.
pub fn read_frame(source: &mut impl Read) -> Result<Option<Frame>, FrameError> {
    let mut header = [0u8; 3];
    if source.read(&mut header[..1]).map_err(FrameError::Read)? == 0 {
        return Ok(None);
    }
    source.read_exact(&mut header[1..]).map_err(FrameError::Read)?;
    let [kind, high, low] = header;
    let length = usize::from(u16::from_be_bytes([high, low]));
    match kind {
        FRAME_PIN if length <= MAX_PIN => Ok(Some(Frame::Pin(LockedPin::read_from(source, length)?))),
        FRAME_ACCESS_NUMBER if (SERIAL..=SERIAL + MAX_PIN).contains(&length) => {
            let mut serial = [0; SERIAL];
            source.read_exact(&mut serial).map_err(FrameError::Read)?;
            let number = AccessNumber::read_from(source, length - SERIAL)?;
            Ok(Some(Frame::AccessNumber { serial: u32::from_be_bytes(serial), number }))
        }
        FRAME_EVENT if length <= MAX_MESSAGE => {
            let mut json = vec![0; length];
            source.read_exact(&mut json).map_err(FrameError::Read)?;
            let event = serde_json::from_slice(&json).map_err(|_| FrameError::Malformed)?;
            Ok(Some(Frame::Event(event)))
        }
        _ => Err(FrameError::Malformed),
    }
}

/// Writes an event.
///
/// # Errors
/// The stream's.
pub fn write_event(target: impl AsFd, event: WindowEvent) -> io::Result<()> {
    let json = serde_json::to_vec(&event)?;
    write_frame(target, FRAME_EVENT, &[], &json)
}

/// Writes a PIN, from locked memory straight into the stream.
///
/// # Errors
/// The stream's.
pub fn write_pin(target: impl AsFd, pin: &LockedPin) -> io::Result<()> {
    write_frame(target, FRAME_PIN, &[], pin.as_bytes())
}

/// Writes the number printed on the card, with the serial number of the question that it answers.
///
/// # Errors
/// The stream's.
pub fn write_access_number(target: impl AsFd, serial: u32, digits: &LockedPin) -> io::Result<()> {
    write_frame(target, FRAME_ACCESS_NUMBER, &serial.to_be_bytes(), digits.as_bytes())
}

/// One `writev(2)` per piece the system takes, so that no buffer of ours holds what is sent.
fn write_frame(target: impl AsFd, kind: u8, lead: &[u8], content: &[u8]) -> io::Result<()> {
    let length = u16::try_from(lead.len() + content.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    let [high, low] = length.to_be_bytes();
    let header = [kind, high, low];
    let mut slices = [IoSlice::new(&header), IoSlice::new(lead), IoSlice::new(content)];
    let mut rest = &mut slices[..];
    while !rest.is_empty() {
        let written = rustix::io::retry_on_intr(|| rustix::io::writev(target.as_fd(), rest))?;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        IoSlice::advance_slices(&mut rest, written);
    }
    Ok(())
}

/// Why a frame cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The stream failed or ended within a frame.
    #[error("the window's answer broke off")]
    Read(#[source] io::Error),
    /// No frame of ours.
    #[error("the window's answer is not one of ours")]
    Malformed,
    /// The PIN could not be taken.
    #[error(transparent)]
    Pin(#[from] LockedPinError),
}

#[cfg(test)]
mod tests {
    use std::io::pipe;

    use bitaqa_card::{chip_session::AccessKey, pace::Can};

    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let (mut reader, writer) = pipe().unwrap();
        let mut pin = LockedPin::new().unwrap();
        for character in *b"4711" {
            pin.push(character).unwrap();
        }
        write_event(&writer, WindowEvent::Shown {}).unwrap();
        write_pin(&writer, &pin).unwrap();
        write_access_number(&writer, 0x0102_0304, &pin).unwrap();
        drop(writer);
        assert!(matches!(read_frame(&mut reader), Ok(Some(Frame::Event(WindowEvent::Shown {})))));
        let Ok(Some(Frame::Pin(read))) = read_frame(&mut reader) else { panic!("no PIN") };
        assert_eq!(read.as_bytes(), b"4711");
        let Ok(Some(Frame::AccessNumber { serial: 0x0102_0304, number })) = read_frame(&mut reader) else {
            panic!("no number")
        };
        assert_eq!(number.key(), Can::new("4711").map(AccessKey::Can));
        assert!(matches!(read_frame(&mut reader), Ok(None)));
    }

    #[test]
    fn anything_else_is_refused() {
        for bytes in
            [&b"X\0\0"[..], b"P\0\xffx", b"E\xff\xff", b"E\0\x02{}", b"P\0\x04", b"N\0\x03\0\0\0", b"N\0\x45"]
        {
            assert!(read_frame(&mut &bytes[..]).is_err(), "{bytes:?}");
        }
    }
}

//! The frames in which the child answers: a kind byte, a length (two bytes, big endian), that many bytes.

use std::{
    io::{self, IoSlice, Read},
    os::fd::AsFd,
};

use super::{
    access_number::AccessNumber,
    locked_pin::{LockedPin, LockedPinError},
    message::{FRAME_ACCESS_NUMBER, FRAME_EVENT, FRAME_MRZ, FRAME_PIN, MAX_MESSAGE, MAX_PIN, WindowEvent},
    mrz_entry::MrzEntry,
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
    /// The person sent document number and dates.
    Mrz {
        /// Of which question.
        serial: u32,
        /// Number and dates.
        entry: MrzEntry,
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
            let serial = read_serial(source)?;
            let number = AccessNumber::read_from(source, length - SERIAL)?;
            Ok(Some(Frame::AccessNumber { serial, number }))
        }
        FRAME_MRZ if (SERIAL..=SERIAL + MAX_PIN).contains(&length) => {
            let serial = read_serial(source)?;
            let entry = MrzEntry::read_from(source, length - SERIAL)?;
            Ok(Some(Frame::Mrz { serial, entry }))
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

fn read_serial(source: &mut impl Read) -> Result<u32, FrameError> {
    let mut serial = [0; SERIAL];
    source.read_exact(&mut serial).map_err(FrameError::Read)?;
    Ok(u32::from_be_bytes(serial))
}

/// Writes an event.
///
/// # Errors
/// The stream's.
pub fn write_event(target: impl AsFd, event: &WindowEvent) -> io::Result<()> {
    let json = serde_json::to_vec(event)?;
    write_frame(target, FRAME_EVENT, [&json])
}

/// Writes a PIN, from locked memory straight into the stream.
///
/// # Errors
/// The stream's.
pub fn write_pin(target: impl AsFd, pin: &LockedPin) -> io::Result<()> {
    write_frame(target, FRAME_PIN, [pin.as_bytes()])
}

/// Writes the number printed on the card, with the serial number of the question that it answers.
///
/// # Errors
/// The stream's.
pub fn write_access_number(target: impl AsFd, serial: u32, digits: &LockedPin) -> io::Result<()> {
    write_frame(target, FRAME_ACCESS_NUMBER, [&serial.to_be_bytes()[..], digits.as_bytes()])
}

/// Writes number and dates of the machine readable zone, with the serial number of the question that they answer. Each is
/// ASCII of at most 255 characters.
///
/// # Errors
/// The stream's.
pub fn write_mrz(target: impl AsFd, serial: u32, fields: [&LockedPin; 3]) -> io::Result<()> {
    let [number, birth, expiry] = fields.map(LockedPin::as_bytes);
    let length = |field: &[u8]| u8::try_from(field.len()).map(|length| [length]);
    let lengths = [length(number), length(birth), length(expiry)];
    let [Ok(of_number), Ok(of_birth), Ok(of_expiry)] = lengths else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let serial = serial.to_be_bytes();
    write_frame(target, FRAME_MRZ, [&serial[..], &of_number, number, &of_birth, birth, &of_expiry, expiry])
}

/// One `writev(2)` per piece the system takes, so that no buffer of ours holds what is sent.
fn write_frame<const N: usize>(target: impl AsFd, kind: u8, parts: [&[u8]; N]) -> io::Result<()> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let [high, low] = u16::try_from(length).map_err(|_| io::ErrorKind::InvalidInput)?.to_be_bytes();
    let header = [kind, high, low];
    let mut slices: Vec<IoSlice<'_>> = Vec::with_capacity(N + 1);
    slices.push(IoSlice::new(&header));
    slices.extend(parts.into_iter().map(IoSlice::new));
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
        write_event(&writer, &WindowEvent::Shown {}).unwrap();
        write_pin(&writer, &pin).unwrap();
        write_access_number(&writer, 0x0102_0304, &pin).unwrap();
        let fields = ["L898902C", "690806", "940623"].map(|text| {
            let mut field = LockedPin::new().unwrap();
            text.bytes().for_each(|character| field.push(character).unwrap());
            field
        });
        write_mrz(&writer, 9, fields.each_ref()).unwrap();
        drop(writer);
        assert!(matches!(read_frame(&mut reader), Ok(Some(Frame::Event(WindowEvent::Shown {})))));
        let Ok(Some(Frame::Pin(read))) = read_frame(&mut reader) else { panic!("no PIN") };
        assert_eq!(read.as_bytes(), b"4711");
        let Ok(Some(Frame::AccessNumber { serial: 0x0102_0304, number })) = read_frame(&mut reader) else {
            panic!("no number")
        };
        assert_eq!(number.key(), Can::new("4711").map(AccessKey::Can));
        let Ok(Some(Frame::Mrz { serial: 9, entry })) = read_frame(&mut reader) else { panic!("no zone") };
        let Some(AccessKey::Mrz(key)) = entry.key() else { panic!("no key") };
        assert_eq!(key.information(), "L898902C<369080619406236");
        assert!(matches!(read_frame(&mut reader), Ok(None)));
    }

    #[test]
    fn anything_else_is_refused() {
        for bytes in [
            &b"X\0\0"[..],
            b"P\0\xffx",
            b"E\xff\xff",
            b"E\0\x02{}",
            b"P\0\x04",
            b"N\0\x03\0\0\0",
            b"N\0\x45",
            b"M\0\x03\0\0\0",
            b"M\0\x45",
        ] {
            assert!(read_frame(&mut &bytes[..]).is_err(), "{bytes:?}");
        }
    }
}

//! A decoded picture, and how it goes to the window child.
//!
//! After [`PICTURE_MARK`]: one byte for which picture it is, width and height (two bytes each, big endian), then three bytes
//! per pixel, red, green and blue, row by row from the top.

use std::{
    fmt,
    io::{self, Read, Write},
};

use super::message::{PICTURE_MARK, PictureKind};

/// Most pixels across.
pub const MAX_WIDTH: u16 = 480;
/// Most pixels down.
pub const MAX_HEIGHT: u16 = 640;
/// Bytes of a pixel.
const CHANNELS: usize = 3;

/// A decoded picture of at most [`MAX_WIDTH`] × [`MAX_HEIGHT`] pixels.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    width: u16,
    height: u16,
    rgb: Vec<u8>,
}

impl Picture {
    /// A picture of red, green and blue bytes, row by row. `None` where there is no pixel, too many, or another number of
    /// bytes.
    #[must_use]
    pub fn new(width: u16, height: u16, rgb: Vec<u8>) -> Option<Self> {
        (length(width, height)? == rgb.len()).then_some(Self { width, height, rgb })
    }

    /// Pixels across.
    #[must_use]
    pub const fn width(&self) -> u16 {
        self.width
    }

    /// Pixels down.
    #[must_use]
    pub const fn height(&self) -> u16 {
        self.height
    }

    /// Red, green and blue of every pixel, row by row.
    #[must_use]
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// Reads size and pixels.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] for no size of a picture, and the source's.
    pub fn read_from(source: &mut impl Read) -> io::Result<Self> {
        let mut header = [0; 4];
        source.read_exact(&mut header)?;
        let [width_high, width_low, height_high, height_low] = header;
        let width = u16::from_be_bytes([width_high, width_low]);
        let height = u16::from_be_bytes([height_high, height_low]);
        let mut rgb = vec![0; length(width, height).ok_or(io::ErrorKind::InvalidData)?];
        source.read_exact(&mut rgb)?;
        Ok(Self { width, height, rgb })
    }

    /// Writes size and pixels.
    ///
    /// # Errors
    /// The target's.
    pub fn write_to(&self, target: &mut impl Write) -> io::Result<()> {
        target.write_all(&self.width.to_be_bytes())?;
        target.write_all(&self.height.to_be_bytes())?;
        target.write_all(&self.rgb)
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({} × {})", self.width, self.height)
    }
}

/// Bytes of a picture of this size; `None` where it is no size of one.
fn length(width: u16, height: u16) -> Option<usize> {
    let sound = (1..=MAX_WIDTH).contains(&width) && (1..=MAX_HEIGHT).contains(&height);
    sound.then(|| usize::from(width) * usize::from(height) * CHANNELS)
}

/// Sends a picture to the window child.
///
/// # Errors
/// The target's.
pub(super) fn send(target: &mut impl Write, kind: PictureKind, picture: &Picture) -> io::Result<()> {
    let kind = match kind {
        PictureKind::Photo => 0,
        PictureKind::SignatureImage => 1,
    };
    target.write_all(&[PICTURE_MARK, kind])?;
    picture.write_to(target)
}

/// Receives what stands behind [`PICTURE_MARK`].
///
/// # Errors
/// [`io::ErrorKind::InvalidData`] for no picture of ours, and the source's.
#[cfg(feature = "window")]
pub(super) fn receive(source: &mut impl Read) -> io::Result<(PictureKind, Picture)> {
    let mut kind = [0];
    source.read_exact(&mut kind)?;
    let kind = match kind {
        [0] => PictureKind::Photo,
        [1] => PictureKind::SignatureImage,
        _ => return Err(io::ErrorKind::InvalidData.into()),
    };
    Ok((kind, Picture::read_from(source)?))
}

/// The pictures of a scene.
#[cfg(feature = "window")]
#[derive(Debug, Default)]
pub(super) struct ScenePictures {
    /// The photo.
    pub(super) photo: Option<Picture>,
    /// The image of the holder's signature.
    pub(super) signature_image: Option<Picture>,
}

#[cfg(feature = "window")]
impl ScenePictures {
    /// Takes a picture; a later one of the same kind takes its place.
    pub(super) fn take(&mut self, kind: PictureKind, picture: Picture) {
        match kind {
            PictureKind::Photo => self.photo = Some(picture),
            PictureKind::SignatureImage => self.signature_image = Some(picture),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_a_size_and_as_many_bytes_as_that_needs() {
        assert!(Picture::new(2, 1, vec![0; 6]).is_some());
        for (width, height, bytes) in [(0, 1, 0), (1, 0, 0), (2, 1, 5), (481, 1, 1443), (1, 641, 1923)] {
            assert!(Picture::new(width, height, vec![0; bytes]).is_none(), "{width} × {height}");
        }
    }

    #[test]
    fn what_is_sent_is_received() {
        let picture = Picture::new(2, 1, vec![1, 2, 3, 4, 5, 6]).unwrap();
        let mut bytes = Vec::new();
        send(&mut bytes, PictureKind::SignatureImage, &picture).unwrap();
        assert_eq!(bytes, [PICTURE_MARK, 1, 0, 2, 0, 1, 1, 2, 3, 4, 5, 6]);
        assert_eq!(Picture::read_from(&mut &bytes[2..]).unwrap(), picture);
        #[cfg(feature = "window")]
        assert!(
            matches!(receive(&mut &bytes[1..]), Ok((PictureKind::SignatureImage, received)) if received == picture)
        );
        assert_eq!(format!("{picture:?}"), "Picture(2 × 1)");
        for wrong in [&[0, 0, 0, 1][..], &[0xff; 4], &[0, 1, 0, 1, 7, 7]] {
            assert!(Picture::read_from(&mut { wrong }).is_err());
        }
    }
}

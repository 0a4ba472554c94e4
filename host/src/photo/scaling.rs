//! A picture made smaller, so that it fits what goes to the window.

use crate::window::{
    Picture,
    picture::{MAX_HEIGHT, MAX_WIDTH},
};

/// Bytes of a pixel.
const CHANNELS: usize = 3;

/// Pixels of any number, red, green and blue, row by row.
#[derive(Debug)]
pub(super) struct Pixels {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

impl Pixels {
    /// `None` where there is no pixel, or another number of bytes than the size needs.
    pub(super) fn new(width: usize, height: usize, rgb: Vec<u8>) -> Option<Self> {
        let length = width.checked_mul(height)?.checked_mul(CHANNELS)?;
        (length > 0 && length == rgb.len()).then_some(Self { width, height, rgb })
    }
}

/// The largest picture of the same proportions, no larger than these pixels and [`MAX_WIDTH`] × [`MAX_HEIGHT`]; each of its
/// pixels is the mean of those that it stands for. `None` where a picture is so narrow that nothing of it would be left.
pub(super) fn scaled(pixels: &Pixels) -> Option<Picture> {
    let (most_across, most_down) = (usize::from(MAX_WIDTH), usize::from(MAX_HEIGHT));
    let (width, height) = if pixels.width <= most_across && pixels.height <= most_down {
        (pixels.width, pixels.height)
    } else if pixels.width * most_down >= pixels.height * most_across {
        (most_across, pixels.height * most_across / pixels.width)
    } else {
        (pixels.width * most_down / pixels.height, most_down)
    };
    let size = (u16::try_from(width).ok()?, u16::try_from(height).ok()?);
    if (width, height) == (pixels.width, pixels.height) {
        return Picture::new(size.0, size.1, pixels.rgb.clone());
    }
    let mut rgb = Vec::with_capacity(width * height * CHANNELS);
    for row in 0..height {
        let rows = stands_for(row, height, pixels.height);
        for column in 0..width {
            rgb.extend(mean(pixels, stands_for(column, width, pixels.width), rows.clone()));
        }
    }
    Picture::new(size.0, size.1, rgb)
}

/// Which of `many` the one of `few` at `index` stands for: at least one.
fn stands_for(index: usize, few: usize, many: usize) -> std::ops::Range<usize> {
    index * many / few..(index + 1) * many / few
}

fn mean(pixels: &Pixels, columns: std::ops::Range<usize>, rows: std::ops::Range<usize>) -> [u8; CHANNELS] {
    let (mut sums, count) = ([0usize; CHANNELS], columns.len() * rows.len());
    for row in rows {
        let start = (row * pixels.width + columns.start) * CHANNELS;
        let run = pixels.rgb.get(start..start + columns.len() * CHANNELS).unwrap_or_default();
        for pixel in run.chunks_exact(CHANNELS) {
            for (sum, &value) in sums.iter_mut().zip(pixel) {
                *sum += usize::from(value);
            }
        }
    }
    // a mean of bytes is one
    sums.map(|sum| u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(width: usize, height: usize, value: impl Fn(usize, usize) -> u8) -> Pixels {
        let places = (0..width * height).map(|place| (place % width, place / width));
        Pixels::new(width, height, places.flat_map(|(x, y)| [value(x, y); CHANNELS]).collect()).unwrap()
    }

    #[test]
    fn what_fits_stays_as_it_is() {
        let picture = scaled(&grey(480, 640, |x, _| u8::try_from(x % 256).unwrap())).unwrap();
        assert_eq!((picture.width(), picture.height()), (480, 640));
        assert_eq!(picture.rgb()[3 * 77], 77);
    }

    #[test]
    fn what_does_not_fit_keeps_its_proportions_and_its_colours() {
        for (width, height, expected) in
            [(960, 1280, (480, 640)), (960, 640, (480, 320)), (100, 1280, (50, 640)), (4096, 9, (480, 1))]
        {
            let picture = scaled(&grey(width, height, |_, _| 200)).unwrap();
            assert_eq!((picture.width(), picture.height()), expected);
            assert!(picture.rgb().iter().all(|&value| value == 200));
        }
        // a chequered pattern of single pixels becomes even
        let even = scaled(&grey(960, 1280, |x, y| if (x + y) % 2 == 0 { 0 } else { 200 })).unwrap();
        assert!(even.rgb().iter().all(|&value| value == 100));
    }

    #[test]
    fn nothing_is_left_of_a_line_that_is_too_thin() {
        assert!(scaled(&grey(4096, 1, |_, _| 0)).is_none());
        assert!(Pixels::new(0, 4, vec![]).is_none());
        assert!(Pixels::new(2, 1, vec![0; 5]).is_none());
    }
}

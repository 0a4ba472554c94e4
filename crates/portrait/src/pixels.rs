//! A picture, and making it smaller.

use std::fmt;

/// Bytes of a pixel.
const CHANNELS: usize = 3;

/// Most pixels across and down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Across.
    pub width: u16,
    /// Down.
    pub height: u16,
}

/// Pixels, red, green and blue, row by row from the top.
#[derive(Clone, PartialEq, Eq)]
pub struct Pixels {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

/// A face is not shown in a log.
impl fmt::Debug for Pixels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pixels({} × {})", self.width, self.height)
    }
}

impl Pixels {
    /// `None` where there is no pixel, or another number of bytes than the size needs.
    pub(crate) fn new(width: usize, height: usize, rgb: Vec<u8>) -> Option<Self> {
        let length = width.checked_mul(height)?.checked_mul(CHANNELS)?;
        (length > 0 && length == rgb.len()).then_some(Self { width, height, rgb })
    }

    /// Pixels across.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.width
    }

    /// Pixels down.
    #[must_use]
    pub const fn height(&self) -> usize {
        self.height
    }

    /// Red, green and blue of every pixel, row by row.
    #[must_use]
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// The same, for whoever takes the bytes.
    #[must_use]
    pub fn into_rgb(self) -> Vec<u8> {
        self.rgb
    }

    /// The largest picture of the same proportions, no larger than these pixels and the bounds; each of its pixels is the mean of
    /// those that it stands for. `None` where a picture is so narrow that nothing of it would be left.
    pub(crate) fn scaled(self, bounds: Bounds) -> Option<Self> {
        let (most_across, most_down) = (usize::from(bounds.width), usize::from(bounds.height));
        if self.width <= most_across && self.height <= most_down {
            return Some(self);
        }
        let (width, height) = if self.width * most_down >= self.height * most_across {
            (most_across, self.height * most_across / self.width)
        } else {
            (self.width * most_down / self.height, most_down)
        };
        let mut rgb = Vec::with_capacity(width * height * CHANNELS);
        for row in 0..height {
            let rows = stands_for(row, height, self.height);
            for column in 0..width {
                rgb.extend(mean(&self, stands_for(column, width, self.width), rows.clone()));
            }
        }
        Self::new(width, height, rgb)
    }
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

    const BOUNDS: Bounds = Bounds { width: 480, height: 640 };

    fn grey(width: usize, height: usize, value: impl Fn(usize, usize) -> u8) -> Pixels {
        let places = (0..width * height).map(|place| (place % width, place / width));
        Pixels::new(width, height, places.flat_map(|(x, y)| [value(x, y); CHANNELS]).collect()).unwrap()
    }

    #[test]
    fn what_fits_stays_as_it_is() {
        let picture = grey(480, 640, |x, _| u8::try_from(x % 256).unwrap()).scaled(BOUNDS).unwrap();
        assert_eq!((picture.width(), picture.height()), (480, 640));
        assert_eq!(picture.rgb()[3 * 77], 77);
    }

    #[test]
    fn what_does_not_fit_keeps_its_proportions_and_its_colours() {
        for (width, height, expected) in
            [(960, 1280, (480, 640)), (960, 640, (480, 320)), (100, 1280, (50, 640)), (4096, 9, (480, 1))]
        {
            let picture = grey(width, height, |_, _| 200).scaled(BOUNDS).unwrap();
            assert_eq!((picture.width(), picture.height()), expected);
            assert!(picture.rgb().iter().all(|&value| value == 200));
        }
        // a chequered pattern of single pixels becomes even
        let even = grey(960, 1280, |x, y| if (x + y) % 2 == 0 { 0 } else { 200 }).scaled(BOUNDS).unwrap();
        assert!(even.rgb().iter().all(|&value| value == 100));
    }

    #[test]
    fn nothing_is_left_of_a_line_that_is_too_thin() {
        assert!(grey(4096, 1, |_, _| 0).scaled(BOUNDS).is_none());
        assert!(Pixels::new(0, 4, vec![]).is_none());
        assert!(Pixels::new(2, 1, vec![0; 5]).is_none());
    }
}

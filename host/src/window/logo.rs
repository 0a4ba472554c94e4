//! The logo, drawn at any size: a card with an eight-pointed star for its chip.

use slint::{Image, Rgba8Pixel, SharedPixelBuffer};

/// Side of the drawing, in its own units.
const SIDE: f32 = 64.0;
/// Samples per pixel and direction, for smooth edges.
const SAMPLES: u16 = 4;

const GREEN: [f32; 3] = [11.0, 93.0, 78.0];
const SAND: [f32; 3] = [246.0, 243.0, 234.0];

/// The logo as a square image of `pixels` × `pixels`.
pub(super) fn logo(pixels: u16) -> Image {
    let mut buffer = SharedPixelBuffer::<Rgba8Pixel>::new(pixels.into(), pixels.into());
    let width = usize::from(pixels.max(1));
    for (index, pixel) in buffer.make_mut_slice().iter_mut().enumerate() {
        *pixel = sample(index % width, index / width, f32::from(pixels.max(1)));
    }
    Image::from_rgba8(buffer)
}

/// The mean colour of one pixel.
fn sample(column: usize, row: usize, pixels: f32) -> Rgba8Pixel {
    let (mut red, mut green, mut blue, mut alpha) = (0.0, 0.0, 0.0, 0.0);
    for i in 0..SAMPLES * SAMPLES {
        let step = 1.0 / f32::from(SAMPLES);
        let x = coordinate(column, f32::from(i % SAMPLES) * step + step / 2.0, pixels);
        let y = coordinate(row, f32::from(i / SAMPLES) * step + step / 2.0, pixels);
        if let Some([r, g, b]) = colour(x, y) {
            red += r;
            green += g;
            blue += b;
            alpha += 1.0;
        }
    }
    if alpha == 0.0 {
        return Rgba8Pixel::new(0, 0, 0, 0);
    }
    let samples = f32::from(SAMPLES * SAMPLES);
    Rgba8Pixel::new(byte(red / alpha), byte(green / alpha), byte(blue / alpha), byte(alpha / samples * 255.0))
}

fn coordinate(index: usize, offset: f32, pixels: f32) -> f32 {
    (f32::from(u16::try_from(index).unwrap_or(u16::MAX)) + offset) * SIDE / pixels
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the range of a byte")]
fn byte(value: f32) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

/// The drawing's colour at a point; `None` outside the card.
fn colour(x: f32, y: f32) -> Option<[f32; 3]> {
    if !rounded(x, y, [4.0, 12.0, 56.0, 40.0], 7.0) {
        return None;
    }
    let (dx, dy) = ((x - 22.0).abs(), (y - 30.0).abs());
    let star = dx.max(dy) <= 8.0 || dx + dy <= 8.0 * std::f32::consts::SQRT_2;
    let hole = dx.hypot(dy) <= 4.2;
    let lines = rounded(x, y, [40.0, 23.0, 13.0, 3.0], 1.5) || rounded(x, y, [40.0, 29.0, 13.0, 3.0], 1.5);
    let foot = rounded(x, y, [14.0, 44.0, 39.0, 2.6], 1.3);
    let share = if star && !hole {
        1.0
    } else if lines {
        0.92
    } else if foot {
        0.5
    } else {
        0.0
    };
    let [r, g, b] = GREEN;
    let [sand_r, sand_g, sand_b] = SAND;
    Some([r + (sand_r - r) * share, g + (sand_g - g) * share, b + (sand_b - b) * share])
}

/// Whether a point lies in a rectangle (left, top, width, height) with round corners.
fn rounded(x: f32, y: f32, [left, top, width, height]: [f32; 4], radius: f32) -> bool {
    let dx = (left + radius - x).max(x - (left + width - radius)).max(0.0);
    let dy = (top + radius - y).max(y - (top + height - radius)).max(0.0);
    dx.hypot(dy) <= radius
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_a_green_card_a_light_star_and_nothing_around() {
        let buffer = logo(64).to_rgba8().unwrap();
        let pixel = |x: usize, y: usize| buffer.as_slice()[y * 64 + x];
        assert_eq!(pixel(2, 2).a, 0);
        assert_eq!(pixel(22, 30), Rgba8Pixel::new(11, 93, 78, 255));
        assert_eq!(pixel(22, 21), Rgba8Pixel::new(246, 243, 234, 255));
    }
}

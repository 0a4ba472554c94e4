//! What a viewer shows of a signature: lines of text and an image, in a rectangle on a page.

use super::{
    PadesError,
    form::real,
    image::Image,
    lettering::{Lettering, Line},
    placement::Look,
    shaping::{ShapedLine, shape},
};
use crate::pdf::{Dictionary, Object, Reference, update::Update};

/// How a signature shows.
#[derive(Debug, Clone, Default)]
pub struct Appearance {
    /// The page, the first being 0.
    pub page: usize,
    /// Left, bottom, right and top in the page's own units (1/72 inch by default), before the page is turned. A field that is
    /// there already keeps its rectangle.
    pub rectangle: [f64; 4],
    /// Lines, from above to below: name, reason, date.
    pub text: Text,
    /// An image, at the side where lines begin.
    pub image: Option<Image>,
}

/// Lines of an appearance, and in which font.
#[derive(Debug, Clone, PartialEq)]
pub enum Text {
    /// Letters of western Europe, in Helvetica, which the viewer has.
    Helvetica(Vec<String>),
    /// In a font of TrueType that is embedded, each in a language that runs as it likes.
    Shaped {
        /// The font.
        font: Vec<u8>,
        /// What [`shape`] made of the lines and this font.
        lines: Vec<ShapedLine>,
    },
}

impl Default for Text {
    fn default() -> Self {
        Self::Helvetica(Vec::new())
    }
}

impl Text {
    /// Lines in a font of TrueType.
    ///
    /// # Errors
    /// As [`shape`].
    pub fn in_font(font: Vec<u8>, lines: &[String]) -> Result<Self, PadesError> {
        let lines = shape(&font, lines)?;
        Ok(Self::Shaped { font, lines })
    }

    const fn lines(&self) -> usize {
        match self {
            Self::Helvetica(lines) => lines.len(),
            Self::Shaped { lines, .. } => lines.len(),
        }
    }
}

/// Most lines.
pub(super) const MAX_LINES: usize = 24;
/// Largest size of letters.
pub(super) const MAX_SIZE: f64 = 14.0;
/// From line to line, in sizes.
const LEADING: f64 = 1.25;
/// Space at the edges.
const MARGIN: f64 = 2.0;
/// Space between an image and lines.
const GAP: f64 = 5.0;
/// Largest page (ISO 32000-1 annex C).
const LARGEST: f64 = 14_400.0;

impl Look {
    /// Of a signature that no viewer shows.
    pub(super) const fn hidden() -> Result<Self, PadesError> {
        Ok(Self { page: 0, rectangle: [0.0; 4], appearance: None })
    }
}

impl Appearance {
    pub(super) fn into_look(self) -> Result<Look, PadesError> {
        let [left, bottom, right, top] = self.rectangle;
        let usable = self.rectangle.iter().all(|value| value.is_finite() && value.abs() <= LARGEST);
        if !usable || left >= right || bottom >= top {
            return Err(PadesError::Appearance("the rectangle is empty or larger than any page"));
        }
        if self.text.lines() > MAX_LINES {
            return Err(PadesError::Appearance("there are too many lines"));
        }
        let (page, rectangle) = (self.page, self.rectangle);
        Ok(Look {
            page,
            rectangle,
            appearance: Some(Box::new(move |update, rotation, rectangle| {
                self.draw(update, rotation, rectangle)
            })),
        })
    }

    /// The form that shows it, upright on a page that is turned.
    fn draw(&self, update: &mut Update, rotation: i64, rectangle: [f64; 4]) -> Result<Reference, PadesError> {
        let [left, bottom, right, top] = rectangle;
        let (width, height) = (right - left, top - bottom);
        let (width, height) = if rotation % 180 == 0 { (width, height) } else { (height, width) };
        let matrix = match rotation {
            90 => [0, 1, -1, 0, 0, 0],
            180 => [-1, 0, 0, -1, 0, 0],
            270 => [0, -1, 1, 0, 0, 0],
            _ => [1, 0, 0, 1, 0, 0],
        };
        let (lettering, lines) = Lettering::of(&self.text)?;
        let pixels = self.image.as_ref().map(Image::size);
        let layout = Layout::of([width, height], pixels, !lines.is_empty());
        let layout = layout.ok_or(PadesError::Appearance("the field has no area"))?;
        let mut content = String::from("q\n");
        let mut resources = Dictionary::new();
        let begins_right = lines.first().is_some_and(|line| line.begins_right);
        if let (Some(image), Some([wide, high])) = (&self.image, layout.image) {
            let x = match lines.is_empty() {
                true => (width - wide) / 2.0,
                false if begins_right => width - MARGIN - wide,
                false => MARGIN,
            };
            let y = (height - high) / 2.0;
            content += &format!("q {wide:.3} 0 0 {high:.3} {x:.3} {y:.3} cm /I Do Q\n");
            resources.set("XObject", Dictionary::new().with("I", image.write(update)?));
        }
        if !lines.is_empty() {
            let left = if begins_right { MARGIN } else { width - MARGIN - layout.text_width };
            content += &set_lines(&lines, left, &layout);
            resources.set("Font", Dictionary::new().with("F", lettering.write(update)?));
        }
        content += "Q\n";
        let numbers = |numbers: [i64; 6]| Object::Array(numbers.map(Object::Integer).to_vec());
        let dictionary = Dictionary::new()
            .with("Type", Object::name("XObject"))
            .with("Subtype", Object::name("Form"))
            .with("BBox", Object::Array([0.0, 0.0, width, height].map(real).to_vec()))
            .with("Matrix", numbers(matrix))
            .with("Resources", resources);
        Ok(update.add_stream(dictionary, content.into_bytes())?)
    }
}

/// How image and lines share a place, in the page's units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    /// Width and height of the image.
    pub(super) image: Option<[f64; 2]>,
    /// For the lines.
    pub(super) text_width: f64,
    height: f64,
}

impl Layout {
    /// Of a place of this width and height with an image of so many pixels: beside lines it has a third of the width at most. Nothing
    /// where there is no area.
    pub(super) fn of([width, height]: [f64; 2], pixels: Option<[f64; 2]>, has_lines: bool) -> Option<Self> {
        let is_length = |length: f64| length > 0.0 && length <= LARGEST;
        let sizes = pixels.into_iter().flatten().all(|size| size >= 1.0 && size.is_finite());
        if !is_length(width) || !is_length(height) || !sizes {
            return None;
        }
        let image = pixels.map(|[wide, high]| {
            let most = if has_lines { width / 3.0 } else { width };
            let scale = ((most - 2.0 * MARGIN).max(1.0) / wide).min((height - 2.0 * MARGIN).max(1.0) / high);
            [wide * scale, high * scale]
        });
        let beside = image.map_or(0.0, |[wide, _]| wide + GAP);
        Some(Self { image, text_width: (width - 2.0 * MARGIN - beside).max(1.0), height })
    }

    /// Width for letters of this size, in thousandths of it.
    pub(super) fn room(&self, size: f64) -> f64 {
        1000.0 * self.text_width / size
    }

    /// How many lines of this size have room.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few lines")]
    pub(super) fn rows(&self, size: f64) -> usize {
        ((self.height - 2.0 * MARGIN) / (size * LEADING)).max(0.0) as usize
    }

    /// Size of so many lines of which the widest has this width, in thousandths: as large as fits.
    #[allow(clippy::cast_precision_loss, reason = "a few lines")]
    pub(super) fn size(&self, lines: usize, widest: f64) -> f64 {
        let high = (self.height - 2.0 * MARGIN).max(1.0) / (lines as f64 * LEADING);
        MAX_SIZE.min(high).min(self.room(widest.max(1.0)))
    }
}

/// As large as fits, each line from the side where its language begins.
fn set_lines(lines: &[Line], left: f64, layout: &Layout) -> String {
    let widest = lines.iter().map(|line| line.width).fold(1.0, f64::max);
    let size = layout.size(lines.len(), widest);
    let right = left + layout.text_width;
    #[allow(clippy::cast_precision_loss, reason = "a few lines")]
    let half = lines.len() as f64 / 2.0;
    let mut content = String::from("0 g\n");
    let mut baseline = layout.height / 2.0 + half * size * LEADING - size;
    for line in lines {
        let width = line.width * size / 1000.0;
        let mut x = if line.begins_right { right - width } else { left };
        for run in &line.runs {
            let (x_run, y_run) = (x + run.across * size / 1000.0, baseline + run.up * size / 1000.0);
            content += &format!("BT /F {size:.3} Tf {x_run:.3} {y_run:.3} Td <{}> Tj ET\n", run.codes);
            x += run.advance * size / 1000.0;
        }
        baseline -= size * LEADING;
    }
    content
}

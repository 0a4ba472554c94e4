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
const MAX_LINES: usize = 24;
/// Largest size of letters.
const MAX_SIZE: f64 = 14.0;
/// From line to line, in sizes.
const LEADING: f64 = 1.25;
/// Space at the edges.
const MARGIN: f64 = 2.0;
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
        if width <= 0.0 || height <= 0.0 {
            return Err(PadesError::Appearance("the field has no area"));
        }
        let matrix = match rotation {
            90 => [0, 1, -1, 0, 0, 0],
            180 => [-1, 0, 0, -1, 0, 0],
            270 => [0, -1, 1, 0, 0, 0],
            _ => [1, 0, 0, 1, 0, 0],
        };
        let (lettering, lines) = Lettering::of(&self.text)?;
        let mut content = String::from("q\n");
        let mut resources = Dictionary::new();
        let mut text_area = [MARGIN, width - MARGIN];
        if let Some(image) = &self.image {
            let most = if lines.is_empty() { width } else { width / 3.0 };
            let box_width = (most - 2.0 * MARGIN).max(1.0);
            let box_height = (height - 2.0 * MARGIN).max(1.0);
            let (pixels_wide, pixels_high) = image.size();
            let scale = (box_width / pixels_wide).min(box_height / pixels_high);
            let (shown_wide, shown_high) = (pixels_wide * scale, pixels_high * scale);
            let begins_right = lines.first().is_some_and(|line| line.begins_right);
            let x =
                if begins_right { width - most + MARGIN } else { MARGIN } + (box_width - shown_wide) / 2.0;
            let y = (height - shown_high) / 2.0;
            content += &format!("q {shown_wide:.3} 0 0 {shown_high:.3} {x:.3} {y:.3} cm /I Do Q\n");
            resources.set("XObject", Dictionary::new().with("I", image.write(update)?));
            text_area = if begins_right { [MARGIN, width - most] } else { [most, width - MARGIN] };
        }
        if !lines.is_empty() {
            content += &set_lines(&lines, text_area, height);
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

/// As large as fits, each line from the side where its language begins.
fn set_lines(lines: &[Line], [left, right]: [f64; 2], height: f64) -> String {
    #[allow(clippy::cast_precision_loss, reason = "a few lines")]
    let count = lines.len() as f64;
    let widest = lines.iter().map(|line| line.width).fold(1.0, f64::max);
    let room = (right - left).max(1.0);
    let size = MAX_SIZE.min((height - 2.0 * MARGIN).max(1.0) / (count * LEADING)).min(1000.0 * room / widest);
    let mut content = String::from("0 g\n");
    let mut baseline = height / 2.0 + (count / 2.0) * size * LEADING - size;
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

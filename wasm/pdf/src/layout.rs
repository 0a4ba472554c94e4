//! Lines and pages, in points, from the lower left corner of the page as PDF has it.

use crate::{
    sheet::{MAX_ROWS, Photo, Row, Sheet},
    typeface::{Base, Line, Typeface, Weight},
};

/// A4 (ISO 216).
pub const PAGE: (f32, f32) = (595.28, 841.89);
const MARGIN: f32 = 56.0;
/// Most width and height of the photo.
const PHOTO: (f32, f32) = (96.0, 124.0);
/// Of labels; values have the rest.
const LABELS: f32 = 150.0;
const GAP: f32 = 12.0;
/// Height of a line, of its font's size.
const LEADING: f32 = 1.45;
/// From the top of a line down to its letters' feet, of its font's size.
const ASCENT: f32 = 1.05;

/// A colour: red, green and blue, from 0 to 1.
pub type Colour = [f32; 3];
/// Of values.
pub const INK: Colour = [0.09, 0.13, 0.12];
/// Of labels.
pub const SOFT: Colour = [0.29, 0.34, 0.32];
/// Of headings.
pub const GREEN: Colour = [0.04, 0.36, 0.31];
/// Of what must not be overlooked.
pub const AMBER: Colour = [0.54, 0.35, 0.0];
/// Between rows.
pub const RULE: Colour = [0.85, 0.84, 0.80];

/// Something on a page.
#[derive(Debug, Clone)]
pub enum Item {
    /// Letters.
    Text {
        /// Their font.
        weight: Weight,
        /// Its size.
        size: f32,
        /// Their colour.
        colour: Colour,
        /// Where the line begins at the left, and its letters' feet.
        at: (f32, f32),
        /// The letters.
        line: Line,
    },
    /// A level line.
    Rule {
        /// Its height.
        y: f32,
        /// Its ends.
        x: (f32, f32),
    },
    /// A frame.
    Frame {
        /// Left, bottom, width, height.
        place: [f32; 4],
    },
    /// The photo.
    Photo {
        /// Left, bottom, width, height.
        place: [f32; 4],
    },
}

/// A page.
pub type Page = Vec<Item>;

/// The fonts of a document.
#[derive(Debug)]
pub struct Typefaces {
    /// Of values.
    pub regular: Typeface,
    /// Of headings.
    pub bold: Typeface,
}

impl Typefaces {
    /// Fonts of which nothing was used yet.
    #[must_use]
    pub fn new() -> Self {
        Self { regular: Typeface::new(Weight::Regular), bold: Typeface::new(Weight::Bold) }
    }

    /// Of this weight.
    #[must_use]
    pub const fn of_weight(&self, weight: Weight) -> &Typeface {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    const fn of(&mut self, weight: Weight) -> &mut Typeface {
        match weight {
            Weight::Regular => &mut self.regular,
            Weight::Bold => &mut self.bold,
        }
    }
}

impl Default for Typefaces {
    fn default() -> Self {
        Self::new()
    }
}

/// Puts a sheet on pages.
pub fn pages(sheet: &Sheet, photo: Option<&Photo>, typefaces: &mut Typefaces) -> Vec<Page> {
    let mut setting = Setting {
        sheet,
        typefaces,
        pages: vec![Page::new()],
        y: PAGE.1 - MARGIN,
        beside: PHOTO.0 + GAP,
        beside_until: PAGE.1,
    };
    setting.head(photo);
    for section in sheet.sections.iter().take(MAX_ROWS) {
        setting.heading(&section.heading);
        for row in section.rows.iter().take(MAX_ROWS) {
            setting.row(row);
        }
    }
    setting.feet();
    setting.pages
}

struct Setting<'a> {
    sheet: &'a Sheet,
    typefaces: &'a mut Typefaces,
    pages: Vec<Page>,
    /// Where the next thing begins.
    y: f32,
    /// Width that the photo takes at the end of a line, above this height.
    beside: f32,
    beside_until: f32,
}

/// A text and how it is set.
#[derive(Clone, Copy)]
struct Style {
    weight: Weight,
    size: f32,
    colour: Colour,
}

const TITLE: Style = Style { weight: Weight::Bold, size: 20.0, colour: GREEN };
const SUBTITLE: Style = Style { weight: Weight::Regular, size: 10.0, colour: SOFT };
const NOTICE: Style = Style { weight: Weight::Bold, size: 11.0, colour: AMBER };
const HEADING: Style = Style { weight: Weight::Bold, size: 13.0, colour: GREEN };
const LABEL: Style = Style { weight: Weight::Regular, size: 10.0, colour: SOFT };
const VALUE: Style = Style { weight: Weight::Regular, size: 11.0, colour: INK };
const FOOT: Style = Style { weight: Weight::Regular, size: 8.0, colour: SOFT };

impl Setting<'_> {
    fn base(&self) -> Base {
        if self.sheet.right_to_left { Base::RightToLeft } else { Base::LeftToRight }
    }

    fn put(&mut self, item: Item) {
        if let Some(page) = self.pages.last_mut() {
            page.push(item);
        }
    }

    /// Width between the margins, beside the photo where it is.
    fn width(&self) -> f32 {
        let whole = PAGE.0 - 2.0 * MARGIN;
        if self.y > self.beside_until { whole - self.beside } else { whole }
    }

    fn head(&mut self, photo: Option<&Photo>) {
        if let Some(photo) = photo {
            let (across, down) = (small(photo.width), small(photo.height));
            let factor = (PHOTO.0 / across).min(PHOTO.1 / down);
            let (width, height) = (across * factor, down * factor);
            let x = if self.sheet.right_to_left { MARGIN } else { PAGE.0 - MARGIN - width };
            self.put(Item::Photo { place: [x, self.y - height, width, height] });
            self.beside = width + GAP;
            self.beside_until = self.y - height - GAP;
        }
        let texts = [(&self.sheet.title, TITLE), (&self.sheet.subtitle, SUBTITLE)];
        for (text, style) in texts {
            let lines = self.lines(text, style, self.base(), self.width());
            self.set(lines, style, 0.0);
        }
        if !self.sheet.notice.is_empty() {
            self.notice();
        }
    }

    fn notice(&mut self) {
        const PADDING: f32 = 8.0;
        self.y -= GAP;
        let width = self.width();
        let lines = self.lines(&self.sheet.notice, NOTICE, self.base(), width - 2.0 * PADDING);
        let height = small_count(lines.len()) * NOTICE.size * LEADING + 2.0 * PADDING;
        let x = if self.sheet.right_to_left { PAGE.0 - MARGIN - width } else { MARGIN };
        self.put(Item::Frame { place: [x, self.y - height, width, height] });
        self.y -= PADDING;
        self.set(lines, NOTICE, PADDING);
        self.y -= PADDING;
    }

    fn heading(&mut self, text: &str) {
        // with at least one row behind it
        self.need(GAP * 1.5 + HEADING.size * LEADING + VALUE.size * LEADING * 2.0);
        self.y -= GAP * 1.5;
        let lines = self.lines(text, HEADING, self.base(), self.width());
        self.set(lines, HEADING, 0.0);
    }

    fn row(&mut self, row: &Row) {
        const PADDING: f32 = 3.0;
        let width = self.width();
        // a sentence of its own has the whole width
        let labels = if row.label.is_empty() { 0.0 } else { LABELS.min(width / 2.0) };
        let label = self.lines(&row.label, LABEL, self.base(), labels - GAP);
        let value = self.lines(&row.value, VALUE, Base::FirstLetter, width - labels);
        let height = |lines: &[Line], style: Style| small_count(lines.len()) * style.size * LEADING;
        let tall = height(&label, LABEL).max(height(&value, VALUE)) + 2.0 * PADDING;
        self.need(tall);
        let top = self.y - PADDING;
        self.y = top - (VALUE.size - LABEL.size) * ASCENT;
        self.set(label, LABEL, 0.0);
        self.y = top;
        self.set(value, VALUE, labels);
        self.y = top + PADDING - tall;
        let x = if self.sheet.right_to_left {
            (PAGE.0 - MARGIN - width, PAGE.0 - MARGIN)
        } else {
            (MARGIN, MARGIN + width)
        };
        self.put(Item::Rule { y: self.y, x });
    }

    /// Begins another page where there is too little left of this one.
    fn need(&mut self, height: f32) {
        if self.y - height < MARGIN + FOOT.size * LEADING {
            self.pages.push(Page::new());
            self.y = PAGE.1 - MARGIN;
            // the photo is on the first
            self.beside_until = PAGE.1;
        }
    }

    fn lines(&mut self, text: &str, style: Style, base: Base, width: f32) -> Vec<Line> {
        self.typefaces.of(style.weight).paragraph(text, base, width / style.size * 1000.0)
    }

    /// Sets lines below each other, at the side where lines begin, so far from it.
    fn set(&mut self, lines: Vec<Line>, style: Style, indent: f32) {
        for line in lines {
            let length = line.width * style.size / 1000.0;
            let x =
                if self.sheet.right_to_left { PAGE.0 - MARGIN - indent - length } else { MARGIN + indent };
            let at = (x, self.y - style.size * ASCENT);
            self.put(Item::Text { weight: style.weight, size: style.size, colour: style.colour, at, line });
            self.y -= style.size * LEADING;
        }
    }

    /// What stands at the foot of every page, with its number.
    fn feet(&mut self) {
        let count = self.pages.len();
        for index in 0..count {
            let number = self.lines(&format!("{} / {count}", index + 1), FOOT, Base::LeftToRight, PAGE.0);
            let foot = self.lines(&self.sheet.foot, FOOT, self.base(), PAGE.0 - 3.0 * MARGIN);
            let starts = self.sheet.right_to_left;
            let mut place = |line: Line, at_start: bool| {
                let length = line.width * FOOT.size / 1000.0;
                let x = if at_start == starts { PAGE.0 - MARGIN - length } else { MARGIN };
                let item = Item::Text {
                    weight: FOOT.weight,
                    size: FOOT.size,
                    colour: FOOT.colour,
                    at: (x, MARGIN - FOOT.size * LEADING),
                    line,
                };
                if let Some(page) = self.pages.get_mut(index) {
                    page.push(item);
                }
            };
            foot.into_iter().take(1).for_each(|line| place(line, true));
            number.into_iter().for_each(|line| place(line, false));
        }
    }
}

#[allow(clippy::cast_precision_loss, reason = "at most a few thousand")]
fn small(pixels: u32) -> f32 {
    pixels as f32
}

#[allow(clippy::cast_precision_loss, reason = "at most a few thousand")]
fn small_count(lines: usize) -> f32 {
    lines as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Section;

    fn sheet(right_to_left: bool) -> Sheet {
        let row = Row { label: "Address".into(), value: "12, rue de la Liberté, ".repeat(6) };
        Sheet {
            title: "My card".into(),
            subtitle: String::new(),
            language: "en".into(),
            right_to_left,
            notice: String::new(),
            foot: "Bitaqa".into(),
            sections: vec![Section { heading: "Your data".into(), rows: vec![row; 40] }],
        }
    }

    #[test]
    fn nothing_touches_the_photo_or_leaves_the_page() {
        let photo = Photo::from_rgba(3, 4, &[0; 48]).unwrap();
        for right_to_left in [false, true] {
            let pages = pages(&sheet(right_to_left), Some(&photo), &mut Typefaces::new());
            assert!(pages.len() > 1);
            let photo = pages[0].iter().find_map(|item| match item {
                Item::Photo { place } => Some(*place),
                _ => None,
            });
            let [left, bottom, width, _] = photo.unwrap();
            for (number, item) in
                pages.iter().enumerate().flat_map(|(n, page)| page.iter().map(move |i| (n, i)))
            {
                let (from, to, y) = match item {
                    Item::Text { at, line, size, .. } => (at.0, at.0 + line.width * size / 1000.0, at.1),
                    Item::Rule { y, x } => (x.0, x.1, *y),
                    Item::Frame { .. } | Item::Photo { .. } => continue,
                };
                assert!(from >= MARGIN - 0.1 && to <= PAGE.0 - MARGIN + 0.1 && y > 0.0, "{from} {to} {y}");
                let beside = to <= left || from >= left + width;
                assert!(number > 0 || y <= bottom || beside, "{from} {to} {y}");
            }
        }
    }
}

//! Letters into glyphs: the bidirectional algorithm (Unicode UAX #9) and OpenType shaping.

use std::{collections::BTreeMap, fmt, ops::Range};

use harfrust::{Direction, FontRef, ShapeOptions, ShaperData, UnicodeBuffer};
use unicode_bidi::{BidiInfo, Level};

use crate::sheet::MAX_TEXT;

/// The fonts: Latin, Arabic and Tifinagh in one.
const FILES: [&[u8]; 2] = [
    include_bytes!("../../../host/fonts/BitaqaSans-Regular.ttf"),
    include_bytes!("../../../host/fonts/BitaqaSans-Bold.ttf"),
];

/// Which font.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Of values.
    Regular,
    /// Of headings.
    Bold,
}

impl Weight {
    /// Both, in the order of their files.
    pub const ALL: [Self; 2] = [Self::Regular, Self::Bold];

    /// The font file.
    #[must_use]
    pub const fn file(self) -> &'static [u8] {
        let [regular, bold] = FILES;
        match self {
            Self::Regular => regular,
            Self::Bold => bold,
        }
    }
}

/// Which way a line begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// From left to right.
    LeftToRight,
    /// From right to left.
    RightToLeft,
    /// As its first letter goes.
    FirstLetter,
}

impl Base {
    fn level(self) -> Option<Level> {
        match self {
            Self::LeftToRight => Some(Level::ltr()),
            Self::RightToLeft => Some(Level::rtl()),
            Self::FirstLetter => None,
        }
    }
}

/// A glyph at its place in a line; lengths in thousandths of the font's size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// Its code in the PDF's font.
    pub code: u16,
    /// How far the next one is.
    pub advance: f32,
    /// How far this one is moved across and up, as marks are.
    pub offset: (f32, f32),
}

/// A line, in the order in which it is seen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Line {
    /// From left to right.
    pub glyphs: Vec<Glyph>,
    /// Thousandths of the font's size.
    pub width: f32,
}

/// A glyph that is used, and what it stands for: one glyph may stand for different letters.
type Use = (u16, String);

/// A font and what was used of it.
pub struct Typeface {
    weight: Weight,
    data: Option<(FontRef<'static>, ShaperData)>,
    codes: BTreeMap<Use, u16>,
    /// By code, less one.
    used: Vec<UsedGlyph>,
}

/// What the PDF's font has to say of a code.
#[derive(Debug, Clone)]
pub struct UsedGlyph {
    /// Number in the font file.
    pub glyph: u16,
    /// The letters it stands for; none for the further glyphs of a letter.
    pub text: String,
    /// Thousandths of the font's size.
    pub advance: f32,
}

impl fmt::Debug for Typeface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Typeface({:?}, {} codes)", self.weight, self.used.len())
    }
}

impl Typeface {
    /// A font of which nothing was used yet.
    #[must_use]
    pub fn new(weight: Weight) -> Self {
        let data = FontRef::new(weight.file()).ok().map(|font| {
            let data = ShaperData::new(&font);
            (font, data)
        });
        Self { weight, data, codes: BTreeMap::new(), used: Vec::new() }
    }

    /// Which.
    #[must_use]
    pub const fn weight(&self) -> Weight {
        self.weight
    }

    /// What was used, by code, from 1 on.
    #[must_use]
    pub fn used(&self) -> &[UsedGlyph] {
        &self.used
    }

    /// Width of what a code shows, in thousandths of the font's size.
    #[must_use]
    pub fn advance_of(&self, code: u16) -> f32 {
        let used = usize::from(code).checked_sub(1).and_then(|index| self.used.get(index));
        used.map_or(0.0, |used| used.advance)
    }

    /// One line of this text.
    pub fn line(&mut self, text: &str, base: Base) -> Line {
        let bidi = BidiInfo::new(text, base.level());
        let mut line = Line::default();
        // a text without line breaks is one paragraph
        for paragraph in &bidi.paragraphs {
            let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
            for run in runs {
                let is_rtl = levels.get(run.start).is_some_and(Level::is_rtl);
                self.shape(text, run, is_rtl, &mut line);
            }
        }
        line
    }

    fn shape(&mut self, text: &str, run: Range<usize>, is_rtl: bool, line: &mut Line) {
        let (Some((font, data)), Some(part)) = (&self.data, text.get(run)) else { return };
        let shaper = data.shaper(font).build();
        let mut space = UnicodeBuffer::new();
        space.push_str(" ");
        space.guess_segment_properties();
        let spaces = shaper.shape(space, ShapeOptions::new());
        let blank = spaces
            .glyph_infos()
            .first()
            .and_then(|info| u16::try_from(info.glyph_id).ok())
            .unwrap_or_default();
        let scale = 1000.0 / length(shaper.units_per_em());
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(part);
        buffer.guess_segment_properties();
        buffer.set_direction(if is_rtl { Direction::RightToLeft } else { Direction::LeftToRight });
        let shaped = shaper.shape(buffer, ShapeOptions::new());
        let starts = cluster_starts(shaped.glyph_infos().iter().map(|info| info.cluster), part.len());
        let mut told = None;
        let mut found = Vec::new();
        for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
            let cluster = usize::try_from(info.cluster).unwrap_or(usize::MAX);
            // the first glyph that is seen of a cluster stands for all of it
            let letters = if told.replace(cluster) == Some(cluster) {
                ""
            } else {
                part.get(cluster..end_of(&starts, cluster)).unwrap_or_default()
            };
            let glyph = u16::try_from(info.glyph_id).unwrap_or_default();
            let advance = length(position.x_advance) * scale;
            let offset = (length(position.x_offset) * scale, length(position.y_offset) * scale);
            found.push((glyph, letters.to_owned(), advance, offset));
        }
        for (glyph, letters, advance, offset) in found {
            line.width += advance;
            if is_rtl && letters.chars().nth(1).is_some() {
                self.apart(glyph, &letters, blank, advance, offset, line);
            } else {
                let code = self.code(glyph, letters, advance);
                line.glyphs.push(Glyph { code, advance, offset });
            }
        }
    }

    /// One glyph that stands for several letters from right to left, such as lam with alef. Programs that read a PDF take the
    /// letters of one code from left to right, or not, as they like, and all put codes into the order in which they are seen: so
    /// each letter gets a code, and all but the leftmost are blank.
    fn apart(
        &mut self,
        glyph: u16,
        letters: &str,
        blank: u16,
        advance: f32,
        offset: (f32, f32),
        line: &mut Line,
    ) {
        let count = i32::try_from(letters.chars().count()).unwrap_or(i32::MAX);
        let advance = advance / length(count);
        for (index, letter) in letters.chars().rev().enumerate() {
            let (glyph, offset) = if index == 0 { (glyph, offset) } else { (blank, (0.0, 0.0)) };
            let code = self.code(glyph, letter.to_string(), advance);
            line.glyphs.push(Glyph { code, advance, offset });
        }
    }

    fn code(&mut self, glyph: u16, text: String, advance: f32) -> u16 {
        let used = &mut self.used;
        *self.codes.entry((glyph, text)).or_insert_with_key(|(glyph, text)| {
            used.push(UsedGlyph { glyph: *glyph, text: text.clone(), advance });
            // more than a sheet can have; the code of no glyph
            u16::try_from(used.len()).unwrap_or_default()
        })
    }

    /// Lines of at most this width, in thousandths of the font's size. Broken between words; within one that is longer.
    pub fn paragraph(&mut self, text: &str, base: Base, most: f32) -> Vec<Line> {
        let text = one_line(text);
        let base = if base == Base::FirstLetter { first_letter(&text) } else { base };
        let mut lines = Vec::new();
        let mut begun = String::new();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let longer = if begun.is_empty() { word.to_owned() } else { format!("{begun} {word}") };
            if self.fits(&longer, base, most) {
                begun = longer;
                continue;
            }
            if !begun.is_empty() {
                lines.push(self.line(&begun, base));
            }
            begun = String::new();
            for letter in word.chars() {
                let longer = format!("{begun}{letter}");
                if !begun.is_empty() && !self.fits(&longer, base, most) {
                    lines.push(self.line(&begun, base));
                    begun = letter.to_string();
                } else {
                    begun = longer;
                }
            }
        }
        if !begun.is_empty() {
            lines.push(self.line(&begun, base));
        }
        lines
    }

    /// Measures without leaving codes behind.
    fn fits(&self, text: &str, base: Base, most: f32) -> bool {
        Self::new(self.weight).line(text, base).width <= most
    }
}

/// Where clusters begin, rising, and the end of all.
fn cluster_starts(clusters: impl Iterator<Item = u32>, end: usize) -> Vec<usize> {
    let mut starts: Vec<usize> = clusters.filter_map(|cluster| usize::try_from(cluster).ok()).collect();
    starts.push(end);
    starts.sort_unstable();
    starts.dedup();
    starts
}

fn end_of(starts: &[usize], cluster: usize) -> usize {
    starts.iter().copied().find(|start| *start > cluster).unwrap_or(cluster)
}

/// Which way the first letter goes; from left to right where there is none.
fn first_letter(text: &str) -> Base {
    match BidiInfo::new(text, None).paragraphs.first() {
        Some(paragraph) if paragraph.level.is_rtl() => Base::RightToLeft,
        _ => Base::LeftToRight,
    }
}

/// A text as one line that cannot reorder what stands around it, cut where it is longer than any.
fn one_line(text: &str) -> String {
    let is_mark = |c: char| matches!(c, '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}');
    let is_break = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let kept = text.chars().filter(|c| !is_mark(*c)).map(|c| if is_break(c) { ' ' } else { c });
    let mut line: String = kept.clone().take(MAX_TEXT).collect();
    if kept.count() > MAX_TEXT {
        line.push('…');
    }
    line
}

/// Lengths of a font are small.
#[allow(clippy::cast_precision_loss, reason = "far below 2^24")]
fn length(units: i32) -> f32 {
    units as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(typeface: &Typeface, line: &Line) -> Vec<String> {
        let text = |glyph: &Glyph| typeface.used()[usize::from(glyph.code) - 1].text.clone();
        line.glyphs.iter().map(text).collect()
    }

    #[test]
    fn arabic_is_joined_and_stands_from_right_to_left() {
        let mut typeface = Typeface::new(Weight::Regular);
        let line = typeface.line("بيت", Base::FirstLetter);
        let bare: std::collections::BTreeSet<u16> =
            "بيت".chars().flat_map(|letter| Typeface::new(Weight::Regular).alone(letter)).collect();
        let joined: Vec<u16> = typeface.used().iter().map(|used| used.glyph).collect();
        assert!(joined.iter().any(|glyph| !bare.contains(glyph)), "{joined:?} {bare:?}");
        let seen: String = letters(&typeface, &line).concat();
        assert_eq!(seen, "تيب");
    }

    #[test]
    fn a_ligature_from_right_to_left_is_read_letter_by_letter() {
        let mut typeface = Typeface::new(Weight::Regular);
        let line = typeface.line("لا", Base::FirstLetter);
        assert_eq!(letters(&typeface, &line), ["ا", "ل"]);
        let whole: f32 = line.glyphs.iter().map(|glyph| glyph.advance).sum();
        assert!((whole - line.width).abs() < 0.01);
    }

    #[test]
    fn digits_and_latin_letters_keep_their_order_in_arabic() {
        let mut typeface = Typeface::new(Weight::Regular);
        let line = typeface.line("شارع 12 AB", Base::RightToLeft);
        let seen: String = letters(&typeface, &line).concat();
        assert_eq!(seen, "AB 12 عراش");
    }

    #[test]
    fn every_language_of_the_product_has_its_letters() {
        for text in ["العربية", "Français œuvre « é »", "English – ‘a’", "ⵜⴰⵎⴰⵣⵉⵖⵜ"]
        {
            for weight in Weight::ALL {
                let mut typeface = Typeface::new(weight);
                typeface.line(text, Base::FirstLetter);
                assert!(typeface.used().iter().all(|used| used.glyph != 0), "{text}");
            }
        }
    }

    #[test]
    fn what_is_long_is_broken_and_nothing_is_lost() {
        let mut typeface = Typeface::new(Weight::Regular);
        let text = "Rue de la Liberté 12, Casablanca, Maroc et encore davantage";
        let lines = typeface.paragraph(text, Base::FirstLetter, 9000.0);
        assert!(lines.len() > 2);
        assert!(lines.iter().all(|line| line.width <= 9000.0));
        let seen: Vec<String> = lines.iter().map(|line| letters(&typeface, line).concat()).collect();
        assert_eq!(seen.join(" "), text);
        let long = typeface.paragraph(&"x".repeat(100), Base::FirstLetter, 9000.0);
        assert_eq!(long.iter().map(|line| line.glyphs.len()).sum::<usize>(), 100);
    }

    #[test]
    fn a_value_cannot_reorder_its_surroundings() {
        assert_eq!(one_line("AM\u{202E}INA\n\u{2067}X\u{200F}"), "AMINA X");
        assert_eq!(one_line(&"x".repeat(MAX_TEXT + 1)).chars().count(), MAX_TEXT + 1);
    }

    impl Typeface {
        fn alone(mut self, letter: char) -> Vec<u16> {
            self.line(&letter.to_string(), Base::FirstLetter);
            self.used.iter().map(|used| used.glyph).collect()
        }
    }
}

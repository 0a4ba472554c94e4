//! Lines of text as glyphs of a font: the bidirectional algorithm (Unicode UAX #9) and OpenType shaping. Whoever shows letters
//! beyond western Europe's needs it, and nobody else; so a program that has no room for it can leave it to another one.

use std::ops::Range;

use harfrust::{Direction, FontRef, ShapeOptions, ShaperData, UnicodeBuffer};
use serde::{Deserialize, Serialize};
use unicode_bidi::{BidiInfo, Level};

use super::PadesError;

/// Most characters of a line.
pub(super) const MAX_CHARACTERS: usize = 400;
/// Largest font.
const MAX_FONT: usize = 16 << 20;

/// A line, in the order in which it is seen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShapedLine {
    /// Whether it begins at the right.
    pub begins_right: bool,
    /// From left to right.
    pub glyphs: Vec<ShapedGlyph>,
}

/// A glyph and where it stands; lengths in thousandths of the size.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShapedGlyph {
    /// Its number in the font.
    pub glyph: u16,
    /// The letters that it stands for: none for all but the first glyph of several that stand for the same ones.
    pub letters: String,
    /// How far the next one is.
    pub advance: f64,
    /// How far it is moved to the right, as marks are.
    pub across: f64,
    /// How far it is moved up.
    pub up: f64,
}

/// Sets lines in a font.
///
/// # Errors
/// [`PadesError::FontNeeded`]: a letter that the font has not; [`PadesError::Appearance`]: not a font of TrueType, or a line that
/// is too long.
pub fn shape(font: &[u8], lines: &[String]) -> Result<Vec<ShapedLine>, PadesError> {
    let typeface = Typeface::of(font)?;
    lines.iter().map(|line| typeface.line(&shown(line)?, None)).collect()
}

/// A font, ready to set lines.
pub(super) struct Typeface<'a> {
    font: FontRef<'a>,
    data: ShaperData,
}

/// Whether a file begins like a font with TrueType's outlines, and is not too large.
pub(super) fn is_true_type(font: &[u8]) -> bool {
    font.len() <= MAX_FONT && font.starts_with(&[0, 1, 0, 0])
}

/// A line without what would reorder or break it.
pub(super) fn shown(line: &str) -> Result<String, PadesError> {
    let letters = line.chars().filter(|c| !reorders(*c)).map(|c| if c.is_control() { ' ' } else { c });
    let letters: String = letters.collect();
    if letters.chars().count() > MAX_CHARACTERS {
        return Err(PadesError::Appearance("a line is too long"));
    }
    Ok(letters)
}

/// Marks that would reorder what stands around them.
pub(super) const fn reorders(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200B}' | '\u{200E}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

impl<'a> Typeface<'a> {
    pub(super) fn of(font: &'a [u8]) -> Result<Self, PadesError> {
        let parsed = FontRef::new(font).ok().filter(|_| is_true_type(font));
        let font = parsed.ok_or(PadesError::Appearance("the font is not one of TrueType"))?;
        let data = ShaperData::new(&font);
        Ok(Self { font, data })
    }

    /// A line that runs from this side; from where its first letter says, if nothing is said.
    pub(super) fn line(&self, text: &str, level: Option<Level>) -> Result<ShapedLine, PadesError> {
        let bidi = BidiInfo::new(text, level);
        let begins_right = bidi.paragraphs.first().is_some_and(|paragraph| paragraph.level.is_rtl());
        let mut glyphs = Vec::new();
        for paragraph in &bidi.paragraphs {
            let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
            for run in runs {
                let is_rtl = levels.get(run.start).is_some_and(Level::is_rtl);
                let direction = if is_rtl { Direction::RightToLeft } else { Direction::LeftToRight };
                // what orders the letters is not one of them
                let letters: String = part(text, run).chars().filter(|c| !reorders(*c)).collect();
                self.run(&letters, direction, &mut glyphs)?;
            }
        }
        Ok(ShapedLine { begins_right, glyphs })
    }

    /// Whether the font has the letter.
    pub(super) fn has(&self, letter: char) -> bool {
        self.run(&letter.to_string(), Direction::LeftToRight, &mut Vec::new()).is_ok()
    }

    fn run(&self, text: &str, direction: Direction, glyphs: &mut Vec<ShapedGlyph>) -> Result<(), PadesError> {
        let shaper = self.data.shaper(&self.font).build();
        let scale = 1000.0 / f64::from(shaper.units_per_em().max(1));
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        buffer.set_direction(direction);
        let shaped = shaper.shape(buffer, ShapeOptions::new());
        let clusters = shaped.glyph_infos().iter().filter_map(|info| usize::try_from(info.cluster).ok());
        let starts: std::collections::BTreeSet<usize> = clusters.chain([text.len()]).collect();
        let mut told = None;
        for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
            let cluster = usize::try_from(info.cluster).unwrap_or_default();
            let end = starts.range(cluster + 1..).next().copied().unwrap_or(cluster);
            // The first glyph of a cluster stands for all its letters.
            let letters = if told.replace(cluster) == Some(cluster) { "" } else { part(text, cluster..end) };
            if info.glyph_id == 0 {
                let rest = part(text, cluster..text.len());
                return Err(PadesError::FontNeeded { character: rest.chars().next().unwrap_or_default() });
            }
            glyphs.push(ShapedGlyph {
                glyph: u16::try_from(info.glyph_id)
                    .map_err(|_| PadesError::Appearance("the font has too many glyphs"))?,
                letters: letters.to_owned(),
                advance: f64::from(position.x_advance) * scale,
                across: f64::from(position.x_offset) * scale,
                up: f64::from(position.y_offset) * scale,
            });
        }
        Ok(())
    }
}

fn part(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}

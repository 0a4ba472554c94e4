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
    /// The letters that it stands for: none for all but the first glyph of several that stand for the same ones. In a text from the
    /// right there is a glyph for each letter, so that whoever reads the glyphs from the right has the letters in their order.
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
    /// The glyph of a space, where there is one: nothing is drawn.
    space: Option<u16>,
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
        let mut typeface = Self { font, data, space: None };
        let space = typeface.line(" ", None).ok();
        typeface.space = space.and_then(|line| Some(line.glyphs.first()?.glyph));
        Ok(typeface)
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
        let mut told: Option<usize> = None;
        let begin = glyphs.len();
        let mut clusters = Vec::new();
        for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
            let cluster = usize::try_from(info.cluster).unwrap_or_default();
            let end = starts.range(cluster + 1..).next().copied().unwrap_or(cluster);
            // The first glyph of a cluster stands for all its letters.
            let letters = if told.replace(cluster) == Some(cluster) { "" } else { part(text, cluster..end) };
            if info.glyph_id == 0 {
                let rest = part(text, cluster..text.len());
                return Err(PadesError::FontNeeded { character: rest.chars().next().unwrap_or_default() });
            }
            if !letters.is_empty() || clusters.is_empty() {
                clusters.push(glyphs.len());
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
        if direction == Direction::RightToLeft {
            let set = glyphs.split_off(begin);
            clusters.push(begin + set.len());
            for (from, to) in clusters.iter().zip(clusters.iter().skip(1)) {
                let cluster = set.get(from - begin..to - begin).unwrap_or_default();
                glyphs.extend(self.letter_by_letter(cluster));
            }
        }
        Ok(())
    }

    /// Glyphs of one cluster, from left to right, each with one of its letters: the first at the right. Where there are fewer glyphs
    /// than letters, as in a ligature, glyphs that draw nothing stand for the others. Readers take the letters of one glyph from the
    /// left, and so would turn them round.
    fn letter_by_letter(&self, cluster: &[ShapedGlyph]) -> Vec<ShapedGlyph> {
        let letters: Vec<char> = cluster.iter().flat_map(|glyph| glyph.letters.chars()).collect();
        let mut glyphs = cluster.to_vec();
        if let Some(space) = self.space {
            let missing = letters.len().saturating_sub(glyphs.len());
            let empty = ShapedGlyph { glyph: space, ..ShapedGlyph::default() };
            glyphs.extend(std::iter::repeat_n(empty, missing));
        } else if letters.len() > glyphs.len() {
            return glyphs;
        }
        let mut letters = letters.into_iter();
        for glyph in glyphs.iter_mut().rev() {
            glyph.letters = letters.next().map(String::from).unwrap_or_default();
        }
        glyphs
    }
}

fn part(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Readers turn round the letters of a glyph that stands for several (poppler 22.12, pdf.js), and so there is none.
    #[test]
    fn whoever_reads_a_text_from_the_right_glyph_by_glyph_has_its_letters_in_order() {
        let font = include_bytes!("../../../../host/fonts/BitaqaSans-Regular.ttf");
        for text in ["على", "لا إله", "الموقِّع", "أوافق على العقد", "مُحَمَّد"]
        {
            let shaped = shape(font, &[text.to_owned()]).unwrap().remove(0);
            assert!(shaped.glyphs.iter().all(|glyph| glyph.letters.chars().count() <= 1), "{text}");
            let read: String = shaped.glyphs.iter().rev().map(|glyph| glyph.letters.as_str()).collect();
            assert_eq!(read, text);
        }
        let ligature = shape(font, &["لا".to_owned()]).unwrap().remove(0).glyphs;
        assert!(ligature.iter().any(|glyph| glyph.advance == 0.0) && ligature.len() == 2, "{ligature:?}");
        let latin = shape(font, &["fiancé".to_owned()]).unwrap().remove(0);
        assert_eq!(latin.glyphs.iter().map(|glyph| glyph.letters.as_str()).collect::<String>(), "fiancé");
    }
}

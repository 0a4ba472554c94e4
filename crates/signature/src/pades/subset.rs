//! A font of TrueType with some of its glyphs only (OpenType 1.9: `glyf`, `loca`, `hmtx`). Glyphs keep their numbers, so that nothing
//! that names them changes; what sets lines of text is left out, since the lines are set.

use std::collections::{BTreeMap, BTreeSet};

/// What a PDF needs of a font of TrueType (ISO 32000-1 section 9.9), where it is there.
const KEPT: [&[u8; 4]; 9] = [b"cvt ", b"fpgm", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp", b"prep"];
/// Without these there is no font.
const NEEDED: [&[u8; 4]; 6] = [b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp"];

/// Flags of a component of a composite glyph (`glyf`, "Component glyph flags").
const WORDS: u16 = 0x0001;
const SCALE: u16 = 0x0008;
const MORE: u16 = 0x0020;
const TWO_SCALES: u16 = 0x0040;
const MATRIX: u16 = 0x0080;

/// Where `head` says how long the offsets in `loca` are, and where its sum over the file is.
const LONG_OFFSETS: usize = 50;
const SUM: usize = 8;
/// The sum of a whole font (`head`, `checksumAdjustment`).
const WHOLE: u32 = 0xb1b0_afba;

/// Where outlines are aligned anew, they may take more than they did.
const MOST: usize = 2;

type Tables<'a> = BTreeMap<[u8; 4], &'a [u8]>;

/// The font with these glyphs, those that they are made of, and the one for what is missing; nothing where it is none of TrueType.
pub(super) fn subset(font: &[u8], glyphs: impl IntoIterator<Item = u16>) -> Option<Vec<u8>> {
    let tables = tables(font)?;
    let outlines = Outlines::of(&tables)?;
    let kept = outlines.with_components(glyphs)?;
    let (mut glyf, mut loca) = (Vec::new(), Vec::new());
    for glyph in 0..outlines.count {
        loca.extend_from_slice(&u32::try_from(glyf.len()).ok()?.to_be_bytes());
        if kept.contains(&glyph) {
            glyf.extend_from_slice(outlines.outline(glyph)?);
            glyf.resize(glyf.len().next_multiple_of(4), 0);
            // outlines that lie in one another would make more of it than there was
            if glyf.len() > MOST * font.len() {
                return None;
            }
        }
    }
    loca.extend_from_slice(&u32::try_from(glyf.len()).ok()?.to_be_bytes());
    let mut head = tables.get(b"head")?.to_vec();
    *head.get_mut(LONG_OFFSETS + 1)? = 1;
    head.get_mut(SUM..SUM + 4)?.fill(0);
    let hmtx = metrics(&tables, &kept)?;
    let made: BTreeMap<&[u8; 4], &[u8]> = KEPT
        .into_iter()
        .filter_map(|name| {
            let table: &[u8] = match name {
                b"glyf" => &glyf,
                b"loca" => &loca,
                b"head" => &head,
                b"hmtx" => &hmtx,
                _ => tables.get(name)?,
            };
            Some((name, table))
        })
        .collect();
    written(&made)
}

fn tables(font: &[u8]) -> Option<Tables<'_>> {
    let count = usize::from(number(font, 4)?);
    let records = font.get(12..)?.chunks_exact(16).take(count);
    let mut tables = Tables::new();
    for record in records {
        let name = record.get(..4)?.try_into().ok()?;
        let (offset, length) = (long(record, 8)?, long(record, 12)?);
        tables.insert(name, font.get(offset..offset.checked_add(length)?)?);
    }
    NEEDED.iter().all(|name| tables.contains_key(*name)).then_some(tables)
}

/// Glyphs by their numbers.
struct Outlines<'a> {
    glyf: &'a [u8],
    loca: &'a [u8],
    long: bool,
    count: u16,
}

impl<'a> Outlines<'a> {
    fn of(tables: &Tables<'a>) -> Option<Self> {
        let (glyf, loca) = (tables.get(b"glyf")?, tables.get(b"loca")?);
        let long = number(tables.get(b"head")?, LONG_OFFSETS)? == 1;
        let count = number(tables.get(b"maxp")?, 4)?;
        Some(Self { glyf, loca, long, count })
    }

    /// Nothing where there is no such glyph; empty where nothing is drawn.
    fn outline(&self, glyph: u16) -> Option<&'a [u8]> {
        let at = |index: usize| {
            if self.long {
                long(self.loca, index.checked_mul(4)?)
            } else {
                Some(usize::from(number(self.loca, index.checked_mul(2)?)?) * 2)
            }
        };
        let index = usize::from(glyph);
        self.glyf.get(at(index)?..at(index + 1)?)
    }

    fn with_components(&self, glyphs: impl IntoIterator<Item = u16>) -> Option<BTreeSet<u16>> {
        let mut kept = BTreeSet::new();
        // each glyph is opened once, however often others name it
        let mut open: BTreeSet<u16> = glyphs.into_iter().chain([0]).collect();
        while let Some(glyph) = open.pop_first() {
            kept.insert(glyph);
            let parts = components(self.outline(glyph)?)?;
            open.extend(parts.into_iter().filter(|part| !kept.contains(part)));
        }
        Some(kept)
    }
}

/// Glyphs of which this one is made.
fn components(outline: &[u8]) -> Option<Vec<u16>> {
    let mut parts = Vec::new();
    // a negative number of contours; an empty outline has none
    if outline.is_empty() || number(outline, 0)? < 0x8000 {
        return Some(parts);
    }
    let mut at = 10;
    loop {
        let flags = number(outline, at)?;
        parts.push(number(outline, at + 2)?);
        if flags & MORE == 0 {
            return Some(parts);
        }
        at += if flags & WORDS == 0 { 6 } else { 8 };
        at += if flags & SCALE != 0 {
            2
        } else if flags & TWO_SCALES != 0 {
            4
        } else if flags & MATRIX != 0 {
            8
        } else {
            0
        };
    }
}

/// `hmtx`, in which only the widths of these glyphs stand.
fn metrics(tables: &Tables<'_>, kept: &BTreeSet<u16>) -> Option<Vec<u8>> {
    let mut metrics = tables.get(b"hmtx")?.to_vec();
    let with_width = number(tables.get(b"hhea")?, 34)?;
    // the last width is that of all that follow
    for glyph in (0..with_width.saturating_sub(1)).filter(|glyph| !kept.contains(glyph)) {
        let at = usize::from(glyph) * 4;
        metrics.get_mut(at..at + 4)?.fill(0);
    }
    Some(metrics)
}

/// The tables as a file ("Organization of an OpenType font").
fn written(tables: &BTreeMap<&[u8; 4], &[u8]>) -> Option<Vec<u8>> {
    let count = u16::try_from(tables.len()).ok()?;
    let selector = count.checked_ilog2()?;
    let range = 16 << selector;
    let mut file = vec![0, 1, 0, 0];
    for value in [count, range, u16::try_from(selector).ok()?, count * 16 - range] {
        file.extend_from_slice(&value.to_be_bytes());
    }
    let mut bodies = Vec::new();
    let begin = 12 + 16 * tables.len();
    let mut head = None;
    for (name, table) in tables {
        let offset = begin + bodies.len();
        if *name == b"head" {
            head = Some(offset);
        }
        file.extend_from_slice(&name[..]);
        for value in [sum(table), u32::try_from(offset).ok()?, u32::try_from(table.len()).ok()?] {
            file.extend_from_slice(&value.to_be_bytes());
        }
        bodies.extend_from_slice(table);
        bodies.resize(bodies.len().next_multiple_of(4), 0);
    }
    file.append(&mut bodies);
    let adjustment = WHOLE.wrapping_sub(sum(&file)).to_be_bytes();
    let at = head? + SUM;
    file.get_mut(at..at + 4)?.copy_from_slice(&adjustment);
    Some(file)
}

/// Sum of a table ("Calculating checksums").
fn sum(table: &[u8]) -> u32 {
    table.chunks(4).fold(0, |sum, chunk| {
        let mut word = [0; 4];
        word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
        sum.wrapping_add(u32::from_be_bytes(word))
    })
}

fn number(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FONT: &[u8] = include_bytes!("../../../../host/fonts/BitaqaSans-Regular.ttf");

    #[test]
    fn some_glyphs_are_kept_as_they_are_with_their_parts_and_no_others() {
        let whole = Outlines::of(&tables(FONT).unwrap()).unwrap();
        let composite =
            (0..whole.count).find(|glyph| !components(whole.outline(*glyph).unwrap()).unwrap().is_empty());
        let composite = composite.expect("a glyph that is made of others");
        let made = subset(FONT, [36, composite]).unwrap();
        let found = tables(&made).unwrap();
        let small = Outlines::of(&found).unwrap();
        let kept = whole.with_components([36, composite]).unwrap();
        assert!(kept.len() > 3, "the parts of {composite}");
        for glyph in 0..whole.count {
            let (was, is) = (whole.outline(glyph).unwrap(), small.outline(glyph).unwrap());
            if kept.contains(&glyph) {
                assert_eq!(is.get(..was.len()), Some(was), "{glyph}");
            } else {
                assert!(is.is_empty(), "{glyph}");
            }
        }
        assert!(made.len() * 4 < FONT.len(), "{} of {}", made.len(), FONT.len());
        assert_eq!(sum(&made), WHOLE);
        assert!(!found.contains_key(b"GSUB") && !found.contains_key(b"cmap"));
    }

    #[test]
    fn outlines_that_lie_in_one_another_make_no_font_larger() {
        let mut font = FONT.to_vec();
        let record = font.chunks_exact(4).position(|name| name == b"loca").unwrap() * 4;
        let (offset, length) = (long(FONT, record + 8).unwrap(), long(FONT, record + 12).unwrap());
        let last = font[offset + length - 2..offset + length].to_vec();
        for entry in font[offset..offset + length].chunks_exact_mut(4) {
            entry[..2].fill(0);
            entry[2..].copy_from_slice(&last);
        }
        let count = Outlines::of(&tables(&font).unwrap()).unwrap().count;
        assert!(count > 100, "offsets are short: {count}");
        assert_eq!(subset(&font, (0..count).step_by(2)), None);
    }

    #[test]
    fn what_is_cut_off_or_named_wrongly_is_no_font() {
        for length in [0, 4, 12, 100, 400, FONT.len() / 2] {
            assert_eq!(subset(&FONT[..length], [36]), None, "{length}");
        }
        assert_eq!(subset(FONT, [u16::MAX]), None);
        assert!(subset(FONT, []).is_some());
    }
}

//! Letters of appearances: in Helvetica, which viewers have, for western Europe; in a font that is embedded for all others.

use std::collections::BTreeMap;

use miniz_oxide::deflate::compress_to_vec_zlib;

use super::{
    PadesError,
    appearance::Text,
    form::real,
    shaping::{MAX_CHARACTERS, ShapedLine, is_true_type, shown},
    subset::subset,
};
use crate::pdf::{Dictionary, Object, PdfError, Reference, update::Update};

/// Most glyphs of a line: a letter may be several.
const MAX_GLYPHS: usize = 4 * MAX_CHARACTERS;
/// No glyph is wider or farther away, in thousandths of the size.
const FARTHEST: f64 = 1_000_000.0;
const EFFORT: u8 = 6;
/// What the font is called in the file.
const NAME: &str = "SignatureFont";

/// A line, in the order in which it is seen; lengths in thousandths of the size.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) runs: Vec<Run>,
    pub(super) width: f64,
    /// Whether it begins at the right.
    pub(super) begins_right: bool,
}

/// Codes that are shown at one place.
#[derive(Debug)]
pub(super) struct Run {
    /// In hexadecimal.
    pub(super) codes: String,
    pub(super) advance: f64,
    /// How far it is moved, as marks are.
    pub(super) across: f64,
    pub(super) up: f64,
}

/// A font that is embedded, and what is used of it.
pub(super) struct Embedded<'a> {
    file: &'a [u8],
    codes: BTreeMap<(u16, String), u16>,
    used: Vec<(u16, String, f64)>,
}

/// The font in which lines are written.
pub(super) enum Lettering<'a> {
    Helvetica,
    Embedded(Embedded<'a>),
}

impl<'a> Lettering<'a> {
    pub(super) fn of(text: &'a Text) -> Result<(Self, Vec<Line>), PadesError> {
        match text {
            Text::Helvetica(lines) => {
                let lines = lines.iter().map(|line| helvetica_line(&shown(line)?));
                Ok((Self::Helvetica, lines.collect::<Result<_, _>>()?))
            }
            Text::Shaped { font, lines } => {
                if !is_true_type(font) {
                    return Err(PadesError::Appearance("the font is not one of TrueType"));
                }
                let mut embedded = Embedded { file: font, codes: BTreeMap::new(), used: Vec::new() };
                let lines = lines.iter().map(|line| embedded.line(line)).collect::<Result<_, _>>()?;
                Ok((Self::Embedded(embedded), lines))
            }
        }
    }

    pub(super) fn write(&self, update: &mut Update) -> Result<Reference, PdfError> {
        match self {
            Self::Helvetica => update.add(
                &Dictionary::new()
                    .with("Type", Object::name("Font"))
                    .with("Subtype", Object::name("Type1"))
                    .with("BaseFont", Object::name("Helvetica"))
                    .with("Encoding", Object::name("WinAnsiEncoding"))
                    .into(),
            ),
            Self::Embedded(font) => font.write(update),
        }
    }
}

/// Widths of the printable characters of ASCII (Adobe's metrics of Helvetica).
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
/// No accented letter of Latin-1 but `Æ` is wider.
const WIDE: u16 = 778;

fn helvetica_line(text: &str) -> Result<Line, PadesError> {
    let mut width = 0.0;
    let mut codes = String::new();
    for character in text.chars() {
        let code = win_ansi(character).ok_or(PadesError::FontNeeded { character })?;
        let index = usize::from(code).checked_sub(0x20);
        width += f64::from(index.and_then(|index| HELVETICA.get(index)).copied().unwrap_or(WIDE));
        codes += &format!("{code:02X}");
    }
    let run = Run { codes, advance: width, across: 0.0, up: 0.0 };
    Ok(Line { runs: vec![run], width, begins_right: false })
}

/// `WinAnsiEncoding` (ISO 32000-1 annex D).
fn win_ansi(character: char) -> Option<u8> {
    let special = match character {
        '€' => 0x80,
        '…' => 0x85,
        'Š' => 0x8a,
        'Œ' => 0x8c,
        'Ž' => 0x8e,
        '‘' => 0x91,
        '’' => 0x92,
        '“' => 0x93,
        '”' => 0x94,
        '•' => 0x95,
        '–' => 0x96,
        '—' => 0x97,
        'š' => 0x9a,
        'œ' => 0x9c,
        'ž' => 0x9e,
        'Ÿ' => 0x9f,
        ' '..='~' | '\u{a0}'..='ÿ' => return u8::try_from(u32::from(character)).ok(),
        _ => return None,
    };
    Some(special)
}

impl Embedded<'_> {
    fn line(&mut self, shaped: &ShapedLine) -> Result<Line, PadesError> {
        let mut line = Line { runs: Vec::new(), width: 0.0, begins_right: shaped.begins_right };
        if shaped.glyphs.len() > MAX_GLYPHS {
            return Err(PadesError::Appearance("a line is too long"));
        }
        for glyph in &shaped.glyphs {
            let is_near = |length: f64| length.is_finite() && length.abs() <= FARTHEST;
            let letters = &glyph.letters;
            let is_short = letters.chars().count() <= MAX_CHARACTERS;
            if ![glyph.advance, glyph.across, glyph.up].into_iter().all(is_near) || !is_short {
                return Err(PadesError::Appearance("a glyph is wider or farther away than any"));
            }
            let used = &mut self.used;
            let code = *self.codes.entry((glyph.glyph, letters.clone())).or_insert_with(|| {
                used.push((glyph.glyph, letters.clone(), glyph.advance));
                // Lines are few and short, so that codes do not end.
                u16::try_from(used.len()).unwrap_or_default()
            });
            let (across, up) = (glyph.across, glyph.up);
            line.runs.push(Run { codes: format!("{code:04X}"), advance: glyph.advance, across, up });
            line.width += glyph.advance;
        }
        Ok(line)
    }

    /// A composite font (ISO 32000-1 section 9.7): a table leads from codes to glyphs, another to the letters.
    fn write(&self, update: &mut Update) -> Result<Reference, PdfError> {
        let compressed = |bytes: &[u8]| compress_to_vec_zlib(bytes, EFFORT);
        let flate = || Dictionary::new().with("Filter", Object::name("FlateDecode"));
        let subset = subset(self.file, self.used.iter().map(|(glyph, ..)| *glyph));
        let file = subset.as_deref().unwrap_or(self.file);
        let length = i64::try_from(file.len()).unwrap_or(i64::MAX);
        let file = update.add_stream(flate().with("Length1", length), compressed(file))?;
        let glyphs = std::iter::once(0).chain(self.used.iter().map(|(glyph, ..)| *glyph));
        let glyphs: Vec<u8> = glyphs.flat_map(u16::to_be_bytes).collect();
        let map = update.add_stream(flate(), compressed(&glyphs))?;
        let letters = update.add_stream(flate(), compressed(self.letters().as_bytes()))?;
        let metrics = Metrics::of(self.file).unwrap_or_default();
        let name = if subset.is_some() { self.subset_name() } else { NAME.to_owned() };
        let name = || Object::name(&name);
        let numbers = |numbers: &[f64]| Object::Array(numbers.iter().copied().map(real).collect());
        let descriptor = Dictionary::new()
            .with("Type", Object::name("FontDescriptor"))
            .with("FontName", name())
            .with("Flags", 4)
            .with("FontBBox", numbers(&metrics.bounds))
            .with("ItalicAngle", 0)
            .with("Ascent", real(metrics.ascent))
            .with("Descent", real(metrics.descent))
            .with("CapHeight", real(metrics.ascent))
            .with("StemV", 80)
            .with("FontFile2", file);
        let descriptor = update.add(&descriptor.into())?;
        let widths: Vec<f64> = self.used.iter().map(|(.., advance)| *advance).collect();
        let system = Dictionary::new()
            .with("Registry", Object::String(b"Adobe".to_vec()))
            .with("Ordering", Object::String(b"Identity".to_vec()))
            .with("Supplement", 0);
        let descendant = Dictionary::new()
            .with("Type", Object::name("Font"))
            .with("Subtype", Object::name("CIDFontType2"))
            .with("BaseFont", name())
            .with("CIDSystemInfo", system)
            .with("FontDescriptor", descriptor)
            .with("DW", 0)
            .with("W", Object::Array(vec![1.into(), numbers(&widths)]))
            .with("CIDToGIDMap", map);
        let descendant = update.add(&descendant.into())?;
        update.add(
            &Dictionary::new()
                .with("Type", Object::name("Font"))
                .with("Subtype", Object::name("Type0"))
                .with("BaseFont", name())
                .with("Encoding", Object::name("Identity-H"))
                .with("DescendantFonts", Object::Array(vec![descendant.into()]))
                .with("ToUnicode", letters)
                .into(),
        )
    }

    /// With a tag of six letters, which is another one for other glyphs (ISO 32000-1 section 9.6.4).
    fn subset_name(&self) -> String {
        // FNV-1a
        let sum = self.used.iter().flat_map(|(glyph, ..)| glyph.to_be_bytes());
        let mut sum =
            sum.fold(0x811c_9dc5_u32, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        let mut tag = String::new();
        for _ in 0..6 {
            tag.extend(char::from_digit(10 + sum % 26, 36).map(|letter| letter.to_ascii_uppercase()));
            sum /= 26;
        }
        format!("{tag}+{NAME}")
    }

    /// Which letters a code stands for (ISO 32000-1 section 9.10.3).
    fn letters(&self) -> String {
        let mut map = String::from(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) \
             /Ordering (UCS) /Supplement 0>> def\n/CMapName /Letters def\n/CMapType 2 def\n1 begincodespacerange\n\
             <0000> <FFFF>\nendcodespacerange\n",
        );
        let told: Vec<_> =
            (1_u16..).zip(&self.used).filter(|(_, (_, letters, _))| !letters.is_empty()).collect();
        // At most a hundred in a block.
        for block in told.chunks(100) {
            map += &format!("{} beginbfchar\n", block.len());
            for (code, (_, letters, _)) in block {
                let units: String = letters.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
                map += &format!("<{code:04X}> <{units}>\n");
            }
            map += "endbfchar\n";
        }
        map + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    }
}

/// What a font descriptor says, in thousandths of the size.
struct Metrics {
    ascent: f64,
    descent: f64,
    bounds: [f64; 4],
}

impl Default for Metrics {
    fn default() -> Self {
        Self { ascent: 1000.0, descent: -300.0, bounds: [-1000.0, -600.0, 2500.0, 1400.0] }
    }
}

impl Metrics {
    /// From the tables `head` and `hhea`.
    fn of(file: &[u8]) -> Option<Self> {
        let number = |at: usize| {
            let bytes: [u8; 2] = file.get(at..at.checked_add(2)?)?.try_into().ok()?;
            Some(i16::from_be_bytes(bytes))
        };
        let table = |name: &[u8]| {
            let count = usize::try_from(number(4)?).ok()?;
            let record =
                file.get(12..)?.chunks_exact(16).take(count).find(|record| record.starts_with(name))?;
            let offset: [u8; 4] = record.get(8..12)?.try_into().ok()?;
            usize::try_from(u32::from_be_bytes(offset)).ok()
        };
        let (head, horizontal) = (table(b"head")?, table(b"hhea")?);
        let units = f64::from(number(head.checked_add(18)?)?);
        let scaled = |at: usize| Some((f64::from(number(at)?) * 1000.0 / units).round());
        if units < 16.0 {
            return None;
        }
        Some(Self {
            ascent: scaled(horizontal.checked_add(4)?)?,
            descent: scaled(horizontal.checked_add(6)?)?,
            bounds: [scaled(head + 36)?, scaled(head + 38)?, scaled(head + 40)?, scaled(head + 42)?],
        })
    }
}

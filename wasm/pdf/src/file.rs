//! The PDF's objects (ISO 32000-1). Glyphs have codes of their own, so that each says exactly which letters it stands for and a
//! reader can search and copy what is written (section 9.10.3).

use miniz_oxide::deflate::compress_to_vec_zlib;
use pdf_writer::{
    Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr,
    types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap},
};

use crate::{
    layout::{AMBER, Item, PAGE, Page, RULE, Typefaces, pages},
    sheet::{MAX_ROWS, Photo, Sheet},
    typeface::{Glyph, Line, Typeface, Weight},
};

/// How hard it is compressed, of 10.
const EFFORT: u8 = 6;
/// Of the fonts, in thousandths of their size: their makers' `hhea` and `OS/2`, and what no letter exceeds.
const ASCENT: f32 = 1069.0;
const DESCENT: f32 = -293.0;
const CAP_HEIGHT: f32 = 714.0;
const BOX: Rect = Rect { x1: -1000.0, y1: -600.0, x2: 2500.0, y2: 1400.0 };
const PHOTO: Name<'static> = Name(b"Photo");
const SYSTEM: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// The PDF of a sheet.
///
/// # Errors
/// [`PdfError::TooLong`].
pub fn pdf(sheet: &Sheet, photo: Option<&Photo>) -> Result<Vec<u8>, PdfError> {
    if sheet.sections.len() > MAX_ROWS || sheet.sections.iter().any(|section| section.rows.len() > MAX_ROWS) {
        return Err(PdfError::TooLong);
    }
    let mut typefaces = Typefaces::new();
    let pages = pages(sheet, photo, &mut typefaces);
    Ok(Writing::new(sheet, photo).finish(&pages, &typefaces))
}

/// Why there is no PDF.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// More sections, or rows of one, than any card has.
    #[error("more rows than any card has")]
    TooLong,
}

struct Writing<'a> {
    pdf: Pdf,
    sheet: &'a Sheet,
    photo: Option<&'a Photo>,
    last: i32,
}

impl<'a> Writing<'a> {
    fn new(sheet: &'a Sheet, photo: Option<&'a Photo>) -> Self {
        Self { pdf: Pdf::new(), sheet, photo, last: 0 }
    }

    fn next(&mut self) -> Ref {
        self.last += 1;
        Ref::new(self.last)
    }

    fn finish(mut self, pages: &[Page], typefaces: &Typefaces) -> Vec<u8> {
        let (catalog, tree, info) = (self.next(), self.next(), self.next());
        let fonts = [&typefaces.regular, &typefaces.bold]
            .map(|typeface| (name(typeface.weight()), self.font(typeface)));
        let photo = self.photo.map(|photo| self.image(photo));
        let mut kids = Vec::with_capacity(pages.len());
        for page in pages {
            let content = content(page, typefaces);
            kids.push(self.page(&content, tree, &fonts, photo));
        }
        let count = i32::try_from(kids.len()).unwrap_or(i32::MAX);
        self.pdf.pages(tree).kids(kids).count(count);
        let sheet = self.sheet;
        let mut root = self.pdf.catalog(catalog);
        root.pages(tree).lang(TextStr(&sheet.language));
        let mut preferences = root.viewer_preferences();
        preferences.display_doc_title(true);
        if sheet.right_to_left {
            preferences.direction(pdf_writer::types::Direction::R2L);
        }
        preferences.finish();
        root.finish();
        self.pdf.document_info(info).title(TextStr(&sheet.title)).creator(TextStr("Bitaqa"));
        self.pdf.finish()
    }

    fn page(&mut self, content: &[u8], tree: Ref, fonts: &[(Name<'_>, Ref)], photo: Option<Ref>) -> Ref {
        let (id, content_id) = (self.next(), self.next());
        let mut page = self.pdf.page(id);
        page.parent(tree).media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1)).contents(content_id);
        let mut resources = page.resources();
        let mut names = resources.fonts();
        for (name, font) in fonts {
            names.pair(*name, *font);
        }
        names.finish();
        if let Some(photo) = photo {
            resources.x_objects().pair(PHOTO, photo);
        }
        resources.finish();
        page.finish();
        let compressed = compress_to_vec_zlib(content, EFFORT);
        self.pdf.stream(content_id, &compressed).filter(Filter::FlateDecode);
        id
    }

    fn image(&mut self, photo: &Photo) -> Ref {
        let id = self.next();
        let compressed = compress_to_vec_zlib(&photo.rgb, EFFORT);
        let mut image = self.pdf.image_xobject(id, &compressed);
        image.filter(Filter::FlateDecode);
        image.width(i32::try_from(photo.width).unwrap_or_default());
        image.height(i32::try_from(photo.height).unwrap_or_default());
        image.color_space().device_rgb();
        image.bits_per_component(8);
        id
    }

    /// A composite font (section 9.7): codes of two bytes, which a table leads to the glyphs of the whole font file.
    fn font(&mut self, typeface: &Typeface) -> Ref {
        let [font, cid, descriptor, file, map, letters] = std::array::from_fn(|_| self.next());
        let base = Name(match typeface.weight() {
            Weight::Regular => b"BitaqaSans-Regular",
            Weight::Bold => b"BitaqaSans-Bold",
        });
        self.pdf
            .type0_font(font)
            .base_font(base)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(cid)
            .to_unicode(letters);
        let mut descendant = self.pdf.cid_font(cid);
        descendant
            .subtype(CidFontType::Type2)
            .base_font(base)
            .system_info(SYSTEM)
            .font_descriptor(descriptor)
            .default_width(0.0)
            .cid_to_gid_map_stream(map);
        descendant.widths().consecutive(1, typeface.used().iter().map(|used| used.advance)).finish();
        descendant.finish();
        self.pdf
            .font_descriptor(descriptor)
            .name(base)
            .flags(FontFlags::SYMBOLIC)
            .bbox(BOX)
            .italic_angle(0.0)
            .ascent(ASCENT)
            .descent(DESCENT)
            .cap_height(CAP_HEIGHT)
            .stem_v(if typeface.weight() == Weight::Bold { 140.0 } else { 80.0 })
            .font_file2(file);
        let whole = typeface.weight().file();
        let compressed = compress_to_vec_zlib(whole, EFFORT);
        self.pdf
            .stream(file, &compressed)
            .filter(Filter::FlateDecode)
            .pair(Name(b"Length1"), i32::try_from(whole.len()).unwrap_or(i32::MAX));
        // code 0 is the glyph of no letter
        let glyphs: Vec<u8> = std::iter::once(0)
            .chain(typeface.used().iter().map(|used| used.glyph))
            .flat_map(u16::to_be_bytes)
            .collect();
        let compressed = compress_to_vec_zlib(&glyphs, EFFORT);
        self.pdf.stream(map, &compressed).filter(Filter::FlateDecode);
        let mut unicode: UnicodeCmap<u16> = UnicodeCmap::new(Name(b"Letters"), SYSTEM);
        for (code, used) in (1..).zip(typeface.used()) {
            if !used.text.is_empty() {
                unicode.pair_with_multiple(code, used.text.chars());
            }
        }
        let table = unicode.finish();
        self.pdf.cmap(letters, &table);
        font
    }
}

const fn name(weight: Weight) -> Name<'static> {
    match weight {
        Weight::Regular => Name(b"Regular"),
        Weight::Bold => Name(b"Bold"),
    }
}

fn content(items: &Page, typefaces: &Typefaces) -> Vec<u8> {
    let mut content = Content::new();
    for item in items {
        match item {
            Item::Text { weight, size, colour: [red, green, blue], at, line } => {
                content.set_fill_rgb(*red, *green, *blue);
                content.begin_text().set_font(name(*weight), *size);
                content.set_text_matrix([1.0, 0.0, 0.0, 1.0, at.0, at.1]);
                letters(&mut content, line, typefaces.of_weight(*weight), *size);
                content.end_text();
            }
            Item::Rule { y, x: (from, to) } => {
                let [red, green, blue] = RULE;
                content.set_stroke_rgb(red, green, blue).set_line_width(0.5);
                content.move_to(*from, *y).line_to(*to, *y).stroke();
            }
            Item::Frame { place: [x, y, width, height] } => {
                let [red, green, blue] = AMBER;
                content.set_stroke_rgb(red, green, blue).set_line_width(1.0);
                content.rect(*x, *y, *width, *height).stroke();
            }
            Item::Photo { place: [x, y, width, height] } => {
                content
                    .save_state()
                    .transform([*width, 0.0, 0.0, *height, *x, *y])
                    .x_object(PHOTO)
                    .restore_state();
            }
        }
    }
    content.finish().into_vec()
}

/// Glyph by glyph: each at its place, marks moved to theirs.
fn letters(content: &mut Content, line: &Line, typeface: &Typeface, size: f32) {
    let mut rise = 0.0;
    for Glyph { code, advance, offset: (across, up) } in &line.glyphs {
        if (up - rise).abs() > f32::EPSILON {
            content.set_rise(up * size / 1000.0);
            rise = *up;
        }
        let width = typeface.advance_of(*code);
        let code = code.to_be_bytes();
        // positive numbers move back (section 9.4.3)
        let (before, after) = (-across, across + width - advance);
        if before == 0.0 && after == 0.0 {
            content.show(Str(&code));
        } else {
            content.show_positioned().items().adjust(before).show(Str(&code)).adjust(after);
        }
    }
    if rise != 0.0 {
        content.set_rise(0.0);
    }
}

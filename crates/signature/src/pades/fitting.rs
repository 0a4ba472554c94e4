//! Lines that fit into the place of a signature: as large as they can be, broken into rows where that keeps them legible, and cut with
//! an ellipsis where nothing else helps. So a long text neither leaves its place nor becomes a hairline.

use serde::{Deserialize, Serialize};
use unicode_bidi::{Direction, Level, get_base_direction_full};

use super::{
    PadesError,
    appearance::{Layout, MAX_LINES, MAX_SIZE},
    shaping::{MAX_CHARACTERS, ShapedLine, Typeface, reorders},
};

/// Smallest size of letters that can be read on paper.
const LEAST: f64 = 5.0;
/// Lines are not broken as long as they have this size without, or nearly as large a one as with.
const COMFORTABLE: f64 = 7.0;
const NEARLY: f64 = 0.9;
/// Sizes that are tried are so far apart.
const STEP: f64 = 0.25;
/// Stands for a letter that the font has not.
const MARK: char = '?';
const ELLIPSIS: char = '…';
/// An isolate that runs from the left, or from the right, and its end (Unicode UAX #9 section 2.4).
const FROM_LEFT: char = '\u{2066}';
const FROM_RIGHT: char = '\u{2067}';
const END: char = '\u{2069}';

/// What is to be shown, and where.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Wanted {
    /// Width of the place as it is seen, in units of the page.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// Pixels of the image beside the lines: across, and up.
    pub image: Option<[f64; 2]>,
    /// The lines, the one that matters most first.
    pub lines: Vec<LabelledLine>,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LabelledLine {
    /// What it is about; may be empty. The line begins where it begins.
    pub label: String,
    /// What it says: the first of these of which the font has all letters. If there is none, the first, with a mark for each letter
    /// that is missing.
    pub values: Vec<String>,
}

/// Rows that fit.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fitted {
    /// Size of the letters, in units of the page.
    pub size: f64,
    /// From above to below.
    pub rows: Vec<FittedRow>,
    /// Width and height of the image, in units of the page.
    pub image: Option<[f64; 2]>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FittedRow {
    /// Its text, with isolates around what the line says.
    pub text: String,
    /// The same, set.
    pub shaped: ShapedLine,
}

/// Fits lines into a place.
///
/// # Errors
/// [`PadesError::Appearance`]: not a font of TrueType, or no place, or too many lines.
pub fn fit(font: &[u8], wanted: &Wanted) -> Result<Fitted, PadesError> {
    let typeface = Typeface::of(font)?;
    let layout = Layout::of([wanted.width, wanted.height], wanted.image, true);
    let layout = layout.ok_or(PadesError::Appearance("the place has no area"))?;
    if wanted.lines.is_empty() || wanted.lines.len() > MAX_LINES {
        return Err(PadesError::Appearance("there are no lines, or too many"));
    }
    let lines = |breaks: fn(char) -> bool| -> Result<Vec<_>, _> {
        wanted.lines.iter().map(|line| Line::of(&typeface, line, breaks)).collect()
    };
    let rows = match whole(&lines(is_break)?, &layout) {
        Some(rows) => rows,
        // what should hold together is better torn than cut
        None => {
            let lines = lines(char::is_whitespace)?;
            whole(&lines, &layout).map_or_else(|| cut(&typeface, &lines, &layout), Ok)?
        }
    };
    let mut fitted = Fitted { size: 0.0, rows: Vec::with_capacity(rows.len()), image: layout.image };
    let mut widest = 0.0;
    for (level, text) in rows {
        let shaped = typeface.line(&text, Some(level))?;
        widest = f64::max(widest, width(&shaped));
        fitted.rows.push(FittedRow { text, shaped });
    }
    fitted.size = layout.size(fitted.rows.len(), widest);
    Ok(fitted)
}

/// A line that can be broken between its words.
struct Line {
    /// From which side it runs.
    level: Level,
    label: String,
    isolate: char,
    words: Vec<Word>,
    /// Of a space between words, in thousandths of the size.
    space: f64,
}

struct Word {
    text: String,
    /// With the label, if it is the first one.
    width: f64,
}

impl Line {
    fn of(
        typeface: &Typeface<'_>,
        given: &LabelledLine,
        breaks: fn(char) -> bool,
    ) -> Result<Self, PadesError> {
        let label = legible(typeface, &given.label);
        let value = given.values.iter().find(|value| clean(value).all(|letter| typeface.has(letter)));
        let value = value.or(given.values.first()).map(|value| legible(typeface, value)).unwrap_or_default();
        let leads = if is_neutral(&label) { &value } else { &label };
        let level = if runs_left(leads) { Level::rtl() } else { Level::ltr() };
        // a number or a date in a line of Arabic is one from the left
        let isolate = if runs_left(&value) { FROM_RIGHT } else { FROM_LEFT };
        let words = value.split(breaks).filter(|word| !word.is_empty());
        let words = words.map(|text| Word { text: text.to_owned(), width: 0.0 });
        let space = width(&typeface.line(" ", None)?);
        let mut line = Self { level, label, isolate, words: words.collect(), space };
        for at in 0..line.words.len() {
            let set = typeface.line(&line.row(at, at + 1), Some(level))?;
            if let Some(word) = line.words.get_mut(at) {
                word.width = width(&set);
            }
        }
        Ok(line)
    }

    /// The row of these words.
    fn row(&self, from: usize, to: usize) -> String {
        self.row_of(from, &self.text(from, to))
    }

    fn text(&self, from: usize, to: usize) -> String {
        let words = self.words.get(from..to).unwrap_or_default();
        words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// The row that begins with this word, whatever it says.
    fn row_of(&self, from: usize, value: &str) -> String {
        let isolated = format!("{}{value}{END}", self.isolate);
        if from > 0 || self.label.is_empty() { isolated } else { format!("{} {isolated}", self.label) }
    }

    /// The words of each row, if no row is wider than this; a word that is has a row of its own, and is said.
    fn rows(&self, room: f64) -> (Vec<(usize, usize)>, bool) {
        let (mut rows, mut from, mut filled) = (Vec::new(), 0, 0.0);
        let mut fits = true;
        for (at, word) in self.words.iter().enumerate() {
            fits &= word.width <= room;
            if at > from && filled + self.space + word.width > room {
                rows.push((from, at));
                (from, filled) = (at, word.width);
            } else {
                filled += if at > from { self.space + word.width } else { word.width };
            }
        }
        rows.push((from, self.words.len()));
        (rows, fits)
    }
}

/// From which side it runs, and its text.
type Row = (Level, String);

/// Rows in which everything stands, if there is room for it.
fn whole(lines: &[Line], layout: &Layout) -> Option<Vec<Row>> {
    let attempt = |may_break: bool, size: f64| {
        let mut rows = Vec::new();
        for line in lines {
            let (words, fits) = line.rows(layout.room(size));
            if !fits || (words.len() > 1 && !may_break) {
                return None;
            }
            rows.extend(words.into_iter().map(|(from, to)| (line.level, line.row(from, to))));
        }
        (rows.len() <= layout.rows(size)).then_some((size, rows))
    };
    let unbroken = sizes().find_map(|size| attempt(false, size));
    let least = unbroken.as_ref().map_or(0.0, |(size, _)| *size);
    if least >= COMFORTABLE {
        return unbroken.map(|(_, rows)| rows);
    }
    let broken = sizes().find_map(|size| attempt(true, size)).filter(|(size, _)| least < NEARLY * size);
    broken.or(unbroken).map(|(_, rows)| rows)
}

/// From the largest.
fn sizes() -> impl Iterator<Item = f64> {
    std::iter::successors(Some(MAX_SIZE), |size| Some(size - STEP)).take_while(|size| *size >= LEAST)
}

/// Rows of the smallest size, each line with one at least as far as there is room: the first are the last to be cut.
fn cut(typeface: &Typeface<'_>, lines: &[Line], layout: &Layout) -> Result<Vec<Row>, PadesError> {
    let room = layout.room(LEAST);
    let most = layout.rows(LEAST).max(1);
    let shown = lines.get(..lines.len().min(most)).unwrap_or_default();
    let mut spare = most - shown.len();
    let mut rows = Vec::new();
    for line in shown {
        let (words, _) = line.rows(room);
        let more = spare.min(words.len() - 1);
        spare -= more;
        let count = words.len();
        for (index, (from, to)) in words.into_iter().take(1 + more).enumerate() {
            // the last row has what is left
            let is_cut = index == more && index + 1 < count;
            let to = if is_cut { line.words.len() } else { to };
            let text = line.row(from, to);
            let fits = !is_cut && width(&typeface.line(&text, Some(line.level))?) <= room;
            rows.push((line.level, if fits { text } else { shortened(typeface, line, from, to, room)? }));
        }
    }
    Ok(rows)
}

/// The row with as many letters as there is room for, and an ellipsis.
fn shortened(
    typeface: &Typeface<'_>,
    line: &Line,
    from: usize,
    to: usize,
    room: f64,
) -> Result<String, PadesError> {
    let value = line.text(from, to);
    let ends: Vec<usize> =
        value.char_indices().filter(|(_, letter)| !joins(*letter)).map(|(at, _)| at).collect();
    let row = |count: usize| {
        let end = ends.get(count).copied().unwrap_or_default();
        line.row_of(from, &format!("{}{ELLIPSIS}", value.get(..end).unwrap_or_default().trim_end()))
    };
    let (mut low, mut high) = (0, ends.len());
    while low + 1 < high {
        let middle = low.midpoint(high);
        if width(&typeface.line(&row(middle), Some(line.level))?) <= room {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(row(low))
}

/// A text on one line without what would reorder or break it, and no longer than a line may be.
fn clean(text: &str) -> impl Iterator<Item = char> {
    let letters = text.chars().filter(|letter| !reorders(*letter));
    letters
        .map(|letter| if letter.is_control() || is_break(letter) { ' ' } else { letter })
        .take(MAX_CHARACTERS / 2)
}

fn legible(typeface: &Typeface<'_>, text: &str) -> String {
    let letters = clean(text).map(|letter| if typeface.has(letter) { letter } else { MARK });
    let text: String = letters.collect();
    // letters that are there one by one may need what is not, together
    if typeface.line(&text, None).is_ok() { text } else { text.chars().map(|_| MARK).collect() }
}

/// Spaces at which a line is broken: not those that hold together.
fn is_break(letter: char) -> bool {
    letter.is_whitespace() && !matches!(letter, '\u{a0}' | '\u{202f}')
}

/// Whether a letter belongs to the one before it: marks above and below, and joiners.
const fn joins(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{200c}' | '\u{200d}')
}

fn runs_left(text: &str) -> bool {
    matches!(get_base_direction_full(text), Direction::Rtl)
}

/// Of no direction of its own: empty, numbers, signs.
fn is_neutral(text: &str) -> bool {
    matches!(get_base_direction_full(text), Direction::Mixed)
}

fn width(line: &ShapedLine) -> f64 {
    line.glyphs.iter().map(|glyph| glyph.advance).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FONT: &[u8] = include_bytes!("../../../../host/fonts/BitaqaSans-Regular.ttf");

    fn line(label: &str, values: &[&str]) -> LabelledLine {
        LabelledLine {
            label: label.to_owned(),
            values: values.iter().map(|&value| value.to_owned()).collect(),
        }
    }

    fn fitted(width: f64, height: f64, lines: &[LabelledLine]) -> Fitted {
        fit(FONT, &Wanted { width, height, image: None, lines: lines.to_vec() }).unwrap()
    }

    fn texts(fitted: &Fitted) -> Vec<String> {
        fitted.rows.iter().map(|row| row.text.chars().filter(|letter| !reorders(*letter)).collect()).collect()
    }

    /// Whatever is to be shown, nothing leaves its place, and nothing is smaller than can be read.
    #[test]
    fn rows_stay_in_their_place_and_legible() {
        let long = "consectetur adipiscing elit ".repeat(12);
        let arabic = "الموافقة على العقد ".repeat(20);
        let unbroken = "x".repeat(300);
        for reason in [
            "Approval",
            &long,
            &arabic,
            &unbroken,
            "",
            " \n ",
            "漢字",
            "e\u{301}\u{301}\u{301}".repeat(90).as_str(),
        ] {
            for (width, height) in [(60.0, 24.0), (180.0, 50.0), (400.0, 24.0), (70.0, 300.0), (600.0, 800.0)]
            {
                for image in [None, Some([300.0, 100.0]), Some([10.0, 900.0])] {
                    let lines = [
                        line("Signed by:", &["Amina El Fassi"]),
                        line("Date:", &["26/11/2026\u{a0}21:05\u{a0}(UTC+01:00)"]),
                        line("Reason:", &[reason]),
                    ];
                    let wanted = Wanted { width, height, image, lines: lines.to_vec() };
                    let found = fit(FONT, &wanted).unwrap();
                    let layout = Layout::of([width, height], image, true).unwrap();
                    let widest = found.rows.iter().map(|row| super::width(&row.shaped)).fold(0.0, f64::max);
                    let told = format!("{reason:.20} in {width} by {height}: {:?}", texts(&found));
                    assert!(found.size * widest / 1000.0 <= layout.text_width + 0.01, "{told}");
                    assert!(found.rows.len() <= layout.rows(found.size - 0.01).max(1), "{told}");
                    assert!(found.size >= LEAST - 0.01, "{} {told}", found.size);
                    assert!(texts(&found)[0].starts_with("Signed by: A"), "{told}");
                }
            }
        }
    }

    #[test]
    fn short_lines_are_not_broken_and_long_ones_are_before_they_are_tiny() {
        let lines = |reason| [line("Signed by:", &["AMINA EXEMPLE"]), line("Reason:", &[reason])];
        let short = fitted(180.0, 50.0, &lines("I agree"));
        assert_eq!(texts(&short), ["Signed by: AMINA EXEMPLE", "Reason: I agree"]);
        assert!(short.size > 12.0, "{}", short.size);
        let long =
            fitted(180.0, 50.0, &lines("I have read every page of this contract and agree to all of it"));
        assert_eq!(texts(&long)[0], "Signed by: AMINA EXEMPLE");
        assert!(long.rows.len() > 2 && long.size > 7.0, "{:?} {}", texts(&long), long.size);
        assert!(texts(&long).iter().all(|row| !row.contains(ELLIPSIS)));
        let cut =
            fitted(60.0, 24.0, &lines("I have read every page of this contract and agree to all of it"));
        assert!(texts(&cut).last().unwrap().ends_with(ELLIPSIS), "{:?}", texts(&cut));
    }

    #[test]
    fn what_holds_together_is_torn_only_where_it_would_be_cut() {
        let date = [line("Date:", &["26/11/2026\u{a0}21:05\u{a0}(UTC+01:00)"])];
        assert_eq!(texts(&fitted(180.0, 50.0, &date)).len(), 1);
        assert_eq!(texts(&fitted(80.0, 200.0, &date)), ["Date: 26/11/2026", "21:05", "(UTC+01:00)"]);
    }

    #[test]
    fn a_line_begins_where_its_label_does_and_a_date_in_it_is_not_turned_round() {
        let date = "26/11/2026\u{a0}21:05\u{a0}(UTC+01:00)";
        let fitted = fitted(180.0, 50.0, &[line("وقّعها:", &["AMINA"]), line("التاريخ:", &[date])]);
        assert!(fitted.rows.iter().all(|row| row.shaped.begins_right));
        let seen: String = fitted.rows[1].shaped.glyphs.iter().map(|glyph| glyph.letters.as_str()).collect();
        // from left to right, and so the label last
        assert!(seen.starts_with(date), "{seen}");
        let latin = fit(
            FONT,
            &Wanted {
                width: 180.0, height: 50.0, image: None, lines: vec![line("Reason:", &["أوافق"])]
            },
        );
        assert!(!latin.unwrap().rows[0].shaped.begins_right);
    }

    #[test]
    fn the_name_that_the_font_can_write_is_taken_and_else_each_letter_that_is_missing_is_marked() {
        let shown = |values: &[&str]| texts(&fitted(180.0, 50.0, &[line("", values)])).join("|");
        assert_eq!(shown(&["李小龙", "LI Xiaolong"]), "LI Xiaolong");
        assert_eq!(shown(&["李小 A", "龙"]), "?? A");
        assert_eq!(shown(&["ⵜⵉⵣⵉⵔⵉ", "TIZIRI"]), "ⵜⵉⵣⵉⵔⵉ");
        assert_eq!(shown(&[]), "");
        // nobody writes himself into another line, or turns one round
        assert_eq!(shown(&["A\u{2069}\u{202e}\nB\u{2029}C"]), "A B C");
    }

    #[test]
    fn without_a_place_or_lines_or_a_font_nothing_is_set() {
        let wanted = |width: f64, lines: usize| Wanted {
            width,
            height: 50.0,
            image: None,
            lines: vec![line("a", &["b"]); lines],
        };
        assert!(fit(FONT, &wanted(180.0, 1)).is_ok());
        assert!(fit(b"none", &wanted(180.0, 1)).is_err());
        for (width, lines) in
            [(0.0, 1), (f64::NAN, 1), (f64::INFINITY, 1), (180.0, 0), (180.0, MAX_LINES + 1)]
        {
            assert!(fit(FONT, &wanted(width, lines)).is_err(), "{width} {lines}");
        }
        let mut image = wanted(180.0, 1);
        image.image = Some([0.0, 10.0]);
        assert!(fit(FONT, &image).is_err());
    }
}

#!/usr/bin/env python3
"""Makes the fonts of the window from Noto fonts: subsets, merged into one family per style.

An imported font takes part in no per-script fallback on a computer without any other font, so Latin, Arabic, Tifinagh and
the few signs of the window stand in one file. Run it only when the set of characters changes:

    pip install fonttools==4.60.1
    host/fonts/build_fonts.py --source DIR [--source DIR]

DIR holds NotoSans-Regular.ttf, NotoSans-Bold.ttf, NotoSansArabic-Regular.ttf, NotoSansArabic-Bold.ttf,
NotoSansTifinagh-Regular.ttf, NotoSansSymbols2-Regular.ttf and NotoSansMono-Regular.ttf (Debian 12: packages fonts-noto-core
and fonts-noto-mono, version 20201225). The same input gives the same bytes.
"""

import argparse
import io
import pathlib
import sys

from fontTools import merge, subset
from fontTools.ttLib import TTFont

LATIN = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),  # Latin-1 Supplement, Latin Extended-A
    *range(0x2010, 0x2016),  # hyphens and dashes
    *range(0x2018, 0x201F),  # quotation marks
    0x2022, 0x2026, 0x202F, 0x2030, 0x2039, 0x203A, 0x20AC,
    *range(0x200B, 0x2010),  # zero-width characters and directional marks
    *range(0x202A, 0x202F), *range(0x2066, 0x206A),  # embeddings and isolates, invisible
]
ARABIC = [
    0x060C, 0x061B, 0x061F,
    *range(0x0621, 0x063B), *range(0x0640, 0x0656),
    *range(0x0660, 0x066D), 0x0670, 0x0671,
    # letters of Morocco's Arabic and of names from Iran, Pakistan and the Gulf
    0x067E, 0x0686, 0x0698, 0x06A4, 0x06A8, 0x06A9, 0x06AD, 0x06AF, 0x06C0, 0x06CC, 0x06D5,
    *range(0x06F0, 0x06FA),
]
TIFINAGH = [*range(0x2D30, 0x2D68), 0x2D6F, 0x2D7F]
SIGNS = [0x2713, 0x2715, 0x26A0, 0x25CF, 0x232B]
ASCII = list(range(0x20, 0x7F))

# Room for Arabic marks above and below, and the line spacing of the look (about 1.5).
ASCENT, DESCENT = 1120, -400
FEATURES = ["ccmp", "locl", "mark", "mkmk", "kern", "init", "medi", "fina", "isol", "rlig", "calt", "curs", "liga"]
MADE = 3786912000  # 2024-01-01, in seconds since 1904: part of the bytes, so fixed


def reduced(path, characters):
    """The font at `path` with these characters only and without hinting."""
    options = subset.Options()
    options.hinting = False
    options.layout_features = FEATURES
    options.name_IDs = []
    options.notdef_outline = True
    options.recalc_timestamp = False
    options.drop_tables += ["DSIG", "BASE"]
    font = subset.load_font(str(path), options)
    for character in characters:
        if character not in font.getBestCmap():
            print(f"{path.name}: no U+{character:04X}", file=sys.stderr)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    buffer = io.BytesIO()
    font.save(buffer, reorderTables=False)
    buffer.seek(0)
    return buffer


def name(font, family, style, weight):
    """Names, metrics and times of a finished font."""
    table = font["name"]
    table.names = []
    texts = {
        0: "Copyright 2015-2020 Google LLC. Parts of Noto Sans, Noto Sans Arabic, Noto Sans Tifinagh, "
           "Noto Sans Symbols 2 and Noto Sans Mono.",
        1: family, 2: style, 3: f"{family} {style}", 4: f"{family} {style}", 5: "Version 1.000",
        6: f"{family.replace(' ', '')}-{style}",
        13: "This Font Software is licensed under the SIL Open Font License, Version 1.1.",
        14: "https://scripts.sil.org/OFL",
    }
    for identifier, text in texts.items():
        table.setName(text, identifier, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsSelection = 0x20 if weight > 500 else 0x40
    font["head"].macStyle = 1 if weight > 500 else 0
    for metric, value in (("ascent", ASCENT), ("descent", DESCENT), ("lineGap", 0)):
        setattr(font["hhea"], metric, value)
    font["OS/2"].sTypoAscender, font["OS/2"].sTypoDescender, font["OS/2"].sTypoLineGap = ASCENT, DESCENT, 0
    font["OS/2"].usWinAscent, font["OS/2"].usWinDescent = ASCENT, -DESCENT
    font["head"].created = font["head"].modified = MADE
    font["head"].fontRevision = 1.0


def embolden(font, strength):
    """Moves every outline point outwards by half of `strength`: for a script whose bold was never drawn."""
    glyphs = font["glyf"]
    for glyph_name in font.getGlyphOrder():
        glyph = glyphs[glyph_name]
        if glyph.isComposite() or glyph.numberOfContours <= 0:
            continue
        start = 0
        for end in glyph.endPtsOfContours:
            points = [tuple(glyph.coordinates[i]) for i in range(start, end + 1)]
            for i, moved in enumerate(outwards(points, strength / 2)):
                glyph.coordinates[start + i] = moved
            start = end + 1
        glyph.coordinates.toInt()
        glyph.recalcBounds(glyphs)
        advance, _ = font["hmtx"][glyph_name]
        for i in range(len(glyph.coordinates)):
            x, y = glyph.coordinates[i]
            glyph.coordinates[i] = (x + strength // 2, y)
        glyph.recalcBounds(glyphs)
        font["hmtx"][glyph_name] = (advance + strength, glyph.xMin)


def outwards(points, distance):
    """The points of a closed contour, each moved to the left of its direction of travel by `distance` (TrueType contours
    run clockwise, so left is outside)."""
    result = []
    count = len(points)
    for i, (x, y) in enumerate(points):
        before = next((points[(i - k) % count] for k in range(1, count) if points[(i - k) % count] != (x, y)), (x, y))
        after = next((points[(i + k) % count] for k in range(1, count) if points[(i + k) % count] != (x, y)), (x, y))
        ux, uy = unit(x - before[0], y - before[1])
        vx, vy = unit(after[0] - x, after[1] - y)
        cosine = ux * vx + uy * vy
        shift = distance / max(1 + cosine, 0.25)
        result.append((x + (-uy - vy) * shift, y + (ux + vx) * shift))
    return result


def unit(x, y):
    length = (x * x + y * y) ** 0.5 or 1
    return x / length, y / length


def merged(parts):
    """One font of several."""
    options = merge.Options()
    options.drop_tables = ["vhea", "vmtx"]
    return merge.Merger(options).merge(parts)


def write(font, path):
    font.recalcTimestamp = False
    buffer = io.BytesIO()
    font.save(buffer)
    path.write_bytes(buffer.getvalue())
    print(f"{path.name}: {len(buffer.getvalue())} bytes")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--source", action="append", required=True, type=pathlib.Path)
    sources = arguments.parse_args().source

    def find(file):
        for source in sources:
            if (source / file).exists():
                return source / file
        sys.exit(f"{file} is in none of the source folders")

    here = pathlib.Path(__file__).parent
    for style, weight in (("Regular", 400), ("Bold", 700)):
        tifinagh = reduced(find("NotoSansTifinagh-Regular.ttf"), TIFINAGH)
        if weight > 500:
            font = TTFont(tifinagh)
            embolden(font, 54)
            tifinagh = io.BytesIO()
            font.save(tifinagh)
            tifinagh.seek(0)
        font = merged([
            reduced(find(f"NotoSans-{style}.ttf"), LATIN),
            reduced(find(f"NotoSansArabic-{style}.ttf"), ARABIC),
            tifinagh,
            reduced(find("NotoSansSymbols2-Regular.ttf"), SIGNS),
        ])
        name(font, "Bitaqa Sans", style, weight)
        write(font, here / f"BitaqaSans-{style}.ttf")
    font = TTFont(reduced(find("NotoSansMono-Regular.ttf"), ASCII))
    name(font, "Bitaqa Mono", "Regular", 400)
    write(font, here / "BitaqaMono-Regular.ttf")


if __name__ == "__main__":
    main()

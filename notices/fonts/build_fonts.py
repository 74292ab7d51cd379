#!/usr/bin/env python3
# ruff: noqa: T201
"""Build the document faces from unpacked Debian packages.

    python build_fonts.py --packages DIR --out DIR [--only DocFang,DocNum] [--with-kai]

DIR holds one folder per package, as `dpkg-deb -x` leaves it (see README.md).
Needs fontTools only. Same sources and same fontTools give the same bytes.

Each face is written from scratch: TrueType outlines, one fixed pair of vertical
metrics, common characters at low glyph ids, no hinting, no layout tables.
"""

import argparse
import pathlib
import time

import charsets as cs
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont

VERSION = "1.0"
# Seconds since 1904-01-01 for 2026-01-01T00:00:00Z: no clock in the output.
TIMESTAMP = 3850070400
ASCENT, DESCENT = 0.88, 0.12  # of the em, the same in every face
MAX_ERR = 1 / 1000  # of the em, cubic -> quadratic

NOTO = "usr/share/fonts/opentype/noto"
FANDOL = "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"
UNIHAN = "unicode-data/usr/share/unicode/Unihan_OtherMappings.txt.bz2"

SOURCES = {
    "DocNum": f"fonts-noto-cjk-extra/{NOTO}/NotoSerifCJK-Light.ttc",
    "DocFang": f"texlive-lang-chinese/{FANDOL}/FandolFang-Regular.otf",
    "DocBiao": f"fonts-noto-cjk-extra/{NOTO}/NotoSerifCJK-SemiBold.ttc",
    "DocHei": f"fonts-noto-cjk/{NOTO}/NotoSansCJK-Regular.ttc",
    "DocRare": f"fonts-noto-cjk-extra/{NOTO}/NotoSerifCJK-Light.ttc",
    "DocKai": f"texlive-lang-chinese/{FANDOL}/FandolKai-Regular.otf",  # only --with-kai
}


def open_source(path):
    if path.suffix != ".ttc":
        return TTFont(path, lazy=True)
    for font in TTCollection(path, lazy=True).fonts:
        if "CJK SC" in font["name"].getDebugName(1):
            return font
    raise SystemExit(f"no SC face in {path}")


def wanted(face, have, table, claimed):
    """Code points of one face. `claimed`: what the faces before it in the stack hold."""
    if face == "DocNum":
        return have & cs.LATIN
    if face == "DocRare":
        return (have & (cs.SYMBOLS | cs.HANZI)) - claimed
    if face in ("DocFang", "DocKai"):
        return have & (cs.LATIN | cs.SYMBOLS | cs.HANZI)
    return have & (cs.LATIN | cs.SYMBOLS | cs.GB2312 | set(table))


def checkbox(em, mark):
    """☐ ☑ ☒: no free serif CJK face has them; drawn here."""
    pen, k = TTGlyphPen(None), em / 1000

    def polygon(*points):
        for i, (x, y) in enumerate(points):
            (pen.lineTo if i else pen.moveTo)((round(x * k), round(y * k)))
        pen.closePath()

    polygon((110, -20), (110, 760), (890, 760), (890, -20))
    polygon((158, 28), (842, 28), (842, 712), (158, 712))
    if mark == "check":
        polygon((270, 400), (326, 444), (462, 262), (716, 650), (778, 612), (470, 130))
    elif mark == "cross":
        polygon(
            (300, 160),
            (256, 204),
            (422, 370),
            (256, 536),
            (300, 580),
            (500, 380 + 34),
            (700, 580),
            (744, 536),
            (578, 370),
            (744, 204),
            (700, 160),
            (500, 360 - 34),
        )
    return pen.glyph()


def build(face, source, points, table, out):
    cmap, glyphs = source.getBestCmap(), source.getGlyphSet()
    em = source["head"].unitsPerEm
    cubic = "CFF " in source
    # Low ids first: Latin, punctuation, standard table by rank (rank = frequency class), the rest.
    # WeasyPrint keeps every id up to the highest one used.
    order = sorted(
        points,
        key=lambda c: (
            (0, c)
            if c in cs.LATIN
            else (1, c)
            if c not in cs.HANZI
            else (2, table[c])
            if c in table
            else (3, c)
            if c in cs.GBK
            else (4, c)
        ),
    )
    names, metrics, shapes, mapping, seen = [".notdef"], {}, {}, {}, {}
    for c in order:
        old = cmap[c]
        if old not in seen:
            seen[old] = f"u{c:04X}"
            names.append(seen[old])
        mapping[c] = seen[old]
    for old, new in [(".notdef", ".notdef"), *seen.items()]:
        recording = DecomposingRecordingPen(glyphs)
        glyphs[old].draw(recording)
        pen = TTGlyphPen(None)
        recording.replay(Cu2QuPen(pen, MAX_ERR * em, reverse_direction=True) if cubic else pen)
        shapes[new], metrics[new] = pen.glyph(), [round(glyphs[old].width), 0]
    if face == "DocRare":
        for c, mark in ((0x2610, None), (0x2611, "check"), (0x2612, "cross")):
            name = f"u{c:04X}"
            names.append(name)
            shapes[name], metrics[name], mapping[c] = checkbox(em, mark), [em, 0], name

    fb = FontBuilder(em, isTTF=True)
    fb.setupGlyphOrder(names)
    fb.setupCharacterMap(mapping)
    fb.setupGlyf(shapes)
    for name in names:
        metrics[name][1] = getattr(fb.font["glyf"][name], "xMin", 0)
    fb.setupHorizontalMetrics({n: tuple(m) for n, m in metrics.items()})
    up, down = round(ASCENT * em), round(DESCENT * em)
    fb.setupHorizontalHeader(ascent=up, descent=-down, lineGap=0)
    fb.setupOS2(
        version=4,
        sTypoAscender=up,
        sTypoDescender=-down,
        sTypoLineGap=0,
        usWinAscent=up,
        usWinDescent=down,
        usWeightClass=400,
        usWidthClass=5,
        fsType=source["OS/2"].fsType,
        fsSelection=0x40 | 0x80,
        achVendID="ZGAI",
    )
    original = {i: source["name"].getDebugName(i) for i in (0, 5, 6, 13, 14)}
    licence = original[13] or "GNU General Public License, version 3, with the GPL font exception"
    fb.setupNameTable(
        {
            "copyright": original[0] or "Fandol team (Clerk Ma, Jie Su)",
            "familyName": face,
            "styleName": "Regular",
            "uniqueFontIdentifier": f"{face}-{VERSION}",
            "fullName": face,
            "psName": face,
            "version": f"Version {VERSION}",
            "description": "Modified: subset and converted to TrueType from "
            f"{original[6]} ({original[5]})",
            "licenseDescription": licence,
            "licenseInfoURL": original[14]
            or "https://www.gnu.org/licenses/gpl-faq.html#FontException",
        },
        mac=False,
    )
    fb.setupPost(
        keepGlyphNames=False,
        underlinePosition=round(-0.1 * em),
        underlineThickness=round(0.04 * em),
    )
    fb.setupMaxp()
    head = fb.font["head"]
    head.created = head.modified = TIMESTAMP
    head.fontRevision, head.flags = 1.0, 0x000B
    fb.font.recalcTimestamp = False
    fb.save(out / f"{face}.ttf")


def main():
    p = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    p.add_argument("--packages", type=pathlib.Path, required=True)
    p.add_argument("--out", type=pathlib.Path, required=True)
    p.add_argument("--only", default="")
    p.add_argument("--with-kai", action="store_true")
    a = p.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    table = cs.standard_table(a.packages / UNIHAN)
    only = set(filter(None, a.only.split(",")))
    claimed = set()
    for face, path in SOURCES.items():
        if face == "DocKai" and not (a.with_kai or face in only):
            continue
        source = open_source(a.packages / path)
        points = wanted(face, set(source.getBestCmap()), table, claimed)
        if face in ("DocNum", "DocFang"):
            claimed |= points
        if only and face not in only:
            continue
        start = time.time()
        build(face, source, points, table, a.out)
        size = (a.out / f"{face}.ttf").stat().st_size
        print(
            f"{face:8} {len(points):6} glyphs {size / 1e6:6.2f} MB {time.time() - start:3.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()

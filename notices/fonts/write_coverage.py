#!/usr/bin/env python3
"""Write coverage.json: the code points that all three font stacks can draw, as ranges.

    python write_coverage.py

Run it after build_fonts.py; a test compares the file with the fonts.
"""

import json
import pathlib

from fontTools.ttLib import TTFont

HERE = pathlib.Path(__file__).resolve().parent
STACKS = (  # the font-family orders of paper.css
    ("DocNum", "DocFang", "DocRare"),
    ("DocNum", "DocHei", "DocFang", "DocRare"),
    ("DocBiao", "DocFang", "DocRare"),
)


def coverage() -> list[list[int]]:
    """[[first, last], ...], sorted."""
    names = {name for stack in STACKS for name in stack}
    have = {}
    for name in names:
        with TTFont(HERE / f"{name}.ttf", lazy=True) as font:
            have[name] = set(font.getBestCmap())
    common = set.intersection(*(set().union(*(have[name] for name in stack)) for stack in STACKS))
    ranges: list[list[int]] = []
    for point in sorted(common):
        if ranges and point == ranges[-1][1] + 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return ranges


if __name__ == "__main__":
    text = json.dumps(coverage(), separators=(",", ":"))
    (HERE / "coverage.json").write_text(text + "\n", encoding="utf-8")

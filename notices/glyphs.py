"""Which characters the document faces can draw, asked without opening a font.

`fonts/coverage.json` lists the code points as ranges; `fonts/build_fonts.py` writes it and a
test compares it with the fonts. Forms ask `missing` before a paper is issued; the printer
refuses an empty box in any case.
"""

import json
import unicodedata
from bisect import bisect_right
from functools import cache
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

COVERAGE = Path(__file__).parent / "fonts" / "coverage.json"

# The font-family orders of paper.css. A character that one of them lacks is missing.
STACKS = {
    "body": ("DocNum", "DocFang", "DocRare"),
    "heading": ("DocNum", "DocHei", "DocFang", "DocRare"),
    "title": ("DocBiao", "DocFang", "DocRare"),
}
NEVER_DRAWN = frozenset("\n\r\t\u200b\ufeff")

# Characters that draw nothing and change how others read: controls, and the marks with which
# a text may be shown in another order than it is stored.
_HARMFUL = {chr(c) for c in (*range(0x20), *range(0x7F, 0xA0)) if chr(c) not in "\n\t"} | set(
    "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2066\u2067\u2068\u2069\ufeff\ufff9\ufffa\ufffb\u2028\u2029"
)
_DROP = {ord(c): None for c in _HARMFUL} | {ord("\r"): None, ord("\t"): " "}


@cache
def _edges() -> list[int]:
    """Sorted starts and ends of the covered ranges: an odd place lies inside one."""
    ranges = json.loads(COVERAGE.read_text(encoding="utf-8"))
    return [edge for first, last in ranges for edge in (first, last + 1)]


def drawable(char: str) -> bool:
    return char in NEVER_DRAWN or bisect_right(_edges(), ord(char)) % 2 == 1


def missing(text: str) -> list[str]:
    """The characters of `text` that no face can draw, each once, in order of code point."""
    return [char for char in sorted(set(text)) if not drawable(char)]


def clean(text: str) -> str:
    """Without control characters and marks of direction; line breaks stay."""
    return text.replace("\r\n", "\n").translate(_DROP)


def describe(char: str) -> str:
    """𠀀（U+20000）; for one that cannot be shown, its code alone."""
    shown = char if char.isprintable() and not unicodedata.combining(char) else ""
    code = f"U+{ord(char):04X}"
    return _("%(char)s（%(code)s）") % {"char": shown, "code": code} if shown else code


def sentence(chars: list[str]) -> str:
    """One sentence for an officer: which characters, and what to do."""
    return _("文书字体中没有这些字：%(chars)s。请核对，或请管理员补充字体。") % {
        "chars": _("、").join(describe(char) for char in chars)
    }


def validate(text: str) -> None:
    """Form validator: raises ValidationError naming each character that cannot be printed."""
    lacking = missing(clean(text))
    if lacking:
        raise ValidationError(sentence(lacking), code="glyph")

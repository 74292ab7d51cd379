"""Character sets that the faces are cut to, and the coverage figures quote.

Python's own codecs give GB 2312 and GBK; GB 18030-2022 is given by Unicode ranges.
The 8,105 characters of the 通用规范汉字表 come from the Unihan property kTGH
(Debian package unicode-data, file Unihan_OtherMappings.txt.bz2).
"""

import bz2
from contextlib import suppress

# GB 18030-2022, implementation level 1: the mandatory hanzi.
URO_2022 = set(range(0x4E00, 0x9FF0))  # 20,902 + 74 later additions
EXT_A = set(range(0x3400, 0x4DB6))  # 6,582
GB18030_L1 = URO_2022 | EXT_A

# Level 3 adds Extensions B to F.
EXT_B_F = (
    set(range(0x20000, 0x2A6D7))
    | set(range(0x2A700, 0x2B735))
    | set(range(0x2B740, 0x2B81E))
    | set(range(0x2B820, 0x2CEA2))
    | set(range(0x2CEB0, 0x2EBE1))
)

# Everything that looks like a hanzi, for fallback faces.
HANZI = (
    set(range(0x3400, 0x4DC0))
    | set(range(0x4E00, 0xA000))
    | set(range(0xF900, 0xFB00))
    | set(range(0x20000, 0x32000))
)

ASCII = set(range(0x20, 0x7F))
LATIN = ASCII | {0xA0} | {c for c in range(0xC0, 0x180) if c not in (0xD7, 0xF7)}

# Punctuation, numerals in circles, arrows, boxes, full-width forms, units.
SYMBOLS = (
    set(range(0xA0, 0x100))
    | set(range(0x2010, 0x2070))
    | set(range(0x2070, 0x209F))
    | set(range(0x2100, 0x2200))
    | set(range(0x2200, 0x2300))
    | set(range(0x2460, 0x2500))
    | set(range(0x2500, 0x2620))
    | set(range(0x3000, 0x3040))
    | set(range(0x3200, 0x3400))
    | set(range(0xFE30, 0xFE50))
    | set(range(0xFF00, 0xFFF0))
)


def _codec(name, leads, trails):
    out = set()
    for lead in leads:
        for trail in trails:
            with suppress(UnicodeDecodeError):
                out.add(ord(bytes([lead, trail]).decode(name)))
    return out


GB2312 = _codec("gb2312", range(0xB0, 0xF8), range(0xA1, 0xFF))  # 6,763 hanzi
GB2312_SYMBOLS = _codec("gb2312", range(0xA1, 0xAA), range(0xA1, 0xFF))
SYMBOLS |= GB2312_SYMBOLS  # Greek, Cyrillic, kana, bopomofo too
GBK = {c for c in _codec("gbk", range(0x81, 0xFF), range(0x40, 0xFF)) if c in HANZI}


def standard_table(unihan_other_mappings):
    """Return {code point: rank 1..8105} of the 通用规范汉字表 (2013)."""
    ranks = {}
    with bz2.open(unihan_other_mappings, "rt", encoding="utf-8") as lines:
        for line in lines:
            if "\tkTGH\t" in line:
                code, _, value = line.rstrip("\n").split("\t")
                ranks[int(code[2:], 16)] = int(value.split()[0].split(":")[1])
    return ranks

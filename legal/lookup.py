"""Understanding what people type when they look for an article: 网安法 21, CSL 23, 第五十九条.

Pure: the laws are handed in. What cannot be read as a place is looked for as words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from legal.models import Law
from legal.numerals import number_of

_NUMERAL = r"[0-9零〇○一二两三四五六七八九十百千]{1,9}"
_PLACE = re.compile(
    rf"(?P<law>.*?)[\s:：]*(?:(?P<di>第) *)?(?P<number>{_NUMERAL}) *(?P<tiao>条)?"
    rf"(?:(?: *之 *|-)(?P<suffix>[0-9一二三四五六七八九十]{{1,3}}))?"
    rf"(?:(?: *第? *(?P<para>{_NUMERAL}) *款)|(?: *\( *(?P<para2>[0-9]{{1,3}}) *\)))?"
    rf"(?:(?: *第? *(?P<item>{_NUMERAL}) *项)|(?: *\[ *(?P<item2>[0-9]{{1,3}}) *\]))?"
)
_VERSION = re.compile(r"(?P<law>.*?) *(?:@|[（(]) *(?P<version>[0-9]{4}) *[）)]?")
# 网安法 加密 looks within the law; 个人信息 加密 does not, though a law begins with it.
_NAMES_A_LAW = ("法", "条例", "办法", "规定", "令", "law")
_ARTICLE_WORDS = re.compile(r"\b(?:art(?:icle)?s?\.?)\s*$", re.IGNORECASE)
_BRACKETS = str.maketrans({"（": "(", "）": ")", "［": "[", "］": "]", "《": " ", "》": " "})


@dataclass(frozen=True)
class Asked:
    """What was asked for: laws (codes), a version, a place in them, or words to look for.

    Several laws are candidates. `number` None: no article was named.
    """

    laws: tuple[str, ...] = ()
    version: str = ""
    number: int | None = None
    suffix: int = 0
    para: int | None = None
    item: int | None = None
    words: tuple[str, ...] = ()
    within: bool = False  # the words are looked for in these laws alone

    @property
    def is_place(self) -> bool:
        """Whether an article was named by its number."""
        return self.number is not None


def understand(text: str, laws: Iterable[Law]) -> Asked:
    """Read a query. A number alone is a word; with 条 or after the name of a law it is an article.

    A law may be named by its code, its full or short name, or a part of it in the right order:
    网安法 is 网络安全法, 个保法 is 个人信息保护法.
    """
    text = " ".join(text.translate(_BRACKETS).split())
    known = list(laws)
    match = _PLACE.fullmatch(text)
    if match:
        named = _ARTICLE_WORDS.sub("", match["law"]).strip()
        version = ""
        if with_version := _VERSION.fullmatch(named):
            named, version = with_version["law"].strip(), with_version["version"]
        codes = named_laws(named, known) if named else ()
        if codes or (not named and match["tiao"]):
            return Asked(
                laws=codes,
                version=version,
                number=number_of(match["number"]),
                suffix=_number(match["suffix"]) or 0,
                para=_number(match["para"] or match["para2"]),
                item=_number(match["item"] or match["item2"]),
            )
    first, *rest = text.split() or [""]
    if rest and first.lower().endswith(_NAMES_A_LAW) and (codes := named_laws(first, known)):
        return Asked(laws=codes, words=tuple(rest), within=True)
    return Asked(laws=named_laws(text, known), words=tuple(text.split()))


def _number(text: str | None) -> int | None:
    return number_of(text) if text else None


def named_laws(text: str, laws: Iterable[Law]) -> tuple[str, ...]:
    """The codes of the laws that the words name, the closest alone where one is exact."""
    wanted = text.replace(" ", "").lower()
    if not wanted:
        return ()
    found: list[tuple[int, str]] = []
    for law in laws:
        titles = [law.name_zh, law.title_zh, law.short_zh, law.name_en, law.short_en]
        names = [name.replace(" ", "").lower() for name in titles]
        if wanted == law.code.lower() or wanted in names:
            return (law.code,)
        if any(wanted in name for name in names):
            found.append((0, law.code))
        elif _abbreviates(wanted, law.title_zh):
            found.append((1, law.code))
    best = min((rank for rank, _code in found), default=0)
    return tuple(code for rank, code in found if rank == best)


def _abbreviates(short: str, title: str) -> bool:
    """Whether the characters stand in the title in this order, the first and the last included."""
    if not 2 <= len(short) < len(title) or short[0] != title[0] or short[-1] != title[-1]:
        return False
    rest = iter(title)
    return all(each in rest for each in short)

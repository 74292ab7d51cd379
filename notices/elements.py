"""What a paper must say: its elements, in the order of the form, and which of them lack.

An element is data (see `notices.kinds`). `missing` is the check for completeness: the owner of a
paper shows its list before the button is pressed, each with a link to the field that mends it,
and `papers.issue_notice` refuses by the same list. `context` writes typed facts as papers write
them. Both take a plain mapping from the codes of the elements to their facts.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from audit.trail import Reason
from notices import writing

LONGEST_TEXT = 2000  # characters
MOST_ENTRIES = 300

Facts = Mapping[str, Any]


class Sort(Enum):
    """What kind of fact an element is, and so how it is written."""

    TEXT = "text"  # str, printed without its last full stop
    DATE = "date"  # date -> 2025年1月8日
    MOMENT = "moment"  # aware datetime -> 2025年1月8日9时05分
    MONEY = "money"  # Decimal, yuan -> 人民币伍万元整（50000元）
    TEXTS = "texts"  # list of str
    ROWS = "rows"  # list of mappings: people, items, pieces of evidence


@dataclass(frozen=True)
class Element:
    """One thing that the form asks for.

    Args:
        code: its name in the facts, in the template, and as the field that mends it.
        word: what it is called on pages.
        basis: the article that demands it, if one does.
        needed: False for what may be empty; a function of the facts where it depends.
        longest: characters of a text, or of each text of an entry.
        least, most: how many entries TEXTS and ROWS hold.
        columns: (key, word) of ROWS; those named in `whole` must not be empty.
    """

    code: str
    word: str | Promise
    sort: Sort = Sort.TEXT
    basis: str = ""
    needed: bool | Callable[[Facts], bool] = True
    longest: int = LONGEST_TEXT
    least: int = 1
    most: int = MOST_ENTRIES
    columns: tuple[tuple[str, str | Promise], ...] = ()
    whole: tuple[str, ...] = ()

    def is_needed(self, facts: Facts) -> bool:
        return self.needed(facts) if callable(self.needed) else self.needed


def missing(elements: Iterable[Element], facts: Facts) -> list[Reason]:
    """What lacks or is too much, in the order of the form; `field` is the element's code."""
    reasons: list[Reason] = []
    for element in elements:
        value = facts.get(element.code)
        if _empty(value):
            if element.is_needed(facts):
                reasons.append(_reason(element, _("没有写“%(word)s”。") % {"word": element.word}))
        elif element.sort in (Sort.TEXTS, Sort.ROWS):
            reasons += _of_entries(element, list(value or ()))
        elif isinstance(value, str) and len(value) > element.longest:
            reasons.append(_too_long(element))
    return reasons


def context(elements: Iterable[Element], facts: Facts) -> dict[str, Any]:
    """The facts as the template gets them: strings, and lists of strings or of mappings."""
    return {element.code: _written(element, facts.get(element.code)) for element in elements}


def _empty(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, Sequence) and not value)


def _of_entries(element: Element, entries: list[Any]) -> list[Reason]:
    if len(entries) < element.least:
        sentence = _("“%(word)s”少于 %(least)s 项。")
        return [_reason(element, sentence % {"word": element.word, "least": element.least})]
    if len(entries) > element.most:
        sentence = _("“%(word)s”超过 %(most)s 项，请分开制作。")
        return [_reason(element, sentence % {"word": element.word, "most": element.most})]
    words = dict(element.columns)
    reasons = []
    for no, entry in enumerate(entries, 1):
        for key in element.whole:
            if _empty(entry.get(key)):
                sentence = _("“%(word)s”第 %(no)s 项没有写“%(column)s”。")
                names = {"word": element.word, "no": no, "column": words.get(key, key)}
                reasons.append(_reason(element, sentence % names))
    texts = [
        text
        for entry in entries
        for text in (entry.values() if isinstance(entry, Mapping) else [entry])
    ]
    if any(isinstance(text, str) and len(text) > element.longest for text in texts):
        reasons.append(_too_long(element))
    return reasons


def _too_long(element: Element) -> Reason:
    sentence = _("“%(word)s”超过 %(longest)s 字，请缩短。")
    return _reason(element, sentence % {"word": element.word, "longest": element.longest})


def _reason(element: Element, text: str) -> Reason:
    return Reason(text=text, basis=element.basis, field=element.code)


def _written(element: Element, value: Any) -> Any:
    if element.sort is Sort.TEXTS:
        return [writing.open_end(str(text)) for text in value or ()]
    if element.sort is Sort.ROWS:
        return [{key: _cell(cell) for key, cell in entry.items()} for entry in value or ()]
    if _empty(value):
        return ""
    if element.sort is Sort.DATE:
        return writing.date(value)
    if element.sort is Sort.MOMENT:
        return writing.moment(value)
    if element.sort is Sort.MONEY:
        return writing.money(value)
    return writing.open_end(str(value))


def _cell(value: Any) -> Any:
    return writing.plain(value)

"""The kinds of paper, as data: one entry each. A new paper is an entry and a template.

The titles and the words in the number are those that are printed; they are not translated
(papers are Chinese only). `word` is what pages call the kind, and is.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CORRECTION_ORDER = "correction_order"
EXTENSION_DECISION = "extension_decision"


@dataclass(frozen=True)
class Kind:
    """`pattern` is the default number; a unit's own NumberPattern takes its place.

    `copies` is printed on the paper; the PDF holds one and is printed that many times.
    `house_code`: the words of the number that mark the kind (代字) are the house's own choice; no
    published form or rule gives them.
    """

    code: str
    title: str
    word: str | Promise
    template: str
    pattern: str
    copies: int = 2
    house_code: bool = False


_KINDS = {
    kind.code: kind
    for kind in (
        Kind(
            code=CORRECTION_ORDER,
            title="责令限期改正通知书",
            word=_("责令限期改正通知书"),
            template="rectification/notices/correction_order.html",
            pattern="{abbreviation}责通字〔{year}〕{serial}号",
        ),
        Kind(
            code=EXTENSION_DECISION,
            title="延期决定书",
            word=_("延期决定书"),
            template="rectification/notices/extension_decision.html",
            pattern="{abbreviation}延决字〔{year}〕{serial}号",
            house_code=True,
        ),
    )
}


def get(code: str) -> Kind:
    """The kind of that code. Raises KeyError for an unknown one."""
    return _KINDS[code]


def codes() -> list[str]:
    return list(_KINDS)


def choices() -> list[tuple[str, str | Promise]]:
    """For model fields and filters. A function: a new kind needs no migration."""
    return [(kind.code, kind.word) for kind in _KINDS.values()]

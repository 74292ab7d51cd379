"""docs/papers.md: the kinds of paper and what each must say, written from the data."""

from collections.abc import Iterator

from django.utils import translation

from demo.samples import SAMPLES
from notices import blocks, kinds
from notices.elements import Element, Sort
from notices.kinds import Kind

_HEAD = """\
# Papers

The {count} kinds of paper, and what each must say before it can be issued. Written by `print_samples` from the data in [notices/kinds](../notices/kinds/); a test compares. Why kinds are data: [ADR 0018](adr/0018-kinds-of-paper-are-data.md).

![The first page of each kind, from made-up facts](papers.png)

The organ, the title, the number, seal and date belong to every paper and are not listed. **Elements** stand in the order of the form; without a mark an element is always needed, ° needed where the facts ask for it (a fine needs its sum and where to pay it), * may be left out. [n] is a list. **Paragraphs** are the standing ones, which a unit may word in its own way. † The words of the number that mark the kind are the choice of this house: no published form or rule gives them, and a unit may set others.

"""  # noqa: E501 - a paragraph is one line


def document() -> str:
    """The whole document; Chinese words whatever the language of the process."""
    with translation.override("zh-hans"):
        rows = [_row(no, kinds.get(sample.kind)) for no, sample in enumerate(SAMPLES, 1)]
    head = _HEAD.format(count=len(rows))
    titles = "| | Paper | Number | Copies | Signed by hand | Elements | Paragraphs |\n"
    return head + titles + "|---" * 7 + "|\n" + "".join(rows)


def _row(no: int, kind: Kind) -> str:
    number = kind.pattern.replace("{abbreviation}", "…").replace("{year}", "2026")
    number = number.replace("{serial}", "1") + ("†" if kind.house_code else "")
    if not kind.prints_number:
        number += " (on file only)"
    cells = [
        str(no),
        f"{kind.title}<br>`{kind.code}`",
        number,
        str(kind.copies),
        "、".join(kind.signers) or "–",
        " · ".join(_element(element) for element in kind.elements),
        " · ".join(str(blocks.BLOCKS[code].word) for code in kind.blocks) or "–",
    ]
    return "| " + " | ".join(cells) + " |\n"


def _element(element: Element) -> str:
    return "".join(_parts(element))


def _parts(element: Element) -> Iterator[str]:
    yield str(element.word)
    if element.sort in (Sort.TEXTS, Sort.ROWS):
        yield f" [{element.least}]" if element.least > 1 else " [n]"
    if callable(element.needed):
        yield "°"
    elif not element.needed:
        yield "*"

"""The sheets that are written for a batch: index, cover, catalogue, captions, closing, numbers.

Printed by the same renderer as papers, so only in a worker. What people typed is made legible: a
character that no face can draw becomes 〓, since a file name must not stop a case file.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import get_template
from django.utils import timezone, translation

from notices import glyphs, press, writing
from notices.batches.rows import IN, Row
from notices.filing import Cover
from notices.models import Batch

AT_ONCE = 50  # leaves in one print; a print has limits of its own
ROWS_AT_ONCE = 200  # lines of a list in one print
UNKNOWN = "〓"
LONGEST = 120


@dataclass(frozen=True)
class Leaf:
    """One leaf in the place of a part, or around its picture.

    `says` is why nothing else stands here; empty on the leaf of a picture.
    """

    number: int
    row: Row
    says: str = ""
    where: str = ""

    @property
    def title(self) -> str:
        return self.row.title[:LONGEST]

    @property
    def day(self) -> str:
        return writing.date(self.row.day) if self.row.day else ""


def index(batch: Batch, rows: Sequence[Row]) -> list[bytes]:
    """The list before merged papers, or beside the single ones in a zip."""
    return list(
        _lists(
            "_index",
            rows,
            title="文书目录",
            heading=batch.title,
            made=_made(batch),
            zipped=batch.form == Batch.Form.ZIP,
            demonstration=batch.unit.is_demonstration,
        )
    )


def cover(batch: Batch, found: Cover, rows: Sequence[Row], pages: int) -> bytes:
    """封面."""
    return _print(
        "_cover",
        title=f"{found.kind} {found.name}",
        cover=found,
        organ=found.unit.organ,
        opened=writing.date(found.opened) if found.opened else "",
        closed=writing.date(found.closed) if found.closed else "",
        officers="、".join(found.officers),
        parts=len(rows),
        pages=pages,
        made=_made(batch),
        demonstration=found.demonstration,
    )


def catalogue(found: Cover, rows: Sequence[Row]) -> list[bytes]:
    """卷内文件目录, with the page on which each part begins."""
    return list(
        _lists(
            "_catalogue",
            rows,
            title=f"卷内文件目录 {found.name}",
            demonstration=found.demonstration,
        )
    )


def closing(batch: Batch, found: Cover, rows: Sequence[Row], pages: int, *, added: int) -> bytes:
    """备考表: what the file holds, and what it does not and why."""
    lacking = [
        {"number": number, "title": row.title[:LONGEST], "reason": _reason(row)}
        for number, row in enumerate(rows, 1)
        if row.state != IN or row.reason
    ]
    return _print(
        "_closing",
        title=f"备考表 {found.name}",
        parts=len(rows),
        pages=pages,
        lacking=lacking,
        added=added,
        made=_made(batch),
        demonstration=found.demonstration,
    )


def sheets(leaves: Sequence[Leaf], *, demonstration: bool) -> Iterator[bytes]:
    """Each of these leaves as one page, some in one document after the other."""
    for start in range(0, len(leaves), AT_ONCE):
        yield _print(
            "_sheets",
            title="案卷材料",
            leaves=leaves[start : start + AT_ONCE],
            demonstration=demonstration,
        )


def numbers(count: int, *, demonstration: bool) -> bytes:
    """Small pages with 1, 2, 3 … that are laid over the corner of each leaf."""
    words = get_template("notices/papers/_numbers.html").render(
        {"title": "页码", "numbers": range(1, count + 1), "demonstration": demonstration}
    )
    return bytes(press.load().printer().print(words).data)


def _lists(name: str, rows: Sequence[Row], **context: Any) -> Iterator[bytes]:
    lines = [
        {
            "number": number,
            "row": row,
            "title": row.title[:LONGEST],
            "day": writing.date(row.day) if row.day else "",
            "reason": _reason(row),
        }
        for number, row in enumerate(rows, 1)
    ]
    for start in range(0, max(len(lines), 1), ROWS_AT_ONCE):
        part = lines[start : start + ROWS_AT_ONCE]
        yield _print(name, lines=part, first=start == 0, total=len(rows), **context)


def _reason(row: Row) -> str:
    with translation.override("zh-hans"):
        return row.reason


def _made(batch: Batch) -> dict[str, str]:
    return {"by": batch.by.name, "at": writing.moment(batch.asked_at)}


def _print(name: str, **context: Any) -> bytes:
    words = get_template(f"notices/papers/{name}.html").render(context)
    return bytes(press.print_words(legible(words)).data)


def legible(text: str) -> str:
    """Without marks that change how others read, and with 〓 for what no face can draw."""
    text = glyphs.clean(text)
    return text.translate({ord(char): UNKNOWN for char in glyphs.missing(text)})


def stamp(at: datetime) -> str:
    """The moment as document properties want it."""
    return timezone.localtime(at).isoformat(timespec="seconds")

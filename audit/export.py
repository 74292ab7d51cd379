"""The record as CSV, with cells that no spreadsheet takes for formulas."""

import csv
import io
from collections.abc import Iterable
from unicodedata import normalize

from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from audit.models import Event

LIMIT = 10_000
_STARTERS = frozenset("=+-@\t\r|")


def safe_cell(value: object) -> str:
    """The text as a cell: one that could start a formula gets an apostrophe before it.

    Looks behind blanks of every width, at full-width signs (＝ becomes =), and at each line of
    a cell of several lines.
    """
    text = str(value)
    for line in text.splitlines() or [""]:
        start = normalize("NFKC", line).lstrip(" \u00a0\u3000\u200b\ufeff")[:1]
        if (start and start in _STARTERS) or line[:1] in {"\t", "\r"}:
            return f"'{text}"
    return text


def csv_text(events: Iterable[Event]) -> str:
    """A table with a byte order mark, as Chinese spreadsheets expect it."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(
        [
            _("序号"),
            _("发生时间"),
            _("录入时间"),
            _("经办人"),
            _("单位"),
            _("事项"),
            _("对象"),
            _("理由"),
            "IP",
            _("散列值"),
        ]
    )
    for event in events:
        link = getattr(event, "link", None)
        row = [
            link.seq if link else "",
            f"{timezone.localtime(event.happened_at):%Y-%m-%d %H:%M:%S}",
            f"{timezone.localtime(event.entered_at):%Y-%m-%d %H:%M:%S}",
            event.actor_name,
            event.unit.name if event.unit else "",
            trail.word(event.verb),
            event.subject_label,
            event.reason,
            event.ip or "",
            link.hash if link else "",
        ]
        writer.writerow([safe_cell(cell) for cell in row])
    return out.getvalue()

"""Lists as CSV files that a spreadsheet opens without running anything.

A cell that begins like a formula is led by an apostrophe (CWE-1236): enterprise names and notes
are typed by strangers. UTF-8 with a mark, so that Excel reads the Chinese.
"""

import csv
from collections.abc import Iterable, Iterator

from django.http import HttpResponse
from django.utils.http import content_disposition_header

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe(value: object) -> str:
    """The value as text that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(DANGEROUS) else text


class _Echo:
    """A file that hands back what is written to it, for streaming."""

    def write(self, text: str) -> str:
        return text


def lines(header: Iterable[object], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The CSV text, line by line, beginning with the byte order mark."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([safe(cell) for cell in header])
    for row in rows:
        yield writer.writerow([safe(cell) for cell in row])


def download(name: str, header: Iterable[object], rows: Iterable[Iterable[object]]) -> HttpResponse:
    """A response that saves as `name` (with .csv)."""
    response = HttpResponse("".join(lines(header, rows)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response

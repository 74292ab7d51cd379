"""The stored files unchanged in one zip, with a list that a spreadsheet opens."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Self

from django.utils import timezone

from notices.batches.rows import Row
from vault import sheets, uploads
from vault.uploads import BadUpload

LONGEST = 80


class Box:
    """A zip in memory; members keep the order in which they are put in. Nothing is compressed:
    what is stored here is compressed already."""

    def __init__(self, at: datetime) -> None:
        self._out = io.BytesIO()
        self._zip = zipfile.ZipFile(self._out, "w", zipfile.ZIP_STORED)
        self._stamp = timezone.localtime(at).timetuple()[:6]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self._zip.close()

    def put(self, name: str, data: bytes) -> None:
        info = zipfile.ZipInfo(name, self._stamp)
        info.external_attr = 0o600 << 16
        self._zip.writestr(info, data)

    def bytes(self) -> bytes:
        self._zip.close()
        return self._out.getvalue()


def member(number: int, row: Row) -> str:
    """003 南公（网安）责通字〔2025〕12号.pdf: no two alike, no way out of the folder."""
    try:
        name = uploads.clean_name(row.name)
    except BadUpload:
        name = "文件.bin"
    stem, _dot, extension = name.rpartition(".")
    return f"{number:03d} {stem[:LONGEST]}.{extension}"


def listed(rows: Sequence[Row], members: Iterable[str]) -> bytes:
    """index.csv: UTF-8 with a mark, no cell that a spreadsheet would run."""
    header = ["序号", "题名", "文号", "受送达人", "日期", "页数", "SHA-256", "文件", "备注"]
    lines = sheets.lines(
        header,
        (
            [
                number,
                row.title,
                row.number,
                row.party,
                row.day.isoformat() if row.day else "",
                row.pages or "",
                row.sha256,
                name,
                row.reason,
            ]
            for number, (row, name) in enumerate(zip(rows, members, strict=True), 1)
        ),
    )
    return "".join(lines).encode("utf-8")

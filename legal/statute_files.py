"""Files that hold a statute: how large they may be, which encoding they are in, what is in them.

Markdown and plain text in UTF-8, UTF-16 with a byte-order mark, GBK or GB 18030, and Word's .docx.
A file is looked at before it is read, so that a wrong one costs neither time nor memory.
"""

from __future__ import annotations

import codecs
import hashlib
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import docx
from django.utils.translation import gettext as _
from docx.opc.exceptions import OpcError

from legal.statutes import BadStatute

#: The Civil Code with its 1,260 articles is a third of a megabyte.
TEXT_AT_MOST = 2_000_000
DOCX_AT_MOST = 5_000_000
UNPACKED_AT_MOST = 20_000_000
PARTS_AT_MOST = 400

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHERS = {
    b"%PDF": "PDF",
    b"\xd0\xcf\x11\xe0": "Word 97–2003 (.doc)",
    b"{\\rtf": "RTF",
    b"\x1f\x8b": "gzip",
    b"7z\xbc\xaf": "7z",
}


@dataclass(frozen=True)
class StatuteFile:
    """A file as read: its name without folders, its words, the SHA-256 of its bytes."""

    name: str
    text: str
    sha256: str


def from_path(path: Path) -> StatuteFile:
    """Read a file of the disk. Raises BadStatute with what is wrong with it."""
    try:
        if not path.is_file():
            raise BadStatute([_("没有这个文件：%(name)s。") % {"name": path.name}])
        with path.open("rb") as stream:
            return from_stream(path.name, stream, path.stat().st_size)
    except OSError as error:
        words = {"name": path.name, "why": error.strerror or ""}
        raise BadStatute([_("不能读取%(name)s：%(why)s。") % words]) from error


def from_stream(name: str, stream: BinaryIO, size: int) -> StatuteFile:
    """Read an open file of `size` bytes, an upload for instance. Raises BadStatute."""
    at_most = DOCX_AT_MOST if name.lower().endswith(".docx") else TEXT_AT_MOST
    if size > at_most:
        raise BadStatute(
            [
                _("%(name)s有 %(size)s MB，至多 %(limit)s MB。法律文本只有几十到几百 KB。")
                % {
                    "name": name,
                    "size": f"{size / 1e6:.1f}",
                    "limit": f"{at_most / 1e6:.0f}",
                }
            ]
        )
    # One byte more than may be: a file that grew meanwhile is not read on.
    data = stream.read(at_most + 1)[: at_most + 1]
    if len(data) > at_most:
        raise BadStatute([_("%(name)s在读取时变大了，没有导入。") % {"name": name}])
    if not data.strip(b"\x00 \t\r\n"):
        raise BadStatute([_("%(name)s是空的。") % {"name": name}])
    text = _docx(name, data) if data.startswith(b"PK\x03\x04") else _decoded(name, data)
    return StatuteFile(name, text, hashlib.sha256(data).hexdigest())


def _decoded(name: str, data: bytes) -> str:
    for start, kind in _OTHERS.items():
        if data.startswith(start):
            raise BadStatute(
                [
                    _("%(name)s是 %(kind)s 文件，请先另存为纯文本或者 .docx。")
                    % {"name": name, "kind": kind}
                ]
            )
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            candidates = [encoding]
            break
    else:
        # GB 18030 contains GBK and GB 2312; nearly any bytes are valid in it, so it comes last.
        candidates = ["utf-8", "gb18030"]
    for encoding in candidates:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise BadStatute(
        [_("%(name)s不是 UTF-8、UTF-16、GBK 或 GB 18030 编码的文本。") % {"name": name}]
    )


def _docx(name: str, data: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            if (
                len(parts) > PARTS_AT_MOST
                or sum(part.file_size for part in parts) > UNPACKED_AT_MOST
            ):
                raise BadStatute([_("%(name)s解开后过大，没有导入。") % {"name": name}])
        paragraphs = docx.Document(BytesIO(data)).paragraphs
    except (
        zipfile.BadZipFile,
        zlib.error,
        OpcError,
        SyntaxError,  # lxml's word for XML that is none
        KeyError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
    ) as error:
        raise BadStatute([_("%(name)s不是完好的 Word（.docx）文件。") % {"name": name}]) from error
    # A paragraph of Word is a whole line of its own; a blank one between keeps them apart.
    return "\n\n".join(paragraph.text for paragraph in paragraphs)

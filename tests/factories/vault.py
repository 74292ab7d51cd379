"""Stored files with real encrypted bytes, in the test's own media folder."""

import io
from typing import Any

from PIL import Image

from vault import files
from vault.models import StoredFile


def png(size: tuple[int, int] = (8, 8), colour: str = "red") -> bytes:
    """A small, genuine picture."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def stored_file(
    data: bytes | None = None,
    name: str = "现场照片.png",
    content_type: str = "image/png",
    by: Any = None,
) -> StoredFile:
    """A StoredFile whose bytes can be read back with `vault.files.read`."""
    return files.store(png() if data is None else data, name=name, content_type=content_type, by=by)

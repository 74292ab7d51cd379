"""Files for the demonstration, drawn here, brought in through the same checks as anybody's."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from vault import uploads

INK, PAPER, LINE = (70, 82, 100), (247, 249, 251), (201, 208, 217)


def picture(key: str, number: int) -> Any:
    """A screenshot-like PNG that says what it is; each one differs, so that its hash does."""
    image = Image.new("RGB", (640, 400), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 640, 44), fill=(17, 50, 106))
    draw.text((16, 15), f"DEMONSTRATION  {key}  #{number}", fill=(255, 255, 255))
    for row in range(7):
        top = 72 + row * 42
        draw.line((16, top + 34, 624, top + 34), fill=LINE)
        width = 120 + (sum(key.encode()) * (row + 3) * (number + 1)) % 320
        draw.rectangle((16, top, 16 + width, top + 16), fill=LINE)
        draw.text((470, top + 2), f"row {row + 1}: not real data", fill=INK)
    data = io.BytesIO()
    image.save(data, "PNG")
    return _checked(f"demo-{key}-{number}.png", data.getvalue(), "image/png")


def text(key: str, words: str) -> Any:
    """A short text file."""
    return _checked(f"demo-{key}.txt", f"演示样例 无法律效力\n{words}\n".encode(), "text/plain")


def _checked(name: str, data: bytes, content_type: str) -> uploads.Checked:
    return uploads.check(SimpleUploadedFile(name, data, content_type))

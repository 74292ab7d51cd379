"""An evidence picture made fit for a leaf of A4: as it is where it may be, else smaller.

The leaf shows what the picture shows; the hash beside it is that of the file as it came. A JPEG
that is small enough goes in without being decoded; a large one is read at a fraction of its size,
so that forty megapixels need no more memory than ten.
"""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

MOST_PIXELS = 40_000_000  # as an upload
MOST_DECODED = 24_000_000  # in memory at once; PNG and WebP are read whole
LONG_SIDE = 1600  # some 190 dots an inch on the leaf
AS_IT_IS = 600 * 1024
QUALITY = 78
FORMATS = ("JPEG", "PNG", "WEBP")
_COLOURS = {"L": "/DeviceGray", "RGB": "/DeviceRGB"}


class BadPicture(Exception):
    """It cannot be read."""


class LargePicture(Exception):
    """It would take too much memory; `width` and `height` in pixels."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__(f"{width}×{height}")
        self.width, self.height = width, height


@dataclass(frozen=True)
class Picture:
    """JPEG bytes, the size in pixels, and the colour space by its PDF name."""

    data: bytes
    width: int
    height: int
    colours: str


def weight(size: int) -> int:
    """About how many bytes a picture of that size weighs on its leaf."""
    return size if size <= AS_IT_IS else 2 * AS_IT_IS // 3


def fit(data: bytes) -> Picture:
    """Raises BadPicture and LargePicture."""
    try:
        with warnings.catch_warnings():
            # Our own limit on pixels is lower than Pillow's and comes first.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                return _fit(picture, data)
    except LargePicture:
        raise
    except Image.DecompressionBombError:
        raise BadPicture from None
    except Exception as fault:  # noqa: BLE001 - the parser meets hostile bytes
        raise BadPicture(type(fault).__name__) from None


def _fit(picture: Image.Image, data: bytes) -> Picture:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise LargePicture(width, height)
    upright = picture.getexif().get(0x0112, 1) == 1
    if picture.format == "JPEG":
        small = max(width, height) <= LONG_SIDE or len(data) <= AS_IT_IS
        if small and upright and picture.mode in _COLOURS and len(data) <= 2 * AS_IT_IS:
            picture.draft(None, (width // 8 or 1, height // 8 or 1))
            picture.load()  # that it can be read at all is seen at an eighth of its size
            return Picture(data, width, height, _COLOURS[picture.mode])
        picture.draft(None, (LONG_SIDE, LONG_SIDE))
    if picture.size[0] * picture.size[1] > MOST_DECODED:
        raise LargePicture(width, height)
    picture.thumbnail((LONG_SIDE, LONG_SIDE), reducing_gap=2.0)
    shown = ImageOps.exif_transpose(picture)
    if shown.mode in ("RGBA", "LA", "PA") or "transparency" in shown.info:
        shown = shown.convert("RGBA")
        paper = Image.new("RGBA", shown.size, "white")
        shown = Image.alpha_composite(paper, shown)
    if shown.mode not in _COLOURS:
        shown = shown.convert("RGB")
    out = io.BytesIO()
    shown.save(out, "JPEG", quality=QUALITY)
    return Picture(out.getvalue(), *shown.size, _COLOURS[shown.mode])

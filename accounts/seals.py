"""The picture of a unit's seal, made ready for paper: one ink on nothing, small, nothing else.

A seal is 42 mm wide, so 500 pixels are as fine as a printer draws. A scan has noise in every
pixel, which no compression can take: as it is, it would weigh more than the rest of the page. But a
seal has one ink. So its colour is measured once, every pixel says only how much of it there is, in
sixteen steps, and a white ground is nothing. A smaller size is taken if that is still too heavy.
The file is written anew: notes, profiles and whatever else a file may carry stay behind.
"""

import io
import zlib

from django.utils.translation import gettext as _
from PIL import Image, ImageChops, ImageStat

from vault.uploads import BadUpload

SIZES = (500, 420, 350, 300)  # pixels to a side: 42 mm at 300 to the inch, and less
HEAVIEST = 12 * 1024  # bytes in the PDF, so that a page of text and seal stays below 100 KB
STEP = 17  # sixteen steps from 0 to 255
NOTHING, WHOLE = 64, 192  # less ink than this is none, more is all of it


def prepare(data: bytes) -> bytes:
    """The PNG that is kept, from a checked PNG (`vault.uploads.check`: size, pixels, true type).

    Raises BadUpload where the picture shows nothing, or is no seal but a photograph.
    """
    with Image.open(io.BytesIO(data), formats=["PNG"]) as given:
        picture = given.convert("RGBA")
    ink = _amount(picture)
    if not any(ink.histogram()[NOTHING:]):
        raise BadUpload(_("图片里没有看得见的内容。"))
    colour = _colour(picture, ink)
    for side in SIZES:
        mask = _stepped(_shrunk(ink, side))
        if len(zlib.compress(mask.tobytes(), 9)) <= HEAVIEST:
            seal = Image.new("RGB", mask.size, colour)
            seal.putalpha(mask)
            out = io.BytesIO()
            seal.save(out, "PNG", optimize=True)
            return out.getvalue()
    raise BadUpload(_("图片过于复杂，文书会太大。请换一张底色透明、只有印章的图片。"))


def _amount(picture: Image.Image) -> Image.Image:
    """How much ink each pixel shows: white and clear are none, the darkest channel counts."""
    red, green, blue, alpha = picture.split()
    lightest = ImageChops.darker(ImageChops.darker(red, green), blue)
    return ImageChops.multiply(ImageChops.invert(lightest), alpha)


def _colour(picture: Image.Image, ink: Image.Image) -> tuple[int, ...]:
    """The mean colour where there is much ink."""
    much = ink.point([255 if value >= NOTHING else 0 for value in range(256)])
    mean = ImageStat.Stat(picture.convert("RGB"), mask=much).mean
    return tuple(round(each) for each in mean)


def _shrunk(ink: Image.Image, side: int) -> Image.Image:
    if max(ink.size) <= side:
        return ink
    return ink.resize((side, side), Image.Resampling.BOX)


def _stepped(ink: Image.Image) -> Image.Image:
    """Sixteen steps between nothing and whole: the edges stay smooth, the noise goes."""
    stretched = (
        (min(max(value, NOTHING), WHOLE) - NOTHING) * 255 / (WHOLE - NOTHING)
        for value in range(256)
    )
    return ink.point([round(value / STEP) * STEP for value in stretched])

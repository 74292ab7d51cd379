"""Pages of many files in one PDF, bound without decoding them.

Streams are copied as they are; a page that is not an upright A4 is laid on one, so that every
number stands in the same corner. Notes and form fields of evidence become part of its page, and
what could act (links, scripts, actions) is left behind. The sources stay open until the file is
written: their streams are read then.
"""

import io
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime
from typing import Any, Self

import pikepdf
from django.utils import timezone
from pikepdf import Array, Dictionary, Name, OutlineItem, Page, Pdf, Rectangle

from notices.batches.pictures import Picture

WIDE, HIGH = 595.28, 841.89  # A4 in points
NEAR = 6.0  # points; scanners and printers round differently
MM = 72 / 25.4
MOST_PAGES = 2000
PICTURE = Rectangle(25 * MM, 64 * MM, 190 * MM, 277 * MM)  # the leaf above its caption
STAMP_WIDE, STAMP_HIGH = 40 * MM, 7 * MM


class BadPdf(Exception):
    """It does not open, or has no pages."""


class Encrypted(Exception):
    """It wants a password, or its author forbade taking it apart."""


class TooLong(Exception):
    """More pages than one file may bring; `pages`."""

    def __init__(self, pages: int) -> None:
        super().__init__(str(pages))
        self.pages = pages


class Binding:
    """`with Binding() as bound:` add pages, then `write` once."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self.pdf: Pdf = self._stack.enter_context(Pdf.new())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: Any) -> None:
        self._stack.close()
        del self.pdf  # which holds the pictures

    def __len__(self) -> int:
        return len(self.pdf.pages)

    # --- What is bound -----------------------------------------------------------------------

    def open(self, data: bytes) -> Pdf:
        """Raises BadPdf, Encrypted, TooLong."""
        try:
            found = Pdf.open(io.BytesIO(data))
        except pikepdf.PasswordError:
            raise Encrypted from None
        except Exception as fault:  # noqa: BLE001 - the parser meets hostile bytes
            raise BadPdf(type(fault).__name__) from None
        self._stack.enter_context(found)
        if found.is_encrypted:
            raise Encrypted
        try:
            pages = len(found.pages)
        except Exception as fault:  # noqa: BLE001 - likewise
            raise BadPdf(type(fault).__name__) from None
        if not pages:
            raise BadPdf("no pages")
        if pages > MOST_PAGES:
            raise TooLong(pages)
        return found

    def add_plain(self, data: bytes) -> int:
        """A file of our own, page by page as it is; how many pages. Raises as `open`."""
        found = self.open(data)
        for page in found.pages:
            _inert(page)
            self.pdf.pages.append(page)
        return len(found.pages)

    def add_front(self, files: Iterable[bytes]) -> int:
        """Files of our own before everything else; how many pages."""
        place = 0
        for data in files:
            for page in self.open(data).pages:
                _inert(page)
                self.pdf.pages.insert(place, page)
                place += 1
        return place

    def add_foreign(self, data: bytes) -> tuple[int, bool]:
        """Somebody's PDF on upright leaves: how many pages, and whether it had to be mended.

        All of it or, when it raises BadPdf, Encrypted or TooLong, nothing.
        """
        found, before = self.open(data), len(self)
        try:
            if any("/Annots" in page for page in found.pages):
                found.flatten_annotations("all")
            for page in found.pages:
                _inert(page)
                self._lay(page)
        except Exception as fault:  # noqa: BLE001 - the parser meets hostile bytes
            del self.pdf.pages[before:]
            raise BadPdf(type(fault).__name__) from None
        return len(self) - before, bool(found.get_warnings())

    def _lay(self, page: Page) -> None:
        box = [float(value) for value in page.trimbox]
        turned = int(page.obj.get("/Rotate", 0)) % 180 == 90
        wide, high = box[2] - box[0], box[3] - box[1]
        if wide <= 0 or high <= 0:
            raise ValueError("a page without size")
        scale = float(page.obj.get("/UserUnit", 1))
        upright = abs(wide - WIDE) < NEAR and abs(high - HIGH) < NEAR
        if upright and scale == 1 and not int(page.obj.get("/Rotate", 0)) and box[:2] == [0, 0]:
            self.pdf.pages.append(page)
            return
        if turned:
            wide, high = high, wide
        size = (HIGH, WIDE) if wide > high else (WIDE, HIGH)
        leaf = self.pdf.add_blank_page(page_size=size)
        leaf.add_overlay(page, Rectangle(0, 0, *size))

    def add_picture(self, picture: Picture) -> None:
        """A leaf with the picture in the room above its caption, which `write_leaves` brings."""
        self.add_leaf()
        stream = pikepdf.Stream(
            self.pdf,
            picture.data,
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=picture.width,
            Height=picture.height,
            ColorSpace=Name(picture.colours),
            BitsPerComponent=8,
            Filter=Name.DCTDecode,
        )
        room_wide, room_high = PICTURE.width, PICTURE.height
        # A point a pixel at most: a small picture is not blown up into mist.
        scale = min(room_wide / picture.width, room_high / picture.height, 1.0)
        wide, high = picture.width * scale, picture.height * scale
        left = float(PICTURE.llx) + (float(room_wide) - wide) / 2
        low = float(PICTURE.ury) - high
        leaf = self.pdf.pages[-1]
        name = leaf.add_resource(self.pdf.make_indirect(stream), Name.XObject)
        drawn = f"q {wide:.2f} 0 0 {high:.2f} {left:.2f} {low:.2f} cm {name} Do Q\n"
        leaf.contents_add(drawn.encode("ascii"))

    def add_leaf(self) -> None:
        """An empty leaf, to be written on by `write_leaves`."""
        self.pdf.add_blank_page(page_size=(WIDE, HIGH))

    def write_leaves(self, places: Sequence[int], data: Iterable[bytes]) -> None:
        """Lay printed leaves, one after the other, over those at these places."""
        printed = (page for each in data for page in self.open(each).pages)
        for place, page in zip(places, printed, strict=True):
            _inert(page)
            self.pdf.pages[place].add_overlay(page, Rectangle(0, 0, WIDE, HIGH))

    def stamp(self, numbers: bytes) -> None:
        """Lay the small pages of `numbers` over the upper right corners, one on each page."""
        found = self.open(numbers)
        for page, small in zip(self.pdf.pages, found.pages, strict=True):
            _inert(small)
            box = page.mediabox
            right, top = float(box[2]) - 10 * MM, float(box[3]) - 6 * MM
            page.add_overlay(small, Rectangle(right - STAMP_WIDE, top - STAMP_HIGH, right, top))

    # --- The file ------------------------------------------------------------------------------

    def write(
        self,
        *,
        title: str,
        author: str,
        at: datetime,
        marks: Iterable[tuple[str, int]],
        labels: Sequence[tuple[int, str]],
    ) -> bytes:
        """The finished bytes; the same for the same parts.

        Args:
            marks: the bookmarks: words and place.
            labels: how readers number the pages from a place on: "D" for 1, 2, 3, "r" for
                i, ii, iii; anything else are the words themselves.
        """
        with self.pdf.open_outline() as outline:
            outline.root.extend(OutlineItem(words, place) for words, place in marks)
        kept: list[Any] = []
        for place, style in labels:
            plain = len(style) > 1
            kept += [place, Dictionary({"/P": style} if plain else {"/S": Name(f"/{style}")})]
        self.pdf.Root.PageLabels = Dictionary(Nums=Array(kept))
        self.pdf.Root.Lang = pikepdf.String("zh-CN")
        self.pdf.Root.PageMode = Name.UseOutlines
        self.pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        local = timezone.localtime(at)
        self.pdf.docinfo["/Title"] = title
        self.pdf.docinfo["/Author"] = author
        self.pdf.docinfo["/CreationDate"] = f"D:{local:%Y%m%d%H%M%S}+08'00'"
        out = io.BytesIO()
        self.pdf.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            deterministic_id=True,
        )
        return out.getvalue()


def _inert(page: Page) -> None:
    """Without what could act, and without ties to the document it comes from."""
    for key in ("/Annots", "/AA", "/StructParents", "/Tabs", "/Metadata", "/PieceInfo", "/B"):
        if key in page.obj:
            del page.obj[key]

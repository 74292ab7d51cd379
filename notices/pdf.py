"""From frozen words to PDF bytes. Runs in a worker process only; `notices.press` loads it.

Same words, same assets, same fingerprint: same bytes. Nothing here reads the clock, the network
or a file of the host; the dates in the document are those that the words carry.

One `Printer` per process, never shared between threads: the libraries below keep their state in
it, and two threads in it abort the process.
"""

import hashlib
import io
import logging
import warnings
import zlib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import metadata
from pathlib import Path
from typing import Any

import pydyf
import pypdfium2
import weasyprint
from weasyprint.text.ffi import harfbuzz_subset, pango
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from notices import cjk_justify, faces, reading, sandbox
from notices.fetcher import AssetFetcher, Assets

VARIANT = "pdf/a-3b"
PICTURE_SCALE = 1.6  # of 72 dpi: sharp on a phone, light on the line
PICTURE_COLOURS = 48  # ink, the red of the seal, the greys of the marks
CSS_FILE = Path(__file__).parent / "paper.css"
LIBRARIES = ("weasyprint", "pydyf", "tinycss2", "tinyhtml5", "cssselect2", "fonttools", "Pillow")
WARM_UP = "<!DOCTYPE html><html lang=zh-CN><title>试</title><p>试打 1</p></html>"


class CannotPrint(Exception):
    """This machine lacks a part; another attempt here later may succeed. Says which part."""


class BadWords(Exception):
    """These words cannot be printed; no further attempt will succeed. Says why."""


class MissingGlyph(BadWords):
    """A character that no face can draw: the paper must not leave the house."""

    def __init__(self, chars: list[str]) -> None:
        super().__init__("".join(chars))
        self.chars = chars


class ForbiddenRead(BadWords):
    """The words asked for something outside themselves."""


class TooSlow(BadWords):
    """More processor time than a print may take."""


class TooBig(BadWords):
    """More memory than a print may take."""


@dataclass(frozen=True)
class Printed:
    data: bytes
    pages: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


class _Watch(logging.Handler):
    """Collects the characters that WeasyPrint only logs when it draws an empty box."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.missing: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if ".notdef" in str(record.msg) and isinstance(record.args, tuple):
            self.missing.append(str(record.args[0]))


class _Written:
    """An object of the PDF whose bytes are made once.

    The library asks for them twice, for the file and for its /ID, and would compress the faces,
    most of the work, at both times.
    """

    def __init__(self, made: pydyf.Object) -> None:
        self.number, self.generation, self.free = made.number, made.generation, made.free
        self.compressible, self.reference = made.compressible, made.reference
        self.offset = made.offset  # which the library sets while it writes
        self._made = made

    @cached_property
    def data(self) -> bytes:
        return bytes(self._made.data)

    @property
    def indirect(self) -> bytes:
        return b"%d %d obj\n%b\nendobj" % (self.number, self.generation, self.data)


def _finish(_document: Any, pdf: pydyf.PDF) -> None:
    """The last touch before the file is written: readers show the title, not the file's name.

    Raises ForbiddenRead where there is a link, a form or an attachment: no paper has any.
    """
    for each in pdf.objects:
        if isinstance(each, dict) and each.get("Type") in ("/Annot", "/Filespec"):
            raise ForbiddenRead(f"{each.get('Type')} {each.get('Subtype', '')}")
    pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
    pdf.objects[:] = [_Written(each) for each in pdf.objects]


class Printer:
    """Make one per process; the first print costs half a second, the next a tenth."""

    def __init__(self) -> None:
        if harfbuzz_subset is None:
            raise CannotPrint("libharfbuzz-subset0")
        cjk_justify.install()
        self._fonts = FontConfiguration()
        self._css = weasyprint.CSS(
            string=CSS_FILE.read_text(encoding="utf-8"),
            font_config=self._fonts,
            url_fetcher=AssetFetcher(),
        )
        self._watch = _Watch()
        weasyprint.LOGGER.addHandler(self._watch)

    def print(self, words: str, assets: Assets | None = None) -> Printed:
        """The PDF/A-3 of a whole HTML document.

        Args:
            words: the frozen HTML.
            assets: what `asset:NAME` in the words means: name -> (MIME type, bytes).

        Raises:
            MissingGlyph: a character is in no face.
            ForbiddenRead: the words refer to anything that is not in `assets`.
            TooSlow, TooBig: the limits of `notices.sandbox`.
            BadWords: the document is nested too deeply to be laid out.
        """
        self._watch.missing.clear()
        fetcher, out = AssetFetcher(assets), io.BytesIO()
        try:
            with sandbox.closed() as cell:
                pages = self._draw(words, fetcher, out)
        except (FatalURLFetchingError, sandbox.Breach) as fault:
            raise ForbiddenRead(str(fault)) from None
        except RecursionError:
            raise BadWords("nested too deeply") from None
        except sandbox.TooSlow:
            raise TooSlow(str(sandbox.CPU_SECONDS)) from None
        except sandbox.TooBig:
            raise TooBig(str(sandbox.MEMORY_MB)) from None
        if fetcher.refused or cell.breaches:
            raise ForbiddenRead("; ".join(fetcher.refused + cell.breaches))
        if self._watch.missing:
            raise MissingGlyph(sorted(set(self._watch.missing)))
        return Printed(out.getvalue(), pages)

    def _draw(self, words: str, fetcher: AssetFetcher, out: io.BytesIO) -> int:
        document = weasyprint.HTML(string=words, url_fetcher=fetcher).render(
            stylesheets=[self._css],
            font_config=self._fonts,
            pdf_variant=VARIANT,
            pdf_tags=True,
        )
        with warnings.catch_warnings():
            # WeasyPrint leaves the colour profile's file to the garbage collector.
            warnings.simplefilter("ignore", ResourceWarning)
            document.write_pdf(out, finisher=_finish, pdf_variant=VARIANT, pdf_tags=True)
        return len(document.pages)


@cache
def printer() -> Printer:
    """The printer of this process, warmed up. Raises CannotPrint."""
    found = faces.faults()
    if found:
        raise CannotPrint("; ".join(found))
    made = Printer()
    made.print(WARM_UP)
    return made


def pages_of(data: bytes) -> list[str]:
    """The text of each page, as a reader would copy it."""
    document = pypdfium2.PdfDocument(data)
    try:
        # A hyphen at the end of a line comes as U+FFFE, so that words can be joined.
        return [page.get_textpage().get_text_range().replace("\ufffe", "-") for page in document]
    finally:
        document.close()


def pictures(data: bytes, most: int) -> list[tuple[bytes, int, int]]:
    """The first pages as PNG, each with its width and height in pixels."""
    document = pypdfium2.PdfDocument(data)
    try:
        found = []
        for no in range(min(len(document), most)):
            page = document[no].render(scale=PICTURE_SCALE).to_pil().convert("RGB")
            out = io.BytesIO()
            page.quantize(PICTURE_COLOURS).save(out, "PNG")
            found.append((out.getvalue(), page.width, page.height))
        return found
    finally:
        document.close()


def lost_words(words: str, data: bytes) -> list[str]:
    """The paragraphs and cells of the words that cannot be read in the PDF."""
    return reading.lost(words, pages_of(data))


@cache
def fingerprint() -> str:
    """Everything that may change the bytes. Equal fingerprints promise equal bytes."""
    parts = [f"{name} {metadata.version(name)}" for name in LIBRARIES]
    parts.append(f"pango {pango.pango_version()}")
    parts.append(f"zlib {zlib.ZLIB_RUNTIME_VERSION}")
    parts.append(f"variant {VARIANT} tagged titled")
    parts.append(f"justify {'on' if cjk_justify.install() else 'off'}")
    parts.append(f"css {hashlib.sha256(CSS_FILE.read_bytes()).hexdigest()[:16]}")
    fonts = "".join(f"{name}{digest}" for name, digest in sorted(faces.sums().items()))
    parts.append(f"fonts {hashlib.sha256(fonts.encode()).hexdigest()[:16]}")
    return "; ".join(parts)

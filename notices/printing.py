"""From a notice to its stored PDF. Called by the worker for each owed print.

The words alone are printed: nothing is read from the record behind them. The same job may run
twice; a notice that has its PDF is left alone, and the two prints would be equal anyway.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from jobs.registry import Hopeless
from notices import glyphs, press
from notices.models import Notice
from vault import files
from vault.models import StoredFile

LONGEST_QUOTE = 40


@dataclass(frozen=True)
class Printed:
    """Checked bytes: every word of the notice was read back from them."""

    data: bytes
    sha256: str
    pages: int
    fingerprint: str


def render(notice: Notice) -> Printed:
    """Print the frozen words of a notice; see `print_words`."""
    return print_words(notice.words, notice.seal)


def print_words(words: str, seal: StoredFile | None) -> Printed:
    """Print the words of a paper and read them back. Writes nothing.

    Raises:
        NotYet: this machine lacks the printing parts.
        Hopeless: a character is in no face (it is named), a text does not survive extraction
            (it is quoted), or the words refer to something outside themselves.
    """
    pdf = press.load()
    assets = {}
    if seal is not None:
        assets["seal"] = (seal.content_type, files.read(seal))
    try:
        printed = pdf.printer().print(words, assets)
    except pdf.MissingGlyph as fault:
        raise Hopeless(glyphs.sentence(fault.chars)) from fault
    except pdf.ForbiddenRead as fault:
        raise Hopeless(_("文书引用了外部内容，已停止打印。")) from fault
    except pdf.BadWords as fault:
        raise Hopeless(_("文书结构过于复杂，无法打印。")) from fault
    gone = pdf.lost_words(words, printed.data)
    if gone:
        raise Hopeless(_("PDF 中读不出这段文字：“%(text)s”。") % {"text": gone[0][:LONGEST_QUOTE]})
    return Printed(printed.data, printed.sha256, printed.pages, pdf.fingerprint())


def owed_print(notice_id: str) -> Callable[[datetime], None] | None:
    """The handler of a print job: render now, return the effect that files the PDF."""
    notice = Notice.objects.select_related("seal").get(pk=notice_id)
    if notice.printed_at is not None:
        return None
    return partial(keep, notice, render(notice))


def keep(notice: Notice, printed: Printed, at: datetime) -> None:
    """Store the bytes and say so on the notice, once. Inside the job's transaction."""
    locked = Notice.objects.select_for_update().get(pk=notice.pk)
    if locked.printed_at is not None:
        return
    stored = files.store(printed.data, notice.file_name, "application/pdf", None)
    facts: dict[str, Any] = {
        "pdf": stored,
        "pdf_sha256": printed.sha256,
        "pages": printed.pages,
        "size": len(printed.data),
        "printed_at": at,
        "fingerprint": printed.fingerprint,
    }
    Notice.objects.filter(pk=notice.pk).update(**facts)

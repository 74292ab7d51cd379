"""The door to the printing parts: the one place where `notices.pdf` is loaded.

The web process lives without pango and its friends, and a host without them must still start.
So nothing imports `notices.pdf` at the top of a module; `load` does it by name, in a worker or
a command, after fontconfig has been told where the faces are.
"""

import logging
import threading
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from types import ModuleType
from typing import Any

from django.utils.translation import gettext as _

from audit import context
from jobs.registry import Hopeless, NotYet
from notices import faces, glyphs

log = logging.getLogger(__name__)

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
INSTALL = f"apt-get install {PACKAGES}"
LONGEST_QUOTE = 40  # characters of a lost text


def parts() -> ModuleType:
    """`notices.pdf`, imported. Raises NotYet, with the line that installs what lacks."""
    faces.configure()
    try:
        return import_module("notices.pdf")
    except (ImportError, OSError) as fault:
        log.error("the PDF parts do not load (%s); as root: %s", _first_line(fault), INSTALL)
        raise NotYet(
            _("PDF 打印组件未安装，安装后会自动打印。管理员：%(line)s") % {"line": INSTALL}
        ) from fault


def load() -> ModuleType:
    """`notices.pdf`, with a warm printer.

    Raises:
        NotYet: a part is missing on this machine; says which.
        RuntimeError: in a request or beside threads. A paper is printed by a worker: the
            libraries keep state that two threads destroy, and a request must not wait.
    """
    if context.current() != context.NOWHERE:
        raise RuntimeError("a paper is printed by a worker, never in a request")
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("a paper is printed in the main thread of a worker")
    pdf = parts()
    try:
        pdf.printer()
    except pdf.CannotPrint as fault:
        log.error("the printer does not start: %s; as root: %s", fault, INSTALL)
        raise NotYet(
            _("PDF 打印组件不完整（%(what)s），补齐后会自动打印。") % {"what": fault}
        ) from fault
    return pdf


def print_words(words: str, assets: Mapping[str, tuple[str, bytes]] | None = None) -> Any:
    """Print a whole document and read every word of it back: a `notices.pdf.Printed`.

    The sentences of the exceptions are for officers.

    Raises:
        NotYet: this machine lacks the printing parts.
        Hopeless: a character is in no face (it is named), a text does not survive extraction
            (it is quoted), the words refer to something outside themselves, or the document
            takes more time or memory than a print may take.
    """
    pdf = load()
    try:
        printed = pdf.printer().print(words, assets)
    except pdf.MissingGlyph as fault:
        raise Hopeless(glyphs.sentence(fault.chars)) from fault
    except pdf.ForbiddenRead as fault:
        log.warning("a document tried to read outside itself: %s", fault)
        raise Hopeless(_("文书引用了外部内容，已停止打印。")) from fault
    except pdf.TooSlow as fault:
        raise Hopeless(
            _("排版用时超过 %(seconds)s 秒，已停止打印。请缩短文字或分开制作。")
            % {"seconds": fault}
        ) from fault
    except pdf.TooBig as fault:
        raise Hopeless(
            _("排版所需内存超过 %(megabytes)s MB，已停止打印。请缩短文字或分开制作。")
            % {"megabytes": fault}
        ) from fault
    except pdf.BadWords as fault:
        raise Hopeless(_("文书结构过于复杂，无法打印。")) from fault
    gone = pdf.lost_words(words, printed.data)
    if gone:
        raise Hopeless(_("PDF 中读不出这段文字：“%(text)s”。") % {"text": gone[0][:LONGEST_QUOTE]})
    return printed


def fingerprint() -> str:
    """What may change the bytes of a print on this machine. Raises NotYet."""
    return str(load().fingerprint())


def preload() -> None:
    """In the parent of the workers, so that each child starts with the parts in memory."""
    with suppress(NotYet):  # the children say so
        parts()


def warm_up() -> None:
    """Load and print once, so that the first paper does not wait. Only logs what lacks."""
    try:
        load()
    except NotYet as lacking:
        log.warning("notices stay queued: %s", lacking)


def _first_line(fault: BaseException) -> str:
    return str(fault).strip().partition("\n")[0] or type(fault).__name__

"""The door to the printing parts: the one place where `notices.pdf` is loaded.

The web process lives without pango and its friends, and a host without them must still start.
So nothing imports `notices.pdf` at the top of a module; `load` does it by name, in a worker or
a command, after fontconfig has been told where the faces are.
"""

import logging
from contextlib import suppress
from importlib import import_module
from types import ModuleType

from django.utils.translation import gettext as _

from jobs.registry import NotYet
from notices import faces

log = logging.getLogger(__name__)

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
INSTALL = f"apt-get install {PACKAGES}"


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
    """`notices.pdf`, with a warm printer. Raises NotYet.

    Never in a web process: the libraries are not safe beside threads.
    """
    pdf = parts()
    try:
        pdf.printer()
    except pdf.CannotPrint as fault:
        log.error("the printer does not start: %s; as root: %s", fault, INSTALL)
        raise NotYet(
            _("PDF 打印组件不完整（%(what)s），补齐后会自动打印。") % {"what": fault}
        ) from fault
    return pdf


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

"""Start-up checks: what printing needs, and the line that mends it. The web starts anyway."""

import ctypes.util
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as Complaint

from notices import faces, press

# Library -> what WeasyPrint asks the linker for. Asked without loading any of it.
_LIBRARIES = ("gobject-2.0", "pango-1.0", "pangoft2-1.0", "harfbuzz", "harfbuzz-subset")


@register(Tags.compatibility)
def printing_parts(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """notices.W001 libraries, W002 the Python package, W003 a font file that is not there."""
    found: list[CheckMessage] = []
    lacking = [name for name in _LIBRARIES if ctypes.util.find_library(name) is None]
    if lacking:
        found.append(
            Complaint(
                f"System libraries for printing are missing: {', '.join(lacking)}. "
                "Notices stay queued.",
                hint=f"As root: {press.INSTALL}",
                id="notices.W001",
            )
        )
    if find_spec("weasyprint") is None:
        found.append(
            Complaint(
                "WeasyPrint is not installed. Notices stay queued.",
                hint="pip install -r requirements/base.txt",
                id="notices.W002",
            )
        )
    gone = [name for name in faces.sums() if not (faces.FONTS / name).is_file()]
    if gone:
        found.append(
            Complaint(
                f"Document faces are missing: {', '.join(gone)}. Notices stay queued.",
                hint=f"Restore them in {faces.FONTS.name}/ and run manage.py prepare_fonts.",
                id="notices.W003",
            )
        )
    return found

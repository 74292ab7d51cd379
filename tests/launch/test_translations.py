"""Translations are compiled without gettext's programs."""

import gettext
from pathlib import Path

from launch.translations import compile_all

SOURCE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "整改"
msgstr "rectification"
"""


def test_a_po_file_becomes_readable_by_gettext(tmp_path: Path) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(SOURCE, encoding="utf-8")
    assert compile_all(tmp_path) == [folder / "django.mo"]
    assert compile_all(tmp_path) == []
    with (folder / "django.mo").open("rb") as stream:
        assert gettext.GNUTranslations(stream).gettext("整改") == "rectification"

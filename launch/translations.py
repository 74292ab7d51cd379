"""Compiles locale/*/LC_MESSAGES/*.po without gettext.

Run by the launcher, or as `python -m launch.translations`.
"""

from pathlib import Path

import polib

from launch.places import ROOT


def compile_all(folder: Path) -> list[Path]:
    """Writes a .mo beside every newer .po under `folder`; returns what was written."""
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        polib.pofile(str(source), encoding="utf-8").save_as_mofile(str(target))
        written.append(target)
    return written


if __name__ == "__main__":
    for file in compile_all(ROOT / "locale"):
        print(file.relative_to(ROOT))

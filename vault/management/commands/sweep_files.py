"""Check every stored file, and remove what a crash or a rolled-back transaction left behind.

A file without a row is removed once it is a day old: younger ones may belong to a transaction
that has not ended. A row without its file, or with other bytes than were stored, is reported and
makes the command fail.
"""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from vault import files
from vault.models import StoredFile

DAY = 24 * 3600


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--age", type=int, default=DAY, help="seconds before an orphan goes")

    def handle(self, *args: Any, **options: Any) -> None:
        damaged = []
        for stored in StoredFile.objects.iterator():
            try:
                files.read(stored)
            except files.Damaged as error:
                damaged.append(str(error))
        removed = self._sweep(Path(settings.MEDIA_ROOT), time.time() - options["age"])
        self.stdout.write(f"{removed} orphans removed.")
        if damaged:
            raise CommandError("\n".join(damaged))
        self.stdout.write("Every stored file is whole.")

    @staticmethod
    def _sweep(folder: Path, before: float) -> int:
        if not folder.is_dir():
            return 0
        known = set(StoredFile.objects.values_list("path", flat=True))
        removed = 0
        for path in folder.glob("??/*"):
            orphan = path.relative_to(folder).as_posix() not in known
            if orphan and path.is_file() and path.stat().st_mtime < before:
                path.unlink()
                removed += 1
        return removed

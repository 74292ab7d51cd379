"""`manage.py load_demo [--reset]`: six published cases and invented ones dated from today."""

from __future__ import annotations

import shutil
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from deadlines import reminders
from demo import loading


class Command(BaseCommand):
    """Adds what is missing; with --reset empties the database first."""

    help = "Load the demonstration: six published cases, and invented ones dated from today."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--reset",
            action="store_true",
            help="empty the database first; refused where a real unit or enterprise is in it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["reset"]:
            self._reset()
        call_command("load_regions", stdout=StringIO())
        now = timezone.now()
        try:
            loaded = loading.load(now)
        except loading.NotADemonstration as refused:
            raise CommandError(str(refused)) from refused
        call_command("make_demo_authority", verbosity=0)
        # The inbox has something to show before the clockwork comes round.
        reminders.sweep(today=timezone.localdate(now), at=now)
        self.stdout.write(
            f"Demonstration: {len(loaded.told)} matters loaded, {len(loaded.known)} already there."
        )
        if loaded.missing:
            self.stdout.write(
                f"The calendar of {loaded.missing} is not loaded, so no term ends after "
                f"{loaded.until}: matters that should be in term may be due or overdue already."
            )

    def _reset(self) -> None:
        """The record cannot be deleted row by row, so the tables go as a whole."""
        if settings.PRODUCTION:
            raise CommandError("--reset is for demonstrations; this is a production setting.")
        if names := loading.real_records():
            raise CommandError(
                "Nothing was deleted: real records are in this database (" + ", ".join(names) + ")."
            )
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        media = Path(settings.MEDIA_ROOT)
        if media.is_dir():
            shutil.rmtree(media)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_law", verbosity=0)

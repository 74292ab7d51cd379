"""List the open deadlines that would come out differently on today's calendars."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from deadlines import recheck, registry
from deadlines.models import Deadline

HEADER = ["deadline", "unit", "kind", "triggered", "due", "would be due", "why", "calendars"]


class Command(BaseCommand):
    """`manage.py recheck_deadlines`: looks, prints, and changes nothing."""

    help = "List open deadlines that today's calendars would date differently; changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--csv", type=Path, metavar="FILE", help="write the list there as well")
        parser.add_argument("--year", type=int, action="append", help="only terms touching it")

    def handle(self, *args: Any, **options: Any) -> None:
        found = recheck.differences(years=options["year"])
        self.stdout.write(
            f"{found.checked} open deadlines looked at, {found.provisional} rest on a provisional "
            f"calendar, {found.number} would be due on another day. Nothing was changed."
        )
        rows = [self._row(*pair) for pair in self._pairs(found)]
        for row in rows:
            self.stdout.write("  ".join(row[3:6]) + f"  {row[2]}  {row[1]}  {row[0]}")
            self.stdout.write(f"    {row[6]}  [{row[7]}]")
        if options["csv"]:
            self._write(options["csv"], rows)

    def _pairs(self, found: recheck.Found) -> Any:
        return recheck.deadlines_of(found.differences, Deadline.objects.all())

    def _row(self, deadline: Deadline, difference: recheck.Difference) -> list[str]:
        new = difference.new_due.isoformat() if difference.new_due else "-"
        return [
            str(deadline.pk),
            deadline.unit.short_name,
            registry.kind_word(deadline.kind),
            deadline.trigger_on.isoformat(),
            deadline.due_on.isoformat(),
            new,
            "; ".join(difference.why) or difference.refused,
            "; ".join(difference.editions),
        ]

    def _write(self, file: Path, rows: list[list[str]]) -> None:
        try:
            with file.open("w", encoding="utf-8-sig", newline="") as out:
                csv.writer(out).writerows([HEADER, *rows])
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
